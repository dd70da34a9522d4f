"""A consortium: settings, store and plugins, and the steps of the work in one direction."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import TYPE_CHECKING, Self

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
from libconsortium.core.buying.landed_cost import LandedCost
from libconsortium.core.catalogue.clusters import Decision
from libconsortium.core.catalogue.decisions import decision_problems, in_force
from libconsortium.core.catalogue.mappings import FieldMapping
from libconsortium.core.catalogue.place_finding import PlaceFinder
from libconsortium.core.catalogue.records import BibRecord
from libconsortium.core.catalogue.segments import ClusterChanges
from libconsortium.core.catalogue.sharing_policies import Audience
from libconsortium.core.catalogue.union import Overlap, UnionCatalogue
from libconsortium.core.catalogue.union_records import UnionRecord
from libconsortium.core.directory.changes import Change, changes
from libconsortium.core.directory.directory import Directory
from libconsortium.core.directory.strata import federation_paths
from libconsortium.core.errors import (
    CatalogueError,
    ConsortiumError,
)
from libconsortium.core.harvest.sources import HarvestSource
from libconsortium.core.messages import Message
from libconsortium.core.money import Money
from libconsortium.core.office.approvals import Approval, check_open
from libconsortium.core.problems import Place, Problem
from libconsortium.core.sharing.policies import Policy
from libconsortium.core.sharing.roll_ups import LevelSum, roll_up
from libconsortium.core.sharing.splits import Bill, Split, SplitRequest
from libconsortium.documents.split_documents import paid_in, split_document
from libconsortium.harvest_steps import (
    HarvestOutcome,
    HarvestProgress,
    HarvestWatch,
    harvest_all,
    update_source,
)
from libconsortium.load_steps.facts import read_files
from libconsortium.reading_steps import ReadingRules, read_mapping, read_records, reading_rules
from libconsortium.registry import Registry
from libconsortium.settings import FILE_NAME, Settings, read_settings
from libconsortium.split_steps.dividing import divided
from libconsortium.split_steps.gathering import gathered_request
from libconsortium.split_steps.policy_file import read_policy

if TYPE_CHECKING:
    from libconsortium.store import Store, StoredSplit

_CATALOGUE = "catalogue"


@attrs.frozen(kw_only=True)
class Preview:
    """What files of facts would change, before anything is written.

    Args:
        changes: What happens to each fact that the files speak of.
        problems: What is wrong with the files; rows with an error are not among the changes.
    """

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]


def now() -> datetime:
    """Return the present moment (UTC); the only clock the steps of the work are given."""
    return datetime.now(UTC)


class Consortium:
    """Settings, store and plugins of one federation, and what can be done with them.

    Args:
        settings: What ``consortium.toml`` says.
        registry: The plugins.
        clock: Says what moment it is; tests give their own.
    """

    def __init__(
        self,
        settings: Settings,
        registry: Registry | None = None,
        *,
        clock: Callable[[], datetime] = now,
    ) -> None:
        """Keep the parts; the store is opened when it is first used."""
        self.settings = settings
        self.registry = registry or Registry()
        self.clock = clock

    @classmethod
    def open(cls, folder: Path | str, *, without: Iterable[str] = ()) -> Consortium:
        """Open the consortium of a folder.

        Args:
            folder: The folder with ``consortium.toml``.
            without: Names of plugins to leave out.

        Raises:
            SettingsError: The file is missing or wrong; the message names file, line and field.
        """
        return cls(read_settings(Path(folder) / FILE_NAME), Registry(without=without))

    def __enter__(self) -> Self:
        """Return the consortium."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the store."""
        self.close()

    @cached_property
    def store(self) -> Store:
        """The store, opened (and made or upgraded) when first used."""
        address = self.settings.store_address
        return self.registry.store_for(address.partition(":")[0].partition("+")[0]).open(address)

    def close(self) -> None:
        """Close the store if it was opened."""
        if "store" in self.__dict__:
            self.store.close()

    def directory(self) -> Directory:
        """Return every fact that is kept."""
        return self.store.directory()

    # ------------------------------------------------------------ facts

    def preview(self, files: Sequence[Path], *, removing: bool = False) -> Preview:
        """Read files of facts and say what they would change; nothing is written.

        Args:
            files: Files and folders; see ``read_files``.
            removing: Facts that the files do not hold are to be removed.
        """
        facts, problems = read_files(files)
        before = self.directory()
        listed = changes(before, Directory.of(facts), removing=removing)
        return Preview(changes=listed, problems=problems)

    def apply(self, listed: Iterable[Change], *, sources: Iterable[Path]) -> None:
        """Write the changes of a preview into the store and its log.

        Args:
            listed: The changes.
            sources: The files they came from.
        """
        names = [str(path) for path in sources]
        self.store.apply(listed, at=self.clock(), what=", ".join(names), sources=names)

    # ------------------------------------------------------------ harvest

    def harvest(
        self,
        names: Iterable[str] = (),
        *,
        on_progress: Callable[[HarvestProgress], None] = lambda _: None,
        stop: Event | None = None,
        seconds: float | None = None,
        harvest: Callable[..., HarvestOutcome] = update_source,
    ) -> tuple[HarvestOutcome, ...]:
        """Harvest the sources of the settings, all or those named, into the store.

        Args:
            names: Names of sources; all if there are none.
            on_progress: Called after every page, from several threads.
            stop: When it is set, all end after their present page.
            seconds: Each ends after so many seconds; ``None`` for no limit.
            harvest: Harvests one source, or compares it.

        Returns:
            One outcome a source.
        """
        sources, stop = self.settings.sources(names), stop or Event()
        outcomes = harvest_all(
            sources,
            self.store,
            self.registry,
            HarvestWatch(clock=self.clock, on_progress=on_progress, stop=stop, seconds=seconds),
            harvest,
        )
        # Who is in a hurry reads later. With a server many machines may harvest; the one that
        # keeps the catalogue reads then.
        may_read = self.settings.store_address.startswith("sqlite") and seconds is None
        if may_read and not stop.is_set():
            # What cannot be read now is read with the catalogue, which says why it cannot.
            with suppress(ConsortiumError):
                self.gather([source.name for source in sources])
        return outcomes

    # ------------------------------------------------------------ catalogue

    def records(self, wanted: Collection[str] | None = None) -> Iterator[BibRecord]:
        """Read the live records of the settings' sources, each by the crosswalk it needs.

        Args:
            wanted: Keys of the records to look up; all records if ``None``.
        """
        rules = self.reading_rules()
        named: dict[str, list[str]] = {}
        for key in wanted or ():
            name, _, identifier = key.partition("\t")
            named.setdefault(name, []).append(identifier)
        for source in self.settings.file.sources:
            some = None if wanted is None else named.get(source.name, ())
            yield from read_records(
                self.store, self.registry, source=source.name, rules=rules, identifiers=some
            )

    def reading_rules(self, mapping: Path | None = None) -> dict[str, ReadingRules]:
        """Return how the records of each source are read: what is repaired, what is mapped.

        Args:
            mapping: A mapping table to try instead of those that the settings name.

        Raises:
            SettingsError: A mapping table is wrong; the message names file, line and field.
            UnknownNameError: No plugin gives a repair that the settings name.
        """
        tried = read_mapping(mapping, self.registry) if mapping else None
        return {
            source.name: reading_rules(
                self.registry, source.repairs, tried or self._mapping(source)
            )
            for source in self.settings.file.sources
        }

    def _mapping(self, source: HarvestSource) -> FieldMapping | None:
        if not source.mapping:
            return None
        return read_mapping(self.settings.path(source.mapping), self.registry)

    def update_catalogue(
        self,
        *,
        engine: str = "duckdb",
        rules: str = "bibliographic",
        threshold: float | None = None,
        afresh: bool = False,
        on_progress: Callable[[Message], None] | None = None,
    ) -> CatalogueOutcome:
        """Read what is new and join what it touches; the rest of the union catalogue stays.

        What cataloguers decided outranks the rule. The clusters are those that joining all
        records would give, and keep their ids.

        Args:
            engine: Name of the catalogue engine.
            rules: Name of the match rule.
            threshold: Score from which two records are one publication; what the settings say, or
                the usual one, if ``None``.
            afresh: Read and join everything anew.
            on_progress: Told before each long step what is about to be done.

        Raises:
            CatalogueError: There are no records, the match rule failed, a file is damaged, or
                another process is at it.
        """
        decisions = self.directory().of_kind(Decision)
        with self._catalogue_folder().locked():
            gathered = self._gather(self.reading_rules(), afresh=afresh, on_progress=on_progress)
            outcome = update_catalogue(
                self.store,
                self.registry,
                self._catalogue_folder(),
                self.settings.members_of_sources(),
                at=self.clock(),
                joining=Joining(
                    engine=engine,
                    rules=rules,
                    threshold=self.threshold if threshold is None else threshold,
                    weights=self.weights(rules),
                ),
                decisions=in_force(decisions),
                before=self.store.problems(_CATALOGUE),
                afresh=afresh,
                on_progress=on_progress,
            )
            if not outcome.records:
                raise CatalogueError("there are no records yet; run 'libconsortium harvest' first")
            told = (*self._left_out(), *decision_problems(decisions))
            problems = (*told, *outcome.problems)
            self.store.clear_problems(_CATALOGUE)
            self.store.add_problems(_CATALOGUE, problems)
        return attrs.evolve(outcome, gathered=gathered, problems=problems)

    def gather(self, names: Iterable[str] = ()) -> Gathered:
        """Take up into segments what was harvested since, of all sources or of those named.

        ``harvest`` and ``update_catalogue`` do it by themselves.
        """
        rules = self.reading_rules()
        wanted = {source.name: rules[source.name] for source in self.settings.sources(names)}
        with self._catalogue_folder().locked():
            return self._gather(wanted, afresh=False)

    def _gather(
        self,
        rules: Mapping[str, ReadingRules],
        *,
        afresh: bool,
        on_progress: Callable[[Message], None] | None = None,
    ) -> Gathered:
        folder = self._catalogue_folder()
        return gather(
            self.store,
            self.registry,
            folder,
            rules,
            at=self.clock(),
            afresh=afresh,
            on_progress=on_progress,
        )

    def _catalogue_folder(self) -> CatalogueFolder:
        return CatalogueFolder(self.settings.catalogue_path)

    def changed_clusters(self, *, since: int = 0) -> ClusterChanges:
        """Return which publications are new, different or gone since a run of the catalogue.

        Args:
            since: The run that one knows: ``run`` of the last answer; 0 for none, which gives all.
        """
        return self.store.cluster_changes(since=since)

    def catalogue(self) -> UnionCatalogue:
        """Return the union catalogue that was built last.

        Raises:
            CatalogueError: None was built yet.
        """
        self.needs_catalogue()
        return UnionCatalogue(
            members=tuple(sorted(set(self.settings.members_of_sources().values()))),
            clusters=tuple(self.store.clusters()),
            holdings=tuple(self.store.holdings()),
            problems=self.store.problems(_CATALOGUE),
        )

    def union_records(
        self, wanted: Collection[str] | None = None, *, audience: Audience = Audience.OTHERS
    ) -> Iterator[UnionRecord]:
        """Describe every publication of the union catalogue by what its members let others see.

        Args:
            wanted: Ids of the clusters to describe; all if ``None``.
            audience: Whose eyes they are for; the office sees everything.

        Raises:
            CatalogueError: No union catalogue was built yet.
        """
        self.needs_catalogue()
        rules = self.settings.file.catalogue
        clusters = self.store.clusters(wanted)
        records = self.records()
        if wanted is not None:
            few = tuple(clusters)
            clusters, records = iter(few), self.records({key for one in few for key in one.records})
        return union_records(
            clusters,
            records,
            self.settings.members_of_sources(),
            sharing=self.settings.sharing_policies(audience),
            priority=rules.priority,
            on=self.clock().date(),
        )

    def place_finder(self) -> PlaceFinder | None:
        """Return what finds the provinces that records speak of; ``None`` if nothing is to be."""
        places = self.settings.file.catalogue.places
        return place_finder(self.registry, places, self.settings.folder)

    def needs_catalogue(self) -> None:
        """Do nothing if there is a union catalogue.

        Raises:
            CatalogueError: None was built yet.
        """
        if not self.has_catalogue:
            raise CatalogueError(
                "there is no union catalogue yet; run 'libconsortium cluster' first"
            )

    @property
    def has_catalogue(self) -> bool:
        """Whether a union catalogue was built that has any publication."""
        return next(iter(self.store.clusters()), None) is not None

    def overlap(self, *, engine: str = "duckdb", audience: Audience = Audience.OTHERS) -> Overlap:
        """Count what the members hold in common, in the union catalogue that was built last.

        Args:
            engine: Name of the catalogue engine.
            audience: Whose eyes the figures are for. Others get none of what is not shared with
                them; the office gets all.
        """
        return overlap(self.seen_catalogue(audience), self.registry, engine=engine)

    def seen_catalogue(self, audience: Audience = Audience.OTHERS) -> UnionCatalogue:
        """Return the union catalogue that was built last, as far as an audience may see it."""
        return shared_catalogue(
            self.catalogue(),
            self.settings.members_of_sources(),
            self.records,
            policies=self.settings.sharing_policies(audience),
            on=self.clock().date(),
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

    @property
    def threshold(self) -> float:
        """Score from which two records are one publication in this catalogue."""
        return self.settings.file.catalogue.threshold or MERGE_SCORE

    def weights(self, rules: str = "bibliographic") -> dict[str, float] | None:
        """Return the learned weights of a match rule that the settings name; ``None`` if none.

        Args:
            rules: Name of the match rule.

        Raises:
            SettingsError: The file is missing or wrong.
        """
        named = self.settings.file.catalogue.weights
        return read_weights(self.settings.path(named), rules) if named else None

    # ------------------------------------------------------------ costs

    def bill(self, subscription: str, year: int) -> tuple[Bill, LandedCost | None]:
        """Return what has to be paid for a subscription in a year.

        Returns:
            The bill, and how a foreign quote became its amount (``None`` if the amount is given).

        Raises:
            UnknownNameError: The settings have no such bill.
        """
        amount, landed = self.settings.bill(subscription, year).cost()
        return Bill(amount=amount, subscription=subscription, year=year), landed

    def split(self, subscription: str, year: int, *, policy: Path | None = None) -> Split:
        """Divide the bill of a subscription and year over the libraries that take part.

        Args:
            subscription: Id of the subscription.
            year: The year.
            policy: Another policy file than the settings name.

        Raises:
            SplitError: Nobody takes part, or a figure is missing; the message names the library.
        """
        return divided(self.request(subscription, year, policy=policy), self.registry)

    def request(
        self,
        subscription: str,
        year: int,
        *,
        policy: Path | Policy | None = None,
        also: Iterable[Policy] = (),
    ) -> SplitRequest:
        """Gather everything that the split of a bill depends on.

        Args:
            subscription: Id of the subscription.
            year: The year.
            policy: Another policy, or policy file, than the settings name.
            also: Other policies whose figures are needed, for comparing.

        Raises:
            SplitError: Nobody takes part, or a figure is only approximate.
            UnknownNameError: The settings have no such bill, or no such subscription is loaded.
        """
        wanted = self.settings.bill(subscription, year)
        rules = (
            policy
            if isinstance(policy, Policy)
            else read_policy(policy or self.settings.path(wanted.policy), self.registry)
        )
        return gathered_request(
            self.directory(),
            self.bill(subscription, year)[0],
            rules,
            on=wanted.day,
            federation=self.settings.file.consortium.federation,
            last_year=self._paid(subscription, year - 1),
            also=also,
        )

    def by_federation(self, done: Split) -> LevelSum:
        """Add up what the members of a split pay, federation by federation.

        Every level adds up exactly: it is the sum of the whole amounts of those inside it.

        Args:
            done: The split of a bill of the settings.

        Raises:
            SplitError: Nobody pays anything.
        """
        federation = self.settings.file.consortium.federation
        day = self.settings.bill(done.bill.subscription, done.bill.year).day
        amounts = {member: share.amount for member, share in done.shares.items()}
        paths = federation_paths(self.directory(), amounts, federation, on=day)
        return roll_up(federation or self.settings.file.consortium.name, amounts, paths)

    def names(self, done: Split) -> dict[str, str]:
        """Return the names of the members of a split, as they were in its year."""
        return self.names_of(done.bill.subscription, done.bill.year, done.shares)

    def names_of(
        self, subscription: str, year: int, members: Iterable[str], language: str = ""
    ) -> dict[str, str]:
        """Return the names of members as they are on the day of a bill.

        Args:
            subscription: Id of the subscription.
            year: The year.
            members: Their ids.
            language: Language of the names; the consortium's own if empty.
        """
        directory = self.directory()
        day = self.settings.bill(subscription, year).day
        language = language or self.settings.file.consortium.language
        return {member: directory.name_of(member, on=day, language=language) for member in members}

    def keep(self, done: Split) -> StoredSplit:
        """Keep a split in the store as the next version of its subscription and year.

        Raises:
            ClosedYearError: The settlement of that year was approved.
        """
        bill = done.bill
        check_open(
            one
            for one in self.directory().of_kind(Approval)
            if (one.subscription, one.year) == (bill.subscription, bill.year)
        )
        return self.store.save_split(
            bill.subscription,
            bill.year,
            document=json.dumps(split_document(done), ensure_ascii=False, sort_keys=True),
            input_hash=done.input_hash,
            at=self.clock(),
        )

    def _paid(self, subscription: str, year: int) -> dict[str, Money]:
        kept = self.store.splits(subscription, year)
        return paid_in(json.loads(kept[-1].document)) if kept else {}
