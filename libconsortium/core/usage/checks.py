"""What cannot be right in a usage report: looked for while its rows pass by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import attrs

from libconsortium.core.messages import Message
from libconsortium.core.problems import Problem, Severity
from libconsortium.core.usage.rows import Institution, UsageEvent, UsageItem, UsageRow

_AT_MOST = (
    ("Unique_Item_Requests", "Total_Item_Requests"),
    ("Unique_Item_Investigations", "Total_Item_Investigations"),
    ("Unique_Title_Requests", "Total_Item_Requests"),
    ("Unique_Title_Investigations", "Total_Item_Investigations"),
    ("Total_Item_Requests", "Total_Item_Investigations"),
)
"""Metrics of which the first is never above the second.

Source: COUNTER Code of Practice 5.1, the definitions of the metric types.
"""

_Line = tuple[Institution, UsageItem]


def checked(events: Iterable[UsageEvent]) -> Iterator[UsageEvent]:
    """Pass a report's events on, and add what cannot be right in them.

    Nothing is taken out. Codes: ``MONTH_OUTSIDE`` (not in the report's own period),
    ``ROW_TWICE`` (one key stands twice; both count), ``MORE_THAN_TOTAL`` (a metric is above
    one that includes it).

    Args:
        events: What a loader yields for one report.

    >>> from libconsortium.core.usage.rows import UsageReport
    >>> header = UsageReport(report="PR", release="5", begin="2025-01", end="2025-01")
    >>> row = UsageRow(
    ...     report=header,
    ...     institution=header.institution,
    ...     item=UsageItem(platform="P"),
    ...     metric="Searches_Platform",
    ...     month="2025-02",
    ...     count=1,
    ... )
    >>> [event.code for event in checked([header, row]) if isinstance(event, Problem)]
    ['MONTH_OUTSIDE']
    """
    seen = _Seen()
    line: dict[tuple[str, str], UsageRow] = {}
    current: _Line | None = None
    for event in events:
        yield event
        if not isinstance(event, UsageRow):
            continue
        if (event.institution, event.item) != current:
            yield from _above_total(line)
            line, current = {}, (event.institution, event.item)
        if not _is_inside(event):
            yield _outside(event)
        if seen.has(event):
            yield _twice(event)
        line[event.metric, event.month] = event
    yield from _above_total(line)


@attrs.define
class _Seen:
    """The rows that passed by: one number per line and metric has a bit for each month.

    A report of millions of rows fits.
    """

    months: dict[int, int] = attrs.field(factory=dict)
    bits: dict[str, int] = attrs.field(factory=dict)

    def has(self, row: UsageRow) -> bool:
        """Say whether a row's key passed by before, and remember it."""
        key = hash((row.institution, row.item, row.metric))
        bit = 1 << self.bits.setdefault(row.month, len(self.bits))
        known = self.months.get(key, 0)
        self.months[key] = known | bit
        return bool(known & bit)


def _is_inside(row: UsageRow) -> bool:
    header = row.report
    return header.begin <= row.month and (not header.end or row.month <= header.end)


def _outside(row: UsageRow) -> Problem:
    return _problem(
        "MONTH_OUTSIDE",
        row,
        Message(
            "{month} lies outside the report's own period, {begin} to {end}",
            month=row.month,
            begin=row.report.begin,
            end=row.report.end,
        ),
        Message("ask the supplier for the report again; the row is counted as it stands"),
    )


def _twice(row: UsageRow) -> Problem:
    return _problem(
        "ROW_TWICE",
        row,
        Message(
            "{metric} of {title!r} in {month} stands here a second time; both are counted",
            metric=row.metric,
            title=row.item.title or row.item.platform,
            month=row.month,
        ),
        Message("ask the supplier which of the two is right"),
    )


def _above_total(line: dict[tuple[str, str], UsageRow]) -> Iterator[Problem]:
    told: dict[tuple[str, str], list[UsageRow]] = defaultdict(list)
    for less, more in _AT_MOST:
        for (metric, month), row in line.items():
            whole = line.get((more, month))
            if metric == less and whole is not None and row.count > whole.count:
                told[less, more].append(row)
    for (_, more), rows in told.items():
        first = rows[0]
        yield _problem(
            "MORE_THAN_TOTAL",
            first,
            Message(
                "{less} is above {more} in {months}: {count} against {whole}",
                less=first.metric,
                more=more,
                months=", ".join(row.month for row in rows),
                count=first.count,
                whole=line[more, first.month].count,
            ),
            Message("ask the supplier to check the report; both figures stay as written"),
        )


def _problem(code: str, row: UsageRow, what: Message, advice: Message) -> Problem:
    where = attrs.evolve(
        row.place,
        record=row.place.record or row.item.title or row.item.platform,
        field=row.metric,
    )
    return Problem(code=code, where=where, what=what, advice=advice, severity=Severity.WARNING)
