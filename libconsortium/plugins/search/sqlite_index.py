"""A search index in one SQLite file, by its full-text module FTS5."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from libconsortium import (
    SEARCH_FORM,
    SearchAnswer,
    SearchDocument,
    SearchPlan,
    StoreError,
)
from libconsortium.plugins.search.sqlite_asking import Asking
from libconsortium.plugins.search.sqlite_writing import TABLES, change
from libconsortium.plugins.search.statements import PREFIX

try:
    import pysqlite3 as sqlite  # brings a newer SQLite than Python's own
except ImportError:
    import sqlite3 as sqlite

_SCHEME = "sqlite:///"
_APPLICATION = 0x6C_63_73_69  # marks the file as a search index of ours
_FORM = 100 * SEARCH_FORM + 2  # of this file's tables
_MAPPED_BYTES = 2**30
_WAIT_SECONDS = 15.0
_OLD = (
    "words",
    "facet",
    "value",
    "place",
    "content",
    "document",
    "rules",
)  # of former versions too


def open_index(address: str) -> SqliteIndex:
    """Open an index, and make it if it is not there.

    Args:
        address: ``sqlite:///folder/search.db``.

    Raises:
        StoreError: It cannot be opened, or the file is something else.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     index = open_index(f"sqlite:///{folder}/search.db")
    ...     dict(index.fingerprints())
    ...     index.close()
    {}
    """
    path = Path(address.removeprefix(_SCHEME))
    if not address.startswith(_SCHEME) or not path.name:
        raise StoreError("a search index needs a file: write sqlite:///folder/search.db")
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = sqlite.connect(
            path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
    except (OSError, sqlite.Error) as error:
        raise StoreError(
            "{path}: the search index cannot be opened: {reason}", path=path, reason=error
        ) from error
    index = SqliteIndex(connection, path)
    try:
        index.prepare()
    except BaseException:
        connection.close()
        raise
    return index


class SqliteIndex:
    """A search index in one SQLite file; see ``libconsortium.SearchIndex`` for its methods.

    Args:
        connection: The open file.
        path: The file.
    """

    def __init__(self, connection: Any, path: Path) -> None:  # noqa: ANN401 - of either SQLite module
        """Keep the connection; threads take turns."""
        self._connection = connection
        self._path = path
        self._turn = threading.RLock()

    @property
    def address(self) -> str:
        """The address it was opened at."""
        return f"{_SCHEME}{self._path}"

    def prepare(self) -> None:
        """Make the tables if the file is new, and anew if they are of another version."""
        with self._asking() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            # Broad questions go through much of the file: a quarter less work than reading it.
            connection.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES}")
            # What a member withdraws is not to be found in the file either.
            connection.execute("PRAGMA secure_delete = ON")
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (form,) = connection.execute("PRAGMA user_version").fetchone()
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if tables and application != _APPLICATION:
                raise StoreError(
                    "{path} is no search index; give the index a file of its own", path=self._path
                )
        if form != _FORM or not tables:
            self.clear()

    def rules(self) -> str:
        """Return the mark of the rules that its documents were made by."""
        with self._asking() as connection:
            row = connection.execute(f"SELECT rules FROM {PREFIX}rules").fetchone()  # noqa: S608 - our own name
        return row[0] if row else ""

    def fingerprints(self) -> Mapping[str, str]:
        """Return the fingerprint of every document by id."""
        with self._asking() as connection:
            return dict(connection.execute(f"SELECT id, fingerprint FROM {PREFIX}document"))  # noqa: S608 - our own name

    def update(
        self, documents: Iterable[SearchDocument], gone: Iterable[str], *, rules: str
    ) -> None:
        """Put documents in place of those with the same ids and remove others."""
        with self._writing() as connection:
            change(connection, documents, gone)
            connection.execute(f"UPDATE {PREFIX}rules SET rules = ?", (rules,))  # noqa: S608 - our own name

    def answer(self, plan: SearchPlan) -> SearchAnswer:
        """Return what fits a plan."""
        with self._asking() as connection:
            connection.execute("BEGIN")  # one moment of the file for everything
            try:
                return Asking(connection, plan).answer()
            finally:
                connection.execute("COMMIT")

    def clear(self) -> None:
        """Forget everything."""
        with self._writing() as connection:
            for name in _OLD:
                connection.execute(f"DROP TABLE IF EXISTS {PREFIX}{name}")
            for table in TABLES:
                connection.execute(table)
            connection.execute(f"INSERT INTO {PREFIX}rules VALUES ('', 0)")  # noqa: S608 - our own name
            connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            connection.execute(f"PRAGMA user_version = {_FORM}")

    def close(self) -> None:
        """Give back the file."""
        with self._turn:
            self._connection.close()

    @contextmanager
    def _asking(self) -> Iterator[Any]:
        with self._turn:
            try:
                yield self._connection
            except sqlite.Error as error:
                raise StoreError(
                    "{path}: the search index cannot be read or written: {reason}; it can be made"
                    " again: delete the file and run 'libconsortium index'",
                    path=self._path,
                    reason=error,
                ) from error

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        with self._asking() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
