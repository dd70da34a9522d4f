"""The list of one run: fetched, recovered where it has to be, and judged."""

from __future__ import annotations

import logging
from datetime import timedelta

import attrs

from libconsortium.core.catalogue.records import RawRecord
from libconsortium.core.errors import (
    HarvestError,
    PageRefusedError,
    RequestRefusedError,
    SourceUnreachableError,
    TokenRefusedError,
)
from libconsortium.core.harvest.pages import HarvestRequest, Quarantined
from libconsortium.core.harvest.proof import ListEvidence
from libconsortium.core.harvest.runs import RunStatus
from libconsortium.core.harvest.sources import (
    is_day_form,
    moment_of,
    watermark_after,
    without_secret,
)
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity
from libconsortium.harvest_steps.checking import Verdict, verdict_on, with_quarantine
from libconsortium.harvest_steps.doubting import contradiction
from libconsortium.harvest_steps.ends import bring_left_out
from libconsortium.harvest_steps.outcomes import Missing
from libconsortium.harvest_steps.recovering import Recovery
from libconsortium.harvest_steps.running import Running
from libconsortium.harvest_steps.singly import Singly
from libconsortium.harvest_steps.windows import EARLIEST, Window, first_day, in_other_form

log = logging.getLogger(__name__)

_RECOVERABLE = (PageRefusedError, TokenRefusedError, SourceUnreachableError)
_DAY = timedelta(days=1)


