"""Least and most that each member may pay, met exactly.

Everybody within the limits keeps paying in proportion: a share is ``clamp(level * weight, low,
high)`` with one level for all, found in rationals. Floors, ceilings, bounds on the change against
last year and "never more than buying alone" are all a low and a high.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import attrs

from libconsortium.core.errors import InfeasibleError, SplitError

ZERO = Fraction(0)


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
        if self.high is not None and self.low > self.high:
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
    turns, paid = _turns(weights, limits), _least(weights, limits)
    if paid > amount:
        raise InfeasibleError(
            "the members pay at least {least}, which is more than {amount}",
            least=paid,
            amount=amount,
        )
    at, slope = ZERO, ZERO
    for turn, change in turns:
        if slope and paid + slope * (turn - at) >= amount:
            break
        paid += slope * (turn - at)
        at, slope = turn, slope + change
    if paid == amount:
        return at
    if not slope:
        raise InfeasibleError(
            "the members pay at most {most}, which is less than {amount}", most=paid, amount=amount
        )
    return at + (amount - paid) / slope


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
    at = level(amount, weights, limits)
    return {
        member: limits.get(member, NO_LIMIT).held(at * weight) for member, weight in weights.items()
    }


def reach(
    weights: Mapping[str, Fraction], limits: Mapping[str, Limit]
) -> tuple[Fraction, Fraction | None]:
    """Return the least and the most that all members together can pay.

    A member of weight zero pays its least. ``None`` means that there is no most.

    >>> reach({"a": Fraction(3), "b": Fraction(1)}, {"a": Limit(high=Fraction(60))})
    (Fraction(0, 1), None)
    """
    least = _least(weights, limits)
    highs = [
        limit.high if weight else limit.low
        for member, weight in weights.items()
        for limit in [limits.get(member, NO_LIMIT)]
    ]
    if any(high is None for high in highs):
        return least, None
    return least, sum((high for high in highs if high is not None), ZERO)


def _least(weights: Mapping[str, Fraction], limits: Mapping[str, Limit]) -> Fraction:
    return sum((limits[member].low for member in weights if member in limits), ZERO)


def _turns(
    weights: Mapping[str, Fraction], limits: Mapping[str, Limit]
) -> list[tuple[Fraction, Fraction]]:
    """List the levels at which a member leaves its least or meets its most, with the change."""
    changes: dict[Fraction, Fraction] = {}
    for member, weight in weights.items():
        if not weight:
            continue
        limit = limits.get(member, NO_LIMIT)
        start = limit.low / weight
        changes[start] = changes.get(start, ZERO) + weight
        if limit.high is not None:
            stop = limit.high / weight
            changes[stop] = changes.get(stop, ZERO) - weight
    return sorted(changes.items())
