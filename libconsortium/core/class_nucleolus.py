"""The nucleolus where the total weight decides, for many players of few weights.

Players of one weight get one share, so a coalition is how many of each weight it has; the shortest
one is found for every total weight at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm

from libconsortium.core.games import ZERO
from libconsortium.core.knapsacks import Kind, best_by_weight
from libconsortium.core.level_programs import Level, Row, Span, Worst
from libconsortium.core.nucleolus import Need, by_itself, centre
from libconsortium.core.scales import Scale
from libconsortium.core.structured_games import classes_of

_MOST_WORK = 600_000
"""Bundles of players times whole weights; about two seconds a search."""


def class_centre(
    weights: Sequence[Fraction],
    worth: Scale,
    need: Need = by_itself,
    *,
    nobody_below_alone: bool = False,
) -> tuple[Fraction, ...] | None:
    """Return the nucleolus, or ``None`` if it is not determined or there are too many weights.

    Args:
        weights: The weights by player, not negative.
        worth: What each total weight is worth (a cost with its sign turned).
        need: Which kind of nucleolus.
        nobody_below_alone: Keep to shares that give nobody less than it is worth alone.

    >>> from libconsortium.core.offers import TierKind
    >>> scale = Scale.of_tiers(TierKind.TOTAL, [(ZERO, ZERO), (Fraction(2), Fraction(1))])
    >>> class_centre([Fraction(1)] * 3, scale)
    (Fraction(1, 3), Fraction(1, 3), Fraction(1, 3))
    """
    classes = classes_of(weights)
    game = _Classes(classes, worth, need)
    if game.work > _MOST_WORK:
        return None
    found = game.centre(nobody_below_alone=nobody_below_alone)
    if found is None:
        return None
    shares = [ZERO] * len(weights)
    for share, players in zip(found, classes.values(), strict=True):
        for player in players:
            shares[player] = share
    return tuple(shares)


class _Classes:
    """How many players there are of each weight, and what every total weight is worth."""

    def __init__(self, classes: dict[Fraction, list[int]], worth: Scale, need: Need) -> None:
        self.counts = [len(players) for players in classes.values()]
        unit = lcm(*(weight.denominator for weight in classes))
        whole = [int(weight * unit) for weight in classes]
        common = gcd(*whole) or 1
        self.weights = [weight // common for weight in whole]
        self._worth = worth.stretched(sizes=Fraction(unit, common))
        self._need = need
        self.whole = sum(map(_product, self.weights, self.counts))
        bundles = sum(count.bit_length() for count in self.counts)
        self.work = bundles * (self.whole + 1)

    def centre(self, *, nobody_below_alone: bool) -> tuple[Fraction, ...] | None:
        values = [self._worth.at(Fraction(weight)) for weight in range(self.whole + 1)]
        self._unit = lcm(*(value.denominator for value in values))
        self._values = [int(value * self._unit) for value in values]
        everybody = Row(tuple(self.counts), self._values[-1])
        own = [
            Row(tuple(int(at == kind) for at in range(len(self.counts))), self._values[weight], 0)
            for kind, weight in enumerate(self.weights)
        ]
        magnitude = sum(map(abs, self._values))
        known = own if nobody_below_alone else ()
        found = centre(everybody, self._search, known, magnitude)
        return None if found is None else tuple(share / self._unit for share in found)

    def _search(self, span: Span) -> Worst:
        marks = span.marks(max(self.counts))

        def worst(level: Level) -> Row | None:
            best: tuple[int, Row] | None = None
            for weight, found in enumerate(best_by_weight(self._kinds(level, marks))):
                if found is None:
                    continue
                members = found[1]
                row = Row(members, self._values[weight], self._needs(members, weight))
                short = int(row.short(level))
                if short > 0 and (best is None or short > best[0]):
                    best = short, row
            return best[1] if best else None

        return worst

    def _needs(self, members: Sequence[int], weight: int) -> int:
        return self._need(sum(members), self._values[weight])

    def _kinds(self, level: Level, marks: Sequence[int]) -> list[Kind]:
        # What one player more changes in the level that its coalition needs.
        more = (self._need(2, 1) - self._need(1, 1)) * level.height
        return [
            Kind(weight=weight, value=more - share, count=count, mark=mark)
            for weight, share, count, mark in zip(
                self.weights, level.shares, self.counts, marks, strict=True
            )
        ]


def _product(one: int, other: int) -> int:
    return one * other
