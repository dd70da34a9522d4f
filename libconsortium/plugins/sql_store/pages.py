"""Pages as received and the records read from them: one page, one transaction."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime

import attrs
from sqlalchemy import Connection, Row, case, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from libconsortium import (
    DeletionCause,
    HarvestCounts,
    HarvestPage,
    RawRecord,
    RecordCount,
    StoreError,
)
from libconsortium.plugins.sql_store.harvest import COUNTED, must_be_ours, read_run
from libconsortium.plugins.sql_store.quarantine import put, release
from libconsortium.plugins.sql_store.schema import PAGE, RECORD, RUN

AT_ONCE = 500
"""Rows asked for or fetched at once; enough to be quick, few enough to hold."""

_LARGEST = 2**63 - 1
_KEPT = (
    *("content_hash", "sets", "is_deleted", "cause", "datestamp"),
    *("page_run", "page_number", "first_seen", "last_listed"),
)
_KEY = ("source", "identifier")

Known = Mapping[str, object]


def add_page(
    connection: Connection, number: int, page: HarvestPage, *, token_in: str
) -> HarvestCounts:
    """Keep one page and its records; see ``Store.add_page``."""
    must_be_ours(connection, number)
    source = read_run(connection, number).request.source
    _insert_page(connection, number, page, token_in)
    counts = _keep_records(connection, source, number, page)
    release(connection, source, [record.identifier for record in page.records])
    put(connection, number, (attrs.evolve(item, page=page.number) for item in page.quarantined))
    connection.execute(
        update(RUN)
        .where(RUN.c.number == number)
        .values({name: RUN.c[name] + getattr(counts, name) for name in COUNTED})
    )
    return counts


def read_pages(connection: Connection, number: int) -> Iterator[HarvestPage]:
    """Give the pages of a run as received, in order."""
    query = select(PAGE).where(PAGE.c.run == number).order_by(PAGE.c.number)
    for row in connection.execute(query.execution_options(yield_per=1)):
        yield HarvestPage(
            number=row.number,
            url=row.url,
            body=row.body,
            received=datetime.fromisoformat(row.received),
            encoding=row.encoding,
            headers=tuple((name, value) for name, value in json.loads(row.headers)),
            response_date=row.response_date,
            token=row.token_out,
            cursor=row.cursor,
            complete_list_size=row.complete_list_size,
            stored_records=row.record_count,
        )


def read_records(
    connection: Connection, source: str | None, *, deleted: bool, since: str
) -> Iterator[RawRecord]:
    """Give records one by one, by source and identifier."""
    query = select(RECORD).order_by(RECORD.c.source, RECORD.c.identifier)
    if source is not None:
        query = query.where(RECORD.c.source == source)
    if not deleted:
        query = query.where(RECORD.c.is_deleted == 0)
    if since:
        query = query.where(RECORD.c.datestamp >= since)
    for row in connection.execute(query.execution_options(yield_per=AT_ONCE)):
        yield record_of(row)


def record_of(row: Row[tuple[object, ...]]) -> RawRecord:
    """Return the record of a row."""
    return RawRecord(
        source=row.source,
        identifier=row.identifier,
        datestamp=row.datestamp,
        sets=tuple(json.loads(row.sets)),
        prefix=row.prefix,
        namespace=row.namespace,
        content=row.content,
        is_deleted=bool(row.is_deleted),
        cause=DeletionCause(row.cause) if row.cause else None,
    )


def count_records(
    connection: Connection, source: str | None, *, since: str, until: str
) -> tuple[RecordCount, ...]:
    """Return how many records each source has, by source; see ``Store.record_counts``."""
    tombstones = func.sum(case((RECORD.c.is_deleted == 1, 1), else_=0))
    query = select(RECORD.c.source, func.count(), tombstones)
    if source is not None:
        query = query.where(RECORD.c.source == source)
    if since:
        query = query.where(RECORD.c.datestamp >= since)
    if until:
        query = query.where(RECORD.c.datestamp <= until + _AFTER_ANY)
    rows = connection.execute(query.group_by(RECORD.c.source).order_by(RECORD.c.source))
    return tuple(
        RecordCount(source=name, live=every - int(gone), deleted=int(gone))
        for name, every, gone in rows
    )


_AFTER_ANY = "~"  # a day and "~" comes after every second of that day


def _insert_page(connection: Connection, number: int, page: HarvestPage, token_in: str) -> None:
    known = select(PAGE.c.number).where(PAGE.c.run == number, PAGE.c.number == page.number)
    if connection.execute(known).one_or_none():
        raise StoreError(
            "harvest run {run} has page {number} already", run=number, number=page.number
        )
    connection.execute(
        insert(PAGE),
        {
            "run": number,
            "number": page.number,
            "url": page.url,
            "body": page.body,
            "sha256": page.body_hash,
            "encoding": page.encoding,
            "headers": json.dumps(page.headers),
            "response_date": page.response_date,
            "token_in": token_in,
            "token_out": page.token,
            "cursor": _number(page.cursor),
            "complete_list_size": _number(page.complete_list_size),
            "record_count": len(page.records),
            "received": page.received.isoformat(),
        },
    )


def _number(told: int | None) -> int | None:
    # A server may tell any number; the page's bytes keep what it told.
    return told if told is not None and abs(told) <= _LARGEST else None


def _keep_records(
    connection: Connection, source: str, number: int, page: HarvestPage
) -> HarvestCounts:
    known = _known(connection, source, [record.identifier for record in page.records])
    counts = Counter(pages=1, records=len(page.records), repaired=page.repaired)
    rows: dict[str, Known] = {}
    for record in page.records:
        before = known.get(record.identifier)
        row = _row_of(record, source, number, page.number)
        became = _became(before, row, number)
        counts[became] += 1
        if before is not None:
            is_as_before = _is_as_before(before, row)
            if became == "duplicates" and not is_as_before:
                counts["repeated"] += 1
                if str(before["datestamp"]) > record.datestamp:
                    continue  # the same list gave a newer one
            if is_as_before:
                row |= {name: before[name] for name in ("page_run", "page_number", "last_changed")}
            row |= {name: before[name] for name in ("first_seen", "last_listed")}
        known[record.identifier] = rows[record.identifier] = row
    if rows:
        _upsert(connection, list(rows.values()))
    return HarvestCounts(**counts)


def _known(connection: Connection, source: str, identifiers: list[str]) -> dict[str, Known]:
    columns = [RECORD.c[name] for name in ("identifier", *_KEPT, "last_changed", "last_seen")]
    found: dict[str, Known] = {}
    for start in range(0, len(identifiers), AT_ONCE):
        some = identifiers[start : start + AT_ONCE]
        rows = connection.execute(
            select(*columns).where(RECORD.c.source == source, RECORD.c.identifier.in_(some))
        ).mappings()
        found |= {str(row["identifier"]): dict(row) for row in rows}
    return found


def _became(before: Known | None, row: Known, number: int) -> str:
    if before is not None and before["last_seen"] == number:
        return "duplicates"
    if before is not None and _is_as_before(before, row):
        return "unchanged"
    if row["is_deleted"]:
        return "deleted"
    return "changed" if before is not None else "new"


def _is_as_before(before: Known, row: Known) -> bool:
    return all(before[name] == row[name] for name in ("content_hash", "sets", "is_deleted"))


def _row_of(record: RawRecord, source: str, run: int, page: int) -> dict[str, object]:
    return {
        "source": source,
        "identifier": record.identifier,
        "datestamp": record.datestamp,
        "sets": json.dumps(record.sets, ensure_ascii=False),
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


def _upsert(connection: Connection, rows: list[Known]) -> None:
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(RECORD)
    newer = {
        column.name: statement.excluded[column.name]
        for column in RECORD.c
        if column.name not in _KEY
    }
    connection.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=newer), rows)
