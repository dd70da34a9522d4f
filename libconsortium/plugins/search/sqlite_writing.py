"""Writing into a search index in SQLite: its tables, and one change of them.

Documents are numbered in the order of their titles, and FTS5 gives what it finds by number: the
first page of a hundred thousand hits is there when its last line is. Documents that come later
stand behind all others until they are too many; then all are numbered anew.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from typing import Any

from libconsortium import SEARCH_FACETS, SearchDocument, SearchStream
from libconsortium.plugins.search.sqlite_asking import DATED, FACET_COLUMNS, dated_token
from libconsortium.plugins.search.statements import PREFIX

_UNSORTED = 5_000  # documents behind the others, or
_UNSORTED_PART = 10  # one in so many
_STREAMS = tuple(stream.value for stream in SearchStream)
_CODES = (DATED, *FACET_COLUMNS)
_WORDS = (
    f"CREATE VIRTUAL TABLE {PREFIX}words USING fts5"
    f"({', '.join(_STREAMS)}, tokenize = 'ascii', content = '', columnsize = 0)"
)
TABLES = (
    f"CREATE TABLE {PREFIX}rules (rules TEXT NOT NULL, in_order INTEGER NOT NULL) STRICT",
    (
        f"CREATE TABLE {PREFIX}document (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
        " fingerprint TEXT NOT NULL, by_title TEXT NOT NULL UNIQUE) STRICT"
    ),
    # What is shown of a document, and what FTS5 was given of it: it wants it back to forget it.
    (
        f"CREATE TABLE {PREFIX}content (row INTEGER PRIMARY KEY, body BLOB NOT NULL,"
        " given BLOB NOT NULL) STRICT"
    ),
    # A number of FTS5's: which document, and its year and facets as numbers of values.
    (
        f"CREATE TABLE {PREFIX}place (number INTEGER PRIMARY KEY, row INTEGER NOT NULL UNIQUE,"
        f" {', '.join(f'{name} INTEGER NOT NULL' for name in _CODES)}) STRICT"
    ),
    (
        f"CREATE TABLE {PREFIX}value (code INTEGER PRIMARY KEY, facet TEXT NOT NULL,"
        " value TEXT NOT NULL, UNIQUE (facet, value)) STRICT"
    ),
    _WORDS,
)
"""What makes the tables of an index."""

_ADD_WORDS = (
    f"INSERT INTO {PREFIX}words (rowid, {', '.join(_STREAMS)})"  # noqa: S608 - our own names
    f" VALUES ({', '.join('?' * (len(_STREAMS) + 1))})"
)
_REMOVE_WORDS = (
    f"INSERT INTO {PREFIX}words ({PREFIX}words, rowid, {', '.join(_STREAMS)})"  # noqa: S608 - our own names
    f" VALUES ('delete', {', '.join('?' * (len(_STREAMS) + 1))})"
)
_ADD_PLACE = f"INSERT INTO {PREFIX}place VALUES ({', '.join('?' * (len(_CODES) + 2))})"  # noqa: S608 - our own names


def change(connection: Any, documents: Iterable[SearchDocument], gone: Iterable[str]) -> None:  # noqa: ANN401 - of either SQLite module
    """Put documents in place of those with the same ids and remove others.

    Args:
        connection: The open file, in a transaction.
        documents: The documents.
        gone: Ids of those to remove.
    """
    _Change(connection).run(documents, gone)


class _Change:
    """One change of the index, within one transaction."""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - of either SQLite module
        self._connection = connection
        self._freed: dict[str, int] = {}  # numbers of what was removed: it may come back
        self._codes: dict[tuple[str, str], int] = {}
        self._has_removed = False
        self._first_added: int | None = None  # a row that was removed may be given out again

    def run(self, documents: Iterable[SearchDocument], gone: Iterable[str]) -> None:
        """Remove, add, and number anew if too many are out of order."""
        before, in_order = self._numbers()
        for name in gone:
            self._remove(name)
        for document in documents:
            self._remove(document.id)
            self._add(document)
        new = self._connection.execute(
            f"SELECT c.row, c.given FROM {PREFIX}content c LEFT JOIN {PREFIX}place p"  # noqa: S608 - our own names
            " ON p.row = c.row WHERE c.row >= ? AND p.row IS NULL ORDER BY c.row",
            (self._first_added,),
        )
        waiting = new.fetchmany(_UNSORTED + in_order // _UNSORTED_PART + 1)
        behind = before - in_order + len(waiting)
        if behind > _UNSORTED + in_order // _UNSORTED_PART or (waiting and not in_order):
            new.close()
            self._number_anew()
        else:
            for number, (row, given) in enumerate(waiting, start=before + 1):
                self._place(number, row, given)
        if self._has_removed:
            self._forget_values()

    def _forget_values(self) -> None:
        """Forget the values that no document has any more."""
        for name in _CODES:
            self._connection.execute(
                f"DELETE FROM {PREFIX}value WHERE facet = ?"  # noqa: S608 - our own names
                f" AND code NOT IN (SELECT {name} FROM {PREFIX}place)",
                (name,),
            )

    def _one(self, what: str, table: str) -> Any:  # noqa: ANN401 - a row
        return self._connection.execute(f"SELECT {what} FROM {PREFIX}{table}").fetchone()  # noqa: S608 - our own names

    def _numbers(self) -> tuple[int, int]:
        """Return the highest number, and the highest of those in the order of titles."""
        (highest,), (in_order,) = self._one("max(number)", "place"), self._one("in_order", "rules")
        return max(highest or 0, in_order), in_order

    def _remove(self, name: str) -> None:
        found = self._connection.execute(
            f"SELECT d.row, d.by_title, p.number, c.given FROM {PREFIX}document d"  # noqa: S608 - our own names
            f" JOIN {PREFIX}content c ON c.row = d.row LEFT JOIN {PREFIX}place p ON p.row = d.row"
            " WHERE d.id = ?",
            (name,),
        ).fetchone()
        if found is None:
            return
        row, by_title, number, given = found
        self._has_removed = True
        if number is not None:
            self._connection.execute(_REMOVE_WORDS, (number, *_read(given)[0]))
            self._freed[by_title] = number
        for table in ("place", "content", "document"):
            self._connection.execute(f"DELETE FROM {PREFIX}{table} WHERE row = ?", (row,))  # noqa: S608 - our own names

    def _add(self, document: SearchDocument) -> None:
        row = self._connection.execute(
            f"INSERT INTO {PREFIX}document (id, fingerprint, by_title) VALUES (?, ?, ?)",  # noqa: S608 - our own name
            (document.id, document.fingerprint, document.by_title),
        ).lastrowid
        self._first_added = row if self._first_added is None else min(self._first_added, row)
        codes = self._codes_of(document)
        texts = [" ".join(document.streams.get(stream, ())) for stream in SearchStream]
        texts[_STREAMS.index(SearchStream.FACET.value)] += f" {dated_token(codes[0])}"
        given = zlib.compress(json.dumps([texts, codes]).encode(), 1)
        body = zlib.compress(document.body.encode())
        self._connection.execute(
            f"INSERT INTO {PREFIX}content VALUES (?, ?, ?)",  # noqa: S608 - our own name
            (row, body, given),
        )
        number = self._freed.pop(document.by_title, None)
        if number is not None:
            self._place(number, row, given)

    def _codes_of(self, document: SearchDocument) -> list[int]:
        year = "" if document.year is None else document.year
        newest = document.by_year.removesuffix(document.by_title)
        facets = (list(dict.fromkeys(document.facets.get(name, ()))) for name in SEARCH_FACETS)
        values = (f"{newest}\t{year}", *map(json.dumps, facets))
        return [self._code(*one) for one in zip(_CODES, values, strict=True)]

    def _code(self, facet: str, value: str) -> int:
        known = self._codes.get((facet, value))
        if known is None:
            place = (facet, value)
            self._connection.execute(
                f"INSERT OR IGNORE INTO {PREFIX}value (facet, value) VALUES (?, ?)",  # noqa: S608 - our own name
                place,
            )
            (known,) = self._connection.execute(
                f"SELECT code FROM {PREFIX}value WHERE facet = ? AND value = ?",  # noqa: S608 - our own name
                place,
            ).fetchone()
            self._codes[place] = known
        return int(known)

    def _place(self, number: int, row: int, given: bytes) -> None:
        texts, codes = _read(given)
        self._connection.execute(_ADD_WORDS, (number, *texts))
        self._connection.execute(_ADD_PLACE, (number, row, *codes))

    def _number_anew(self) -> None:
        self._connection.execute(f"DROP TABLE {PREFIX}words")
        self._connection.execute(_WORDS)
        self._connection.execute(f"DELETE FROM {PREFIX}place")  # noqa: S608 - our own name
        number = 0
        for number, (row, given) in enumerate(
            self._connection.execute(
                f"SELECT d.row, c.given FROM {PREFIX}document d"  # noqa: S608 - our own names
                f" CROSS JOIN {PREFIX}content c ON c.row = d.row ORDER BY d.by_title"
            ),
            start=1,
        ):
            self._place(number, row, given)
        self._connection.execute(f"UPDATE {PREFIX}rules SET in_order = ?", (number,))  # noqa: S608 - our own name


def _read(given: bytes) -> tuple[list[str], list[int]]:
    texts, codes = json.loads(zlib.decompress(given))
    return texts, codes
