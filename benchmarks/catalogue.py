"""How fast the union catalogue is built, stage by stage.

python -m benchmarks.catalogue [--records N] [--engine NAME]

The SET stage is compared with the floor: one scan and one hash grouping of the table of keys, on
the same engine in the same run. MAP is given as records or pairs a second on one processor.
"""

from __future__ import annotations

import argparse
import resource
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from time import perf_counter, process_time
from typing import Any

from benchmarks.synthetic import records
from libconsortium import MERGE_SCORE, CatalogueEngine, Engine, MatchRule, Registry, match_fields
from libconsortium import catalogue_maps as maps
from libconsortium import catalogue_sql as sql
from libconsortium.catalogue_steps import CLASH_SCORE
from libconsortium.catalogue_tables import join_up, take_decisions
from libconsortium.core.catalogue.matching import packed

PURPOSE = "union catalogue: each stage, SET as a ratio to scan + hash grouping"

_RECORDS = (("nr", "int64"), ("member", "string"), ("fields", "string"))
_FLOOR = "select count(*), max(n) from (select key, count(*) as n from keys group by key) as g"
_HOLDS = "select distinct c.cluster, r.member from clusters as c join records as r on c.nr = r.nr"
_CAP = 100


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    # MAP runs on one processor, whatever else the machine does meanwhile.
    clock = process_time if stage.startswith("MAP") else perf_counter
    start = clock()
    yield
    seconds[stage] = seconds.get(stage, 0.0) + clock() - start


def main(arguments: Iterable[str] | None = None) -> None:
    """Print seconds and ratios of every stage."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.catalogue", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000, help="how many records")
    parser.add_argument("--engine", default="duckdb", help="name of the catalogue engine")
    wanted = parser.parse_args(None if arguments is None else list(arguments))
    registry = Registry()
    rule = registry.find(MatchRule, "bibliographic")
    seconds: dict[str, float] = {}
    held = [one.record for one in records(wanted.records)]
    with _timed(seconds, "MAP read fields"):
        rows = [(nr, one.source, packed(match_fields(one))) for nr, one in enumerate(held)]
    tables = registry.find(CatalogueEngine, wanted.engine).start()
    try:
        tables.source("records", maps.table(_RECORDS, rows))
        pairs = _run(tables, rule, seconds)
    finally:
        tables.close()
    _print(seconds, wanted.records, pairs)


class _MapsTimed:
    """An engine that counts how long its MAP steps take: comparing within components is one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.seconds = 0.0

    def map(self, name: str, function: Callable[[Any], Any], source: str, schema: object) -> None:
        start = perf_counter()
        self._engine.map(name, function, source, schema)
        self.seconds += perf_counter() - start

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the engine has
        return getattr(self._engine, name)


def _run(tables: Engine, rule: MatchRule, seconds: dict[str, float]) -> int:
    with _timed(seconds, "MAP keys"):
        tables.map("keys", maps.keys_step(rule), "records", maps.schema(maps.KEYS))
    tables.one(_FLOOR)
    with _timed(seconds, "floor"):
        tables.one(_FLOOR)
    with _timed(seconds, "SET pairs"):
        for name, text in sql.PAIR_STEPS:
            tables.mat(name, text.format(cap=_CAP))
    with _timed(seconds, "MAP compare"):
        step = maps.compare_step(rule, MERGE_SCORE)
        tables.map("compared", step, sql.TO_COMPARE, maps.schema(maps.COMPARED))
    take_decisions(tables, (), ())
    with _timed(seconds, "SET components"):
        within = _MapsTimed(tables)
        join_up(within, rule, clash=CLASH_SCORE)
    seconds["SET components"] -= within.seconds
    seconds["MAP compare"] += within.seconds
    with _timed(seconds, "SET overlap"):
        tables.mat("holds", _HOLDS)
        tables.mat("holders", sql.HOLDERS)
        for text in (sql.MATRIX, sql.UNIQUE, sql.HELD_BY):
            tables.arrow(text)
    return int(tables.one("select count(*) from pairs")[0])


def _print(seconds: dict[str, float], count: int, pairs: int) -> None:
    floor = seconds.pop("floor")
    print(f"{count} records, {pairs} pairs compared")
    print(f"{'floor':<16} {floor:8.3f} s   scan and hash grouping of the keys")
    for stage, spent in seconds.items():
        if stage.startswith("SET"):
            print(f"{stage:<16} {spent:8.3f} s   {spent / floor:6.1f} x floor")
        else:
            done = pairs if stage == "MAP compare" else count
            print(f"{stage:<16} {spent:8.3f} s   {done / spent:9.0f} a second")
    total = sum(spent for stage, spent in seconds.items() if stage.startswith("SET"))
    print(f"{'SET together':<16} {total:8.3f} s   {total / floor:6.1f} x floor")
    print(f"most memory      {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MB")


if __name__ == "__main__":
    main()
