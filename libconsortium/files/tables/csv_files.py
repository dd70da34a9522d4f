"""Reading and writing CSV files as offices really have them."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TextIO

from libconsortium.core.catalogue.tcvn3 import is_marked_syllable
from libconsortium.core.errors import ImportFileError
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem
from libconsortium.files.tables.rows import FileLimits, Tables, table_of

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DELIMITERS = ",;\t|"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def read_csv(name: str, source: str, data: bytes, limits: FileLimits | None = None) -> Tables:
    r"""Read a CSV file: any of the usual separators, UTF-8 or UTF-16, with or without a mark.

    A file that is not Unicode is read as Windows-1258, which Vietnamese Windows writes, if that
    gives Vietnamese words, and else as Windows-1252, in which the texts of old fonts stay what they
    are; a problem says so.

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
        encoding = "Windows-1258" if _is_1258(data) else "Windows-1252"
        text, problems = _in_windows(source, data, encoding), [_guessed(source, encoding)]
    if _CONTROL.search(text):
        raise _not_text(source)
    return text, problems


def _is_1258(data: bytes) -> bool:
    """Say whether half of the words with accents are Vietnamese in Windows-1258."""
    try:
        text = unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError:
        return False
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    return 2 * sum(map(_is_vietnamese, words)) >= len(words)


def _is_vietnamese(word: str) -> bool:
    is_cased = word[1:].islower() or word.isupper()  # not «tÕ»
    return is_cased and is_marked_syllable(word)


def _in_windows(source: str, data: bytes, encoding: str) -> str:
    if encoding == "Windows-1258":
        return data.decode("cp1258")
    signs = data.translate(None, _ASCII)
    if 4 * len(signs.translate(None, _LETTERS_THERE)) > len(signs):
        raise _not_text(source)
    # Bytes that Windows gives no letter stay the control characters that old encodings use.
    return "".join(
        piece.decode("latin-1" if piece in _WITHOUT_LETTER else "cp1252")
        for piece in _PIECES.findall(data)
    )


_WITHOUT_LETTER = frozenset({b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"})
_ASCII = bytes(range(128))
_LETTERS_THERE = bytes(byte for byte in range(256) if byte not in b"\x81\x8d\x8f\x90\x9d")
_PIECES = re.compile(rb"[^\x81\x8d\x8f\x90\x9d]+|[\x81\x8d\x8f\x90\x9d]")
_WORD = re.compile(r"[^\s\d!-/:-@\[-`{-~]{2,}")


def _unmarked(data: bytes) -> str:
    # Text of our languages in UTF-16 has a zero byte in most of its first characters.
    start = data[:2000]
    if start.count(0) * 8 <= len(start):
        return "utf-8"
    return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"


def _guessed(source: str, encoding: str) -> Problem:
    return Problem(
        code="ENCODING_GUESSED",
        where=Place(source=source),
        what=Message("the file is not UTF-8; it was read as {encoding}", encoding=encoding),
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
    filled = (line for line in io.StringIO(text) if line.strip())
    begin = [re.sub(r'"[^"]*"?', "", line) for line in islice(filled, _TITLE_LINES)]
    counts = [max(map(line.count, _DELIMITERS)) for line in begin]
    # Where a title stands above the table, its headings say what separates.
    first = next((place for place, count in enumerate(counts) if count), 0)
    is_heading = counts[first : first + 1] >= [_HEADINGS - 1] and len(counts) > first + 1
    heading = begin[first] if is_heading else "".join(begin[:1])
    return text, 0, max(_DELIMITERS, key=heading.count)


_TITLE_LINES, _HEADINGS = 12, 3


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
