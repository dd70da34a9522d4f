"""A source is dropped and taken back: nothing is lost by it, and what is built on it is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from libconsortium import (
    DeletionCause,
    HarvestPage,
    HarvestRequest,
    RawRecord,
    RunStatus,
    StoreError,
)
from libconsortium.plugins.sql_store.sql_store import SqlStore

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def filled(
    store: SqlStore,
    request_for: Callable[[str], HarvestRequest],
    page_of: Callable[..., HarvestPage],
    record_of: Callable[..., RawRecord],
) -> SqlStore:
    run = store.start_run(request_for("tlu"), started=NOON)
    records = (record_of("1"), record_of("2"), record_of("3", content=b"", is_deleted=True))
    store.add_page(run.number, page_of(1, *records))
    store.finish_run(
        run.number, status=RunStatus.COMPLETE, finished=NOON, watermark="2026-03-02T11:58:59Z"
    )
    return store


def live(store: SqlStore) -> dict[str, bytes]:
    return {one.identifier: one.content for one in store.records("tlu")}


def test_a_dropped_source_has_tombstones_with_their_cause(filled: SqlStore) -> None:
    assert filled.drop_source("tlu", at=NOON) == 2

    causes = {one.identifier: one.cause for one in filled.records("tlu", deleted=True)}
    assert not live(filled)
    assert causes == {
        "oai:tlu:1": DeletionCause.DROPPED,
        "oai:tlu:2": DeletionCause.DROPPED,
        "oai:tlu:3": DeletionCause.HEADER,
    }
    assert all(not one.content for one in filled.records("tlu", deleted=True))


def test_taken_back_every_record_is_as_it_was(filled: SqlStore) -> None:
    before = live(filled)
    filled.drop_source("tlu", at=NOON)

    assert filled.restore_source("tlu", at=NOON) == 2
    assert live(filled) == before
    assert filled.restore_source("tlu", at=NOON) == 0


def test_a_run_tells_of_it_and_what_is_built_on_records_hears(filled: SqlStore) -> None:
    filled.drop_source("tlu", at=NOON)

    run = filled.last_run("tlu")
    assert run
    assert str(run.reason) == "2 records were dropped by hand"
    changed = [one.record.identifier for one in filled.record_changes("tlu", since=run.number)]
    assert changed == ["oai:tlu:1", "oai:tlu:2"]
    last = filled.last_run("tlu", status=RunStatus.COMPLETE)
    assert last
    assert last.watermark


def test_a_dropped_record_that_is_harvested_again_lives(
    filled: SqlStore,
    request_for: Callable[[str], HarvestRequest],
    page_of: Callable[..., HarvestPage],
    record_of: Callable[..., RawRecord],
) -> None:
    filled.drop_source("tlu", at=NOON)
    run = filled.start_run(request_for("tlu"), started=NOON)

    counts = filled.add_page(run.number, page_of(1, record_of("1")))

    assert counts.changed == 1
    assert list(live(filled)) == ["oai:tlu:1"]
    filled.finish_run(run.number, status=RunStatus.COMPLETE, finished=NOON)
    assert filled.restore_source("tlu", at=NOON) == 1


def test_a_source_under_harvest_is_not_dropped(
    filled: SqlStore, request_for: Callable[[str], HarvestRequest]
) -> None:
    filled.start_run(request_for("tlu"), started=NOON)

    with pytest.raises(StoreError, match="harvested already"):
        filled.drop_source("tlu", at=NOON)
    assert len(live(filled)) == 2


def test_a_source_nobody_harvested_is_named(store: SqlStore) -> None:
    with pytest.raises(StoreError, match="nobody was never harvested"):
        store.drop_source("nobody", at=NOON)
