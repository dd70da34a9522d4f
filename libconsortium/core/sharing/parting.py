"""What everybody pays of a bill before limits and rounding: sponsor, fees and mixture."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import attrs

from libconsortium.core.errors import SplitError
from libconsortium.core.messages import Message
from libconsortium.core.money import Money
from libconsortium.core.sharing.costs import Step, written
from libconsortium.core.sharing.fee_shares import WithFees, with_fees
from libconsortium.core.sharing.grouping import Grouped, Way, grouped
from libconsortium.core.sharing.mixing import Claims, Table, check
from libconsortium.core.sharing.policies import PROPORTIONAL, SPONSOR
from libconsortium.core.sharing.splits import SplitRequest
from libconsortium.core.sharing.sponsoring import sponsor_part

ZERO = Fraction(0)


@attrs.frozen(kw_only=True)
class Parts:
    """What everybody pays before limits and rounding.

    Args:
        request: What is divided.
        sponsor: What the sponsor pays.
        others: What another party pays of the bill, or keeps (negative), by name.
        rest: What the members pay together.
        gross: The members' shares, of which the sponsor's awards come off.
        awards: The sponsor's money by member, where a claims rule divides it.
        values: The members' parts, exact minor units.
    """

    request: SplitRequest
    sponsor: Money
    others: Mapping[str, Money]
    rest: Money
    gross: Grouped | WithFees
    awards: Mapping[str, Fraction]
    values: Mapping[str, Fraction]

    @property
    def groups(self) -> dict[Way, tuple[str, ...]]:
        """The members of each group that is divided by itself."""
        inner = self.gross.rest if isinstance(self.gross, WithFees) else self.gross
        if inner is None:
            return {(): self.request.members}
        found: dict[Way, list[str]] = {}
        for member in self.request.members:
            found.setdefault(inner.ways[member], []).append(member)
        return {way: tuple(members) for way, members in found.items()}

    def part(self, member: str) -> Fraction:
        """Return a member's part of what the members pay together."""
        if not self.rest.minor:
            return ZERO
        value = self.values[member]
        return Fraction(value.numerator, value.denominator * self.rest.minor)

    def step(self, member: str) -> Step:
        """Return the working of one member."""
        gross = self.gross.step(member)
        rule = self.request.policy.sponsor
        if rule is None or not self.awards:
            return gross
        return Step(
            what=Message("less the sponsor's money, divided by {rule!r}", rule=rule.by),
            value=self.values[member],
            formula=f"{written(gross.value)} - {written(self.awards[member])}",
            part=self.part(member) if self.rest.minor else None,
            parts=(gross,),
        )

    def opening(self) -> Step:
        """Return the first line of every working: who pays the bill."""
        bill = self.request.bill.amount
        outside = bill - self.rest
        if self.others:
            what = Message(
                "the bill is {bill}, the members pay their fees of {rest}, the sponsor and {party}"
                " together the rest of {sponsor}",
                bill=bill,
                sponsor=outside,
                rest=self.rest,
                party=next(iter(self.others)),
            )
        else:
            what = Message(
                "the bill is {bill}, the sponsor pays {sponsor}, the members share {rest}",
                bill=bill,
                sponsor=outside,
                rest=self.rest,
            )
        sign = f"- {outside.minor}" if outside.minor >= 0 else f"+ {-outside.minor}"
        return Step(what=what, value=Fraction(self.rest.minor), formula=f"{bill.minor} {sign}")


def parted(table: Table, request: SplitRequest, claims: Mapping[str, Claims]) -> Parts:
    """Divide a bill before limits and rounding.

    A sponsor's money divided in proportion lowers all shares alike, so the rest is shared at once.
    Any other rule looks at the shares of the whole bill first.

    Args:
        table: The policy, its figures and models.
        request: The bill, the members and the policy.
        claims: The claims rule by which the sponsor's money is divided, if not proportional.

    Raises:
        SplitError: A figure is missing, or a model's shares do not add up.
    """
    policy, bill = request.policy, request.bill.amount
    sponsor = sponsor_part(
        policy,
        bill,
        year=request.bill.year,
        figures=table.ready.figures,
        members=request.members,
    )
    rest = bill - sponsor
    gross: Grouped | WithFees
    awards: dict[str, Fraction] = {}
    if policy.sponsor is None or policy.sponsor.by == PROPORTIONAL:
        gross = _gross(table, request, Fraction(rest.minor))
        values = gross.values
    else:
        gross = _gross(table, request, Fraction(bill.minor))
        rule = policy.sponsor.by
        awards = dict(claims[rule](Fraction(sponsor.minor), gross.values))
        check(rule, awards, request.members, Fraction(sponsor.minor))
        values = {member: gross.values[member] - awards[member] for member in request.members}
    others: dict[str, Money] = {}
    if policy.party:
        paid = Money.rounded(sum(values.values(), ZERO), bill.currency)
        sponsor, others = taken_by(policy.party, rest - paid, sponsor, {})
        rest = paid
    return Parts(
        request=request,
        sponsor=sponsor,
        others=others,
        rest=rest,
        gross=gross,
        awards=awards,
        values=values,
    )


def taken_by(
    party: str, left: Money, sponsor: Money, others: Mapping[str, Money]
) -> tuple[Money, dict[str, Money]]:
    """Let a party pay what is left, or keep it if it is negative.

    Args:
        party: ``sponsor`` or any name.
        left: What somebody has to pay.
        sponsor: What the sponsor pays so far.
        others: What other parties pay so far.

    Raises:
        SplitError: The sponsor would pay less than nothing.

    >>> taken_by("reserve", Money(5, "VND"), Money(0, "VND"), {})[1]
    {'reserve': Money(minor=5, currency='VND')}
    """
    if not left.minor:
        return sponsor, dict(others)
    if party != SPONSOR:
        before = others.get(party, Money(0, left.currency))
        return sponsor, {**others, party: before + left}
    if (sponsor + left).minor < 0:
        raise SplitError(
            "the members pay {surplus} more than their part, which the sponsor's {sponsor} cannot"
            " be lowered by; name another absorber",
            surplus=-left,
            sponsor=sponsor,
        )
    return sponsor + left, dict(others)


def _gross(table: Table, request: SplitRequest, amount: Fraction) -> Grouped | WithFees:
    if request.policy.fees:
        return with_fees(table, request, amount)
    return grouped(table, request.members, request.strata, amount)
