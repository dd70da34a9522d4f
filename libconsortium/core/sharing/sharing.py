"""Divides a bill by a policy: sponsor, fees, mixture, limits, rounding, in this order."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import attrs

from libconsortium.core.messages import Message
from libconsortium.core.money import Money, minor_digits
from libconsortium.core.sharing.bounds import bounds
from libconsortium.core.sharing.costs import Step, numerators
from libconsortium.core.sharing.limiting import Limited, limited
from libconsortium.core.sharing.mixing import Claims, Model, Table
from libconsortium.core.sharing.parting import Parts, parted, taken_by
from libconsortium.core.sharing.preparing import Prepared, prepared
from libconsortium.core.sharing.rounding import Rounded, rounded_in_groups
from libconsortium.core.sharing.splits import Share, Split, SplitRequest


def divide(
    request: SplitRequest, models: Mapping[str, Model], claims: Mapping[str, Claims]
) -> Split:
    """Divide a bill by its policy.

    Args:
        request: The bill, the members, their figures and the policy.
        models: The cost models the policy names, and ``proportional`` for its drivers.
        claims: The claims rule by which a sponsor's money is divided, if it is not proportional.

    Raises:
        SplitError: A figure is missing or of no use; the message names the member.
        InfeasibleError: The limits leave no way to pay the bill; ``remedies`` says what would do.
    """
    policy, major = request.policy, 10 ** minor_digits(request.bill.amount.currency)
    ready = _prepared(request, major)
    table = Table(policy=policy, mix=policy.mix, ready=ready, models=models, major=major)
    parts = parted(table, request, claims)
    limits = bounds(request, ready.figures)
    groups = parts.groups
    held = limited(request, ready.figures, parts.values, limits, groups)
    whole = rounded_in_groups(
        parts.rest.minor,
        held.values,
        limits,
        {member: way for way, members in groups.items() for member in members},
        unit=policy.rounding.unit,
        leftover_has_payer=bool(policy.rounding.remainder or policy.absorber),
    )
    sponsor, others = _parties(parts, held, whole)
    story = _Story(parts=parts, held=held, opening=parts.opening())
    return Split(
        bill=request.bill,
        shares={member: story.share(member, minor) for member, minor in whole.amounts.items()},
        sponsor=sponsor,
        others=others,
        policy=policy.name,
        unit=policy.rounding.unit,
        input_hash=request.hash(),
    )


def _prepared(request: SplitRequest, major: int) -> Prepared:
    """Prepare the policy's drivers; what was paid last year and alone can be divided by too."""
    ready = prepared(
        request.policy.drivers, request.drivers, members=request.members, months=request.months
    )
    own = {
        name: {member: Fraction(amount.minor, major) for member, amount in given.items()}
        for name, given in (("last_year", request.last_year), ("standalone", request.standalone))
        if given and name not in ready.figures
    }
    return attrs.evolve(ready, figures={**ready.figures, **own}) if own else ready


def _parties(parts: Parts, held: Limited, whole: Rounded) -> tuple[Money, dict[str, Money]]:
    """Return what the sponsor and other parties pay after limits and rounding."""
    policy, left = parts.request.policy, Money(whole.left, parts.rest.currency)
    numbers, below = numerators(held.values)
    is_absorbed = sum(numbers.values()) != parts.rest.minor * below
    payer = policy.absorber if is_absorbed else policy.rounding.remainder or policy.absorber
    return taken_by(payer, left, parts.sponsor, parts.others)


@attrs.frozen(kw_only=True)
class _Story:
    """Everything the workings of the shares are told from; they are told when asked for."""

    parts: Parts
    held: Limited
    opening: Step

    def share(self, member: str, minor: int) -> Share:
        amount = Money(minor, self.parts.rest.currency)
        return Share(
            member=member,
            amount=amount,
            working=_Working(self, member, amount),
            limits=self.held.hits.get(member, ()),
            part=self.parts.part(member),
            exact=self.held.values[member],
        )


@attrs.frozen
class _Working:
    """The working of one share, made when it is called."""

    story: _Story
    member: str
    amount: Money

    def __call__(self) -> Step:
        story, value = self.story, Fraction(self.amount.minor)
        held = story.held.step(self.member)
        last = Step(what=Message("rounded to {amount}", amount=self.amount), value=value)
        lines = (story.opening, story.parts.step(self.member), held, last)
        return Step(
            what=Message("{member} pays {amount}", member=self.member, amount=self.amount),
            value=value,
            parts=tuple(line for line in lines if line is not None),
        )
