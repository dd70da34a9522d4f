"""Holds a solution of games to its promises on random games."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from libconsortium import Game, GameSolution, Listed, stability
from libconsortium.testing.promises import only_known, promise, try_many

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Shares = dict[str, Fraction]
Law = Callable[[GameSolution, Game, Shares], None]

PLAYERS = ("a", "b", "c", "d")


def check_game_solution(solution: GameSolution, *, examples: int = 100) -> None:
    """Check that a solution keeps every law it claims, on small games given in full.

    Games for which the solution says that it does not exist are passed over. Always checked: every
    player has an exact share. ``axioms`` may claim

    * ``efficiency``: the shares add up to the whole;
    * ``symmetry``: players who add the same to every coalition get the same;
    * ``null-player``: who adds nothing to any coalition gets nothing;
    * ``order``: the order in which players are named does not matter;
    * ``scale``: twice the values give twice the shares;
    * ``shift``: a sum of its own added to a player is added to its share;
    * ``additivity``: the shares of a sum of two games are the sums of the shares;
    * ``core``: no coalition gains by leaving, if there are such shares at all.

    Args:
        solution: The solution.
        examples: How many random games are tried.

    Raises:
        BrokenPromiseError: A promise is broken; the message shows the smallest such game.

    >>> from libconsortium import Registry
    >>> check_game_solution(Registry().find(GameSolution, "shapley"), examples=5)
    """
    only_known(solution.name, solution.axioms, LAWS)

    def keeps_everything(game: Game) -> None:
        shares = _solved(solution, game)
        if shares:
            promise(set(shares) == set(game.players), solution.name, "one share each", game, shares)
            for law in sorted(solution.axioms):
                LAWS[law](solution, game, shares)

    try_many(keeps_everything, _games(), examples)


def _solved(solution: GameSolution, game: Game) -> Shares:
    return {player: share.value for player, share in solution.solve(game).shares.items()}


def _efficiency(solution: GameSolution, game: Game, shares: Shares) -> None:
    whole = sum(shares.values(), Fraction(0))
    promise(whole == game.whole, solution.name, "efficiency", game, shares)


def _symmetry(solution: GameSolution, game: Game, _: Shares) -> None:
    values = game.price.table()
    # The last player is made the first one's twin.
    last = len(game.players) - 1
    twins = [values[_swapped(mask, last) if mask & 1 else mask] for mask in range(len(values))]
    shares = _solved(solution, _with(game, twins))
    same = not shares or shares[game.players[0]] == shares[game.players[last]]
    promise(same, solution.name, "symmetry", _with(game, twins), shares)


def _swapped(mask: int, last: int) -> int:
    return mask & ~1 & ~(1 << last) | mask >> last & 1 | (mask & 1) << last


def _null_player(solution: GameSolution, game: Game, _: Shares) -> None:
    values = game.price.table()
    without = _with(game, [values[mask & ~1] for mask in range(len(values))])
    shares = _solved(solution, without)
    nothing = not shares or not shares[game.players[0]]
    promise(nothing, solution.name, "null-player", without, shares)


def _order(solution: GameSolution, game: Game, shares: Shares) -> None:
    values, players = game.price.table(), len(game.players)
    turned = [  # the same game, its players named in the opposite order
        values[sum((mask >> at & 1) << (players - 1 - at) for at in range(players))]
        for mask in range(len(values))
    ]
    other = _with(game, turned)
    same = _solved(solution, attrs.evolve(other, players=game.players[::-1]))
    promise(same == shares, solution.name, "order", game, same)


def _scale(solution: GameSolution, game: Game, shares: Shares) -> None:
    twice = _solved(solution, _with(game, [value * 2 for value in game.price.table()]))
    expected = {player: share * 2 for player, share in shares.items()}
    promise(twice == expected, solution.name, "scale", game, twice)


def _shift(solution: GameSolution, game: Game, shares: Shares) -> None:
    values = [
        value + 7 * (mask & 1) - 3 * (mask >> 1 & 1)
        for mask, value in enumerate(game.price.table())
    ]
    now = _solved(solution, _with(game, values))
    sums = dict(zip(game.players, (7, -3), strict=False))
    expected = {player: share + sums.get(player, 0) for player, share in shares.items()}
    promise(now == expected, solution.name, "shift", game, now)


def _additivity(solution: GameSolution, game: Game, shares: Shares) -> None:
    other = [Fraction(mask * mask % 11) for mask in range(len(game.price.table()))]
    both = [one + more for one, more in zip(game.price.table(), other, strict=True)]
    of_other, of_both = (_solved(solution, _with(game, values)) for values in (other, both))
    if not of_other or not of_both:
        return  # it does not exist for one of the games
    expected = {player: share + of_other[player] for player, share in shares.items()}
    promise(of_both == expected, solution.name, "additivity", game, of_both)


def _core(solution: GameSolution, game: Game, shares: Shares) -> None:
    found = stability(game, shares)
    stable = found.in_core is True or found.least_core.value > 0
    promise(stable, solution.name, "core", game, shares)


LAWS: Mapping[str, Law] = {
    "efficiency": _efficiency,
    "symmetry": _symmetry,
    "null-player": _null_player,
    "order": _order,
    "scale": _scale,
    "shift": _shift,
    "additivity": _additivity,
    "core": _core,
}


def _with(game: Game, values: list[Fraction]) -> Game:
    return attrs.evolve(game, price=Listed(values=tuple(values)))


def _games() -> SearchStrategy[Game]:
    from hypothesis import strategies as st

    def of(count: int) -> SearchStrategy[Game]:
        value = st.integers(0, 30).map(Fraction)
        coalitions = (1 << count) - 1
        values = st.lists(value, min_size=coalitions, max_size=coalitions)
        price = values.map(lambda found: Listed(values=(Fraction(0), *found)))
        return st.builds(Game, players=st.just(PLAYERS[:count]), price=price, is_cost=st.booleans())

    return st.integers(1, len(PLAYERS)).flatmap(of)
