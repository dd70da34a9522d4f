"""The ledger of segments, and the records that they have to take up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import attrs
from sqlalchemy import Connection, delete, insert, select

from libconsortium import Segment, StoredRecord
from libconsortium.plugins.sql_store.contents import Contents
from libconsortium.plugins.sql_store.keeping import AT_ONCE
from libconsortium.plugins.sql_store.pages import BY_PAGE, record_of
from libconsortium.plugins.sql_store.schema import RECORD, SEGMENT


def read_segments(connection: Connection) -> tuple[Segment, ...]:
    """Return the ledger; see ``Store.segments``."""
    query = select(SEGMENT).order_by(SEGMENT.c.source, SEGMENT.c.batch, SEGMENT.c.name)
    rows = connection.execute(query).mappings()
    return tuple(Segment(**{**row, "at": datetime.fromisoformat(row["at"])}) for row in rows)


def change_segments(
    connection: Connection, added: Iterable[Segment], removed: Iterable[str]
) -> None:
    """Enter and strike segments; see ``Store.change_segments``."""
    for name in removed:
        connection.execute(delete(SEGMENT).where(SEGMENT.c.name == name))
    rows = [attrs.asdict(one) | {"at": one.at.isoformat()} for one in added]
    if rows:
        connection.execute(insert(SEGMENT), rows)


def read_changes(
    connection: Connection, source: str, *, since: int, share: tuple[int, int]
) -> Iterator[StoredRecord]:
    """Give the records that a run changed; see ``Store.record_changes``."""
    query = select(RECORD).where(RECORD.c.source == source).order_by(*BY_PAGE)
    if since:
        query = query.where(RECORD.c.last_changed >= since)
    part, of = share
    if of > 1:
        query = query.where((RECORD.c.page_run + RECORD.c.page_number) % of == part)
    contents = Contents(connection)
    with connection.execute(query.execution_options(yield_per=AT_ONCE)) as rows:
        for row in rows:
            yield StoredRecord(
                record=record_of(row, contents),
                page_run=row.page_run,
                page_number=row.page_number,
                changed=row.last_changed,
            )
