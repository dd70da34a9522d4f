"""The steps of the union catalogue on an engine's tables, in their order."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from libconsortium.catalogue_steps import maps, sql
from libconsortium.contributions import MatchRule
from libconsortium.core.catalogue.clusters import (
    Cluster,
    Component,
    Decision,
    Link,
    Verdict,
    taken_apart,
)
from libconsortium.core.catalogue.matching import Evidence, unpacked
from libconsortium.core.catalogue.reasons import is_open
from libconsortium.core.errors import CatalogueError
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity
from libconsortium.engine import Engine

_PAIR = (("l", maps.NUMBER), ("r", maps.NUMBER))
_LABELLED = (("nr", maps.NUMBER), ("label", maps.NUMBER))
_CONFIRMED = Evidence(rule="decision", score=1.0, reasons=("confirmed",))
_CROWD = 1_000  # records in a component up to which every pair of them is looked at
_ROWS_AT_ONCE = 20_000
_AT_ONCE = 200_000  # records whose pairs get their fields in one go
_Row = tuple[Any, ...]  # what a query gives


def compare_candidates(
    tables: Engine, rule: MatchRule, *, threshold: float, block_cap: int
) -> list[Problem]:
    """Make ``compared`` out of ``records``: keys, blocks, pairs, comparison.

    Returns:
        One problem for each block above the cap.
    """
    tables.map("keys", maps.keys_step(rule), "records", maps.schema(maps.KEYS))
    for name, text in sql.PAIR_STEPS:
        tables.mat(name, text.format(cap=block_cap))
    problems = [
        block_problem(rule, block_cap, key, count, text)
        for key, count, text in rows(tables, sql.BIG_BLOCKS)
    ]
    for name in sql.ONLY_FOR_PAIRS:
        tables.drop(name)
    compare_pairs(tables, rule, threshold=threshold)
    return problems


def compare_pairs(tables: Engine, rule: MatchRule, *, threshold: float) -> None:
    """Make ``compared`` out of ``pairs`` and ``records``."""
    step = maps.compare_step(rule, threshold)
    tables.map("compared", step, pairs_with_fields(tables), maps.schema(maps.COMPARED))


def pairs_with_fields(tables: Engine) -> list[str]:
    """Return the queries that give all pairs with the fields of both records, part by part."""
    (last,) = tables.one("select max(nr) from records")
    return [
        sql.TO_COMPARE.format(low=low, high=low + _AT_ONCE)
        for low in range(0, (last or 0) + 1, _AT_ONCE)
    ]


def block_problem(rule: MatchRule, cap: int, number: int, count: int, text: str) -> Problem:
    """Say that a block was too large to compare all its records.

    Args:
        rule: The match rule.
        cap: How many records may share a key.
        number: The number that stands for the key.
        count: How many records share it.
        text: Match fields of one of them, packed.
    """
    fields = unpacked(text)
    keys = (key for key in maps.keys_of(rule, fields) if maps.key_number(key) == number)
    source, _, identifier = fields.record.partition("\t")
    return Problem(
        code="BLOCK_TOO_LARGE",
        where=Place(source=source, record=identifier),
        what=Message(
            "{count} records share the key {key!r}, more than {cap}; they were compared only"
            " where they also share a rarer key",
            count=count,
            key=next(keys),
            cap=cap,
        ),
        advice=Message("complete years, authors or identifiers of these records"),
    )


def take_decisions(
    tables: Engine, keys: Iterable[str], decisions: Iterable[Decision]
) -> list[Problem]:
    """Make ``same`` and ``different`` out of the cataloguers' decisions.

    Args:
        tables: The engine.
        keys: The keys of all records in their order.
        decisions: What was decided.

    Returns:
        One problem for each decision about a record that is no longer there, and for each pair
        that was decided both ways (it stays apart).
    """
    numbers = {key: number for number, key in enumerate(keys)}
    pairs: dict[Verdict, set[tuple[int, int]]] = {verdict: set() for verdict in Verdict}
    problems = []
    for one in decisions:
        if one.left == one.right:
            raise CatalogueError("a decision names the record {record!r} twice", record=one.left)
        if one.left not in numbers or one.right not in numbers:
            problems.append(_decision_problem(one))
            continue
        left, right = sorted((numbers[one.left], numbers[one.right]))
        pairs[one.verdict].add((left, right))
    tables.source("same", maps.table(_PAIR, sorted(pairs[Verdict.SAME])))
    tables.source("different", maps.table(_PAIR, sorted(pairs[Verdict.DIFFERENT])))
    return problems


def _decision_problem(decision: Decision) -> Problem:
    return Problem(
        code="DECISION_WITHOUT_RECORD",
        where=Place(record=decision.left.replace("\t", ": ")),
        what=Message(
            "a cataloguer decided that this record and {other!r} are {verdict}, but one is gone",
            other=decision.right.replace("\t", ": "),
            verdict=Message(decision.verdict.value),
        ),
        severity=Severity.INFO,
    )


def join_up(tables: Engine, rule: MatchRule, *, clash: float = 0.0) -> list[Problem]:
    """Make ``clusters`` out of what was compared and decided.

    Components are found by passing on the smallest number until nothing changes. Links chain: so
    all records of a component are then compared with each other, and those components that hold
    records which must be apart are taken apart again.

    Args:
        tables: The engine.
        rule: The match rule, for the pairs that no key brought together.
        clash: Score under which two records of a component must be apart.

    Returns:
        One problem for each component too large to compare all its records.
    """
    for name, text in sql.LINK_STEPS:
        tables.mat(name, text)
    labels, following = "labels_0", "labels_1"
    while tables.one(sql.OPEN.format(labels=labels))[0]:
        tables.mat(following, sql.NEXT_LABELS.format(labels=labels))
        labels, following = following, labels
    tables.mat("labels", sql.LABELS.format(labels=labels))
    for name, text in sql.UNSEEN_STEPS:
        tables.mat(name, text.format(crowd=_CROWD))
    step = maps.conflict_step(rule, clash)
    tables.map("conflicts", step, sql.UNSEEN, maps.schema(maps.CONFLICTS))
    for name, text in sql.APART_STEPS:
        tables.mat(name, text)
    tables.source("mended", maps.table(_LABELLED, _mended(tables)))
    tables.mat("clusters", sql.CLUSTERS)
    return [
        _crowd_problem(count, text)
        for count, text in rows(tables, sql.BIG_COMPONENTS.format(crowd=_CROWD))
    ]


def _crowd_problem(count: int, text: str) -> Problem:
    source, _, identifier = unpacked(text).record.partition("\t")
    return Problem(
        code="CLUSTER_TOO_LARGE",
        where=Place(source=source, record=identifier),
        what=Message(
            "{count} records hang together, too many to compare each with each; some may be joined"
            " that are not alike",
            count=count,
        ),
        advice=Message("look at the records, or take a higher threshold"),
    )


def _mended(tables: Engine) -> Iterator[tuple[int, int]]:
    records = _by_label(tables, sql.TORN_RECORDS)
    links = _by_label(tables, sql.TORN_LINKS)
    same = _by_label(tables, sql.TORN_SAME)
    apart = _by_label(tables, sql.TORN_PAIRS)
    for label, members in records.items():
        component = Component(
            records=tuple(number for (number,) in members),
            links=tuple((left, right, score) for left, right, score, _ in links[label]),
            same=tuple((left, right) for left, right in same[label]),
            different=tuple((left, right) for left, right, decided, _ in apart[label] if decided),
            vetoed=tuple((left, right) for left, right, decided, _ in apart[label] if not decided),
            open=frozenset(
                (left, right)
                for left, right, _, reasons in links[label]
                if is_open(json.loads(reasons))
            ),
            marked=tuple((left, right) for left, right, _, marks in apart[label] if marks),
        )
        for group in taken_apart(component):
            yield from ((number, group[0]) for number in group)


def _by_label(tables: Engine, text: str) -> Mapping[int, list[_Row]]:
    found: defaultdict[int, list[_Row]] = defaultdict(list)
    for label, *rest in rows(tables, text):
        found[label].append(tuple(rest))
    return found


def clusters_of(tables: Engine, keys: tuple[str, ...]) -> Iterator[Cluster]:
    """Read the clusters with their links, in the order of their ids.

    Args:
        tables: The engine, with ``clusters`` made.
        keys: The keys of all records in their order.
    """
    links: defaultdict[int, list[Link]] = defaultdict(list)
    for number, left, right, score, reasons, rule in rows(tables, sql.CLUSTER_LINKS):
        links[number].append(
            Link(
                left=keys[left],
                right=keys[right],
                evidence=Evidence(rule=rule, score=score, reasons=tuple(json.loads(reasons)))
                if rule
                else _CONFIRMED,
            )
        )
    held: defaultdict[int, list[str]] = defaultdict(list)
    for number, record in rows(tables, sql.IN_CLUSTERS):
        held[number].append(keys[record])
    for number, records in held.items():
        yield Cluster(id=keys[number], records=tuple(records), links=tuple(links[number]))


def rows(tables: Engine, text: str) -> Iterator[_Row]:
    """Run a query and yield its rows as tuples; only some of them are Python objects at a time."""
    for batch in tables.arrow(text).to_batches(max_chunksize=_ROWS_AT_ONCE):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
