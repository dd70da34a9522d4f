"""What a policy's limits mean for each member."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

import attrs

from libconsortium.core.errors import SplitError
from libconsortium.core.money import Money, minor_digits
from libconsortium.core.sharing.drivers import Figures
from libconsortium.core.sharing.limits import ZERO, Limit
from libconsortium.core.sharing.policies import LimitRule
from libconsortium.core.sharing.splits import SplitRequest

Bound = Callable[[str], Fraction | None]
"""Gives what a limit comes to for a member, in minor units; ``None`` if it has no such limit."""

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
    lower, upper = lower_limits(request, rule), upper_limits(request, rule, ready)
    exempt = Limit(high=ZERO, high_from="exempt")
    return {
        member: exempt if member in rule.exempt else _bound(member, request, lower, upper)
        for member in request.members
    }


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


def _bound(
    member: str, request: SplitRequest, lower: Mapping[str, Bound], upper: Mapping[str, Bound]
) -> Limit:
    low_from, low, high_from, high = "", ZERO, "", None
    for name, bound in lower.items():
        amount = bound(member)
        if amount is not None and (not low_from or amount > low):
            low_from, low = name, amount
    for name, bound in upper.items():
        amount = bound(member)
        if amount is not None and (high is None or amount < high):
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


def lower_limits(request: SplitRequest, rule: LimitRule) -> dict[str, Bound]:
    """Return the lower limits of a rule, each as what gives a member's least.

    Raises:
        CurrencyMismatchError: The floor is in another currency than the bill.
    """
    found: dict[str, Bound] = {}
    if rule.floor is not None:
        floor = minor(rule.floor, request)
        found["floor"] = lambda _: floor
    if rule.fall is not None:
        found["fall"] = _times(request.last_year, 1 - rule.fall, request)
    return found


def upper_limits(request: SplitRequest, rule: LimitRule, ready: Ready) -> dict[str, Bound]:
    """Return the upper limits of a rule, each as what gives a member's most.

    Raises:
        CurrencyMismatchError: The ceiling is in another currency than the bill.
    """
    found: dict[str, Bound] = {}
    if rule.ceiling is not None:
        ceiling = minor(rule.ceiling, request)
        found["ceiling"] = lambda _: ceiling
    part = rule.of_budget
    if part is not None:
        found["of_budget"] = lambda member: part * budget_of(member, request, rule, ready)
    if rule.standalone:
        found["standalone"] = _times(request.standalone, Fraction(1), request)
    if rule.rise is not None:
        found["rise"] = _times(request.last_year, 1 + rule.rise, request)
    return found


def _times(amounts: Mapping[str, Money], factor: Fraction, request: SplitRequest) -> Bound:
    above, below = factor.numerator, factor.denominator
    currency = request.bill.amount.currency

    def bound(member: str) -> Fraction | None:
        amount = amounts.get(member)
        if amount is None:
            return None
        if amount.currency != currency:
            minor(amount, request)  # refuses it
        return Fraction(amount.minor * above, below)

    return bound


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
