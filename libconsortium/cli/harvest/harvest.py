"""Harvesting: fetch the members' records, or those of any address."""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from libconsortium import (
    Consortium,
    HarvestOutcome,
    RunStatus,
    compare_source,
    update_source,
)
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
from libconsortium.cli.harvest.address import (
    Wanted,
    address_plan,
    ending,
    exit_code,
    harvest_address,
    missing_row,
    plan_row,
    release_address,
    show_missing,
)
from libconsortium.cli.harvest.progress import shown_progress

_ABOUT_AN_ADDRESS = frozenset(
    {"into", "prefix", "set_spec", "since", "until", "networks"}
    | {"credentials", "headers", "compare_days"}
)
"""Parameters of ``harvest`` that mean something only with ``--url``."""


@command(
    help=N_(
        "Fetch the members' catalogue records over OAI-PMH.\n\n"
        "Harvests all sources of consortium.toml at once, or those named; asks each only for what"
        " changed since"
        " its last complete harvest. Every page is kept as received; stop it at any moment"
        " (Ctrl-C) and run the"
        " same command again: it goes on where it was. A run ends with a proof that it is"
        " complete, or says"
        " what is missing.\n\n"
        "Exit status: 0 complete, 3 complete but for records in quarantine, 4 incomplete, 5 put off"
        " because the server asks to come back later, 1 error or several of these, 2 the command is"
        " written wrong."
    ),
    examples=(
        "libconsortium harvest",
        "libconsortium harvest my-library --json",
        "libconsortium harvest --dry-run",
        "libconsortium harvest my-library --release",
        "libconsortium harvest my-library --compare",
        "libconsortium harvest my-library --whole",
        "libconsortium harvest --url https://repository.example.org/oai --into records.db",
    ),
)
@click.argument("sources", nargs=-1)
@option("--url", metavar="URL", help=N_("Harvest this address; no consortium is needed."))
@option(
    "--into",
    type=FILE,
    metavar="FILE.db",
    help=N_("With --url: the file the records go into; the same command again goes on or updates."),
)
@option("--prefix", default="oai_dc", show_default=True, help=N_("With --url: metadata prefix."))
@option("--set", "set_spec", default="", metavar="SET", help=N_("With --url: only this set."))
@option("--from", "since", default="", metavar="DATE", help=N_("With --url: changed since then."))
@option("--until", default="", metavar="DATE", help=N_("With --url: changed until then."))
@option(
    "--allow-network",
    "networks",
    multiple=True,
    metavar="CIDR",
    help=N_("With --url: a network that may be reached although it is not public."),
)
@option(
    "--credentials",
    default="",
    metavar="WHERE",
    help=N_("With --url: where user:password is kept, as env:NAME or file:PATH."),
)
@option(
    "--header",
    "headers",
    multiple=True,
    metavar="NAME=WHERE",
    help=N_("With --url: a further header and where its value is kept, as env:NAME or file:PATH."),
)
@option(
    "--deadline",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help=N_("End after so many seconds; what came is kept, and the same command goes on."),
)
@option(
    "--whole",
    is_flag=True,
    help=N_("Ask for everything again: finds what was changed without a new datestamp."),
)
@option(
    "--compare",
    is_flag=True,
    help=N_("Compare everything with the server's list of identifiers; find what was deleted."),
)
@option(
    "--compare-every",
    "compare_days",
    type=click.FloatRange(min=0),
    default=30,
    show_default=True,
    metavar="DAYS",
    help=N_("With --url: compare like that by itself after so many days; 0 for never."),
)
@option(
    "--confirm-deletions",
    is_flag=True,
    help=N_("With --compare: delete even if the server no longer lists very many records."),
)
@option("--dry-run", is_flag=True, help=N_("Say what would be asked of whom; ask nobody."))
@option(
    "--release",
    is_flag=True,
    help=N_(
        "Free the named sources, or with --url the address, whose harvest hangs on a machine that"
        " is gone; ask nobody."
    ),
)
@json_option
@current
def harvest(
    terminal: Terminal,
    /,
    sources: tuple[str, ...],
    *,
    dry_run: bool,
    release: bool,
    json_: bool,
    whole: bool,
    compare: bool,
    confirm_deletions: bool,
    deadline: float | None,
    url: str | None,
    into: Path | None,
    **about: Any,
) -> int:
    """Harvest the consortium's sources, or an address."""
    if deadline is not None and math.isnan(deadline):
        raise click.UsageError(terminal.said(N_("--deadline is not a number of seconds")))
    _check_companions(terminal, url, compare=compare)
    steps = _steps(whole=whole, compare=compare, confirm_deletions=confirm_deletions)
    if url is not None:
        if into is None or sources:
            raise click.UsageError(
                terminal.said(N_("--url goes with --into FILE.db, and without names of sources"))
            )
        wanted = Wanted(url=url, into=into, seconds=deadline, **about)
        if release:
            release_address(terminal, wanted, json_=json_)
            return 0
        if dry_run:
            _show_plan(terminal, address_plan(terminal, wanted, is_whole=whole), json_=json_)
            return 0
        return _harvest_address(terminal, wanted, steps, json_=json_)
    with terminal.consortium() as consortium:
        if release:
            _release(terminal, consortium, sources, json_=json_)
            return 0
        if dry_run:
            chosen = consortium.settings.sources(sources)
            rows = [plan_row(one, consortium.store, is_whole=whole) for one in chosen]
            _show_plan(terminal, rows, json_=json_)
            return 0
        outcomes = harvested(terminal, consortium, sources, seconds=deadline, harvest=steps)
    if json_:
        as_json({"sources": [outcome_row(outcome) for outcome in outcomes]})
    else:
        show_outcomes(terminal, outcomes)
        stopped = [one.source for one in outcomes if one.status is RunStatus.INTERRUPTED]
        if stopped:
            terminal.say(
                N_("to go on, run: libconsortium -C {folder} harvest {sources}"),
                folder=terminal.folder,
                sources=" ".join(stopped),
            )
    return exit_code(outcomes)


