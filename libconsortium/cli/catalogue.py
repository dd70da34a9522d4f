"""The union catalogue: records brought together, and how far the members' holdings coincide."""

from __future__ import annotations

import csv
import errno
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from fractions import Fraction
from pathlib import Path

import attrs
import click

from libconsortium import (
    LIKELY_SCORE,
    Audience,
    CatalogueError,
    CatalogueOutcome,
    Consortium,
    Level,
    Link,
    Message,
    Overlap,
    PluginError,
    Problem,
    Registry,
    StoreError,
    catalogue_engine,
    cluster_many,
    each_title,
    format_number,
    overlap_rows,
    reason_said,
    weighed_rule,
)
from libconsortium.cli.frame import (
    FILE_HERE,
    FILE_OUT,
    N_,
    Terminal,
    as_json,
    as_table,
    command,
    current,
    json_option,
    office_option,
    option,
    problem_row,
)
from libconsortium.cli.search_index import indexed
from libconsortium.cli.waiting import shown_stages

_CATALOGUE_OPTIONS = (
    option(
        "--engine",
        default="duckdb",
        show_default=True,
        help=N_("The engine that joins the records."),
    ),
    option(
        "--rules",
        help=N_(
            "The match rule that compares them. If not given: 'bibliographic', and 'works' for"
            " works."
        ),
    ),
    option(
        "--threshold",
        type=click.FloatRange(0, 1, min_open=True),
        help=N_(
            "Score from which two records are one publication, from 0 to 1. If not given: 0.91 for"
            " the consortium's catalogue, where a wrong merge costs most; 0.5 for a FILE."
        ),
    ),
    option(
        "--level",
        type=click.Choice([level.value for level in Level]),
        help=N_(
            "What belongs together: publications (manifestation, if not given), or works in all"
            " editions, volumes and forms."
        ),
    ),
    option(
        "--map",
        "map_file",
        type=FILE_HERE,
        help=N_(
            "TOML file that says what the headings of a foreign FILE mean:"
            ' [columns] journal = "venue".'
        ),
    ),
)


@command(
    help=N_(
        "Bring records of one publication together.\n\n"
        "Without FILE: the harvested records of the consortium become its union catalogue, with"
        " holdings."
        " With FILE (CSV, TSV or JSON Lines with the columns id, title, author, year, isbn…; or"
        " MARC as .xml or .mrc): one row a record, its id and its cluster, in the order of the"
        " ids. Records are never changed; why two were joined is kept (--evidence)."
    ),
    examples=(
        "libconsortium cluster",
        "libconsortium cluster titles.csv --csv clusters.csv --evidence why.csv",
        "libconsortium cluster records.mrc --level work --csv works.csv",
    ),
)
@click.argument("file", required=False, type=FILE_HERE)
@_CATALOGUE_OPTIONS[0]
@_CATALOGUE_OPTIONS[1]
@_CATALOGUE_OPTIONS[2]
@_CATALOGUE_OPTIONS[3]
@_CATALOGUE_OPTIONS[4]
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
    _refuse_outputs(terminal, file, csv_file, evidence, json_=json_)
    if file is not None:
        if afresh:
            raise click.UsageError(terminal.said(N_("--afresh goes without a FILE")))
        registry = terminal.registry()
        name = _rules_of(registry, rules, level)
        catalogue_engine(registry, engine)  # that there is none is told before anything is read
        _cluster_file(
            terminal,
            _Joined(file, map_file, engine, name, threshold or LIKELY_SCORE),
            _Outputs(csv_file, evidence, is_json=json_),
        )
        return
    if level == Level.WORK or map_file is not None:
        raise click.UsageError(terminal.said(N_("--level work and --map go with a FILE; name one")))
    with terminal.consortium() as consortium:
        with shown_stages(terminal) as show:
            outcome = consortium.update_catalogue(
                engine=engine,
                rules=rules or _RULES[Level.MANIFESTATION],
                threshold=threshold,
                afresh=afresh,
                on_progress=show,
            )
        catalogue = consortium.catalogue()
        _index(terminal, consortium)
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
    _Outputs(csv_file, evidence, is_json=json_).write(
        terminal, lambda: iter(rows), links, catalogue.problems, {"update": _update_row(outcome)}
    )
    if not json_:
        _say_counts(
            terminal,
            records=len(rows),
            members=len(catalogue.members),
            titles=len(catalogue.clusters),
            joined=sum(len(found.records) > 1 for found in catalogue.clusters),
        )
        _say_update(terminal, outcome)


