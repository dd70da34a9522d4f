"""Reads stored records into the record model; no network, and nothing is dropped."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

import attrs

from libconsortium.contributions import IdentifierScheme
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
_NAME_ITS_FIELDS = Message(
    "say in a mapping table what its fields mean; 'libconsortium records unmapped' lists them"
)


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

    >>> from libconsortium.testing import example_catalogue
    >>> with example_catalogue() as office:
    ...     _ = office.harvest()
    ...     [one.title for one in read_records(office.store, office.registry, source="an-hai")]
    ['Giải tích thực', 'Sông nước miền Tây']
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
        return _read(record, registry, rules or _NO_RULES)
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


def fields_of(raw: RawRecord, registry: Registry) -> Iterable[tuple[str, str]]:
    """Give name and text of every field of a record, under the names that a mapping table gives.

    Args:
        raw: The record as stored.
        registry: Finds its crosswalk; without one each element of its XML is a field.

    Raises:
        CrosswalkError: It cannot be taken apart.

    >>> raw = RawRecord(source="a", identifier="1", namespace="urn:x", content=b"<x><y>Z</y></x>")
    >>> list(fields_of(raw, Registry(installed=())))
    [('x y', 'Z')]
    """
    try:
        crosswalk = registry.crosswalk_for(raw.namespace, raw.prefix)
    except CrosswalkError:
        from libconsortium.files.crosswalk_parts import element_texts

        return element_texts(raw)
    if crosswalk.fields is None:
        raise CrosswalkError(
            "the crosswalk {name!r} does not say its fields; no mapping table works with it",
            name=crosswalk.name,
        )
    return crosswalk.fields(raw)


def _read(raw: RawRecord, registry: Registry, rules: ReadingRules) -> BibRecord:
    try:
        crosswalk = registry.crosswalk_for(raw.namespace, raw.prefix)
    except CrosswalkError as error:
        record = _by_table(raw, registry, rules, error.message)
    else:
        record = crosswalk.read(raw)
        if rules.mapping.rules:
            record = _mapped(record, raw, registry, rules)
    return repaired(record, rules.repairs) if rules.repairs else record


def _mapped(
    record: BibRecord, raw: RawRecord, registry: Registry, rules: ReadingRules
) -> BibRecord:
    schemes = registry.all(IdentifierScheme)
    return mapped(
        record,
        fields_of(raw, registry),
        rules.mapping,
        {name: scheme.normalise for name, scheme in schemes.items()},
        latest=latest_year(raw),
    )


def _by_table(raw: RawRecord, registry: Registry, rules: ReadingRules, why: Message) -> BibRecord:
    """Read a record of a format that no crosswalk reads: what the mapping table says of it."""
    nothing = BibRecord(source=raw.source, identifier=raw.identifier)
    try:
        names = tuple(dict.fromkeys(name for name, _ in fields_of(raw, registry)))
    except CrosswalkError:
        return _with_problem(raw, "UNREADABLE", why)
    record = _mapped(attrs.evolve(nothing, unmapped=names), raw, registry, rules)
    if attrs.evolve(record, unmapped=(), problems=()) == nothing:
        unread = _with_problem(raw, "UNREADABLE", why, _NAME_ITS_FIELDS)
        return attrs.evolve(unread, unmapped=record.unmapped)
    return record


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
