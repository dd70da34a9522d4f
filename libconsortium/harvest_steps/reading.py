"""Reads stored records into the record model; no network, and nothing is dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import attrs

from libconsortium.core.errors import ConsortiumError
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity
from libconsortium.core.records import BibRecord, RawRecord
from libconsortium.registry import Registry
from libconsortium.store import Store

NO_ADVICE = Message("")


@attrs.frozen(kw_only=True)
class ReadingTally:
    """What reading brought to light.

    Args:
        records: Records read.
        unmapped: Fields that no rule maps, with the number of records that have them.
        problems: Codes of problems, with how often each was found.
    """

    records: int = 0
    unmapped: dict[str, int] = attrs.field(factory=dict)
    problems: dict[str, int] = attrs.field(factory=dict)


def read_records(
    store: Store, registry: Registry, *, source: str | None = None
) -> Iterator[BibRecord]:
    """Read every live record of the store, or of one source.

    Args:
        store: Where the records are.
        registry: Finds the crosswalk of each record's namespace.
        source: Only this source; all if ``None``.
    """
    for record in store.records(source):
        yield read_record(record, registry)


def read_record(record: RawRecord, registry: Registry) -> BibRecord:
    """Read one record; one that cannot be read comes back with the problem that says why.

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
        crosswalk = registry.crosswalk_for(record.namespace)
        return crosswalk.read(record)
    except ConsortiumError as error:
        return _with_problem(record, "UNREADABLE", error.message)
    except Exception as error:  # noqa: BLE001 - a crosswalk may be someone else's code
        return _with_problem(
            record,
            "CROSSWALK_FAILED",
            Message("the crosswalk failed: {error}", error=f"{type(error).__name__}: {error}"),
            Message("tell the plugin's author"),
        )


def tally(records: Iterable[BibRecord]) -> ReadingTally:
    """Count what reading brought to light.

    >>> tally([BibRecord(source="a", identifier="1", unmapped=("dc:audience",))]).unmapped
    {'dc:audience': 1}
    """
    count, unmapped, problems = 0, Counter[str](), Counter[str]()
    for record in records:
        count += 1
        unmapped.update(record.unmapped)
        problems.update(problem.code for problem in record.problems)
    return ReadingTally(records=count, unmapped=dict(unmapped), problems=dict(problems))


def _with_problem(
    record: RawRecord, code: str, what: Message, advice: Message = NO_ADVICE
) -> BibRecord:
    problem = Problem(
        code=code,
        where=Place(source=record.source, record=record.identifier),
        what=what,
        advice=advice,
        severity=Severity.ERROR,
    )
    return BibRecord(source=record.source, identifier=record.identifier, problems=(problem,))
