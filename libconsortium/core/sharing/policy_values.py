"""Reads the values a policy is written with: parts, weights, amounts and rates."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import attrs

from libconsortium.core.directory.quantities import decimal_text
from libconsortium.core.errors import SettingsError
from libconsortium.core.money import Money, exact, minor_digits

Number = str | int | Decimal | Fraction

_RATE = re.compile(r"^\s*(?P<number>[0-9][0-9_]*(?:\.[0-9]+)?)\s*(?P<currency>[A-Za-z]{3})\s*$")


@attrs.frozen
class Rate:
    """An exact amount of money that is multiplied before it is rounded.

    Args:
        number: Major units of the currency, not negative; may be finer than its minor unit.
        currency: ISO 4217 code.

    >>> str(Rate(Fraction("0.005"), "USD"))
    '0.005 USD'
    """

    number: Fraction
    currency: str

    @property
    def minor(self) -> Fraction:
        """The rate in minor units.

        >>> Rate(Fraction("0.005"), "USD").minor
        Fraction(1, 2)
        """
        return self.number * int(10 ** minor_digits(self.currency))

    def __str__(self) -> str:
        """Return the rate in major units with its currency."""
        number = self.number
        is_decimal = 10**9 % number.denominator == 0
        shown = f"{Decimal(number.numerator) / number.denominator:f}" if is_decimal else number
        return f"{shown} {self.currency}"


def part(number: Number) -> Fraction:
    """Read a part of a whole, between 0 and 1.

    Raises:
        SettingsError: It lies outside.

    >>> part("40%")
    Fraction(2, 5)
    """
    read = exact(number)
    if not 0 <= read <= 1:
        raise SettingsError("expected a part between 0% and 100%, got {part!r}", part=number)
    return read


def part_or_none(number: Number | None) -> Fraction | None:
    """Read a part of a whole, if there is one."""
    return None if number is None else part(number)


def rise_or_none(number: Number | None) -> Fraction | None:
    """Read by how much something may rise, if there is such a bound.

    Raises:
        SettingsError: It is negative, or 1 and more without a sign: 15 may be meant for 15 %.

    >>> rise_or_none("15%"), rise_or_none("150%")
    (Fraction(3, 20), Fraction(3, 2))
    """
    if number is None:
        return None
    rise = exact(number)
    if rise < 0:
        raise SettingsError("a rise cannot be negative, got {rise!r}", rise=number)
    if rise >= 1 and not isinstance(number, Fraction) and "%" not in str(number):
        raise SettingsError(
            'write a rise in per cent: "{rise}%" or "{hundredfold}%", got {rise}',
            rise=str(number),
            hundredfold=decimal_text(rise * 100),
        )
    return rise


def not_negative(number: Number) -> Fraction:
    """Read an exact number of zero or more.

    Raises:
        SettingsError: It is negative.

    >>> not_negative("2.5")
    Fraction(5, 2)
    """
    read = exact(number)
    if read < 0:
        raise SettingsError("expected a number of zero or more, got {number!r}", number=number)
    return read


def not_negative_or_none(number: Number | None) -> Fraction | None:
    """Read an exact number of zero or more, if there is one."""
    return None if number is None else not_negative(number)


def above_zero(number: Number) -> Fraction:
    """Read an exact number above zero.

    Raises:
        SettingsError: It is zero or negative.
    """
    read = exact(number)
    if read <= 0:
        raise SettingsError("expected a number above zero, got {number!r}", number=number)
    return read


def weight(number: Number) -> Fraction:
    """Read a weight, above zero.

    Raises:
        SettingsError: It is zero or negative.
    """
    read = exact(number)
    if read <= 0:
        raise SettingsError("a weight must be above zero, got {weight!r}", weight=number)
    return read


def amount(given: str | Money) -> Money:
    """Read an amount of money of zero or more.

    Raises:
        SettingsError: It has no currency or is negative.

    >>> amount("5 USD").minor
    500
    """
    if not isinstance(given, str | Money):
        raise SettingsError(
            'expected an amount with its currency in quotes ("5000000 VND"), got {given!r}',
            given=given,
        )
    read = Money.parse(given) if isinstance(given, str) else given
    if read.minor < 0:
        raise SettingsError("expected an amount of zero or more, got {amount}", amount=read)
    return read


def amount_or_none(given: str | Money | None) -> Money | None:
    """Read an amount of money, if there is one."""
    return None if given is None else amount(given)


def rate(given: str | Money | Rate) -> Rate:
    """Read a rate: an amount that may be finer than a minor unit.

    Raises:
        SettingsError: It is not a number with a currency.

    >>> rate("0.0052 USD").minor
    Fraction(13, 25)
    """
    if isinstance(given, Rate):
        return given
    if isinstance(given, Money):
        return Rate(Fraction(given.minor, 10 ** minor_digits(given.currency)), given.currency)
    match = _RATE.match(given) if isinstance(given, str) else None
    if match is None:
        raise SettingsError(
            'expected a rate with its currency in quotes ("0.05 USD"), got {given!r}', given=given
        )
    currency = match["currency"].upper()
    minor_digits(currency)
    return Rate(Fraction(match["number"].replace("_", "")), currency)


def rate_or_none(given: str | Money | Rate | None) -> Rate | None:
    """Read a rate, if there is one."""
    return None if given is None else rate(given)


def pays(given: Number | Money | Rate) -> Fraction | Money | Rate:
    """Read what a sponsor pays: a part of the bill, an amount, or a finer rate.

    >>> pays("40%"), pays("5 USD"), str(pays("6.223 USD"))
    (Fraction(2, 5), Money(minor=500, currency='USD'), '6.223 USD')
    """
    if isinstance(given, Money):
        return amount(given)
    if isinstance(given, Rate):
        return given
    if not (isinstance(given, str) and given.strip()[-1:].isalpha()):
        return part(given)
    read = rate(given) if _RATE.match(given) else None
    return amount(given) if read is None or read.minor.denominator == 1 else read


def pays_or_none(given: Number | Money | Rate | None) -> Fraction | Money | Rate | None:
    """Read what a sponsor pays, if it is given."""
    return None if given is None else pays(given)


def texts(given: object) -> tuple[str, ...]:
    """Read a list of texts.

    Raises:
        SettingsError: It is something else.

    >>> texts(["a", "b"])
    ('a', 'b')
    """
    if isinstance(given, list | tuple) and all(isinstance(one, str) for one in given):
        return tuple(given)
    raise SettingsError("expected a list of texts in quotes, got {given!r}", given=given)


def whole_numbers(given: object) -> tuple[int, ...]:
    """Read a list of whole numbers.

    Raises:
        SettingsError: It is something else.

    >>> whole_numbers([2004, 2005])
    (2004, 2005)
    """
    if isinstance(given, list | tuple) and all(type(one) is int for one in given):
        return tuple(given)
    raise SettingsError("expected a list of whole numbers, got {given!r}", given=given)
