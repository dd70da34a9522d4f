"""What would happen if: suppositions about bills, and what each member would pay more or less.

Everything is computed anew from the supposed figures; nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Protocol, TypeVar

import attrs

from libconsortium.core.buying.landed_cost import Contract, FxRate, TaxProfile, landed_cost
from libconsortium.core.buying.savings import Saving, saving
from libconsortium.core.errors import SettingsError, SplitError, UnknownNameError
from libconsortium.core.money import Money, exact, total
from libconsortium.core.sharing.inequality import gini
from libconsortium.core.sharing.policies import PROPORTIONAL, Policy, SponsorRule
from libconsortium.core.sharing.splits import Split, SplitRequest

T = TypeVar("T")

_SOME_DAY = date(2000, 1, 1)  # of no meaning: without an exchange rate only the tax has dates

Divide = Callable[[SplitRequest], Split]
"""Divides a bill: ``split_steps.divided`` with the plugins there are."""


@attrs.frozen(kw_only=True)
class Quoted:
    """A bill that comes from a supplier's quote.

    Args:
        quote: The supplier's price.
        rate: The exchange rate; ``None`` if the quote is in the currency to pay in.
        tax: The contractor tax; ``None`` where there is none.
        contract: Net or gross of the tax.
        fees: What is paid on top, in the currency to pay in; ``None`` for nothing.
    """

    quote: Money
    rate: FxRate | None = None
    tax: TaxProfile | None = None
    contract: Contract = Contract.NET
    fees: Money | None = None

    def cost(self) -> Money:
        """Return what has to be paid; the tax rates are taken to hold.

        >>> Quoted(quote=Money(100, "VND"), fees=Money(5, "VND")).cost().minor
        105
        """
        tax = None if self.tax is None else attrs.evolve(self.tax, valid_from=None, valid_to=None)
        day = _SOME_DAY if self.rate is None else self.rate.on
        landed = landed_cost(self.quote, rate=self.rate, tax=tax, contract=self.contract, on=day)
        return landed.total if self.fees is None else landed.total + self.fees


@attrs.frozen(kw_only=True)
class Position:
    """A bill as it stands before anything is supposed.

    Args:
        request: The bill and everything that its split depends on.
        quoted: The quote it comes from; ``None`` if its amount is simply given.
        items: The resources that its amount is the sum of, by name; none if it is for one.
    """

    request: SplitRequest
    quoted: Quoted | None = None
    items: Mapping[str, Money] = attrs.field(factory=dict)

    def costing(self, amount: Money) -> Position:
        """Return the position with another amount."""
        bill = attrs.evolve(self.request.bill, amount=amount)
        return attrs.evolve(self, request=attrs.evolve(self.request, bill=bill))


class Supposition(Protocol):
    """Something that might happen to a bill."""

    def applied(self, position: Position) -> Position | None:
        """Return the bill as it would then be; ``None`` if there would be none."""


@attrs.frozen(kw_only=True)
class Join:
    """A member joins for the whole year.

    Args:
        member: Its id.
        figures: Its figure for every driver the policy needs, by name.
        last_year: What it paid last year, if anything.
        standalone: What it would pay alone, if it is known.
        stratum: Its group, for policies that divide between groups first.
    """

    member: str
    figures: Mapping[str, Fraction] = attrs.field(factory=dict)
    last_year: Money | None = None
    standalone: Money | None = None
    stratum: str | None = None

    def applied(self, position: Position) -> Position:
        """Return the bill with the member among those who share it.

        Raises:
            SplitError: It shares the bill already.
        """
        request = position.request
        if self.member in request.members:
            raise SplitError("{member!r} shares the bill already", member=self.member)
        drivers = {name: dict(figures) for name, figures in request.drivers.items()}
        for name, figure in self.figures.items():
            for key in _keys(name, request):
                drivers.setdefault(key, {})[self.member] = figure
        joined = attrs.evolve(
            request,
            members=tuple(sorted((*request.members, self.member))),
            drivers=drivers,
            last_year=_with(request.last_year, self.member, self.last_year),
            standalone=_with(request.standalone, self.member, self.standalone),
            strata=_with(request.strata, self.member, self.stratum),
        )
        return attrs.evolve(position, request=joined)


@attrs.frozen(kw_only=True)
class Leave:
    """A member leaves for the whole year; the others share the same bill.

    Args:
        member: Its id.
    """

    member: str

    def applied(self, position: Position) -> Position:
        """Return the bill without the member.

        Raises:
            SplitError: It does not share the bill, or nobody would be left.
        """
        request = position.request
        if self.member not in request.members:
            raise SplitError(
                "{member!r} does not share the bill; those who do: {known}",
                member=self.member,
                known=", ".join(request.members),
            )
        if len(request.members) == 1:
            raise SplitError("{member!r} is the last to share the bill", member=self.member)
        left = attrs.evolve(
            request,
            members=tuple(member for member in request.members if member != self.member),
            drivers={name: _without(of, self.member) for name, of in request.drivers.items()},
            last_year=_without(request.last_year, self.member),
            standalone=_without(request.standalone, self.member),
            strata=_without(request.strata, self.member),
            months=_without(request.months, self.member),
        )
        return attrs.evolve(position, request=left)


@attrs.frozen(kw_only=True)
class Drop:
    """A resource is not taken any more.

    Args:
        name: Name of one of a bill's resources, or of a bill's subscription.
    """

    name: str

    def applied(self, position: Position) -> Position | None:
        """Return the bill without the resource; ``None`` if it was for nothing else."""
        if self.name in position.items:
            left = _without(position.items, self.name)
            currency = position.request.bill.amount.currency
            kept = attrs.evolve(position, items=left)
            return kept.costing(total(left.values(), currency)) if left else None
        return None if position.request.bill.subscription == self.name else position


@attrs.frozen(kw_only=True)
class PriceChange:
    """The supplier's price changes.

    Args:
        by: By which part: ``"5%"``, ``"-3%"``.
    """

    by: Fraction = attrs.field(converter=exact)

    def applied(self, position: Position) -> Position:
        """Return the bill at the new price; a quote is taxed and exchanged anew."""
        if position.quoted is None:
            items = {name: _times(amount, self.by) for name, amount in position.items.items()}
            changed = attrs.evolve(position, items=items)
            amount = position.request.bill.amount
            whole = total(items.values(), amount.currency) if items else _times(amount, self.by)
            return changed.costing(whole)
        quoted = attrs.evolve(position.quoted, quote=_times(position.quoted.quote, self.by))
        return attrs.evolve(position, quoted=quoted).costing(quoted.cost())


@attrs.frozen(kw_only=True)
class ExchangeChange:
    """The exchange rate changes; a bill without a quote is taken to be foreign money as a whole.

    Args:
        by: By which part: ``"5%"`` makes foreign money dearer, ``"-3%"`` cheaper.
    """

    by: Fraction = attrs.field(converter=exact)

    def applied(self, position: Position) -> Position:
        """Return the bill at the new rate."""
        if position.quoted is None:
            return PriceChange(by=self.by).applied(position)
        if position.quoted.rate is None:
            return position
        rate = attrs.evolve(position.quoted.rate, rate=position.quoted.rate.rate * (1 + self.by))
        quoted = attrs.evolve(position.quoted, rate=rate)
        return attrs.evolve(position, quoted=quoted).costing(quoted.cost())


@attrs.frozen(kw_only=True)
class SponsorChange:
    """The sponsor pays another part.

    Args:
        pays: What it pays: a part of the bill or an amount; or
        points: by how much its part changes (``"-10%"``: ten points less).

    Raises:
        SettingsError: Not exactly one of the two is given.
    """

    pays: Fraction | Money | None = None
    points: Fraction | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a change that says nothing certain."""
        if (self.pays is None) == (self.points is None):
            raise SettingsError(
                "say either what the sponsor pays, or by how many points it changes"
            )

    def applied(self, position: Position) -> Position:
        """Return the bill with the sponsor's new part.

        Raises:
            SettingsError: The sponsor pays an amount, which cannot change by points.
        """
        policy, year = position.request.policy, position.request.bill.year
        pays = _moved(policy.sponsor, self.points, year) if self.pays is None else self.pays
        by = PROPORTIONAL if policy.sponsor is None else policy.sponsor.by
        changed = attrs.evolve(policy, sponsor=SponsorRule(pays=pays, by=by))
        return Adopt(policy=changed).applied(position)


