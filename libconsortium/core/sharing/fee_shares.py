"""What the members pay by a policy's fees, and what the fees leave to be shared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import attrs

from libconsortium.core.errors import InfeasibleError, SplitError
from libconsortium.core.money import Money
from libconsortium.core.sharing.costs import Step, written
from libconsortium.core.sharing.fees import FeeRule, fee_of
from libconsortium.core.sharing.grouping import Grouped, grouped
from libconsortium.core.sharing.mixing import PART, Table
from libconsortium.core.sharing.policies import SCALED
from libconsortium.core.sharing.splits import SplitRequest

ZERO = Fraction(0)


@attrs.frozen(kw_only=True)
class WithFees:
    """Shares that are made of fees, and of parts of what the fees leave.

    Args:
        amount: What the members pay together.
        fees: The fees of each member.
        factor: What the fees are scaled by.
        rest: What is shared besides; ``None`` if nothing is.
        values: What everybody pays, exact minor units.
    """

    amount: Fraction
    fees: Mapping[str, tuple[Step, ...]]
    factor: Fraction
    rest: Grouped | None
    values: Mapping[str, Fraction]

    def step(self, member: str) -> Step:
        """Return the working of one member."""
        parts = self.fees[member]
        if self.rest is not None:
            parts = (*parts, self.rest.step(member))
        formula = " + ".join(written(step.value) for step in parts)
        if self.factor != 1:
            formula = f"({formula}) * {written(self.factor)}"
        value = self.values[member]
        return Step(
            what=PART,
            value=value,
            formula=formula,
            part=value / self.amount if self.amount else None,
            parts=parts,
        )


def with_fees(table: Table, request: SplitRequest, amount: Fraction) -> WithFees:
    """Divide an amount by fees, and what they leave by the mix.

    Args:
        table: The policy, its figures and models.
        request: What is divided.
        amount: What the members pay together, exact minor units. Where the policy names somebody
            for the remainder they pay their fees instead.

    Raises:
        SplitError: A figure is missing.
        InfeasibleError: The fees come to more than the amount, and nobody keeps the rest.
        CurrencyMismatchError: A fee is in another currency than the bill.
    """
    policy, currency = request.policy, request.bill.amount.currency
    fees = {member: tuple(_fees(table, request, member)) for member in request.members}
    own = {member: sum((step.value for step in steps), ZERO) for member, steps in fees.items()}
    together = sum(own.values(), ZERO)
    factor, rest = Fraction(1), None
    if policy.mix:
        if together > amount:
            raise InfeasibleError(
                "the fees come to {fees}, more than the {amount} that the members pay; lower a"
                " fee, or leave the mix out and name who keeps the remainder",
                fees=Money.rounded(together, currency),
                amount=Money.rounded(amount, currency),
            )
        rest = grouped(table, request.members, request.strata, amount - together)
        values = {member: own[member] + rest.values[member] for member in request.members}
    elif policy.remainder == SCALED:
        if not together and amount:
            raise SplitError("the fees of all members are zero; they cannot be scaled")
        factor = amount / together if together else factor
        values = {member: fee * factor for member, fee in own.items()}
    else:
        amount, values = together, own
    return WithFees(amount=amount, fees=fees, factor=factor, rest=rest, values=values)


def _fees(table: Table, request: SplitRequest, member: str) -> Iterator[Step]:
    for rule in request.policy.fees:
        if rule.is_for(request.strata.get(member, "")):
            figures = {name: _figure(table, member, name, rule) for name in rule.drivers}
            notes = [
                steps[member]
                for name in rule.drivers
                if member in (steps := table.ready.workings.get(name, {}))
            ]
            yield fee_of(rule, figures, request.bill.amount.currency, notes)


def _figure(table: Table, member: str, driver: str, rule: FeeRule) -> Fraction:
    figures = table.ready.figures.get(driver, {})
    if member not in figures:
        raise SplitError(
            "the member {member!r} has no figure for {driver!r}, which its fee {fee!r} needs; find"
            " it, or take the member out of the split",
            member=member,
            driver=driver,
            fee=rule.name,
        )
    return figures[member]
