"""Merges small segments into larger ones and leaves out the rows that newer ones replaced."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import attrs

from libconsortium.catalogue_steps.maps import arrow
from libconsortium.catalogue_steps.update.folder import CatalogueFolder
from libconsortium.catalogue_steps.update.rows import (
    parquet_writer,
    placed_rows,
    read_columns,
    segment_schema,
)
from libconsortium.core.catalogue.segments import Segment
from libconsortium.store import Store

if TYPE_CHECKING:
    import pyarrow as pa

_MERGED_AT_ONCE = 8
"""So many segments of about one size become one: every row is copied once per size."""

_MOST_REPLACED = 0.5
"""Part of a segment's rows that newer ones may have replaced before it is written anew."""


def merged(store: Store, folder: CatalogueFolder, known: Sequence[Segment], *, at: datetime) -> int:
    """Merge the segments of a source where it is worth it; the folder must be locked.

    Args:
        store: Where the ledger is.
        folder: Where the segments are; files no longer named stay until they are swept.
        known: The segments of one source in the ledger.
        at: The moment.

    Returns:
        How many segments were merged into others.
    """
    if not (_alike(known) or _perhaps_replaced(known)):
        return 0
    rows = placed_rows(folder, known)
    count = 0
    for chosen in _choices(known, Counter(rows.column("part").to_pylist())):
        written = _merge(folder, known, chosen, rows, at=at)
        store.change_segments([written], [known[part].name for part in chosen])
        count += len(chosen)
    return count


def _alike(known: Sequence[Segment]) -> list[list[int]]:
    """Return where enough segments of about one size are, by their places in the ledger."""
    alike: defaultdict[tuple[str, str, str, int], list[int]] = defaultdict(list)
    for part, one in enumerate(known):
        tier = one.rows.bit_length() // 3
        alike[one.made_by, one.namespace, one.prefix, tier].append(part)
    return [parts for parts in alike.values() if len(parts) >= _MERGED_AT_ONCE]


def _perhaps_replaced(known: Sequence[Segment]) -> bool:
    """Say whether newer rows may have replaced enough of a segment, without reading any."""
    return any(
        sum(newer.rows for newer in known if newer.batch > one.batch)
        > one.rows * (1 - _MOST_REPLACED)
        for one in known
    )


def _choices(known: Sequence[Segment], live: Counter[int]) -> list[list[int]]:
    """Return which segments become one, by their places in the ledger."""
    chosen = _alike(known)
    taken = {part for parts in chosen for part in parts}
    for part, one in enumerate(known):
        if part not in taken and live[part] < one.rows * _MOST_REPLACED:
            chosen.append([part])
    return chosen


def _merge(
    folder: CatalogueFolder,
    known: Sequence[Segment],
    chosen: Sequence[int],
    rows: pa.Table,
    *,
    at: datetime,
) -> Segment:
    parts = [known[part] for part in chosen]
    table = arrow().concat_tables(_kept(folder, known, chosen, rows)).sort_by("identifier")
    written = folder.write("segment", parquet_writer([table]))
    return attrs.evolve(
        max(parts, key=lambda one: one.batch),
        name=written.name,
        rows=table.num_rows,
        size=written.size,
        sha256=written.sha256,
        at=at,
        through=max(one.through for one in parts),
    )


def _kept(
    folder: CatalogueFolder, known: Sequence[Segment], chosen: Sequence[int], rows: pa.Table
) -> Iterator[pa.Table]:
    """Give the rows of segments that hold, tombstones too: an older row may stand elsewhere."""
    import pyarrow.compute as pc

    for part in chosen:
        places = rows.filter(pc.equal(rows.column("part"), part)).column("place")
        whole = read_columns(folder, known[part].name, segment_schema().names)
        yield whole.take(places).cast(segment_schema())
