"""From usage to the figures that decide who pays: months of membership only, gaps named."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction

from libconsortium.core.directory.directory import Directory
from libconsortium.core.directory.federations import Membership
from libconsortium.core.directory.measures import Measure
from libconsortium.core.directory.quantities import Qualifier, Quantity
from libconsortium.core.problems import Problem
from libconsortium.core.usage.gaps import (
    Gap,
    UsageScope,
    counts,
    gap_problem,
    is_asked,
    left_out,
    missing_months,
    one_report_each,
    without_figure,
)
from libconsortium.core.usage.rows import months_between
from libconsortium.core.usage.sums import Covered, UsageSum

PREFIX = "counter."
"""What the name of a measure begins with that is taken from COUNTER reports."""
_LONGEST_MONTH = 31
_MONTHLY = re.compile(r":(\d{4}-\d{2})$")


def membership_months(
    directory: Directory, federation: str, first: str, last: str
) -> dict[str, frozenset[str]]:
    """Return the months in which each library belonged to a federation on at least one day.

    Args:
        directory: The facts.
        federation: Id of the federation; libraries of federations inside it count too.
        first: First month to look at, ``YYYY-MM``.
        last: Last month to look at, ``YYYY-MM``.

    Raises:
        UnknownIdError: There is no such federation.

    >>> from libconsortium.core.directory.federations import Federation
    >>> joined = Membership(member="lib-a", federation="st", valid_from=date(2025, 5, 1))
    >>> facts = Directory.of([Federation(id="st"), joined])
    >>> sorted(membership_months(facts, "st", "2025-04", "2025-06")["lib-a"])
    ['2025-05', '2025-06']
    """
    found: dict[str, set[str]] = defaultdict(set)
    changes = [
        day
        for one in directory.of_kind(Membership)
        for day in (one.valid_from, one.valid_to)
        if day is not None
    ]
    for month in months_between(first, last):
        begin, end = _days(month)
        for day in {begin, end, *(day for day in changes if begin <= day <= end)}:
            for one in directory.members(federation, on=day, deep=True):
                found[one.member].add(month)
    return {member: frozenset(months) for member, months in sorted(found.items())}


def counting_months(
    directory: Directory, federation: str, members: Iterable[str], figures: Iterable[str]
) -> dict[str, frozenset[str]]:
    """Return the months each member belonged, of all that there are monthly figures for.

    Args:
        directory: The facts.
        federation: Id of the consortium; of one that is not known nothing is said.
        members: Ids of the libraries that share a bill.
        figures: The figures there are: ``counter.Unique_Item_Requests:2025-03``.

    Returns:
        Months by member; a member that no membership is known of is left out: it belonged all the
        time.

    >>> counting_months(Directory.of([]), "st", ["lib-a"], ["usage:2025-03"])
    {}
    """
    months = sorted({one.group(1) for key in figures if (one := _MONTHLY.search(key))})
    if not months or federation not in directory.federations:
        return {}
    found = membership_months(directory, federation, months[0], months[-1])
    known = found.keys() | {one.member for one in directory.of_kind(Membership)}
    return {member: found.get(member, frozenset()) for member in members if member in known}


def usage_measures(
    sums: Iterable[UsageSum],
    coverage: Iterable[Covered],
    scope: UsageScope,
    *,
    by_month: bool = False,
) -> tuple[tuple[Measure, ...], tuple[Problem, ...]]:
    """Return each library's usage by metric and year, or month, as measures, and what is missing.

    Only months of membership count. A figure of which months are missing (by month: the month that
    is missing) is given as "at least", so that no split takes it for exact. Codes:
    ``OUTSIDE_MEMBERSHIP`` (usage left out), ``MONTHS_MISSING``, ``NO_USAGE_REPORT``,
    ``NOT_SHARING``, ``SEVERAL_REPORTS`` (the metric stands in several reports: no measure until
    one is chosen).

    Args:
        sums: Usage by month.
        coverage: The months each file tells of.
        scope: Whose usage is asked for, and of which report.
        by_month: One measure a month instead of one a year.

    >>> one = UsageSum(
    ...     member="lib-a",
    ...     platform="P",
    ...     report="TR_J1",
    ...     metric="Unique_Item_Requests",
    ...     month="2025-05",
    ...     release="5.1",
    ...     count=12,
    ... )
    >>> measures, problems = usage_measures([one], [], UsageScope())
    >>> measures[0].name, measures[0].period, measures[0].value.exact
    ('counter.Unique_Item_Requests', '2025', Fraction(12, 1))
    """
    heard = [one for one in coverage if scope.report in ("", one.report)]
    told = [one for one in heard if is_asked(one.member, scope)]
    asked = [one for one in sums if scope.report in ("", one.report)]
    asked = [one for one in asked if is_asked(one.member, scope)]
    reports, problems = one_report_each(asked)
    inside = [
        one for one in asked if one.metric in reports and counts(one.member, one.month, scope)
    ]
    missing = missing_months(told, scope)
    problems += left_out([one for one in asked if not counts(one.member, one.month, scope)])
    problems += [gap_problem(*key, months) for key, months in missing.items()]
    problems += without_figure(heard, scope)
    digits = len("2025-01") if by_month else len("2025")
    return tuple(_measures(inside, told, reports, missing, scope, digits)), tuple(problems)


def _days(month: str) -> tuple[date, date]:
    begin = date(int(month[:4]), int(month[5:7]), 1)
    after = (begin + timedelta(days=_LONGEST_MONTH)).replace(day=1)
    return begin, after - timedelta(days=1)


def _measures(  # noqa: PLR0913, PLR0917 - what is known of the figures
    inside: Iterable[UsageSum],
    told: Iterable[Covered],
    reports: Mapping[str, str],
    missing: Mapping[Gap, Collection[str]],
    scope: UsageScope,
    digits: int,
) -> Iterator[Measure]:
    """Yield the measures of periods: the first digits of their months."""
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    lacking = {
        (member, report, month[:digits])
        for (member, report, *_), months in missing.items()
        for month in months
    }
    known = {
        (one.member, one.report, month[:digits])
        for one in told
        for month in one.months
        if counts(one.member, month, scope)
    }
    if digits > len("2025"):
        known |= lacking
    for member, told_of, period in known:
        for metric in (one for one, report in reports.items() if report == told_of):
            sums[member, metric, period] += 0  # what is told of without usage is zero
    for one in inside:
        sums[one.member, one.metric, one.month[:digits]] += one.count
    for (member, metric, period), count in sorted(sums.items()):
        is_whole = (member, reports[metric], period) not in lacking
        yield Measure(
            library=member,
            name=PREFIX + metric,
            period=period,
            value=Quantity(
                number=Fraction(count),
                qualifier=Qualifier.EXACT if is_whole else Qualifier.AT_LEAST,
            ),
            source=f"COUNTER {reports[metric]}",
        )
