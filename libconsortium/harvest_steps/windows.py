"""Windows of datestamps: how a list that cannot be had in one piece is asked for in parts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import attrs

from libconsortium.core.harvest.sources import moment_of

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
_CLEARLY = 4 * DAY  # records that far outside of what was asked for betray who ignores dates
EARLIEST = "1990-01-01"
"""No repository of today has older datestamps; lists are open to the past."""


@attrs.frozen(kw_only=True)
class Window:
    """A part of a list: the records between two datestamps, both included.

    Args:
        since: First datestamp as it is sent; empty for no bound.
        until: Last datestamp as it is sent; empty for no bound.
        low: The earliest moment at which a record of it is expected.
        high: The latest.
        asked_since: What is sent as first datestamp if it is not ``since``: where one part follows
            another they overlap by one day or second. Servers that keep fractions of seconds, or
            take the last day for its first moment, would give what lies in between to neither.
    """

    since: str = ""
    until: str = ""
    low: datetime
    high: datetime
    asked_since: str = ""

    def __str__(self) -> str:
        """Return both ends, ``…`` for an open one.

        >>> from datetime import UTC
        >>> at = datetime(2026, 1, 1, tzinfo=UTC)
        >>> str(Window(since="2026-01-01", low=at, high=at))
        '2026-01-01/…'
        """
        return f"{self.since or '…'}/{self.until or '…'}"

    def is_outside(self, datestamp: str) -> bool:
        """Say whether a datestamp lies clearly outside: by more than a day, for time zones' sake.

        >>> from datetime import UTC
        >>> at = datetime(2026, 1, 1, tzinfo=UTC)
        >>> window = Window(since="2026-01-10", low=at, high=at)
        >>> window.is_outside("2026-01-09"), window.is_outside("2025-01-01"), window.is_outside("?")
        (False, True, False)
        """
        moment = moment_of(datestamp)
        first, last = moment_of(self.since), moment_of(self.until)
        if moment is None:
            return False
        is_before = first is not None and moment < first - DAY
        return is_before or (last is not None and moment > last + 2 * DAY)

    def holds(self, datestamp: str) -> bool:
        """Say whether a record is expected in this half of a window; undated ones in the last.

        >>> from datetime import UTC
        >>> low, high = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 5, tzinfo=UTC)
        >>> left, right = halves(Window(low=low, high=high), is_day_form=True)
        >>> left.holds("2026-01-03T08:00:00Z"), right.holds("2026-01-03T08:00:00Z")
        (True, False)
        """
        moment = moment_of(datestamp)
        if moment is None:
            return not self.until
        since, until = moment_of(self.since), moment_of(self.until)
        granule = DAY if len(self.until) == len("2026-01-31") else SECOND
        is_after = since is None or moment >= since
        return is_after and (until is None or moment < until + granule)


def halves(
    window: Window,
    *,
    is_day_form: bool,
    datestamps: Iterable[str] = (),
    came: Iterable[str] = (),
) -> tuple[Window, Window] | None:
    """Divide a window in two, where records are known to be or else in the middle of its time.

    If what came of a list that broke off lies in one half of its time it is divided beside that:
    mostly there is nothing before it, and what is wrong follows it.

    Args:
        window: The window.
        is_day_form: The server's datestamps are days, not seconds.
        datestamps: Of records in it; the halves have about as many of them each.
        came: The earliest and the latest datestamp of what came of it.

    Returns:
        Both halves, or ``None`` if it cannot be divided: one day, one second, or all its records
        have one datestamp.

    >>> from datetime import UTC
    >>> low, high = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 5, tzinfo=UTC)
    >>> left, right = halves(Window(low=low, high=high), is_day_form=True)
    >>> str(left), str(right)
    ('…/2026-01-03', '2026-01-04/…')
    """
    granule = DAY if is_day_form else SECOND
    low, high = _floor(window.low, granule), _floor(window.high, granule)
    found = {_floor(moment, granule) for text in datestamps if (moment := moment_of(text))}
    moments = sorted(moment for moment in found if low <= moment <= high)
    if high - low < granule or len(moments) == 1:
        return None
    if moments:
        middle = moments[(len(moments) - 1) // 2]
    else:
        span = [_floor(moment, granule) for text in came if (moment := moment_of(text))]
        middle = _beside(span, _floor(low + (high - low) / 2, granule), granule)
    middle = min(max(middle, low), high - granule)
    left = attrs.evolve(window, until=_text(middle, granule), low=low, high=middle)
    after = middle + granule
    right = attrs.evolve(
        window,
        since=_text(after, granule),
        asked_since=_text(middle, granule),
        low=after,
        high=high,
    )
    return left, right


def _beside(span: list[datetime], middle: datetime, granule: timedelta) -> datetime:
    """Return a moment after or before a span if the middle is, else the middle."""
    if span and span[-1] < middle:
        return span[-1]
    if span and span[0] > middle:
        before = span[0] - _CLEARLY
        return before if before > middle else span[0] - granule
    return middle


def joined(windows: Iterable[Window], *, is_day_form: bool) -> list[Window]:
    """Join windows of which one follows the other, the earliest first.

    Args:
        windows: Parts of one list.
        is_day_form: The server's datestamps are days, not seconds.

    >>> from datetime import UTC
    >>> low, high = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 5, tzinfo=UTC)
    >>> parts = halves(Window(low=low, high=high), is_day_form=True)
    >>> [str(one) for one in joined(reversed(parts), is_day_form=True)]
    ['…/…']
    """
    granule = DAY if is_day_form else SECOND
    found: list[Window] = []
    for one in sorted(windows, key=lambda window: window.low):
        if found and one.low - found[-1].high <= granule:
            found[-1] = attrs.evolve(found[-1], until=one.until, high=one.high)
        else:
            found.append(one)
    return found


def window_at(datestamp: str, *, is_day_form: bool) -> Window | None:
    """Return the window of one day or second; ``None`` for what is no datestamp.

    Args:
        datestamp: Of a record.
        is_day_form: The server's datestamps are days, not seconds.

    >>> str(window_at("2026-01-31T08:00:00Z", is_day_form=True)), window_at("?", is_day_form=True)
    ('2026-01-31/2026-01-31', None)
    """
    moment = moment_of(datestamp)
    if moment is None:
        return None
    granule = DAY if is_day_form else SECOND
    text = _text(_floor(moment, granule), granule)
    return Window(since=text, until=text, low=moment, high=moment)


def between(window: Window, since: str, until: str, *, is_day_form: bool) -> Window | None:
    """Return what of a window lies between two datestamps, both included; ``None`` if nothing can.

    Args:
        window: The window.
        since: The first of both; empty for the window's own beginning.
        until: The last; empty for its own end.
        is_day_form: The server's datestamps are days, not seconds.

    >>> from datetime import UTC
    >>> low, high = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 5, tzinfo=UTC)
    >>> window = Window(until="2026-01-05", low=low, high=high)
    >>> str(between(window, "2026-01-03", "", is_day_form=True))
    '2026-01-03/2026-01-05'
    >>> between(window, "2026-01-06", "", is_day_form=True)
    """
    first = window_at(since, is_day_form=is_day_form)
    last = window_at(until, is_day_form=is_day_form)
    if (since and first is None) or (until and last is None):
        return None
    if first is not None:
        window = attrs.evolve(window, since=first.since, low=first.low, asked_since="")
    if last is not None:
        window = attrs.evolve(window, until=last.until, high=last.high)
    length = min(len(window.since), len(window.until))
    is_none = bool(length) and window.since[:length] > window.until[:length]
    return None if is_none else window


def moved(datestamp: str, granules: int) -> str:
    """Return a datestamp so many days or seconds later, in its own form; as it is if it is none.

    >>> moved("2026-01-31", 1), moved("2026-01-31T00:00:00Z", -1), moved("", 1)
    ('2026-02-01', '2026-01-30T23:59:59Z', '')
    """
    moment = moment_of(datestamp)
    if moment is None:
        return datestamp
    granule = SECOND if "T" in datestamp else DAY
    return _text(moment + granules * granule, granule)


def in_other_form(datestamp: str, *, is_end: bool) -> str:
    """Write a datestamp as a second if it is a day, and as a day if it is a second.

    >>> in_other_form("2026-01-31", is_end=True), in_other_form("2026-01-31T08:00:00Z", is_end=True)
    ('2026-01-31T23:59:59Z', '2026-01-31')
    """
    if not datestamp:
        return ""
    day, separator, _ = datestamp.partition("T")
    if separator:
        return day
    return f"{day}T23:59:59Z" if is_end else f"{day}T00:00:00Z"


def first_day(like: str) -> str:
    """Return the earliest datestamp there can be, in the form of another one.

    >>> first_day("2026-01-31"), first_day("2026-01-31T08:00:00Z")
    ('1990-01-01', '1990-01-01T00:00:00Z')
    """
    return f"{EARLIEST}T00:00:00Z" if "T" in like else EARLIEST


def _floor(moment: datetime, granule: timedelta) -> datetime:
    if granule == DAY:
        return moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return moment.replace(microsecond=0)


def _text(moment: datetime, granule: timedelta) -> str:
    return f"{moment:%Y-%m-%d}" if granule == DAY else f"{moment:%Y-%m-%dT%H:%M:%SZ}"
