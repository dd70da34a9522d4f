"""The catalogue engine ``duckdb``: tables in memory, spilling to disk when they do not fit.

Written for DuckDB 1.4 to 2: rows leave through the Arrow stream interface, the only way that all
of them have, and each reader has a cursor of its own, because DuckDB 2 refuses work on a
connection whose last result is still open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pyarrow as pa

_ROWS_A_BATCH = 20_000
_GIVEN = "_given"


class DuckDBEngine:
    """One database in memory; see ``libconsortium.Engine`` for what the methods promise."""

    def __init__(self) -> None:
        """Open an empty database that fetches nothing from the network."""
        settings: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": False,
            "preserve_insertion_order": False,
        }
        self._tables = duckdb.connect(":memory:", config=settings)

    def source(self, name: str, rows: object) -> None:
        """Make a table of Arrow data, or of the Parquet files at a path."""
        if isinstance(rows, pa.Table):
            self._put(f"create or replace table {name} as", rows)
        else:
            self._tables.execute(f"drop table if exists {name}")
            self._tables.read_parquet(str(rows)).create(name)

    def mat(self, name: str, sql: str) -> None:
        """Run a SET step and keep its result as a table."""
        self._tables.execute(f"create or replace table {name} as {sql}")

    def one(self, sql: str) -> tuple[Any, ...]:
        """Run a query and return its single row."""
        (row,) = self._tables.execute(sql).fetchall()
        return tuple(row)

    def arrow(self, sql: str) -> pa.Table:
        """Run a query and return its rows as an Arrow table."""
        return pa.table(self._tables.sql(sql))

    def map(self, name: str, function: Callable[[Any], Any], source: str, schema: object) -> None:
        """Run a Python function over a table's Arrow batches and keep the result as a table."""
        self.source(name, pa.Table.from_batches([], schema=schema))
        for batch in self._batches(source):
            self._put(f"insert into {name}", function(batch))

    def close(self) -> None:
        """Free the tables."""
        self._tables.close()

    def _batches(self, source: str) -> Iterator[pa.RecordBatch]:
        cursor = self._tables.cursor()
        try:
            rows = cursor.sql(f"select * from {source}")  # noqa: S608 - a step's table name
            for batch in pa.RecordBatchReader.from_stream(rows):
                for start in range(0, batch.num_rows, _ROWS_A_BATCH):
                    yield batch.slice(start, _ROWS_A_BATCH)
        finally:
            cursor.close()

    def _put(self, statement: str, rows: pa.Table) -> None:
        self._tables.register(_GIVEN, rows)
        try:
            self._tables.execute(f"{statement} select * from {_GIVEN}")  # noqa: S608 - a step's own
        finally:
            self._tables.unregister(_GIVEN)
