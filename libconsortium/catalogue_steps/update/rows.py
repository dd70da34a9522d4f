"""The rows of segments: how they are laid out, written, and which of them hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO

import attrs

from libconsortium.catalogue_steps.maps import arrow
from libconsortium.catalogue_steps.update.folder import CatalogueFolder
from libconsortium.core.catalogue.segments import Segment
from libconsortium.core.errors import CatalogueError

if TYPE_CHECKING:
    import pyarrow as pa

HELD_FIELDS = ("call_numbers", "links")
"""Fields of a record that a holding shows, as given; kept beside the match fields."""

_PLACED = ("identifier", "batch", "is_deleted")
_ROWS_A_GROUP = 50_000


@attrs.frozen
class SegmentRow:
    """One record in a segment.

    Args:
        identifier: Its identifier within its source.
        page_run: The harvest run whose page it came on, as it is now.
        page_number: The page within that run.
        is_deleted: It is a tombstone.
        fields: Its match fields, packed; empty for a tombstone.
        held: What its holding shows, in the order of ``HELD_FIELDS``.
    """

    identifier: str
    page_run: int
    page_number: int
    is_deleted: bool = False
    fields: str = ""
    held: tuple[tuple[str, ...], ...] = ((),) * len(HELD_FIELDS)


def segment_schema() -> pa.Schema:
    """Return the columns of a segment.

    >>> segment_schema().names[:2]
    ['identifier', 'batch']
    """
    pyarrow = arrow()
    return pyarrow.schema(
        [
            ("identifier", pyarrow.string()),
            ("batch", pyarrow.int32()),
            ("page_run", pyarrow.int32()),
            ("page_number", pyarrow.int32()),
            ("is_deleted", pyarrow.bool_()),
            ("fields", pyarrow.string()),
            *((name, pyarrow.list_(pyarrow.string())) for name in HELD_FIELDS),
        ]
    )


def rows_table(rows: Sequence[SegmentRow], batch: int) -> pa.Table:
    """Make an Arrow table of rows.

    >>> rows_table([SegmentRow("1", 1, 1)], 3).column("batch").to_pylist()
    [3]
    """
    columns: dict[str, list[object]] = {
        "identifier": [row.identifier for row in rows],
        "batch": [batch] * len(rows),
        "page_run": [row.page_run for row in rows],
        "page_number": [row.page_number for row in rows],
        "is_deleted": [row.is_deleted for row in rows],
        "fields": [row.fields for row in rows],
    }
    for index, name in enumerate(HELD_FIELDS):
        columns[name] = [row.held[index] for row in rows]
    return arrow().table(columns, schema=segment_schema())


def parquet_writer(tables: Iterable[pa.Table]) -> Callable[[BinaryIO], None]:
    """Return what writes tables of one schema into a Parquet file; the first gives the schema."""

    def _write(file: BinaryIO) -> None:
        arrow()
        from pyarrow import parquet

        rest = iter(tables)
        first = next(rest)
        with parquet.ParquetWriter(
            file, first.schema, compression="zstd", write_page_checksum=True
        ) as writer:
            for table in (first, *rest):
                writer.write_table(table, row_group_size=_ROWS_A_GROUP)

    return _write


def read_columns(folder: CatalogueFolder, name: str, columns: Iterable[str]) -> pa.Table:
    """Read some columns of a file of the folder.

    Raises:
        CatalogueError: The file is damaged; the message says what to do.
    """
    arrow()
    from pyarrow import parquet

    path = folder.path / name
    with (
        _damage_told(str(path)),
        parquet.ParquetFile(path, page_checksum_verification=True) as file,
    ):
        return file.read(list(columns), use_threads=False)


@contextmanager
def _damage_told(path: str) -> Iterator[None]:
    pyarrow: Any = arrow()
    try:
        yield
    except (OSError, pyarrow.ArrowException) as error:
        raise CatalogueError(
            "{path}: the file is damaged: {reason}; delete it and run the command again: what was"
            " in it is made anew from the stored records",
            path=path,
            reason=str(error).partition("\n")[0],
        ) from error


def placed_rows(folder: CatalogueFolder, segments: Sequence[Segment]) -> pa.Table:
    """Return where the last row of every record of one source is, tombstones too.

    Returns:
        Rows ``identifier, batch, is_deleted, part, place``, by identifier; ``part`` counts the
        segments, ``place`` the rows of one.
    """
    pyarrow = arrow()
    tables = []
    for part, segment in enumerate(segments):
        rows = read_columns(folder, segment.name, _PLACED)
        count = rows.num_rows
        rows = rows.append_column("part", pyarrow.array([part] * count, pyarrow.int32()))
        tables.append(rows.append_column("place", pyarrow.array(range(count), pyarrow.int64())))
    # A segment has every record once, in order.
    return tables[0] if len(tables) == 1 else _newest(pyarrow.concat_tables(tables))


def _newest(rows: pa.Table) -> pa.Table:
    import pyarrow.compute as pc

    ordered = rows.sort_by([("identifier", "ascending"), ("batch", "descending")])
    names = ordered.column("identifier").combine_chunks()
    is_first = pc.not_equal(names.slice(1), names.slice(0, len(names) - 1))
    return ordered.filter(arrow().concat_arrays([arrow().array([True]), is_first]))
