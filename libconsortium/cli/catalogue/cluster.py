"""Bringing together the records of one publication: of a consortium, or of one file."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import attrs
import click

from libconsortium import (
    LIKELY_SCORE,
    CatalogueError,
    CatalogueOutcome,
    Consortium,
    Level,
    Message,
    PluginError,
    Registry,
    StoreError,
    UnionCatalogue,
    catalogue_engine,
    cluster_many,
    each_title,
    weighed_rule,
)
from libconsortium.cli.catalogue.cluster_outputs import Outputs, refuse_outputs
from libconsortium.cli.catalogue.many_problems import ManyProblems
from libconsortium.cli.catalogue.search_index import indexed
from libconsortium.cli.frame import (
    FILE_HERE,
    FILE_OUT,
    N_,
    SCORE,
    Terminal,
    command,
    current,
    json_option,
    option,
)
from libconsortium.cli.waiting import shown_stages


@command(
    help=N_(
        "Bring records of one publication together.\n\n"
        "Without FILE: the harvested records of the consortium become its union catalogue, with"
        " holdings."
        " With FILE (CSV, TSV, JSON or JSON Lines with the columns id, title, author, year,"
        " isbn…; or MARC as .xml, .mrc or JSON; packed with gzip or not): one row a record, its id"
        " and its cluster, in the order of the ids. Records are never changed; why two were joined"
        " is kept (--evidence)."
    ),
    examples=(
        "libconsortium cluster",
        "libconsortium cluster titles.csv --csv clusters.csv --evidence why.csv",
        "libconsortium cluster records.mrc --level work --csv works.csv",
    ),
)
@click.argument("file", required=False, type=FILE_HERE)
@option(
    "--engine",
    default="duckdb",
    show_default=True,
    help=N_("The engine that joins the records."),
)
@option(
    "--rules",
    help=N_(
        "The match rule that compares them. If not given: 'bibliographic', and 'works' for works."
    ),
)
@option(
    "--threshold",
    type=SCORE,
    help=N_(
        "Score from which two records are one publication, above 0, at most 1. If not given: 0.91"
        " for the consortium's catalogue, where a wrong merge costs most; 0.5 for a FILE."
    ),
)
@option(
    "--level",
    type=click.Choice([level.value for level in Level]),
    help=N_(
        "What belongs together: publications (manifestation, if not given), or works in all"
        " editions, volumes and forms."
    ),
)
@option(
    "--map",
    "map_file",
    type=FILE_HERE,
    help=N_(
        'TOML file that says what the headings of a foreign FILE mean: [columns] journal = "venue".'
    ),
)
@option(
    "--csv",
    "csv_file",
    type=click.Path(dir_okay=False, writable=True, allow_dash=True, path_type=Path),
    help=N_("Write 'id,cluster', one row a record, to this file ('-' for standard output)."),
)
@option(
    "--evidence",
    type=FILE_OUT,
    help=N_("Write the pairs that were joined, with rule, score and reasons, to this file."),
)
@option(
    "--afresh",
    is_flag=True,
    help=N_(
        "Read and join all records anew, not only what changed. Publications keep their ids;"
        " needed only after a plugin changed without saying so."
    ),
)
@json_option
@current
def cluster(
    terminal: Terminal,
    file: Path | None,
    *,
    engine: str,
    rules: str | None,
    threshold: float | None,
    level: str | None,
    map_file: Path | None,
    csv_file: Path | None,
    evidence: Path | None,
    afresh: bool,
    json_: bool,
) -> None:
    """Build the union catalogue of the consortium or of one file."""
    refuse_outputs(terminal, file, csv_file, evidence, json_=json_)
    outputs = Outputs(csv_file, evidence, is_json=json_)
    if file is not None:
        if afresh:
            raise click.UsageError(terminal.said(N_("--afresh goes without a FILE")))
        registry = terminal.registry()
        name = _rules_of(registry, rules, level)
        catalogue_engine(registry, engine)  # that there is none is told before anything is read
        joined = _Joined(file, map_file, engine, name, threshold or LIKELY_SCORE)
        _cluster_file(terminal, joined, outputs)
        return
    if level == Level.WORK or map_file is not None:
        raise click.UsageError(terminal.said(N_("--level work and --map go with a FILE; name one")))
    with terminal.consortium() as consortium:
        with shown_stages(terminal) as show:
            joining = consortium.catalogue.joining(
                engine=engine, rules=rules or _RULES[Level.MANIFESTATION], threshold=threshold
            )
            outcome = consortium.catalogue.update(joining, afresh=afresh, on_progress=show)
        catalogue = consortium.catalogue.whole()
        _index(terminal, consortium)
    _give(terminal, catalogue, outcome, outputs)


def _give(
    terminal: Terminal, catalogue: UnionCatalogue, outcome: CatalogueOutcome, outputs: Outputs
) -> None:
    """Write and say what came of the consortium's records."""
    terminal.say_problems(catalogue.problems)
    rows = sorted(
        (_own_id(record), _own_id(found.id))
        for found in catalogue.clusters
        for record in found.records
    )
    links = (
        attrs.evolve(link, left=_own_id(link.left), right=_own_id(link.right))
        for found in catalogue.clusters
        for link in found.links
    )
    more = {"update": _update_row(outcome)}
    outputs.write(terminal, lambda: iter(rows), links, catalogue.problems, more)
    if not outputs.is_json:
        _say_counts(
            terminal,
            records=len(rows),
            members=len(catalogue.members),
            titles=len(catalogue.clusters),
            joined=sum(len(found.records) > 1 for found in catalogue.clusters),
        )
        _say_update(terminal, outcome)


