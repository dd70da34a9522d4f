"""Whether anybody would be better off leaving: the core, the worst coalition, the least core."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import attrs

from libconsortium.core.errors import SplitError
from libconsortium.core.games.class_nucleolus import class_centre
from libconsortium.core.games.games import MOST_LISTED, ZERO, Game, GameShare, Label, Listed, Price
from libconsortium.core.games.nucleolus import listed_centre
from libconsortium.core.games.structured_games import Additive, ByCount, ByWeight
from libconsortium.core.games.worst_coalitions import worst_coalition
from libconsortium.core.messages import Message


@attrs.frozen(kw_only=True)
class Overcharge:
    """A player who pays more than alone.

    Args:
        player: Its name.
        share: What it pays (or gets).
        alone: What it would pay (or get) alone.
    """

    player: str
    share: Fraction
    alone: Fraction


@attrs.frozen(kw_only=True)
class Stability:
    """What can be said about shares of a game.

    Args:
        in_core: Whether the shares add up and no coalition gains by leaving; ``None`` if that is
            not known.
        coalition: The coalition that gains most by leaving; empty if none does, or none is known.
        gain: What it gains: negative if even the worst coalition would lose.
        least_core: The least that the worst coalition can be made to gain by any shares: the core
            is empty if it is above zero.
        overcharged: Who pays more than alone, in the order of the players.
        rest: What the shares lack to the whole; negative if they are too much.
        notes: What a reader should know.
    """

    in_core: bool | None
    coalition: tuple[str, ...]
    gain: GameShare
    least_core: GameShare
    overcharged: tuple[Overcharge, ...]
    rest: Fraction
    notes: tuple[Message, ...] = ()


def stability(game: Game, shares: Mapping[str, Fraction]) -> Stability:
    """Say whether anybody would be better off leaving.

    Args:
        game: What every coalition costs or is worth.
        shares: What each player pays or gets.

    Raises:
        SplitError: A player has no share, or a share is of nobody.

    Source: Gillies (1959) for the core; Maschler, Peleg & Shapley (1979) for the least core.

    >>> values = (Fraction(0), Fraction(3), Fraction(4), Fraction(5))
    >>> game = Game(players=("a", "b"), price=Listed(values=values))
    >>> found = stability(game, {"a": Fraction(1), "b": Fraction(4)})
    >>> found.in_core, found.coalition, found.gain.value, found.least_core.value
    (True, ('b',), Fraction(0, 1), Fraction(-1, 1))
    """
    _same_names(game, shares)
    cost = as_cost(game)
    sign = 1 if game.is_cost else -1
    paid = [sign * shares[player] for player in game.players]
    worst = worst_coalition(cost, paid)
    rest = game.whole - sum(shares.values(), ZERO)
    gain = between(worst.gain, worst.at_most)
    return Stability(
        in_core=_in_core(rest, worst.gain, worst.at_most),
        coalition=tuple(game.players[player] for player in worst.coalition),
        gain=gain,
        least_core=least_core(cost, worst.at_most if not rest else None),
        overcharged=tuple(_overcharged(game, shares)),
        rest=rest,
        notes=tuple(_notes(game, rest, worst.coalition)),
    )


def as_cost(game: Game) -> Price:
    """Return the price of a game of costs, or the worth of a game of gains with its sign turned."""
    if game.is_cost:
        return game.price
    if isinstance(game.price, ByWeight):
        return ByWeight(weights=game.price.weights, scale=game.price.scale.stretched(prices=-1))
    values, unit = game.scaled_table()
    return Listed(values=tuple(Fraction(-value, unit) for value in values))


def between(least: Fraction, most: Fraction) -> GameShare:
    """Return a figure known to lie between two others.

    >>> between(Fraction(1), Fraction(2)).bound
    Fraction(1, 2)
    """
    if least == most:
        return GameShare(value=least)
    middle = (least + most) / 2
    return GameShare(value=middle, label=Label.BOUNDED, bound=(most - least) / 2)


def least_core(cost: Price, known: Fraction | None = None) -> GameShare:
    """Return the least that the worst coalition can be made to gain, by any shares of the whole.

    Args:
        cost: What coalitions cost.
        known: What no coalition gains at some shares that add up; helps where no exact way is
            known.

    >>> two = ByCount(prices=(ZERO, Fraction(4), Fraction(5), Fraction(9)))
    >>> least_core(two).value  # any two of three save by leaving, whatever they pay
    Fraction(1, 1)
    """
    if cost.count == 1:
        return GameShare(value=ZERO)
    if isinstance(cost, ByCount):
        each = cost.prices[-1] / cost.count
        gains = (each * size - cost.prices[size] for size in range(1, cost.count))
        return GameShare(value=max(gains))
    if isinstance(cost, Additive):
        return GameShare(value=ZERO)
    shares = _centre(cost)
    if shares is not None:
        worst = worst_coalition(cost, shares)
        return between(worst.gain, worst.at_most)
    return _least_core_bounds(cost, known)


def _centre(cost: Price) -> tuple[Fraction, ...] | None:
    if cost.count <= MOST_LISTED:
        game = Game(players=tuple(map(str, range(cost.count))), price=cost)
        values, unit = game.scaled_table()
        shares = listed_centre([-value for value in values])
        return None if shares is None else tuple(-share / unit for share in shares)
    if isinstance(cost, ByWeight):
        shares = class_centre(cost.weights, cost.scale.stretched(prices=-1))
        return None if shares is None else tuple(-share for share in shares)
    return None


def _least_core_bounds(cost: Price, known: Fraction | None) -> GameShare:
    everybody = range(cost.count)
    whole = cost.of(everybody)
    alone = [cost.of([player]) for player in everybody]
    separable = cost.separable()
    without = [whole - amount for amount in separable]
    # Sums over coalitions that cover everybody equally often bound the gains from below.
    lows = [(whole - sum(alone, ZERO)) / cost.count]
    lows.append((sum(separable, ZERO) - whole) / cost.count)
    lows += [(whole - one - other) / 2 for one, other in zip(alone, without, strict=True)]
    highs = [known] if known is not None else []
    if cost.is_concave:
        highs.append(ZERO)  # the Shapley value lies in the core
    if not highs:
        each = whole / cost.count
        highs.append(worst_coalition(cost, [each] * cost.count).at_most)
    return between(max(lows), max(min(highs), *lows))


def _same_names(game: Game, shares: Mapping[str, Fraction]) -> None:
    for player in game.players:
        if player not in shares:
            raise SplitError("the player {player!r} has no share", player=player)
    for player in shares:
        if player not in game.players:
            raise SplitError("there is a share of {player!r}, who is no player", player=player)


def _in_core(rest: Fraction, gain: Fraction, at_most: Fraction) -> bool | None:
    if rest or gain > 0:
        return False
    return True if at_most <= 0 else None


def _overcharged(game: Game, shares: Mapping[str, Fraction]) -> list[Overcharge]:
    sign = 1 if game.is_cost else -1
    return [
        Overcharge(player=player, share=shares[player], alone=alone)
        for player, alone in zip(game.players, game.alone, strict=True)
        if sign * shares[player] > sign * alone
    ]


def _notes(game: Game, rest: Fraction, coalition: tuple[int, ...]) -> list[Message]:
    notes = []
    if rest:
        notes.append(
            Message(
                "the shares add up to {paid}, the whole is {whole}: shares in the core add up",
                paid=game.whole - rest,
                whole=game.whole,
            )
        )
    if not coalition and len(game.players) > 1:
        notes.append(Message("no coalition gains by leaving"))
    return notes
