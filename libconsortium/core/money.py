"""Money in whole minor units, and its exact division.

Sources: ISO 4217 (alphabetic codes and minor units); Balinski & Young, *Fair Representation*
(2001), for division by largest remainder (Hamilton's method).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction

import attrs

from libconsortium.core.errors import CurrencyMismatchError, SplitError
from libconsortium.core.plain_numbers import plain_amount

# ISO 4217 list one (2024): how many digits stand after the decimal mark in the standard, which
# is not what locale data print (CLDR shows IQD and LAK without decimals; ISO gives 3 and 2).
_BY_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP
        BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD
        FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD
        KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD
        NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP
        SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED
        VES WST XCD XCG YER ZAR ZMW ZWG
    """,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
MINOR_DIGITS: Mapping[str, int] = {
    currency: digits for digits, currencies in _BY_DIGITS.items() for currency in currencies.split()
}
"""Digits after the decimal mark for every currency of ISO 4217 that has minor units."""

_WRITTEN = re.compile(
    r"^\s*(?P<amount>[+-]?[0-9][0-9_]*(?:\.[0-9]+)?)\s*(?P<currency>[A-Za-z]{3})\s*$"
)

_GROUPED = re.compile(r"^[+-]?[0-9]{1,3}\.[0-9]{3}$")
"""What has no decimals is not written with three: 1.000 đồng are a thousand."""


def minor_digits(currency: str) -> int:
    """Return how many decimal digits ISO 4217 gives a currency.

    Raises:
        CurrencyMismatchError: The code is not an ISO 4217 currency with minor units.

    >>> minor_digits("VND"), minor_digits("USD"), minor_digits("KWD")
    (0, 2, 3)
    """
    try:
        return MINOR_DIGITS[currency]
    except KeyError:
        raise CurrencyMismatchError(
            "unknown currency {currency!r}; use a code of ISO 4217 such as VND or USD",
            currency=currency,
        ) from None


def _no_amount(text: str) -> SplitError:
    wholes = [code for code, digits in MINOR_DIGITS.items() if not digits]
    plain = plain_amount(text, whole=any(code in text.upper() for code in wholes))
    if plain is None:
        return SplitError(
            "cannot read {text!r} as money; write an amount and a currency like '1000000 VND'",
            text=text,
        )
    return SplitError("cannot read {text!r} as money; write {plain!r}", text=text, plain=plain)


def _too_fine(text: str, currency: str) -> SplitError:
    digits = minor_digits(currency)
    plain = plain_amount(text, whole=not digits)
    if plain is None or "." in plain:
        return SplitError(
            "{text!r} has more decimals than {currency} has ({digits})",
            text=text,
            currency=currency,
            digits=digits,
        )
    return SplitError(
        "{text!r} has more decimals than {currency} has ({digits});"
        " write {plain!r} if you mean thousands",
        text=text,
        currency=currency,
        digits=digits,
        plain=plain,
    )


def _known_currency(_: object, __: object, value: str) -> None:
    minor_digits(value)


def _whole(_: object, __: object, value: int) -> None:
    if type(value) is not int:
        raise SplitError("money is whole minor units, got {value!r}; use Money.parse", value=value)


