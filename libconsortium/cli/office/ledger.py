"""The account book: who was charged what, what came in, what is still owed and since when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import click

from libconsortium import (
    Consortium,
    DuesState,
    DueState,
    Entry,
    Ledger,
    UnknownNameError,
    aging,
    book_of,
    open_dues,
    payer_account,
)
from libconsortium import turn_round as turned_round
from libconsortium.cli.frame import (
    N_,
    Terminal,
    as_json,
    as_table,
    command,
    current,
    json_option,
    option,
)
from libconsortium.cli.sharing.compare import money


@command(
    help=N_(
        "Show the account book: what everybody was charged, has paid and still owes.\n\n"
        "'libconsortium statement --issue' enters what is to be paid, 'libconsortium payments"
        " --keep' what was paid. With PAYER (a library, or sponsor): every entry of its account."
        " Nothing is ever taken out: --turn-round enters the opposite of a wrong entry."
    ),
    examples=(
        "libconsortium ledger",
        "libconsortium ledger --on 2027-06-30",
        "libconsortium ledger my-library",
        'libconsortium ledger --turn-round JOURNALS-N2027-DHA-73/1 --why "wrong day"',
    ),
)
@click.argument("payer", required=False)
@option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help=N_("How the book stood at the end of this day; today if not given."),
)
@option("--turn-round", metavar="ENTRY", help=N_("Enter the opposite of this entry."))
@option("--why", default="", help=N_("The reason."))
@json_option
@current
def ledger(
    terminal: Terminal,
    payer: str | None,
    *,
    on: datetime | None,
    turn_round: str | None,
    why: str,
    json_: bool,
) -> None:
    """Show the account book."""
    with terminal.consortium() as consortium:
        if turn_round is not None:
            _turned_round(terminal, consortium, turn_round, why)
        book = book_of(consortium)
        day = consortium.clock().date() if on is None else on.date()
    if payer is not None:
        _show_account(terminal, book, payer, day, json_=json_)
        return
    state = open_dues(book, on=day)
    if json_:
        as_json(_document(state, book, day))
    else:
        _show(terminal, state, day)


def _turned_round(terminal: Terminal, consortium: Consortium, entry: str, why: str) -> None:
    if not why:
        raise click.UsageError(terminal.said(N_("say --why the entry is turned round")))
    made = turned_round(consortium, entry, why=why)
    terminal.say(N_("entry {id} made in the account book"), id=made.id)


def _show_account(terminal: Terminal, book: Ledger, payer: str, day: date, *, json_: bool) -> None:
    account = payer_account(payer)
    entries = [
        entry
        for entry in book.entries
        if entry.on <= day and any(one.account == account for one in entry.postings)
    ]
    if not entries:
        raise UnknownNameError(
            "the account book has nothing of {payer!r}; there are: {known}",
            payer=payer,
            known=", ".join(_payers(book)) or "-",
        )
    if json_:
        as_json({"payer": payer, "on": day.isoformat(), "entries": list(_rows(entries, account))})
        return
    heads = [N_("Day"), N_("Entry"), N_("Amount"), N_("By"), N_("What")]
    as_table(
        [terminal.said(head) for head in heads],
        [
            (
                entry.on.isoformat(),
                entry.id,
                money(terminal, one.amount),
                one.due_on.isoformat() if one.due_on else "–",
                entry.what,
            )
            for entry in entries
            for one in entry.postings
            if one.account == account
        ],
    )


def _rows(entries: Iterable[Entry], account: str) -> Iterable[dict[str, object]]:
    for entry in entries:
        for one in entry.postings:
            if one.account == account:
                yield {
                    "entry": entry.id,
                    "on": entry.on.isoformat(),
                    "amount": one.amount.minor,
                    "currency": one.amount.currency,
                    "due_on": one.due_on.isoformat() if one.due_on else None,
                    "what": entry.what,
                    "corrects": entry.corrects or None,
                }


def _payers(book: Ledger) -> list[str]:
    accounts = {one.account for entry in book.entries for one in entry.postings}
    prefix = payer_account("")
    return sorted(one.removeprefix(prefix) for one in accounts if one.startswith(prefix))


def _is_overdue(one: DueState, day: date) -> bool:
    return bool(one.left.minor) and one.due.due_on is not None and one.due.due_on < day


def _document(state: DuesState, book: Ledger, day: date) -> dict[str, object]:
    return {
        "on": day.isoformat(),
        "charges": [
            {
                "payer": one.due.payer,
                "bill": one.due.payer_class,
                "reference": one.due.reference,
                "due_on": one.due.due_on.isoformat() if one.due.due_on else None,
                "charged": one.due.amount.minor,
                "received": one.received.minor,
                "left": one.left.minor,
                "currency": one.due.amount.currency,
                "overdue": _is_overdue(one, day),
                "late": one.is_late,
            }
            for one in state.states
        ],
        "advances": {
            payer: {"amount": amount.minor, "currency": amount.currency}
            for payer, amount in state.advances.items()
        },
        "arrears_by_age": [
            {"currency": currency, "days": days, "amount": amount}
            for currency in sorted({one.due.amount.currency for one in state.states})
            for days, amount in _ages(state, currency, day)
        ],
        "balances": {
            f"{account} {currency}": amount.minor
            for (account, currency), amount in book.balances(on=day).items()
        },
    }


def _ages(state: DuesState, currency: str, day: date) -> list[tuple[int | None, int]]:
    owed = {
        str(at): (one.due.due_on, one.left)
        for at, one in enumerate(state.states)
        if one.left.minor and one.due.due_on and one.due.amount.currency == currency
    }
    return [(days, amount.minor) for days, amount in aging(owed, day).items()]


def _show(terminal: Terminal, state: DuesState, day: date) -> None:
    heads = [N_("Payer"), N_("Bill"), N_("By"), N_("Charged"), N_("Received"), N_("Left"), ""]
    as_table(
        [terminal.said(head) if head else "" for head in heads],
        [
            (
                one.due.payer,
                one.due.payer_class,
                one.due.due_on.isoformat() if one.due.due_on else "–",
                money(terminal, one.due.amount),
                money(terminal, one.received),
                money(terminal, one.left),
                terminal.said(N_("overdue")) if _is_overdue(one, day) else "",
            )
            for one in state.states
        ],
    )
    for payer, amount in state.advances.items():
        text = N_("{payer} has paid {amount} more than it was charged")
        terminal.say(text, payer=payer, amount=money(terminal, amount))
    late = [one for one in state.states if _is_overdue(one, day)]
    if late:
        text = N_("overdue on {day}: {ids}")
        ids = ", ".join(sorted({one.due.payer for one in late}))
        click.echo(terminal.said(text, day=day.isoformat(), ids=ids))
