"""Harvests one source into the store: every page kept before the next is asked for."""

from __future__ import annotations

import logging
import time
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any, cast

import attrs

from libconsortium.contributions import Harvester
from libconsortium.core.errors import (
    HarvestDeferredError,
    HarvestError,
    HarvestStoppedError,
    PageRefusedError,
    StoreError,
    TokenRefusedError,
)
from libconsortium.core.harvests import ListEvidence
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity
from libconsortium.core.records import HarvestPage
from libconsortium.core.sources import HarvestSource, is_day_form, watermark_after
from libconsortium.harvest_steps.checking import Verdict, checked
from libconsortium.harvest_steps.outcomes import HarvestOutcome, HarvestProgress, HarvestWatch
from libconsortium.harvest_steps.planning import COMPLETE, plan
from libconsortium.registry import Registry
from libconsortium.store import Checkpoint, HarvestCounts, HarvestRun, RunStatus, Store

log = logging.getLogger(__name__)

_SHORT_WAIT_SECONDS = 5.0  # longer ones are waited for here, where a stop ends the wait
_WAITS_WITHOUT_A_PAGE = 10


def harvest_source(
    source: HarvestSource,
    store: Store,
    registry: Registry,
    watch: HarvestWatch,
) -> HarvestOutcome:
    """Harvest one source: go on where the last run was cut off, else ask for what is new.

    Args:
        source: What to harvest.
        store: Where pages and records are kept.
        registry: Finds the source's harvester.
        watch: The clock, who hears of the progress, and who may stop it.

    Raises:
        UnknownNameError: No plugin gives the source's harvester.
        StoreError: The source is being harvested already, or the store cannot be written.
    """
    harvester = registry.find(Harvester, source.harvester)
    return _Harvest(source, store, harvester, watch).run_through()


