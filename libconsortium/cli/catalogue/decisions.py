"""Commands by which cataloguers decide, take back, and teach the match rule."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from libconsortium import (
    ENOUGH_DECISIONS,
    Consortium,
    Decision,
    Lesson,
    Verdict,
    cluster_of,
    decide,
    decisions_of,
    different_pairs,
    known_records,
    learn,
    same_pairs,
    take_back,
    take_in,
    weights_text,
    whole_file,
    whole_text,
    write_csv_for_excel,
)
from libconsortium.cli.catalogue.cluster_texts import (
    decision_row,
    rules_option,
    score_text,
    show_decisions,
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
    option,
)

_by = option(
    "--by",
    required=True,
    envvar="LIBCONSORTIUM_BY",
    help=N_("Who decides: a role such as 'cataloguer of tlu'; or set LIBCONSORTIUM_BY once."),
)
_why = option("--why", default="", help=N_("The reason, in your own words; it is kept."))


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
    examples=(
        "libconsortium clusters undo --by cataloguer",
        "libconsortium clusters undo 12 --by me",
    ),
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
        as_json({"undone": [decision_row(one) for one in undone]})
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
    rows = [decision_row(one) for one in made]
    if csv_file is not None:
        with whole_text(csv_file) as file:
            write_csv_for_excel(file, _HISTORY, rows)
        terminal.say(N_("wrote {count} decisions into {path}"), count=len(rows), path=csv_file)
    if json_:
        as_json({"decisions": rows})
    elif csv_file is None:
        show_decisions(terminal, made)


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
        as_json({"decisions": [decision_row(one) for one in made], "left_out": left_out})
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
@rules_option
@option(
    "--into",
    type=FILE_OUT,
    help=N_("Write the weights into this file; without it nothing is written."),
)
@json_option
@current
def learn_(terminal: Terminal, *, rules: str, into: Path | None, json_: bool) -> None:
    """Learn weights from the decisions."""
    with terminal.consortium() as consortium:
        found = learn(consortium, rules=rules)
        threshold = consortium.catalogue.threshold
    if into is not None:
        said = terminal.said(
            N_("Learned from {count} decisions; natural logarithms of odds."), count=found.used
        )
        with whole_file(into) as file:
            file.write(weights_text(found.rule, heading=said).encode())
    if json_:
        written = str(into) if into else None
        as_json({**_lesson_row(found), "threshold": threshold, "written": written})
        return
    _show_lesson(terminal, found)
    if into is not None:
        terminal.say(N_("wrote {path}; name it in consortium.toml, [catalogue] weights"), path=into)


def _lesson_row(found: Lesson) -> dict[str, object]:
    return {
        "used": found.used,
        "forbidden": found.forbidden,
        "missing": found.missing,
        "before": {"precision": found.before.precision, "recall": found.before.recall},
        "after": {"precision": found.after.precision, "recall": found.after.recall},
    }


def _show_lesson(terminal: Terminal, found: Lesson) -> None:
    as_table(
        [terminal.said(text) for text in (N_("weights"), N_("precision"), N_("recall"))],
        [
            (terminal.said(name), score_text(one.precision, terminal.language),
             score_text(one.recall, terminal.language))
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


def _several(consortium: Consortium, named: Sequence[str]) -> tuple[str, ...]:
    return cluster_of(consortium, named[0]).records if len(named) == 1 else known_records(
        consortium, named
    )  # fmt: skip


def _say_made(terminal: Terminal, made: Sequence[Decision], *, json_: bool) -> None:
    if json_:
        as_json({"decisions": [decision_row(one) for one in made]})
    elif made:
        terminal.say(
            N_("kept as decision {act}, {count} pairs; run 'libconsortium cluster' to apply it"),
            act=made[0].act,
            count=len(made),
        )
    else:
        terminal.say(N_("that was decided already"))
