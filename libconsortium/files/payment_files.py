"""Reads what is owed and what the bank booked from tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TypeVar

import attrs

from libconsortium.core.errors import ConsortiumError, ImportFileError
from libconsortium.core.messages import Message
from libconsortium.core.money import MINOR_DIGITS, Money
from libconsortium.core.office.dues import Payer
from libconsortium.core.office.payments import BankLine, ExpectedPayment
from libconsortium.core.problems import Problem, Severity
from libconsortium.core.text import fold
from libconsortium.files.tables import FileLimits, Row, read_tables

_LIMITS = FileLimits()
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "code", "mã", "mã đơn vị", "số giao dịch", "transaction"),
    "name": ("name", "tên", "đơn vị", "tên đơn vị", "library", "payer"),
    "amount": ("amount", "due", "credit", "số tiền", "ghi có", "phải nộp", "có"),
    "currency": ("currency", "loại tiền", "tiền tệ"),
    "due_on": ("due_on", "deadline", "hạn nộp", "hạn"),
    "year": ("year", "năm"),
    "reference": ("reference", "mã nộp", "mã thanh toán", "payment code"),
    "aliases": ("aliases", "tên khác"),
    "class": ("class", "payer_class", "loại", "nhóm"),
    "through": ("through", "nộp qua"),
    "date": ("date", "on", "booked", "ngày", "ngày giao dịch", "ngày hạch toán"),
    "text": (
        "text",
        "description",
        "details",
        "nội dung",
        "diễn giải",
        "mô tả",
        "nội dung giao dịch",
    ),
}
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:\s.*)?")
_AMOUNT = re.compile(
    r"(?P<sign>[+-]?)\s*(?P<before>[₫$€]?)\s*(?P<number>\d[\d.,_ \u00a0]*)"
    r"\s*(?P<after>[^\W\d]{0,3}|[₫$€])"
)
_SIGNS = {"": "", "₫": "VND", "Đ": "VND", "VNĐ": "VND", "$": "USD", "€": "EUR"}

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class ExpectedFile:
    """What is owed, as a file says.

    Args:
        expected: The payments to wait for; of a member that pays through its union, none.
        payers: The payers with their classes.
        problems: Rows that could not be used, and what is wrong with them.
    """

    expected: tuple[ExpectedPayment, ...]
    payers: tuple[Payer, ...]
    problems: tuple[Problem, ...]


def read_expected(path: Path, currency: str) -> ExpectedFile:
    r"""Read what is owed.

    Args:
        path: A table with the columns ``id``, ``name`` and ``amount``, and where the office has
            them ``currency``, ``due_on``, ``year``, ``reference``, ``aliases`` (separated by
            semicolons), ``class`` and ``through`` (the id of the union that pays for a member).
        currency: Currency of amounts that name none.

    Raises:
        ImportFileError: The file cannot be read, or lacks a column.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "expected.csv"
    ...     _ = path.write_text("id,name,amount\na,Alpha,1.000.000\n", encoding="utf-8")
    ...     owed = read_expected(path, "VND")
    >>> str(owed.expected[0].amount)
    '1000000 VND'
    """
    rows, problems = _rows(path, ("id", "name", "amount"))
    known: dict[str, list[tuple[dict[str, object], ExpectedPayment]]] = {}
    for row, cells in rows:
        one = _kept(row, problems, partial(_expected, cells, currency))
        if one is not None:
            known.setdefault(str(cells.get("through") or one.id), []).append((cells, one))
    own = {one.id for listed in known.values() for _, one in listed}
    payers, expected = [], []
    for listed in known.values():
        for cells, one in listed:
            through = str(cells.get("through") or "")
            through = through if through in own else ""
            payers.append(
                Payer(
                    id=one.id,
                    payer_class=str(cells.get("class") or ""),
                    through=through,
                    name=one.name,
                )
            )
            if not through:
                expected.append(_with_members(one, listed))
    return ExpectedFile(expected=tuple(expected), payers=tuple(payers), problems=tuple(problems))


def _with_members(
    union: ExpectedPayment, listed: Sequence[tuple[dict[str, object], ExpectedPayment]]
) -> ExpectedPayment:
    """Add what members pay through a union to what the union pays for the same year."""
    amount = union.amount
    for cells, one in listed:
        if cells.get("through") == union.id and one.year == union.year:
            amount += one.amount
    return attrs.evolve(union, amount=amount)


def read_bank_lines(path: Path, currency: str) -> tuple[tuple[BankLine, ...], tuple[Problem, ...]]:
    r"""Read the bank's list; money that went out is left out.

    Args:
        path: A table with the columns ``date``, ``amount`` and ``text``, and ``id`` where the
            bank numbers its lines.
        currency: Currency of amounts that name none.

    Raises:
        ImportFileError: The file cannot be read, or lacks a column.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "bank.csv"
    ...     _ = path.write_text("date,amount,text\n5/3/2019,1.000.000,TV A\n", encoding="utf-8")
    ...     lines, problems = read_bank_lines(path, "VND")
    >>> lines[0].on.isoformat(), lines[0].text
    ('2019-03-05', 'TV A')
    """
    rows, problems = _rows(path, ("date", "amount", "text"))
    lines = []
    for row, cells in rows:
        if cells["amount"] == "":
            continue  # the other side of the bank's list: a debit
        line = _kept(row, problems, partial(_line, cells, row, currency))
        if line is not None and line.amount.minor > 0:
            lines.append(line)
    return tuple(lines), tuple(problems)


def _rows(
    path: Path, needed: Sequence[str]
) -> tuple[Iterator[tuple[Row, dict[str, object]]], list[Problem]]:
    tables, problems = read_tables(path, _LIMITS)
    if not tables:
        raise ImportFileError(
            "{path}: the file is empty; its first row holds the headings", path=path
        )
    given = {fold(heading): heading for heading in reversed(tables[0].fields)}
    found = {
        name: next(given[fold(word)] for word in words if fold(word) in given)
        for name, words in _HEADINGS.items()
        if any(fold(word) in given for word in words)
    }
    for name in needed:
        if name not in found:
            raise ImportFileError(
                "{path}: no column {name!r}; the columns needed are {columns}",
                path=path,
                name=name,
                columns=", ".join(needed),
            )
    rows = (
        (row, {name: row.values[heading] for name, heading in found.items()})
        for row in tables[0].rows
    )
    return rows, list(problems)


def _kept(row: Row, problems: list[Problem], made: Callable[[], T]) -> T | None:
    try:
        return made()
    except ConsortiumError as error:
        problems.append(
            Problem(
                code="ROW_NOT_READ",
                where=row.place(),
                what=error.message,
                advice=Message("the row is left out; correct it and run again"),
                severity=Severity.ERROR,
            )
        )
        return None


def _expected(cells: Mapping[str, object], currency: str) -> ExpectedPayment:
    due_on, year = cells.get("due_on") or "", str(cells.get("year") or "").strip()
    return ExpectedPayment(
        id=str(cells["id"]),
        name=str(cells["name"]),
        amount=amount_of(cells["amount"], str(cells.get("currency") or "") or currency),
        due_on=day_of(due_on) if due_on else None,
        year=int(year) if year.isdecimal() else None,
        reference=str(cells.get("reference") or ""),
        aliases=tuple(filter(None, map(str.strip, str(cells.get("aliases") or "").split(";")))),
    )


def _line(cells: Mapping[str, object], row: Row, currency: str) -> BankLine:
    return BankLine(
        id=str(cells.get("id") or row.line),
        on=day_of(cells["date"]),
        amount=amount_of(cells["amount"], str(cells.get("currency") or "") or currency),
        text=str(cells["text"]),
    )


def day_of(cell: object) -> date:
    """Return the day a cell holds: a date, ``2019-03-01`` or, day first, ``1/3/2019``.

    Raises:
        ImportFileError: It holds no day.

    >>> day_of("1/3/2019")
    datetime.date(2019, 3, 1)
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = str(cell).strip()
    told = _DAY_FIRST.fullmatch(text)
    try:
        if told:
            return date(int(told[3]), int(told[2]), int(told[1]))
        return date.fromisoformat(text[:10])
    except ValueError:
        raise ImportFileError(
            "{text!r} is no day; write 2019-03-01 or 1/3/2019", text=text
        ) from None


