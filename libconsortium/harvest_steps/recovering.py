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

from libconsortium.core.catalogue.records import HarvestPage, HarvestRequest, RawRecord
from libconsortium.core.errors import (
    AddressRefusedError,
    DeadlineError,
    HarvestDeferredError,
    HarvestError,
    HarvestStoppedError,
    RequestRefusedError,
    SourceUnreachableError,
)
from libconsortium.core.harvest.proof import ListEvidence
from libconsortium.core.harvest.sources import moment_of
from libconsortium.core.messages import Message
from libconsortium.harvest_steps.outcomes import Missing
from libconsortium.harvest_steps.running import Running
from libconsortium.harvest_steps.singly import Singly
from libconsortium.harvest_steps.windows import Window, first_day, halves

log = logging.getLogger(__name__)

ENDS_ALL = (HarvestDeferredError, HarvestStoppedError, DeadlineError, AddressRefusedError)
"""After these nothing more is asked; every other failure is one piece that may be had otherwise."""

_FEW = 50  # so many records are asked for singly, more by windows
_MOST_FAILURES = 40  # lists that failed in a row
_MOST_UNREACHABLE = 3
_MOST_LISTS = 2000
_MOST_PIECES = 10
_MOST_MISSING = 200_000


@attrs.define(kw_only=True)
class Listed:
    """What a list of identifiers said.

    Args:
        evidence: What its pages show; different identifiers are counted once.
        missing: Headers of which the store does not have the present state.
        error: Why it could not be had to its end, or ``None``.
        earliest: The earliest datestamp it has; empty if none.
        latest: The latest.
    """

    evidence: ListEvidence
    missing: list[RawRecord] = attrs.field(factory=list)
    error: Message | None = None
    earliest: str = ""
    latest: str = ""


