"""Values of games by orders of coming: exact, with a proven bound, or estimated."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from fractions import Fraction

from libconsortium.core.errors import SplitError
from libconsortium.core.games.composed_games import Sum
from libconsortium.core.games.game_values import owen, unions_of, weighted_shapley
from libconsortium.core.games.games import MOST_LISTED, ZERO, Game, GameShare, Label, Price, Solved
from libconsortium.core.games.order_samples import Sample, any_order, sampled, union_order
from libconsortium.core.games.shapley import exact_shapley
from libconsortium.core.games.structured_games import ByWeight
from libconsortium.core.games.union_values import exact_owen
from libconsortium.core.messages import Message
from libconsortium.game_steps.multilinear import integrated_shapley
from libconsortium.game_steps.weight_arrays import sampled_by_weight

_SAMPLED = Message("a sample of the orders in which players can come")
_OF_UNIONS = Sample(groups=200)  # their orders are not rotated, so a group is one order only


def solve_shapley(game: Game) -> Solved:
    """Return the Shapley value: what a player adds, on average over all orders of coming.

    Exact where the price has a structure or few players; else with a proven bound (weight tiers,
    with NumPy installed) or as an estimate from sampled orders.

    >>> from libconsortium.core.games.structured_games import Maximum
    >>> runway = Maximum(needs=(Fraction(3), Fraction(5)))
    >>> solve_shapley(Game(players=("a", "b"), price=runway)).shares["b"].value
    Fraction(7, 2)
    """
    shares, method = _shapley(game.price)
    return Solved(shares=dict(zip(game.players, shares, strict=True)), method=method)


def _shapley(price: Price) -> tuple[list[GameShare], Message]:
    exact = exact_shapley(price)
    if exact is not None:
        return [GameShare(value=value) for value in exact[0]], exact[1]
    if isinstance(price, ByWeight):
        bounded = _integrated(price)
        if bounded is not None:
            return bounded, Message("an integral over the chance of taking part, with its bound")
    if isinstance(price, Sum):
        return _part_by_part(price), Message("part by part, each in its best way")
    return _estimated(price), _SAMPLED


def _estimated(price: Price) -> list[GameShare]:
    if isinstance(price, ByWeight):
        with contextlib.suppress(ImportError):
            return sampled_by_weight(price, Sample())
    return sampled(price, any_order(price.count), Sample())


def _integrated(price: ByWeight) -> list[GameShare] | None:
    try:
        return integrated_shapley(price)
    except ImportError:
        return None


def _part_by_part(price: Sum) -> list[GameShare]:
    shares = [GameShare(value=ZERO)] * price.count
    for part in price.parts:
        for member, share in zip(part.members, _shapley(part.price)[0], strict=True):
            shares[member] = _added(shares[member], share)
    return shares


def _added(one: GameShare, other: GameShare) -> GameShare:
    value = one.value + other.value
    if Label.ESTIMATED in {one.label, other.label}:
        spread = _spread(one) + _spread(other)
        interval = (value - spread, value + spread)
        return GameShare(value=value, label=Label.ESTIMATED, interval=interval)
    if one.bound is None and other.bound is None:
        return GameShare(value=value)
    bound = (one.bound or ZERO) + (other.bound or ZERO)
    return GameShare(value=value, label=Label.BOUNDED, bound=bound)


def _spread(share: GameShare) -> Fraction:
    return share.interval[1] - share.value if share.interval else share.bound or ZERO


def solve_shapley_shubik(game: Game) -> Solved:
    """Return the Shapley-Shubik index: how often each voter turns a losing side into a winning one.

    Raises:
        SplitError: A coalition is worth something other than 0 or 1.

    Source: Shapley & Shubik, American Political Science Review 48 (1954) 787-792.

    >>> from libconsortium.core.games.games import Listed
    >>> both = Listed(values=(ZERO, ZERO, ZERO, Fraction(1)))
    >>> voters = Game(players=("a", "b"), price=both, is_cost=False)
    >>> solve_shapley_shubik(voters).shares["a"].value
    Fraction(1, 2)
    """
    price = game.price
    lines = price.scale.pieces if isinstance(price, ByWeight) else ()
    worths = {line.base for line in lines} or set(price.table())
    if any(line.slope for line in lines) or not worths <= {0, 1}:
        raise SplitError("a voting game is worth 1 to a winning coalition and 0 to any other")
    return solve_shapley(game)


def solve_weighted_shapley(game: Game) -> Solved:
    """Return the weighted Shapley value; see ``weighted_shapley``.

    >>> from libconsortium.files.game_file import read_game
    >>> costs, weights = '{"a": 4, "b": 4, "a,b": 6}', '{"a": 3, "b": 1}'
    >>> game = read_game(f'{{"players": ["a", "b"], "cost": {costs}, "weights": {weights}}}')
    >>> solve_weighted_shapley(game).shares["a"].value
    Fraction(5, 2)
    """
    shares = game.shared(weighted_shapley(game))
    notes = (Message("every dividend is shared in proportion to the weights"),)
    return Solved(shares=shares, method=Message("all coalitions, one by one"), notes=notes)


def solve_owen(game: Game) -> Solved:
    """Return the Owen value: the Shapley value where unions come in whole.

    Args:
        game: A game with unions (federations); a player in none is alone.

    >>> from libconsortium.core.games.structured_games import ByCount
    >>> price = ByCount(prices=tuple(map(Fraction, (0, 4, 5, 9))))
    >>> game = Game(players=("a", "b", "c"), price=price, unions=(("a", "b"),))
    >>> {name: str(share.value) for name, share in solve_owen(game).shares.items()}
    {'a': '5/2', 'b': '5/2', 'c': '4'}
    """
    unions = unions_of(game)
    structured = exact_owen(game.price, unions)
    if structured is not None:
        return Solved(shares=game.shared(structured[0]), method=structured[1])
    if len(game.players) <= MOST_LISTED and _work(unions) < 1 << 22:
        return Solved(
            shares=game.shared(owen(game)), method=Message("all coalitions of unions, one by one")
        )
    shares = sampled(game.price, union_order(unions), _OF_UNIONS, rotate=False)
    return Solved(shares=dict(zip(game.players, shares, strict=True)), method=_SAMPLED)


def _work(unions: Sequence[Sequence[int]]) -> int:
    sizes = [len(union) for union in unions]
    return sum(size << (size + len(unions) - 2) for size in sizes)
