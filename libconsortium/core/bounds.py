"""What a policy's limits mean for each member."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import attrs

from libconsortium.core.drivers import Figures
from libconsortium.core.errors import SplitError
from libconsortium.core.limits import ZERO, Limit
from libconsortium.core.money import Money, minor_digits
from libconsortium.core.policies import LimitRule
from libconsortium.core.splits import SplitRequest

Bound = tuple[str, Fraction]
"""The name of a limit, and what it comes to for one member in minor units."""

Ready = Mapping[str, Figures]


@attrs.frozen(kw_only=True)
class Scope:
    """Members who pay an amount together under limits: all, or a group.

    Args:
        request: What is divided.
        rule: The limits.
        ready: The prepared figures.
        amount: What they pay together, exact minor units.
        values: What each would pay without limits.
        limits: What each pays at least and at most.
        group: Name of the group; empty for all.
    """

    request: SplitRequest
    rule: LimitRule
    ready: Ready
    amount: Fraction
    values: Mapping[str, Fraction]
    limits: Mapping[str, Limit]
    group: str = ""

    @property
    def currency(self) -> str:
        """Currency of the bill."""
        return self.request.bill.amount.currency


def bounds(request: SplitRequest, ready: Ready) -> dict[str, Limit]:
    """Return the limits of every member under the request's policy; none without limits.

    Args:
        request: What is divided.
        ready: The prepared figures.

    Raises:
        SplitError: A limit needs figures that are not there, or a member's least is above its
            most.
        CurrencyMismatchError: A limit is in another currency than the bill.
    """
    rule = request.policy.limits
    if rule is None:
        return {}
    _figures_are_there(request, rule)
    return {member: _bound(member, request, rule, ready) for member in request.members}


def _figures_are_there(request: SplitRequest, rule: LimitRule) -> None:
    if (rule.rise is not None or rule.fall is not None) and not request.last_year:
        raise SplitError(
            "the policy {policy!r} limits the change against last year, but no member has an"
            " amount for last year",
            policy=request.policy.name,
        )
    if rule.standalone and not request.standalone:
        raise SplitError(
            "by the policy {policy!r} nobody pays more than when buying alone, but no member has"
            " a stand-alone price",
            policy=request.policy.name,
        )


def _bound(member: str, request: SplitRequest, rule: LimitRule, ready: Ready) -> Limit:
    low_from, low, high_from, high = "", ZERO, "", None
    for name, amount in lows(member, request, rule):
        if not low_from or amount > low:
            low_from, low = name, amount
    for name, amount in highs(member, request, rule, ready):
        if high is None or amount < high:
            high_from, high = name, amount
    if high is not None and low > high:
        raise SplitError(
            "the member {member!r} would pay at least {low} ({low_from}) and at most {high}"
            " ({high_from}); change one of the two limits",
            member=member,
            low=Money.rounded(low, request.bill.amount.currency),
            low_from=low_from,
            high=Money.rounded(high, request.bill.amount.currency),
            high_from=high_from,
        )
    return Limit(low=low, high=high, low_from=low_from, high_from=high_from)


def lows(member: str, request: SplitRequest, rule: LimitRule) -> Iterator[Bound]:
    """Yield every lower limit of a member."""
    if member in rule.exempt:
        return
    if rule.floor is not None:
        yield "floor", minor(rule.floor, request)
    if rule.fall is not None and member in request.last_year:
        yield "fall", minor(request.last_year[member], request) * (1 - rule.fall)


def highs(member: str, request: SplitRequest, rule: LimitRule, ready: Ready) -> Iterator[Bound]:
    """Yield every upper limit of a member.

    Raises:
        SplitError: The policy limits by budgets, and the member has none.
    """
    if member in rule.exempt:
        yield "exempt", ZERO
        return
    if rule.ceiling is not None:
        yield "ceiling", minor(rule.ceiling, request)
    if rule.of_budget is not None:
        yield "of_budget", budget_of(member, request, rule, ready) * rule.of_budget
    if rule.standalone and member in request.standalone:
        yield "standalone", minor(request.standalone[member], request)
    if rule.rise is not None and member in request.last_year:
        yield "rise", minor(request.last_year[member], request) * (1 + rule.rise)


def budget_of(member: str, request: SplitRequest, rule: LimitRule, ready: Ready) -> Fraction:
    """Return a member's budget in minor units.

    Raises:
        SplitError: It has none.
    """
    budgets = ready.get(rule.budget, {})
    if member not in budgets:
        raise SplitError(
            "the member {member!r} has no figure for {driver!r}, and the policy limits shares to"
            " {part} of it",
            member=member,
            driver=rule.budget,
            part=rule.of_budget,
        )
    return budgets[member] * int(10 ** minor_digits(request.bill.amount.currency))


def minor(amount: Money, request: SplitRequest) -> Fraction:
    """Return an amount of the bill's currency in minor units.

    Raises:
        CurrencyMismatchError: It is of another currency.
    """
    if amount.currency != request.bill.amount.currency:
        amount += Money(0, request.bill.amount.currency)
    return Fraction(amount.minor)
