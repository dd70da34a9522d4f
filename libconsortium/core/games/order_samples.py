"""The Shapley value by a sample of the orders in which players come, with its uncertainty.

Every sampled order is also walked backwards (antithetic), and every player comes at every place
equally often (an order is rotated through evenly spread places), which makes the estimate better
than so many independent orders would.

Sources: Castro, Gomez & Tejada, Computers & Operations Research 36 (2009) 1726-1730; Mitchell et
al., J. Machine Learning Research 23 (2022) 1-46, for antithetic orders.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import sqrt
from random import Random

import attrs

from libconsortium.core.games.games import GameShare, Label, Price

Orders = Callable[[Random], list[int]]
"""Draws an order of all players."""

_ROTATIONS = 8
CONFIDENT = 2.1
"""Standard errors to either side: 95 % of a t distribution with some twenty degrees of freedom."""


@attrs.frozen(kw_only=True)
class Sample:
    """How many orders are drawn.

    Args:
        groups: Groups of related orders; the spread of their means gives the uncertainty.
        seed: What the orders are drawn from; the same seed gives the same shares.
    """

    groups: int = 24
    seed: int = 20260101


def any_order(count: int) -> Orders:
    """Return a drawing of orders in which every order of the players is as likely."""

    def draw(random: Random) -> list[int]:
        order = list(range(count))
        for last in range(count - 1, 0, -1):
            other = int(random.random() * (last + 1))
            order[last], order[other] = order[other], order[last]
        return order

    return draw


def union_order(unions: Sequence[Sequence[int]]) -> Orders:
    """Return a drawing of orders in which the players of a union come one after the other."""
    draw_unions = any_order(len(unions))

    def draw(random: Random) -> list[int]:
        order = []
        for at in draw_unions(random):
            inside = any_order(len(unions[at]))(random)
            order += [unions[at][place] for place in inside]
        return order

    return draw


def sampled(
    price: Price, orders: Orders, sample: Sample, *, rotate: bool = True
) -> list[GameShare]:
    """Return estimated mean costs that players add, which sum to the cost of everybody exactly.

    Args:
        price: What coalitions cost.
        orders: Draws an order.
        sample: How many.
        rotate: Whether an order may be rotated (not where unions come one after the other).

    >>> from libconsortium.core.games.structured_games import Maximum
    >>> price = Maximum(needs=(Fraction(2), Fraction(4)))
    >>> [share.value for share in sampled(price, any_order(2), Sample(groups=2))]
    [Fraction(1, 1), Fraction(3, 1)]
    """
    random = Random(sample.seed)  # noqa: S311 - a sample, not a secret
    count = price.count
    means = [_group(price, orders(random), rotate=rotate) for _ in range(sample.groups)]
    shares = []
    for player in range(count):
        values = [mean[player] for mean in means]
        middle = sum(values, Fraction(0)) / len(values)
        spread = sum(float(value - middle) ** 2 for value in values)
        error = Fraction(CONFIDENT * sqrt(spread / (len(values) - 1) / len(values)))
        interval = (middle - error, middle + error)
        shares.append(GameShare(value=middle, label=Label.ESTIMATED, interval=interval))
    return shares


def _group(price: Price, order: Sequence[int], *, rotate: bool) -> list[Fraction]:
    count = len(order)
    steps = sorted({count * turn // _ROTATIONS for turn in range(_ROTATIONS)}) if rotate else [0]
    total = [Fraction(0)] * count
    for step in steps:
        rotated = [*order[step:], *order[:step]]
        for walked in (rotated, rotated[::-1]):
            for player, added in zip(walked, price.marginals(walked), strict=True):
                total[player] += added
    return [value / (2 * len(steps)) for value in total]
