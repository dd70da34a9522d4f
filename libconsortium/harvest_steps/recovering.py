"""The ladder: what to do when a list cannot be had, or when its end is in doubt.

First the source's own list of identifiers: whatever it has and the store has not is asked for by
windows of datestamps, and singly when it is little. Where there is no sound list of identifiers
the windows are halved, down to one day or second, so that one poisoned record costs one record.
What comes broken is kept in quarantine; what does not come is reported, piece by piece.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Sequence

import attrs

from libconsortium.core.errors import (
    AddressRefusedError,
    DeadlineError,
    HarvestDeferredError,
    HarvestError,
    HarvestStoppedError,
    SourceUnreachableError,
)
from libconsortium.core.harvests import ListEvidence
from libconsortium.core.messages import Message
from libconsortium.core.records import HarvestPage, HarvestRequest, RawRecord
from libconsortium.harvest_steps.outcomes import Missing
from libconsortium.harvest_steps.running import Running
from libconsortium.harvest_steps.singly import Singly
from libconsortium.harvest_steps.windows import Window, halves

log = logging.getLogger(__name__)

ENDS_ALL = (HarvestDeferredError, HarvestStoppedError, DeadlineError, AddressRefusedError)
"""After these nothing more is asked; every other failure is one piece that may be had otherwise."""

_FEW = 50  # so many records are asked for singly, more by windows
_MOST_FAILURES = 40  # lists that failed in a row
_MOST_UNREACHABLE = 3
_MOST_LISTS = 2000


@attrs.define(kw_only=True)
class Listed:
    """What a list of identifiers said.

    Args:
        evidence: What its pages show; different identifiers are counted once.
        missing: Headers of which the store does not have the present state.
        error: Why it could not be had to its end, or ``None``.
    """

    evidence: ListEvidence
    missing: list[RawRecord] = attrs.field(factory=list)
    error: Message | None = None


class Recovery:
    """Brings what a list did not bring, and says what nothing could bring.

    Args:
        running: The run.
        request: What its list was asked for.
        evidence: What the list has shown.
        is_day_form: Datestamps are days.
    """

    def __init__(
        self,
        running: Running,
        request: HarvestRequest,
        evidence: ListEvidence,
        *,
        is_day_form: bool,
    ) -> None:
        """Prepare; nothing is asked yet."""
        self.running, self.evidence = running, evidence
        self.request = attrs.evolve(request, token="", attempts=1)
        self.is_day_form = is_day_form
        self.singly = Singly(running, self.request)
        self.missing: list[Missing] = []
        self.windows = self.listed = 0
        self.is_listed_whole = False
        self.ignores_dates = False
        self._failures = self._unreachable = self._lists = 0
        self._last: HarvestError | None = None

    # ------------------------------------------------------------ windows

    def settle(self, window: Window, why: Message) -> None:
        """Bring what is missing of a window, in ever smaller parts.

        Args:
            window: The window.
            why: Why its list is not enough.
        """
        left: deque[tuple[Window, Message, ListEvidence | None]] = deque()
        left.append((window, why, self.evidence if self.evidence.is_ended else None))
        is_root = True
        while left:
            part, reason, evidence = left.popleft()
            try:
                left.extend(self._settled(part, reason, evidence, is_root=is_root))
            except ENDS_ALL:
                self._give_up(part, reason, left)
                raise
            if self._has_enough:
                self._give_up(part, reason, left)
                return
            is_root = False

    def _settled(
        self, window: Window, why: Message, evidence: ListEvidence | None, *, is_root: bool
    ) -> list[tuple[Window, Message, ListEvidence | None]]:
        """Settle one window; return its parts that are not settled yet."""
        listed = self.headers(window)
        if is_root:
            self.listed = listed.evidence.received
        if self.is_proof(listed, evidence):
            self.is_listed_whole = self.is_listed_whole or is_root
            return self._fetched(window, listed.missing, why)
        parts = None if self.ignores_dates else self._parts(window, listed.missing)
        if parts is not None:
            if evidence is not None and not listed.error and self._agree(parts, listed, evidence):
                self.is_listed_whole = self.is_listed_whole or is_root
                return self._fetched(window, listed.missing, why)
            return self._asked(parts)
        self.missing += self.singly.fetch(listed.missing, listed=listed.evidence.received)
        self.missing.append(Missing(window=str(window), reason=_both(why, listed)))
        return []

    def _fetched(
        self, window: Window, missing: Sequence[RawRecord], why: Message
    ) -> list[tuple[Window, Message, ListEvidence | None]]:
        """Fetch headers' records: few of them singly, many by windows."""
        parts = None
        if len(missing) > _FEW and not self.ignores_dates:
            parts = self._parts(window, missing)
        if parts is None:
            listed = max(self.listed, len(missing))
            self.missing += self.singly.fetch(missing, listed=listed)
            return []
        return self._asked(parts)

    def _parts(self, window: Window, missing: Sequence[RawRecord]) -> tuple[Window, Window] | None:
        stamps = [header.datestamp for header in missing]
        return halves(window, is_day_form=self.is_day_form, datestamps=stamps)

    def _asked(self, parts: Iterable[Window]) -> list[tuple[Window, Message, ListEvidence | None]]:
        """Ask for windows; return those that are not whole."""
        unsettled: list[tuple[Window, Message, ListEvidence | None]] = []
        for part in parts:
            self._lists += 1
            try:
                evidence = self.running.fetch(
                    attrs.evolve(self.request, since=part.since, until=part.until),
                    ListEvidence(),
                    lambda page, part=part: self._look(page, part),  # type: ignore[misc] # bound now
                )
            except ENDS_ALL:
                raise
            except HarvestError as error:
                self._failed(error)
                unsettled.append((part, error.message, None))
                if self._has_enough:
                    continue
            else:
                self._succeeded()
                self.windows += 1
                if (doubt := evidence.doubt) is not None:
                    unsettled.append((part, doubt, evidence))
        return unsettled

    def _look(self, page: HarvestPage, window: Window) -> None:
        self.ignores_dates = self.ignores_dates or any(
            window.is_outside(record.datestamp) for record in page.records
        )

    # ------------------------------------------------------------ lists of identifiers

    def headers(self, window: Window) -> Listed:
        """List the identifiers of a window; keep the tombstones it tells of."""
        store, number = self.running.store, self.running.run.number
        listed = Listed(evidence=ListEvidence())
        asked = attrs.evolve(
            self.request, since=window.since, until=window.until, headers_only=True
        )
        seen: set[int] = set()
        try:
            for page in self.running.pages(asked):
                deleted = tuple(one for one in page.records if one.is_deleted)
                self.running.keep(attrs.evolve(page, records=deleted))
                listed.missing += store.match_headers(number, page.records)
                self._look(page, window)
                before = len(seen)
                seen.update(hash(one.identifier) for one in page.records)
                doubles = len(page.records) - (len(seen) - before)
                listed.evidence = listed.evidence.with_page(page, doubles=doubles)
        except ENDS_ALL:
            raise
        except HarvestError as error:
            self._failed(error)
            listed.error = error.message
        else:
            self._succeeded()
        return listed

    def is_proof(self, listed: Listed, evidence: ListEvidence | None) -> bool:
        """Say whether a list of identifiers is itself whole, as far as anybody can tell."""
        shown = listed.evidence
        received = evidence.received if evidence else 0
        if listed.error or not shown.is_ended or shown.received < received:
            return False
        if shown.is_odd_end and shown.announced is None:
            return evidence is not None and shown.received == received
        is_short = shown.announced is not None and shown.announced > shown.received
        return shown.doubt is None or (is_short and shown.has_natural_end)

    def _agree(self, parts: tuple[Window, Window], listed: Listed, evidence: ListEvidence) -> bool:
        """Say whether lists of both halves know nothing but what the list of the whole knew."""
        if listed.evidence.received < evidence.received:
            return False
        found = [self.headers(part) for part in parts]
        known = {header.identifier for header in listed.missing}
        new = {header.identifier for one in found for header in one.missing} - known
        counts = [one.evidence.received for one in found]
        return (
            all(one.error is None for one in found)
            and not new
            and all(counts)
            and sum(counts) >= listed.evidence.received
        )

    def fetch(self, window: Window, missing: Sequence[RawRecord], why: Message) -> None:
        """Fetch the records of headers, few of them singly, many by windows.

        Args:
            window: The window in which they lie.
            missing: The headers.
            why: Why they are asked for.
        """
        left = deque(self._fetched(window, missing, why))
        while left and not self._has_enough:
            part, reason, evidence = left.popleft()
            left.extend(self._settled(part, reason, evidence, is_root=False))
        if left:
            part, reason, _ = left.popleft()
            self._give_up(part, reason, left)

    # ------------------------------------------------------------ when it is enough

    def _failed(self, error: HarvestError) -> None:
        self._last = error
        self._failures += 1
        is_silent = isinstance(error, SourceUnreachableError)
        self._unreachable = self._unreachable + 1 if is_silent else 0

    def _succeeded(self) -> None:
        self._failures = self._unreachable = 0

    @property
    def _has_enough(self) -> bool:
        return (
            self._failures >= _MOST_FAILURES
            or self._unreachable >= _MOST_UNREACHABLE
            or self._lists >= _MOST_LISTS
        )

    def _give_up(
        self,
        window: Window,
        why: Message,
        left: Iterable[tuple[Window, Message, ListEvidence | None]],
    ) -> None:
        log.info("%s: given up: %s", self.request.source, self._last or why)
        for part, reason in ((window, why), *((part, reason) for part, reason, _ in left)):
            self.missing.append(Missing(window=str(part), reason=reason))


def _both(why: Message, listed: Listed) -> Message:
    if listed.error is not None:
        return Message(
            "{doubt}; its list of identifiers cannot settle it: {reason}",
            doubt=why,
            reason=listed.error,
        )
    return Message(
        "{doubt}; its list of identifiers ends after {listed} and proves nothing",
        doubt=why,
        listed=listed.evidence.received,
    )
