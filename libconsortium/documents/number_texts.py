"""Writes numbers, percentages, money and formulas the way readers of a language expect them."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache, lru_cache

from libconsortium.core.money import Money, minor_digits

_NUMBER = re.compile(r"(\d+(?:\.\d+)?%?)")
_SIGNS = {" * ": " × ", " - ": " − "}


def format_number(number: Fraction | int, language: str, *, decimals: int = 2) -> str:
    """Write a number with its digits grouped.

    Args:
        number: Any exact number.
        language: ``vi`` or ``en``.
        decimals: Most digits after the decimal mark; halves go away from zero.

    >>> format_number(1_038_917_293, "vi"), format_number(Fraction(5, 3), "en")
    ('1.038.917.293', '1.67')
    """
    return _rounded(number.numerator, number.denominator, language, decimals)


def format_percent(part: Fraction | int, language: str, *, decimals: int = 3) -> str:
    """Write a part of one as a percentage.

    >>> format_percent(Fraction(17, 35), "en"), format_percent(Fraction(17, 35), "vi")
    ('48.571 %', '48,571 %')
    """
    return f"{_rounded(part.numerator * 100, part.denominator, language, decimals)} %"


def format_money(money: Money, language: str) -> str:
    """Write an amount with the sign of its currency, and as many decimals as ISO 4217 gives it.

    >>> format_money(Money(1_038_917_293, "VND"), "vi").replace("\N{NO-BREAK SPACE}", " ")
    '1.038.917.293 ₫'
    >>> format_money(Money(1250, "USD"), "en")
    '$12.50'
    """
    digits = minor_digits(money.currency)
    whole, rest = divmod(abs(money.minor), 10**digits)
    number = _joined(whole, f"{rest:0{digits}}" if digits else "", language)
    return _around(money.currency, language, is_negative=money.minor < 0).format(number)


def format_formula(formula: str, language: str) -> str:
    """Write a formula of exact numbers for people.

    >>> format_formula("20% * 1/4 + 50% * 40000/70000", "en")
    '20 % × 1/4 + 50 % × 40,000/70,000'
    """
    for sign, shown in _SIGNS.items():
        formula = formula.replace(sign, shown)
    pieces = _NUMBER.split(formula)
    pieces[1::2] = [_number_in(piece, language) for piece in pieces[1::2]]
    return "".join(pieces)


@lru_cache(maxsize=4096)  # sums and weights stand in the formula of every member
def _number_in(number: str, language: str) -> str:
    whole, _, decimals = number.removesuffix("%").partition(".")
    text = _joined(int(whole), decimals, language)
    return f"{text} %" if number.endswith("%") else text


def _rounded(above: int, below: int, language: str, decimals: int) -> str:
    # Twice the number plus one, halved: halves away from zero without a fraction being made.
    scale = 10**decimals
    rounded = (2 * abs(above) * scale + below) // (2 * below)
    whole, rest = divmod(rounded, scale)
    digits = f"{rest:0{decimals}}".rstrip("0") if rest else ""
    return _joined(whole, digits, language, is_negative=above < 0 < rounded)


def _joined(whole: int, decimals: str, language: str, *, is_negative: bool = False) -> str:
    group, mark = _marks(language)
    text = f"{whole:,}".replace(",", group)
    return f"{'-' if is_negative else ''}{text}{mark + decimals if decimals else ''}"


@cache
def _marks(language: str) -> tuple[str, str]:
    """Return what groups digits and what stands before decimals in a language."""
    from babel import Locale

    symbols = Locale.parse(language).number_symbols["latn"]
    return symbols["group"], symbols["decimal"]


@cache
def _around(currency: str, language: str, *, is_negative: bool) -> str:
    """Return where the sign of a currency stands, with ``{}`` for the number."""
    from babel import Locale
    from babel.numbers import format_currency

    one = -1 if is_negative else 1
    pattern = Locale.parse(language).currency_formats["standard"].pattern
    whole = re.sub(r"[#,]*0(?:\.0+)?", "0", pattern)
    shown = str(
        format_currency(one, currency, format=whole, locale=language, currency_digits=False)
    )
    return shown.replace("1", "{}")
