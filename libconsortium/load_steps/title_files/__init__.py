"""Reads lists of titles from files, for use without a consortium: tables, JSON Lines, MARC."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import attrs

from libconsortium.core.catalogue.records import BibRecord
from libconsortium.core.errors import ImportFileError
from libconsortium.core.problems import Problem, ProblemsNoted
from libconsortium.load_steps.title_files.columns import COLUMNS, TitleColumns, read_title_columns
from libconsortium.load_steps.title_files.opening import holds_records, plain_name
from libconsortium.load_steps.title_files.rows import records_of_rows
from libconsortium.load_steps.title_files.sheets import json_rows, spreadsheet_rows, text_rows
from libconsortium.load_steps.title_files.whole_records import each_record
from libconsortium.reading_steps import reading_rules, repaired
from libconsortium.registry import Registry

__all__ = ["COLUMNS", "TitleColumns", "each_title", "read_title_columns", "read_titles"]

_ROWS = {
    ".csv": text_rows, ".tsv": text_rows, ".txt": text_rows, ".jsonl": json_rows,
    ".ndjson": json_rows, ".ndj": json_rows, ".json": json_rows,
    ".xlsx": spreadsheet_rows, ".ods": spreadsheet_rows,
}  # fmt: skip
_RECORDS = (".xml", ".mrc", ".marc", ".iso", ".iso2709")


def read_titles(
    path: Path, registry: Registry, columns_file: Path | None = None
) -> tuple[tuple[BibRecord, ...], tuple[Problem, ...]]:
    r"""Read a list of titles: one a row under the headings of ``COLUMNS``, or whole records.

    Several authors or identifiers in a cell are separated by ``;``. A record's source is what the
    column ``member`` says, or the file's name without its ending.

    Args:
        path: A ``.csv``, ``.tsv``, ``.jsonl`` or spreadsheet file, or MARC (``.xml``, ``.mrc``);
            each may be packed with gzip. Whole records as JSON (MARC, or written by ``export``) are
            known by how they begin.
        registry: Where identifier schemes and crosswalks are found.
        columns_file: A TOML file that says what foreign headings mean, see ``read_title_columns``;
            for MARC a mapping table.

    Returns:
        The records in their order, and what was wrong with them.

    Raises:
        ImportFileError: The file cannot be read, has no column ``id`` or ``title``, or a row has
            no id or that of another row.
        SettingsError: The file of columns is wrong.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "tlu.csv"
    ...     _ = path.write_text("id,title,year\n1,Giải tích,2019\n", encoding="utf-8")
    ...     records, problems = read_titles(path, Registry())
    >>> records[0].source, records[0].title, records[0].year, problems
    ('tlu', 'Giải tích', 2019, ())
    """
    problems: list[Problem] = []
    records = tuple(each_title(path, registry, columns_file, problems=problems))
    return records, tuple(problems)


def each_title(
    path: Path,
    registry: Registry,
    columns_file: Path | None = None,
    *,
    problems: ProblemsNoted,
) -> Iterator[BibRecord]:
    r"""Read a list of titles as ``read_titles`` does, one after the other.

    Never more than one row, or a part of a file of whole records, is held.

    Args:
        path: The file.
        registry: Where identifier schemes and crosswalks are found.
        columns_file: A TOML file that says what foreign headings mean.
        problems: What is wrong with records is added to it as they are read.

    Raises:
        ImportFileError: As ``read_titles``; that an id is repeated far below may be found only
            at the end.
        SettingsError: The file of columns is wrong.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "tlu.csv"
    ...     _ = path.write_text("id,title,year\n1,Giải tích,2019\n", encoding="utf-8")
    ...     [one.title for one in each_title(path, Registry(), problems=[])]
    ['Giải tích']
    """
    ending = plain_name(path).suffix.lower()
    has_columns = columns_file is not None
    if ending in _RECORDS or (ending in _ROWS and holds_records(path, has_columns=has_columns)):
        yield from each_record(path, registry, columns_file, problems=problems)
        return
    if ending not in _ROWS:
        raise ImportFileError(
            "{path}: files of this kind are not read; save it as one of {endings}, packed with gzip"
            " (.gz) or not",
            path=path,
            endings=" ".join((*_ROWS, *_RECORDS)),
        )
    columns = read_title_columns(columns_file) if columns_file else TitleColumns()
    rows = _ROWS[ending](path, columns)
    repairs = reading_rules(registry).repairs
    for record in records_of_rows(path, rows, columns, registry, problems):
        mended = repaired(record, repairs)
        # The texts are for comparing: what was repaired in them is of no interest here.
        yield mended if mended is record else attrs.evolve(mended, problems=())
