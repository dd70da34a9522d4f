"""Policies side by side."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import click

from libconsortium import (
    Bill,
    Comparison,
    Money,
    PolicyOutcome,
    Registry,
    Snapshot,
    compare_policies,
    comparison_document,
    divided,
    format_money,
    format_number,
    policy_names,
    read_policy,
    say,
    write_report,
)
from libconsortium import compare as compared
from libconsortium.cli.frame import (
    FILE,
    N_,
    Terminal,
    as_table,
    command,
    current,
    json_option,
    option,
)
from libconsortium.cli.sharing.one_off import (
    members_option,
    needs,
    request_from_files,
    total_option,
)


@command(
    help=N_(
        "Divide a bill by several policies and show them side by side; nothing is kept.\n\n"
        "With SUBSCRIPTION and YEAR: a bill of consortium.toml; without: --members and --total."
        " Differences are against the first --policy. A policy whose limits cannot be kept is"
        " shown with what would help. The Gini coefficient says how unequal the amounts are: 0 is"
        " all the same. Savings never include what a sponsor gives."
    ),
    examples=(
        "libconsortium compare journals 2027 --policy now.toml --policy proposal.toml",
        (
            'libconsortium compare --members members.csv --total "1000000 VND"'
            " --policy a.toml --policy b.toml"
        ),
        "libconsortium compare journals 2027 --policy a.toml --policy b.toml --into memo.html",
    ),
)
@click.argument("subscription", required=False)
@click.argument("year", required=False, type=int)
@option(
    "--policy",
    "policies",
    multiple=True,
    type=FILE,
    help=N_("A policy file; give it several times."),
)
@members_option
@total_option
@option(
    "--into",
    type=FILE,
    help=N_("Write a report too: a file ending in .html, .xlsx or .csv."),
)
@json_option
@current
def compare(
    terminal: Terminal,
    subscription: str | None,
    year: int | None,
    *,
    policies: tuple[Path, ...],
    members: Path | None,
    total: str | None,
    into: Path | None,
    json_: bool,
) -> None:
    """Compare policies."""
    if subscription is None:
        if not policies or members is None or total is None:
            raise click.UsageError(
                terminal.said(
                    N_("give SUBSCRIPTION and YEAR, or --members, --total and a --policy")
                )
            )
        registry = terminal.registry()
        found, names = _one_off(terminal, registry, policies, members, Money.parse(total))
        title = " / ".join(policy_names(policies))
    else:
        if year is None:
            raise click.UsageError(terminal.said(N_("give the YEAR after the subscription")))
        is_one_off = members is not None or total is not None
        needs(
            terminal,
            given=not is_one_off,
            sentence=N_("--members and --total are for one-off bills"),
        )
        with terminal.consortium() as consortium:
            registry = consortium.registry
            found = compare_policies(consortium, subscription, year, policies)
            names = consortium.names_of(subscription, year, found.members, terminal.language)
            title = consortium.settings.file.consortium.name
    if into is not None:
        _write(terminal, registry, into, (title, found, names))
    if json_:
        click.echo(json.dumps(comparison_document(found), ensure_ascii=False))
    else:
        show_comparison(terminal, found, names)


def _one_off(
    terminal: Terminal, registry: Registry, policies: Sequence[Path], members: Path, total: Money
) -> tuple[Comparison, Mapping[str, str]]:
    read = [read_policy(path, registry) for path in policies]
    request, names = request_from_files(terminal, read[0], members, Bill(amount=total))
    named = list(zip(policy_names(policies), read, strict=True))
    return compared(request, named, partial(divided, registry=registry)), names


def _write(
    terminal: Terminal,
    registry: Registry,
    into: Path,
    what: tuple[str, Comparison, Mapping[str, str]],
) -> None:
    title, found, names = what
    data = {"comparison": found, "names": names}
    snapshot = Snapshot(kind="comparison", title=title, language=terminal.language, data=data)
    write_report(snapshot, into.suffix.removeprefix("."), into, registry)
    terminal.say(N_("wrote {path}"), path=into)


def show_comparison(terminal: Terminal, found: Comparison, names: Mapping[str, str]) -> None:
    """Print a comparison as a table, with what it comes to below."""
    first = found.outcomes[0]
    heads = [terminal.said(N_("Member"))]
    for one in found.outcomes:
        heads += [one.name] if one is first else [one.name, f"{one.name} − {first.name}"]
    heads.append(terminal.said(N_("Limits")))
    rows = [
        [names.get(member) or member, *_cells(terminal, found, member), _limits(found, member)]
        for member in found.members
    ]
    as_table(heads, rows)
    click.echo()
    for one in found.outcomes:
        for line in _summary(terminal, found, one):
            click.echo(line)


def _cells(terminal: Terminal, found: Comparison, member: str) -> list[str]:
    cells = []
    for one in found.outcomes:
        amounts = [one.amount(member)]
        if one is not found.outcomes[0]:
            amounts.append(found.against_first(one, member))
        cells += [
            "–" if amount is None else money(terminal, amount, signed=number > 0)
            for number, amount in enumerate(amounts)
        ]
    return cells


def _limits(found: Comparison, member: str) -> str:
    return "; ".join(
        f"{one.name}: {', '.join(one.split.shares[member].limits)}"
        for one in found.outcomes
        if one.split is not None and one.split.shares[member].limits
    )


def _summary(terminal: Terminal, found: Comparison, one: PolicyOutcome) -> list[str]:
    if one.split is None:
        return [f"{one.name}: {say(one.refused, terminal.language)}"]
    lines = [
        terminal.said(
            N_("{name}: members {members}, sponsor {sponsor}, Gini {gini}"),
            name=one.name,
            members=money(terminal, one.split.members_pay),
            sponsor=money(terminal, one.split.sponsor),
            gini=format_number(one.gini() or 0, terminal.language, decimals=4),
        )
    ]
    if one is not found.outcomes[0]:
        lines.append(
            terminal.said(
                N_("{name}: {winners} pay less than by {first}, {losers} pay more"),
                name=one.name,
                first=found.outcomes[0].name,
                winners=len(found.winners(one)),
                losers=len(found.losers(one)),
            )
        )
    saving = found.saving(one)
    if saving is not None:
        lines.append(
            terminal.said(
                N_("{name}: saved by joining {saved}; not a saving: the sponsor's {relief}"),
                name=one.name,
                saved=money(terminal, saving.by_joining),
                relief=money(terminal, saving.sponsor_relief),
            )
        )
    return lines


def money(terminal: Terminal, amount: Money, *, signed: bool = False) -> str:
    """Return an amount as the reader writes it, with a plus for more if asked for."""
    text = format_money(amount, terminal.language).replace("\N{NO-BREAK SPACE}", " ")
    return f"+{text}" if signed and amount.minor > 0 else text
