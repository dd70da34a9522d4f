"""The true-up: what the final cost is more or less than the budget, divided by the same parts.

A bill is estimated at a budget rate and paid at another. The parts that the conference adopted
stay as they are: what came on top, or was left over, is divided by the very parts of the estimate.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeVar

import attrs

from libconsortium.core.errors import SplitError
from libconsortium.core.money import Money, total
from libconsortium.core.sharing.policies import SPONSOR
from libconsortium.core.sharing.splits import Split


@attrs.frozen(kw_only=True)
class TrueUp:
    """What everybody pays on top of the estimate (or, negative, gets back).

    Args:
        budget: What the bill was estimated at.
        settled: What it came to.
        members: The difference of each member, by id.
        parties: The difference of the sponsor (``sponsor``) and of others, by name.
        parts: The exact part of the bill that each member bears.

    Raises:
        SplitError: The differences do not add up.
    """

    budget: Money
    settled: Money
    members: Mapping[str, Money]
    parties: Mapping[str, Money]
    parts: Mapping[str, Fraction]

    def __attrs_post_init__(self) -> None:
        """Refuse differences that do not add up."""
        found = total([*self.members.values(), *self.parties.values()], self.budget.currency)
        if found != self.difference:
            raise SplitError(
                "the true-up comes to {found}, not to {difference}",
                found=found,
                difference=self.difference,
            )

    @property
    def difference(self) -> Money:
        """What was settled less what was budgeted."""
        return self.settled - self.budget


def true_up(budget: Split, settled: Money, *, sponsor_is_fixed: bool = False) -> TrueUp:
    """Divide the difference between budget and settlement by the parts of the budget.

    Parts are those that members, sponsor and others bear in the end, limits included, before
    rounding. Each difference is within one unit of its exact part, and they add up exactly.

    Args:
        budget: The split of the estimate.
        settled: What the bill came to, in the same currency.
        sponsor_is_fixed: The sponsor gives a fixed amount: the members alone bear the difference.

    Raises:
        SplitError: The estimate was zero, so nobody bears a part of it.
        CurrencyMismatchError: The settlement is in another currency.

    >>> from libconsortium.core.sharing.costs import Step
    >>> from libconsortium.core.messages import Message
    >>> from libconsortium.core.sharing.splits import Bill, Share
    >>> share = Share(member="a", amount=Money(60, "VND"), exact=Fraction(60),
    ...               working=Step(what=Message(""), value=Fraction(60)))
    >>> split = Split(bill=Bill(amount=Money(100, "VND")), shares={"a": share},
    ...               sponsor=Money(40, "VND"))
    >>> found = true_up(split, Money(110, "VND"))
    >>> found.members["a"].minor, found.parties["sponsor"].minor
    (6, 4)
    """
    # A member may be called `sponsor` too: what stands before the name keeps the two apart.
    borne = {_MEMBER + member: share.exact for member, share in budget.shares.items()}
    parties = budget.others if sponsor_is_fixed else {SPONSOR: budget.sponsor, **budget.others}
    borne |= {_PARTY + party: Fraction(amount.minor) for party, amount in parties.items()}
    whole = sum(borne.values(), Fraction(0))
    difference = settled - budget.bill.amount
    if not whole and difference.minor:
        raise SplitError("nobody bears a part of the estimate, so the true-up has no parts")
    parts = {who: amount / whole if whole else Fraction(0) for who, amount in borne.items()}
    exact = {who: part * difference.minor for who, part in parts.items()}
    found = difference.apportioned(exact, parts)
    return TrueUp(
        budget=budget.bill.amount,
        settled=settled,
        members=_named(found, _MEMBER),
        parties=_named(found, _PARTY),
        parts=_named(parts, _MEMBER),
    )


_MEMBER, _PARTY = "member ", "party "
T = TypeVar("T")


def _named(found: Mapping[str, T], kind: str) -> dict[str, T]:
    return {who.removeprefix(kind): value for who, value in found.items() if who.startswith(kind)}
