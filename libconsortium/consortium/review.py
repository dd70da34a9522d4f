"""Cataloguers' decisions about a consortium's union catalogue: asked for, made, taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import attrs

from libconsortium.catalogue_steps.build import weighed_rule
from libconsortium.catalogue_steps.doubts import (
    DoubtfulPair,
    described_pairs,
    doubtful_pairs,
    most_useful,
)
from libconsortium.catalogue_steps.training import Lesson, lesson
from libconsortium.catalogue_steps.update import kept_pairs
from libconsortium.consortium.clusters import record_named
from libconsortium.consortium.consortium import Consortium
from libconsortium.core.catalogue.clusters import Decision, Verdict
from libconsortium.core.catalogue.decisions import decided, in_force, joined, taken_back
from libconsortium.core.catalogue.matching import record_key
from libconsortium.core.errors import CatalogueError, ImportFileError
from libconsortium.core.text import fold
from libconsortium.files.tables import Row, read_tables

_FIELDS = tuple(field.name for field in attrs.fields(Decision))
_VERDICTS = {
    fold(word): verdict
    for verdict, words in (
        (Verdict.SAME, ("same", "giống", "giống nhau", "trùng", "cùng một tài liệu")),
        (Verdict.DIFFERENT, ("different", "khác", "khác nhau", "hai tài liệu khác nhau")),
    )
    for word in words
}
"""What cataloguers write into the column ``verdict``."""


def decisions_of(consortium: Consortium) -> tuple[Decision, ...]:
    """Return every decision that was ever made, also those taken back, act by act.

    >>> from libconsortium.testing import example_catalogue
    >>> with example_catalogue() as office:
    ...     decisions_of(office)
    ()
    """
    found = consortium.directory().of_kind(Decision)
    return tuple(sorted(found, key=lambda one: (one.act, one.left, one.right)))


def decide(
    consortium: Consortium,
    pairs: Iterable[tuple[str, str]],
    verdict: Verdict,
    *,
    by: str,
    why: str = "",
) -> tuple[Decision, ...]:
    r"""Decide about pairs of records, and keep it; the catalogue follows when it is next built.

    Args:
        consortium: Whose catalogue.
        pairs: Keys of two records each.
        verdict: Whether the two of each pair are the same publication.
        by: Who decides: a role.
        why: The reason, in words.

    Returns:
        The new decisions; none for a pair of which the same was decided already.

    Raises:
        CatalogueError: It contradicts what was decided; the message names both.

    >>> from libconsortium.testing import example_catalogue
    >>> pair = ("an-hai\t2", "binh-minh\t8")
    >>> with example_catalogue() as office:
    ...     _ = office.harvest()
    ...     made = decide(office, [pair], Verdict.SAME, by="cataloguer")
    ...     _ = office.catalogue.update()
    ...     len(office.catalogue.whole().clusters)
    2
    """
    made = decided(
        pairs, verdict, decisions_of(consortium), on=consortium.clock().date(), by=by, why=why
    )
    consortium.keep_facts(made, what=f"clusters: {verdict.value}")
    return made


def take_back(consortium: Consortium, act: int | None, *, by: str) -> tuple[Decision, ...]:
    r"""Take an act of decisions back, the last one if ``None``; it stays in the history.

    Raises:
        CatalogueError: There is no such act in force.

    >>> from libconsortium.testing import example_catalogue
    >>> with example_catalogue() as office:
    ...     _ = decide(office, [("a\t1", "b\t1")], Verdict.SAME, by="cataloguer")
    ...     [one.undone_by for one in take_back(office, None, by="head cataloguer")]
    ['head cataloguer']
    """
    undone = taken_back(act, decisions_of(consortium), on=consortium.clock().date(), by=by)
    consortium.keep_facts(undone, what="clusters: undo")
    return undone


def take_in(consortium: Consortium, path: Path, *, by: str) -> tuple[tuple[Decision, ...], int]:
    r"""Take decisions in from a table; rows without a verdict, and those taken back, are left out.

    Args:
        consortium: Whose catalogue.
        path: The file, with the columns ``left``, ``right`` and ``verdict``, and perhaps ``on``,
            ``by`` and ``why``; further columns are for people.
        by: Who decided, where the file does not say.

    Returns:
        The new decisions, one act, and how many rows were left out.

    Raises:
        ImportFileError: The file cannot be read, or a row is wrong; the message names it.
        CatalogueError: A decision contradicts another one; the message names both.

    >>> from libconsortium.testing import example_catalogue
    >>> with example_catalogue() as office:
    ...     table = office.settings.path("decided.csv")
    ...     _ = table.write_text("left,right,verdict\na 1,b 1,same\na 2,b 2,\n", "utf-8")
    ...     made, left_out = take_in(office, table, by="cataloguer")
    >>> [one.left for one in made], left_out
    (['a\t1'], 1)
    """
    tables, _ = read_tables(path)
    rows = [row for table in tables for row in table.rows]
    if tables and not {"left", "right", "verdict"} <= set(tables[0].fields):
        raise ImportFileError(
            "{path}: the columns left, right and verdict are needed; there are: {known}",
            path=path,
            known=", ".join(tables[0].fields),
        )
    known, today = decisions_of(consortium), consortium.clock().date()
    act = 1 + max((one.act for one in known), default=0)
    usual = {"by": by, "on": today.isoformat()}
    read = [
        _read(path, row, usual, act)
        for row in rows
        if _cell(row, "verdict") and not _cell(row, "undone_on")
    ]
    fresh = joined(read, known)
    consortium.keep_facts(fresh, what=f"clusters: {path.name}")
    return fresh, len(rows) - len(fresh)


def doubts(
    consortium: Consortium,
    *,
    rules: str = "bibliographic",
    threshold: float | None = None,
    limit: int | None = None,
) -> tuple[DoubtfulPair, ...]:
    """Return the undecided pairs that are nearest to the threshold, the most useful first.

    They are those that were compared when the catalogue was last brought up to date; if it was
    never built, or with another rule or threshold, all records are compared now.

    Args:
        consortium: Whose records.
        rules: Name of the match rule.
        threshold: Score from which two records are one publication; the catalogue's if ``None``.
        limit: At most so many pairs.

    >>> from libconsortium.testing import example_catalogue
    >>> with example_catalogue() as office:
    ...     _ = office.harvest()
    ...     _ = office.catalogue.update()
    ...     (one,) = doubts(office, limit=1)
    >>> one.left.identifier, one.right.identifier, one.is_merged
    ('2', '8', False)
    """
    joining = consortium.catalogue.joining(rules=rules, threshold=threshold)
    decisions = in_force(decisions_of(consortium))
    folder = consortium.catalogue.folder
    kept = kept_pairs(consortium.store, consortium.registry, folder, joining)
    if kept is None:
        return doubtful_pairs(
            consortium.records(),
            consortium.settings.members_of_sources(),
            consortium.registry,
            rules=rules,
            threshold=joining.threshold,
            decisions=decisions,
            weights=joining.weights,
            limit=limit,
        )
    asked = joining.threshold
    found = most_useful(kept, threshold=asked, decisions=decisions, limit=limit)
    keys = {key for left, right, _ in found for key in (left, right)}
    held = {record_key(one.source, one.identifier): one for one in consortium.records(keys)}
    rule = weighed_rule(consortium.registry, rules, joining.weights)
    return described_pairs(found, held, consortium.registry, rule, threshold=asked)


def learn(consortium: Consortium, *, rules: str = "bibliographic") -> Lesson:
    r"""Teach a match rule from the consortium's own decisions; nothing is written.

    Learning starts from the weights that the rule came with, so that the same decisions give the
    same weights however often it is done.

    Args:
        consortium: Whose decisions.
        rules: Name of the match rule.

    Raises:
        CatalogueError: Nothing was decided yet, or the rule cannot learn.

    >>> from libconsortium.testing import example_catalogue
    >>> pair = ("an-hai\t2", "binh-minh\t8")
    >>> with example_catalogue() as office:
    ...     _ = office.harvest()
    ...     _ = decide(office, [pair], Verdict.SAME, by="cataloguer")
    ...     learn(office).used
    1
    """
    decisions = in_force(decisions_of(consortium))
    if not decisions:
        raise CatalogueError(
            "nothing was decided yet; 'libconsortium clusters doubtful' lists what is worth it"
        )
    rule = weighed_rule(consortium.registry, rules)
    return lesson(rule, decisions, consortium.records(), threshold=consortium.catalogue.threshold)


def _read(path: Path, row: Row, usual: dict[str, str], act: int) -> Decision:
    said = {name: _cell(row, name) for name in _FIELDS}
    said = {name: value or usual.get(name, "") for name, value in said.items()}
    try:
        return Decision(
            left=record_named(said["left"]),
            right=record_named(said["right"]),
            verdict=_verdict(said["verdict"]),
            on=date.fromisoformat(said["on"][:10]),
            by=said["by"],
            why=said["why"],
            act=act,
        )
    except ValueError as error:
        raise ImportFileError(
            "{path}: row {row}: the verdict is 'same' (giống), 'different' (khác) or nothing, and a"
            " day is written like 2026-01-31: {error}",
            path=path,
            row=row.line,
            error=error,
        ) from error


def _verdict(written: str) -> Verdict:
    """Read a verdict, in English or Vietnamese.

    Raises:
        ValueError: It is none.
    """
    plain = fold(written)
    if plain not in _VERDICTS:
        raise ValueError(written)
    return _VERDICTS[plain]


def _cell(row: Row, name: str) -> str:
    return str(row.values.get(name) or "").strip()
