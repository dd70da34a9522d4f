"""Quarantine, causes of deletion, and lists of identifiers compared with what is stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest

from libconsortium import (
    DeletionCause,
    HarvestPage,
    HarvestRequest,
    Message,
    Quarantined,
    RawRecord,
    RunStatus,
    StoreError,
)
from libconsortium.plugins.sql_store.sql_store import SqlStore

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
PageOf = Callable[..., HarvestPage]
RecordOf = Callable[..., RawRecord]


@pytest.fixture
def run(store: SqlStore, request_for: Callable[[str], HarvestRequest]) -> int:
    return store.start_run(request_for("tlu"), started=NOON).number


def bad(name: str = "oai:tlu:9", content: bytes = b"<record") -> Quarantined:
    return Quarantined(
        source="tlu", identifier=name, reason=Message("not closed in {n}", n=3), content=content
    )


def header(record: RawRecord, datestamp: str = "2026-01-01") -> RawRecord:
    return attrs.evolve(record, content=b"", namespace="", datestamp=datestamp)


def test_what_came_broken_is_kept_with_its_page(
    store: SqlStore, run: int, page_of: PageOf, record_of: RecordOf
) -> None:
    page = attrs.evolve(page_of(1, record_of("1")), quarantined=(bad(),))

    store.add_page(run, page)

    assert store.quarantine("tlu") == (attrs.evolve(bad(), run=run, page=1),)
    assert store.quarantine("other") == ()
    assert len(store.quarantine()) == 1


def test_a_record_that_comes_sound_leaves_the_quarantine(
    store: SqlStore, run: int, page_of: PageOf, record_of: RecordOf
) -> None:
    store.add_to_quarantine(run, [bad("oai:tlu:1"), bad("oai:tlu:2")])

    store.add_page(run, page_of(1, record_of("1")))

    assert [one.identifier for one in store.quarantine("tlu")] == ["oai:tlu:2"]


def test_a_record_that_stays_broken_is_there_once(store: SqlStore, run: int) -> None:
    store.add_to_quarantine(run, [bad()])
    store.add_to_quarantine(run, [bad(content=b"<other")])

    (kept,) = store.quarantine("tlu")
    assert kept.content == b"<other"


def test_records_with_and_without_identifier_are_forgotten_apart(store: SqlStore, run: int) -> None:
    store.add_to_quarantine(run, [bad(), bad("#12ab")])

    assert store.clear_quarantine("tlu", is_named=False) == 1
    assert [one.identifier for one in store.quarantine()] == ["oai:tlu:9"]
    assert store.clear_quarantine("tlu", is_named=True) == 1


def test_only_who_holds_the_run_may_use_its_quarantine(store: SqlStore, run: int) -> None:
    store.finish_run(run, status=RunStatus.COMPLETE, finished=LATER)

    with pytest.raises(StoreError, match="not running"):
        store.add_to_quarantine(run, [bad()])
    with pytest.raises(StoreError, match="not running"):
        store.match_headers(run, [])


def test_the_quarantine_is_in_the_backup(
    store: SqlStore, sqlite_store: SqlStore, run: int, tmp_path: Path
) -> None:
    store.add_to_quarantine(run, [bad()])

    store.backup(tmp_path / "backup.zip")
    sqlite_store.restore(tmp_path / "backup.zip")

    assert sqlite_store.quarantine() == store.quarantine()


def test_a_tombstone_keeps_its_cause(
    store: SqlStore, run: int, page_of: PageOf, record_of: RecordOf
) -> None:
    swept = record_of("1", b"", is_deleted=True, cause=DeletionCause.SET_MOVE)

    store.add_page(run, page_of(1, swept))

    assert [one.cause for one in store.records(deleted=True)] == [DeletionCause.SET_MOVE]


def test_headers_that_are_stored_are_not_missing_and_are_marked_as_listed(
    store: SqlStore, run: int, page_of: PageOf, record_of: RecordOf
) -> None:
    store.add_page(run, page_of(1, record_of("1"), record_of("2")))

    missing = store.match_headers(run, [header(record_of("1")), header(record_of("3"))])

    assert [one.identifier for one in missing] == ["oai:tlu:3"]
    assert [one.identifier for one in store.unlisted(run)] == ["oai:tlu:2"]


def test_a_newer_state_is_missing_unless_the_same_run_brought_the_record(
    store: SqlStore,
    run: int,
    request_for: Callable[[str], HarvestRequest],
    page_of: PageOf,
    record_of: RecordOf,
) -> None:
    store.add_page(run, page_of(1, record_of("1")))
    newer = header(record_of("1"), datestamp="2026-02-02")

    assert store.match_headers(run, [newer]) == ()
    store.finish_run(run, status=RunStatus.COMPLETE, finished=LATER)
    second = store.start_run(request_for("tlu"), started=LATER).number
    assert store.match_headers(second, [newer]) == (newer,)


@pytest.mark.parametrize(
    ("cause", "is_missing"),
    [(DeletionCause.HEADER, True), (DeletionCause.SWEEP, True), (DeletionCause.WITHHELD, False)],
)
def test_a_tombstone_listed_as_live_is_missing_unless_its_record_was_withheld(  # noqa: PLR0913 - fixtures
    store: SqlStore,
    run: int,
    page_of: PageOf,
    record_of: RecordOf,
    cause: DeletionCause,
    *,
    is_missing: bool,
) -> None:
    store.add_page(run, page_of(1, record_of("1", b"", is_deleted=True, cause=cause)))

    missing = store.match_headers(run, [header(record_of("1"))])

    assert bool(missing) is is_missing


def test_the_newest_datestamp_is_known(
    store: SqlStore, run: int, page_of: PageOf, record_of: RecordOf
) -> None:
    late = attrs.evolve(record_of("2"), datestamp="2026-03-01")
    store.add_page(run, page_of(1, record_of("1"), late))

    assert (store.newest("tlu"), store.newest("other")) == ("2026-03-01", "")


def test_the_datestamps_around_one_hold_so_many_records(
    store: SqlStore, run: int, page_of: PageOf, record_of: RecordOf
) -> None:
    days = [attrs.evolve(record_of(str(day)), datestamp=f"2026-03-0{day}") for day in range(1, 8)]
    store.add_page(run, page_of(1, *days))

    assert store.around("tlu", "2026-03-04", 2) == ("2026-03-03", "2026-03-05")
    assert store.around("tlu", "2026-03-01", 3) == ("2026-03-01", "2026-03-03")
    assert store.around("tlu", "2026-05-01", 1) == ("2026-03-07", "2026-05-01")
    assert store.around("other", "2026-03-04", 2) == ("2026-03-04", "2026-03-04")


def test_what_a_run_has_not_received_whole_or_broken_is_known(
    store: SqlStore,
    run: int,
    page_of: PageOf,
    record_of: RecordOf,
    request_for: Callable[[str], HarvestRequest],
) -> None:
    page = attrs.evolve(page_of(1, record_of("1")), quarantined=(bad("oai:tlu:2"),))
    store.add_page(run, page)
    names = ("1", "2", "3")
    headers = [attrs.evolve(record_of(one), identifier=f"oai:tlu:{one}") for one in names]
    known = [attrs.evolve(one, identifier=record_of("1").identifier) for one in headers[:1]]

    assert store.not_received(run, [*known, *headers[1:]]) == (headers[2],)
    store.finish_run(run, status=RunStatus.INCOMPLETE, finished=LATER, reason=Message("x"))
    second = store.start_run(request_for("tlu"), started=LATER).number
    assert store.not_received(second, known) == tuple(known)


def test_records_are_counted_by_source_and_time(
    store: SqlStore, run: int, page_of: PageOf, record_of: RecordOf
) -> None:
    late = attrs.evolve(record_of("2"), datestamp="2026-03-01T10:00:00Z")
    store.add_page(run, page_of(1, record_of("1"), late))

    def live(**which: str) -> int:
        return sum(one.live for one in store.record_counts("tlu", **which))

    assert (live(), live(since="2026-02-01"), live(until="2026-02-01")) == (2, 1, 1)
    assert live(until="2026-03-01") == 2
    assert store.record_counts("other") == ()


def test_of_a_record_repeated_in_a_run_the_newer_is_kept(
    store: SqlStore, run: int, page_of: PageOf, record_of: RecordOf
) -> None:
    older = attrs.evolve(record_of("1", b"<dc>old</dc>"), datestamp="2025-01-01")

    store.add_page(run, page_of(1, record_of("1")))
    counts = store.add_page(run, page_of(2, older))

    assert (counts.duplicates, counts.repeated) == (1, 1)
    assert [one.content for one in store.records()] == [b"<dc>one</dc>"]


def test_the_password_of_an_address_is_not_stored(store: SqlStore) -> None:
    request = HarvestRequest(source="tlu", url="https://me:hush@tlu.example.org/oai")

    run = store.start_run(request, started=NOON)

    assert run.request.url == "https://tlu.example.org/oai"


def test_a_checkpoint_tells_what_the_list_announced(
    store: SqlStore, run: int, page_of: PageOf, record_of: RecordOf
) -> None:
    store.add_page(run, page_of(1, record_of("1"), token="next"))
    store.finish_run(run, status=RunStatus.INCOMPLETE, finished=LATER)

    checkpoint = store.checkpoint("tlu")

    assert checkpoint is not None
    assert checkpoint.complete_list_size == 3
