"""Pages as received and the records read from them: one page, one transaction."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

import attrs
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    update,
)

from libconsortium import (
    DeletionCause,
    HarvestCounts,
    HarvestPage,
    RawRecord,
    RecordCount,
    StoreError,
)
from libconsortium.plugins.sql_store import bodies
from libconsortium.plugins.sql_store.contents import Contents
from libconsortium.plugins.sql_store.harvest import COUNTED, must_be_ours
from libconsortium.plugins.sql_store.keeping import AT_ONCE, keep_records
from libconsortium.plugins.sql_store.quarantine import put, release
from libconsortium.plugins.sql_store.schema import PAGE, RECORD, RUN
from libconsortium.plugins.sql_store.statements import Statement

_LARGEST = 2**63 - 1


_IS_THERE = Statement(
    select(PAGE.c.number).where(
        PAGE.c.run == bindparam("in_run"), PAGE.c.number == bindparam("page")
    )
)
_INSERT = Statement(insert(PAGE))
_COUNT = Statement(
    update(RUN)
    .where(RUN.c.number == bindparam("run"))
    .values({name: RUN.c[name] + bindparam(f"more_{name}") for name in COUNTED})
)


def add_page(
    connection: Connection, number: int, page: HarvestPage, *, token_in: str
) -> HarvestCounts:
    """Keep one page and its records; see ``Store.add_page``."""
    source = must_be_ours(connection, number)
    body = bodies.Incoming(page.body)
    _insert_page(connection, number, page, body.name, token_in)
    counts = keep_records(connection, source, number, page)
    release(connection, source, [record.identifier for record in page.records])
    put(connection, number, (attrs.evolve(item, page=page.number) for item in page.quarantined))
    body.keep(connection)
    more = {f"more_{name}": getattr(counts, name) for name in COUNTED}
    _COUNT.run(connection, run=number, **more)
    return counts


def read_pages(connection: Connection, number: int) -> Iterator[HarvestPage]:
    """Give the pages of a run as received, in order."""
    query = select(PAGE).where(PAGE.c.run == number).order_by(PAGE.c.number)
    with connection.execute(query.execution_options(yield_per=1)) as rows:
        for row in rows:
            yield HarvestPage(
                number=row.number,
                url=row.url,
                body=bodies.read(connection, row.sha256),
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
    connection: Connection,
    source: str | None,
    *,
    deleted: bool,
    since: str,
    identifiers: Collection[str] | None,
) -> Iterator[RawRecord]:
    """Give records one by one, by source and page, so that no page is unpacked twice."""
    query = select(RECORD).order_by(*BY_PAGE)
    if source is not None:
        query = query.where(RECORD.c.source == source)
    if not deleted:
        query = query.where(RECORD.c.is_deleted == 0)
    if since:
        query = query.where(_is_since(since))
    names = sorted(set(identifiers or ()))
    some = (names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE))
    asked = (query.where(RECORD.c.identifier.in_(few)) for few in some)
    contents = Contents(connection)
    for one in [query] if identifiers is None else asked:
        with connection.execute(one.execution_options(yield_per=AT_ONCE)) as rows:
            for row in rows:
                yield record_of(row, contents)


BY_PAGE = (
    *(RECORD.c.source, RECORD.c.page_run, RECORD.c.page_number, RECORD.c.start),
    RECORD.c.identifier,
)
"""The order in which records are read: page by page, as they stand there."""


def record_of(row: Row[Any], contents: Contents) -> RawRecord:
    """Return the record of a row of all columns, in their order; a million are read like this."""
    values: tuple[Any, ...] = tuple(row)
    source, identifier, datestamp, sets, prefix, namespace, content, _ = values[:8]
    is_deleted, cause, run, number, *_, start, size = values[8:]
    if is_deleted:
        content = b""  # a dropped one keeps its own
    elif size:
        content = contents.in_page(run, number, start, size)
    return RawRecord(
        source=source,
        identifier=identifier,
        datestamp=datestamp,
        sets=_sets(sets),
        prefix=prefix,
        namespace=namespace,
        content=content,
        is_deleted=bool(is_deleted),
        cause=DeletionCause(cause) if cause else None,
    )


@lru_cache(maxsize=1000)
def _sets(written: str) -> tuple[str, ...]:
    return tuple(json.loads(written))


def count_records(
    connection: Connection, source: str | None, *, since: str, until: str
) -> tuple[RecordCount, ...]:
    """Return how many records each source has, by source; see ``Store.record_counts``."""
    tombstones = func.sum(case((RECORD.c.is_deleted == 1, 1), else_=0))
    query = select(RECORD.c.source, func.count(), tombstones)
    if source is not None:
        query = query.where(RECORD.c.source == source)
    if since:
        query = query.where(_is_since(since))
    if until:
        query = query.where(RECORD.c.datestamp <= until.removesuffix("Z") + _AFTER_ANY)
    rows = connection.execute(query.group_by(RECORD.c.source).order_by(RECORD.c.source))
    return tuple(
        RecordCount(source=name, live=every - int(gone), deleted=int(gone))
        for name, every, gone in rows
    )


_AFTER_ANY = "~"  # a day and "~" comes after every second of that day
_DAY_FORM = len("2026-01-31")


def _is_since(since: str) -> ColumnElement[bool]:
    """Say of a record that it is of a moment or later, in whatever form its datestamp is.

    Fractions and offsets come after a second without its ``Z``, a day is that day whatever the
    hour, and a record without a datestamp belongs to every time.
    """
    stamp = RECORD.c.datestamp
    is_day = func.length(stamp) <= _DAY_FORM
    return or_(
        stamp >= since.removesuffix("Z"),
        and_(is_day, stamp >= since[:_DAY_FORM]),
        stamp == "",
    )


def _insert_page(
    connection: Connection, number: int, page: HarvestPage, body: str, token_in: str
) -> None:
    if _IS_THERE.run(connection, in_run=number, page=page.number).fetchone():
        raise StoreError(
            "harvest run {run} has page {number} already", run=number, number=page.number
        )
    _INSERT.run(
        connection,
        run=number,
        number=page.number,
        url=page.url,
        sha256=body,
        encoding=page.encoding,
        headers=json.dumps(page.headers),
        response_date=page.response_date,
        token_in=token_in,
        token_out=page.token,
        cursor=_number(page.cursor),
        complete_list_size=_number(page.complete_list_size),
        record_count=len(page.records),
        received=page.received.isoformat(),
    )


def _number(told: int | None) -> int | None:
    # A server may tell any number; the page's bytes keep what it told.
    return told if told is not None and abs(told) <= _LARGEST else None
