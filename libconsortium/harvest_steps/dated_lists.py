"""The parts of a list by date, asked for so that this server gives all of each."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from libconsortium.core.errors import HarvestError, RequestRefusedError
from libconsortium.core.harvest.pages import HarvestRequest
from libconsortium.core.harvest.proof import ListEvidence
from libconsortium.core.harvest.sources import is_day_form
from libconsortium.harvest_steps.habits import Habits, Strays
from libconsortium.harvest_steps.patience import Patience
from libconsortium.harvest_steps.running import ENDS_ALL, Running
from libconsortium.harvest_steps.windows import Window, halves, window_at

log = logging.getLogger(__name__)

_ENDS = ((False, False), (False, True), (True, False), (True, True))


class DatedLists:
    """Divides a list by date, fetches the parts, and learns what the server does with dates.

    Args:
        running: The run.
        request: What its list was asked for.
        habits: What the server is known to do.
        patience: Counts failures.
        evidence: What the list has shown.
    """

    def __init__(
        self,
        running: Running,
        request: HarvestRequest,
        habits: Habits,
        patience: Patience,
        evidence: ListEvidence,
    ) -> None:
        """Prepare; nothing is asked yet."""
        self.running, self.request, self.habits = running, request, habits
        self.patience, self.evidence = patience, evidence
        self._tried: set[str] = set()

    def parts(
        self, window: Window, stamps: Iterable[str], came: ListEvidence | None = None
    ) -> tuple[Window, Window] | None:
        """Divide a window in two; ``None`` if it cannot be divided.

        Args:
            window: The window.
            stamps: Datestamps of records in it.
            came: What came of its list before it broke off.
        """
        self._learn_form()
        span = (came.earliest, came.latest) if came else ()
        return halves(window, is_day_form=self.habits.is_day_form, datestamps=stamps, came=span)

    def fetch(self, window: Window) -> ListEvidence:
        """Fetch the list of a window; with both dates if the server wants both or neither.

        Args:
            window: The window.

        Raises:
            HarvestError: It cannot be had.
        """
        strays, habits = Strays(window), self.habits
        try:
            asked = habits.dated(self.request, window)
            shown = self.running.fetch(asked, ListEvidence(), strays.look)
        except ENDS_ALL:
            raise
        except HarvestError as error:
            habits.is_dateless = habits.is_dateless or strays.are_first
            if habits.may_want_both(error, window):
                return self.fetch(window)
            raise
        habits.is_dateless = habits.is_dateless or strays.count > 0
        return shown

    # ------------------------------------------------------------ what the server does

    def _learn_form(self) -> None:
        """Learn whether datestamps are days by a record that came, where none had before."""
        newest = self.running.store.newest(self.running.source.name)
        if newest and self.evidence.is_day_form is None and not self.request.since:
            self.habits.is_day_form = is_day_form(newest)

    def learn_ends(self) -> None:
        """Find out by a record that came whether windows give the records of both their dates."""
        newest = self.running.store.newest(self.running.source.name)
        for text in (self.evidence.earliest, self.evidence.latest, newest or ""):
            at = window_at(text, is_day_form=self.habits.is_day_form)
            if self.habits.are_ends_known or self.habits.is_dateless or self.patience.is_over:
                return
            if at is not None and str(at) not in self._tried:
                self._tried.add(str(at))
                self._try_ends(at)

    def _try_ends(self, at: Window) -> None:
        """Ask for the window of one datestamp, wider and wider, until its records come."""
        habits, strays = self.habits, Strays(at)
        for without_since, without_until in _ENDS:
            habits.excludes_since, habits.excludes_until = without_since, without_until
            try:
                shown = self.running.fetch(
                    habits.dated(self.request, at), ListEvidence(), strays.look
                )
            except ENDS_ALL:
                raise
            except HarvestError as error:
                log.info("%s: %s: %s", self.request.source, at, error)
                is_refused = isinstance(error, RequestRefusedError)
                habits.is_dateless = habits.is_dateless or strays.are_first or is_refused
                return
            habits.is_dateless = habits.is_dateless or strays.count > 0
            if at.holds(shown.earliest) or at.holds(shown.latest):
                habits.are_ends_known = True
                return
