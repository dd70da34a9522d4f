"""Prices with a structure that lets many players be reckoned with: tiers, packages, trees."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from itertools import pairwise

import attrs

from libconsortium.core.buying.scales import Scale
from libconsortium.core.errors import SplitError
from libconsortium.core.games.games import ZERO, Price


def _no_negative_weight(_: object, __: object, weights: tuple[Fraction, ...]) -> None:
    if min(weights, default=ZERO) < 0:
        raise SplitError("a weight is negative: {weight}", weight=min(weights))


@attrs.frozen(kw_only=True)
class Additive(Price):
    """Everybody costs a sum of its own, whoever else takes part.

    Args:
        amounts: The sums by player.

    >>> Additive(amounts=(Fraction(3), Fraction(4))).of([0, 1])
    Fraction(7, 1)
    """

    amounts: tuple[Fraction, ...]

    @property
    def count(self) -> int:  # type: ignore[override] # follows from the amounts
        """The number of players."""
        return len(self.amounts)

    def of(self, coalition: Collection[int]) -> Fraction:
        """Return the sum of the players' amounts."""
        return sum((self.amounts[player] for player in coalition), ZERO)

    def separable(self) -> list[Fraction]:
        """Return what each player adds to all the others."""
        return list(self.amounts)

    @property
    def is_concave(self) -> bool:
        """Always: a player adds the same to every coalition."""
        return True


@attrs.frozen(kw_only=True)
class ByCount(Price):
    """The cost depends on how many take part.

    Args:
        prices: What 0, 1, 2… players cost together; the first is 0.

    >>> ByCount(prices=(Fraction(0), Fraction(5), Fraction(8))).of([1])
    Fraction(5, 1)
    """

    prices: tuple[Fraction, ...]

    @property
    def count(self) -> int:  # type: ignore[override] # follows from the prices
        """The number of players."""
        return len(self.prices) - 1

    def of(self, coalition: Collection[int]) -> Fraction:
        """Return the price of so many players."""
        return self.prices[len(coalition)]

    def separable(self) -> list[Fraction]:
        """Return what each player adds to all the others."""
        return [self.prices[-1] - self.prices[-2]] * self.count

    @property
    def is_concave(self) -> bool:
        """Whether one more never costs more than one more did before."""
        steps = [after - before for before, after in pairwise(self.prices)]
        return all(before >= after for before, after in pairwise(steps))


@attrs.frozen(kw_only=True)
class CountDiscount(Price):
    """List prices, all multiplied by a factor that depends on how many take part.

    Args:
        amounts: The list prices by player.
        factors: The factors for 0, 1, 2… players.

    >>> half = CountDiscount(amounts=(Fraction(6), Fraction(4)),
    ...                      factors=(Fraction(1), Fraction(1), Fraction(1, 2)))
    >>> half.of([0, 1])
    Fraction(5, 1)
    """

    amounts: tuple[Fraction, ...]
    factors: tuple[Fraction, ...]

    @property
    def count(self) -> int:  # type: ignore[override] # follows from the amounts
        """The number of players."""
        return len(self.amounts)

    def of(self, coalition: Collection[int]) -> Fraction:
        """Return the players' list prices less the discount for so many."""
        listed = sum((self.amounts[player] for player in coalition), ZERO)
        return listed * self.factors[len(coalition)]

    def separable(self) -> list[Fraction]:
        """Return what each player adds to all the others."""
        listed = sum(self.amounts, ZERO)
        before, after = self.factors[-2:]
        return [listed * after - (listed - amount) * before for amount in self.amounts]


@attrs.frozen(kw_only=True)
class ByWeight(Price):
    """The cost depends on the players' total weight.

    Args:
        weights: The weights by player, not negative.
        scale: What each total costs.

    >>> from libconsortium.core.buying.offers import TierKind
    >>> scale = Scale.of_tiers(TierKind.SLAB, [(Fraction(0), Fraction(2))])
    >>> ByWeight(weights=(Fraction(3), Fraction(4)), scale=scale).of([0, 1])
    Fraction(14, 1)
    """

    weights: tuple[Fraction, ...] = attrs.field(validator=_no_negative_weight)
    scale: Scale

    @property
    def count(self) -> int:  # type: ignore[override] # follows from the weights
        """The number of players."""
        return len(self.weights)

    def of(self, coalition: Collection[int]) -> Fraction:
        """Return what the players' total weight costs."""
        return self.scale.at(sum((self.weights[player] for player in coalition), ZERO))

    def table(self) -> list[Fraction]:
        """Return the cost of every coalition."""
        totals = [ZERO]
        for weight in self.weights:
            totals += [total + weight for total in totals]
        prices = {total: self.scale.at(total) for total in set(totals)}
        return [prices[total] for total in totals]

    def marginals(self, order: Sequence[int]) -> list[Fraction]:
        """Return what each player adds when they come in this order."""
        total, before, added = ZERO, ZERO, []
        for player in order:
            total += self.weights[player]
            after = self.scale.at(total)
            added.append(after - before)
            before = after
        return added

    def separable(self) -> list[Fraction]:
        """Return what each player adds to all the others."""
        total = sum(self.weights, ZERO)
        return [self.scale.at(total) - self.scale.at(total - weight) for weight in self.weights]

    @property
    def is_concave(self) -> bool:
        """Whether one unit more never costs more than it did before."""
        return self.scale.is_concave