@attrs.frozen
class Money:
    """An amount of one currency, as a whole number of its smallest unit.

    Args:
        minor: Whole minor units; đồng for VND, cents for USD; may be negative.
        currency: ISO 4217 code in capitals.

    Raises:
        SplitError: ``minor`` is not an ``int``.
        CurrencyMismatchError: The currency is unknown.

    >>> Money(2_500, "USD") + Money(1, "USD")
    Money(minor=2501, currency='USD')
    """

    minor: int = attrs.field(validator=_whole)
    currency: str = attrs.field(validator=_known_currency)

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read an amount in major units with its currency.

        Args:
            text: ``"120000 USD"``, ``"12.50 USD"``; ``_`` may group digits.

        Raises:
            SplitError: The text is not an amount and a currency, or has more decimals than the
                currency has minor digits.

        >>> Money.parse("12.5 USD")
        Money(minor=1250, currency='USD')
        """
        match = _WRITTEN.match(text)
        if match is None:
            raise _no_amount(text)
        currency = match["currency"].upper()
        digits = minor_digits(currency)
        scaled = Fraction(match["amount"].replace("_", "")) * 10**digits
        if scaled.denominator != 1 or (not digits and _GROUPED.match(match["amount"])):
            raise _too_fine(text, currency)
        return cls(int(scaled), currency)

    @classmethod
    def rounded(cls, amount: Fraction, currency: str) -> Money:
        """Return the nearest whole minor unit to an exact amount, halves away from zero.

        Args:
            amount: Exact number of minor units.
            currency: ISO 4217 code.

        >>> Money.rounded(Fraction(5, 2), "VND")
        Money(minor=3, currency='VND')
        """
        whole, rest = divmod(abs(amount), 1)
        rounded = int(whole) + (rest >= Fraction(1, 2))
        return cls(rounded if amount >= 0 else -rounded, currency)

    def __add__(self, other: Money) -> Money:
        """Add two amounts of one currency."""
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        """Subtract an amount of the same currency."""
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        """Return the amount with the other sign."""
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        """Compare two amounts of one currency."""
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        """Compare two amounts of one currency."""
        return self.minor <= self._same(other)

    def __str__(self) -> str:
        """Return the amount in major units and its currency, as ``Money.parse`` reads it.

        >>> str(Money(1250, "USD")), str(Money(1250, "VND"))
        ('12.50 USD', '1250 VND')
        """
        digits = minor_digits(self.currency)
        sign = "-" if self.minor < 0 else ""
        units, rest = divmod(abs(self.minor), 10**digits)
        decimals = f".{rest:0{digits}d}" if digits else ""
        return f"{sign}{units}{decimals} {self.currency}"

    def divided(self, weights: Mapping[str, Fraction]) -> dict[str, Money]:
        """Divide exactly in proportion to weights; no minor unit is lost.

        Leftover units go to the largest remainders, ties by weight, then by member id, so the
        order of the mapping never matters.

        Args:
            weights: One non-negative number per member, any scale; at least one above zero.

        Returns:
            One amount per member, in the order of the member ids.

        Raises:
            SplitError: A weight is negative or all are zero.

        Source: Balinski & Young, Fair Representation (2001), Hamilton's method. It is exact but
        not house-monotone: a bill larger by one unit may take a unit from a member.

        >>> shares = Money(100, "VND").divided(dict.fromkeys("abc", Fraction(1)))
        >>> [share.minor for share in shares.values()]
        [34, 33, 33]
        """
        if any(weight < 0 for weight in weights.values()):
            least = min(weights, key=lambda member: (weights[member], member))
            raise SplitError(
                "the weight of {member!r} is negative: {weight}",
                member=least,
                weight=weights[least],
            )
        total = sum(weights.values(), Fraction(0))
        if total == 0:
            raise SplitError(
                "all weights are zero; at least one member must have a weight above zero"
            )
        exact = {
            member: self.minor * Fraction(weight) / total for member, weight in weights.items()
        }
        return self.apportioned(exact, weights)

    def apportioned(
        self, exact: Mapping[str, Fraction], weights: Mapping[str, Fraction] | None = None
    ) -> dict[str, Money]:
        """Round exact shares to whole minor units that add up to this amount.

        Every share is rounded down and the units left over go to the largest remainders, ties by
        weight, then by member id.

        Args:
            exact: Exact shares in minor units that add up to this amount; negative ones allowed.
            weights: What decides between equal remainders; the shares themselves if not given.

        Raises:
            SplitError: The shares do not add up to the amount.

        >>> Money(10, "VND").apportioned({"a": Fraction(10, 3), "b": Fraction(20, 3)})
        {'a': Money(minor=3, currency='VND'), 'b': Money(minor=7, currency='VND')}
        """
        total = sum(exact.values(), Fraction(0))
        if total != self.minor:
            raise SplitError(
                "shares add up to {total}, not to {amount}", total=total, amount=self.minor
            )
        tie = exact if weights is None else weights
        floors = {member: share.__floor__() for member, share in exact.items()}
        left = self.minor - sum(floors.values())
        in_line = sorted(
            exact, key=lambda member: (floors[member] - exact[member], -tie[member], member)
        )
        lucky = set(in_line[:left])
        return {
            member: Money(floors[member] + (member in lucky), self.currency)
            for member in sorted(exact)
        }

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatchError(
                "cannot mix {one} and {other}; convert first with a dated exchange rate",
                one=self.currency,
                other=other.currency,
            )
        return other.minor


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Add up amounts of one currency; nothing adds up to zero.

    Raises:
        CurrencyMismatchError: An amount is of another currency.

    >>> total([Money(1, "VND"), Money(2, "VND")], "VND")
    Money(minor=3, currency='VND')
    """
    whole = 0
    for amount in amounts:
        if amount.currency != currency:
            amount += Money(0, currency)  # noqa: PLW2901 - refuses it
        whole += amount.minor
    return Money(whole, currency)


def exact(number: str | int | Decimal | Fraction) -> Fraction:
    """Read a number exactly: ``"12.5"``, ``"40%"``, ``"1/3"``, an int, Decimal or Fraction.

    Raises:
        SplitError: The text is not a number; a float is refused, it is not exact.

    >>> exact("40%"), exact("0.1"), exact("1/3")
    (Fraction(2, 5), Fraction(1, 10), Fraction(1, 3))
    """
    if type(number) is int:
        return Fraction(number)
    if isinstance(number, Decimal) and not number.is_finite():
        raise SplitError("cannot read {number!r} as an exact number", number=str(number))
    if isinstance(number, int | Decimal | Fraction) and not isinstance(number, bool):
        return Fraction(number)
    if isinstance(number, str):
        text, percent = number.strip().replace("_", ""), Fraction(1)
        if text.endswith("%"):
            text, percent = text[:-1].strip(), Fraction(1, 100)
        try:
            return Fraction(text) * percent
        except (ValueError, InvalidOperation, ZeroDivisionError):
            pass
    raise SplitError("cannot read {number!r} as an exact number", number=number)
