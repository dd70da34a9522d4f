"""How long the command line takes to join one large table, and how much memory.

python -m benchmarks.cluster_file [--records N] [--keep CSV] [--check]

Invented records are written as a CSV file; ``libconsortium cluster FILE --csv OUT`` runs in a
process of its own, so that its time and its most memory are its own. ``LIBCONSORTIUM_MEMORY=1GB``
limits DuckDB, ``LIBCONSORTIUM_PROCESSES=1`` the processes. ``--keep`` names the file, which is
made only if it is not there. ``--check`` compares the clusters with what is true of the records.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks.synthetic import records
from libconsortium import BibRecord

PURPOSE = "cluster FILE: one table from the command line, time and memory"

_HEADINGS = ("id", "member", "title", "author", "year", "isbn", "volume", "edition", "pages",
             "publisher", "type", "journal")  # fmt: skip


def main(arguments: Iterable[str] | None = None) -> None:
    """Print seconds and memory of the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster_file", description=__doc__)
    parser.add_argument("--records", type=int, default=20_000, help="how many records")
    parser.add_argument("--keep", type=Path, help="the CSV file, made if it is not there")
    parser.add_argument("--check", action="store_true", help="print precision, recall and F1")
    wanted = parser.parse_args(None if arguments is None else list(arguments))
    with TemporaryDirectory() as folder:
        table = wanted.keep or Path(folder) / "records.csv"
        if not table.exists():
            _write(table, wanted.records)
        out = Path(folder) / "clusters.csv"
        command = (sys.executable, "-m", "libconsortium", "cluster", str(table), "--csv", str(out))
        start = perf_counter()
        child = os.posix_spawn(sys.executable, command, os.environ)
        _, status, used = os.wait4(child, 0)
        wall = perf_counter() - start
        rows = sum(1 for _ in out.open("rb")) - 1
        accuracy = _accuracy(out, rows) if wanted.check else ""
    spent = used.ru_utime + used.ru_stime
    print(f"{rows:,} rows, {wall:.1f} s, {spent:.1f} processor s ({rows / spent:,.0f} a"
          f" second), most memory of a process {used.ru_maxrss / 1024:,.0f} MB,"
          f" load {os.getloadavg()[0]:.1f}, status {status}{accuracy}")  # fmt: skip


def _accuracy(path: Path, count: int) -> str:
    truth = [one.publication for one in records(count)]
    with path.open(encoding="utf-8", newline="") as file:
        found = [(row["cluster"], truth[int(row["id"])]) for row in csv.DictReader(file)]
    right = _pairs(Counter(found))
    precision, recall = (
        right / _pairs(Counter(every)) for every in ((one for one, _ in found), truth)
    )
    score = 2 * precision * recall / (precision + recall)
    return f"\npairs: precision {precision:.4f}, recall {recall:.4f}, F1 {score:.4f}"


def _pairs(sizes: Counter[Any]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def _write(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(_HEADINGS)
        writer.writerows(_row(number, one.record) for number, one in enumerate(records(count)))


def _row(number: int, record: BibRecord) -> tuple[object, ...]:
    isbn = ";".join(one.value for one in record.identifiers if one.scheme == "isbn")
    publisher, kind = (next(iter(one), "") for one in (record.publishers, record.types))
    return (
        number,
        record.source,
        record.title,
        ";".join(record.creators),
        record.year or "",
        isbn,
        record.volume,
        record.edition,
        record.extent,
        publisher,
        kind,
        record.journal,
    )


if __name__ == "__main__":
    main()
