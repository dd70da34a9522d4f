"""What is wrong with a record as read: no title, no year that makes sense, a bad identifier."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import attrs

from libconsortium.core.catalogue.records import BibRecord, RawRecord
from libconsortium.core.harvest.sources import moment_of
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem

CHECKED = frozenset({"NO_TITLE", "BAD_YEAR", "BAD_IDENTIFIER"})
"""Codes of the problems found here."""

_LATEST_WITHOUT_DATESTAMP = 2100


def latest_year(raw: RawRecord) -> int:
    """Return the latest year of publication that makes sense for a record.

    It is the year after its datestamp: a record says nothing of what was published later.

    >>> latest_year(RawRecord(source="a", identifier="1", datestamp="2026-01-31"))
    2027
    """
    return _year_after(raw.datestamp)


def with_checks(record: BibRecord, *, latest: int) -> BibRecord:
    """Return a record with the problems that its own fields show; other problems stay.

    Args:
        record: The record.
        latest: Latest year of publication that makes sense.

    >>> record = with_checks(BibRecord(source="a", identifier="1", dates=("3025",)), latest=2027)
    >>> [problem.code for problem in record.problems]
    ['NO_TITLE', 'BAD_YEAR']
    """
    if record.titles and (record.year is not None or not record.dates) and not record.problems:
        for one in record.identifiers:
            if not one.is_valid:
                break
        else:
            return record
    others = tuple(problem for problem in record.problems if problem.code not in CHECKED)
    return attrs.evolve(record, problems=(*others, *_problems(record, latest)))


@lru_cache(maxsize=10_000)
def _year_after(datestamp: str) -> int:
    moment = moment_of(datestamp)
    return moment.year + 1 if moment else _LATEST_WITHOUT_DATESTAMP


def _problems(record: BibRecord, latest: int) -> Iterator[Problem]:
    place = Place(source=record.source, record=record.identifier)
    if not record.titles:
        yield Problem(
            code="NO_TITLE",
            where=attrs.evolve(place, field="title"),
            what=Message("the record has no title"),
        )
    if record.dates and record.year is None:
        yield Problem(
            code="BAD_YEAR",
            where=attrs.evolve(place, field="date"),
            what=Message(
                "no year up to {latest} in {dates!r}", latest=latest, dates="; ".join(record.dates)
            ),
        )
    for one in record.identifiers:
        if not one.is_valid:
            yield Problem(
                code="BAD_IDENTIFIER",
                where=attrs.evolve(place, field="identifier"),
                what=Message(
                    "{value!r} is not a valid {scheme}", value=one.value, scheme=one.scheme
                ),
            )
