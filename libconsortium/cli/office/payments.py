"""Which payer a line of the bank's list comes from, and who still owes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from libconsortium import (
    BankLine,
    ClassSummary,
    Due,
    DuesState,
    ExpectedFile,
    Ledger,
    Payer,
    PaymentMatch,
    Receipt,
    book_of,
    dues_summary,
    enter_payments,
    format_money,
    format_percent,
    match_bank_lines,
    match_payments,
    open_dues,
    payment_entries,
    read_bank_lines,
    read_expected,
    settled_dues,
)
from libconsortium.cli.frame import (
    FILE_HERE,
    N_,
    Terminal,
    as_json,
    as_table,
    command,
    current,
    json_option,
    option,
)

_STATUSES = (
    # Values that are said in a table.
    N_("matched"),
    N_("partial"),
    N_("over"),
    N_("late"),
    N_("unknown"),
)


@command(
    help=N_(
        "Find which payer each line of the bank's list comes from, and who still owes.\n\n"
        "What is owed: what the account book has charged ('libconsortium statement --issue'), or"
        " --expected: a table with id, name, amount, and where you have them due_on, year,"
        " reference, aliases, class and through (the union that pays for a member). The bank's"
        " list: date, amount, text. A doubtful line stays unknown, with the reason.\n\n"
        "--keep enters the payments whose payer is known in the account book. A line that it has"
        " already, of an older list, is left out."
    ),
    examples=(
        "libconsortium payments --bank bank.csv --keep",
        "libconsortium payments --expected expected.csv --bank bank.csv",
        "libconsortium payments --expected expected.csv --bank bank.csv --json",
    ),
)
@option(
    "--expected",
    type=FILE_HERE,
    help=N_("What is owed: CSV, TSV, XLSX or ODS; without it, what the account book waits for."),
)
@option(
    "--bank",
    required=True,
    type=FILE_HERE,
    help=N_("The bank's list: CSV, TSV, XLSX or ODS."),
)
@option(
    "--currency",
    default="VND",
    show_default=True,
    help=N_("Currency of amounts that name none."),
)
@option("--keep", is_flag=True, help=N_("Enter the payments in the account book."))
@json_option
@current
def payments(
    terminal: Terminal,
    *,
    expected: Path | None,
    bank: Path,
    currency: str,
    keep: bool,
    json_: bool,
) -> None:
    """Match payments."""
    if keep and expected is not None:
        raise click.UsageError(
            terminal.said(N_("--keep is for the account book: leave --expected out"))
        )
    lines, problems = read_bank_lines(bank, currency.upper())
    if expected is None:
        terminal.say_problems(problems)
        matches, state = _by_the_book(terminal, bank, lines, keep=keep)
    else:
        owed = read_expected(expected, currency.upper())
        terminal.say_problems((*owed.problems, *problems))
        matches = match_payments(owed.expected, lines)
        state = _settled(owed, matches)
    if json_:
        as_json(
            {
                "payments": [_match_row(match) for match in matches],
                "expected": [_state_row(state, index) for index in range(len(state.states))],
                "classes": [_class_row(one) for one in dues_summary(state)],
                "advances": {
                    payer: {"amount": amount.minor, "currency": amount.currency}
                    for payer, amount in state.advances.items()
                },
            }
        )
    else:
        _show(terminal, matches, state)


def _by_the_book(
    terminal: Terminal, bank: Path, lines: Sequence[BankLine], *, keep: bool
) -> tuple[Sequence[PaymentMatch], DuesState]:
    """Match the bank's lines with what the account book waits for; keep them if asked to."""
    with terminal.consortium() as consortium:
        matches = match_bank_lines(consortium, lines, terminal.language)
        terminal.say(
            N_("{new} of {count} lines are not in the account book yet"),
            new=len(matches),
            count=len(lines),
        )
        book = Ledger((*book_of(consortium).entries, *payment_entries(matches)))
        if keep:
            made = enter_payments(consortium, matches, source=bank.name)
            terminal.say(N_("{count} entries made in the account book"), count=len(made))
        return matches, open_dues(book)


