"""How far the holdings of the members coincide."""

from __future__ import annotations

from fractions import Fraction

import click

from libconsortium import Audience, Overlap, format_number, overlap_rows
from libconsortium.cli.frame import (
    N_,
    Terminal,
    as_json,
    as_table,
    command,
    current,
    json_option,
    office_option,
)


@command(
    help=N_(
        "Show what several members hold and what only one does.\n\n"
        "Counts publications, not copies, from the union catalogue that 'libconsortium cluster'"
        " built. What a member does not share with others ([catalogue.sharing.ID] in"
        " consortium.toml) is not counted; --office counts it. 'libconsortium report overlap'"
        " writes the same as XLSX, CSV, or HTML with a heat map."
    ),
    examples=(
        "libconsortium overlap",
        "libconsortium overlap --json",
        "libconsortium overlap --office",
    ),
)
@office_option
@json_option
@current
def overlap(terminal: Terminal, *, audience: Audience, json_: bool) -> None:
    """Show the overlap of the members' holdings."""
    with terminal.consortium() as consortium:
        found = consortium.catalogue.overlap(audience=audience)
    if json_:
        as_json(
            {
                **overlap_rows(found),
                "held_by_all": found.held_by_all,
                "withheld": list(found.withheld),
            }
        )
        return
    show_overlap(terminal, found)


def show_overlap(terminal: Terminal, found: Overlap) -> None:
    """Print the overlap as tables."""
    tables = overlap_rows(found)
    members = [str(row["member"]) for row in tables["members"]]
    as_table(
        [
            terminal.said(text)
            for text in (N_("library"), N_("publications"), N_("only here"), N_("only here, %"))
        ],
        [
            (*tuple(row.values())[:-1], _percent(row["unique_percent"], terminal.language))
            for row in tables["members"]
        ],
    )
    click.echo()
    as_table(
        [terminal.said(N_("held by both")), *members],
        [tuple(row.values()) for row in tables["matrix"]],
    )
    click.echo()
    as_table(
        [terminal.said(N_("libraries")), terminal.said(N_("publications held by as many"))],
        [(row["libraries"], row["titles"]) for row in tables["held_by"]],
    )
    click.echo()
    click.echo(terminal.said(N_("held by all: {count}"), count=found.held_by_all))
    if found.withheld:
        terminal.say(
            N_(
                "not counted is what these libraries do not share with others: {libraries}"
                " (--office counts it)"
            ),
            libraries=", ".join(found.withheld),
        )


def _percent(percent: object, language: str) -> str:
    return format_number(Fraction(str(percent)), language, decimals=1)
