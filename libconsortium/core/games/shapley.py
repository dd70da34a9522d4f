"""The Shapley value, exactly, by the short cut that each structure of the price allows.

Source: Shapley, "A value for n-person games", Contributions to the Theory of Games II (1953)
307-317; for the maximum, Littlechild & Owen, Management Science 20 (1973) 370-372.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import factorial, lcm
from typing import Any

from libconsortium.core.games.composed_games import Sum
from libconsortium.core.games.games import MOST_LISTED, ZERO, Price
from libconsortium.core.games.structured_games import (
    Additive,
    ByCount,
    ByWeight,
    CountDiscount,
    Maximum,
    Packages,
    Tree,
)
from libconsortium.core.games.weight_counts import is_countable, shapley_by_weight
from libconsortium.core.messages import Message


def exact_shapley(price: Price) -> tuple[list[Fraction], Message] | None:
    """Return the Shapley value and how it was found, or ``None`` where it is too much work.

    Args:
        price: What coalitions cost.

    >>> values, how = exact_shapley(Maximum(needs=(Fraction(3), Fraction(5))))
    >>> values, str(how)
    ([Fraction(3, 2), Fraction(7, 2)], 'every further need shared by those who have it')
    """
    if isinstance(price, Sum):
        return _of_sum(price)
    if isinstance(price, ByWeight):
        if is_countable(price.weights, price.scale):
            how = Message("coalitions counted by size and weight")
            return shapley_by_weight(price.weights, price.scale), how
    elif type(price) in _CLOSED:
        closed, how = _CLOSED[type(price)]
        return closed(price), how
    if price.count <= MOST_LISTED:
        return listed_shapley(price.table()), Message("all coalitions, one by one")
    return None


def listed_shapley(values: Sequence[Fraction]) -> list[Fraction]:
    """Return the Shapley value of a game given by the value of every coalition.

    Every coalition is looked at once: its weighted value is what its players get more than the
    others, and folding the list in half, player by player, adds up everybody's.

    >>> listed_shapley([Fraction(value) for value in (0, 0, 0, 1)])
    [Fraction(1, 2), Fraction(1, 2)]
    """
    players = len(values).bit_length() - 1
    unit = lcm(*(value.denominator for value in values))
    whole = [value.numerator * (unit // value.denominator) for value in values]
    inside = [
        factorial(max(size - 1, 0)) * factorial(players - size) for size in range(players + 1)
    ]
    outside = [factorial(size) * factorial(max(players - size - 1, 0)) for size in range(players)]
    outside.append(0)
    sizes = [0]
    for _ in range(players):
        sizes += [size + 1 for size in sizes]
    both = [within + without for within, without in zip(inside, outside, strict=True)]
    folded = [both[size] * value for size, value in zip(sizes, whole, strict=True)]
    base = sum(outside[size] * value for size, value in zip(sizes, whole, strict=True))
    shares: list[Fraction] = []
    while len(folded) > 1:
        half = len(folded) // 2
        upper = folded[half:]
        shares.append(Fraction(sum(upper) - base, factorial(players) * unit))
        folded = [low + high for low, high in zip(folded, upper, strict=False)]
    return shares[::-1]


def _of_sum(price: Sum) -> tuple[list[Fraction], Message] | None:
    shares = [ZERO] * price.count
    for part in price.parts:
        found = exact_shapley(part.price)
        if found is None:
            return None
        for member, share in zip(part.members, found[0], strict=True):
            shares[member] += share
    return shares, Message("part by part; who has nothing to do with a part pays nothing of it")


def _additive(price: Additive) -> list[Fraction]:
    return list(price.amounts)


def _by_count(price: ByCount) -> list[Fraction]:
    return [price.prices[-1] / price.count] * price.count


def _count_discount(price: CountDiscount) -> list[Fraction]:
    count, listed = price.count, sum(price.amounts, ZERO)
    own = sum(price.factors[1:], ZERO) / count
    if count == 1:
        return [price.amounts[0] * own]
    steps = sum(
        (size * (price.factors[size + 1] - price.factors[size]) for size in range(1, count)), ZERO
    )
    of_others = steps / (count * (count - 1))
    return [amount * own + (listed - amount) * of_others for amount in price.amounts]


def _packages(price: Packages) -> list[Fraction]:
    shares = [ZERO] * price.count
    for cost, takers in price.packages:
        for taker in takers:
            shares[taker] += cost / len(takers)
    return shares


def _maximum(price: Maximum) -> list[Fraction]:
    shares, before, share = [ZERO] * price.count, ZERO, ZERO
    order = sorted(range(price.count), key=lambda player: price.needs[player])
    for place, player in enumerate(order):
        share += (price.needs[player] - before) / (price.count - place)
        before = price.needs[player]
        shares[player] = share
    return shares


def _tree(price: Tree) -> list[Fraction]:
    users, paid = price.users(), [ZERO] * len(price.parents)
    for node, parent in enumerate(price.parents):
        above = paid[parent] if parent >= 0 else ZERO
        paid[node] = above + (price.edges[node] / users[node] if users[node] else ZERO)
    return [paid[home] for home in price.homes]


# Any: each function takes the kind of price it stands beside.
_CLOSED: Mapping[type[Price], tuple[Callable[[Any], list[Fraction]], Message]] = {
    Additive: (_additive, Message("everybody's own sum")),
    ByCount: (_by_count, Message("the same for everybody: only the number counts")),
    CountDiscount: (_count_discount, Message("list prices and the mean discount")),
    Packages: (_packages, Message("every package shared by its takers")),
    Maximum: (_maximum, Message("every further need shared by those who have it")),
    Tree: (_tree, Message("every edge shared by those who need it")),
}
