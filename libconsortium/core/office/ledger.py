"""An account book: entries that add up to zero, only ever appended to.

An entry says what moved from where to where; what was wrong is set right by a new entry that turns
it round. Amounts are positive where an account receives and negative where it gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import attrs

from libconsortium.core.errors import UnbalancedEntryError, UnknownIdError
from libconsortium.core.money import Money


@attrs.frozen(kw_only=True)
class Posting:
    """One line of an entry.

    Args:
        account: The account: ``payer:tv-quang-ninh``, ``dues:2019``, ``bank``.
        amount: What the account receives; negative if it gives.
        due_on: The last day to pay what is charged here, or ``None``.
    """

    account: str
    amount: Money
    due_on: date | None = None


@attrs.frozen(kw_only=True)
class LedgerLine:
    """One line of the account book as a fact: a posting of an entry.

    The lines of an entry add up to zero; what was wrong is turned round by a new entry.

    Args:
        entry: Id of the entry; its lines carry the same.
        account: The account: ``payer:dh-a``, ``bill:journals:2027``, ``bank``.
        amount: What the account receives; negative if it gives.
        on: The day of the event.
        due_on: The last day to pay what is charged here, or empty.
        what: What happened, in the office's words.
        corrects: Id of the entry that this one turns round; empty if none.
        source: Where this is written.

    >>> LedgerLine(entry="1", account="bank", amount=Money(5, "VND"), on=date(2027, 1, 9)).what
    ''
    """

    entry: str
    account: str
    amount: Money
    on: date
    due_on: date | None = None
    what: str = ""
    corrects: str = ""
    source: str = ""


@attrs.frozen(kw_only=True)
class Entry:
    """One event of the book.

    Args:
        id: The entry's own id.
        on: The day of the event.
        what: What happened, in the office's words.
        postings: What each account receives or gives; they add up to zero in every currency.
        corrects: Id of the entry that this one turns round; empty if none.

    Raises:
        UnbalancedEntryError: The postings do not add up to zero, or there are none.

    >>> Entry(
    ...     id="1",
    ...     on=date(2019, 1, 1),
    ...     postings=(Posting(account="bank", amount=Money(5, "VND")),),
    ... )
    Traceback (most recent call last):
    ...
    libconsortium.core.errors.UnbalancedEntryError: entry '1' does not add up to zero: 5 VND ...
    """

    id: str
    on: date
    what: str = ""
    postings: tuple[Posting, ...]
    corrects: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse an entry in which money appears or vanishes."""
        if not self.postings:
            raise UnbalancedEntryError(
                "entry {id!r} has no postings; say which accounts it is about", id=self.id
            )
        for currency in sorted({one.amount.currency for one in self.postings}):
            left = sum(one.amount.minor for one in self.postings if one.amount.currency == currency)
            if left:
                raise UnbalancedEntryError(
                    "entry {id!r} does not add up to zero: {left} is left over;"
                    " every amount received is given by another account",
                    id=self.id,
                    left=Money(left, currency),
                )


