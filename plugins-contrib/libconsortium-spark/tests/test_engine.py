"""Spark gives the rows that DuckDB gives: the same text, the same Python."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.labelled import all_sets, folder
from benchmarks.synthetic import records
from libconsortium import (
    BibRecord,
    CatalogueEngine,
    CatalogueError,
    Decision,
    MatchRule,
    Registry,
    UnionCatalogue,
    Verdict,
    cluster,
    hookimpl,
    overlap,
    record_key,
)
from libconsortium.testing import check_catalogue_engine

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("local_spark")]
REGISTRY = Registry()


def both(held: list[BibRecord], **more: Any) -> Iterator[UnionCatalogue]:
    members = {record.source: record.source for record in held}
    for engine in ("duckdb", "spark"):
        yield cluster(held, members, REGISTRY, engine=engine, **more)


def test_the_engine_is_found_by_entry_point_and_keeps_its_promises() -> None:
    engine = REGISTRY.find(CatalogueEngine, "spark")

    assert REGISTRY.giver(CatalogueEngine, "spark") == "spark"
    check_catalogue_engine(engine)


def test_invented_records_give_the_same_catalogue() -> None:
    held = [one.record for one in records(20_000, members=8)]

    duckdb, spark = both(held)

    assert len(duckdb.clusters) > 10_000
    assert spark == duckdb
    assert overlap(spark, REGISTRY, engine="spark") == overlap(duckdb, REGISTRY)


def test_big_blocks_and_decisions_give_the_same_catalogue() -> None:
    held = [one.record for one in records(1_500, members=4)]
    keys = sorted(record_key(one.source, one.identifier) for one in held)
    decisions = [
        Decision(left=left, right=right, verdict=verdict)
        for left, right, verdict in zip(
            keys[::50], keys[1::50], [Verdict.SAME, Verdict.DIFFERENT] * 15, strict=True
        )
    ]

    duckdb, spark = both(held, block_cap=3, decisions=decisions)

    assert {problem.code for problem in duckdb.problems} == {"BLOCK_TOO_LARGE"}
    assert spark == duckdb


@pytest.mark.parametrize("name", ["bibdedupe", "swissbib"])
def test_labelled_records_give_the_same_catalogue(name: str) -> None:
    found = {one.name: one for one in all_sets(folder())} if folder().is_dir() else {}
    if name not in found:
        pytest.skip(f"no labelled set {name!r}; LIBCONSORTIUM_CORPORA says where it is")

    duckdb, spark = both(list(found[name].records), threshold=0.5)

    assert any(len(one.records) > 1 for one in duckdb.clusters)
    assert spark == duckdb


class _Bad:
    @hookimpl
    def consortium_match_rules(self) -> list[MatchRule]:
        return [MatchRule(name="bad", keys=lambda _: 1 // 0, compare=lambda *_: None)]  # type: ignore[arg-type, return-value]


def test_a_rule_that_fails_on_a_worker_is_named_with_the_record() -> None:
    registry = Registry(plugins={"bad": _Bad()})
    book = BibRecord(source="a", identifier="1", titles=("Dế mèn",))

    with pytest.raises(CatalogueError, match=r"'bad' failed on a 1: ZeroDivisionError"):
        cluster([book], {"a": "A"}, registry, engine="spark", rules="bad")