class _Harvest:
    """One harvest of one source, on its way."""

    def __init__(
        self, source: HarvestSource, store: Store, harvester: Harvester, watch: HarvestWatch
    ) -> None:
        self.source, self.store, self.harvester, self.watch = source, store, harvester, watch
        self.began = time.monotonic()
        self.problems = 0
        self.fetched = 0
        self.request, checkpoint = plan(source, store)
        self.run = self._opened(checkpoint)
        self.counts: HarvestCounts = self.run.counts
        self.token, self.number = self.request.token, self.request.page_number
        self.evidence = ListEvidence(
            response_date=checkpoint.response_date if checkpoint else "",
            announced=_announced(store, checkpoint) if checkpoint else None,
            received=self.counts.records - self.counts.duplicates,
        )

    def _opened(self, checkpoint: Checkpoint | None) -> HarvestRun:
        if checkpoint is not None:
            return self.store.resume_run(checkpoint.run.number, started=self.watch.clock())
        run = self.store.start_run(self.request, started=self.watch.clock())
        if not self.request.since:
            self.store.clear_problems(self._scope)
        return run

    @property
    def _scope(self) -> str:
        return f"harvest:{self.source.name}"

    def run_through(self) -> HarvestOutcome:
        """Fetch, check, and close the run, whatever happens."""
        missing: tuple[str, ...] = ()
        until = None
        try:
            self._fetch()
            verdict = self._verdict()
            status, reason, missing = verdict.status, verdict.reason, verdict.missing
        except (HarvestStoppedError, KeyboardInterrupt):
            status, reason = RunStatus.INTERRUPTED, self._how_to_go_on()
        except HarvestDeferredError as error:
            status, reason, until = RunStatus.DEFERRED, error.message, error.until
        except HarvestError as error:
            status, reason = RunStatus.INCOMPLETE, error.message
        except StoreError as error:
            self._close(RunStatus.INTERRUPTED, error.message)
            raise
        except Exception as error:
            log.warning("harvester %s failed", self.harvester.name, exc_info=True)
            status, reason = RunStatus.INCOMPLETE, self._failed(error)
        return self._outcome(status, reason, until, missing)

    def _fetch(self) -> None:
        """Fetch the list to its end; begin again once if the server forgets its token."""
        waits = restarts = 0
        while True:
            number = self.number
            try:
                self._fetch_pages()
            except HarvestDeferredError as error:
                waits = waits + 1 if self.number == number else 1
                self._wait(error, is_last=waits >= _WAITS_WITHOUT_A_PAGE)
            except (TokenRefusedError, PageRefusedError) as error:
                restarts += 1
                if restarts > 1 or not self._is_token_to_blame(error):
                    raise
                self._note(_begun_again(self.source.name, error))
                self.token, self.evidence = "", self.evidence.again()
            else:
                return

    def _is_token_to_blame(self, error: HarvestError) -> bool:
        """Say whether the list should begin again: servers answer old tokens in many ways."""
        is_first_after_resuming = bool(self.request.token) and not self.fetched
        return isinstance(error, TokenRefusedError) or is_first_after_resuming

    def _fetch_pages(self) -> None:
        asked = attrs.evolve(
            self.request,
            token=self.token,
            page_number=self.number,
            longest_wait_seconds=min(_SHORT_WAIT_SECONDS, self.source.longest_wait_seconds),
        )
        with closing(cast("Any", self.harvester.harvest(asked))) as pages:  # a generator
            for page in pages:
                self._keep(page)
                if page.token and self.watch.stop.is_set():
                    raise HarvestStoppedError("stopped")

    def _keep(self, page: HarvestPage) -> None:
        counts = self.store.add_page(self.run.number, page, token_in=self.token)
        self.counts += counts
        self.evidence = self.evidence.with_page(page, doubles=counts.duplicates)
        self.token, self.number = page.token, page.number + 1
        self.fetched += len(page.records) - counts.duplicates
        self._note(*page.problems)
        self.watch.on_progress(
            HarvestProgress(
                source=self.source.name,
                pages=self.counts.pages,
                records=self.counts.records - self.counts.duplicates,
                expected=self.evidence.announced,
                seconds=time.monotonic() - self.began,
                fetched=self.fetched,
            )
        )

    def _keep_swept(self, page: HarvestPage) -> None:
        """Keep a page of the second proof; the run cannot go on from its token."""
        kept = attrs.evolve(page, number=self.number, token="")
        self.counts += self.store.add_page(self.run.number, kept)
        self.number += 1
        self._note(*page.problems)
        if self.watch.stop.is_set():
            raise HarvestStoppedError("stopped")

    def _wait(self, error: HarvestDeferredError, *, is_last: bool) -> None:
        wait = error.until - self.watch.clock()
        if is_last or wait > timedelta(seconds=self.source.longest_wait_seconds):
            raise error
        log.info("%s: waiting until %s, as the server asks", self.source.name, error.until)
        if self.watch.stop.wait(max(wait.total_seconds(), 0.0)):
            raise HarvestStoppedError("stopped")

    def _verdict(self) -> Verdict:
        request = attrs.evolve(self.request, page_number=self.number)
        return checked(self.evidence, request, self.harvester.harvest, self.store, self._keep_swept)

    def _outcome(
        self, status: RunStatus, reason: Message, until: datetime | None, missing: tuple[str, ...]
    ) -> HarvestOutcome:
        watermark = self._watermark() if status in COMPLETE else ""
        run = self._close(status, reason, watermark)
        log.info("%s: %s: %s", self.source.name, status, reason)
        return HarvestOutcome(
            source=self.source.name,
            status=status,
            reason=reason,
            run=run.number,
            counts=run.counts,
            until=until,
            missing=missing,
            watermark=watermark,
            problems=self.problems,
        )

    def _close(self, status: RunStatus, reason: Message, watermark: str = "") -> HarvestRun:
        return self.store.finish_run(
            self.run.number,
            status=status,
            finished=self.watch.clock(),
            reason=reason,
            watermark=watermark,
        )

    def _watermark(self) -> str:
        if not self.counts.records and not self.request.since:
            return ""  # an empty list costs nothing to ask for again, whatever it was
        form = self.evidence.is_day_form
        if form is None:
            form = is_day_form(self.request.since) if self.request.since else True
        return watermark_after(
            self.evidence.response_date, is_day_form=form, lag_seconds=self.source.lag_seconds
        )

    def _note(self, *problems: Problem) -> None:
        self.problems += len(problems)
        if problems:
            self.store.add_problems(self._scope, problems)

    def _how_to_go_on(self) -> Message:
        if not self.token:
            return Message("stopped; the same command begins again")
        return Message(
            "stopped after page {number}; everything so far is kept, and the same command goes on"
            " from there",
            number=self.number - 1,
        )

    def _failed(self, error: Exception) -> Message:
        return Message(
            "the harvester {name!r} failed: {error}",
            name=self.harvester.name,
            error=f"{type(error).__name__}: {error}",
        )


def _announced(store: Store, checkpoint: Checkpoint) -> int | None:
    """Return what the server announced last in the part of the run that was cut off."""
    sizes = [page.complete_list_size for page in store.pages(checkpoint.run.number)]
    return next((size for size in reversed(sizes) if size is not None), None)


def _begun_again(source: str, error: HarvestError) -> Problem:
    return Problem(
        code="LIST_BEGUN_AGAIN",
        where=Place(source=source),
        what=Message("{reason}; the list was begun again", reason=error.message),
        severity=Severity.INFO,
    )
