"""A table read from a file: rows of values, each with its place."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice

import attrs

from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity

_LONGEST_CELL = 2**24
# Abstracts and whole texts stand in one cell; Python's own limit is 131,072 characters.
csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))


@attrs.frozen(kw_only=True)
class FileLimits:
    """How much of a file is read before it is refused; office tables are far below.

    Args:
        file_bytes: Largest file, in bytes.
        unpacked_bytes: Largest sum of a spreadsheet's unpacked parts, in bytes.
        rows: Most rows of one table.
        columns: Most columns of one table.
        cells: Most cells of one sheet, blank ones between the filled ones included.
    """

    file_bytes: int = 64 * 2**20
    unpacked_bytes: int = 512 * 2**20
    rows: int = 200_000
    columns: int = 500
    cells: int = 5_000_000


@attrs.frozen(kw_only=True)
class Row:
    """One row: its cells by heading, and where they stand.

    Args:
        source: The file's path; a sheet is added in brackets.
        line: Line number in the file or row number in the sheet, from 1; 0 if not known.
        values: Value of every cell by heading: a text, or the number, date or truth value that a
            spreadsheet or TOML file holds; an empty cell is an empty text.
        columns: Column number of every heading, from 1; empty where there are none (TOML).
        lines: Line number of single values, where each has its own (TOML).

    >>> row = Row(source="library.csv", line=2, values={"id": "tlu"}, columns={"id": 1})
    >>> str(row.place("id"))
    'library.csv:2:1: id'
    """

    source: str
    line: int
    values: Mapping[str, object]
    columns: Mapping[str, int] = attrs.field(factory=dict)
    lines: Mapping[str, int] = attrs.field(factory=dict)

    def place(self, field: str = "", *, record: str = "") -> Place:
        """Return where the row, or one of its cells, stands."""
        return Place(
            source=self.source,
            record=record,
            field=field,
            line=self.lines.get(field, self.line),
            column=self.columns.get(field, 0),
        )


@attrs.frozen(kw_only=True)
class Table:
    """A CSV file, a sheet of a workbook, or an array of tables in a TOML file.

    Args:
        name: Name of the sheet or array, or the file's name without its ending.
        source: The file's path; a sheet is added in brackets.
        fields: The headings in their order.
        rows: The rows that are not blank.
    """

    name: str
    source: str
    fields: tuple[str, ...]
    rows: tuple[Row, ...]


Tables = tuple[tuple[Table, ...], tuple[Problem, ...]]
"""What reading a file gives: its tables, and what was wrong with them."""


def table_of(
    name: str, source: str, numbered: Iterable[tuple[int, Sequence[object]]], limits: FileLimits
) -> Tables:
    """Make a table of numbered rows of cells, the first of which holds the headings.

    Titles above the table (a few rows with little in them, above one with three headings or more)
    are no headings; a remark says how many were passed over. Blank rows are left out, blanks
    around a text are taken off and texts are brought into Unicode normal form C, so that a name
    typed on another system is still the same name.

    Args:
        name: The table's name.
        source: Where it comes from, for messages.
        numbered: Line number and cells of each row.
        limits: How much is read.

    >>> tables, problems = table_of("library", "x.csv", [(1, ["id"]), (2, [" tlu "])], FileLimits())
    >>> tables[0].rows[0].values
    {'id': 'tlu'}
    """
    tidy = ((line, [_tidy(cell) for cell in cells]) for line, cells in numbered)
    filled = ((line, cells) for line, cells in tidy if any(cell != "" for cell in cells))
    begin = list(islice(filled, _TITLE_ROWS + 1))
    above = _titles_above([cells for _, cells in begin])
    line, first = begin[above] if begin else (0, [])
    headings = [str(cell) for cell in first]
    columns, problems = _columns(source, line, headings)
    problems += [passed_over(source, begin[0][0], above)] if above else []
    rows: list[Row] = []
    for line, cells in chain(begin[above + 1 :], filled):
        if len(rows) == limits.rows:
            problems.append(_too_many_rows(source, line, limits.rows))
            break
        rows.append(_row(source, line, columns, cells))
        problems += _without_heading(source, line, columns, cells)
    table = Table(name=name, source=source, fields=tuple(columns), rows=tuple(rows))
    return ((table,) if headings else ()), tuple(problems)


def _titles_above(rows: Sequence[Sequence[object]]) -> int:
    """Return how many rows stand above the headings: each with a third of their cells at most."""
    widths = [sum(cell != "" for cell in cells) for cells in rows]
    for place, cells in enumerate(rows[1:], start=1):
        is_heading = all(isinstance(cell, str) for cell in cells)
        if widths[place] >= _HEADINGS and is_heading:
            return place if 3 * max(widths[:place]) <= widths[place] else 0
    return 0


_TITLE_ROWS = 12
_HEADINGS = 3


def passed_over(source: str, line: int, count: int) -> Problem:
    """Return the remark on titles that stand above the headings of a table.

    >>> str(passed_over("a.csv", 3, 2).what)
    '2 rows above the headings are not read'
    """
    return Problem(
        code="TITLE_ROWS",
        where=Place(source=source, line=line),
        what=Message("{count} rows above the headings are not read", count=count),
        severity=Severity.INFO,
    )


def _tidy(cell: object) -> object:
    return unicodedata.normalize("NFC", cell).strip() if isinstance(cell, str) else cell


def _row(source: str, line: int, columns: Mapping[str, int], cells: Sequence[object]) -> Row:
    values = {
        heading: cells[column - 1] if column <= len(cells) else ""
        for heading, column in columns.items()
    }
    return Row(source=source, line=line, values=values, columns=columns)


def _columns(source: str, line: int, headings: list[str]) -> tuple[dict[str, int], list[Problem]]:
    columns: dict[str, int] = {}
    problems = []
    for column, heading in enumerate(headings, start=1):
        if heading in columns:
            problems.append(
                Problem(
                    code="DOUBLE_HEADING",
                    where=Place(source=source, field=heading, line=line, column=column),
                    what=Message(
                        "the heading {heading!r} stands over two columns; this one is not read",
                        heading=heading,
                    ),
                    severity=Severity.ERROR,
                )
            )
        elif heading:
            columns[heading] = column
    return columns, problems


def _without_heading(
    source: str, line: int, columns: Mapping[str, int], cells: Sequence[object]
) -> list[Problem]:
    headed = set(columns.values())
    return [
        Problem(
            code="NO_HEADING",
            where=Place(source=source, line=line, column=column),
            what=Message("{value!r} stands in a column without a heading", value=str(cell)[:40]),
            advice=Message("give the column a heading, or look for a separator too many"),
            severity=Severity.ERROR,
        )
        for column, cell in enumerate(cells, start=1)
        if cell != "" and column not in headed
    ]


def _too_many_rows(source: str, line: int, most: int) -> Problem:
    return Problem(
        code="TOO_MANY_ROWS",
        where=Place(source=source, line=line),
        what=Message("there are more than {most} rows; the rest is not read", most=most),
        advice=Message("split the file"),
        severity=Severity.ERROR,
    )
