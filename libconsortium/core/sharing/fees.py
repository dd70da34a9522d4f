"""Fees a policy fixes by itself, whatever the bill comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import attrs

from libconsortium.core.errors import CurrencyMismatchError, SettingsError, SplitError
from libconsortium.core.messages import Message
from libconsortium.core.money import Money
from libconsortium.core.sharing.costs import Step, written
from libconsortium.core.sharing.policy_values import (
    Rate,
    above_zero,
    amount_or_none,
    part_or_none,
    rate_or_none,
    texts,
)

ZERO = Fraction(0)


@attrs.frozen(kw_only=True)
class FeeRule:
    """One fee: ``(base + rate * of / per) * times``, held between two amounts, then rounded.

    Args:
        name: What statements call it.
        base: An amount that everybody pays (``"450 USD"``).
        rate: What one unit of ``of`` costs (``"0.03 USD"``); may be finer than a cent.
        of: The driver whose units are counted.
        per: So many units cost the rate together (1000: "a thousand records").
        times: Drivers the fee is multiplied by: a size factor, an income ratio.
        least: The least the fee comes to.
        most: The most it comes to.
        months: The driver that counts the months a member takes part; the fee is taken for so
            many twelfths.
        round_to: The fee is rounded to the nearest multiple of this amount, halves up.
        only: Only members of these strata pay it; all if empty.
        passes_on: This part of the fee goes on to ``to``; the rest stays here.
        to: Who receives the part that is passed on.

    Raises:
        SettingsError: It says neither base nor rate, or a rate without ``of``.

    >>> FeeRule(name="dues", rate="50 USD", of="heads").drivers
    ('heads',)
    """

    name: str
    base: Money | None = attrs.field(default=None, converter=amount_or_none)
    rate: Rate | None = attrs.field(default=None, converter=rate_or_none)
    of: str = ""
    per: Fraction = attrs.field(default=Fraction(1), converter=above_zero)
    times: Sequence[str] = attrs.field(default=(), converter=texts)
    least: Money | None = attrs.field(default=None, converter=amount_or_none)
    most: Money | None = attrs.field(default=None, converter=amount_or_none)
    months: str = ""
    round_to: Money | None = attrs.field(default=None, converter=amount_or_none)
    only: Sequence[str] = attrs.field(default=(), converter=texts)
    passes_on: Fraction | None = attrs.field(default=None, converter=part_or_none)
    to: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse a fee that says too little or contradicts itself."""
        if self.base is None and self.rate is None:
            raise SettingsError("a fee needs a base or a rate", field="base")
        if (self.rate is None) != (not self.of):
            raise SettingsError(
                'a rate and what it is of belong together: rate = "0.03 USD", of = "records"',
                field="rate" if self.rate else "of",
            )
        if self.least is not None and self.most is not None and self.most < self.least:
            raise SettingsError("the least fee is above the most", field="least")
        if self.round_to is not None and not self.round_to.minor:
            raise SettingsError("a fee is rounded to an amount above zero", field="round_to")
        if (self.passes_on is None) != (not self.to):
            raise SettingsError(
                'say which part is passed on, and to whom: passes_on = "50%", to = "national"',
                field="passes_on" if self.passes_on is not None else "to",
            )

    def is_for(self, stratum: str) -> bool:
        """Tell whether members of a stratum pay it.

        >>> FeeRule(name="dues", base="5 USD", only=["public"]).is_for("public/rural")
        True
        """
        return not self.only or any(f"{stratum}/".startswith(f"{group}/") for group in self.only)

    @property
    def drivers(self) -> tuple[str, ...]:
        """The drivers the fee looks at."""
        return tuple(name for name in (self.of, *self.times, self.months) if name)


