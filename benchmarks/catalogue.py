"""How fast the union catalogue is built, and how much memory it takes, stage by stage.

python -m benchmarks.catalogue [--records N] [--engine NAME] [--keep FOLDER [--copies K]] [--peer]
                               [--parts P]

The SET stage is compared with the floor: one scan and one hash grouping of the table of keys, on
the same engine in the same run. MAP is given as records or pairs a second on one processor.

``--keep`` keeps what MAP made as Parquet files, or takes it from there: then only records within a
component are compared. ``--copies`` puts as many copies of them side by side, which have
no key in common. ``LIBCONSORTIUM_MEMORY=2GB`` limits DuckDB, ``LIBCONSORTIUM_PROCESSES=1`` the
processes of MAP. ``--peer`` has splink do the same.

Comparison goes part by part, the pairs of 200,000 records at a time. ``--parts`` compares so many
of them, evenly spread, and ends there: of ten million records all parts take some hours, and 30 GB
of disk for what does not fit into memory (``TMPDIR`` says where).
"""

from __future__ import annotations

import argparse
import resource
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import attrs
import pyarrow as pa
from pyarrow import compute, parquet

from benchmarks import splink_peer
from benchmarks.synthetic import records
from libconsortium import MERGE_SCORE, CatalogueEngine, Engine, MatchRule, Registry, match_fields
from libconsortium.catalogue_steps import maps, sql
from libconsortium.catalogue_steps.build import CLASH_SCORE
from libconsortium.catalogue_steps.tables import (
    compare_pairs,
    join_up,
    pairs_with_fields,
    take_decisions,
)
from libconsortium.core.catalogue.matching import packed

PURPOSE = "union catalogue: each stage, SET as a ratio to scan + hash grouping"

_FLOOR = "select count(*), max(n) from (select key, count(*) as n from keys group by key) as g"
_PLACES = (("member", "string"), ("place", maps.NUMBER))
_OWNERS = "select r.nr, p.place as member from records as r join places as p on r.member = p.member"
_HOLDS = "select distinct c.cluster, r.member from clusters as c join owners as r on c.nr = r.nr"
_KEPT = ("records", "keys", "compared", "conflicts")
_CAP = 100
_FLOORS = 3  # the median of so many
_TOLD_SECONDS = 10.0  # what takes as long is told as soon as it ends
_TIMED_AT_ONCE = 1_000  # records; to ask for the time takes as long as a part of their fields


def _spent() -> float:
    """Return the processor seconds of this program and of the processes that it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


@attrs.define
class _Clock:
    """Wall and processor seconds of each stage, of all threads and of processes that ended."""

    wall: dict[str, float] = attrs.field(factory=dict)
    processor: dict[str, float] = attrs.field(factory=dict)

    @contextmanager
    def timed(self, stage: str, instead_of: str = "") -> Iterator[None]:
        start = perf_counter(), _spent()
        yield
        spent = perf_counter() - start[0], _spent() - start[1]
        for seconds, more in zip((self.wall, self.processor), spent, strict=True):
            seconds[stage] = seconds.get(stage, 0.0) + more
            if instead_of:
                seconds[instead_of] = seconds.get(instead_of, 0.0) - more
        if spent[0] > _TOLD_SECONDS:
            print(f"{stage}: {spent[0]:.0f} s, {spent[1]:.0f} cpu s", file=sys.stderr, flush=True)


class _MapsApart:
    """An engine whose MAP steps are timed apart: comparing within components is one."""

    def __init__(self, engine: Engine, clock: _Clock) -> None:
        self._engine, self._clock = engine, clock

    def map(
        self, name: str, function: Callable[[Any], Any], source: str | list[str], schema: object
    ) -> None:
        with self._clock.timed("MAP compare", instead_of="SET components"):
            self._engine.map(name, function, source, schema)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the engine has
        return getattr(self._engine, name)


def main(arguments: Iterable[str] | None = None) -> None:
    """Print seconds and ratios of every stage."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.catalogue", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000, help="how many records")
    parser.add_argument("--engine", default="duckdb", help="name of the catalogue engine")
    parser.add_argument("--keep", type=Path, help="folder for what MAP made, or where it is")
    parser.add_argument("--copies", type=int, default=1, help="of what was kept, side by side")
    parser.add_argument("--parts", type=int, help="how many parts to compare; all, if not given")
    parser.add_argument("--peer", action="store_true", help="time splink on the same records")
    wanted = parser.parse_args(None if arguments is None else list(arguments))
    registry = Registry()
    rule = registry.find(MatchRule, "bibliographic")
    clock = _Clock()
    tables = registry.find(CatalogueEngine, wanted.engine).start()
    is_kept = wanted.keep is not None and (wanted.keep / "conflicts.parquet").exists()
    try:
        if is_kept:
            _side_by_side(tables, wanted.keep, wanted.copies)
        else:
            _read_fields(tables, wanted.records, clock)
            with clock.timed("MAP keys"):
                tables.map("keys", maps.keys_step(rule), "records", maps.schema(maps.KEYS))
        pairs = _make_pairs(tables, clock, None if is_kept else wanted.keep)
        compared = pairs
        if wanted.parts:
            compared = _compare_parts(tables, rule, clock, wanted.parts)
        else:
            _run(tables, rule, clock, wanted.keep, is_kept=is_kept)
        count = tables.one("select count(*) from records")[0]
    finally:
        tables.close()
    _print(clock, count, pairs, compared=0 if is_kept else compared)
    if wanted.peer and not wanted.parts:
        stages = ("SET pairs", "MAP compare", "SET components")
        splink_peer.main(wanted.records, sum(clock.processor[stage] for stage in stages))


