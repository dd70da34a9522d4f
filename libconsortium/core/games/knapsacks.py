"""Finds the coalition that a total weight decides about: exact, or between two bounds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import accumulate
from math import lcm

import attrs

ZERO = Fraction(0)


@attrs.frozen(kw_only=True)
class Kind:
    """Players who are alike.

    Args:
        weight: What each weighs, a whole number above zero.
        value: What each brings, a whole number of any sign.
        count: How many there are.
        mark: A number that adds up over a coalition; see ``best_open``.
    """

    weight: int
    value: int
    count: int = 1
    mark: int = 0


_State = tuple[int, int, int]  # value, mark, packed counts


def best_open(kinds: Sequence[Kind], base: Sequence[int]) -> tuple[int, tuple[int, ...]] | None:
    """Return the best coalition that is not settled, and what it brings.

    Settled are the coalitions whose marks add up to zero. For every weight the best coalition and
    the best with another mark are kept: whoever else comes in, at most one of the two becomes
    settled, so the best of the others is never lost.

    Args:
        kinds: The players.
        base: What a coalition of each total weight brings besides its players' values.

    Returns:
        What it brings and its counts by kind; ``None`` if every coalition is settled.

    >>> best_open([Kind(weight=2, value=5, count=2, mark=1)], [0, 0, 9, 0, 1])
    (14, (1,))
    """
    first: list[_State | None] = [None] * len(base)
    second: list[_State | None] = [None] * len(base)
    first[0] = (0, 0, 0)
    reached = 0
    digit = 1
    for kind in kinds:
        for many in bundles(kind.count):
            reached += kind.weight * many
            for at in range(reached, kind.weight * many - 1, -1):
                before = at - kind.weight * many
                for one in (first[before], second[before]):
                    if one is not None:
                        value, mark = one[0] + kind.value * many, one[1] + kind.mark * many
                        _keep(first, second, at, (value, mark, one[2] + digit * many))
        digit *= kind.count + 1
    best: tuple[int, int] | None = None
    for weight, states in enumerate(zip(first, second, strict=True)):
        found = next((state for state in states if state is not None and state[1]), None)
        if found is not None and (best is None or found[0] + base[weight] > best[0]):
            best = found[0] + base[weight], found[2]
    return None if best is None else (best[0], _counts(best[1], kinds))


def bundles(count: int) -> Iterator[int]:
    """Yield bundles of 1, 2, 4… alike players, from which any number of them can be made.

    >>> list(bundles(10))
    [1, 2, 4, 3]
    """
    many = 1
    while count:
        many = min(many, count)
        yield many
        count -= many
        many *= 2


def _keep(first: list[_State | None], second: list[_State | None], at: int, new: _State) -> None:
    best = first[at]
    if best is None:
        first[at] = new
    elif new[1] == best[1]:
        if new[0] > best[0]:
            first[at] = new
    elif new[0] > best[0]:
        first[at], second[at] = new, best
    else:
        other = second[at]
        if other is None or new[0] > other[0]:
            second[at] = new


def _counts(code: int, kinds: Sequence[Kind]) -> tuple[int, ...]:
    counts = []
    for kind in kinds:
        code, count = divmod(code, kind.count + 1)
        counts.append(count)
    return tuple(counts)


@attrs.frozen(kw_only=True)
class Found:
    """The best choice there is, or the best that was found in time.

    Args:
        chosen: The places of the chosen.
        value: What they bring.
        at_most: What nothing can pass; the value itself if the choice is the best.
    """

    chosen: tuple[int, ...]
    value: Fraction
    at_most: Fraction


def best_between(
    items: Sequence[tuple[Fraction, Fraction]],
    above: Fraction,
    to: Fraction | None,
    *,
    beat: Fraction | None = None,
    most_steps: int = 50_000,
) -> Found | None:
    """Choose items of greatest value whose weight lies above one bound and not above another.

    Args:
        items: Pairs of weight (not negative) and value (any sign).
        above: The total weight is more than this.
        to: The total weight is at most this; ``None`` for no bound.
        beat: Only choices that bring more than this are looked for.
        most_steps: After so many steps the best found until then is returned, with its bound.

    Returns:
        ``None`` if no choice has such a weight and value. Where none was found in time, nothing is
        chosen and the value is what was to be beaten, or the bound itself.

    Source: Martello & Toth, "Knapsack Problems" (1990), chapter 2: depth first, with the bound of
    the problem in which parts of items may be taken.

    >>> best_between([(Fraction(2), Fraction(3)), (Fraction(3), Fraction(4))], ZERO, Fraction(4))
    Found(chosen=(1,), value=Fraction(4, 1), at_most=Fraction(4, 1))
    """
    limits = [above] if to is None else [above, to]
    heavy = lcm(*(one.denominator for one in (*limits, *(weight for weight, _ in items))))
    unit = lcm(*(value.denominator for _, value in items))
    whole = [(int(weight * heavy), int(value * unit)) for weight, value in items]
    most = None if to is None else int(to * heavy)
    search = _Search(whole, int(above * heavy), most)
    least = None if beat is None else (beat * unit).__floor__()
    best, at_most = search.run(least, most_steps)
    if best is not None:
        value, chosen = best
        bound = Fraction(max(value, at_most or value), unit)
        return Found(chosen=tuple(sorted(chosen)), value=Fraction(value, unit), at_most=bound)
    if at_most is None:
        return None
    bound = Fraction(at_most, unit)
    return Found(chosen=(), value=bound if beat is None else beat, at_most=bound)


_Waiting = tuple[int, int, int, int, tuple[int, ...]]  # bound, place, weight, value, chosen


class _Search:
    """A search through whole weights and values; what is best of them is whole too."""

    def __init__(self, items: Sequence[tuple[int, int]], above: int, to: int | None) -> None:
        self._order = sorted(range(len(items)), key=lambda at: _worth(*items[at]), reverse=True)
        self._items = [items[at] for at in self._order]
        self._above, self._to = above, to
        # Sums over the items up to each place, best worth first.
        self._weights = [0, *accumulate(weight for weight, _ in self._items)]
        self._values = [0, *accumulate(value for _, value in self._items)]
        self._next = list(range(1, len(items) + 1))
        for at in range(len(items) - 2, -1, -1):
            if self._items[at] == self._items[at + 1]:
                self._next[at] = self._next[at + 1]
        self._positive = sum(1 for _, value in self._items if value > 0)

    def run(
        self, beat: int | None, most_steps: int
    ) -> tuple[tuple[int, tuple[int, ...]] | None, int | None]:
        """Return the best choice that beats the least, and what others may still bring."""
        best: tuple[int, tuple[int, ...]] | None = None
        waiting: list[_Waiting] = []
        self._wait(waiting, beat, (0, 0, 0, ()))
        for _ in range(most_steps):
            if not waiting:
                break
            bound, at, weight, value, chosen = waiting.pop()
            if beat is not None and bound <= beat:
                continue
            if at == len(self._items):
                beat, best = value, (value, chosen)
                continue
            more_weight, more_value = self._items[at]
            # Of items that are alike the first are taken: to leave one is to leave all after it.
            self._wait(waiting, beat, (self._next[at], weight, value, chosen))
            with_it = (*chosen, self._order[at])
            self._wait(waiting, beat, (at + 1, weight + more_weight, value + more_value, with_it))
        left = [one[0] for one in waiting if beat is None or one[0] > beat]
        return best, max(left, default=None)

    def _wait(
        self,
        waiting: list[_Waiting],
        beat: int | None,
        branch: tuple[int, int, int, tuple[int, ...]],
    ) -> None:
        limit = self._bound(*branch[:3])
        if limit is not None and (beat is None or limit > beat):
            waiting.append((limit, *branch))

    def _bound(self, at: int, weight: int, value: int) -> int | None:
        """Return what the items from a place on can bring at most, parts of items allowed."""
        stop = max(at, self._positive)
        low, high = self._above - weight, None if self._to is None else self._to - weight
        if high is not None and (high < 0 or high <= low):
            return None
        base_weight, base_value = self._weights[at], self._values[at]
        reached = self._weights[stop] - base_weight
        if high is not None and reached > high:
            return value + self._partly(at, high) - base_value
        if reached <= low:
            if self._weights[-1] - base_weight <= low:
                return None
            # Whole weights: more than the bound is the bound and one.
            return value + self._partly(at, low + 1) - base_value
        return value + self._values[stop] - base_value

    def _partly(self, at: int, weight: int) -> int:
        """Return the sum of values up to a weight counted from a place, the last item in part."""
        goal = self._weights[at] + weight
        last = min(bisect_right(self._weights, goal, lo=at), len(self._weights) - 1) - 1
        over = goal - self._weights[last]
        heavy, value = self._items[last]
        return self._values[last] + (value * over // heavy if heavy else 0)


def _worth(weight: int, value: int) -> tuple[int, Fraction]:
    """Order items by value for weight; weightless gains first, weightless losses last."""
    if weight:
        return 0, Fraction(value, weight)
    return (1 if value > 0 else -1), Fraction(value)
