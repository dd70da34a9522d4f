"""The proof of a harvest, or the gap, in plain words; and its pages as they were received."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from itertools import starmap
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import attrs
import click

from libconsortium import (
    HarvestPage,
    HarvestRun,
    Message,
    Problem,
    RunStatus,
    Severity,
    Store,
    StoreError,
    UnknownNameError,
    missing_scope,
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
from libconsortium.cli.harvest.address import ending, file_option, opened

_MOST_NAMED = 20
_PAGE = re.compile(r"\bpage \d+")
_WORST_FIRST = tuple(reversed(Severity))


@command(
    help=N_(
        "Show the proof that a harvest is complete, or what is missing.\n\n"
        "One run a line, with how it ended and why; --run shows the evidence of one: every page"
        " with its hash, tokens and counts. --page writes one page to standard output, exactly as"
        " it was received."
    ),
    examples=(
        "libconsortium harvest report",
        "libconsortium harvest report --in records.db --run 1",
        "libconsortium harvest report --in records.db --run 1 --page 3 > page.xml",
    ),
)
@file_option
@option("--source", help=N_("Only the runs of this source."))
@option("--run", "number", type=click.IntRange(min=1), help=N_("The evidence of this run."))
@option("--page", type=click.IntRange(min=1), help=N_("With --run: the bytes of this page."))
@json_option
@current
def harvest_report(
    terminal: Terminal,
    *,
    file: Path | None,
    source: str | None,
    number: int | None,
    page: int | None,
    json_: bool,
) -> None:
    """Show how harvests ended, and their evidence."""
    if page is not None and number is None:
        raise click.UsageError(terminal.said(N_("--page goes with --run")))
    if file is not None:
        with opened(file, terminal.registry()) as store:
            _report(terminal, store, source, number, page, json_=json_)
    else:
        with terminal.consortium() as consortium:
            _report(terminal, consortium.store, source, number, page, json_=json_)


def _report(
    terminal: Terminal,
    store: Store,
    source: str | None,
    number: int | None,
    page: int | None,
    *,
    json_: bool,
) -> None:
    runs = [run for run in store.runs(source) if number in (None, run.number)]
    if source is not None and not runs:
        known = sorted({run.request.source for run in store.runs()})
        raise UnknownNameError(
            "there is no harvest run of {source!r}; there are runs of: {known}",
            source=source,
            known=", ".join(known) or "-",
        )
    if number is not None and not runs:
        raise StoreError("there is no harvest run {number}", number=number)
    if page is not None:
        _write_page(store, runs[0], page)
    elif json_:
        as_json({"runs": [_run_row(store, run, in_full=number is not None) for run in runs]})
    else:
        if not runs:
            terminal.say(N_("nothing was harvested yet"))
        for run in runs:
            _tell(terminal, store, run)
        if number is not None:
            _show_stored(terminal, store, runs[0])
            terminal.say_problems(_missing(store, runs[0]))
            terminal.say_problems(starmap(_counted, _problems(store, runs[0])))
            _show_pages(terminal, store, runs[0])


def _write_page(store: Store, run: HarvestRun, number: int) -> None:
    found = next((one for one in store.pages(run.number) if one.number == number), None)
    if found is None:
        raise StoreError("harvest run {run} has no page {page}", run=run.number, page=number)
    sys.stdout.buffer.write(found.body)


def _tell(terminal: Terminal, store: Store, run: HarvestRun) -> None:
    ended = run.finished or run.started
    click.echo(
        terminal.said(
            N_("run {number} of {source}, {moment}: {status}"),
            number=run.number,
            source=run.request.source,
            moment=f"{ended:%Y-%m-%d %H:%M} UTC",
            status=terminal.said(run.status.value),
        )
    )
    is_proof = run.status.is_complete
    heading = N_("proof") if is_proof else N_("gap")
    for name, said in (
        (N_("asked for"), _asked(terminal, run)),
        (heading, terminal.said(run.reason)),
        (N_("received"), _received(terminal, run)),
        (N_("goes on"), _goes_on(terminal, store, run)),
    ):
        if said:
            click.echo(f"  {terminal.said(name)}: {said}")


def _problems(store: Store, run: HarvestRun) -> Sequence[tuple[Problem, int]]:
    """Return what the harvests of a source found wrong, the worst first; only with its last run.

    What is alike but for the number of the page is given once, with how often it was found.
    """
    last = store.last_run(run.request.source)
    if last is None or last.number != run.number:
        return []
    found: dict[tuple[object, ...], list[Problem]] = {}
    for one in store.problems(f"harvest:{run.request.source}"):
        key = (one.code, one.where, one.severity, _PAGE.sub("", str(one.what)))
        found.setdefault(key, []).append(one)
    alike = [(some[0], len(some)) for some in found.values()]
    return sorted(alike, key=lambda one: _WORST_FIRST.index(one[0].severity))


def _counted(problem: Problem, count: int) -> Problem:
    if count == 1:
        return problem
    what = Message("{what} (and {count} more alike)", what=problem.what, count=count - 1)
    return attrs.evolve(problem, what=what)


def _missing(store: Store, run: HarvestRun) -> tuple[Problem, ...]:
    """Return the pieces that the last harvest of a source did not bring."""
    last = store.last_run(run.request.source)
    if last is None or last.number != run.number or run.finished is None:
        return ()
    return store.problems(missing_scope(run.request.source))


def _asked(terminal: Terminal, run: HarvestRun) -> str:
    """Return what the source was asked for, as an office reads it."""
    asked = run.request
    everything = N_("all identifiers, and what differs") if asked.headers_only else N_("everything")
    parts = [N_("what changed since {since}") if asked.since else everything]
    parts += [N_("until {until}")] if asked.until else []
    parts += [N_("in the set {wanted}")] if asked.set_spec else []
    parts += [N_("as {prefix}, from {url}")]
    values = {
        "since": asked.since,
        "until": asked.until,
        "wanted": asked.set_spec,
        "prefix": asked.prefix,
        "url": asked.url,
    }
    return " ".join(terminal.said(part, **values) for part in parts)


def _received(terminal: Terminal, run: HarvestRun) -> str:
    counts = run.counts
    return terminal.said(
        N_(
            "{pages} pages with {records} records: new {new}, changed {changed}, as before"
            " {unchanged}, deleted {deleted}, received twice {duplicates}; repaired {repaired}"
        ),
        pages=counts.pages,
        records=counts.records,
        new=counts.new,
        changed=counts.changed,
        unchanged=counts.unchanged,
        deleted=counts.deleted,
        duplicates=counts.duplicates,
        repaired=counts.repaired,
    )


def _goes_on(terminal: Terminal, store: Store, run: HarvestRun) -> str:
    """Return what the next harvest does; nothing of a run after which others came."""
    last = store.last_run(run.request.source)
    if last is None or last.number != run.number or run.status is RunStatus.ERROR:
        return ""
    if run.status.is_complete:
        said = N_("the next harvest asks for what changed since {since}")
        return terminal.said(said, since=run.watermark) if run.watermark else ""
    checkpoint = store.checkpoint(run.request.source)
    if checkpoint is None:
        return terminal.said(N_("the same command begins again; what came is kept"))
    said = N_("the same command goes on at page {page}; what came is kept")
    return terminal.said(said, page=checkpoint.page_number)


def _show_stored(terminal: Terminal, store: Store, run: HarvestRun) -> None:
    """Say what the store has of the source now, and what is in quarantine."""
    broken = store.quarantine(run.request.source)
    counted = store.record_counts(run.request.source)
    click.echo(
        terminal.said(
            N_("in the store now: {live} live records, {deleted} deleted, {broken} in quarantine"),
            live=sum(one.live for one in counted),
            deleted=sum(one.deleted for one in counted),
            broken=len(broken),
        )
    )
    for one in broken[:_MOST_NAMED]:
        click.echo(f"  {one.identifier or '?'}: {terminal.said(one.reason)}")
    if len(broken) > _MOST_NAMED:
        terminal.say(N_("… and {count} more"), count=len(broken) - _MOST_NAMED)


def _show_pages(terminal: Terminal, store: Store, run: HarvestRun) -> None:
    headings = (N_("page"), N_("bytes"), "SHA-256", N_("records"), N_("cursor"), N_("total"), "URL")
    as_table(
        [terminal.said(text) for text in headings],
        [
            (
                page.number,
                len(page.body),
                page.body_hash[:12],
                page.record_count,
                "" if page.cursor is None else page.cursor,
                "" if page.complete_list_size is None else page.complete_list_size,
                page.url,
            )
            for page in store.pages(run.number)
        ],
    )


def _run_row(store: Store, run: HarvestRun, *, in_full: bool) -> dict[str, object]:
    row: dict[str, object] = {
        "run": run.number,
        "source": run.request.source,
        "url": run.request.url,
        "status": ending(run.status),
        "reason": str(run.reason),
        "started": run.started.isoformat(),
        "finished": run.finished.isoformat() if run.finished else None,
        "since": run.request.since,
        "until": run.request.until,
        "prefix": run.request.prefix,
        "set": run.request.set_spec,
        "watermark": run.watermark,
        "pages": run.counts.pages,
        "records": run.counts.records,
        "new": run.counts.new,
        "changed": run.counts.changed,
        "unchanged": run.counts.unchanged,
        "deleted": run.counts.deleted,
        "repaired": run.counts.repaired,
        "duplicates": run.counts.duplicates,
    }
    if in_full:
        row["evidence"] = [_page_row(page) for page in store.pages(run.number)]
        row["missing"] = [problem_row(one) for one in _missing(store, run)]
        row["problems"] = [
            {**problem_row(one), "count": count} for one, count in _problems(store, run)
        ]
    return row


def _page_row(page: HarvestPage) -> dict[str, object]:
    return {
        "page": page.number,
        "url": page.url,
        "bytes": len(page.body),
        "sha256": page.body_hash,
        "encoding": page.encoding,
        "received": page.received.isoformat(),
        "response_date": page.response_date,
        "token_in": parse_qs(urlsplit(page.url).query).get("resumptionToken", [""])[0],
        "token_out": page.token,
        "cursor": page.cursor,
        "complete_list_size": page.complete_list_size,
        "records": page.record_count,
        "headers": dict(page.headers),
    }
