"""Members who join or leave in the middle of the year: who pays what for which days.

A joiner pays the part of its whole year's share for what is left of the period. The money either
lowers the others' amounts, as if the bill had been divided anew for the days that are left, or it
is added revenue of somebody (a reserve).
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

import attrs

from libconsortium.core.errors import SplitError
from libconsortium.core.money import Money
from libconsortium.core.office.adjustments import Adjustment, AdjustmentKind, Resolution
from libconsortium.core.sharing.policies import SPONSOR
from libconsortium.core.sharing.splits import Split

_MONTHS, _QUARTER = 12, 3


class ProRata(StrEnum):
    """The steps in which time is counted; a step that has begun counts as a whole."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"


@attrs.frozen(kw_only=True)
class BillingPeriod:
    """The period a bill is for.

    Args:
        first: First day.
        last: Last day.

    Raises:
        SplitError: The last day is before the first.

    >>> year = BillingPeriod.of_year(2026)
    >>> year.left_from(date(2026, 7, 1))
    Fraction(184, 365)
    >>> year.left_from(date(2026, 8, 20), ProRata.MONTH)
    Fraction(5, 12)
    """

    first: date
    last: date

    def __attrs_post_init__(self) -> None:
        """Refuse a period that ends before it begins."""
        if self.last < self.first:
            raise SplitError(
                "the period from {first} to {last} ends before it begins",
                first=self.first,
                last=self.last,
            )

    @classmethod
    def of_year(cls, year: int) -> BillingPeriod:
        """Return a calendar year."""
        return cls(first=date(year, 1, 1), last=date(year, 12, 31))

    def left_from(self, day: date, by: ProRata = ProRata.DAY) -> Fraction:
        """Return which part of the period is left from a day on, that day counted.

        Quarters are counted from the period's first month.

        Raises:
            SplitError: The day lies outside the period.
        """
        if not self.first <= day <= self.last:
            raise SplitError(
                "{day} lies outside the period from {first} to {last}",
                day=day,
                first=self.first,
                last=self.last,
            )
        if by is ProRata.DAY:
            return Fraction((self.last - day).days + 1, (self.last - self.first).days + 1)
        step = _QUARTER if by is ProRata.QUARTER else 1
        gone = _months(self.first, day) // step
        whole = -(-(_months(self.first, self.last) + 1) // step)
        return Fraction(whole - gone, whole)


@attrs.frozen(kw_only=True)
class MidYear:
    """A bill divided without a member and with it, and what is in between.

    Args:
        member: Its id.
        without: A whole year's bill divided without it.
        with_it: A whole year's bill divided with it.

    Raises:
        SplitError: It shares the first bill, or does not share the second.
    """

    member: str
    without: Split
    with_it: Split

    def __attrs_post_init__(self) -> None:
        """Refuse splits that are not those without and with the member."""
        if self.member in self.without.shares or self.member not in self.with_it.shares:
            raise SplitError(
                "{member!r} must share the bill in the second split and not in the first",
                member=self.member,
            )

    def part(self, left: Fraction) -> Money:
        """Return what the member pays for a part of the period, halves up."""
        whole = self.with_it.shares[self.member].amount
        return Money.rounded(whole.minor * left, whole.currency)

    def joins(
        self, left: Fraction, resolution: Resolution, *, into: str = ""
    ) -> tuple[Adjustment, ...]:
        """Return the entry of a member that joins in the middle of the year.

        Args:
            left: The part of the period it is a member for (``BillingPeriod.left_from``).
            resolution: The resolution by which it joins.
            into: Who gets the money: ``reserve`` or any name. Empty: the members and the sponsor
                pay less, in proportion to what each would save by the joiner in a whole year.

        Raises:
            SplitError: Nobody saves anything by it, and ``into`` is empty.
        """
        pays = self.part(left)
        gets = {into: pays} if into else pays.divided(self._gains())
        changes = {party: -amount for party, amount in gets.items()}
        return resolution.adjusting({**changes, self.member: pays}, AdjustmentKind.JOIN)

    def leaves(
        self, left: Fraction, resolution: Resolution, *, payer: str = ""
    ) -> tuple[Adjustment, ...]:
        """Return the entry of a member that leaves in the middle of the year with money back.

        Args:
            left: The part of the period it is no member for: ``BillingPeriod.left_from`` the day
                after its last.
            resolution: The resolution by which it leaves.
            payer: Who pays what it gets back: ``reserve`` or any name. Empty: those who are left,
                in proportion to what each would pay more in a whole year.

        Raises:
            SplitError: Nobody would pay more without it, and ``payer`` is empty.
        """
        back = self.part(left)
        paid = {payer: back} if payer else back.divided(self._gains())
        return resolution.adjusting({**paid, self.member: -back}, AdjustmentKind.LEAVE)

    def _gains(self) -> dict[str, Fraction]:
        """Return what each party pays less in a year with the member than in one without."""
        before, after = _paid(self.without), _paid(self.with_it)
        gains = {
            party: max(Fraction(0), Fraction(amount.minor - after[party].minor))
            for party, amount in before.items()
            if party in after
        }
        if not any(gains.values()):
            raise SplitError(
                "nobody pays less with {member!r} than without; say who gets or pays the money",
                member=self.member,
            )
        return gains


def day_after(day: date) -> date:
    """Return the day from which a member that leaves with a day is no member any more.

    >>> day_after(date(2026, 6, 30)).isoformat()
    '2026-07-01'
    """
    return day + timedelta(days=1)


def _paid(split: Split) -> dict[str, Money]:
    shares = {member: share.amount for member, share in split.shares.items()}
    return {SPONSOR: split.sponsor, **shares}


def _months(first: date, day: date) -> int:
    return (day.year - first.year) * _MONTHS + day.month - first.month
