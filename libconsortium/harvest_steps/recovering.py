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
from contextlib import closing
from typing import Any, cast

import attrs

from libconsortium.core.catalogue.records import RawRecord
from libconsortium.core.errors import (
    AddressRefusedError,
    DeadlineError,
    HarvestDeferredError,
    HarvestError,
    HarvestStoppedError,
    RequestRefusedError,
    SourceUnreachableError,
)
from libconsortium.core.harvest.pages import HarvestPage, HarvestRequest
from libconsortium.core.harvest.proof import ListEvidence
from libconsortium.core.harvest.sources import moment_of
from libconsortium.core.messages import Message
from libconsortium.harvest_steps.outcomes import Missing
from libconsortium.harvest_steps.running import Running, is_refused
from libconsortium.harvest_steps.singly import Singly
from libconsortium.harvest_steps.windows import Window, first_day, halves

log = logging.getLogger(__name__)

ENDS_ALL = (HarvestDeferredError, HarvestStoppedError, DeadlineError, AddressRefusedError)
"""After these nothing more is asked; every other failure is one piece that may be had otherwise."""

_FEW = 50  # so many records are asked for singly, more by windows
_MOST_FAILURES = 40  # lists that failed in a row
_MOST_AT_FIRST = 3  # of a server of which nothing sound came at all
_LOOK_AFTER = frozenset({4, 16})  # failures in a row
_MOST_UNREACHABLE = 3
_MOST_LISTS = 2000
_MOST_PIECES = 10
_MOST_MISSING = 200_000

_NOT_ASKED = Message("it was not asked for any more")


@attrs.define(kw_only=True)
class Listed:
    """What a list of identifiers said.

    Args:
        evidence: What its pages show; different identifiers are counted once.
        missing: Headers of which the store does not have the present state.
        error: Why it could not be had to its end, or ``None``.
        is_broken: It broke off after sound pages.
        earliest: The earliest datestamp it has; empty if none.
        latest: The latest.
    """

    evidence: ListEvidence
    missing: list[RawRecord] = attrs.field(factory=list)
    error: Message | None = None
    is_broken: bool = False
    earliest: str = ""
    latest: str = ""


