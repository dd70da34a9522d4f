"""The quarantine: records that came and could not be kept, with their bytes and the reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, bindparam, delete, exists, literal_column, select

from libconsortium import Quarantined
from libconsortium.plugins.sql_store.harvest import must_be_ours, read_run
from libconsortium.plugins.sql_store.problems import message_from_json, message_to_json
from libconsortium.plugins.sql_store.schema import QUARANTINE
from libconsortium.plugins.sql_store.statements import Statement
from libconsortium.plugins.sql_store.upserts import insert_into

_AT_ONCE = 500
_NAMELESS = "#%"
_IS_OF_SOURCE = QUARANTINE.c.source == bindparam("of_source")
_ALL = select(QUARANTINE).order_by(
    QUARANTINE.c.source, QUARANTINE.c.first_run, QUARANTINE.c.identifier
)
_OF_SOURCE = _ALL.where(_IS_OF_SOURCE)
_IS_NAMELESS = QUARANTINE.c.identifier.like(_NAMELESS)
_CLEAR = {
    True: delete(QUARANTINE).where(_IS_OF_SOURCE, ~_IS_NAMELESS),
    False: delete(QUARANTINE).where(_IS_OF_SOURCE, _IS_NAMELESS),
}
_ANY = Statement(select(literal_column("1")).where(exists().where(_IS_OF_SOURCE)))
_NEWER = ("reason", "content", "run", "page_number")


def read_quarantine(connection: Connection, source: str | None) -> tuple[Quarantined, ...]:
    """Return what is in quarantine; see ``Store.quarantine``."""
    rows = (
        connection.execute(_ALL)
        if source is None
        else connection.execute(_OF_SOURCE, {"of_source": source})
    )
    return tuple(
        Quarantined(
            source=row.source,
            identifier=row.identifier,
            reason=message_from_json(row.reason),
            content=row.content,
            run=row.run,
            page=row.page_number,
        )
        for row in rows
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


def release(connection: Connection, source: str, identifiers: Sequence[str]) -> None:
    """Take records out of quarantine, because they came sound."""
    if _ANY.run(connection, of_source=source).fetchone() is None:
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
    return connection.execute(_CLEAR[is_named], {"of_source": source}).rowcount


def _row_of(item: Quarantined, number: int) -> dict[str, object]:
    return {
        "identifier": item.identifier,
        "reason": message_to_json(item.reason),
        "content": item.content,
        "run": number,
        "page_number": item.page,
        "first_run": number,
    }
