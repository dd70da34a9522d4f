"""The catalogue engine ``duckdb``: tables in memory, spilling to disk when they do not fit.

What Python made lies in Parquet files, written by as many processes as there are processors.

Written for DuckDB 1.4 to 2: rows leave through the Arrow stream interface, the only way that all
of them have, and each reader has a cursor of its own, because DuckDB 2 refuses work on a
connection whose last result is still open.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

import duckdb
import pyarrow as pa

from libconsortium import SettingsError
from libconsortium.plugins.duckdb_engine.workers import run_step

MEMORY = "LIBCONSORTIUM_MEMORY"
"""Environment variable: the memory that DuckDB may take, ``2GB`` or ``500MB``."""

_ROWS_A_BATCH = 20_000
_GIVEN, _MADE = "_given", "_made"
_ALL_GIVEN = "select * from _given"


@contextmanager
def _plainly() -> Iterator[None]:
    """Raise what Python raises when somebody presses Ctrl-C, or when the disk is full."""
    try:
        yield
    except (RuntimeError, duckdb.Error) as error:
        said = str(error).strip()
        if said == "Query interrupted" or said.endswith("KeyboardInterrupt"):
            raise KeyboardInterrupt from error
        if os.strerror(errno.ENOSPC) in said:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), gettempdir()) from error
        raise


class DuckDBEngine:
    """One database in memory; see ``libconsortium.Engine`` for what the methods promise."""

    def __init__(self, memory: str = "", processes: int = 1) -> None:
        """Open an empty database that fetches nothing from the network.

        Args:
            memory: The most memory it may take before it spills, as DuckDB says it: ``2GB``. If
                empty, what DuckDB takes by itself: four fifths of the machine's.
            processes: In how many processes a Python function may run over many rows.

        Raises:
            SettingsError: DuckDB does not understand it.
        """
        self._folder = TemporaryDirectory(prefix="libconsortium-")
        self._numbers = count()
        self._views: set[str] = set()
        self._own: dict[str, list[Path]] = {}  # files of a view that nobody else needs
        self._processes = processes
        settings: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": False,
            "preserve_insertion_order": False,
            "temp_directory": self._folder.name,
        }
        self._tables = duckdb.connect(":memory:", config=settings)
        if memory:
            self._limit(memory)

    def _limit(self, memory: str) -> None:
        try:
            self._tables.execute("set memory_limit = ?", [memory])
        except duckdb.Error as error:
            self.close()
            raise SettingsError(
                "{variable} is {memory!r}; write the memory that the catalogue may take like 2GB"
                " or 500MB",
                variable=MEMORY,
                memory=memory,
            ) from error

    @_plainly()
    def source(self, name: str, rows: object) -> None:
        """Make a table of an Arrow table or reader, or of Parquet files, which stay there."""
        if isinstance(rows, pa.Table):
            self._make(name, _ALL_GIVEN, rows)
        elif isinstance(rows, pa.RecordBatchReader):
            # As many rows as may come, with texts in them: compressed on disk, read as needed.
            path = self._new_file(name)
            self._run(f"copy {_GIVEN} to '{path}' (format parquet, compression zstd)", rows)
            self._show(name, [path], own=True)
        else:
            self._show(name, rows if isinstance(rows, list) else [rows])

    @_plainly()
    def mat(self, name: str, sql: str) -> None:
        """Run a SET step and keep its result as a table."""
        self._make(name, sql)

    @_plainly()
    def one(self, sql: str) -> tuple[Any, ...]:
        """Run a query and return its single row."""
        (row,) = self._tables.execute(sql).fetchall()
        return tuple(row)

    @_plainly()
    def arrow(self, sql: str) -> pa.Table:
        """Run a query and return its rows as an Arrow table."""
        return pa.table(self._tables.sql(sql))

    @_plainly()
    def map(
        self, name: str, function: Callable[[Any], Any], source: str | list[str], schema: object
    ) -> None:
        """Run a Python function over a table's Arrow batches and keep the result as a table."""
        # On disk, compressed: there are millions of keys, and later steps read them in one go.
        sources = [source] if isinstance(source, str) else source
        batches, path = chain.from_iterable(map(self._batches, sources)), self._new_file(name)
        made = run_step(function, batches, schema, path, self._processes)
        self._show(name, made, own=True)

    def drop(self, name: str) -> None:
        """Forget a table and free what it takes, if it is there."""
        kind = "view" if name in self._views else "table"
        self._tables.execute(f"drop {kind} if exists {name}")
        self._views.discard(name)
        for path in self._own.pop(name, ()):
            path.unlink()

    def close(self) -> None:
        """Free the tables, in memory and on disk."""
        self._tables.close()
        self._folder.cleanup()

    def _batches(self, source: str) -> Iterator[pa.RecordBatch]:
        cursor = self._tables.cursor()
        try:
            rows = cursor.sql(f"select * from {source}")  # noqa: S608 - a step's table name
            for batch in pa.RecordBatchReader.from_stream(rows):
                for start in range(0, batch.num_rows, _ROWS_A_BATCH):
                    yield batch.slice(start, _ROWS_A_BATCH)
        finally:
            cursor.close()

    def _make(self, name: str, sql: str, rows: object = None) -> None:
        # Beside the old one first: a step may read the table that it replaces.
        self._run(f"create or replace table {_MADE} as {sql}", rows)
        self.drop(name)
        self._tables.execute(f"alter table {_MADE} rename to {name}")

    def _new_file(self, name: str) -> Path:
        return Path(self._folder.name) / f"{name}-{next(self._numbers)}.parquet"

    def _show(self, name: str, files: list[Any], *, own: bool = False) -> None:
        self.drop(name)
        self._tables.read_parquet([str(path) for path in files]).create_view(name)
        self._views.add(name)
        if own:
            self._own[name] = files

    def _run(self, statement: str, rows: object = None) -> None:
        if rows is None:
            self._tables.execute(statement)
            return
        self._tables.register(_GIVEN, rows)
        try:
            self._tables.execute(statement)
        finally:
            self._tables.unregister(_GIVEN)
