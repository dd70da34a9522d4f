"""The queue itself: jobs in a schema of their own beside the consortium's tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

import attrs
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job, JobDeferrer
from procrastinate.tasks import configure_task

from libconsortium import HarvestSource, SettingsError, StoreError
from libconsortium_queue.again import Again, host_of, priority

SCHEMA = "harvest_queue"
TASK = "harvest"
_POSTGRESQL = "postgresql"
_PATIENCE_SECONDS = 10.0
GONE_AFTER_SECONDS = 60.0
"""So long without a sign of life, and a worker counts as gone."""

WAITING, RUNNING, LEFT, FAILED = "todo", "doing", "left", "failed"
"""How a job stands, in the queue's own words; ``left``: its worker is gone."""


@attrs.frozen(kw_only=True)
class QueuedJob:
    """A job as the queue has it.

    Args:
        source: Name of the source.
        status: ``todo``, ``doing``, ``left`` or ``failed``.
        host: The host that no two jobs ask at once.
        at: Not before this moment; ``None`` for at once.
        attempt: How many of its harvests have failed.
    """

    source: str
    status: str
    host: str
    at: datetime | None
    attempt: int


def app_at(address: str) -> App:
    """Return the queue at the address of a consortium's store; nothing is opened yet.

    Args:
        address: Address of the store.

    Raises:
        SettingsError: The store is not PostgreSQL.
    """
    scheme, _, rest = address.partition("://")
    if scheme.partition("+")[0] != _POSTGRESQL:
        raise SettingsError(
            "the queue is kept in the consortium's PostgreSQL database, and this store is"
            " {scheme!r}; write store = 'postgresql://user@host/database' into consortium.toml",
            scheme=scheme,
        )
    connector = PsycopgConnector(
        conninfo=f"{_POSTGRESQL}://{rest}",
        kwargs={"options": f"-c search_path={SCHEMA}"},
        timeout=_PATIENCE_SECONDS,
    )
    return App(connector=connector)


@contextmanager
def told() -> Iterator[None]:
    """Tell a failure of the queue's database as a ``StoreError``."""
    try:
        yield
    except ConnectorException as error:
        cause = error.__cause__ or error
        raise StoreError(
            "the queue cannot be read or written: {reason}",
            reason=str(cause).strip().partition("\n")[0] or type(cause).__name__,
        ) from error


def make(app: App, *, fresh: bool = False) -> bool:
    """Make the queue's tables; say whether they were made.

    Args:
        app: The queue, open.
        fresh: Give up the queue that is there, with every job in it.
    """
    with told():
        database = app.connector.get_sync_connector()
        if fresh:
            database.execute_query(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        if _is_there(app):
            return False
        database.execute_query(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        app.schema_manager.apply_schema()
    return True


def must_be_there(app: App) -> None:
    """Refuse to go on without the queue's tables.

    Raises:
        StoreError: They were never made.
    """
    with told():
        if not _is_there(app):
            raise StoreError("there is no queue yet; run 'libconsortium queue init' first")


def _is_there(app: App) -> bool:
    found = app.connector.get_sync_connector().execute_query_one(
        "SELECT to_regclass(%(name)s) IS NOT NULL AS there", name=f"{SCHEMA}.procrastinate_jobs"
    )
    return bool(found["there"])


def job_for(app: App, source: str, url: str, later: Again | None = None) -> JobDeferrer:
    """Return a job that only has to be put in; one for each source waits at most.

    Args:
        app: The queue.
        source: Name of the source.
        url: Its address; jobs of one host are done one after the other.
        later: When it may begin; at once if ``None``.
    """
    at = later.at if later else None
    return configure_task(
        name=TASK,
        job_manager=app.job_manager,
        queue=TASK,
        lock=f"host:{host_of(url)}",
        queueing_lock=f"source:{source}",
        schedule_at=at,
        priority=priority(at),
        task_kwargs={"source": source, "attempt": later.attempt if later else 0},
    )


def add(app: App, sources: Iterable[HarvestSource]) -> dict[str, bool]:
    """Put sources into the queue, unless they wait or are being harvested.

    Returns:
        Name of each source, and whether it was put in.
    """
    with told():
        known = {job.source for job in queued(app) if job.status != FAILED}
        done: dict[str, bool] = {}
        for source in sources:
            done[source.name] = source.name not in known and _added(app, source)
    return done


def _added(app: App, source: HarvestSource) -> bool:
    try:
        job_for(app, source.name, source.url).defer()
    except AlreadyEnqueued:  # somebody was quicker by a moment
        return False
    _forget(app, source.name, "failed")
    return True


def remove(app: App, source: str) -> bool:
    """Take a waiting or failed job out of the queue; say whether there was one."""
    with told():
        found = [job for job in queued(app) if job.source == source]
        _forget(app, source, "todo")
        _forget(app, source, "failed")
    return any(job.status in (WAITING, FAILED) for job in found)


def _forget(app: App, source: str, status: str) -> None:
    app.connector.get_sync_connector().execute_query(
        "DELETE FROM procrastinate_jobs WHERE task_name = %(task)s AND status::text = %(status)s"
        " AND args ->> 'source' = %(source)s",
        task=TASK,
        status=status,
        source=source,
    )


def queued(app: App) -> tuple[QueuedJob, ...]:
    """Return every job that waits, runs or was given up, by source.

    Args:
        app: The queue, open.
    """
    with told():
        rows = app.connector.get_sync_connector().execute_query_all(
            "SELECT job.*, coalesce("
            "   worker.last_heartbeat > now() - make_interval(secs => %(stalled)s), false) AS alive"
            " FROM procrastinate_jobs job"
            " LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id"
            " WHERE task_name = %(task)s AND status IN ('todo', 'doing', 'failed')"
            " ORDER BY args ->> 'source', id",
            task=TASK,
            stalled=GONE_AFTER_SECONDS,
        )
    return tuple(_queued(Job.from_row(row), is_alive=bool(row["alive"])) for row in rows)


def _queued(job: Job, *, is_alive: bool) -> QueuedJob:
    status = str(job.status)
    return QueuedJob(
        source=str(job.task_kwargs["source"]),
        status=LEFT if status == RUNNING and not is_alive else status,
        host=(job.lock or "").removeprefix("host:"),
        at=job.scheduled_at,
        attempt=int(str(job.task_kwargs.get("attempt", 0))),
    )
