"""Mixes the members' shares of an amount from a policy's cost models, exactly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

import attrs

from libconsortium.core.costs import CostGame, ExactShare, Step, written
from libconsortium.core.errors import SplitError
from libconsortium.core.messages import Message
from libconsortium.core.money import Money
from libconsortium.core.policies import PROPORTIONAL, MixTerm, prepared
from libconsortium.core.splits import SplitRequest

Model = Callable[[CostGame], Mapping[str, ExactShare]]
Claims = Callable[[Fraction, Mapping[str, Fraction]], Mapping[str, Fraction]]

ZERO = Fraction(0)

_PART = Message("the member's part by the policy")


@attrs.frozen(kw_only=True)
class Stage:
    """Exact shares after one stage of a split, and how each came about.

    Args:
        values: Exact minor units by member.
        steps: The step behind each share; none where the stage left it alone.
        hits: Names of the limits that hold a share, if the stage is about limits.
    """

    values: Mapping[str, Fraction]
    steps: Mapping[str, Step]
    hits: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)


def after_sponsor(
    request: SplitRequest, rest: Money, models: Mapping[str, Model], claims: Mapping[str, Claims]
) -> Stage:
    """Share what the sponsor leaves.

    A sponsor's money divided in proportion lowers all shares alike, so the rest is shared at once.
    Any other rule looks at the shares of the whole bill first.

    Args:
        request: The bill, the members, their figures and the policy.
        rest: What the members pay together.
        models: The cost models the policy names, and ``proportional`` for its drivers.
        claims: The claims rule by which the sponsor's money is divided, if not proportional.

    Raises:
        SplitError: A figure is missing, or a model's shares do not add up.
    """
    rule = request.policy.sponsor
    if rule is None or rule.by == PROPORTIONAL:
        return _mixed(request, Fraction(rest.minor), models)
    gross = _mixed(request, Fraction(request.bill.amount.minor), models)
    estate = Fraction(request.bill.amount.minor - rest.minor)
    awards = claims[rule.by](estate, gross.values)
    _check(rule.by, awards, request.members, estate)
    net = {member: gross.values[member] - awards[member] for member in request.members}
    steps = {
        member: Step(
            what=Message("less the sponsor's money, divided by {rule!r}", rule=rule.by),
            value=net[member],
            formula=f"{written(gross.values[member])} - {written(awards[member])}",
            part=net[member] / rest.minor if rest.minor else None,
            parts=(gross.steps[member],),
        )
        for member in request.members
    }
    return Stage(values=net, steps=steps)


def _mixed(request: SplitRequest, amount: Fraction, models: Mapping[str, Model]) -> Stage:
    policy = request.policy
    drivers = prepared(policy.drivers, request.drivers)
    whole = sum((term.weight for term in policy.mix), ZERO)
    terms = []
    for term in policy.mix:
        is_driver = term.by in policy.drivers
        given = {"driver": term.by} if is_driver else {}
        game = CostGame(
            amount=amount * term.weight / whole,
            members=request.members,
            drivers=drivers,
            parameters={**term.parameters, **given},
        )
        model = models[PROPORTIONAL if is_driver else term.by]
        terms.append(_term(term, term.weight / whole, model(game), game))
    steps = {member: _sum([term[member] for term in terms], amount) for member in request.members}
    return Stage(values={member: step.value for member, step in steps.items()}, steps=steps)


def _sum(parts: list[Step], amount: Fraction) -> Step:
    value = sum((part.value for part in parts), ZERO)
    return Step(
        what=_PART,
        value=value,
        formula=" + ".join(part.formula for part in parts),
        part=value / amount if amount else None,
        parts=tuple(parts),
    )


def _term(
    term: MixTerm, weight: Fraction, shares: Mapping[str, ExactShare], game: CostGame
) -> dict[str, Step]:
    values = {member: share.value for member, share in shares.items()}
    _check(term.by, values, game.members, game.amount)
    what = Message("{weight} by {by!r}", weight=weight, by=term.by)
    percent = f"{written(weight * 100)}%"
    return {
        member: Step(
            what=what,
            value=share.value,
            formula=f"{percent} * {_factor(share, game.amount)}",
            part=share.value / game.amount * weight if game.amount else None,
            parts=(share.working,),
        )
        for member, share in shares.items()
    }


def _factor(share: ExactShare, amount: Fraction) -> str:
    """Return the share of a model as something that can be multiplied: ``1/4``."""
    formula = share.working.formula
    if not formula:
        return written(share.value / amount if amount else ZERO)
    return f"({formula})" if any(sign in formula for sign in "+- ") else formula


def _check(
    name: str, values: Mapping[str, Fraction], members: tuple[str, ...], amount: Fraction
) -> None:
    if set(values) != set(members):
        raise SplitError(
            "{name!r} does not give exactly one share to each member: {odd}",
            name=name,
            odd=", ".join(sorted(set(values) ^ set(members))),
        )
    if not all(isinstance(value, Fraction | int) for value in values.values()):
        raise SplitError("the shares of {name!r} are not exact numbers", name=name)
    whole = sum(values.values(), ZERO)
    if whole != amount:
        raise SplitError(
            "the shares of {name!r} add up to {whole}, not to {amount}",
            name=name,
            whole=whole,
            amount=amount,
        )
