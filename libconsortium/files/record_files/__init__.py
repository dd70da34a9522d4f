"""Records as files that other programs read: MARCXML, ISO 2709, JSON Lines, CSV, KBART, Solr.

A record that came as MARC 21 goes out as it came; others are written field by field, as their
crosswalk read them. What a format cannot hold is told, never silently lost.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import BinaryIO

from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem
from libconsortium.core.text import on_one_line
from libconsortium.files.record_files.kbart import KBART_COLUMNS, kbart_row, left_out
from libconsortium.files.record_files.marc_fields import MARC_NAMESPACE, MarcOut, marc_of
from libconsortium.files.record_files.marc_files import XML_END, XML_START, as_iso2709, as_marcxml
from libconsortium.files.record_files.rows import (
    CSV_COLUMNS,
    OutRecord,
    csv_cells,
    record_of_row,
    record_row,
    row_of_cells,
    union_out,
)
from libconsortium.files.record_files.solr import solr_document
from libconsortium.files.tables import write_csv

__all__ = [
    "CSV_COLUMNS",
    "MARC_NAMESPACE",
    "RECORD_FORMATS",
    "OutRecord",
    "record_of_row",
    "record_row",
    "row_of_cells",
    "union_out",
    "write_records",
]

RECORD_FORMATS: Mapping[str, str] = {
    "marcxml": ".xml",
    "iso2709": ".mrc",
    "jsonl": ".jsonl",
    "csv": ".csv",
    "kbart": ".tsv",
    "solr": ".json",
}
"""The formats records are written in, with the usual ending of a file's name."""

_Pieces = Iterator[bytes]


def write_records(
    records: Iterable[OutRecord], form: str, file: BinaryIO
) -> tuple[int, tuple[Problem, ...]]:
    """Write records in one of the formats.

    Args:
        records: The records.
        form: One of ``RECORD_FORMATS``.
        file: Where to write.

    Returns:
        How many records were written, and what the format could not hold.

    >>> from libconsortium import BibRecord, RawRecord
    >>> raw = RawRecord(source="tlu", identifier="1", content=b"<x/>")
    >>> one = OutRecord(stored=raw, record=BibRecord(source="tlu", identifier="1"))
    >>> write_records([one], "jsonl", io.BytesIO())
    (1, ())
    """
    problems: list[Problem] = []
    count = 0
    for piece, is_record in _FORMS[form](records, problems):
        file.write(piece)
        count += is_record
    return count, tuple(problems)


_Written = Iterator[tuple[bytes, bool]]
"""Pieces of a file, and whether each is a record."""


def _marcxml(records: Iterable[OutRecord], problems: list[Problem]) -> _Written:
    yield XML_START.encode(), False
    for one in records:
        if marc := _marc_of(one, problems):
            yield as_marcxml(marc, _place(one), problems).encode(), True
    yield XML_END.encode(), False


def _iso2709(records: Iterable[OutRecord], problems: list[Problem]) -> _Written:
    for one in records:
        marc = _marc_of(one, problems)
        if marc and (written := as_iso2709(marc, _place(one), problems)):
            yield written, True


def _marc_of(one: OutRecord, problems: list[Problem]) -> MarcOut | None:
    """Return a record as MARC; ``None`` if there is nothing to write, which is told."""
    marc = marc_of(one)
    if marc is None:
        what = Message("the record could not be read; it is left out")
        problems.append(Problem(code="UNREADABLE", where=_place(one), what=what))
    return marc


def _jsonl(records: Iterable[OutRecord], _problems: list[Problem]) -> _Written:
    for one in records:
        yield _json(record_row(one.stored, one.record, one.held_by)) + b"\n", True


def _csv(records: Iterable[OutRecord], _problems: list[Problem]) -> _Written:
    yield _lines(CSV_COLUMNS, None), False
    for one in records:
        yield _lines(CSV_COLUMNS, csv_cells(one)), True


def _kbart(records: Iterable[OutRecord], problems: list[Problem]) -> _Written:
    yield _tabbed(KBART_COLUMNS), False
    missing = 0
    for one in records:
        row = kbart_row(one)
        if row is not None:
            yield _tabbed(row[name] for name in KBART_COLUMNS), True
        missing += row is None and not one.stored.is_deleted
    if missing:
        problems.append(left_out(missing))


def _solr(records: Iterable[OutRecord], problems: list[Problem]) -> _Written:
    before = b"[\n"
    for one in records:
        marc = None if one.stored.is_deleted else _marc_of(one, problems)
        if marc:
            yield before + _json(solr_document(one, marc, problems)), True
            before = b",\n"
    yield (b"[" if before == b"[\n" else b"\n") + b"]\n", False


_FORMS: Mapping[str, Callable[[Iterable[OutRecord], list[Problem]], _Written]] = {
    "marcxml": _marcxml,
    "iso2709": _iso2709,
    "jsonl": _jsonl,
    "csv": _csv,
    "kbart": _kbart,
    "solr": _solr,
}


def _place(one: OutRecord) -> Place:
    return Place(source=one.stored.source, record=one.stored.identifier)


def _json(value: object) -> bytes:
    # A lone surrogate has no UTF-8; JSON writes it by its number.
    text = on_one_line(json.dumps(value, ensure_ascii=False))
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(value).encode()


def _lines(columns: tuple[str, ...], row: Mapping[str, str] | None) -> bytes:
    text = io.StringIO(newline="")
    write_csv(text, columns, [] if row is None else [row])
    written = text.getvalue()
    body = written if row is None else written.partition("\n")[2]
    return body.encode("utf-8", "backslashreplace")


def _tabbed(cells: Iterable[str]) -> bytes:
    return ("\t".join(" ".join(cell.split()) for cell in cells) + "\n").encode("utf-8", "replace")
