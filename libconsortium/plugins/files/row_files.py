"""Reads records as JSON, and as the CSV that we write: rows, Solr documents, MARC, titles."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import BinaryIO

import attrs

from libconsortium import (
    BibRecord,
    CrosswalkError,
    Message,
    RawRecord,
    Row,
    json_cell,
    latest_year,
    listed_objects,
    record_of_row,
    row_of_cells,
    with_checks,
)
from libconsortium.plugins.files.marc_json import is_marc, marc_record
from libconsortium.plugins.files.parts import AT_ONCE, Part, quarantined, unreadable
from libconsortium.plugins.files.rows import is_row, number_heading, row_record

PREFIX = "record-row"
"""Name of the format given to such rows."""

ENDINGS = frozenset({".jsonl", ".ndjson", ".ndj", ".json"})
"""The endings of files that are read here."""

_OURS = ("source", "identifier", "datestamp", "deleted")
_OWN = frozenset({"source", "identifier"})
_MARC = "http://www.loc.gov/MARC21/slim"


def is_ours(fields: tuple[str, ...]) -> bool:
    """Say whether a table's headings are those that ``libconsortium export`` writes.

    >>> is_ours(("source", "identifier", "datestamp", "deleted", "title"))
    True
    """
    return fields[: len(_OURS)] == _OURS


def read_row_file(file: BinaryIO, name: str, source: str, largest: int) -> Iterator[Part]:
    """Give the records of JSON: one a line, or the whole file one or a list of them.

    Args:
        file: The file.
        name: Its name, for messages.
        source: The source's name.
        largest: Size from which a file that is not one record a line is refused, in bytes.
    """
    if _is_in_lines(file):
        file.seek(0)
        yield from _lines(file, source)
        return
    file.seek(0)
    body = file.read(largest + 1)
    if len(body) > largest:
        reason = Message("more than {most} bytes of JSON; write one record a line", most=largest)
        yield unreadable(source, name, reason)
        return
    try:
        found = json.loads(body, strict=False)  # line ends within texts are met
    except (ValueError, RecursionError) as error:
        yield unreadable(source, name, Message("the file is no JSON: {error}", error=error), body)
        return
    part = _gathered(listed_objects(found), source)
    if part.records:
        yield attrs.evolve(part, body=body)
    else:
        yield unreadable(source, name, _NO_RECORD, body)


def _is_in_lines(file: BinaryIO) -> bool:
    """Say whether every line is to be an object of its own: the first two begin and end as one."""
    lines = (line.strip() for line in file)
    first, second = (*islice(filter(None, lines), 2), b"")[:2]
    are_two = first[:1] == b"{" and bool(second)
    return are_two and (first[-1:] == b"}" or second[:2] in (b'{"', b"{}"))


def _lines(file: BinaryIO, source: str) -> Iterator[Part]:
    while lines := list(islice(file, AT_ONCE)):
        part = _gathered((line for line in lines if line.strip()), source)
        yield attrs.evolve(part, body=b"".join(lines))


def _gathered(several: Iterable[object], source: str) -> Part:
    """Make records of objects, or of lines that are to be objects."""
    records, refused = [], []
    for one in several:
        try:
            records.append(_record_of(one, source))
        except (CrosswalkError, ValueError, RecursionError) as error:
            content = one if isinstance(one, bytes) else json.dumps(one).encode()
            reason = error.message if isinstance(error, CrosswalkError) else _NO_RECORD
            refused.append(quarantined(source, content, reason))
    return Part(records=tuple(records), quarantined=tuple(refused))


_NO_RECORD = Message(
    "no record as JSON: neither MARC (leader, fields), nor written by 'libconsortium export', nor a"
    " title or author under a heading that is known"
)


def _record_of(one: object, source: str) -> RawRecord:
    """Return the record that an object is, or a line of a file.

    Raises:
        CrosswalkError: It is to be a record, and something in it is wrong.
        ValueError: It is none.
    """
    row = json.loads(one) if isinstance(one, bytes) else one
    if isinstance(row, dict) and is_marc(row):
        return marc_record(row, source)
    if isinstance(row, dict) and isinstance(row.get("fullrecord"), str):
        return _document(row, source)
    if isinstance(row, dict) and row.keys() >= _OWN:
        return _raw(row, source)
    if not isinstance(row, dict) or not is_row(row):
        raise ValueError(row)
    cells = {heading: json_cell(value) for heading, value in row.items()}
    return row_record(cells, number_heading(cells), source)


def exported_record(row: Row, source: str) -> RawRecord:
    """Return the record of a row of a CSV file that we wrote.

    Raises:
        CrosswalkError: A cell cannot be what it should be.
    """
    return _raw(row_of_cells({name: str(cell) for name, cell in row.values.items()}), source)


def read(raw: RawRecord) -> BibRecord:
    """Read a row.

    Raises:
        CrosswalkError: It is no row.

    >>> row = '{"source": "a", "identifier": "1", "titles": ["Giải tích"]}'
    >>> read(RawRecord(source="tlu", identifier="1", content=row.encode())).title
    'Giải tích'
    """
    try:
        row = json.loads(raw.content)
    except ValueError as error:
        raise CrosswalkError(
            "{identifier}: the content is no row of a table", identifier=raw.identifier
        ) from error
    _, record = record_of_row(row, raw.source)
    return with_checks(record, latest=latest_year(raw))


def _document(row: Mapping[str, object], source: str) -> RawRecord:
    """Return the whole record that a document of a Solr index holds, as MARCXML or ISO 2709."""
    text = str(row["fullrecord"]).lstrip("\ufeff \n")
    is_xml = text.startswith("<")
    for written, sign in () if is_xml else _ISO_SIGNS:
        text = text.replace(written, sign)
    return RawRecord(
        source=source,
        identifier=str(row.get("id", "")).removeprefix(f"{source}."),
        prefix="marcxml" if is_xml else "iso2709",
        namespace=_MARC if is_xml else "",
        content=(_with_namespace(text) if is_xml else text).encode(),
    )


_ISO_SIGNS = (("#29;", "\x1d"), ("#30;", "\x1e"), ("#31;", "\x1f"))
"""How SolrMarc writes the ends of records, fields and subfields."""


def _with_namespace(text: str) -> str:
    bare = text.startswith("<record>")
    return f'<record xmlns="{_MARC}">{text.removeprefix("<record>")}' if bare else text


def _raw(row: Mapping[str, object], source: str) -> RawRecord:
    stored, _ = record_of_row(row, source)
    text = json.dumps(dict(row), ensure_ascii=False, sort_keys=True)
    content = b"" if stored.is_deleted else text.encode("utf-8", "surrogatepass")
    return RawRecord(
        source=source,
        identifier=stored.identifier,
        datestamp=stored.datestamp,
        sets=stored.sets,
        prefix=PREFIX,
        content=content,
        is_deleted=stored.is_deleted,
        cause=stored.cause,
    )
