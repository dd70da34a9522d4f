"""Mean prices over random totals of weights, summed over the few frequencies that matter.

When every player of a weight takes part with chance t, the total's characteristic function at the
frequency a is the product of 1 - t + t exp(i a w) over the weights w. Its size is at most
exp(-t (1 - t) D), where D adds up 1 - cos(a w): one Fourier transform of the weights gives D at all
frequencies, and tells for every t which of them can be left out and what that can be wrong by. The
price is straight but for a few jumps and bends, so its own transform has a closed form.

Source: Feller, An Introduction to Probability Theory and Its Applications II (1971), chapter XV.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import exp, floor, log, pi
from typing import TYPE_CHECKING, NamedTuple

from libconsortium.core.buying.scales import Piece

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Wholes = npt.NDArray[np.int64]
    Complexes = npt.NDArray[np.complex128]

_EPSILON = 2.0**-53
_AT_ONCE = 1 << 20
"""The length of a transform; longer ones are put together from several of these."""
_FEW = 1 << 24
"""So many frequencies times weights are looked at, whatever their size."""
_GENERIC = 0.8
"""At most frequencies D is about the number of players; this part of it is what matters."""
_FEW_KINDS = 500
_BLOCK = 1 << 16
"""Frequencies times weights that are held at once."""


class Place(NamedTuple):
    """A chance of taking part, and how much the mean at that chance counts.

    Args:
        at: The chance, neither 0 nor 1 nor a half.
        counts: How much it counts.
    """

    at: float
    counts: float

    @property
    def spread(self) -> float:
        """The variance of one player's taking part."""
        return self.at * (1 - self.at)