@attrs.frozen(kw_only=True)
class Adopt:
    """The bill is divided by another policy.

    Args:
        policy: The policy.
    """

    policy: Policy

    def applied(self, position: Position) -> Position:
        """Return the bill with the policy."""
        return attrs.evolve(position, request=attrs.evolve(position.request, policy=self.policy))


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

    >>> from libconsortium import MixTerm, divided, split_request
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


def _keys(name: str, request: SplitRequest) -> list[str]:
    """Return under which names others have a figure: as it is, or one for every year."""
    rule = request.policy.drivers.get(name)
    names = {name, *([rule.measure] if rule is not None and rule.measure else [])}
    if found := [key for key in request.drivers if key in names]:
        return found
    return [key for key in request.drivers if key.rpartition(":")[0] in names] or [name]


def _moved(rule: SponsorRule | None, points: Fraction | None, year: int) -> Fraction:
    pays = Fraction(0) if rule is None else rule.in_year(year)
    if not isinstance(pays, Fraction):
        raise SettingsError(
            "the sponsor pays an amount ({pays}); say the new amount, not points", pays=pays
        )
    return pays + (points or Fraction(0))


def _times(amount: Money, by: Fraction) -> Money:
    return Money.rounded(amount.minor * (1 + by), amount.currency)


def _with(values: Mapping[str, T], member: str, value: T | None) -> Mapping[str, T]:
    return values if value is None else {**values, member: value}


def _without(values: Mapping[str, T], name: str) -> dict[str, T]:
    return {key: value for key, value in values.items() if key != name}


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
