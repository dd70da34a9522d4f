"""The nucleolus and its kin, exactly.

The worst-off coalition is made as well off as can be, then the next, until nothing is left to
choose. Everything is done for games of worth; a cost is a negative worth.

Sources: Schmeidler, SIAM J. Applied Mathematics 17 (1969) 1163-1170; Maschler, Peleg & Shapley,
Mathematics of Operations Research 4 (1979) 303-338, for the sequence of linear programs; Young,
Okada & Hashimoto, Water Resources Research 18 (1982) 463-475, for the weak and proportional forms.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from libconsortium.core.games.level_programs import Level, Row, Span, Worst, highest

Need = Callable[[int, int], int]
"""What part of the level a coalition gets: of its size and its value."""

Search = Callable[[Span], Worst]
"""Makes, for what is settled so far, the search for the row that is shortest."""


def by_itself(size: int, value: int) -> int:
    """Every coalition gets the same level: the nucleolus as it was first defined."""
    del size, value
    return 1


def per_member(size: int, value: int) -> int:
    """A coalition gets the level once for every member: the per-capita nucleolus."""
    del value
    return size


def per_value(size: int, value: int) -> int:
    """A coalition gets the level in proportion to its value: the proportional nucleolus."""
    del size
    return abs(value)


def centre(
    everybody: Row, search: Search, own: Sequence[Row], magnitude: int
) -> tuple[Fraction, ...] | None:
    """Return the shares that raise the level step by step.

    ``None`` if no shares are possible, or all coalitions with a level leave them open.

    Args:
        everybody: The row of all players, which is settled from the beginning.
        search: Finds rows that are short.
        own: Rows that hold whatever the level (nobody gets less than alone).
        magnitude: The sum of the sizes of all values there are, or more.
    """
    if len(everybody.members) == 1:
        return (Fraction(everybody.value) / everybody.members[0],)
    span = Span(len(everybody.members))
    span.add(everybody.members)
    settled = [Row(everybody.members, everybody.value, 0)]
    most = max(everybody.members)
    far = (magnitude + 1) * (most * (span.size + 1)) ** (span.size + 2)
    known = list(own)
    while True:
        found = highest(settled, span, search(span), far, known)
        if found is None or found[0].height >= far * found[0].unit:
            return None
        level, binding = found
        for row in binding:
            if span.add(row.members):
                has = sum(
                    share * count for share, count in zip(level.shares, row.members, strict=True)
                )
                settled.append(Row(row.members, Fraction(has, level.unit), 0))
        if span.rank == span.size:
            return tuple(Fraction(share, level.unit) for share in level.shares)
        known = [row for row in own if not span.holds(row.members)]


def listed_centre(
    values: Sequence[int], need: Need = by_itself, *, nobody_below_alone: bool = False
) -> tuple[Fraction, ...] | None:
    """Return the nucleolus of a game given by the worth of every coalition in whole numbers.

    Args:
        values: The worths, by the coalitions' binary numbers.
        need: Which kind of nucleolus.
        nobody_below_alone: Keep to shares that give nobody less than it is worth alone (the
            nucleolus proper; otherwise the prenucleolus).

    >>> [str(share) for share in listed_centre([0, -1, 0, 3, 1, 4, 2, 5])]
    ['8/3', '2/3', '5/3']
    """
    players = len(values).bit_length() - 1
    sizes = [mask.bit_count() for mask in range(len(values))]
    needs = [need(size, value) for size, value in zip(sizes, values, strict=True)]
    everybody = Row((1,) * players, values[-1])
    own = [
        Row(tuple(int(at == player) for at in range(players)), values[1 << player], 0)
        for player in range(players)
    ]

    def search(span: Span) -> Worst:
        return _one_by_one(values, needs, span.marks(1))

    return centre(everybody, search, own if nobody_below_alone else (), sum(map(abs, values)))


def _one_by_one(values: Sequence[int], needs: Sequence[int], marks: Sequence[int]) -> Worst:
    """Return the search through all coalitions that are not settled."""
    sums = _sums(marks)
    open_ = [mask for mask, mark in enumerate(sums) if mark]
    players = len(marks)

    def worst(level: Level) -> Row | None:
        has = _sums(level.shares)
        unit, height = level.unit, level.height
        short = [values[mask] * unit + needs[mask] * height - has[mask] for mask in open_]
        most = max(short, default=0)
        if most <= 0:
            return None
        mask = open_[short.index(most)]
        members = tuple(mask >> player & 1 for player in range(players))
        return Row(members, values[mask], needs[mask])

    return worst


def _sums(figures: Sequence[int]) -> list[int]:
    sums = [0]
    for figure in figures:
        sums += [sum_ + figure for sum_ in sums]
    return sums