Unsettled = tuple[Window, Message, ListEvidence | None]


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
        self.wants_both_dates = bool(request.until and request.since)
        self._failures = self._unreachable = self._lists = 0
        self._last: HarvestError | None = None

    # ------------------------------------------------------------ windows

    def settle(self, window: Window, why: Message) -> None:
        """Bring what is missing of a window, in ever smaller parts.

        Args:
            window: The window.
            why: Why its list is not enough.
        """
        left: deque[Unsettled] = deque()
        left.append((window, why, self.evidence if self.evidence.is_ended else None))
        is_root = True
        while left:
            part, reason, evidence = left.popleft()
            try:
                left.extend(self._settled(part, reason, evidence, is_root=is_root))
            except ENDS_ALL:
                self._give_up([(part, reason), *((one, why) for one, why, _ in left)])
                raise
            if self._has_enough:
                self._give_up([(one, why) for one, why, _ in left])
                return
            is_root = False

    def _settled(
        self, window: Window, why: Message, evidence: ListEvidence | None, *, is_root: bool
    ) -> list[Unsettled]:
        """Settle one window; return its parts that are not settled yet."""
        listed = self.headers(window)
        if is_root:
            self.listed = listed.evidence.received
        if self.is_proof(listed, evidence) or self._agree(window, listed, evidence):
            self.is_listed_whole = self.is_listed_whole or is_root
            self.fetch(window, listed.missing, listed=listed.evidence.received)
            return []
        if not self.ignores_dates:
            parts = self._parts(window, listed.missing) or self._parts(window, ())
            if parts is not None:
                return self._asked(parts)
        self.missing += self.singly.fetch(listed.missing, listed=listed.evidence.received)
        self.missing.append(Missing(window=str(window), reason=_both(why, listed)))
        return []

    def fetch(self, window: Window, missing: Sequence[RawRecord], *, listed: int) -> None:
        """Fetch the records of headers: many by windows, as far as that helps, the rest singly.

        Args:
            window: The window in which they lie.
            missing: Their headers.
            listed: How many records the list has in which they stand.
        """
        store, number = self.running.store, self.running.run.number
        left = deque([(window, list(missing))])
        rest: list[RawRecord] = []
        while left:
            part, headers = left.popleft()
            headers = list(store.match_headers(number, headers))
            parts = None
            if len(headers) > _FEW and not (self.ignores_dates or self._has_enough):
                parts = self._parts(part, headers)
            if parts is None:
                rest += headers
                continue
            self._asked(parts)
            for half in parts:
                left.append((half, [one for one in headers if half.holds(one.datestamp)]))
        self._failures = self._unreachable = 0  # single records are another matter
        self.missing += self.singly.fetch(rest, listed=listed)

    def _parts(self, window: Window, missing: Sequence[RawRecord]) -> tuple[Window, Window] | None:
        stamps = [header.datestamp for header in missing]
        return halves(window, is_day_form=self.is_day_form, datestamps=stamps)

    def _asked(self, parts: Iterable[Window]) -> list[Unsettled]:
        """Ask for windows; return those that are not whole."""
        unsettled: list[Unsettled] = []
        for part in parts:
            self._lists += 1
            try:
                evidence = self._fetched(part)
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

    def _fetched(self, part: Window) -> ListEvidence:
        """Fetch the list of a window; with both dates if the server wants both or neither."""
        try:
            return self.running.fetch(
                self._dated(part), ListEvidence(), lambda page: self._look(page, part)
            )
        except ENDS_ALL:
            raise
        except HarvestError as error:
            if isinstance(error, RequestRefusedError) and self._may_want_both(part):
                self.wants_both_dates = True
                return self._fetched(part)
            is_least = bool(part.asked_since) and self._parts(part, ()) is None
            if is_least:  # what fails may lie where it overlaps with the part before
                return self._fetched(attrs.evolve(part, asked_since=""))
            raise

    def _may_want_both(self, part: Window) -> bool:
        return bool(part.until and not part.since and not self.wants_both_dates)

    def _dated(self, part: Window) -> HarvestRequest:
        since = part.asked_since or part.since
        if self.wants_both_dates and part.until and not since:
            since = first_day(part.until)
        return attrs.evolve(self.request, since=since, until=part.until)

    def _look(self, page: HarvestPage, window: Window) -> None:
        self.ignores_dates = self.ignores_dates or any(
            window.is_outside(record.datestamp) for record in page.records
        )

    # ------------------------------------------------------------ lists of identifiers

    def headers(self, window: Window) -> Listed:
        """List the identifiers of a window; keep the tombstones it tells of."""
        store, number = self.running.store, self.running.run.number
        listed = Listed(evidence=ListEvidence())
        asked = attrs.evolve(self._dated(window), headers_only=True)
        seen: set[int] = set()
        try:
            for page in self.running.pages(asked):
                deleted = tuple(one for one in page.records if one.is_deleted)
                self.running.keep(attrs.evolve(page, records=deleted))
                listed.missing += store.match_headers(number, page.records)
                self._look(page, window)
                stamps = [one.datestamp for one in page.records if one.datestamp]
                if stamps:
                    listed.earliest = min(filter(None, (listed.earliest, *stamps)))
                    listed.latest = max(listed.latest, *stamps)
                if len(listed.missing) > _MOST_MISSING:
                    listed.error = Message("it has too many records that are missing to hold them")
                    break
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
        if shown.has_shrunk or (shown.is_odd_end and shown.announced is None):
            return evidence is not None and shown.received == received
        is_short = shown.announced is not None and shown.announced > shown.received
        ends_by_itself = shown.has_natural_end and not shown.is_odd_end
        return shown.doubt is None or (is_short and ends_by_itself)

    def _agree(self, window: Window, listed: Listed, evidence: ListEvidence | None) -> bool:
        """Say whether the lists of both halves prove the whole, or know only what it knew."""
        parts = None
        if evidence is not None and not listed.error and not self.ignores_dates:
            parts = self._halves_of(window, listed)
        if evidence is None or parts is None or listed.evidence.received < evidence.received:
            return False
        found = [self.headers(attrs.evolve(part, asked_since="")) for part in parts]
        known = {header.identifier for header in listed.missing}
        listed.missing += [
            header for one in found for header in one.missing if header.identifier not in known
        ]
        counts = [one.evidence.received for one in found]
        is_sound = not any(one.error for one in found)
        if is_sound and all(self.is_proof(one, None) for one in found):
            self.listed = max(self.listed, sum(counts))
            return sum(counts) >= listed.evidence.received
        return is_sound and all(counts) and sum(counts) == listed.evidence.received

    def _halves_of(self, window: Window, listed: Listed) -> tuple[Window, Window] | None:
        low, high = moment_of(listed.earliest), moment_of(listed.latest)
        if low is None or high is None:
            return None
        return halves(attrs.evolve(window, low=low, high=high), is_day_form=self.is_day_form)

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

    def _give_up(self, pieces: list[tuple[Window, Message]]) -> None:
        """Report the pieces that nothing more is asked for."""
        log.info("%s: given up: %s", self.request.source, self._last)
        if len(pieces) > _MOST_PIECES:  # then it is not a piece that is missing
            first, why = pieces[0]
            whole = attrs.evolve(first, since=self.request.since, until=self.request.until)
            pieces = [(whole, self._last.message if self._last else why)]
        self.missing += [Missing(window=str(part), reason=reason) for part, reason in pieces]


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
