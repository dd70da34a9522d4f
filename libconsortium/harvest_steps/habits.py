"""What a server turned out to do with the dates it is asked for, and with the ends of its lists."""

from __future__ import annotations

import attrs

from libconsortium.core.errors import HarvestError, RequestRefusedError
from libconsortium.core.harvest.pages import HarvestPage, HarvestRequest
from libconsortium.core.harvest.proof import ListEvidence
from libconsortium.harvest_steps.windows import Window, first_day, in_other_form, moved


@attrs.define(kw_only=True)
class Habits:
    """What a server is known to do, as far as a run has seen it.

    Args:
        is_day_form: Its datestamps are days, not seconds.
        wants_both_dates: It refuses ``until`` without ``from``.
        is_dateless: It gives records outside the dates it was asked for, or refuses all dates.
        ends_early: Its lists end after a full page, though there is more.
        ends_after: A list of so many records ended though there was more; ``None`` if none did.
        names_after: The same of a list of identifiers.
        excludes_since: It leaves out the records of ``from`` itself.
        excludes_until: It leaves out those of ``until``.
        are_ends_known: What it does with both ends has been seen: an empty window is empty.
    """

    is_day_form: bool = True
    wants_both_dates: bool = False
    is_dateless: bool = False
    ends_early: bool = False
    ends_after: int | None = None
    names_after: int | None = None
    excludes_since: bool = False
    excludes_until: bool = False
    are_ends_known: bool = False

    def may_end(self, shown: ListEvidence, *, has_names: bool = False) -> bool:
        """Say whether a list may have ended too early, being no shorter than one that did.

        Args:
            shown: What its pages have shown.
            has_names: It is one of identifiers.

        >>> Habits(ends_after=57).may_end(ListEvidence(received=56))
        False
        """
        most = self.names_after if has_names else self.ends_after
        return most is not None and shown.announced is None and shown.received >= most

    def may_want_both(self, error: HarvestError, window: Window) -> bool:
        """Say whether a window may be refused for want of ``from``, and send it from now on.

        Args:
            error: How the request for it failed.
            window: The window.
        """
        is_refused = isinstance(error, RequestRefusedError) and bool(window.until)
        if not is_refused or window.since or self.wants_both_dates:
            return False
        self.wants_both_dates = True
        return True

    def dated(self, request: HarvestRequest, window: Window) -> HarvestRequest:
        """Return a request for a window, with the dates by which this server gives all of it.

        Args:
            request: What the list is asked for.
            window: The part of it.

        >>> from datetime import UTC, datetime
        >>> at = datetime(2026, 1, 1, tzinfo=UTC)
        >>> asked = Habits(wants_both_dates=True).dated(
        ...     HarvestRequest(source="a", url="https://a.example/oai"),
        ...     Window(until="2026-01-31", low=at, high=at),
        ... )
        >>> asked.since, asked.until
        ('1990-01-01', '2026-01-31')
        """
        since = moved(window.asked_since or window.since, -int(self.excludes_since))
        until = moved(window.until, int(self.excludes_until))
        if self.wants_both_dates and until and not since:
            since = first_day(until)
        if since and until and len(since) != len(until):  # only one form is allowed
            is_since_day = len(since) < len(until)
            since = in_other_form(since, is_end=False) if is_since_day else since
            until = until if is_since_day else in_other_form(until, is_end=True)
        return attrs.evolve(request, since=since, until=until)


@attrs.define
class Strays:
    """Counts records outside the window that was asked for, by which a server ignores dates.

    Where a list goes in a circle only its first page tells: what its tokens lead to is no answer.

    Args:
        window: The window.
    """

    window: Window
    count: int = 0
    pages: int = 0
    are_first: bool = False

    def look(self, page: HarvestPage) -> None:
        """Look at the next page.

        Args:
            page: The page.
        """
        self.count += sum(self.window.is_outside(record.datestamp) for record in page.records)
        self.are_first = self.are_first or (self.count > 0 and not self.pages)
        self.pages += 1
