"""What a foreign subscription costs when it has arrived: exchange, contractor tax, whole đồng.

Every line is rounded to whole minor units, then the lines are added up. Rates are facts with dates
and a source: there is no default, advisers and laws differ; ask your accountant.

Source: Circular 103/2014/TT-BTC of the Vietnamese Ministry of Finance for the method.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from fractions import Fraction

import attrs

from libconsortium.core.errors import CurrencyMismatchError, SettingsError
from libconsortium.core.messages import Message
from libconsortium.core.money import Money, exact, minor_digits, total
from libconsortium.core.sharing.costs import Step, written


class Contract(StrEnum):
    """Who bears the contractor tax: with a net price the buyer, with a gross price the supplier."""

    NET = "net"
    GROSS = "gross"


def _above_zero(_: object, __: object, rate: Fraction) -> None:
    if rate <= 0:
        raise SettingsError("an exchange rate must be above zero, got {rate}", rate=rate)


def _a_part(_: object, __: object, rate: Fraction) -> None:
    if not 0 <= rate < 1:
        raise SettingsError("a tax rate lies between 0% and 100%, got {rate}", rate=rate)


@attrs.frozen(kw_only=True)
class FxRate:
    """A dated exchange rate.

    Args:
        quoted: Currency of the quote.
        paid: Currency to pay in.
        rate: Major units of ``paid`` for one of ``quoted``.
        on: The day it was published for.
        source: Who published it, and which side (buying, selling).
    """

    quoted: str
    paid: str
    rate: Fraction = attrs.field(converter=exact, validator=_above_zero)
    on: date
    source: str

    def convert(self, amount: Money) -> Fraction:
        """Return exact minor units of the currency to pay in.

        Raises:
            CurrencyMismatchError: The amount is in another currency than the quote.
        """
        if amount.currency != self.quoted:
            raise CurrencyMismatchError(
                "the exchange rate is for {quoted}, the quote is in {currency}",
                quoted=self.quoted,
                currency=amount.currency,
            )
        digits = minor_digits(self.paid) - minor_digits(self.quoted)
        return amount.minor * self.rate * Fraction(10) ** digits


@attrs.frozen(kw_only=True)
class TaxProfile:
    """Dated rates of the foreign-contractor tax.

    Args:
        corporate_income: Rate of corporate income tax (``"10%"``).
        value_added: Rate of value added tax.
        source: The law or letter the rates come from.
        valid_from: First day they hold; ``None`` if not known.
        valid_to: Last day they hold; ``None`` if they still do.
    """

    corporate_income: Fraction = attrs.field(converter=exact, validator=_a_part)
    value_added: Fraction = attrs.field(converter=exact, validator=_a_part)
    source: str
    valid_from: date | None = None
    valid_to: date | None = None


@attrs.frozen(kw_only=True)
class LandedCost:
    """What has to be paid, line by line.

    Args:
        supplier: What the supplier receives.
        corporate_income_tax: Corporate income tax, paid to the state.
        value_added_tax: Value added tax, paid to the state.
        working: How each line came about, in this order.
    """

    supplier: Money
    corporate_income_tax: Money
    value_added_tax: Money
    working: tuple[Step, ...]

    @property
    def total(self) -> Money:
        """The sum of the rounded lines."""
        lines = (self.supplier, self.corporate_income_tax, self.value_added_tax)
        return total(lines, self.supplier.currency)


def landed_cost(
    quote: Money, *, rate: FxRate | None, tax: TaxProfile | None, contract: Contract | str, on: date
) -> LandedCost:
    """Return what a quote costs on a day, with exchange and contractor tax.

    Args:
        quote: The supplier's price.
        rate: The exchange rate; ``None`` if the quote is in the currency to pay in.
        tax: The tax rates; ``None`` where no contractor tax applies. There is no default.
        contract: ``net`` if the supplier receives the price in full, ``gross`` if the taxes come
            out of it.
        on: The day for which the tax rates must hold.

    Raises:
        SettingsError: The tax rates do not hold on that day.
        CurrencyMismatchError: The exchange rate is for another currency.

    >>> usd = FxRate(quoted="USD", paid="VND", rate=25_400, on=date(2026, 1, 5), source="a bank")
    >>> rates = TaxProfile(corporate_income="10%", value_added="5%", source="an adviser")
    >>> cost = landed_cost(
    ...     Money.parse("120000 USD"), rate=usd, tax=rates, contract="net", on=date(2026, 1, 5)
    ... )
    >>> cost.corporate_income_tax.minor, cost.value_added_tax.minor, cost.total.minor
    (338666667, 178245614, 3564912281)
    """
    currency = quote.currency if rate is None else rate.paid
    price = Fraction(quote.minor) if rate is None else rate.convert(quote)
    income, value = (Fraction(0), Fraction(0)) if tax is None else _rates(tax, on)
    if Contract(contract) is Contract.NET:
        before_value = price / (1 - income)
        whole = before_value / (1 - value)
    else:
        whole = price
        before_value = whole * (1 - value)
    lines = (before_value * (1 - income), before_value * income, whole * value)
    formulas = (
        f"{quote.minor} * {written(price / quote.minor)}" if quote.minor else "0",
        f"{written(income * 100)}% * {written(Money.rounded(before_value, currency).minor)}",
        f"{written(value * 100)}% * {written(Money.rounded(whole, currency).minor)}",
    )
    words = (
        Message("the supplier receives"),
        Message("corporate income tax"),
        Message("value added tax"),
    )
    supplier, income_tax, value_tax = (Money.rounded(line, currency) for line in lines)
    return LandedCost(
        supplier=supplier,
        corporate_income_tax=income_tax,
        value_added_tax=value_tax,
        working=tuple(
            Step(what=what, value=line, formula=formula)
            for what, line, formula in zip(words, lines, formulas, strict=True)
        ),
    )


def _rates(tax: TaxProfile, on: date) -> tuple[Fraction, Fraction]:
    if (tax.valid_from and on < tax.valid_from) or (tax.valid_to and on > tax.valid_to):
        raise SettingsError(
            "the tax rates of {source!r} hold from {first} to {last}, not on {on}",
            source=tax.source,
            first=tax.valid_from or "-",
            last=tax.valid_to or "-",
            on=on,
        )
    return tax.corporate_income, tax.value_added
