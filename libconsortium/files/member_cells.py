"""What the cells of a table of members say: figures, days, amounts, who takes a package."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from libconsortium.core.errors import ImportFileError
from libconsortium.core.money import Money, exact, minor_digits
from libconsortium.core.plain_numbers import plain_number

_YES = frozenset({"x", "yes", "y", "có", "true", "✓"})
_NO = frozenset({"no", "n", "không", "false", "-"})
_THOUSANDS = re.compile(r"^\d{1,3}[.,]\d{3}$")
_COMMA = re.compile(r"^[+-]?[1-9]\d{0,2},\d{3}$")


def figure(cell: object) -> Fraction:
    """Return an exact figure.

    Args:
        cell: The cell.

    Raises:
        ImportFileError: It may be decimal or thousands (``40,000``).
        ConsortiumError: It is no number.

    >>> figure("1 200,5"), figure(0.1)
    (Fraction(2401, 2), Fraction(1, 10))
    """
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


def takes(cell: object) -> Fraction:
    """Return how much of a package is taken: 1 and 0 for yes and no, or a weight.

    Args:
        cell: The cell.

    Raises:
        ConsortiumError: It says neither.

    >>> takes("x"), takes("không"), takes("2")
    (Fraction(1, 1), Fraction(0, 1), Fraction(2, 1))
    """
    said = str(cell).strip().casefold()
    if said in _YES or said in _NO:
        return Fraction(said in _YES)
    return figure(cell)


def day(cell: object) -> date:
    """Return a day.

    Args:
        cell: The cell.

    Raises:
        ImportFileError: It is none.

    >>> day("2025-07-01")
    datetime.date(2025, 7, 1)
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        return date.fromisoformat(str(cell).strip())
    except ValueError:
        raise ImportFileError("expected a day like 2025-07-01, got {cell!r}", cell=cell) from None


def amount(cell: object, currency: str) -> Money:
    """Return an amount, written in major units.

    Args:
        cell: The cell.
        currency: Its currency; its code may stand in the cell too.

    Raises:
        ConsortiumError: It is no amount of that currency.

    >>> amount("1.000", "VND"), amount("12.50 USD", "USD")
    (Money(minor=1000, currency='VND'), Money(minor=1250, currency='USD'))
    """
    text = str(cell).strip()
    if text[-1:].isalpha():
        return Money.parse(text) + Money(0, currency)
    if isinstance(cell, str) and not minor_digits(currency) and _THOUSANDS.match(text):
        return Money(int(re.sub(r"[.,]", "", text)), currency)  # no decimals: thousands
    scaled = figure(cell) * 10 ** minor_digits(currency)
    if scaled.denominator != 1:
        return Money.parse(f"{text} {currency}")  # says that there are too many decimals
    return Money(int(scaled), currency)
