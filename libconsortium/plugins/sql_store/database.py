"""One SQL database: its address, its engine, what SQLite has to be told, and how it fails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from libconsortium import MissingExtraError, StoreError

try:
    from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
    from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError
except ImportError as error:
    raise MissingExtraError(
        "keeping data needs the package {package}; pip install 'libconsortium[{extra}]'",
        package="sqlalchemy",
        extra="db",
    ) from error

PAGE_BYTES = 2**14
"""A page of SQLite: records have some two thousand bytes, and half a smaller page was wasted."""

WAIT_MILLISECONDS = 15_000
"""How long a writer waits for another one before it gives up."""

_OF_A_FILE = "sqlite:///"
_PASSWORDS = ("password", "sslpassword")  # parameters of an address


@contextmanager
def told(address: str) -> Iterator[None]:
    """Tell a database's failure as a ``StoreError`` that names the store and what to do.

    Args:
        address: The address without its password.
    """
    try:
        yield
    except IntegrityError as error:
        raise StoreError(
            "{address}: this does not fit what the store holds: {reason};"
            " if another program writes to it too, try again",
            address=address,
            reason=_reason(error),
        ) from error
    except SQLAlchemyError as error:
        raise StoreError(
            "{address}: the store cannot be read or written: {reason};"
            " look at the file, its rights and the free space, or at the server, then try again",
            address=address,
            reason=_reason(error),
        ) from (error if isinstance(error, DBAPIError) else None)


def sqlite_module() -> ModuleType:
    """Return the newest SQLite there is: pysqlite3 brings its own, Python may have an old one."""
    try:
        import pysqlite3
    except ImportError:
        import sqlite3

        return sqlite3
    return pysqlite3  # type: ignore[no-any-return] # ships no types


def _reason(error: SQLAlchemyError) -> str:
    # The first line only: the rest is the statement and its values, which may be anybody's data.
    said = str(error.orig if isinstance(error, DBAPIError) else error)
    return said.strip().partition("\n")[0]


def address_of(url: URL) -> str:
    """Return the address that ``open_store`` reads as this; with the password, so never shown."""
    if url.get_backend_name() == "sqlite":
        return f"{_OF_A_FILE}{url.database}"
    return url.render_as_string(hide_password=False)


def shown_address(url: URL) -> str:
    """Return the address as it may be shown: without a password, wherever it stands."""
    return url.difference_update_query(_PASSWORDS).render_as_string(hide_password=True)


def url_of(address: str) -> URL:
    """Read an address of a store.

    Raises:
        StoreError: It is none; the message does not repeat it, for it may hold a password.
    """
    if address.startswith(_OF_A_FILE):  # a path may hold ? and %, which an address may not
        return URL.create("sqlite", database=address.removeprefix(_OF_A_FILE))
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise StoreError(
            "the store's address cannot be read; write sqlite:///folder/file.db"
            " or postgresql://user:password@host/database"
        ) from None
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def engine_of(url: URL) -> Engine:
    """Return the engine of a database; a SQLite file is made if it is not there.

    A file that may not be written, or lies where nothing may, can be read.

    Raises:
        StoreError: The file cannot be made, or is another program's.
        MissingExtraError: The database's driver is not installed.
    """
    if url.get_backend_name() != "sqlite":
        try:
            return create_engine(url, pool_pre_ping=True)
        except ImportError as error:
            raise MissingExtraError(
                "a PostgreSQL store needs the package {package};"
                " pip install 'libconsortium[{extra}]'",
                package="psycopg",
                extra="postgres",
            ) from error
    path = _sqlite_path(url)
    for_reading = f"{path.absolute().as_uri()}?mode=ro"
    if _is_read_only(path):
        for_reading += "&immutable=1"
        url = URL.create("sqlite", database=for_reading, query={"uri": "true"})
    else:
        _make_file(path)
    _must_be_ours(path, for_reading)
    # The connection that was used last knows most of the file as it is now; and nobody waits for
    # one, for whoever has it may wait for another to write what it reads.
    engine = create_engine(url, module=sqlite_module(), pool_use_lifo=True, max_overflow=-1)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _sqlite_path(url: URL) -> Path:
    if not url.database or url.database == ":memory:":
        raise StoreError("a store needs a file: write sqlite:///folder/file.db")
    return Path(url.database)


def _is_read_only(path: Path) -> bool:
    """Say whether a whole file is there and can only be read: what is in its log could not be."""
    log = path.with_name(f"{path.name}-wal")
    is_whole = path.is_file() and not (log.exists() and log.stat().st_size)
    return is_whole and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))


def _make_file(path: Path) -> None:
    """Make the file for its owner's eyes only: it holds an office's prices."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError(
            "{path}: the store's file cannot be opened: {reason};"
            " make its folder first, or give another path",
            path=path,
            reason=error.strerror,
        ) from error


def _must_be_ours(path: Path, for_reading: str) -> None:
    """Refuse a file of another program before anything in it is changed."""
    from libconsortium.plugins.sql_store.schema import VERSION_TABLE

    sqlite = sqlite_module()
    try:
        with closing(sqlite.connect(for_reading, uri=True)) as opened:
            rows = opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            tables = {str(name) for (name,) in rows}
    except sqlite.Error:
        return  # what is wrong is told when it is opened for good
    if tables and VERSION_TABLE not in tables:
        raise StoreError(
            "{path}: this file belongs to another program (it has the table {table!r});"
            " give another path",
            path=path,
            table=min(tables),
        )


def _on_connect(connection: Any, _record: object) -> None:  # noqa: ANN401 - of either SQLite module
    connection.isolation_level = None  # transactions begin where we say, see _on_begin
    connection.execute(f"PRAGMA busy_timeout = {WAIT_MILLISECONDS}")
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")  # of a new file, before it is WAL
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")


def _on_begin(connection: Connection) -> None:
    # A writer takes its turn at the start: one that reads first could not write afterwards.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def give_back(engine: Engine) -> None:
    """Make a SQLite file smaller by what was given up in it; a server does that by itself."""
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None  # noqa: S101 - it is connected
        raw.execute("VACUUM")
