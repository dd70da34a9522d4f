"""One opened consortium: settings, store and plugins, its facts, records and bills."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Self

import attrs

from libconsortium.consortium.kept_catalogue import KeptCatalogue
from libconsortium.consortium.source_records import source_records, source_rules
from libconsortium.core.buying.landed_cost import LandedCost
from libconsortium.core.catalogue.records import BibRecord
from libconsortium.core.directory.changes import Change, changes
from libconsortium.core.directory.directory import Directory
from libconsortium.core.directory.facts import Fact
from libconsortium.core.directory.strata import federation_paths
from libconsortium.core.errors import ConsortiumError
from libconsortium.core.money import Money
from libconsortium.core.office.approvals import Approval, check_open
from libconsortium.core.problems import Problem
from libconsortium.core.sharing.policies import Policy
from libconsortium.core.sharing.roll_ups import LevelSum, roll_up
from libconsortium.core.sharing.splits import Bill, Split, SplitRequest, StoredSplit
from libconsortium.documents.split_documents import paid_in, split_document
from libconsortium.harvest_steps import (
    HarvestOutcome,
    HarvestProgress,
    HarvestWatch,
    harvest_all,
    update_source,
)
from libconsortium.load_steps.facts import read_files
from libconsortium.reading_steps import ReadingRules
from libconsortium.registry import Registry
from libconsortium.settings import FILE_NAME, Settings, read_settings
from libconsortium.split_steps.dividing import divided
from libconsortium.split_steps.gathering import gathered_request
from libconsortium.split_steps.policy_file import read_policy
from libconsortium.store import Store


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

    >>> from libconsortium.testing import example_office
    >>> with example_office() as office:  # or Consortium.open("my-folder")
    ...     done = office.split("csdl-vi-du-2025", 2025)
    ...     kept = office.keep(done)
    >>> kept.version, str(done.bill.amount)
    (1, '3564912281 VND')
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

    # ------------------------------------------------------------ facts

    def directory(self) -> Directory:
        """Return every fact that is kept."""
        return self.store.directory()

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

    def keep_facts(self, facts: Iterable[Fact], *, what: str) -> None:
        """Keep facts that the office itself made, in one load; nothing if they are known.

        Args:
            facts: Approvals, adjustments, decisions, lines of the account book…
            what: What the log says of it.
        """
        listed = changes(self.directory(), Directory.of(facts))
        self.store.apply(listed, at=self.clock(), what=what)

    # ------------------------------------------------------------ records

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
                self.catalogue.gather([source.name for source in sources])
        return outcomes

    def records(self, wanted: Collection[str] | None = None) -> Iterator[BibRecord]:
        """Read the live records of the settings' sources, each by the crosswalk it needs.

        Args:
            wanted: Keys of the records to look up; all records if ``None``.
        """
        return source_records(self.settings, self.registry, self.store, wanted)

    def reading_rules(self, mapping: Path | None = None) -> dict[str, ReadingRules]:
        """Return how the records of each source are read; see ``source_rules``.

        Args:
            mapping: A mapping table to try instead of those that the settings name.
        """
        return source_rules(self.settings, self.registry, mapping)

    @property
    def catalogue(self) -> KeptCatalogue:
        """The union catalogue made of these records."""
        return KeptCatalogue(
            settings=self.settings, registry=self.registry, store=self.store, clock=self.clock
        )

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
