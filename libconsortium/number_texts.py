"""Writes numbers, percentages, money and formulas the way readers of a language expect them."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from libconsortium.core.money import Money, minor_digits

_NUMBER = re.compile(r"(\d+(?:\.\d+)?)(%?)")
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
    from babel.numbers import format_decimal

    scaled = number * 10**decimals
    rounded = (abs(scaled) + Fraction(1, 2)).__floor__() * (1 if scaled >= 0 else -1)
    exact = Decimal(rounded).scaleb(-decimals)
    pattern = "#,##0" + ("." + "#" * decimals if decimals else "")
    return str(format_decimal(exact, format=pattern, locale=language))


def format_percent(part: Fraction | int, language: str, *, decimals: int = 3) -> str:
    """Write a part of one as a percentage.

    >>> format_percent(Fraction(17, 35), "en"), format_percent(Fraction(17, 35), "vi")
    ('48.571 %', '48,571 %')
    """
    return f"{format_number(part * 100, language, decimals=decimals)} %"


def format_money(money: Money, language: str) -> str:
    """Write an amount with the sign of its currency, and as many decimals as ISO 4217 gives it.

    >>> format_money(Money(1_038_917_293, "VND"), "vi").replace("\N{NO-BREAK SPACE}", " ")
    '1.038.917.293 ₫'
    >>> format_money(Money(1250, "USD"), "en")
    '$12.50'
    """
    from babel import Locale
    from babel.numbers import format_currency

    digits = minor_digits(money.currency)
    pattern = re.sub(
        r"0\.0+",
        "0" + ("." + "0" * digits if digits else ""),
        Locale.parse(language).currency_formats["standard"].pattern,
    )
    return str(
        format_currency(
            Decimal(money.minor).scaleb(-digits),
            money.currency,
            format=pattern,
            locale=language,
            currency_digits=False,
        )
    )


def format_formula(formula: str, language: str) -> str:
    """Write a formula of exact numbers for people.

    >>> format_formula("20% * 1/4 + 50% * 40000/70000", "en")
    '20 % × 1/4 + 50 % × 40,000/70,000'
    """
    for sign, shown in _SIGNS.items():
        formula = formula.replace(sign, shown)
    return _NUMBER.sub(lambda found: _number_in(found, language), formula)


def _number_in(found: re.Match[str], language: str) -> str:
    decimals = found[1].partition(".")[2]
    text = format_number(Fraction(found[1]), language, decimals=len(decimals))
    return f"{text} %" if found[2] else text
