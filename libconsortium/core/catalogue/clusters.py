"""A cluster: the records of several members that describe one publication, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from itertools import combinations, groupby
from operator import itemgetter

import attrs

from libconsortium.core.catalogue.matching import Evidence


class Level(StrEnum):
    """What the records of one cluster have in common."""

    MANIFESTATION = "manifestation"
    """One publication: the same edition, volume and form."""
    WORK = "work"
    """One work in all its editions, volumes and forms."""


class Verdict(StrEnum):
    """What a cataloguer decided about two records."""

    SAME = "same"
    DIFFERENT = "different"


def _record(written: str) -> str:
    """Return a record's key; people write a blank where the key has a tab."""
    source, blank, identifier = written.strip().partition(" ")
    return f"{source}\t{identifier}" if blank and "\t" not in source else written.strip()


@attrs.frozen(kw_only=True)
class Decision:
    r"""A cataloguer's word on two records; it outranks every rule and outlives re-clustering.

    A decision is never lost: one that is taken back says so, and no longer counts.

    Args:
        left: Key of one record; source and identifier may be parted by a blank.
        right: Key of the other.
        verdict: Whether they are the same publication.
        on: The day it was decided, or ``None`` if not known.
        by: Who decided: a role (``cataloguer of tlu``), not a name.
        why: The reason, in words.
        act: Number of the act it belongs to; what was decided at once is taken back at once. 0 if
            not known.
        undone_on: The day it was taken back; ``None`` if it counts.
        undone_by: Who took it back.

    >>> Decision(left="tlu oai:tlu:1", right="hus 7", verdict=Verdict.SAME).left
    'tlu\toai:tlu:1'
    """

    left: str = attrs.field(converter=_record)
    right: str = attrs.field(converter=_record)
    verdict: Verdict
    on: date | None = None
    by: str = ""
    why: str = ""
    act: int = 0
    undone_on: date | None = None
    undone_by: str = ""


@attrs.frozen(kw_only=True)
class Link:
    """Two records that were compared, and what was found.

    Args:
        left: Key of the record that sorts first.
        right: Key of the other record.
        evidence: What the comparison found.
    """

    left: str
    right: str
    evidence: Evidence


@attrs.frozen(kw_only=True)
class Cluster:
    """Records that describe one publication; the records themselves are untouched.

    Args:
        id: Stable id; the smallest record key of the cluster when it was made.
        records: Keys of its records, sorted.
        links: Why they were joined; empty for a single record.
    """

    id: str
    records: tuple[str, ...]
    links: tuple[Link, ...] = ()


@attrs.frozen(kw_only=True)
class Component:
    """Records that hang together by links although some of them must not: to be taken apart.

    Args:
        records: Numbers of the records.
        links: Pairs that a rule joins, each with its score.
        same: Pairs that a cataloguer joined.
        different: Pairs that a cataloguer told apart.
        vetoed: Pairs that a guard of a rule told apart; a cataloguer's word outranks it.
        marked: Those of them that diacritics tell apart.
        open: Those of the links of which one record is without diacritics, the lesser number first.
    """

    records: tuple[int, ...]
    links: tuple[tuple[int, int, float], ...] = ()
    same: tuple[tuple[int, int], ...] = ()
    different: tuple[tuple[int, int], ...] = ()
    vetoed: tuple[tuple[int, int], ...] = ()
    marked: tuple[tuple[int, int], ...] = ()
    open: frozenset[tuple[int, int]] = frozenset()


def taken_apart(component: Component) -> tuple[tuple[int, ...], ...]:
    """Return the groups of a component in which no two records must be apart.

    Joins are tried strongest first (cataloguers' before rules', then by score, then by number);
    one that would bring two records together that must be apart, directly or through others, is
    left out. What is without diacritics and fits two groups equally well that diacritics tell apart
    joins neither. So the result depends on no order. Where decisions contradict each other, the
    records stay apart.

    >>> chain = Component(records=(1, 2, 3), links=((1, 2, 0.9), (2, 3, 0.8)), different=((1, 3),))
    >>> taken_apart(chain)
    ((1, 2), (3,))
    """
    groups = _Groups(component.records)
    groups.keep_apart(component.different)
    for left, right in sorted(map(_ordered, component.same)):
        groups.join(left, right)
    groups.keep_apart(component.vetoed)
    strongest_first = sorted(component.links, key=_score, reverse=True)
    for _, links in groupby(strongest_first, key=_score):
        pairs = sorted(_ordered(link[:2]) for link in links)
        if may_be := component.open.intersection(pairs):
            groups.keep_apart(groups.contested(may_be, component.marked))
        for left, right in pairs:
            groups.join(left, right)
    return groups.all()


_score = itemgetter(2)


def _ordered(pair: tuple[int, int]) -> tuple[int, int]:
    return min(pair), max(pair)


class _Groups:
    def __init__(self, records: Iterable[int]) -> None:
        self._group = {record: {record} for record in records}
        self._apart: defaultdict[int, set[int]] = defaultdict(set)

    def keep_apart(self, pairs: Iterable[tuple[int, int]]) -> None:
        for left, right in pairs:
            if self._group[left] is not self._group[right]:
                self._apart[left].add(right)
                self._apart[right].add(left)

    def contested(
        self, links: Iterable[tuple[int, int]], marked: Iterable[tuple[int, int]]
    ) -> set[tuple[int, int]]:
        """Return the links of what fits two groups of which some records are marked as apart."""
        # Links by the group they start from, then by the one they lead to; both are called by id.
        links_of: defaultdict[int, defaultdict[int, set[tuple[int, int]]]]
        links_of = defaultdict(lambda: defaultdict(set))
        for link in links:
            ours, theirs = (self._group[record] for record in link)
            if not self._are_apart(ours, theirs):
                links_of[id(ours)][id(theirs)].add(link)
                links_of[id(theirs)][id(ours)].add(link)
        apart = {frozenset(id(self._group[record]) for record in pair) for pair in marked}
        return {
            link
            for near in links_of.values()
            for two in combinations(near, 2)
            if frozenset(two) in apart
            for group in two
            for link in near[group]
        }

    def join(self, left: int, right: int) -> None:
        small, large = sorted((self._group[left], self._group[right]), key=len)
        if small is large or self._are_apart(small, large):
            return
        large |= small
        self._group.update(dict.fromkeys(small, large))

    def _are_apart(self, ours: set[int], theirs: set[int]) -> bool:
        return any(not self._apart[record].isdisjoint(theirs) for record in ours)

    def all(self) -> tuple[tuple[int, ...], ...]:
        return tuple(sorted({tuple(sorted(group)) for group in self._group.values()}))
