"""Rows of cells as they stand, for files that have more than a table in them (report headers)."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO, Literal

import attrs

from libconsortium.core.errors import ImportFileError
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem
from libconsortium.files.tables.rows import FileLimits
from libconsortium.files.tables.spreadsheets import sheet_rows

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_START_BYTES = 2**16
_FIRST_LINES = 50
_DELIMITERS = "\t,;|"
_WORKBOOKS = (b"PK\x03\x04",)
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f]")
_CHARACTERS_A_STRAY = 100  # more than one in a hundred is no text
# Tone marks that follow their vowel, as only Windows-1258 writes them, and no Western text does.
_VIETNAMESE = re.compile(r"[aeiouyăâêôơưđAEIOUYĂÂÊÔƠƯĐ][\u0300\u0301\u0303\u0309\u0323]")

NumberedRows = Iterator[tuple[int, list[object]]]
"""Line number in the file (or row number in the sheet), and the cells."""


@attrs.frozen(kw_only=True)
class Cells:
    """What is known of a text before its rows are read.

    Args:
        encoding: The encoding to read it in.
        delimiter: What stands between two cells.
        quotes: ``strict`` if quotation marks enclose cells, ``lenient`` if they do so with
            mistakes, ``none`` if they are letters like any others.
    """

    encoding: str
    delimiter: str
    quotes: Literal["strict", "lenient", "none"]


def read_cells(
    source: str, file: BinaryIO, limits: FileLimits | None = None, *, delimiter: str = ""
) -> tuple[NumberedRows, tuple[Problem, ...]]:
    r"""Read a text table or the first sheet of a workbook, row by row, nothing left out.

    Text may be UTF-8, UTF-16 or UTF-32, with or without a mark, or a Windows encoding (a problem
    says so); lines may end in any way; tabs, commas, semicolons or bars may separate. Text is
    streamed: it may be as large as the disk allows.

    Args:
        source: The file's name, for messages.
        file: The file, at its beginning; it is read more than once.
        limits: How much of a workbook is read.
        delimiter: What separates the cells of a text; found out if not given.

    Raises:
        ImportFileError: The file is neither text nor a workbook.
        MissingExtraError: A workbook needs a package that is not installed.

    >>> rows, problems = read_cells("x.tsv", io.BytesIO(b"a\tb\r\n1\t\"2\"\r\n"))
    >>> list(rows), problems
    ([(1, ['a', 'b']), (2, ['1', '2'])], ())
    """
    start = file.read(_START_BYTES)
    file.seek(0)
    if start.startswith(_WORKBOOKS):
        return sheet_rows(source, file.read(), limits or FileLimits()), ()
    encoding, problems = text_encoding(source, file)
    delimiter = delimiter or _delimiter(start, encoding)
    cells = Cells(encoding=encoding, delimiter=delimiter, quotes="strict")
    if not _is_quoted_well(file, cells):
        is_quoted = _text_of(start, encoding).lstrip().startswith('"')
        lenient, none = (attrs.evolve(cells, quotes="lenient"), attrs.evolve(cells, quotes="none"))
        others = (lenient, none) if is_quoted else (none, lenient)
        cells = max((cells, *others), key=lambda reading: _fitting(file, reading))
    return _rows(source, file, cells), problems


def text_encoding(source: str, file: BinaryIO) -> tuple[str, tuple[Problem, ...]]:
    """Find the encoding of a text file by reading all of it; a problem tells of a guess.

    Args:
        source: The file's name, for messages.
        file: The file; it stands at its beginning afterwards.

    Raises:
        ImportFileError: The file is not text in an encoding we know.

    >>> text_encoding("x.txt", io.BytesIO("số liệu".encode("utf-16")))
    ('utf-16', ())
    """
    file.seek(0)
    start = file.read(_START_BYTES)
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), None)
    encoding = marked or _unmarked(start)
    strays = _strays(file, encoding)
    if strays is not None:
        return encoding, _stray_problems(source, strays)
    if encoding in {"utf-8", "utf-8-sig"}:
        for guessed in (_windows(start), "cp1252", "latin-1"):
            strays = _strays(file, guessed)
            if strays is not None:
                return guessed, (_guess(source, guessed), *_stray_problems(source, strays))
    raise ImportFileError(
        "{source}: this is not a text file in an encoding we know; ask for it in UTF-8",
        source=source,
    )


def _unmarked(start: bytes) -> str:
    # Text of our languages in UTF-16 has a zero byte in most of its first characters.
    sample = start[:2000]
    if sample.count(0) * 8 <= len(sample):
        return "utf-8"
    return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"


def _windows(start: bytes) -> str:
    return "cp1258" if _VIETNAMESE.search(start.decode("cp1258", "replace")) else "cp1252"


def _strays(file: BinaryIO, encoding: str) -> int | None:
    """Count the control characters that strayed into a text; ``None`` if it is no text at all."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    characters = strays = 0
    file.seek(0)
    try:
        while piece := file.read(2**20):
            text = decoder.decode(piece)
            if "\0" in text:
                return None
            characters += len(text)
            strays += len(_CONTROL.findall(text))
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    finally:
        file.seek(0)
    return strays if strays * _CHARACTERS_A_STRAY <= characters else None


