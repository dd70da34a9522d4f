"""The Shapley value of weight tiers for thousands of players, with a proven bound (needs NumPy).

A player's value is the integral over t of what it adds on average when every other player takes
part with probability t (Owen's multilinear extension). For n players that average is a polynomial
of degree n - 1 in t, so that Gauss quadrature with n/2 nodes is exact but for rounding. At each
node the average is a sum over the frequencies of the price; the characteristic function of the
total weight is next to nothing at nearly all of them, and these are left out. Where no bound of a
tier can be met, the price is a straight line and nothing has to be summed.

Sources: Owen, "Multilinear extensions of games", Management Science 18 (1972) 64-79; Golub &
Welsch, Mathematics of Computation 23 (1969) 221-230, for the quadrature.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import floor, log, log2
from typing import TYPE_CHECKING

import attrs

from libconsortium.core.buying.scales import Scale
from libconsortium.core.games.games import GameShare, Label
from libconsortium.core.games.structured_games import ByWeight
from libconsortium.core.games.weight_counts import in_whole_units

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_TINY = 1e-18
_EPSILON = 2.0**-53
_DROPPED = 1e-15
"""Frequencies at which the characteristic function is smaller are left out."""
_UNLIKELY = 1e-13
"""Chances that are left out: of totals beyond a tier's bound."""
_BEARABLE = 1e-9
_MOST_AT_A_NODE = 4_000_000
"""Where more work would be needed, smaller chances than bearable are left out too."""
_SMALL_ODDS = 0.3
_ROUGH = 1e-3
_MOST_WEIGHT = 1 << 23
_MOST_WORK = 400_000_000
"""Frequencies times weights, over all nodes; about ten seconds."""


def integrated_shapley(price: ByWeight) -> list[GameShare] | None:
    """Return the Shapley value with a bound, or ``None`` where it is too much work.

    Args:
        price: A price by total weight.

    Raises:
        ImportError: NumPy is not installed.

    >>> from libconsortium.core.buying.offers import TierKind
    >>> tiers = [(Fraction(0), Fraction(3)), (Fraction(100), Fraction(2))]
    >>> price = ByWeight(weights=(Fraction(1),) * 300,
    ...                  scale=Scale.of_tiers(TierKind.MARGINAL, tiers))
    >>> share = integrated_shapley(price)[0]
    >>> abs(share.value - Fraction(700, 300)) <= share.bound < Fraction(1, 10**9)
    True
    """
    whole, unit = in_whole_units(price.weights)
    if not whole or sum(whole) > _MOST_WEIGHT:
        return None
    players = _Players(whole, price.scale.stretched(sizes=unit))
    found = players.values()
    if found is None:
        return None
    by_weight, bound = found
    total = price.scale.at(sum(price.weights, Fraction(0)))
    values = [by_weight[int(weight * unit)] if weight else Fraction(0) for weight in price.weights]
    # What rounding left over goes to those of weight, and into the bound.
    rest = (total - sum(values, Fraction(0))) / len(whole)
    bound += abs(rest)
    return [
        GameShare(value=value + rest, label=Label.BOUNDED, bound=bound)
        if weight
        else GameShare(value=Fraction(0))
        for weight, value in zip(price.weights, values, strict=True)
    ]


@attrs.frozen
class _Node:
    """A place of the quadrature.

    Args:
        at: The chance of taking part.
        counts: How much the place counts.
        slope: The slope of the piece of the price that is met there, less the mean slope.
        risk: What the chance that another piece is met is below.
    """

    at: float
    counts: float
    slope: float
    risk: float


