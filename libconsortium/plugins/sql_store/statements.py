"""Statements that the driver runs as they are.

SQLAlchemy writes them, once for each kind of database; what it does besides around every one takes
seven times as long as SQLite takes to run it, and a page needs eight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import Executable

Values = Sequence[object] | Mapping[str, object]
"""Of the marks in a statement: in their order, or by name, as the database's driver has it."""


class Statement:
    """A statement that is written out once.

    Args:
        made: What SQLAlchemy makes of it; no value in it is a default of ours.
    """

    def __init__(self, made: Executable) -> None:
        """Keep it; it is written out when it is first run."""
        self._made = made
        self._written: dict[str, tuple[str, Sequence[str] | None]] = {}

    def run(self, connection: Connection, **values: object) -> Any:  # noqa: ANN401 - a cursor of any driver
        """Run it and return the driver's cursor.

        Args:
            connection: In a transaction.
            values: Of everything it leaves open.
        """
        dialect = connection.dialect
        written = self._written.get(dialect.name)
        if written is None:
            compiled = self._made.compile(dialect=dialect)  # type: ignore[attr-defined] # each of ours has it
            assert isinstance(compiled, SQLCompiler)  # noqa: S101 - it is no DDL
            written = self._written[dialect.name] = str(compiled), compiled.positiontup
        text, names = written
        return run(connection, text, values if names is None else [values[one] for one in names])


def run(connection: Connection, text: str, values: Values) -> Any:  # noqa: ANN401 - a cursor of any driver
    """Run a statement that is written for the driver, and return the driver's cursor."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(text, values)
    except Exception as error:
        raise _named(connection, text, error) from error
    return cursor


def run_many(connection: Connection, text: str, rows: Sequence[Sequence[object]]) -> None:
    """Run a statement once for every row of values."""
    cursor = connection.connection.cursor()
    try:
        cursor.executemany(text, rows)
    except Exception as error:
        raise _named(connection, text, error) from error
    cursor.close()


def _named(connection: Connection, text: str, error: Exception) -> BaseException:
    """Return an error as SQLAlchemy names it: the same on every database."""
    base = connection.dialect.loaded_dbapi.Error
    return DBAPIError.instance(text, None, error, base, dialect=connection.dialect)
