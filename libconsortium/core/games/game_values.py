"""Exact solutions of games other than the Shapley value and the nucleolus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import factorial, lcm

from libconsortium.core.errors import SplitError
from libconsortium.core.games.games import MOST_LISTED, ZERO, Game, mask_of
from libconsortium.core.games.structured_games import classes_of


def weighted_shapley(game: Game) -> list[Fraction]:
    """Return the weighted Shapley value: each dividend shared in proportion to the weights.

    Args:
        game: A game with a weight above zero for every player.

    Raises:
        SplitError: A weight is missing or not above zero, or there are too many players.

    Source: Shapley, "A value for n-person games" (thesis, 1953); Kalai & Samet, International
    Journal of Game Theory 16 (1987) 205-222.

    >>> from libconsortium.core.games.games import Listed
    >>> together = Listed(values=(ZERO, ZERO, ZERO, Fraction(3)))
    >>> weights = {"a": Fraction(1), "b": Fraction(2)}
    >>> weighted_shapley(Game(players=("a", "b"), price=together, weights=weights))
    [Fraction(1, 1), Fraction(2, 1)]
    """
    weights = [game.figure("weights", player) for player in game.players]
    for player, weight in zip(game.players, weights, strict=True):
        if weight <= 0:
            raise SplitError(
                "the weight of {player!r} must be above zero, got {weight}",
                player=player,
                weight=weight,
            )
    unit = lcm(*(weight.denominator for weight in weights))
    values, scale = game.scaled_table()
    dividends = values
    for place in range(len(weights)):
        bit = 1 << place
        for mask in range(len(dividends)):
            if mask & bit:
                dividends[mask] -= dividends[mask ^ bit]
    by_weight: list[Fraction] = [ZERO]
    sums = [0]
    for weight in weights:
        sums += [total + int(weight * unit) for total in sums]
    by_weight += [Fraction(dividends[mask], sums[mask]) for mask in range(1, len(sums))]
    parts = _per_player(by_weight)
    return [part * weight * unit / scale for part, weight in zip(parts, weights, strict=True)]


def _per_player(values: Sequence[Fraction]) -> list[Fraction]:
    """Return, for each player, the sum over the coalitions it is in."""
    folded, sums = list(values), []
    while len(folded) > 1:
        half = len(folded) // 2
        upper = folded[half:]
        sums.append(sum(upper, ZERO))
        folded = [low + high for low, high in zip(folded[:half], upper, strict=True)]
    return sums[::-1]


def owen(game: Game) -> list[Fraction]:
    """Return the Owen value: unions come in whole, in any order, and so do players inside each.

    Args:
        game: A game with unions; a player in none is a union of its own.

    Raises:
        SplitError: A player is in two unions, or there are too many players.

    Source: Owen, "Values of games with a priori unions", in Mathematical Economics and Game Theory
    (1977) 76-88.

    >>> from libconsortium.core.games.games import Listed
    >>> majority = Listed(values=tuple(Fraction(int(m.bit_count() > 1)) for m in range(8)))
    >>> [str(v) for v in owen(Game(players=("a", "b", "c"), price=majority, unions=(("a", "b"),)))]
    ['1/2', '1/2', '0']
    """
    unions = unions_of(game)
    values, unit = game.scaled_table()
    masks = [mask_of(union) for union in unions]
    shares = [ZERO] * len(game.players)
    for at, union in enumerate(unions):
        others = masks[:at] + masks[at + 1 :]
        for before, outside in _weighted_subsets(others):
            for player in union:
                bit = 1 << player
                inside = [1 << other for other in union if other != player]
                for within, part in _weighted_subsets(inside):
                    came = before | within
                    shares[player] += outside * part * (values[came | bit] - values[came])
    return [share / unit for share in shares]


def unions_of(game: Game) -> list[list[int]]:
    """Return the unions as players' numbers; who is in none is alone.

    Raises:
        SplitError: A player is in two unions.
    """
    places = {player: at for at, player in enumerate(game.players)}
    unions = [[places[player] for player in union] for union in game.unions if union]
    named = [player for union in unions for player in union]
    for player in sorted(named):
        if named.count(player) > 1:
            raise SplitError("{player!r} is in two unions", player=game.players[player])
    return unions + [[player] for player in range(len(places)) if player not in named]


def _weighted_subsets(masks: Sequence[int]) -> Iterable[tuple[int, Fraction]]:
    """Yield every union of some masks with the part of all orders in which these come first."""
    count = len(masks)
    subsets = [(0, 0)]
    for mask in masks:
        subsets += [(found | mask, size + 1) for found, size in subsets]
    weights = [
        Fraction(factorial(size) * factorial(count - size), factorial(count + 1))
        for size in range(count + 1)
    ]
    return [(found, weights[size]) for found, size in subsets]


def tau(game: Game) -> list[Fraction] | None:
    """Return the τ-value, or ``None`` if the game is not quasi-balanced.

    It lies between what each player adds to all others and what it can claim when the others are
    content with that much.

    Source: Tijs, "Bounds for the core and the τ-value", in Game Theory and Mathematical Economics
    (1981) 123-132.

    >>> from libconsortium.core.games.games import Listed
    >>> values = tuple(Fraction(value) for value in (0, 0, 0, 2, 0, 2, 3, 5))
    >>> game = Game(players=("a", "b", "c"), price=Listed(values=values), is_cost=False)
    >>> [str(share) for share in tau(game)]
    ['5/4', '15/8', '15/8']
    """
    best, claims = game.price.separable(), _claims(game)
    sign = -1 if game.is_cost else 1
    whole, most, least = game.whole, sum(best, ZERO), sum(claims, ZERO)
    if any(sign * high < sign * low for high, low in zip(best, claims, strict=True)):
        return None
    if not sign * least <= sign * whole <= sign * most:
        return None
    part = (whole - least) / (most - least) if most != least else ZERO
    return [low + part * (high - low) for high, low in zip(best, claims, strict=True)]


def _claims(game: Game) -> list[Fraction]:
    """Return what each player can claim when all others are content with what they add."""
    if game.price.is_concave and game.is_cost:
        return game.alone
    values, unit = game.scaled_table()
    sign = -1 if game.is_cost else 1
    sums = [ZERO]
    for amount in game.price.separable():
        sums += [total + amount * unit for total in sums]
    best = [sign * (value - sum_) for value, sum_ in zip(values, sums, strict=True)]
    claims = []
    for player in range(len(game.players)):
        bit = 1 << player
        left = max(best[mask] for mask in range(len(best)) if mask & bit)
        claims.append(sign * left / unit + sums[bit] / unit)
    return claims


def equal_nonseparable(game: Game) -> list[Fraction]:
    """Return separable costs and an equal part of the rest (ENSC).

    Source: Moulin, International Journal of Game Theory 14 (1985) 141-147.
    """
    separable = game.price.separable()
    each = (game.whole - sum(separable, ZERO)) / len(separable)
    return [amount + each for amount in separable]


def remaining_benefits(game: Game) -> list[Fraction] | None:
    """Return separable costs and a part of the rest in proportion to remaining benefits (SCRB).

    A player's remaining benefit is what it would pay alone, or its benefit if that is less, above
    its separable cost. ``None`` if nobody has any though something is left to share.

    Source: Federal Inter-Agency River Basin Committee, "Proposed practices for economic analysis
    of river basin projects" (1950); Straffin & Heaney, International Journal of Game Theory 10
    (1981) 35-43.
    """
    alone = [
        min(cost, game.benefits.get(player, cost))
        for player, cost in zip(game.players, game.alone, strict=True)
    ]
    return _separable_and(game, alone)


def alternate_cost_avoided(game: Game) -> list[Fraction] | None:
    """Return separable costs and a part of the rest in proportion to what joining avoids (ACA).

    What joining avoids is the cost alone less the separable cost, whatever the benefit. ``None`` if
    nobody avoids anything though something is left to share.

    Source: Straffin & Heaney, International Journal of Game Theory 10 (1981) 35-43.
    """
    return _separable_and(game, game.alone)


def _separable_and(game: Game, alone: Sequence[Fraction]) -> list[Fraction] | None:
    separable = game.price.separable()
    remaining = [most - least for most, least in zip(alone, separable, strict=True)]
    whole, rest = sum(remaining, ZERO), game.whole - sum(separable, ZERO)
    if not whole:
        return None if rest else separable
    return [least + rest * part / whole for least, part in zip(separable, remaining, strict=True)]


def serial(game: Game) -> list[Fraction]:
    """Return serial cost shares: who asks for little is not made to pay for those who ask for much.

    Args:
        game: A game with demands, and a technology or a cost of the coalitions from which the cost
            of the quantities needed can be read.

    Raises:
        SplitError: A demand is missing or negative, or a quantity's cost is not known.

    Source: Moulin & Shenker, "Serial cost sharing", Econometrica 60 (1992) 1009-1037.

    >>> from libconsortium.core.games.games import Polynomial
    >>> from libconsortium.core.games.structured_games import Additive
    >>> square = Polynomial(coefficients=(ZERO, ZERO, Fraction(1)))
    >>> demands = {"a": Fraction(1), "b": Fraction(2), "c": Fraction(3)}
    >>> [int(share) for share in serial(Game(players=("a", "b", "c"), technology=square,
    ...     price=Additive(amounts=(ZERO,) * 3), demands=demands))]
    [3, 11, 22]
    """
    demands = [game.figure("demands", player) for player in game.players]
    if min(demands) < 0:
        raise SplitError(
            "the demand of {player!r} is negative",
            player=game.players[demands.index(min(demands))],
        )
    shares, share, before, content = [ZERO] * len(demands), ZERO, ZERO, ZERO
    left = len(demands)
    for demand, players in classes_of(demands).items():
        cost = _cost_of(game, demands, content + demand * left)
        share += (cost - before) / left
        before = cost
        for player in players:
            shares[player] = share
            content += demand
            left -= 1
    return shares


def _cost_of(game: Game, demands: Sequence[Fraction], quantity: Fraction) -> Fraction:
    if game.technology is not None:
        return game.technology.at(quantity)
    if len(demands) <= MOST_LISTED:
        sums = [ZERO]
        for demand in demands:
            sums += [total + demand for total in sums]
        if quantity in sums:
            mask = sums.index(quantity)
            return game.price.of([at for at in range(len(demands)) if mask >> at & 1])
    raise SplitError(
        "serial cost sharing needs the cost of the quantity {quantity}, which no coalition demands;"
        " give the cost as a function of the quantity",
        quantity=quantity,
    )
