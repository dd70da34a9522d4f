"""Reads the files of records that we write ourselves: JSON Lines, CSV, and Solr documents."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import BinaryIO

from libconsortium import (
    BibRecord,
    CrosswalkError,
    Message,
    RawRecord,
    Row,
    latest_year,
    record_of_row,
    row_of_cells,
    with_checks,
)
from libconsortium.plugins.files.parts import AT_ONCE, Part, quarantined, unreadable

PREFIX = "record-row"
"""Name of the format given to such rows."""

ENDINGS = frozenset({".jsonl", ".ndjson", ".json"})
"""The endings of files that are read here."""

_OURS = ("source", "identifier", "datestamp", "deleted")
_MARC = "http://www.loc.gov/MARC21/slim"


def is_ours(fields: tuple[str, ...]) -> bool:
    """Say whether a table's headings are those that ``libconsortium export`` writes.

    >>> is_ours(("source", "identifier", "datestamp", "deleted", "title"))
    True
    """
    return fields[: len(_OURS)] == _OURS


def read_row_file(file: BinaryIO, name: str, source: str) -> Iterator[Part]:
    """Give the records of JSON Lines, or of a list of Solr documents, part by part.

    Args:
        file: The file.
        name: Its name, for messages.
        source: The source's name.
    """
    if file.read(1) == b"[":
        file.seek(0)
        yield from _documents(file, name, source)
        return
    file.seek(0)
    while lines := list(islice(file, AT_ONCE)):
        records, refused = [], []
        for line in lines:
            if line.strip():
                record = _of_line(line, source)
                if record is not None:
                    records.append(record)
                else:
                    reason = Message("this line is no record as JSON")
                    refused.append(quarantined(source, line, reason))
        yield Part(body=b"".join(lines), records=tuple(records), quarantined=tuple(refused))


def row_record(row: Row, source: str) -> RawRecord:
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


def _documents(file: BinaryIO, name: str, source: str) -> Iterator[Part]:
    body = file.read()
    try:
        found = json.loads(body)
    except ValueError:
        found = []
    whole = [
        one for one in found if isinstance(one, dict) and isinstance(one.get("fullrecord"), str)
    ]
    if not whole:
        yield unreadable(source, name, Message("no document here has a fullrecord"), body)
        return
    records = tuple(
        RawRecord(
            source=source,
            identifier=str(one.get("id", "")).removeprefix(f"{source}."),
            prefix="marcxml",
            namespace=_MARC,
            content=_with_namespace(one["fullrecord"]).encode(),
        )
        for one in whole
    )
    yield Part(body=body, records=records)


def _with_namespace(text: str) -> str:
    bare = text.startswith("<record>")
    return f'<record xmlns="{_MARC}">{text.removeprefix("<record>")}' if bare else text


def _of_line(line: bytes, source: str) -> RawRecord | None:
    try:
        row = json.loads(line)
        return _raw(row, source) if isinstance(row, dict) else None
    except (CrosswalkError, ValueError):
        return None


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
