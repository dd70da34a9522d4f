"""The coalition that would gain most by leaving, found by the structure of the price."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import attrs

from libconsortium.core.games.closures import best_closure
from libconsortium.core.games.composed_games import Sum
from libconsortium.core.games.games import MOST_LISTED, ZERO, Price, members_of
from libconsortium.core.games.knapsacks import best_between
from libconsortium.core.games.structured_games import (
    Additive,
    ByCount,
    ByWeight,
    CountDiscount,
    Maximum,
    Packages,
    Tree,
)

_MOST_SEARCHED = 16


@attrs.frozen(kw_only=True)
class Worst:
    """The coalition that gains most by leaving.

    Args:
        coalition: Its players' numbers; empty if no coalition gains anything (or none is known).
        gain: What it pays less what it would cost by itself; negative if even the worst coalition
            would lose by leaving.
        at_most: What no coalition's gain can pass; the gain itself if it is known exactly.
    """

    coalition: tuple[int, ...]
    gain: Fraction
    at_most: Fraction


def worst_coalition(price: Price, shares: Sequence[Fraction]) -> Worst:
    """Return the coalition, other than nobody and everybody, that gains most by leaving.

    For few players every coalition is looked at. For many the structure of the price is used; there
    a result of nobody with a gain of 0 may mean that every coalition would lose.

    Args:
        price: What coalitions cost.
        shares: What each player pays.

    >>> price = ByCount(prices=(ZERO, Fraction(5), Fraction(8)))
    >>> worst_coalition(price, [Fraction(2), Fraction(6)])
    Worst(coalition=(1,), gain=Fraction(1, 1), at_most=Fraction(1, 1))
    """
    if price.count == 1:
        return Worst(coalition=(), gain=ZERO, at_most=ZERO)
    if price.count <= _MOST_SEARCHED:
        return _listed(price, shares)
    if type(price) in _SEARCHES:
        return _SEARCHES[type(price)](price, shares)
    if price.count <= MOST_LISTED:
        return _listed(price, shares)
    return _bounded(price, shares)


def _gain(price: Price, shares: Sequence[Fraction], coalition: Sequence[int]) -> Fraction:
    return sum((shares[player] for player in coalition), ZERO) - price.of(coalition)


def _best(price: Price, shares: Sequence[Fraction], found: Iterator[Sequence[int]]) -> Worst:
    """Return the best of some coalitions among which the best of all is known to be."""
    proper = (one for one in found if 0 < len(one) < price.count)
    gains = ((_gain(price, shares, one), one) for one in proper)
    gain, coalition = max(gains, key=lambda pair: pair[0], default=(ZERO, ()))
    return Worst(coalition=tuple(sorted(coalition)), gain=gain, at_most=gain)


def _listed(price: Price, shares: Sequence[Fraction]) -> Worst:
    pays = [ZERO]
    for share in shares:
        pays += [total + share for total in pays]
    gains = [paid - cost for paid, cost in zip(pays, price.table(), strict=True)][1:-1]
    gain = max(gains)
    return Worst(coalition=members_of(gains.index(gain) + 1), gain=gain, at_most=gain)


def _ranked(figures: Sequence[Fraction]) -> list[int]:
    return sorted(range(len(figures)), key=lambda player: -figures[player])


def _additive(price: Additive, shares: Sequence[Fraction]) -> Worst:
    more = [share - amount for share, amount in zip(shares, price.amounts, strict=True)]
    ranked = _ranked(more)
    gaining = sum(1 for one in more if one > 0)
    size = min(max(gaining, 1), price.count - 1)
    return _best(price, shares, iter([ranked[:size]]))


def _by_count(price: ByCount, shares: Sequence[Fraction]) -> Worst:
    ranked, best, paid = _ranked(shares), (ZERO, 0), ZERO
    for size in range(1, price.count):
        paid += shares[ranked[size - 1]]
        gain = paid - price.prices[size]
        if size == 1 or gain > best[0]:
            best = gain, size
    return Worst(coalition=tuple(sorted(ranked[: best[1]])), gain=best[0], at_most=best[0])


def _count_discount(price: CountDiscount, shares: Sequence[Fraction]) -> Worst:
    best: tuple[Fraction, Sequence[int]] | None = None
    for factor in set(price.factors[1:-1]):
        more = [
            share - amount * factor for share, amount in zip(shares, price.amounts, strict=True)
        ]
        ranked, gain = _ranked(more), ZERO
        for size in range(1, price.count):
            gain += more[ranked[size - 1]]
            if price.factors[size] == factor and (best is None or gain > best[0]):
                best = gain, ranked[:size]
    gain, coalition = best or (ZERO, ())
    return Worst(coalition=tuple(sorted(coalition)), gain=gain, at_most=gain)


def _by_weight(price: ByWeight, shares: Sequence[Fraction]) -> Worst:
    found = [_best(price, shares, iter([[player] for player in range(price.count)]))]
    found += [Worst(coalition=one, gain=gain, at_most=gain) for gain, one in _light(price, shares)]
    # Everybody of weight is left out: a proper coalition lacks one of them, or is among the light.
    lightest = min((weight for weight in price.weights if weight), default=ZERO)
    heaviest = sum(price.weights, ZERO) - lightest
    ends = [*(piece.above for piece in price.scale.pieces[1:]), heaviest]
    for piece, end in zip(price.scale.pieces, ends, strict=True):
        items = [
            (weight, share - piece.slope * weight)
            for weight, share in zip(price.weights, shares, strict=True)
        ]
        beat = max(one.gain for one in found) + piece.base
        best = best_between(items, piece.above, min(end, heaviest), beat=beat)
        if best is not None:
            gain, at_most = best.value - piece.base, best.at_most - piece.base
            found.append(Worst(coalition=best.chosen, gain=gain, at_most=at_most))
    best_found = max(found, key=lambda one: (one.gain, bool(one.coalition)))
    return attrs.evolve(best_found, at_most=max(one.at_most for one in found))


def _light(
    price: ByWeight, shares: Sequence[Fraction]
) -> Iterator[tuple[Fraction, tuple[int, ...]]]:
    """Yield the best coalition of players without weight, and the best that lacks one of them."""
    light = [player for player, weight in enumerate(price.weights) if not weight]
    if light:
        light.sort(key=lambda player: -shares[player])
        paying = [player for player in light if shares[player] > 0] or light[:1]
        everybody = range(price.count)
        # At least one stays with those of weight, at least one leaves.
        lacking = [player for player in everybody if player != light[-1]]
        for coalition in (paying, lacking):
            if len(coalition) < price.count:
                yield _gain(price, shares, coalition), tuple(sorted(coalition))


def _packages(price: Packages, shares: Sequence[Fraction]) -> Worst:
    return _best(price, shares, iter([best_closure(shares, price.packages)]))


def _maximum(price: Maximum, shares: Sequence[Fraction]) -> Worst:
    def candidates() -> Iterator[Sequence[int]]:
        order = sorted(range(price.count), key=lambda player: price.needs[player])
        paying: list[int] = []
        for player in order:
            if shares[player] > 0:
                paying.append(player)
            yield tuple(paying) or (player,)
        cheapest = min(order, key=lambda player: shares[player])
        yield [player for player in order if player != cheapest]

    best: Worst | None = None
    for coalition in candidates():
        if len(coalition) < price.count:
            gain = _gain(price, shares, coalition)
            if best is None or gain > best.gain:
                best = Worst(coalition=tuple(sorted(coalition)), gain=gain, at_most=gain)
    return best or Worst(coalition=(), gain=ZERO, at_most=ZERO)


def _tree(price: Tree, shares: Sequence[Fraction]) -> Worst:
    nodes = len(price.parents)
    worth = [ZERO] * nodes
    living: list[list[int]] = [[] for _ in range(nodes)]
    for player, home in enumerate(price.homes):
        if shares[player] > 0:
            worth[home] += shares[player]
            living[home].append(player)
    chosen: list[int] = []
    keeps = [True] * nodes
    for node in range(nodes - 1, -1, -1):
        worth[node] -= price.edges[node]
        keeps[node] = worth[node] > 0
        if keeps[node] and price.parents[node] >= 0:
            worth[price.parents[node]] += worth[node]
    for node, parent in enumerate(price.parents):
        keeps[node] = keeps[node] and (parent < 0 or keeps[parent])
        if keeps[node]:
            chosen += living[node]
    return _best(price, shares, iter([chosen]))


def _bounded(price: Price, shares: Sequence[Fraction]) -> Worst:
    """Return the best of some likely coalitions, and what no coalition's gain can pass."""
    ranked = _ranked(
        [share / (cost or 1) for share, cost in zip(shares, _alone(price), strict=True)]
    )
    likely = [ranked[:size] for size in range(1, price.count)]
    found = _best(price, shares, iter(likely))
    most = sum((share for share in shares if share > 0), ZERO)
    if isinstance(price, Sum):
        most = min(most, _part_by_part(price, shares))
    return attrs.evolve(found, at_most=max(found.gain, most))


