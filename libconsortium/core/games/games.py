"""Cooperative games: what every coalition of players costs or is worth, exactly.

A coalition is a set of players' numbers (0, 1, …); where all coalitions are listed, the position
in the list is the coalition as a binary number, player 0 being the lowest digit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import lcm

import attrs

from libconsortium.core.buying.scales import Scale
from libconsortium.core.errors import SplitError
from libconsortium.core.messages import Message

ZERO = Fraction(0)

MOST_LISTED = 20
"""The most players for whom all coalitions are looked at one by one."""


class Label(StrEnum):
    """How far a figure can be trusted."""

    EXACT = "exact"
    BOUNDED = "bounded"
    ESTIMATED = "estimated"


@attrs.frozen(kw_only=True)
class GameShare:
    """One player's share of a game.

    Args:
        value: The share.
        label: ``exact``; ``bounded`` when it lies within ``bound`` of the value for certain;
            ``estimated`` when it lies in ``interval`` with 95 % confidence.
        bound: The most that the value can be wrong by, or ``None``.
        interval: A confidence interval, or ``None``.
    """

    value: Fraction
    label: Label = Label.EXACT
    bound: Fraction | None = None
    interval: tuple[Fraction, Fraction] | None = None


@attrs.frozen(kw_only=True)
class Solved:
    """What a solution says about a game.

    Args:
        shares: One share a player; empty where the solution does not exist for this game, and
            then the notes say why.
        method: The way it was computed, in words.
        notes: What a reader should know about the shares.
        epsilon: What the worst coalition gains by leaving at these shares, where the solution is
            defined by it (least core); negative where every coalition would lose.
    """

    shares: Mapping[str, GameShare]
    method: Message
    notes: tuple[Message, ...] = ()
    epsilon: Fraction | None = None


class Price:
    """What a coalition costs; each kind of price knows its own short cuts.

    Subclasses are records with a field or property ``count``, the number of players.
    """

    __slots__ = ()

    count: int

    def of(self, coalition: Collection[int]) -> Fraction:
        """Return what the players of these numbers cost together; nobody costs nothing."""
        raise NotImplementedError

    def table(self) -> list[Fraction]:
        """Return the cost of every coalition, by its binary number."""
        return [self.of(members_of(mask)) for mask in range(1 << self.count)]

    def marginals(self, order: Sequence[int]) -> list[Fraction]:
        """Return what each player adds when they come in this order, in the order given."""
        costs = [self.of(order[:come]) for come in range(len(order) + 1)]
        return [after - before for before, after in pairwise(costs)]

    def separable(self) -> list[Fraction]:
        """Return what each player adds to all the others."""
        everybody = range(self.count)
        whole = self.of(everybody)
        return [
            whole - self.of([other for other in everybody if other != player])
            for player in everybody
        ]

    @property
    def is_concave(self) -> bool:
        """Whether a player is known never to add more to a larger coalition than to a smaller."""
        return False


def _all_coalitions(_: object, __: object, values: tuple[Fraction, ...]) -> None:
    if len(values) < 2 or len(values) & (len(values) - 1):  # noqa: PLR2004 - 2 to the power n
        raise SplitError("a game of n players has 2 to the power n values, got {n}", n=len(values))
    if values[0]:
        raise SplitError("the empty coalition is worth nothing, got {value}", value=values[0])


@attrs.frozen(kw_only=True)
class Listed(Price):
    """A cost given for every coalition.

    Args:
        values: The costs by the coalitions' binary numbers, the empty one's (0) first.

    Raises:
        SplitError: The number of values is no power of two, or the empty coalition costs something.

    >>> Listed(values=(Fraction(0), Fraction(3), Fraction(4), Fraction(5))).of([0, 1])
    Fraction(5, 1)
    """

    values: tuple[Fraction, ...] = attrs.field(validator=_all_coalitions)

    @property
    def count(self) -> int:  # type: ignore[override] # follows from the values
        """The number of players."""
        return len(self.values).bit_length() - 1

    def of(self, coalition: Collection[int]) -> Fraction:
        """Return what the players of these numbers cost together."""
        return self.values[mask_of(coalition)]

    def table(self) -> list[Fraction]:
        """Return the cost of every coalition."""
        return list(self.values)


def check_players(players: tuple[str, ...]) -> None:
    """Refuse players who are none, or are named twice.

    Raises:
        SplitError: They are.
    """
    if not players:
        raise SplitError("a game needs at least one player")
    if len(set(players)) != len(players):
        twice = sorted(player for player in players if players.count(player) > 1)
        raise SplitError("the player {player!r} is named twice", player=twice[0])


def _checked(_: object, __: object, players: tuple[str, ...]) -> None:
    check_players(players)


@attrs.frozen(kw_only=True)
class Game:
    """Players, and what each coalition of them costs or is worth.

    Args:
        players: Names, each once.
        price: What coalitions cost, or are worth where ``is_cost`` is false.
        is_cost: Whether less is better.
        weights: Weights of the players, for solutions that need them; may be empty.
        unions: Groups of players who negotiate as one; may be empty. A player in none is alone.
        demands: What each player asks for, for serial cost sharing; may be empty.
        technology: What a total demand costs; ``None`` if that is not known.
        benefits: What each player gains from the thing itself, at most what it would pay alone;
            empty if that is not known.

    Raises:
        SplitError: There is no player, one is named twice, or the price is for another number.

    >>> values = (Fraction(0), Fraction(3), Fraction(4), Fraction(5))
    >>> Game(players=("a", "b"), price=Listed(values=values)).whole
    Fraction(5, 1)
    """

    players: tuple[str, ...] = attrs.field(validator=_checked)
    price: Price
    is_cost: bool = True
    weights: Mapping[str, Fraction] = attrs.field(factory=dict)
    unions: tuple[tuple[str, ...], ...] = ()
    demands: Mapping[str, Fraction] = attrs.field(factory=dict)
    technology: Scale | Polynomial | None = None
    benefits: Mapping[str, Fraction] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Refuse a price for another number of players, and names that are no players."""
        if self.price.count != len(self.players):
            raise SplitError(
                "the price is for {count} players, the game has {players}",
                count=self.price.count,
                players=len(self.players),
            )
        named = [name for union in self.unions for name in union]
        for name in [*self.weights, *self.demands, *self.benefits, *named]:
            if name not in self.players:
                raise SplitError("{name!r} is not a player of the game", name=name)

    @property
    def whole(self) -> Fraction:
        """What all players cost, or are worth, together."""
        return self.price.of(range(len(self.players)))

    @property
    def alone(self) -> list[Fraction]:
        """What each player costs, or is worth, alone."""
        return [self.price.of([player]) for player in range(len(self.players))]

    def figure(self, of: str, player: str) -> Fraction:
        """Return a player's weight, demand or benefit.

        Args:
            of: ``weights``, ``demands`` or ``benefits``.
            player: The player's name.

        Raises:
            SplitError: There is none.
        """
        figures: Mapping[str, Fraction] = getattr(self, of)
        if player not in figures:
            raise SplitError(
                "the player {player!r} has no figure among the {figures!r}",
                player=player,
                figures=of,
            )
        return figures[player]

    def scaled_table(self) -> tuple[list[int], int]:
        """Return the value of every coalition as whole numbers, and what they are multiplied by.

        Raises:
            SplitError: There are too many players to look at every coalition.
        """
        if len(self.players) > MOST_LISTED:
            raise SplitError(
                "with {count} players there are too many coalitions to look at one by one (the"
                " most is {most} players), and the price has no structure that would help",
                count=len(self.players),
                most=MOST_LISTED,
            )
        values = self.price.table()
        unit = lcm(*(value.denominator for value in values))
        return [value.numerator * (unit // value.denominator) for value in values], unit

    def shared(self, values: Iterable[Fraction]) -> dict[str, GameShare]:
        """Return exact shares of the players in their order."""
        named = zip(self.players, values, strict=True)
        return {player: GameShare(value=value) for player, value in named}


@attrs.frozen(kw_only=True)
class Polynomial:
    """A cost that is a polynomial of the quantity.

    Args:
        coefficients: Those of the powers 0, 1, 2…

    >>> Polynomial(coefficients=(Fraction(0), Fraction(0), Fraction(1))).at(Fraction(3))
    Fraction(9, 1)
    """

    coefficients: tuple[Fraction, ...]

    def at(self, quantity: Fraction) -> Fraction:
        """Return the cost of a quantity; none costs nothing."""
        total = ZERO
        for coefficient in reversed(self.coefficients):
            total = total * quantity + coefficient
        return total if quantity else ZERO


def members_of(mask: int) -> tuple[int, ...]:
    """Return the players of a coalition given as a binary number.

    >>> members_of(0b1010)
    (1, 3)
    """
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return tuple(found)


def mask_of(coalition: Iterable[int]) -> int:
    """Return the binary number of a coalition.

    >>> bin(mask_of([1, 3]))
    '0b1010'
    """
    mask = 0
    for player in coalition:
        mask |= 1 << player
    return mask
