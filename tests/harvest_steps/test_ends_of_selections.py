"""Lists from a date until a date, at servers that leave out the records of one, or of both."""

from __future__ import annotations

from typing import Any

import pytest

from libconsortium import RunStatus, Store
from tests.harvest_steps.test_lists_without_totals import harvested, no_identifiers, stored, untold
from tests.hostile.early_ends import cut_after
from tests.oai_server import Reply, Repository

pytestmark = pytest.mark.slow


def numbered(numbers: range) -> set[str]:
    return {f"oai:a.example:{number}" for number in numbers}


def day(number: int) -> str:
    return f"2026-01-{number:02}"


def two_a_day(**changes: Any) -> Repository:
    """Return a repository with two records every second day: 0 and 1 on the first, of January."""
    about: dict[str, Any] = {
        "stamps": {
            number: f"{day(1 + number // 2 * 2)}T0{number % 2}:30:00Z" for number in range(30)
        }
    }
    return untold(30, **{**about, **changes})


@pytest.mark.parametrize("about", [{}, {"announces": None}, {"fault": no_identifiers}])
@pytest.mark.parametrize("left_out", [(), ("from",), ("until",), ("from", "until")])
@pytest.mark.parametrize(
    "asked",
    [
        (day(3), day(3), range(2, 4)),
        (day(3), day(4), range(2, 4)),
        (day(3), day(5), range(2, 6)),
        (day(3), day(21), range(2, 22)),
        (day(3), "", range(2, 30)),
        ("", day(21), range(22)),
        (day(4), day(20), range(4, 20)),
        (day(4), day(4), range(0)),
        (f"{day(3)}T01:30:00Z", f"{day(5)}T00:30:00Z", range(3, 5)),
    ],
)
def test_records_of_the_first_and_the_last_day_come_whatever_the_server_makes_of_these(
    store: Store, about: dict[str, Any], left_out: tuple[str, ...], asked: tuple[str, str, range]
) -> None:
    since, until, numbers = asked
    repository = two_a_day(leaves_out_ends=left_out, **about)

    outcome = harvested(repository, store, since=since, until=until)

    assert outcome.status is RunStatus.COMPLETE, str(outcome.reason)
    assert stored(store) == numbered(numbers)


@pytest.mark.parametrize("announces", [None, -1])
def test_until_that_is_taken_for_the_first_moment_of_its_day_is_found_out(
    store: Store, announces: int | None
) -> None:
    def too_early(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        if len(asked.get("until", "")) != len(day(1)):
            return reply
        return Reply(body=repository.body({**asked, "until": f"{asked['until']}T00:00:00Z"}))

    repository = two_a_day(announces=announces, fault=too_early)
    repository.stamps[20] = f"{day(21)}T00:00:00Z"

    outcome = harvested(repository, store, until=day(21))

    assert outcome.status is RunStatus.COMPLETE, str(outcome.reason)
    assert stored(store) == numbered(range(22))


def test_a_last_day_that_is_still_to_come_costs_nothing(store: Store) -> None:
    repository = two_a_day(announces=None)

    harvested(repository, store, since=day(3), until="2030-01-01")

    assert [asked["verb"] for asked in repository.asked] == 3 * ["ListRecords"]


def test_ends_of_which_records_came_cost_nothing(store: Store) -> None:
    repository = two_a_day(announces=None)

    harvested(repository, store, since=day(3), until=day(21))

    assert len(repository.asked) == 2


def test_ends_of_which_no_record_came_cost_a_request_or_two_each(store: Store) -> None:
    repository = two_a_day(announces=None)

    harvested(repository, store, since=day(4), until=day(20))

    assert [asked["verb"] for asked in repository.asked].count("ListIdentifiers") <= 4
    assert len(repository.asked) <= 2 + 4


def test_an_update_is_asked_for_no_more_at_its_own_date(store: Store) -> None:
    repository = two_a_day()
    harvested(repository, store)

    harvested(repository, store)

    assert len(repository.asked) == 1


def test_a_list_that_ends_early_as_well_names_the_days_that_are_missing(store: Store) -> None:
    repository = untold(100, leaves_out_ends=("from", "until"), fault=cut_after(7))

    outcome = harvested(repository, store, since=day(2), until=day(3))

    assert outcome.status is RunStatus.INCOMPLETE
    assert {one.window[:10] for one in outcome.missing} == {day(2), day(3)}
    assert stored(store) < numbered(range(24, 72))
