"""Reading workbooks (XLSX, ODS): values only, no formula is ever run."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import timedelta

from libconsortium.core.errors import ImportFileError, MissingExtraError
from libconsortium.core.problems import Problem
from libconsortium.files.tables.rows import FileLimits, Table, Tables, table_of

# A filled cell far from the others: the reader fills the space between, be it all memory.
_FILLED_CELL = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["'][^>]*(?<!/)>"""
)
_REPEATED_CELL = re.compile(
    rb"""<table:table-cell[^>]*columns-repeated=["']([0-9]+)["'][^>]*(?<!/)>"""
)
_REPEATED_ROW = re.compile(
    rb"""<table:table-row[^>]*rows-repeated=["']([0-9]+)["'][^>]*>"""
    rb"""(?:(?!</table:table-row>).)*?<table:table-cell(?:[^>]*[^>/])?>""",
    re.DOTALL,
)
_LETTERS = 26


def read_spreadsheet(
    name: str, source: str, data: bytes, limits: FileLimits | None = None
) -> Tables:
    """Read every visible sheet of a workbook as one table; the first filled row has the headings.

    Args:
        name: Not used; the sheets have names.
        source: The file's path, for messages.
        data: The file's bytes.
        limits: How much is read.

    Raises:
        ImportFileError: This is no workbook, or one that would not fit into memory.
        MissingExtraError: python-calamine is not installed.

    >>> read_spreadsheet("", "x.xlsx", b"not a workbook")
    Traceback (most recent call last):
    ...
    libconsortium.core.errors.ImportFileError: ...
    """
    del name
    limits = limits or FileLimits()
    _refuse_bombs(source, data, limits)
    tables: list[Table] = []
    problems: list[Problem] = []
    for sheet, rows in _sheets(source, data):
        some, wrong = table_of(sheet, f"{source}[{sheet}]", rows, limits)
        tables += some
        problems += wrong
    return tuple(tables), tuple(problems)


def sheet_rows(source: str, data: bytes, limits: FileLimits) -> Iterator[tuple[int, list[object]]]:
    """Return the numbered rows of a workbook's first visible sheet that is not empty.

    Raises:
        ImportFileError: This is no workbook, or one that would not fit into memory.
        MissingExtraError: python-calamine is not installed.

    >>> sheet_rows("x.xlsx", b"not a workbook", FileLimits())
    Traceback (most recent call last):
    ...
    libconsortium.core.errors.ImportFileError: ...
    """
    _refuse_bombs(source, data, limits)
    for _, rows in _sheets(source, data):
        found = list(rows)
        if found:
            return iter(found)
    return iter(())


def _sheets(source: str, data: bytes) -> Iterator[tuple[str, Iterator[tuple[int, list[object]]]]]:
    try:
        from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum
    except ImportError as error:
        raise MissingExtraError(
            "reading workbooks needs the package {package};"
            " pip install 'libconsortium[{extra}]', or save each sheet as CSV",
            package="python-calamine",
            extra="tables",
        ) from error
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for sheet in workbook.sheets_metadata:
            if sheet.visible is SheetVisibleEnum.Visible:
                cells = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
                yield sheet.name, _numbered(cells)
    except CalamineError as error:
        raise ImportFileError(
            "{source}: this workbook cannot be read: {error}; save it again, without a password",
            source=source,
            error=error,
        ) from error


def _numbered(rows: Sequence[Sequence[object]]) -> Iterator[tuple[int, list[object]]]:
    for number, cells in enumerate(rows, start=1):
        yield number, [_plain(cell) for cell in cells]


def _plain(cell: object) -> object:
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)  # a workbook has no other numbers than doubles
    return str(cell) if isinstance(cell, timedelta) else cell


def _refuse_bombs(source: str, data: bytes, limits: FileLimits) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > limits.unpacked_bytes:
                raise ImportFileError(
                    "{source}: the workbook unpacks to more than {most} MB; split it",
                    source=source,
                    most=limits.unpacked_bytes // 2**20,
                )
            for part in parts:
                if _is_sheet(part.filename):
                    _refuse_far_cells(source, archive.read(part), limits)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise ImportFileError(
            "{source}: this is no workbook (XLSX or ODS), or it has a password; save it again",
            source=source,
        ) from error


def _is_sheet(filename: str) -> bool:
    return filename == "content.xml" or filename.startswith("xl/worksheets/")


def _refuse_far_cells(source: str, xml: bytes, limits: FileLimits) -> None:
    rows = columns = 1
    for letters, digits in _FILLED_CELL.findall(xml):
        rows = max(rows, int(digits))
        columns = max(columns, _column(letters))
    columns = max(columns, *map(int, _REPEATED_CELL.findall(xml)), 1)
    rows = max(rows, *map(int, _REPEATED_ROW.findall(xml)), 1)
    if rows * columns > limits.cells:
        raise ImportFileError(
            "{source}: a sheet reaches to row {rows} and column {columns};"
            " delete what stands far from the table",
            source=source,
            rows=rows,
            columns=columns,
        )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + letter - ord("A") + 1
    return number