class _Players:
    """The players by weight, and the price of their totals."""

    def __init__(self, weights: Sequence[int], scale: Scale) -> None:
        import numpy as np

        self._kinds, self._counts = np.unique(np.array(weights, dtype=np.int64), return_counts=True)
        self._scale = scale
        self._number, self._whole = len(weights), sum(weights)
        # Buying anything at all costs a sum that all share alike; the rest begins at 0.
        self._entry = scale.pieces[0].base
        self._mean = (scale.at(Fraction(self._whole)) - self._entry) / self._whole
        self._size = 1 << self._whole.bit_length()

    def values(self) -> tuple[dict[int, Fraction], Fraction] | None:
        """Return the value of a player of each weight, and what they can be wrong by."""
        import numpy as np

        curved = []
        total, error = np.zeros(len(self._kinds)), 0.0
        for node in self._nodes():
            if node.risk < _UNLIKELY:
                total += self._straight(node)
                error += self._risked(node)
            else:
                curved.append(node)
        found = self._curved(sorted(curved, key=_spread))
        if found is None:
            return None
        total += found[0]
        error += found[1] + self._number * _EPSILON * float(np.max(np.abs(total)))
        values = {
            int(kind): Fraction(value) + self._mean * int(kind) + self._entry / self._number
            for kind, value in zip(self._kinds, total, strict=True)
        }
        return values, Fraction(error)

    def _straight(self, node: _Node) -> Floats:
        return self._kinds.astype(float) * (node.counts * node.slope)

    def _risked(self, node: _Node) -> float:
        """Return what taking the price for straight can be wrong by."""
        return node.counts * self._highest() * len(self._scale.pieces) * 4 * node.risk

    def _highest(self) -> float:
        sizes = [piece.above for piece in self._scale.pieces[1:]] + [Fraction(self._whole)]
        ends = zip(self._scale.pieces, sizes, strict=True)
        return float(max(abs(piece.at(at)) for piece, end in ends for at in (piece.above, end)))

    def _prices(self) -> Floats:
        """Return the price of every total weight, less the entry and the mean slope."""
        import numpy as np

        prices = np.zeros(self._size)
        pieces = self._scale.pieces
        ends = [*(floor(piece.above) for piece in pieces[1:]), self._whole]
        for piece, end in zip(pieces, ends, strict=True):
            first, last = floor(piece.above) + 1, min(end, self._whole)
            sizes = np.arange(first, last + 1)
            slope = float(piece.slope - self._mean)
            prices[first : last + 1] = float(piece.base - self._entry) + slope * sizes
        return prices

    def _nodes(self) -> Iterator[_Node]:
        places, counts = _gauss(2 * ((self._number + 3) // 4))
        below, above = self._tails(places)
        for at, (place, count) in enumerate(zip(places, counts, strict=True)):
            slope, risk = self._slope(below[at], above[at])
            yield _Node(float(place), float(count), slope, risk)

    def _slope(self, below: Floats, above: Floats) -> tuple[float, float]:
        """Return the slope of the likeliest piece, less the mean slope, and the risk of another."""
        slope, risk = self._scale.pieces[0].slope, 0.0
        for number, piece in enumerate(self._scale.pieces[1:]):
            if below[number] < above[number]:
                slope = piece.slope
            risk = max(risk, min(below[number], above[number]))
        return float(slope - self._mean), float(risk)

    def _tails(self, places: Floats) -> tuple[Floats, Floats]:
        """Bound the chances that the others' weight is not above, or can get above, each bound.

        Chernoff's bound holds for every tilt; the best of some is taken.
        """
        import numpy as np

        bounds = np.array([floor(piece.above) for piece in self._scale.pieces[1:]], dtype=float)
        heaviest = float(self._kinds[-1])
        spread = float(np.sqrt(np.sum(self._counts * self._kinds.astype(float) ** 2)))
        tilts = np.geomspace(1e-1, 1e4, 50) / spread
        tilts = np.concatenate([-tilts, tilts])
        tilts = tilts[np.abs(tilts) * heaviest < 500]  # noqa: PLR2004 - what exp can hold
        logs = np.zeros((len(places), len(tilts)))
        for kind, count in zip(self._kinds, self._counts, strict=True):
            power = tilts[None, :] * float(kind)
            logs += count * np.logaddexp(
                np.log1p(-places)[:, None], np.log(places)[:, None] + power
            )
        low, high = tilts < 0, tilts > 0
        reach = bounds - heaviest
        below = logs[:, low, None] - tilts[None, low, None] * bounds[None, None, :]
        # One player less may be there: its chance to be away is a factor of 1 / (1 - t) at most.
        away = -np.log1p(-places)[:, None]
        above = logs[:, high, None] - tilts[None, high, None] * reach[None, None, :]
        return np.exp(np.min(below, axis=1) + away), np.exp(np.min(above, axis=1) + away)

    def _curved(self, nodes: Sequence[_Node]) -> tuple[Floats, float] | None:
        """Sum the nodes where tiers' bounds can be met, the least spread first."""
        import numpy as np

        total, error = np.zeros(len(self._kinds)), 0.0
        if not nodes:
            return total, error
        heights = np.fft.rfft(self._prices()) / self._size
        heights[1:-1] *= 2  # each frequency stands for its mirror image too
        turns = np.exp(2j * np.pi * np.arange(self._size) / self._size)
        weights = np.zeros(self._size)
        weights[self._kinds] = self._counts
        waves = np.fft.fft(weights)
        alive = np.arange(len(heights))
        whole_height = float(np.sum(np.abs(heights)))
        work = 0
        for node in nodes:
            alive, tried = self._lasting(alive, node, waves, turns)
            here = 2 * len(alive) * len(self._kinds)
            if here > _MOST_AT_A_NODE and node.risk < _BEARABLE:
                total += self._straight(node)
                error += self._risked(node)
                continue
            work += tried + here
            if work > _MOST_WORK:
                return None
            added, size = self._at(alive, node, heights[alive], turns)
            total += node.counts * added
            near = abs(1 - 2 * node.at)
            error += node.counts * size * _EPSILON * (8 * self._number + 64 + 8 / near)
            error += node.counts * whole_height * 2 * _DROPPED / near
        rounding = float(np.sum(np.abs(heights))) * _EPSILON * 8 * log2(self._size)
        return total, error + rounding

    def _lasting(
        self,
        alive: npt.NDArray[np.int64],
        node: _Node,
        waves: npt.NDArray[np.complex128],
        turns: npt.NDArray[np.complex128],
    ) -> tuple[npt.NDArray[np.int64], int]:
        """Return the frequencies at which the characteristic function is not next to 0.

        And how much work that was.
        """
        import numpy as np

        logs, work = np.zeros(len(alive)), 0
        likely = max(node.at, 1 - node.at)
        odds = (1 - likely) / likely
        if odds < _SMALL_ODDS:
            # log |1 + odds exp(ia)| as a power series: one transform serves for all weights.
            terms = 1
            while self._number * odds**terms / (terms * (1 - odds)) > _ROUGH:
                terms += 1
            logs += self._number * np.log(likely)
            for term in range(1, terms):
                there = waves[(alive * term) & (self._size - 1)].real
                logs += (-1) ** (term + 1) * odds**term / term * there
            return alive[logs > log(_DROPPED) - _ROUGH], terms * len(alive)
        spread = 2 * node.at * (1 - node.at)
        for kind, count in zip(self._kinds, self._counts, strict=True):
            work += len(alive)
            cosine = turns[(alive * kind) & (self._size - 1)].real
            # |1 - t + t exp(i a)|^2 = 1 - 2 t (1 - t) (1 - cos a)
            logs += 0.5 * count * np.log1p(-np.minimum(spread * (1 - cosine), 1 - _TINY))
            keep = logs > log(_DROPPED)
            alive, logs = alive[keep], logs[keep]
        return alive, work

    def _at(
        self,
        alive: npt.NDArray[np.int64],
        node: _Node,
        heights: npt.NDArray[np.complex128],
        turns: npt.NDArray[np.complex128],
    ) -> tuple[Floats, float]:
        """Return what a player of each weight adds on average, and the size of what was summed."""
        import numpy as np

        there = node.at
        waves = heights.astype(np.complex128)
        for kind, count in zip(self._kinds, self._counts, strict=True):
            factor = 1 - there + there * turns[(alive * kind) & (self._size - 1)]
            waves = waves * factor**count
        added, size = np.zeros(len(self._kinds)), 0.0
        for at, kind in enumerate(self._kinds):
            turn = turns[(alive * kind) & (self._size - 1)]
            terms = waves * (turn - 1) / (1 - there + there * turn)
            added[at] = np.sum(terms.real)
            size = max(size, float(np.sum(np.abs(terms))))
        return added, size


def _spread(node: _Node) -> float:
    return node.at * (1 - node.at)


def _gauss(count: int) -> tuple[Floats, Floats]:
    """Return the places and weights of Gauss-Legendre quadrature on 0 to 1, by Newton's method."""
    import numpy as np

    places = np.cos(np.pi * (np.arange(1, count + 1) - 0.25) / (count + 0.5))
    for _ in range(8):
        before, value = np.ones(count), places.copy()
        for degree in range(2, count + 1):
            before, value = (
                value,
                ((2 * degree - 1) * places * value - (degree - 1) * before) / degree,
            )
        slope = count * (places * value - before) / (places**2 - 1)
        places = places - value / slope
    return (places + 1) / 2, 1 / ((1 - places**2) * slope**2)
