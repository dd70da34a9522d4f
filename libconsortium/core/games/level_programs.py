"""Exact linear programs of one shape: raise the level that every coalition is given.

The program is: maximise ``t`` where every row ``a`` has ``a.x >= value + need * t`` and settled
rows have ``a.x = value``. There are far more rows than variables, so its dual is solved by the
simplex method, and a row is asked for only when the shares at hand break it. All arithmetic is on
whole numbers over one denominator, so an answer is exact.

Source: Dantzig & Wolfe, "Decomposition principle for linear programs", Operations Research 8 (1960)
101-111; Edmonds, "Systems of distinct representatives and linear algebra", J. Research NBS 71B
(1967) 241-245, for pivoting in whole numbers; Bland, Mathematics of Operations Research 2 (1977)
103-107, for the rule that cannot cycle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from math import gcd, lcm
from operator import mul

import attrs

ONE = Fraction(1)

_PATIENCE = 60
"""Pivots without progress before the slower rule that cannot cycle takes over."""


@attrs.frozen(eq=False)
class Row:
    """What one coalition asks for.

    Args:
        members: How many players of each kind it has.
        value: What it can have by itself.
        need: How much of the level it gets; 0 for a row that the level does not move.
    """

    members: tuple[int, ...]
    value: int | Fraction
    need: int = 1

    def short(self, level: Level) -> int | Fraction:
        """Return by how much the shares fall short of what the row asks for, in the level's unit.

        >>> Row((1, 1), 5).short(Level(shares=(4, 2), height=0, unit=2))
        4
        """
        has: int = sum(map(mul, level.shares, self.members))
        return self.value * level.unit + (self.need * level.height - has)


@attrs.frozen
class Level:
    """Shares, and the level that they give to every row, as whole numbers of ``1 / unit``.

    Args:
        shares: One share for each kind of player.
        height: The level.
        unit: What both are to be divided by.
    """

    shares: tuple[int, ...]
    height: int
    unit: int


class Span:
    """The sums that are settled: all linear combinations of some coalitions.

    >>> span = Span(2)
    >>> span.add((1, 1)), span.add((2, 2)), span.holds((0, 0)), span.holds((1, 0))
    (True, False, True, False)
    """

    def __init__(self, size: int) -> None:
        """Begin with nothing settled."""
        self.size = size
        self._rows: dict[int, list[Fraction]] = {}  # by the column in which only this row is 1

    @property
    def rank(self) -> int:
        """How many independent coalitions are settled."""
        return len(self._rows)

    @property
    def open_columns(self) -> list[int]:
        """The kinds of players that settled rows are not solved for."""
        return [column for column in range(self.size) if column not in self._rows]

    def add(self, members: Sequence[int]) -> bool:
        """Settle a coalition; return whether that was new."""
        rest = self._reduced(members)
        column = next((at for at, value in enumerate(rest) if value), None)
        if column is None:
            return False
        new = [value / rest[column] for value in rest]
        for row in self._rows.values():
            factor = row[column]
            if factor:
                row[:] = [old - factor * one for old, one in zip(row, new, strict=True)]
        self._rows[column] = new
        return True

    def holds(self, members: Sequence[int]) -> bool:
        """Return whether a coalition's sum is settled."""
        return not any(self._reduced(members))

    def marks(self, most: int) -> list[int]:
        """Return one number for each kind of player: they add up to 0 for settled coalitions only.

        Args:
            most: More than any coalition has of one kind.
        """
        open_ = self.open_columns
        columns = []
        for column in range(self.size):
            unit = [int(at == column) for at in range(self.size)]
            rest = self._reduced(unit)
            columns.append([rest[at] for at in open_])
        scale = lcm(*(value.denominator for column in columns for value in column))
        whole = [[int(value * scale) for value in column] for column in columns]
        largest = max((abs(value) for column in whole for value in column), default=0)
        digit = 2 * largest * most * self.size + 1
        return [sum(value * digit**at for at, value in enumerate(column)) for column in whole]

    def _reduced(self, members: Sequence[int]) -> list[Fraction]:
        rest = [Fraction(count) for count in members]
        for column, row in self._rows.items():
            factor = rest[column]
            if factor:
                rest = [old - factor * one for old, one in zip(rest, row, strict=True)]
        return rest


Worst = Callable[[Level], Row | None]
"""Finds the row that is shortest at a level, or ``None`` if none is short."""


