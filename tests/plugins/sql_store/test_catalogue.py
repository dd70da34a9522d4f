"""The union catalogue and the splits are kept."""

from __future__ import annotations

from datetime import UTC, datetime

import attrs
import pytest

from libconsortium import CatalogueUpdate, Cluster, Evidence, Holding, Link, StoreError
from libconsortium.plugins.sql_store.sql_store import SqlStore

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FIRST = CatalogueUpdate(number=1, at=NOON)
KIEU = Cluster(
    id="tlu\toai:1",
    records=("tlu\toai:1", "vnu\toai:7"),
    links=(
        Link(
            left="tlu\toai:1",
            right="vnu\toai:7",
            evidence=Evidence(rule="isbn", score=0.1 + 0.2, reasons=("isbn equal", "năm = năm")),
        ),
        Link(left="a", right="b", evidence=Evidence(rule="title", score=1.0, veto="volume")),
    ),
)
ALONE = Cluster(id="vnu\toai:9", records=("vnu\toai:9",))
HOLDING = Holding(
    cluster=KIEU.id,
    member="tlu",
    records=("tlu\toai:1",),
    call_numbers=("895.9221",),
    links=("https://tlu.example.org/1",),
)


def test_a_catalogue_comes_back_as_it_was(store: SqlStore) -> None:
    store.change_clusters(FIRST, [ALONE, KIEU], [HOLDING])

    assert list(store.clusters()) == [KIEU, ALONE]
    assert list(store.holdings()) == [HOLDING]


def test_a_catalogue_that_fails_half_way_leaves_the_one_before(store: SqlStore) -> None:
    store.change_clusters(FIRST, [KIEU], [HOLDING])

    with pytest.raises(StoreError, match="does not fit what the store holds: "):
        store.change_clusters(attrs.evolve(FIRST, number=2), [ALONE, ALONE], [])

    assert list(store.clusters()) == [KIEU]


def test_more_clusters_than_are_fetched_at_once(store: SqlStore) -> None:
    clusters = [
        Cluster(
            id=f"{n:05}",
            records=(f"{n:05}", f"{n:05}b"),
            links=(Link(left="l", right="r", evidence=Evidence(rule="x", score=1.0)),) * (n % 3),
        )
        for n in range(2500)
    ]

    store.change_clusters(FIRST, iter(clusters), iter([]))

    assert list(store.clusters()) == clusters


def test_a_split_is_kept_as_the_next_version(store: SqlStore) -> None:
    first = store.save_split("db-1", 2025, document='{"a": 1}', input_hash="x", at=NOON)
    other = store.save_split("db-1", 2026, document='{"a": 1}', input_hash="x", at=NOON)

    second = store.save_split("db-1", 2025, document='{"a": 2}', input_hash="y", at=NOON)

    assert (first.version, second.version, other.version) == (1, 2, 1)
    assert store.splits() == (first, second, other)
    assert store.splits("db-1", 2026) == (other,)
    assert store.splits("nothing") == ()


def test_the_same_split_again_is_no_new_version(store: SqlStore) -> None:
    first = store.save_split("db-1", 2025, document="{}", input_hash="x", at=NOON)

    assert store.save_split("db-1", 2025, document="{}", input_hash="x", at=NOON) == first
    assert store.save_split("db-1", 2025, document="{}", input_hash="y", at=NOON).version == 2


def test_some_clusters_are_looked_up_and_an_unknown_id_gives_none(store: SqlStore) -> None:
    store.change_clusters(FIRST, [ALONE, KIEU], [])

    assert list(store.clusters([KIEU.id, "nobody"])) == [KIEU]
    assert list(store.clusters([])) == []
    assert list(store.clusters([ALONE.id, KIEU.id, ALONE.id])) == [KIEU, ALONE]


def test_the_largest_clusters_come_first_and_those_of_one_record_not_at_all(
    store: SqlStore,
) -> None:
    sizes = {"b": 2, "a": 2, "c": 4, "d": 1}
    store.change_clusters(
        FIRST,
        [
            Cluster(id=name, records=tuple(f"{name}{number}" for number in range(size)))
            for name, size in sizes.items()
        ],
        [],
    )

    assert store.largest_clusters(2) == (3, ("c", "a"))
    assert store.largest_clusters(9) == (3, ("c", "a", "b"))