def _steps(*, whole: bool, compare: bool, confirm_deletions: bool) -> Callable[..., HarvestOutcome]:
    """Return what is done with each source."""
    if compare:
        return partial(compare_source, is_confirmed=confirm_deletions)
    return partial(update_source, is_whole=whole)


def _check_companions(terminal: Terminal, url: str | None, *, compare: bool) -> None:
    """Refuse options without the one they go with: they would be left out silently."""
    context = click.get_current_context()
    given = {
        name
        for name in context.params
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    }
    if "confirm_deletions" in given and not compare:
        raise click.UsageError(terminal.said(N_("--confirm-deletions goes with --compare")))
    if compare and "whole" in given:
        raise click.UsageError(terminal.said(N_("--whole does not go with --compare")))
    lonely = [
        option.opts[0]
        for option in context.command.params
        if option.name in given & _ABOUT_AN_ADDRESS and url is None
    ]
    if lonely:
        said = N_("{option} goes with --url; a source of consortium.toml has its own settings")
        raise click.UsageError(terminal.said(said, option=lonely[0]))


def _harvest_address(
    terminal: Terminal,
    wanted: Wanted,
    steps: Callable[..., HarvestOutcome],
    *,
    json_: bool,
) -> int:
    with shown_progress(terminal) as show:
        code, outcome = harvest_address(
            terminal,
            wanted,
            harvest=steps,
            on_progress=show,
            json_=json_,
        )
    if outcome is not None and not json_:
        show_outcomes(terminal, [outcome], wanted.into)
        if outcome.counts.pages and not outcome.problems:
            said = N_("the pages as received: {command}")
            terminal.say(said, command=_report_command(terminal, outcome, wanted.into))
        if outcome.is_complete:
            look = ["libconsortium", "records", "--in", str(wanted.into), "--limit", "10"]
            terminal.say(N_("what came: {command}"), command=shlex.join(look))
        if not (outcome.is_complete or outcome.until or outcome.counts.pages):
            terminal.say(
                N_("no page came; find out why: libconsortium harvest doctor {url}"),
                url=wanted.url,
            )
    return code


