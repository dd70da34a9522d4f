"""Divides each package or title over those who take it, and a bill by what members have bid."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from libconsortium import CostGame, ExactShare, Message, SplitError, Step, written
from libconsortium.plugins.cost_sharing.models import figures_in

TAKES = "takes:"
ZERO = Fraction(0)


def item_split(game: CostGame) -> dict[str, ExactShare]:
    """Divide every item over its takers: equally, or by how much each of them takes.

    The parameter ``prices`` is a table of items and what each costs; the amount is divided over
    the items in proportion to their prices, so they need not add up to it. The figures
    ``takes:ITEM`` say who takes an item: 1 for who does, 0 for who does not, other figures for
    weights. The parameter ``by`` names a driver instead, by which the takers share.

    Raises:
        SplitError: There are no prices, a figure is missing, or nobody takes an item.

    Source: the rule of HathiTrust for works in copyright (hathitrust.org/join/cost-fees). Divided
    equally it is the Shapley value of the game in which a group pays for what its members take.

    >>> takes = {
    ...     "takes:p1": {"a": Fraction(1), "b": Fraction(1)},
    ...     "takes:p2": {"a": Fraction(1), "b": Fraction(0)},
    ... }
    >>> game = CostGame(
    ...     amount=Fraction(130),
    ...     members=("a", "b"),
    ...     drivers=takes,
    ...     parameters={"prices": {"p1": 90, "p2": 40}},
    ... )
    >>> shares = item_split(game)
    >>> shares["a"].value, shares["a"].working.formula
    (Fraction(85, 1), '(90/130 * 1/2 + 40/130 * 1/1)')
    """
    prices = figures_in(game.parameters, "prices")
    whole = sum(prices.values(), ZERO)
    if whole <= 0 or min(prices.values()) < 0:
        raise SplitError("prices of items are not negative, and at least one is above zero")
    by = _by(game)
    parts: dict[str, list[Step]] = {member: [] for member in game.members}
    for item, price in prices.items():
        takes = _takers(game, item, by)
        above, taken = game.amount * price / whole, sum(takes.values(), ZERO)
        what = Message("{item}: over those who take it", item=item)
        head = f"{written(price)}/{written(whole)}"
        for member, weight in takes.items():
            if weight:
                step = Step(
                    what=what,
                    value=above * weight / taken,
                    formula=f"{head} * {written(weight)}/{written(taken)}",
                    part=price / whole * weight / taken,
                )
                parts[member].append(step)
    return {member: _together(steps) for member, steps in parts.items()}


def _by(game: CostGame) -> Mapping[str, Fraction] | None:
    named = game.parameters.get("by")
    return game.driver(named) if isinstance(named, str) else None


def _takers(game: CostGame, item: str, by: Mapping[str, Fraction] | None) -> dict[str, Fraction]:
    name = f"{TAKES}{item}"
    if not any(game.drivers.get(name, {}).get(member, ZERO) for member in game.members):
        raise SplitError(
            "nobody takes {item!r}; leave it out of the prices, or give the takers a figure for"
            " {name!r}",
            item=item,
            name=name,
        )
    takes = {member: game.drivers[name].get(member, ZERO) for member in game.members}
    if by is None:
        return takes
    weighted = {member: by[member] if takes[member] else ZERO for member in game.members}
    if not any(weighted.values()):
        raise SplitError("all who take {item!r} have a figure of zero", item=item)
    return weighted


def _together(steps: list[Step]) -> ExactShare:
    value = sum((step.value for step in steps), ZERO)
    formula = " + ".join(step.formula for step in steps)
    working = Step(
        what=Message("each item over those who take it"),
        value=value,
        formula=f"({formula})" if formula else "0",
        part=sum((step.part for step in steps if step.part is not None), ZERO),
        parts=tuple(steps),
    )
    return ExactShare(value=value, working=working)


def bids(game: CostGame) -> Mapping[str, ExactShare]:
    """Accept bids if they come to the amount, and lower them all by the same percentage.

    The parameter ``driver`` names the bids, in major units of the currency; ``bid`` if it is not
    given.

    Raises:
        SplitError: The bids come to less than the amount; the message names the gap.

    Source: Anderson's update of 2010 on voluntary bids, known to us in excerpt only.

    >>> offered = {"bid": {"a": Fraction(60), "b": Fraction(40)}}
    >>> bids(CostGame(amount=Fraction(80), members=("a", "b"), drivers=offered))["a"].value
    Fraction(48, 1)
    """
    given = game.driver(str(game.parameters.get("driver", "bid")))
    together = sum(given.values(), ZERO) * game.major
    if together < game.amount:
        raise SplitError(
            "the bids come to {together}, the amount to {amount}; {gap} is missing (all in minor"
            " units): ask for higher bids, or more members",
            together=written(together),
            amount=written(game.amount),
            gap=written(game.amount - together),
        )
    return game.in_proportion(given, Message("by bids that come to enough, lowered alike"))