def _stray_problems(source: str, strays: int) -> tuple[Problem, ...]:
    if not strays:
        return ()
    return (
        Problem(
            code="CONTROL_CHARACTERS",
            where=Place(source=source),
            what=Message("{count} control characters stand in the text", count=strays),
            advice=Message("other programs may refuse the file; tell its maker"),
        ),
    )


def _guess(source: str, encoding: str) -> Problem:
    return Problem(
        code="ENCODING_GUESSED",
        where=Place(source=source),
        what=Message(
            "the file is not UTF-8; it was read as {encoding}",
            encoding=encoding.replace("cp", "Windows-"),
        ),
        advice=Message("look at letters with accents; ask for the file in UTF-8 if they are wrong"),
    )


def _delimiter(start: bytes, encoding: str) -> str:
    """Return the separator that the longest of the first lines has most often."""
    lines = _text_of(start, encoding).splitlines()
    bare = [re.sub(r'"[^"]*"?', "", line) for line in lines[:_FIRST_LINES]]
    if any("\t" in line for line in bare):
        return "\t"  # no title holds one
    return max(_DELIMITERS, key=lambda mark: max((line.count(mark) for line in bare), default=0))


def _text_of(start: bytes, encoding: str) -> str:
    return codecs.getincrementaldecoder(encoding)("ignore").decode(start)


def _is_quoted_well(file: BinaryIO, cells: Cells) -> bool:
    """Say whether quotation marks enclose cells beyond doubt."""
    try:
        for _, row in _parsed(file, cells):
            if any("\n" in (text := str(cell)) and cells.delimiter in text for cell in row):
                return False  # one that nobody closed may have swallowed lines
    except csv.Error:
        return False
    finally:
        file.seek(0)
    return True


def _fitting(file: BinaryIO, cells: Cells) -> int:
    """Count the cells in rows of one width: a wrong reading tears rows apart or swallows them."""
    widths: Counter[int] = Counter()
    try:
        for _, row in _parsed(file, cells):
            # Where quotation marks are letters, a comma with a blank behind it tore a text apart.
            is_torn = cells.quotes == "none" and any(str(cell)[:1] == " " for cell in row)
            widths[0 if is_torn else len(row)] += 1
    except csv.Error:
        return -1
    finally:
        file.seek(0)
    return max((width * count for width, count in widths.items()), default=0)


def _rows(source: str, file: BinaryIO, cells: Cells) -> NumberedRows:
    line = 0
    try:
        for line, row in _parsed(file, cells):
            yield line, row
    except csv.Error as error:
        raise ImportFileError(
            "{source}:{line}: the rows after this one cannot be read ({error})",
            source=source,
            line=line,
            error=error,
        ) from error


def _parsed(file: BinaryIO, cells: Cells) -> NumberedRows:
    text = io.TextIOWrapper(file, encoding=cells.encoding, newline="")
    reader = csv.reader(
        text,
        delimiter=cells.delimiter,
        quoting=csv.QUOTE_NONE if cells.quotes == "none" else csv.QUOTE_MINIMAL,
        strict=cells.quotes == "strict",
    )
    try:
        line = 1
        for row in reader:
            yield line, list(row)
            line = reader.line_num + 1
    finally:
        if not file.closed:  # whoever reads may stop early, and close the file first
            text.detach()
