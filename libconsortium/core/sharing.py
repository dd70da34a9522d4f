"""Divides a bill by a policy: sponsor, fees, mixture, limits, rounding, in this order."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import attrs

from libconsortium.core.bounds import bounds
from libconsortium.core.costs import Step, numerators, written
from libconsortium.core.drivers import Prepared, prepared
from libconsortium.core.errors import SplitError
from libconsortium.core.fee_shares import Fees, fees_of
from libconsortium.core.grouping import Grouped, Way, grouped
from libconsortium.core.limiting import Limited, limited
from libconsortium.core.limits import ZERO, Limit
from libconsortium.core.messages import Message
from libconsortium.core.mixing import PART, Claims, Model, Table
from libconsortium.core.money import Money, minor_digits
from libconsortium.core.policies import (
    PROPORTIONAL,
    SCALED,
    SPONSOR,
    Policy,
    sponsor_part,
)
from libconsortium.core.rounding import Rounded, rounded_in_groups
from libconsortium.core.splits import Share, Split, SplitRequest


@attrs.frozen(kw_only=True)
class Parts:
    """What everybody pays before limits and rounding.

    Args:
        request: What is divided.
        sponsor: What the sponsor pays.
        rest: What the members pay together.
        party: Who pays, or keeps, what fees leave of the bill; empty if nobody.
        party_pays: What that party pays; negative for what it keeps.
        fees: The members' fees.
        groups: What the members share besides, group by group; ``None`` if fees say it all.
        awards: The sponsor's money by member, where a claims rule divides it.
        values: The members' parts, exact minor units.
    """

    request: SplitRequest
    sponsor: Money
    rest: Money
    party: str
    party_pays: int
    fees: Fees
    groups: Grouped | None
    awards: Mapping[str, Fraction]
    values: Mapping[str, Fraction]

    def opening(self) -> Step:
        """Return the first line of every working: who pays the bill."""
        bill = self.request.bill.amount
        if not self.party:
            what = Message(
                "the bill is {bill}, the sponsor pays {sponsor}, the members share {rest}",
                bill=bill,
                sponsor=self.sponsor,
                rest=self.rest,
            )
        elif self.party == SPONSOR:
            what = Message(
                "the bill is {bill}, the members pay their fees of {rest}, the sponsor the rest of"
                " {sponsor}",
                bill=bill,
                sponsor=self.sponsor,
                rest=self.rest,
            )
        else:
            what = Message(
                "the bill is {bill}, the members pay their fees of {rest}; the sponsor and {party}"
                " pay the rest of {sponsor}",
                bill=bill,
                sponsor=bill - self.rest,
                rest=self.rest,
                party=self.party,
            )
        outside = bill.minor - self.rest.minor
        formula = f"{bill.minor} - {outside}" if outside >= 0 else f"{bill.minor} + {-outside}"
        return Step(what=what, value=Fraction(self.rest.minor), formula=formula)

    def step(self, member: str) -> Step:
        """Return the working of a member's part."""
        gross = self._gross(member)
        if not self.awards:
            return gross
        value = self.values[member]
        sponsor = self.request.policy.sponsor
        return Step(
            what=Message(
                "less the sponsor's money, divided by {rule!r}", rule=sponsor.by if sponsor else ""
            ),
            value=value,
            formula=f"{written(gross.value)} - {written(self.awards[member])}",
            part=self.part(member),
            parts=(gross,),
        )

    def _gross(self, member: str) -> Step:
        lines = self.fees.steps(member)
        if self.groups is None or not lines:
            inner = () if self.groups is None else (self.groups.step(member),)
            if inner and not lines:
                return inner[0]
        else:
            inner = (self.groups.step(member),)
        value = self.fees.values[member] + sum((step.value for step in inner), ZERO)
        factor = self.fees.factor
        parts = (*lines, *inner)
        formula = " + ".join(written(step.value) for step in parts)
        if factor != 1:
            value, formula = value, f"({formula}) * {written(factor)}"
        whole = self.rest.minor + sum(self.awards.values(), ZERO)
        return Step(
            what=PART,
            value=value,
            formula=formula,
            part=value / whole if whole else None,
            parts=parts,
        )

    def part(self, member: str) -> Fraction:
        """Return a member's part of what the members pay together."""
        return self.values[member] / self.rest.minor if self.rest.minor else ZERO
