"""Reads title lists: every row a record, kept as the JSON of its cells."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice

from libconsortium import FileLimits, RawRecord, fold, read_tables
from libconsortium.plugins.files.parts import AT_ONCE, Part
from libconsortium.plugins.files.row_files import is_ours, row_record
from libconsortium.plugins.files.walking import FoundFile

ENDINGS = frozenset({".csv", ".tsv", ".xlsx", ".ods"})
"""The endings of files that hold tables."""

_LIMITS = FileLimits(file_bytes=2**30, unpacked_bytes=2**32, rows=5_000_000)
_NUMBERS = frozenset({"id", "identifier", "ma", "ma tai lieu", "ma sach", "so dkcb", "dkcb"})


def read_table_file(file: FoundFile, source: str) -> Iterator[Part]:
    """Give the rows of a file's tables, part by part.

    Args:
        file: The file.
        source: The source's name.

    Raises:
        ImportFileError: It cannot be read.
        MissingExtraError: Spreadsheets need a package that is not installed.
    """
    tables, problems = read_tables(file.path, _LIMITS)
    body = file.path.read_bytes()
    for table in tables:
        ours = is_ours(table.fields)
        number = next((field for field in table.fields if fold(field) in _NUMBERS), "")
        rows = iter(table.rows)
        while several := tuple(islice(rows, AT_ONCE)):
            records = tuple(
                row_record(row, source) if ours else _record(row.values, number, source)
                for row in several
            )
            yield Part(body=body, records=records, problems=problems)
            body, problems = b"", ()
    if body or problems:
        yield Part(body=body, problems=problems)


def _record(values: Mapping[str, object], number: str, source: str) -> RawRecord:
    cells = {heading: str(cell) for heading, cell in values.items()}
    content = json.dumps(cells, ensure_ascii=False).encode()
    return RawRecord(
        source=source, identifier=cells.get(number, ""), prefix="table", content=content
    )
