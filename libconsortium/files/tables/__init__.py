"""Tables in files: CSV, spreadsheets and TOML, read into rows of text with their places."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from libconsortium.core.errors import ImportFileError
from libconsortium.files.tables.cells import NumberedRows, read_cells, text_encoding
from libconsortium.files.tables.csv_files import read_csv, write_csv, write_csv_for_excel
from libconsortium.files.tables.rows import FileLimits, Row, Table, Tables, passed_over
from libconsortium.files.tables.spreadsheets import read_spreadsheet
from libconsortium.files.tables.toml_files import read_toml_tables

__all__ = [
    "ENDINGS",
    "FileLimits",
    "NumberedRows",
    "Row",
    "Table",
    "Tables",
    "passed_over",
    "read_cells",
    "read_csv",
    "read_spreadsheet",
    "read_tables",
    "read_toml_tables",
    "text_encoding",
    "write_csv",
    "write_csv_for_excel",
]

_READERS = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".xlsx": read_spreadsheet,
    ".ods": read_spreadsheet,
}
ENDINGS = (*_READERS, ".toml")
"""The endings of file names that can be read."""

PACKED = ".gz"
"""The ending of a file that is packed with gzip."""


def read_tables(path: Path, limits: FileLimits | None = None) -> Tables:
    r"""Read every table of a file; its ending says what it is.

    Args:
        path: A ``.csv``, ``.tsv``, ``.xlsx``, ``.ods`` or ``.toml`` file; all but the last may be
            packed with gzip (``.csv.gz``).
        limits: How much is read; the usual limits if not given.

    Returns:
        The tables, and what was wrong with them.

    Raises:
        ImportFileError: The file cannot be read at all, or is too big.
        MissingExtraError: Spreadsheets need a package that is not installed.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "library.csv"
    ...     _ = path.write_text("id,name\ntlu,TLU\n", encoding="utf-8")
    ...     tables, problems = read_tables(path)
    >>> tables[0].name, tables[0].fields
    ('library', ('id', 'name'))
    """
    limits = limits or FileLimits()
    plain = path.with_suffix("") if path.suffix.lower() == PACKED else path
    ending = plain.suffix.lower()
    if ending not in ENDINGS or (ending == ".toml" and plain != path):
        raise ImportFileError(
            "{path}: files of this kind are not read; save it as one of {endings}",
            path=path,
            endings=" ".join(ENDINGS),
        )
    data = _bytes_of(path, limits)
    if ending == ".toml":
        return read_toml_tables(path, limits)
    return _READERS[ending](plain.stem, str(path), data, limits)


def _bytes_of(path: Path, limits: FileLimits) -> bytes:
    try:
        with gzip.open(path) if path.suffix.lower() == PACKED else path.open("rb") as file:
            data = file.read(limits.file_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ImportFileError(
            "{path}: the file cannot be read: {reason}", path=path, reason=reason
        ) from error
    if len(data) > limits.file_bytes:
        raise ImportFileError(
            "{path}: the file is larger than {most} MB; split it",
            path=path,
            most=limits.file_bytes // 2**20,
        )
    return data
