"""Least and most that each member may pay, met exactly.

Everybody within the limits keeps paying in proportion: a share is ``clamp(level * weight, low,
high)`` with one level for all, found in rationals. Floors, ceilings, bounds on the change against
last year and "never more than buying alone" are all a low and a high.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import lcm
from typing import Self

import attrs

from libconsortium.core.errors import InfeasibleError, SplitError
from libconsortium.core.sharing.costs import exact_sum, numerators

ZERO, ONE = Fraction(0), Fraction(1)


@attrs.frozen(kw_only=True)
class Limit:
    """What one member pays at least and at most, in exact minor units.

    Args:
        low: The least, not negative.
        high: The most; ``None`` if there is no upper limit.
        low_from: Which rule gives the least (``floor``, ``fall``); empty if none does.
        high_from: Which rule gives the most (``ceiling``, ``rise``, ``standalone``).

    Raises:
        SplitError: The least is above the most.
    """

    low: Fraction = ZERO
    high: Fraction | None = None
    low_from: str = ""
    high_from: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse limits that nothing lies between."""
        high, low = self.high, self.low
        # Compared in whole numbers: a split of many members makes very many limits.
        if high is not None and low.numerator * high.denominator > high.numerator * low.denominator:
            raise SplitError(
                "the least ({low}) is above the most ({high})", low=self.low, high=self.high
            )

    def held(self, amount: Fraction) -> Fraction:
        """Return the amount, or the limit it passes.

        >>> Limit(low=Fraction(5), high=Fraction(9)).held(Fraction(12))
        Fraction(9, 1)
        """
        if self.high is not None and amount > self.high:
            return self.high
        return max(amount, self.low)


NO_LIMIT = Limit()


def level(
    amount: Fraction, weights: Mapping[str, Fraction], limits: Mapping[str, Limit]
) -> Fraction:
    """Return the level at which the limited shares add up to an amount.

    Where a range of levels does, the least of them is returned.

    Args:
        amount: What the shares must add up to.
        weights: One number per member, not negative. A member of weight zero pays its least.
        limits: Limits by member; who is not there has none.

    Raises:
        InfeasibleError: No level does: the members' least come to more than the amount, or their
            most to less.

    Source: the constrained equal awards rule generalised to weights; Moulin, "Priority rules and
    other asymmetric rationing methods", Econometrica 68 (2000) 643-684.

    >>> level(Fraction(100), {"a": Fraction(3), "b": Fraction(1)}, {"a": Limit(high=Fraction(60))})
    Fraction(40, 1)
    """
    return _Scale.of(amount, weights, limits).level()


def clamped(
    amount: Fraction, weights: Mapping[str, Fraction], limits: Mapping[str, Limit]
) -> dict[str, Fraction]:
    """Divide an amount in proportion to weights, but within limits.

    Args:
        amount: What the shares add up to, exactly.
        weights: One number per member, not negative. A member of weight zero pays its least.
        limits: Limits by member; who is not there has none.

    Raises:
        InfeasibleError: The limits leave no way to pay the amount.

    >>> shares = clamped(
    ...     Fraction(100), {"a": Fraction(3), "b": Fraction(1)}, {"a": Limit(high=Fraction(60))}
    ... )
    >>> shares["a"], shares["b"]
    (Fraction(60, 1), Fraction(40, 1))
    """
    return dict(_Scale.of(amount, weights, limits).at_level().shares)


def reach(
    weights: Mapping[str, Fraction], limits: Mapping[str, Limit]
) -> tuple[Fraction, Fraction | None]:
    """Return the least and the most that all members together can pay.

    A member of weight zero pays its least. ``None`` means that there is no most.

    >>> reach({"a": Fraction(3), "b": Fraction(1)}, {"a": Limit(high=Fraction(60))})
    (Fraction(0, 1), None)
    """
    least = exact_sum(limits[member].low for member in weights if member in limits)
    highs = [
        limit.high if weight else limit.low
        for member, weight in weights.items()
        for limit in [limits.get(member, NO_LIMIT)]
    ]
    if any(high is None for high in highs):
        return least, None
    return least, exact_sum(high for high in highs if high is not None)


def within(values: Mapping[str, Fraction], limits: Mapping[str, Limit]) -> bool:
    """Tell whether every share lies within its limits.

    >>> within({"a": Fraction(3)}, {"a": Limit(high=Fraction(2))})
    False
    """
    for member, value in values.items():
        limit = limits.get(member, NO_LIMIT)
        low, high, number, below = limit.low, limit.high, value.numerator, value.denominator
        if number * low.denominator < low.numerator * below:
            return False
        if high is not None and number * high.denominator > high.numerator * below:
            return False
    return True


