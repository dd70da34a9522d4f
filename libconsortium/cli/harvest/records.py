"""Looking at what was harvested: records, tombstones, problems, quarantine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import attrs
import click

from libconsortium import (
    BibRecord,
    Problem,
    Quarantined,
    RawRecord,
    ReadingRules,
    Registry,
    Store,
    UnknownNameError,
    moment_of,
    read_mapping,
    read_record,
    reading_rules,
    record_row,
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
from libconsortium.cli.harvest.address import file_option, opened
from libconsortium.cli.harvest.unread import show_encodings, show_unmapped

_MOMENT = re.compile(
    r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?)?)?"
)
SAFE = "safe"
repair_option = option(
    "--repair",
    "repairs",
    multiple=True,
    metavar="NAME",
    help=N_("With --in: also this repair of texts, as 'records encodings' names it (tcvn3, vni)."),
)

Rules = dict[str, ReadingRules]
"""How the records of each source are read."""


@command(
    help=N_(
        "List harvested records.\n\n"
        "One row a record as its crosswalk reads it; --raw prints the XML as received, --problems"
        " what is wrong,"
        " --deleted adds the tombstones. With --json one line a record.\n\n"
        "'records unmapped' counts the fields that nothing reads, with an example of each; name"
        " them in a mapping table. 'records encodings' looks for sources whose texts are in an old"
        " encoding."
    ),
    examples=(
        "libconsortium records --limit 10",
        "libconsortium records --source my-library --problems",
        "libconsortium records --deleted --json > records.jsonl",
        "libconsortium records --in records.db --quarantine",
        "libconsortium records unmapped --source my-library --map mappings/libol.toml",
        "libconsortium records encodings",
    ),
)
@click.argument("view", type=click.Choice(["list", "unmapped", "encodings"]), default="list")
@file_option
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
@option(
    "--map",
    "mapping",
    type=FILE,
    metavar="FILE.toml",
    help=N_("A mapping table to try; instead of those that consortium.toml names."),
)
@repair_option
@option(
    "--quarantine",
    is_flag=True,
    help=N_("What came broken and could not be kept, with the reason; --raw prints its bytes."),
)
@option("--limit", type=click.IntRange(min=1), help=N_("At most so many records."))
@json_option
@current
def records(
    terminal: Terminal,
    *,
    file: Path | None,
    source: str | None,
    deleted: bool,
    problems: bool,
    raw: bool,
    since: str,
    quarantine: bool,
    limit: int | None,
    json_: bool,
    view: str,
    mapping: Path | None,
    repairs: tuple[str, ...],
) -> None:
    """List harvested records."""
    _check_moment(terminal, since)
    with record_store(terminal, file, source, mapping, repairs) as (store, registry, rules):
        if quarantine:
            _show_quarantine(terminal, store.quarantine(source)[:limit], raw=raw, json_=json_)
            return
        if view != "list":
            stored_records = islice(store.records(source, since=since), limit)
            show = show_unmapped if view == "unmapped" else show_encodings
            show(terminal, stored_records, registry, rules, json_=json_)
            return
        found = selected(
            store, registry, source, since, rules=rules, deleted=deleted, problems=problems
        )
        shown = islice(found, limit)
        if raw:
            for stored, _ in shown:
                if stored.content:
                    click.echo(stored.content.decode("utf-8", "replace"))
        elif json_:
            for stored, record in shown:
                row = record_row(stored, record)
                as_json({**row, "problems": [problem_row(one) for one in record.problems]})
        elif problems:
            for _, record in shown:
                terminal.say_problems(record.problems)
        else:
            _show_titles(terminal, shown)


def _show_titles(terminal: Terminal, shown: Iterable[tuple[RawRecord, BibRecord]]) -> None:
    headings = (N_("source"), N_("identifier"), N_("datestamp"), N_("year"), N_("title"))
    deleted = terminal.said(N_("(deleted)"))
    rows = [
        (
            stored.source,
            stored.identifier,
            stored.datestamp,
            record.year or "",
            deleted if stored.is_deleted else _short(record.title),
        )
        for stored, record in shown
    ]
    as_table([terminal.said(text) for text in headings], rows)


def _check_moment(terminal: Terminal, since: str) -> None:
    """Refuse a date that is none: it would hide records silently."""
    if since and not (_MOMENT.fullmatch(since) and _is_moment(since)):
        said = N_("{given!r} is no date: write it like 2026-01-31 or 2026-01-31T08:00:00Z")
        raise click.UsageError(terminal.said(said, given=since))


def _is_moment(since: str) -> bool:
    """Say whether there is such a day and time; a year and a month may stand alone."""
    whole = since + "0000-01-01"[len(since) :] if len(since) < len("2026-01-31") else since
    return moment_of(whole) is not None


def _show_quarantine(
    terminal: Terminal, items: Sequence[Quarantined], *, raw: bool, json_: bool
) -> None:
    for one in items:
        if raw:
            click.echo(one.content.decode("utf-8", "backslashreplace"))
        elif json_:
            as_json(
                {
                    "source": one.source,
                    "identifier": one.identifier,
                    "reason": str(one.reason),
                    "run": one.run,
                    "page": one.page,
                    "bytes": len(one.content),
                }
            )
        else:
            click.echo(f"{one.source}: {one.identifier}: {terminal.said(one.reason)}")


@contextmanager
def record_store(
    terminal: Terminal,
    file: Path | None,
    source: str | None,
    mapping: Path | None,
    repairs: tuple[str, ...] = (),
) -> Iterator[tuple[Store, Registry, Rules]]:
    """Open the file asked for, or the consortium's store, and say how each source is read."""
    if file is not None:
        registry = terminal.registry()
        table = read_mapping(mapping, registry) if mapping else None
        usual = reading_rules(registry, (SAFE, *repairs), table)
        with opened(file, registry) as store:
            names = {run.request.source for run in store.runs()}
            if source is not None and source not in names:
                raise UnknownNameError(
                    "{path} has no source {name!r}; it has: {known}",
                    path=file,
                    name=source,
                    known=", ".join(sorted(names)) or "-",
                )
            yield store, registry, dict.fromkeys(names, usual)
        return
    if repairs:
        said = N_("--repair goes with --in; a source of the settings has its own repairs")
        raise click.UsageError(terminal.said(said))
    with terminal.consortium() as consortium:
        if source is not None:
            consortium.settings.sources([source])
        rules = consortium.reading_rules(mapping)
        yield consortium.store, consortium.registry, rules


