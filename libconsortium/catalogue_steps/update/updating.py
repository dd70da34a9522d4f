"""Brings the union catalogue of a store up to date: only what changed is joined anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import attrs

from libconsortium.catalogue_steps.build import (
    BLOCK_CAP,
    CLASH_SCORE,
    MERGE_SCORE,
    catalogue_engine,
    holdings_of,
    weighed_rule,
)
from libconsortium.catalogue_steps.telling import Tell, telling
from libconsortium.catalogue_steps.update.current import CurrentRecords
from libconsortium.catalogue_steps.update.delta import Change, Comparing, Delta, Joined
from libconsortium.catalogue_steps.update.folder import CatalogueFolder
from libconsortium.catalogue_steps.update.gathering import Gathered
from libconsortium.catalogue_steps.update.state import (
    CatalogueState,
    decided,
    no_state,
    read_state,
    write_state,
)
from libconsortium.catalogue_steps.update.versions import joined_by
from libconsortium.core.catalogue.cluster_ids import ClusterIds, cluster_ids
from libconsortium.core.catalogue.clusters import Cluster, Decision
from libconsortium.core.catalogue.matching import record_key
from libconsortium.core.catalogue.segments import CatalogueRun, CatalogueUpdate, NamedRecord
from libconsortium.core.problems import Problem
from libconsortium.registry import Registry
from libconsortium.store import Store

_CROWDED = "CLUSTER_TOO_LARGE"
_TOLD = frozenset({_CROWDED, "BLOCK_TOO_LARGE", "DECISION_WITHOUT_RECORD"})


@attrs.frozen(kw_only=True)
class Joining:
    """How the records of the catalogue are joined.

    Args:
        engine: Name of the catalogue engine.
        rules: Name of the match rule.
        threshold: Score from which two records are one publication.
        block_cap: Records that may share one key and still all be compared.
        weights: Learned weights of the match rule; those it came with if ``None``.
    """

    engine: str = "duckdb"
    rules: str = "bibliographic"
    threshold: float = MERGE_SCORE
    block_cap: int = BLOCK_CAP
    weights: Mapping[str, float] | None = None


@attrs.frozen(kw_only=True)
class CatalogueOutcome:
    """What an update of the union catalogue did.

    Args:
        run: Number of the run; that of the last one if nothing was different.
        records: Records in the catalogue.
        touched: Records that were new, different, compared again or decided about.
        joined: Records whose clusters were looked at anew.
        changed: Clusters that are new or different.
        ended: Ids that are no longer in use.
        is_rebuilt: Everything was joined anew: the first time, or by another rule.
        gathered: What was taken up into segments.
        problems: What was left uncompared, and decisions about records that are gone.
    """

    run: int
    records: int
    touched: int = 0
    joined: int = 0
    changed: int = 0
    ended: int = 0
    is_rebuilt: bool = False
    gathered: Gathered = Gathered()  # noqa: RUF009 - a frozen value
    problems: tuple[Problem, ...] = ()


def update_catalogue(  # noqa: PLR0913 - where it is, then what it depends on
    store: Store,
    registry: Registry,
    folder: CatalogueFolder,
    members: Mapping[str, str],
    *,
    at: datetime,
    joining: Joining = Joining(),
    decisions: Iterable[Decision] = (),
    before: Iterable[Problem] = (),
    afresh: bool = False,
    on_progress: Tell | None = None,
) -> CatalogueOutcome:
    """Bring the union catalogue up to what the segments hold; the folder must be locked.

    The clusters are those that joining everything would give; their ids stay as they were.

    Args:
        store: Where the catalogue and the ledger of segments are.
        registry: Where engine and match rule are found.
        folder: Where the segments are, and what the last run left.
        members: The library that each source belongs to; records of other sources are left out.
        at: The moment.
        joining: How records are joined; when it differs from last time all are joined anew.
        decisions: What cataloguers decided and did not take back; outranks the rule.
        before: The problems that the last run told.
        afresh: Join everything anew.
        on_progress: Told before each long step what is about to be done.

    Raises:
        CatalogueError: The match rule failed, or a file is damaged.
        UnknownNameError: No plugin gives the engine or the rule.
        MissingExtraError: The engine's packages are not installed.
        StoreError: Another process was quicker.

    >>> from libconsortium.testing import example_catalogue
    >>> with example_catalogue() as office:
    ...     _ = office.harvest()
    ...     folder, members = office.catalogue.folder, office.settings.members_of_sources()
    ...     with folder.locked():
    ...         update_catalogue(
    ...             office.store, office.registry, folder, members, at=office.clock()
    ...         ).changed
    3
    """
    comparing, made = _comparing(joining, registry)
    last = store.catalogue_run()
    state = no_state() if afresh or last is None else read_state(folder, last.state, made)
    current = CurrentRecords.of(folder, store.segments(), members)
    counted = tuple(decisions)
    tables = telling(catalogue_engine(registry, joining.engine).start(), on_progress)
    try:
        change = Change(decisions=counted, moved=_moved(current, state, members))
        found = Delta(tables, current, state, comparing).joined(change)
    finally:
        tables.close()
    number = last.number if last else 0
    if found is None:
        same = tuple(one for one in before if one.code in _TOLD)
        return CatalogueOutcome(run=number, records=current.count, problems=same)
    left = CatalogueState(
        records=found.records,
        keys=found.keys,
        compared=found.compared,
        unsure=found.unsure,
        joined_by=made,
        members=members,
        decisions=decided(counted),
    )
    run = CatalogueRun(number=number + 1, at=at, state=write_state(folder, left))
    is_rebuilt = state.records.num_rows == 0
    outcome = _keep(store, current, found, run, is_rebuilt=is_rebuilt)
    folder.sweep({*run.state.split(), *(one.name for one in store.segments())})
    return attrs.evolve(outcome, problems=(*found.problems, *_still(before, found, current)))


def kept_pairs(
    store: Store, registry: Registry, folder: CatalogueFolder, joining: Joining
) -> Iterator[KeptPair] | None:
    """Give the pairs that the last run compared and kept, by their keys; ``None`` if none can be.

    Those from a score of 0.05 on that no guard forbids are kept. They cannot be had when nothing
    was joined yet, or when records were joined in another way.

    Args:
        store: Where the ledger is.
        registry: Where the match rule is found.
        folder: What the last run left.
        joining: How records are joined.
    """
    _, made = _comparing(joining, registry)
    last = store.catalogue_run()
    if last is None:
        return None
    state = read_state(folder, last.state, made)
    return _kept(state) if state.records.num_rows else None


def _kept(state: CatalogueState) -> Iterator[KeptPair]:
    keys = state.records.column("key")
    for table in (state.compared, state.unsure):
        for some in table.to_batches(max_chunksize=_PAIRS_AT_ONCE):
            sides = (keys.take(some.column(side)).to_pylist() for side in ("l", "r"))
            rest = (some.column(name).to_pylist() for name in ("score", "reasons", "rule"))
            yield from zip(*sides, *rest, strict=True)


_PAIRS_AT_ONCE = 50_000
KeptPair = tuple[str, str, float, str, str]
"""Two keys, score, reasons as JSON and the rule."""


def _comparing(joining: Joining, registry: Registry) -> tuple[Comparing, str]:
    """Return how records are compared, and the version of everything that decides about it."""
    rule = weighed_rule(registry, joining.rules, joining.weights)
    clash = min(CLASH_SCORE, joining.threshold)
    comparing = Comparing(
        rule=rule, threshold=joining.threshold, block_cap=joining.block_cap, clash=clash
    )
    return comparing, joined_by(rule, joining.threshold, joining.block_cap, clash)


def _moved(current: CurrentRecords, state: CatalogueState, members: Mapping[str, str]) -> list[int]:
    """Return the records whose source belongs to another library than last time."""
    moved = {name for name, member in members.items() if state.members.get(name, member) != member}
    return current.of_sources(frozenset(moved))


def _keep(
    store: Store, current: CurrentRecords, found: Joined, run: CatalogueRun, *, is_rebuilt: bool
) -> CatalogueOutcome:
    keys = [key for one in found.clusters for key in one.records]
    before = tuple(store.named_records(None if is_rebuilt else [*keys, *found.gone]))
    taken = () if is_rebuilt else store.live_clusters(keys)
    ids = cluster_ids([one.records for one in found.clusters], before, run=run.number, taken=taken)
    changed = _changed(found, ids, before)
    update = CatalogueUpdate(
        number=run.number, at=run.at, state=run.state, origins=ids.origins, ended=ids.ended
    )
    held = current.holdings(key for one in changed for key in one.records)
    store.change_clusters(update, changed, holdings_of(changed, held, current.members))
    return CatalogueOutcome(
        run=run.number,
        records=current.count,
        touched=len(found.touched),
        joined=len(keys),
        changed=len(changed),
        ended=len(ids.ended),
        is_rebuilt=is_rebuilt,
    )


def _changed(found: Joined, ids: ClusterIds, before: Iterable[NamedRecord]) -> tuple[Cluster, ...]:
    """Return the clusters that are new, have other records, or one that was touched."""
    known: defaultdict[str, set[str]] = defaultdict(set)
    for one in before:
        known[one.cluster].add(one.record)
    return tuple(
        attrs.evolve(one, id=name)
        for one, name in zip(found.clusters, ids.ids, strict=True)
        if known[name] != set(one.records) or not found.touched.isdisjoint(one.records)
    )


def _still(before: Iterable[Problem], found: Joined, current: CurrentRecords) -> Iterator[Problem]:
    """Give the problems of large components that this run did not look at."""
    crowded = [one for one in before if one.code == _CROWDED]
    if not crowded:
        return
    looked_at = {key for one in found.clusters for key in one.records}
    keys = frozenset(current.keys())
    for one in crowded:
        key = record_key(one.where.source, one.where.record)
        if key in keys and key not in looked_at:
            yield one