@attrs.define
class _Strays:
    """Counts records outside the window that was asked for, by which a server ignores dates.

    Where a list goes in a circle only its first page tells: what its tokens lead to is no answer.
    """

    window: Window
    count: int = 0
    pages: int = 0
    are_first: bool = False

    def look(self, page: HarvestPage) -> None:
        """Look at the next page."""
        self.count += sum(self.window.is_outside(record.datestamp) for record in page.records)
        self.are_first = self.are_first or (self.count > 0 and not self.pages)
        self.pages += 1


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
        self.windows = self.listed = self.named = 0
        self.is_listed_whole = False
        self.ignores_dates = self.ends_early = False
        self.wants_both_dates = bool(request.until and request.since)
        self._failures = self._unreachable = self._lists = 0
        self._last: HarvestError | None = None
        self._is_dead = False
        self.announced: int | None = None
        self._lacking: dict[str, RawRecord] = {}

    # ------------------------------------------------------------ windows

    def settle(self, window: Window, why: Message) -> None:
        """Bring what is missing of a window, in ever smaller parts.

        Args:
            window: The window.
            why: Why its list is not enough.
        """
        left: deque[Unsettled] = deque()
        is_known = self.evidence.is_ended or self.evidence.is_broken
        left.append((window, why, self.evidence if is_known else None))
        is_root = True
        while left and not self._has_enough:
            part, reason, evidence = left.popleft()
            try:
                left.extend(self._settled(part, reason, evidence, is_root=is_root))
            except ENDS_ALL:
                self._give_up([(part, reason), *((one, why) for one, why, _ in left)])
                raise
            is_root = False
        if left:
            self._give_up([(one, why) for one, why, _ in left])
        else:
            self._fetch_lacking()

    def _settled(
        self, window: Window, why: Message, evidence: ListEvidence | None, *, is_root: bool
    ) -> list[Unsettled]:
        """Settle one window; return its parts that are not settled yet."""
        listed = self.headers(window)
        if is_root:
            self.listed = listed.evidence.received
            self.announced = listed.evidence.announced
        if self._is_settled(window, listed, evidence):
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

    def _fetch_lacking(self) -> None:
        """Fetch what some list of identifiers named and nothing brought, whatever others said."""
        store, number = self.running.store, self.running.run.number
        told = {one.identifier for one in self.missing} | self.singly.asked
        lacking = [
            one
            for one in store.match_headers(number, tuple(self._lacking.values()))
            if one.identifier not in told
        ]
        if lacking:
            self.missing += self.singly.fetch(lacking, listed=max(self.listed, len(lacking)))

    def _parts(self, window: Window, missing: Sequence[RawRecord]) -> tuple[Window, Window] | None:
        stamps = [header.datestamp for header in missing]
        return halves(window, is_day_form=self.is_day_form, datestamps=stamps)

    def _asked(self, parts: Iterable[Window]) -> list[Unsettled]:
        """Ask for windows; return those that are not whole."""
        unsettled: list[Unsettled] = []
        for part in parts:
            if self._has_enough:
                unsettled.append((part, _NOT_ASKED, None))
                continue
            self._lists += 1
            try:
                evidence = self._fetched(part)
            except ENDS_ALL:
                raise
            except HarvestError as error:
                self._failed(error)
                shown = attrs.evolve(self.running.shown, is_broken=True)
                unsettled.append((part, error.message, shown if shown.pages else None))
            else:
                self._succeeded()
                self.windows += 1
                doubt = evidence.doubt
                if self._is_suspect(evidence):
                    doubt = doubt or evidence.suspicion
                if doubt is not None:
                    unsettled.append((part, doubt, evidence))
        return unsettled

    def _fetched(self, part: Window) -> ListEvidence:
        """Fetch the list of a window; with both dates if the server wants both or neither."""
        strays = _Strays(part)
        try:
            shown = self.running.fetch(self._dated(part), ListEvidence(), strays.look)
        except ENDS_ALL:
            raise
        except HarvestError as error:
            self.ignores_dates = self.ignores_dates or strays.are_first
            if isinstance(error, RequestRefusedError) and self._may_want_both(part):
                self.wants_both_dates = True
                return self._fetched(part)
            is_least = bool(part.asked_since) and self._parts(part, ()) is None
            if is_least:  # what fails may lie where it overlaps with the part before
                return self._fetched(attrs.evolve(part, asked_since=""))
            raise
        self.ignores_dates = self.ignores_dates or strays.count > 0
        return shown

    def _may_want_both(self, part: Window) -> bool:
        return bool(part.until and not part.since and not self.wants_both_dates)

    def _dated(self, part: Window) -> HarvestRequest:
        since = part.asked_since or part.since
        if self.wants_both_dates and part.until and not since:
            since = first_day(part.until)
        return attrs.evolve(self.request, since=since, until=part.until)

    # ------------------------------------------------------------ lists of identifiers

    def headers(self, window: Window) -> Listed:
        """List the identifiers of a window; keep the tombstones it tells of."""
        store, number = self.running.store, self.running.run.number
        listed = Listed(evidence=ListEvidence())
        strays = _Strays(window)
        asked = attrs.evolve(self._dated(window), headers_only=True)
        seen: set[int] = set()
        try:
            for page in self.running.pages(asked):
                lacking = store.match_headers(number, page.records)
                deleted = tuple(one for one in lacking if one.is_deleted)
                self.running.keep(attrs.evolve(page, records=deleted))
                live = [one for one in lacking if not one.is_deleted]
                listed.missing += live
                self.named += len(lacking)
                self._lacking.update((one.identifier, one) for one in live)
                strays.look(page)
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
            listed.is_broken = bool(listed.evidence.pages)
            self.ignores_dates = self.ignores_dates or strays.are_first
        else:
            self._succeeded()
            self.ignores_dates = self.ignores_dates or strays.count > 0
        return listed

    def _is_settled(self, window: Window, listed: Listed, evidence: ListEvidence | None) -> bool:
        """Say whether a list of identifiers tells of all there is in a window."""
        if not self.is_proof(listed, evidence):
            return self._agree(window, listed, evidence)
        # Both lists may lead to nothing at the same place, before their end.
        is_odd = listed.evidence.is_odd_end and listed.evidence.announced is None
        parts = None if self.ignores_dates else self._halves_of(window, listed)
        return not is_odd or parts is None or self._agree(window, listed, evidence)

    def is_proof(self, listed: Listed, evidence: ListEvidence | None) -> bool:
        """Say whether a list of identifiers is itself whole, as far as anybody can tell."""
        shown = listed.evidence
        received = evidence.received if evidence else 0
        if listed.error or not shown.is_ended or shown.received < received:
            return False
        if self._is_suspect(shown):
            return False
        if shown.has_shrunk or (shown.is_odd_end and shown.announced is None):
            return evidence is not None and shown.received == received
        is_short = shown.announced is not None and shown.announced > shown.received
        ends_by_itself = shown.has_natural_end and not shown.is_odd_end
        return shown.doubt is None or (is_short and ends_by_itself)

    def _is_suspect(self, shown: ListEvidence) -> bool:
        """Say whether a list that seems whole may not be so, by what this server did before."""
        is_unstable = shown.is_unstable and not self.ignores_dates
        return is_unstable or (self.ends_early and shown.is_abrupt)

    def _agree(self, window: Window, listed: Listed, evidence: ListEvidence | None) -> bool:
        """Say whether the lists of both halves prove the whole, or know only what it knew."""
        if evidence is None or not _may_agree(listed, evidence):
            return False
        is_broken = listed.is_broken
        found = self.halves_listed(window, listed, are_broken=is_broken)
        if not found:
            return False
        known = {header.identifier for header in listed.missing}
        listed.missing += [
            header for one in found for header in one.missing if header.identifier not in known
        ]
        counts = [one.evidence.received for one in found]
        is_whole = all(counts) and sum(counts) == listed.evidence.received
        if is_broken:  # it is the server's habit, or there is more behind it
            return is_whole and all(one.is_broken for one in found)
        is_sound = not any(one.error for one in found)
        if is_sound and all(self.is_proof(one, None) for one in found):
            self.listed = max(self.listed, sum(counts))
            return sum(counts) >= listed.evidence.received
        return is_sound and is_whole

    def halves_listed(
        self, window: Window, listed: Listed, *, are_broken: bool = False
    ) -> list[Listed]:
        """List the identifiers of both halves of a window; none if it cannot be divided.

        Args:
            window: The window.
            listed: Its own list.
            are_broken: The second half is asked for only if the first one breaks off too.
        """
        parts = None if self.ignores_dates else self._halves_of(window, listed)
        found: list[Listed] = []
        for part in parts or ():
            if found and are_broken and not found[0].is_broken:
                break
            found.append(self.headers(attrs.evolve(part, asked_since="")))
        return found

    def _halves_of(self, window: Window, listed: Listed) -> tuple[Window, Window] | None:
        low, high = moment_of(listed.earliest), moment_of(listed.latest)
        if low is None or high is None:
            return None
        return halves(attrs.evolve(window, low=low, high=high), is_day_form=self.is_day_form)

    # ------------------------------------------------------------ when it is enough

    def _failed(self, error: HarvestError) -> None:
        self._last = error
        self._failures += 1
        if self._failures in _LOOK_AFTER and self.running.received:
            self._is_dead = not self._is_alive()
        is_silent = isinstance(error, SourceUnreachableError)
        self._unreachable = self._unreachable + 1 if is_silent else 0

    def _succeeded(self) -> None:
        self._failures = self._unreachable = 0

    def _is_alive(self) -> bool:
        """Say whether the server still gives what it gave before: the beginning of the list."""
        try:
            with closing(cast("Any", self.running.pages(self.request))) as pages:
                for page in pages:
                    self.running.keep(page)
                    if not is_refused(page):
                        return True
        except ENDS_ALL:
            raise
        except HarvestError as error:
            self._last = error
        return False

    @property
    def _has_enough(self) -> bool:
        is_mute = not self.running.sound_pages and self._failures >= _MOST_AT_FIRST
        return (
            is_mute
            or self._is_dead
            or self._failures >= _MOST_FAILURES
            or self._unreachable >= _MOST_UNREACHABLE
            or self._lists >= _MOST_LISTS
        )

    def _give_up(self, pieces: list[tuple[Window, Message]]) -> None:
        """Report the pieces that nothing more is asked for."""
        log.info("%s: given up: %s", self.request.source, self._last)
        is_all = not self.running.sound_pages
        if pieces and (
            is_all or self._is_dead or len(pieces) > _MOST_PIECES
        ):  # then it is not a piece that is missing
            first, why = pieces[0]
            whole = attrs.evolve(first, since=self.request.since, until=self.request.until)
            pieces = [(whole, self._why(self._last.message if self._last else why))]
        self.missing += [Missing(window=str(part), reason=reason) for part, reason in pieces]

    def _why(self, last: Message) -> Message:
        """Say why nothing more is asked for, if the server gives nothing at all."""
        if not self.running.sound_pages:
            return Message("the server gives nothing that can be read: {reason}", reason=last)
        if self._is_dead:
            return Message("the server no longer gives what it gave before: {reason}", reason=last)
        return last


def _may_agree(listed: Listed, evidence: ListEvidence) -> bool:
    """Say whether a list of identifiers may be whole, in spite of how it ended."""
    if listed.evidence.received < evidence.received:
        return False
    if not (listed.is_broken or evidence.is_broken):
        return listed.error is None
    is_at_end = evidence.announced in {None, evidence.received}
    return listed.is_broken and evidence.is_broken and is_at_end


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
