"""How many bytes a harvested record takes, from the XML received to the segments of match fields.

python -m benchmarks.catalogue_sizes [--records N] [--page N] [--store FILE]

Invented oai_dc records are harvested from a server here, their pages packed tight
(``libconsortium compact``) and their match fields gathered. ``--store`` takes a store that was
harvested into instead; its pages are packed. Everything is given as a part of the XML received.
The goal is 0.12 for the pages, of pages with a hundred records and more.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.harvest import run, serving
from libconsortium import (
    CatalogueFolder,
    Registry,
    Store,
    gather,
    reading_rules,
)

PURPOSE = "bytes kept of a record: pages, packed pages, segments, as a part of the XML"

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_FORMAT = "oai_dc"


def main(arguments: Iterable[str] | None = None) -> None:
    """Print bytes and parts."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.catalogue_sizes", description=__doc__
    )
    parser.add_argument("--records", type=int, default=10_000, help="how many records")
    parser.add_argument("--page", type=int, default=100, help="records a page")
    parser.add_argument("--store", type=Path, help="a store that was harvested into")
    wanted = parser.parse_args(None if arguments is None else list(arguments))
    registry = Registry()
    with tempfile.TemporaryDirectory() as folder:
        path = wanted.store
        if path is None:
            with serving(_FORMAT, str(wanted.records), str(wanted.page), "0") as url:
                run("harvest", url, _FORMAT, folder)
            (path,) = Path(folder).glob("*.db")
        with closing(registry.store_for("sqlite").open(f"sqlite:///{path}")) as store:
            _print(store, registry, Path(folder))


def _print(store: Store, registry: Registry, path: Path) -> None:
    packed = store.compact()
    sources = {one.source: one.source for one in store.record_counts()}
    folder = CatalogueFolder(path / "bench.catalogue")
    with folder.locked():
        rules = dict.fromkeys(sources, reading_rules(registry))
        segments = gather(store, registry, folder, rules, at=_NOW)
    received, count = packed.received, segments.rows
    print(f"{count} records in {packed.bodies} pages, {received / count:.0f} bytes of XML each")
    for name, size in (
        ("pages as they came", packed.before),
        ("pages packed", packed.after),
        ("segments", segments.size),
        ("packed and segments", packed.after + segments.size),
    ):
        print(f"{name:<22} {size / count:8.1f} bytes a record   {size / received:6.3f} of the XML")


if __name__ == "__main__":
    main()