def _settled(owed: ExpectedFile, matches: Sequence[PaymentMatch]) -> DuesState:
    classes = {payer.id: payer for payer in owed.payers}
    dues = [
        Due(
            payer=one.id,
            payer_class=classes[one.id].payer_class,
            year=one.year or (one.due_on.year if one.due_on else 0),
            amount=one.amount,
            due_on=one.due_on,
            covers=tuple(sorted(_covered(owed.payers, one.id))),
        )
        for one in owed.expected
    ]
    receipts = [
        Receipt(
            payer=match.expected.id, amount=match.line.amount, on=match.line.on, id=match.line.id
        )
        for match in matches
        if match.expected is not None
    ]
    return settled_dues(dues, receipts)


def _covered(payers: Sequence[Payer], payer: str) -> set[str]:
    return {payer, *(one.id for one in payers if one.through == payer)}


def _show(terminal: Terminal, matches: Sequence[PaymentMatch], state: DuesState) -> None:
    headings = (N_("Day"), N_("Amount"), N_("Payer"), N_("Status"), N_("Why"))
    as_table(
        [terminal.said(heading) for heading in headings],
        [
            (
                _day(match.line),
                format_money(match.line.amount, terminal.language),
                match.expected.id if match.expected else "-",
                terminal.said(match.status.value),
                "; ".join(terminal.said(reason) for reason in match.reasons),
            )
            for match in matches
        ],
    )
    for one in dues_summary(state):
        click.echo()
        click.echo(
            terminal.said(
                N_(
                    "{name}: {paid} of {units} paid in full ({by_units}); {received} of {expected}"
                    " received ({by_money}); {arrears} still owed"
                ),
                name=one.payer_class or terminal.said(N_("all payers")),
                paid=one.paid_units,
                units=one.units,
                by_units=format_percent(one.by_units, terminal.language, decimals=2),
                received=format_money(one.received, terminal.language),
                expected=format_money(one.expected, terminal.language),
                by_money=format_percent(one.by_money, terminal.language, decimals=2),
                arrears=format_money(one.arrears, terminal.language),
            )
        )
        if one.in_arrears:
            click.echo(terminal.said(N_("still owing: {ids}"), ids=", ".join(one.in_arrears)))


def _day(line: BankLine) -> str:
    day: date = line.on
    return day.isoformat()


def _match_row(match: PaymentMatch) -> dict[str, object]:
    return {
        "line": match.line.id,
        "date": match.line.on.isoformat(),
        "amount": match.line.amount.minor,
        "currency": match.line.amount.currency,
        "text": match.line.text,
        "payer": match.expected.id if match.expected else None,
        "year": match.expected.year if match.expected else None,
        "status": match.status.value,
        "late": match.is_late,
        "confidence": match.confidence,
        "reasons": [str(reason) for reason in match.reasons],
        "left": match.left.minor if match.left else None,
    }


def _state_row(state: DuesState, index: int) -> dict[str, object]:
    one = state.states[index]
    return {
        "payer": one.due.payer,
        "class": one.due.payer_class,
        "year": one.due.year or None,
        "expected": one.due.amount.minor,
        "received": one.received.minor,
        "left": one.left.minor,
        "currency": one.due.amount.currency,
        "late": one.is_late,
        "covers": list(one.due.covers),
        "reference": one.due.reference,
    }


def _class_row(one: ClassSummary) -> dict[str, object]:
    return {
        "class": one.payer_class,
        "units": one.units,
        "paid_units": one.paid_units,
        "expected": one.expected.minor,
        "received": one.received.minor,
        "arrears": one.arrears.minor,
        "currency": one.expected.currency,
        "rate_by_units": round(float(one.by_units * 100), 2),
        "rate_by_money": round(float(one.by_money * 100), 2),
        "in_arrears": list(one.in_arrears),
    }
