"""Commands that look at clusters and at doubtful pairs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from libconsortium import (
    Cluster,
    Consortium,
    DoubtfulPair,
    Link,
    cluster_of,
    decisions_of,
    described,
    doubts,
    largest_clusters,
    reason_said,
    record_key,
    whole_text,
    write_csv_for_excel,
)
from libconsortium.cli.catalogue.cluster_texts import (
    decision_row,
    described_row,
    key_text,
    rules_option,
    score_text,
    show_decisions,
)
from libconsortium.cli.frame import (
    FILE_OUT,
    N_,
    SCORE,
    Terminal,
    as_json,
    as_table,
    command,
    current,
    json_option,
    option,
)

_SHOWN = 20

_limit = option(
    "--limit",
    type=click.IntRange(min=1),
    default=_SHOWN,
    show_default=True,
    help=N_("At most so many."),
)


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
        (key_text(one.id), len(one.records), _weakest(one), titles.get(one.id, "")) for one in shown
    ]
    if json_:
        names = ("cluster", "records", "weakest", "title")
        as_json({"clusters": [dict(zip(names, row, strict=True)) for row in rows],
                 "of": several})  # fmt: skip
        return
    headings = (N_("cluster"), N_("records"), N_("weakest link"), N_("title"))
    as_table(
        [terminal.said(text) for text in headings],
        [
            (name, size, score_text(weak, terminal.language), title)
            for name, size, weak, title in rows
        ],
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
    rows = [described_row(one) for one in records]
    if json_:
        as_json(
            {
                "cluster": key_text(found.id),
                "records": rows,
                "links": list(map(_link_row, found.links)),
                "decisions": [decision_row(one) for one in about],
            }
        )
        return
    headings = (N_("record"), N_("title"), N_("authors"), N_("year"), N_("edition"),
                N_("volume"), N_("pages"), N_("identifiers"))  # fmt: skip
    as_table([terminal.said(text) for text in headings], [tuple(row.values()) for row in rows])
    click.echo()
    for link in found.links:
        reasons = "; ".join(terminal.said(reason_said(one)) for one in link.evidence.reasons)
        score = score_text(link.evidence.score, terminal.language)
        click.echo(f"{key_text(link.left)} = {key_text(link.right)}: {score}: {reasons}")
    show_decisions(terminal, about)


def _link_row(link: Link) -> dict[str, object]:
    return {
        "left": key_text(link.left),
        "right": key_text(link.right),
        "rule": link.evidence.rule,
        "score": link.evidence.score,
        "reasons": [str(reason_said(one)) for one in link.evidence.reasons],
    }


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
@rules_option
@option(
    "--threshold",
    type=SCORE,
    help=N_(
        "Score from which two records are one publication, as given to 'libconsortium cluster'."
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
def doubtful(
    terminal: Terminal,
    *,
    rules: str,
    threshold: float | None,
    limit: int,
    csv_file: Path | None,
    json_: bool,
) -> None:
    """List doubtful pairs."""
    with terminal.consortium() as consortium:
        pairs = doubts(consortium, rules=rules, threshold=threshold, limit=limit)
    if csv_file is not None:
        with whole_text(csv_file) as file:
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
    sides = {"left": described_row(one.left), "right": described_row(one.right)}
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
        "left": described_row(one.left),
        "right": described_row(one.right),
        "score": one.evidence.score,
        "merged": one.is_merged,
        "same_work": one.same_work,
        "reasons": [str(reason_said(noted)) for noted in one.evidence.reasons],
    }


def _show_pair(terminal: Terminal, one: DoubtfulPair) -> None:
    now = N_("one publication now") if one.is_merged else N_("two publications now")
    work = N_("the same work") if one.same_work else N_("two works")
    score = score_text(one.evidence.score, terminal.language)
    click.echo(f"{score}  {terminal.said(now)}, {terminal.said(work)}")
    rows = [described_row(one.left), described_row(one.right)]
    for row in rows:
        values = [str(value) for name, value in row.items() if name != "record" and value]
        click.echo(f"  {row['record']}: {' | '.join(values)}")
    reasons = (terminal.said(reason_said(noted)) for noted in one.evidence.reasons)
    click.echo(f"  → {'; '.join(reasons)}\n")


def _titles(consortium: Consortium, keys: Iterable[str]) -> dict[str, str]:
    return {
        record_key(one.source, one.identifier): one.title for one in described(consortium, keys)
    }
