"""Searches and samples over total weights on NumPy's arrays: the same answers, sooner."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from libconsortium.core.games.games import GameShare, Label
from libconsortium.core.games.knapsacks import Kind, best_open, bundles
from libconsortium.core.games.order_samples import CONFIDENT, Sample
from libconsortium.core.games.structured_games import ByWeight

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]

_SAFE = 1 << 61
_NOTHING = -(1 << 62)
_EVALUATIONS = 12_000_000
_AT_ONCE = 500_000


def best_open_by_arrays(
    kinds: Sequence[Kind], base: Sequence[int]
) -> tuple[int, tuple[int, ...]] | None:
    """Return what ``best_open`` returns; where numbers are too large for it, by ``best_open``.

    Raises:
        ImportError: NumPy is not installed.

    >>> best_open_by_arrays([Kind(weight=2, value=5, count=2, mark=1)], [0, 0, 9, 0, 1])
    (14, (1,))
    """
    import numpy as np

    values = sum(abs(kind.value) * kind.count for kind in kinds) + _largest(base)
    marks = sum(abs(kind.mark) * kind.count for kind in kinds)
    if max(values, marks) >= _SAFE:
        return best_open(kinds, base)
    # The light ones first: as long as little can be reached, little has to be looked at.
    order = sorted(range(len(kinds)), key=lambda at: kinds[at].weight * kinds[at].count)
    table = _Table(len(base))
    for at in order:
        for many in bundles(kinds[at].count):
            table.take(kinds[at].weight * many, kinds[at].value * many, kinds[at].mark * many)
    found = table.best([kinds[at] for at in order], np.array(base, dtype=np.int64))
    if found is None:
        return None
    counts = dict(zip(order, found[1], strict=True))
    return found[0], tuple(counts[at] for at in range(len(kinds)))


def _largest(base: Sequence[int]) -> int:
    low, high = min(base), max(base)
    return max(-low, high)


def short_open_by_arrays(
    kinds: Sequence[Kind], base: Sequence[int]
) -> tuple[int, tuple[int, ...]] | None:
    """Return a coalition that is not settled and brings more than nothing, if there is any.

    It is the best one, unless numbers are too large for arrays: then one that is nearly the best,
    found with rounded numbers and looked at exactly. A linear program that grows by the rows which
    are short may take any of them.

    Raises:
        ImportError: NumPy is not installed.

    >>> large = 1 << 80
    >>> short_open_by_arrays([Kind(weight=1, value=large, count=2, mark=1)], [0, 0, 0])
    (2417851639229258349412352, (2,))
    """
    values = sum(abs(kind.value) * kind.count for kind in kinds) + _largest(base)
    shift = values.bit_length() - _SAFE.bit_length() + 2
    if shift > 0:
        rounded = [attrs.evolve(kind, value=kind.value >> shift) for kind in kinds]
        found = best_open_by_arrays(rounded, [one >> shift for one in base])
        if found is not None:
            weight = sum(kind.weight * count for kind, count in zip(kinds, found[1], strict=True))
            brings = sum(kind.value * count for kind, count in zip(kinds, found[1], strict=True))
            if brings + base[weight] > 0:
                return brings + base[weight], found[1]
    return best_open_by_arrays(kinds, base)


class _Table:
    """For every weight the best coalition, and the best with another mark."""

    def __init__(self, size: int) -> None:
        import numpy as np

        self._value = np.full((2, size), _NOTHING, dtype=np.int64)
        self._mark = np.zeros((2, size), dtype=np.int64)
        self._value[0, 0] = 0
        self._reached = 0
        # From which of four a coalition came: the first or second before, without or with a bundle.
        self._from: list[npt.NDArray[np.int8]] = []
        self._weights: list[int] = []

    def take(self, weight: int, value: int, mark: int) -> None:
        """Let a bundle come in, or not."""
        import numpy as np

        self._reached += weight
        size = self._reached + 1
        there = self._value[:, : size - weight]
        more = np.full((2, size), _NOTHING, dtype=np.int64)
        more[:, weight:] = np.where(there > _NOTHING, there + value, _NOTHING)
        marked = np.zeros((2, size), dtype=np.int64)
        marked[:, weight:] = self._mark[:, : size - weight] + mark
        four = (*zip(self._value[:, :size], self._mark[:, :size], strict=True),)
        four += (*zip(more, marked, strict=True),)
        comes = more[0] > four[0][0]
        first_value = np.where(comes, more[0], four[0][0])
        first_mark = np.where(comes, marked[0], four[0][1])
        second_value = np.full(size, _NOTHING, dtype=np.int64)
        second_mark, second = np.zeros((2, size), dtype=np.int64)
        for at, (values, marks) in enumerate(four):
            better = (values > second_value) & (marks != first_mark)
            second_value = np.where(better, values, second_value)
            second_mark = np.where(better, marks, second_mark)
            second = np.where(better, at, second)
        self._value[:, :size] = first_value, second_value
        self._mark[:, :size] = first_mark, second_mark
        self._from.append(np.stack([comes * 2, second]).astype(np.int8))
        self._weights.append(weight)

    def best(self, kinds: Sequence[Kind], base: Whole) -> tuple[int, tuple[int, ...]] | None:
        """Return the best coalition that is not settled, and what it brings."""
        import numpy as np

        is_open = (self._value > _NOTHING) & (self._mark != 0)
        brings = np.where(is_open, self._value + base, _NOTHING)
        rank, weight = (int(at) for at in np.unravel_index(np.argmax(brings), brings.shape))
        found = int(brings[rank, weight])
        return None if found <= _NOTHING else (found, self._counts(kinds, rank, weight))

    def _counts(self, kinds: Sequence[Kind], rank: int, weight: int) -> tuple[int, ...]:
        taken: list[bool] = []
        for came, heavy in zip(reversed(self._from), reversed(self._weights), strict=True):
            origin = int(came[rank, weight])
            taken.append(origin > 1)
            rank = origin % 2
            weight -= heavy if origin > 1 else 0
        given = iter(reversed(taken))
        return tuple(sum(many for many in bundles(kind.count) if next(given)) for kind in kinds)


def sampled_by_weight(price: ByWeight, sample: Sample) -> list[GameShare]:
    """Return an estimated Shapley value from many orders at once, each walked both ways.

    Args:
        price: A price by total weight.
        sample: Into how many groups the orders are put, and the seed.

    Raises:
        ImportError: NumPy is not installed.
    """
    import numpy as np

    random = np.random.Generator(np.random.PCG64(sample.seed))
    weights = np.array([float(weight) for weight in price.weights])
    pieces = price.scale.pieces
    above = np.array([float(piece.above) for piece in pieces])
    base = np.array([float(piece.base) for piece in pieces])
    slope = np.array([float(piece.slope) for piece in pieces])
    orders = max(_EVALUATIONS // (2 * sample.groups * price.count), 1)
    at_once = max(_AT_ONCE // price.count, 1)
    groups = np.zeros((sample.groups, price.count))
    for group in range(sample.groups):
        for start in range(0, orders, at_once):
            some = min(at_once, orders - start)
            ranks = random.permuted(np.tile(np.arange(price.count), (some, 1)), axis=1)
            for walked in (ranks, ranks[:, ::-1]):
                sizes = np.cumsum(weights[walked], axis=1)
                # A hair less, so that a sum on a bound stays below it whatever rounding does.
                piece = np.searchsorted(above, sizes * (1 - 1e-12), side="left") - 1
                piece = np.maximum(piece, 0)
                costs = np.where(sizes > 0, base[piece] + slope[piece] * sizes, 0.0)
                added = np.diff(costs, axis=1, prepend=0.0)
                groups[group] += np.bincount(walked.ravel(), added.ravel(), price.count)
    groups /= 2 * orders
    errors = groups.std(axis=0, ddof=1) / np.sqrt(sample.groups)
    return _estimates(price, groups.mean(axis=0), errors)


def _estimates(
    price: ByWeight, means: npt.NDArray[np.float64], errors: npt.NDArray[np.float64]
) -> list[GameShare]:
    whole = price.of(range(price.count))
    values = [Fraction(float(mean)) for mean in means]
    rest = (whole - sum(values, Fraction(0))) / price.count
    shares = []
    for value, standard in zip(values, errors, strict=True):
        error = Fraction(float(standard) * CONFIDENT) + abs(rest)
        middle = value + rest
        interval = (middle - error, middle + error)
        shares.append(GameShare(value=middle, label=Label.ESTIMATED, interval=interval))
    return shares
