"""The best set of players when each needs things that cost money: a smallest cut finds it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from fractions import Fraction
from math import lcm


def best_closure(
    gains: Sequence[Fraction], things: Sequence[tuple[Fraction, Sequence[int]]]
) -> tuple[int, ...]:
    """Return the players whose gains less the cost of all the things they need are greatest.

    Args:
        gains: What each player brings, of any sign.
        things: Pairs of a cost (not negative) and the players who need it; it is paid once.

    Source: Picard, "Maximal closure of a graph", Management Science 22 (1976) 1268-1272; the flow
    by Dinitz, Soviet Mathematics Doklady 11 (1970) 1277-1280.

    >>> best_closure([Fraction(5), Fraction(1)], [(Fraction(4), [0, 1]), (Fraction(2), [1])])
    (0,)
    """
    unit = lcm(*(gain.denominator for gain in gains), *(cost.denominator for cost, _ in things))
    players = len(gains)
    source, sink = players + len(things), players + len(things) + 1
    flow = _Flow(sink + 1)
    without_end = int(sum(abs(gain) for gain in gains) * unit) + 1
    for player, gain in enumerate(gains):
        if gain > 0:
            flow.edge(source, player, int(gain * unit))
    for at, (cost, needing) in enumerate(things):
        flow.edge(players + at, sink, int(cost * unit))
        for player in needing:
            if gains[player] > 0:
                flow.edge(player, players + at, without_end)
    flow.fill(source, sink)
    reached = flow.levels(source)
    return tuple(player for player in range(players) if reached[player] >= 0)


class _Flow:
    """A network, and what can still flow along its edges."""

    def __init__(self, nodes: int) -> None:
        self._edges: list[list[int]] = [[] for _ in range(nodes)]
        self._to: list[int] = []
        self._left: list[int] = []

    def edge(self, start: int, end: int, capacity: int) -> None:
        """Add an edge; the one after it leads back."""
        for node, other, left in ((start, end, capacity), (end, start, 0)):
            self._edges[node].append(len(self._to))
            self._to.append(other)
            self._left.append(left)

    def levels(self, source: int) -> list[int]:
        """Return how many edges away each node is, -1 if nothing flows there any more."""
        levels = [-1] * len(self._edges)
        levels[source] = 0
        waiting = deque([source])
        while waiting:
            node = waiting.popleft()
            for edge in self._edges[node]:
                if self._left[edge] and levels[self._to[edge]] < 0:
                    levels[self._to[edge]] = levels[node] + 1
                    waiting.append(self._to[edge])
        return levels

    def fill(self, source: int, sink: int) -> None:
        """Let as much flow as can."""
        while (levels := self.levels(source))[sink] >= 0:
            tried = [0] * len(self._edges)
            while self._along(levels, tried, source, sink):
                pass

    def _along(self, levels: list[int], tried: list[int], source: int, sink: int) -> bool:
        path: list[int] = []
        node = source
        while node != sink:
            edges = self._edges[node]
            while tried[node] < len(edges) and not self._leads_on(levels, node, edges[tried[node]]):
                tried[node] += 1
            if tried[node] < len(edges):
                path.append(edges[tried[node]])
                node = self._to[path[-1]]
            elif path:
                node = self._to[path.pop() ^ 1]
                tried[node] += 1
            else:
                return False
        least = min(self._left[edge] for edge in path)
        for edge in path:
            self._left[edge] -= least
            self._left[edge ^ 1] += least
        return True

    def _leads_on(self, levels: list[int], node: int, edge: int) -> bool:
        return bool(self._left[edge]) and levels[self._to[edge]] == levels[node] + 1
