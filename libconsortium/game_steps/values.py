"""Solutions of games that need only some coalitions: separable costs, τ, serial, plain shares."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from libconsortium.core.games.game_values import (
    alternate_cost_avoided,
    equal_nonseparable,
    remaining_benefits,
    serial,
    tau,
)
from libconsortium.core.games.games import ZERO, Game, Solved
from libconsortium.core.messages import Message


def solve_tau(game: Game) -> Solved:
    """Return the τ-value: a compromise between the most and the least each player can expect.

    >>> from libconsortium.files.game_file import read_game
    >>> costs = '"a": 5, "b": 4, "c": 3, "a,b": 7, "a,c": 6, "b,c": 6, "a,b,c": 9'
    >>> game = read_game('{"players": ["a", "b", "c"], "cost": {%s}}' % costs)
    >>> solve_tau(game).shares["a"].value
    Fraction(10, 3)
    """
    values = tau(game)
    method = Message("what each adds to all others, and what it can claim")
    if values is None:
        note = Message(
            "the game is not quasi-balanced: what players can claim does not leave room for a"
            " compromise, so there is no τ-value"
        )
        return Solved(shares={}, method=method, notes=(note,))
    return Solved(shares=game.shared(values), method=method)


def solve_scrb(game: Game) -> Solved:
    """Return separable costs, and the rest by remaining benefits.

    >>> from libconsortium.files.game_file import read_game
    >>> costs = '"a": 5, "b": 4, "c": 3, "a,b": 7, "a,c": 6, "b,c": 6, "a,b,c": 9'
    >>> game = read_game('{"players": ["a", "b", "c"], "cost": {%s}}' % costs)
    >>> solve_scrb(game).shares["a"].value
    Fraction(7, 2)
    """
    return _from_separable(game, remaining_benefits)


def solve_aca(game: Game) -> Solved:
    """Return separable costs, and the rest by the costs that joining avoids.

    >>> from libconsortium.files.game_file import read_game
    >>> costs = '"a": 5, "b": 4, "c": 3, "a,b": 7, "a,c": 6, "b,c": 6, "a,b,c": 9'
    >>> game = read_game('{"players": ["a", "b", "c"], "cost": {%s}}' % costs)
    >>> solve_aca(game).shares["a"].value
    Fraction(7, 2)
    """
    return _from_separable(game, alternate_cost_avoided)


def _from_separable(game: Game, rule: Callable[[Game], list[Fraction] | None]) -> Solved:
    values = rule(game)
    method = Message("what each adds to all others, and a part of the rest")
    if values is None:
        note = Message(
            "nobody avoids any cost by joining, though there is one left to share: the rule does"
            " not say who pays it"
        )
        return Solved(shares={}, method=method, notes=(note,))
    return Solved(shares=game.shared(values), method=method)


def solve_ensc(game: Game) -> Solved:
    """Return separable costs, and an equal part of the rest.

    >>> from libconsortium.files.game_file import read_game
    >>> costs = '"a": 5, "b": 4, "c": 3, "a,b": 7, "a,c": 6, "b,c": 6, "a,b,c": 9'
    >>> game = read_game('{"players": ["a", "b", "c"], "cost": {%s}}' % costs)
    >>> solve_ensc(game).shares["a"].value
    Fraction(10, 3)
    """
    method = Message("what each adds to all others, and an equal part of the rest")
    return Solved(shares=game.shared(equal_nonseparable(game)), method=method)


def solve_serial(game: Game) -> Solved:
    """Return serial cost shares: who asks for little does not pay for those who ask for much.

    >>> from libconsortium.files.game_file import read_game
    >>> tariff = '{"kind": "marginal", "tiers": [{"above": 0, "price": 5}]}'
    >>> demands = '{"a": 1, "b": 3}'
    >>> game = read_game(
    ...     f'{{"players": ["a", "b"], "tariff": {tariff}, "demands": {demands}}}'
    ... )
    >>> solve_serial(game).shares["b"].value
    Fraction(15, 1)
    """
    method = Message("demands in rising order, each step shared by those who ask for more")
    return Solved(shares=game.shared(serial(game)), method=method)


def solve_equal(game: Game) -> Solved:
    """Return the same for everybody.

    >>> from libconsortium.core.games.structured_games import ByCount
    >>> game = Game(players=("a", "b"), price=ByCount(prices=(ZERO, Fraction(5), Fraction(8))))
    >>> solve_equal(game).shares["a"].value
    Fraction(4, 1)
    """
    each = game.whole / len(game.players)
    method = Message("the same for everybody")
    return Solved(shares=game.shared([each] * len(game.players)), method=method)


def solve_proportional(game: Game) -> Solved:
    """Return the whole in proportion to weights, or without weights to what each costs alone.

    >>> from libconsortium.core.games.structured_games import ByCount
    >>> price = ByCount(prices=tuple(map(Fraction, (0, 4, 6, 7))))
    >>> weights = {"a": Fraction(2), "b": Fraction(1), "c": Fraction(1)}
    >>> game = Game(players=("a", "b", "c"), price=price, weights=weights)
    >>> solve_proportional(game).shares["a"].value
    Fraction(7, 2)
    """
    if game.weights:
        parts = [game.figure("weights", player) for player in game.players]
        method = Message("in proportion to the weights")
    else:
        parts, method = game.alone, Message("in proportion to what each would pay alone")
    whole = sum(parts, ZERO)
    if not whole and game.whole:
        note = Message("nothing can be in proportion to figures that add up to zero")
        return Solved(shares={}, method=method, notes=(note,))
    whole = whole or Fraction(1)
    return Solved(shares=game.shared([game.whole * part / whole for part in parts]), method=method)
