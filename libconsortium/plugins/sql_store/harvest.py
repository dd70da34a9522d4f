"""Harvest runs: which source is being harvested by whom, and where a run can go on."""

from __future__ import annotations

from datetime import datetime

import attrs
from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from libconsortium import (
    Checkpoint,
    HarvestCounts,
    HarvestRequest,
    HarvestRun,
    Message,
    RunStatus,
    StoreError,
    without_secret,
)
from libconsortium.plugins.sql_store.problems import message_from_json, message_to_json
from libconsortium.plugins.sql_store.processes import Process, is_alive, this_process
from libconsortium.plugins.sql_store.schema import LOCK, PAGE, RUN
from libconsortium.plugins.sql_store.statements import Statement

_ASKED = ("source", "url", "prefix", "set_spec", "since", "until", "covers")
COUNTED = (
    *("pages", "records", "new", "changed", "unchanged", "deleted"),
    *("duplicates", "repeated", "repaired"),
)
_AGAIN_WITH = ("status", "reason", "started", "finished")
_ENDS_WITH = ("status", "reason", "finished", "watermark")
_LEFT = Message("the process that harvested ended without closing the run")
_RELEASED = Message("released by hand")
_NOTHING = Message("")

# Statements are made once: making one takes longer than running it.
_BEGIN = insert(RUN).returning(RUN.c.number)
_CHANGE = update(RUN).where(RUN.c.number == bindparam("run"))
_AGAIN = _CHANGE.values({name: bindparam(name) for name in _AGAIN_WITH})
_END = _CHANGE.values({name: bindparam(name) for name in _ENDS_WITH})
_RUN = select(RUN).where(RUN.c.number == bindparam("run"))
_LAST = (
    select(RUN).where(RUN.c.source == bindparam("of_source")).order_by(RUN.c.number.desc()).limit(1)
)
_LAST_OF_STATUS = _LAST.where(RUN.c.status == bindparam("of_status"))
_LOCK = insert(LOCK)
_LOCK_OF_SOURCE = select(LOCK).where(LOCK.c.source == bindparam("of_source")).with_for_update()
_FREE = delete(LOCK).where(LOCK.c.run == bindparam("run"))
_LOCK_OF_RUN = Statement(
    select(LOCK.c.source, LOCK.c.host, LOCK.c.pid, LOCK.c.process)
    .where(LOCK.c.run == bindparam("run"))
    .with_for_update()
)


@attrs.frozen
class Ending:
    """How and when a run ended; the fields are those of ``HarvestRun``."""

    status: RunStatus
    finished: datetime
    reason: Message = _NOTHING
    watermark: str = ""


def start_run(connection: Connection, request: HarvestRequest, *, started: datetime) -> HarvestRun:
    """Begin a run; see ``Store.start_run``."""
    _take_from_the_dead(connection, request.source, started)
    number = connection.execute(
        _BEGIN,
        {
            **{name: getattr(request, name) for name in _ASKED},
            "url": without_secret(request.url),
            "status": RunStatus.RUNNING.value,
            "started": started.isoformat(),
        },
    ).scalar_one()
    _lock(connection, request.source, number, started)
    return read_run(connection, number)


def resume_run(connection: Connection, number: int, *, started: datetime) -> HarvestRun:
    """Open an unfinished run again; see ``Store.resume_run``."""
    run = read_run(connection, number)
    if run.status.is_complete:
        raise StoreError("harvest run {number} is complete; begin a new one", number=number)
    _take_from_the_dead(connection, run.request.source, started)
    connection.execute(
        _AGAIN,
        {
            "run": number,
            "status": RunStatus.RUNNING.value,
            "reason": "",
            "started": started.isoformat(),
            "finished": "",
        },
    )
    _lock(connection, run.request.source, number, started)
    return read_run(connection, number)


def finish_run(connection: Connection, number: int, ending: Ending) -> HarvestRun:
    """Close a run and free its source; see ``Store.finish_run``."""
    must_be_ours(connection, number)
    _close(connection, number, ending)
    return read_run(connection, number)


def release(connection: Connection, source: str, *, at: datetime) -> bool:
    """Free a source whatever holds it; see ``Store.release``."""
    lock = _lock_of(connection, source)
    if lock is None:
        return False
    _close(connection, lock.run, Ending(RunStatus.INTERRUPTED, at, _RELEASED))
    return True


def must_be_ours(connection: Connection, number: int) -> str:
    """Refuse to go on with a run that this process does not hold (any more); return its source.

    Raises:
        StoreError: The run is not running, or another process took it over.
    """
    lock = _LOCK_OF_RUN.run(connection, run=number).fetchone()
    if lock is None or Process(host=lock[1], pid=lock[2], mark=lock[3]) != this_process():
        raise StoreError(
            "harvest run {number} is not running in this process; begin or resume it first",
            number=number,
        )
    return str(lock[0])


