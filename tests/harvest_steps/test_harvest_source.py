from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import attrs
import pytest

from libconsortium import (
    HarvestDeferredError,
    Harvester,
    HarvestOutcome,
    HarvestPage,
    HarvestProgress,
    HarvestRequest,
    HarvestRun,
    HarvestSource,
    HarvestWatch,
    Message,
    Place,
    Problem,
    RawRecord,
    Registry,
    RunStatus,
    Store,
    StoreError,
    harvest_all,
    harvest_source,
    hookimpl,
)
from tests.oai_server import Reply, Repository, envelope, error, serving, source_at

Fault = Callable[[dict[str, str], int, Reply], Reply]
REGISTRY = Registry()


def clock() -> datetime:
    return datetime.now(UTC)


def harvested(
    repository: Repository, store: Store, stop: threading.Event | None = None
) -> HarvestOutcome:
    with serving(repository) as url:
        source = attrs.evolve(source_at("http://x.example/oai"), url=url)
        return harvest_at(source, store, stop)


def harvest_at(
    source: HarvestSource, store: Store, stop: threading.Event | None = None
) -> HarvestOutcome:
    return harvest_source(
        source, store, REGISTRY, HarvestWatch(clock=clock, stop=stop or threading.Event())
    )


def live(store: Store) -> set[str]:
    return {record.identifier for record in store.records()}


def gone(store: Store) -> set[str]:
    return {record.identifier for record in store.records(deleted=True) if record.is_deleted}


def codes(store: Store) -> list[str]:
    return [problem.code for problem in store.problems("harvest:a")]


# ---------------------------------------------------------------- the whole list


def test_a_whole_list_is_complete_with_its_proof(store: Store) -> None:
    repository = Repository(size=10, deleted=frozenset({3, 7}))

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.COMPLETE
    assert str(outcome.reason) == (
        "the last page closes the list; 10 records received, 10 announced"
    )
    assert live(store) | gone(store) == repository.truth
    assert gone(store) == {"oai:a.example:3", "oai:a.example:7"}


def test_a_complete_harvest_moves_the_watermark_to_just_before_its_first_page(
    store: Store,
) -> None:
    outcome = harvested(Repository(), store)

    assert outcome.watermark == "2026-01-31T07:59:59Z"


def test_a_server_that_counts_in_days_is_asked_in_days(store: Store) -> None:
    outcome = harvested(Repository(datestamp="2026-01-01"), store)

    assert outcome.watermark == "2026-01-30"


def test_the_next_harvest_asks_for_what_is_new_since(store: Store) -> None:
    repository = Repository(size=3)
    with serving(repository) as url:
        harvest_at(source_at(url), store)
        repository.asked.clear()

        outcome = harvest_at(source_at(url), store)

    assert repository.asked[0]["from"] == "2026-01-31T07:59:59Z"
    assert (outcome.counts.unchanged, outcome.counts.new) == (3, 0)


@pytest.mark.parametrize("change", ["url", "prefix", "set_spec"])
def test_another_list_is_asked_for_from_its_beginning(store: Store, change: str) -> None:
    repository = Repository(size=3)
    with serving(repository) as url:
        harvest_at(source_at(url), store)
        repository.asked.clear()
        changed: dict[str, Any] = {change: f"{url}/other" if change == "url" else "other"}

        harvest_at(attrs.evolve(source_at(url), **changed), store)

    assert "from" not in repository.asked[0]


def test_an_empty_update_is_complete_and_moves_the_watermark(store: Store) -> None:
    repository = Repository(size=3)
    with serving(repository) as url:
        harvest_at(source_at(url), store)
        repository.fault = lambda _asked, _count, _reply: Reply(
            body=error("noRecordsMatch").replace(b"2026-01-31T", b"2026-02-01T")
        )

        outcome = harvest_at(source_at(url), store)

    assert (outcome.status, outcome.watermark) == (RunStatus.COMPLETE, "2026-02-01T07:59:59Z")


def test_a_server_that_says_more_than_it_announced_is_complete(store: Store) -> None:
    repository = Repository(size=10, announces=6)

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.COMPLETE
    assert live(store) == repository.truth


