"""What an engine of the union catalogue does: the protocol every catalogue engine fulfils."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol


class Engine(Protocol):
    """A running catalogue engine: portable SQL text over named tables, Python per row."""

    def source(self, name: str, rows: object) -> None:
        """Make a table of Arrow data or Parquet files.

        Arrow data is a table, or a reader of batches, which need not fit into memory. Parquet files
        (a path, or a list of paths) are read where they lie; they must stay until ``close``.
        """

    def mat(self, name: str, sql: str) -> None:
        """Run a SET step and keep its result as a table."""

    def one(self, sql: str) -> tuple[Any, ...]:
        """Run a query and return its single row."""

    def arrow(self, sql: str) -> Any:  # noqa: ANN401 - a pyarrow.Table, which must not be imported here
        """Run a query and return its rows as an Arrow table."""

    def map(
        self, name: str, function: Callable[[Any], Any], source: str | list[str], schema: object
    ) -> None:
        """Run a Python function over a table's Arrow batches and keep the result as a table.

        The source is the name of a table, or a query in brackets with a name behind it; of a list
        of them all rows are taken.
        """

    def drop(self, name: str) -> None:
        """Forget a table and free what it takes; one that is not there is no error."""

    def close(self) -> None:
        """Free what the engine holds."""
