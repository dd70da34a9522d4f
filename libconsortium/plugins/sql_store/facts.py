"""Facts in the database: read whole, changed by loads, and taken back load by load."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs
from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update

from libconsortium import (
    FACT_KINDS,
    Change,
    ChangeKind,
    Directory,
    Fact,
    Load,
    Place,
    StoreError,
    from_row,
    to_row,
)
from libconsortium.plugins.sql_store.schema import FACTS, LOAD, LOAD_CHANGE

TextRow = dict[str, str]

Wanted = tuple[str, TextRow | None, TextRow | None]
"""A kind of fact, what a fact is held to be, and what it shall be; ``None`` is no fact."""


def read_directory(connection: Connection) -> Directory:
    """Return every fact that is kept.

    Raises:
        StoreError: A row is no fact any more, because somebody else wrote into the database.
    """
    found: list[Fact] = []
    for name, table in FACTS.items():
        kind = FACT_KINDS[name]
        for row in connection.execute(select(table)).mappings():
            fact = from_row(kind, dict(row), Place(source=table.name))
            if isinstance(fact, tuple):
                raise StoreError(
                    "the store holds a row that is no fact: {problem}", problem=fact[0]
                )
            found.append(fact)
    return Directory.of(found)


def apply_changes(connection: Connection, changes: Iterable[Change], load: Load) -> Load | None:
    """Make changes and write them into the log as a load; see ``Store.apply``."""
    wanted = [
        (change.kind, _row_of(change.before), _row_of(change.after))
        for change in changes
        if change.what is not ChangeKind.UNCHANGED
    ]
    return _logged(connection, wanted, load) if wanted else None


def undo_last(connection: Connection, *, at: datetime) -> Load:
    """Take back the last load that is not taken back yet; see ``Store.undo``."""
    last = next(
        (load for load in reversed(read_loads(connection)) if not (load.undoes or load.undone_by)),
        None,
    )
    if last is None:
        raise StoreError("there is no load to take back")
    rows = connection.execute(
        select(LOAD_CHANGE)
        .where(LOAD_CHANGE.c.load == last.number)
        .order_by(LOAD_CHANGE.c.position.desc())
    )
    # What was is what will be, and the other way round.
    wanted = [(row.kind, _loaded(row.after), _loaded(row.before)) for row in rows]
    return _logged(connection, wanted, attrs.evolve(last, at=at, undoes=last.number))


def read_loads(connection: Connection) -> tuple[Load, ...]:
    """Return the log of loads, the first one first."""
    sizes = (
        select(LOAD_CHANGE.c.load, func.count().label("changes"))
        .group_by(LOAD_CHANGE.c.load)
        .subquery()
    )
    rows = connection.execute(
        select(LOAD, sizes.c.changes)
        .join(sizes, sizes.c.load == LOAD.c.number)
        .order_by(LOAD.c.number)
    ).all()
    undone = {row.undoes: row.number for row in rows if row.undoes}
    return tuple(
        Load(
            number=row.number,
            at=datetime.fromisoformat(row.at),
            what=row.what,
            sources=tuple(json.loads(row.sources)),
            changes=row.changes,
            undoes=row.undoes,
            undone_by=undone.get(row.number),
        )
        for row in rows
    )


def _logged(connection: Connection, wanted: list[Wanted], load: Load) -> Load:
    number = connection.execute(
        insert(LOAD).returning(LOAD.c.number),
        {
            "at": load.at.isoformat(),
            "what": load.what,
            "sources": json.dumps(load.sources),
            "undoes": load.undoes,
        },
    ).scalar_one()
    for kind, before, after in wanted:
        _change(connection, kind, before, after)
    connection.execute(
        insert(LOAD_CHANGE),
        [
            {
                "load": number,
                "position": position,
                "kind": kind,
                "before": _dumped(before),
                "after": _dumped(after),
            }
            for position, (kind, before, after) in enumerate(wanted, start=1)
        ],
    )
    return attrs.evolve(load, number=number, changes=len(wanted))


def _change(
    connection: Connection, kind: str, before: TextRow | None, after: TextRow | None
) -> None:
    """Bring one fact from what it is held to be to what it shall be."""
    table = FACTS[kind]
    held = before or after or {}
    query = select(table).where(_same(kind, held)).with_for_update()
    row = connection.execute(query).mappings().one_or_none()
    if (dict(row) if row else None) != before:
        raise StoreError(
            "{kind} {key} is no longer what it was when the changes were worked out;"
            " look at them again",
            kind=kind,
            key=" ".join(held[field] for field in FACT_KINDS[kind].key),
        )
    if after is None:
        connection.execute(delete(table).where(_same(kind, held)))
    elif before is None:
        connection.execute(insert(table), after)
    else:
        connection.execute(update(table).where(_same(kind, held)), after)


def _same(kind: str, row: Mapping[str, str]) -> ColumnElement[bool]:
    return and_(*(FACTS[kind].c[field] == row[field] for field in FACT_KINDS[kind].key))


def _row_of(fact: Fact | None) -> TextRow | None:
    return to_row(fact) if fact is not None else None


def _dumped(row: TextRow | None) -> str | None:
    return json.dumps(row, ensure_ascii=False) if row is not None else None


def _loaded(text: str | None) -> TextRow | None:
    return dict(json.loads(text)) if text is not None else None