def test_a_server_that_announces_nothing_is_complete(store: Store) -> None:
    outcome = harvested(Repository(size=10, announces=-1), store)

    assert outcome.status is RunStatus.COMPLETE
    assert "no number announced" in str(outcome.reason)


def test_progress_tells_pages_records_and_what_is_expected(store: Store) -> None:
    told: list[HarvestProgress] = []
    with serving(Repository(size=10)) as url:
        harvest_source(
            source_at(url), store, REGISTRY, HarvestWatch(clock=clock, on_progress=told.append)
        )

    assert [(one.pages, one.records, one.expected) for one in told] == [
        (1, 4, 10),
        (2, 8, 10),
        (3, 10, 10),
    ]
    assert told[-1].rate > 0


# ---------------------------------------------------------------- doubt, and the second proof


def test_a_total_that_is_too_high_is_proven_wrong(store: Store) -> None:
    outcome = harvested(Repository(size=10, announces=12), store)

    assert outcome.status is RunStatus.COMPLETE
    assert str(outcome.reason).startswith("all 10 identifiers that the server lists are accounted")
    assert str(outcome.reason).endswith("no proof: the server announced 12 records and gave 10")


def test_records_that_the_list_left_out_are_fetched_singly(store: Store) -> None:
    repository = Repository(size=10, leaves_out=frozenset({2, 9}))

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.COMPLETE
    assert live(store) == repository.truth
    assert "2 single records were fetched" in str(outcome.reason)


def test_tombstones_that_the_list_left_out_are_found_in_the_identifiers(store: Store) -> None:
    deleted = frozenset({2, 9})
    repository = Repository(size=10, leaves_out=deleted, deleted=deleted)

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.COMPLETE
    assert live(store) | gone(store) == repository.truth
    assert gone(store) == {"oai:a.example:2", "oai:a.example:9"}


