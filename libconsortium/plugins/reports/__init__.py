"""Report files that come in the box: CSV, a workbook with live formulas, one page of HTML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from libconsortium import Report, Snapshot, hookimpl


def _csv(snapshot: Snapshot, file: BinaryIO) -> None:
    from libconsortium.plugins.reports.csv_file import write_csv_report

    write_csv_report(snapshot, file)


def _workbook(snapshot: Snapshot, file: BinaryIO) -> None:
    from libconsortium.plugins.reports.workbook import write_workbook

    write_workbook(snapshot, file)


def _page(snapshot: Snapshot, file: BinaryIO) -> None:
    from libconsortium.plugins.reports.page import write_page

    write_page(snapshot, file)


@hookimpl
def consortium_reports() -> Iterator[Report]:
    """Yield our reports."""
    yield Report(
        name="csv",
        summary="One table for a spreadsheet program.",
        kinds=frozenset({"split", "overlap"}),
        media_type="text/csv; charset=utf-8",
        suffix=".csv",
        write=_csv,
    )
    yield Report(
        name="xlsx",
        summary="A workbook whose formulas work the split out again, with a sheet of checks.",
        kinds=frozenset({"split"}),
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        suffix=".xlsx",
        write=_workbook,
    )
    yield Report(
        name="html",
        summary="One page with tables and charts that needs nothing else.",
        kinds=frozenset({"summary", "split", "overlap"}),
        media_type="text/html; charset=utf-8",
        suffix=".html",
        write=_page,
    )
