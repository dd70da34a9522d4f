"""A sponsor's way out: its part falls year by year, and each member's part rises.

Every year is divided with the limits of the policy against the year before, until a year whose
limits cannot be kept. The sponsor's money is never counted as a saving.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import attrs

from libconsortium.core.buying.savings import Saving
from libconsortium.core.errors import InfeasibleError, SettingsError
from libconsortium.core.messages import Message
from libconsortium.core.money import Money
from libconsortium.core.sharing.policies import Policy
from libconsortium.core.sharing.splits import Split, SplitRequest
from libconsortium.core.supposing.positions import Divide, Position
from libconsortium.core.supposing.suppositions import SponsorChange
from libconsortium.core.supposing.what_if import saving_of

Figures = Mapping[str, Mapping[str, Fraction]]


@attrs.frozen(kw_only=True)
class GlideStep:
    """One year of the way.

    Args:
        year: The year.
        sponsor: What the sponsor pays: a part of the bill or an amount.
        price: What the bill comes to; ``None`` if as in the year before.
        drivers: New figures of the members; ``None`` if those of the year before stay.
    """

    year: int
    sponsor: Fraction | Money
    price: Money | None = None
    drivers: Figures | None = None


@attrs.frozen(kw_only=True)
class GlideYear:
    """What comes of one year.

    Args:
        step: The year as it was planned.
        bill: What has to be paid.
        split: The bill divided; ``None`` if the limits cannot be kept.
        before: What the members paid the year before; empty for the first year.
        refused: Why the bill cannot be divided, and what would help; empty if it can.
        shortfall: What the limits leave unpaid, if they do.
        saving: What joining saves and what the sponsor gives; ``None`` if not known.
    """

    step: GlideStep
    bill: Money
    split: Split | None = None
    before: Mapping[str, Money] = attrs.field(factory=dict)
    refused: Message = Message("")  # noqa: RUF009 - a frozen value
    shortfall: Money | None = None
    saving: Saving | None = None

    def rise(self, member: str) -> Fraction | None:
        """Return by which part a member pays more than the year before; ``None`` if not known."""
        if self.split is None or not self.before.get(member, Money(0, self.bill.currency)).minor:
            return None
        return Fraction(self.split.shares[member].amount.minor, self.before[member].minor) - 1

    @property
    def members_rise(self) -> Fraction | None:
        """By which part all members together pay more; ``None`` if not known.

        For a year that cannot be paid: by which part they would have to pay more.
        """
        whole = sum(amount.minor for amount in self.before.values())
        return Fraction(self.members_pay.minor, whole) - 1 if whole else None

    @property
    def members_pay(self) -> Money:
        """What the members pay together, or would have to."""
        if self.split is not None:
            return self.split.members_pay
        pays = self.step.sponsor
        if isinstance(pays, Money):
            return self.bill - pays
        return self.bill - Money.rounded(pays * self.bill.minor, self.bill.currency)


@attrs.frozen(kw_only=True)
class Glide:
    """The whole way, as far as it can be walked.

    Args:
        years: The years in order; after one that cannot be paid there is no other.
    """

    years: tuple[GlideYear, ...]

    @property
    def first_infeasible(self) -> int | None:
        """The first year whose limits cannot be kept; ``None`` if all can."""
        last = self.years[-1]
        return last.step.year if last.split is None else None


def glide(request: SplitRequest, steps: Sequence[GlideStep], divide: Divide) -> Glide:
    """Walk a sponsor's way out, year by year.

    Limits on the change against last year begin in the first year if last year's amounts are
    known, else in the second.

    Args:
        request: The bill of the first year; its policy's sponsor is replaced year by year.
        steps: The years, at least one.
        divide: Divides a bill.

    Raises:
        SettingsError: There is no year, or a sponsor's part is out of range.
        SplitError: A figure is missing.

    >>> from libconsortium import MixTerm, divided, split_request
    >>> from libconsortium.core.sharing.policies import Policy, SponsorRule
    >>> equal = Policy(name="Equal", mix=[MixTerm(weight=100, by="equal")],
    ...                sponsor=SponsorRule(pays="40%"))
    >>> asked = split_request(Money(100, "VND"), ["a", "b"], {}, equal)
    >>> steps = [GlideStep(year=2027 + n, sponsor=Fraction(4 - n, 10)) for n in range(3)]
    >>> [one.members_pay.minor for one in glide(asked, steps, divided).years]
    [60, 70, 80]
    """
    if not steps:
        raise SettingsError("a glide path needs at least one year")
    years: list[GlideYear] = []
    for step in sorted(steps, key=lambda step: step.year):
        request = _in_year(request, step)
        years.append(_walked(request, step, divide))
        split = years[-1].split
        if split is None:
            break
        paid = {member: share.amount for member, share in split.shares.items()}
        request = attrs.evolve(request, last_year=paid)
    return Glide(years=tuple(years))


def _in_year(request: SplitRequest, step: GlideStep) -> SplitRequest:
    amount = request.bill.amount if step.price is None else step.price
    bill = attrs.evolve(request.bill, amount=amount, year=step.year)
    drivers = request.drivers if step.drivers is None else step.drivers
    changed = SponsorChange(pays=step.sponsor).applied(Position(request=request)).request
    return attrs.evolve(changed, bill=bill, drivers=drivers)


def _walked(request: SplitRequest, step: GlideStep, divide: Divide) -> GlideYear:
    year = GlideYear(step=step, bill=request.bill.amount, before=request.last_year)
    policy = request.policy if request.last_year else _without_change_limits(request.policy)
    try:
        split = divide(attrs.evolve(request, policy=policy))
    except InfeasibleError as error:
        shortfall = dict(error.message.values).get("shortfall")
        return attrs.evolve(
            year,
            refused=error.message,
            shortfall=shortfall if isinstance(shortfall, Money) else None,
        )
    return attrs.evolve(year, split=split, saving=saving_of(split, request.standalone))


def _without_change_limits(policy: Policy) -> Policy:
    if policy.limits is None:
        return policy
    return attrs.evolve(policy, limits=attrs.evolve(policy.limits, rise=None, fall=None))
