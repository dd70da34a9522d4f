"""Who pays what: a bill divided by a policy, and the working behind each figure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

import click

from libconsortium import (
    Bill,
    Consortium,
    LandedCost,
    LevelSum,
    Money,
    Split,
    UnknownNameError,
    divided,
    explain_share,
    figure_problems,
    format_money,
    levels_document,
    read_policy,
    roll_up,
    say,
    split_document,
    split_table,
)
from libconsortium.cli.frame import (
    FILE,
    N_,
    Terminal,
    as_json,
    command,
    current,
    json_option,
    option,
)
from libconsortium.cli.sharing.one_off import request_from_files
from libconsortium.cli.sharing.reports import kept_split


@command(
    help=N_(
        "Divide a bill over the members by a policy.\n\n"
        "With SUBSCRIPTION and YEAR: a bill of consortium.toml over the libraries that take part;"
        " the result is"
        " kept as the next version (--dry-run keeps nothing). Without: a one-off split from files;"
        " the members'"
        " table has a column id, a column for each driver of the policy, and last_year and"
        " standalone where the"
        " policy's limits need them. Shares add up to the bill to the last minor unit."
    ),
    examples=(
        "libconsortium split journals 2027 --dry-run",
        "libconsortium split journals 2027 --dry-run --by-federation",
        'libconsortium split --policy policy.toml --members members.csv --total "1000000 VND"',
    ),
)
@click.argument("subscription", required=False)
@click.argument("year", required=False, type=int)
@option(
    "--policy",
    type=FILE,
    help=N_("The policy file; for a bill of consortium.toml, instead of the one named there."),
)
@option(
    "--members",
    type=FILE,
    help=N_("The members and their figures: CSV, TSV, XLSX, ODS, TOML or JSON."),
)
@option(
    "--total",
    metavar="AMOUNT",
    help=N_("The bill in major units with its currency: '1000000 VND'."),
)
@option(
    "--year",
    "bill_year",
    type=int,
    help=N_("The year of a one-off bill, for policies that change over the years."),
)
@option("--dry-run", is_flag=True, help=N_("Do not keep the result."))
@option(
    "--by-federation",
    is_flag=True,
    help=N_("Add up what is paid, federation by federation (one-off: by the column stratum)."),
)
@json_option
@current
def split(
    terminal: Terminal,
    subscription: str | None,
    year: int | None,
    *,
    policy: Path | None,
    members: Path | None,
    total: str | None,
    bill_year: int | None,
    dry_run: bool,
    by_federation: bool,
    json_: bool,
) -> None:
    """Divide a bill."""
    if subscription is None:
        if policy is None or members is None or total is None:
            raise click.UsageError(
                terminal.said(N_("give SUBSCRIPTION and YEAR, or --policy, --members and --total"))
            )
        bill = Bill(amount=Money.parse(total), year=bill_year or 0)
        done, names, strata = _one_off(terminal, policy, members, bill)
        levels = _by_stratum(terminal, done, strata) if by_federation else None
        _show(terminal, done, names, levels, json_=json_)
        return
    if year is None:
        raise click.UsageError(terminal.said(N_("give the YEAR after the subscription")))
    if members is not None or total is not None:
        raise click.UsageError(terminal.said(N_("--members and --total are for one-off splits")))
    with terminal.consortium() as consortium:
        done = consortium.split(subscription, year, policy=policy)
        levels = consortium.by_federation(done) if by_federation else None
        names = consortium.names(done)
        if levels is not None:
            inside = [name for _depth, name, _amount in levels.rows() if name not in names]
            names |= consortium.names_of(subscription, year, inside)
        _show(terminal, done, names, levels, json_=json_)
        if not dry_run:
            kept = consortium.keep(done)
            terminal.say(N_("kept as version {version}"), version=kept.version)


def _one_off(
    terminal: Terminal, policy: Path, members: Path, bill: Bill
) -> tuple[Split, Mapping[str, str], Mapping[str, str]]:
    registry = terminal.registry()
    rules = read_policy(policy, registry)
    request, names = request_from_files(terminal, rules, members, bill)
    terminal.say_problems(
        figure_problems(
            rules,
            request.drivers,
            request.members,
            strata=request.strata,
            months=request.months,
        )
    )
    return divided(request, registry), names, request.strata


def _by_stratum(terminal: Terminal, done: Split, strata: Mapping[str, str]) -> LevelSum:
    amounts = {member: share.amount for member, share in done.shares.items()}
    paths = {member: stratum.split("/") for member, stratum in strata.items()}
    return roll_up(terminal.said(N_("Members together")), amounts, paths)


def _show(
    terminal: Terminal,
    done: Split,
    names: Mapping[str, str],
    levels: LevelSum | None,
    *,
    json_: bool,
) -> None:
    if json_:
        document = split_document(done)
        if levels is not None:
            document["levels"] = levels_document(levels)
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    click.echo(split_table(done, terminal.language, names=names))
    if levels is not None:
        click.echo()
        for depth, name, amount in levels.rows():
            shown = format_money(amount, terminal.language).replace("\N{NO-BREAK SPACE}", " ")
            click.echo(f"{'  ' * depth}{names.get(name) or name}: {shown}")


@command(
    help=N_(
        "Show the working behind one member's figure.\n\n"
        "Prints every step from the bill to the member's share as a person would write it down,"
        " from the version"
        " of the split that was kept last (or another, --version)."
    ),
    examples=("libconsortium explain my-library journals 2027",),
)
@click.argument("library")
@click.argument("subscription")
@click.argument("year", type=int)
@option(
    "--version",
    type=click.IntRange(min=1),
    help=N_("The kept version to explain; the last if not given."),
)
@json_option
@current
def explain(
    terminal: Terminal,
    library: str,
    subscription: str,
    year: int,
    *,
    version: int | None,
    json_: bool,
) -> None:
    """Show how one member's share came about."""
    with terminal.consortium() as consortium:
        done = kept_split(consortium, subscription, year, version)
        if library not in done.shares:
            raise _without_share(consortium, done, library)
        share = done.shares[library]
        if json_:
            document = split_document(done)
            as_json(
                {
                    "library": library,
                    "subscription": subscription,
                    "year": year,
                    "amount": share.amount.minor,
                    "currency": share.amount.currency,
                    "working": document["working"][library],
                    "input_hash": done.input_hash,
                }
            )
            return
        _, landed = consortium.bill(subscription, year)
        if landed is not None:
            click.echo(landed_text(terminal, landed))
        name = consortium.names(done).get(library, "")
        click.echo(explain_share(share, terminal.language, name=name))
        click.echo(terminal.said(N_("inputs and policy: {hash}"), hash=done.input_hash))


def _without_share(consortium: Consortium, done: Split, library: str) -> UnknownNameError:
    """Return what is wrong with asking for a library's share: a slip, or it pays nothing."""
    known, near = ", ".join(done.shares), get_close_matches(library, done.shares, n=1)
    if near and library not in consortium.directory().libraries:
        return UnknownNameError(
            "no library {library!r} in this split; did you mean {near!r}? there are: {known}",
            library=library,
            near=near[0],
            known=known,
        )
    return UnknownNameError(
        "{library!r} pays nothing in this split; those who do: {known}",
        library=library,
        known=known,
    )


def landed_text(terminal: Terminal, landed: LandedCost) -> str:
    """Return how a foreign quote became the bill, line by line."""
    amounts = (landed.supplier, landed.corporate_income_tax, landed.value_added_tax)
    lines = [
        f"{say(step.what, terminal.language)}: {format_money(amount, terminal.language)}"
        for step, amount in zip(landed.working, amounts, strict=True)
    ]
    whole = terminal.said(
        N_("the bill: {amount}"), amount=format_money(landed.total, terminal.language)
    )
    return "\n".join([*lines, whole])
