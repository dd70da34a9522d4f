"""The catalogue engine ``spark``: every table a folder of Parquet files.

Each step is written and read again, so that no step carries the plan of those before it along and
a lost worker costs one step. The text of the steps is DuckDB's, in the small subset that
``libconsortium.catalogue_steps.sql`` keeps to; SQLGlot writes it in Spark's words.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pyarrow as pa
import sqlglot
from pyspark.errors import PythonException
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_schema

from libconsortium_spark.session import SparkPlace
from libconsortium_spark.worker import in_worker, what_worker_raised

_ROWS_AT_ONCE = 200_000


class SparkEngine:
    """Tables of one catalogue on Spark; see ``libconsortium.Engine`` for what methods promise."""

    def __init__(self) -> None:
        """Take the Spark session that runs, or start one."""
        self._place = SparkPlace()
        self._spark = self._place.spark
        self._numbers = count()
        self._own: dict[str, str] = {}  # table → folder

    def source(self, name: str, rows: object) -> None:
        """Make a table of an Arrow table or reader, or of Parquet files, which stay there."""
        if isinstance(rows, pa.Table):
            rows = rows.to_reader()
        if isinstance(rows, pa.RecordBatchReader):
            self._take(name, rows)
        else:
            paths = rows if isinstance(rows, list) else [rows]
            self._show(name, self._spark.read.parquet(*map(str, paths)))

    def mat(self, name: str, sql: str) -> None:
        """Run a SET step and keep its result as a table."""
        self._keep(name, self._query(sql))

    def one(self, sql: str) -> tuple[Any, ...]:
        """Run a query and return its single row."""
        (row,) = self._query(sql).collect()
        return tuple(row)

    def arrow(self, sql: str) -> pa.Table:
        """Run a query and return its rows as an Arrow table."""
        return self._query(sql).toArrow()

    def map(
        self, name: str, function: Callable[[Any], Any], source: str | list[str], schema: object
    ) -> None:
        """Run a Python function over a table's Arrow batches and keep the result as a table."""
        sources = [source] if isinstance(source, str) else source
        queries = (f"select * from {one}" for one in sources)  # noqa: S608 - a step's own
        rows = self._query(" union all ".join(queries))
        try:
            self._keep(name, rows.mapInArrow(in_worker(function), from_arrow_schema(schema)))
        except PythonException as error:
            raised = what_worker_raised(str(error))
            if raised is None:
                raise
            raise raised from error

    def drop(self, name: str) -> None:
        """Forget a table, if it is there, and free what it takes."""
        self._spark.catalog.dropTempView(name)
        self._forget(name)

    def close(self) -> None:
        """Remove the tables, and stop Spark if this engine started it."""
        self._place.leave()

    def _query(self, sql: str) -> DataFrame:
        (text,) = sqlglot.transpile(sql, read="duckdb", write="spark")
        return self._spark.sql(text)

    def _take(self, name: str, reader: pa.RecordBatchReader) -> None:
        """Write the batches of a reader, some at a time, so that never all are held."""
        folder = self._folder(name)
        batches: list[pa.RecordBatch] = []
        for batch in reader:
            batches.append(batch)
            if sum(one.num_rows for one in batches) >= _ROWS_AT_ONCE:
                self._append(folder, batches, reader.schema)
                batches = []
        self._append(folder, batches, reader.schema)
        self._show(name, self._spark.read.parquet(folder), folder)

    def _append(self, folder: str, batches: list[pa.RecordBatch], schema: pa.Schema) -> None:
        rows = self._spark.createDataFrame(pa.Table.from_batches(batches, schema=schema))
        rows.write.mode("append").parquet(folder)

    def _keep(self, name: str, rows: DataFrame) -> None:
        folder = self._folder(name)
        rows.write.parquet(folder)
        self._show(name, self._spark.read.schema(rows.schema).parquet(folder), folder)

    def _folder(self, name: str) -> str:
        return self._place.folder(f"{name}-{next(self._numbers)}")

    def _show(self, name: str, rows: DataFrame, folder: str = "") -> None:
        rows.createOrReplaceTempView(name)
        self._forget(name)  # only now: a step may read the table that it replaces
        if folder:
            self._own[name] = folder

    def _forget(self, name: str) -> None:
        if name in self._own:
            self._place.remove(self._own.pop(name))
