"""What the commands about clusters share: an option, and how records and decisions are said."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from libconsortium import (
    BibRecord,
    Decision,
    format_number,
)
from libconsortium.cli.frame import (
    N_,
    Terminal,
    as_table,
    option,
)

_DECIMALS = 3

rules_option = option(
    "--rules",
    default="bibliographic",
    show_default=True,
    help=N_("The match rule, as given to 'libconsortium cluster'."),
)


def key_text(key: str) -> str:
    """Return a record's key as one types it: its source, a blank and its identifier."""
    return key.replace("\t", " ")


def score_text(score: float, language: str) -> str:
    """Return a score between 0 and 1 as readers of a language write it."""
    return format_number(Fraction(str(round(score, _DECIMALS))), language, decimals=_DECIMALS)


def described_row(one: BibRecord) -> dict[str, object]:
    """Return what a cataloguer compares of a record."""
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


def decision_row(one: Decision) -> dict[str, object]:
    """Return a decision as a program reads it."""
    return {
        "act": one.act,
        "on": one.on.isoformat() if one.on else "",
        "by": one.by,
        "verdict": one.verdict.value,
        "left": key_text(one.left),
        "right": key_text(one.right),
        "why": one.why,
        "undone_on": one.undone_on.isoformat() if one.undone_on else "",
        "undone_by": one.undone_by,
    }


def show_decisions(terminal: Terminal, made: Sequence[Decision]) -> None:
    """Show decisions as a table; nothing if there are none."""
    if not made:
        return
    headings = (N_("number"), N_("day"), N_("decided by"), N_("verdict"), N_("record"),
                N_("record"), N_("why"), N_("taken back"))  # fmt: skip
    rows = []
    for one in made:
        row = decision_row(one)
        back = f"{row.pop('undone_on')} {row.pop('undone_by')}".strip()
        verdict = terminal.said(str(row.pop("verdict")))
        act, on, by, left, right, why = row.values()
        rows.append((act, on, by, verdict, left, right, why, back))
    as_table([terminal.said(text) for text in headings], rows)