def _release(
    terminal: Terminal, consortium: Consortium, names: Sequence[str], *, json_: bool
) -> None:
    if not names:
        raise click.UsageError(terminal.said(N_("name the sources to release")))
    freed = [
        source.name
        for source in consortium.settings.sources(names)
        if consortium.store.release(source.name, at=consortium.clock())
    ]
    if json_:
        as_json({"released": freed})
    for name in names:
        said = N_("{source} is free now") if name in freed else N_("{source} was not taken")
        terminal.say(said, source=name)


def harvested(
    terminal: Terminal,
    consortium: Consortium,
    sources: Sequence[str] = (),
    *,
    seconds: float | None = None,
    harvest: Callable[..., HarvestOutcome] = update_source,
) -> tuple[HarvestOutcome, ...]:
    """Harvest sources and show how far each is."""
    with shown_progress(terminal) as show:
        return consortium.harvest(sources, on_progress=show, seconds=seconds, harvest=harvest)


def show_outcomes(
    terminal: Terminal, outcomes: Sequence[HarvestOutcome], file: Path | None = None
) -> None:
    """Print how each harvest ended, and why; ``file`` holds its records if no consortium does."""
    headings = (
        N_("source"),
        N_("status"),
        N_("pages"),
        N_("new"),
        N_("changed"),
        N_("unchanged"),
        N_("deleted"),
    )
    as_table(
        [terminal.said(text) for text in headings],
        [
            (
                outcome.source,
                terminal.said(outcome.status.value),
                outcome.counts.pages,
                outcome.counts.new,
                outcome.counts.changed,
                outcome.counts.unchanged,
                outcome.counts.deleted,
            )
            for outcome in outcomes
        ],
    )
    for outcome in outcomes:
        click.echo(f"{outcome.source}: {terminal.said(outcome.reason)}")
        show_missing(terminal, outcome)
        if outcome.problems:
            terminal.say(
                N_("{source}: {count} problems; see: {command}"),
                source=outcome.source,
                count=outcome.problems,
                command=_report_command(terminal, outcome, file),
            )


def _report_command(terminal: Terminal, outcome: HarvestOutcome, file: Path | None) -> str:
    """Return the command that shows the evidence of a run; it can be copied."""
    where = ["harvest", "report", "--in", str(file)]
    if file is None:
        folder = [] if terminal.folder == Path() else ["-C", str(terminal.folder)]
        where = [*folder, "harvest", "report"]
    return shlex.join(["libconsortium", *where, "--run", str(outcome.run)])


def outcome_row(outcome: HarvestOutcome) -> dict[str, object]:
    """Return the outcome of a harvest as a program reads it."""
    return {
        "source": outcome.source,
        "status": ending(outcome.status),
        "reason": str(outcome.reason),
        "run": outcome.run,
        "pages": outcome.counts.pages,
        "new": outcome.counts.new,
        "changed": outcome.counts.changed,
        "unchanged": outcome.counts.unchanged,
        "deleted": outcome.counts.deleted,
        "duplicates": outcome.counts.duplicates,
        "repaired": outcome.counts.repaired,
        "quarantined": outcome.quarantined,
        "missing": [missing_row(one) for one in outcome.missing],
        "until": outcome.until.isoformat() if outcome.until else None,
        "watermark": outcome.watermark,
        "problems": outcome.problems,
    }


def _show_plan(terminal: Terminal, rows: Sequence[Mapping[str, object]], *, json_: bool) -> None:
    if json_:
        as_json({"dry_run": True, "sources": rows})
        return
    headings = (
        N_("source"),
        N_("address"),
        N_("format"),
        N_("goes on at page"),
        N_("changes since"),
        N_("compare from"),
    )
    as_table([terminal.said(text) for text in headings], [tuple(row.values()) for row in rows])
