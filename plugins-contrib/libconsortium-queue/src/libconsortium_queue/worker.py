"""A worker: takes jobs, harvests, and takes up what a dead worker left behind."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event

import attrs
from procrastinate import App
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.worker import Worker

from libconsortium import (
    Consortium,
    ConsortiumError,
    HarvestOutcome,
    HarvestWatch,
    Message,
    RunStatus,
    StoreError,
    update_source,
)
from libconsortium_queue.again import TAKEN, Again, after_failure, again
from libconsortium_queue.jobs import GONE_AFTER_SECONDS, TASK, job_for

log = logging.getLogger(__name__)

_BEATS = 4  # signs of life within the time after which a worker counts as gone
_LOOK_SECONDS = 1.0


@attrs.frozen(kw_only=True)
class Done:
    """One job that a worker has done.

    Args:
        source: Name of the source.
        status: How its harvest ended.
        reason: The proof, or why not.
        later: When it is tried again, or ``None``.
        is_given_up: It is not tried again, although it is not complete.
    """

    source: str
    status: RunStatus
    reason: Message
    later: Again | None = None
    is_given_up: bool = False


@attrs.frozen(kw_only=True)
class Rules:
    """How a worker works.

    Args:
        at_once: How many hosts it harvests at once.
        stalled_after: Seconds without a sign of life after which another worker counts as gone.
        until_empty: End when nothing is due and nothing runs, here or elsewhere.
    """

    at_once: int = 4
    stalled_after: float = GONE_AFTER_SECONDS
    until_empty: bool = False


class GivenUpError(Exception):
    """A job that failed for good; the queue shows it as failed."""


class Working:
    """One worker process.

    Args:
        consortium: Settings, store and plugins of this machine.
        app: The queue.
        rules: How to work.
        on_done: Told of every job done, in a thread of its own.
    """

    def __init__(
        self,
        consortium: Consortium,
        app: App,
        rules: Rules,
        on_done: Callable[[Done], None],
    ) -> None:
        """Prepare; nothing is taken yet."""
        self.consortium, self.app, self.rules = consortium, app, rules
        self.on_done = on_done
        self.stop = Event()
        self.watch = HarvestWatch(clock=consortium.clock, stop=self.stop)
        app.task(name=TASK, queue=TASK)(self.harvest)

    # ------------------------------------------------------------ one job

    async def harvest(self, source: str, attempt: int = 0) -> None:
        """Harvest a source in a thread, and put it in again if it has to be."""
        loop = asyncio.get_running_loop()
        done = await loop.run_in_executor(self.threads, self.done, source, attempt)
        if done.later is not None:
            with suppress(AlreadyEnqueued):
                await job_for(self.app, source, self._url(source), done.later).defer_async()
        self.on_done(done)
        if done.is_given_up:
            raise GivenUpError(str(done.reason))

    def _url(self, name: str) -> str:
        known = {source.name: source.url for source in self.consortium.settings.file.sources}
        return known.get(name, name)

    def done(self, name: str, attempt: int) -> Done:
        """Harvest a source; whatever happens becomes an answer."""
        now = self.consortium.clock()
        try:
            source = self.consortium.settings.sources([name])[0]
            outcome = update_source(
                source, self.consortium.store, self.consortium.registry, self.watch
            )
        except StoreError as error:
            later = Again(at=self.consortium.clock() + TAKEN, attempt=attempt)
            return Done(source=name, status=RunStatus.INCOMPLETE, reason=error.message, later=later)
        except ConsortiumError as error:
            return _failed(name, error.message, after_failure(attempt=attempt, now=now))
        return self._done(outcome, attempt)

    def _done(self, outcome: HarvestOutcome, attempt: int) -> Done:
        later = again(outcome, attempt=attempt, now=self.consortium.clock())
        return Done(
            source=outcome.source,
            status=outcome.status,
            reason=outcome.reason,
            later=later,
            is_given_up=later is None and not outcome.is_complete,
        )

    # ------------------------------------------------------------ the worker's life

    def run(self) -> None:
        """Work until the queue is empty, or somebody stops it."""
        with ThreadPoolExecutor(self.rules.at_once, "harvest") as self.threads:
            asyncio.run(self._run())

    async def _run(self) -> None:
        async with self.app.open_async():
            self.worker = Worker(
                app=self.app,
                queues=[TASK],
                name=None,
                concurrency=self.rules.at_once,
                fetch_job_polling_interval=_LOOK_SECONDS,
                update_heartbeat_interval=self.rules.stalled_after / _BEATS,
                stalled_worker_timeout=self.rules.stalled_after,
                delete_jobs="successful",
                install_signal_handlers=False,
            )
            loop = asyncio.get_running_loop()
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, self._end)
            looking = asyncio.create_task(self._look())
            try:
                await self.worker.run()  # type: ignore[no-untyped-call] # ships no type
            finally:
                looking.cancel()
                with suppress(asyncio.CancelledError):
                    await looking

    def _end(self) -> None:
        """End after the present pages; a second signal ends at once."""
        log.info("stopping after the present pages")
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        self.stop.set()
        self.worker.stop()  # type: ignore[no-untyped-call] # ships no type

    async def _look(self) -> None:
        """Look for jobs that dead workers left, and for the end of the queue."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                await self._take_up()
                if self.rules.until_empty and await self._is_empty():
                    self.worker.stop()  # type: ignore[no-untyped-call] # ships no type
            except ConnectorException as error:
                log.warning("the queue does not answer: %s", error.__cause__ or error)

    async def _is_empty(self) -> bool:
        found = await self.app.connector.execute_query_one_async(
            "SELECT count(*) AS number FROM procrastinate_jobs WHERE task_name = %(task)s"
            " AND status IN ('todo', 'doing') AND (status = 'doing' OR scheduled_at IS NULL"
            " OR scheduled_at <= now())",
            task=TASK,
        )
        return not found["number"]

    async def _take_up(self) -> None:
        """Free the sources of jobs whose worker is gone, and put them in again.

        Nobody else may do the same: a source freed twice would be taken from its new worker. So
        the job is first made this worker's own. A worker that was only thought dead cannot write
        into the store any more: its run is closed.
        """
        stalled = await self.app.job_manager.get_stalled_jobs(
            task_name=TASK, seconds_since_heartbeat=self.rules.stalled_after
        )
        for job in stalled:
            if not await self._is_mine_now(job):
                continue
            name, now = str(job.task_kwargs["source"]), self.consortium.clock()
            await asyncio.to_thread(self.consortium.store.release, name, at=now)
            later = Again(at=now, attempt=int(str(job.task_kwargs.get("attempt", 0))))
            with suppress(AlreadyEnqueued):
                await job_for(self.app, name, self._url(name), later).defer_async()
            await self.app.job_manager.finish_job(job, Status.ABORTED, delete_job=True)
            log.warning("%s: taken up from a worker that is gone", name)

    async def _is_mine_now(self, job: Job) -> bool:
        rows = await self.app.connector.execute_query_all_async(
            "UPDATE procrastinate_jobs SET worker_id = %(mine)s WHERE id = %(job)s"
            " AND status = 'doing' AND worker_id IS NOT DISTINCT FROM %(other)s RETURNING id",
            mine=self.worker.worker_id,
            job=job.id,
            other=job.worker_id,
        )
        return bool(rows)


def _failed(name: str, reason: Message, later: Again | None) -> Done:
    return Done(
        source=name,
        status=RunStatus.INCOMPLETE,
        reason=reason,
        later=later,
        is_given_up=later is None,
    )
