"""The quarantine: records that came and could not be kept, with their bytes and the reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, bindparam, delete, select

from libconsortium import Quarantined
from libconsortium.plugins.sql_store.harvest import must_be_ours, read_run
from libconsortium.plugins.sql_store.problems import message_from_json, message_to_json
from libconsortium.plugins.sql_store.schema import QUARANTINE
from libconsortium.plugins.sql_store.upserts import insert_into

_AT_ONCE = 500
_NAMELESS = "#%"
_NEWER = ("reason", "content", "run", "page_number")


def read_quarantine(connection: Connection, source: str | None) -> tuple[Quarantined, ...]:
    """Return what is in quarantine; see ``Store.quarantine``."""
    query = select(QUARANTINE).order_by(
        QUARANTINE.c.source, QUARANTINE.c.first_run, QUARANTINE.c.identifier
    )
    if source is not None:
        query = query.where(QUARANTINE.c.source == source)
    return tuple(
        Quarantined(
            source=row.source,
            identifier=row.identifier,
            reason=message_from_json(row.reason),
            content=row.content,
            run=row.run,
            page=row.page_number,
        )
        for row in connection.execute(query)
    )


def add_to_quarantine(connection: Connection, number: int, items: Iterable[Quarantined]) -> None:
    """Put records into quarantine; see ``Store.add_to_quarantine``."""
    must_be_ours(connection, number)
    put(connection, number, items)


def put(connection: Connection, number: int, items: Iterable[Quarantined]) -> None:
    """Put records into quarantine; one that is there already is only brought up to date."""
    rows = {item.identifier: _row_of(item, number) for item in items}
    if not rows:
        return
    source = read_run(connection, number).request.source
    statement = insert_into(connection, QUARANTINE)
    newer = {name: statement.excluded[name] for name in _NEWER}
    connection.execute(
        statement.on_conflict_do_update(index_elements=("source", "identifier"), set_=newer),
        [{**row, "source": source} for row in rows.values()],
    )


_ANY = (  # made once: it is asked with every page
    select(QUARANTINE.c.identifier).where(QUARANTINE.c.source == bindparam("of_source")).limit(1)
)


def release(connection: Connection, source: str, identifiers: Sequence[str]) -> None:
    """Take records out of quarantine, because they came sound."""
    if connection.execute(_ANY, {"of_source": source}).one_or_none() is None:
        return
    for start in range(0, len(identifiers), _AT_ONCE):
        some = identifiers[start : start + _AT_ONCE]
        connection.execute(
            delete(QUARANTINE).where(
                QUARANTINE.c.source == source, QUARANTINE.c.identifier.in_(some)
            )
        )


def clear_quarantine(connection: Connection, source: str, *, is_named: bool) -> int:
    """Forget records in quarantine; see ``Store.clear_quarantine``."""
    nameless = QUARANTINE.c.identifier.like(_NAMELESS)
    return connection.execute(
        delete(QUARANTINE).where(QUARANTINE.c.source == source, ~nameless if is_named else nameless)
    ).rowcount


def _row_of(item: Quarantined, number: int) -> dict[str, object]:
    return {
        "identifier": item.identifier,
        "reason": message_to_json(item.reason),
        "content": item.content,
        "run": number,
        "page_number": item.page,
        "first_run": number,
    }
