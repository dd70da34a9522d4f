"""The nucleolus and its kin: who complains most is made content first."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from importlib.util import find_spec
from typing import NamedTuple

from libconsortium.core.errors import SplitError
from libconsortium.core.games.class_nucleolus import class_centre
from libconsortium.core.games.games import MOST_LISTED, ZERO, Game, Solved
from libconsortium.core.games.nucleolus import Need, by_itself, listed_centre, per_member, per_value
from libconsortium.core.games.runways import runway_nucleolus
from libconsortium.core.games.stability import as_cost
from libconsortium.core.games.structured_games import Additive, ByCount, ByWeight, Maximum
from libconsortium.core.games.worst_coalitions import worst_coalition
from libconsortium.core.messages import Message
from libconsortium.game_steps.weight_arrays import short_open_by_arrays

_MOST_WORK_BY_ARRAYS = 30_000_000


class Centre(NamedTuple):
    """A kind of nucleolus.

    Args:
        need: What part of the level a coalition gets.
        nobody_below_alone: Whether only shares are looked at that no player alone refuses.
        says_epsilon: Whether the level itself is told: the least core.
    """

    need: Need
    nobody_below_alone: bool = False
    says_epsilon: bool = False


NUCLEOLUS = Centre(by_itself, nobody_below_alone=True)
PRENUCLEOLUS = Centre(by_itself)
PER_CAPITA_NUCLEOLUS = Centre(per_member, nobody_below_alone=True)
PROPORTIONAL_NUCLEOLUS = Centre(per_value, nobody_below_alone=True)
LEAST_CORE = Centre(by_itself, says_epsilon=True)
WEAK_LEAST_CORE = Centre(per_member, says_epsilon=True)
PROPORTIONAL_LEAST_CORE = Centre(per_value, says_epsilon=True)


def solve_centre(game: Game, centre: Centre = NUCLEOLUS) -> Solved:
    """Return the nucleolus or one of its kin: nobody's complaint can be lowered further.

    Args:
        game: The game.
        centre: Which of them.

    Raises:
        SplitError: There are too many players and the price has no structure that would help.

    >>> from libconsortium.core.games.games import Listed
    >>> values = tuple(Fraction(value) for value in (0, -1, 0, 3, 1, 4, 2, 5))
    >>> game = Game(players=("a", "b", "c"), price=Listed(values=values), is_cost=False)
    >>> str(solve_centre(game).shares["a"].value)
    '8/3'
    """
    if centre.nobody_below_alone and not _has_imputations(game):
        return Solved(
            shares={},
            method=Message("sums of the players' values alone"),
            notes=(
                Message(
                    "there is no way to share the whole so that everybody is as well off as alone,"
                    " so there is no nucleolus; the prenucleolus does not ask for that"
                ),
            ),
        )
    values, method = _centred(game, centre)
    if values is None:
        note = Message("no single way to share the whole follows from this rule for this game")
        return Solved(shares={}, method=method, notes=(note,))
    sign = -1 if game.is_cost else 1
    shares = [sign * value for value in values]
    epsilon, notes = None, []
    if centre.says_epsilon:
        epsilon = _level(game, shares, centre.need)
        if epsilon is not None:
            notes.append(Message("the least core's ε is {epsilon}", epsilon=epsilon))
        notes.append(Message("of the least core, its nucleolus is given; others may lie in it too"))
    return Solved(shares=game.shared(shares), method=method, notes=tuple(notes), epsilon=epsilon)


def _has_imputations(game: Game) -> bool:
    alone = sum(game.alone, ZERO)
    return alone >= game.whole if game.is_cost else alone <= game.whole


def _centred(game: Game, centre: Centre) -> tuple[Sequence[Fraction] | None, Message]:
    """Return the shares as worths."""
    cost = as_cost(game)
    if isinstance(cost, Additive):
        return [-amount for amount in cost.amounts], Message("everybody's own sum")
    if isinstance(cost, ByCount):
        each = -cost.prices[-1] / cost.count
        return [each] * cost.count, Message("the same for everybody: only the number counts")
    if isinstance(cost, Maximum) and centre.need is by_itself:
        how = Message("needs in rising order, the step that leaves least to each settled first")
        return [-share for share in runway_nucleolus(cost.needs)], how
    if cost.count > MOST_LISTED and isinstance(cost, ByWeight):
        found = _by_classes(cost, centre)
        if found is not None:
            return found, Message("linear programs over players of one weight, in exact numbers")
        raise SplitError(
            "with {count} players of so many different weights the nucleolus takes too long; round"
            " the weights to a few bands",
            count=cost.count,
        )
    values, unit = game.scaled_table()
    sign = -1 if game.is_cost else 1
    worths = [sign * value for value in values]
    shares = listed_centre(worths, centre.need, nobody_below_alone=centre.nobody_below_alone)
    method = Message("linear programs over all coalitions, in exact numbers")
    return None if shares is None else [share / unit for share in shares], method


def _by_classes(cost: ByWeight, centre: Centre) -> tuple[Fraction, ...] | None:
    worth = cost.scale.stretched(prices=-1)
    above_alone = centre.nobody_below_alone
    if find_spec("numpy") is None:
        return class_centre(cost.weights, worth, centre.need, nobody_below_alone=above_alone)
    return class_centre(
        cost.weights,
        worth,
        centre.need,
        nobody_below_alone=above_alone,
        best=short_open_by_arrays,
        most_work=_MOST_WORK_BY_ARRAYS,
    )


def _level(game: Game, shares: Sequence[Fraction], need: Need) -> Fraction | None:
    """Return what the worst coalition gains by leaving, for each unit of its need."""
    cost = as_cost(game)
    sign = 1 if game.is_cost else -1
    paid = [sign * share for share in shares]
    if cost.count == 1:
        return ZERO
    if cost.count > MOST_LISTED:
        worst = worst_coalition(cost, paid)
        return worst.gain if need is by_itself and worst.gain == worst.at_most else None
    sums = [ZERO]
    for share in paid:
        sums += [total + share for total in sums]
    table = cost.table()
    needs = [need(mask.bit_count(), 1) for mask in range(len(table))]
    if need is per_value:
        parts: list[Fraction] = [abs(value) for value in table]
    else:
        parts = [Fraction(one) for one in needs]
    proper = range(1, len(table) - 1)
    return max(
        ((sums[mask] - table[mask]) / parts[mask] for mask in proper if parts[mask]), default=None
    )
