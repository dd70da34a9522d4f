"""The lines of a statement: each line of the bill divided over the members, to the last unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from libconsortium.core.buying.landed_cost import LandedCost
from libconsortium.core.errors import SplitError
from libconsortium.core.money import Money, total
from libconsortium.core.office.statements import LineKind, StatementLine
from libconsortium.core.sharing.splits import Split

LESS_AWARD = "less the sponsor's money, divided by {rule!r}"
"""The line of working under which a claims rule lowers a share."""


def costs_of(
    amount: Money, landed: LandedCost | None, fees: Money | None
) -> tuple[StatementLine, ...]:
    """Return what a bill is made of; lines of nothing are left out.

    Args:
        amount: The whole bill, fees too.
        landed: How a quote became it; ``None`` if it is simply given.
        fees: What of it are fees.

    >>> [line.kind.value for line in costs_of(Money(9, "VND"), None, Money(1, "VND"))]
    ['bill', 'fees']
    """
    fee = fees or Money(0, amount.currency)
    if landed is None:
        lines = [(LineKind.BILL, amount - fee), (LineKind.FEES, fee)]
    else:
        lines = [
            (LineKind.SUPPLIER, landed.supplier),
            (LineKind.CORPORATE_INCOME_TAX, landed.corporate_income_tax),
            (LineKind.VALUE_ADDED_TAX, landed.value_added_tax),
            (LineKind.FEES, fee),
        ]
    kept = [line for line in lines if line[1].minor] or lines[:1]
    return tuple(StatementLine(kind=kind, amount=of) for kind, of in kept)


def lines_of(split: Split, costs: Sequence[StatementLine]) -> dict[str, tuple[StatementLine, ...]]:
    """Return every member's lines; they add up over the members and over each statement.

    Each line of the bill is divided by the members' parts of the whole; then the sponsor's part
    is taken off, and what limits (and a coarse rounding) change stands on a line of its own.

    Args:
        split: The bill divided.
        costs: What the bill is made of.

    Raises:
        SplitError: The costs do not come to the bill.

    >>> from libconsortium import MixTerm, divided, split_request
    >>> from libconsortium.core.sharing.policies import Policy, SponsorRule
    >>> equal = Policy(name="Equal", mix=[MixTerm(weight=100, by="equal")],
    ...                sponsor=SponsorRule(pays="40%"))
    >>> asked = split_request(Money(100, "VND"), ["a", "b"], {}, equal)
    >>> split = divided(asked)
    >>> costs = (StatementLine(kind=LineKind.BILL, amount=split.bill.amount),)
    >>> [(line.kind.value, line.amount.minor) for line in lines_of(split, costs)["a"]]
    [('bill', 50), ('sponsor', -20)]
    """
    amount = split.bill.amount
    cost = total((line.amount for line in costs), amount.currency)
    if cost != amount:
        raise SplitError(
            "the lines of the bill come to {cost}, not to {amount}", cost=cost, amount=amount
        )
    parts = _parts(split)
    rest = _to_share(split)
    fair = rest.apportioned({member: part * rest.minor for member, part in parts.items()}, parts)
    sponsored = _sponsored(split, parts, amount - rest)
    columns = [
        line.amount.apportioned(
            {one: part * line.amount.minor for one, part in parts.items()}, parts
        )
        for line in costs[1:]
    ]
    written = {}
    for member, share in split.shares.items():
        others = [column[member] for column in columns]
        # The first line takes what rounding leaves, so that each statement adds up.
        first = fair[member] + sponsored[member] - total(others, amount.currency)
        amounts = zip((line.kind for line in costs), (first, *others), strict=True)
        lines = [*amounts, (LineKind.SPONSOR, -sponsored[member])]
        lines.append((LineKind.LIMITS, share.amount - fair[member]))
        written[member] = tuple(
            StatementLine(kind=kind, amount=of)
            for kind, of in lines
            if of.minor or kind not in {LineKind.SPONSOR, LineKind.LIMITS}
        )
    return written


def _parts(split: Split) -> dict[str, Fraction]:
    """Return the members' parts of the whole; of what they pay if the working gives none."""
    parts = {member: share.part for member, share in split.shares.items()}
    if sum(parts.values(), Fraction(0)) == 1:
        return parts
    exact = {member: share.exact for member, share in split.shares.items()}
    whole = sum(exact.values(), Fraction(0))
    if whole:
        return {member: share / whole for member, share in exact.items()}
    return dict.fromkeys(parts, Fraction(1, len(parts)))


def _to_share(split: Split) -> Money:
    """Return what the members share by the policy, before limits."""
    for share in split.shares.values():
        for step in share.working.parts[:1]:
            return Money.rounded(step.value, split.bill.amount.currency)
    return split.members_pay


def _sponsored(split: Split, parts: Mapping[str, Fraction], sponsor: Money) -> dict[str, Money]:
    """Return how the sponsor's money lowers each member's share, as a positive amount."""
    awards: dict[str, Fraction] = {}
    for member, share in split.shares.items():
        for step in share.working.parts[1:2]:
            if step.what.template == LESS_AWARD:
                awards[member] = step.parts[0].value - step.value
    if not awards or sum(awards.values(), Fraction(0)) != sponsor.minor:
        awards = {member: part * sponsor.minor for member, part in parts.items()}
    return sponsor.apportioned(awards, parts)