def amount_of(cell: object, currency: str) -> Money:
    """Return the amount a cell holds; digits may be grouped in any usual way.

    Raises:
        ImportFileError: It holds no amount.
        CurrencyMismatchError: The currency is unknown.

    >>> amount_of("1.000.000 đ", "USD"), amount_of("1,250.50", "USD")
    (Money(minor=1000000, currency='VND'), Money(minor=125050, currency='USD'))
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _money(Fraction(Decimal(str(cell))), currency, cell)
    told = _AMOUNT.fullmatch(str(cell).strip())
    number = _number(told["number"]) if told else None
    if told is None or number is None:
        raise ImportFileError("{text!r} is no amount; write 1000000", text=str(cell))
    written = (told["before"] or told["after"]).upper()
    code = _SIGNS.get(written, written) or currency
    return _money(-number if told["sign"] == "-" else number, code, cell)


def _number(written: str) -> Fraction | None:
    digits = re.sub(r"[ \u00a0_]", "", written).rstrip(".,")
    groups = re.split(r"[.,]", digits)
    marks = [mark for mark in digits if mark in ".,"]
    is_grouped = all(len(group) == 3 for group in groups[1:])  # noqa: PLR2004 - thousands
    if is_grouped and len(set(marks)) <= 1:
        return Fraction(int("".join(groups)))
    if not marks[:-1] or (set(marks[:-1]) != {marks[-1]} and all(map(_is_group, groups[1:-1]))):
        decimals = len(groups[-1])
        return Fraction(int("".join(groups)), 10**decimals)
    return None


def _is_group(group: str) -> bool:
    return len(group) == 3  # noqa: PLR2004 - thousands


def _money(number: Fraction, currency: str, cell: object) -> Money:
    minor = number * 10 ** MINOR_DIGITS.get(currency, 0)
    if minor.denominator != 1:
        raise ImportFileError(
            "{text!r} has more decimals than {currency} has", text=str(cell), currency=currency
        )
    return Money(int(minor), currency)