def test_an_identifier_without_a_record_is_kept_as_deleted_with_the_reason(store: Store) -> None:
    def nothing(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        empty = Reply(body=envelope("<GetRecord/>"))
        return empty if asked["verb"] == "GetRecord" else reply

    repository = Repository(size=10, leaves_out=frozenset({5}), fault=nothing)

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.COMPLETE
    assert gone(store) == {"oai:a.example:5"}
    assert codes(store) == ["LISTED_WITHOUT_RECORD"]


def test_a_record_found_deleted_is_not_asked_for_again(store: Store) -> None:
    def nothing(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        empty = Reply(body=envelope("<GetRecord/>"))
        return empty if asked["verb"] == "GetRecord" else reply

    repository = Repository(size=10, leaves_out=frozenset({5}), fault=nothing)
    with serving(repository) as url:
        harvest_at(source_at(url), store)
        repository.asked.clear()

        outcome = harvest_at(source_at(url), store)

    assert outcome.status is RunStatus.COMPLETE
    assert [asked for asked in repository.asked if asked["verb"] == "GetRecord"] == []


def test_a_deletion_that_later_lists_leave_out_is_found(store: Store) -> None:
    repository = Repository(size=10)
    with serving(repository) as url:
        harvest_at(source_at(url), store)
        repository.deleted = repository.leaves_out = frozenset({5})
        repository.stamps[5] = "2026-02-01T00:00:00Z"

        outcome = harvest_at(source_at(url), store)

    assert outcome.status is RunStatus.COMPLETE
    assert gone(store) == {"oai:a.example:5"}


def test_a_change_that_later_lists_leave_out_is_fetched(store: Store) -> None:
    repository = Repository(size=10)
    with serving(repository) as url:
        harvest_at(source_at(url), store)
        repository.leaves_out = frozenset({5})
        repository.stamps[5] = "2026-02-01T00:00:00Z"

        harvest_at(source_at(url), store)

    stamps = {record.identifier: record.datestamp for record in store.records()}
    assert stamps["oai:a.example:5"] == "2026-02-01T00:00:00Z"


def test_many_identifiers_without_records_are_missing_not_deleted(store: Store) -> None:
    def nothing(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        empty = Reply(body=error("idDoesNotExist"))
        return empty if asked["verb"] == "GetRecord" else reply

    lost = frozenset(range(20, 40))
    repository = Repository(size=40, leaves_out=lost, fault=nothing)

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.INCOMPLETE
    assert live(store) | {one.identifier for one in outcome.missing} == repository.truth
    assert "20 of the 40 records it lists are missing" in str(outcome.reason)


def test_a_doubt_that_cannot_be_settled_is_incomplete(store: Store) -> None:
    def refuse(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        wrong = Reply(body=error("badVerb"))
        return wrong if asked["verb"] == "ListIdentifiers" else reply

    outcome = harvested(Repository(size=10, announces=12, fault=refuse), store)

    assert outcome.status is RunStatus.INCOMPLETE
    assert "announced 12 records and gave 10" in str(outcome.reason)
    assert all(one.window for one in outcome.missing)
    assert "list of identifiers cannot settle it" in str(outcome.missing[0].reason)
    assert outcome.watermark == ""


def extra_token(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
    """Give a token on the last page too, and nothing for it, as many servers do."""
    token = asked.get("resumptionToken")
    if token == "t+& 8":
        return Reply(body=re.sub(rb"></resumptionToken>", b">end</resumptionToken>", reply.body))
    return Reply(body=error("noRecordsMatch")) if token == "end" else reply


@pytest.mark.parametrize("announces", [10, -1])
def test_a_last_token_that_leads_to_nothing_is_no_loss(store: Store, announces: int) -> None:
    repository = Repository(size=10, announces=announces, fault=extra_token)

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.COMPLETE
    assert live(store) == repository.truth


def test_without_a_total_a_token_that_leads_to_nothing_is_checked(store: Store) -> None:
    repository = Repository(size=10, announces=-1, fault=extra_token)

    harvested(repository, store)

    assert {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"} in repository.asked


def test_identifiers_that_end_too_early_prove_nothing(store: Store) -> None:
    def early(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        is_later = asked["verb"] == "ListIdentifiers" and "resumptionToken" in asked
        return Reply(body=error("noRecordsMatch")) if is_later else reply

    repository = Repository(size=10, leaves_out=frozenset({9}), fault=early)

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.INCOMPLETE
    assert "announced 10 records and gave 9" in str(outcome.reason)
    assert outcome.missing
    assert all(one.window for one in outcome.missing)


def test_a_first_list_that_is_empty_is_checked(store: Store) -> None:
    def nothing(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        return Reply(body=error("noRecordsMatch")) if asked["verb"] == "ListRecords" else reply

    repository = Repository(size=5, fault=nothing)

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.COMPLETE
    assert live(store) == repository.truth


def test_a_source_with_nothing_in_it_is_asked_for_everything_again(store: Store) -> None:
    repository = Repository(
        fault=lambda _asked, _count, _reply: Reply(body=error("noRecordsMatch"))
    )

    outcome = harvested(repository, store)

    assert (outcome.status, outcome.watermark) == (RunStatus.COMPLETE, "")


def test_what_was_announced_is_remembered_when_a_harvest_goes_on(store: Store) -> None:
    def without_token(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        if asked["verb"] == "ListRecords" and "resumptionToken" in asked:
            return Reply(body=re.sub(rb"<resumptionToken.*?</resumptionToken>", b"", reply.body))
        return reply

    stop = threading.Event()
    stop.set()
    repository = Repository(size=10, fault=without_token)
    with serving(repository) as url:
        harvest_at(source_at(url), store, stop)

        outcome = harvest_at(source_at(url), store)

    assert outcome.status is RunStatus.COMPLETE
    assert live(store) == repository.truth
    assert "2 single records were fetched" in str(outcome.reason)


def test_a_token_that_leads_to_nothing_too_early_loses_nothing(store: Store) -> None:
    def early(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        is_list = asked["verb"] == "ListRecords" and "resumptionToken" in asked
        return Reply(body=error("noRecordsMatch")) if is_list else reply

    repository = Repository(size=10, announces=-1, fault=early)

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.COMPLETE
    assert live(store) == repository.truth


def test_a_cursor_that_skips_records_is_checked(store: Store) -> None:
    def only_cursor(_asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        return Reply(body=reply.body.replace(b' completeListSize="10"', b""))

    repository = Repository(size=10, leaves_out=frozenset({1}), fault=only_cursor)

    outcome = harvested(repository, store)

    assert "cursor skipped records" in str(outcome.reason)
    assert live(store) == repository.truth


def test_a_record_without_identifier_quarantines(store: Store) -> None:
    def nameless(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        return Reply(body=reply.body.replace(b"<identifier>oai:a.example:2</identifier>", b""))

    outcome = harvested(Repository(size=3, fault=nameless), store)

    assert outcome.status is RunStatus.COMPLETE_WITH_QUARANTINE
    assert "1 records came broken" in str(outcome.reason)
    assert codes(store) == ["RECORD_WITHOUT_IDENTIFIER"]


def test_a_list_that_is_empty_all_at_once_is_not_believed(store: Store) -> None:
    repository = Repository(size=3)
    with serving(repository) as url:
        harvest_at(source_at(url), store)
        repository.fault = lambda _asked, _count, _reply: Reply(body=error("noRecordsMatch"))

        outcome = harvest_at(attrs.evolve(source_at(url), set_spec="other"), store)

    assert outcome.status is RunStatus.INCOMPLETE
    assert "lists nothing now, and 3 records of it are stored" in str(outcome.reason)


# ---------------------------------------------------------------- recovery


def on_token(body: bytes, token: str, *, times: int | None = None) -> Fault:
    def fault(asked: dict[str, str], count: int, reply: Reply) -> Reply:
        is_meant = asked.get("resumptionToken") == token and asked["verb"] == "ListRecords"
        return Reply(body=body) if is_meant and (times is None or count <= times) else reply

    return fault


def test_an_expired_token_begins_the_list_again_without_doubles(store: Store) -> None:
    fault = on_token(error("badResumptionToken"), "t+& 8", times=1)
    repository = Repository(size=10, fault=fault)

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.COMPLETE
    assert live(store) == repository.truth
    assert (outcome.counts.new, outcome.counts.duplicates) == (10, 8)
    assert codes(store) == ["LIST_BEGUN_AGAIN"]


def test_what_a_dead_token_led_to_is_fetched_in_other_ways(store: Store) -> None:
    fault = on_token(error("badResumptionToken"), "t+& 8")
    repository = Repository(size=10, fault=fault)

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.COMPLETE
    assert "no longer knows its resumption token" in str(outcome.reason)
    assert live(store) == repository.truth


def test_a_list_in_a_circle_is_incomplete(store: Store) -> None:
    def circle(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        if "resumptionToken" not in asked:
            return reply
        return Reply(body=repository.page("ListRecords", 0))

    repository = Repository(size=10, fault=circle)

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.INCOMPLETE
    assert "goes in a circle" in str(outcome.reason)


def test_a_list_in_a_circle_is_divided_where_its_records_lie(store: Store) -> None:
    def circle(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        is_list, is_end = b"<List" in reply.body, b'cursor="16"' in reply.body
        if not (is_list and is_end):
            return reply
        first = re.sub(rb">[^<]*</resumptionToken>", rb">t+&amp; 4</resumptionToken>", reply.body)
        return attrs.evolve(reply, body=first)

    repository = Repository(size=20, spread=True, honours_dates=True, fault=circle)

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.COMPLETE, str(outcome.reason)
    assert live(store) == repository.truth
    assert len(repository.asked) < 60


def test_a_page_that_both_lists_leave_out_is_missed(store: Store) -> None:
    def skipping(_asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        return attrs.evolve(reply, body=reply.body.replace(b">t+&amp; 4<", b">t+&amp; 8<"))

    repository = Repository(size=18, spread=True, honours_dates=True, fault=skipping)

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.COMPLETE, str(outcome.reason)
    assert live(store) == repository.truth


def test_without_single_records_a_poisoned_one_costs_one(store: Store) -> None:
    def no_single_ones(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        is_poisoned = asked["verb"] == "ListRecords" and "tập 9<".encode() in reply.body
        if is_poisoned:
            return Reply(body=b"", status=500)
        return Reply(body=error("badVerb")) if asked["verb"] == "GetRecord" else reply

    repository = Repository(size=18, spread=True, honours_dates=True, fault=no_single_ones)

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.INCOMPLETE
    assert [one.identifier for one in outcome.missing] == ["oai:a.example:9"]
    assert live(store) == repository.truth - {"oai:a.example:9"}


def test_a_second_look_that_is_stopped_begins_again(store: Store) -> None:
    stop = threading.Event()

    def shortened(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        if asked["verb"] == "ListIdentifiers":
            stop.set()
        if asked["verb"] != "ListRecords" or "resumptionToken" not in asked:
            return reply
        return attrs.evolve(reply, body=re.sub(rb"<record>.*?</record>", b"", reply.body, count=1))

    repository = Repository(size=10, announces=-1, fault=shortened)
    with serving(repository) as url:
        first = harvest_at(source_at(url), store, stop)
        second = harvest_at(source_at(url), store)

    assert first.status is RunStatus.INTERRUPTED
    assert second.status is RunStatus.COMPLETE, str(second.reason)
    assert live(store) == repository.truth


def test_a_web_page_in_the_middle_costs_nothing_and_is_kept(store: Store) -> None:
    html = b"<html><body>B\xe1\xba\xa3o tr\xc3\xac</body></html>"

    repository = Repository(size=10, fault=on_token(html, "t+& 4"))

    outcome = harvested(repository, store)

    assert outcome.status is RunStatus.COMPLETE
    assert live(store) == repository.truth
    assert "page 2: the answer is a web page" in str(outcome.reason)
    assert f"for the address of its OAI-PMH ({len(html)} bytes came)" in str(outcome.reason)
    assert [page.body for page in store.pages(outcome.run)][1] == html
    (problem,) = store.problems("harvest:a")
    assert problem.code == "PAGE_REFUSED"
    assert "why http://127.0.0.1" in str(problem.advice)


def broken_after_the_first_page(asked: dict[str, str], count: int, reply: Reply) -> Reply:
    is_first = asked == {"verb": "ListRecords", "metadataPrefix": "oai_dc"} and count == 1
    return reply if is_first else Reply(body=b"<html/>")


class _Overtaken:
    """A store in which another program ends a run just before this one takes it up."""

    def __init__(self, store: Store, source: HarvestSource) -> None:
        self._store, self._source = store, source

    def resume_run(self, number: int, *, started: datetime) -> HarvestRun:
        assert harvest_at(self._source, self._store).status is RunStatus.COMPLETE
        return self._store.resume_run(number, started=started)

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


def test_a_run_that_another_program_ends_meanwhile_is_followed_by_a_new_one(store: Store) -> None:
    repository = Repository(size=10, fault=broken_after_the_first_page)
    with serving(repository) as url:
        source = source_at(url)
        first = harvest_at(source, store)
        assert first.status is RunStatus.INCOMPLETE
        repository.fault = lambda _asked, _count, reply: reply

        outcome = harvest_at(source, cast("Store", _Overtaken(store, source)))

    assert outcome.status is RunStatus.COMPLETE
    assert outcome.run != first.run
    assert outcome.counts.new == 0
    assert live(store) == repository.truth


def test_an_incomplete_harvest_goes_on_where_it_was_cut_off(store: Store) -> None:
    repository = Repository(size=10, fault=broken_after_the_first_page)
    with serving(repository) as url:
        first = harvest_at(source_at(url), store)
        assert first.status is RunStatus.INCOMPLETE
        assert [one.page for one in first.missing] == [2]
        assert first.watermark == ""
        repository.asked.clear()
        repository.fault = lambda _asked, _count, reply: reply

        outcome = harvest_at(source_at(url), store)

    assert outcome.status is RunStatus.COMPLETE
    assert outcome.run == first.run
    assert repository.asked[0] == {"verb": "ListRecords", "resumptionToken": "t+& 4"}
    assert live(store) == repository.truth
    assert outcome.counts.duplicates == 0
    assert outcome.watermark == "2026-01-31T07:59:59Z"


@pytest.mark.parametrize(
    ("stale", "times"),
    [(error("badResumptionToken"), 1), (b"<html/>", 3), (b"", 3)],
    ids=["error", "web page", "nothing"],
)
def test_a_token_that_died_between_two_parts_begins_the_list_again(
    store: Store, stale: bytes, times: int
) -> None:
    repository = Repository(size=10, fault=broken_after_the_first_page)
    with serving(repository) as url:
        harvest_at(source_at(url), store)
        repository.asked.clear()
        repository.fault = on_token(stale, "t+& 4", times=times)

        outcome = harvest_at(source_at(url), store)

    assert outcome.status is RunStatus.COMPLETE
    assert live(store) == repository.truth


def test_a_short_wait_the_server_asks_for_is_waited(store: Store) -> None:
    def busy(asked: dict[str, str], count: int, reply: Reply) -> Reply:
        if "resumptionToken" in asked and count == 1:
            return Reply(body=b"", status=503, headers=(("Retry-After", "0"),))
        return reply

    repository = Repository(size=10, fault=busy)

    assert harvested(repository, store).status is RunStatus.COMPLETE
    assert live(store) == repository.truth


def test_a_long_wait_the_server_asks_for_defers(store: Store) -> None:
    def busy(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        if "resumptionToken" in asked:
            return Reply(body=b"", status=429, headers=(("Retry-After", "86400"),))
        return reply

    outcome = harvested(Repository(size=10, fault=busy), store)

    assert outcome.status is RunStatus.DEFERRED
    assert outcome.until is not None
    assert timedelta(hours=23) < outcome.until - clock() <= timedelta(hours=24)
    assert len(live(store)) == 4


def test_a_server_that_always_asks_to_wait_defers_in_the_end(store: Store) -> None:
    asked: list[HarvestRequest] = []

    class Busy:
        @hookimpl
        def consortium_harvesters(self) -> Iterator[Harvester]:
            yield Harvester(name="busy", harvest=self.harvest)

        def harvest(self, request: HarvestRequest) -> Iterator[HarvestPage]:
            asked.append(request)
            raise HarvestDeferredError("later, {until}", until=clock())

    registry = Registry(plugins={"busy": Busy()})
    source = attrs.evolve(source_at("http://x.example/oai"), harvester="busy")

    outcome = harvest_source(source, store, registry, HarvestWatch(clock=clock))

    assert outcome.status is RunStatus.DEFERRED
    assert 1 < len(asked) < 50


def test_a_server_that_falls_silent_is_incomplete_and_keeps_what_came(store: Store) -> None:
    def fall_silent(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        return attrs.evolve(reply, cut=10) if "resumptionToken" in asked else reply

    outcome = harvested(Repository(size=10, fault=fall_silent), store)

    assert outcome.status is RunStatus.INCOMPLETE
    assert "no complete answer in 4 attempts" in str(outcome.reason)
    assert len(live(store)) == 4


LATER = (("Retry-After", "86400"),)


def test_a_second_look_that_is_put_off_leaves_the_list_as_it_was_closed(store: Store) -> None:
    def put_off(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        is_look = asked["verb"] == "ListIdentifiers"
        return attrs.evolve(reply, status=503, headers=LATER) if is_look else reply

    outcome = harvested(Repository(size=10, announces=-1, fault=put_off), store)

    assert outcome.status is RunStatus.COMPLETE
    assert len(live(store)) == 10


def test_what_a_second_look_named_before_it_was_put_off_is_not_forgotten(store: Store) -> None:
    def put_off(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        is_further = asked["verb"] == "ListIdentifiers" and "resumptionToken" in asked
        return attrs.evolve(reply, status=503, headers=LATER) if is_further else reply

    lacking = Repository(size=10, announces=-1, leaves_out=frozenset({1}), fault=put_off)
    outcome = harvested(lacking, store)

    assert outcome.status is RunStatus.DEFERRED


def test_a_harvester_that_breaks_is_named(store: Store) -> None:
    class Broken:
        @hookimpl
        def consortium_harvesters(self) -> Iterator[Harvester]:
            yield Harvester(name="broken", harvest=self.harvest)

        def harvest(self, request: HarvestRequest) -> Iterator[HarvestPage]:
            yield HarvestPage(
                number=1,
                url="x",
                body=b"",
                received=clock(),
                token="t",
                records=(RawRecord(source="a", identifier="1"),),
                problems=(Problem(code="X", where=Place(), what=Message("x")),),
            )
            raise KeyError("oh")

    registry = Registry(plugins={"broken": Broken()})
    source = attrs.evolve(source_at("http://x.example/oai"), harvester="broken")

    outcome = harvest_source(source, store, registry, HarvestWatch(clock=clock))

    assert outcome.status is RunStatus.INCOMPLETE
    assert "'broken' failed: KeyError" in str(outcome.reason)
    assert len(live(store)) == 1


# ---------------------------------------------------------------- stopping


def test_a_stop_ends_after_the_present_page_and_says_how_to_go_on(store: Store) -> None:
    stop = threading.Event()
    stop.set()
    repository = Repository(size=10)
    with serving(repository) as url:
        outcome = harvest_at(source_at(url), store, stop)
        assert outcome.status is RunStatus.INTERRUPTED
        assert "stopped after page 1" in str(outcome.reason)
        assert len(live(store)) == 4

        assert harvest_at(source_at(url), store).status is RunStatus.COMPLETE

    assert live(store) == repository.truth
    assert repository.asked.count({"verb": "ListRecords", "metadataPrefix": "oai_dc"}) == 1


def test_a_stop_ends_a_wait(store: Store) -> None:
    stop = threading.Event()

    def busy(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        if "resumptionToken" not in asked:
            return reply
        threading.Timer(0.1, stop.set).start()
        return Reply(body=b"", status=503, headers=(("Retry-After", "60"),))

    outcome = harvested(Repository(size=10, fault=busy), store, stop)

    assert outcome.status is RunStatus.INTERRUPTED


def test_a_source_that_is_being_harvested_is_refused(store: Store) -> None:
    with serving(Repository()) as url:
        source = source_at(url)
        store.start_run(source.request(), started=clock())

        with pytest.raises(StoreError, match="being harvested already"):
            harvest_at(source, store)


# ---------------------------------------------------------------- many sources


def test_one_dead_source_does_not_block_the_others(store: Store) -> None:
    with serving(Repository(size=10)) as one, serving(Repository(size=5)) as other:
        sources = (
            source_at(one, "a"),
            source_at("http://127.0.0.1:1/oai", "dead"),
            attrs.evolve(source_at(one, "unknown"), harvester="oai-phm"),
            source_at("http://10.0.0.1/oai", "forbidden"),
            source_at(other, "b"),
        )
        outcomes = harvest_all(sources, store, REGISTRY, HarvestWatch(clock=clock))

    assert [outcome.status for outcome in outcomes] == [
        RunStatus.COMPLETE,
        RunStatus.INCOMPLETE,
        RunStatus.ERROR,
        RunStatus.ERROR,
        RunStatus.COMPLETE,
    ]
    assert "did you mean 'oai-pmh'" in str(outcomes[2].reason)
    assert "not a public address" in str(outcomes[3].reason)
    assert [(one.source, one.live) for one in store.record_counts()] == [("a", 10), ("b", 5)]


def test_one_host_has_one_request_in_flight(store: Store) -> None:
    busy = threading.Lock()
    clashes: list[str] = []

    def watch(_asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        if not busy.acquire(blocking=False):
            clashes.append("two at once")
            return reply
        threading.Event().wait(0.01)
        busy.release()
        return reply

    with serving(Repository(size=10, fault=watch)) as url:
        sources = [source_at(url, name) for name in "abc"]
        outcomes = harvest_all(sources, store, REGISTRY, HarvestWatch(clock=clock))

    assert all(outcome.is_complete for outcome in outcomes)
    assert clashes == []


def test_all_hosts_are_harvested_at_once(store: Store) -> None:
    together = threading.Barrier(3)

    def meet(asked: dict[str, str], count: int, reply: Reply) -> Reply:
        if count == 1 and not asked.keys() & {"from", "until"}:
            together.wait(5)  # breaks if the others do not come
        return reply

    sizes = (3, 3, 3)
    with ExitStack() as stack:
        urls = [stack.enter_context(serving(Repository(size=size, fault=meet))) for size in sizes]
        sources = [source_at(url, name) for url, name in zip(urls, "abc", strict=True)]
        harvest_all(sources, store, REGISTRY, HarvestWatch(clock=clock))

    assert not together.broken


def test_no_sources_give_no_outcomes(store: Store) -> None:
    assert harvest_all((), store, REGISTRY, HarvestWatch(clock=clock)) == ()
