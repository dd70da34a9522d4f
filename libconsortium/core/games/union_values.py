"""The Owen value, exactly, by the short cut that a structure of the price allows.

What is paid once if anybody takes part (a package, a step of a runway, an edge of a tree) is shared
equally by the unions that need it, and inside each equally by those who need it. Where only the
number counts, players of one union are alike, and the unions share as players of their sizes.

Source: Owen, "Values of games with a priori unions", in Mathematical Economics and Game Theory
(1977) 76-88; the quotient property is his.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from libconsortium.core.buying.scales import Piece, Scale
from libconsortium.core.games.composed_games import Sum
from libconsortium.core.games.games import ZERO, Price
from libconsortium.core.games.shapley import exact_shapley
from libconsortium.core.games.structured_games import (
    Additive,
    ByCount,
    ByWeight,
    Maximum,
    Packages,
    Tree,
    classes_of,
)
from libconsortium.core.messages import Message

Unions = Sequence[Sequence[int]]


def exact_owen(price: Price, unions: Unions) -> tuple[list[Fraction], Message] | None:
    """Return the Owen value and how it was found, or ``None`` where no structure helps.

    Args:
        price: What coalitions cost.
        unions: The unions; every player is in exactly one.

    >>> packages = Packages(count=3, packages=((Fraction(12), (0, 1, 2)),))
    >>> [str(share) for share in exact_owen(packages, [[0, 1], [2]])[0]]
    ['3', '3', '6']
    """
    if len(unions) == 1 or max(map(len, unions)) == 1:
        return exact_shapley(price)
    if isinstance(price, Sum):
        return _of_sum(price, unions)
    if type(price) not in _CLOSED:
        return None
    closed, how = _CLOSED[type(price)]
    shares = closed(price, unions)
    return None if shares is None else (shares, how)


def _of_sum(price: Sum, unions: Unions) -> tuple[list[Fraction], Message] | None:
    shares = [ZERO] * price.count
    for part in price.parts:
        places = {member: at for at, member in enumerate(part.members)}
        inside = [[places[one] for one in union if one in places] for union in unions]
        found = exact_owen(part.price, [union for union in inside if union])
        if found is None:
            return None
        for member, share in zip(part.members, found[0], strict=True):
            shares[member] += share
    return shares, Message("part by part; who has nothing to do with a part pays nothing of it")


def _homes(unions: Unions) -> dict[int, int]:
    return {player: at for at, union in enumerate(unions) for player in union}


def _additive(price: Additive, _: Unions) -> list[Fraction]:
    return list(price.amounts)


def _by_count(price: ByCount, unions: Unions) -> list[Fraction] | None:
    sizes = tuple(Fraction(len(union)) for union in unions)
    scale = Scale(pieces=tuple(_straight_pieces(price.prices)))
    found = exact_shapley(ByWeight(weights=sizes, scale=scale))
    if found is None:
        return None
    shares = [ZERO] * price.count
    for union, share in zip(unions, found[0], strict=True):
        for player in union:
            shares[player] = share / len(union)
    return shares


def _straight_pieces(prices: Sequence[Fraction]) -> Iterator[Piece]:
    """Yield lines through the prices of 1, 2, 3… players, as few as there can be."""
    last, size = len(prices) - 1, 1
    while size <= last:
        slope = prices[min(size + 1, last)] - prices[size]
        yield Piece(Fraction(size - 1), prices[size] - slope * size, slope)
        while size < last and prices[size + 1] - prices[size] == slope:
            size += 1
        size += 1


def _packages(price: Packages, unions: Unions) -> list[Fraction]:
    home, shares = _homes(unions), [ZERO] * price.count
    for cost, takers in price.packages:
        here = Counter(home[taker] for taker in takers)
        for taker in takers:
            shares[taker] += cost / (len(here) * here[home[taker]])
    return shares


def _maximum(price: Maximum, unions: Unions) -> list[Fraction]:
    home, shares, before = _homes(unions), [ZERO] * price.count, ZERO
    left = {at: len(union) for at, union in enumerate(unions)}
    paid = dict.fromkeys(left, ZERO)
    for need, players in classes_of(price.needs).items():
        each = (need - before) / len(left)
        before = need
        for at, count in left.items():
            paid[at] += each / count
        for player in players:
            shares[player] = paid[home[player]]
            left[home[player]] -= 1
            if not left[home[player]]:
                del left[home[player]]
    return shares


def _tree(price: Tree, unions: Unions) -> list[Fraction]:
    home = _homes(unions)
    users: list[Counter[int]] = [Counter() for _ in price.parents]
    for player, node in enumerate(price.homes):
        users[node][home[player]] += 1
    for node in range(len(users) - 1, -1, -1):
        if price.parents[node] >= 0:
            users[price.parents[node]].update(users[node])
    # What one player of each union pays for the edges from a node up to the root.
    paid: list[dict[int, Fraction]] = []
    for node, parent in enumerate(price.parents):
        above = paid[parent] if parent >= 0 else {}
        here = users[node]
        paid.append(
            {
                union: above.get(union, ZERO) + price.edges[node] / (len(here) * count)
                for union, count in here.items()
            }
        )
    return [paid[node][home[player]] for player, node in enumerate(price.homes)]


# Any: each function takes the kind of price it stands beside.
_CLOSED: Mapping[type[Price], tuple[Callable[[Any, Unions], list[Fraction] | None], Message]] = {
    Additive: (_additive, Message("everybody's own sum")),
    ByCount: (_by_count, Message("unions by their size, each shared equally by its members")),
    Packages: (_packages, Message("every package shared by the unions that take it")),
    Maximum: (_maximum, Message("every further need shared by the unions that have it")),
    Tree: (_tree, Message("every edge shared by the unions that need it")),
}
