"""Figures that stand for years, months and days, brought together year by year."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction

_PERIOD = re.compile(r"^(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?$")
_LONGEST_MONTH = 31


def last_day(period: str) -> date | None:
    """Return the last day of a period, or ``None`` if it is none we know.

    >>> last_day("2024"), last_day("2024-02"), last_day("2024-10-01"), last_day("autumn")
    (datetime.date(2024, 12, 31), datetime.date(2024, 2, 29), datetime.date(2024, 10, 1), None)
    """
    match = _PERIOD.match(period)
    if match is None:
        return None
    year, month, day = int(match["year"]), match["month"], match["day"]
    try:
        if day:
            return date(year, int(month), int(day))
        first = date(year, int(month or 12), 1)
    except ValueError:
        return None
    return (first + timedelta(days=_LONGEST_MONTH)).replace(day=1) - timedelta(days=1)


def figures_by_year(
    measure: str,
    figures: Mapping[str, Mapping[str, Fraction]],
    months: Mapping[str, Collection[str]],
    *,
    as_of: date | None = None,
) -> dict[int, dict[str, Fraction]]:
    """Return a measure's figures by year and member.

    A year's own figure counts; without one, the latest of its days; without any, the sum of its
    months, of which a member needs at least one.

    Args:
        measure: Name of the measure.
        figures: Figures by ``measure:period`` and member.
        months: The months that count for a member, ``YYYY-MM``; all if it is not there.
        as_of: Periods that end later do not count.

    >>> usage = {"usage:2025-01": {"a": Fraction(4)}, "usage:2025-02": {"a": Fraction(5)}}
    >>> figures_by_year("usage", usage, {"a": {"2025-02"}})
    {2025: {'a': Fraction(5, 1)}}
    """
    found: dict[int, dict[str, Fraction]] = defaultdict(dict)
    for period in _periods(measure, figures, as_of):
        given, year = figures[f"{measure}:{period}"], int(period[:4])
        if _is_month(period):
            for member, figure in given.items():
                counts = member not in months or period in months[member]
                found[year][member] = found[year].get(member, Fraction(0)) + figure * counts
        else:
            found[year].update(given)
    return dict(found)


def _periods(
    measure: str, figures: Mapping[str, Mapping[str, Fraction]], as_of: date | None
) -> Iterator[str]:
    """Yield the periods of a measure; of a year only the kind that says most."""
    known: dict[int, list[str]] = defaultdict(list)
    for key in figures:
        name, _, period = key.rpartition(":")
        end = last_day(period)
        if name == measure and end is not None and (as_of is None or end <= as_of):
            known[end.year].append(period)
    for year, periods in sorted(known.items()):
        if str(year) in periods:
            yield str(year)
        elif any(not _is_month(period) for period in periods):
            yield from sorted(period for period in periods if not _is_month(period))
        else:
            yield from sorted(periods)


def _is_month(period: str) -> bool:
    return len(period) == len("2025-03")