@attrs.frozen(kw_only=True)
class Held:
    """Shares at one level.

    Args:
        level: What every weight is multiplied by.
        shares: The shares, each at that level or at the limit it passes.
        sides: -1 for who is held at its least, 1 for who is held at its most, 0 for the others.
    """

    level: Fraction
    shares: Mapping[str, Fraction]
    sides: Mapping[str, int]


def held(amount: Fraction, weights: Mapping[str, Fraction], limits: Mapping[str, Limit]) -> Held:
    """Divide an amount within limits, and say who is held at which of its limits.

    Raises:
        InfeasibleError: The limits leave no way to pay the amount.

    >>> found = held(Fraction(9), {"a": Fraction(2), "b": Fraction(1)}, {"a": Limit(high=ONE)})
    >>> found.level, found.sides
    (Fraction(8, 1), {'a': 1, 'b': 0})
    """
    return _Scale.of(amount, weights, limits).at_level()


@attrs.frozen(kw_only=True)
class _Scale:
    """Amount, weights and limits as whole numbers, so that nothing is reduced on the way.

    A share is ``level * part``; parts are weights times ``parts_below``, amounts are minor units
    times ``below``.
    """

    amount: int
    below: int
    parts: Mapping[str, int]
    parts_below: int
    lows: Mapping[str, int]
    highs: Mapping[str, int | None]
    limits: Mapping[str, Limit]

    @classmethod
    def of(
        cls, amount: Fraction, weights: Mapping[str, Fraction], limits: Mapping[str, Limit]
    ) -> Self:
        given = {member: limits.get(member, NO_LIMIT) for member in weights}
        below = lcm(
            amount.denominator,
            *{limit.low.denominator for limit in given.values()},
            *{limit.high.denominator for limit in given.values() if limit.high is not None},
        )
        parts, parts_below = numerators(weights)
        return cls(
            amount=amount.numerator * (below // amount.denominator),
            below=below,
            parts=parts,
            parts_below=parts_below,
            lows={
                member: limit.low.numerator * (below // limit.low.denominator)
                for member, limit in given.items()
            },
            highs={
                member: None
                if limit.high is None
                else limit.high.numerator * (below // limit.high.denominator)
                for member, limit in given.items()
            },
            limits=given,
        )

    def level(self) -> Fraction:
        above, under = self._ratio()
        return Fraction(above * self.parts_below, under * self.below)

    def at_level(self) -> Held:
        above, under = self._ratio()
        shares: dict[str, Fraction] = {}
        sides: dict[str, int] = {}
        under_all = under * self.below
        for member, part in self.parts.items():
            wanted, high, limit = above * part, self.highs[member], self.limits[member]
            if high is not None and limit.high is not None and wanted >= high * under:
                shares[member], sides[member] = limit.high, 1
            elif wanted <= self.lows[member] * under:
                shares[member], sides[member] = limit.low, -1
            else:
                shares[member], sides[member] = Fraction(wanted, under_all), 0
        return Held(level=Fraction(above * self.parts_below, under_all), shares=shares, sides=sides)

    def _ratio(self) -> tuple[int, int]:
        """Return the level, in minor units times ``below`` for one part, as a fraction."""
        fixed, slope = sum(self.lows.values()), 0
        if fixed > self.amount:
            raise InfeasibleError(
                "the members pay at least {least}, which is more than {amount}",
                least=Fraction(fixed, self.below),
                amount=Fraction(self.amount, self.below),
            )
        at = (0, 1)
        for _, above, under, from_fixed, to_slope in self._turns():
            if slope and fixed * under + slope * above >= self.amount * under:
                break
            fixed, slope, at = fixed + from_fixed, slope + to_slope, (above, under)
        if fixed * at[1] + slope * at[0] == self.amount * at[1]:
            return at
        if not slope:
            raise InfeasibleError(
                "the members pay at most {most}, which is less than {amount}",
                most=Fraction(fixed, self.below),
                amount=Fraction(self.amount, self.below),
            )
        return self.amount - fixed, slope

    def _turns(self) -> list[tuple[int, int, int, int, int]]:
        """List the levels at which a member leaves its least or meets its most, in order.

        Each is a fraction; it is sorted by its first binary digits, as many as tell any two of
        these fractions apart.
        """
        digits = 2 * max(self.parts.values(), default=1).bit_length() + 1
        turns = []
        for member, part in self.parts.items():
            if part:
                low, high = self.lows[member], self.highs[member]
                turns.append(((low << digits) // part, low, part, -low, part))
                if high is not None:
                    turns.append(((high << digits) // part, high, part, high, -part))
        turns.sort()
        return turns
