"""Keeps the records of a page: what is new, what changed, what is as it was.

Rows go to the driver as they are: a harvest writes millions, and a statement is made once.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, select

from libconsortium import DeletionCause, HarvestCounts, HarvestPage, RawRecord, is_same_content
from libconsortium.plugins.sql_store.contents import Contents, stand_in
from libconsortium.plugins.sql_store.schema import RECORD
from libconsortium.plugins.sql_store.statements import run, run_many

AT_ONCE = 500
"""Rows asked for or fetched at once; enough to be quick, few enough to hold."""

_NAMES = tuple(column.name for column in RECORD.c)
_KEY = ("source", "identifier")
_PLACE = ("page_run", "page_number", "content", "content_hash", "start", "size")
_SEEN = ("datestamp", "prefix", "namespace", "cause", "last_seen")

Row = tuple[Any, ...]
"""Values of a record in the order of the columns; the content is ``None`` where it was not read."""


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
    keeping = _Keeping(connection, source, number, page)
    keeping.take(page.records, list(_rows(page, source, number)))
    keeping.write()
    return HarvestCounts(**keeping.counts)


class _Keeping:
    """What becomes of the records of one page."""

    def __init__(self, connection: Connection, source: str, number: int, page: HarvestPage) -> None:
        self.connection, self.number = connection, number
        self.known = _known(connection, source, [record.identifier for record in page.records])
        self.contents: dict[str, bytes] = {}
        self.new: dict[str, Row] = {}
        self.rows: dict[str, Row] = {}
        self.seen: dict[str, Row] = {}
        self.counts = Counter(pages=1, records=len(page.records), repaired=page.repaired)

    def take(self, records: tuple[RawRecord, ...], rows: list[Row]) -> None:
        """Compare records with what is known, and note what has to be written."""
        known = self.known
        new = {} if known else {one.identifier: row for one, row in zip(records, rows, strict=True)}
        if new and len(new) == len(rows):  # nothing is to be compared
            gone = sum(record.is_deleted for record in records)
            self.new = new
            self.counts.update(deleted=gone, new=len(rows) - gone)
            return
        # Every call counts here: a list has a million records.
        for record, row in zip(records, rows, strict=True):
            name = record.identifier
            before = known.get(name)
            if before is None:
                self.counts["deleted" if record.is_deleted else "new"] += 1
                self.new[name] = kept = row
            else:
                again = self._again(record, row, before)
                if again is None:
                    continue
                kept = again
            known[name] = kept
            self.contents[name] = record.content

    def _again(self, record: RawRecord, row: Row, before: Row) -> Row | None:
        """Take a record that is known; ``None`` if the same list gave a newer one."""
        old, new = dict(zip(_NAMES, before, strict=True)), dict(zip(_NAMES, row, strict=True))
        name = record.identifier
        is_as_before = self._is_as_before(record, old, new)
        self.counts[self._became(old, new, is_as_before=is_as_before)] += 1
        if old["last_seen"] == self.number and not is_as_before:
            self.counts["repeated"] += 1
            if old["datestamp"] > record.datestamp:
                return None
        new |= {one: old[one] for one in ("first_seen", "last_listed")}
        is_new = name in self.new
        is_written = not is_as_before or is_new or name in self.rows
        if is_as_before:
            new["last_changed"] = old["last_changed"]
            if new["size"] and not old["size"] and not is_written:
                is_written = True  # it stood in its row; now it stands in its page only
            else:
                new |= {one: old[one] for one in _PLACE}
        kept = tuple(new.values())
        (self.new if is_new else self.rows if is_written else self.seen)[name] = kept
        return kept

    def _is_as_before(self, record: RawRecord, old: dict[str, Any], new: dict[str, Any]) -> bool:
        if any(old[name] != new[name] for name in ("sets", "is_deleted")):
            return False
        if old["content_hash"] == new["content_hash"]:
            return True
        before = self.contents.get(record.identifier)
        return is_same_content(self._content(old) if before is None else before, record.content)

    def _content(self, row: dict[str, Any]) -> bytes:
        query = select(RECORD).where(*(RECORD.c[name] == row[name] for name in _KEY))
        return Contents(self.connection).of(self.connection.execute(query).one())

    def _became(self, old: dict[str, Any], new: dict[str, Any], *, is_as_before: bool) -> str:
        if old["last_seen"] == self.number:
            return "duplicates"
        if is_as_before:
            return "unchanged"
        return "deleted" if new["is_deleted"] else "changed"

    def write(self) -> None:
        """Write what has to be written."""
        touch = itemgetter(*map(_NAMES.index, (*_SEEN, *_KEY)))
        seen = [touch(row) for name, row in self.seen.items() if name not in self.rows]
        new, rows = list(self.new.values()), list(self.rows.values())
        for text, values in ((_insert, new), (_upsert, rows), (_touch, seen)):
            if values:
                run_many(self.connection, text(self.connection.dialect), values)


def _known(connection: Connection, source: str, identifiers: list[str]) -> dict[str, Row]:
    mark = _mark(connection.dialect)
    columns = ", ".join("NULL" if name == "content" else name for name in _NAMES)
    place = _NAMES.index("identifier")
    found: dict[str, Row] = {}
    for start in range(0, len(identifiers), AT_ONCE):
        some = identifiers[start : start + AT_ONCE]
        rows = run(
            connection,
            f"SELECT {columns} FROM {RECORD.name} WHERE source = {mark}"  # noqa: S608 - names of ours and marks
            f" AND identifier IN ({', '.join(mark for _ in some)})",
            (source, *some),
        )
        found |= {row[place]: tuple(row) for row in rows}
    return found


def _rows(page: HarvestPage, source: str, run: int) -> Iterator[Row]:
    """Give the row of every record as if it were new."""
    starts, content = (page.starts, page.content) if stand_in(page) else ({}, b"")
    number, hashes = page.number, page.hashes
    for record in page.records:
        name, raw = record.identifier, record.content
        start, size, digest = starts.get(name, -1), 0, ""
        if raw and start >= 0 and content.startswith(raw, start):
            size, digest = len(raw), hashes.get(name, "")
        cause = (record.cause or DeletionCause.HEADER).value if record.is_deleted else ""
        yield (
            *(source, name, record.datestamp, _as_json(record.sets)),
            *(record.prefix, record.namespace),
            *(b"" if size else raw, digest or record.content_hash, int(record.is_deleted), cause),
            *(run, number, run, run, run, 0),
            *(start if size else 0, size),
        )


@lru_cache(maxsize=1000)
def _as_json(sets: tuple[str, ...]) -> str:
    return json.dumps(sets, ensure_ascii=False)


def _mark(dialect: Dialect) -> str:
    return "?" if dialect.paramstyle == "qmark" else "%s"


@lru_cache(maxsize=4)
def _insert(dialect: Dialect) -> str:
    """Return the statement that keeps a record that was not there."""
    marks = ", ".join([_mark(dialect)] * len(_NAMES))
    return f"INSERT INTO {RECORD.name} ({', '.join(_NAMES)}) VALUES ({marks})"  # noqa: S608 - names of ours and marks


@lru_cache(maxsize=4)
def _upsert(dialect: Dialect) -> str:
    """Return the one that keeps it in place of the one before; it takes twice as long."""
    newer = ", ".join(f"{name} = excluded.{name}" for name in _NAMES if name not in _KEY)
    return f"{_insert(dialect)} ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET {newer}"


@lru_cache(maxsize=4)
def _touch(dialect: Dialect) -> str:
    """Return the statement that notes that a record came as it is kept."""
    values, key = ([f"{name} = {_mark(dialect)}" for name in names] for names in (_SEEN, _KEY))
    return f"UPDATE {RECORD.name} SET {', '.join(values)} WHERE {' AND '.join(key)}"  # noqa: S608 - names of ours and marks
