"""The doctor: looks at everything once and says in plain words what needs attention."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import attrs
import click

from libconsortium import (
    Consortium,
    ConsortiumError,
    Harvester,
    HarvestSource,
    HttpRules,
    IdentifierScheme,
    Message,
    Problem,
    Severity,
    __version__,
    examine_site,
    findings,
    identifier_problems,
)
from libconsortium.cli.frame import N_, Terminal, as_json, command, current, json_option, option


@attrs.frozen
class Check:
    """One thing looked at.

    Args:
        name: What was looked at.
        severity: ``info`` when all is well.
        said: What was found.
    """

    name: str
    severity: Severity
    said: Message


@command(
    help=N_(
        "Check settings, plugins, store and facts, and say what needs attention.\n\n"
        "With --sources every source is looked at as 'harvest doctor' does: its name, its"
        " datestamps, how it tells of deletions, its formats, its certificate and some of its"
        " records, with what to do. Ends with status 1 if something is wrong."
    ),
    examples=("libconsortium doctor", "libconsortium -C my-federation doctor --sources"),
)
@option("--sources", is_flag=True, help=N_("Ask every source about itself; needs the network."))
@json_option
@current
def doctor(terminal: Terminal, *, sources: bool, json_: bool) -> int:
    """Check everything once."""
    checks = []
    for check in _checks(terminal, with_sources=sources):
        checks.append(check)
        if not json_:
            mark = {Severity.INFO: "✓", Severity.WARNING: "!", Severity.ERROR: "✗"}[check.severity]
            click.echo(f"{mark} {terminal.said(check.name)}: {terminal.said(check.said)}")
    if json_:
        as_json(
            {
                "checks": [
                    {"name": check.name, "severity": check.severity.value, "said": str(check.said)}
                    for check in checks
                ]
            }
        )
    return 1 if any(check.severity is Severity.ERROR for check in checks) else 0


def _checks(terminal: Terminal, *, with_sources: bool) -> Iterator[Check]:
    python = f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    yield _well(
        N_("program"),
        Message("libconsortium {version}, Python {python}", version=__version__, python=python),
    )
    yield from _plugin_checks(terminal)
    consortium = None
    try:
        consortium = terminal.consortium()
        yield _well(
            N_("settings"), Message("{name} reads well", name=terminal.folder / "consortium.toml")
        )
        yield from _store_checks(consortium)
        if with_sources:
            yield from _source_checks(consortium)
    except ConsortiumError as error:
        yield Check(
            N_("settings") if consortium is None else N_("store"), Severity.ERROR, error.message
        )
    finally:
        if consortium is not None:
            consortium.close()


def _plugin_checks(terminal: Terminal) -> Iterator[Check]:
    statuses = terminal.registry().statuses()
    for status in statuses:
        if status.reason:
            said = Message(
                "{plugin} was left out: {reason}", plugin=status.name, reason=status.reason
            )
            yield Check(N_("plugins"), Severity.ERROR, said)
    ready = sum(not status.reason for status in statuses)
    yield _well(N_("plugins"), Message("{count} are ready", count=ready))


def _store_checks(consortium: Consortium) -> Iterator[Check]:
    yield _well(N_("store"), Message("{address} can be read", address=consortium.store.address))
    for remark in consortium.store.remarks():
        yield _found(N_("store"), remark)
    directory = consortium.directory()
    schemes = consortium.registry.all(IdentifierScheme).values()
    problems = (*findings(directory), *identifier_problems(directory, schemes))
    for problem in problems:
        yield _found(N_("facts"), problem)
    counted = sum(1 for _ in directory.all())
    yield Check(
        N_("facts"),
        max(
            (problem.severity for problem in problems),
            key=list(Severity).index,
            default=Severity.INFO,
        ),
        Message("{count} facts, {problems} findings", count=counted, problems=len(problems)),
    )
    for bill in consortium.settings.file.bills:
        yield _tried(
            N_("bills"),
            lambda bill=bill: consortium.split(bill.subscription, bill.year),  # type: ignore[misc] # mypy and bound defaults
            Message(
                "{subscription} {year} can be split", subscription=bill.subscription, year=bill.year
            ),
        )


def _source_checks(consortium: Consortium) -> Iterator[Check]:
    for source in consortium.settings.sources():
        if consortium.registry.find(Harvester, source.harvester).examine is None:
            continue
        try:
            yield from _examined(consortium, source)
        except ConsortiumError as error:
            said = Message("{source}: {error}", source=source.name, error=error.message)
            yield Check(N_("sources"), Severity.ERROR, said)


def _examined(consortium: Consortium, source: HarvestSource) -> Iterator[Check]:
    """Look at a source as ``harvest doctor`` does, with a small sample of its records."""
    rules = HttpRules(
        allowed_networks=source.allowed_networks,
        contact=source.contact,
        ca_file=source.ca_file,
        read_seconds=source.timeout_seconds,
        attempts=2,
        backoff_seconds=min(1.0, source.retry_seconds),
        longest_wait_seconds=_LONGEST_WAIT,
        wait_seconds=source.wait_seconds,
        credentials=source.credentials,
        headers=tuple(source.headers.items()),
    )
    found = examine_site(
        source.url, consortium.registry, rules, sample=_SAMPLE, now=consortium.clock()
    )
    if found.facts is not None:
        about = found.facts.identity.said
        said = Message(
            "{source}: {name}; datestamps {granularity}, deletions {deleted}, formats {formats}",
            source=source.name,
            name=about.name,
            granularity=about.granularity,
            deleted=about.deleted_records,
            formats=", ".join(prefix for prefix, _ in found.facts.formats),
        )
        yield _well(N_("sources"), said)
    for problem in found.problems:
        said = Message("{source}: {what}", source=source.name, what=problem.what)
        if problem.advice.template:
            said = Message("{what} → {advice}", what=said, advice=problem.advice)
        yield Check(N_("sources"), problem.severity, said)


_SAMPLE = 20
_LONGEST_WAIT = 10.0


def _tried(name: str, attempt: Callable[[], object], said: Message) -> Check:
    try:
        attempt()
    except ConsortiumError as error:
        return Check(name, Severity.ERROR, error.message)
    return _well(name, said)


def _well(name: str, said: Message) -> Check:
    return Check(name, Severity.INFO, said)


def _found(name: str, problem: Problem) -> Check:
    return Check(
        name, problem.severity, Message("{where}: {what}", where=problem.where, what=problem.what)
    )
