"""Years in reports: money of two years in one, terms that disagree, editions that are no years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from libconsortium.core.messages import Message
from libconsortium.core.problems import Severity
from libconsortium.core.reconciliation.periods import Period
from libconsortium.core.reconciliation.readings import Edition, Figure, Reading, Span, Total
from libconsortium.core.reconciliation.report_findings import Finding, shown
from libconsortium.core.reconciliation.sums import adds_up


def period_mixes(reading: Reading) -> Iterator[Finding]:
    """Yield totals of a year that hold money for more than that year.

    Code: ``PERIOD_MIX``; what is computed spreads such money evenly over its months.

    >>> list(period_mixes(Reading(source="report.txt")))
    []
    """
    for total in reading.all_totals():
        if total.is_whole and (total.is_sure or adds_up(total.stated, total.parts)):
            target = _target(total)
            wide = [leaf for leaf in total.leaves if target and _is_wider(leaf, target)]
            if target and wide:
                yield _period_mix(total, target, wide)


def _target(total: Total) -> Period | None:
    """Return the period that a total is of, as far as the text says."""
    if total.stated.period is not None:
        return total.stated.period
    own = [leaf.period if leaf.has_own_period else None for leaf in total.leaves]
    told = sorted({period for period in own if period}, key=lambda period: period.months)
    if told and (len(told) > 1 or own[0] is None):
        return Period.of_years(told[0].years[0])
    return None


def _is_wider(figure: Figure, target: Period) -> bool:
    period = figure.period if figure.has_own_period else None
    return period is not None and target.overlaps(period) and period not in target


def _period_mix(total: Total, target: Period, wide: Sequence[Figure]) -> Finding:
    spread = sum((_within(leaf, target) for leaf in total.leaves), Fraction(0))
    return Finding(
        code="PERIOD_MIX",
        where=total.stated.where,
        what=Message(
            "{stated} for {period} holds {wide}, which is for {longer};"
            " spread evenly, {period} has {computed}",
            stated=total.stated.written,
            period=target,
            wide=wide[0],
            longer=wide[0].period,
            computed=shown(Fraction(round(spread))),
        ),
        cause=Message("say how much of it belongs to each year"),
        stated=total.stated.number,
        computed=spread,
        unit=total.stated.unit,
        figures=(total.stated, *wide),
    )


def _within(figure: Figure, target: Period) -> Fraction:
    if not _is_wider(figure, target) or figure.period is None:
        return figure.number
    shared = min(figure.period.last, target.last) - max(figure.period.first, target.first) + 1
    return figure.number * shared / figure.period.months


def terms(readings: Sequence[Reading]) -> Iterator[Finding]:
    """Yield results that are reported for other years than any term of office has.

    Code: ``TERM_MISMATCH``. A report without terms of its own is held against those of the
    others.

    >>> list(terms([Reading(source="report.txt")]))
    []
    """
    of_all = [term for reading in readings for term in reading.terms]
    for reading in readings:
        known = reading.terms or of_all
        for review in _once(reading.reviews):
            crossing = [term for term in known if _crosses(review.period, term.period)]
            if crossing and not any(review.period in term.period for term in known):
                yield _term_mismatch(review, crossing[0])
        yield from _labels_disagree(reading)


def _once(spans: Sequence[Span]) -> list[Span]:
    return list({span.period: span for span in reversed(spans)}.values())[::-1]


def _crosses(one: Period, other: Period) -> bool:
    is_longer = other in one and (one.first == other.first or one.last == other.last)
    return one.overlaps(other) and (other not in one or is_longer)


def _term_mismatch(review: Span, term: Span) -> Finding:
    return Finding(
        code="TERM_MISMATCH",
        where=review.where,
        what=Message(
            "results are reported for {review}, but the term is {term}",
            review=review.period,
            term=term.period,
        ),
        cause=Message("correct the label of the term, or say which years the results are of"),
    )


def _labels_disagree(reading: Reading) -> Iterator[Finding]:
    labels = _once(reading.terms)
    for index, one in enumerate(labels):
        for other in labels[index + 1 :]:
            if one.period.first == other.period.first:
                yield Finding(
                    code="TERM_MISMATCH",
                    where=other.where,
                    what=Message(
                        "one term is called {one} and {other}", one=one.period, other=other.period
                    ),
                    cause=Message("give the term one label"),
                )


def editions(readings: Sequence[Reading]) -> Iterator[Finding]:
    """Yield numbered events whose numbers cannot be computed from the year.

    Code: ``EDITION_NOT_YEAR``; only to inform.

    >>> list(editions([Reading(source="report.txt")]))
    []
    """
    by_event: dict[str, dict[tuple[int, int], Edition]] = {}
    for reading in readings:
        for edition in reading.editions:
            if edition.year is not None:
                held = by_event.setdefault(edition.event, {})
                held.setdefault((edition.year, edition.number), edition)
    for event, held in by_event.items():
        offsets = {year - number for year, number in held}
        if len(offsets) > 1:
            yield _edition_not_year(event, sorted(held), held)


def _edition_not_year(
    event: str, pairs: Sequence[tuple[int, int]], held: dict[tuple[int, int], Edition]
) -> Finding:
    first = pairs[0]
    odd = next(pair for pair in pairs if pair[0] - pair[1] != first[0] - first[1])
    return Finding(
        code="EDITION_NOT_YEAR",
        severity=Severity.INFO,
        where=held[odd].where,
        what=Message(
            "the number of the {event} does not follow the year: {pairs}",
            event=event,
            pairs=", ".join(f"{number} ({year})" for year, number in pairs),
        ),
        cause=Message("keep the number as stated; never compute it from the year"),
        stated=Fraction(odd[1]),
        computed=Fraction(odd[0] - first[0] + first[1]),
    )
