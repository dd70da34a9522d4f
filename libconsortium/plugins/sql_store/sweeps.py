"""What a list of identifiers says, compared with the records that are stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import Connection, func, select, update

from libconsortium import DeletionCause, RawRecord
from libconsortium.plugins.sql_store.contents import Contents
from libconsortium.plugins.sql_store.harvest import must_be_ours, read_run
from libconsortium.plugins.sql_store.keeping import AT_ONCE
from libconsortium.plugins.sql_store.pages import BY_PAGE, record_of
from libconsortium.plugins.sql_store.schema import QUARANTINE, RECORD

_COMPARED = ("identifier", "datestamp", "is_deleted", "cause", "last_seen")


def newest(connection: Connection, source: str) -> str:
    """Return the latest datestamp of a source; see ``Store.newest``."""
    query = select(func.max(RECORD.c.datestamp)).where(RECORD.c.source == source)
    return connection.execute(query).scalar() or ""


def around(connection: Connection, source: str, datestamp: str, count: int) -> tuple[str, str]:
    """Return the datestamps so many records before and after one; see ``Store.around``."""
    stamp = RECORD.c.datestamp
    found = select(stamp).where(RECORD.c.source == source, stamp != "").limit(count)
    before = found.where(stamp <= datestamp).order_by(stamp.desc())
    after = found.where(stamp >= datestamp).order_by(stamp)
    return (
        min(connection.execute(before).scalars(), default=datestamp),
        max(connection.execute(after).scalars(), default=datestamp),
    )


def match_headers(
    connection: Connection, number: int, headers: Collection[RawRecord]
) -> tuple[RawRecord, ...]:
    """Compare listed headers with what is stored; see ``Store.match_headers``."""
    must_be_ours(connection, number)
    source = read_run(connection, number).request.source
    left = {header.identifier: header for header in headers}
    identifiers = list(left)
    for start in range(0, len(identifiers), AT_ONCE):
        some = identifiers[start : start + AT_ONCE]
        ours = (RECORD.c.source == source, RECORD.c.identifier.in_(some))
        query = select(*[RECORD.c[name] for name in _COMPARED]).where(*ours)
        for row in connection.execute(query).mappings():
            if _has_state(dict(row), left[str(row["identifier"])], number):
                del left[str(row["identifier"])]
        connection.execute(update(RECORD).where(*ours).values(last_listed=number))
    return tuple(left.values())


def _has_state(stored: dict[str, object], header: RawRecord, number: int) -> bool:
    if bool(stored["is_deleted"]) != header.is_deleted:
        is_withheld = stored["cause"] == DeletionCause.WITHHELD.value
        return is_withheld and str(stored["datestamp"]) >= header.datestamp
    return stored["last_seen"] == number or _is_same_moment(
        str(stored["datestamp"]), header.datestamp
    )


def _is_same_moment(one: str, other: str) -> bool:
    """Compare datestamps; a list of identifiers may have days where that of records has seconds.

    An older one is another state as well: what was restored from a backup has gone back.
    """
    return one.startswith(other) or other.startswith(one)


def not_received(
    connection: Connection, number: int, headers: Iterable[RawRecord]
) -> tuple[RawRecord, ...]:
    """Return what a run has not received; see ``Store.not_received``."""
    source = read_run(connection, number).request.source
    left = {header.identifier: header for header in headers}
    whole = select(RECORD.c.identifier).where(
        RECORD.c.source == source, RECORD.c.last_seen == number
    )
    broken = select(QUARANTINE.c.identifier).where(
        QUARANTINE.c.source == source, QUARANTINE.c.run == number
    )
    identifiers = list(left)
    for start in range(0, len(identifiers), AT_ONCE):
        some = identifiers[start : start + AT_ONCE]
        for query in (
            whole.where(RECORD.c.identifier.in_(some)),
            broken.where(QUARANTINE.c.identifier.in_(some)),
        ):
            for identifier in connection.execute(query).scalars():
                left.pop(identifier, None)
    return tuple(left.values())


def unlisted(connection: Connection, number: int) -> Iterator[RawRecord]:
    """Give the live records that a run did not list; see ``Store.unlisted``."""
    source = read_run(connection, number).request.source
    query = (
        select(RECORD)
        .where(RECORD.c.source == source, RECORD.c.is_deleted == 0, RECORD.c.last_listed != number)
        .order_by(*BY_PAGE)
    )
    contents = Contents(connection)
    with connection.execute(query.execution_options(yield_per=AT_ONCE)) as rows:
        for row in rows:
            yield record_of(row, contents)
