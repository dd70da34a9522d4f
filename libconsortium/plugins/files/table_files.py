"""Reads title lists: every row a record, kept as the JSON of its cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from libconsortium import FileLimits, Message, Place, Problem, Severity, read_tables
from libconsortium.plugins.files.parts import AT_ONCE, Part
from libconsortium.plugins.files.row_files import exported_record, is_ours
from libconsortium.plugins.files.rows import is_row, number_heading, row_record
from libconsortium.plugins.files.walking import FoundFile

ENDINGS = frozenset({".csv", ".tsv", ".xlsx", ".ods"})
"""The endings of files that hold tables."""

_LONGEST_LIST = 300  # letters
_LIMITS = FileLimits(file_bytes=2**30, unpacked_bytes=2**32, rows=5_000_000)


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
        if not ours and not is_row(table.fields):
            problems = (*problems, _headings_not_known(table.source, table.fields))
        number = number_heading(table.fields)
        rows = iter(table.rows)
        while several := tuple(islice(rows, AT_ONCE)):
            records = tuple(
                exported_record(row, source) if ours else row_record(row.values, number, source)
                for row in several
            )
            yield Part(body=body, records=records, problems=problems)
            body, problems = b"", ()
    if body or problems:
        yield Part(body=body, problems=problems)


def _headings_not_known(source: str, fields: Iterable[str]) -> Problem:
    headings = ", ".join(fields)
    return Problem(
        code="HEADINGS_NOT_KNOWN",
        where=Place(source=source),
        what=Message(
            "no heading of a title or an author is known among these: {headings}",
            headings=headings if len(headings) <= _LONGEST_LIST else f"{headings[:_LONGEST_LIST]}…",
        ),
        advice=Message(
            "name them in a mapping table ('libconsortium records unmapped' lists them), or look at"
            " what separates the cells"
        ),
        severity=Severity.INFO,
    )
