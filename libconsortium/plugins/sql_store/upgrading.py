"""Bringing a database to the present schema: made at once if new, else by its migrations."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text

from libconsortium import MissingExtraError, StoreError

MIGRATIONS = ("0001", "0002", "0003", "0004", "0005")
"""Every migration, the first one first; a store is brought to the last one when opened."""

_UPGRADE_LOCK = 0x6C_69_62_63  # any number that nobody else takes in this database


def upgrade(engine: Engine, address: str) -> None:
    """Bring a database to the present schema; one process at a time does it.

    Raises:
        StoreError: A newer version of this program made it.
    """
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