def _refuse_outputs(
    terminal: Terminal,
    file: Path | None,
    csv_file: Path | None,
    evidence: Path | None,
    *,
    json_: bool,
) -> None:
    """Refuse before the long work what could not be written after it, or would overwrite."""
    if json_ and str(csv_file) == "-":
        raise click.UsageError(
            terminal.said(N_("--json and --csv - both write to standard output"))
        )
    paths = [path for path in (file, csv_file, evidence) if path is not None and str(path) != "-"]
    if len({path.resolve() for path in paths}) < len(paths):
        raise click.UsageError(
            terminal.said(N_("FILE, --csv and --evidence must be different files"))
        )
    for path in paths:
        if not path.absolute().parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))


@attrs.frozen
class _Joined:
    """What is joined, and how."""

    file: Path
    map_file: Path | None
    engine: str
    rules: str
    threshold: float


@attrs.frozen
class _Outputs:
    """Where the clusters go."""

    csv_file: Path | None
    evidence: Path | None
    is_json: bool = attrs.field(kw_only=True)

    def write(
        self,
        terminal: Terminal,
        rows: Callable[[], Iterator[tuple[str, str]]],
        links: Iterable[Link],
        problems: Iterable[Problem],
        more: Mapping[str, object],
    ) -> None:
        """Write rows and pairs as they come, wherever they are wanted."""
        if self.csv_file is not None:
            _write_csv(self.csv_file, ("id", "cluster"), rows())
        if self.evidence is not None:
            _write_csv(
                self.evidence,
                ("left", "right", "rule", "score", "reasons"),
                (_why(link, terminal) for link in links),
            )
        if self.is_json:
            as_json(
                {
                    "clusters": ({"id": own, "cluster": cluster} for own, cluster in rows()),
                    "problems": [problem_row(problem) for problem in problems],
                    **more,
                }
            )


def _cluster_file(terminal: Terminal, joined: _Joined, outputs: _Outputs) -> None:
    """Bring the records of one file together; never all of them are held."""
    problems: list[Problem] = []
    registry = terminal.registry()
    titles = each_title(joined.file, registry, joined.map_file, problems=problems)
    with ExitStack() as stack:
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


def _why(link: Link, terminal: Terminal) -> tuple[str, str, str, str, str]:
    return (
        link.left,
        link.right,
        link.evidence.rule,
        f"{link.evidence.score:.4f}",
        "; ".join(terminal.said(reason_said(noted)) for noted in link.evidence.reasons),
    )


def _write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with (
        nullcontext(sys.stdout)
        if str(path) == "-"
        else path.open("w", encoding="utf-8", newline="") as out
    ):
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows(rows)


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


@command(
    help=N_(
        "Show what several members hold and what only one does.\n\n"
        "Counts publications, not copies, from the union catalogue that 'libconsortium cluster'"
        " built. What a member does not share with others ([catalogue.sharing.ID] in"
        " consortium.toml) is not counted; --office counts it. 'libconsortium report overlap'"
        " writes the same as XLSX, CSV, or HTML with a heat map."
    ),
    examples=(
        "libconsortium overlap",
        "libconsortium overlap --json",
        "libconsortium overlap --office",
    ),
)
@office_option
@json_option
@current
def overlap(terminal: Terminal, *, audience: Audience, json_: bool) -> None:
    """Show the overlap of the members' holdings."""
    with terminal.consortium() as consortium:
        found = consortium.overlap(audience=audience)
    if json_:
        as_json(
            {
                **overlap_rows(found),
                "held_by_all": found.held_by_all,
                "withheld": list(found.withheld),
            }
        )
        return
    show_overlap(terminal, found)


def show_overlap(terminal: Terminal, found: Overlap) -> None:
    """Print the overlap as tables."""
    tables = overlap_rows(found)
    members = [str(row["member"]) for row in tables["members"]]
    as_table(
        [
            terminal.said(text)
            for text in (N_("library"), N_("publications"), N_("only here"), N_("only here, %"))
        ],
        [
            (*tuple(row.values())[:-1], _percent(row["unique_percent"], terminal.language))
            for row in tables["members"]
        ],
    )
    click.echo()
    as_table(
        [terminal.said(N_("held by both")), *members],
        [tuple(row.values()) for row in tables["matrix"]],
    )
    click.echo()
    as_table(
        [terminal.said(N_("libraries")), terminal.said(N_("publications held by as many"))],
        [(row["libraries"], row["titles"]) for row in tables["held_by"]],
    )
    click.echo()
    click.echo(terminal.said(N_("held by all: {count}"), count=found.held_by_all))
    if found.withheld:
        terminal.say(
            N_(
                "not counted is what these libraries do not share with others: {libraries}"
                " (--office counts it)"
            ),
            libraries=", ".join(found.withheld),
        )


def _percent(percent: object, language: str) -> str:
    return format_number(Fraction(str(percent)), language, decimals=1)
