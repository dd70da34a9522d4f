"""Makes records of the rows of a list of titles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from libconsortium.contributions import IdentifierScheme
from libconsortium.core.catalogue.records import BibRecord, RecordIdentifier, year_in
from libconsortium.core.errors import ImportFileError
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, ProblemsNoted, Severity
from libconsortium.load_steps.title_files.columns import COLUMNS, TitleColumns, plain_heading
from libconsortium.load_steps.title_files.opening import plain_name
from libconsortium.load_steps.title_files.sheets import Rows, numbered
from libconsortium.registry import Registry

_LATEST_YEAR = 2100  # what a file of today may announce, with room
_LONGEST_LIST = 300  # letters
_LINES_HELD = 500_000  # ids of rows that are Python objects
_SCHEMES = ("isbn", "issn", "doi")
_LAST_AND = re.compile(r"^(?:and|và|&)\s+", re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|&)\s+")
_BETWEEN_IDS = re.compile(r"[\s,|]+")
_QUALIFIER = re.compile(r"\s*\([^)]*\)")  # «9786041… (tập 1)»


def records_of_rows(
    path: Path, rows: Rows, columns: TitleColumns, registry: Registry, problems: ProblemsNoted
) -> Iterator[BibRecord]:
    """Yield one record of each row; what was wrong is added to the problems on the way.

    Raises:
        ImportFileError: There is no column ``id`` or ``title``, or a row has no id or that of
            another row.
    """
    every, about_file = rows
    problems += about_file
    texts = numbered(every)
    _, headings = next(texts, (0, []))
    if not headings:
        raise ImportFileError(
            "{path}: the file is empty; its first row holds the headings", path=path
        )
    places = _places(path, headings, columns)
    reader = _Reader(path, places, columns, registry, problems)
    for line, cells in texts:
        if any(cells[len(headings) :]):
            problems += (_too_long(path, line),)
        yield reader.record(line, cells)
    reader.ids.check()
    problems += (*_unread(path, headings, places), *_not_there(path, headings, columns, places))


def _places(path: Path, headings: Sequence[str], columns: TitleColumns) -> dict[str, int]:
    places = columns.places(headings)
    for name in ("id", "title"):
        wanted = next((one for one, own in columns.meanings.items() if own == name), "")
        if name not in places and wanted:
            raise ImportFileError(
                "{path}: no column {heading!r}, which should be {name!r}; the columns of the file"
                " are {columns}",
                path=path,
                heading=wanted,
                name=name,
                columns=_listed(headings),
            )
        if name not in places:
            raise ImportFileError(
                "{path}: no column {name!r}; the columns of the file are {headings}: rename one, or"
                " say in a file for --map which it is; understood are {columns}",
                path=path,
                name=name,
                headings=_listed(headings),
                columns=", ".join(COLUMNS),
            )
    return places


def _listed(headings: Sequence[str]) -> str:
    """Return headings as a message names them: a first line that is no table may be very long."""
    listed = ", ".join(headings)
    return listed if len(listed) <= _LONGEST_LIST else f"{listed[:_LONGEST_LIST]}…"


class _Reader:
    """Reads row after row, and remembers ids and problems."""

    def __init__(
        self,
        path: Path,
        places: Mapping[str, int],
        columns: TitleColumns,
        registry: Registry,
        problems: ProblemsNoted,
    ) -> None:
        self.path, self.places, self.separators = path, places, columns.separators
        self.constants, self.name = columns.constants, plain_name(path).stem
        self.problems = problems
        self.ids = _Ids(path)
        schemes = registry.all(IdentifierScheme)
        self._normal = {
            name: lru_cache(10_000)(schemes[name].normalise) for name in _SCHEMES if name in schemes
        }

    def record(self, line: int, cells: Sequence[str]) -> BibRecord:
        values = {
            name: cells[place] if name == "id" else unicodedata.normalize("NFC", cells[place])
            for name, place in self.places.items()
            if place < len(cells) and cells[place]
        }
        values = {**self.constants, **values}
        self.ids.add(values.get("id", ""), line)
        record = BibRecord(
            source=values.get("member") or self.name,
            identifier=values["id"],
            titles=_given(values.get("title")),
            creators=tuple(_names(values.get("author", ""), self.separators.get("author"))),
            publishers=_given(values.get("publisher")),
            dates=_given(values.get("year")),
            year=year_in(values.get("year", ""), latest=_LATEST_YEAR),
            languages=_given(values.get("language")),
            types=_given(values.get("type")),
            identifiers=tuple(self._identifiers(values)),
            volume=values.get("volume", ""),
            edition=values.get("edition", ""),
            extent=values.get("pages", ""),
            journal=values.get("journal", ""),
        )
        self.problems += self._faults(record, values, line)
        return record

    def _identifiers(self, values: Mapping[str, str]) -> Iterator[RecordIdentifier]:
        for name in _SCHEMES:
            separator = self.separators.get(name, ";")
            for value in _several(_QUALIFIER.sub("", values.get(name, "")), separator):
                normal = self._normal.get(name, _nothing)
                every = [value] if normal(value) else _parted(value)
                for one in every if every and all(map(normal, every)) else [value]:
                    valid = normal(one)
                    yield RecordIdentifier(
                        scheme=name, value=valid or one, is_valid=valid is not None
                    )

    def _faults(self, record: BibRecord, values: Mapping[str, str], line: int) -> Iterator[Problem]:
        def _problem(code: str, field: str, what: Message) -> Problem:
            where = Place(
                source=str(self.path),
                record=record.identifier,
                field=field,
                line=line,
                column=self.places.get(field, -1) + 1,
            )
            return Problem(code=code, where=where, what=what)

        if not record.title:
            yield _problem("NO_TITLE", "title", Message("there is no title to compare"))
        if values.get("year") and record.year is None:
            yield _problem("BAD_YEAR", "year", Message("{year!r} is no year", year=values["year"]))
        for one in record.identifiers:
            if not one.is_valid:
                what = Message("{value!r} is no valid {scheme}", value=one.value, scheme=one.scheme)
                yield _problem("BAD_IDENTIFIER", one.scheme, what)


class _Ids:
    """The ids of the rows: every row must have one that no other has.

    Many are laid aside, sorted at the end and then seen: as Python objects, ten million of them
    would take two gigabytes.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines: dict[str, int] = {}
        self._aside: list[tuple[Any, Any]] = []

    def add(self, identifier: str, line: int) -> None:
        """Remember the id of a row.

        Raises:
            ImportFileError: There is none, or a row not far before has the same.
        """
        if not identifier:
            raise without_id(self.path, line)
        if identifier in self._lines:
            raise id_repeated(self.path, line, identifier, self._lines[identifier])
        self._lines[identifier] = line
        if len(self._lines) == _LINES_HELD:
            self._lay_aside()

    def check(self) -> None:
        """Look through all ids that were laid aside.

        Raises:
            ImportFileError: Two rows have the same.
        """
        if not self._aside:
            return
        import pyarrow as pa
        from pyarrow import compute

        self._lay_aside()
        ids, lines = (pa.concat_arrays(list(one)) for one in zip(*self._aside, strict=True))
        self._aside = []
        table = pa.table([ids, lines], ["id", "line"])
        order = compute.sort_indices(table, [("id", "ascending"), ("line", "ascending")])
        ids = ids.take(order)
        same = compute.equal(ids.slice(1), ids.slice(0, max(len(ids) - 1, 0)))
        twice = compute.index(same, value=True).as_py()
        if twice >= 0:
            first, again = lines.take(order.slice(twice, 2)).to_pylist()
            name = ids[twice].as_py().decode("utf-8", "surrogatepass")
            raise id_repeated(self.path, again, name, first)

    def _lay_aside(self) -> None:
        try:
            import pyarrow as pa
        except ImportError:  # a file this long is not read for fun: they are held
            return
        ids = [one.encode("utf-8", "surrogatepass") for one in self._lines]
        lines = pa.array(self._lines.values(), "int64")
        self._aside.append((pa.array(ids, pa.large_binary()), lines))
        self._lines = {}


