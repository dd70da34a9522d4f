"""Prices that depend on one size: tiers of members or of weight, in straight pieces."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from math import floor, lcm

import attrs

from libconsortium.core.buying.offers import TierKind
from libconsortium.core.errors import SplitError

ZERO = Fraction(0)


@attrs.frozen
class Piece:
    """The price ``base + slope * size`` of sizes above a bound, up to the next piece.

    Args:
        above: The bound; the piece holds from just above it.
        base: The part that does not depend on the size.
        slope: The price of one unit more.
    """

    above: Fraction
    base: Fraction
    slope: Fraction

    def at(self, size: Fraction) -> Fraction:
        """Return what the piece's line gives at a size."""
        return self.base + self.slope * size


def _from_zero_upwards(_: object, __: object, pieces: tuple[Piece, ...]) -> None:
    if not pieces or pieces[0].above != 0:
        raise SplitError("the lowest tier must begin above 0")
    for lower, upper in pairwise(pieces):
        if lower.above >= upper.above:
            raise SplitError("two tiers begin above {above}", above=upper.above)


@attrs.frozen(kw_only=True)
class Scale:
    """A price for every size; size 0 costs nothing.

    Args:
        pieces: The pieces, sorted; the first begins above 0.

    Raises:
        SplitError: The lowest piece does not begin above 0, or two begin at the same bound.

    >>> scale = Scale.of_tiers(TierKind.MARGINAL, [(Fraction(0), Fraction(5)),
    ...                                            (Fraction(10), Fraction(3))])
    >>> scale.at(Fraction(12))
    Fraction(56, 1)
    """

    pieces: tuple[Piece, ...] = attrs.field(validator=_from_zero_upwards)

    @classmethod
    def of_tiers(cls, kind: TierKind, tiers: Iterable[tuple[Fraction, Fraction]]) -> Scale:
        """Read a vendor's tiers.

        Args:
            kind: What a tier's price is the price of.
            tiers: Pairs of the bound a tier lies above and its price, in any order.
        """
        pieces: list[Piece] = []
        for above, price in sorted(tiers):
            if kind is TierKind.TOTAL:
                pieces.append(Piece(above, price, ZERO))
            elif kind is TierKind.SLAB:
                pieces.append(Piece(above, ZERO, price))
            else:
                reached = pieces[-1].at(above) if pieces else ZERO
                pieces.append(Piece(above, reached - price * above, price))
        return cls(pieces=tuple(pieces))

    def piece(self, size: Fraction) -> Piece:
        """Return the piece that holds at a size above 0."""
        return self.pieces[bisect_left(self.pieces, size, key=lambda piece: piece.above) - 1]

    def at(self, size: Fraction) -> Fraction:
        """Return the price of a size."""
        return self.piece(size).at(size) if size else ZERO

    def whole(self, most: int) -> tuple[list[int], int]:
        """Return the prices of all whole sizes, as whole numbers of a part of the price's unit.

        Args:
            most: The greatest size.

        Returns:
            The prices of 0, 1, 2 and so on, and how many of them make one unit.

        >>> Scale.of_tiers(TierKind.SLAB, [(ZERO, Fraction(1, 2))]).whole(3)
        ([0, 1, 2, 3], 2)
        """
        unit = lcm(*(part.denominator for one in self.pieces for part in (one.base, one.slope)))
        prices = [0]
        for piece, end in self._with_ends():
            last = most if end is None else min(most, floor(end))
            base, slope = int(piece.base * unit), int(piece.slope * unit)
            first = floor(piece.above) + 1
            prices += (
                range(base + slope * first, base + slope * (last + 1), slope)
                if slope
                else ([base] * (last + 1 - first))
            )
        return prices[: most + 1], unit

    def at_least(self, least: Fraction) -> Scale:
        """Return the scale of a vendor who takes a minimum as soon as anybody buys.

        >>> Scale.of_tiers(TierKind.SLAB, [(Fraction(0), Fraction(2))]).at_least(
        ...     Fraction(10)).at(Fraction(3))
        Fraction(10, 1)
        """
        pieces = []
        for piece, end in self._with_ends():
            starts = [piece.above]
            if piece.slope:
                crossing = (least - piece.base) / piece.slope
                if piece.above < crossing and (end is None or crossing < end):
                    starts.append(crossing)
            for start in starts:
                is_dearer = (piece.at(start), piece.slope) > (least, 0)
                base, slope = (piece.base, piece.slope) if is_dearer else (least, ZERO)
                pieces.append(Piece(start, base, slope))
        return Scale(pieces=tuple(pieces))

    def cover(self) -> Scale:
        """Return the scale of buyers who may buy more than they need: it never falls.

        Where a discount on all units makes a larger purchase cheaper, the price is that of the
        cheapest larger purchase.

        >>> tiers = [(Fraction(0), Fraction(10)), (Fraction(100), Fraction(8))]
        >>> Scale.of_tiers(TierKind.SLAB, tiers).cover().at(Fraction(90))
        Fraction(800, 1)
        """
        pieces: list[Piece] = []
        cheapest: Fraction | None = None
        for piece, end in reversed(list(self._with_ends())):
            if piece.slope < 0:
                raise SplitError("a tier's price falls with every unit; it has no cover")
            if cheapest is not None and end is not None and piece.at(end) > cheapest:
                crossing = (cheapest - piece.base) / piece.slope if piece.slope else piece.above
                start = max(crossing, piece.above)
                pieces.append(Piece(start, cheapest, ZERO))
                if start > piece.above:
                    pieces.append(piece)
            else:
                pieces.append(piece)
            begins = pieces[-1].at(piece.above)
            cheapest = begins if cheapest is None else min(cheapest, begins)
        return Scale(pieces=tuple(reversed(pieces)))

    def stretched(self, sizes: Fraction | int = 1, prices: Fraction | int = 1) -> Scale:
        """Return the same scale in other units of size and of price."""
        return Scale(
            pieces=tuple(
                Piece(piece.above * sizes, piece.base * prices, piece.slope * prices / sizes)
                for piece in self.pieces
            )
        )

    @property
    def is_concave(self) -> bool:
        """Whether one unit more never costs more than it did before."""
        return self.pieces[0].base >= 0 and all(
            lower.slope >= upper.slope and lower.at(upper.above) == upper.at(upper.above)
            for lower, upper in pairwise(self.pieces)
        )

    def _with_ends(self) -> Iterator[tuple[Piece, Fraction | None]]:
        ends = [*(piece.above for piece in self.pieces[1:]), None]
        return zip(self.pieces, ends, strict=True)
