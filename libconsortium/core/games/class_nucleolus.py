"""The nucleolus where the total weight decides, for many players of few weights.

Players of one weight get one share, so a coalition is how many of each weight it has; the shortest
one is found for every total weight at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import gcd, lcm
from operator import mul

from libconsortium.core.buying.scales import Scale
from libconsortium.core.games.games import ZERO
from libconsortium.core.games.knapsacks import Kind, best_open
from libconsortium.core.games.level_programs import Level, Row, Span, Worst
from libconsortium.core.games.nucleolus import Need, by_itself, centre
from libconsortium.core.games.structured_games import classes_of

_MOST_WORK = 600_000
"""Bundles of players times whole weights; about a second a search."""

Best = Callable[[Sequence[Kind], Sequence[int]], tuple[int, tuple[int, ...]] | None]
"""Finds the best coalition that is not settled: ``best_open``, or a quicker one."""


def class_centre(  # noqa: PLR0913 - the last two are for quicker searches
    weights: Sequence[Fraction],
    worth: Scale,
    need: Need = by_itself,
    *,
    nobody_below_alone: bool = False,
    best: Best = best_open,
    most_work: int = _MOST_WORK,
) -> tuple[Fraction, ...] | None:
    """Return the nucleolus, or ``None`` if it is not determined or there are too many weights.

    Args:
        weights: The weights by player, not negative.
        worth: What each total weight is worth (a cost with its sign turned).
        need: Which kind of nucleolus.
        nobody_below_alone: Keep to shares that give nobody less than it is worth alone.
        best: How the coalition that is shortest is found.
        most_work: Bundles of players times whole weights above which nothing is begun.

    >>> from libconsortium.core.buying.offers import TierKind
    >>> scale = Scale.of_tiers(TierKind.TOTAL, [(ZERO, ZERO), (Fraction(2), Fraction(1))])
    >>> class_centre([Fraction(1)] * 3, scale)
    (Fraction(1, 3), Fraction(1, 3), Fraction(1, 3))
    """
    classes = classes_of(weights)
    game = _Classes(classes, worth, need, best)
    if game.work > most_work:
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

    def __init__(
        self, classes: dict[Fraction, list[int]], worth: Scale, need: Need, best: Best
    ) -> None:
        self.counts = [len(players) for players in classes.values()]
        unit = lcm(*(weight.denominator for weight in classes))
        whole = [int(weight * unit) for weight in classes]
        common = gcd(*whole) or 1
        self.weights = [weight // common for weight in whole]
        self._worth = worth.stretched(sizes=Fraction(unit, common))
        self._need, self._best = need, best
        self.whole = sum(map(mul, self.weights, self.counts))
        bundles = sum(count.bit_length() for count in self.counts)
        self.work = bundles * (self.whole + 1)

    def centre(self, *, nobody_below_alone: bool) -> tuple[Fraction, ...] | None:
        self._values, self._unit = self._worth.whole(self.whole)
        # What each total weight needs of the level by itself; players are added in `_kinds`.
        self._own = [self._need(0, value) for value in self._values]
        self._all_own = self._own[0] if len(set(self._own)) == 1 else None
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
            found = self._best(self._kinds(level, marks), self._base(level))
            if found is None or found[0] <= 0:
                return None
            members = found[1]
            weight = sum(map(mul, self.weights, members))
            value = self._values[weight]
            return Row(members, value, self._need(sum(members), value))

        return worst

    def _base(self, level: Level) -> list[int]:
        if self._all_own is not None:
            more, unit = self._all_own * level.height, level.unit
            return [value * unit + more for value in self._values]
        return [
            value * level.unit + own * level.height
            for value, own in zip(self._values, self._own, strict=True)
        ]

    def _kinds(self, level: Level, marks: Sequence[int]) -> list[Kind]:
        # What one player more changes in the level that its coalition needs.
        more = (self._need(2, 1) - self._need(1, 1)) * level.height
        return [
            Kind(weight=weight, value=more - share, count=count, mark=mark)
            for weight, share, count, mark in zip(
                self.weights, level.shares, self.counts, marks, strict=True
            )
        ]
