"""Reading and writing CSV files as offices really have them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TextIO

from libconsortium.core.errors import ImportFileError
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem
from libconsortium.files.tables.rows import FileLimits, Tables, table_of

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DELIMITERS = ",;\t"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def read_csv(name: str, source: str, data: bytes, limits: FileLimits | None = None) -> Tables:
    r"""Read a CSV file: any of the usual separators, UTF-8 or UTF-16, with or without a mark.

    A file that is not Unicode is read as Windows-1258, which Vietnamese Windows writes, and a
    problem says so.

    Args:
        name: The table's name.
        source: The file's path, for messages.
        data: The file's bytes.
        limits: How much is read.

    Raises:
        ImportFileError: The file is not text, or a quotation mark is never closed.

    >>> tables, problems = read_csv("library", "library.csv", b"id;name\r\ntlu;TLU\r\n")
    >>> tables[0].rows[0].values["name"], tables[0].rows[0].line
    ('TLU', 2)
    """
    limits = limits or FileLimits()
    text, problems = _decoded(source, data)
    text, skipped, delimiter = _delimiter(text)
    tables, more = table_of(name, source, _rows(source, text, skipped, delimiter, limits), limits)
    return tables, (*problems, *more)


def write_csv(file: TextIO, fields: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    r"""Write rows as CSV that ``read_csv`` gives back as they were.

    Nothing is changed in the values, so a value that begins with ``=`` is a formula to a
    spreadsheet program: for files that people open there, use ``write_csv_for_excel``.

    Args:
        file: Where to write; opened with ``newline=""``.
        fields: The headings.
        rows: One mapping per row; a missing field is an empty cell.

    >>> file = io.StringIO()
    >>> write_csv(file, ["id", "note"], [{"id": "tlu", "note": "=1+1"}])
    >>> file.getvalue()
    'id,note\r\ntlu,=1+1\r\n'
    """
    writer = csv.writer(file)
    writer.writerow(fields)
    writer.writerows([_text(row.get(field, "")) for field in fields] for row in rows)


def write_csv_for_excel(
    file: TextIO, fields: Sequence[str], rows: Iterable[Mapping[str, object]]
) -> None:
    """Write rows as CSV for people to open in Excel; not meant to be read back.

    The file begins with a byte-order mark, so that Excel sees Vietnamese letters. A text that
    begins with ``=``, ``+``, ``-`` or ``@`` gets an apostrophe in front, so that a value somebody
    else typed is never run as a formula; numbers are left alone.

    Args:
        file: Where to write; opened with ``newline=""`` and UTF-8.
        fields: The headings.
        rows: One mapping per row; a missing field is an empty cell.

    Source: OWASP, CSV Injection.

    >>> file = io.StringIO()
    >>> write_csv_for_excel(file, ["note"], [{"note": "=1+1"}, {"note": -5}])
    >>> file.getvalue().splitlines()[1:]
    ["'=1+1", '-5']
    """
    file.write("\ufeff")
    safe = ({field: _inert(row.get(field, "")) for field in fields} for row in rows)
    write_csv(file, [str(_inert(field)) for field in fields], safe)


def _inert(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_DANGEROUS) else value


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _decoded(source: str, data: bytes) -> tuple[str, list[Problem]]:
    marked = next(((len(mark), name) for mark, name in _MARKS if data.startswith(mark)), None)
    length, encoding = marked or (0, _unmarked(data))
    try:
        text, problems = data[length:].decode(encoding), []
    except UnicodeDecodeError as error:
        if marked or encoding != "utf-8":
            raise _not_text(source) from error
        try:
            text, problems = data.decode("cp1258"), [_guessed(source)]
        except UnicodeDecodeError as again:
            raise _not_text(source) from again
    if _CONTROL.search(text):
        raise _not_text(source)
    return text, problems


def _unmarked(data: bytes) -> str:
    # Text of our languages in UTF-16 has a zero byte in most of its first characters.
    start = data[:2000]
    if start.count(0) * 8 <= len(start):
        return "utf-8"
    return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"


def _guessed(source: str) -> Problem:
    return Problem(
        code="ENCODING_GUESSED",
        where=Place(source=source),
        what=Message("the file is not UTF-8; it was read as Windows-1258"),
        advice=Message("look at the names; save the file as CSV UTF-8 if they are wrong"),
    )


def _not_text(source: str) -> ImportFileError:
    return ImportFileError(
        "{source}: this is not a text file in an encoding we know; save it as CSV UTF-8",
        source=source,
    )


def _delimiter(text: str) -> tuple[str, int, str]:
    """Return the text of the table, the lines skipped before it, and its separator."""
    told = re.match(r"sep=(.)\r?\n", text)  # Excel's own way of saying it
    if told:
        return text[told.end() :], 1, told[1]
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"?', "", first)
    return text, 0, max(_DELIMITERS, key=bare.count)


def _rows(
    source: str, text: str, skipped: int, delimiter: str, limits: FileLimits
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1 + skipped
    try:
        for cells in reader:
            if len(cells) > limits.columns:
                raise ImportFileError(
                    "{source}:{line}: more than {most} columns; this is no table we can read",
                    source=source,
                    line=line,
                    most=limits.columns,
                )
            yield line, cells
            line = reader.line_num + 1 + skipped
    except csv.Error as error:
        raise ImportFileError(
            "{source}:{line}: the row that begins here cannot be read ({error});"
            " look for a quotation mark that is not closed or not doubled",
            source=source,
            line=line,
            error=error,
        ) from error
