"""Builds the union catalogue: Python per record and per pair (MAP), plain SQL between (SET).

::

    BibRecord ─match_fields─▶ records ─keys of a rule─▶ keys ─SET─▶ pairs ─compare of a rule─▶
    compared ─SET, with the cataloguers' decisions─▶ clusters ─SET─▶ holdings, overlap

An engine (a plugin) keeps the tables and runs both kinds of step; every engine gives the same rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from libconsortium.catalogue_steps import maps, sql
from libconsortium.catalogue_steps.tables import (
    clusters_of,
    compare_candidates,
    join_up,
    rows,
    take_decisions,
)
from libconsortium.catalogue_steps.telling import Tell, telling
from libconsortium.contributions import CatalogueEngine, MatchRule
from libconsortium.core.catalogue.clusters import Cluster, Decision
from libconsortium.core.catalogue.holdings import Holding
from libconsortium.core.catalogue.matching import match_fields, packed, record_key
from libconsortium.core.catalogue.records import BibRecord
from libconsortium.core.catalogue.union import Overlap, UnionCatalogue
from libconsortium.core.errors import CatalogueError, UnknownNameError
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem
from libconsortium.engine import Engine
from libconsortium.registry import Registry

MERGE_SCORE = 0.91
"""From this score on two records are taken to be one publication, unless a guard forbids it."""

LIKELY_SCORE = 0.5
"""From this score on two records are more likely one publication than not: best balance of wrong
and missed merges on labelled records, for a first look rather than for a catalogue."""

LOWEST_DOUBT = 0.05
"""Below this score no cataloguer need look."""

CLASH_SCORE = 0.06
"""Below this score two records are not brought together by way of others either."""

BLOCK_CAP = 100
"""More records than this under one key are not all compared with each other."""

_PACKAGES = {"spark": "libconsortium-spark"}  # engines that we give apart
_RULE_PACKAGES = {"splink": "libconsortium-splink"}
_HOLDS = (("cluster", maps.NUMBER), ("member", maps.NUMBER))


def cluster(  # noqa: PLR0913 - data first; the rest has a usual value each
    records: Iterable[BibRecord],
    members: Mapping[str, str],
    registry: Registry,
    *,
    engine: str = "duckdb",
    rules: str = "bibliographic",
    threshold: float = MERGE_SCORE,
    decisions: Iterable[Decision] = (),
    block_cap: int = BLOCK_CAP,
    weights: Mapping[str, float] | None = None,
    on_progress: Tell | None = None,
) -> UnionCatalogue:
    r"""Bring the records of all members together into a union catalogue.

    The result does not depend on the order of the records, which stay as they are.

    Args:
        records: The members' records.
        members: The library that each source belongs to.
        registry: Where engine and match rule are found.
        engine: Name of the catalogue engine.
        rules: Name of the match rule.
        threshold: Score from which two records are one publication, above 0, at most 1.
        decisions: What cataloguers decided; outranks the rule.
        block_cap: Records that may share one key and still all be compared.
        weights: Learned weights of the match rule; those it came with if ``None``.
        on_progress: Told before each long step what is about to be done.

    Raises:
        CatalogueError: A source belongs to no library, or the match rule failed.
        UnknownNameError: No plugin gives the engine or the rule.
        MissingExtraError: The engine's packages are not installed.

    >>> from libconsortium import BibRecord, Registry
    >>> book = BibRecord(source="a", identifier="1", titles=("Dế mèn phiêu lưu ký",),
    ...                  creators=("Tô Hoài",), year=1941)
    >>> same = BibRecord(source="b", identifier="9", titles=("DẾ MÈN phiêu lưu kí",),
    ...                  creators=("Tô Hoài",), year=1941)
    >>> catalogue = cluster([book, same], {"a": "A", "b": "B"}, Registry())
    >>> [(one.cluster, one.member) for one in catalogue.holdings]
    [('a\t1', 'A'), ('a\t1', 'B')]
    """
    chosen, rule = catalogue_engine(registry, engine), weighed_rule(registry, rules, weights)
    held, problems = held_records(records, members)
    tables = telling(chosen.start(), on_progress)
    try:
        number_records(tables, held, members)
        problems += compare_candidates(tables, rule, threshold=threshold, block_cap=block_cap)
        problems += take_decisions(tables, held, decisions)
        problems += join_up(tables, rule, clash=min(CLASH_SCORE, threshold))
        clusters = tuple(clusters_of(tables, tuple(held)))
    finally:
        tables.close()
    return UnionCatalogue(
        members=tuple(sorted(set(members.values()))),
        clusters=clusters,
        holdings=tuple(holdings_of(clusters, held, members)),
        problems=tuple(problems),
    )


def overlap(catalogue: UnionCatalogue, registry: Registry, *, engine: str = "duckdb") -> Overlap:
    """Count what the members hold in common and what only one of them holds.

    Args:
        catalogue: The union catalogue.
        registry: Where the engine is found.
        engine: Name of the catalogue engine.

    >>> found = overlap(UnionCatalogue(members=("A",), clusters=(), holdings=()), Registry())
    >>> found.matrix, found.unique, found.held_by_all
    ({('A', 'A'): 0}, {'A': 0}, 0)
    """
    numbers = {found.id: number for number, found in enumerate(catalogue.clusters)}
    names = sorted({*catalogue.members, *(one.member for one in catalogue.holdings)})
    places = {name: place for place, name in enumerate(names)}
    tables = catalogue_engine(registry, engine).start()
    try:
        held = ((numbers[one.cluster], places[one.member]) for one in catalogue.holdings)
        tables.source("holds", maps.reader(_HOLDS, held))
        tables.mat("holders", sql.HOLDERS)
        both = {
            (names[one], names[other]): titles for one, other, titles in rows(tables, sql.MATRIX)
        }
        alone = {names[one]: titles for one, titles in rows(tables, sql.UNIQUE)}
        held_by: dict[int, int] = dict(rows(tables, sql.HELD_BY))
    finally:
        tables.close()
    members = catalogue.members
    return Overlap(
        matrix={(one, other): both.get((one, other), 0) for one in members for other in members},
        unique={member: alone.get(member, 0) for member in members},
        held_by_all=held_by.get(len(members), 0),
        held_by_k={count: held_by.get(count, 0) for count in range(1, len(members) + 1)},
        withheld=catalogue.withheld,
    )


def weighed_rule(
    registry: Registry, name: str, weights: Mapping[str, float] | None = None
) -> MatchRule:
    """Return a match rule, with learned weights if there are any.

    Args:
        registry: Where the rule is found.
        name: Name of the rule.
        weights: Learned weights; those it came with if ``None``.

    Raises:
        CatalogueError: The rule has no weights.
        UnknownNameError: No plugin gives the rule; the message names the package that would.

    >>> weighed_rule(Registry(), "bibliographic", {"title-equal": 9.0}).weights["title-equal"]
    9.0
    """
    if name in _RULE_PACKAGES and name not in registry.all(MatchRule):
        raise UnknownNameError(
            "the match rule {rule!r} comes with the package {package}; pip install {package}",
            rule=name,
            package=_RULE_PACKAGES[name],
        )
    rule = registry.find(MatchRule, name)
    if weights is None:
        return rule
    if rule.weighed is None:
        raise CatalogueError(
            "the match rule {rule!r} has no weights to learn; take one that has", rule=rule.name
        )
    return rule.weighed(weights)


def catalogue_engine(registry: Registry, name: str) -> CatalogueEngine:
    """Return the engine of a name.

    Raises:
        UnknownNameError: No plugin gives it; the message names the package that would.

    >>> catalogue_engine(Registry(), "duckdb").name
    'duckdb'
    """
    if name in _PACKAGES and name not in registry.all(CatalogueEngine):
        raise UnknownNameError(
            "the catalogue engine {engine!r} comes with the package {package};"
            " pip install {package}",
            engine=name,
            package=_PACKAGES[name],
        )
    return registry.find(CatalogueEngine, name)


def held_records(
    records: Iterable[BibRecord], members: Mapping[str, str]
) -> tuple[dict[str, BibRecord], list[Problem]]:
    r"""Return the records by key, in the order of the keys; of two with one key the lesser.

    Args:
        records: The records.
        members: The library that each source belongs to.

    Raises:
        CatalogueError: A source belongs to no library.

    >>> held_records([BibRecord(source="a", identifier="1")], {"a": "A"})[0].keys()
    dict_keys(['a\t1'])
    """
    found: dict[str, BibRecord] = {}
    repeated = set()
    for record in records:
        if record.source not in members:
            raise CatalogueError(
                "the source {source!r} belongs to no library; name the library it belongs to",
                source=record.source,
            )
        key = record_key(record.source, record.identifier)
        if key in found:
            repeated.add(key)
            record = min(found[key], record, key=repr)  # noqa: PLW2901 - one of the two goes on
        found[key] = record
    return {key: found[key] for key in sorted(found)}, [
        _about(found[key], "REPEATED_RECORD", Message("several records have this identifier"))
        for key in sorted(repeated)
    ]


def number_records(
    tables: Engine, held: Mapping[str, BibRecord], members: Mapping[str, str]
) -> None:
    """Make ``records``: the number, library and match fields of each."""
    numbered = (
        (number, members[record.source], packed(match_fields(record)))
        for number, record in enumerate(held.values())
    )
    tables.source("records", maps.reader(maps.NUMBERED, numbered))


def _about(record: BibRecord, code: str, what: Message) -> Problem:
    where = Place(source=record.source, record=record.identifier)
    return Problem(code=code, where=where, what=what)


def holdings_of(
    clusters: Iterable[Cluster], held: Mapping[str, BibRecord], members: Mapping[str, str]
) -> Iterator[Holding]:
    r"""Give who holds each publication, with what each member's records say of it.

    Args:
        clusters: The publications.
        held: Their records by key; only what a holding shows need be there.
        members: The library that each source belongs to.

    >>> held = {"a\t1": BibRecord(source="a", identifier="1", call_numbers=("K 1",))}
    >>> [one.call_numbers for one in holdings_of([Cluster(id="x", records=("a\t1",))], held,
    ...                                          {"a": "A"})]
    [('K 1',)]
    """
    for one in clusters:
        by_member: defaultdict[str, list[str]] = defaultdict(list)
        for key in one.records:
            by_member[members[held[key].source]].append(key)
        for member in sorted(by_member):
            records = [held[key] for key in by_member[member]]
            yield Holding(
                cluster=one.id,
                member=member,
                records=tuple(by_member[member]),
                call_numbers=_each_once(record.call_numbers for record in records),
                links=_each_once(record.links for record in records),
            )


def _each_once(texts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for several in texts for text in several))