def read_run(connection: Connection, number: int) -> HarvestRun:
    """Return one run.

    Raises:
        StoreError: There is none of this number.
    """
    row = connection.execute(_RUN, {"run": number}).one_or_none()
    if row is None:
        raise StoreError("there is no harvest run {number}", number=number)
    return _run_of(row)


def read_runs(connection: Connection, source: str | None) -> tuple[HarvestRun, ...]:
    """Return the runs of a source, or of all, the first one first."""
    query = select(RUN).order_by(RUN.c.number)
    if source is not None:
        query = query.where(RUN.c.source == source)
    return tuple(map(_run_of, connection.execute(query)))


def last_run(connection: Connection, source: str, status: RunStatus | None) -> HarvestRun | None:
    """Return the last run of a source, or its last run of a status."""
    wanted = {"of_source": source} | ({} if status is None else {"of_status": status.value})
    row = connection.execute(_LAST if status is None else _LAST_OF_STATUS, wanted).one_or_none()
    return _run_of(row) if row else None


def read_checkpoint(connection: Connection, source: str) -> Checkpoint | None:
    """Return where the last run of a source can go on; see ``Store.checkpoint``."""
    run = last_run(connection, source, None)
    if run is None or run.status.is_complete:
        return None
    pages = select(PAGE.c.number, PAGE.c.token_out, PAGE.c.response_date).where(
        PAGE.c.run == run.number
    )
    last = connection.execute(pages.order_by(PAGE.c.number.desc()).limit(1)).one_or_none()
    first = connection.execute(pages.order_by(PAGE.c.number).limit(1)).one_or_none()
    if last is None or first is None or not last.token_out:
        return None
    told = select(PAGE.c.complete_list_size).where(
        PAGE.c.run == run.number, PAGE.c.complete_list_size.is_not(None)
    )
    return Checkpoint(
        run=run,
        token=last.token_out,
        page_number=last.number + 1,
        response_date=first.response_date,
        complete_list_size=connection.execute(
            told.order_by(PAGE.c.number.desc()).limit(1)
        ).scalar_one_or_none(),
    )


def _take_from_the_dead(connection: Connection, source: str, at: datetime) -> None:
    lock = _lock_of(connection, source)
    if lock is None:
        return
    if is_alive(_holder(lock)):
        raise StoreError(
            "{source} is being harvested already, since {since}, by process {pid} on {host};"
            " wait for it, or release the source if that machine is gone",
            source=source,
            since=f"{datetime.fromisoformat(lock.since):%Y-%m-%dT%H:%M:%SZ}",
            pid=lock.pid,
            host=lock.host,
        )
    _close(connection, lock.run, Ending(RunStatus.INTERRUPTED, at, _LEFT))


def _lock(connection: Connection, source: str, number: int, since: datetime) -> None:
    mine = this_process()
    try:
        connection.execute(
            _LOCK,
            {
                "source": source,
                "run": number,
                "host": mine.host,
                "pid": mine.pid,
                "process": mine.mark,
                "since": since.isoformat(),
            },
        )
    except IntegrityError as error:  # somebody was quicker by a moment
        raise StoreError(
            "{source} is being harvested already, since this moment", source=source
        ) from error


def _lock_of(connection: Connection, source: str) -> Row[tuple[object, ...]] | None:
    return connection.execute(_LOCK_OF_SOURCE, {"of_source": source}).one_or_none()


def _holder(lock: Row[tuple[object, ...]]) -> Process:
    return Process(host=lock.host, pid=lock.pid, mark=lock.process)


def _close(connection: Connection, number: int, ending: Ending) -> None:
    connection.execute(
        _END,
        {
            "run": number,
            "status": ending.status.value,
            "reason": message_to_json(ending.reason),
            "finished": ending.finished.isoformat(),
            "watermark": ending.watermark,
        },
    )
    connection.execute(_FREE, {"run": number})


def _run_of(row: Row[tuple[object, ...]]) -> HarvestRun:
    return HarvestRun(
        number=row.number,
        request=HarvestRequest(**{name: getattr(row, name) for name in _ASKED}),
        status=RunStatus(row.status),
        reason=message_from_json(row.reason) if row.reason else _NOTHING,
        started=datetime.fromisoformat(row.started),
        finished=datetime.fromisoformat(row.finished) if row.finished else None,
        watermark=row.watermark,
        counts=HarvestCounts(**{name: getattr(row, name) for name in COUNTED}),
    )
