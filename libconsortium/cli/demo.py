"""The demonstration: the main job from beginning to end, with invented data and real servers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from libconsortium import (
    Command,
    Consortium,
    HarvestError,
    HarvestOutcome,
    Overlap,
    Preset,
    SearchRequest,
    Split,
    StoreError,
    UnionCatalogue,
    read_settings,
    search_catalogue,
    snapshot_of,
    split_table,
    update_search,
    write_report,
)
from libconsortium.cli.costs import landed_text
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
from libconsortium.cli.harvest import harvested, outcome_row, show_outcomes
from libconsortium.cli.overlap import show_overlap
from libconsortium.cli.search_views import show_hits

SUBSCRIPTION, YEAR = "csdl-vi-du-2025", 2025

SEARCHED = "giao trinh"
"""What the demonstration searches its union catalogue for: typed without diacritics."""

MARK = "# Written by 'libconsortium demo': an invented consortium, real servers on this machine."
"""First line of a demonstration's settings; a folder without it is somebody's work."""

_WRITTEN = (
    "consortium.toml",
    "consortium.db*",
    "search.db*",
    "facts/demo.toml",
    "policies/20-50-30.toml",
    "reports/*",
)

_SETTINGS = """\
{mark}
[consortium]
name = "Liên hợp thư viện Ví Dụ (hư cấu)"
federation = "vi-du"
language = "{language}"

[[bills]]
subscription = "{subscription}"
year = {year}
policy = "policies/20-50-30.toml"
quote = "120000 USD"
contract = "net"
exchange = {{ quoted = "USD", paid = "VND", rate = "25400", on = 2025-01-02, source = "invented" }}
tax = {{ corporate_income = "10%", value_added = "5%", source = "example; ask your accountant" }}
"""


_SOURCE = """
[[sources]]
name = "{name}"
member = "{member}"
url = "{url}"
allowed_networks = ["127.0.0.1/32"]   # these servers run on this machine
retry_seconds = 0.2
"""

_POLICY = """\
name   = "20/50/30 after a sponsor's 40 %"
source = "made for the demonstration; an example, not an official formula"

[drivers]
fte   = { measure = "fte" }
usage = { measure = "usage" }

[sponsor]
pays = "40%"
by   = "proportional"

[[mix]]
weight = 20
by     = "equal"

[[mix]]
weight = 50
by     = "fte"

[[mix]]
weight = 30
by     = "usage"
"""


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
    _refuse_somebodys_work(into)
    if fresh:
        _forget(into)
    with _servers(terminal, _ports(into)) as servers:
        _write_settings(terminal, into, servers)
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
    catalogue = consortium.cluster()
    update_search(consortium)
    overlap = consortium.overlap()
    _head(terminal, 4, N_("cost split: the bill, the policy, every member's share"))
    done = consortium.split(SUBSCRIPTION, YEAR)
    consortium.keep(done)
    _head(terminal, 5, N_("reports"))
    written = _reports(consortium, done, terminal.language)
    if json_:
        as_json(_summary(consortium, servers, outcomes, catalogue, overlap, done, written))
    else:
        _show_summary(terminal, consortium, outcomes, catalogue, overlap, done, written)
    return 0


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


def _show_summary(
    terminal: Terminal,
    consortium: Consortium,
    outcomes: Sequence[HarvestOutcome],
    catalogue: UnionCatalogue,
    overlap: Overlap,
    done: Split,
    written: Sequence[Path],
) -> None:
    click.echo()
    show_outcomes(terminal, outcomes)
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
    show_overlap(terminal, overlap)
    click.echo()
    _, landed = consortium.bill(SUBSCRIPTION, YEAR)
    if landed is not None:
        click.echo(landed_text(terminal, landed))
    click.echo(split_table(done, terminal.language, names=consortium.names(done)))
    click.echo()
    for path in written:
        click.echo(terminal.said(N_("wrote {path}"), path=path))
    folder = consortium.settings.folder
    terminal.say(N_("look further: libconsortium -C {folder} records --limit 5"), folder=folder)
    terminal.say(
        N_("search on: libconsortium -C {folder} search {words} --facet member"),
        folder=folder,
        words=SEARCHED,
    )
    terminal.say(
        N_("why is it so much? libconsortium -C {folder} explain {library} {subscription} {year}"),
        folder=folder,
        library=next(iter(done.shares)),
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


def _summary(
    consortium: Consortium,
    servers: Sequence[Mapping[str, Any]],
    outcomes: Sequence[HarvestOutcome],
    catalogue: UnionCatalogue,
    overlap: Overlap,
    done: Split,
    written: Sequence[Path],
) -> dict[str, object]:
    return {
        "folder": str(consortium.settings.folder),
        "servers": [dict(server) for server in servers],
        "sources": [outcome_row(outcome) for outcome in outcomes],
        "records": sum(len(found.records) for found in catalogue.clusters),
        "publications": len(catalogue.clusters),
        "held_by_all": overlap.held_by_all,
        "found": search_catalogue(consortium, SearchRequest(text=SEARCHED)).total,
        "total": done.bill.amount.minor,
        "members_pay": done.members_pay.minor,
        "shares": {member: share.amount.minor for member, share in done.shares.items()},
        "currency": done.bill.amount.currency,
        "written": [str(path) for path in written],
    }


# ---------------------------------------------------------------- folder and servers


def _refuse_somebodys_work(into: Path) -> None:
    settings = into / "consortium.toml"
    if settings.exists():
        is_ours = settings.read_text("utf-8", "replace").startswith(MARK)
    else:
        is_ours = not into.exists() or not any(into.iterdir())
    if not is_ours:
        raise StoreError("{path} is not a demonstration's folder; choose another one", path=into)


def _forget(into: Path) -> None:
    """Remove what a demonstration wrote, and nothing else."""
    for pattern in _WRITTEN:
        for path in into.glob(pattern):
            path.unlink()


def _write_settings(terminal: Terminal, into: Path, servers: Sequence[Mapping[str, Any]]) -> None:
    settings = _SETTINGS.format(
        mark=MARK, language=terminal.language, subscription=SUBSCRIPTION, year=YEAR
    )
    files = {
        into / "consortium.toml": settings
        + "".join(_SOURCE.format(**server) for server in servers),
        into / "policies" / "20-50-30.toml": _POLICY,
        into / "facts" / "demo.toml": terminal.registry().find(Preset, "demo").read(),
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _ports(into: Path) -> list[str]:
    """Return the ports of an earlier demonstration: a list goes on only at the same address."""
    if not (into / "consortium.toml").exists():
        return []
    sources = read_settings(into).file.sources
    return [str(port) for source in sources if (port := urlsplit(source.url).port)]


@contextmanager
def _servers(terminal: Terminal, ports: Sequence[str]) -> Iterator[list[dict[str, Any]]]:
    terminal.registry().find(Command, "demo-servers")
    wanted = [argument for port in ports for argument in ("--port", port)]
    with subprocess.Popen(  # noqa: S603 - our own command; the ports are numbers
        [sys.executable, "-m", "libconsortium", "demo-servers", *wanted],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "LIBCONSORTIUM_LANG": terminal.language},
        start_new_session=True,  # a Ctrl-C is for the harvest, which still needs its answers
    ) as process:
        try:
            said = process.stdout.readline() if process.stdout else ""
            if not said:
                raise HarvestError("the demonstration's servers did not start; see the line above")
            yield json.loads(said)["sources"]
        finally:
            if process.stdin:
                process.stdin.close()