def _alone(price: Price) -> list[Fraction]:
    return [price.of([player]) for player in range(price.count)]


def _part_by_part(price: Sum, shares: Sequence[Fraction]) -> Fraction:
    """Return the sum of the parts' greatest gains, every share divided among the parts."""
    alone = [ZERO] * price.count
    for part in price.parts:
        for member, cost in zip(part.members, _alone(part.price), strict=True):
            alone[member] += cost
    most = sum(
        (share for share, cost in zip(shares, alone, strict=True) if not cost and share > 0), ZERO
    )
    for part in price.parts:
        of_part = [
            shares[member] * cost / alone[member] if alone[member] else ZERO
            for member, cost in zip(part.members, _alone(part.price), strict=True)
        ]
        worst = worst_coalition(part.price, of_part)
        everybody = _gain(part.price, of_part, range(part.price.count))
        most += max(ZERO, worst.at_most, everybody)
    return most


# Any: each function takes the kind of price it stands beside.
_SEARCHES: Mapping[type[Price], Callable[[Any, Sequence[Fraction]], Worst]] = {
    Additive: _additive,
    ByCount: _by_count,
    CountDiscount: _count_discount,
    ByWeight: _by_weight,
    Packages: _packages,
    Maximum: _maximum,
    Tree: _tree,
}
