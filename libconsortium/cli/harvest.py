"""Harvesting: fetch the members' records, and look at what was fetched."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from threading import Lock
from types import TracebackType
from typing import Self

import click

from libconsortium import (
    BibRecord,
    Consortium,
    HarvestOutcome,
    HarvestProgress,
    RawRecord,
    RunStatus,
    read_record,
)
from libconsortium.cli.frame import (
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


@command(
    help=N_(
        "Fetch the members' catalogue records over OAI-PMH.\n\n"
        "Harvests all sources of consortium.toml at once, or those named; asks each only for what"
        " changed since"
        " its last complete harvest. Every page is kept as received; stop it at any moment"
        " (Ctrl-C) and run the"
        " same command again: it goes on where it was. A run ends with a proof that it is"
        " complete, or says"
        " what is missing."
    ),
    examples=(
        "libconsortium harvest",
        "libconsortium harvest my-library --json",
        "libconsortium harvest --dry-run",
        "libconsortium harvest my-library --release",
    ),
)
@click.argument("sources", nargs=-1)
@option("--dry-run", is_flag=True, help=N_("Say what would be asked of whom; ask nobody."))
@option(
    "--release",
    is_flag=True,
    help=N_("Free the named sources whose harvest hangs on a machine that is gone; ask nobody."),
)
@json_option
@current
def harvest(
    terminal: Terminal, sources: tuple[str, ...], *, dry_run: bool, release: bool, json_: bool
) -> int:
    """Harvest the consortium's sources."""
    with terminal.consortium() as consortium:
        if release:
            _release(terminal, consortium, sources, json_=json_)
            return 0
        if dry_run:
            _show_plan(terminal, consortium, sources, json_=json_)
            return 0
        outcomes = harvested(terminal, consortium, sources)
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
    return 0 if all(outcome.is_complete for outcome in outcomes) else 1


def _release(
    terminal: Terminal, consortium: Consortium, names: Sequence[str], *, json_: bool
) -> None:
    if not names:
        raise click.UsageError(terminal.said(N_("name the sources to release")))
    freed = [
        source.name
        for source in consortium.sources(names)
        if consortium.store.release(source.name, at=consortium.clock())
    ]
    if json_:
        as_json({"released": freed})
    for name in names:
        said = N_("{source} is free now") if name in freed else N_("{source} was not taken")
        terminal.say(said, source=name)


def harvested(
    terminal: Terminal, consortium: Consortium, sources: Sequence[str] = ()
) -> tuple[HarvestOutcome, ...]:
    """Harvest sources and show how far each is."""
    with _progress(terminal) as show:
        return consortium.harvest(sources, on_progress=show)


def show_outcomes(terminal: Terminal, outcomes: Sequence[HarvestOutcome]) -> None:
    """Print how each harvest ended, and why."""
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


def outcome_row(outcome: HarvestOutcome) -> dict[str, object]:
    """Return the outcome of a harvest as a program reads it."""
    return {
        "source": outcome.source,
        "status": outcome.status.name,
        "reason": str(outcome.reason),
        "run": outcome.run,
        "pages": outcome.counts.pages,
        "new": outcome.counts.new,
        "changed": outcome.counts.changed,
        "unchanged": outcome.counts.unchanged,
        "deleted": outcome.counts.deleted,
        "duplicates": outcome.counts.duplicates,
        "missing": list(outcome.missing),
        "until": outcome.until.isoformat() if outcome.until else None,
        "watermark": outcome.watermark,
        "problems": outcome.problems,
    }


def _show_plan(
    terminal: Terminal, consortium: Consortium, names: Sequence[str], *, json_: bool
) -> None:
    rows = []
    for source in consortium.sources(names):
        checkpoint = consortium.store.checkpoint(source.name)
        last = consortium.store.last_run(source.name, status=RunStatus.COMPLETE)
        rows.append(
            {
                "source": source.name,
                "url": source.url,
                "prefix": source.prefix,
                "page": checkpoint.page_number if checkpoint else 1,
                "since": last.watermark if last and not checkpoint else source.since,
            }
        )
    if json_:
        as_json({"dry_run": True, "sources": rows})
        return
    headings = (
        N_("source"),
        N_("address"),
        N_("format"),
        N_("goes on at page"),
        N_("changes since"),
    )
    as_table([terminal.said(text) for text in headings], [tuple(row.values()) for row in rows])


@contextmanager
def _progress(terminal: Terminal) -> Iterator[Callable[[HarvestProgress], None]]:
    """Show progress on standard error: bars on a terminal, plain lines elsewhere (cron)."""
    if sys.stderr.isatty():
        try:
            from rich.progress import Progress  # noqa: F401 - only to know whether it is there
        except ImportError:
            pass
        else:
            with _Bars() as bars:
                yield bars.show
            return
    yield _Lines(terminal).show


