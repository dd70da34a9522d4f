"""Reports in files: text, Markdown, CSV and workbooks."""

from __future__ import annotations

from pathlib import Path

from libconsortium.contributions import Language
from libconsortium.core.errors import ImportFileError
from libconsortium.core.problems import Problem
from libconsortium.core.reconciliation.readings import Reading
from libconsortium.files.tables import FileLimits, read_cells
from libconsortium.load_steps.report_reading.reading import read_report, read_table
from libconsortium.registry import Registry

_TEXTS = (".txt", ".md", ".markdown", ".text")
_TABLES = (".csv", ".tsv", ".xlsx", ".ods")
ENDINGS = (*_TEXTS, *_TABLES)
"""The endings of file names that can be read."""

_ENCODINGS = ("utf-8-sig", "utf-16", "cp1258")
_MARKS = (b"\xff\xfe", b"\xfe\xff")
_LIMITS = FileLimits(file_bytes=16 * 2**20, rows=20_000)


def read_report_file(path: Path, registry: Registry) -> tuple[Reading, tuple[Problem, ...]]:
    """Read a report from a file; its ending says what it is.

    Args:
        path: A ``.txt``, ``.md``, ``.csv``, ``.tsv``, ``.xlsx`` or ``.ods`` file; of a workbook
            the first sheet.
        registry: Where the languages are found.

    Returns:
        What it states, and what was wrong with the file.

    Raises:
        ImportFileError: The file cannot be read at all.
        MissingExtraError: Spreadsheets need a package that is not installed.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "report.txt"
    ...     _ = path.write_text("Dues: VND 5 million.", encoding="utf-8")
    ...     reading, problems = read_report_file(path, Registry())
    >>> int(reading.figures[0].number), reading.figures[0].unit
    (5000000, 'VND')
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise ImportFileError(
            "{path}: files of this kind are not read; save it as one of {endings}",
            path=path,
            endings=" ".join(ENDINGS),
        )
    languages = registry.all(Language).values()
    if ending in _TEXTS:
        return read_report(_text(path), languages, source=str(path)), ()
    try:
        with path.open("rb") as file:
            rows, problems = read_cells(str(path), file, _LIMITS)
            cells = [(line, tuple(row)) for line, row in rows]
    except OSError as error:
        raise _unreadable(path, error) from error
    return read_table(cells, languages, source=str(path)), problems


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_LIMITS.file_bytes + 1)
    except OSError as error:
        raise _unreadable(path, error) from error
    if len(data) > _LIMITS.file_bytes:
        raise ImportFileError(
            "{path}: the file is larger than {most} MB; split it",
            path=path,
            most=_LIMITS.file_bytes // 2**20,
        )
    encodings = _ENCODINGS if data.startswith(_MARKS) else (_ENCODINGS[0], _ENCODINGS[-1])
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise ImportFileError(
        "{path}: this is not a text file in an encoding we know; save it as UTF-8", path=path
    )


def _unreadable(path: Path, error: OSError) -> ImportFileError:
    return ImportFileError(
        "{path}: the file cannot be read: {reason}", path=path, reason=error.strerror
    )
