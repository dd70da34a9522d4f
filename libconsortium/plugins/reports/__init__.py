"""Report files in the box: CSV, JSON, a workbook with live formulas, pages of HTML, a PDF."""

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
    if snapshot.kind == "statement":
        from libconsortium.plugins.reports.statement_page import write_statement_page

        write_statement_page(snapshot, file)
        return
    from libconsortium.plugins.reports.page import write_page

    write_page(snapshot, file)


def _pdf(snapshot: Snapshot, file: BinaryIO) -> None:
    from libconsortium.plugins.reports.statement_pdf import write_statement_pdf

    write_statement_pdf(snapshot, file)


def _json(snapshot: Snapshot, file: BinaryIO) -> None:
    from libconsortium.plugins.reports.json_file import write_json

    write_json(snapshot, file)


@hookimpl
def consortium_reports() -> Iterator[Report]:
    """Yield our reports."""
    yield Report(
        name="csv",
        summary="One table for a spreadsheet program.",
        kinds=frozenset({"split", "overlap", "titles", "comparison"}),
        media_type="text/csv; charset=utf-8",
        suffix=".csv",
        write=_csv,
    )
    yield Report(
        name="xlsx",
        summary="A workbook whose formulas work the split out again, with a sheet of checks.",
        kinds=frozenset({"split", "overlap", "titles", "comparison"}),
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        suffix=".xlsx",
        write=_workbook,
    )
    yield Report(
        name="html",
        summary="One page with tables and charts that needs nothing else.",
        kinds=frozenset(
            {"summary", "split", "overlap", "titles", "comparison", "what-if", "glide", "statement"}
        ),
        media_type="text/html; charset=utf-8",
        suffix=".html",
        write=_page,
    )
    yield Report(
        name="pdf",
        summary="A statement to print and sign.",
        kinds=frozenset({"statement"}),
        media_type="application/pdf",
        suffix=".pdf",
        write=_pdf,
    )
    yield Report(
        name="json",
        summary="The figures for other programs.",
        kinds=frozenset({"split", "comparison", "what-if", "glide", "statement"}),
        media_type="application/json",
        suffix=".json",
        write=_json,
    )