class _Lines:
    """One line a page, for terminals without bars and for logs."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.lock = Lock()

    def show(self, progress: HarvestProgress) -> None:
        """Print how far one source is."""
        with self.lock:
            self.terminal.say(
                N_("{source}: page {page}, {records} of {expected} records, {rate} a second"),
                source=progress.source,
                page=progress.pages,
                records=progress.records,
                expected="?" if progress.expected is None else progress.expected,
                rate=f"{progress.rate:.0f}",
            )


class _Bars:
    """One bar a source, with rate and remaining time."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TaskID,
            TextColumn,
            TimeRemainingColumn,
        )

        self.bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]:.0f}/s"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self.tasks: dict[str, TaskID] = {}
        self.lock = Lock()

    def __enter__(self) -> Self:
        self.bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.bars.stop()

    def show(self, progress: HarvestProgress) -> None:
        """Move the bar of one source."""
        with self.lock:
            if progress.source not in self.tasks:
                self.tasks[progress.source] = self.bars.add_task(
                    progress.source, total=None, rate=0.0
                )
            self.bars.update(
                self.tasks[progress.source],
                completed=progress.records,
                total=progress.expected,
                rate=progress.rate,
            )


@command(
    help=N_(
        "List harvested records.\n\n"
        "One row a record as its crosswalk reads it; --raw prints the XML as received, --problems"
        " what is wrong,"
        " --deleted adds the tombstones. With --json one line a record."
    ),
    examples=(
        "libconsortium records --limit 10",
        "libconsortium records --source my-library --problems",
        "libconsortium records --deleted --json > records.jsonl",
    ),
)
@option("--source", help=N_("Only the records of this source."))
@option("--deleted", is_flag=True, help=N_("Tombstones too."))
@option("--problems", is_flag=True, help=N_("Only records with problems, and the problems."))
@option(
    "--raw", is_flag=True, help=N_("The metadata as received instead of the fields read from it.")
)
@option(
    "--since",
    default="",
    metavar="DATE",
    help=N_("Only records changed on this datestamp or later."),
)
@option("--limit", type=click.IntRange(min=1), help=N_("At most so many records."))
@json_option
@current
def records(
    terminal: Terminal,
    *,
    source: str | None,
    deleted: bool,
    problems: bool,
    raw: bool,
    since: str,
    limit: int | None,
    json_: bool,
) -> None:
    """List harvested records."""
    with terminal.consortium() as consortium:
        found = _selected(consortium, source, since, deleted=deleted, problems=problems)
        shown = islice(found, limit)
        if raw:
            for stored, _ in shown:
                click.echo(stored.content.decode("utf-8", "replace"))
        elif json_:
            for stored, record in shown:
                as_json(_record_row(stored, record))
        elif problems:
            for _, record in shown:
                terminal.say_problems(record.problems)
        else:
            headings = (N_("source"), N_("identifier"), N_("datestamp"), N_("year"), N_("title"))
            as_table(
                [terminal.said(text) for text in headings],
                [
                    (
                        stored.source,
                        stored.identifier,
                        stored.datestamp,
                        record.year or "",
                        terminal.said(N_("(deleted)")) if stored.is_deleted else record.title,
                    )
                    for stored, record in shown
                ],
            )


def _selected(
    consortium: Consortium, source: str | None, since: str, *, deleted: bool, problems: bool
) -> Iterator[tuple[RawRecord, BibRecord]]:
    if source is not None:
        consortium.sources([source])
    for stored in consortium.store.records(source, deleted=deleted, since=since):
        if stored.is_deleted:
            record = BibRecord(source=stored.source, identifier=stored.identifier)
        else:
            record = read_record(stored, consortium.registry)
        if not problems or record.problems:
            yield stored, record


def _record_row(stored: RawRecord, record: BibRecord) -> dict[str, object]:
    return {
        "source": stored.source,
        "identifier": stored.identifier,
        "datestamp": stored.datestamp,
        "deleted": stored.is_deleted,
        "sets": list(stored.sets),
        "title": record.title,
        "titles": list(record.titles),
        "creators": list(record.creators),
        "year": record.year,
        "types": list(record.types),
        "identifiers": [
            {"scheme": one.scheme, "value": one.value, "valid": one.is_valid}
            for one in record.identifiers
        ],
        "links": list(record.links),
        "unmapped": list(record.unmapped),
        "problems": [problem_row(problem) for problem in record.problems],
    }
