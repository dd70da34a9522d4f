"""The Shapley value of weight tiers for thousands of players, with a proven bound (needs NumPy).

A player's value is the integral over t of what it adds on average when every other player takes
part with probability t (Owen's multilinear extension). For n players that average is a polynomial
of degree n - 1 in t, so that Gauss quadrature with n/2 nodes is exact but for rounding. At each
node the average is a sum over the few frequencies that matter (``waves``). Where no bound of a tier
can be met, the price is a straight line and nothing has to be summed.

Sources: Owen, "Multilinear extensions of games", Management Science 18 (1972) 64-79; Golub &
Welsch, Mathematics of Computation 23 (1969) 221-230, for the quadrature.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

import attrs

from libconsortium.core.buying.scales import Piece, Scale
from libconsortium.core.games.games import GameShare, Label
from libconsortium.core.games.structured_games import ByWeight
from libconsortium.core.games.weight_counts import in_whole_units
from libconsortium.game_steps.waves import Place, Waves

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_EPSILON = 2.0**-53
_REACH = 34.5
"""Frequencies whose part is below exp(-34.5), about 1e-15, are left out…"""
_LEAST_REACH = 14.0
"""…or, where more work would be needed, those below exp(-14), about 1e-6, of the tiers' jumps."""
_UNLIKELY = 1e-13
"""Chances that are left out: of totals beyond a tier's bound."""
_BEARABLE = 1e-9
"""Where more work would be needed, smaller chances than bearable are left out too."""
_MOST_KINDS = 64
_MOST_WEIGHT = 1 << 27
_MOST_WORK = 1_500_000_000
"""Frequencies times weights, over all nodes; well below a minute."""


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
        entry = self._entry
        pieces = [
            Piece(piece.above, piece.base - entry, piece.slope - self._mean)
            for piece in scale.pieces
        ]
        self._waves = Waves(self._kinds, self._counts, pieces)

    def values(self) -> tuple[dict[int, Fraction], Fraction] | None:
        """Return the value of a player of each weight, and what they can be wrong by."""
        import numpy as np

        nodes = list(self._nodes())
        found = self._curved(nodes, _UNLIKELY) or self._curved(nodes, _BEARABLE)
        if found is None:
            return None
        total, error = found
        error += self._number * _EPSILON * float(np.max(np.abs(total)))
        values = {
            int(kind): Fraction(value) + self._mean * int(kind) + self._entry / self._number
            for kind, value in zip(self._kinds, total, strict=True)
        }
        return values, Fraction(error)

    def _curved(self, nodes: Sequence[_Node], unlikely: float) -> tuple[Floats, float] | None:
        """Sum the nodes: where another piece is unlikely to be met, the price is a straight line.

        ``None`` where the others are too much work, or too little can be told of them.
        """
        import numpy as np

        total, error = np.zeros(len(self._kinds)), 0.0
        places, reaches = [], []
        for node in nodes:
            place = Place(node.at, node.counts)
            reach = self._waves.reach(place, _REACH)
            if node.risk < unlikely or (reach < _LEAST_REACH and node.risk < _BEARABLE):
                total += self._straight(node)
                error += self._risked(node)
            elif reach < _LEAST_REACH:
                return None
            else:
                places.append(place)
                reaches.append(reach)
        if places:
            found = self._waves.sums(places, reaches, _MOST_WORK)
            if found is None:
                return None
            total += found[0]
            error += found[1]
        return total, error

    def _straight(self, node: _Node) -> Floats:
        return self._kinds.astype(float) * (node.counts * node.slope)

    def _risked(self, node: _Node) -> float:
        """Return what taking the price for straight can be wrong by."""
        return node.counts * self._highest() * len(self._scale.pieces) * 4 * node.risk

    def _highest(self) -> float:
        sizes = [piece.above for piece in self._scale.pieces[1:]] + [Fraction(self._whole)]
        ends = zip(self._scale.pieces, sizes, strict=True)
        return float(max(abs(piece.at(at)) for piece, end in ends for at in (piece.above, end)))

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

    def _few_kinds(self) -> tuple[Floats, Floats]:
        """Return few weights that spread at least as much as the players' own.

        A weight between two others counts partly as the one and partly as the other: what Chernoff
        bounds is convex in the weight, so it only gets greater.
        """
        import numpy as np

        kinds, counts = self._kinds.astype(float), self._counts.astype(float)
        if len(kinds) <= _MOST_KINDS:
            return kinds, counts
        marks = np.quantile(kinds, np.linspace(0, 1, _MOST_KINDS))
        above = np.clip(np.searchsorted(marks, kinds), 1, _MOST_KINDS - 1)
        low, high = marks[above - 1], marks[above]
        part = np.clip((kinds - low) / np.maximum(high - low, 1e-9), 0, 1)
        few = np.zeros(_MOST_KINDS)
        np.add.at(few, above, counts * part)
        np.add.at(few, above - 1, counts * (1 - part))
        return marks, few

    def _tails(self, places: Floats) -> tuple[Floats, Floats]:
        """Bound the chances that the others' weight is not above, or can get above, each bound.

        Chernoff's bound holds for every tilt; the best of some is taken.
        """
        import numpy as np

        bounds = np.array([floor(piece.above) for piece in self._scale.pieces[1:]], dtype=float)
        kinds, counts = self._few_kinds()
        heaviest = float(self._kinds[-1])
        spread = float(np.sqrt(np.sum(self._counts * self._kinds.astype(float) ** 2)))
        tilts = np.geomspace(1e-1, 1e4, 50) / spread
        tilts = np.concatenate([-tilts, tilts])
        tilts = tilts[np.abs(tilts) * heaviest < 500]  # noqa: PLR2004 - what exp can hold
        logs = np.zeros((len(places), len(tilts)))
        for kind, count in zip(kinds, counts, strict=True):
            power = tilts[None, :] * kind
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
