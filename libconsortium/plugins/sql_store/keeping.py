"""Keeps the records of a page: what is new, what changed, what is as it was.

Rows go to the driver as they are: a harvest writes millions, and a statement is compiled once.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import Connection, Dialect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.compiler import SQLCompiler

from libconsortium import DeletionCause, HarvestCounts, HarvestPage, RawRecord, is_same_content
from libconsortium.plugins.sql_store.schema import RECORD

AT_ONCE = 500
"""Rows asked for or fetched at once; enough to be quick, few enough to hold."""

_KEPT = (
    *("content_hash", "sets", "is_deleted", "cause", "datestamp", "last_changed", "last_seen"),
    *("page_run", "page_number", "first_seen", "last_listed"),
)
_KEY = ("source", "identifier")
_AS_BEFORE = ("page_run", "page_number", "last_changed", "content", "content_hash")
_SEEN = ("datestamp", "prefix", "namespace", "cause", "last_seen")

Known = Mapping[str, Any]


def keep_records(
    connection: Connection, source: str, number: int, page: HarvestPage
) -> HarvestCounts:
    """Keep the records of a page and say what became of them.

    Args:
        connection: In the page's transaction.
        source: The source's name.
        number: The run's number.
        page: The page; it is kept already.
    """
    known = _known(connection, source, [record.identifier for record in page.records])
    counts = Counter(pages=1, records=len(page.records), repaired=page.repaired)
    rows: dict[str, Known] = {}
    seen: dict[str, Known] = {}
    for record in page.records:
        name = record.identifier
        before = known.get(name)
        row = _row_of(record, source, number, page.number)
        is_as_before = before is not None and _is_as_before(connection, before, row)
        became = _became(before, row, number, is_as_before=is_as_before)
        counts[became] += 1
        if before is not None:
            if became == "duplicates" and not is_as_before:
                counts["repeated"] += 1
                if before["datestamp"] > record.datestamp:
                    continue  # the same list gave a newer one
            row |= {one: before[one] for one in ("first_seen", "last_listed")}
            if is_as_before:
                row |= {one: before[one] for one in _AS_BEFORE if one in before}
        known[name] = row
        (seen if is_as_before and name not in rows else rows)[name] = row
    _write(connection, rows, {name: row for name, row in seen.items() if name not in rows})
    return HarvestCounts(**counts)


def _known(connection: Connection, source: str, identifiers: list[str]) -> dict[str, Known]:
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    columns = ("identifier", *_KEPT)
    found: dict[str, Known] = {}
    for start in range(0, len(identifiers), AT_ONCE):
        some = identifiers[start : start + AT_ONCE]
        rows = connection.exec_driver_sql(
            f"SELECT {', '.join(columns)} FROM {RECORD.name} WHERE source = {mark}"  # noqa: S608 - names of ours and marks
            f" AND identifier IN ({', '.join(mark for _ in some)})",
            (source, *some),
        )
        found |= {row[0]: dict(zip(columns, row, strict=True)) for row in rows}
    return found


def _became(before: Known | None, row: Known, number: int, *, is_as_before: bool) -> str:
    if before is not None and before["last_seen"] == number:
        return "duplicates"
    if is_as_before:
        return "unchanged"
    if row["is_deleted"]:
        return "deleted"
    return "changed" if before is not None else "new"


def _is_as_before(connection: Connection, before: Known, row: Known) -> bool:
    if any(before[name] != row[name] for name in ("sets", "is_deleted")):
        return False
    if before["content_hash"] == row["content_hash"]:
        return True
    if "content" in before:
        return is_same_content(before["content"], row["content"])
    return is_same_content(_content(connection, row), row["content"])


def _content(connection: Connection, row: Known) -> bytes:
    query = select(RECORD.c.content).where(*(RECORD.c[name] == row[name] for name in _KEY))
    return bytes(connection.execute(query).scalar_one())


def _row_of(record: RawRecord, source: str, run: int, page: int) -> dict[str, Any]:
    return {
        "source": source,
        "identifier": record.identifier,
        "datestamp": record.datestamp,
        "sets": _as_json(record.sets),
        "prefix": record.prefix,
        "namespace": record.namespace,
        "content": record.content,
        "content_hash": record.content_hash,
        "is_deleted": int(record.is_deleted),
        "cause": (record.cause or DeletionCause.HEADER).value if record.is_deleted else "",
        "page_run": run,
        "page_number": page,
        "first_seen": run,
        "last_changed": run,
        "last_seen": run,
        "last_listed": 0,
    }


@lru_cache(maxsize=1000)
def _as_json(sets: tuple[str, ...]) -> str:
    return json.dumps(sets, ensure_ascii=False)


def _write(connection: Connection, rows: Mapping[str, Known], seen: Mapping[str, Known]) -> None:
    for statement, some in ((_upsert, rows), (_touch, seen)):
        if some:
            text, names = statement(connection.dialect)
            values: list[Any] = list(some.values())
            if names is not None:
                values = list(map(itemgetter(*names), values))
            connection.exec_driver_sql(text, values)


@lru_cache(maxsize=4)
def _upsert(dialect: Dialect) -> tuple[str, tuple[str, ...] | None]:
    """Return the statement that keeps a record, and the order of its values if they have one."""
    statement = (sqlite if dialect.name == "sqlite" else postgresql).insert(RECORD)
    names = [column.name for column in RECORD.c]
    newer = {name: statement.excluded[name] for name in names if name not in _KEY}
    kept = statement.on_conflict_do_update(index_elements=_KEY, set_=newer)
    compiled = cast("SQLCompiler", kept.compile(dialect=dialect, column_keys=names))
    order = compiled.positiontup
    return str(compiled), None if order is None else tuple(order)


@lru_cache(maxsize=4)
def _touch(dialect: Dialect) -> tuple[str, tuple[str, ...] | None]:
    """Return the statement that notes that a record came as it is kept, and the order likewise."""
    is_ordered = dialect.paramstyle == "qmark"
    values, key = (
        [f"{name} = {'?' if is_ordered else f'%({name})s'}" for name in names]
        for names in (_SEEN, _KEY)
    )
    text = f"UPDATE {RECORD.name} SET {', '.join(values)} WHERE {' AND '.join(key)}"  # noqa: S608 - names of ours and marks
    return text, (*_SEEN, *_KEY) if is_ordered else None
