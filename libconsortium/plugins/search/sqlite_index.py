"""A search index in one SQLite file, by its full-text module FTS5."""

from __future__ import annotations

import os
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from libconsortium import (
    SEARCH_FORM,
    AnyOf,
    FoundDocument,
    SearchAnswer,
    SearchCondition,
    SearchDocument,
    SearchPlan,
    SearchStream,
    StoreError,
    TokenRun,
)
from libconsortium.plugins.search.statements import PREFIX, Sql, statements

try:
    import pysqlite3 as sqlite  # brings a newer SQLite than Python's own
except ImportError:
    import sqlite3 as sqlite

_SCHEME = "sqlite:///"
_APPLICATION = 0x6C_63_73_69  # marks the file as a search index of ours
_MAPPED_BYTES = 2**30
_WAIT_SECONDS = 15.0
_STREAMS = tuple(stream.value for stream in SearchStream)
# A newer SQLite need not keep the words beside their index to be able to delete them.
_NEEDS_NO_WORDS = (3, 43, 0)
_WORDS_KEPT = (
    ", content = '', contentless_delete = 1"
    if sqlite.sqlite_version_info >= _NEEDS_NO_WORDS
    else ", columnsize = 0"
)
_TABLES = (
    f"CREATE TABLE {PREFIX}rules (rules TEXT NOT NULL) STRICT",
    (
        f"CREATE TABLE {PREFIX}document (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
        " fingerprint TEXT NOT NULL, year INTEGER, by_title TEXT NOT NULL UNIQUE,"
        " by_year TEXT NOT NULL UNIQUE, body BLOB NOT NULL) STRICT"
    ),
    (
        f"CREATE TABLE {PREFIX}facet (document INTEGER NOT NULL, facet TEXT NOT NULL,"
        " value TEXT NOT NULL, PRIMARY KEY (document, facet, value)) STRICT, WITHOUT ROWID"
    ),
    (
        f"CREATE VIRTUAL TABLE {PREFIX}words USING fts5"
        f"({', '.join(_STREAMS)}, tokenize = 'ascii'{_WORDS_KEPT})"
    ),
)
_INSERT_WORDS = (
    f"INSERT INTO {PREFIX}words (rowid, {', '.join(_STREAMS)})"  # noqa: S608 - our own names
    f" VALUES ({', '.join('?' * (len(_STREAMS) + 1))})"
)


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
        if form != SEARCH_FORM or not tables:
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
            for name in gone:
                _remove(connection, name)
            for document in documents:
                _remove(connection, document.id)
                _add(connection, document)
            connection.execute(f"DELETE FROM {PREFIX}rules")  # noqa: S608 - our own name
            connection.execute(f"INSERT INTO {PREFIX}rules VALUES (?)", (rules,))  # noqa: S608 - our own name

    def answer(self, plan: SearchPlan) -> SearchAnswer:
        """Return what fits a plan."""
        asked = statements(plan, _match, "?")
        facets: dict[str, dict[str, int]] = {name: {} for name in plan.counted}
        with self._asking() as connection:
            connection.execute("BEGIN")  # one moment of the file for all three
            try:
                (total,) = connection.execute(asked.total.text, asked.total.values).fetchone()
                page = connection.execute(asked.page.text, asked.page.values).fetchall()
                if asked.facets is not None:
                    for name, value, count in connection.execute(
                        asked.facets.text, asked.facets.values
                    ):
                        facets[name][value] = count
            finally:
                connection.execute("COMMIT")
        found = tuple(
            FoundDocument(rank=rank, key=key, body=zlib.decompress(body).decode())
            for rank, key, body in page
        )
        return SearchAnswer(total=total, found=found, facets=facets)

    def clear(self) -> None:
        """Forget everything."""
        with self._writing() as connection:
            for name in ("words", "facet", "document", "rules"):
                connection.execute(f"DROP TABLE IF EXISTS {PREFIX}{name}")
            for table in _TABLES:
                connection.execute(table)
            connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            connection.execute(f"PRAGMA user_version = {SEARCH_FORM}")

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


def _remove(connection: Any, name: str) -> None:  # noqa: ANN401 - of either SQLite module
    row = connection.execute(
        f"SELECT number FROM {PREFIX}document WHERE id = ?",  # noqa: S608 - our own name
        (name,),
    ).fetchone()
    if row is not None:
        for table, column in (("words", "rowid"), ("facet", "document"), ("document", "number")):
            connection.execute(f"DELETE FROM {PREFIX}{table} WHERE {column} = ?", row)  # noqa: S608 - our own names


def _add(connection: Any, document: SearchDocument) -> None:  # noqa: ANN401 - of either SQLite module
    number = connection.execute(
        f"INSERT INTO {PREFIX}document (id, fingerprint, year, by_title, by_year, body)"  # noqa: S608 - our own name
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            document.id,
            document.fingerprint,
            document.year,
            document.by_title,
            document.by_year,
            zlib.compress(document.body.encode()),
        ),
    ).lastrowid
    connection.executemany(
        f"INSERT INTO {PREFIX}facet VALUES (?, ?, ?)",  # noqa: S608 - our own name
        [
            (number, name, value)
            for name, values in document.facets.items()
            for value in dict.fromkeys(values)
        ],
    )
    texts = (" ".join(document.streams.get(stream, ())) for stream in SearchStream)
    connection.execute(_INSERT_WORDS, (number, *texts))


def _match(condition: SearchCondition) -> Sql:
    return Sql(
        f"d.number IN (SELECT rowid FROM {PREFIX}words WHERE {PREFIX}words MATCH ?)",  # noqa: S608 - our own name
        (_expression(condition),),
    )


def _expression(condition: SearchCondition) -> str:
    # Tokens are letters and digits of ASCII: nothing in them can mean anything to FTS5.
    if isinstance(condition, TokenRun):
        return f'{condition.stream.value} : "{" ".join(condition.tokens)}"'
    joined = " OR " if isinstance(condition, AnyOf) else " AND "
    return "(" + joined.join(map(_expression, condition.parts)) + ")"