def highest(
    settled: Sequence[Row], span: Span, worst: Worst, far: int, known: Iterable[Row] = ()
) -> tuple[Level, list[Row]] | None:
    """Return the highest level, and the rows that cannot get more in any best solution.

    ``None`` if no shares at all give every row what it asks for whatever the level.

    Args:
        settled: Rows that hold with equality, independent of each other.
        span: What they span.
        worst: Finds the row that the shares at hand leave shortest.
        far: A number beyond every share and level there can be; a level as high as that means
            that there is no highest one.
        known: Rows to look at before asking ``worst``.
    """
    basis = _Basis(settled, span, far)
    pool = list(known)
    stuck, best = 0, basis.level().height
    while True:
        level = basis.level()
        stuck, best = (0, level.height) if level.height != best else (stuck + 1, best)
        row = _enter(pool, level, careful=stuck > _PATIENCE)
        if row is None:
            row = worst(level)
            if row is None:
                return level, basis.binding()
            pool.append(row)
        if not basis.enter(row, pool.index(row), careful=stuck > _PATIENCE):
            return None


def _enter(pool: Sequence[Row], level: Level, *, careful: bool) -> Row | None:
    if careful:
        return next((row for row in pool if row.short(level) > 0), None)
    worst = max(pool, key=lambda row: row.short(level), default=None)
    return worst if worst is not None and worst.short(level) > 0 else None


class _Basis:
    """The rows that determine the shares at hand, and the inverse of their matrix."""

    def __init__(self, settled: Sequence[Row], span: Span, far: int) -> None:
        size = span.size
        walls = [_unit(column, size, far) for column in span.open_columns]
        self._rows = [*settled, *walls, Row((0,) * size, -far)]
        self._free = len(settled)
        # The place of a row among those known, to choose by when values are equal.
        self._place = [-1] * len(self._rows)
        self._inverse, self._denominator = _inverted(
            [[*row.members, row.need] for row in self._rows]
        )

    def level(self) -> Level:
        """Return the shares and the level that the rows of the basis determine."""
        unit = lcm(*(row.value.denominator for row in self._rows))
        solved = [0] * len(self._rows)
        for row, line in zip(self._rows, self._inverse, strict=True):
            value = int(row.value * unit)
            if value:
                solved = [sum_ + value * entry for sum_, entry in zip(solved, line, strict=True)]
        unit *= self._denominator
        common = gcd(unit, *solved)
        *shares, height = (value // common for value in solved)
        return Level(shares=tuple(shares), height=-height, unit=unit // common)

    def binding(self) -> list[Row]:
        """Return the rows that hold with equality in every best solution."""
        return [
            row
            for at, (row, line) in enumerate(zip(self._rows, self._inverse, strict=True))
            if at >= self._free and line[-1] > 0
        ]

    def enter(self, row: Row, place: int, *, careful: bool) -> bool:
        """Take a short row into the basis, and out the one that gives way first, if any does."""
        column = [*row.members, row.need]
        steps = [sum(map(mul, line, column)) for line in self._inverse]
        out = -1
        for at in range(self._free, len(steps)):
            if steps[at] > 0 and (out < 0 or self._gives_way(at, out, steps, careful=careful)):
                out = at
        if out < 0:
            return False
        self._pivot(out, steps)
        self._rows[out], self._place[out] = row, place
        return True

    def _gives_way(self, at: int, out: int, steps: Sequence[int], *, careful: bool) -> bool:
        here, there = self._inverse[at][-1] * steps[out], self._inverse[out][-1] * steps[at]
        if here != there:
            return here < there
        if careful:
            return self._place[at] < self._place[out]
        return steps[at] > steps[out]

    def _pivot(self, out: int, steps: Sequence[int]) -> None:
        pivot, leaving = steps[out], self._inverse[out]
        for at, line in enumerate(self._inverse):
            if at != out:
                by = steps[at]
                line[:] = [
                    (entry * pivot - other * by) // self._denominator
                    for entry, other in zip(line, leaving, strict=True)
                ]
        self._denominator = pivot


def _unit(column: int, size: int, far: int) -> Row:
    return Row(tuple(int(at == column) for at in range(size)), -far, 0)


def _inverted(columns: Sequence[Sequence[int]]) -> tuple[list[list[int]], int]:
    """Return the inverse of a matrix times its determinant (made positive), and that."""
    size, determinant = len(columns), ONE
    lines = [
        [Fraction(columns[column][at]) for column in range(size)]
        + [Fraction(int(at == column)) for column in range(size)]
        for at in range(size)
    ]
    for column in range(size):
        found = next(at for at in range(column, size) if lines[at][column])
        lines[column], lines[found] = lines[found], lines[column]
        first = lines[column][column]
        determinant *= first
        lines[column] = [value / first for value in lines[column]]
        for at in range(size):
            factor = lines[at][column]
            if at != column and factor:
                lines[at] = [
                    old - factor * one for old, one in zip(lines[at], lines[column], strict=True)
                ]
    denominator = abs(int(determinant))
    return [[int(value * denominator) for value in line[size:]] for line in lines], denominator
