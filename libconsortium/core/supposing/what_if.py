"""What would happen if: suppositions about bills, and what each member would pay more or less.

Everything is computed anew from the supposed figures; nothing is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import attrs

from libconsortium.core.buying.savings import Saving, saving
from libconsortium.core.errors import UnknownNameError
from libconsortium.core.money import Money, total
from libconsortium.core.sharing.splits import Split
from libconsortium.core.supposing.inequality import gini
from libconsortium.core.supposing.positions import Divide, Position
from libconsortium.core.supposing.suppositions import Drop, Supposition


@attrs.frozen(kw_only=True)
class MemberChange:
    """What one member pays before and after.

    Args:
        member: Its id.
        before: What it pays now; ``None`` if it does not share any bill yet.
        after: What it would pay; ``None`` if it would not share any bill.
        difference: After less before.
        limits: Names of the limits that would hold its share.
    """

    member: str
    before: Money | None
    after: Money | None
    difference: Money
    limits: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class WhatIf:
    """The bills before and after.

    Args:
        before: The splits as they are, by subscription.
        after: The splits as they would be.
    """

    before: tuple[Split, ...]
    after: tuple[Split, ...]

    @property
    def currency(self) -> str:
        """The currency of all amounts."""
        return self.before[0].bill.amount.currency

    def bill(self) -> tuple[Money, Money]:
        """Return what all bills come to, before and after."""
        return _bills(self.before, self.currency), _bills(self.after, self.currency)

    def members(self) -> tuple[MemberChange, ...]:
        """Return what each member pays before and after, all bills together, by id."""
        before, after = _paid(self.before), _paid(self.after)
        nothing = Money(0, self.currency)
        return tuple(
            MemberChange(
                member=member,
                before=before.get(member),
                after=after.get(member),
                difference=after.get(member, nothing) - before.get(member, nothing),
                limits=_limits(self.after, member),
            )
            for member in sorted({*before, *after})
        )

    def sponsor(self) -> tuple[Money, Money]:
        """Return what the sponsor pays, before and after."""
        return _sponsor(self.before, self.currency), _sponsor(self.after, self.currency)

    def winners(self) -> tuple[str, ...]:
        """Return who would pay less, of those who share a bill before and after."""
        return tuple(
            one.member for one in self.members() if _moves(one) and one.difference.minor < 0
        )

    def losers(self) -> tuple[str, ...]:
        """Return who would pay more, of those who share a bill before and after."""
        return tuple(
            one.member for one in self.members() if _moves(one) and one.difference.minor > 0
        )

    def gini(self) -> tuple[Fraction, Fraction]:
        """Return how unequal the members' amounts are, before and after: 0 is all the same."""
        return gini(_paid(self.before).values()), gini(_paid(self.after).values())


def what_if(
    positions: Sequence[Position], suppositions: Sequence[Supposition], divide: Divide
) -> WhatIf:
    """Divide bills as they are and as they would be.

    Args:
        positions: The bills, at least one, all in one currency.
        suppositions: What is supposed, one after the other.
        divide: Divides a bill.

    Raises:
        SplitError: A supposition makes no sense for a bill.
        InfeasibleError: The limits leave no way to pay a bill, before or after.
        UnknownNameError: A resource that shall be dropped is not there.

    >>> from libconsortium import Join, MixTerm, divided, split_request
    >>> from libconsortium.core.sharing.policies import Policy, SponsorRule
    >>> equal = Policy(name="Equal", mix=[MixTerm(weight=100, by="equal")],
    ...                sponsor=SponsorRule(pays="40%"))
    >>> asked = split_request(Money(100, "VND"), ["a", "b"], {}, equal)
    >>> found = what_if([Position(request=asked)], [Join(member="c")], divided)
    >>> [(one.member, one.difference.minor) for one in found.members()]
    [('a', -10), ('b', -10), ('c', 20)]
    """
    _are_there(positions, suppositions)
    before = [divide(position.request) for position in positions]
    supposed: list[Position] = list(positions)
    for supposition in suppositions:
        moved = [supposition.applied(position) for position in supposed]
        supposed = [position for position in moved if position is not None]
    return WhatIf(
        before=tuple(before), after=tuple(divide(position.request) for position in supposed)
    )


def saving_of(split: Split, standalone: Mapping[str, Money]) -> Saving | None:
    """Return what the members of a split save; ``None`` if not all have a price of buying alone.

    Saving is by the whole price, whoever pays it: the sponsor's money is shown apart.

    >>> from libconsortium.core.sharing.splits import Bill
    >>> bill = Bill(amount=Money(100, "VND"))
    >>> saving_of(Split(bill=bill, shares={}, sponsor=Money(100, "VND")), {}) is None
    True
    """
    if not split.shares or not set(split.shares) <= set(standalone):
        return None
    currency = split.bill.amount.currency
    return saving(
        alone=total((standalone[member] for member in split.shares), currency),
        together=split.bill.amount,
        members_pay=split.members_pay,
    )


def _are_there(positions: Sequence[Position], suppositions: Sequence[Supposition]) -> None:
    names = {position.request.bill.subscription for position in positions}
    names = {*names, *(name for position in positions for name in position.items)} - {""}
    for supposition in suppositions:
        if isinstance(supposition, Drop) and supposition.name not in names:
            raise UnknownNameError(
                "there is no {name!r} to drop; there are: {known}",
                name=supposition.name,
                known=", ".join(sorted(names)) or "-",
            )


def _paid(splits: Sequence[Split]) -> dict[str, Money]:
    found: dict[str, Money] = {}
    for split in splits:
        for member, share in split.shares.items():
            found[member] = found[member] + share.amount if member in found else share.amount
    return found


def _limits(splits: Sequence[Split], member: str) -> tuple[str, ...]:
    held = {
        limit for split in splits if member in split.shares for limit in split.shares[member].limits
    }
    return tuple(sorted(held))


def _bills(splits: Sequence[Split], currency: str) -> Money:
    return total((split.bill.amount for split in splits), currency)


def _sponsor(splits: Sequence[Split], currency: str) -> Money:
    return total((split.sponsor for split in splits), currency)


def _moves(change: MemberChange) -> bool:
    return change.before is not None and change.after is not None