def fee_of(
    rule: FeeRule, figures: Mapping[str, Fraction], currency: str, notes: Sequence[Step] = ()
) -> Step:
    """Return what one member pays of a fee, with its working.

    Args:
        rule: The fee.
        figures: The member's figure for every driver the fee looks at.
        currency: Currency of the bill.
        notes: How those figures were prepared.

    Returns:
        A step whose value is a whole number of minor units.

    Raises:
        CurrencyMismatchError: The fee is in another currency than the bill.
        SplitError: A figure of months is above twelve.

    >>> rule = FeeRule(name="dues", base="100 USD", rate="0.5 USD", of="heads", most="120 USD")
    >>> step = fee_of(rule, {"heads": Fraction(50)}, "USD")
    >>> step.value, [str(part.what) for part in step.parts]
    (Fraction(12000, 1), ['at most 120.00 USD'])
    """
    value, formula = _plain_fee(rule, figures, currency)
    lines = [Step(what=Message("the fee by its rule"), value=value, formula=formula)]
    value = _held(rule, value, currency, lines)
    if rule.months:
        value = _for_months(figures[rule.months], value, lines)
    unit = _minor(rule.round_to, currency) if rule.round_to else Fraction(1)
    whole = (value / unit + Fraction(1, 2)) // 1 * unit
    if whole != value:
        what = Message("rounded to {amount}", amount=Money(int(whole), currency))
        lines.append(Step(what=what, value=whole))
    if rule.passes_on is not None:
        what = Message("of which {part} is passed on to {to}", part=rule.passes_on, to=rule.to)
        on = Money.rounded(whole * rule.passes_on, currency).minor
        lines.append(
            Step(
                what=what,
                value=Fraction(on),
                formula=f"{written(whole)} * {written(rule.passes_on)}",
            )
        )
    # The fee's own formula stands on its line; what follows it are its parts.
    return Step(
        what=Message("{fee}", fee=rule.name),
        value=whole,
        formula=formula,
        parts=(*notes, *lines[1:]),
    )


def _plain_fee(
    rule: FeeRule, figures: Mapping[str, Fraction], currency: str
) -> tuple[Fraction, str]:
    value, formulas = ZERO, []
    if rule.base is not None:
        value = _minor(rule.base, currency)
        formulas.append(written(value))
    if rule.rate is not None:
        _same(rule.rate.currency, currency)
        value += rule.rate.minor * figures[rule.of] / rule.per
        below = "" if rule.per == 1 else f"/{written(rule.per)}"
        formulas.append(f"{written(rule.rate.minor)} * {written(figures[rule.of])}{below}")
    formula = " + ".join(formulas)
    if rule.times:
        formula = f"({formula})" if len(formulas) > 1 else formula
    for factor in rule.times:
        value *= figures[factor]
        formula += f" * {written(figures[factor])}"
    return value, formula


def _held(rule: FeeRule, value: Fraction, currency: str, lines: list[Step]) -> Fraction:
    least = None if rule.least is None else _minor(rule.least, currency)
    most = None if rule.most is None else _minor(rule.most, currency)
    if least is not None and value < least:
        lines.append(Step(what=Message("at least {amount}", amount=rule.least), value=least))
        return least
    if most is not None and value > most:
        lines.append(Step(what=Message("at most {amount}", amount=rule.most), value=most))
        return most
    return value


def _for_months(months: Fraction, value: Fraction, lines: list[Step]) -> Fraction:
    if not 0 <= months <= 12:  # noqa: PLR2004 - the months of a year
        raise SplitError("a year has 12 months, got {months}", months=months)
    part = value * months / 12
    formula = f"{written(value)} * {written(months)}/12"
    lines.append(
        Step(
            what=Message("for {months} of 12 months", months=written(months)),
            value=part,
            formula=formula,
        )
    )
    return part


def _minor(money: Money, currency: str) -> Fraction:
    _same(money.currency, currency)
    return Fraction(money.minor)


def _same(one: str, other: str) -> None:
    if one != other:
        raise CurrencyMismatchError(
            "cannot mix {one} and {other}; convert first with a dated exchange rate",
            one=one,
            other=other,
        )
