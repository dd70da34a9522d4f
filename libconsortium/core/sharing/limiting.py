"""Holds shares within limits, group by group, and says what held them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import attrs

from libconsortium.core.errors import InfeasibleError
from libconsortium.core.messages import Message
from libconsortium.core.sharing.bounds import Ready, Scope
from libconsortium.core.sharing.costs import Step, exact_sum
from libconsortium.core.sharing.grouping import Way
from libconsortium.core.sharing.limits import ONE, ZERO, Held, Limit, held, reach, within
from libconsortium.core.sharing.remedies import too_little, too_much
from libconsortium.core.sharing.splits import SplitRequest

_WHY = {
    "floor": Message("held at the floor, the least that anybody pays"),
    "fall": Message("held at the least that the limit on falls allows"),
    "ceiling": Message("held at the ceiling, the most that anybody pays"),
    "of_budget": Message("held at the most that a part of the budget allows"),
    "rise": Message("held at the most that the limit on rises allows"),
    "standalone": Message("held at the price of buying alone"),
    "exempt": Message("exempt: pays nothing"),
}


@attrs.frozen(kw_only=True)
class Limited:
    """Shares within limits.

    Args:
        values: Exact minor units by member.
        hits: Names of the limits that hold a share.
        others: Why a share changed that no limit holds, by its member's groups.
        changed: The members whose share is another than without limits, with their groups.
    """

    values: Mapping[str, Fraction]
    hits: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    others: Mapping[Way, Message] = attrs.field(factory=dict)
    changed: Mapping[str, Way] = attrs.field(factory=dict)

    def step(self, member: str) -> Step | None:
        """Return the line of working of a member, if the limits changed its share."""
        if member not in self.changed:
            return None
        hit = self.hits.get(member)
        what = _WHY[hit[0]] if hit else self.others[self.changed[member]]
        return Step(what=what, value=self.values[member])


def limited(
    request: SplitRequest,
    ready: Ready,
    values: Mapping[str, Fraction],
    limits: Mapping[str, Limit],
    groups: Mapping[Way, tuple[str, ...]],
) -> Limited:
    """Hold shares within limits; what a limit takes is spread over the others of the group.

    Args:
        request: What is divided.
        ready: The prepared figures.
        values: The shares without limits, exact.
        limits: What each member pays at least and at most.
        groups: The members of each group; one group ``()`` where there are none.

    Raises:
        InfeasibleError: The limits leave no way to pay, and there is no absorber.
    """
    rule = request.policy.limits
    if rule is None:
        return Limited(values=values)
    made = [
        _in_group(
            Scope(
                request=request,
                rule=rule,
                ready=ready,
                amount=ZERO,
                values={member: values[member] for member in members},
                limits=limits,
                group="/".join(way),
            ),
            way,
        )
        for way, members in groups.items()
    ]
    return Limited(
        values={member: value for one in made for member, value in one.values.items()},
        hits={member: hit for one in made for member, hit in one.hits.items()},
        others={way: what for one in made for way, what in one.others.items()},
        changed={member: way for one in made for member, way in one.changed.items()},
    )


def _in_group(scope: Scope, way: Way) -> Limited:
    values, limits = scope.values, scope.limits
    if within(values, limits):
        return Limited(values=values)
    if scope.rule.spread and not scope.request.policy.party:
        scope = attrs.evolve(scope, amount=exact_sum(values.values()))
        found = held(_payable(scope), values, limits)
    else:
        shares = {member: limits[member].held(value) for member, value in values.items()}
        sides = {
            member: (value == limits[member].high) - (value == limits[member].low)
            for member, value in shares.items()
        }
        found = Held(level=ONE, shares=shares, sides=sides)
    hits = {member: _hit(limits[member], side) for member, side in found.sides.items()}
    on_others = Message(
        "{count} members are at a limit; every other share is multiplied by {factor}",
        count=sum(map(bool, hits.values())),
        factor=found.level,
    )
    changed = {member: way for member, value in found.shares.items() if value != values[member]}
    return Limited(values=found.shares, hits=hits, others={way: on_others}, changed=changed)


def _payable(scope: Scope) -> Fraction:
    """Return what the members pay together: their part, or as near as an absorber lets them."""
    least, most = reach(scope.values, scope.limits)
    if least > scope.amount and not scope.request.policy.absorber:
        raise _in(scope.group, too_much(scope, least))
    if most is not None and most < scope.amount and not scope.request.policy.absorber:
        raise _in(scope.group, too_little(scope, most))
    return max(least, scope.amount if most is None else min(scope.amount, most))


def _in(group: str, error: InfeasibleError) -> InfeasibleError:
    if not group:
        return error
    return InfeasibleError(
        "in the group {group!r}: {what}", group=group, what=error.message, remedies=error.remedies
    )


def _hit(limit: Limit, side: int) -> tuple[str, ...]:
    if side > 0:
        return (limit.high_from,)
    return (limit.low_from,) if side and limit.low_from else ()
