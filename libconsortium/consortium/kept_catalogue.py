"""The union catalogue that a consortium keeps: brought up to date, counted, shown to others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime

import attrs

from libconsortium.catalogue_steps.build import MERGE_SCORE, overlap
from libconsortium.catalogue_steps.places import place_finder
from libconsortium.catalogue_steps.training import read_weights
from libconsortium.catalogue_steps.union import shared_catalogue, union_records
from libconsortium.catalogue_steps.update import (
    CatalogueFolder,
    CatalogueOutcome,
    Gathered,
    Joining,
    gather,
    update_catalogue,
)
from libconsortium.consortium.source_records import source_records, source_rules
from libconsortium.core.catalogue.clusters import Decision
from libconsortium.core.catalogue.decisions import decision_problems, in_force
from libconsortium.core.catalogue.records import BibRecord
from libconsortium.core.catalogue.segments import ClusterChanges
from libconsortium.core.catalogue.sharing_policies import Audience
from libconsortium.core.catalogue.union import Overlap, UnionCatalogue
from libconsortium.core.catalogue.union_records import UnionRecord
from libconsortium.core.errors import CatalogueError
from libconsortium.core.messages import Message
from libconsortium.core.places.place_finding import PlaceFinder
from libconsortium.core.problems import Place, Problem
from libconsortium.reading_steps import ReadingRules
from libconsortium.registry import Registry
from libconsortium.settings import Settings
from libconsortium.store import Store

_SCOPE = "catalogue"
"""The scope under which the store keeps the catalogue's problems."""


