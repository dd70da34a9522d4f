"""Membership dues: what each payer owes, what came in, what is left or ahead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

import attrs

from libconsortium.core.errors import SettingsError, UnknownIdError
from libconsortium.core.money import Money, total


@attrs.frozen(kw_only=True)
class Payer:
    """A member that owes dues.

    Args:
        id: The member's id.
        payer_class: What decides its rate: ``provincial-library``, ``chapter``.
        through: Id of the union that pays for it; empty if it pays for itself.
        is_exempt: Whether it owes nothing.
        name: Its name.
    """

    id: str
    payer_class: str
    through: str = ""
    is_exempt: bool = False
    name: str = ""


@attrs.frozen(kw_only=True)
class Due:
    """What one payer owes for one year.

    Args:
        payer: Id of who pays: a member, or the union through which members pay.
        payer_class: The payer's class.
        year: The year.
        amount: What is owed; not negative.
        due_on: The last day to pay, or ``None`` if none is set.
        covers: Ids of the members it is for, the payer itself among them if it owes.
        reference: The code that the payer was asked to write; empty if none.
    """

    payer: str
    payer_class: str
    year: int
    amount: Money
    due_on: date | None = None
    covers: tuple[str, ...] = ()
    reference: str = ""


def expected_dues(
    payers: Iterable[Payer],
    rates: Mapping[str, Money],
    year: int,
    *,
    due_on: date | None = None,
) -> tuple[Due, ...]:
    """Return what is owed for a year, by payer; nobody is charged twice.

    A member that pays through its union owes nothing itself: its rate stands in the due of the
    union, next to the union's own rate if its class has one.

    Args:
        payers: The members; unions are members too.
        rates: The amount of a year by payer class.
        year: The year.
        due_on: The last day to pay.

    Raises:
        SettingsError: A class has no rate, or a union pays through another one.
        UnknownIdError: A union is not among the payers.

    >>> payers = [
    ...     Payer(id="nala", payer_class="union"),
    ...     Payer(id="lib-a", payer_class="chapter", through="nala"),
    ... ]
    >>> rates = {"union": Money(0, "VND"), "chapter": Money(500_000, "VND")}
    >>> [(due.payer, due.amount.minor, due.covers) for due in expected_dues(payers, rates, 2019)]
    [('nala', 500000, ('lib-a',))]
    """
    known = {payer.id: payer for payer in payers}
    owed: dict[str, list[tuple[str, Money]]] = {}
    for payer in known.values():
        if payer.is_exempt:
            continue
        if payer.payer_class not in rates:
            raise SettingsError(
                "{payer!r} is of the class {name!r}, which has no rate; there are: {known}",
                payer=payer.id,
                name=payer.payer_class,
                known=", ".join(sorted(rates)) or "-",
            )
        owed.setdefault(_who_pays(payer, known), []).append((payer.id, rates[payer.payer_class]))
    return tuple(_due(known[payer], parts, year, due_on) for payer, parts in sorted(owed.items()))


def _who_pays(payer: Payer, known: Mapping[str, Payer]) -> str:
    if not payer.through:
        return payer.id
    if payer.through not in known:
        raise UnknownIdError(
            "{payer!r} pays through {union!r}, which is not among the payers",
            payer=payer.id,
            union=payer.through,
        )
    if known[payer.through].through:
        raise SettingsError(
            "{payer!r} pays through {union!r}, which pays through another one; name the one that"
            " pays",
            payer=payer.id,
            union=payer.through,
        )
    return payer.through


def _due(payer: Payer, parts: Sequence[tuple[str, Money]], year: int, due_on: date | None) -> Due:
    amounts = [amount for _, amount in parts]
    return Due(
        payer=payer.id,
        payer_class=payer.payer_class,
        year=year,
        amount=total(amounts, amounts[0].currency),
        due_on=due_on,
        covers=tuple(sorted(member for member, amount in parts if amount.minor)),
    )


@attrs.frozen(kw_only=True)
class Receipt:
    """Money that a payer paid.

    Args:
        payer: Who paid.
        amount: How much; above zero.
        on: The day it came in.
        id: The office's own mark for it: a line of the bank's list.
    """

    payer: str
    amount: Money
    on: date
    id: str = ""


@attrs.frozen(kw_only=True)
class DueState:
    """What has become of a due.

    Args:
        due: The due.
        received: What was paid of it, never more than it.
        is_late: Whether any of that came after the last day.
    """

    due: Due
    received: Money
    is_late: bool = False

    @property
    def left(self) -> Money:
        """What is still owed."""
        return self.due.amount - self.received


@attrs.frozen(kw_only=True)
class DuesState:
    """All dues after all receipts.

    Args:
        states: One for each due, in order of year and payer.
        advances: What each payer has paid beyond everything it owes, only where there is any.
    """

    states: tuple[DueState, ...]
    advances: Mapping[str, Money]


def settled_dues(dues: Iterable[Due], receipts: Iterable[Receipt]) -> DuesState:
    """Set receipts against dues: each payer's oldest due first, what is over waits as advance.

    Of one year's dues the one that has to be paid first is the oldest.

    Args:
        dues: What is owed, of any years.
        receipts: What was paid, in any order.

    >>> due = Due(payer="a", payer_class="unit", year=2019, amount=Money(10, "VND"))
    >>> receipt = Receipt(payer="a", amount=Money(12, "VND"), on=date(2019, 3, 1))
    >>> paid = settled_dues([due], [receipt])
    >>> paid.states[0].left.minor, paid.advances["a"].minor
    (0, 2)
    """
    in_order = sorted(dues, key=lambda due: (due.year, due.payer, due.due_on or date.max))
    of_payer: dict[str, list[int]] = {}
    for index, due in enumerate(in_order):
        of_payer.setdefault(due.payer, []).append(index)
    received = dict.fromkeys(range(len(in_order)), 0)
    late: set[int] = set()
    advances: dict[str, Money] = {}
    for receipt in sorted(receipts, key=lambda one: (one.on, one.id)):
        left = receipt.amount
        for index in of_payer.get(receipt.payer, ()):
            due = in_order[index]
            room = (due.amount - Money(received[index], left.currency)).minor
            taken = min(room, left.minor)
            received[index] += taken
            left -= Money(taken, left.currency)
            if taken and due.due_on is not None and receipt.on > due.due_on:
                late.add(index)
        if left.minor:
            before = advances.get(receipt.payer)
            advances[receipt.payer] = before + left if before else left
    states = tuple(
        DueState(
            due=due,
            received=Money(received[index], due.amount.currency),
            is_late=index in late,
        )
        for index, due in enumerate(in_order)
    )
    return DuesState(states=states, advances=dict(sorted(advances.items())))


@attrs.frozen(kw_only=True)
class ClassSummary:
    """The dues of one class of payers.

    Args:
        payer_class: The class.
        units: How many dues there are.
        paid_units: How many of them are paid in full.
        expected: What is owed together.
        received: What was paid of it.
        in_arrears: Payers who still owe, sorted.
    """

    payer_class: str
    units: int
    paid_units: int
    expected: Money
    received: Money
    in_arrears: tuple[str, ...]

    @property
    def arrears(self) -> Money:
        """What is still owed together."""
        return self.expected - self.received

    @property
    def by_units(self) -> Fraction:
        """Part of the payers who paid in full, from 0 to 1."""
        return Fraction(self.paid_units, self.units)

    @property
    def by_money(self) -> Fraction:
        """Part of the money owed that was paid; 1 if nothing is owed."""
        owed = self.expected.minor
        return Fraction(self.received.minor, owed) if owed else Fraction(1)


def dues_summary(state: DuesState) -> tuple[ClassSummary, ...]:
    """Return the dues by class of payers, sorted; both percentages, each with its own basis.

    >>> due = Due(payer="a", payer_class="unit", year=2019, amount=Money(10, "VND"))
    >>> dues_summary(settled_dues([due], []))[0].in_arrears
    ('a',)
    """
    by_class: dict[str, list[DueState]] = {}
    for one in state.states:
        by_class.setdefault(one.due.payer_class, []).append(one)
    return tuple(_summary(name, states) for name, states in sorted(by_class.items()))


def _summary(name: str, states: Sequence[DueState]) -> ClassSummary:
    currency = states[0].due.amount.currency
    return ClassSummary(
        payer_class=name,
        units=len(states),
        paid_units=sum(not one.left.minor for one in states),
        expected=total([one.due.amount for one in states], currency),
        received=total([one.received for one in states], currency),
        in_arrears=tuple(sorted({one.due.payer for one in states if one.left.minor})),
    )
