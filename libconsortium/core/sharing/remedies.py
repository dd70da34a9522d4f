"""The smallest changes under which limits that cannot be kept could be kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import attrs

from libconsortium.core.errors import InfeasibleError
from libconsortium.core.messages import Message
from libconsortium.core.money import Money
from libconsortium.core.sharing.bounds import Scope, budget_of, lower_limits, minor, upper_limits
from libconsortium.core.sharing.limits import ZERO, Limit, level

HUNDREDTH_OF_A_PERCENT = Fraction(1, 10_000)
_MOST_NAMED = 3


@attrs.frozen(kw_only=True)
class Remedy:
    """One change that would do by itself.

    Args:
        kind: What to change: ``rise``, ``fall``, ``ceiling``, ``floor``, ``of_budget``,
            ``sponsor`` or ``absorber``.
        value: What it has to be at least (or, for what lowers, at most): a part, rounded to a
            hundredth of a per cent so that it works, or an amount.
        what: The same in words.
    """

    kind: str
    value: Fraction | Money
    what: Message


def too_little(scope: Scope, most: Fraction) -> InfeasibleError:
    """Return the error for limits under which the members cannot pay their part.

    Args:
        scope: What was to be paid, by whom.
        most: The most the limits let them pay.
    """
    currency = scope.currency
    remedies = tuple(_for_more(scope, most))
    missing = -((most - scope.amount) // 1)
    return InfeasibleError(
        "infeasible: the limits leave {shortfall} unpaid, the members pay at most {most} of"
        " {rest}; {who}; {ways}",
        shortfall=Money(missing, currency),
        most=Money(most // 1, currency),
        rest=Money.rounded(scope.amount, currency),
        who=_held(scope),
        ways=_ways(remedies),
        remedies=remedies,
    )


def too_much(scope: Scope, least: Fraction) -> InfeasibleError:
    """Return the error for limits under which the members pay more than their part.

    Args:
        scope: What was to be paid, by whom.
        least: The least the limits let them pay.
    """
    currency = scope.currency
    remedies = tuple(_for_less(scope, least))
    return InfeasibleError(
        "infeasible: the limits bring in {surplus} too much, the members pay at least {least} of"
        " {rest}; {ways}",
        surplus=Money(-((scope.amount - least) // 1), currency),
        least=Money(-(-least // 1), currency),
        rest=Money.rounded(scope.amount, currency),
        ways=_ways(remedies),
        remedies=remedies,
    )


def _for_more(scope: Scope, most: Fraction) -> Iterator[Remedy]:
    rise = _smallest(scope, "rise")
    if rise is not None:
        part = _up(rise - 1)
        what = Message("the smallest workable rise is {rise}", rise=_percent(part))
        yield Remedy(kind="rise", value=part, what=what)
    ceiling = _smallest(scope, "ceiling")
    if ceiling is not None:
        amount = Money(-(-ceiling // 1), scope.currency)
        what = Message("the smallest workable ceiling is {ceiling}", ceiling=amount)
        yield Remedy(kind="ceiling", value=amount, what=what)
    budget = _smallest(scope, "of_budget")
    if budget is not None and budget <= 1:
        part = _up(budget)
        what = Message("the smallest workable part of the budget is {part}", part=_percent(part))
        yield Remedy(kind="of_budget", value=part, what=what)
    if not scope.group:
        yield _more_sponsor(scope, most)
    gap = Money(-((most - scope.amount) // 1), scope.currency)
    what = Message("name an absorber, who pays {amount}", amount=gap)
    yield Remedy(kind="absorber", value=gap, what=what)


def _for_less(scope: Scope, least: Fraction) -> Iterator[Remedy]:
    fall = _smallest_fall(scope)
    if fall is not None:
        part = _up(fall)
        what = Message("the smallest workable fall is {fall}", fall=_percent(part))
        yield Remedy(kind="fall", value=part, what=what)
    floor = _largest_floor(scope)
    if floor is not None:
        amount = Money(floor // 1, scope.currency)
        what = Message("lower the floor to at most {floor}", floor=amount)
        yield Remedy(kind="floor", value=amount, what=what)
    bill = scope.request.bill.amount
    if not scope.group and scope.request.policy.sponsor and least <= bill.minor:
        yield _less_sponsor(scope, least)
    surplus = Money(-((scope.amount - least) // 1), scope.currency)
    what = Message("name an absorber who keeps it")
    yield Remedy(kind="absorber", value=surplus, what=what)


def _smallest(scope: Scope, kind: str) -> Fraction | None:
    """Find the least level of one kind of upper limit at which the members can pay.

    Nothing is found if the policy has no such limit, or no level of it is enough.
    """
    upper = upper_limits(scope.request, scope.rule, scope.ready)
    if kind not in upper:
        return None
    varied = upper.pop(kind)
    per_unit: dict[str, Fraction] = {}
    others: dict[str, Limit] = {}
    for member, value in scope.values.items():
        is_exempt = member in scope.rule.exempt
        amounts = [bound(member) for bound in upper.values()]
        rest = min((amount for amount in amounts if amount is not None), default=None)
        if value and not is_exempt and varied(member) is not None:
            per_unit[member], others[member] = _unit(scope, member, kind), Limit(high=rest)
        else:
            fixed = (rest or ZERO) if value and not is_exempt else scope.limits[member].low
            per_unit[member], others[member] = ZERO, Limit(low=fixed, high=fixed)
    return _level_or_none(scope.amount, per_unit, others)


def _unit(scope: Scope, member: str, kind: str) -> Fraction:
    if kind == "rise":
        return minor(scope.request.last_year[member], scope.request)
    if kind == "of_budget":
        return budget_of(member, scope.request, scope.rule, scope.ready)
    return Fraction(1)


def _smallest_fall(scope: Scope) -> Fraction | None:
    """Find the least fall at which the members pay no more; ``None`` if no fall is enough."""
    if scope.rule.fall is None:
        return None
    last_year = scope.request.last_year
    last = {
        member: minor(last_year[member], scope.request)
        if member in last_year and member not in scope.rule.exempt
        else ZERO
        for member in scope.values
    }
    floors = {member: Limit(low=_other_low(scope, member, "fall")) for member in scope.values}
    kept = _level_or_none(scope.amount, last, floors)
    return None if kept is None else 1 - kept


def _largest_floor(scope: Scope) -> Fraction | None:
    """Find the highest floor at which the members pay no more; ``None`` if none is low enough."""
    if scope.rule.floor is None:
        return None
    others = {member: Limit(low=_other_low(scope, member, "floor")) for member in scope.values}
    weights = {member: Fraction(member not in scope.rule.exempt) for member in scope.values}
    return _level_or_none(scope.amount, weights, others)


def _other_low(scope: Scope, member: str, kind: str) -> Fraction:
    if member in scope.rule.exempt:
        return ZERO
    lower = lower_limits(scope.request, scope.rule)
    amounts = [bound(member) for name, bound in lower.items() if name != kind]
    return max((amount for amount in amounts if amount is not None), default=ZERO)


def _level_or_none(
    amount: Fraction, weights: Mapping[str, Fraction], limits: Mapping[str, Limit]
) -> Fraction | None:
    if not any(weights.values()):
        return None
    try:
        return level(amount, weights, limits)
    except InfeasibleError:
        return None


def _more_sponsor(scope: Scope, most: Fraction) -> Remedy:
    bill = scope.request.bill.amount
    least = -((most - bill.minor) // 1)
    if _is_amount(scope):
        amount = Money(least, bill.currency)
        what = Message("let the sponsor pay at least {sponsor}", sponsor=amount)
        return Remedy(kind="sponsor", value=amount, what=what)
    # The least part that, rounded as a sponsor's part is, comes to that amount.
    part = _up(Fraction(2 * least - 1, 2 * bill.minor))
    what = Message("let the sponsor pay at least {sponsor}", sponsor=_percent(part))
    return Remedy(kind="sponsor", value=part, what=what)


def _less_sponsor(scope: Scope, least: Fraction) -> Remedy:
    bill = scope.request.bill.amount
    most = (bill.minor - least) // 1
    if _is_amount(scope):
        amount = Money(most, bill.currency)
        what = Message("let the sponsor pay at most {sponsor}", sponsor=amount)
        return Remedy(kind="sponsor", value=amount, what=what)
    part = Fraction(most, bill.minor) // HUNDREDTH_OF_A_PERCENT * HUNDREDTH_OF_A_PERCENT
    what = Message("let the sponsor pay at most {sponsor}", sponsor=_percent(part))
    return Remedy(kind="sponsor", value=part, what=what)


def _is_amount(scope: Scope) -> bool:
    sponsor = scope.request.policy.sponsor
    return sponsor is not None and not isinstance(
        sponsor.in_year(scope.request.bill.year), Fraction
    )


def _held(scope: Scope) -> Message:
    """Say who would have to pay more than its limit, those with the widest gap first."""
    gaps = [
        (value - high, member)
        for member, value in scope.values.items()
        if (high := scope.limits[member].high) is not None and value > high
    ]
    gaps.sort(key=lambda one: (-one[0], one[1]))
    named = [
        Message("{member} by {gap}", member=member, gap=Money(-(-gap // 1), scope.currency))
        for gap, member in gaps[:_MOST_NAMED]
    ]
    return Message(
        "{count} members are held below their part: {named}{more}",
        count=len(gaps),
        named=_joined(named, ", "),
        more=", …" if len(gaps) > _MOST_NAMED else "",
    )


def _ways(remedies: Sequence[Remedy]) -> Message:
    return _joined(
        [
            remedy.what if not number else Message("or {way}", way=remedy.what)
            for number, remedy in enumerate(remedies)
        ],
        "; ",
    )


def _joined(messages: Sequence[Message], between: str) -> Message:
    named = {f"part{number}": message for number, message in enumerate(messages)}
    return Message(between.join(f"{{{name}}}" for name in named), **named)


def _up(part: Fraction) -> Fraction:
    return -(-part // HUNDREDTH_OF_A_PERCENT) * HUNDREDTH_OF_A_PERCENT


def _percent(part: Fraction) -> str:
    """Write a part as a percentage with at most two decimals: ``16.67 %``, ``31.0 %``."""
    hundredths = int(part / HUNDREDTH_OF_A_PERCENT)
    text = f"{hundredths // 100}.{hundredths % 100:02d}"
    return f"{text.removesuffix('0')} %"
