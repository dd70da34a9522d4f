"""Reports against each other and a year against the next: what does not fit together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise

from libconsortium.core.directory.quantities import Qualifier
from libconsortium.core.messages import Message
from libconsortium.core.problems import Severity
from libconsortium.core.reconciliation.periods import Period
from libconsortium.core.reconciliation.readings import Figure, Reading, Role
from libconsortium.core.reconciliation.report_findings import Finding, shown
from libconsortium.core.reconciliation.sums import likely_range

_LOWEST, _HIGHEST = Fraction(7, 10), Fraction(3, 2)
_LEAST_COUNT = 50  # below, a few more or less are many per cent
_COMPARABLE = 3  # times: farther apart, two figures count different things
_UNEVEN = 3  # times
_YEAR_MONTHS = 12
_BOUNDS = frozenset({Qualifier.OVER, Qualifier.AT_LEAST, Qualifier.UNDER, Qualifier.NEARLY})
_COUNTED = frozenset({Role.LINE, Role.TOTAL})

Key = tuple[frozenset[str], str]


def comparisons(readings: Sequence[Reading]) -> Iterator[Finding]:
    """Yield what does not fit between reports, or between the years of one.

    Codes: ``LOOSE_BOUND`` (*over 200* here, 338 there), ``SOURCE_DISAGREE``,
    ``IMPLAUSIBLE_PAIR`` (nearly all of three years' posts in one of them), ``YEAR_JUMP``.

    >>> list(comparisons([Reading(source="report.txt")]))
    []
    """
    told: set[tuple[str, Fraction, Fraction]] = set()
    for one, other in combinations(readings, 2):
        for finding in (*_bounds(one, other), *_bounds(other, one), *_disagreements(one, other)):
            low, high = sorted((finding.stated or Fraction(0), finding.computed or Fraction(0)))
            if (finding.code, low, high) not in told:
                told.add((finding.code, low, high))
                yield finding
    figures = [figure for reading in readings for figure in reading.figures]
    yield from _uneven(figures)
    yield from _jumps(figures)


def _counts(figures: Iterable[Figure]) -> list[Figure]:
    return [one for one in figures if one.unit and one.unit != "%" and one.role in _COUNTED]


def _bounds(one: Reading, other: Reading) -> Iterator[Finding]:
    exact = [figure for figure in _counts(other.figures) if figure.is_exact]
    for bound in _counts(one.figures):
        if bound.quantity.qualifier not in _BOUNDS:
            continue
        low, high = likely_range(bound)
        for figure in exact:
            is_same = figure.unit == bound.unit and not figure.is_money
            ratio = figure.number / bound.number if bound.number else Fraction(0)
            is_near = Fraction(1, _COMPARABLE) < ratio < _COMPARABLE
            if is_same and is_near and not low <= figure.number <= high:
                yield _loose(bound, figure)


def _loose(bound: Figure, figure: Figure) -> Finding:
    least, most = bound.quantity.bounds
    fits = (least is None or figure.number >= least) and (most is None or figure.number <= most)
    code, what = (
        "LOOSE_BOUND",
        Message(
            "{bound} is true, but elsewhere stands {figure} ({where})",
            bound=bound.written,
            figure=figure.written,
            where=figure.where,
        ),
    )
    if not fits:
        code, what = (
            "SOURCE_DISAGREE",
            Message(
                "{bound} here, {figure} elsewhere ({where})",
                bound=bound.written,
                figure=figure.written,
                where=figure.where,
            ),
        )
    return Finding(
        code=code,
        severity=Severity.INFO,
        where=bound.where,
        what=what,
        cause=Message("ask whether both count the same things on the same day"),
        stated=bound.number,
        computed=figure.number,
        unit=bound.unit,
        figures=(bound, figure),
    )


def _disagreements(one: Reading, other: Reading) -> Iterator[Finding]:
    facts, others = _facts(one), _facts(other)
    for fact in [fact for fact in facts if fact in others]:
        numbers, more = ({figure.number for figure in some[fact]} for some in (facts, others))
        if not numbers & more:
            first, second = facts[fact][0], others[fact][0]
            small, large = sorted((first.number, second.number))
            if large < _COMPARABLE * small:
                yield _disagree(first, second)


def _facts(reading: Reading) -> dict[tuple[object, ...], list[Figure]]:
    """Return the exact figures of a report by what they are of, where that is certain."""
    facts: dict[tuple[object, ...], list[Figure]] = {}
    for figure in _counts(reading.figures):
        if figure.is_exact and figure.event and not figure.is_money:
            facts.setdefault((figure.unit, figure.event), []).append(figure)
        elif figure.is_exact and figure.subject and figure.period:
            fact = (figure.unit, figure.subject, figure.period)
            facts.setdefault(fact, []).append(figure)
    return facts


def _disagree(first: Figure, second: Figure) -> Finding:
    return Finding(
        code="SOURCE_DISAGREE",
        severity=Severity.INFO,
        where=second.where,
        what=Message(
            "{second} here, {first} elsewhere ({where})",
            second=second.written,
            first=first.written,
            where=first.where,
        ),
        cause=Message("keep both, each with its source"),
        stated=second.number,
        computed=first.number,
        unit=second.unit,
        figures=(first, second),
    )


def _uneven(figures: Sequence[Figure]) -> Iterator[Finding]:
    """Yield a short time that has nearly everything of a long one around it."""
    timed = [(one, one.period) for one in _counts(figures) if one.period and not one.is_money]
    wide = [pair for pair in timed if pair[0].has_own_period and pair[1].months > _YEAR_MONTHS]
    for short, within in timed:
        for long, around in wide:
            is_inside = short.unit == long.unit and within in around and within != around
            if is_inside and _is_uneven(short, within, long, around):
                yield _implausible(short, long)


def _is_uneven(short: Figure, within: Period, long: Figure, around: Period) -> bool:
    rest = long.number - short.number
    here = short.number / within.months
    elsewhere = rest / (around.months - within.months)
    return short.number * 2 >= long.number and elsewhere * _UNEVEN < here


def _implausible(short: Figure, long: Figure) -> Finding:
    rest = long.number - short.number
    return Finding(
        code="IMPLAUSIBLE_PAIR",
        severity=Severity.INFO,
        where=short.where,
        what=Message(
            "{short} in {within} leaves {rest} of {long} in {around} for all the other months",
            short=short.written,
            within=short.period,
            rest=shown(max(rest, Fraction(0))),
            long=long.written,
            around=long.period,
        ),
        cause=Message("ask whether both count the same things"),
        stated=short.number,
        computed=long.number,
        unit=short.unit,
        figures=(short, long),
    )


def _jumps(figures: Sequence[Figure]) -> Iterator[Finding]:
    by_key: dict[Key, dict[int, Figure]] = {}
    carried: Figure | None = None
    for figure in figures:
        if not _is_yearly(figure):
            continue
        key = figure.subject, figure.unit
        if carried is not None and _goes_on(carried, figure):
            key = carried.subject, carried.unit
        else:
            carried = figure
        if figure.period is not None and (key[0] or figure.unit):
            by_key.setdefault(key, {}).setdefault(figure.period.years[0], figure)
    for by_year in by_key.values():
        for before, after in pairwise(sorted(by_year)):
            yield from _jump(by_year[before], by_year[after], after - before)


def _is_yearly(figure: Figure) -> bool:
    roles = {Role.RATE, Role.EXPECTED}
    is_year = figure.period is not None and figure.period.months == _YEAR_MONTHS
    return is_year and figure.is_exact and figure.unit != "%" and figure.role not in roles


def _goes_on(carried: Figure, figure: Figure) -> bool:
    """Say whether a figure goes on with the one before it: «5 in 2018, and 6 in 2019»."""
    return (
        (carried.where.source, carried.where.line) == (figure.where.source, figure.where.line)
        and carried.period != figure.period
        and figure.has_own_period
        and carried.has_own_period
        and not figure.is_cell
        and carried.unit == figure.unit
        and figure.subject < carried.subject
    )


def _jump(before: Figure, after: Figure, years: int) -> Iterator[Finding]:
    is_small = max(before.number, after.number) < _LEAST_COUNT or not before.number
    if years > 1 or is_small or after.is_explained:
        return
    ratio = after.number / before.number
    if not _LOWEST < ratio < _HIGHEST:
        change = shown((ratio - 1) * 100)
        yield Finding(
            code="YEAR_JUMP",
            where=after.where,
            what=Message(
                "{after} in {year} after {before} the year before: {change} %",
                after=after.written,
                year=after.period,
                before=before.written,
                change=change,
            ),
            cause=Message("ask what changed: the library, or the way of counting"),
            stated=after.number,
            computed=before.number,
            unit=after.unit,
            figures=(before, after),
        )
