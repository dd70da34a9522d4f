"""Titles that stand twice in a KBART list, and coverages that overlap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import attrs

from libconsortium import Message, Problem, Severity, TitleRow, fold, span_of
from libconsortium.plugins.kbart.checks import Line

_Span = tuple[date, date]


@attrs.define
class Doubles:
    """The titles of a list that were read so far.

    >>> from libconsortium.plugins.kbart.columns import PHASE_I, columns_of
    >>> row = TitleRow(title="A", title_id="a")
    >>> lines = [
    ...     Line(row=row, columns=columns_of(PHASE_I), source="x.tsv", number=number)
    ...     for number in (2, 3)
    ... ]
    >>> doubles = Doubles()
    >>> [problem.code for line in lines for problem in doubles.problems(line)]
    ['ROW_TWICE']
    """

    lines: dict[tuple[object, ...], int] = attrs.field(factory=dict)
    spans: dict[tuple[str, str], list[tuple[_Span, int]]] = attrs.field(factory=dict)
    names: dict[str, tuple[str, int]] = attrs.field(factory=dict)

    def problems(self, line: Line) -> Iterator[Problem]:
        """Yield what a line repeats of lines before, and remember it."""
        row = line.row
        title = (row.title_id or fold(row.title), row.online_identifier or row.print_identifier)
        first = self.lines.setdefault((*title, row.coverage, row.volume, row.edition), line.number)
        if first != line.number:
            yield line.problem(
                "ROW_TWICE",
                "publication_title",
                Message(
                    "the same title with the same coverage stands in line {first}", first=first
                ),
                Message("leave one of the two lines"),
            )
        else:
            yield from self._overlap(line, title)
        yield from self._shared_id(line)

    def _overlap(self, line: Line, title: tuple[str, str]) -> Iterator[Problem]:
        span = _span(line.row)
        if span is None:
            return
        known = self.spans.setdefault(title, [])
        for (begin, end), number in known:
            if begin <= span[1] and span[0] <= end:
                yield line.problem(
                    "COVERAGE_OVERLAPS",
                    "date_first_issue_online",
                    Message("the coverage overlaps that of line {number}", number=number),
                    Message("one line for each unbroken time, and none for the same time"),
                )
                break
        known.append((span, line.number))

    def _shared_id(self, line: Line) -> Iterator[Problem]:
        row = line.row
        if not row.title_id:
            return
        name, number = self.names.setdefault(row.title_id, (fold(row.title), line.number))
        if name != fold(row.title):
            yield line.problem(
                "TITLE_ID_SHARED",
                "title_id",
                Message(
                    "line {number} has the same title_id {id!r} for another title",
                    number=number,
                    id=row.title_id,
                ),
                Message("ask the supplier for an id for each title"),
                Severity.ERROR,
            )


def _span(row: TitleRow) -> _Span | None:
    first = span_of(row.coverage.first_date)
    if first is None:
        return None
    last = span_of(row.coverage.last_date)
    # A year given for both ends says nothing of the days: compare from the earliest to the latest
    # first day, so that coverages that meet inside a year are not taken for overlapping.
    return first[0], last[0] if last else date.max
