"""Dated entries after a bill was divided: appeals, joiners, leavers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import click

from libconsortium import (
    Adjustment,
    AdjustmentKind,
    BillingPeriod,
    Consortium,
    Join,
    Leave,
    Money,
    Phase,
    ProRata,
    Resolution,
    UnknownNameError,
    appeal,
    day_after,
    half_way,
    office_year,
)
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
from libconsortium.cli.sharing.suppositions import joiner, part_of_year_option

KINDS = [AdjustmentKind.APPEAL.value, AdjustmentKind.JOIN.value, AdjustmentKind.LEAVE.value]


@command(
    help=N_(
        "Enter a dated adjustment; it balances: what one does not pay, another does.\n\n"
        "appeal: the member pays --amount less. join: it pays the part of a whole year's share"
        " from --on to the end of the year. leave: --on is its last day, it gets the rest back."
        " The others pay or get the difference in proportion, or one party does (--party reserve)."
        " Possible in a closed year too."
    ),
    examples=(
        (
            'libconsortium adjust journals 2027 dh-c --kind appeal --amount "5000000 VND"'
            ' --entry 3 --why "flood" --decided-by board'
        ),
        "libconsortium adjust journals 2027 dh-e --kind join --on 2027-07-01 --entry 4",
    ),
)
@click.argument("subscription")
@click.argument("year", type=int)
@click.argument("member")
@option("--kind", type=click.Choice(KINDS), required=True, help=N_("Why an amount changes."))
@option("--entry", required=True, help=N_("The office's own number of the entry."))
@option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help=N_("The first day of who joins, the last day of who leaves."),
)
@option(
    "--decided-on",
    type=click.DateTime(["%Y-%m-%d"]),
    help=N_("The day of the decision; today if not given."),
)
@option("--amount", metavar="AMOUNT", help=N_("By how much less the member pays (appeal)."))
@option("--party", default="", help=N_("Who pays or gets the difference; all others if not given."))
@part_of_year_option
@option(
    "--figures",
    default="",
    metavar="DRIVER=FIGURE,…",
    help=N_("Figures of who joins; those of the facts if not given."),
)
@option("--why", default="", help=N_("The reason."))
@option("--decided-by", default="", help=N_("Who decided: a role."))
@option("--dry-run", is_flag=True, help=N_("Show the entry without keeping it."))
@json_option
@current
def adjust(
    terminal: Terminal,
    subscription: str,
    year: int,
    member: str,
    *,
    kind: str,
    entry: str,
    on: datetime | None,
    decided_on: datetime | None,
    amount: str | None,
    party: str,
    by: str,
    figures: str,
    why: str,
    decided_by: str,
    dry_run: bool,
    json_: bool,
) -> None:
    """Enter an adjustment."""
    with terminal.consortium() as consortium:
        resolution = Resolution(
            subscription=subscription,
            year=year,
            entry=entry,
            on=(decided_on or consortium.clock()).date(),
            why=why,
            decided_by=decided_by,
        )
        if kind == AdjustmentKind.APPEAL:
            if amount is None:
                raise click.UsageError(terminal.said(N_("an appeal needs --amount")))
            made = _appeal(consortium, resolution, member, Money.parse(amount), party)
        else:
            if on is None:
                raise click.UsageError(terminal.said(N_("who joins or leaves needs --on")))
            made = _half_way(
                consortium, resolution, joiner(f"{member}:{figures}"), party, kind, on, by
            )
        if not dry_run:
            _refuse_twice(consortium, resolution)
            consortium.keep_facts(made, what=f"adjustment: {entry}")
        parties = [one.party for one in made]
        names = consortium.names_of(subscription, year, parties, terminal.language)
    if json_:
        changes = {one.party: one.amount.minor for one in made}
        day = resolution.on.isoformat()
        as_json({"entry": entry, "kind": kind, "decided_on": day, "adjustments": changes})
        return
    as_table(
        [terminal.said(N_("Party")), terminal.said(N_("Amount"))],
        [[names[one.party], money(terminal, one.amount, signed=True)] for one in made],
    )


def _appeal(
    consortium: Consortium, resolution: Resolution, member: str, relief: Money, party: str
) -> tuple[Adjustment, ...]:
    found = office_year(consortium, resolution.subscription, resolution.year)
    told = found.statements(Phase.NOTICE).statements
    paid = {one: of.total for one, of in told.items()}
    return appeal(resolution, member, relief, paid, payer=party)


def _half_way(
    consortium: Consortium,
    resolution: Resolution,
    joins: Join,
    party: str,
    kind: str,
    on: datetime,
    by: str,
) -> tuple[Adjustment, ...]:
    year, step = BillingPeriod.of_year(resolution.year), ProRata(by)
    if kind == AdjustmentKind.LEAVE:
        change = Leave(member=joins.member)
        between = half_way(consortium, resolution.subscription, resolution.year, change)
        left = year.left_from(day_after(on.date()), step)
        return between.leaves(left, resolution, payer=party)
    between = half_way(consortium, resolution.subscription, resolution.year, joins)
    return between.joins(year.left_from(on.date(), step), resolution, into=party)


def _refuse_twice(consortium: Consortium, resolution: Resolution) -> None:
    wanted = (resolution.subscription, resolution.year, resolution.entry)
    facts: Sequence[Adjustment] = consortium.directory().of_kind(Adjustment)
    if any((one.subscription, one.year, one.entry) == wanted for one in facts):
        raise UnknownNameError(
            "there is an entry {entry!r} already; give this one another number",
            entry=resolution.entry,
        )
