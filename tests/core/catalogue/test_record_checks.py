from __future__ import annotations

from typing import Any

import pytest

from libconsortium import (
    BibRecord,
    Message,
    Place,
    Problem,
    RawRecord,
    RecordIdentifier,
    latest_year,
    with_checks,
)

OTHER = Problem(code="SEVERAL_RECORDS", where=Place(), what=Message("two"))
BAD = RecordIdentifier(scheme="isbn", value="12", is_valid=False)
GOOD = RecordIdentifier(scheme="isbn", value="9780306406157")


def record(**fields: Any) -> BibRecord:
    given: dict[str, Any] = {"titles": ("A",), **fields}
    return BibRecord(source="a", identifier="1", **given)


def codes(one: BibRecord) -> list[str]:
    return [problem.code for problem in with_checks(one, latest=2027).problems]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, []),
        ({"titles": ()}, ["NO_TITLE"]),
        ({"dates": ("3025",)}, ["BAD_YEAR"]),
        ({"dates": ("2020",), "year": 2020}, []),
        ({"identifiers": (GOOD, BAD)}, ["BAD_IDENTIFIER"]),
        ({"identifiers": (GOOD,)}, []),
        ({"problems": (OTHER,)}, ["SEVERAL_RECORDS"]),
        ({"problems": (OTHER,), "titles": ()}, ["SEVERAL_RECORDS", "NO_TITLE"]),
    ],
)
def test_what_a_record_lacks_is_a_problem(fields: dict[str, Any], found: list[str]) -> None:
    assert codes(record(**fields)) == found


def test_a_problem_that_is_solved_is_gone() -> None:
    without = with_checks(record(titles=()), latest=2027)

    assert (
        codes(BibRecord(source="a", identifier="1", titles=("A",), problems=without.problems)) == []
    )


@pytest.mark.parametrize(
    ("datestamp", "year"),
    [("2026-01-31", 2027), ("2026-01-31T08:00:00Z", 2027), ("", 2100), ("soon", 2100)],
)
def test_nothing_was_published_later_than_the_year_after_the_record(
    datestamp: str, year: int
) -> None:
    assert latest_year(RawRecord(source="a", identifier="1", datestamp=datestamp)) == year