def without_id(path: Path, row: object) -> ImportFileError:
    """Return the error of a row without an id."""
    return ImportFileError(
        "{path}: row {row} has no id; give every row one of its own", path=path, row=row
    )


def id_repeated(path: Path, row: object, identifier: str, first: object) -> ImportFileError:
    """Return the error of a row that has the id of another."""
    return ImportFileError(
        "{path}: row {row} repeats the id {id!r} of row {first}; give every row one of its own",
        path=path,
        row=row,
        id=identifier,
        first=first,
    )


def _given(cell: str | None) -> tuple[str, ...]:
    return (cell,) if cell else ()


def _several(cell: str, separator: str) -> Iterator[str]:
    return filter(None, map(str.strip, cell.split(separator)))


def _parted(value: str) -> list[str]:
    """Divide identifiers that stand between blanks, commas or bars, or in a list of a program."""
    return list(filter(None, (part.strip("[]'\"") for part in _BETWEEN_IDS.split(value))))


def _nothing(_: str) -> None:
    return None


def _names(cell: str, separator: str | None) -> Iterable[str]:
    """Divide names by the separator told, else by «;», «and» or commas where these are plain."""
    if separator or ";" in cell or "," not in cell:
        return _several(cell, separator or ";")
    inverted = _AND.split(cell)
    if len(inverted) > 1 and all("," in name for name in inverted):
        return inverted
    parts = [_LAST_AND.sub("", part) for part in _several(cell.replace(" and ", ", "), ",")]
    # «Bình, Trần Văn» is one name; two words and more a part are several.
    return parts if len(parts) > 1 and all(" " in part for part in parts) else [cell.strip()]


def _not_there(
    path: Path, headings: Sequence[str], columns: TitleColumns, places: Mapping[str, int]
) -> Iterable[Problem]:
    known = set(map(plain_heading, headings))
    return [
        Problem(
            code="COLUMN_NOT_THERE",
            where=Place(source=str(path), field=foreign),
            what=Message(
                "the file has no such column, which should be {name!r}; its columns are {columns}",
                name=own,
                columns=_listed(headings),
            ),
        )
        for foreign, own in columns.meanings.items()
        if foreign not in known and own not in places
    ]


def _too_long(path: Path, line: int) -> Problem:
    return Problem(
        code="ROW_TOO_LONG",
        where=Place(source=str(path), line=line),
        what=Message("the row has more cells than there are headings"),
        advice=Message("put quotation marks around a text that holds the separator"),
    )


def _unread(path: Path, headings: Sequence[str], places: Mapping[str, int]) -> Iterable[Problem]:
    return [
        Problem(
            code="COLUMN_NOT_READ",
            where=Place(source=str(path), field=heading),
            what=Message("this column is not read"),
            severity=Severity.INFO,
        )
        for place, heading in enumerate(headings)
        if heading and place not in places.values()
    ]
