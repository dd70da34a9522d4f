"""When lists of titles cover a title: two that never do at once pay for different things."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeAlias

from libconsortium.core.titles.titles import Coverage, span_of

CoveredTime: TypeAlias = tuple[date, date]
"""First day that is covered, and first day that is not."""

_DAY = timedelta(days=1)


def covered_time(coverage: Coverage) -> CoveredTime:
    """Return when something is covered; without dates always, without a last date to the end.

    A year or month stands for its first day at both ends, so that what meets inside it does not
    overlap.

    >>> covered_time(Coverage(first_date="2001", last_date="2010"))
    (datetime.date(2001, 1, 1), datetime.date(2010, 1, 1))
    """
    first, last = span_of(coverage.first_date), span_of(coverage.last_date)
    begin = first[0] if first else date.min
    return begin, max(last[0], begin + _DAY) if last else date.max


def most_at_once(lists: Sequence[Sequence[CoveredTime]]) -> int:
    """Return how many lists cover something at the same time, at most.

    Args:
        lists: The times that each list covers; none if it does not.

    >>> archive, since = covered_time(Coverage(last_date="2010")), covered_time(Coverage())
    >>> most_at_once([[archive], [since]]), most_at_once([[archive], []]), most_at_once([])
    (2, 1, 0)
    """
    begins = {begin for times in lists for begin, _ in times}
    if len(begins) == 1:  # the usual case
        return sum(map(bool, lists))
    return max(
        (sum(any(begin <= day < end for begin, end in times) for times in lists) for day in begins),
        default=0,
    )
