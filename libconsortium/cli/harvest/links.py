"""Checks a list of sites: alive, moved, dead, and which have OAI-PMH."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import attrs
import click

from libconsortium import (
    Harvester,
    HttpRules,
    LinkCause,
    LinkCheck,
    LinkState,
    LinkWatch,
    Site,
    check_sites,
    link_counts,
    link_row,
    read_links,
    read_sites,
    write_links,
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
    problem_row,
)
from libconsortium.cli.harvest.networks import checked_networks, network_option

ALL_ALIVE, SOME_DEAD, STOPPED = 0, 3, 4
_NO_CSV = frozenset({".xlsx", ".xls", ".ods"})
_WRITE_EVERY_SECONDS = 1.0
_EXPLAINED = (LinkCause.TLS, LinkCause.SERVER_ERROR)
_TEXTS = (
    N_("ok"),
    N_("moved"),
    N_("dead"),
    N_("not checked"),
    N_("has OAI"),
    N_("no such name"),
    N_("connection refused"),
    N_("no way there"),
    N_("no answer in time"),
    N_("connection breaks"),
    N_("certificate not trusted"),
    N_("page not found"),
    N_("server error"),
    N_("address not allowed"),
)


@command(
    help=N_(
        "Check a list of sites: alive, moved, dead, and which have OAI-PMH.\n\n"
        "FILE is a text file with an address a line, or a table (CSV, XLSX) with a column of"
        " addresses. All sites are looked at at once, with one request at a time for each host, and"
        " each has its own time limit. A dead site comes with its reason: no such name, refused,"
        " certificate, not found, no answer in time.\n\n"
        "With --csv what is known is kept all the time: stop it (Ctrl-C) and run the same command"
        " again, and it goes on with the sites left. When all were checked, the next run begins"
        " anew and says since when each site has been as it is.\n\n"
        "Exit status: 0 all are alive, 3 some are dead, 4 stopped before the end, 1 error, 2 usage."
    ),
    examples=(
        "libconsortium harvest links sites.txt",
        "libconsortium harvest links members.xlsx --csv links.csv",
        "libconsortium harvest links sites.csv --json",
    ),
)
@click.argument("file", type=FILE)
@option(
    "--csv",
    "out",
    type=FILE,
    metavar="OUT",
    help=N_("Keep what is found in this file; the same command again goes on from it."),
)
@option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    help=N_("Longest time for one site."),
)
@network_option
@option("--contact", default="", metavar="MAIL", help=N_("Mail address told to the servers."))
@json_option
@current
def harvest_links(
    terminal: Terminal,
    *,
    file: Path,
    out: Path | None,
    seconds: float,
    networks: tuple[str, ...],
    contact: str,
    json_: bool,
) -> int:
    """Check the sites of a list."""
    if out is not None and out.suffix.lower() in _NO_CSV:
        said = N_("--csv writes a CSV file, which Excel opens too: call it {path}")
        raise click.UsageError(terminal.said(said, path=out.with_suffix(".csv")))
    sites, problems = read_sites(file)
    terminal.say_problems(problems)
    rules = HttpRules(
        allowed_networks=checked_networks(terminal, networks),
        contact=contact,
        connect_seconds=min(10.0, seconds),
        read_seconds=min(20.0, seconds),
        total_seconds=min(30.0, seconds),
        max_wire_bytes=16 * 2**20,
        attempts=2,
        backoff_seconds=0.3,
        longest_wait_seconds=5.0,
        seconds_left=seconds,
    )
    kept = _Kept(terminal, sites, out)
    watch = LinkWatch(clock=lambda: datetime.now(UTC), on_check=kept.add)
    harvester = terminal.registry().find(Harvester, "oai-pmh")
    found = check_sites(sites, harvester, rules, watch, known=kept.known)
    checks = tuple(check.after(kept.before.get(check.site.url)) for check in found)
    kept.write(checks)
    if json_:
        counts = link_counts(checks)
        status = "INCOMPLETE" if counts["not checked"] else "COMPLETE"
        rows = [link_row(check) for check in checks]
        wrong = [problem_row(problem) for problem in problems]
        as_json({"status": status, "counts": counts, "sites": rows, "problems": wrong})
    else:
        _show(terminal, checks)
        if out is not None:
            terminal.say(N_("kept in {path}"), path=out)
    return _exit_code(checks)


def _exit_code(checks: Sequence[LinkCheck]) -> int:
    states = {check.state for check in checks}
    if LinkState.UNCHECKED in states:
        return STOPPED
    return SOME_DEAD if LinkState.DEAD in states else ALL_ALIVE


class _Kept:
    """What is known, kept in the file all the time, and told as it comes."""

    def __init__(self, terminal: Terminal, sites: Sequence[Site], out: Path | None) -> None:
        self.terminal, self.sites, self.out = terminal, sites, out
        self.before = read_links(out) if out is not None else {}
        unfinished = any(one.state is LinkState.UNCHECKED for one in self.before.values())
        wanted = {site.url: site for site in sites}
        self.known: dict[str, LinkCheck] = {
            url: attrs.evolve(one, site=wanted[url])
            for url, one in self.before.items()
            if unfinished and url in wanted and one.state is not LinkState.UNCHECKED
        }
        if self.known:
            terminal.say(
                N_("{count} sites were checked before; going on with the others"),
                count=len(self.known),
            )
        self.found = dict(self.known)
        self.written = time.monotonic()

    def add(self, check: LinkCheck) -> None:
        """Keep one more check, and tell of it."""
        self.found[check.site.url] = check
        what = self.terminal.said(check.state.value)
        if check.cause.value:
            what += f" ({self.terminal.said(check.cause.value)})"
        if check.oai:
            what += f", OAI: {check.oai}"
        done = f"{len(self.found)}/{len(self.sites)}"
        line = f"{done}  {check.site.url}: {what}"
        if sys.stderr.isatty():
            click.echo(f"\r\x1b[K{line[:118]}", err=True, nl=len(self.found) == len(self.sites))
        else:
            click.echo(line, err=True)
        if time.monotonic() - self.written > _WRITE_EVERY_SECONDS:
            self.write(self._all())

    def _all(self) -> list[LinkCheck]:
        checks = (self.found.get(site.url, LinkCheck(site=site)) for site in self.sites)
        return [check.after(self.before.get(check.site.url)) for check in checks]

    def write(self, checks: Sequence[LinkCheck]) -> None:
        """Write what is known."""
        if self.out is not None:
            write_links(self.out, checks)
            self.written = time.monotonic()


def _what(terminal: Terminal, check: LinkCheck) -> str:
    """Return why a site is dead in a word, or what was found there."""
    said = terminal.said(check.said) if check.said.template else ""
    cause = terminal.said(check.cause.value) if check.cause.value else ""
    return f"{cause}: {said}" if check.cause in _EXPLAINED else cause or said


def _show(terminal: Terminal, checks: Sequence[LinkCheck]) -> None:
    headings = (N_("site"), N_("state"), N_("since"), "OAI-PMH", N_("software"), N_("what"))
    as_table(
        [terminal.said(text) for text in headings],
        [
            (
                check.site.name or check.site.url,
                terminal.said(check.state.value),
                f"{check.since:%Y-%m-%d}" if check.since else "",
                check.oai,
                check.software,
                _what(terminal, check),
            )
            for check in checks
        ],
    )
    counts = link_counts(checks)
    said = (f"{terminal.said(name)} {count}" for name, count in counts.items())
    click.echo(f"\n{len(checks)} {terminal.said(N_('sites'))}: {' · '.join(said)}")
