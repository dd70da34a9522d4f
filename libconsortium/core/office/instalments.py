"""An amount paid in several instalments that add up to it, whatever the rounding."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import attrs

from libconsortium.core.errors import SettingsError
from libconsortium.core.money import Money, exact


def _above_zero(_: object, __: object, part: Fraction) -> None:
    if part <= 0:
        raise SettingsError("an instalment's part must be above zero, got {part}", part=part)


@attrs.frozen(kw_only=True)
class DueDate:
    """A day by which a part of the amount has to be paid.

    Args:
        on: The day.
        part: The part, above zero; the parts of a plan are weighed against each other, so
            ``1`` and ``1`` are two halves. The whole if there is one day only.
    """

    on: date
    part: Fraction = attrs.field(default=Fraction(1), converter=exact, validator=_above_zero)


@attrs.frozen(kw_only=True)
class Instalment:
    """What has to be paid by a day.

    Args:
        on: The day.
        amount: Whole minor units.
    """

    on: date
    amount: Money


def instalments(amount: Money, plan: Sequence[DueDate]) -> tuple[Instalment, ...]:
    """Divide an amount over the days of a plan, in the order of the days.

    What has to be paid up to each day is rounded, an instalment is the difference between two such
    sums: the instalments always add up to the amount, and at no time has anybody paid more than
    half a unit too much or too little.

    Args:
        amount: The whole amount; may be negative, for a refund.
        plan: The days; without any there are no instalments.

    >>> thirds = [DueDate(on=date(2027, month, 1)) for month in (1, 5, 9)]
    >>> [one.amount.minor for one in instalments(Money(100, "VND"), thirds)]
    [33, 34, 33]
    """
    whole = sum((due.part for due in plan), Fraction(0))
    paid, so_far = Money(0, amount.currency), Fraction(0)
    made = []
    for due in sorted(plan, key=lambda due: due.on):
        so_far += due.part
        until_then = Money.rounded(amount.minor * so_far / whole, amount.currency)
        made.append(Instalment(on=due.on, amount=until_then - paid))
        paid = until_then
    return tuple(made)
