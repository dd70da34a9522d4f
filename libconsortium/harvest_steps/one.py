"""Harvests one source into the store, up the whole ladder, and says how it ended."""

from __future__ import annotations

import logging
from datetime import datetime

import attrs

from libconsortium.contributions import Harvester
from libconsortium.core.errors import (
    AddressRefusedError,
    DeadlineError,
    HarvestDeferredError,
    HarvestError,
    HarvestStoppedError,
    RequestRefusedError,
    SettingsError,
    StoreError,
)
from libconsortium.core.harvest.pages import HarvestRequest
from libconsortium.core.harvest.proof import ListEvidence
from libconsortium.core.harvest.runs import Checkpoint, HarvestRun, RunStatus
from libconsortium.core.harvest.sources import HarvestSource
from libconsortium.core.messages import Message
from libconsortium.harvest_steps.checking import Verdict
from libconsortium.harvest_steps.listing import Listing
from libconsortium.harvest_steps.outcomes import (
    HarvestOutcome,
    HarvestWatch,
    Missing,
    missing_scope,
)
from libconsortium.harvest_steps.planning import plan_harvest
from libconsortium.harvest_steps.running import Running
from libconsortium.registry import Registry
from libconsortium.store import Store

log = logging.getLogger(__name__)

_ENDINGS: dict[type[Exception], RunStatus] = {
    HarvestStoppedError: RunStatus.INTERRUPTED,
    HarvestDeferredError: RunStatus.DEFERRED,
    AddressRefusedError: RunStatus.ERROR,
    RequestRefusedError: RunStatus.ERROR,
    SettingsError: RunStatus.ERROR,
}


def harvest_source(
    source: HarvestSource,
    store: Store,
    registry: Registry,
    watch: HarvestWatch,
    *,
    is_whole: bool = False,
) -> HarvestOutcome:
    """Harvest one source: go on where the last run was cut off, else ask for what is new.

    Args:
        source: What to harvest.
        store: Where pages and records are kept.
        registry: Finds the source's harvester.
        watch: The clock, who hears of the progress, and who may stop it.
        is_whole: Ask for everything again, not for what is new.

    Raises:
        UnknownNameError: No plugin gives the source's harvester.
        StoreError: The source is being harvested already, or the store cannot be written.

    >>> from datetime import UTC, datetime
    >>> from libconsortium.testing import example_catalogue
    >>> watch = HarvestWatch(clock=lambda: datetime(2026, 1, 31, tzinfo=UTC))
    >>> with example_catalogue() as office:
    ...     source, _ = office.settings.sources()
    ...     outcome = harvest_source(source, office.store, office.registry, watch)
    >>> outcome.is_complete, outcome.counts.new
    (True, 2)
    """
    harvester = registry.find(Harvester, source.harvester)
    run, request, checkpoint = _opened(source, store, watch, is_whole=is_whole)
    running = Running(source, store, harvester, watch, run, request)
    evidence = ListEvidence(
        response_date=checkpoint.response_date if checkpoint else "",
        announced=checkpoint.complete_list_size if checkpoint else None,
        received=running.received,
    )
    listing = Listing(running, evidence)
    return Ending(running, listing).run_through()


def _opened(
    source: HarvestSource, store: Store, watch: HarvestWatch, *, is_whole: bool
) -> tuple[HarvestRun, HarvestRequest, Checkpoint | None]:
    """Plan, and open the run; plan anew if another program ended the run that was to go on."""
    request, checkpoint = plan_harvest(source, store, is_whole=is_whole)
    if checkpoint is None:
        run = store.start_run(request, started=watch.clock())
        if request.since == source.since:
            store.clear_problems(f"harvest:{source.name}")
            store.clear_quarantine(source.name, is_named=False)
        return run, request, None
    try:
        run = store.resume_run(checkpoint.run.number, started=watch.clock())
    except StoreError:
        latest = store.last_run(source.name)
        if latest is None or not latest.status.is_complete:
            raise
        return _opened(source, store, watch, is_whole=is_whole)
    # It may have gone on by some pages before it was ours.
    return run, *plan_harvest(source, store, is_whole=is_whole)


