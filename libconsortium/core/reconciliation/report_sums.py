"""Totals of a report: do they add up, what do they add, and which ones are missing."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from libconsortium.core.directory.quantities import Qualifier
from libconsortium.core.messages import Message
from libconsortium.core.problems import Severity
from libconsortium.core.reconciliation.readings import Reading, Total
from libconsortium.core.reconciliation.report_findings import Finding, shown
from libconsortium.core.reconciliation.sums import adds_up, slip_of

_ALIKE = Fraction(1, 100)
_LOWER_BOUNDS = frozenset({Qualifier.OVER, Qualifier.AT_LEAST})


def sums(reading: Reading) -> Iterator[Finding]:
    """Yield totals that do not add up, or add what cannot be added.

    Codes: ``SUM_MISMATCH``, ``BELOW_STATED_BOUND`` (*over 700*, but the parts are 690),
    ``UNIT_MIX`` (copies and titles make no sum).

    >>> list(sums(Reading(source="report.txt")))
    []
    """
    for total in reading.all_totals():
        if adds_up(total.stated, total.parts):
            yield from _unit_mix(total)
        elif total.is_sure:
            yield _mismatch(total)


def _mismatch(total: Total) -> Finding:
    stated = total.stated
    is_bound = stated.quantity.qualifier in _LOWER_BOUNDS
    is_below = is_bound and total.is_whole
    sum_up = Message("write the sum, or look for lines left out")
    return Finding(
        code="BELOW_STATED_BOUND" if is_below else "SUM_MISMATCH",
        severity=Severity.ERROR,
        where=stated.where,
        what=_below(total) if is_below else _not_the_sum(total),
        cause=sum_up if is_bound else slip_of(stated, total.parts).what,
        stated=stated.number,
        computed=total.computed,
        unit=stated.unit,
        figures=(stated, *total.figures),
    )


def _below(total: Total) -> Message:
    return Message(
        "the text says {stated}, but the parts add up to {computed} only",
        stated=total.stated.written,
        computed=shown(total.computed),
    )


def _not_the_sum(total: Total) -> Message:
    if not total.is_whole:
        return Message(
            "the parts add up to {computed}, which is more than the whole, {stated}",
            computed=shown(total.computed),
            stated=total.stated.written,
        )
    return Message(
        "the total is stated as {stated}, but its {count} parts add up to {computed}",
        stated=total.stated.written,
        count=len(total.parts),
        computed=shown(total.computed),
    )


def _unit_mix(total: Total) -> Iterator[Finding]:
    units = {figure.family: figure.unit for figure in total.figures if figure.family}
    if len(units) > 1:
        yield Finding(
            code="UNIT_MIX",
            where=total.stated.where,
            what=Message(
                "{stated} adds up different units: {parts}",
                stated=total.stated.written,
                parts=" + ".join(figure.written or figure.label for figure in total.figures),
            ),
            cause=Message("state one total for each unit; together they count nothing"),
            stated=total.stated.number,
            unit=total.stated.unit,
            figures=(total.stated, *total.figures),
        )


def between_totals(reading: Reading) -> Iterator[Finding]:
    """Yield totals of money that will be mixed up, or that nobody has added up.

    Codes: ``NEAR_DUPLICATE_TOTALS``, ``MISSING_GRAND_TOTAL``; both only to inform.

    >>> list(between_totals(Reading(source="report.txt")))
    []
    """
    by_unit: dict[str, list[Total]] = {}
    for total in reading.totals:
        if total.is_sure and total.is_whole and total.stated.is_money and not total.stated.is_cell:
            by_unit.setdefault(total.stated.unit, []).append(total)
    for totals in by_unit.values():
        for one, other in combinations(totals, 2):
            yield from _near_duplicate(one, other)
        yield from _missing_grand_total(reading, totals)


def _near_duplicate(one: Total, other: Total) -> Iterator[Finding]:
    gap = abs(one.computed - other.computed)
    if 0 < gap < max(one.computed, other.computed) * _ALIKE:
        yield Finding(
            code="NEAR_DUPLICATE_TOTALS",
            severity=Severity.INFO,
            where=other.stated.where,
            what=Message(
                "two different totals are nearly alike: {one} and {other}, {gap} apart",
                one=shown(one.computed),
                other=shown(other.computed),
                gap=shown(gap),
            ),
            cause=Message("say of each what it is the total of; readers will mix them up"),
            stated=other.computed,
            computed=one.computed,
            unit=other.stated.unit,
            figures=(one.stated, other.stated),
        )


def _missing_grand_total(reading: Reading, totals: list[Total]) -> Iterator[Finding]:
    flows = {total.stated.flow for total in totals} - {""}
    periods = {total.stated.period for total in totals if total.stated.has_own_period}
    whole = sum((total.computed for total in totals), Fraction(0))
    said = {figure.number for figure in reading.figures if figure.unit == totals[0].stated.unit}
    stated = sum((total.stated.number for total in totals), Fraction(0))
    if len(totals) > 1 and len(flows) < 2 and len(periods) < 2 and not {whole, stated} & said:  # noqa: PLR2004 - one kind
        yield Finding(
            code="MISSING_GRAND_TOTAL",
            severity=Severity.INFO,
            where=totals[-1].stated.where,
            what=Message(
                "the report never says what its {count} totals make together: {computed}",
                count=len(totals),
                computed=shown(whole),
            ),
            computed=whole,
            unit=totals[0].stated.unit,
            figures=tuple(total.stated for total in totals),
        )
