"""Suppositions about a bill: who joins or leaves, prices, exchange rates, sponsors, policies."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Protocol, TypeVar

import attrs

from libconsortium.core.errors import SettingsError, SplitError
from libconsortium.core.money import Money, exact, total
from libconsortium.core.sharing.policies import PROPORTIONAL, Policy, SponsorRule
from libconsortium.core.sharing.splits import SplitRequest
from libconsortium.core.supposing.positions import Position

T = TypeVar("T")


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
