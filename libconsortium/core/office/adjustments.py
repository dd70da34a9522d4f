"""Dated entries that change what somebody pays after a bill was divided: recorded and balanced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction

import attrs

from libconsortium.core.errors import SplitError
from libconsortium.core.money import Money, total


class AdjustmentKind(StrEnum):
    """Why an amount is changed."""

    JOIN = "join"
    LEAVE = "leave"
    APPEAL = "appeal"
    CORRECTION = "correction"


@attrs.frozen(kw_only=True)
class Adjustment:
    """What one party pays more, or (negative) less, by one dated decision.

    Every entry balances: what one party does not pay another does.

    Args:
        subscription: Id of the subscription.
        year: The year of the bill.
        entry: The office's own number of the entry; its adjustments carry the same.
        party: Id of the member, or ``sponsor``, or any other name (``reserve``).
        amount: What it pays more.
        on: The day of the decision.
        kind: Why.
        why: The reason, in words.
        decided_by: Who decided: a role (``board``), not a name.
        source: Where this is written.

    >>> one = Adjustment(subscription="db", year=2027, entry="1", party="dh-a",
    ...                  amount=Money(-5, "VND"), on=date(2027, 6, 1), why="closed for repairs")
    >>> one.kind.value
    'correction'
    """

    subscription: str
    year: int
    entry: str
    party: str
    amount: Money
    on: date
    kind: AdjustmentKind = AdjustmentKind.CORRECTION
    why: str = ""
    decided_by: str = ""
    source: str = ""


@attrs.frozen(kw_only=True)
class Resolution:
    """What the adjustments of one entry have in common.

    Args:
        subscription: Id of the subscription.
        year: The year of the bill.
        entry: The office's own number of the entry.
        on: The day of the decision.
        why: The reason, in words.
        decided_by: Who decided: a role, not a name.
    """

    subscription: str
    year: int
    entry: str
    on: date
    why: str = ""
    decided_by: str = ""

    def adjusting(
        self, amounts: Mapping[str, Money], kind: AdjustmentKind
    ) -> tuple[Adjustment, ...]:
        """Return the entry: one adjustment for every party whose amount changes, by name.

        Raises:
            SplitError: The amounts do not balance.
        """
        common = attrs.asdict(self)
        made = tuple(
            Adjustment(**common, party=party, amount=amount, kind=kind)
            for party, amount in sorted(amounts.items())
            if amount.minor
        )
        _balanced(self.entry, made)
        return made


def appeal(
    resolution: Resolution,
    member: str,
    relief: Money,
    paid: Mapping[str, Money],
    *,
    payer: str = "",
) -> tuple[Adjustment, ...]:
    """Lower what a member pays, and let somebody else pay it.

    Args:
        resolution: The resolution on the appeal.
        member: Whose appeal it is.
        relief: By how much it pays less, not negative and not more than it pays.
        paid: What every member pays, by id.
        payer: Who pays instead: ``sponsor``, ``reserve`` or any name. Empty: the other members, in
            proportion to what they pay.

    Raises:
        SplitError: The member pays nothing or less than the relief, or nobody else pays.

    >>> said = Resolution(subscription="db", year=2027, entry="1", on=date(2027, 6, 1))
    >>> paid = {"a": Money(10, "VND"), "b": Money(6, "VND"), "c": Money(3, "VND")}
    >>> [(one.party, one.amount.minor) for one in appeal(said, "a", Money(3, "VND"), paid)]
    [('a', -3), ('b', 2), ('c', 1)]
    """
    if member not in paid or not Money(0, relief.currency) <= relief <= paid[member]:
        raise SplitError(
            "{member!r} cannot pay {relief} less; it pays {paid}",
            member=member,
            relief=relief,
            paid=paid.get(member, Money(0, relief.currency)),
        )
    if payer:
        instead = {payer: relief}
    else:
        weights = {one: Fraction(of.minor) for one, of in paid.items() if one != member}
        instead = relief.divided(weights)
    return resolution.adjusting({**instead, member: -relief}, AdjustmentKind.APPEAL)


def check_balance(adjustments: Iterable[Adjustment]) -> None:
    """Refuse entries that do not balance.

    Raises:
        SplitError: The amounts of an entry do not add up to zero.

    >>> one = Adjustment(subscription="db", year=2027, entry="1", party="dh-a",
    ...                  amount=Money(-5, "VND"), on=date(2027, 6, 1))
    >>> check_balance([one, attrs.evolve(one, party="sponsor", amount=Money(5, "VND"))])
    >>> check_balance([one])
    Traceback (most recent call last):
    libconsortium.core.errors.SplitError: the adjustments of entry '1' come to -5 VND, not ...
    """
    entries: dict[str, list[Adjustment]] = {}
    for one in adjustments:
        entries.setdefault(one.entry, []).append(one)
    for entry, of in sorted(entries.items()):
        _balanced(entry, of)


def _balanced(entry: str, adjustments: Iterable[Adjustment]) -> None:
    amounts = [one.amount for one in adjustments]
    if amounts and (left := total(amounts, amounts[0].currency)).minor:
        raise SplitError(
            "the adjustments of entry {entry!r} come to {left}, not to zero; say who pays what"
            " another does not",
            entry=entry,
            left=left,
        )
