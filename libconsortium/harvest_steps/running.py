"""A harvest on its way: asks, waits, keeps every page, and never begins without end."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any, cast

import attrs

from libconsortium.contributions import Harvester
from libconsortium.core.errors import (
    AddressRefusedError,
    DeadlineError,
    HarvestDeferredError,
    HarvestError,
    HarvestStoppedError,
    PageRefusedError,
    TokenRefusedError,
)
from libconsortium.core.harvest.pages import HarvestPage, HarvestRequest
from libconsortium.core.harvest.proof import REFUSED, ListEvidence
from libconsortium.core.harvest.runs import HarvestCounts, HarvestRun
from libconsortium.core.harvest.sources import HarvestSource
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity
from libconsortium.harvest_steps.outcomes import HarvestProgress, HarvestWatch
from libconsortium.store import Store

log = logging.getLogger(__name__)

ENDS_ALL = (HarvestDeferredError, HarvestStoppedError, DeadlineError, AddressRefusedError)
"""After these nothing more is asked; every other failure is one piece that may be had otherwise."""

_SHORT_WAIT_SECONDS = 5.0  # longer ones are waited for here, where a stop ends the wait
_WAITS_WITHOUT_A_PAGE = 10
_MOST_RESTARTS = 10
_BARREN_AT_LEAST = 20  # pages in a row with nothing new before a list counts as a circle

Take = Callable[[HarvestPage], None]


class Running:
    """One run of one source: what all its steps share.

    Args:
        source: The source.
        store: Where pages are kept.
        harvester: Fetches them.
        watch: The clock, the ears, the stop and the deadline.
        run: The run in the store.
        request: What the source is asked for.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what all steps of a run share
        self,
        source: HarvestSource,
        store: Store,
        harvester: Harvester,
        watch: HarvestWatch,
        run: HarvestRun,
        request: HarvestRequest,
    ) -> None:
        """Begin, or go on, where the request says."""
        self.source, self.store, self.harvester, self.watch = source, store, harvester, watch
        self.run, self.request = run, request
        self.began = time.monotonic()
        self.problems = self.fetched = 0
        self.counts: HarvestCounts = run.counts
        self.number = request.page_number
        self.token = request.token
        self.expected: int | None = None
        self.has_asked = False
        self.sound_pages = 0
        self.shown = ListEvidence()
        self.broken_page = 0

    @property
    def scope(self) -> str:
        """The scope under which problems of this source are kept."""
        return f"harvest:{self.source.name}"

    @property
    def received(self) -> int:
        """Different records received in this run."""
        return self.counts.records - self.counts.duplicates

    # ------------------------------------------------------------ asking

    def pages(self, request: HarvestRequest) -> Iterator[HarvestPage]:
        """Give the pages of a list, or records asked for singly, waiting where the source asks.

        Raises:
            HarvestStoppedError: Somebody asked to stop.
            DeadlineError: The time given is over.
            HarvestDeferredError: The source asks to come back too late, or too often.
            HarvestError: The source cannot be asked any further.
        """
        waits = 0
        while True:
            if self.has_asked:
                self.check()
            self.has_asked = True
            limited = attrs.evolve(
                request,
                page_number=self.number,
                longest_wait_seconds=min(_SHORT_WAIT_SECONDS, self.source.longest_wait_seconds),
                seconds_left=self._left(),
            )
            try:
                with closing(cast("Any", self.harvester.harvest(limited))) as pages:
                    for page in pages:
                        waits = 0
                        if not is_refused(page):
                            self.sound_pages += 1
                            rest = request.identifiers[1:]
                            request = attrs.evolve(request, token=page.token, identifiers=rest)
                        goes_on = bool(page.token or request.identifiers)
                        yield page
                        del page  # it need not be held while the next one is waited for
                        if goes_on:
                            self.check()
            except HarvestDeferredError as error:
                waits += 1
                self._wait(error, is_last=waits >= _WAITS_WITHOUT_A_PAGE)
            else:
                return

    def _left(self) -> float | None:
        if self.watch.seconds is None:
            return None
        return self.began + self.watch.seconds - time.monotonic()

    def check(self) -> None:
        """Raise if somebody asked to stop, or the time given is over."""
        if self.watch.stop.is_set():
            raise HarvestStoppedError("stopped")
        left = self._left()
        if left is not None and left <= 0:
            raise DeadlineError("the time given for the harvest is over; the same command goes on")

    def _wait(self, error: HarvestDeferredError, *, is_last: bool) -> None:
        """Wait as the source asks, if it is not for too long; a stop ends the wait."""
        wait = error.until - self.watch.clock()
        left = self._left()
        is_too_long = wait > timedelta(seconds=self.source.longest_wait_seconds)
        if is_last or is_too_long or (left is not None and wait.total_seconds() >= left):
            raise error
        if self.watch.stop.wait(max(0.0, wait.total_seconds())):
            raise HarvestStoppedError("stopped") from error

    # ------------------------------------------------------------ lists

    def fetch(
        self, request: HarvestRequest, evidence: ListEvidence, take: Take | None = None
    ) -> ListEvidence:
        """Fetch a list to its end; begin again while the source forgets its tokens and that helps.

        Args:
            request: What to ask for.
            evidence: What earlier pages of the same list have shown.
            take: Called with every page that was kept.

        Raises:
            HarvestError: The list cannot be had to its end; ``shown`` says how far it came.
        """
        restarts = 0
        seen: set[int] = set()
        while True:
            before = self.received
            first = self.number
            self.shown = evidence
            try:
                self._fetch_once(request, take, seen)
            except (TokenRefusedError, PageRefusedError) as error:
                helps = restarts == 0 or (self.received > before and restarts < _MOST_RESTARTS)
                is_stale = bool(request.token) and self.number <= first + 1
                if not helps or not (isinstance(error, TokenRefusedError) or is_stale):
                    raise
                restarts += 1
                self.note(_begun_again(self.source.name, error))
                evidence = self.shown.again()
                request = attrs.evolve(request, token="")
            else:
                return self.shown

    def _fetch_once(self, request: HarvestRequest, take: Take | None, seen: set[int]) -> None:
        token = request.token
        barren, most_barren = 0, self.counts.pages + _BARREN_AT_LEAST
        for page in self.pages(request):
            counts = self.keep(page, token_in=token, is_main=take is None)
            token = page.token
            doubles = counts.duplicates
            if take is not None:  # a part of the list: what the run had before is no double in it
                take(page)
                before = len(seen)
                seen.update(hash(record.identifier) for record in page.records)
                doubles = len(page.records) - (len(seen) - before)
            self.shown = self.shown.with_page(page, doubles=doubles)
            is_barren = bool(page.records) and counts.duplicates == len(page.records)
            barren = barren + 1 if is_barren else 0
            if barren > most_barren:
                raise TokenRefusedError(
                    "the list goes in a circle: {count} pages in a row brought nothing new",
                    count=barren,
                )
            del page

    # ------------------------------------------------------------ keeping

    def keep(
        self, page: HarvestPage, *, token_in: str = "", is_main: bool = False
    ) -> HarvestCounts:
        """Keep a page in the run; the run can go on from the token of a page of the main list.

        Args:
            page: The page.
            token_in: The token it was asked for with.
            is_main: It belongs to the list that the run is about.
        """
        if is_main:
            self.token = page.token
            self.broken_page = self.number if page.is_cut or is_refused(page) else 0
        kept = attrs.evolve(page, number=self.number, token=self.token)
        counts = self.store.add_page(self.run.number, kept, token_in=token_in)
        self.counts += counts
        self.number += 1
        self.fetched += len(page.records) - counts.duplicates
        if is_main and page.complete_list_size is not None:
            self.expected = page.complete_list_size
        self.note(*page.problems)
        self.watch.on_progress(
            HarvestProgress(
                source=self.source.name,
                pages=self.counts.pages,
                records=self.received,
                expected=self.expected,
                seconds=time.monotonic() - self.began,
                fetched=self.fetched,
            )
        )
        return counts

    def note(self, *problems: Problem) -> None:
        """Keep problems."""
        self.problems += len(problems)
        if problems:
            self.store.add_problems(self.scope, problems)

    def now(self) -> datetime:
        """Return the present moment (UTC)."""
        return self.watch.clock()


def is_refused(page: HarvestPage) -> bool:
    """Say whether a page is kept as evidence only."""
    return any(problem.code == REFUSED for problem in page.problems)


def _begun_again(source: str, error: HarvestError) -> Problem:
    return Problem(
        code="LIST_BEGUN_AGAIN",
        where=Place(source=source),
        what=Message("{reason}; the list was begun again", reason=error.message),
        severity=Severity.INFO,
    )
