"""Reads stored records into the record model; no network, and nothing is dropped."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from libconsortium.contributions import Crosswalk, IdentifierScheme
from libconsortium.core.catalogue.mappings import mapped
from libconsortium.core.catalogue.record_checks import latest_year
from libconsortium.core.catalogue.records import BibRecord, RawRecord
from libconsortium.core.errors import ConsortiumError, CrosswalkError, MissingExtraError
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity
from libconsortium.reading_steps.repairing import repaired
from libconsortium.reading_steps.rules import ReadingRules, reading_rules
from libconsortium.registry import Registry
from libconsortium.store import Store

_NO_ADVICE = Message("")


def read_records(
    store: Store,
    registry: Registry,
    *,
    source: str | None = None,
    rules: Mapping[str, ReadingRules] | None = None,
    identifiers: Collection[str] | None = None,
) -> Iterator[BibRecord]:
    """Read every live record of the store, or of one source.

    Args:
        store: Where the records are.
        registry: Finds the crosswalk of each record's namespace.
        source: Only this source; all if ``None``.
        rules: How the records of each source are read; with the safe repairs if a source has none.
        identifiers: Only the source's records with these; all if ``None``.
    """
    given = rules or {}
    usual = reading_rules(registry)
    for record in store.records(source, identifiers=identifiers):
        yield read_record(record, registry, given.get(record.source, usual))


def read_record(
    record: RawRecord, registry: Registry, rules: ReadingRules | None = None
) -> BibRecord:
    """Read one record; one that cannot be read comes back with the problem that says why.

    Args:
        record: The record as stored; it is not changed.
        registry: Finds its crosswalk.
        rules: How it is read; as its format says, without repairs, if not given.

    Raises:
        MissingExtraError: Its format needs a package that is not installed.

    >>> raw = RawRecord(source="a", identifier="oai:a:1", namespace="urn:x", content=b"<x/>")
    >>> [problem.code for problem in read_record(raw, Registry(installed=())).problems]
    ['UNREADABLE']
    """
    if not record.content:
        return _with_problem(
            record,
            "NO_METADATA",
            Message("the record is not deleted, and has no metadata"),
            Message("ask the server's administrator to complete or delete it"),
        )
    try:
        crosswalk = registry.crosswalk_for(record.namespace, record.prefix)
        return _read(record, crosswalk, registry, rules or _NO_RULES)
    except MissingExtraError:
        raise
    except ConsortiumError as error:
        return _with_problem(record, "UNREADABLE", error.message)
    except Exception as error:  # noqa: BLE001 - a crosswalk may be someone else's code
        return _with_problem(
            record,
            "CROSSWALK_FAILED",
            Message("the crosswalk failed: {error}", error=f"{type(error).__name__}: {error}"),
            Message("tell the plugin's author"),
        )


_NO_RULES = ReadingRules()


def _read(
    raw: RawRecord, crosswalk: Crosswalk, registry: Registry, rules: ReadingRules
) -> BibRecord:
    record = crosswalk.read(raw)
    if rules.mapping.rules:
        if crosswalk.fields is None:
            raise CrosswalkError(
                "the crosswalk {name!r} does not say its fields; no mapping table works with it",
                name=crosswalk.name,
            )
        schemes = registry.all(IdentifierScheme)
        record = mapped(
            record,
            crosswalk.fields(raw),
            rules.mapping,
            {name: scheme.normalise for name, scheme in schemes.items()},
            latest=latest_year(raw),
        )
    return repaired(record, rules.repairs) if rules.repairs else record


def _with_problem(
    record: RawRecord, code: str, what: Message, advice: Message = _NO_ADVICE
) -> BibRecord:
    problem = Problem(
        code=code,
        where=Place(source=record.source, record=record.identifier),
        what=what,
        advice=advice,
        severity=Severity.ERROR,
    )
    return BibRecord(source=record.source, identifier=record.identifier, problems=(problem,))