class Listing:
    """Fetches the list of a run and settles every doubt about it.

    Args:
        running: The run.
        evidence: What pages of an earlier part of the run have shown.
    """

    def __init__(self, running: Running, evidence: ListEvidence) -> None:
        """Prepare; nothing is asked yet."""
        self.running, self.evidence = running, evidence
        self.recovery: Recovery | None = None
        self.request: HarvestRequest = running.request

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What is known to be missing so far."""
        return tuple(self.recovery.missing) if self.recovery else ()

    def run(self) -> Verdict:
        """Fetch the list, recover what it did not bring, ask again for what is in quarantine.

        Raises:
            HarvestError: The source cannot be harvested any further now.
        """
        why = self._fetch()
        if (emptied := self._is_emptied(why)) is not None:
            return emptied
        is_broken = why is not None
        left_out = None if is_broken else self._ends_left_out()
        if why is None and self._is_empty:
            why = self._empty()
        why = why or self.evidence.doubt
        if why is not None or self.evidence.suspicion is not None:
            self.recovery = self.recovery or self._recovery()
            why = why or contradiction(self.recovery, self._window(), self.evidence)
        if self.recovery is not None and why is not None:
            log.info("%s: %s", self.running.source.name, why)
            self.recovery.settle(self._window(), why)
            if self._has_lost_its_dates(self.recovery):
                return self._run_whole()
            left_out = self._ends_left_out() if is_broken else left_out
        why = why or left_out
        broken = self._ask_again()
        running = self.running
        verdict = verdict_on(
            self.evidence,
            why,
            self.recovery,
            received=running.received + sum(one.run == running.run.number for one in broken),
            announced=self._announced,
        )
        return with_quarantine(verdict, len(broken))

    def _ends_left_out(self) -> Message | None:
        """Bring the first and the last day that somebody asked for, if they are left out."""
        asked = self.running.request
        is_from = bool(asked.since) and asked.since == asked.covers
        if self.running.harvester.describe is None or not (is_from or asked.until):
            return None
        self.recovery = self.recovery or self._recovery()
        return bring_left_out(self.recovery, self._window(), self.evidence)

    def _recovery(self) -> Recovery:
        return Recovery(self.running, self.request, self.evidence, is_day_form=self.is_day_form)

    def _has_lost_its_dates(self, recovery: Recovery) -> bool:
        """Say whether a list of what is new failed at a server that forgets dates on the way."""
        is_ours = self.request.since != self.request.covers and not self.request.until
        return is_ours and recovery.habits.is_dateless and bool(recovery.missing)

    def _run_whole(self) -> Verdict:
        """Fetch the list without our own date: where dates are forgotten only that is one list."""
        running = self.running
        running.request = attrs.evolve(running.request, since=running.request.covers, token="")
        self.request, self.recovery = running.request, None
        self.evidence = ListEvidence(response_date=self.evidence.response_date)
        return self.run()

    def _empty(self) -> Message:
        wanted = self.request.set_spec
        if not wanted:
            return Message("the server's list is empty")
        return Message(
            "the server gives nothing in the set {wanted!r}; see how its sets are spelled:"
            " {url}?verb=ListSets",
            wanted=wanted,
            url=without_secret(self.request.url).partition("?")[0],
        )

    @property
    def _announced(self) -> int | None:
        """How many records the source told of, in a whole list, a broken one, or identifiers."""
        told = (
            self.evidence.announced,
            self.running.expected,
            self.recovery.announced if self.recovery else None,
        )
        return next((count for count in told if count is not None), None)

    # ------------------------------------------------------------ the list itself

    def _fetch(self) -> Message | None:
        """Fetch the list; return why it is not there to its end, or ``None``."""
        try:
            self._fetch_in_either_form()
        except _RECOVERABLE as error:
            is_first_page = not (self.running.counts.records or self.running.sound_pages)
            if is_first_page and self._fetch_wider(error):
                return None
            if self.running.shown.pages:
                self.evidence = attrs.evolve(self.running.shown, is_broken=True)
            return error.message
        return None

    def _fetch_in_either_form(self) -> None:
        """Fetch the list; if the dates are refused write them as the server may like them."""
        request = self.running.request
        is_dated = bool(request.since or request.until) and not request.token
        try:
            self.evidence = self.running.fetch(request, self.evidence)
        except PageRefusedError as error:
            if not is_dated or self.running.sound_pages:
                raise
            self._fetch_otherwise(error)
        except RequestRefusedError as error:
            if not is_dated or error.code != "badArgument":
                raise
            self.request = attrs.evolve(
                request,
                since=in_other_form(request.since, is_end=False),
                until=in_other_form(request.until, is_end=True),
            )
            try:
                self.evidence = self.running.fetch(self.request, self.evidence)
            except RequestRefusedError:
                self.request = self._with_other_dates(error)
                self.evidence = self.running.fetch(self.request, self.evidence)

    def _fetch_otherwise(self, error: PageRefusedError) -> None:
        """Fetch the list with its dates in the other form, which some servers want without saying.

        Raises:
            PageRefusedError: The first error, if the server fails with that as well.
        """
        request = self.running.request
        other = attrs.evolve(
            request,
            since=in_other_form(request.since, is_end=False),
            until=in_other_form(request.until, is_end=True),
        )
        try:
            self.evidence = self.running.fetch(other, self.evidence)
        except (*_RECOVERABLE, RequestRefusedError):
            raise error from None
        self.request = other

    def _with_other_dates(self, error: RequestRefusedError) -> HarvestRequest:
        """Return a request for no less, where the dates are refused in either form.

        Raises:
            RequestRefusedError: There is none.
        """
        request = self.running.request
        if request.until and not request.since:  # some servers want both or neither
            return attrs.evolve(request, since=first_day(request.until))
        if request.since != request.covers and not request.until:
            # The date is our own, and all is more than what is new.
            return attrs.evolve(request, since=request.covers)
        raise error from None

    def _fetch_wider(self, error: HarvestError) -> bool:
        """Ask for what cannot be empty: some servers answer an empty window with an error."""
        since = self.running.request.since
        newest = self.running.store.newest(self.running.source.name)
        if not since or not newest or newest >= since:
            return False
        wider = attrs.evolve(self.request, since=newest, token="")
        try:
            self.evidence = self.running.fetch(wider, ListEvidence())
        except _RECOVERABLE:
            return False
        self.running.note(
            Problem(
                code="EMPTY_WINDOW_REFUSED",
                where=Place(source=self.running.source.name),
                what=Message(
                    "asked for changes since {since} the server fails ({reason}); asked since"
                    " {newest} it does not, and has nothing newer",
                    since=since,
                    newest=newest,
                    reason=error.message,
                ),
                severity=Severity.INFO,
            )
        )
        return True

    @property
    def _is_empty(self) -> bool:
        return not self.evidence.received and not self.request.since

    def _is_emptied(self, why: Message | None) -> Verdict | None:
        """Refuse to believe that everything is gone at once."""
        if why is not None or not self._is_empty:
            return None
        known = sum(one.live for one in self.running.store.record_counts(self.running.source.name))
        if not known:
            return None
        reason = Message(
            "the server lists nothing now, and {known} records of it are stored; its set or its"
            " index may be gone",
            known=known,
        )
        return Verdict(
            status=RunStatus.INCOMPLETE,
            reason=reason,
            missing=(Missing(window="…/…", reason=reason),),
        )

    # ------------------------------------------------------------ dates

    @property
    def is_day_form(self) -> bool:
        """Whether the server's datestamps are days."""
        if self.evidence.is_day_form is not None:
            return self.evidence.is_day_form
        if self.request.since:
            return is_day_form(self.request.since)
        stored = self.running.store.newest(self.running.source.name)
        return is_day_form(stored) if stored else True

    def _window(self) -> Window:
        """Return the window of the whole list, with the time in which its records must lie."""
        now = self.running.now()
        latest = moment_of(self.evidence.latest) or now  # the server's clock may be behind it
        high = moment_of(self.request.until)
        high = high or max(moment_of(self.evidence.response_date) or now, latest)
        return Window(
            since=self.request.since,
            until=self.request.until,
            low=moment_of(self.request.since) or moment_of(EARLIEST) or now,
            high=max(high, moment_of(self.request.since) or now - _DAY),
        )

    def watermark(self) -> str:
        """Return from where the next harvest asks, after this one was complete."""
        if not self.running.counts.records and not self.request.since:
            return ""  # an empty list costs nothing to ask for again, whatever it was
        told, now = self.evidence.response_date, self.running.now()
        moment = moment_of(told)
        if moment is not None and moment > now:
            told = now.isoformat()  # a clock that goes ahead must not hide what comes
        return watermark_after(
            told,
            is_day_form=self.is_day_form,
            lag_seconds=self.running.source.lag_seconds,
        )

    # ------------------------------------------------------------ quarantine

    def _ask_again(self) -> tuple[Quarantined, ...]:
        """Ask for every record in quarantine that this run has not asked for singly.

        Returns:
            What is in quarantine now.
        """
        name = self.running.source.name
        broken = self.running.store.quarantine(name)
        singly = self.recovery.singly if self.recovery else Singly(self.running, self.request)
        left = [
            RawRecord(source=name, identifier=one.identifier)
            for one in broken
            if one.is_named and one.identifier not in singly.asked
        ]
        if left:
            singly.ask_again(left)
            broken = self.running.store.quarantine(name)
        return broken