@attrs.frozen
class _Joined:
    """What is joined, and how."""

    file: Path
    map_file: Path | None
    engine: str
    rules: str
    threshold: float


def _cluster_file(terminal: Terminal, joined: _Joined, outputs: Outputs) -> None:
    """Bring the records of one file together; never all of them are held."""
    registry = terminal.registry()
    with ExitStack() as stack:
        problems = stack.enter_context(ManyProblems())
        titles = each_title(joined.file, registry, joined.map_file, problems=problems)
        with shown_stages(terminal) as show:
            if show:
                show(Message("reading {path}", path=joined.file))
            many = cluster_many(
                titles,
                registry,
                engine=joined.engine,
                rules=joined.rules,
                threshold=joined.threshold,
                on_progress=show,
            )
            found = stack.enter_context(many)
        problems += found.problems
        terminal.say_problems(problems)
        outputs.write(terminal, found.rows, found.links(), problems, {})
        if not outputs.is_json:
            _say_counts(
                terminal,
                records=found.records,
                members=found.members,
                titles=found.clusters,
                joined=found.joined,
            )
            outputs.tell_of_none(terminal)


def _update_row(outcome: CatalogueOutcome) -> dict[str, object]:
    gathered = outcome.gathered
    return {
        "run": outcome.run,
        "rebuilt": outcome.is_rebuilt,
        "read": gathered.read,
        "deleted": gathered.deleted,
        "joined": outcome.joined,
        "changed": outcome.changed,
        "ended": outcome.ended,
        "swept": gathered.swept,
        "lost": gathered.lost,
        "segment_bytes": gathered.size,
    }


def _say_update(terminal: Terminal, outcome: CatalogueOutcome) -> None:
    terminal.say(
        N_(
            "run {run}: {joined} records joined anew, {changed} publications new or different,"
            " {ended} ids ended"
        ),
        run=outcome.run,
        joined=outcome.joined,
        changed=outcome.changed,
        ended=outcome.ended,
    )
    if outcome.gathered.swept:
        terminal.say(
            N_("{count} files that a stopped run had left behind were removed"),
            count=outcome.gathered.swept,
        )
    if outcome.gathered.lost:
        terminal.say(
            N_("{count} segments were missing; their sources were read again"),
            count=outcome.gathered.lost,
        )


def _index(terminal: Terminal, consortium: Consortium) -> None:
    """Bring the search index up to date; the catalogue is kept even if that cannot be done."""
    try:
        indexed(terminal, consortium)
    except (StoreError, PluginError) as error:
        terminal.say(
            N_("the union catalogue is kept; the search index could not be updated: {reason}"),
            reason=error.message,
        )


_RULES = {Level.MANIFESTATION: "bibliographic", Level.WORK: "works"}


def _rules_of(registry: Registry, rules: str | None, level: str | None) -> str:
    if rules is None:
        return _RULES[Level(level or Level.MANIFESTATION)]
    rule = weighed_rule(registry, rules)
    if level is not None and rule.level != level:
        raise CatalogueError(
            "the match rule {rule!r} brings together {own}, not {level}; take another rule",
            rule=rules,
            own=rule.level.value,
            level=level,
        )
    return rule.name


def _own_id(record: str) -> str:
    # A record key is "source<TAB>identifier".
    return record.replace("\t", " ")


def _say_counts(
    terminal: Terminal, *, records: int, members: int, titles: int, joined: int
) -> None:
    terminal.say(
        N_(
            "records: {records}; libraries: {members}; publications: {titles}, {joined} of them"
            " from several records"
        ),
        records=records,
        members=members,
        titles=titles,
        joined=joined,
    )
