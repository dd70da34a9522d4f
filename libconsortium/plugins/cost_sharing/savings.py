"""Divides by what members would pay alone: the saving is shared, not the cost.

Source: Anderson, "Group purchases of electronic resources", College & Research Libraries 67(2)
2006, 123-135.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from libconsortium import CostGame, ExactShare, Limit, Message, SplitError, Step, clamped, written

ALONE = "standalone"
ZERO = Fraction(0)


def proportional_savings(game: CostGame) -> Mapping[str, ExactShare]:
    """Let everybody save the same percentage of its price of buying alone.

    Args:
        game: Its parameter ``driver`` names the prices of buying alone; ``standalone`` if it is
            not given.

    Raises:
        SplitError: A member has no price of buying alone.

    >>> alone = {"standalone": {"a": Fraction(60), "b": Fraction(40)}}
    >>> game = CostGame(amount=Fraction(80), members=("a", "b"), drivers=alone)
    >>> proportional_savings(game)["a"].value
    Fraction(48, 1)
    """
    prices = game.driver(_alone(game))
    return game.in_proportion(
        prices, Message("everybody saves the same percentage of buying alone")
    )


def equal_savings(game: CostGame) -> dict[str, ExactShare]:
    """Let everybody save the same sum against buying alone, but nobody pay less than nothing.

    Where buying together costs more than alone, everybody pays the same sum more.

    Args:
        game: Its parameter ``driver`` names the prices of buying alone, in major units.

    Raises:
        SplitError: A member has no price of buying alone.

    >>> alone = {"standalone": {"a": Fraction(60), "b": Fraction(40)}}
    >>> shares = equal_savings(CostGame(amount=Fraction(80), members=("a", "b"), drivers=alone))
    >>> shares["a"].value, shares["a"].working.formula
    (Fraction(50, 1), '(60 - 10)/80')
    """
    prices = _prices(game)
    saving = sum(prices.values(), ZERO) - game.amount
    equal = dict.fromkeys(game.members, Fraction(1))
    if saving < 0:
        savings = {member: saving / len(prices) for member in game.members}
    else:
        most = {member: Limit(high=price) for member, price in prices.items()}
        savings = clamped(saving, equal, most)
    what = Message("everybody saves the same sum against buying alone")
    return _less(game, prices, savings, what)


def separable_costs(game: CostGame) -> dict[str, ExactShare]:
    """Let everybody pay the cost it adds, and share the rest by what is left of its benefit.

    What a member adds is the parameter ``separable``, a driver in major units: the price for all
    less the price without the member. Its remaining benefit is its price of buying alone less
    that.

    Args:
        game: Its parameter ``driver`` names the prices of buying alone, in major units.

    Raises:
        SplitError: A figure is missing, what members add comes to more than the amount, or a
            member adds more than it would pay alone.

    Source: Straffin & Heaney, International Journal of Game Theory 10 (1981) 35-43.

    >>> figures = {
    ...     "standalone": {"a": Fraction(60), "b": Fraction(40)},
    ...     "adds": {"a": Fraction(40), "b": Fraction(20)},
    ... }
    >>> game = CostGame(
    ...     amount=Fraction(80),
    ...     members=("a", "b"),
    ...     drivers=figures,
    ...     parameters={"separable": "adds"},
    ... )
    >>> separable_costs(game)["a"].value
    Fraction(50, 1)
    """
    named = game.parameters.get("separable")
    if not isinstance(named, str):
        raise SplitError(
            "the model 'separable-costs' needs the driver of what each member adds:"
            ' parameters = {{ separable = "adds" }}'
        )
    prices = _prices(game)
    adds = {member: figure * game.major for member, figure in game.driver(named).items()}
    rest = game.amount - sum(adds.values(), ZERO)
    benefits = {member: prices[member] - adds[member] for member in game.members}
    whole = sum(benefits.values(), ZERO)
    if rest < 0 or min(benefits.values()) < 0 or (rest and not whole):
        raise SplitError(
            "what the members add ({added}) is more than the amount, or than what one of them pays"
            " alone; nothing is left to share by benefit",
            added=sum(adds.values(), ZERO),
        )
    what = Message("what the member adds, and its part of the rest by its remaining benefit")
    values = {
        member: adds[member] + (rest * benefits[member] / whole if whole else ZERO)
        for member in game.members
    }
    return {
        member: _share(
            what,
            values[member],
            game.amount,
            f"({written(adds[member])} + {written(values[member] - adds[member])})",
        )
        for member in game.members
    }


def _alone(game: CostGame) -> str:
    return str(game.parameters.get("driver", ALONE))


def _prices(game: CostGame) -> dict[str, Fraction]:
    return {member: price * game.major for member, price in game.driver(_alone(game)).items()}


def _less(
    game: CostGame,
    prices: Mapping[str, Fraction],
    savings: Mapping[str, Fraction],
    what: Message,
) -> dict[str, ExactShare]:
    return {
        member: _share(
            what,
            prices[member] - savings[member],
            game.amount,
            f"({written(prices[member])} - {written(savings[member])})"
            if savings[member] >= 0
            else f"({written(prices[member])} + {written(-savings[member])})",
        )
        for member in game.members
    }


def _share(what: Message, value: Fraction, amount: Fraction, above: str) -> ExactShare:
    """Return a share whose formula is its part of the amount."""
    formula = f"{above}/{written(amount)}" if amount else ""
    part = value / amount if amount else None
    return ExactShare(value=value, working=Step(what=what, value=value, formula=formula, part=part))
