"""The account book of what members are told to pay and what they have paid.

Issuing statements charges the members' accounts and credits the bill; a payment moves money from a
member's account to the bank. Who owes what, since when, follows from the book alone.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import attrs

from libconsortium.core.errors import SettingsError
from libconsortium.core.money import Money
from libconsortium.core.office.approvals import Phase
from libconsortium.core.office.dues import Due, DuesState, Receipt, settled_dues
from libconsortium.core.office.ledger import Entry, Ledger, Posting
from libconsortium.core.office.payment_references import reference_of
from libconsortium.core.office.payments import BankLine, ExpectedPayment, PaymentMatch
from libconsortium.core.office.statements import StatementSet
from libconsortium.core.sharing.policies import SPONSOR

BANK = "bank"
"""The account that receives what is paid."""
_PAYER = "payer:"
_BILL = "bill:"
_SHOWN = 16


def payer_account(payer: str) -> str:
    """Return the account of a member, of the sponsor or of another party.

    >>> payer_account("dh-a")
    'payer:dh-a'
    """
    return f"{_PAYER}{payer}"


def bill_account(subscription: str, year: int) -> str:
    """Return the account that gives what the parties are charged for a bill.

    >>> bill_account("journals", 2027)
    'bill:journals:2027'
    """
    return f"{_BILL}{subscription}:{year}"


def charge_entries(found: StatementSet, book: Ledger, *, on: date) -> tuple[Entry, ...]:
    """Return the entries that bring the book to what the statements say; none if it is there.

    Everybody is charged the difference between the statement's total and what the book has charged
    for that bill so far: at first the whole, one entry for each instalment; after an adjustment or
    a settlement only what is new. Issuing twice charges once.

    Args:
        found: The statements of a notice or settlement, approved.
        book: The book so far.
        on: The day they are issued.

    Raises:
        SettingsError: The statements are an estimate, nobody has approved them, or they are a
            notice and the settlement is in the book.

    >>> nothing = Money(0, "VND")
    >>> draft = StatementSet(subscription="db", year=2027, phase=Phase.NOTICE, costs=(),
    ...                      statements={}, sponsor=nothing)
    >>> charge_entries(draft, Ledger(), on=date(2027, 2, 1))
    Traceback (most recent call last):
    libconsortium.core.errors.SettingsError: only an approved notice or settlement is entered ...
    """
    if found.phase is Phase.ESTIMATE or found.approval is None:
        raise SettingsError(
            "only an approved notice or settlement is entered in the book; have somebody other than"
            " its author approve it first"
        )
    bill = bill_account(found.subscription, found.year)
    if found.phase is Phase.NOTICE and any(
        one.account == bill and entry.what.startswith(Phase.SETTLEMENT)
        for entry in book.entries
        for one in entry.postings
    ):
        raise SettingsError(
            "the settlement of {subscription!r} {year} is in the book already; issue the settlement"
            " again instead of the notice",
            subscription=found.subscription,
            year=found.year,
        )
    charged = charged_so_far(book, found.subscription, found.year, found.currency)
    said = {member: one.total for member, one in found.statements.items()}
    said |= {SPONSOR: found.sponsor, **found.others}
    made: list[Entry] = []
    for party in sorted(said.keys() | charged.keys()):
        nothing = Money(0, found.currency)
        rest = said.get(party, nothing) - charged.get(party, nothing)
        if rest.minor:
            made += _charged(found, party, rest, book, on)
    return tuple(made)


def charged_so_far(book: Ledger, subscription: str, year: int, currency: str) -> dict[str, Money]:
    """Return what every party was charged for a bill so far, by id.

    >>> charged_so_far(Ledger(), "db", 2027, "VND")
    {}
    """
    bill = bill_account(subscription, year)
    found: dict[str, Money] = {}
    for entry in book.entries:
        if any(one.account == bill for one in entry.postings):
            for one in entry.postings:
                if one.account.startswith(_PAYER):
                    payer = one.account.removeprefix(_PAYER)
                    found[payer] = found.get(payer, Money(0, currency)) + one.amount
    return found


def _charged(
    found: StatementSet, party: str, rest: Money, book: Ledger, on: date
) -> Iterable[Entry]:
    statement = found.statements.get(party)
    parts: list[tuple[Money, date | None]] = [(rest, None)]
    if statement is not None and statement.instalments:
        parts = [(each.amount, each.on) for each in statement.instalments]
        if sum(amount.minor for amount, _ in parts) != rest.minor:
            parts = [(rest, max(day for _, day in parts if day is not None))]
    code = (
        statement.reference
        if statement is not None
        else reference_of(found.subscription, found.year, party, found.phase)
    )
    first = 1 + sum(one.id.startswith(f"{code}/") for one in book.entries)
    bill = bill_account(found.subscription, found.year)
    for number, (amount, due_on) in enumerate(parts, first):
        yield Entry(
            id=f"{code}/{number}",
            on=on,
            what=f"{found.phase.value} {found.subscription} {found.year}",
            postings=(
                Posting(account=bill, amount=-amount),
                Posting(account=payer_account(party), amount=amount, due_on=due_on),
            ),
        )


def open_dues(book: Ledger, *, on: date | None = None) -> DuesState:
    """Return what every party was charged and how much of it is paid, the oldest charge first.

    A credit (an adjustment in a party's favour) counts like a payment; an entry that was turned
    round counts as if it had never been.

    Args:
        book: The book.
        on: The last day that counts; all days if ``None``.

    Returns:
        One state for each charge; its due's ``payer_class`` names the bill.

    >>> open_dues(Ledger()).states
    ()
    """
    wrong = {one.corrects for one in book.entries if one.corrects}
    charged: dict[str, list[Due]] = {}
    receipts: dict[str, list[Receipt]] = {}
    for entry in book.entries:
        if entry.corrects or entry.id in wrong or (on is not None and entry.on > on):
            continue
        for one in entry.postings:
            if one.account.startswith(_PAYER) and one.amount.minor > 0:
                charged.setdefault(one.amount.currency, []).append(_due(entry, one))
            elif one.account.startswith(_PAYER):
                receipts.setdefault(one.amount.currency, []).append(_receipt(entry, one))
    settled = [
        settled_dues(charged.get(currency, ()), receipts.get(currency, ()))
        for currency in sorted({*charged, *receipts})
    ]
    return DuesState(
        states=tuple(state for each in settled for state in each.states),
        advances={payer: amount for each in settled for payer, amount in each.advances.items()},
    )


def _due(entry: Entry, posting: Posting) -> Due:
    bills = [one.account for one in entry.postings if one.account.startswith(_BILL)]
    return Due(
        payer=posting.account.removeprefix(_PAYER),
        payer_class=bills[0].removeprefix(_BILL).replace(":", " ") if bills else "",
        year=int(bills[0].rpartition(":")[2]) if bills else entry.on.year,
        amount=posting.amount,
        due_on=posting.due_on,
        reference=entry.id.rpartition("/")[0],
    )


def _receipt(entry: Entry, posting: Posting) -> Receipt:
    payer = posting.account.removeprefix(_PAYER)
    return Receipt(payer=payer, amount=-posting.amount, on=entry.on, id=entry.id)


def awaited_by(book: Ledger, names: Mapping[str, str] | None = None) -> tuple[ExpectedPayment, ...]:
    """Return the payments the book waits for: what is left of every charge, if nothing is left too.

    Who has paid all may pay again; its payment is then known as too much.

    Args:
        book: The book.
        names: What the parties are called, by id.

    >>> awaited_by(Ledger())
    ()
    """
    return tuple(
        ExpectedPayment(
            id=one.due.payer,
            name=(names or {}).get(one.due.payer) or one.due.payer,
            amount=one.left,
            due_on=one.due.due_on,
            year=one.due.year,
            reference=one.due.reference,
        )
        for one in open_dues(book).states
    )


def not_entered(lines: Sequence[BankLine], book: Ledger) -> tuple[BankLine, ...]:
    """Return the lines of the bank's list that the book does not have yet, their ids its own.

    A line is known again by day, amount and text, whatever its number in this list: a list that
    overlaps the last one enters nothing twice. Two like lines of one list are two payments.

    Args:
        lines: The bank's lines.
        book: The book.

    >>> line = BankLine(id="7", on=date(2027, 3, 1), amount=Money(5, "VND"), text="a")
    >>> not_entered([line, line], Ledger())[1].id
    'bank-2027-03-01-a9f505a9446cd59b/2'
    """
    known = {one.id for one in book.entries}
    seen = Counter[str]()
    found = []
    for line in lines:
        said = f"{line.amount}|{line.text}".encode()
        code = f"bank-{line.on}-{hashlib.sha256(said).hexdigest()[:_SHOWN]}"
        seen[code] += 1
        id_ = f"{code}/{seen[code]}"
        if id_ not in known:
            found.append(attrs.evolve(line, id=id_))
    return tuple(found)


def payment_entries(matches: Iterable[PaymentMatch]) -> tuple[Entry, ...]:
    """Return the entries of payments whose payer is known; the others have to be looked at.

    Args:
        matches: What the bank's lines were taken for; their ids are those of the entries.

    >>> payment_entries([])
    ()
    """
    return tuple(
        Entry(
            id=one.line.id,
            on=one.line.on,
            what=one.line.text,
            postings=(
                Posting(account=BANK, amount=one.line.amount),
                Posting(account=payer_account(one.expected.id), amount=-one.line.amount),
            ),
        )
        for one in matches
        if one.expected is not None
    )
