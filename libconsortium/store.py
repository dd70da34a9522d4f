"""What a store keeps and how it is asked: the protocol every store plugin fulfils.

A store keeps facts (with a log of every load, so that the last one can be undone), harvest pages
as received with the records read from them, the union catalogue, and the splits. Every method
that writes does so in one transaction; the moment of writing is given by the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

from libconsortium.core.catalogue.clusters import Cluster
from libconsortium.core.catalogue.holdings import Holding
from libconsortium.core.catalogue.records import RawRecord
from libconsortium.core.catalogue.segments import (
    CatalogueRun,
    CatalogueUpdate,
    ClusterChanges,
    NamedRecord,
    Segment,
    StoredRecord,
)
from libconsortium.core.directory.changes import Change, Load
from libconsortium.core.directory.directory import Directory
from libconsortium.core.harvest.pages import Compaction, HarvestPage, HarvestRequest, Quarantined
from libconsortium.core.harvest.runs import (
    Checkpoint,
    HarvestCounts,
    HarvestRun,
    RecordCount,
    RunStatus,
)
from libconsortium.core.messages import Message
from libconsortium.core.problems import Problem
from libconsortium.core.sharing.splits import StoredSplit


class Store(Protocol):
    """Everything that is kept; opened by a ``StoreBackend`` at an address.

    Every method raises ``StoreError`` when the store cannot be read or written. Threads may
    share a store.
    """

    @property
    def address(self) -> str:
        """The address it was opened at, without its password."""

    def remarks(self) -> tuple[Problem, ...]:
        """Return what an operator should know about this store; empty when all is well."""

    def close(self) -> None:
        """Give back files and connections."""

    # ------------------------------------------------------------ facts

    def directory(self) -> Directory:
        """Return every fact that holds, as one directory."""

    def apply(
        self,
        changes: Iterable[Change],
        *,
        at: datetime,
        what: str,
        sources: Iterable[str] = (),
    ) -> Load | None:
        """Make changes to the facts and write them into the log; all of them or none.

        Args:
            changes: What to add, change and remove, as ``changes`` computes them.
            at: When this happens.
            what: What it is, for the log.
            sources: The files it came from.

        Returns:
            The load, or ``None`` if there was nothing to change.

        Raises:
            StoreError: A fact is no longer what the changes were computed from.
        """

    def loads(self) -> tuple[Load, ...]:
        """Return the log of loads, the first one first."""

    def undo(self, *, at: datetime) -> Load:
        """Take back the last load that is not taken back yet; the log keeps both.

        Raises:
            StoreError: There is none.
        """

    # ------------------------------------------------------------ harvest

    def start_run(self, request: HarvestRequest, *, started: datetime) -> HarvestRun:
        """Begin a harvest run; one source has one running run at a time.

        A run left behind by a dead process of this machine is closed as interrupted first.

        Raises:
            StoreError: The source is being harvested already; the message says since when.
        """

    def resume_run(self, number: int, *, started: datetime) -> HarvestRun:
        """Open an unfinished run again, so that it can be continued at its checkpoint.

        Raises:
            StoreError: The source is being harvested already, or the run is complete.
        """

    def add_page(self, number: int, page: HarvestPage, *, token_in: str = "") -> HarvestCounts:
        """Keep one page as received and the records read from it, in one transaction.

        Args:
            number: The run's number.
            page: The page.
            token_in: The resumption token it was asked for with; empty for the first page.

        Returns:
            What became of the page's records.

        Raises:
            StoreError: The run is not running (any more), or has this page already.
        """

    def finish_run(
        self,
        number: int,
        *,
        status: RunStatus,
        finished: datetime,
        reason: Message = Message(""),  # noqa: B008 - a frozen value
        watermark: str = "",
    ) -> HarvestRun:
        """Close a run and free its source.

        Raises:
            StoreError: The run is not running.
        """

    def release(self, source: str, *, at: datetime) -> bool:
        """Free a source whose run hangs on a machine that is gone; say whether it was taken.

        The run is closed as interrupted.
        """

    def drop_source(self, source: str, *, at: datetime) -> int:
        """Make tombstones of the live records of a source, and return how many.

        They keep their bytes. A run tells of it, so that what is built from records changes too.

        Raises:
            StoreError: The source was never harvested, or is being harvested now.
        """

    def restore_source(self, source: str, *, at: datetime) -> int:
        """Make live records of the tombstones that ``drop_source`` made; return how many.

        Raises:
            StoreError: The source was never harvested, or is being harvested now.
        """

    def last_run(self, source: str, *, status: RunStatus | None = None) -> HarvestRun | None:
        """Return the last run of a source, or its last run of a status; ``None`` if none."""

    def runs(self, source: str | None = None) -> tuple[HarvestRun, ...]:
        """Return all runs, or those of one source, the first one first."""

    def checkpoint(self, source: str) -> Checkpoint | None:
        """Return where the last run of a source can go on; ``None`` if it ended or never began."""

    def pages(self, number: int) -> Iterator[HarvestPage]:
        """Give the pages of a run as received, in order; their ``records`` are left empty."""

    def records(
        self,
        source: str | None = None,
        *,
        deleted: bool = False,
        since: str = "",
        identifiers: Collection[str] | None = None,
    ) -> Iterator[RawRecord]:
        """Give records one by one, by source and page, without holding them all.

        Args:
            source: Only this source; all if ``None``.
            deleted: Give the tombstones too.
            since: Only records with this datestamp or a later one; empty for all.
            identifiers: Only the source's records with these, looked up; all if ``None``.
        """

    def record_changes(
        self, source: str, *, since: int = 0, share: tuple[int, int] = (0, 1)
    ) -> Iterator[StoredRecord]:
        """Give the records of a source that a run changed, tombstones too, page by page.

        Args:
            source: The source.
            since: Number of the first run that counts; 0 for all records.
            share: Which share of the pages, from 0, and how many shares there are; together the
                shares have every record once.
        """

    def record_counts(
        self, source: str | None = None, *, since: str = "", until: str = ""
    ) -> tuple[RecordCount, ...]:
        """Return how many records each source has, by source.

        Args:
            source: Only this source; all if ``None``.
            since: Only records with this datestamp or a later one; empty for all.
            until: Only records with this datestamp or an earlier one; empty for all.
        """

    def compact(self, on_progress: Callable[[Compaction], object] | None = None) -> Compaction:
        """Pack the bytes of pages as small as they go; every one is proved to be as received.

        It may be stopped at any moment and begun again; harvests may go on meanwhile.

        Args:
            on_progress: Called now and then with what is done so far.
        """

    def check_pages(self) -> Compaction:
        """Unpack the bytes of every page and compare them with their hash; change nothing."""

    def newest(self, source: str) -> str:
        """Return the latest datestamp among a source's records; empty if it has none."""

    def around(self, source: str, datestamp: str, count: int) -> tuple[str, str]:
        """Return two datestamps of a source's records between which few others lie.

        Args:
            source: The source's name.
            datestamp: One between both.
            count: How many records lie between it and each of them, both included.
        """

    def match_headers(self, number: int, headers: Collection[RawRecord]) -> tuple[RawRecord, ...]:
        """Compare listed headers with what is stored; mark the records as listed in the run.

        Args:
            number: The run's number.
            headers: Records without content, as a list of identifiers gives them.

        Returns:
            The headers whose present state the store does not have. What the same run received
            counts as present whatever its datestamp, and so does a record the source withheld.
        """

    def not_received(self, number: int, headers: Iterable[RawRecord]) -> tuple[RawRecord, ...]:
        """Return those headers whose records a run has not received, whole or broken.

        Args:
            number: The run's number.
            headers: Records without content.
        """

    def unlisted(self, number: int) -> Iterator[RawRecord]:
        """Give the live records of a run's source that its lists of identifiers did not have."""

    def quarantine(self, source: str | None = None) -> tuple[Quarantined, ...]:
        """Return what is in quarantine, of one source or of all; the first to come first.

        A record leaves the quarantine when ``add_page`` keeps it.
        """

    def add_to_quarantine(self, number: int, items: Iterable[Quarantined]) -> None:
        """Put records into quarantine that came on no page of the run."""

    def clear_quarantine(self, source: str, *, is_named: bool) -> int:
        """Forget the records in quarantine that have an identifier, or those that have none."""

    def add_problems(self, scope: str, problems: Iterable[Problem]) -> int:
        """Keep problems under a scope (``harvest:tlu``, ``catalogue``); return how many."""

    def problems(self, scope: str | None = None, code: str | None = None) -> tuple[Problem, ...]:
        """Return the problems of a scope, or of all, in the order they were kept.

        Args:
            scope: Under which they are kept.
            code: Only those with this one.
        """

    def clear_problems(self, scope: str) -> int:
        """Forget the problems of a scope before it is looked at again; return how many."""

    # ------------------------------------------------------------ catalogue and splits

    def segments(self) -> tuple[Segment, ...]:
        """Return the ledger of segments, by source, batch and name."""

    def change_segments(self, added: Iterable[Segment], removed: Iterable[str] = ()) -> None:
        """Enter segments into the ledger and strike others, by name; all of it or nothing."""

    def catalogue_run(self) -> CatalogueRun | None:
        """Return the last run that brought the union catalogue up to date; ``None`` if none."""

    def change_clusters(
        self,
        update: CatalogueUpdate,
        clusters: Iterable[Cluster],
        holdings: Iterable[Holding],
    ) -> CatalogueRun:
        """Bring the union catalogue up to date, in one transaction; the rest stays as it is.

        Args:
            update: The run, where new ids come from, and which ids ended.
            clusters: Every cluster that is new or different.
            holdings: All holdings of those clusters.

        Returns:
            The run as it was kept.

        Raises:
            StoreError: Another run was quicker.
        """

    def named_records(self, records: Collection[str] | None = None) -> Iterator[NamedRecord]:
        """Give the clusters that records are in, of all records or of those named by key."""

    def live_clusters(self, ids: Collection[str]) -> frozenset[str]:
        """Return those of the ids that a cluster has at present."""

    def cluster_changes(self, *, since: int = 0) -> ClusterChanges:
        """Return which clusters are new, different or gone since a run.

        Args:
            since: The run up to which one knows; 0 for none, which gives every cluster.
        """

    def cluster_now(self, cluster: str) -> str | None:
        """Return the id under which the records of a cluster are found now.

        Args:
            cluster: An id that is or was in use.

        Returns:
            The id itself while it is in use; else that of the cluster that has most of its
            records; ``None`` if they are gone or the id was never given.
        """

    def clusters(self, ids: Collection[str] | None = None) -> Iterator[Cluster]:
        """Give the clusters by id: all, or those of some ids, which are looked up."""

    def largest_clusters(self, limit: int) -> tuple[int, tuple[str, ...]]:
        """Return how many clusters have several records, and the ids of the largest, by size."""

    def holdings(self) -> Iterator[Holding]:
        """Give the holdings by cluster and member."""

    def save_split(
        self, subscription: str, year: int, *, document: str, input_hash: str, at: datetime
    ) -> StoredSplit:
        """Keep a split as the next version of its subscription and year.

        If the last version came from the same inputs and says the same, it is returned instead.
        """

    def splits(
        self, subscription: str | None = None, year: int | None = None
    ) -> tuple[StoredSplit, ...]:
        """Return the splits kept, all or those asked for, by subscription, year and version."""

    # ------------------------------------------------------------ out and in

    def export_all(self, folder: Path) -> tuple[Path, ...]:
        """Write everything in open formats into a folder; return the files written.

        Facts become one CSV file a kind, which can be loaded again as it is; records one JSON
        line each, splits one JSON line each.
        """

    def backup(self, path: Path) -> None:
        """Write everything into one archive file, complete or not at all."""

    def restore(self, path: Path, *, replace: bool = False) -> None:
        """Fill this store from a backup, whichever kind of store made it.

        Args:
            path: The archive.
            replace: Give up what this store has; without it, only an empty store is filled.

        Raises:
            StoreError: The store is not empty, or the archive is damaged, too big or not ours.
        """
