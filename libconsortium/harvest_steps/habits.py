"""What a server turned out to do with the dates it is asked for, and with the ends of its lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

import attrs

from libconsortium.core.errors import HarvestError, RequestRefusedError
from libconsortium.core.harvest.pages import HarvestPage, HarvestRequest
from libconsortium.core.harvest.proof import ListEvidence
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem
from libconsortium.harvest_steps.windows import Window, first_day, in_other_form, moved

LISTS_END_EARLY = "LISTS_END_EARLY"
"""Code of the problem by which later runs know that a list of this server ended too early."""


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

    @classmethod
    def known(cls, problems: Iterable[Problem]) -> Self:
        """Return what earlier runs have found out about the ends of a server's lists.

        Args:
            problems: Those with ``LISTS_END_EARLY`` that are kept about its source.

        >>> shown = ListEvidence(pages=2, received=57, first_size=50, last_size=7)
        >>> Habits.known([ended_early("tlu", shown)]).ends_after
        57
        """
        told = [dict(one.what.values) for one in problems]
        counts = (one.get("count") for one in told)
        least = min((count for count in counts if isinstance(count, int)), default=None)
        is_after_a_page = any("page" in one for one in told)
        return cls(ends_early=is_after_a_page, ends_after=least, names_after=least)

    def may_end(self, shown: ListEvidence, *, has_names: bool = False) -> bool:
        """Say whether a list may have ended too early, as others of this server did.

        It is no shorter than one that did, or its last page is full where that of another was.

        Args:
            shown: What its pages have shown.
            has_names: It is one of identifiers.

        >>> Habits(ends_after=57).may_end(ListEvidence(received=56))
        False
        """
        most = self.names_after if has_names else self.ends_after
        is_long = most is not None and shown.announced is None and shown.received >= most
        return is_long or (self.ends_early and shown.is_abrupt)

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
        since, until = window.asked_since or window.since, window.until
        if since and until and len(since) != len(until):  # only one form is allowed
            is_since_day = len(since) < len(until)
            since = in_other_form(since, is_end=False) if is_since_day else since
            until = until if is_since_day else in_other_form(until, is_end=True)
        since = moved(since, -int(self.excludes_since))
        until = moved(until, int(self.excludes_until))
        if self.wants_both_dates and until and not since:
            since = first_day(until)
        return attrs.evolve(request, since=since, until=until)


def ended_early(source: str, shown: ListEvidence) -> Problem:
    """Return what is kept of a list that ended too early, for later runs and for the report.

    Args:
        source: The source's name.
        shown: What its pages have shown.

    >>> print(ended_early("tlu", ListEvidence(received=57)).what)
    a list of 57 records ended though the server has more of what was asked for
    """
    what = Message(
        "a list of {count} records ended though the server has more of what was asked for",
        count=shown.received,
    )
    if shown.is_abrupt:
        what = Message(
            "a list of {count} records ended after a full page of {page} though the server has"
            " more of what was asked for",
            count=shown.received,
            page=shown.last_size,
        )
    return Problem(
        code=LISTS_END_EARLY,
        where=Place(source=source),
        what=what,
        advice=Message(
            "the rest is asked for in other ways, with many more requests; ask the server's"
            " administrator for lists that tell how many records they have, and go on to the last"
        ),
    )


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
