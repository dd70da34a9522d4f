"""The consortium's account book: statements entered, payments entered, slips turned round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from libconsortium.consortium.consortium import Consortium
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

    >>> from libconsortium.testing import example_office
    >>> with example_office() as office:
    ...     book_of(office).entries
    ()
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

    >>> from libconsortium import Phase, approve, office_year
    >>> from libconsortium.testing import example_office
    >>> with example_office() as office:
    ...     _ = office.keep(office.split("csdl-vi-du-2025", 2025))
    ...     told = office_year(office, "csdl-vi-du-2025", 2025).statements(Phase.NOTICE)
    ...     _ = approve(office, told, author="accountant", approver="chair")
    ...     told = office_year(office, "csdl-vi-du-2025", 2025).statements(Phase.NOTICE)
    ...     entries, again = issue_statements(office, told), issue_statements(office, told)
    >>> len(entries), len(again)
    (5, 0)
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

    >>> from libconsortium import Money
    >>> from libconsortium.testing import example_office
    >>> line = BankLine(id="1", on=date(2025, 3, 1), amount=Money(5, "VND"), text="?")
    >>> with example_office() as office:
    ...     [one.status.value for one in match_bank_lines(office, [line])]
    ['unknown']
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

    >>> from libconsortium.testing import example_office
    >>> with example_office() as office:
    ...     enter_payments(office, match_bank_lines(office, []))
    ()
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

    >>> from libconsortium.testing import example_office
    >>> with example_office() as office:
    ...     turn_round(office, "7", why="a slip")
    Traceback (most recent call last):
    libconsortium.core.errors.UnknownIdError: no entry '7' to correct
    """
    day: date = consortium.clock().date()
    book = book_of(consortium).corrected(entry, id=f"{entry}-x", on=day, what=why)
    made = book.entries[-1]
    _keep(consortium, [made], what=f"turned round: {entry}")
    return made


def _keep(consortium: Consortium, made: Sequence[Entry], *, what: str, source: str = "") -> None:
    lines = [line for entry in made for line in ledger_lines(entry, source=source)]
    consortium.keep_facts(lines, what=what)
