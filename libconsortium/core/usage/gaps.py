"""What keeps usage from being a figure: months, members and reports that are missing or doubled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

import attrs

from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity
from libconsortium.core.usage.sums import Covered, UsageSum

Months = Mapping[str, frozenset[str]]
"""Months (``YYYY-MM``) by member."""

Gap = tuple[str, str, str, str]
"""Member, report, supplier and year of months that no report tells of."""


@attrs.frozen(kw_only=True)
class UsageScope:
    """Whose usage is asked for, and of which report.

    Args:
        report: Id of the one report to take (``TR_J1``); empty if the metric stands in one only.
        within: The months in which each library was a member; ``None`` if memberships do not
            matter: then every month counts, and nobody is missed.
        not_sharing: Libraries that do not share their usage: they get no figure, not a zero.
    """

    report: str = ""
    within: Months | None = None
    not_sharing: frozenset[str] = frozenset()


def is_asked(member: str, scope: UsageScope) -> bool:
    """Say whether a member's usage is asked for at all.

    >>> is_asked("lib-a", UsageScope(not_sharing=frozenset({"lib-a"})))
    False
    """
    is_member = scope.within is None or member in scope.within
    return is_member and member not in scope.not_sharing


def counts(member: str, month: str, scope: UsageScope) -> bool:
    """Say whether a month of a member that is asked for counts.

    >>> counts("lib-a", "2025-04", UsageScope(within={"lib-a": frozenset({"2025-05"})}))
    False
    """
    return scope.within is None or month in scope.within[member]


def one_report_each(asked: Iterable[UsageSum]) -> tuple[dict[str, str], list[Problem]]:
    """Return the report that each metric stands in, and the metrics for which there are several.

    >>> one_report_each([])
    ({}, [])
    """
    found: dict[str, set[str]] = defaultdict(set)
    for one in asked:
        found[one.metric].add(one.report)
    problems = [
        Problem(
            code="SEVERAL_REPORTS",
            where=Place(field=metric),
            what=Message(
                "{metric} stands in several reports ({reports}), which repeat each other",
                metric=metric,
                reports=", ".join(sorted(reports)),
            ),
            advice=Message("say which report counts; no measure is made until then"),
            severity=Severity.ERROR,
        )
        for metric, reports in sorted(found.items())
        if len(reports) > 1
    ]
    return {metric: min(each) for metric, each in found.items() if len(each) == 1}, problems


def missing_months(told: Iterable[Covered], scope: UsageScope) -> dict[Gap, tuple[str, ...]]:
    """Return the months of membership that no report tells of, by member, report, supplier, year.

    The supplier is empty for months that nobody tells of; else it tells of them for others.

    >>> told = Covered(member="lib-a", provider="S", report="TR", months=("2025-01",))
    >>> scope = UsageScope(within={"lib-a": frozenset({"2025-01", "2025-02"})})
    >>> missing_months([told], scope)
    {('lib-a', 'TR', '', '2025'): ('2025-02',)}
    """
    own: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for one in told:
        own[one.member, one.report, one.provider].update(one.months)
    by_supplier: dict[tuple[str, str], set[str]] = defaultdict(set)
    by_member: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (member, report, provider), months in own.items():
        by_supplier[report, provider] |= months
        by_member[member, report] |= months
    gaps: dict[Gap, set[str]] = defaultdict(set)
    for (member, report), months in by_member.items():
        years = {
            month[:4] for (each, _), some in by_supplier.items() if each == report for month in some
        }
        for month in _required(member, years, scope) - months:
            gaps[member, report, "", month[:4]].add(month)
    for (member, report, provider), months in own.items():
        years = {month[:4] for month in by_supplier[report, provider]}
        silent = _required(member, years, scope) & by_supplier[report, provider] - months
        for month in silent & by_member[member, report]:
            gaps[member, report, provider, month[:4]].add(month)
    return {key: tuple(sorted(months)) for key, months in sorted(gaps.items())}


def _required(member: str, years: Collection[str], scope: UsageScope) -> set[str]:
    if scope.within is None:
        return set()
    return {month for month in scope.within[member] if month[:4] in years}


def gap_problem(
    member: str, report: str, provider: str, year: str, months: tuple[str, ...]
) -> Problem:
    """Say which months are missing.

    >>> print(gap_problem("lib-a", "TR", "", "2025", ("2025-03",)).what)
    2025: no TR for 2025-03, months of membership
    """
    said = {"year": year, "report": report, "provider": provider, "months": ", ".join(months)}
    return Problem(
        code="MONTHS_MISSING",
        where=Place(record=member, field=report),
        what=Message("{year}: no {report} by {provider} for {months}, months of membership", **said)
        if provider
        else Message("{year}: no {report} for {months}, months of membership", **said),
        advice=Message("fetch them; until then the figure of the year is only a lower bound"),
    )


def left_out(outside: Iterable[UsageSum]) -> Iterator[Problem]:
    """Say how much usage lies outside membership, by member and metric.

    >>> list(left_out([]))
    []
    """
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for one in outside:
        months = found[one.member, one.metric]
        months[one.month] = months.get(one.month, 0) + one.count
    for (member, metric), months in found.items():
        yield Problem(
            code="OUTSIDE_MEMBERSHIP",
            where=Place(record=member, field=metric),
            what=Message(
                "{count} in {months} is left out: not a member then",
                count=sum(months.values()),
                months=", ".join(sorted(months)),
            ),
            severity=Severity.INFO,
        )


def without_figure(heard: Collection[Covered], scope: UsageScope) -> Iterator[Problem]:
    """Say who gets no figure: members that do not share, and those no report tells of.

    >>> scope = UsageScope(not_sharing=frozenset({"lib-a"}))
    >>> [problem.code for problem in without_figure([], scope)]
    ['NOT_SHARING']
    """
    for member in sorted(scope.not_sharing):
        yield _no_figure(
            "NOT_SHARING",
            member,
            Message("it does not share its usage; it gets no figure, not zero"),
        )
    years = {month[:4] for one in heard for month in one.months}
    spoken = {one.member for one in heard}
    for member in sorted((scope.within or {}).keys() - spoken - scope.not_sharing):
        if _required(member, years, scope):
            yield _no_figure(
                "NO_USAGE_REPORT",
                member,
                Message("no report tells of it; it gets no figure, not zero"),
            )


def _no_figure(code: str, member: str, what: Message) -> Problem:
    return Problem(
        code=code,
        where=Place(record=member),
        what=what,
        advice=Message("fetch its reports, or agree on a figure that stands for its usage"),
    )
