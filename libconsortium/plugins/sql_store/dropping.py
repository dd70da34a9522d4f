"""Records of a whole source dropped, and taken back: tombstones that keep their bytes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, update

from libconsortium import DeletionCause, Message, RunStatus, StoreError
from libconsortium.plugins.sql_store.harvest import Ending, finish_run, last_run, start_run
from libconsortium.plugins.sql_store.schema import RECORD


def drop_source(connection: Connection, source: str, *, at: datetime) -> int:
    """Make tombstones of the live records of a source; see ``Store.drop_source``."""
    number = _begun(connection, source, at)
    count = connection.execute(
        update(RECORD).where(RECORD.c.source == source, RECORD.c.is_deleted == 0),
        {"is_deleted": 1, "cause": DeletionCause.DROPPED.value, "last_changed": number},
    ).rowcount
    _end(connection, number, at, Message("{count} records were dropped by hand", count=count))
    return count


def restore_source(connection: Connection, source: str, *, at: datetime) -> int:
    """Make live records of the tombstones that a drop made; see ``Store.restore_source``."""
    number = _begun(connection, source, at)
    dropped = (RECORD.c.source == source, RECORD.c.cause == DeletionCause.DROPPED.value)
    count = connection.execute(
        update(RECORD).where(*dropped), {"is_deleted": 0, "cause": "", "last_changed": number}
    ).rowcount
    _end(connection, number, at, Message("{count} records were taken back by hand", count=count))
    return count


def _begun(connection: Connection, source: str, at: datetime) -> int:
    """Take the source as a harvest does: nobody harvests it meanwhile, and the run tells of it."""
    last = last_run(connection, source, None)
    if last is None:
        raise StoreError("{source} was never harvested; there is nothing of it", source=source)
    return start_run(connection, last.request, started=at).number


def _end(connection: Connection, number: int, at: datetime, reason: Message) -> None:
    finish_run(connection, number, Ending(RunStatus.INTERRUPTED, at, reason))