class Waves:
    """What players add on average to a price with jumps and bends.

    Args:
        kinds: The weights, rising, whole numbers above zero.
        counts: How many players have each.
        pieces: The price less an entry and a mean slope: it begins and ends at 0.
    """

    def __init__(self, kinds: Wholes, counts: Wholes, pieces: Sequence[Piece]) -> None:
        """See the class."""
        import numpy as np

        self._kinds, self._counts = kinds, counts
        self._players = int(np.sum(counts))
        self._whole = int(np.sum(kinds * counts))
        self._size = 1 << self._whole.bit_length()
        self._starts, self._jumps, self._bends = _changes(pieces, self._whole)
        half = self._size / 2
        jumps, bends = float(np.sum(np.abs(self._jumps))), float(np.sum(np.abs(self._bends)))
        # |height at k| is at most jumps / 4k + bends size / 16 k², k from 1 to half the size.
        self.heights = 2 * (jumps / 4 * (1 + log(half)) + bends * self._size * pi**2 / 96)
        few = half * len(kinds) <= _FEW
        self._most = 2.0 * self._players + 2 if few else _GENERIC * self._players

    def reach(self, place: Place, wanted: float) -> float:
        """Return the logarithm of how small the frequencies are that can be left out there.

        Args:
            place: A chance of taking part.
            wanted: More is not needed; as much where no frequency has to be left out.
        """
        if wanted / place.spread + 2 <= self._most or self._most > 2 * self._players:
            return wanted
        return place.spread * (self._most - 2)

    def sums(
        self, places: Sequence[Place], reaches: Sequence[float], most_work: float
    ) -> tuple[Floats, float] | None:
        """Return the sum over places of what a player of each weight adds, and its greatest error.

        ``None`` where that takes more work than ``most_work``, in frequencies times weights.
        """
        import numpy as np

        total, error = np.zeros(len(self._kinds)), 0.0
        limits = np.array(
            [reach / place.spread + 2 for place, reach in zip(places, reaches, strict=True)]
        )
        found = self._lasting(float(limits.max()), most_work / len(self._kinds))
        if found is None:
            return None
        frequencies, sizes = found
        ends = np.searchsorted(sizes, limits, side="right")
        if float(np.sum(ends)) * len(self._kinds) > most_work:
            return None
        step = max(1, _BLOCK // len(self._kinds))
        for start in range(0, len(frequencies), step):
            block = frequencies[start : start + step]
            heights, turned = self._heights(block), self._turned(block)
            loud, own = np.abs(heights), self._loud(block) * (128 * _EPSILON)
            for place, end in zip(places, ends, strict=True):
                here = min(int(end) - start, len(block))
                if here > 0:
                    added, left = self._added(place, heights[:here], turned[:here])
                    total += place.counts * added
                    quiet = np.exp(1 - place.spread * sizes[start : start + here])
                    quiet = quiet if left is None else np.minimum(quiet, left)
                    rounding = (18 * self._players + 4 * here + 128) * _EPSILON
                    wrong = (loud[:here] * rounding + own[:here]) * quiet
                    error += place.counts * float(np.sum(wrong))
        for place, reach, limit in zip(places, reaches, limits, strict=True):
            if limit < 2 * self._players:
                error += place.counts * self.heights * 2 * exp(-reach)
        return total, error

    def _added(
        self, place: Place, heights: Complexes, turned: Complexes
    ) -> tuple[Floats, Floats | None]:
        """Return what a player of each weight adds on average, at some frequencies.

        And, where there are few weights, how large a product without two of its factors can be.
        """
        import numpy as np

        factors = place.at * turned
        factors += 1
        waves = np.multiply.reduce(factors, axis=1)
        again = self._counts - 1  # powers of complex numbers are slow; most weights stand once
        if again.any():
            more = again > 0
            waves *= np.multiply.reduce(factors[:, more] ** again[more], axis=1)
        left = None
        if len(self._kinds) <= _FEW_KINDS:
            left = np.abs(waves) / np.maximum(np.min(np.abs(factors), axis=1), _EPSILON) ** 2
        np.divide(turned, factors, out=factors)
        # Not `@`: threads of a matrix library cost more than they bring on a busy machine.
        added: Floats = np.einsum("i,ij->j", heights * waves, factors).real
        return added, left

    def _turned(self, frequencies: Wholes) -> Complexes:
        """Return exp(i a w) - 1 for every weight and frequency, exact also where it is small."""
        import numpy as np

        steps = (frequencies[:, None] * self._kinds) & (self._size - 1)
        steps[steps > self._size // 2] -= self._size
        half = steps * (pi / self._size)
        sine = np.sin(half)
        turned = np.empty(half.shape, dtype=np.complex128)
        turned.real = -2 * sine * sine
        turned.imag = 2 * sine * np.cos(half)
        return turned

    def _heights(self, frequencies: Wholes) -> Complexes:
        """Return the price's transform; a frequency stands for its mirror image too."""
        import numpy as np

        angle = 2 * pi / self._size
        steps = (frequencies[:, None] * self._starts) & (self._size - 1)
        turns = np.exp(-1j * angle * steps)
        sine, cosine = np.sin(angle * frequencies / 2), np.cos(angle * frequencies / 2)
        slope = 2 * sine * sine + 2j * sine * cosine  # 1 - exp(-i a)
        heights: Complexes = (turns @ self._jumps + (turns @ self._bends) / slope) / slope
        heights *= np.where(frequencies == self._size // 2, 1, 2) / self._size
        return heights

    def _loud(self, frequencies: Wholes) -> Floats:
        """Return what the sizes of the heights are at most."""
        import numpy as np

        slope = 2 * np.sin(pi / self._size * frequencies)
        jumps, bends = np.sum(np.abs(self._jumps)), np.sum(np.abs(self._bends))
        loud: Floats = (jumps / slope + bends / slope**2) * 2 / self._size
        return loud

    def _lasting(self, limit: float, most: float) -> tuple[Wholes, Floats] | None:
        """Return the frequencies where D is at most so much, and D, rising."""
        import numpy as np

        found, many = [], 0
        for frequencies, sizes in self._spectrum():
            keep = (sizes <= limit) & (frequencies > 0) & (frequencies <= self._size // 2)
            found.append((frequencies[keep], sizes[keep]))
            many += int(np.sum(keep))
            if many > most:
                return None
        frequencies = np.concatenate([one for one, _ in found])
        sizes = np.concatenate([one for _, one in found])
        order = np.argsort(sizes, kind="stable")
        return frequencies[order], sizes[order]

    def _spectrum(self) -> Iterator[tuple[Wholes, Floats]]:
        """Yield frequencies and their D; mirror images of what was yielded are left out."""
        import numpy as np

        length = min(self._size, _AT_ONCE)
        parts = self._size // length
        for rest in range(parts // 2 + 1):
            turns = np.exp(-2j * pi * ((self._kinds * rest) & (self._size - 1)) / self._size)
            folded = np.zeros(length, dtype=np.complex128)
            np.add.at(folded, self._kinds & (length - 1), self._counts * turns)
            # A little less than it may be: rounding must not leave anything out.
            sizes = (self._players - np.fft.fft(folded).real) * (1 - 1e-9) - 1e-6
            frequencies = rest + parts * np.arange(length, dtype=np.int64)
            if rest not in {0, parts // 2}:
                frequencies = np.minimum(frequencies, self._size - frequencies)
            yield frequencies, sizes


def _changes(pieces: Sequence[Piece], whole: int) -> tuple[Wholes, Floats, Floats]:
    """Return where a price jumps or bends, and by how much; behind the whole it is 0."""
    import numpy as np

    rows: list[tuple[int, Fraction, Fraction]] = []
    before = Piece(Fraction(0), Fraction(0), Fraction(0))
    for piece in pieces:
        start = floor(piece.above) + 1
        if start <= whole:
            jump = piece.at(Fraction(start - 1)) - before.at(Fraction(start - 1))
            rows.append((start, jump, piece.slope - before.slope))
            before = piece
    rows.append((whole + 1, -before.at(Fraction(whole)), -before.slope))
    starts, jumps, bends = zip(*rows, strict=True)
    return (
        np.array(starts, dtype=np.int64),
        np.array(jumps, dtype=float),
        np.array(bends, dtype=float),
    )
