"""The ladder: what to do when a list cannot be had, or when its end is in doubt.

First the source's own list of identifiers: whatever it has and the store has not is asked for by
windows of datestamps, and singly when it is little. Where there is no sound list of identifiers
the windows are halved, down to one day or second, so that one poisoned record costs one record.
What comes broken is kept in quarantine; what does not come is reported, piece by piece.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Collection, Iterable, Sequence

import attrs

from libconsortium.core.catalogue.records import RawRecord
from libconsortium.core.errors import HarvestError, RequestRefusedError
from libconsortium.core.harvest.pages import HarvestRequest
from libconsortium.core.harvest.proof import ListEvidence
from libconsortium.core.harvest.sources import is_day_form
from libconsortium.core.messages import Message
from libconsortium.harvest_steps.dated_lists import DatedLists
from libconsortium.harvest_steps.elsewhere import named_elsewhere
from libconsortium.harvest_steps.habits import LISTS_END_EARLY, Habits
from libconsortium.harvest_steps.identifiers import Identifiers, Listed
from libconsortium.harvest_steps.outcomes import Missing
from libconsortium.harvest_steps.patience import Patience
from libconsortium.harvest_steps.running import ENDS_ALL, Running
from libconsortium.harvest_steps.singly import Singly
from libconsortium.harvest_steps.windows import Window, joined, window_at

log = logging.getLogger(__name__)

_FEW = 50  # so many records are asked for singly, more by windows

_NOT_ASKED = Message("it was not asked for any more")


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
        self.habits = attrs.evolve(
            Habits.known(running.store.problems(running.scope, LISTS_END_EARLY)),
            is_day_form=is_day_form,
            wants_both_dates=bool(request.until and request.since),
        )
        has_begun = bool(evidence.pages) or not running.broken_page
        self.patience = Patience(running, self.request, has_begun=has_begun)
        self.dated = DatedLists(running, self.request, self.habits, self.patience, evidence)
        self.identifiers = Identifiers(self.dated)
        self.singly = Singly(running, self.request)
        self.missing: list[Missing] = []
        self.cause = _NOT_ASKED
        self.broken_page, self.token = running.broken_page or running.number, running.token
        self.windows = 0
        self._stamps = {evidence.earliest, evidence.latest} - {""}
        self.listed = 0
        self.listed_received: int | None = None
        self.announced: int | None = None
        self.is_listed_whole = False

    # ------------------------------------------------------------ what is in doubt

    def settle(self, window: Window, why: Message) -> None:
        """Bring what is missing of a window, in ever smaller parts.

        Args:
            window: The window.
            why: Why its list is not enough.
        """
        self.cause = why
        is_known = self.evidence.is_ended or self.evidence.is_broken
        root = (window, why, self.evidence if is_known else None)
        is_over = self._settle_all([root], is_root=True)
        if self.listed_received is not None and self.running.received > self.listed_received:
            self.is_listed_whole = False
        if is_over:
            self._fetch_lacking(window)

    def bring(self, window: Window, found: Collection[RawRecord]) -> None:
        """Bring a part that the list left out.

        Args:
            window: The part.
            found: Headers of records in it.
        """
        stamps = {one.datestamp for one in found}
        self._stamps |= stamps
        self.habits.is_day_form = all(map(is_day_form, stamps))
        unsettled = self._asked((window,))
        shown = self.running.shown
        doubt = None if unsettled else shown.suspicion
        if doubt is not None and named_elsewhere(self.identifiers, window, shown):
            self.habits.ends_after = shown.received
            unsettled = [(window, doubt, shown)]
        self._settle_all(unsettled)
        left = self.running.store.match_headers(self.running.run.number, found)
        self._fetch_few([one for one in left if not one.is_deleted], listed=len(found))

    def _settle_all(self, unsettled: Iterable[Unsettled], *, is_root: bool = False) -> bool:
        """Settle windows and their parts; say whether that came to its end."""
        left = deque(unsettled)
        while left and not self.patience.is_over:
            part, reason, evidence = left.popleft()
            try:
                left.extend(self._settled(part, reason, evidence, is_root=is_root))
            except ENDS_ALL:
                self._give_up([(part, reason), *((one, why) for one, why, _ in left)])
                raise
            is_root = False
        if left:
            self._give_up([(one, why) for one, why, _ in left])
        return not left

    def _settled(
        self, window: Window, why: Message, evidence: ListEvidence | None, *, is_root: bool
    ) -> list[Unsettled]:
        """Settle one window; return its parts that are not settled yet."""
        listed = self.identifiers.of(window)
        received = listed.evidence.received
        if is_root:
            self.listed, self.announced = received, listed.evidence.announced
        is_emptied = self._emptied(window, listed.evidence) is not None
        if not is_emptied and self.identifiers.settle(window, listed, evidence):
            self.listed = max(self.listed, self.identifiers.most_listed)
            self.is_listed_whole = self.is_listed_whole or is_root
            self.fetch(window, listed.missing, listed=received)
            told = evidence.announced if evidence and evidence.is_broken else None
            return self._beyond(window, listed) if told is not None and told > received else []
        if not self.habits.is_dateless:
            stamps = [one.datestamp for one in listed.missing] or listed.marks
            parts: Sequence[Window] | None = self.dated.parts(window, stamps, evidence)
            parts = parts or self.dated.parts(window, (), evidence)
            if not parts and window.asked_since and self.habits.are_ends_known:
                # What is wrong may lie where it overlaps with the part before; without that overlap
                # nothing may come because both ends are left out.
                parts = (attrs.evolve(window, asked_since=""),)
            unsettled = self._asked(parts or ())
            if parts and not (unsettled and self.habits.is_dateless):
                return unsettled
        self._fetch_few(listed.missing, listed=received)
        self.missing.append(self._piece(window, _both(why, listed)))
        return []

    def _beyond(self, window: Window, listed: Listed) -> list[Unsettled]:
        """Fetch all by windows where the list told of more, before it broke off, than is listed.

        One of both is wrong: if the windows bring nothing more, it is the number that was told.
        """
        if self.habits.is_dateless:
            return []
        if self.listed_received is None:
            self.listed_received = self.running.received
        return self._asked(self.dated.parts(window, listed.marks) or ())

    # ------------------------------------------------------------ what is known to be missing

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
            if len(headers) > _FEW and not (self.habits.is_dateless or self.patience.is_over):
                parts = self.dated.parts(part, [one.datestamp for one in headers])
            if parts is None:
                rest += headers
                continue
            self._asked(parts)
            for half in parts:
                left.append((half, [one for one in headers if half.holds(one.datestamp)]))
        self.patience.succeeded()  # single records are another matter
        self._fetch_few(rest, listed=listed)

    def _fetch_few(self, headers: Sequence[RawRecord], *, listed: int) -> None:
        """Fetch records singly; if the server gives none so, by the lists of their datestamps."""
        lost = self.singly.fetch(headers, listed=listed)
        if lost and not (self.habits.is_dateless or self.singly.works()):
            found = {
                window_at(one.datestamp, is_day_form=self.habits.is_day_form) for one in headers
            }
            self._asked(sorted((one for one in found if one is not None), key=str))
            left = self.running.store.match_headers(self.running.run.number, headers)
            names = {one.identifier for one in left}
            lost = [one for one in lost if not one.identifier or one.identifier in names]
        self.missing += lost

    def _fetch_lacking(self, window: Window) -> None:
        """Fetch what some list of identifiers named and nothing brought, whatever others said.

        Lists of the window's parts that left it out may have left out more.
        """
        store, number = self.running.store, self.running.run.number
        told = {one.identifier for one in self.missing} | self.singly.asked
        lacking = [
            one
            for one in store.match_headers(number, tuple(self.identifiers.lacking.values()))
            if one.identifier not in told
        ]
        broken = {one.identifier for one in store.quarantine(self.running.source.name)}
        left_out = sum(one.identifier not in broken for one in lacking)
        if lacking:
            self._fetch_few(lacking, listed=max(self.listed, len(lacking)))
        if left_out and self.windows and not self.is_listed_whole:
            why = Message(
                "the lists of its parts left out {count} records that its identifiers name",
                count=left_out,
            )
            self.missing.append(self._piece(window, why))

    # ------------------------------------------------------------ windows

    def _asked(self, parts: Collection[Window]) -> list[Unsettled]:
        """Ask for windows; return those that are not whole."""
        unsettled: list[Unsettled] = []
        refused = 0
        self.dated.learn_ends()
        for part in parts:
            if self.patience.is_over or self.habits.is_dateless:
                unsettled.append((part, _NOT_ASKED, None))
                continue
            self.patience.asked()
            try:
                evidence = self.dated.fetch(part)
            except ENDS_ALL:
                raise
            except HarvestError as error:
                self.patience.failed(error)
                refused += isinstance(error, RequestRefusedError)
                shown = attrs.evolve(self.running.shown, is_broken=True)
                self._stamps |= {shown.earliest, shown.latest} - {""}
                unsettled.append((part, error.message, shown if shown.pages else None))
            else:
                self.patience.succeeded()
                self.windows += 1
                doubt = evidence.doubt or self._emptied(part, evidence)
                self._stamps |= {evidence.earliest, evidence.latest} - {""}
                if self.identifiers.is_suspect(evidence):
                    doubt = doubt or evidence.suspicion
                if doubt is not None:
                    unsettled.append((part, doubt, evidence))
        self.habits.is_dateless = self.habits.is_dateless or refused == len(parts) > 1
        return unsettled

    def _emptied(self, part: Window, evidence: ListEvidence) -> Message | None:
        """Say that a window cannot be empty: a record that lies in it had come."""
        if evidence.received or not any(map(part.holds, self._stamps)):
            return None
        return Message("its list is empty, though records of that time had come")

    # ------------------------------------------------------------ what is given up

    def _give_up(self, pieces: list[tuple[Window, Message]]) -> None:
        """Report the pieces that nothing more is asked for."""
        last = self.patience.last
        log.info("%s: given up: %s", self.request.source, last)
        if pieces and (self.patience.is_mute or self.patience.is_dead):
            first, why = pieces[0]  # then it is not a piece that is missing
            whole = attrs.evolve(first, since=self.request.since, until=self.request.until)
            pieces = [(whole, self.patience.why(last.message if last else why))]
        if last:
            pieces = [(part, last.message if why is _NOT_ASKED else why) for part, why in pieces]
        whys = {part.since: why for part, why in pieces}
        for part in joined((part for part, _ in pieces), is_day_form=self.habits.is_day_form):
            self.missing.append(self._piece(part, whys[part.since]))

    def _piece(self, window: Window, reason: Message) -> Missing:
        """Return a window that is missing; of the whole list that broke off, from which page on."""
        is_whole = (window.since, window.until) == (self.request.since, self.request.until)
        if is_whole and self.evidence.is_broken:
            reason = with_cause(self.cause, reason)
            return Missing(page=self.broken_page, token=self.token, reason=reason)
        return Missing(window=str(window), reason=reason)


def with_cause(why: Message, last: Message) -> Message:
    """Say first what went wrong with the list, then what the last try to make up for it met.

    Args:
        why: What went wrong with the list.
        last: What the last try met; it may say the first already.

    >>> str(with_cause(Message("page 2 breaks off"), Message("page 2 breaks off")))
    'page 2 breaks off'
    >>> four, two = (Message("{n} attempts: {reason}", n=n, reason=Message("busy")) for n in (4, 2))
    >>> str(with_cause(four, two))
    '4 attempts: busy; other ways to its records met the same'
    """
    if str(why) in str(last):
        return last
    if _root(why) == _root(last):
        return Message("{doubt}; other ways to its records met the same", doubt=why)
    return Message(
        "{doubt}; to make up for it other ways were tried, the last: {reason}",
        doubt=why,
        reason=last,
    )


def _root(why: Message) -> Message:
    """Return the innermost reason that a sentence gives."""
    while isinstance(inner := dict(why.values).get("reason"), Message):
        why = inner
    return why


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
