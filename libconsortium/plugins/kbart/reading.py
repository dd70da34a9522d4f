"""Reads KBART lists: TSV as they should be, and CSV, XLSX and other encodings as they come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from libconsortium import (
    Coverage,
    Message,
    Place,
    Problem,
    PublicationType,
    Severity,
    TitleEvent,
    TitleRow,
    read_cells,
    sorted_pairs,
    text_encoding,
)
from libconsortium.plugins.kbart.checks import Line, line_problems
from libconsortium.plugins.kbart.columns import Columns, column_problems, columns_of
from libconsortium.plugins.kbart.doubles import Doubles

_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_FIRST_LINES = 3
_WORKBOOK = b"PK"


def recognises(start: bytes) -> bool:
    r"""Say whether a file begins like a table of titles.

    >>> recognises(b"publication_title\tprint_identifier\n"), recognises(b'{"title": 1}')
    (True, False)
    """
    if start.startswith(_WORKBOOK):
        return True
    encoding = next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8")
    text = start.decode(encoding, "replace").replace("\0", "").lstrip("\ufeff \r\n")
    lines = text.casefold().splitlines()[:_FIRST_LINES]
    is_table = any("\t" in line or line.count(",") > 1 for line in lines)
    return not text.startswith(("{", "[", "<")) and is_table and "title" in "".join(lines)


def read(source: str, file: BinaryIO) -> Iterator[TitleEvent]:
    r"""Yield the titles of a list, and everything that is wrong with it.

    Args:
        source: The file's name, for messages.
        file: The file.

    Raises:
        FileRefusedError: This is no KBART list.
        ImportFileError: The file cannot be read at all.

    >>> import io
    >>> from libconsortium.plugins.kbart.columns import PHASE_I
    >>> table = "\t".join(PHASE_I) + "\nTạp chí Ví dụ\t\t0378-5955\n"
    >>> [type(event).__name__ for event in read("x.tsv", io.BytesIO(table.encode()))][:2]
    ['Problem', 'TitleRow']
    """
    yield from _form_problems(source, file)
    rows, problems = read_cells(source, file)
    yield from problems
    filled = ((line, row) for line, row in rows if any(str(cell).strip() for cell in row))
    _, headings = next(filled, (0, []))
    columns = columns_of(headings)
    yield from column_problems(columns, source)
    doubles, count = Doubles(), 0
    for number, cells in filled:
        line = Line(
            row=_title_row(cells, columns, Place(source=source, line=number)),
            columns=columns,
            source=source,
            number=number,
        )
        count += 1
        yield line.row
        yield from _shifted(line, cells)
        yield from line_problems(line)
        yield from doubles.problems(line)
    if not count:
        yield Problem(
            code="LIST_EMPTY",
            where=Place(source=source),
            what=Message("the list has headings, but no titles"),
            advice=Message("fetch it again; ask the supplier if it stays so"),
        )


def _form_problems(source: str, file: BinaryIO) -> Iterator[Problem]:
    """Yield in what the file is not as KBART asks: text, tabs, UTF-8."""
    start = file.read(2**16)
    file.seek(0)
    if start.startswith(_WORKBOOK):
        yield _form(source, "WORKBOOK", Message("KBART lists are text files, not workbooks"))
        return
    encoding, problems = text_encoding(source, file)
    if not encoding.startswith("utf-8") and not problems:
        what = Message("the file is in {encoding}, not in UTF-8", encoding=encoding.upper())
        yield _form(source, "NOT_UTF8", what)
    first = start.decode(encoding, "ignore").lstrip("\ufeff").splitlines()[:1]
    if first and "\t" not in first[0]:
        yield _form(source, "NOT_TABS", Message("columns are not separated by tabs"))


def _form(source: str, code: str, what: Message) -> Problem:
    return Problem(
        code=code,
        where=Place(source=source),
        what=what,
        advice=Message("it was read all the same; other programs may not"),
    )


def _shifted(line: Line, cells: Sequence[object]) -> Iterator[Problem]:
    count = len(cells)
    while count > line.columns.count and not str(cells[count - 1]).strip():
        count -= 1
    if count > line.columns.count:
        yield line.problem(
            "CELLS_TOO_MANY",
            "",
            Message(
                "{count} cells under {columns} headings", count=count, columns=line.columns.count
            ),
            Message("a cell may hold a tab: its neighbours stand in the wrong columns"),
            Severity.ERROR,
        )
    elif count < line.columns.count:
        yield line.problem(
            "CELLS_TOO_FEW",
            "",
            Message(
                "{count} cells under {columns} headings", count=count, columns=line.columns.count
            ),
            Message("a tab may be missing: look whether the cells stand in their columns"),
            Severity.INFO,
        )


def _title_row(cells: Sequence[object], columns: Columns, place: Place) -> TitleRow:
    def said(name: str) -> str:
        return columns.text(cells, name)

    kind = said("publication_type").casefold()
    others = {
        heading: str(cells[column]).strip()
        for heading, column in columns.others.items()
        if column < len(cells)
    }
    return TitleRow(
        title=said("publication_title"),
        print_identifier=said("print_identifier"),
        online_identifier=said("online_identifier"),
        coverage=Coverage(
            first_date=said("date_first_issue_online"),
            first_volume=said("num_first_vol_online"),
            first_issue=said("num_first_issue_online"),
            last_date=said("date_last_issue_online"),
            last_volume=said("num_last_vol_online"),
            last_issue=said("num_last_issue_online"),
            embargo=said("embargo_info"),
            depth=said("coverage_depth"),
            notes=said("notes"),
        ),
        url=said("title_url"),
        title_id=said("title_id"),
        publication_type=PublicationType(kind) if kind in set(PublicationType) else None,
        publisher=said("publisher_name"),
        first_author=said("first_author"),
        first_editor=said("first_editor"),
        volume=said("monograph_volume"),
        edition=said("monograph_edition"),
        published_print=said("date_monograph_published_print"),
        published_online=said("date_monograph_published_online"),
        parent_id=said("parent_publication_title_id"),
        preceding_id=said("preceding_publication_title_id"),
        access_type=said("access_type"),
        others=sorted_pairs(others),
        place=place,
    )
