"""Splits a bill: plain figures in, a split with its working out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from libconsortium.contributions import ClaimsRule, CostModel
from libconsortium.core.errors import SplitError
from libconsortium.core.money import Money, exact
from libconsortium.core.sharing.policies import PROPORTIONAL, Policy
from libconsortium.core.sharing.sharing import divide
from libconsortium.core.sharing.splits import Bill, Split, SplitRequest
from libconsortium.registry import Registry

Figures = Mapping[str, Mapping[str, str | int | Decimal | Fraction]]
"""Exact numbers by driver and member: ``{"fte": {"dh-a": 40_000, "dh-b": "20000.5"}}``."""


def split(  # noqa: PLR0913 - what few policies need is named
    bill: Bill | Money,
    members: Iterable[str],
    drivers: Figures,
    policy: Policy,
    *,
    last_year: Mapping[str, Money] | None = None,
    standalone: Mapping[str, Money] | None = None,
    strata: Mapping[str, str] | None = None,
    months: Mapping[str, Collection[str]] | None = None,
    registry: Registry | None = None,
) -> Split:
    """Divide a bill among members by a policy.

    Args:
        bill: What has to be paid.
        members: Ids of the members who share it; their order does not matter.
        drivers: Exact figures by driver and member; a float is refused.
        policy: How the bill is divided.
        last_year: What members paid last year, for limits on the change; who is not there is new.
        standalone: What members would pay alone, for "never more than alone".
        strata: The stratum of each member, for a policy that divides between groups first, or of
            which a fee is for some only.
        months: The months each member belonged, ``YYYY-MM``, for usage "of membership"; who is
            not there belonged all the time.
        registry: Where cost models and claims rules are found; all installed plugins if not given.

    Raises:
        SplitError: A figure is missing, negative or no exact number; the message names the member.
        InfeasibleError: The limits leave no way to pay the bill; the message says what would do.
        UnknownNameError: The policy names a cost model or claims rule that no plugin gives.

    >>> from libconsortium import DriverRule, MixTerm
    >>> half = MixTerm(weight=50, by="equal")
    >>> policy = Policy(name="Half and half", mix=[half, MixTerm(weight=50, by="fte")],
    ...                 drivers={"fte": DriverRule()})
    >>> done = split(Money(1000, "VND"), ["b", "a"], {"fte": {"a": 1, "b": 3}}, policy)
    >>> {member: share.amount.minor for member, share in done.shares.items()}
    {'a': 375, 'b': 625}
    """
    request = split_request(
        bill,
        members,
        drivers,
        policy,
        last_year=last_year,
        standalone=standalone,
        strata=strata,
        months=months,
    )
    return divided(request, registry)


def split_request(  # noqa: PLR0913 - as for split()
    bill: Bill | Money,
    members: Iterable[str],
    drivers: Figures,
    policy: Policy,
    *,
    last_year: Mapping[str, Money] | None = None,
    standalone: Mapping[str, Money] | None = None,
    strata: Mapping[str, str] | None = None,
    months: Mapping[str, Collection[str]] | None = None,
) -> SplitRequest:
    """Gather what a split depends on, with members in order and exact figures.

    Args:
        bill: What has to be paid.
        members: Ids of the members who share it; their order does not matter.
        drivers: Exact figures by driver and member; a float is refused.
        policy: How the bill is divided.
        last_year: What members paid last year.
        standalone: What members would pay alone.
        strata: The stratum of each member.
        months: The months each member belonged, ``YYYY-MM``.

    Raises:
        SplitError: There are no members, one is named twice, or a figure is no exact number.

    >>> from libconsortium import MixTerm
    >>> policy = Policy(name="Equal", mix=[MixTerm(weight=100, by="equal")])
    >>> split_request(Money(9, "VND"), ["b", "a"], {}, policy).members
    ('a', 'b')
    """
    return SplitRequest(
        bill=Bill(amount=bill) if isinstance(bill, Money) else bill,
        members=_once_each(members),
        drivers=_exact(drivers),
        policy=policy,
        last_year=dict(last_year or {}),
        standalone=dict(standalone or {}),
        strata=dict(strata or {}),
        months=dict(months or {}),
    )


def divided(request: SplitRequest, registry: Registry | None = None) -> Split:
    """Divide a bill when everything its split depends on stands in one request.

    Args:
        request: The bill, the members, their figures and the policy.
        registry: Where cost models and claims rules are found; all installed plugins if not given.

    Raises:
        SplitError: A figure is missing or of no use; the message names the member.
        InfeasibleError: The limits leave no way to pay the bill; the message says what would do.
        UnknownNameError: The policy names a cost model or claims rule that no plugin gives.

    >>> from libconsortium.core.sharing.policies import MixTerm
    >>> policy = Policy(name="All alike", mix=[MixTerm(weight=100, by="equal")])
    >>> request = split_request(Money(1000, "VND"), ["a", "b"], {}, policy)
    >>> divided(request).shares["a"].amount.minor
    500
    """
    known, policy = Registry() if registry is None else registry, request.policy
    wanted = {PROPORTIONAL if policy.is_driver(term.by) else term.by for _, term in policy.terms()}
    models = {name: known.find(CostModel, name).divide for name in sorted(wanted)}
    rules = {policy.sponsor.by} - {PROPORTIONAL} if policy.sponsor else set()
    claims = {name: known.find(ClaimsRule, name).divide for name in rules}
    return divide(request, models, claims)


def _once_each(members: Iterable[str]) -> tuple[str, ...]:
    counted = Counter(iter(members))  # a mapping given as members is its keys
    for member, times in sorted(counted.items()):
        if times > 1:
            raise SplitError(
                "the member {member!r} is named {times} times", member=member, times=times
            )
    if not counted:
        raise SplitError("there are no members to share the bill")
    return tuple(sorted(counted))


def _exact(drivers: Figures) -> dict[str, dict[str, Fraction]]:
    return {
        driver: {member: _figure(driver, member, given) for member, given in figures.items()}
        for driver, figures in drivers.items()
    }


def _figure(driver: str, member: str, given: str | int | Decimal | Fraction) -> Fraction:
    if type(given) is Fraction:
        return given
    try:
        return exact(given)
    except SplitError as error:
        raise SplitError(
            "the figure of {member!r} for {driver!r} is no exact number: {given!r}",
            member=member,
            driver=driver,
            given=given,
        ) from error
