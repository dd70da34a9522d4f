"""Turns the cells of a report into rows: the same rules for JSON and for tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import attrs

from libconsortium import (
    Institution,
    Message,
    Place,
    Problem,
    Severity,
    UsageEvent,
    UsageItem,
    UsageReport,
    UsageRow,
)
from libconsortium.plugins.counter.standard import is_metric_of, metric_of, nearest_metric

_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_WHOLE = re.compile(r"-?[0-9]+(?:\.0+)?")


@attrs.define
class Counting:
    """What is needed to make rows of one report, and what was told of it already.

    Args:
        source: The file's name.
        header: The report's header.
        told: How often each remark on the whole file was met; it is said once.
        rows: How many rows were made.
        bad: How many could not be.
    """

    source: str
    header: UsageReport
    told: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    rows: int = 0
    bad: int = 0

    def metric(self, text: object, place: Place) -> Iterator[UsageEvent | str]:
        """Yield a metric's name in COUNTER's spelling, after what is odd about it."""
        written = str(text or "").strip()
        metric = metric_of(written)
        if not metric:
            self.bad += 1
            yield _error("METRIC_MISSING", place, "Metric_Type", Message("there is no metric"))
            return
        if metric != written and self._is_new("METRIC_SPELLING", written):
            yield Problem(
                code="METRIC_SPELLING",
                where=attrs.evolve(place, field="Metric_Type"),
                what=Message("{written!r} was read as {metric}", written=written, metric=metric),
                severity=Severity.INFO,
            )
        if not is_metric_of(self.header.report, metric) and self._is_new("METRIC_UNKNOWN", metric):
            near = nearest_metric(metric)
            yield Problem(
                code="METRIC_UNKNOWN",
                where=attrs.evolve(place, field="Metric_Type"),
                what=Message(
                    "{metric} is no metric of {report}", metric=metric, report=self.header.report
                ),
                advice=Message("did you mean {near!r}?", near=near)
                if near and near != metric
                else Message("ask the supplier; its rows are kept under this name"),
            )
        yield metric

    def row(  # noqa: PLR0913 - what makes a row
        self,
        item: UsageItem,
        place: Place,
        *,
        institution: Institution,
        metric: str,
        month: str,
        written: object,
    ) -> Iterator[UsageEvent]:
        """Yield the row of one figure, or what is wrong with it; zero is no row."""
        count = count_of(written)
        if count is None or count < 0:
            self.bad += 1
            what = (
                Message("{written!r} is no whole number", written=written)
                if count is None
                else Message("{written} is below zero", written=written)
            )
            code = "COUNT_UNREADABLE" if count is None else "COUNT_NEGATIVE"
            where = attrs.evolve(place, record=place.record or item.title or item.platform)
            yield _error(code, where, place.field or f"{metric} {month}", what)
            return
        if isinstance(written, str) and "," in written and self._is_new("COUNT_GROUPED", ""):
            yield Problem(
                code="COUNT_GROUPED",
                where=place,
                what=Message(
                    "figures are written with commas; {written} was read as {count}",
                    written=written,
                    count=count,
                ),
                severity=Severity.INFO,
            )
        self.rows += 1
        if count:
            yield UsageRow(
                report=self.header,
                institution=institution,
                item=item,
                metric=metric,
                month=month,
                count=count,
                place=place,
            )

    def _is_new(self, code: str, value: str) -> bool:
        self.told[code, value] += 1
        return self.told[code, value] == 1


def count_of(written: object) -> int | None:
    """Read a whole number exactly; nothing written means zero; ``None`` if it is none.

    >>> [count_of(each) for each in (7, "7", "1,234", "7.0", "", "1.234", True, "x")]
    [7, 7, 1234, 7, 0, None, None, None]
    """
    if isinstance(written, str) and written.isdecimal() and written.isascii():
        return int(written)
    if isinstance(written, bool):
        return None
    if isinstance(written, int):
        return written
    text = str(written).strip() if written is not None else ""
    if not text:
        return 0
    if _GROUPED.fullmatch(text):
        return int(text.replace(",", ""))
    return int(Decimal(text)) if _WHOLE.fullmatch(text) else None


def _error(code: str, place: Place, field: str, what: Message) -> Problem:
    return Problem(
        code=code,
        where=attrs.evolve(place, field=field),
        what=what,
        advice=Message("ask the supplier for the right figure; this one is not counted"),
        severity=Severity.ERROR,
    )
