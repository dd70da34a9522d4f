"""The consortium's account book: statements entered, payments entered, slips turned round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from libconsortium.consortium import Consortium
from libconsortium.core.directory.changes import changes
from libconsortium.core.directory.directory import Directory
from libconsortium.core.office.bookkeeping import (
    awaited_by,
    charge_entries,
    not_entered,
    payment_entries,
)
from libconsortium.core.office.ledger import Entry, Ledger, LedgerLine, ledger_lines
from libconsortium.core.office.payments import BankLine, PaymentMatch, match_payments
from libconsortium.core.office.statements import StatementSet


def book_of(consortium: Consortium) -> Ledger:
    """Return the account book that is kept.

    Raises:
        UnbalancedEntryError: Somebody has changed a line of it by hand.
    """
    return Ledger.of(consortium.directory().of_kind(LedgerLine))


def issue_statements(consortium: Consortium, found: StatementSet) -> tuple[Entry, ...]:
    """Enter what approved statements charge; what is entered already is not entered again.

    Args:
        consortium: Whose.
        found: The statements of a notice or a settlement.

    Returns:
        The new entries; none if the book says the same already.

    Raises:
        SettingsError: Nobody has approved the statements, or they are an estimate.
    """
    made = charge_entries(found, book_of(consortium), on=consortium.clock().date())
    _keep(consortium, made, what=f"{found.phase.value} {found.subscription} {found.year}")
    return made


def match_bank_lines(
    consortium: Consortium, lines: Sequence[BankLine], language: str = ""
) -> tuple[PaymentMatch, ...]:
    """Find what the lines of the bank's list pay that the book does not have yet.

    Args:
        consortium: Whose.
        lines: The bank's lines.
        language: Language of the libraries' names; the consortium's own if empty.
    """
    book, directory = book_of(consortium), consortium.directory()
    language = language or consortium.settings.file.consortium.language
    today = consortium.clock().date()
    names = {
        one: directory.name_of(one, on=today, language=language) for one in directory.libraries
    }
    return match_payments(awaited_by(book, names), not_entered(lines, book))


def enter_payments(
    consortium: Consortium, matches: Iterable[PaymentMatch], *, source: str = ""
) -> tuple[Entry, ...]:
    """Enter the payments whose payer is known.

    Args:
        consortium: Whose.
        matches: What ``match_bank_lines`` found.
        source: Where they are written: the bank's list.
    """
    made = payment_entries(matches)
    _keep(consortium, made, what="payments", source=source)
    return made


def turn_round(consortium: Consortium, entry: str, *, why: str) -> Entry:
    """Turn an entry round by a new one; nothing is ever taken out of the book.

    Args:
        consortium: Whose.
        entry: Id of the wrong entry.
        why: The reason.

    Raises:
        UnknownIdError: There is no such entry.
        UnbalancedEntryError: It was turned round already.
    """
    day: date = consortium.clock().date()
    book = book_of(consortium).corrected(entry, id=f"{entry}-x", on=day, what=why)
    made = book.entries[-1]
    _keep(consortium, [made], what=f"turned round: {entry}")
    return made


def _keep(consortium: Consortium, made: Sequence[Entry], *, what: str, source: str = "") -> None:
    if not made:
        return
    lines = [line for entry in made for line in ledger_lines(entry, source=source)]
    listed = changes(consortium.directory(), Directory.of(lines))
    consortium.store.apply(listed, at=consortium.clock(), what=what)