@attrs.frozen(kw_only=True)
class KeptCatalogue:
    """The union catalogue of a consortium, as the store and the folder beside it keep it.

    Args:
        settings: What ``consortium.toml`` says of sources and catalogue.
        registry: The plugins.
        store: Where records, clusters and holdings are.
        clock: Says what moment it is.

    >>> from libconsortium.testing import example_catalogue
    >>> with example_catalogue() as office:
    ...     _ = office.harvest()
    ...     known = office.catalogue.update().run
    ...     found = office.catalogue.overlap()
    ...     news = office.catalogue.changes(since=known)
    >>> found.matrix["an-hai", "binh-minh"], found.held_by_all, news.changed
    (1, 1, ())
    """

    settings: Settings
    registry: Registry
    store: Store
    clock: Callable[[], datetime]

    # ------------------------------------------------------------ brought up to date

    def update(
        self,
        joining: Joining | None = None,
        *,
        afresh: bool = False,
        on_progress: Callable[[Message], None] | None = None,
    ) -> CatalogueOutcome:
        """Read what is new and join what it touches; the rest of the union catalogue stays.

        What cataloguers decided outranks the rule. The clusters are those that joining all
        records would give, and keep their ids.

        Args:
            joining: How records are joined; as ``joining`` says of the settings if ``None``.
            afresh: Read and join everything anew.
            on_progress: Told before each long step what is about to be done.

        Raises:
            CatalogueError: There are no records, the match rule failed, a file is damaged, or
                another process is at it.
        """
        decisions = self.store.directory().of_kind(Decision)
        with self.folder.locked():
            rules = source_rules(self.settings, self.registry)
            gathered = self._gather(rules, afresh=afresh, on_progress=on_progress)
            outcome = update_catalogue(
                self.store,
                self.registry,
                self.folder,
                self.settings.members_of_sources(),
                at=self.clock(),
                joining=joining or self.joining(),
                decisions=in_force(decisions),
                before=self.store.problems(_SCOPE),
                afresh=afresh,
                on_progress=on_progress,
            )
            if not outcome.records:
                raise CatalogueError("there are no records yet; run 'libconsortium harvest' first")
            problems = (*self._left_out(), *decision_problems(decisions), *outcome.problems)
            self.store.clear_problems(_SCOPE)
            self.store.add_problems(_SCOPE, problems)
        return attrs.evolve(outcome, gathered=gathered, problems=problems)

    def gather(self, names: Iterable[str] = ()) -> Gathered:
        """Take up into segments what was harvested since, of all sources or of those named.

        ``Consortium.harvest`` and ``update`` do it by themselves.
        """
        rules = source_rules(self.settings, self.registry)
        wanted = {source.name: rules[source.name] for source in self.settings.sources(names)}
        with self.folder.locked():
            return self._gather(wanted)

    def joining(
        self,
        *,
        engine: str = "duckdb",
        rules: str = "bibliographic",
        threshold: float | None = None,
    ) -> Joining:
        """Return how records are joined: as asked for, and as the settings say of the rest.

        Args:
            engine: Name of the catalogue engine.
            rules: Name of the match rule; the settings may name weights it has learned.
            threshold: Score from which two records are one publication; what the settings say, or
                the usual one, if ``None``.

        Raises:
            SettingsError: The file of learned weights is missing or wrong.
        """
        weights = self.settings.file.catalogue.weights
        return Joining(
            engine=engine,
            rules=rules,
            threshold=self.threshold if threshold is None else threshold,
            weights=read_weights(self.settings.path(weights), rules) if weights else None,
        )

    @property
    def threshold(self) -> float:
        """Score from which two records are one publication in this catalogue."""
        return self.settings.file.catalogue.threshold or MERGE_SCORE

    @property
    def folder(self) -> CatalogueFolder:
        """The folder of the catalogue's own files."""
        return CatalogueFolder(self.settings.catalogue_path)

    def _gather(
        self,
        rules: Mapping[str, ReadingRules],
        *,
        afresh: bool = False,
        on_progress: Callable[[Message], None] | None = None,
    ) -> Gathered:
        return gather(
            self.store,
            self.registry,
            self.folder,
            rules,
            at=self.clock(),
            afresh=afresh,
            on_progress=on_progress,
        )

    def _left_out(self) -> tuple[Problem, ...]:
        """Say which records belong to no source of the settings any more."""
        known = {source.name for source in self.settings.file.sources}
        return tuple(
            Problem(
                code="SOURCE_NOT_NAMED",
                where=Place(source=count.source),
                what=Message("{count} records are left out", count=count.live),
                advice=Message("consortium.toml names no such source any more; name it again"),
            )
            for count in self.store.record_counts()
            if count.source not in known and count.live
        )

    # ------------------------------------------------------------ as it was built last

    @property
    def is_built(self) -> bool:
        """Whether a union catalogue was built that has any publication."""
        return next(iter(self.store.clusters()), None) is not None

    def check_built(self) -> None:
        """Do nothing if there is a union catalogue.

        Raises:
            CatalogueError: None was built yet.
        """
        if not self.is_built:
            raise CatalogueError(
                "there is no union catalogue yet; run 'libconsortium cluster' first"
            )

    def changes(self, *, since: int = 0) -> ClusterChanges:
        """Return which publications are new, different or gone since a run of the catalogue.

        Args:
            since: The run that one knows: ``run`` of the last answer; 0 for none, which gives all.
        """
        return self.store.cluster_changes(since=since)

    def whole(self) -> UnionCatalogue:
        """Return all of it, whoever may see it.

        Raises:
            CatalogueError: None was built yet.
        """
        self.check_built()
        return UnionCatalogue(
            members=tuple(sorted(set(self.settings.members_of_sources().values()))),
            clusters=tuple(self.store.clusters()),
            holdings=tuple(self.store.holdings()),
            problems=self.store.problems(_SCOPE),
        )

    def seen_by(self, audience: Audience) -> UnionCatalogue:
        """Return it as far as an audience may see it.

        Raises:
            CatalogueError: None was built yet.
        """
        return shared_catalogue(
            self.whole(),
            self.settings.members_of_sources(),
            self._records,
            policies=self.settings.sharing_policies(audience),
            on=self.clock().date(),
        )

    def overlap(self, *, engine: str = "duckdb", audience: Audience = Audience.OTHERS) -> Overlap:
        """Count what the members hold in common.

        Args:
            engine: Name of the catalogue engine.
            audience: Whose eyes the figures are for. Others get none of what is not shared with
                them; the office gets all.

        Raises:
            CatalogueError: None was built yet.
        """
        return overlap(self.seen_by(audience), self.registry, engine=engine)

    def union_records(
        self, wanted: Collection[str] | None = None, *, audience: Audience = Audience.OTHERS
    ) -> Iterator[UnionRecord]:
        """Describe every publication by what its members let others see.

        Args:
            wanted: Ids of the clusters to describe; all if ``None``.
            audience: Whose eyes they are for; the office sees everything.

        Raises:
            CatalogueError: None was built yet.
        """
        self.check_built()
        clusters, records = self.store.clusters(wanted), self._records()
        if wanted is not None:
            few = tuple(clusters)
            clusters = iter(few)
            records = self._records({key for one in few for key in one.records})
        return union_records(
            clusters,
            records,
            self.settings.members_of_sources(),
            sharing=self.settings.sharing_policies(audience),
            priority=self.settings.file.catalogue.priority,
            on=self.clock().date(),
        )

    def place_finder(self) -> PlaceFinder | None:
        """Return what finds the provinces that records speak of; ``None`` if nothing is to be."""
        places = self.settings.file.catalogue.places
        return place_finder(self.registry, places, self.settings.folder)

    def _records(self, wanted: Collection[str] | None = None) -> Iterator[BibRecord]:
        return source_records(self.settings, self.registry, self.store, wanted)