@attrs.frozen(kw_only=True)
class Packages(Price):
    """Each package costs its price as soon as one of its takers takes part.

    Args:
        count: The number of players.
        packages: Pairs of a price and the numbers of its takers.

    >>> Packages(count=2, packages=((Fraction(9), (0, 1)), (Fraction(2), (1,)))).of([0])
    Fraction(9, 1)
    """

    count: int
    packages: tuple[tuple[Fraction, tuple[int, ...]], ...]

    def of(self, coalition: Collection[int]) -> Fraction:
        """Return the sum of the prices of what anybody of the coalition takes."""
        inside = set(coalition)
        return sum((price for price, takers in self.packages if inside & set(takers)), ZERO)

    def marginals(self, order: Sequence[int]) -> list[Fraction]:
        """Return what each player adds when they come in this order: what nobody took before."""
        come = {player: at for at, player in enumerate(order)}
        added = [ZERO] * len(order)
        for price, takers in self.packages:
            if takers:
                added[min(come[taker] for taker in takers)] += price
        return added

    @property
    def is_concave(self) -> bool:
        """Whether no package has a negative price."""
        return all(price >= 0 for price, _ in self.packages)


@attrs.frozen(kw_only=True)
class Maximum(Price):
    """A coalition costs what its most demanding player needs (a runway, a band).

    Args:
        needs: What each player needs, not negative.

    >>> Maximum(needs=(Fraction(3), Fraction(4))).of([0, 1])
    Fraction(4, 1)
    """

    needs: tuple[Fraction, ...] = attrs.field(validator=_no_negative_weight)

    @property
    def count(self) -> int:  # type: ignore[override] # follows from the needs
        """The number of players."""
        return len(self.needs)

    def of(self, coalition: Collection[int]) -> Fraction:
        """Return the greatest need."""
        return max((self.needs[player] for player in coalition), default=ZERO)

    def separable(self) -> list[Fraction]:
        """Return what each player adds to all the others."""
        second, first = sorted([ZERO, *self.needs])[-2:]
        return [max(first - second, ZERO) if need == first else ZERO for need in self.needs]

    @property
    def is_concave(self) -> bool:
        """Always."""
        return True


def _parents_first(_: object, __: object, parents: tuple[int, ...]) -> None:
    for node, parent in enumerate(parents):
        if not -1 <= parent < node:
            raise SplitError("in a tree, parents come before their children: {node}", node=node)


@attrs.frozen(kw_only=True)
class Tree(Price):
    """Every player hangs in a tree and needs all edges up to its root (levels of a licence).

    Args:
        parents: The parent of each node, a node with a smaller number; -1 for the root.
        edges: What the edge above each node costs, not negative.
        homes: The node of each player.

    >>> tree = Tree(parents=(-1, 0), edges=(Fraction(6), Fraction(1)), homes=(0, 1))
    >>> tree.of([1]), tree.of([0, 1])
    (Fraction(7, 1), Fraction(7, 1))
    """

    parents: tuple[int, ...] = attrs.field(validator=_parents_first)
    edges: tuple[Fraction, ...] = attrs.field(validator=_no_negative_weight)
    homes: tuple[int, ...]

    @property
    def count(self) -> int:  # type: ignore[override] # follows from the homes
        """The number of players."""
        return len(self.homes)

    def of(self, coalition: Collection[int]) -> Fraction:
        """Return the sum of the edges that the coalition needs."""
        needed: set[int] = set()
        for player in coalition:
            node = self.homes[player]
            while node >= 0 and node not in needed:
                needed.add(node)
                node = self.parents[node]
        return sum((self.edges[node] for node in needed), ZERO)

    def users(self) -> list[int]:
        """Return how many players need the edge above each node."""
        users = [0] * len(self.parents)
        for home in self.homes:
            users[home] += 1
        for node in range(len(self.parents) - 1, 0, -1):
            if self.parents[node] >= 0:
                users[self.parents[node]] += users[node]
        return users

    @property
    def is_concave(self) -> bool:
        """Always."""
        return True


def classes_of(figures: Sequence[Fraction]) -> dict[Fraction, list[int]]:
    """Return which players have each figure, in the order of the figures.

    >>> classes_of([Fraction(2), Fraction(1), Fraction(2)])
    {Fraction(1, 1): [1], Fraction(2, 1): [0, 2]}
    """
    classes: dict[Fraction, list[int]] = {}
    for player in sorted(range(len(figures)), key=lambda player: figures[player]):
        classes.setdefault(figures[player], []).append(player)
    return classes
