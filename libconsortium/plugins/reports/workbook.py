"""A split, or several, as a workbook whose formulas work every share out again.

Every text is written as text, never as a formula, and the file holds no date of its making: the
same split gives the same bytes.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any, BinaryIO

from libconsortium import (
    Comparison,
    MissingExtraError,
    Snapshot,
    Split,
    minor_digits,
    translator,
)
from libconsortium.plugins.reports.check_sheet import write_checks
from libconsortium.plugins.reports.comparison_sheet import write_comparison
from libconsortium.plugins.reports.share_sheet import Places, write_shares
from libconsortium.plugins.reports.sheet import Sheet, sheet_name
from libconsortium.plugins.reports.title_tables import write_overlap_sheets, write_title_sheets

_NO_DATE = datetime(2000, 1, 1)  # noqa: DTZ001 - XlsxWriter takes no zone; any fixed moment will do


def write_workbook(snapshot: Snapshot, file: BinaryIO) -> None:
    """Write a snapshot of kind ``split``, ``overlap``, ``titles`` or ``comparison``.

    Args:
        snapshot: In ``data``: ``split`` (a Split) or ``comparison`` (a Comparison), and ``names``
            by member id.
        file: Where to write.

    Raises:
        MissingExtraError: XlsxWriter is not installed.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise MissingExtraError(
            "a workbook needs the package {package}; pip install 'libconsortium[{extra}]'",
            package="xlsxwriter",
            extra="report",
        ) from error
    whole = io.BytesIO()
    book = xlsxwriter.Workbook(
        whole, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": snapshot.title, "created": _NO_DATE})
    if snapshot.kind == "comparison":
        _write_comparison(book, snapshot)
    elif snapshot.kind == "overlap":
        write_overlap_sheets(book, snapshot, _styles(book, 0))
    elif snapshot.kind == "titles":
        write_title_sheets(book, snapshot, _styles(book, 0))
    else:
        _write_split(book, snapshot)
    book.close()
    file.write(whole.getvalue())


def _write_split(book: Any, snapshot: Snapshot) -> None:  # noqa: ANN401 - XlsxWriter has no types
    _ = translator(snapshot.language)
    split: Split = snapshot.data["split"]
    styles = _styles(book, minor_digits(split.bill.amount.currency))
    shares = Sheet.added(book, _("Shares"), styles)
    places = write_shares(shares, book, split, snapshot)
    write_checks(Sheet.added(book, _("Checks"), styles), {"": places}, snapshot.language)


def _write_comparison(book: Any, snapshot: Snapshot) -> None:  # noqa: ANN401 - XlsxWriter has no types
    """Write a sheet for all policies, one for each that can be kept, and one of checks."""
    _ = translator(snapshot.language)
    found: Comparison = snapshot.data["comparison"]
    styles = _styles(book, minor_digits(found.bill.amount.currency))
    together = Sheet.added(book, _("Comparison"), styles)
    taken = {together.name.casefold(), _("Checks").casefold()}
    places: dict[str, Places] = {}
    for number, one in enumerate(found.outcomes, 1):
        if one.split is not None:
            sheet = Sheet.added(book, sheet_name(one.name, taken), styles)
            suffix = f"_{number}"
            places[one.name] = write_shares(sheet, book, one.split, snapshot, suffix=suffix)
    write_comparison(together, found, places, snapshot)
    write_checks(Sheet.added(book, _("Checks"), styles), places, snapshot.language)


def _styles(book: Any, digits: int) -> dict[str, Any]:  # noqa: ANN401 - XlsxWriter has no types
    money = "#,##0" + ("." + "0" * digits if digits else "")
    exact = "#,##0." + "0" * (digits + 4)
    head = {"bold": True, "bg_color": "#DDEAF3", "text_wrap": True, "border": 1, "valign": "top"}
    return {
        name: book.add_format(look)
        for name, look in {
            "title": {"bold": True, "font_size": 14},
            "head": head,
            "text": {},
            "note": {"text_wrap": True, "valign": "top"},
            "number": {"num_format": "#,##0.######"},
            "money": {"num_format": money},
            "sum": {"num_format": money, "bold": True, "top": 1},
            "exact": {"num_format": exact},
            "percent": {"num_format": "0.000%"},
            "bold": {"bold": True},
            "dash": {"bold": True, "top": 1, "align": "right"},
            "verdict": {"bold": True, "align": "center", "border": 1},
        }.items()
    }
