"""Servers that cause pain from one harvest to the next, and the full compare that finds it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

import attrs
import pytest

from libconsortium import (
    DeletionCause,
    HarvestOutcome,
    HarvestWatch,
    Registry,
    RunStatus,
    Store,
    compare_source,
    harvest_source,
)
from tests.hostile.faults import POISON, has, number_of, poisoned
from tests.hostile.scenarios import repository
from tests.oai_server import Reply, Repository, envelope, error, serving, source_at

pytestmark = pytest.mark.slow

REGISTRY = Registry()
Fault = Callable[[dict[str, str], int, Reply], Reply]


def clock() -> datetime:
    return datetime.now(UTC)


def no_fault(_asked: dict[str, str], _count: int, reply: Reply) -> Reply:
    return reply


def harvested(
    url: str,
    store: Store,
    *,
    seconds: float | None = 60,
    **changes: Any,
) -> HarvestOutcome:
    source = attrs.evolve(source_at(url), **changes)
    return harvest_source(source, store, REGISTRY, HarvestWatch(clock=clock, seconds=seconds))


def compared(
    url: str,
    store: Store,
    *,
    is_confirmed: bool = False,
    **changes: Any,
) -> HarvestOutcome:
    source = attrs.evolve(source_at(url), **changes)
    watch = HarvestWatch(clock=clock, seconds=60)
    return compare_source(source, store, REGISTRY, watch, is_confirmed=is_confirmed)


def gone(store: Store) -> dict[str, DeletionCause | None]:
    return {one.identifier: one.cause for one in store.records(deleted=True) if one.is_deleted}


def live(store: Store) -> set[str]:
    return {one.identifier for one in store.records()}


def codes(store: Store) -> set[str]:
    return {problem.code for problem in store.problems("harvest:a")}


# ---------------------------------------------------------------- updates


def test_24_a_datestamp_that_is_always_now_changes_nothing(store: Store) -> None:
    def now(_asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        return attrs.evolve(
            reply,
            body=re.sub(
                rb"<datestamp>[^<]*<",
                f"<datestamp>{clock():%Y-%m-%dT%H:%M:%SZ}<".encode(),
                reply.body,
            ),
        )

    with serving(repository(now, honours_dates=False)) as url:
        harvested(url, store)
        second = harvested(url, store)

    assert (second.counts.changed, second.counts.new, second.counts.unchanged) == (0, 0, 100)


def test_17_a_token_that_forgets_the_dates_of_an_update_costs_a_whole_list(store: Store) -> None:
    def forget(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        if "/" not in asked.get("resumptionToken", ""):
            return reply
        return Reply(body=server.page(asked["verb"], number_of(asked)))

    server = repository()
    with serving(server) as url:
        harvested(url, store)
        server.stamps = dict.fromkeys(range(30, 55), "2026-02-02T00:00:00Z")
        server.fault = forget

        second = harvested(url, store)

    assert second.status is RunStatus.COMPLETE
    assert second.watermark
    assert second.counts.new == second.counts.changed == 0
    assert second.counts.unchanged == 100


@pytest.mark.parametrize("status", [404, 422, 500])
def test_23_an_empty_window_answered_with_an_error_is_empty(store: Store, status: int) -> None:
    def refuse(_asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        return Reply(body=b"no", status=status) if b"noRecordsMatch" in reply.body else reply

    with serving(repository(refuse, datestamp="2026-01-01T00:00:00Z")) as url:
        harvested(url, store)
        second = harvested(url, store)

    assert second.status is RunStatus.COMPLETE
    assert second.watermark == "2026-01-31T07:59:59Z"
    assert "EMPTY_WINDOW_REFUSED" in codes(store)


def test_23_an_error_that_is_not_for_emptiness_is_no_proof(store: Store) -> None:
    with serving(repository(deleted=frozenset())) as url:
        harvested(url, store)
    broken = repository(lambda _asked, _count, _reply: Reply(body=b"no", status=500))
    with serving(broken) as url:
        second = harvested(url, store)

    assert second.status is RunStatus.INCOMPLETE
    assert second.watermark == ""
    assert len(live(store)) == 100


@pytest.mark.parametrize("stamp", ["2026-01-01", "2026-01-01T00:00:00Z"])
def test_22_a_form_of_dates_that_is_refused_is_written_otherwise(store: Store, stamp: str) -> None:
    def picky(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        is_other_form = "from" in asked and (len(asked["from"]) > 10) == (len(stamp) > 10)
        return Reply(body=error("badArgument")) if is_other_form else reply

    server = repository(picky, datestamp=stamp)
    with serving(server) as url:
        harvested(url, store)
        second = harvested(url, store)

    assert second.status is RunStatus.COMPLETE


def test_22_dates_that_are_refused_in_every_form_cost_a_whole_list(store: Store) -> None:
    def picky(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        return Reply(body=error("badArgument")) if "from" in asked else reply

    with serving(repository(picky)) as url:
        harvested(url, store)
        second = harvested(url, store)

    assert (second.status, second.counts.unchanged) == (RunStatus.COMPLETE, 100)


def test_10_an_identifier_comes_to_life_again_after_its_deletion(store: Store) -> None:
    server = repository(honours_dates=False)
    with serving(server) as url:
        harvested(url, store)
        assert gone(store).keys() == {"oai:a.example:5", "oai:a.example:55"}
        server.deleted = frozenset({55})

        second = harvested(url, store)

    assert gone(store) == {"oai:a.example:55": DeletionCause.HEADER}
    assert second.counts.changed == 1


def test_18_an_identifier_with_two_contents_keeps_the_newer(store: Store) -> None:
    def twice(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        if asked["verb"] != "ListRecords" or "resumptionToken" not in asked:
            return reply
        older = (
            repository().record(3).replace("2026-01-01T03", "2025-01-01T03").replace("Mẫu", "Cũ")
        )
        return attrs.evolve(
            reply, body=reply.body.replace(b"<ListRecords>", b"<ListRecords>" + older.encode(), 1)
        )

    with serving(repository(twice)) as url:
        outcome = harvested(url, store)

    (kept,) = [one for one in store.records() if one.identifier == "oai:a.example:3"]
    assert "Mẫu" in kept.content.decode()
    assert outcome.counts.repeated == 9


def test_a_record_in_quarantine_is_asked_for_in_every_run_until_it_is_sound(store: Store) -> None:
    server = repository(poisoned(lambda old: old.replace(b"</dc:title>", b"")))
    with serving(server) as url:
        first = harvested(url, store)
        second = harvested(url, store)
        server.fault = no_fault
        third = harvested(url, store)

    assert first.status is second.status is RunStatus.COMPLETE_WITH_QUARANTINE
    assert first.quarantined == second.quarantined == 1
    assert first.watermark
    assert third.status is RunStatus.COMPLETE
    assert f"oai:a.example:{POISON}" in live(store)
    assert store.quarantine("a") == ()


def test_the_bytes_of_a_record_in_quarantine_are_kept(store: Store) -> None:
    with serving(repository(poisoned(lambda old: old.replace(b"</dc:title>", b"<x>")))) as url:
        outcome = harvested(url, store)

    (item,) = store.quarantine("a")
    assert b"<x>" in item.content
    assert [one.identifier for one in outcome.missing] == [item.identifier]


def test_a_clock_that_goes_ahead_hides_nothing(store: Store) -> None:
    def ahead(_asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        return attrs.evolve(reply, body=reply.body.replace(b"2026-01-31T08", b"2199-01-31T08"))

    with serving(repository(ahead)) as url:
        outcome = harvested(url, store)

    assert outcome.watermark < f"{clock():%Y-%m-%dT%H:%M:%SZ}"


def test_a_time_that_is_past_is_asked_for_again_as_a_whole(store: Store) -> None:
    server = repository()
    with serving(server) as url:
        harvested(url, store, until="2026-01-02T00:00:00Z")
        server.asked.clear()
        second = harvested(url, store, until="2026-01-02T00:00:00Z")

    assert "from" not in server.asked[0]
    assert second.counts.unchanged == 25


def test_a_shorter_time_is_answered_by_what_a_longer_one_brought(store: Store) -> None:
    server = repository()
    with serving(server) as url:
        harvested(url, store)
        server.asked.clear()
        harvested(url, store, since="2026-01-02T00:00:00Z")
        assert server.asked[0]["from"] == "2026-01-31T07:59:59Z"
        server.asked.clear()
        harvested(url, store, since="")

    assert server.asked[0]["from"] == "2026-01-31T07:59:59Z"


# ---------------------------------------------------------------- no end, no patience


def test_32_an_answer_that_drips_ends_with_the_deadline(store: Store) -> None:
    def slow(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        if "resumptionToken" in asked:
            time.sleep(8)
        return reply

    with serving(repository(slow)) as url:
        outcome = harvested(url, store, seconds=1.5)

    assert outcome.status is RunStatus.INCOMPLETE
    assert "time given" in str(outcome.reason)
    assert len(live(store)) == 9
    assert outcome.missing


@pytest.mark.slow
def test_14_a_list_that_makes_up_new_tokens_for_old_records_ends(store: Store) -> None:
    made = count(1)

    def endless(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        if not asked["verb"].startswith("List"):
            return reply
        number = next(made)
        chosen = sorted({(number * 7 + step * number) % 100 for step in range(10)})
        one = repository().record if asked["verb"] == "ListRecords" else repository().header
        items = "".join(one(record) for record in chosen)
        token = f"<resumptionToken>again {number}</resumptionToken>"
        return Reply(body=envelope(f"<{asked['verb']}>{items}{token}</{asked['verb']}>"))

    with serving(repository(endless)) as url:
        outcome = harvested(url, store, seconds=40)

    assert outcome.status is RunStatus.INCOMPLETE
    assert outcome.missing


def test_27_a_wait_beyond_the_deadline_defers(store: Store) -> None:
    busy = Reply(body=b"", status=503, headers=(("Retry-After", "30"),))
    server = repository(lambda _asked, _count, _reply: busy)
    with serving(server) as url:
        outcome = harvested(url, store, seconds=5)

    assert len(server.asked) == 1
    assert outcome.status is RunStatus.DEFERRED
    assert outcome.until is not None


def test_27_a_deferred_harvest_goes_on_where_it_was(store: Store) -> None:
    later = Reply(body=b"", status=503, headers=(("Retry-After", "86400"),))
    server = repository(
        lambda asked, _count, reply: later if asked.get("resumptionToken") == "t+& 40" else reply
    )
    with serving(server) as url:
        first = harvested(url, store)
        server.fault = no_fault
        server.asked.clear()
        second = harvested(url, store)

    assert first.status is RunStatus.DEFERRED
    assert server.asked[0]["resumptionToken"] == "t+& 40"
    assert second.status is RunStatus.COMPLETE
    assert second.run == first.run


# ---------------------------------------------------------------- the full compare


def without(server: Repository, numbers: frozenset[int]) -> Fault:
    """Forget records without a tombstone, as many repositories do."""

    def forget(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        if asked["verb"] == "GetRecord":
            number = int(asked["identifier"].rpartition(":")[2])
            return Reply(body=error("idDoesNotExist")) if number in numbers else reply
        body = reply.body
        for number in numbers:
            for one in (server.record(number), server.header(number)):
                body = body.replace(one.encode(), b"")
        return attrs.evolve(
            reply, body=re.sub(rb"<resumptionToken [^>]*>", b"<resumptionToken>", body)
        )

    return forget


def test_10_a_record_dropped_without_a_tombstone_is_found(store: Store) -> None:
    server = repository()
    with serving(server) as url:
        harvested(url, store)
        server.fault = without(server, frozenset({17, 71}))

        outcome = compared(url, store)

    assert outcome.status is RunStatus.COMPLETE
    assert gone(store)["oai:a.example:17"] is DeletionCause.SWEEP
    assert gone(store)["oai:a.example:5"] is DeletionCause.HEADER
    assert "2 are gone" in str(outcome.reason)


def test_10_many_records_gone_at_once_are_not_believed_until_confirmed(store: Store) -> None:
    server = repository()
    with serving(server) as url:
        harvested(url, store)
        server.fault = without(server, frozenset(range(60, 100)))

        first = compared(url, store)
        kept = len(live(store))
        second = compared(url, store, is_confirmed=True)

    assert first.status is RunStatus.INCOMPLETE
    assert "no longer lists 40 of 98 records; nothing was deleted" in str(first.reason)
    assert kept == 98
    assert second.status is RunStatus.COMPLETE
    assert len(live(store)) == 58


def test_11_a_record_that_left_its_set_is_no_deletion_but_a_move(store: Store) -> None:
    server = repository()
    with serving(server) as url:
        harvested(url, store, set_spec="all")

        def moved(asked: dict[str, str], count: int, reply: Reply) -> Reply:
            if asked["verb"] == "GetRecord" and asked["identifier"].endswith(":17"):
                return attrs.evolve(reply, body=reply.body.replace(b">all<", b">other<"))
            return without(server, frozenset({17}))(asked, count, reply)

        server.fault = moved
        outcome = compared(url, store, set_spec="all")

    assert outcome.status is RunStatus.COMPLETE
    assert gone(store)["oai:a.example:17"] is DeletionCause.SET_MOVE


def test_a_record_the_list_forgets_and_the_server_gives_is_kept(store: Store) -> None:
    server = repository()
    with serving(server) as url:
        harvested(url, store)
        forget = without(server, frozenset({17}))
        server.fault = lambda asked, count, reply: (
            reply if asked["verb"] == "GetRecord" else forget(asked, count, reply)
        )

        outcome = compared(url, store)

    assert outcome.status is RunStatus.COMPLETE
    assert "oai:a.example:17" in live(store)
    assert "GIVEN_WITHOUT_BEING_LISTED" in codes(store)


def test_a_compare_fetches_what_the_store_has_not(store: Store) -> None:
    server = repository(size=80)
    with serving(server) as url:
        harvested(url, store)
        server.size = 100
        server.deleted = frozenset({5, 55, 60})
        server.stamps = {60: "2026-02-02T00:00:00Z"}

        outcome = compared(url, store)

    assert outcome.status is RunStatus.COMPLETE
    assert live(store) | gone(store).keys() == server.truth
    assert gone(store)["oai:a.example:60"] is DeletionCause.HEADER


def test_a_compare_fetches_what_went_back_to_an_older_datestamp(store: Store) -> None:
    server = repository()
    with serving(server) as url:
        harvested(url, store)
        server.fault = poisoned(lambda old: old.replace(b"<dc:title>", b"<dc:title>Restored "))
        server.stamps = {POISON: "2025-12-01T00:00:00Z"}

        outcome = compared(url, store)

    assert outcome.status is RunStatus.COMPLETE
    assert outcome.counts.changed == 1
    (restored,) = (one for one in store.records() if b"Restored" in one.content)
    assert restored.datestamp == "2025-12-01T00:00:00Z"


def broken(old: bytes) -> bytes:
    return old.replace(b"</dc:title>", b"")


def test_a_compare_lets_go_of_a_broken_record_that_was_withdrawn(store: Store) -> None:
    server = repository(poisoned(broken))
    with serving(server) as url:
        first = harvested(url, store)
        server.fault = without(server, frozenset({POISON}))
        second = harvested(url, store)

        third = compared(url, store)

    assert first.status is second.status is RunStatus.COMPLETE_WITH_QUARANTINE
    assert third.status is RunStatus.COMPLETE
    assert gone(store)[f"oai:a.example:{POISON}"] is DeletionCause.SWEEP


def test_a_compare_does_not_call_deleted_what_is_given_broken(store: Store) -> None:
    server = repository()
    with serving(server) as url:
        harvested(url, store)
        unlisted = without(server, frozenset({POISON}))
        server.fault = lambda asked, count, reply: (
            poisoned(broken)(asked, count, reply)
            if asked["verb"] == "GetRecord"
            else unlisted(asked, count, reply)
        )

        outcome = compared(url, store)

    assert outcome.status is RunStatus.COMPLETE_WITH_QUARANTINE
    assert f"oai:a.example:{POISON}" in live(store)


def test_a_compare_takes_a_day_for_a_moment_of_it(store: Store) -> None:
    def as_days(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        is_meant = asked["verb"] == "ListIdentifiers"
        days = re.sub(rb"T[0-9:]{8}Z</datestamp>", b"</datestamp>", reply.body)
        return attrs.evolve(reply, body=days) if is_meant else reply

    with serving(repository(as_days)) as url:
        harvested(url, store)

        outcome = compared(url, store)

    assert outcome.status is RunStatus.COMPLETE
    assert outcome.counts.records == 0


def test_a_tombstone_of_a_compare_comes_to_life_when_it_is_listed_again(store: Store) -> None:
    server = repository()
    with serving(server) as url:
        harvested(url, store)
        server.fault = without(server, frozenset({17}))
        compared(url, store)
        server.fault = no_fault

        outcome = compared(url, store)

    assert outcome.status is RunStatus.COMPLETE
    assert "oai:a.example:17" in live(store)


def test_a_list_of_identifiers_that_is_not_whole_compares_nothing(store: Store) -> None:
    server = repository()
    with serving(server) as url:
        harvested(url, store)

        def cut(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
            is_late = asked["verb"] == "ListIdentifiers" and "resumptionToken" in asked
            return Reply(body=b"<html/>") if is_late else reply

        server.fault = cut
        outcome = compared(url, store)

    assert outcome.status is RunStatus.INCOMPLETE
    assert "nothing can be compared" in str(outcome.reason)
    assert len(live(store)) == 98


def test_without_single_records_nothing_is_called_deleted(store: Store) -> None:
    server = repository()
    with serving(server) as url:
        harvested(url, store)
        forget = without(server, frozenset({17}))
        server.fault = lambda asked, count, reply: (
            Reply(body=error("badVerb"))
            if asked["verb"] == "GetRecord"
            else forget(asked, count, reply)
        )

        outcome = compared(url, store)

    assert outcome.status is RunStatus.INCOMPLETE
    assert [one.identifier for one in outcome.missing] == ["oai:a.example:17"]
    assert "oai:a.example:17" in live(store)


def test_poison_is_where_it_is_said_to_be() -> None:
    assert has(Reply(body=repository().page("ListRecords", 30)), POISON)
