"""Divides a bill by a policy: sponsor, mixture, limits, rounding, in this order."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from libconsortium.core.bounds import bounds, too_little, too_much
from libconsortium.core.costs import Step
from libconsortium.core.errors import SplitError
from libconsortium.core.limits import NO_LIMIT, ZERO, Limit, level, reach
from libconsortium.core.messages import Message
from libconsortium.core.mixing import Claims, Model, Stage, after_sponsor
from libconsortium.core.money import Money
from libconsortium.core.policies import SPONSOR, Policy, sponsor_part
from libconsortium.core.rounding import Rounded, rounded
from libconsortium.core.splits import Share, Split, SplitRequest

_WHY = {
    "floor": Message("held at the floor, the least that anybody pays"),
    "fall": Message("held at the least that the limit on falls allows"),
    "ceiling": Message("held at the ceiling, the most that anybody pays"),
    "rise": Message("held at the most that the limit on rises allows"),
    "standalone": Message("held at the price of buying alone"),
}


def divide(
    request: SplitRequest, models: Mapping[str, Model], claims: Mapping[str, Claims]
) -> Split:
    """Divide a bill by its policy.

    Args:
        request: The bill, the members, their figures and the policy.
        models: The cost models the policy names, and ``proportional`` for its drivers.
        claims: The claims rule by which a sponsor's money is divided, if it is not proportional.

    Raises:
        SplitError: A figure is missing or of no use; the message names the member.
        InfeasibleError: The limits leave no way to pay the bill.
    """
    bill = request.bill.amount
    sponsor = sponsor_part(request.policy, bill)
    rest = bill - sponsor
    opening = Step(
        what=Message(
            "the bill is {bill}, the sponsor pays {sponsor}, the members share {rest}",
            bill=bill,
            sponsor=sponsor,
            rest=rest,
        ),
        value=Fraction(rest.minor),
        formula=f"{bill.minor} - {sponsor.minor}",
    )
    mixed = after_sponsor(request, rest, models, claims)
    limits = bounds(request)
    limited = _limited(request, rest, mixed, limits)
    whole = _rounded(request.policy, rest, limited, limits)
    sponsor, others = _parties(request.policy, rest, sponsor, limited, whole)
    shares = {
        member: _share(member, opening, (mixed, limited), minor, bill.currency)
        for member, minor in whole.amounts.items()
    }
    return Split(
        bill=request.bill,
        shares=shares,
        sponsor=sponsor,
        others=others,
        policy=request.policy.name,
        unit=request.policy.rounding.unit,
        input_hash=request.hash(),
    )


def _limited(
    request: SplitRequest, rest: Money, mixed: Stage, limits: Mapping[str, Limit]
) -> Stage:
    values = mixed.values
    if all(limits.get(member, NO_LIMIT).held(value) == value for member, value in values.items()):
        return Stage(values=values, steps={})
    at = level(_payable(request, rest, values, limits), values, limits)
    held = {member: limits[member].held(at * value) for member, value in values.items()}
    hits = {member: _hit(limits[member], at * value) for member, value in values.items()}
    on_others = Message(
        "{count} members are at a limit; every other share is multiplied by {factor}",
        count=sum(map(bool, hits.values())),
        factor=at,
    )
    steps = {
        member: Step(what=_WHY[hits[member][0]] if hits[member] else on_others, value=value)
        for member, value in held.items()
        if value != values[member]
    }
    return Stage(values=held, steps=steps, hits=hits)


def _payable(
    request: SplitRequest, rest: Money, values: Mapping[str, Fraction], limits: Mapping[str, Limit]
) -> Fraction:
    """Return what the members pay together: their part, or as near as an absorber lets them."""
    least, most = reach(values, limits)
    amount = Fraction(rest.minor)
    absorbed = bool(request.policy.limits and request.policy.limits.absorber)
    if least > amount and not absorbed:
        raise too_much(request, rest, least)
    if most is not None and most < amount and not absorbed:
        raise too_little(request, rest, most, values)
    return max(least, amount if most is None else min(amount, most))


def _hit(limit: Limit, wanted: Fraction) -> tuple[str, ...]:
    if limit.high is not None and wanted >= limit.high:
        return (limit.high_from,)
    return (limit.low_from,) if limit.low_from and wanted <= limit.low else ()


def _rounded(policy: Policy, rest: Money, limited: Stage, limits: Mapping[str, Limit]) -> Rounded:
    return rounded(
        rest.minor,
        limited.values,
        limits,
        unit=policy.rounding.unit,
        leftover_has_payer=bool(policy.rounding.remainder or _absorber(policy)),
    )


def _absorber(policy: Policy) -> str:
    return policy.limits.absorber if policy.limits else ""


def _parties(
    policy: Policy, rest: Money, sponsor: Money, limited: Stage, whole: Rounded
) -> tuple[Money, dict[str, Money]]:
    """Return what the sponsor and other parties pay after limits and rounding."""
    left = Money(whole.left, rest.currency)
    is_absorbed = sum(limited.values.values(), ZERO) != rest.minor
    absorber = _absorber(policy)
    payer = absorber if is_absorbed else policy.rounding.remainder or absorber
    if payer != SPONSOR:
        return sponsor, {payer: left} if left.minor else {}
    if (sponsor + left).minor < 0:
        raise SplitError(
            "the members pay {surplus} more than their part, which the sponsor's {sponsor} cannot"
            " be lowered by; name another absorber",
            surplus=-left,
            sponsor=sponsor,
        )
    return sponsor + left, {}


def _share(
    member: str, opening: Step, stages: tuple[Stage, Stage], minor: int, currency: str
) -> Share:
    mixed, limited = stages
    amount = Money(minor, currency)
    last = Step(
        what=Message("rounded to {amount}", amount=amount),
        value=Fraction(minor),
    )
    held = (limited.steps[member],) if member in limited.steps else ()
    working = Step(
        what=Message("{member} pays {amount}", member=member, amount=amount),
        value=Fraction(minor),
        parts=(opening, mixed.steps[member], *held, last),
    )
    return Share(
        member=member,
        amount=amount,
        working=working,
        limits=limited.hits.get(member, ()),
        part=mixed.steps[member].part or ZERO,
        exact=limited.values[member],
    )
