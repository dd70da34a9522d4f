"""Reads the members of an ad-hoc split, and their figures, from one table."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import attrs

from libconsortium.core.errors import ConsortiumError, ImportFileError
from libconsortium.core.messages import Message
from libconsortium.core.money import Money, minor_digits
from libconsortium.core.problems import Problem, Severity
from libconsortium.files.member_cells import amount, day, figure, takes
from libconsortium.files.tables import Row, Table, Tables, read_tables

T = TypeVar("T")

_TEXTS = ("name", "stratum")
_DAYS = ("joined", "left")
_TAKES = "takes:"
_AMOUNTS = ("last_year", "standalone")
_OWN = frozenset({"id", *_TEXTS, *_AMOUNTS, *_DAYS})
_MONTH = re.compile(r"^\d{4}-\d{2}$")
# 40.000 is forty to a program and forty thousand to a Vietnamese office.
_GROUPED = re.compile(r"^\d{1,3}\.\d{3}$")


@attrs.frozen(kw_only=True)
class MemberTable:
    """Who shares a bill, and every figure the table has of them.

    Args:
        members: Ids of the members, sorted.
        names: Names by id; who is not there has none.
        strata: Group of a member by id, for policies that divide between groups first.
        drivers: Exact figures by driver (``fte``, ``fte:2025``) and member.
        last_year: What members paid last year.
        standalone: What members would pay alone.
        months: The months each member belonged, ``YYYY-MM``; who is not there belonged all the
            time.
        problems: What is wrong with single cells; such a cell counts as empty.
    """

    members: tuple[str, ...]
    names: Mapping[str, str] = attrs.field(factory=dict)
    strata: Mapping[str, str] = attrs.field(factory=dict)
    drivers: Mapping[str, Mapping[str, Fraction]] = attrs.field(factory=dict)
    last_year: Mapping[str, Money] = attrs.field(factory=dict)
    standalone: Mapping[str, Money] = attrs.field(factory=dict)
    months: Mapping[str, frozenset[str]] = attrs.field(factory=dict)
    problems: tuple[Problem, ...] = ()


def read_members(path: str | Path, currency: str) -> MemberTable:
    r"""Read a table with one member a row and one driver a column.

    The column ``id`` is needed; ``name``, ``last_year`` and ``standalone`` mean what they say,
    ``stratum`` names a member's group (``public``, or ``scls/madison`` for a group in a group),
    ``joined`` and ``left`` are the first and last day of its membership. ``takes:PACKAGE`` says
    who takes a package: ``x`` or ``1`` (a larger figure is a weight), empty for who does not.
    Every other column is a driver (``fte``, ``usage``, ``fte:2025``, ``usage:2025-03``). Digits
    may be grouped and decimals may follow a comma where that can mean only one number. Amounts
    are in major units of the bill's currency, with or without its code (``150000000 VND``).

    Args:
        path: A ``.csv``, ``.tsv``, ``.xlsx``, ``.ods`` or ``.toml`` file, of which the first table
            counts, or a ``.json`` file: a list of objects, one a member.
        currency: Currency of the bill.

    Raises:
        ImportFileError: The file cannot be read, or has no column ``id`` or no row.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "members.csv"
    ...     _ = file.write_text("id,fte,standalone\ndh-a,40000,1200.50\n", encoding="utf-8")
    ...     table = read_members(file, "USD")
    >>> table.drivers["fte"]["dh-a"], table.standalone["dh-a"].minor
    (Fraction(40000, 1), 120050)
    """
    is_json = Path(path).suffix.casefold() == ".json"
    tables, problems = _from_json(Path(path)) if is_json else read_tables(Path(path))
    if not tables or not tables[0].rows:
        raise ImportFileError("{path}: there is no row with a member", path=path)
    table, found = _with_own_headings(tables[0]), list(problems)
    if "id" not in table.fields:
        raise ImportFileError(
            "{path}: there is no column 'id'; there are: {fields}",
            path=path,
            fields=", ".join(table.fields),
        )
    columns = _Columns(_rows_by_id(table, found), found)
    drivers = columns.drivers(field for field in table.fields if field and field not in _OWN)
    joined, left = columns.read("joined", day), columns.read("left", day)
    return MemberTable(
        members=tuple(columns.rows),
        names=columns.read("name", str),
        strata=columns.read("stratum", str),
        drivers=drivers,
        last_year=columns.amounts("last_year", currency),
        standalone=columns.amounts("standalone", currency),
        months=_months(drivers, joined, left),
        problems=tuple(found),
    )


@attrs.frozen
class _Columns:
    """The columns of a table, read cell by cell.

    Args:
        rows: The rows by member, sorted.
        found: What is wrong with cells is put here.
    """

    rows: Mapping[str, Row]
    found: list[Problem]

    def read(self, field: str, read: Callable[[object], T]) -> dict[str, T]:
        """Read the cells of a column that hold something."""
        values: dict[str, T] = {}
        for member, row in self.rows.items():
            cell = row.values.get(field, "")
            if cell == "":
                continue
            try:
                values[member] = read(cell)
            except ConsortiumError as error:
                self.found.append(_problem(row, field, "NO_NUMBER", error.message))
        return values

    def drivers(self, fields: Iterable[str]) -> dict[str, dict[str, Fraction]]:
        """Read the columns that hold figures, and those that say who takes a package."""
        values: dict[str, dict[str, Fraction]] = {}
        packages: dict[str, dict[str, Fraction]] = {}
        for field in fields:
            if field.startswith(_TAKES):
                said = self._numbers(field, takes)
                packages[field] = {member: said.get(member, Fraction(0)) for member in self.rows}
            elif self._has_numbers(field):
                values[field] = self._numbers(field, figure)
        return values | packages

    def amounts(self, field: str, currency: str) -> dict[str, Money]:
        """Read a column of amounts."""
        read = self._numbers if minor_digits(currency) else self.read
        return read(field, lambda cell: amount(cell, currency))

    def _numbers(self, field: str, read: Callable[[object], T]) -> dict[str, T]:
        """Read a column of numbers, and warn where decimals may be meant for thousands."""
        for row in self.rows.values():
            cell = row.values.get(field, "")
            if isinstance(cell, str) and _GROUPED.match(cell):
                what = Message(
                    "{cell!r} is read with a decimal point; write {plain} if you mean thousands",
                    cell=cell,
                    plain=cell.replace(".", ""),
                )
                self.found.append(_problem(row, field, "GROUPED_DIGITS", what, Severity.WARNING))
        return self.read(field, read)

    def _has_numbers(self, field: str) -> bool:
        """Tell a driver from a column of remarks, which has no number at all."""
        for row in self.rows.values():
            try:
                figure(row.values.get(field, ""))
            except ConsortiumError:
                continue
            return True
        return False


def _from_json(path: Path) -> Tables:
    """Read a list of objects, numbers exactly."""
    try:
        content = path.read_bytes()
        text = content.decode(json.detect_encoding(content)).removeprefix("\ufeff")
        given = json.loads(text, parse_float=Decimal)
    except OSError as error:
        raise ImportFileError(
            "cannot read {path}: {reason}", path=path, reason=error.strerror or error
        ) from error
    except (ValueError, RecursionError) as error:
        raise ImportFileError("this is not JSON: {error}", error=error) from error
    listed = given.get("members") if isinstance(given, dict) else given
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise ImportFileError(
            "{path}: members are written {example}",
            path=path,
            example='[{"id": "dh-a", "fte": 40000}, {"id": "dh-b", "fte": 20000}]',
        )
    fields = tuple(dict.fromkeys(field for one in listed for field in one))
    rows = tuple(
        Row(
            source=str(path),
            line=0,
            values={field: "" if one.get(field) is None else one[field] for field in fields},
        )
        for one in listed
    )
    return (Table(name=path.stem, source=str(path), fields=fields, rows=rows),), ()


def _with_own_headings(table: Table) -> Table:
    """Write our own headings as we do, however the office does: ``ID``, ``Last year``."""
    ours = {field: re.sub(r"[ -]", "_", field.casefold()) for field in table.fields}
    taken = set(table.fields)
    named = {
        field: own if own in _OWN and own not in taken else field for field, own in ours.items()
    }
    rows = tuple(
        attrs.evolve(
            row,
            values={named.get(field, field): cell for field, cell in row.values.items()},
            columns={named.get(field, field): at for field, at in row.columns.items()},
            lines={named.get(field, field): at for field, at in row.lines.items()},
        )
        for row in table.rows
    )
    return attrs.evolve(table, fields=tuple(named.values()), rows=rows)


def _rows_by_id(table: Table, found: list[Problem]) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for row in table.rows:
        member = str(row.values.get("id", ""))
        if not member:
            what = Message("the row has no id; it is left out")
            found.append(_problem(row, "id", "NO_ID", what))
        elif member in rows:
            what = Message(
                "the member {member!r} is named twice; only its first row counts", member=member
            )
            found.append(_problem(row, "id", "TWICE", what))
        else:
            rows[member] = row
    return dict(sorted(rows.items()))


def _months(
    drivers: Mapping[str, object], joined: Mapping[str, date], left: Mapping[str, date]
) -> dict[str, frozenset[str]]:
    """Return the months of membership, of all months that there are figures for."""
    known = {key.rpartition(":")[2] for key in drivers}
    months = {month for month in known if _MONTH.match(month)}
    return {
        member: frozenset(
            month
            for month in months
            if (member not in joined or month >= f"{joined[member]:%Y-%m}")
            and (member not in left or month <= f"{left[member]:%Y-%m}")
        )
        for member in sorted({*joined, *left})
    }


def _problem(
    row: Row, field: str, code: str, what: Message, severity: Severity = Severity.ERROR
) -> Problem:
    return Problem(code=code, where=row.place(field), what=what, severity=severity)
