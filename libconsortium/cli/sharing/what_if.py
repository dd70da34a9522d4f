"""What would happen if somebody joined or left, a price or rate changed, the sponsor paid less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from libconsortium import (
    Bill,
    BillingPeriod,
    Money,
    OwnPrice,
    Position,
    PresentMembers,
    Saving,
    Snapshot,
    Supposed,
    WhatIf,
    divided,
    exact,
    explain_share,
    format_number,
    own_price,
    read_policy,
    savings_of,
    say,
    suppose,
    what_if_document,
    write_report,
)
from libconsortium import total as sum_of
from libconsortium import what_if as supposed
from libconsortium.cli.frame import (
    FILE,
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
from libconsortium.cli.sharing.one_off import (
    members_option,
    policy_option,
    report_option,
    request_from_files,
    total_option,
)
from libconsortium.cli.sharing.suppositions import Asked, joiner, named_values, part_of_year_option


@command(
    help=N_(
        "Show what would happen if; suppositions can be combined, nothing is kept.\n\n"
        "With SUBSCRIPTION and YEAR: a bill of consortium.toml; who joins is given the figures of"
        " the facts. Without: --policy, --members and --total (or several --item). An observer"
        " works out its own price from public figures with --others and --sum instead of"
        " --members. Savings never include what a sponsor gives."
    ),
    examples=(
        "libconsortium what-if journals 2027 --join new-library --on 2027-07-01",
        "libconsortium what-if journals 2027 --price 5% --fx 3% --sponsor-points=-10",
        'libconsortium what-if --policy p.toml --members m.csv --total "1000000 VND" --leave dh-d',
        (
            'libconsortium what-if --policy p.toml --total "1000000 VND" --others 4'
            " --sum fte=70000 --join dh-e:fte=6000"
        ),
    ),
)
@click.argument("subscription", required=False)
@click.argument("year", required=False, type=int)
@option(
    "--join",
    "joins",
    multiple=True,
    metavar="MEMBER[:DRIVER=FIGURE,…]",
    help=N_(
        "A member joins, with its figures; standalone=AMOUNT is what it would pay alone, and"
        " last_year=AMOUNT what it paid."
    ),
)
@option("--leave", "leaves", multiple=True, metavar="MEMBER", help=N_("A member leaves."))
@option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help=N_("The day on which who joins becomes a member; the first day of the year if not given."),
)
@part_of_year_option
@option("--drop", "drops", multiple=True, metavar="NAME", help=N_("A resource is not taken."))
@option("--price", metavar="PART", help=N_("The supplier's price changes: 5%, -3%."))
@option("--fx", metavar="PART", help=N_("Foreign money becomes dearer (5%) or cheaper (-3%)."))
@option("--sponsor", metavar="PART|AMOUNT", help=N_("What the sponsor pays instead."))
@option("--sponsor-points", metavar="PART", help=N_("The sponsor's part changes by points: -10."))
@option(
    "--adopt",
    type=FILE,
    help=N_("Another policy file is adopted."),
)
@option(
    "--with",
    "others_too",
    multiple=True,
    metavar="SUBSCRIPTION",
    help=N_("Look at the bill of another subscription of the same year too."),
)
@policy_option
@members_option
@total_option
@option(
    "--item",
    "items",
    multiple=True,
    metavar="NAME=AMOUNT",
    help=N_("One of the resources a one-off bill is the sum of."),
)
@option("--others", type=int, help=N_("How many members share the bill now (for an observer)."))
@option(
    "--sum",
    "sums",
    multiple=True,
    metavar="DRIVER=FIGURE",
    help=N_("What the figures of those members add up to (for an observer)."),
)
@report_option
@json_option
@current
def what_if(
    terminal: Terminal,
    /,
    subscription: str | None,
    year: int | None,
    **given: Any,
) -> None:
    """Show what would happen if."""
    asked = Asked(**given)
    if subscription is not None:
        if year is None:
            raise click.UsageError(terminal.said(N_("give the YEAR after the subscription")))
        _of_consortium(terminal, subscription, year, asked)
    elif asked.policy is None or not (asked.total or asked.items):
        raise click.UsageError(
            terminal.said(N_("give SUBSCRIPTION and YEAR, or --policy, --members and --total"))
        )
    elif asked.others is not None:
        _own_price(terminal, asked)
    elif asked.members is None:
        raise click.UsageError(terminal.said(N_("give --members, or --others and --sum")))
    else:
        _of_files(terminal, asked)


def _of_consortium(terminal: Terminal, subscription: str, year: int, asked: Asked) -> None:
    with terminal.consortium() as consortium:
        suppositions = asked.suppositions(consortium.registry)
        bills = list(dict.fromkeys([subscription, *asked.others_too]))
        made = suppose(consortium, bills, year, suppositions)
        members = [one.member for one in made.found.members()]
        names = consortium.names_of(subscription, year, members, terminal.language)
        title = consortium.settings.file.consortium.name
    _answer(terminal, asked, made, names, title)


def _of_files(terminal: Terminal, asked: Asked) -> None:
    registry = terminal.registry()
    items = {name: Money.parse(text) for name, text in named_values(asked.items).items()}
    first = next(iter(items.values())) if items else Money.parse(asked.total or "")
    bill = Bill(amount=sum_of(items.values(), first.currency) if items else first)
    policy = read_policy(asked.policy or "", registry)
    request, names = request_from_files(terminal, policy, asked.members or Path(), bill)
    suppositions = asked.suppositions(registry)
    divide = partial(divided, registry=registry)
    found = supposed([Position(request=request, items=items)], suppositions, divide)
    savings = savings_of(found, Position(request=request), suppositions)
    made = Supposed(found=found, savings=savings)
    _answer(terminal, asked, made, names, policy.name)


def _answer(
    terminal: Terminal, asked: Asked, made: Supposed, names: Mapping[str, str], title: str
) -> None:
    found, parts = made.found, _parts_of_the_year(asked, made.found)
    if asked.into is not None:
        data = {"what-if": found, "savings": made.savings, "names": names}
        snapshot = Snapshot(kind="what-if", title=title, language=terminal.language, data=data)
        suffix = asked.into.suffix.removeprefix(".")
        write_report(snapshot, suffix, asked.into, terminal.registry())
        terminal.say(N_("wrote {path}"), path=asked.into)
    if asked.json_:
        joining = {member: amount.minor for member, amount in parts.items()}
        rough = [
            {"member": one.library, "figure": one.name, "value": str(one.value)}
            for one in made.estimates
        ]
        document = what_if_document(found, made.savings)
        as_json({**document, "joining": joining, "estimates": rough})
        return
    _show(terminal, found, names)
    _show_savings(terminal, made.savings)
    for member, amount in parts.items():
        said = N_("{member} would pay {amount} for the rest of the year from {on} on")
        values = {"member": names.get(member) or member, "amount": money(terminal, amount)}
        click.echo(terminal.said(said, **values, on=f"{asked.on:%Y-%m-%d}"))
    for one in made.estimates:
        said = N_("an estimate: {figure} of {member} is only about right ({value})")
        click.echo(terminal.said(said, figure=one.name, member=one.library, value=one.value))


def _parts_of_the_year(asked: Asked, found: WhatIf) -> dict[str, Money]:
    """Return what those who join on a day pay for what is left of the year."""
    if asked.on is None:
        return {}
    day = asked.on.date()
    left = BillingPeriod.of_year(day.year).left_from(day, asked.by)
    joiners = {joiner(text).member for text in asked.joins}
    return {
        one.member: Money.rounded(one.after.minor * left, one.after.currency)
        for one in found.members()
        if one.member in joiners and one.after is not None
    }


def _show(terminal: Terminal, found: WhatIf, names: Mapping[str, str]) -> None:
    def cell(amount: Money | None) -> str:
        return "–" if amount is None else money(terminal, amount)

    heads = [N_("Member"), N_("Now"), N_("Then"), N_("Difference"), N_("Limits")]
    rows = [
        [
            names.get(one.member) or one.member,
            cell(one.before),
            cell(one.after),
            money(terminal, one.difference, signed=True),
            ", ".join(one.limits),
        ]
        for one in found.members()
    ]
    for what, (before, after) in (
        (N_("Sponsor"), found.sponsor()),
        (N_("Bill"), found.bill()),
    ):
        more = money(terminal, after - before, signed=True)
        rows.append([terminal.said(what), cell(before), cell(after), more, ""])
    as_table([terminal.said(head) for head in heads], rows)
    click.echo()
    gini, new_gini = (format_number(one, terminal.language, decimals=4) for one in found.gini())
    click.echo(
        terminal.said(
            N_("{winners} would pay less, {losers} more; Gini {before} → {after}"),
            winners=len(found.winners()),
            losers=len(found.losers()),
            before=gini,
            after=new_gini,
        )
    )


def _show_savings(terminal: Terminal, savings: Sequence[Saving | None]) -> None:
    before, after = savings
    if before is not None and after is not None:
        click.echo(
            terminal.said(
                N_(
                    "saved by joining: {before} → {after}; not a saving: the sponsor's {relief} →"
                    " {new_relief}"
                ),
                before=money(terminal, before.by_joining),
                after=money(terminal, after.by_joining),
                relief=money(terminal, before.sponsor_relief),
                new_relief=money(terminal, after.sponsor_relief),
            )
        )


def _own_price(terminal: Terminal, asked: Asked) -> None:
    registry = terminal.registry()
    if len(asked.joins) != 1 or asked.total is None:
        raise click.UsageError(terminal.said(N_("an observer needs one --join and --total")))
    observer = joiner(asked.joins[0])
    sums = {name: exact(figure) for name, figure in named_values(asked.sums).items()}
    found = own_price(
        Bill(amount=Money.parse(asked.total)),
        read_policy(asked.policy or "", registry),
        PresentMembers(count=asked.others or 0, figures=sums),
        observer,
        partial(divided, registry=registry),
    )
    amount, left = found.share.amount, _left_of_year(found.share.amount, asked)
    if asked.json_:
        as_json(
            {
                "member": observer.member,
                "currency": amount.currency,
                "amount": amount.minor,
                "label": "exact" if found.is_exact else "estimated",
                "from_the_day": None if left is None else left.minor,
                "saves": None if found.saves is None else found.saves.minor,
                "notes": [str(note) for note in found.notes],
            }
        )
        return
    _show_own_price(terminal, found, asked, left)


def _left_of_year(amount: Money, asked: Asked) -> Money | None:
    """Return what would be paid for the rest of the year; ``None`` if no day was given."""
    if asked.on is None:
        return None
    day = asked.on.date()
    part = BillingPeriod.of_year(day.year).left_from(day, asked.by)
    return Money.rounded(amount.minor * part, amount.currency)


def _show_own_price(terminal: Terminal, found: OwnPrice, asked: Asked, left: Money | None) -> None:
    click.echo(explain_share(found.share, terminal.language))
    if left is not None:
        said = N_("{member} would pay {amount} for the rest of the year from {on} on")
        said_left = money(terminal, left)
        click.echo(
            terminal.said(
                said, member=found.share.member, amount=said_left, on=f"{asked.on:%Y-%m-%d}"
            )
        )
    if found.saves is not None:
        saves = money(terminal, found.saves)
        click.echo(terminal.said(N_("against buying alone it saves {amount}"), amount=saves))
    for note in found.notes:
        click.echo(terminal.said(N_("an estimate: {note}"), note=say(note, terminal.language)))