def selected(
    store: Store,
    registry: Registry,
    source: str | None = None,
    since: str = "",
    *,
    rules: Rules | None = None,
    deleted: bool = False,
    problems: bool = False,
) -> Iterator[tuple[RawRecord, BibRecord]]:
    """Give records of a store as stored and as read, with what the harvest found wrong."""
    found = _found_by_harvests(store)
    given, usual = rules or {}, reading_rules(registry)
    for stored in store.records(source, deleted=deleted, since=since):
        if stored.is_deleted:
            record = BibRecord(source=stored.source, identifier=stored.identifier)
        else:
            record = read_record(stored, registry, given.get(stored.source, usual))
        more = found.get((stored.source, stored.identifier), ())
        record = attrs.evolve(record, problems=(*record.problems, *more)) if more else record
        if not problems or record.problems:
            yield stored, record


def _found_by_harvests(store: Store) -> dict[tuple[str, str], list[Problem]]:
    found: dict[tuple[str, str], list[Problem]] = {}
    for problem in store.problems():
        if problem.where.record and problem.code != _SAID_BY_READING:
            found.setdefault((problem.where.source, problem.where.record), []).append(problem)
    return found


_SAID_BY_READING = "RECORD_WITHOUT_METADATA"
"""What a harvest saw then, and reading sees of the record as it is now."""

_LONGEST_TITLE = 300


def _short(title: str) -> str:
    """Return a title as a list for people shows it: some records have a whole book in it."""
    return title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]}…"
