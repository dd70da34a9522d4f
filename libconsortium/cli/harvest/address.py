"""Harvesting an address into a file, with no consortium set up, and looking into that file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs
import click

from libconsortium import (
    ConsortiumError,
    HarvestCounts,
    HarvestOutcome,
    HarvestProgress,
    HarvestSource,
    HarvestWatch,
    ImportFileError,
    Missing,
    Registry,
    RunStatus,
    SettingsError,
    Store,
    address_source,
    compare_due,
    moment_of,
    plan_harvest,
    update_source,
    without_secret,
)
from libconsortium.cli.frame import FILE, N_, Terminal, as_json, option
from libconsortium.cli.harvest.networks import checked_networks

file_option = option(
    "--in",
    "file",
    type=FILE,
    metavar="FILE.db",
    help=N_("A file that 'harvest --url' made, instead of the consortium's store."),
)

ERROR = 1
_ALL = "…/…"  # a window without bounds
_COUNTED = ("repaired", "duplicates", "pages", "new", "changed", "unchanged")
EXIT_CODES = {
    RunStatus.COMPLETE: 0,
    RunStatus.COMPLETE_WITH_QUARANTINE: 3,
    RunStatus.INCOMPLETE: 4,
    RunStatus.INTERRUPTED: 4,
    RunStatus.DEFERRED: 5,
    RunStatus.ERROR: ERROR,
}
"""Exit codes of the endings of a harvest."""

_MOST_LISTED = 20
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?")


@attrs.frozen(kw_only=True)
class Wanted:
    """What ``harvest --url`` was told.

    Args:
        url: Base URL of the endpoint.
        prefix: Metadata prefix.
        set_spec: OAI set, empty for everything.
        since: First datestamp, empty for no bound.
        until: Last datestamp, empty for no bound.
        networks: Networks that may be reached although they are not public.
        seconds: The harvest ends after so many seconds; ``None`` for no limit.
        into: The file.
        credentials: Where user name and password are kept.
        headers: Further headers as ``Name=env:VARIABLE``.
        compare_days: Days after which everything is compared; 0 for never.
    """

    url: str
    prefix: str
    set_spec: str
    since: str
    until: str
    networks: tuple[str, ...]
    seconds: float | None
    into: Path
    credentials: str
    headers: tuple[str, ...]
    compare_days: float


def exit_code(outcomes: Sequence[HarvestOutcome]) -> int:
    """Return the exit code of harvests: that of their ending if they have one in common."""
    codes = {EXIT_CODES[one.status] for one in outcomes} - {0}
    return codes.pop() if len(codes) == 1 else ERROR if codes else 0


def ending(status: RunStatus) -> str:
    """Return how a harvest ended, as programs read it."""
    return (RunStatus.INCOMPLETE if status is RunStatus.INTERRUPTED else status).name


def missing_row(missing: Missing) -> dict[str, object]:
    """Return what is missing as programs read it: one of page, identifier, window; the reason."""
    if missing.identifier:
        which: dict[str, object] = {"identifier": missing.identifier}
    elif missing.window:
        which = {"window": missing.window}
    else:
        which = {"page": missing.page, **({"token": missing.token} if missing.token else {})}
    return {**which, "reason": str(missing.reason)}


def _wrong(terminal: Terminal, said: str, text: str) -> click.UsageError:
    return click.UsageError(terminal.said(said, given=text))


def source_of(terminal: Terminal, wanted: Wanted) -> HarvestSource:
    """Return the source for an address.

    Raises:
        UsageError: Something in it is written wrong.
    """
    try:
        source = address_source(wanted.url, prefix=wanted.prefix, set_spec=wanted.set_spec)
    except SettingsError as error:
        raise click.UsageError(terminal.said(error.message)) from error
    if not wanted.prefix.strip():
        raise _wrong(terminal, N_("--prefix is empty; oai_dc is given by every server"), "")
    since, until = _dates(terminal, wanted)
    checked_networks(terminal, wanted.networks)
    pairs = [text.partition("=") for text in wanted.headers]
    if not all(name and value for name, _, value in pairs):
        said = N_("a --header is written like Name=env:VARIABLE or Name=file:PATH")
        raise _wrong(terminal, said, "")
    return attrs.evolve(
        source,
        since=since,
        until=until,
        allowed_networks=wanted.networks,
        credentials=wanted.credentials,
        compare_days=wanted.compare_days,
        headers={name.strip(): value for name, _, value in pairs},
    )


def _dates(terminal: Terminal, wanted: Wanted) -> tuple[str, str]:
    """Return both dates in one form, as the protocol wants them.

    Raises:
        UsageError: One is no date, or they are the wrong way round.
    """
    for text in (wanted.since, wanted.until):
        if text and not (_DATE.fullmatch(text) and moment_of(text)):
            raise _wrong(
                terminal,
                N_("{given!r} is no date: write it like 2026-01-31 or 2026-01-31T08:00:00Z"),
                text,
            )
    since, until = wanted.since, wanted.until
    if since and until and ("T" in since) != ("T" in until):
        since, until = (
            since if "T" in since else f"{since}T00:00:00Z",
            (until if "T" in until else f"{until}T23:59:59Z"),
        )
    if since and until and since > until:
        raise _wrong(terminal, N_("--from {given} comes after --until"), wanted.since)
    return since, until


@contextmanager
def opened(path: Path, registry: Registry, *, must_exist: bool = True) -> Iterator[Store]:
    """Open a file of harvested records.

    Raises:
        ImportFileError: There is no such file.
    """
    if must_exist and not path.is_file():
        raise ImportFileError(
            "{path} does not exist; 'libconsortium harvest --url' makes it", path=path
        )
    if must_exist and not path.stat().st_size:
        raise ImportFileError("{path} is empty; 'libconsortium harvest --url' fills it", path=path)
    store = registry.store_for("sqlite").open(f"sqlite:///{path.absolute()}")
    try:
        yield store
    finally:
        store.close()


def harvest_address(
    terminal: Terminal,
    wanted: Wanted,
    *,
    harvest: Callable[..., HarvestOutcome] = update_source,
    on_progress: Callable[[HarvestProgress], None],
    json_: bool,
) -> tuple[int, HarvestOutcome | None]:
    """Harvest an address into a file and say how it ended; return the exit code.

    Args:
        terminal: The global options.
        wanted: What to harvest.
        harvest: Harvests a source, or compares it.
        on_progress: Called after every page.
        json_: Answer for programs.
    """
    source = source_of(terminal, wanted)
    begun = datetime.now(UTC)
    kept: dict[str, object] = {}
    try:
        with opened(wanted.into, terminal.registry(), must_exist=False) as store:
            watch = HarvestWatch(
                clock=lambda: datetime.now(UTC), on_progress=on_progress, seconds=wanted.seconds
            )
            try:
                outcome = harvest(source, store, terminal.registry(), watch)
            except ConsortiumError as error:
                with suppress(ConsortiumError):  # perhaps it cannot be read either
                    kept = _kept(source, store, wanted, begun=begun, reason=str(error))
                raise
            row = _row(outcome, source, store, wanted)
    except ConsortiumError as error:
        if not json_:
            raise
        as_json(nothing_harvested(str(error), str(wanted.into)) | kept)
        terminal.say(error.message)
        return ERROR, None
    if json_:
        as_json(row)
    return exit_code([outcome]), outcome


def plan_row(source: HarvestSource, store: Store, *, is_whole: bool = False) -> dict[str, object]:
    """Return what a source would be asked for."""
    request, _ = plan_harvest(source, store, is_whole=is_whole)
    # A list that is always whole, such as that of files, is compared by being read.
    due = compare_due(source, store) if request.since else None
    return {
        "source": source.name,
        "url": without_secret(source.url),
        "prefix": source.prefix,
        "page": request.page_number,
        "since": request.since,
        "compare": f"{due:%Y-%m-%d}" if due else "",
    }


def address_plan(
    terminal: Terminal, wanted: Wanted, *, is_whole: bool = False
) -> list[dict[str, object]]:
    """Return what an address would be asked for; nobody is asked, and no file is made."""
    source = source_of(terminal, wanted)
    if wanted.into.exists():
        with opened(wanted.into, terminal.registry(), must_exist=False) as store:
            return [plan_row(source, store, is_whole=is_whole)]
    with TemporaryDirectory() as folder:
        nowhere = Path(folder) / "nothing.db"
        with opened(nowhere, terminal.registry(), must_exist=False) as store:
            return [plan_row(source, store, is_whole=is_whole)]


def release_address(terminal: Terminal, wanted: Wanted, *, json_: bool) -> None:
    """Free an address whose harvest hangs on a machine that is gone."""
    source = source_of(terminal, wanted)
    with opened(wanted.into, terminal.registry()) as store:
        is_freed = store.release(source.name, at=datetime.now(UTC))
    if json_:
        as_json({"released": [source.name] if is_freed else []})
    said = N_("{source} is free now") if is_freed else N_("{source} was not taken")
    terminal.say(said, source=source.name)


def _stored(source: HarvestSource, store: Store) -> dict[str, object]:
    counted = store.record_counts(source.name, since=source.since, until=source.until)
    return {
        "records": sum(one.live for one in counted),
        "deleted": sum(one.deleted for one in counted),
    }


def _kept(
    source: HarvestSource, store: Store, wanted: Wanted, *, begun: datetime, reason: str
) -> dict[str, object]:
    """Return what is there of a harvest that failed, as programs read it."""
    stored = _stored(source, store)
    run = store.last_run(source.name)
    if run is None or run.started < begun:  # this one did not come to begin
        return stored
    at = store.checkpoint(source.name)
    page = {"page": at.page_number, "token": at.token} if at else {"window": _ALL}
    return {
        **stored,
        "quarantined": len(store.quarantine(source.name)),
        **_counted(run.counts),
        "missing": [{**page, "reason": reason}],
        "evidence": _evidence(wanted, run.number, run.counts),
    }


def _row(
    outcome: HarvestOutcome, source: HarvestSource, store: Store, wanted: Wanted
) -> dict[str, object]:
    return {
        "status": ending(outcome.status),
        "reason": str(outcome.reason),
        **_stored(source, store),
        "quarantined": outcome.quarantined,
        **_counted(outcome.counts),
        "missing": [missing_row(one) for one in outcome.missing],
        "until": outcome.until.isoformat() if outcome.until else None,
        "evidence": _evidence(wanted, outcome.run, outcome.counts),
        "source": outcome.source,
        "run": outcome.run,
        "watermark": outcome.watermark,
        "problems": outcome.problems,
    }


def _counted(counts: HarvestCounts) -> dict[str, object]:
    return {name: getattr(counts, name) for name in _COUNTED}


def _evidence(wanted: Wanted, run: int, counts: HarvestCounts) -> str:
    return f"{wanted.into}: run {run}, {counts.pages} pages"


def nothing_harvested(reason: str, evidence: str = "") -> dict[str, object]:
    """Return what a harvest that did not take place says to programs.

    Args:
        reason: Why.
        evidence: Where the bytes would be; empty if not even that is known.
    """
    return {
        "status": RunStatus.ERROR.name,
        "reason": reason,
        **dict.fromkeys(("records", "deleted", "quarantined", *_COUNTED), 0),
        "missing": [{"window": _ALL, "reason": reason}],
        "until": None,
        "evidence": evidence,
    }


def show_missing(terminal: Terminal, outcome: HarvestOutcome) -> None:
    """List what is missing, on standard output; after the first twenty only the number."""
    for one in outcome.missing[:_MOST_LISTED]:
        which = (
            one.identifier
            or one.window
            or terminal.said(N_("page {page} and what follows"), page=one.page)
        )
        if which == _ALL:
            said = N_("somewhere in the list") if outcome.counts.records else N_("everything")
            which = terminal.said(said)
        is_told = one.reason == outcome.reason or one.window == _ALL
        why = "" if is_told else f": {terminal.said(one.reason)}"
        click.echo(f"  {terminal.said(N_('missing'))}: {which}{why}")
    if len(outcome.missing) > _MOST_LISTED:
        terminal.say(N_("… and {count} more"), count=len(outcome.missing) - _MOST_LISTED)
