"""What does not fit together in the figures of reports: found, explained, never mended.

The rules know no language. What a report states comes as a ``Reading``; a plugin's vocabulary and
the reader of reports have made it out of a text or table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from libconsortium.core.reconciliation.readings import Reading
from libconsortium.core.reconciliation.report_comparisons import comparisons
from libconsortium.core.reconciliation.report_findings import Finding
from libconsortium.core.reconciliation.report_periods import editions, period_mixes, terms
from libconsortium.core.reconciliation.report_ratios import (
    in_words,
    percentages,
    products,
    unit_rates,
)
from libconsortium.core.reconciliation.report_sums import between_totals, sums

_RULES: tuple[Callable[[Reading], Iterator[Finding]], ...] = (
    sums,
    unit_rates,
    percentages,
    products,
    in_words,
    period_mixes,
    between_totals,
)


def reconcile(readings: Sequence[Reading]) -> tuple[Finding, ...]:
    """Return what does not fit together in reports, each by itself and with one another.

    Args:
        readings: What the reports state, as ``read_report`` gives it.

    >>> reconcile([Reading(source="report.txt")])
    ()
    """
    found = [finding for reading in readings for rule in _RULES for finding in rule(reading)]
    found += [*terms(readings), *editions(readings), *comparisons(readings)]
    order = {reading.source: place for place, reading in enumerate(readings)}
    return tuple(
        sorted(
            found,
            key=lambda one: (order.get(one.where.source, 0), one.where.line, one.code),
        )
    )
