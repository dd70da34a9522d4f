"""The union catalogue is brought up to date run by run; ids that ended still lead somewhere."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import pytest

from libconsortium import (
    CatalogueRun,
    CatalogueUpdate,
    Cluster,
    ClusterChanges,
    ClusterEnd,
    Evidence,
    HarvestPage,
    HarvestRequest,
    Holding,
    Link,
    NamedRecord,
    RawRecord,
    Segment,
    StoreError,
)
from libconsortium.plugins.sql_store.sql_store import SqlStore

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def _cluster(name: str, *records: str) -> Cluster:
    links = tuple(
        Link(left=records[0], right=other, evidence=Evidence(rule="x", score=1.0))
        for other in records[1:]
    )
    return Cluster(id=name, records=records, links=links)


def _change(
    store: SqlStore,
    number: int,
    *clusters: Cluster,
    ended: dict[str, str] | None = None,
    **more: Any,
) -> CatalogueRun:
    ends = tuple(ClusterEnd(cluster=a, successor=b) for a, b in (ended or {}).items())
    update = CatalogueUpdate(number=number, at=NOON, state=f"s{number}", ended=ends, **more)
    holdings = [Holding(cluster=one.id, member="M", records=one.records) for one in clusters]
    return store.change_clusters(update, clusters, holdings)


def test_a_run_changes_the_clusters_it_names_and_leaves_the_rest(store: SqlStore) -> None:
    _change(store, 1, _cluster("a", "a", "b"), _cluster("c", "c"))

    _change(store, 2, _cluster("a", "a"), _cluster("b", "b"), origins={"b": "a"})

    assert [(one.id, one.records) for one in store.clusters()] == [
        ("a", ("a",)), ("b", ("b",)), ("c", ("c",)),
    ]  # fmt: skip
    assert [one.records for one in store.holdings()] == [("a",), ("b",), ("c",)]
    assert store.catalogue_run() == CatalogueRun(number=2, at=NOON, state="s2")


def test_before_the_first_run_there_is_none(store: SqlStore) -> None:
    assert store.catalogue_run() is None
    assert store.cluster_changes() == ClusterChanges(run=0)


def test_what_changed_since_a_run_is_told_once(store: SqlStore) -> None:
    _change(store, 1, _cluster("a", "a"), _cluster("b", "b"), _cluster("c", "c"))
    _change(store, 2, _cluster("a", "a", "b"), ended={"b": "a"})
    _change(store, 3, _cluster("d", "d"), ended={"c": ""})

    gone = ClusterEnd(cluster="c", run=3)
    assert store.cluster_changes(since=2) == ClusterChanges(run=3, changed=("d",), ended=(gone,))
    assert store.cluster_changes(since=1).changed == ("a", "d")
    assert store.cluster_changes(since=1).ended == (
        ClusterEnd(cluster="b", successor="a", run=2), gone,
    )  # fmt: skip
    assert store.cluster_changes(since=3) == ClusterChanges(run=3)


def test_who_knows_of_a_run_that_never_was_is_told_everything(store: SqlStore) -> None:
    _change(store, 1, _cluster("a", "a"))

    assert store.cluster_changes(since=9).changed == ("a",)


def test_an_old_id_leads_to_the_cluster_that_has_its_records(store: SqlStore) -> None:
    _change(store, 1, _cluster("a", "a"), _cluster("b", "b"), _cluster("c", "c"))
    _change(store, 2, _cluster("a", "a", "b"), ended={"b": "a"})
    _change(store, 3, _cluster("c", "a", "b", "c"), ended={"a": "c"})

    assert [store.cluster_now(name) for name in "abcx"] == ["c", "c", "c", None]


def test_an_id_that_came_back_leads_to_itself(store: SqlStore) -> None:
    _change(store, 1, _cluster("a", "a"), _cluster("b", "b"))
    _change(store, 2, _cluster("a", "a", "b"), ended={"b": "a"})
    _change(store, 3, _cluster("a", "a"), _cluster("b", "b"), origins={"b": "a"})

    assert store.cluster_now("b") == "b"
    assert store.cluster_changes(since=1).ended == ()


def test_records_say_their_cluster_and_since_when_it_is_called_so(store: SqlStore) -> None:
    _change(store, 1, _cluster("a", "a", "b"))
    _change(store, 2, _cluster("a", "a", "b", "c"))

    named = [NamedRecord(record=key, cluster="a", since=1) for key in "abc"]
    assert sorted(store.named_records(), key=repr) == named
    assert list(store.named_records(["b", "x"])) == named[1:2]
    assert store.live_clusters(["a", "b"]) == {"a"}


def test_a_run_that_another_one_was_quicker_than_is_refused(store: SqlStore) -> None:
    _change(store, 1, _cluster("a", "a"))

    with pytest.raises(StoreError, match="if another program writes to it too, try again"):
        _change(store, 1, _cluster("b", "b"))

    assert [one.id for one in store.clusters()] == ["a"]


# ---------------------------------------------------------------- segments


def test_the_ledger_of_segments_comes_back_in_order(store: SqlStore) -> None:
    one, two = (
        Segment(
            name=f"tlu-{batch}.parquet",
            source="tlu",
            batch=batch,
            rows=3,
            size=2**40,
            sha256="ab",
            at=NOON,
            made_by="dc 1",
            namespace="urn:x",
            prefix="oai_dc",
            through=4,
        )
        for batch in (1, 2)
    )
    store.change_segments([two, one])
    assert store.segments() == (one, two)

    store.change_segments([], [one.name])
    assert store.segments() == (two,)


def test_records_that_a_run_changed_are_given_with_their_page(
    store: SqlStore,
    request_for: Callable[[str], HarvestRequest],
    page_of: Callable[..., HarvestPage],
    record_of: Callable[..., RawRecord],
) -> None:
    for number, content in ((1, b"<a/>"), (2, b"<b/>")):
        run = store.start_run(request_for("tlu"), started=NOON)
        assert run.number == number
        store.add_page(run.number, page_of(1, record_of("2", content), record_of("1")))
        store.release("tlu", at=NOON)

    def told(since: int) -> list[tuple[str, int, int, int]]:
        return [
            (one.record.identifier, one.page_run, one.page_number, one.changed)
            for one in store.record_changes("tlu", since=since)
        ]

    assert told(0) == [("oai:tlu:1", 1, 1, 1), ("oai:tlu:2", 2, 1, 2)]
    assert told(2) == [("oai:tlu:2", 2, 1, 2)]
    assert list(store.record_changes("vnu")) == []


def test_shares_of_the_pages_have_every_record_once(
    store: SqlStore,
    request_for: Callable[[str], HarvestRequest],
    page_of: Callable[..., HarvestPage],
    record_of: Callable[..., RawRecord],
) -> None:
    run = store.start_run(request_for("tlu"), started=NOON)
    for number in range(1, 8):
        store.add_page(run.number, page_of(number, record_of(str(number))))

    shares = [
        [one.record.identifier for one in store.record_changes("tlu", share=(part, 3))]
        for part in range(3)
    ]

    assert sorted(map(len, shares)) == [2, 2, 3]
    assert sorted(chain(*shares)) == [f"oai:tlu:{number}" for number in range(1, 8)]


def test_a_store_can_travel_to_another_process(
    store: SqlStore,
    request_for: Callable[[str], HarvestRequest],
    page_of: Callable[..., HarvestPage],
    record_of: Callable[..., RawRecord],
) -> None:
    run = store.start_run(request_for("tlu"), started=NOON)
    store.add_page(run.number, page_of(1, record_of("1")))

    other = pickle.loads(pickle.dumps(store))  # noqa: S301 - made here

    assert list(other.records()) == list(store.records())
    assert other.address == store.address
    other.close()
