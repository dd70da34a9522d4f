from __future__ import annotations

from collections.abc import Iterable

import attrs
import pyarrow as pa
import pytest

from benchmarks.synthetic import records
from libconsortium import (
    LIKELY_SCORE,
    BibRecord,
    Evidence,
    ManyClusters,
    Registry,
    cluster,
    cluster_many,
)
from libconsortium.catalogue_steps import maps

_REGISTRY = Registry()


def _held(count: int, *, members: int) -> list[BibRecord]:
    found = [
        attrs.evolve(one.record, source=f"m{number % members}", identifier=f"{number}")
        for number, one in enumerate(records(count))
    ]
    return found[::2][::-1] + found[1::2]


def _all_at_once(
    held: Iterable[BibRecord],
) -> tuple[list[tuple[str, str]], set[tuple[str, str, Evidence]]]:
    held = list(held)
    members = {one.source: one.source for one in held}
    catalogue = cluster(held, members, _REGISTRY, threshold=LIKELY_SCORE)

    def own(key: str) -> str:
        return key.partition("\t")[2]

    rows = [(own(key), own(found.id)) for found in catalogue.clusters for key in found.records]
    links = {
        (own(link.left), own(link.right), link.evidence)
        for found in catalogue.clusters
        for link in found.links
    }
    return sorted(rows), links


@pytest.mark.slow
@pytest.mark.parametrize("members", [1, 7])
def test_many_records_are_joined_as_all_at_once_are(members: int) -> None:
    held = _held(1_500, members=members)
    rows, links = _all_at_once(held)

    with cluster_many(iter(held), _REGISTRY) as found:
        assert list(found.rows()) == rows
        assert {(one.left, one.right, one.evidence) for one in found.links()} == links
        assert (found.records, found.members) == (1_500, members)
        assert found.clusters == len({cluster_id for _, cluster_id in rows})
        assert 0 < found.joined < found.clusters


def test_no_records_are_no_clusters() -> None:
    with cluster_many((), _REGISTRY) as found:
        assert list(found.rows()) == []
        assert _counts(found) == (0, 0, 0, 0)


def test_half_a_character_in_an_id_comes_out_as_it_was() -> None:
    book = BibRecord(source="a", identifier="x\udc80", titles=("Sóng",))

    with cluster_many([book], _REGISTRY) as found:
        assert list(found.rows()) == [("x\udc80", "x\udc80")]


def _counts(found: ManyClusters) -> tuple[int, int, int, int]:
    return found.records, found.members, found.clusters, found.joined


@pytest.mark.parametrize(
    ("error", "said"), [(KeyboardInterrupt(), KeyboardInterrupt), (MemoryError(), Exception)]
)
def test_what_ends_the_reading_between_two_batches_is_said_as_it_is(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, said: type[BaseException]
) -> None:
    def stopped(*_: object) -> pa.Table:
        raise error

    monkeypatch.setattr(maps, "_ROWS_A_BATCH", 2)
    monkeypatch.setattr(maps, "table", stopped)

    with pytest.raises(said), cluster_many(_held(9, members=1), _REGISTRY):
        pass
