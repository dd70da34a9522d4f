"""What a policy's limits mean for each member, and what to change when they cannot be kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from libconsortium.core.errors import InfeasibleError, SplitError
from libconsortium.core.limits import ZERO, Limit, level
from libconsortium.core.messages import Message
from libconsortium.core.money import Money
from libconsortium.core.policies import LimitRule
from libconsortium.core.splits import SplitRequest

Bound = tuple[Fraction, str]

HUNDREDTH_OF_A_PERCENT = Fraction(1, 10_000)


def bounds(request: SplitRequest) -> dict[str, Limit]:
    """Return the limits of every member under the request's policy; none without limits.

    Raises:
        SplitError: A limit needs figures that nobody has, or a member's least is above its most.
        CurrencyMismatchError: A limit is in another currency than the bill.
    """
    rule = request.policy.limits
    if rule is None:
        return {}
    _figures_are_there(request, rule)
    return {member: _bound(member, request, rule) for member in request.members}


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


def _bound(member: str, request: SplitRequest, rule: LimitRule) -> Limit:
    low, low_from = max(_lows(member, request, rule), default=(ZERO, ""), key=_amount)
    high, high_from = min(_highs(member, request, rule), default=(None, ""), key=_amount)
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


def _amount(bound: tuple[Fraction | None, str]) -> Fraction:
    return bound[0] or ZERO


def _lows(member: str, request: SplitRequest, rule: LimitRule) -> Iterator[Bound]:
    if rule.floor is not None:
        yield _minor(rule.floor, request), "floor"
    if rule.fall is not None and member in request.last_year:
        yield _minor(request.last_year[member], request) * (1 - rule.fall), "fall"


def _highs(member: str, request: SplitRequest, rule: LimitRule) -> Iterator[Bound]:
    yield from _other_highs(member, request, rule)
    if rule.rise is not None and member in request.last_year:
        yield _minor(request.last_year[member], request) * (1 + rule.rise), "rise"


def _other_highs(member: str, request: SplitRequest, rule: LimitRule) -> Iterator[Bound]:
    if rule.ceiling is not None:
        yield _minor(rule.ceiling, request), "ceiling"
    if rule.standalone and member in request.standalone:
        yield _minor(request.standalone[member], request), "standalone"


def _minor(amount: Money, request: SplitRequest) -> Fraction:
    in_currency_of_bill = amount + Money(0, request.bill.amount.currency)
    return Fraction(in_currency_of_bill.minor)


def too_little(
    request: SplitRequest, rest: Money, most: Fraction, weights: Mapping[str, Fraction]
) -> InfeasibleError:
    """Return the error for limits under which the members cannot pay their part.

    Args:
        request: What was to be split.
        rest: What the members have to pay.
        most: The most the limits let them pay.
        weights: The members' shares before limits.
    """
    sponsor = _sponsor_at_least(request.bill.amount, most)
    rise = _smallest_rise(request, Fraction(rest.minor), weights)
    ways = (
        Message("let the sponsor pay at least {sponsor}, or name an absorber", sponsor=sponsor)
        if rise is None
        else Message(
            "the smallest workable rise is {rise}; or let the sponsor pay at least {sponsor},"
            " or name an absorber",
            rise=_percent(rise),
            sponsor=sponsor,
        )
    )
    return InfeasibleError(
        "infeasible: the limits leave {shortfall} unpaid, the members pay at most {most} of"
        " {rest}; {ways}",
        shortfall=Money(-((most - rest.minor) // 1), rest.currency),
        most=Money(most // 1, rest.currency),
        rest=rest,
        ways=ways,
    )


def too_much(request: SplitRequest, rest: Money, least: Fraction) -> InfeasibleError:
    """Return the error for limits under which the members pay more than their part.

    Args:
        request: What was to be split.
        rest: What the members have to pay.
        least: The least the limits let them pay.
    """
    fall = _smallest_fall(request, Fraction(rest.minor))
    ways = (
        Message("lower the floor, or name an absorber who keeps it")
        if fall is None
        else Message(
            "the smallest workable fall is {fall}; or name an absorber who keeps it",
            fall=_percent(fall),
        )
    )
    return InfeasibleError(
        "infeasible: the limits bring in {surplus} too much, the members pay at least {least} of"
        " {rest}; {ways}",
        surplus=Money(-((rest.minor - least) // 1), rest.currency),
        least=Money(-(-least // 1), rest.currency),
        rest=rest,
        ways=ways,
    )


def _smallest_rise(
    request: SplitRequest, rest: Fraction, weights: Mapping[str, Fraction]
) -> Fraction | None:
    """Find the least rise at which the members can pay; ``None`` if no rise is enough."""
    rule = request.policy.limits
    if rule is None or rule.rise is None:
        return None
    last: dict[str, Fraction] = {}
    others: dict[str, Limit] = {}
    for member in request.members:
        high = min(_other_highs(member, request, rule), default=(None, ""), key=_amount)[0]
        can_rise = bool(weights[member]) and member in request.last_year
        last[member] = _minor(request.last_year[member], request) if can_rise else ZERO
        fixed = ZERO if not weights[member] else high or ZERO
        others[member] = Limit(high=high) if can_rise else Limit(low=fixed, high=fixed)
    return _level_or_none(rest, last, others, less=1)


def _smallest_fall(request: SplitRequest, rest: Fraction) -> Fraction | None:
    """Find the least fall at which the members pay no more; ``None`` if no fall is enough."""
    rule = request.policy.limits
    if rule is None or rule.fall is None:
        return None
    floor = ZERO if rule.floor is None else _minor(rule.floor, request)
    last = {
        member: _minor(request.last_year[member], request) if member in request.last_year else ZERO
        for member in request.members
    }
    kept = _level_or_none(rest, last, dict.fromkeys(request.members, Limit(low=floor)), less=0)
    return None if kept is None else 1 - kept


def _level_or_none(
    rest: Fraction, last: Mapping[str, Fraction], limits: Mapping[str, Limit], *, less: int
) -> Fraction | None:
    try:
        return level(rest, last, limits) - less
    except InfeasibleError:
        return None


def _sponsor_at_least(bill: Money, most: Fraction) -> str:
    """Find the least part of the bill, rounded as a sponsor's part is, that leaves no more."""
    minor = -((most - bill.minor) // 1)
    return _percent(Fraction(2 * minor - 1, 2 * bill.minor))


def _up(part: Fraction) -> Fraction:
    return -(-part // HUNDREDTH_OF_A_PERCENT) * HUNDREDTH_OF_A_PERCENT


def _percent(part: Fraction) -> str:
    """Write a part as a percentage, rounded up to a hundredth: ``16.67 %``, ``31.0 %``."""
    hundredths = int(_up(part) / HUNDREDTH_OF_A_PERCENT)
    text = f"{hundredths // 100}.{hundredths % 100:02d}"
    return f"{text.removesuffix('0')} %"
