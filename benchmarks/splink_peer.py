"""Splink on the same invented records, from the same match fields: the peer of the catalogue.

Blocking by title and year, title and author, and ISBN; volume and year must agree where they are,
as our guards want it. Left out, with a note, where splink is not installed.

python -m benchmarks.splink_peer COUNT
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import islice
from time import perf_counter, process_time
from typing import Any

import pyarrow as pa

from benchmarks.synthetic import records
from libconsortium import match_fields

_GUARD = "(l.volume = r.volume or l.volume is null or r.volume is null)"
_BLOCKS = (
    f"l.title = r.title and {_GUARD}",
    f"l.author = r.author and l.year = r.year and {_GUARD}",
    f"l.isbn = r.isbn and {_GUARD}",
)
_SURE = 0.99
_ROWS_A_BATCH = 20_000
_SHAPE = pa.schema(
    [
        ("unique_id", pa.int64()),
        ("publication", pa.int64()),
        ("title", pa.string()),
        ("year", pa.int64()),
        ("author", pa.string()),
        ("volume", pa.string()),
        ("isbn", pa.string()),
        ("pages", pa.int64()),
    ]
)


def main(count: int, ours: float | None = None) -> None:
    """Time splink from match fields to clusters, and print how good they are.

    It runs in a process of its own, so that its memory is its own.

    Args:
        count: How many records.
        ours: Processor seconds that we took for the same.
    """
    if find_spec("splink") is None:
        print("splink is not installed (pip install splink): left out")
        return
    command = (sys.executable, "-m", "benchmarks.splink_peer", str(count), str(ours or ""))
    _, status, used = os.wait4(os.posix_spawn(sys.executable, command, os.environ), 0)
    print(f"{'':16} most memory {used.ru_maxrss / 1024:.0f} MB, reading included"
          f"{'' if status == 0 else f'; IT DID NOT FINISH, status {status}'}")  # fmt: skip


def _run(count: int, ours: str) -> None:
    import splink

    rows = pa.Table.from_batches(_batches(count))
    wall, spent = perf_counter(), process_time()
    clusters = _clusters(rows)
    wall, spent = perf_counter() - wall, process_time() - spent
    ratio = f"; ours {float(ours) / spent:.1f} x as much" if ours else ""
    print(f"splink {splink.__version__:<9} {wall:9.3f} {spent:9.3f}   fields to clusters, {count}"
          f"{ratio}")  # fmt: skip
    print(f"{'':16} pairs right, found, to find: {_figures(clusters)}", flush=True)


def _batches(count: int) -> Iterator[pa.RecordBatch]:
    rows = _rows(count)
    while some := list(islice(rows, _ROWS_A_BATCH)):
        yield pa.RecordBatch.from_pylist(some, _SHAPE)


def _rows(count: int) -> Iterator[dict[str, object]]:
    for nr, one in enumerate(records(count)):
        fields = match_fields(one.record)
        isbn = next((name for name in sorted(fields.identifiers) if name.startswith("isbn")), None)
        author = fields.creators[0] if fields.creators else None
        values = (nr, one.publication, fields.title, fields.year, author, fields.volume or None)
        yield dict(zip(_SHAPE.names, (*values, isbn, fields.pages), strict=True))


def _clusters(rows: pa.Table) -> pa.Table:
    import duckdb
    import splink.comparison_library as library
    from splink import DuckDBAPI, Linker, SettingsCreator

    database = duckdb.connect(":memory:")
    database.register("given", rows)
    database.execute("create table input as select * from given")
    api: Any = DuckDBAPI(database)
    creator: Any = SettingsCreator
    settings = creator(
        link_type="dedupe_only",
        comparisons=[
            library.JaroWinklerAtThresholds("title", [0.95, 0.88]),
            library.JaroWinklerAtThresholds("author", [0.9]),
            *(library.ExactMatch(name) for name in ("year", "volume", "isbn", "pages")),
        ],
        blocking_rules_to_generate_predictions=list(_BLOCKS),
        retain_intermediate_calculation_columns=False,
    )
    linker: Any = Linker(api.register("input"), settings, log_level="ERROR")
    linker.training.estimate_u_using_random_sampling(max_pairs=1_000_000)
    linker.training.estimate_parameters_using_expectation_maximisation(_BLOCKS[0])
    linker.training.estimate_parameters_using_expectation_maximisation(_BLOCKS[1])
    found = linker.inference.predict(threshold_match_probability=_SURE)
    made = linker.clustering.cluster_pairwise_predictions_at_threshold(found, _SURE)
    text = f"select unique_id, cluster_id, publication from {made.physical_name}"  # noqa: S608
    return pa.table(database.sql(text))


def _figures(clusters: pa.Table) -> tuple[int, int, int]:
    def _pairs(*columns: str) -> int:
        counts = clusters.group_by(list(columns)).aggregate([("unique_id", "count")])
        return sum(n * (n - 1) // 2 for n in counts["unique_id_count"].to_pylist())

    return _pairs("cluster_id", "publication"), _pairs("cluster_id"), _pairs("publication")


if __name__ == "__main__":
    _run(int(sys.argv[1]), "".join(sys.argv[2:3]))
