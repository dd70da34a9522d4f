"""Prices made of other prices: sums, and minima."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise

import attrs

from libconsortium.core.games.games import ZERO, Price


@attrs.frozen(kw_only=True)
class AtLeast(Price):
    """Another price, but not below a minimum as soon as anybody takes part.

    Args:
        price: The other price.
        least: The minimum.
    """

    price: Price
    least: Fraction

    @property
    def count(self) -> int:  # type: ignore[override] # that of the other price
        """The number of players."""
        return self.price.count

    def of(self, coalition: Collection[int]) -> Fraction:
        """Return the greater of both, nothing for nobody."""
        return max(self.price.of(coalition), self.least) if coalition else ZERO

    def marginals(self, order: Sequence[int]) -> list[Fraction]:
        """Return what each player adds when they come in this order."""
        totals = accumulate(self.price.marginals(order))
        costs = [ZERO, *(max(total, self.least) for total in totals)]
        return [after - before for before, after in pairwise(costs)]


@attrs.frozen(kw_only=True)
class Part:
    """One of several prices that are added up.

    Args:
        members: The numbers, in the whole game, of the players it is about; all others pay nothing.
        price: What they cost.
    """

    members: tuple[int, ...]
    price: Price


@attrs.frozen(kw_only=True)
class Sum(Price):
    """Several prices added up, each about some of the players.

    Args:
        count: The number of players.
        parts: The prices.

    >>> from libconsortium.core.games.structured_games import Additive, ByCount
    >>> licence = Part(members=(0, 1), price=ByCount(prices=(ZERO, Fraction(5), Fraction(8))))
    >>> extra = Part(members=(1,), price=Additive(amounts=(Fraction(3),)))
    >>> Sum(count=2, parts=(licence, extra)).of([1])
    Fraction(8, 1)
    """

    count: int
    parts: tuple[Part, ...]

    def of(self, coalition: Collection[int]) -> Fraction:
        """Return the sum of the parts' costs."""
        inside = set(coalition)
        return sum(
            (
                part.price.of([at for at, member in enumerate(part.members) if member in inside])
                for part in self.parts
            ),
            ZERO,
        )

    def marginals(self, order: Sequence[int]) -> list[Fraction]:
        """Return what each player adds when they come in this order, part by part."""
        come = {player: at for at, player in enumerate(order)}
        added = [ZERO] * len(order)
        for part in self.parts:
            inside = sorted(range(len(part.members)), key=lambda at: come[part.members[at]])
            for at, more in zip(inside, part.price.marginals(inside), strict=True):
                added[come[part.members[at]]] += more
        return added

    @property
    def is_concave(self) -> bool:
        """Whether every part is."""
        return all(part.price.is_concave for part in self.parts)
