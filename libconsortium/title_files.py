"""Reads lists of titles from CSV, TSV and spreadsheet files, for use without a consortium."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from libconsortium.contributions import IdentifierScheme
from libconsortium.core.errors import ImportFileError
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity
from libconsortium.core.records import BibRecord, RecordIdentifier, year_in
from libconsortium.registry import Registry
from libconsortium.tables import FileLimits, Row, Table, read_tables

_LIMITS = FileLimits(file_bytes=2**31, unpacked_bytes=2**33, rows=20_000_000)
_LATEST_YEAR = 2100  # what a file of today may announce, with room
_SCHEMES = ("isbn", "issn", "doi")
_AUTHORS = ("author", "authors", "author(s)")
COLUMNS = ("id", "title", "author", "year", *_SCHEMES, "volume", "edition", "pages", "publisher",
           "type", "member", "journal")  # fmt: skip
"""The headings understood; ``authors`` does as well as ``author``, capitals do not count."""


def read_titles(
    path: Path, registry: Registry
) -> tuple[tuple[BibRecord, ...], tuple[Problem, ...]]:
    r"""Read a list of titles, one a row, under the headings of ``COLUMNS``.

    Several authors or identifiers in a cell are separated by ``;``. A record's source is what the
    column ``member`` says, or the file's name without its ending.

    Args:
        path: A ``.csv``, ``.tsv`` or spreadsheet file; only its first table is read.
        registry: Where the identifier schemes are found.

    Returns:
        The records in the order of the rows, and what was wrong with them.

    Raises:
        ImportFileError: The file cannot be read, has no column ``id`` or ``title``, or a row has
            no id or that of another row.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "tlu.csv"
    ...     _ = path.write_text("id,title,year\n1,Giải tích,2019\n", encoding="utf-8")
    ...     records, problems = read_titles(path, Registry())
    >>> records[0].source, records[0].title, records[0].year, problems
    ('tlu', 'Giải tích', 2019, ())
    """
    tables, problems = read_tables(path, _LIMITS)
    if not tables:
        raise ImportFileError(
            "{path}: the file is empty; its first row holds the headings", path=path
        )
    table = tables[0]
    headings = _headings(table)
    schemes = registry.all(IdentifierScheme)
    rows: dict[str, Row] = {}
    records = []
    for row in table.rows:
        cells = {name: str(row.values[heading]) for name, heading in headings.items()}
        _check_id(cells["id"], row, rows)
        record, found = _record(cells, row, path.stem, schemes)
        records.append(record)
        problems = (*problems, *found) if found else problems
    return tuple(records), (*problems, *_unread(table, headings))


def _headings(table: Table) -> dict[str, str]:
    given = {heading.strip().lower(): heading for heading in table.fields}
    author = next((given[name] for name in _AUTHORS if name in given), None)
    found = {name: given[name] for name in COLUMNS if name in given}
    for name in ("id", "title"):
        if name not in found:
            raise ImportFileError(
                "{path}: no column {name!r}; the columns understood are {columns}",
                path=table.source,
                name=name,
                columns=", ".join(COLUMNS),
            )
    return {**found, "author": author} if author else found


def _check_id(identifier: str, row: Row, rows: dict[str, Row]) -> None:
    if not identifier:
        raise ImportFileError(
            "{path}: row {row} has no id; give every row one of its own",
            path=row.source,
            row=row.line,
        )
    if identifier in rows:
        raise ImportFileError(
            "{path}: row {row} repeats the id {id!r} of row {first}; give every row one of its own",
            path=row.source,
            row=row.line,
            id=identifier,
            first=rows[identifier].line,
        )
    rows[identifier] = row


def _record(
    cells: Mapping[str, str], row: Row, source: str, schemes: Mapping[str, IdentifierScheme]
) -> tuple[BibRecord, list[Problem]]:
    identifiers = tuple(_identifiers(cells, schemes))
    year = year_in(cells.get("year", ""), latest=_LATEST_YEAR)
    record = BibRecord(
        source=cells.get("member") or source,
        identifier=cells["id"],
        creators=tuple(_several(cells.get("author", ""))),
        year=year,
        identifiers=identifiers,
        titles=_given(cells.get("title")),
        publishers=_given(cells.get("publisher")),
        types=_given(cells.get("type")),
        dates=_given(cells.get("year")),
        volume=cells.get("volume", ""),
        edition=cells.get("edition", ""),
        extent=cells.get("pages", ""),
        journal=cells.get("journal", ""),
    )
    return record, list(_problems(record, cells, row))


def _given(cell: str | None) -> tuple[str, ...]:
    return (cell,) if cell else ()


def _identifiers(
    cells: Mapping[str, str], schemes: Mapping[str, IdentifierScheme]
) -> Iterator[RecordIdentifier]:
    for name in _SCHEMES:
        for value in _several(cells.get(name, "")):
            normal = schemes[name].normalise(value) if name in schemes else None
            yield RecordIdentifier(scheme=name, value=normal or value, is_valid=normal is not None)


def _several(cell: str) -> Iterator[str]:
    return filter(None, map(str.strip, cell.split(";")))


def _problems(record: BibRecord, cells: Mapping[str, str], row: Row) -> Iterator[Problem]:
    def _problem(code: str, field: str, what: Message) -> Problem:
        return Problem(code=code, where=row.place(field, record=record.identifier), what=what)

    if not record.title:
        yield _problem("NO_TITLE", "title", Message("there is no title to compare"))
    if cells.get("year") and record.year is None:
        yield _problem("BAD_YEAR", "year", Message("{year!r} is no year", year=cells["year"]))
    for one in record.identifiers:
        if not one.is_valid:
            what = Message("{value!r} is no valid {scheme}", value=one.value, scheme=one.scheme)
            yield _problem("BAD_IDENTIFIER", one.scheme, what)


def _unread(table: Table, headings: Mapping[str, str]) -> Iterable[Problem]:
    return [
        Problem(
            code="COLUMN_NOT_READ",
            where=Place(source=table.source, field=heading),
            what=Message("this column is not read"),
            severity=Severity.INFO,
        )
        for heading in table.fields
        if heading not in headings.values()
    ]