def _read_fields(tables: Engine, count: int, clock: _Clock) -> None:
    def _rows() -> Iterator[tuple[int, str, str]]:
        invented = enumerate(records(count))
        while some := list(islice(invented, _TIMED_AT_ONCE)):
            with clock.timed("MAP read fields"):
                rows = [
                    (nr, one.record.source, packed(match_fields(one.record))) for nr, one in some
                ]
            yield from rows

    tables.source("records", maps.reader(maps.NUMBERED, _rows()))


def _make_pairs(tables: Engine, clock: _Clock, keep: Path | None) -> int:
    """Make ``pairs`` out of ``keys``; return how many there are."""
    if keep is not None:
        _keep(tables, keep, "records", "keys")
    _time_floor(tables, clock)
    with clock.timed("SET pairs"):
        for name, text in sql.PAIR_STEPS:
            tables.mat(name, text.format(cap=_CAP))
        for name in sql.ONLY_FOR_PAIRS:
            tables.drop(name)
    (pairs,) = tables.one("select count(*) from pairs")
    print(f"{pairs} pairs", file=sys.stderr, flush=True)
    return int(pairs)


def _compare_parts(tables: Engine, rule: MatchRule, clock: _Clock, count: int) -> int:
    """Compare some parts of the pairs, evenly spread; return how many pairs they have."""
    parts = pairs_with_fields(tables)
    some = [parts[place * len(parts) // count] for place in range(min(count, len(parts)))]
    compared = 0
    for number, part in enumerate(some, start=1):
        (pairs,) = tables.one(f"select count(*) from {part}")  # noqa: S608 - our own steps
        compared += pairs
        with clock.timed("MAP compare"):
            step = maps.compare_step(rule, MERGE_SCORE)
            tables.map("compared", step, part, maps.schema(maps.COMPARED))
        print(f"part {number} of {len(some)}: {pairs} pairs", file=sys.stderr, flush=True)
    print(f"{len(some)} of {len(parts)} parts compared: {compared} pairs")
    return compared


def _run(
    tables: Engine, rule: MatchRule, clock: _Clock, keep: Path | None, *, is_kept: bool
) -> None:
    names = tables.arrow("select distinct member from records order by member")["member"]
    tables.source(
        "places", maps.table(_PLACES, ((name.as_py(), place) for place, name in enumerate(names)))
    )
    tables.mat("owners", _OWNERS)
    if not is_kept:
        with clock.timed("MAP compare"):
            compare_pairs(tables, rule, threshold=MERGE_SCORE)
    take_decisions(tables, (), ())
    with clock.timed("SET components"):
        join_up(_MapsApart(tables, clock), rule, clash=CLASH_SCORE)
    if keep is not None and not is_kept:
        _keep(tables, keep, "compared", "conflicts")
    with clock.timed("SET overlap"):
        tables.mat("holds", _HOLDS)
        tables.mat("holders", sql.HOLDERS)
        for text in (sql.MATRIX, sql.UNIQUE, sql.HELD_BY):
            tables.arrow(text)


def _time_floor(tables: Engine, clock: _Clock) -> None:
    tries = [_Clock() for _ in range(_FLOORS)]
    for one in tries:
        with one.timed("floor"):
            tables.one(_FLOOR)
    clock.wall["floor"] = median(one.wall["floor"] for one in tries)
    clock.processor["floor"] = median(one.processor["floor"] for one in tries)


def _keep(tables: Engine, folder: Path, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        rows = tables.arrow(f"select * from {name}")  # noqa: S608 - our own tables
        parquet.write_table(rows, folder / f"{name}.parquet", compression="zstd")


def _side_by_side(tables: Engine, folder: Path, copies: int) -> None:
    """Make tables of what was kept, several times: other numbers of records, other keys."""
    count = parquet.read_metadata(folder / "records.parquet").num_rows
    for name in _KEPT[:3]:
        paths = [folder / f"{name}.parquet"]
        for copy in range(1, copies):
            paths.append(folder / f"{name}-{copy}.parquet")
            if not paths[-1].exists():
                _copied(paths[0], paths[-1], count * copy, copy)
        tables.source(name, paths)


def _copied(path: Path, other: Path, more: int, copy: int) -> None:
    source = parquet.ParquetFile(path)
    with parquet.ParquetWriter(other, source.schema_arrow, compression="zstd") as out:
        for batch in source.iter_batches(200_000):
            columns = {name: batch.column(name) for name in batch.schema.names}
            for name in {"nr", "l", "r"} & set(columns):
                columns[name] = compute.add(columns[name], pa.scalar(more, columns[name].type))
            if "key" in columns:
                columns["key"] = compute.bit_wise_xor(columns["key"], pa.scalar(copy, pa.int64()))
            out.write_batch(pa.record_batch(list(columns.values()), schema=batch.schema))


def _print(clock: _Clock, count: int, pairs: int, *, compared: int) -> None:
    floor, least = clock.wall["floor"], clock.processor["floor"]
    print(f"{count} records, {pairs} pairs{f', {compared} compared' if compared else ' kept'}")
    print(f"{'stage':<16} {'wall s':>9} {'cpu s':>9}")
    print(f"{'floor':<16} {floor:9.3f} {least:9.3f}   scan and hash grouping of the keys")
    together = [0.0, 0.0]
    for stage, spent in clock.processor.items():
        wall = clock.wall.get(stage, 0.0)
        if stage.startswith("MAP"):
            done = compared if stage == "MAP compare" else count
            rate = f"   {done / spent:9.0f} a second and processor" if compared else ""
            print(f"{stage:<16} {wall:9.3f} {spent:9.3f}{rate}")
        elif stage != "floor":
            together = [together[0] + wall, together[1] + spent]
            _print_ratio(stage, wall, spent, floor, least)
    _print_ratio("SET together", together[0], together[1], floor, least)
    if compared and "SET components" in clock.processor:
        mapped = sum(spent for stage, spent in clock.processor.items() if stage.startswith("MAP"))
        whole = mapped + together[1]
        print(f"{'whole rebuild':<16} {'':9} {whole:9.3f}   {whole / mapped:6.2f} x its MAP stages")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"{'most memory':<16} {most / 1e6:9.0f} MB, {most / count / 1e3:.2f} KB a record")


def _print_ratio(stage: str, wall: float, spent: float, floor: float, least: float) -> None:
    ratios = f"{wall / floor:6.1f} x floor, {spent / least:6.1f} x in cpu seconds"
    print(f"{stage:<16} {wall:9.3f} {spent:9.3f}   {ratios}")


if __name__ == "__main__":
    main()
