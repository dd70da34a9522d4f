"""Reading TOML files in which each kind of fact is an array of tables."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any, TypeGuard

from libconsortium.core.errors import ImportFileError, SettingsError
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity
from libconsortium.files.tables.rows import FileLimits, Row, Table, Tables
from libconsortium.files.toml_file import LineOf, read_toml


def read_toml_tables(path: Path, limits: FileLimits | None = None) -> Tables:
    r"""Read a TOML file whose arrays of tables are the tables.

    A value that is a list or a table itself is a problem, as facts are flat.

    Args:
        path: The file.
        limits: How much is read.

    Raises:
        ImportFileError: The file is not TOML; the message says line and column.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "facts.toml"
    ...     _ = file.write_text('[[libraries]]\nid = "tlu"\nopened = 1959-01-01\n')
    ...     tables, problems = read_toml_tables(file)
    >>> tables[0].rows[0].values["id"], tables[0].rows[0].lines
    ('tlu', {'id': 2, 'opened': 3})
    """
    limits = limits or FileLimits()
    try:
        document, line_of = read_toml(path)
    except SettingsError as error:
        raise ImportFileError("{reason}", reason=error.message) from error
    tables: list[Table] = []
    problems: list[Problem] = []
    for key, value in document.items():
        if _is_array_of_tables(value):
            tables.append(_table(key, str(path), value[: limits.rows], line_of, problems))
        else:
            problems.append(_no_table(str(path), key, line_of((key,))))
    return tuple(tables), tuple(problems)


def _is_array_of_tables(value: Any) -> TypeGuard[list[dict[str, object]]]:  # noqa: ANN401 - TOML
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _table(
    key: str,
    source: str,
    rows: list[dict[str, object]],
    line_of: LineOf,
    problems: list[Problem],
) -> Table:
    made = []
    for index, values in enumerate(rows):
        row = Row(
            source=source,
            line=line_of((key, index)),
            values={
                field: _tidy(value)
                for field, value in values.items()
                if not isinstance(value, list | dict)
            },
            lines={field: line_of((key, index, field)) for field in values},
        )
        problems += [_no_value(row, field) for field in values if field not in row.values]
        made.append(row)
    fields = dict.fromkeys(field for row in made for field in row.values)
    return Table(name=key, source=source, fields=tuple(fields), rows=tuple(made))


def _tidy(value: object) -> object:
    return unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else value


def _no_value(row: Row, field: str) -> Problem:
    return Problem(
        code="NOT_A_VALUE",
        where=row.place(field),
        what=Message("a list or table stands where one value is expected; it is not read"),
        severity=Severity.ERROR,
    )


def _no_table(source: str, key: str, line: int) -> Problem:
    return Problem(
        code="NOT_A_TABLE",
        where=Place(source=source, field=key, line=line),
        what=Message("{key} is not an array of tables; it is not read", key=key),
        advice=Message("write [[{key}]] above each of its rows", key=key),
        severity=Severity.ERROR,
    )
