"""A search index in tables of a PostgreSQL database; its own text parsers are never used."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from typing import TYPE_CHECKING, Any

from libconsortium import (
    SEARCH_FORM,
    AnyOf,
    FoundDocument,
    MissingExtraError,
    SearchAnswer,
    SearchCondition,
    SearchDocument,
    SearchPlan,
    SearchStream,
    StoreError,
    TokenRun,
    without_secret,
)
from libconsortium.plugins.search.statements import PREFIX, Sql, statements

try:
    import psycopg
except ImportError as error:
    raise MissingExtraError(
        "a search index in PostgreSQL needs the package {package};"
        " pip install 'libconsortium[{extra}]'",
        package="psycopg",
        extra="postgres",
    ) from error

if TYPE_CHECKING:
    from psycopg import Connection, Cursor

_STREAMS = tuple(stream.value for stream in SearchStream)
_LOCK = 0x6C_63_73_69  # any number that nobody else takes in this database
_AT_ONCE = 2_000  # documents
_MANY = 10_000  # new documents: the database looks how often each word comes, and tidies up
_BETWEEN = "\t"  # a facet and its value
_DRIVER = re.compile(r"^postgresql\+\w+:")
_PASSWORD = re.compile(r"://[^:/@]*:(.+)@")
_BEFORE_HOST = re.compile(r"[^\s'\"]*@")
_TEXT = 'text COLLATE "C" NOT NULL'
_FORM = 100 * SEARCH_FORM + 1  # the form of documents, and of these tables
_TABLES = (
    (
        f"CREATE TABLE {PREFIX}rules"
        " (form integer NOT NULL, rules text NOT NULL, documents bigint NOT NULL)"
    ),
    (
        f"CREATE TABLE {PREFIX}document (number bigint PRIMARY KEY,"
        f" id {_TEXT} UNIQUE, fingerprint {_TEXT}, year integer, by_title {_TEXT} UNIQUE,"
        f" by_year {_TEXT} UNIQUE, body {_TEXT}, facets text[] NOT NULL,"
        f" {', '.join(f'{stream} tsvector NOT NULL' for stream in _STREAMS)})"
    ),
)
# Made when documents are there: quicker than taking them up one by one.
_WORDS = (
    f"CREATE INDEX IF NOT EXISTS {PREFIX}words ON {PREFIX}document"
    f" USING gin ({', '.join(_STREAMS)})"
)
_KNOWN = f"UPDATE {PREFIX}rules SET rules = %s, documents = (SELECT count(*) FROM {PREFIX}document)"  # noqa: S608 - our own names
_COLUMNS = ("id", "fingerprint", "year", "by_title", "by_year", "body")
_COPY = f"COPY {PREFIX}document (number, {', '.join((*_COLUMNS, 'facets', *_STREAMS))}) FROM STDIN"


def open_index(address: str) -> PostgresqlIndex:
    """Open an index, and make its tables if they are not there.

    Args:
        address: ``postgresql://user:password@host/database``.

    Raises:
        StoreError: It cannot be opened; no message shows the password.
    """
    shown = without_secret(address)
    try:
        connection = psycopg.connect(_DRIVER.sub("postgresql:", address), autocommit=True)
    except psycopg.Error as error:
        raise StoreError(
            "{address}: the search index cannot be opened: {reason}",
            address=shown,
            reason=_without_password(str(error).partition("\n")[0], address),
        ) from None  # the driver repeats a password that it cannot read
    index = PostgresqlIndex(connection, shown)
    try:
        index.prepare()
    except BaseException:
        connection.close()
        raise
    return index


def _without_password(said: str, address: str) -> str:
    """Take a password out of what the driver says: it repeats what it could not read."""
    found = _PASSWORD.search(address)
    said = said.replace(found[1], "***") if found else said
    return _BEFORE_HOST.sub("***@", said)


class PostgresqlIndex:
    """A search index in PostgreSQL; see ``libconsortium.SearchIndex`` for its methods.

    Args:
        connection: The open database.
        address: Its address without the password.
    """

    def __init__(self, connection: Connection[Any], address: str) -> None:
        """Keep the connection; threads take turns."""
        self._connection = connection
        self._address = address
        self._turn = threading.RLock()

    @property
    def address(self) -> str:
        """The address it was opened at, without its password."""
        return self._address

    def prepare(self) -> None:
        """Make the tables if they are not there, and anew if they are of another version."""
        with self._asking() as cursor:
            _run(cursor, "SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            _run(cursor, "SELECT to_regclass(%s)", (f"{PREFIX}rules",))
            is_there = (cursor.fetchone() or (None,))[0] is not None
            if is_there:
                _run(cursor, f"SELECT form FROM {PREFIX}rules")  # noqa: S608 - our own name
            if not is_there or cursor.fetchone() != (_FORM,):
                _make(cursor)

    def rules(self) -> str:
        """Return the mark of the rules that its documents were made by."""
        with self._asking() as cursor:
            row = _run(cursor, f"SELECT rules FROM {PREFIX}rules").fetchone()  # noqa: S608 - our own name
        return str(row[0]) if row else ""

    def fingerprints(self) -> Mapping[str, str]:
        """Return the fingerprint of every document by id."""
        with self._asking() as cursor:
            return dict(_run(cursor, f"SELECT id, fingerprint FROM {PREFIX}document").fetchall())  # noqa: S608 - our own name

    def update(
        self, documents: Iterable[SearchDocument], gone: Iterable[str], *, rules: str
    ) -> None:
        """Put documents in place of those with the same ids and remove others."""
        with self._asking() as cursor:
            _run(cursor, "SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            _remove(cursor, list(gone))
            _run(cursor, f"SELECT coalesce(max(number), 0) FROM {PREFIX}document")  # noqa: S608 - our own name
            ((last,),) = cursor.fetchall()
            numbers = count(last + 1)
            for some in _batches(documents):
                _remove(cursor, [document.id for document in some])
                _add(cursor, zip(some, numbers, strict=False))
            _run(cursor, _WORDS)
            _run(cursor, _KNOWN, (rules,))
        if next(numbers) > last + _MANY:
            with self._turn, suppress(psycopg.Error):  # what was written is whole without it
                self._connection.execute(f"VACUUM ANALYZE {PREFIX}document".encode())

    def answer(self, plan: SearchPlan) -> SearchAnswer:
        """Return what fits a plan."""
        asked = statements(plan, _match, "%s")
        facets: dict[str, dict[str, int]] = {name: {} for name in plan.counted}
        with self._asking() as cursor:
            _run(cursor, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            ((total,),) = _run(cursor, asked.total.text, asked.total.values).fetchall()
            page = _page(cursor, plan, asked.stages, total)
            if asked.facets is not None:
                counted = _run(cursor, asked.facets.text, asked.facets.values)
                for named, documents in counted.fetchall():
                    name, _, value = named.partition(_BETWEEN)
                    if name in facets:
                        facets[name][value] = documents
        found = tuple(FoundDocument(rank=rank, key=key, body=body) for rank, key, body in page)
        return SearchAnswer(total=total, found=found, facets=facets)

    def clear(self) -> None:
        """Forget everything."""
        with self._asking() as cursor:
            _make(cursor)

    def close(self) -> None:
        """Give back the connection."""
        with self._turn:
            self._connection.close()

    @contextmanager
    def _asking(self) -> Iterator[Cursor[Any]]:
        with self._turn:
            try:
                with self._connection.transaction(), self._connection.cursor() as cursor:
                    yield cursor
            except psycopg.Error as error:
                raise StoreError(
                    "{address}: the search index cannot be read or written: {reason}; it can be"
                    " made again with 'libconsortium index --rebuild'",
                    address=self._address,
                    reason=str(error).partition("\n")[0],
                ) from error


def _run(cursor: Cursor[Any], text: str, values: Sequence[object] = ()) -> Cursor[Any]:
    # As bytes: the text is put together here, of our own names; every value has its place.
    return cursor.execute(text.encode(), values)


def _make(cursor: Cursor[Any]) -> None:
    for name in ("facet", "document", "rules"):
        _run(cursor, f"DROP TABLE IF EXISTS {PREFIX}{name}")
    for table in _TABLES:
        _run(cursor, table)
    _run(cursor, f"INSERT INTO {PREFIX}rules VALUES (%s, '', 0)", (_FORM,))  # noqa: S608 - our own name


def _remove(cursor: Cursor[Any], names: list[str]) -> None:
    if names:
        _run(cursor, f"DELETE FROM {PREFIX}document WHERE id = ANY(%s)", (names,))  # noqa: S608 - our own name


def _add(cursor: Cursor[Any], documents: Iterable[tuple[SearchDocument, int]]) -> None:
    with cursor.copy(_COPY.encode()) as copy:
        for document, number in documents:
            facets = [
                f"{name}{_BETWEEN}{value}"
                for name, several in document.facets.items()
                for value in dict.fromkeys(several)
            ]
            vectors = [_vector(document.streams.get(stream, ())) for stream in SearchStream]
            values = (getattr(document, name) for name in _COLUMNS)
            copy.write_row((number, *values, facets, *vectors))


def _page(
    cursor: Cursor[Any], plan: SearchPlan, stages: Iterable[Sql], total: int
) -> list[tuple[int, str, str]]:
    """Read stage by stage until there is one result more than a page has, or no more are left."""
    found: list[tuple[int, str, str]] = []
    for stage in stages:
        found += _run(cursor, stage.text, stage.values).fetchall()
        if len(found) > plan.limit or (plan.after is None and len(found) == total):
            break
    return found[: plan.limit + 1]


def _vector(tokens: Sequence[str]) -> str:
    """Write tokens with their positions as PostgreSQL reads them, with no parser in between."""
    places: dict[str, list[str]] = {}
    for place, token in enumerate(tokens, start=1):
        places.setdefault(token, []).append(str(place))
    return " ".join(f"{token}:{','.join(where)}" for token, where in places.items())


def _batches(documents: Iterable[SearchDocument]) -> Iterator[list[SearchDocument]]:
    some: list[SearchDocument] = []
    for document in documents:
        some.append(document)
        if len(some) == _AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _match(condition: SearchCondition) -> Sql:
    if isinstance(condition, TokenRun):
        phrase = " <-> ".join(condition.tokens)
        return Sql(f"d.{condition.stream.value} @@ %s::tsquery", (phrase,))
    joined = " OR " if isinstance(condition, AnyOf) else " AND "
    parts = [_match(part) for part in condition.parts]
    return Sql(
        "(" + joined.join(part.text for part in parts) + ")",
        tuple(value for part in parts for value in part.values),
    )
