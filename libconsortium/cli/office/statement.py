"""Each member's statement, and who approved it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from libconsortium import (
    Consortium,
    Phase,
    Report,
    Snapshot,
    StatementSet,
    UnknownNameError,
    amount_in_words,
    issue_statements,
    office_year,
    statements_document,
    subject_of,
    write_report,
)
from libconsortium import approve as approved
from libconsortium.cli.frame import (
    FOLDER,
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
from libconsortium.cli.sharing.reports import file_name

PHASES = [one.value for one in Phase]
FORMATS = ("pdf", "html", "json")

_SAID_LATER = (N_("estimate"), N_("notice"), N_("settlement"))

phase_option = option(
    "--phase",
    type=click.Choice(PHASES),
    default=Phase.NOTICE.value,
    show_default=True,
    help=N_("How far the year has come."),
)


@command(
    help=N_(
        "Show what each member is told to pay, or write a file for each.\n\n"
        "The figures are those of the split that was kept last, or of the one that was approved;"
        " with adjustments by their dates. A settlement shows what was paid on top of the notice:"
        " the difference between the exchange rates, divided by the same parts. Without an"
        " approval a file says that it is a draft. The same figures give the same bytes.\n\n"
        "--issue enters what each member is told to pay in the account book ('libconsortium"
        " ledger'); a second time only what has changed since, by an adjustment or a settlement."
    ),
    examples=(
        "libconsortium statement journals 2027",
        "libconsortium statement journals 2027 --phase notice --format pdf --into letters",
        "libconsortium --lang vi statement journals 2027 my-library --into letters",
        "libconsortium statement journals 2027 --issue",
    ),
)
@click.argument("subscription")
@click.argument("year", type=int)
@click.argument("member", required=False)
@phase_option
@option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default="pdf",
    show_default=True,
    help=N_("What to write into the folder."),
)
@option(
    "--into",
    type=FOLDER,
    help=N_("The folder to write a file for each member into."),
)
@option(
    "--issue",
    is_flag=True,
    help=N_("Enter what everybody is told to pay in the account book; it must be approved."),
)
@json_option
@current
def statement(
    terminal: Terminal,
    subscription: str,
    year: int,
    member: str | None,
    *,
    phase: str,
    format_: str,
    into: Path | None,
    issue: bool,
    json_: bool,
) -> None:
    """Show or write statements."""
    if issue and member is not None:
        raise click.UsageError(terminal.said(N_("--issue is for all members: leave MEMBER out")))
    with terminal.consortium() as consortium:
        found = office_year(consortium, subscription, year).statements(Phase(phase))
        wanted = _wanted(found, member)
        names = consortium.names_of(subscription, year, found.statements, terminal.language)
        written = []
        if into is not None:
            for one in wanted:
                snapshot = statement_snapshot(consortium, found, one, names, terminal.language)
                suffix = consortium.registry.find(Report, format_).suffix
                path = into / f"{file_name(phase, subscription, year, one)}{suffix}"
                written.append(write_report(snapshot, format_, path, consortium.registry))
        entries = issue_statements(consortium, found) if issue else ()
    if json_:
        document = statements_document(found)
        kept = {one: document["statements"][one] for one in wanted}
        as_json(
            {
                **document,
                "statements": kept,
                "written": [str(path) for path in written],
                "entries": [one.id for one in entries],
            }
        )
        return
    _show(terminal, found, wanted, names)
    for path in written:
        terminal.say(N_("wrote {path}"), path=path)
    if issue:
        terminal.say(N_("{count} entries made in the account book"), count=len(entries))


def statement_snapshot(
    consortium: Consortium,
    found: StatementSet,
    member: str,
    names: Mapping[str, str],
    language: str,
) -> Snapshot:
    """Return what the statement of one member is made of."""
    due = found.statements[member].due
    data = {
        "set": found,
        "member": member,
        "name": names.get(member, member),
        "subject": subject_of(consortium, found.subscription),
        "in_words": amount_in_words(-due if due.minor < 0 else due, language, consortium.registry),
    }
    about = consortium.settings.file.consortium
    return Snapshot(kind="statement", title=about.name, language=language, data=data)


def _wanted(found: StatementSet, member: str | None) -> list[str]:
    if member is None:
        return list(found.statements)
    if member not in found.statements:
        raise UnknownNameError(
            "{member!r} has no statement; those who have: {known}",
            member=member,
            known=", ".join(found.statements),
        )
    return [member]


def _show(
    terminal: Terminal, found: StatementSet, wanted: list[str], names: Mapping[str, str]
) -> None:
    heads = [N_("Member"), N_("Reference"), N_("For the year"), N_("To pay"), N_("By")]
    rows = [
        [
            names.get(member) or member,
            one.reference,
            money(terminal, one.total),
            money(terminal, one.due),
            max((f"{each.on:%Y-%m-%d}" for each in one.instalments), default="–"),
        ]
        for member, one in found.statements.items()
        if member in wanted
    ]
    as_table([terminal.said(head) for head in heads], rows)
    click.echo()
    said = N_("members {members} + sponsor {sponsor} + others {others} = bill {bill}")
    others = found.cost - found.members_pay - found.sponsor
    click.echo(
        terminal.said(
            said,
            members=money(terminal, found.members_pay),
            sponsor=money(terminal, found.sponsor),
            others=money(terminal, others),
            bill=money(terminal, found.cost),
        )
    )
    if found.approval is None:
        click.echo(terminal.said(N_("not approved: a draft")))
    else:
        click.echo(
            terminal.said(
                N_("approved on {on} by {approver}"),
                on=found.approval.on,
                approver=found.approval.approver,
            )
        )
    click.echo(terminal.said(N_("fingerprint: {hash}"), hash=found.fingerprint()))


@command(
    help=N_(
        "Approve the statements of a phase as they are.\n\n"
        "Author and approver are roles, not names, and must be two. Whatever changes a figure"
        " afterwards takes the approval away; an approved settlement closes the year: from then"
        " on only dated adjustments are possible."
    ),
    examples=(
        "libconsortium approve journals 2027 --phase notice --author accountant --approver chair",
    ),
)
@click.argument("subscription")
@click.argument("year", type=int)
@phase_option
@option("--author", required=True, help=N_("Who made the statements: a role."))
@option("--approver", required=True, help=N_("Who approves them: another role."))
@option("--source", default="", help=N_("Where this is written: minutes, a resolution."))
@json_option
@current
def approve(
    terminal: Terminal,
    subscription: str,
    year: int,
    *,
    phase: str,
    author: str,
    approver: str,
    source: str,
    json_: bool,
) -> None:
    """Approve statements."""
    with terminal.consortium() as consortium:
        found = office_year(consortium, subscription, year).statements(Phase(phase))
        made = approved(consortium, found, author=author, approver=approver, source=source)
    if json_:
        as_json(
            {
                "subscription": subscription,
                "year": year,
                "phase": phase,
                "fingerprint": made.fingerprint,
                "on": made.on.isoformat(),
            }
        )
    else:
        terminal.say(
            N_("approved on {on} by {approver}"), on=made.on.isoformat(), approver=made.approver
        )
