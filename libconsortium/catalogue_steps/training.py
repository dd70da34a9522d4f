"""Teaches a match rule from what cataloguers decided, and keeps what it learned in a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from hashlib import blake2b
from math import isfinite
from pathlib import Path

import attrs

from libconsortium.contributions import MatchRule
from libconsortium.core.catalogue.clusters import Decision, Verdict
from libconsortium.core.catalogue.learning import Example, learned
from libconsortium.core.catalogue.matching import Evidence, match_fields, record_key
from libconsortium.core.catalogue.records import BibRecord
from libconsortium.core.errors import CatalogueError, SettingsError
from libconsortium.files.toml_file import read_toml

ENOUGH_DECISIONS = 500
"""From so many decisions on, learned weights are worth having."""

_PARTS = 5
_TRUST = 2.0
"""How firmly the weights so far are held to: see ``learned``."""


@attrs.frozen(kw_only=True)
class Judged:
    """How a rule judged pairs of which people know whether they are one publication.

    Args:
        found: Pairs it joined.
        right: Of these, those that people joined too.
        same: Pairs that people joined.

    >>> figures = Judged(found=4, right=3, same=6)
    >>> figures.precision, figures.recall, figures.f1
    (0.75, 0.5, 0.6)
    """

    found: int
    right: int
    same: int

    @property
    def precision(self) -> float:
        """The part of the joined pairs that is right; 1 if none was joined."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The part of the pairs to be joined that was; 1 if there are none."""
        return self.right / self.same if self.same else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both; 1 if there was nothing to join and nothing was."""
        return 2 * self.right / (self.found + self.same) if self.found + self.same else 1.0


@attrs.frozen(kw_only=True)
class Lesson:
    """What a rule learned from decisions, and whether it did it good.

    Args:
        rule: The rule with its new weights.
        used: Decisions it learned from.
        forbidden: Decisions it could not learn from, because a guard forbids the pair anyway.
        missing: Decisions about records that are not there.
        before: How the old weights judge the pairs.
        after: How new weights judge them, each fifth by what was learned from the other four.
    """

    rule: MatchRule
    used: int
    forbidden: int
    missing: int
    before: Judged
    after: Judged


def trained(
    rule: MatchRule,
    decisions: Iterable[Decision],
    records: Iterable[BibRecord],
) -> MatchRule:
    """Return a match rule with weights learned from decisions; its guards and keys stay.

    The weights so far are where it starts from, so a hundred decisions do no harm; about 500 are
    needed to do good. Decide pairs on both sides of the threshold, not the clear ones alone.

    Args:
        rule: The rule; it stays as it is.
        decisions: What cataloguers decided. Pairs that a guard forbids, and decisions about
            records that are not there, are passed over.
        records: The records decided upon; others do not matter.

    Raises:
        CatalogueError: The rule cannot learn.

    >>> from libconsortium import Registry
    >>> rule = Registry().find(MatchRule, "bibliographic")
    >>> trained(rule, [], []).weights == rule.weights
    True
    """
    if rule.features is None or rule.weighed is None:
        raise CatalogueError(
            "the match rule {rule!r} has no weights to learn; take one that has", rule=rule.name
        )
    examples = list(_examples(rule, decisions, records))
    return rule.weighed(learned(examples, rule.weights, trust=_TRUST))


def _examples(
    rule: MatchRule, decisions: Iterable[Decision], records: Iterable[BibRecord]
) -> Iterator[Example]:
    found = {record_key(one.source, one.identifier): one for one in records}
    for one in decisions:
        if one.left in found and one.right in found:
            left, right = match_fields(found[one.left]), match_fields(found[one.right])
            if rule.features is not None and not rule.compare(left, right).veto:
                yield Example(found=rule.features(left, right), is_same=one.verdict is Verdict.SAME)


def lesson(
    rule: MatchRule,
    decisions: Iterable[Decision],
    records: Iterable[BibRecord],
    *,
    threshold: float,
) -> Lesson:
    """Teach a rule from decisions, and measure on pairs it did not learn from what that gives.

    Args:
        rule: The rule; it stays as it is.
        decisions: What cataloguers decided.
        records: The records decided upon; others do not matter.
        threshold: Score from which two records are one publication.

    Raises:
        CatalogueError: The rule cannot learn.

    >>> from libconsortium import Registry
    >>> lesson(Registry().find(MatchRule, "bibliographic"), [], [], threshold=0.93).used
    0
    """
    if rule.features is None or rule.weighed is None:
        raise CatalogueError(
            "the match rule {rule!r} has no weights to learn; take one that has", rule=rule.name
        )
    decided = tuple(decisions)
    keys = {key for one in decided for key in (one.left, one.right)}
    held = {key: one for one in records if (key := record_key(one.source, one.identifier)) in keys}
    there = [one for one in decided if one.left in held and one.right in held]
    free = [one for one in there if not _compared(rule, one, held).veto]
    parts = [[one for one in free if _part(one) == number] for number in range(_PARTS)]
    taught = [
        trained(rule, [one for one in free if _part(one) != number], held.values())
        for number in range(_PARTS)
    ]
    return Lesson(
        rule=trained(rule, free, held.values()),
        used=len(free),
        forbidden=len(there) - len(free),
        missing=len(decided) - len(there),
        before=_judged([(rule, free)], held, threshold),
        after=_judged(list(zip(taught, parts, strict=True)), held, threshold),
    )


def _compared(rule: MatchRule, one: Decision, held: Mapping[str, BibRecord]) -> Evidence:
    return rule.compare(match_fields(held[one.left]), match_fields(held[one.right]))


def _part(one: Decision) -> int:
    """Return in which part a decision is: by its records, so that the order never matters."""
    return blake2b(min(one.left, one.right).encode(), digest_size=1).digest()[0] % _PARTS


def _judged(
    tried: Sequence[tuple[MatchRule, Sequence[Decision]]],
    held: Mapping[str, BibRecord],
    threshold: float,
) -> Judged:
    joined = [
        (one.verdict is Verdict.SAME, _compared(rule, one, held).score >= threshold)
        for rule, decisions in tried
        for one in decisions
    ]
    return Judged(
        found=sum(ours for _, ours in joined),
        right=sum(ours and theirs for theirs, ours in joined),
        same=sum(theirs for theirs, _ in joined),
    )


def weights_text(rule: MatchRule, *, heading: str = "") -> str:
    r"""Return a rule's weights as TOML, as ``read_weights`` reads them.

    Args:
        rule: The rule.
        heading: What is said above them; any lines.

    >>> rule = MatchRule(name="r", keys=lambda _: (), compare=lambda *_: None, weights={"a": 1.5})
    >>> weights_text(rule, heading="learned")
    '# learned\n\n[r]\n"a" = 1.5\n'
    """
    said = "".join(f"# {line}\n" for line in heading.splitlines())
    weights = (
        f"{json.dumps(name, ensure_ascii=False)} = {round(rule.weights[name], 4) + 0.0}\n"
        for name in sorted(rule.weights)
    )
    above = f"{said}\n" if said else ""
    return f"{above}[{rule.name}]\n{''.join(weights)}"


def read_weights(path: Path, rule: str) -> dict[str, float]:
    r"""Read the learned weights of a rule.

    Args:
        path: The file.
        rule: Name of the rule, the name of the file's table.

    Raises:
        SettingsError: The file is no TOML, has no such table, or a weight is no number; the
            message names the place.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "weights.toml")
    ...     _ = file.write_text("[r]\na = 1.5")
    ...     read_weights(file, "r")
    {'a': 1.5}
    """
    data, line_of = read_toml(path)
    table = data.get(rule)
    if not isinstance(table, dict):
        raise SettingsError(
            "{path}: there are no weights of the match rule {rule!r}; 'libconsortium clusters"
            " learn' writes them",
            path=path,
            rule=rule,
        )
    for name, value in table.items():
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)) or not isfinite(value):
            raise SettingsError(
                "{path}:{line}: the weight {name!r} must be a number, got {value!r}",
                path=path,
                line=line_of((rule, name)),
                name=name,
                value=value,
            )
    return {name: float(value) for name, value in table.items()}