class Ending:
    """Runs a listing and closes its run, whatever happens.

    Args:
        running: The run.
        listing: What is done in it.
    """

    def __init__(self, running: Running, listing: Listing) -> None:
        """Prepare; nothing is asked yet."""
        self.running, self.listing = running, listing

    def run_through(self) -> HarvestOutcome:
        """Fetch, recover, check, and close the run."""
        until = None
        try:
            verdict = self.listing.run()
        except KeyboardInterrupt:
            verdict = self._stopped()
        except HarvestStoppedError:
            verdict = self._stopped()
        except HarvestError as error:
            until = error.until if isinstance(error, HarvestDeferredError) else None
            verdict = self._failed(error)
        except SettingsError as error:  # a secret is not where it should be
            verdict = self._failed(error)
        except StoreError as error:
            self._close_unfinished(error)
            raise
        except Exception as error:
            log.warning("harvester %s failed", self.running.harvester.name, exc_info=True)
            verdict = Verdict(
                status=RunStatus.INCOMPLETE,
                reason=Message(
                    "the harvester {name!r} failed: {error}",
                    name=self.running.harvester.name,
                    error=f"{type(error).__name__}: {error}",
                ),
                missing=self._missing(Message("{error}", error=type(error).__name__)),
            )
        return self._outcome(verdict, until)

    def _close_unfinished(self, error: StoreError) -> None:
        """Close the run if the store still can; else the next run finds that its process died."""
        try:
            self._close(Verdict(status=RunStatus.INTERRUPTED, reason=error.message))
        except StoreError:
            log.warning("%s: the run cannot be closed", self.running.source.name)

    def _failed(self, error: HarvestError | SettingsError) -> Verdict:
        status = _ENDINGS.get(type(error), RunStatus.INCOMPLETE)
        if status is RunStatus.ERROR and self.running.received:
            status = RunStatus.INCOMPLETE  # it could be asked before
        reason = error.message
        if isinstance(error, RequestRefusedError) and error.code == "cannotDisseminateFormat":
            reason = self._with_formats(reason)
        if isinstance(error, DeadlineError):
            reason = Message(
                "{reason}; {count} records came in {pages} pages",
                reason=error.message,
                count=self.running.received,
                pages=self.running.counts.pages,
            )
        return Verdict(status=status, reason=reason, missing=self._missing(reason))

    def _with_formats(self, refusal: Message) -> Message:
        """Say which formats the server gives, if it says so."""
        describe = self.running.harvester.describe
        if describe is None:
            return refusal
        try:
            formats = describe(attrs.evolve(self.running.request, attempts=1)).formats
        except HarvestError as error:
            log.info("%s does not say its formats: %s", self.running.source.name, error)
            formats = ()
        if not formats:
            return refusal
        prefixes = ", ".join(prefix for prefix, _namespace in formats)
        return Message("{refusal}; it gives: {prefixes}", refusal=refusal, prefixes=prefixes)

    def _stopped(self) -> Verdict:
        if self.running.token:
            reason = Message(
                "stopped after page {number}; everything so far is kept, and the same command goes"
                " on from there",
                number=self.running.number - 1,
            )
        else:
            reason = Message("stopped; the same command begins again")
        return Verdict(status=RunStatus.INTERRUPTED, reason=reason, missing=self._missing(reason))

    def _missing(self, reason: Message) -> tuple[Missing, ...]:
        known = self.listing.missing
        page, token = self.running.number, self.running.token
        return known or (Missing(page=page, token=token, reason=reason),)

    def _outcome(self, verdict: Verdict, until: datetime | None) -> HarvestOutcome:
        running = self.running
        quarantined = running.store.quarantine(running.source.name)
        watermark = self.listing.watermark() if verdict.status.is_complete else ""
        self._keep_missing(verdict)
        run = self._close(verdict, watermark)
        broken = {one.identifier for one in quarantined}
        log.info("%s: %s: %s", running.source.name, verdict.status, verdict.reason)
        return HarvestOutcome(
            source=running.source.name,
            status=verdict.status,
            reason=verdict.reason,
            run=run.number,
            counts=run.counts,
            until=until,
            missing=(
                *(one for one in verdict.missing if one.identifier not in broken),
                *(Missing(identifier=one.identifier, reason=one.reason) for one in quarantined),
            ),
            quarantined=len(quarantined),
            watermark=watermark,
            problems=running.problems,
        )

    def _keep_missing(self, verdict: Verdict) -> None:
        """Keep which pieces are missing, in the place of those of the run before."""
        source, store = self.running.source.name, self.running.store
        scope = missing_scope(source)
        if store.problems(scope):
            store.clear_problems(scope)
        if not verdict.status.is_complete:
            store.add_problems(scope, [one.as_problem(source) for one in verdict.missing])

    def _close(self, verdict: Verdict, watermark: str = "") -> HarvestRun:
        return self.running.store.finish_run(
            self.running.run.number,
            status=verdict.status,
            finished=self.running.now(),
            reason=verdict.reason,
            watermark=watermark,
        )
