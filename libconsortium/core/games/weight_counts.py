"""Counts coalitions by size and total weight, exactly, to find the Shapley value of weight tiers.

How many coalitions of each size have each weight is a polynomial; all its coefficients stand side
by side in one large integer, so that taking a player in is one shift and one addition. Coalitions
without one player follow by alternating sums (one player is divided out), looked up at the tiers'
bounds only.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import comb, gcd, lcm

from libconsortium.core.buying.scales import Scale
from libconsortium.core.games.games import ZERO

_MOST_WORK = 3_000_000_000
"""Bytes read or written; about a second."""
_FEW = 100
_MOST_WORK_FOR_FEW = 8 * _MOST_WORK
"""For few players nothing else is as exact and quicker."""
_LOOKUP = 3_000
"""What looking up one count costs, in bytes."""
_MOST_MEMORY = 600_000_000


def is_countable(weights: Sequence[Fraction], scale: Scale) -> bool:
    """Return whether counting takes seconds, not hours.

    >>> from libconsortium.core.buying.offers import TierKind
    >>> scale = Scale.of_tiers(TierKind.SLAB, [(ZERO, ZERO), (Fraction(900), Fraction(1))])
    >>> is_countable([Fraction(weight) for weight in range(50)], scale)
    True
    """
    whole, unit = in_whole_units(weights)
    bounds = _bounds(whole, scale.stretched(sizes=unit))
    if not bounds:
        return True
    count, top = len(whole), bounds[-1]
    row = top * (count + 2 * top.bit_length()) / 8
    chains = sum(min(count, bound // weight + 1) for bound in bounds for weight in set(whole))
    work = row * (count * count / 4 + 4 * count * top.bit_length()) + count * chains * _LOOKUP
    most = _MOST_WORK_FOR_FEW if count <= _FEW else _MOST_WORK
    return work < most and 3 * row * count < _MOST_MEMORY


def shapley_by_weight(weights: Sequence[Fraction], scale: Scale) -> list[Fraction]:
    """Return the Shapley value where the total weight decides the cost.

    Args:
        weights: The weights by player, not negative.
        scale: What each total costs.

    Source: the generating functions of Brams & Affuso, "Power and size: a new paradox", Theory and
    Decision 7 (1976) 29-56, with one player divided out.

    >>> from libconsortium.core.buying.offers import TierKind
    >>> scale = Scale.of_tiers(TierKind.TOTAL, [(Fraction(0), ZERO), (Fraction(50), Fraction(1))])
    >>> shapley_by_weight([Fraction(50), Fraction(49), Fraction(1)], scale)
    [Fraction(2, 3), Fraction(1, 6), Fraction(1, 6)]
    """
    whole, unit = in_whole_units(weights)
    shares = {Fraction(0): ZERO}
    if whole:
        counts = _Counts(whole, scale.stretched(sizes=unit))
        shares |= {Fraction(weight): counts.mean_marginal(weight) for weight in set(whole)}
    return [shares[weight * unit] for weight in weights]


def in_whole_units(weights: Sequence[Fraction]) -> tuple[list[int], Fraction]:
    """Return the positive weights as whole numbers and what they were multiplied by."""
    positive = [weight for weight in weights if weight]
    unit = lcm(*(weight.denominator for weight in positive))
    whole = [int(weight * unit) for weight in positive]
    common = gcd(*whole) or 1
    return sorted(weight // common for weight in whole), Fraction(unit, common)


def _bounds(weights: Sequence[int], scale: Scale) -> list[int]:
    """Return the bounds between tiers that whole weights can lie on both sides of."""
    whole = {piece.above.__floor__() for piece in scale.pieces[1:]}
    return sorted(bound for bound in whole if 0 < bound < sum(weights))


class _Counts:
    """How many coalitions there are of each size, and what they weigh."""

    def __init__(self, weights: Sequence[int], scale: Scale) -> None:
        self._scale = scale
        self._weights = weights
        self._top = max(_bounds(weights, scale), default=0)
        # Eight bits a byte; a slot holds any sum of counts over weights, twice over.
        self._slot = (len(weights) + 2 * (self._top + 1).bit_length()) // 8 + 1
        self._mask = (1 << 8 * self._slot * (self._top + 1)) - 1
        rows = self._rows()
        size = self._slot * (self._top + 1)
        self._counts, self._sums = [], []
        for row in rows:
            counts = self._cumulated(row)
            self._counts.append(counts.to_bytes(size, "little"))
            self._sums.append(self._cumulated(counts).to_bytes(size, "little"))
        self._costs = [self._cost(size) for size in range(len(weights) + 1)]

    def mean_marginal(self, weight: int) -> Fraction:
        """Return what a player of this weight adds, on average over sizes and coalitions."""
        others = len(self._weights) - 1
        costs = [self._cost(size, weight) for size in range(others + 1)]
        added = ZERO
        for size, before in enumerate(costs):
            without = costs[size + 1] if size < others else ZERO
            after = self._costs[size + 1] - without
            added += (after - before) / comb(others, size)
        return added / (others + 1)

    def _cost(self, size: int, without: int = 0) -> Fraction:
        """Return what all coalitions of a size cost, those without a player if one is named."""
        if not size:
            return ZERO
        players = len(self._weights) - bool(without)
        weighs = (sum(self._weights) - without) * comb(players - 1, size - 1) if players else 0
        line = self._scale.pieces[-1]
        cost = line.base * comb(players, size) + line.slope * weighs
        for lower, upper in pairwise(self._scale.pieces):
            bound = upper.above.__floor__()
            if bound >= sum(self._weights):
                counted = comb(players, size), weighs
            elif bound <= 0:
                continue
            elif without:
                counted = self._without(without, size, bound)
            else:
                counted = self._up_to(size, bound)
            cost += (lower.base - upper.base) * counted[0] + (lower.slope - upper.slope) * counted[
                1
            ]
        return cost

    def _rows(self) -> list[int]:
        """Return the numbers of coalitions by weight, one row a size, up to the last bound."""
        rows, bits = [1], 8 * self._slot
        most = self._mask.bit_length()
        for weight in self._weights:
            rows.append(0)
            for size in range(len(rows) - 1, 0, -1):
                rows[size] += rows[size - 1] << weight * bits
                if rows[size].bit_length() > most:
                    rows[size] &= self._mask
        return rows

    def _cumulated(self, row: int) -> int:
        bits, shift = 8 * self._slot, 1
        while shift <= self._top:
            row += row << shift * bits
            shift *= 2
        return row & self._mask

    def _up_to(self, size: int, bound: int) -> tuple[int, int]:
        """Return how many coalitions of a size weigh no more, and what they weigh together."""
        start = bound * self._slot
        count = int.from_bytes(self._counts[size][start : start + self._slot], "little")
        if not bound:
            return count, 0
        start -= self._slot
        below = int.from_bytes(self._sums[size][start : start + self._slot], "little")
        return count, bound * count - below

    def _without(self, weight: int, size: int, bound: int) -> tuple[int, int]:
        """Return the same of the coalitions without one player of this weight."""
        count = moment = 0
        for times in range(min(size, bound // weight) + 1):
            found, weighs = self._up_to(size - times, bound - times * weight)
            weighs += times * weight * found
            sign = -1 if times % 2 else 1
            count += sign * found
            moment += sign * weighs
        return count, moment
