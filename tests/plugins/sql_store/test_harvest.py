"""Harvest runs: one at a time for each source, page by page, to be continued."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest
from sqlalchemy import text, update

from libconsortium import (
    DeletionCause,
    HarvestCounts,
    HarvestPage,
    HarvestRequest,
    Message,
    Place,
    Problem,
    RawRecord,
    RecordCount,
    RunStatus,
    Severity,
    StoreError,
)
from libconsortium.plugins.sql_store import database
from libconsortium.plugins.sql_store.opening import open_store
from libconsortium.plugins.sql_store.processes import Process, is_alive, this_process
from libconsortium.plugins.sql_store.schema import LOCK
from libconsortium.plugins.sql_store.sql_store import SqlStore

pytestmark = pytest.mark.slow

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)

RequestFor = Callable[[str], HarvestRequest]
PageOf = Callable[..., HarvestPage]
RecordOf = Callable[..., RawRecord]


@pytest.fixture
def run(store: SqlStore, request_for: RequestFor) -> int:
    return store.start_run(request_for("tlu"), started=NOON).number


def next_run(store: SqlStore, number: int) -> int:
    request = store.runs()[0].request
    store.finish_run(number, status=RunStatus.COMPLETE, finished=LATER)
    return store.start_run(request, started=LATER).number


def held_by(store: SqlStore, **other: object) -> None:
    with store._writing() as connection:
        connection.execute(update(LOCK), other)


# ---------------------------------------------------------------- pages and records


def test_a_page_comes_back_byte_by_byte(store: SqlStore, run: int, page_of: PageOf) -> None:
    page = page_of(1, token="next page")

    store.add_page(run, page, token_in="this page")

    assert list(store.pages(run)) == [page]


def test_a_record_comes_back_as_it_was(
    store: SqlStore, run: int, page_of: PageOf, record_of: RecordOf
) -> None:
    record = record_of("1", "<dc>Truyện Kiều</dc>".encode())

    counts = store.add_page(run, page_of(1, record))

    assert list(store.records()) == [record]
    assert counts == HarvestCounts(pages=1, records=1, new=1)


def test_a_second_harvest_tells_new_changed_and_unchanged(
    store: SqlStore, run: int, page_of: PageOf, record_of: RecordOf
) -> None:
    store.add_page(run, page_of(1, record_of("same"), record_of("other"), record_of("moved")))
    run = next_run(store, run)

    counts = store.add_page(
        run,
        page_of(
            1,
            attrs.evolve(record_of("same"), datestamp="2026-03-01"),
            record_of("other", b"<dc>two</dc>"),
            attrs.evolve(record_of("moved"), sets=("com_9",)),
            record_of("more"),
        ),
    )

    assert counts == HarvestCounts(pages=1, records=4, new=1, changed=2, unchanged=1)


def test_an_unchanged_record_keeps_the_page_its_content_stands_on(
    store: SqlStore, run: int, page_of: PageOf, record_of: RecordOf
) -> None:
    store.add_page(run, page_of(1, record_of("same"), record_of("other")))
    second = next_run(store, run)

    store.add_page(second, page_of(1, record_of("same"), record_of("other", b"<dc>2</dc>")))

    with store._reading() as connection:
        rows = connection.execute(
            text(
                "SELECT identifier, page_run, first_seen, last_changed, last_seen"
                " FROM lc_record ORDER BY identifier"
            )
        ).all()
    assert [tuple(row) for row in rows] == [
        ("oai:tlu:other", second, run, second, second),
        ("oai:tlu:same", run, run, run, second),
    ]


def test_a_tombstone_is_kept_and_counted_once(
    store: SqlStore, run: int, page_of: PageOf, record_of: RecordOf
) -> None:
    store.add_page(run, page_of(1, record_of("1"), record_of("2")))
    tombstone = record_of("1", b"", is_deleted=True)
    second = next_run(store, run)
    first_time = store.add_page(second, page_of(1, tombstone))
    third = next_run(store, second)

    second_time = store.add_page(third, page_of(1, tombstone))

    assert (first_time.deleted, second_time.deleted, second_time.unchanged) == (1, 0, 1)
    assert [record.identifier for record in store.records()] == ["oai:tlu:2"]
    kept = attrs.evolve(tombstone, cause=DeletionCause.HEADER)
    assert list(store.records(deleted=True)) == [record_of("2"), kept]  # by page
    assert store.record_counts() == (RecordCount(source="tlu", live=1, deleted=1),)


def test_a_record_sent_twice_in_one_run_is_a_duplicate_and_the_last_one_stays(
    store: SqlStore, run: int, page_of: PageOf, record_of: RecordOf
) -> None:
    first = store.add_page(run, page_of(1, record_of("1"), record_of("1", b"<dc>two</dc>")))

    second = store.add_page(run, page_of(2, record_of("1", b"<dc>three</dc>")))

    assert (first.new, first.duplicates, second.duplicates) == (1, 1, 1)
    assert [record.content for record in store.records()] == [b"<dc>three</dc>"]


def test_the_run_adds_up_its_pages(
    store: SqlStore, run: int, page_of: PageOf, record_of: RecordOf
) -> None:
    store.add_page(run, page_of(1, record_of("1"), record_of("2")))
    store.add_page(run, page_of(2, record_of("2"), record_of("3")))

    (kept,) = store.runs("tlu")

    assert kept.counts == HarvestCounts(pages=2, records=4, new=3, duplicates=1)


def test_records_of_two_sources_with_one_identifier_are_two(
    store: SqlStore, run: int, request_for: RequestFor, page_of: PageOf, record_of: RecordOf
) -> None:
    other = store.start_run(request_for("vnu"), started=NOON).number
    store.add_page(run, page_of(1, record_of("1")))

    store.add_page(other, page_of(1, record_of("1", b"<dc>vnu</dc>")))

    assert [record.source for record in store.records()] == ["tlu", "vnu"]
    assert [record.content for record in store.records("vnu")] == [b"<dc>vnu</dc>"]


def test_records_since_a_datestamp(
    store: SqlStore, run: int, page_of: PageOf, record_of: RecordOf
) -> None:
    new = attrs.evolve(record_of("new"), datestamp="2026-02-01")
    store.add_page(run, page_of(1, record_of("old"), new))

    assert list(store.records(since="2026-02-01")) == [new]


def test_more_records_than_are_fetched_at_once(
    store: SqlStore, run: int, page_of: PageOf, record_of: RecordOf
) -> None:
    records = [record_of(f"{n:05}") for n in range(1203)]

    counts = store.add_page(run, page_of(1, *records))

    assert counts.new == 1203
    assert list(store.records()) == records


def test_records_can_be_read_while_pages_come_in(
    store: SqlStore, run: int, page_of: PageOf, record_of: RecordOf
) -> None:
    store.add_page(run, page_of(1, record_of("1"), record_of("2")))
    reading = store.records()
    next(reading)

    store.add_page(run, page_of(2, record_of("3")))

    assert len(list(reading)) == 1


def test_a_page_without_records_is_kept(store: SqlStore, run: int, page_of: PageOf) -> None:
    assert store.add_page(run, page_of(1)) == HarvestCounts(pages=1)


def test_a_list_size_beyond_all_reason_is_left_to_the_bytes(
    store: SqlStore, run: int, page_of: PageOf
) -> None:
    store.add_page(run, attrs.evolve(page_of(1), complete_list_size=10**30))

    (page,) = store.pages(run)
    assert page.complete_list_size is None


def test_a_page_number_comes_once(store: SqlStore, run: int, page_of: PageOf) -> None:
    store.add_page(run, page_of(1))

    with pytest.raises(StoreError, match="has page 1 already"):
        store.add_page(run, page_of(1))


# ---------------------------------------------------------------- one run at a time


def test_a_second_run_of_a_source_is_refused_and_told_since_when(
    store: SqlStore, run: int, request_for: RequestFor
) -> None:
    with pytest.raises(StoreError, match=r"harvested already, since 2026-03-02T12:00"):
        store.start_run(request_for("tlu"), started=LATER)


def test_a_second_run_of_a_live_process_elsewhere_is_refused(
    store: SqlStore, run: int, request_for: RequestFor
) -> None:
    held_by(store, host="another-machine", pid=1, process="")

    with pytest.raises(StoreError, match="on another-machine"):
        store.start_run(request_for("tlu"), started=LATER)


def test_a_run_of_a_dead_process_is_taken_over_and_closed_as_interrupted(
    store: SqlStore, run: int, request_for: RequestFor
) -> None:
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"],
                          capture_output=True, check=True)  # fmt: skip
    held_by(store, pid=int(dead.stdout))

    started = store.start_run(request_for("tlu"), started=LATER)

    assert started.status is RunStatus.RUNNING
    assert store.runs("tlu")[0].status is RunStatus.INTERRUPTED
    assert "without closing" in str(store.runs("tlu")[0].reason)


def test_a_process_that_only_has_the_number_of_a_dead_one_is_not_it() -> None:
    mine = this_process()

    assert is_alive(mine)
    assert not is_alive(attrs.evolve(mine, mark="an earlier boot 1234"))


def test_a_process_of_another_user_is_alive() -> None:
    assert is_alive(Process(host=this_process().host, pid=1))


def test_a_run_that_was_taken_over_cannot_go_on(store: SqlStore, run: int, page_of: PageOf) -> None:
    held_by(store, host="another-machine")

    with pytest.raises(StoreError, match="not running in this process"):
        store.add_page(run, page_of(1))


def test_releasing_frees_a_source_whose_machine_is_gone(
    store: SqlStore, run: int, request_for: RequestFor
) -> None:
    held_by(store, host="another-machine")

    assert store.release("tlu", at=LATER)
    assert not store.release("tlu", at=LATER)
    assert store.start_run(request_for("tlu"), started=LATER).number == run + 1
    assert store.runs()[0].status is RunStatus.INTERRUPTED


def test_two_sources_are_harvested_at_once(
    store: SqlStore, run: int, request_for: RequestFor
) -> None:
    assert store.start_run(request_for("vnu"), started=NOON).number == run + 1


def test_a_second_program_is_refused_too(
    store: SqlStore, run: int, address: str, request_for: RequestFor
) -> None:
    other = open_store(address)

    with pytest.raises(StoreError, match="harvested already"):
        other.start_run(request_for("tlu"), started=LATER)
    other.close()


def test_a_finished_run_is_closed_and_frees_its_source(
    store: SqlStore, run: int, request_for: RequestFor, page_of: PageOf
) -> None:
    finished = store.finish_run(
        run, status=RunStatus.COMPLETE, finished=LATER, watermark="2026-03-02T11:59:00Z"
    )

    assert (finished.status, finished.finished) == (RunStatus.COMPLETE, LATER)
    assert store.last_run("tlu") == finished
    assert store.last_run("tlu", status=RunStatus.COMPLETE) == finished
    assert store.last_run("tlu", status=RunStatus.INCOMPLETE) is None
    with pytest.raises(StoreError, match="not running"):
        store.add_page(run, page_of(1))
    assert store.start_run(request_for("tlu"), started=LATER).number == run + 1


def test_a_run_that_never_was_is_named(store: SqlStore) -> None:
    with pytest.raises(StoreError, match="no harvest run 7"):
        store.resume_run(7, started=NOON)


# ---------------------------------------------------------------- going on


def test_an_unfinished_run_goes_on_after_its_last_page(
    store: SqlStore, run: int, page_of: PageOf, record_of: RecordOf
) -> None:
    store.add_page(run, page_of(1, record_of("1"), token="two"))
    store.add_page(run, page_of(2, record_of("2"), token="three"), token_in="two")
    store.finish_run(
        run, status=RunStatus.INTERRUPTED, finished=LATER, reason=Message("line dropped")
    )

    checkpoint = store.checkpoint("tlu")

    assert checkpoint is not None
    assert (checkpoint.token, checkpoint.page_number) == ("three", 3)
    assert checkpoint.response_date == "2026-03-02T11:59:00Z"
    resumed = store.resume_run(checkpoint.run.number, started=LATER)
    assert (resumed.number, resumed.status, resumed.reason) == (run, RunStatus.RUNNING, Message(""))
    store.add_page(run, page_of(3, record_of("3")), token_in="three")
    assert store.runs()[0].counts.new == 3


def test_there_is_no_checkpoint_before_the_first_page(store: SqlStore, run: int) -> None:
    assert store.checkpoint("nobody") is None
    assert store.checkpoint("tlu") is None


def test_there_is_no_checkpoint_where_the_list_ended(
    store: SqlStore, run: int, page_of: PageOf
) -> None:
    store.add_page(run, page_of(1))

    assert store.checkpoint("tlu") is None


def test_a_complete_run_has_no_checkpoint_and_is_not_resumed(
    store: SqlStore, run: int, page_of: PageOf
) -> None:
    store.add_page(run, page_of(1, token="two"))
    store.finish_run(run, status=RunStatus.COMPLETE_WITH_QUARANTINE, finished=LATER)

    assert store.checkpoint("tlu") is None
    with pytest.raises(StoreError, match="is complete; begin a new one"):
        store.resume_run(run, started=LATER)


# ---------------------------------------------------------------- problems


def test_problems_keep_their_sentences_apart_from_the_values(store: SqlStore) -> None:
    problem = Problem(
        code="BAD_YEAR",
        where=Place(source="tlu", record="oai:tlu:1", field="date", line=3, column=2),
        what=Message("{kind} {year!r}: {found}", kind=Message("year"), year="3025", found=3025),
        advice=Message("ask {who}", who="the member"),
        severity=Severity.ERROR,
    )
    other = Problem(code="OTHER", where=Place(), what=Message("100 % {this is no place}"))

    assert store.add_problems("harvest:tlu", [problem, other]) == 2

    assert store.problems("harvest:tlu") == (problem, other)
    assert store.problems() == (problem, other)
    assert store.problems("harvest:tlu", other.code) == (other,)
    assert store.problems("catalogue") == ()


def test_problems_are_forgotten_scope_by_scope(store: SqlStore) -> None:
    problem = Problem(code="X", where=Place(), what=Message("x"))
    store.add_problems("a", [problem])
    store.add_problems("b", [problem, problem])

    assert store.clear_problems("b") == 2
    assert store.add_problems("b", []) == 0
    assert store.problems() == (problem,)


def test_a_reason_with_a_moment_can_be_said_again(
    store: SqlStore, request_for: Callable[[str], HarvestRequest]
) -> None:
    run = store.start_run(request_for("tlu"), started=NOON)
    reason = Message(
        "come back at {until:%Y-%m-%d %H:%M} UTC, {day:%d/%m}", until=NOON, day=NOON.date()
    )

    store.finish_run(run.number, status=RunStatus.DEFERRED, finished=NOON, reason=reason)

    said = [one.reason for one in store.runs("tlu")]
    assert [str(one) for one in said] == ["come back at 2026-03-02 12:00 UTC, 02/03"]


# ---------------------------------------------------------------- many at once


def test_harvests_of_one_process_write_in_turns_and_none_is_told_to_try_again(
    tmp_path: Path, request_for: RequestFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAIT_MILLISECONDS", 0)  # SQLite refuses who comes between
    store = open_store(f"sqlite:///{tmp_path}/busy.db")
    names = [f"source-{number}" for number in range(40)]
    with ThreadPoolExecutor(len(names)) as pool:
        runs = pool.map(lambda name: store.start_run(request_for(name), started=NOON), names)
        assert sorted(run.request.source for run in runs) == sorted(names)
    store.close()


def test_readers_who_are_not_at_their_end_keep_nobody_from_writing(
    sqlite_store: SqlStore, request_for: RequestFor, page_of: PageOf, record_of: RecordOf
) -> None:
    run = sqlite_store.start_run(request_for("tlu"), started=NOON).number
    sqlite_store.add_page(run, page_of(1, record_of("1"), record_of("2")))
    readers = [sqlite_store.records() for _ in range(20)]  # more than a pool has by itself
    assert {next(reader).identifier for reader in readers} == {"oai:tlu:1"}
    assert sqlite_store.start_run(request_for("other"), started=NOON).number > run
    assert {next(reader).identifier for reader in readers} == {"oai:tlu:2"}
