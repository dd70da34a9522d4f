"""Rows of cells out of the files that lists of titles come in."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain, dropwhile
from pathlib import Path
from typing import TextIO

from libconsortium.core.errors import ImportFileError
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity
from libconsortium.files.tables import (
    FileLimits,
    NumberedRows,
    passed_over,
    read_cells,
    read_spreadsheet,
    text_encoding,
)
from libconsortium.files.tables.json_objects import json_cell, listed_objects
from libconsortium.load_steps.title_files.columns import TitleColumns
from libconsortium.load_steps.title_files.opening import opened, plain_name

Rows = tuple[NumberedRows, tuple[Problem, ...]]
"""Numbered rows, the headings first, and what was wrong with the file as a whole."""

_LIMITS = FileLimits(file_bytes=2**31, unpacked_bytes=2**33, rows=20_000_000, cells=2_000_000_000)
_DELIMITERS = ",\t;|%"
_HEAD = 2**16  # bytes
_WORKBOOK = b"PK\x03\x04"
_TITLE_LINES = 12
_LINE_END = re.compile(r"\r\n|\r|\n")
_EXCELS_WAY = re.compile(r"sep=(.)\s*")  # a first line that names the separator


def text_rows(path: Path, columns: TitleColumns) -> Rows:
    """Read a text table; what separates its cells is what makes the headings known ones.

    A workbook that was given the name of a text is read as what it is.

    Raises:
        ImportFileError: The file cannot be read, or is no text.
        MissingExtraError: Workbooks need a package that is not installed.
    """
    with opened(path) as file:
        if file.read(len(_WORKBOOK)) == _WORKBOOK:
            return spreadsheet_rows(path, columns)
        encoding, problems = text_encoding(str(path), file)
        head = file.read(_HEAD).decode(encoding, "ignore")
    above, line, delimiter = _headings(head, columns)

    def _rows() -> NumberedRows:
        with opened(path) as again:
            numbered, _ = read_cells(str(path), again, delimiter=delimiter)
            yield from dropwhile(lambda row: row[0] < line, numbered)

    return _rows(), (*problems, *([passed_over(str(path), line, above)] if above else []))


def _headings(head: str, columns: TitleColumns) -> tuple[int, int, str]:
    """Find the headings: rows above them, their line, and what separates their cells.

    They stand in the first line that names an id and a title, or else in the first line of all.
    """
    numbered = enumerate(_LINE_END.split(head.lstrip("\ufeff")), start=1)
    filled = [(line, text) for line, text in numbered if text.strip()][:_TITLE_LINES]
    told = _EXCELS_WAY.fullmatch(filled[0][1]) if filled else None
    filled = filled[1:] if told else filled
    found = [
        (above, line, max(told[1] if told else _DELIMITERS, key=partial(_fit, text, columns)))
        for above, (line, text) in enumerate(filled)
    ]
    for above, line, mark in found:
        if {"id", "title"} <= columns.places(dict(filled)[line].split(mark)).keys():
            return above, line, mark
    return found[0] if found else (0, 1, _DELIMITERS[0])


def _fit(text: str, columns: TitleColumns, mark: str) -> tuple[int, int]:
    headings = text.split(mark)
    return len(columns.places(headings)), len(headings)


def spreadsheet_rows(path: Path, _: TitleColumns) -> Rows:
    """Read the first sheet of a workbook.

    Raises:
        ImportFileError: The file cannot be read.
        MissingExtraError: Workbooks need a package that is not installed.
    """
    with opened(path) as file:
        tables, problems = read_spreadsheet(path.name, str(path), file.read(), _LIMITS)
    if not tables:
        return iter(()), problems
    table = tables[0]
    body = ((row.line, [row.values[field] for field in table.fields]) for row in table.rows)
    return chain([(1, list[object](table.fields))], body), problems


def json_rows(path: Path, columns: TitleColumns) -> Rows:
    """Read a file of one JSON object a line, a list of them, or an object with such a list.

    Each may have keys of its own. What is no JSON object is a problem; the others are read.

    Raises:
        ImportFileError: The file cannot be read, or nothing in it is a JSON object.
    """
    with opened(path) as file:
        encoding, problems = text_encoding(str(path), file)
    objects: list[tuple[int, dict[str, object]]] = []
    refused: list[Problem] = []
    halved: list[Problem] = []
    for number, found in _objects(path, encoding):
        if isinstance(found, Message):
            refused.append(_refused(path, number, found))
            continue
        if (whole := _without_halves(found)) != found:
            halved.append(_halved(path, number))
        objects.append((number, _under_own_names(whole, columns)))
    if refused and not objects:
        first = refused[0]
        raise ImportFileError("{where}: {what}", where=first.where, what=first.what)
    headings = list(dict.fromkeys(key for _, one in objects for key in one))
    rows = ((number, [json_cell(one.get(key)) for key in headings]) for number, one in objects)
    together = chain([(0, list[object](headings))], rows) if objects else iter(())
    return together, (*problems, *refused, *halved)


_Found = dict[str, object] | Message
"""A JSON object, or why it is none."""


def _objects(path: Path, encoding: str) -> Iterator[tuple[int, _Found]]:
    """Give the objects of a file by line; by their place in the list if it is one."""
    with io.TextIOWrapper(opened(path), encoding=encoding, newline="\n") as text:
        if _is_whole(path, text):
            try:
                found = json.loads(text.read().lstrip("\ufeff"))
            except (ValueError, RecursionError):
                text.seek(0)  # lines after all
            else:
                yield from enumerate(map(_checked, listed_objects(found)), start=1)
                return
        for number, line in enumerate(text, start=1):
            if line.strip():
                yield number, _object(line)


def _is_whole(path: Path, text: TextIO) -> bool:
    """Say whether a file may be one list: by its ending, or because it begins like one."""
    begin = text.read(_HEAD).lstrip("\ufeff \r\n\t")
    text.seek(0)
    return begin.startswith("[") or plain_name(path).suffix.lower() == ".json"


def _object(line: str) -> _Found:
    try:
        return _checked(json.loads(line.lstrip("\ufeff").rstrip()))
    except json.JSONDecodeError as error:
        return Message(
            "the line is no JSON from character {place} on: {error}",
            place=error.pos + 1,
            error=error.msg,
        )
    except (ValueError, RecursionError) as error:
        return Message("the line is no JSON: {error}", error=str(error))


def _checked(found: object) -> _Found:
    return found if isinstance(found, dict) else Message("the line is no JSON object")


def _without_halves(found: dict[str, object]) -> dict[str, object]:
    """Put ``?`` for the halves of characters that JSON can write and no file can hold."""
    text = json.dumps(found, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        whole: dict[str, object] = json.loads(text.encode("utf-8", "replace"))
        return whole
    return found


def _halved(path: Path, line: int) -> Problem:
    return Problem(
        code="HALF_CHARACTERS",
        where=Place(source=str(path), line=line),
        what=Message("the line holds halves of characters (surrogates); '?' stands for each"),
        advice=Message("tell whoever made the file"),
    )


def _under_own_names(found: dict[str, object], columns: TitleColumns) -> dict[str, object]:
    """Put the names of our columns for the keys that mean them, so that lines may differ."""
    keys = list(found)
    own = {place: name for name, place in columns.places(keys).items()}
    named = {own[place]: found[key] for place, key in enumerate(keys) if place in own}
    return {**{key: found[key] for place, key in enumerate(keys) if place not in own}, **named}


def _refused(path: Path, line: int, what: Message) -> Problem:
    return Problem(
        code="LINE_NOT_READ",
        where=Place(source=str(path), line=line),
        what=what,
        advice=Message("write one JSON object a line; the other lines are read"),
        severity=Severity.ERROR,
    )


def numbered(rows: Iterable[tuple[int, list[object]]]) -> Iterator[tuple[int, list[str]]]:
    """Give the rows that are not blank, their cells as texts without blanks around.

    >>> list(numbered([(1, ["a ", 2019.0]), (2, ["", " "])]))
    [(1, ['a', '2019'])]
    """
    for line, cells in rows:
        texts = [_text(cell) for cell in cells]
        if any(texts):
            yield line, texts


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip().lstrip("\ufeff") if cell is not None else ""
