"""Finds the pairs of records that a cataloguer's eye is worth most for."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from math import log
from operator import itemgetter
from typing import Any

import attrs

from libconsortium.catalogue_steps.build import (
    BLOCK_CAP,
    LIKELY_SCORE,
    LOWEST_DOUBT,
    MERGE_SCORE,
    catalogue_engine,
    held_records,
    number_records,
    weighed_rule,
)
from libconsortium.catalogue_steps.maps import evidence_of
from libconsortium.catalogue_steps.tables import compare_candidates, rows
from libconsortium.contributions import MatchRule
from libconsortium.core.catalogue.clusters import Decision, Level
from libconsortium.core.catalogue.matching import Evidence, match_fields
from libconsortium.core.catalogue.records import BibRecord
from libconsortium.registry import Registry

_ALIKE_AT_ONCE = 5  # pairs with the same reasons before others come to their turn
_SURE = 1e-6  # scores are kept from here to its complement
_PAIRS = """
select l, r, score, reasons, rule from compared order by l, r
"""


@attrs.frozen(kw_only=True)
class DoubtfulPair:
    """Two records that a rule is not sure about.

    Args:
        left: The record whose key sorts first.
        right: The other.
        evidence: What the comparison found.
        is_merged: Whether the score alone would make them one publication.
        same_work: Whether they are the same work, in this edition or another.
    """

    left: BibRecord
    right: BibRecord
    evidence: Evidence
    is_merged: bool
    same_work: bool


def doubtful_pairs(  # noqa: PLR0913 - data first; the rest has a usual value each
    records: Iterable[BibRecord],
    members: Mapping[str, str],
    registry: Registry,
    *,
    rules: str = "bibliographic",
    threshold: float = MERGE_SCORE,
    decisions: Iterable[Decision] = (),
    weights: Mapping[str, float] | None = None,
    limit: int | None = None,
) -> tuple[DoubtfulPair, ...]:
    """Return the pairs nearest to the threshold, the most useful to decide on first.

    What is near the threshold teaches most; of pairs with the very same reasons a few come at a
    time, because the next one teaches the same again.

    Args:
        records: The members' records.
        members: The library that each source belongs to.
        registry: Where the match rule is found.
        rules: Name of the match rule.
        threshold: Score from which two records are one publication.
        decisions: What was decided already, and need not be looked at again.
        weights: Learned weights of the match rule; those it came with if ``None``.
        limit: At most so many pairs; all from a score of 0.05 on if ``None``.

    Raises:
        CatalogueError: A source belongs to no library, or the match rule failed.
        UnknownNameError: No plugin gives the engine or the rule.

    >>> one = BibRecord(source="a", identifier="1", titles=("Giải tích",), year=2019)
    >>> two = BibRecord(source="b", identifier="2", titles=("Giải tích",), year=2019)
    >>> found = doubtful_pairs([one, two], {"a": "A", "b": "B"}, Registry())
    >>> [(pair.left.identifier, pair.is_merged) for pair in found]
    [('1', False)]
    """
    rule = weighed_rule(registry, rules, weights)
    held, _ = held_records(records, members)
    keys = tuple(held)
    tables = catalogue_engine(registry, "duckdb").start()
    try:
        number_records(tables, held, members)
        lowest = min(LOWEST_DOUBT, threshold)
        compare_candidates(tables, rule, threshold=lowest, block_cap=BLOCK_CAP)
        pairs = ((keys[left], keys[right], *rest) for left, right, *rest in rows(tables, _PAIRS))
        found = most_useful(pairs, threshold=threshold, decisions=decisions, limit=limit)
    finally:
        tables.close()
    return described_pairs(found, held, registry, rule, threshold=threshold)


def most_useful(
    pairs: Iterable[tuple[Any, ...]],
    *,
    threshold: float,
    decisions: Iterable[Decision] = (),
    limit: int | None = None,
) -> list[tuple[str, str, Evidence]]:
    """Return the pairs that are most useful to decide on, the most useful first.

    Args:
        pairs: Two keys, score, reasons as JSON and the rule of each.
        threshold: Score from which two records are one publication.
        decisions: What was decided already.
        limit: At most so many pairs; all if ``None``.

    >>> pairs = [("a", "b", 0.99, "[]", "t"), ("a", "c", 0.9, "[]", "t")]
    >>> [(one, other) for one, other, _ in most_useful(pairs, threshold=0.91)]
    [('a', 'c'), ('a', 'b')]
    """
    settled = {frozenset((one.left, one.right)) for one in decisions}
    found = [
        (_distance(pair[2], threshold), pair)
        for pair in pairs
        if frozenset(pair[:2]) not in settled
    ]
    found.sort(key=lambda one: (one[0], *one[1][:2]))
    seen: Counter[frozenset[str]] = Counter()
    turns = []
    for doubt, pair in found:
        reasons = tuple(json.loads(pair[3]))
        kinds = frozenset(noted.partition("\t")[0] for noted in reasons)
        turns.append((seen[kinds] // _ALIKE_AT_ONCE, doubt, *pair[:2], pair, reasons))
        seen[kinds] += 1
    turns.sort(key=itemgetter(0, 1, 2, 3))
    return [
        (pair[0], pair[1], Evidence(rule=pair[4], score=pair[2], reasons=reasons))
        for *_, pair, reasons in turns[:limit]
    ]


def described_pairs(
    pairs: Iterable[tuple[str, str, Evidence]],
    held: Mapping[str, BibRecord],
    registry: Registry,
    rule: MatchRule,
    *,
    threshold: float,
) -> tuple[DoubtfulPair, ...]:
    """Return pairs with their records; a pair of which one is gone is left out.

    Args:
        pairs: Two keys of each, and what the comparison found.
        held: The records by key.
        registry: Where the rule of works is found.
        rule: The match rule.
        threshold: Score from which two records are one publication.

    >>> described_pairs([], {}, Registry(), Registry().find(MatchRule, "works"), threshold=0.9)
    ()
    """
    works = registry.find(MatchRule, "works") if rule.level is Level.MANIFESTATION else rule
    return tuple(
        DoubtfulPair(
            left=held[left],
            right=held[right],
            evidence=evidence,
            is_merged=evidence.score >= threshold,
            same_work=is_same_work(works, held[left], held[right]),
        )
        for left, right, evidence in pairs
        if left in held and right in held
    )


def is_same_work(works: MatchRule, left: BibRecord, right: BibRecord) -> bool:
    """Say whether a rule of works takes two records for the same work.

    >>> rule = Registry().find(MatchRule, "works")
    >>> one, two = (BibRecord(source="a", identifier=year, titles=("Dế mèn phiêu lưu ký",),
    ...                       creators=("Tô Hoài",), year=int(year)) for year in ("1941", "2019"))
    >>> is_same_work(rule, one, two)
    True
    """
    found = evidence_of(works, match_fields(left), match_fields(right))
    return found.score >= LIKELY_SCORE and not found.veto


def _distance(score: float, threshold: float) -> float:
    """Return how far a score is from the threshold, in logarithms of odds."""
    return abs(_odds(score) - _odds(threshold))


def _odds(score: float) -> float:
    inside = min(1 - _SURE, max(_SURE, score))
    return log(inside / (1 - inside))
