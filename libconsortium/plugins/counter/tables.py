"""Reads COUNTER reports in tables (TSV, CSV, XLSX), releases 5 and 5.1, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO
from unicodedata import normalize

import attrs

from libconsortium import (
    FileRefusedError,
    Institution,
    Message,
    Place,
    Problem,
    Severity,
    UsageEvent,
    UsageItem,
    UsageReport,
    read_cells,
    sorted_pairs,
)
from libconsortium.plugins.counter.counting import Counting, count_of
from libconsortium.plugins.counter.old_releases import refuse_old
from libconsortium.plugins.counter.standard import (
    ATTRIBUTES,
    ITEM_SCHEMES,
    NAMED,
    NOT_KEPT,
    is_like_a_month,
    month_of,
)
from libconsortium.plugins.counter.table_headers import header_block, heading_of, table_header

_METRIC = "Metric_Type"
_TOTAL = "Reporting_Period_Total"
_LONGEST_HEADER = 60
_DESCRIBED = frozenset(
    {
        *NAMED.values(), *ATTRIBUTES, *NOT_KEPT, "Platform", "Publisher", _METRIC, _TOTAL,
        "Customer_ID", "Institution_Name", "DOI", "ISBN", "Online_ISSN", "Print_ISSN",
        "Proprietary_ID", "URI",
    }
)  # fmt: skip
_IDENTIFIERS = {name.casefold(): scheme for name, scheme in ITEM_SCHEMES.items()}


@attrs.frozen(kw_only=True)
class Columns:
    """Which column holds what.

    Args:
        named: Column by heading, from 0.
        months: Column and month, in the order of the columns.
    """

    named: Mapping[str, int]
    months: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, cells: Sequence[object]) -> Columns:
        """Read the line of the headings.

        >>> Columns.of(["Title", "Metric_Type", "Jan-2025"]).months
        ((2, '2025-01'),)
        """
        months = tuple(
            (column, month)
            for column, cell in enumerate(cells)
            if (month := month_of(cell)) is not None
        )
        at = {column for column, _ in months}
        named: dict[str, int] = {}
        for column, cell in enumerate(cells):
            if column not in at and heading_of(cell):
                named.setdefault(heading_of(cell), column)
        return cls(named=named, months=months)

    def text(self, row: Sequence[object], heading: str) -> str:
        """Return what a line says under a heading; empty if there is no such column."""
        column = self.named.get(heading, len(row))
        return normalize("NFC", str(row[column])).strip() if column < len(row) else ""


def read_table(source: str, file: BinaryIO) -> Iterator[UsageEvent]:
    r"""Yield the header, the rows and the problems of one report in a table.

    Args:
        source: The file's name, for messages.
        file: The file.

    Raises:
        FileRefusedError: It holds no usage that can be read.

    >>> import io
    >>> table = (
    ...     b"Report_ID\tPR\nRelease\t5.1\n\n"
    ...     b"Platform\tMetric_Type\tReporting_Period_Total\tJan-2025\n"
    ...     b"P\tSearches_Platform\t3\t3\n"
    ... )
    >>> [type(event).__name__ for event in read_table("pr.tsv", io.BytesIO(table))]
    ['UsageReport', 'UsageRow']
    """
    rows, problems = read_cells(source, file)
    block, headings_line, headings = _before_body(rows)
    columns = Columns.of(headings)
    told = header_block(block)
    header = table_header(told, columns.named, [month for _, month in columns.months])
    yield header
    yield from problems
    yield from told.problems(source, header, columns.named)
    if not columns.months:
        raise FileRefusedError(
            "NO_MONTHS",
            Message("the report holds totals of its whole period, not the months"),
            Message("ask the supplier for the report with monthly details"),
        )
    yield from _unknown_columns(columns, Place(source=source, line=headings_line))
    counting = Counting(source=source, header=header)
    for line, row in rows:
        if any(cell not in ("", None) for cell in row):
            yield from _line(row, columns, counting, Place(source=source, line=line))
    if counting.bad and not counting.rows:
        raise FileRefusedError(
            "NO_USABLE_ITEM",
            Message("none of its lines holds a figure that can be read"),
            Message("ask the supplier for a COUNTER report of release 5.1, as JSON or TSV"),
        )


def _before_body(
    rows: Iterator[tuple[int, list[object]]],
) -> tuple[list[tuple[int, list[object]]], int, list[object]]:
    """Return the lines of the header block, and the line of the headings."""
    block: list[tuple[int, list[object]]] = []
    for line, row in rows:
        headings = {heading_of(cell) for cell in row}
        if _METRIC in headings and ("Platform" in headings or _TOTAL in headings):
            return block, line, row
        if len(block) == _LONGEST_HEADER:
            break
        if _TOTAL in headings and any(month_of(cell) for cell in row):
            raise refuse_old(_first_text(block) or "?")  # release 4 had a total, and no metric
        block.append((line, row))
    raise header_block(block).refusal()


def _first_text(block: Sequence[tuple[int, Sequence[object]]]) -> str:
    return next((str(cell).strip() for _, row in block for cell in row if cell), "")


def _unknown_columns(columns: Columns, place: Place) -> Iterator[Problem]:
    doubled = {month for _, month in columns.months}
    if len(doubled) < len(columns.months):
        raise FileRefusedError(
            "MONTH_TWICE",
            Message("a month stands over two columns"),
            Message("ask the supplier which of the two is right"),
        )
    for heading, column in columns.named.items():
        if is_like_a_month(heading):
            yield Problem(
                code="MONTH_UNREADABLE",
                severity=Severity.ERROR,
                where=attrs.evolve(place, field=heading, column=column + 1),
                what=Message("this cannot be read as a month, so what stands below is not counted"),
                advice=Message("write it as 'Jan-2026', or ask the supplier for the report again"),
            )
        elif not _is_described(heading) and ":" not in heading:
            yield Problem(
                code="COLUMN_UNKNOWN",
                where=attrs.evolve(place, field=heading, column=column + 1),
                what=Message("this column is not COUNTER's; usage is broken down by it"),
            )


def _is_described(heading: str) -> bool:
    return heading in _DESCRIBED or heading.startswith(("Parent_", "Component_"))


def _line(
    row: Sequence[object], columns: Columns, counting: Counting, place: Place
) -> Iterator[UsageEvent]:
    metric = ""
    if not columns.text(row, _METRIC) and not any(
        _cell(row, column) not in ("", None) for column, _ in columns.months
    ):
        return  # a line that describes something and holds no figure
    for event in counting.metric(columns.text(row, _METRIC), place):
        if isinstance(event, str):
            metric = event
        else:
            yield event
    if not metric:
        return
    item = _item(row, columns)
    institution = _institution(row, columns, counting.header)
    for column, month in columns.months:
        yield from counting.row(
            item,
            place,
            institution=institution,
            metric=metric,
            month=month,
            written=_cell(row, column),
        )
    yield from _total_differs(row, columns, metric, place)


def _cell(row: Sequence[object], column: int) -> object:
    return row[column] if column < len(row) else ""


def _item(row: Sequence[object], columns: Columns) -> UsageItem:
    def said(heading: str) -> str:
        return columns.text(row, heading)

    identifiers = {
        scheme: said(heading)
        for heading in columns.named
        if (scheme := _IDENTIFIERS.get(heading.casefold())) is not None
    }
    others = {
        heading: said(heading)
        for heading in columns.named
        if not _is_described(heading) and not is_like_a_month(heading)
    }
    component = [said(heading) for heading in columns.named if heading.startswith("Component_")]
    return UsageItem(
        platform=said("Platform"),
        title=next((said(name) for name in NAMED.values() if name in columns.named), ""),
        publisher=said("Publisher"),
        identifiers=sorted_pairs(identifiers),
        parent=said("Parent_Title"),
        data_type=said("Data_Type"),
        section_type=said("Section_Type"),
        yop=said("YOP"),
        access_type=said("Access_Type"),
        access_method=said("Access_Method"),
        others=sorted_pairs(others),
        component=next(filter(None, component), ""),
    )


def _institution(row: Sequence[object], columns: Columns, header: UsageReport) -> Institution:
    name, customer = columns.text(row, "Institution_Name"), columns.text(row, "Customer_ID")
    if not (name or customer):
        return header.institution
    return Institution(name=name, identifiers=sorted_pairs({"customer_id": customer}))


def _total_differs(
    row: Sequence[object], columns: Columns, metric: str, place: Place
) -> Iterator[Problem]:
    written = columns.text(row, _TOTAL)
    counts = [count_of(_cell(row, column)) for column, _ in columns.months]
    total = sum(count for count in counts if count is not None)
    if written and None not in counts and count_of(written) != total:
        yield Problem(
            code="TOTAL_DIFFERS",
            where=attrs.evolve(place, field=_TOTAL, column=columns.named[_TOTAL] + 1),
            what=Message(
                "{metric}: the total says {written}, the months add up to {total}",
                metric=metric,
                written=written,
                total=total,
            ),
            advice=Message("the months are counted; ask the supplier which is right"),
        )
