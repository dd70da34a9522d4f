"""The demonstration: the main job from beginning to end, with invented data and real servers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import click

from libconsortium import (
    Consortium,
    HarvestOutcome,
    Overlap,
    SearchRequest,
    Split,
    UnionCatalogue,
    search_catalogue,
    snapshot_of,
    split_table,
    update_search,
    write_report,
)
from libconsortium.cli.catalogue.overlap import show_overlap
from libconsortium.cli.catalogue.search_views import show_hits
from libconsortium.cli.frame import (
    FOLDER,
    N_,
    Terminal,
    as_json,
    command,
    current,
    json_option,
    option,
)
from libconsortium.cli.harvest.harvest import harvested, outcome_row, show_outcomes
from libconsortium.cli.sharing.costs import landed_text
from libconsortium.cli.start.demo_folder import (
    SUBSCRIPTION,
    YEAR,
    demo_servers,
    forget,
    ports_of,
    refuse_somebodys_work,
    write_settings,
)

SEARCHED = "giao trinh"
"""What the demonstration searches its union catalogue for: typed without diacritics."""


@command(
    help=N_(
        "Run the main job from beginning to end with invented data.\n\n"
        "Starts three real OAI-PMH servers on this machine (one of them slow and failing now and"
        " then), harvests"
        " them, builds a union catalogue, divides the bill of a consortium and writes the reports."
        " Stop it half-way"
        " and run it again: it goes on where it was. --fresh begins anew. Needs no network."
    ),
    examples=("libconsortium demo", "libconsortium --lang vi demo --into /tmp/demo"),
)
@option(
    "--into",
    type=FOLDER,
    default=Path("demo-output"),
    show_default=True,
    help=N_("The folder to work in."),
)
@option(
    "--fresh", is_flag=True, help=N_("Forget what an earlier demonstration left in the folder.")
)
@json_option
@current
def demo(terminal: Terminal, into: Path, *, fresh: bool, json_: bool) -> int:
    """Run the demonstration."""
    refuse_somebodys_work(into)
    if fresh:
        forget(into)
    terminal = attrs.evolve(terminal, folder=into)  # the commands it names can be copied
    with demo_servers(terminal, ports_of(into)) as servers:
        write_settings(terminal, into, servers)
        with Consortium.open(into, without=terminal.without) as consortium:
            return _run(terminal, consortium, servers, json_=json_)


def _run(
    terminal: Terminal, consortium: Consortium, servers: Sequence[Mapping[str, Any]], *, json_: bool
) -> int:
    _head(terminal, 1, N_("facts: libraries, memberships, figures, quotes"))
    facts = consortium.settings.path("facts")
    preview = consortium.preview([facts])
    terminal.say_problems(preview.problems)
    consortium.apply(preview.changes, sources=[facts])
    _head(terminal, 2, N_("harvest: three OAI-PMH servers at once"))
    outcomes = harvested(terminal, consortium)
    if not all(outcome.is_complete for outcome in outcomes):
        show_outcomes(terminal, outcomes)
        terminal.say(N_("to go on, run the same command again; everything fetched so far is kept"))
        if json_:
            as_json({"sources": [outcome_row(outcome) for outcome in outcomes]})
        return 1
    _head(terminal, 3, N_("union catalogue: records of one publication brought together"))
    consortium.catalogue.update()
    catalogue = consortium.catalogue.whole()
    update_search(consortium)
    overlap = consortium.catalogue.overlap()
    _head(terminal, 4, N_("cost split: the bill, the policy, every member's share"))
    done = consortium.split(SUBSCRIPTION, YEAR)
    consortium.keep(done)
    _head(terminal, 5, N_("reports"))
    written = _reports(consortium, done, terminal.language)
    results = _Results(
        outcomes=outcomes, catalogue=catalogue, overlap=overlap, split=done, written=written
    )
    if json_:
        as_json({**_summary(consortium, results), "servers": [dict(one) for one in servers]})
    else:
        _show_summary(terminal, consortium, results)
    return 0


@attrs.frozen(kw_only=True)
class _Results:
    """What came of every step."""

    outcomes: Sequence[HarvestOutcome]
    catalogue: UnionCatalogue
    overlap: Overlap
    split: Split
    written: Sequence[Path]


def _head(terminal: Terminal, number: int, text: str) -> None:
    terminal.say(f"{number}/5 {terminal.said(text)}")


def _reports(consortium: Consortium, done: Split, language: str) -> list[Path]:
    folder = consortium.settings.path("reports")
    wanted = (
        ("split", "xlsx", done),
        ("split", "csv", done),
        ("overlap", "csv", None),
        ("summary", "html", done),
    )
    return [
        write_report(
            snapshot_of(consortium, kind, of, language=language),
            report,
            folder / f"{kind}.{report}",
            consortium.registry,
        )
        for kind, report, of in wanted
    ]


def _show_summary(terminal: Terminal, consortium: Consortium, results: _Results) -> None:
    catalogue, done = results.catalogue, results.split
    click.echo()
    show_outcomes(terminal, results.outcomes)
    click.echo()
    records = sum(len(found.records) for found in catalogue.clusters)
    click.echo(
        terminal.said(
            N_("union catalogue: {records} records describe {titles} publications"),
            records=records,
            titles=len(catalogue.clusters),
        )
    )
    click.echo()
    _show_search(terminal, consortium)
    click.echo()
    show_overlap(terminal, results.overlap)
    click.echo()
    _, landed = consortium.bill(SUBSCRIPTION, YEAR)
    if landed is not None:
        click.echo(landed_text(terminal, landed))
    click.echo(split_table(done, terminal.language, names=consortium.names(done)))
    click.echo()
    for path in results.written:
        click.echo(terminal.said(N_("wrote {path}"), path=path))
    _say_further(terminal, consortium.settings.folder, next(iter(done.shares)))


def _say_further(terminal: Terminal, folder: Path, library: str) -> None:
    """Say with which commands to look at what the demo made."""
    terminal.say(N_("look further: libconsortium -C {folder} records --limit 5"), folder=folder)
    terminal.say(
        N_("search on: libconsortium -C {folder} search {words} --facet member"),
        folder=folder,
        words=SEARCHED,
    )
    terminal.say(
        N_("why is it so much? libconsortium -C {folder} explain {library} {subscription} {year}"),
        folder=folder,
        library=library,
        subscription=SUBSCRIPTION,
        year=YEAR,
    )


def _show_search(terminal: Terminal, consortium: Consortium) -> None:
    """Search for words typed without diacritics and show what was found, and who holds it."""
    page = search_catalogue(consortium, SearchRequest(text=SEARCHED, limit=3))
    click.echo(
        terminal.said(
            N_("search for '{words}': {total} publications; the first of them:"),
            words=SEARCHED,
            total=page.total,
        )
    )
    show_hits(terminal, page)


def _summary(consortium: Consortium, results: _Results) -> dict[str, object]:
    catalogue, done = results.catalogue, results.split
    return {
        "folder": str(consortium.settings.folder),
        "sources": [outcome_row(outcome) for outcome in results.outcomes],
        "records": sum(len(found.records) for found in catalogue.clusters),
        "publications": len(catalogue.clusters),
        "held_by_all": results.overlap.held_by_all,
        "found": search_catalogue(consortium, SearchRequest(text=SEARCHED)).total,
        "total": done.bill.amount.minor,
        "members_pay": done.members_pay.minor,
        "shares": {member: share.amount.minor for member, share in done.shares.items()},
        "currency": done.bill.amount.currency,
        "written": [str(path) for path in results.written],
    }
