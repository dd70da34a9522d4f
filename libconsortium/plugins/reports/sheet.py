"""Cells of a worksheet, addressed by row and column from zero."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Self

import attrs


@attrs.frozen
class Formula:
    """A formula, and what it comes to for readers that do not calculate."""

    text: str
    value: Fraction | int | str


_LONGEST_NAME = 31
_HEAD_HEIGHT = 32
"""Two lines: what stands over a narrow column is wrapped."""

Content = str | int | Fraction | Formula


@attrs.frozen
class Sheet:
    """A worksheet, its name and the looks of its cells."""

    page: Any  # XlsxWriter has no types
    name: str
    styles: Mapping[str, Any]

    @classmethod
    def added(cls, book: Any, name: str, styles: Mapping[str, Any]) -> Self:  # noqa: ANN401 - XlsxWriter has no types
        """Add a worksheet that prints on the width of a page."""
        page = book.add_worksheet(name)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        return cls(page, name, styles)

    def put(self, row: int, column: int, content: Content, style: str = "text") -> None:
        """Write a cell; a text stays a text, whatever it begins with.

        A spreadsheet keeps about sixteen digits of a number.
        """
        look = self.styles[style]
        if isinstance(content, str):
            self.page.write_string(row, column, content, look)
        elif isinstance(content, Formula):
            value = content.value if isinstance(content.value, str) else float(content.value)
            self.page.write_formula(row, column, f"={content.text}", look, value)
        else:
            self.page.write_number(row, column, float(content), look)

    def heads(self, row: int) -> None:
        """Make a row high enough for headings of two lines."""
        self.page.set_row(row, _HEAD_HEIGHT)

    def widths(self, *widths: int) -> None:
        """Set the widths of the first columns, in characters."""
        for column, width in enumerate(widths):
            self.page.set_column(column, column, width)

    def far(self, cells: str) -> str:
        """Return the address of cells of this sheet as any sheet may write it."""
        name = self.name.replace("'", "''")
        return f"'{name}'!{cells}"


def cell(row: int, column: int, *, fixed: bool = False) -> str:
    """Return the address of a cell.

    >>> cell(2, 1), cell(2, 27, fixed=True)
    ('B3', '$AB$3')
    """
    letters, left = "", column + 1
    while left:
        left, rest = divmod(left - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"${letters}${row + 1}" if fixed else f"{letters}{row + 1}"


def cells(first: int, last: int, column: int) -> str:
    """Return the fixed address of a column of cells.

    >>> cells(2, 4, 1)
    '$B$3:$B$5'
    """
    return f"{cell(first, column, fixed=True)}:{cell(last, column, fixed=True)}"


def sheet_name(wanted: str, taken: set[str]) -> str:
    """Return a name that a spreadsheet allows and no other sheet has; it is taken from now on.

    >>> taken = {"checks"}
    >>> sheet_name("now: 20/50", taken), sheet_name("Checks", taken)
    ('now_ 20_50', 'Checks 2')
    """
    plain = re.sub(r"[\[\]:*?/\\]", "_", wanted).strip("'")[:_LONGEST_NAME] or "-"
    name, number = plain, 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain[: _LONGEST_NAME - len(str(number)) - 1]} {number}"
    taken.add(name.casefold())
    return name
