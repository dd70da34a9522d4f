"""Lists whose server tells no total: what a second look costs, and what it must find."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from libconsortium import HarvestOutcome, HarvestWatch, Registry, RunStatus, Store, harvest_source
from tests.hostile.early_ends import ORDERS, cut_after
from tests.hostile.faults import Fault
from tests.oai_server import Reply, Repository, error, source_at
from tests.virtual_server import serving_at_once

pytestmark = pytest.mark.slow

REGISTRY = Registry()
NEW = "2026-01-31T08:00:01Z"
"""Later than the lists of the servers here begin."""


def untold(size: int, **changes: Any) -> Repository:
    """Return an honest repository that tells no total, its records an hour apart, ten a page."""
    about: dict[str, Any] = {"page_size": 10, "announces": -1, "spread": True}
    return Repository(size=size, honours_dates=True, **{**about, **changes})


def harvested(repository: Repository, store: Store, **source: Any) -> HarvestOutcome:
    repository.asked.clear()
    with serving_at_once(repository) as url:
        at = attrs.evolve(source_at(url), retry_seconds=0.001, **source)
        watch = HarvestWatch(clock=lambda: datetime.now(UTC), seconds=60)
        return harvest_source(at, store, REGISTRY, watch)


def no_identifiers(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
    return Reply(body=error("badVerb")) if asked["verb"] == "ListIdentifiers" else reply


def stored(store: Store) -> set[str]:
    return {one.identifier for one in store.records(deleted=True)}


# ---------------------------------------------------------------- what it costs


@pytest.mark.parametrize("order", ["spread", "mixed", "days", "one datestamp"])
@pytest.mark.parametrize(("size", "pages"), [(9, 1), (10, 1), (30, 3), (600, 60)])
def test_an_honest_list_costs_five_requests_more_than_both_its_lists(
    store: Store, size: int, pages: int, order: str
) -> None:
    changes: dict[str, dict[str, Any]] = {
        "spread": {},
        "mixed": {"stamps": {n: f"2026-01-{1 + n * 7 % 29:02}T00:00:00Z" for n in range(size)}},
        "days": {"datestamp": "2026-01-01"},
        "one datestamp": {"spread": False},
    }
    repository = untold(size, **changes[order])

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.COMPLETE
    assert "no number announced" in str(outcome.reason)
    verbs = [asked["verb"] for asked in repository.asked]
    assert verbs.count("ListRecords") == pages
    assert verbs.count("ListIdentifiers") <= pages + 5
    assert outcome.counts.duplicates == 0


def test_an_honest_list_whose_identifiers_are_refused_costs_seven_requests_more(
    store: Store,
) -> None:
    repository = untold(600, fault=no_identifiers)

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.COMPLETE
    assert len(repository.asked) <= 60 + 7
    assert outcome.counts.duplicates == 0


def test_a_long_list_costs_five_requests_more(store: Store) -> None:
    repository = untold(5_200, page_size=400)

    assert harvested(repository, store).status is RunStatus.COMPLETE
    assert len(repository.asked) <= 13 + 5


def test_an_update_of_one_page_costs_one_request(store: Store) -> None:
    repository = untold(30)
    harvested(repository, store)
    repository.stamps = dict.fromkeys(range(3), NEW)

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.COMPLETE
    assert len(repository.asked) == 1


@pytest.mark.parametrize(("new", "requests"), [(24, 1), (25, 6), (60, None)])
def test_a_page_of_changes_as_full_as_pages_were_before_is_looked_at_twice(
    store: Store, new: int, requests: int | None
) -> None:
    repository = untold(100, page_size=25)
    harvested(repository, store)
    repository.size = 100 + new
    repository.stamps = {n: f"2026-01-31T08:{n - 100:02}:01Z" for n in range(100, 100 + new)}

    def forgetful(asked: dict[str, str], count: int, reply: Reply) -> Reply:
        body = reply.body.replace(b"T08:00:00Z</resp", b"T09:00:00Z</resp")
        return cut_after(25)(asked, count, attrs.evolve(reply, body=body))

    repository.fault = forgetful

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.COMPLETE, str(outcome.reason)
    assert stored(store) == repository.truth
    assert requests is None or len(repository.asked) <= requests


def test_a_list_from_a_date_is_no_update(store: Store) -> None:
    repository = untold(100, fault=cut_after(7))

    outcome = harvested(repository, store, since="2026-01-02T00:00:00Z")

    assert outcome.status is RunStatus.COMPLETE
    assert len(stored(store)) == 76


# ---------------------------------------------------------------- what is no loss


@pytest.mark.parametrize("fault", [None, no_identifiers])
@pytest.mark.parametrize("size", [9, 100])
def test_what_is_new_since_the_list_began_is_fetched_and_no_sign_of_loss(
    store: Store, size: int, fault: Fault | None
) -> None:
    repository = untold(size)

    def grow(asked: dict[str, str], count: int, _reply: Reply) -> Reply:
        if asked["verb"] == "ListRecords" and len(repository.asked) == -(-size // 10):
            repository.stamps = {size: NEW}
            reply = Reply(body=repository.body(asked))
            repository.size = size + 1
            return reply
        reply = Reply(body=repository.body(asked))
        return fault(asked, count, reply) if fault else reply

    repository.fault = grow

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.COMPLETE
    assert "no number announced" in str(outcome.reason)
    assert stored(store) == repository.truth
    assert len(repository.asked) <= 2 * -(-size // 10) + 8


def test_a_broken_record_at_the_end_is_no_sign_of_loss(store: Store) -> None:
    def broken(_asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        old = "tập 5298<".encode()
        return attrs.evolve(reply, body=reply.body.replace(old, b"\xe1<x>"))

    repository = untold(5_300, page_size=400, fault=broken)

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.COMPLETE_WITH_QUARANTINE
    assert len(repository.asked) <= 14 + 5 + 1


def test_tombstones_that_only_identifiers_tell_of_are_no_sign_of_loss(store: Store) -> None:
    gone = frozenset({0, 5_298, 5_299})
    repository = untold(5_300, page_size=400, deleted=gone, leaves_out=gone)

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.COMPLETE
    assert "no number announced" in str(outcome.reason)


# ---------------------------------------------------------------- what is found


@pytest.mark.parametrize("order", ORDERS)
def test_a_long_list_that_ends_too_early_is_found_out_whatever_its_order(
    store: Store, order: str
) -> None:
    stamps = {
        number + 100 * hundred: f"{2020 + (hundred if 'newest' not in order else -hundred) % 6}"
        f"{stamp[4:]}"
        for hundred in range(60)
        for number, stamp in ORDERS[order].items()
    }
    repository = untold(6_000, page_size=500, stamps=stamps, fault=cut_after(5_400))

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.COMPLETE, str(outcome.reason)
    assert stored(store) == repository.truth


def test_a_server_that_wants_days_or_seconds_in_both_dates_is_asked_so(store: Store) -> None:
    def picky(asked: dict[str, str], count: int, reply: Reply) -> Reply:
        if len(asked.get("from", "")) != len(asked.get("until", asked.get("from", ""))):
            return Reply(body=error("badArgument"))
        return cut_after(7)(asked, count, reply)

    repository = untold(100, fault=picky)

    outcome = harvested(repository, store, since="2026-01-02")

    assert outcome.status is RunStatus.COMPLETE, str(outcome.reason)
    assert len(stored(store)) == 76


def test_a_server_that_wants_both_dates_is_not_taken_for_one_asked_for_changes(
    store: Store,
) -> None:
    def picky(asked: dict[str, str], count: int, reply: Reply) -> Reply:
        if "until" in asked and "from" not in asked:
            return Reply(body=error("badArgument"))
        return cut_after(7)(asked, count, reply)

    outcome = harvested(untold(100, fault=picky), store, until="2026-01-02T23:00:00Z")

    assert outcome.status is RunStatus.COMPLETE, str(outcome.reason)
    assert len(stored(store)) == 48


def test_a_server_known_to_end_lists_early_is_not_believed_in_the_next_harvest(
    store: Store,
) -> None:
    repository = untold(100, fault=cut_after(7))
    harvested(repository, store)
    assert "LISTS_END_EARLY" in {one.code for one in store.problems("harvest:a")}
    repository.size = 120
    repository.stamps = {n: f"2026-01-31T08:{n - 100:02}:00Z" for n in range(100, 120)}
    cut = repository.fault
    repository.fault = lambda asked, count, reply: attrs.evolve(
        cut(asked, count, reply), body=cut(asked, count, reply).body.replace(b"T08:00", b"T09:00")
    )

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.COMPLETE, str(outcome.reason)
    assert stored(store) == repository.truth


@pytest.mark.parametrize("fault", [None, no_identifiers])
@pytest.mark.parametrize(
    ("most", "new_and_seconds", "status"),
    [
        (7, (6, 1), RunStatus.COMPLETE),
        (7, (9, 1), RunStatus.INCOMPLETE),
        (7, (9, 2), RunStatus.COMPLETE),
        (10, (40, 1), RunStatus.INCOMPLETE),
        (10, (40, 2), RunStatus.INCOMPLETE),
        (10, (40, 40), RunStatus.COMPLETE),
        (57, (60, 1), RunStatus.INCOMPLETE),
        (57, (60, 2), RunStatus.COMPLETE),
    ],
)
def test_what_is_new_is_brought_by_dates_where_lists_are_known_to_end_early_or_told_as_missing(
    store: Store,
    most: int,
    new_and_seconds: tuple[int, int],
    status: RunStatus,
    fault: Fault | None,
) -> None:
    new, seconds = new_and_seconds
    cut = cut_after(most, *([fault] if fault else []))
    repository = untold(100, fault=cut)
    harvested(repository, store)
    repository.size = 100 + new
    repository.stamps = {n: f"2026-01-31T08:30:{n % seconds:02}Z" for n in range(100, 100 + new)}

    def an_hour_later(asked: dict[str, str], count: int, reply: Reply) -> Reply:
        reply = cut(asked, count, reply)
        return attrs.evolve(
            reply, body=reply.body.replace(b"T08:00:00Z</resp", b"T09:00:00Z</resp")
        )

    repository.fault = an_hour_later

    outcome = harvested(repository, store)

    assert outcome.status is status, str(outcome.reason)
    assert (stored(store) == repository.truth) is (status is RunStatus.COMPLETE)
    assert {one.window for one in outcome.missing} == {
        f"2026-01-31T08:30:{second:02}Z/2026-01-31T08:30:{second:02}Z"
        for second in range(seconds)
        if status is RunStatus.INCOMPLETE
    }


def test_a_server_whose_lists_ended_early_once_is_believed_a_short_page(store: Store) -> None:
    repository = untold(100, fault=cut_after(57))
    harvested(repository, store)
    repository.stamps = {n: f"2026-01-31T08:00:0{n}Z" for n in range(3)}

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.COMPLETE
    assert len(repository.asked) <= 6


def test_what_an_incomplete_harvest_found_does_not_make_the_next_one_complete(
    store: Store,
) -> None:
    def refuse(asked: dict[str, str], count: int, reply: Reply) -> Reply:
        return cut_after(7, no_identifiers)(asked, count, reply)

    repository = untold(30, fault=refuse, datestamp="2026-01-01", stamps={29: "2026-01-02"})
    repository.stamps |= dict.fromkeys(range(20), "2026-01-01")

    first = harvested(repository, store)
    second = harvested(repository, store)

    assert first.status is second.status is RunStatus.INCOMPLETE
    assert second.missing