@attrs.frozen
class Ledger:
    """The entries so far; a new entry gives a new ledger.

    Args:
        entries: The entries in the order in which they were made.

    >>> charge = moved("1", date(2019, 1, 1), "dues:2019", "payer:a", Money(10, "VND"))
    >>> paid = moved("2", date(2019, 3, 1), "payer:a", "bank", Money(7, "VND"))
    >>> Ledger().appended(charge).appended(paid).balance("payer:a", "VND")
    Money(minor=3, currency='VND')
    """

    entries: tuple[Entry, ...] = ()

    @classmethod
    def of(cls, lines: Iterable[LedgerLine]) -> Ledger:
        """Put the lines of a book together to entries, in the order of their days.

        Raises:
            UnbalancedEntryError: The lines of an entry do not add up to zero.

        >>> Ledger.of([]).entries
        ()
        """
        found: dict[str, list[LedgerLine]] = {}
        for line in sorted(lines, key=lambda one: (one.on, one.entry, one.account)):
            found.setdefault(line.entry, []).append(line)
        return cls(
            tuple(
                Entry(
                    id=entry,
                    on=each[0].on,
                    what=each[0].what,
                    corrects=each[0].corrects,
                    postings=tuple(
                        Posting(account=one.account, amount=one.amount, due_on=one.due_on)
                        for one in each
                    ),
                )
                for entry, each in found.items()
            )
        )

    def appended(self, entry: Entry) -> Ledger:
        """Return the ledger with one more entry.

        Raises:
            UnbalancedEntryError: There is an entry of this id already.
            UnknownIdError: It corrects an entry that there is not.
        """
        known = {one.id for one in self.entries}
        if entry.id in known:
            raise UnbalancedEntryError(
                "there is an entry {id!r} already; a correction is a new entry with its own id",
                id=entry.id,
            )
        if entry.corrects and entry.corrects not in known:
            raise UnknownIdError("no entry {id!r} to correct", id=entry.corrects)
        return Ledger((*self.entries, entry))

    def corrected(self, wrong: str, *, id: str, on: date, what: str = "") -> Ledger:  # noqa: A002 - an entry's id
        """Return the ledger with an entry that turns another one round.

        Raises:
            UnknownIdError: There is no such entry.
            UnbalancedEntryError: It was turned round already.
        """
        found = next((one for one in self.entries if one.id == wrong), None)
        if found is None:
            raise UnknownIdError("no entry {id!r} to correct", id=wrong)
        if any(one.corrects == wrong for one in self.entries):
            raise UnbalancedEntryError("entry {id!r} was corrected already", id=wrong)
        postings = tuple(attrs.evolve(one, amount=-one.amount) for one in found.postings)
        return self.appended(Entry(id=id, on=on, what=what, postings=postings, corrects=wrong))

    def balance(self, account: str, currency: str, *, on: date | None = None) -> Money:
        """Return what an account has received less what it gave.

        Args:
            account: The account.
            currency: Currency of the balance.
            on: The last day that counts; all days if ``None``.
        """
        minor = sum(
            posting.amount.minor
            for entry in self._until(on)
            for posting in entry.postings
            if posting.account == account and posting.amount.currency == currency
        )
        return Money(minor, currency)

    def balances(self, *, on: date | None = None) -> dict[tuple[str, str], Money]:
        """Return every balance that is not zero, by account and currency.

        >>> Ledger().balances()
        {}
        """
        found: dict[tuple[str, str], int] = {}
        for entry in self._until(on):
            for posting in entry.postings:
                key = (posting.account, posting.amount.currency)
                found[key] = found.get(key, 0) + posting.amount.minor
        return {key: Money(minor, key[1]) for key, minor in sorted(found.items()) if minor}

    def _until(self, on: date | None) -> Iterable[Entry]:
        return (entry for entry in self.entries if on is None or entry.on <= on)


def ledger_lines(entry: Entry, *, source: str = "") -> tuple[LedgerLine, ...]:
    """Return an entry as facts, one line for each account.

    >>> entry = moved("1", date(2019, 1, 1), "payer:a", "bank", Money(5, "VND"))
    >>> [(line.account, line.amount.minor) for line in ledger_lines(entry)]
    [('bank', 5), ('payer:a', -5)]
    """
    return tuple(
        LedgerLine(
            entry=entry.id,
            account=one.account,
            amount=one.amount,
            on=entry.on,
            due_on=one.due_on,
            what=entry.what,
            corrects=entry.corrects,
            source=source,
        )
        for one in entry.postings
    )


def moved(id: str, on: date, giver: str, receiver: str, amount: Money, what: str = "") -> Entry:  # noqa: A002, PLR0913, PLR0917 - an entry's own parts
    """Return the entry that moves an amount from one account to another.

    >>> entry = moved("1", date(2019, 1, 1), "a", "b", Money(5, "VND"))
    >>> [str(one.amount) for one in entry.postings]
    ['5 VND', '-5 VND']
    """
    postings = (
        Posting(account=receiver, amount=amount),
        Posting(account=giver, amount=-amount),
    )
    return Entry(id=id, on=on, what=what, postings=postings)


AGE_LIMITS = (0, 30, 90, 365)
"""Days after the due day that divide arrears by age: not due yet, 30, 90, a year, more."""


def aging(owed: Mapping[str, tuple[date, Money]], on: date) -> dict[int | None, Money]:
    """Return what is owed by how long it has been due.

    Args:
        owed: Due day and amount left by due.
        on: The day of looking.

    Returns:
        The sum for each of ``AGE_LIMITS``, and for ``None`` what is older than all; empty if
        nothing is owed.

    >>> owed = {"a": (date(2019, 1, 1), Money(5, "VND"))}
    >>> {age: one.minor for age, one in aging(owed, date(2019, 1, 20)).items()}
    {30: 5}
    """
    found: dict[int | None, Money] = {}
    for due_on, amount in owed.values():
        days = (on - due_on).days
        age = next((limit for limit in AGE_LIMITS if days <= limit), None)
        found[age] = found[age] + amount if age in found else amount
    return dict(sorted(found.items(), key=lambda one: (one[0] is None, one[0] or 0)))
