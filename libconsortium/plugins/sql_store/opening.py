"""Opening a database: the engine, what SQLite has to be told, and the migrations."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from libconsortium import MissingExtraError, StoreError

try:
    from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
    from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError
except ImportError as error:
    raise MissingExtraError(
        "keeping data needs the package {package}; pip install 'libconsortium[{extra}]'",
        package="sqlalchemy",
        extra="db",
    ) from error

if TYPE_CHECKING:
    from libconsortium.plugins.sql_store.sql_store import SqlStore

MIGRATIONS = ("0001", "0002", "0003", "0004", "0005")
"""Every migration, the first one first; a store is brought to the last one when opened."""

PAGE_BYTES = 2**14
"""A page of SQLite: records have some two thousand bytes, and half a smaller page was wasted."""

WAIT_MILLISECONDS = 15_000
"""How long a writer waits for another one before it gives up."""

_OF_A_FILE = "sqlite:///"
_UPGRADE_LOCK = 0x6C_69_62_63  # any number that nobody else takes in this database


def open_store(address: str) -> SqlStore:
    """Open a store, make it if it is not there, and bring it to the present schema.

    Args:
        address: ``sqlite:///folder/file.db`` or ``postgresql://user:password@host/database``.

    Raises:
        StoreError: It cannot be opened, or was made by a newer version of this program. No
            message shows the password.
        MissingExtraError: The database's driver is not installed.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     store = open_store(f"sqlite:///{folder}/consortium.db")
    ...     store.record_counts()
    ...     store.close()
    ()
    """
    from libconsortium.plugins.sql_store.sql_store import SqlStore

    url = _url(address)
    shown = url.render_as_string(hide_password=True)
    with told(shown):
        engine = _engine(url)
        try:
            _upgrade(engine, shown)
        except BaseException:
            engine.dispose()
            raise
    return SqlStore(engine, shown)


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


def _url(address: str) -> URL:
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


def _engine(url: URL) -> Engine:
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
    _make_file(path)
    _must_be_ours(path)
    engine = create_engine(url, module=sqlite_module())
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _sqlite_path(url: URL) -> Path:
    if not url.database or url.database == ":memory:":
        raise StoreError("a store needs a file: write sqlite:///folder/file.db")
    return Path(url.database)


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


def _must_be_ours(path: Path) -> None:
    """Refuse a file of another program before anything in it is changed."""
    from libconsortium.plugins.sql_store.schema import VERSION_TABLE

    sqlite = sqlite_module()
    try:
        with closing(sqlite.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as opened:
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


def _upgrade(engine: Engine, address: str) -> None:
    with engine.connect() as connection:
        known = _migration(connection)
    if known == MIGRATIONS[-1]:
        return
    with engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
        known = _migration(connection)  # another process may have been quicker
        if known and known not in MIGRATIONS:
            raise StoreError(
                "{address}: this store was made by a newer version of libconsortium"
                " (its schema is {known}, ours {ours}); install that version",
                address=address,
                known=known,
                ours=MIGRATIONS[-1],
            )
        if not known:
            _make(connection)
        elif known != MIGRATIONS[-1]:
            migrate(connection)


def _make(connection: Connection) -> None:
    """Make the tables of a new store at once: Alembic alone takes ten megabytes and half a second.

    That the migrations lead to the same tables is tested.
    """
    from libconsortium.plugins.sql_store.schema import METADATA, VERSION_TABLE

    connection.execute(
        text(
            f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL,"
            f" CONSTRAINT {VERSION_TABLE}_pkc PRIMARY KEY (version_num))"
        )
    )
    METADATA.create_all(connection, checkfirst=False)
    connection.execute(
        text(f"INSERT INTO {VERSION_TABLE} (version_num) VALUES (:ours)"),  # noqa: S608 - our own constant
        {"ours": MIGRATIONS[-1]},
    )


def migrate(connection: Connection) -> None:
    """Run the migrations that this database does not have yet, in the open transaction."""
    from alembic import command

    command.upgrade(alembic_config(connection), "head")


def alembic_config(connection: Connection) -> Any:  # noqa: ANN401 - Alembic is imported late
    """Return Alembic's settings, made in code: there is no alembic.ini."""
    try:
        from alembic.config import Config
    except ImportError as error:
        raise MissingExtraError(
            "making a store needs the package {package}; pip install 'libconsortium[{extra}]'",
            package="alembic",
            extra="db",
        ) from error
    config = Config(stdout=io.StringIO())  # what Alembic says of its work is not our output
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _migration(connection: Connection) -> str:
    from libconsortium.plugins.sql_store.schema import VERSION_TABLE

    if not inspect(connection).has_table(VERSION_TABLE):
        return ""
    return str(
        connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar() or ""  # noqa: S608 - our own constant
    )
