"""A sponsor's way out: what the members would pay in each year, and whether they could."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path

import click

from libconsortium import (
    Agreement,
    Bill,
    Glide,
    GlideStep,
    GlideYear,
    Money,
    Snapshot,
    divided,
    format_percent,
    glide_document,
    read_policy,
    say,
    walk_down,
    with_rise,
    write_report,
)
from libconsortium import glide as walked
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
from libconsortium.cli.sharing.one_off import (
    members_option,
    part,
    part_or_amount,
    policy_option,
    report_option,
    request_from_files,
    total_option,
)
from libconsortium.cli.sharing.suppositions import named_values


@command(
    help=N_(
        "Show a sponsor's way out, year by year, and the first year that cannot be paid.\n\n"
        "--sponsor says what the sponsor pays in the first year, the second, and so on. Each year"
        " is divided with the policy's limits against the year before; --rise sets another limit"
        " on a member's yearly rise. The price can rise too, with a cap, or be quoted for single"
        " years. Savings never include what the sponsor gives."
    ),
    examples=(
        "libconsortium glide journals 2027 --sponsor 40% --sponsor 30% --sponsor 20% --rise 15%",
        (
            'libconsortium glide --policy p.toml --members m.csv --total "1000000 VND" --year 2027'
            " --sponsor 40%,30%,20% --price-rise 3%"
        ),
    ),
)
@click.argument("subscription", required=False)
@click.argument("year", required=False, type=int)
@option(
    "--sponsor",
    "sponsors",
    multiple=True,
    required=True,
    metavar="PART|AMOUNT",
    help=N_("What the sponsor pays, one for each year; or several with commas."),
)
@option("--rise", metavar="PART", help=N_("The most a member pays more than the year before."))
@option("--price-rise", metavar="PART", help=N_("By how much the price rises every year."))
@option("--price-cap", metavar="PART", help=N_("The most the price rises from year to year."))
@option(
    "--quote",
    "quotes",
    multiple=True,
    metavar="YEAR=AMOUNT",
    help=N_("What the bill is quoted at for a year."),
)
@policy_option
@members_option
@total_option
@option("--year", "first_year", type=int, help=N_("The first year of a one-off bill."))
@report_option
@json_option
@current
def glide(
    terminal: Terminal,
    subscription: str | None,
    year: int | None,
    *,
    sponsors: tuple[str, ...],
    rise: str | None,
    price_rise: str | None,
    price_cap: str | None,
    quotes: tuple[str, ...],
    policy: Path | None,
    members: Path | None,
    total: str | None,
    first_year: int | None,
    into: Path | None,
    json_: bool,
) -> None:
    """Show a sponsor's way out."""
    pays = [part_or_amount(one) for each in sponsors for one in each.split(",")]
    agreed = partial(
        Agreement,
        years=len(pays),
        rise=price_rise or 0,
        cap=price_cap,
        quotes={int(name): Money.parse(text) for name, text in named_values(quotes).items()},
    )
    names: Mapping[str, str]
    if subscription is not None:
        if year is None:
            raise click.UsageError(terminal.said(N_("give the YEAR after the subscription")))
        with terminal.consortium() as consortium:
            price = consortium.bill(subscription, year)[0].amount
            steps = _steps(agreed(first_year=year, price=price), pays)
            found = walk_down(consortium, subscription, year, steps, rise=part(rise))
            ids = sorted(found.years[0].split.shares) if found.years[0].split else []
            names = consortium.names_of(subscription, year, ids, terminal.language)
    elif policy is None or members is None or total is None:
        raise click.UsageError(
            terminal.said(N_("give SUBSCRIPTION and YEAR, or --policy, --members and --total"))
        )
    else:
        registry = terminal.registry()
        bill = Bill(amount=Money.parse(total), year=first_year or 1)
        request, names = request_from_files(terminal, read_policy(policy, registry), members, bill)
        steps = _steps(agreed(first_year=bill.year, price=bill.amount), pays)
        found = walked(with_rise(request, part(rise)), steps, partial(divided, registry=registry))
    if into is not None:
        _write(terminal, found, names, into)
    if json_:
        as_json(glide_document(found))
    else:
        show_glide(terminal, found, names)


def _steps(agreed: Agreement, pays: Iterable[Money | Fraction]) -> list[GlideStep]:
    """Return what each year costs, and what of it the sponsor pays."""
    return [
        GlideStep(year=year, sponsor=sponsor, price=price)
        for (year, price), sponsor in zip(agreed.prices().items(), pays, strict=True)
    ]


def _write(terminal: Terminal, found: Glide, names: Mapping[str, str], into: Path) -> None:
    data = {"glide": found, "names": names}
    title = terminal.said(N_("The sponsor's way out"))
    snapshot = Snapshot(kind="glide", title=title, language=terminal.language, data=data)
    write_report(snapshot, into.suffix.removeprefix("."), into, terminal.registry())
    terminal.say(N_("wrote {path}"), path=into)


def show_glide(terminal: Terminal, found: Glide, names: Mapping[str, str]) -> None:
    """Print a glide path as a table with a column a year, and what it comes to below."""
    payable = [one for one in found.years if one.split is not None]
    heads = [terminal.said(N_("Member")), *(str(one.step.year) for one in payable)]
    members = sorted(payable[0].split.shares) if payable and payable[0].split else []
    rows = [
        [names.get(member) or member, *(_cell(terminal, one, member) for one in payable)]
        for member in members
    ]
    rows += _sums(terminal, payable)
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    right = [
        [row[0], *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        for row in rows
    ]
    as_table(heads, right)
    click.echo()
    for one in found.years:
        if one.split is None:
            said = N_("{year}: {why}")
            why = say(one.refused, terminal.language)
            click.echo(terminal.said(said, year=one.step.year, why=why))
        elif one.saving is not None:
            said = N_("{year}: saved by joining {saved}; not a saving: the sponsor's {relief}")
            click.echo(
                terminal.said(
                    said,
                    year=one.step.year,
                    saved=money(terminal, one.saving.by_joining),
                    relief=money(terminal, one.saving.sponsor_relief),
                )
            )
    first = found.first_infeasible
    click.echo(
        terminal.said(N_("every year can be paid"))
        if first is None
        else terminal.said(N_("the first year that cannot be paid: {year}"), year=first)
    )


def _cell(terminal: Terminal, one: GlideYear, member: str) -> str:
    if one.split is None or member not in one.split.shares:
        return "–"
    amount = money(terminal, one.split.shares[member].amount)
    rise = one.rise(member)
    return amount if rise is None else f"{amount} ({_percent(terminal, rise)})"


def _sums(terminal: Terminal, years: Sequence[GlideYear]) -> list[list[str]]:
    together = [terminal.said(N_("Members together"))]
    sponsor, bill = [terminal.said(N_("Sponsor"))], [terminal.said(N_("Bill"))]
    for one in years:
        rise = one.members_rise
        text = money(terminal, one.members_pay)
        together.append(text if rise is None else f"{text} ({_percent(terminal, rise)})")
        sponsor.append("" if one.split is None else money(terminal, one.split.sponsor))
        bill.append(money(terminal, one.bill))
    return [together, sponsor, bill]


def _percent(terminal: Terminal, rise: Fraction) -> str:
    text = format_percent(rise, terminal.language, decimals=2)
    return text if text.startswith("-") else f"+{text}"
