"""Cataloguers look at what was brought together, and decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import click

from libconsortium import (
    ENOUGH_DECISIONS,
    BibRecord,
    Cluster,
    Consortium,
    Decision,
    DoubtfulPair,
    StoreError,
    Verdict,
    cluster_of,
    decide,
    decisions_of,
    described,
    different_pairs,
    doubts,
    format_number,
    known_records,
    largest_clusters,
    learn,
    reason_said,
    record_key,
    same_pairs,
    take_back,
    take_in,
    weights_text,
    write_csv_for_excel,
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
    group,
    json_option,
    option,
)

_DECIMALS = 3
_SHOWN = 20

_by = option(
    "--by",
    required=True,
    envvar="LIBCONSORTIUM_BY",
    help=N_("Who decides: a role such as 'cataloguer of tlu'; or set LIBCONSORTIUM_BY once."),
)
_why = option("--why", default="", help=N_("The reason, in your own words; it is kept."))
_limit = option(
    "--limit",
    type=click.IntRange(min=1),
    default=_SHOWN,
    show_default=True,
    help=N_("At most so many."),
)


@group(
    help=N_(
        "Look at what was brought together, and decide what the rules cannot.\n\n"
        "A decision outranks every rule and outlives re-clustering; it is kept with day, author"
        " and reason, and can be taken back. Write a record as its source, a blank and its"
        " identifier, in quotes. Run 'libconsortium cluster' afterwards: the catalogue follows."
    )
)
def clusters() -> None:
    """Gather the commands about clusters."""


@command(
    help=N_("List the publications that several records describe, those of most records first."),
    examples=("libconsortium clusters list --limit 10",),
)
@_limit
@json_option
@current
def list_(terminal: Terminal, *, limit: int, json_: bool) -> None:
    """List clusters of several records."""
    with terminal.consortium() as consortium:
        several, shown = largest_clusters(consortium, limit)
        titles = _titles(consortium, (one.id for one in shown))
    rows = [
        (_said(one.id), len(one.records), _weakest(one), titles.get(one.id, "")) for one in shown
    ]
    if json_:
        names = ("cluster", "records", "weakest", "title")
        as_json({"clusters": [dict(zip(names, row, strict=True)) for row in rows],
                 "of": several})  # fmt: skip
        return
    headings = (N_("cluster"), N_("records"), N_("weakest link"), N_("title"))
    as_table(
        [terminal.said(text) for text in headings],
        [(name, size, _score(weak, terminal.language), title) for name, size, weak, title in rows],
    )
    terminal.say(
        N_("{shown} of {several} publications of several records"),
        shown=len(rows),
        several=several,
    )


def _weakest(one: Cluster) -> float:
    return min((link.evidence.score for link in one.links), default=1.0)


@command(
    help=N_(
        "Show one publication: its records side by side, and why they were joined.\n\n"
        "NAME is the id of a cluster, or any of its records."
    ),
    examples=("libconsortium clusters show 'tlu oai:tlu:1'",),
)
@click.argument("name")
@json_option
@current
def show(terminal: Terminal, name: str, *, json_: bool) -> None:
    """Show a cluster."""
    with terminal.consortium() as consortium:
        found = cluster_of(consortium, name)
        records = list(described(consortium, found.records))
        about = [
            one
            for one in decisions_of(consortium)
            if one.undone_on is None and {one.left, one.right} & set(found.records)
        ]
    rows = [_described(one) for one in records]
    if json_:
        as_json(
            {
                "cluster": _said(found.id),
                "records": rows,
                "links": [
                    {
                        "left": _said(link.left),
                        "right": _said(link.right),
                        "rule": link.evidence.rule,
                        "score": link.evidence.score,
                        "reasons": [str(reason_said(one)) for one in link.evidence.reasons],
                    }
                    for link in found.links
                ],
                "decisions": [_decision_row(one) for one in about],
            }
        )
        return
    headings = (N_("record"), N_("title"), N_("authors"), N_("year"), N_("edition"),
                N_("volume"), N_("pages"), N_("identifiers"))  # fmt: skip
    as_table([terminal.said(text) for text in headings], [tuple(row.values()) for row in rows])
    click.echo()
    for link in found.links:
        reasons = "; ".join(terminal.said(reason_said(one)) for one in link.evidence.reasons)
        score = _score(link.evidence.score, terminal.language)
        click.echo(f"{_said(link.left)} = {_said(link.right)}: {score}: {reasons}")
    _show_decisions(terminal, about)


@command(
    help=N_(
        "List the pairs that a cataloguer's eye is worth most for, the most useful first.\n\n"
        "They are the undecided ones nearest to the threshold, with the evidence for and against,"
        " and whether they are the same work in another edition. --csv writes a list to work"
        " through in a spreadsheet: fill in 'same' or 'different' under verdict, and take it in"
        " with 'libconsortium clusters import'."
    ),
    examples=(
        "libconsortium clusters doubtful --limit 5",
        "libconsortium --lang vi clusters doubtful --limit 100 --csv review.csv",
    ),
)
@_limit
@option(
    "--csv",
    "csv_file",
    type=FILE_OUT,
    help=N_("Write them as a list to work through in a spreadsheet."),
)
@json_option
@current
def doubtful(terminal: Terminal, *, limit: int, csv_file: Path | None, json_: bool) -> None:
    """List doubtful pairs."""
    with terminal.consortium() as consortium:
        pairs = doubts(consortium, limit=limit)
    if csv_file is not None:
        with csv_file.open("w", encoding="utf-8", newline="") as file:
            rows = [_sheet_row(terminal, one) for one in pairs]
            write_csv_for_excel(file, _SHEET, rows)
        terminal.say(N_("wrote {count} pairs into {path}"), count=len(pairs), path=csv_file)
    if json_:
        as_json({"pairs": [_pair_row(one) for one in pairs]})
    elif csv_file is None:
        for one in pairs:
            _show_pair(terminal, one)
        if not pairs:
            terminal.say(N_("nothing is in doubt"))


_SHEET = (
    "left", "right", "verdict", "why", "score", "merged", "same_work", "reasons",
    "left_title", "right_title", "left_authors", "right_authors", "left_year", "right_year",
    "left_edition", "right_edition", "left_volume", "right_volume", "left_pages", "right_pages",
    "left_identifiers", "right_identifiers",
)  # fmt: skip


def _sheet_row(terminal: Terminal, one: DoubtfulPair) -> dict[str, object]:
    sides = {"left": _described(one.left), "right": _described(one.right)}
    return {
        "left": sides["left"]["record"],
        "right": sides["right"]["record"],
        "verdict": "",
        "why": "",
        "score": f"{one.evidence.score:.4f}",
        "merged": terminal.said(N_("yes") if one.is_merged else N_("no")),
        "same_work": terminal.said(N_("yes") if one.same_work else N_("no")),
        "reasons": "; ".join(terminal.said(reason_said(noted)) for noted in one.evidence.reasons),
        **{
            f"{side}_{field}": value
            for side, row in sides.items()
            for field, value in row.items()
            if field != "record"
        },
    }


def _pair_row(one: DoubtfulPair) -> dict[str, object]:
    return {
        "left": _described(one.left),
        "right": _described(one.right),
        "score": one.evidence.score,
        "merged": one.is_merged,
        "same_work": one.same_work,
        "reasons": [str(reason_said(noted)) for noted in one.evidence.reasons],
    }


def _show_pair(terminal: Terminal, one: DoubtfulPair) -> None:
    now = N_("one publication now") if one.is_merged else N_("two publications now")
    work = N_("the same work") if one.same_work else N_("two works")
    score = _score(one.evidence.score, terminal.language)
    click.echo(f"{score}  {terminal.said(now)}, {terminal.said(work)}")
    rows = [_described(one.left), _described(one.right)]
    for row in rows:
        values = [str(value) for name, value in row.items() if name != "record" and value]
        click.echo(f"  {row['record']}: {' | '.join(values)}")
    reasons = (terminal.said(reason_said(noted)) for noted in one.evidence.reasons)
    click.echo(f"  → {'; '.join(reasons)}\n")


@command(
    help=N_(
        "Say that records are one publication.\n\n"
        "Give two records or more; a single NAME confirms everything that is in its cluster."
    ),
    examples=("libconsortium clusters confirm 'tlu 1' 'hus 7' --by cataloguer --why 'seen both'",),
)
@click.argument("records", nargs=-1, required=True)
@_by
@_why
@json_option
@current
def confirm(
    terminal: Terminal, records: tuple[str, ...], *, by: str, why: str, json_: bool
) -> None:
    """Confirm that records are one publication."""
    with terminal.consortium() as consortium:
        keys = _several(consortium, records)
        made = decide(consortium, same_pairs(keys), Verdict.SAME, by=by, why=why)
    _say_made(terminal, made, json_=json_)


@command(
    help=N_(
        "Say that records are different publications.\n\n"
        "Of more than two, each is another one than every other."
    ),
    examples=(
        "libconsortium clusters reject 'tlu 1' 'hus 7' --by cataloguer --why 'other volume'",
    ),
)
@click.argument("records", nargs=-1, required=True)
@_by
@_why
@json_option
@current
def reject(terminal: Terminal, records: tuple[str, ...], *, by: str, why: str, json_: bool) -> None:
    """Say that records are different publications."""
    with terminal.consortium() as consortium:
        if len(records) == 1:
            raise click.UsageError(terminal.said(N_("name two records or more")))
        keys = known_records(consortium, records)
        made = decide(consortium, different_pairs(keys), Verdict.DIFFERENT, by=by, why=why)
    _say_made(terminal, made, json_=json_)


@command(
    help=N_(
        "Take records out of the publication they were joined with.\n\n"
        "NAME is the cluster; RECORDS leave it, and stay together if they are alike."
    ),
    examples=("libconsortium clusters split 'tlu 1' 'hus 7' 'hus 8' --by cataloguer",),
)
@click.argument("name")
@click.argument("records", nargs=-1, required=True)
@_by
@_why
@json_option
@current
def split(
    terminal: Terminal, name: str, records: tuple[str, ...], *, by: str, why: str, json_: bool
) -> None:
    """Take records out of a cluster."""
    with terminal.consortium() as consortium:
        found = cluster_of(consortium, name)
        leaving = known_records(consortium, records)
        staying = [one for one in found.records if one not in leaving]
        if not staying or not set(leaving) <= set(found.records):
            raise click.UsageError(
                terminal.said(N_("name some of the cluster's records, and not all of them"))
            )
        pairs = different_pairs(leaving, staying)
        made = decide(consortium, pairs, Verdict.DIFFERENT, by=by, why=why)
    _say_made(terminal, made, json_=json_)


@command(
    help=N_(
        "Take a decision back; it stays in the history.\n\n"
        "What was decided at once is taken back at once: ACT is the number that 'history' shows,"
        " the last one in force if it is not given."
    ),
    examples=("libconsortium clusters undo --by cataloguer", "libconsortium clusters undo 12"),
)
@click.argument("act", type=int, required=False)
@_by
@json_option
@current
def undo(terminal: Terminal, act: int | None, *, by: str, json_: bool) -> None:
    """Take an act back."""
    with terminal.consortium() as consortium:
        undone = take_back(consortium, act, by=by)
    if json_:
        as_json({"undone": [_decision_row(one) for one in undone]})
        return
    terminal.say(
        N_("took back decision {act}, {count} pairs; run 'libconsortium cluster' to apply it"),
        act=undone[0].act,
        count=len(undone),
    )


@command(
    help=N_(
        "List every decision, also those taken back: who, when and why.\n\n"
        "--csv writes them for another office, or to keep; 'import' takes them in."
    ),
    examples=("libconsortium clusters history --csv decisions.csv",),
)
@option(
    "--csv",
    "csv_file",
    type=FILE_OUT,
    help=N_("Write them to this file."),
)
@json_option
@current
def history(terminal: Terminal, *, csv_file: Path | None, json_: bool) -> None:
    """List the decisions."""
    with terminal.consortium() as consortium:
        made = decisions_of(consortium)
    rows = [_decision_row(one) for one in made]
    if csv_file is not None:
        with csv_file.open("w", encoding="utf-8", newline="") as file:
            write_csv_for_excel(file, _HISTORY, rows)
        terminal.say(N_("wrote {count} decisions into {path}"), count=len(rows), path=csv_file)
    if json_:
        as_json({"decisions": rows})
    elif csv_file is None:
        _show_decisions(terminal, made)


_HISTORY = ("act", "on", "by", "verdict", "left", "right", "why", "undone_on", "undone_by")


@command(
    help=N_(
        "Take decisions in from a table: a list worked through, or another office's history.\n\n"
        "CSV, TSV, XLSX or ODS with the columns left, right and verdict, perhaps on, by and why."
        " Rows without a verdict are left out; nothing is taken in if one contradicts another."
    ),
    examples=("libconsortium clusters import review.csv --by 'cataloguer of tlu'",),
)
@click.argument("file", type=FILE_HERE)
@_by
@json_option
@current
def import_(terminal: Terminal, file: Path, *, by: str, json_: bool) -> None:
    """Take decisions in from a file."""
    with terminal.consortium() as consortium:
        made, left_out = take_in(consortium, file, by=by)
    if json_:
        as_json({"decisions": [_decision_row(one) for one in made], "left_out": left_out})
        return
    terminal.say(
        N_("took in {count} decisions; {left_out} rows were undecided, taken back or known"),
        count=len(made),
        left_out=left_out,
    )


@command(
    help=N_(
        "Learn the weights of the match rule from the decisions made here.\n\n"
        "Says how well the old and the new weights judge pairs that they did not learn from, and"
        " writes the new ones into a file; name it in consortium.toml, [catalogue] weights. About"
        " 500 decisions on both sides of the threshold are needed to do good."
    ),
    examples=("libconsortium clusters learn --into weights.toml",),
)
@option(
    "--into",
    type=FILE_OUT,
    help=N_("Write the weights into this file; without it nothing is written."),
)
@json_option
@current
def learn_(terminal: Terminal, *, into: Path | None, json_: bool) -> None:
    """Learn weights from the decisions."""
    with terminal.consortium() as consortium:
        found = learn(consortium)
        threshold = consortium.threshold
    if into is not None:
        said = terminal.said(
            N_("Learned from {count} decisions; natural logarithms of odds."), count=found.used
        )
        _write(into, weights_text(found.rule, heading=said))
    figures = {
        "used": found.used,
        "forbidden": found.forbidden,
        "missing": found.missing,
        "threshold": threshold,
        "before": {"precision": found.before.precision, "recall": found.before.recall},
        "after": {"precision": found.after.precision, "recall": found.after.recall},
    }
    if json_:
        as_json({**figures, "written": str(into) if into else None})
        return
    as_table(
        [terminal.said(text) for text in (N_("weights"), N_("precision"), N_("recall"))],
        [
            (terminal.said(name), _score(one.precision, terminal.language),
             _score(one.recall, terminal.language))
            for name, one in ((N_("as they are"), found.before), (N_("learned"), found.after))
        ],
    )  # fmt: skip
    terminal.say(
        N_(
            "learned from {used} decisions; {forbidden} are forbidden by guards anyway, {missing}"
            " speak of records that are gone"
        ),
        used=found.used,
        forbidden=found.forbidden,
        missing=found.missing,
    )
    if found.used < ENOUGH_DECISIONS:
        terminal.say(
            N_("that is few: from about {enough} on learned weights are worth having"),
            enough=ENOUGH_DECISIONS,
        )
    if into is not None:
        terminal.say(N_("wrote {path}; name it in consortium.toml, [catalogue] weights"), path=into)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise StoreError(
            "cannot write {path}: {reason}", path=path, reason=error.strerror or str(error)
        ) from error


def _several(consortium: Consortium, named: Sequence[str]) -> tuple[str, ...]:
    return cluster_of(consortium, named[0]).records if len(named) == 1 else known_records(
        consortium, named
    )  # fmt: skip


def _titles(consortium: Consortium, keys: Iterable[str]) -> dict[str, str]:
    return {
        record_key(one.source, one.identifier): one.title for one in described(consortium, keys)
    }


def _said(key: str) -> str:
    return key.replace("\t", " ")


def _score(score: float, language: str) -> str:
    return format_number(Fraction(str(round(score, _DECIMALS))), language, decimals=_DECIMALS)


def _described(one: BibRecord) -> dict[str, object]:
    return {
        "record": f"{one.source} {one.identifier}",
        "title": one.title,
        "authors": "; ".join(one.creators),
        "year": one.year or "",
        "edition": one.edition,
        "volume": one.volume,
        "pages": one.extent,
        "identifiers": "; ".join(f"{each.scheme}:{each.value}" for each in one.identifiers),
    }


def _decision_row(one: Decision) -> dict[str, object]:
    return {
        "act": one.act,
        "on": one.on.isoformat() if one.on else "",
        "by": one.by,
        "verdict": one.verdict.value,
        "left": _said(one.left),
        "right": _said(one.right),
        "why": one.why,
        "undone_on": one.undone_on.isoformat() if one.undone_on else "",
        "undone_by": one.undone_by,
    }


def _show_decisions(terminal: Terminal, made: Sequence[Decision]) -> None:
    if not made:
        return
    headings = (N_("number"), N_("day"), N_("by"), N_("verdict"), N_("record"), N_("record"),
                N_("why"), N_("taken back"))  # fmt: skip
    rows = []
    for one in made:
        row = _decision_row(one)
        back = f"{row.pop('undone_on')} {row.pop('undone_by')}".strip()
        verdict = terminal.said(str(row.pop("verdict")))
        act, on, by, left, right, why = row.values()
        rows.append((act, on, by, verdict, left, right, why, back))
    as_table([terminal.said(text) for text in headings], rows)


def _say_made(terminal: Terminal, made: Sequence[Decision], *, json_: bool) -> None:
    if json_:
        as_json({"decisions": [_decision_row(one) for one in made]})
    elif made:
        terminal.say(
            N_("kept as decision {act}, {count} pairs; run 'libconsortium cluster' to apply it"),
            act=made[0].act,
            count=len(made),
        )
    else:
        terminal.say(N_("that was decided already"))


for _made in (list_, show, doubtful, confirm, reject, split, undo, history, import_, learn_):
    clusters.add_command(_made)
