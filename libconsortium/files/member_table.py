"""Reads the members of an ad-hoc split, and their figures, from one table."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import attrs

from libconsortium.core.errors import ConsortiumError, ImportFileError
from libconsortium.core.messages import Message
from libconsortium.core.money import Money, exact, minor_digits
from libconsortium.core.plain_numbers import plain_number
from libconsortium.core.problems import Problem, Severity
from libconsortium.files.tables import Row, Table, Tables, read_tables

T = TypeVar("T")

_TEXTS = ("name", "stratum")
_DAYS = ("joined", "left")
_TAKES = "takes:"
_YES = frozenset({"x", "yes", "y", "có", "true", "✓"})
_NO = frozenset({"no", "n", "không", "false", "-"})
_AMOUNTS = ("last_year", "standalone")
_OWN = frozenset({"id", *_TEXTS, *_AMOUNTS, *_DAYS})
# 40.000 is forty to a program and forty thousand to a Vietnamese office.
_MONTH = re.compile(r"^\d{4}-\d{2}$")
_GROUPED = re.compile(r"^\d{1,3}\.\d{3}$")
_GROUP = re.compile(r"^\d{1,3}[.,]\d{3}$")
_COMMA = re.compile(r"^[+-]?[1-9]\d{0,2},\d{3}$")


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
    rows = _rows_by_id(table, found)

    has_decimals = minor_digits(currency) > 0

    def column(
        field: str,
        read: Callable[[object], T],
        has_decimals: bool = True,  # noqa: FBT001, FBT002 - beside what it is about
    ) -> dict[str, T]:
        return dict(_column(rows, field, read, found, has_decimals=has_decimals))

    others = [field for field in table.fields if field and field not in _OWN]
    drivers = {
        field: column(field, _figure)
        for field in others
        if not field.startswith(_TAKES) and _has_numbers(rows, field)
    }
    for field in others:
        if field.startswith(_TAKES):
            takes = column(field, _takes)
            drivers[field] = {member: takes.get(member, Fraction(0)) for member in sorted(rows)}
    joined, left = column("joined", _day), column("left", _day)
    return MemberTable(
        members=tuple(sorted(rows)),
        names=column("name", str),
        strata=column("stratum", str),
        drivers=drivers,
        last_year=column("last_year", lambda cell: _amount(cell, currency), has_decimals),
        standalone=column("standalone", lambda cell: _amount(cell, currency), has_decimals),
        months=_months(drivers, joined, left),
        problems=tuple(found),
    )


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
    return rows


def _column(
    rows: Mapping[str, Row],
    field: str,
    read: Callable[[object], T],
    found: list[Problem],
    *,
    has_decimals: bool = True,
) -> Iterator[tuple[str, T]]:
    for member, row in sorted(rows.items()):
        cell = row.values.get(field, "")
        if cell == "":
            continue
        is_number = read is not str and has_decimals
        if is_number and isinstance(cell, str) and _GROUPED.match(cell):
            what = Message(
                "{cell!r} is read with a decimal point; write {plain} if you mean thousands",
                cell=cell,
                plain=str(cell).replace(".", ""),
            )
            found.append(_problem(row, field, "GROUPED_DIGITS", what, Severity.WARNING))
        try:
            yield member, read(cell)
        except ConsortiumError as error:
            found.append(_problem(row, field, "NO_NUMBER", error.message))


def _has_numbers(rows: Mapping[str, Row], field: str) -> bool:
    """Tell a driver from a column of remarks, which has no number at all."""
    for row in rows.values():
        try:
            _figure(row.values.get(field, ""))
        except ConsortiumError:
            continue
        return True
    return False


def _figure(cell: object) -> Fraction:
    if isinstance(cell, float):
        return Fraction(Decimal(repr(cell)))  # what the spreadsheet shows, not its binary shadow
    if isinstance(cell, int | Decimal):
        return exact(cell)
    written = str(cell)
    if _COMMA.match(written.strip()):
        raise ImportFileError(
            "{cell!r} may be {thousands} or {decimal}; write which",
            cell=written,
            thousands=written.replace(",", ""),
            decimal=written.replace(",", "."),
        )
    return exact(plain_number(written) or written)


def _takes(cell: object) -> Fraction:
    said = str(cell).strip().casefold()
    if said in _YES or said in _NO:
        return Fraction(said in _YES)
    return _figure(cell)


def _day(cell: object) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        return date.fromisoformat(str(cell).strip())
    except ValueError:
        raise ImportFileError("expected a day like 2025-07-01, got {cell!r}", cell=cell) from None


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


def _amount(cell: object, currency: str) -> Money:
    text = str(cell).strip()
    if text[-1:].isalpha():
        return Money.parse(text) + Money(0, currency)
    if isinstance(cell, str) and not minor_digits(currency) and _GROUP.match(text):
        return Money(int(re.sub(r"[.,]", "", text)), currency)  # no decimals: thousands
    scaled = _figure(cell) * 10 ** minor_digits(currency)
    if scaled.denominator != 1:
        return Money.parse(f"{text} {currency}")  # says that there are too many decimals
    return Money(int(scaled), currency)


def _problem(
    row: Row, field: str, code: str, what: Message, severity: Severity = Severity.ERROR
) -> Problem:
    return Problem(code=code, where=row.place(field), what=what, severity=severity)
