"""The store: each of its methods is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine

from libconsortium import (
    CatalogueRun,
    CatalogueUpdate,
    Change,
    Checkpoint,
    Cluster,
    ClusterChanges,
    Compaction,
    Directory,
    HarvestCounts,
    HarvestPage,
    HarvestRequest,
    HarvestRun,
    Holding,
    Load,
    Message,
    NamedRecord,
    Problem,
    Quarantined,
    RawRecord,
    RecordCount,
    RunStatus,
    Segment,
    StoredRecord,
    StoredSplit,
)
from libconsortium.plugins.sql_store import (
    backup,
    catalogue,
    catalogue_runs,
    compacting,
    dropping,
    export,
    facts,
    harvest,
    pages,
    problems,
    quarantine,
    remarks,
    segments,
    sweeps,
)
from libconsortium.plugins.sql_store.database import (
    address_of,
    engine_of,
    give_back,
    told,
    url_of,
)
from libconsortium.plugins.sql_store.turns import Turns

T = TypeVar("T")


class SqlStore:
    """A store in a SQL database; see ``libconsortium.Store`` for what each method does.

    Args:
        engine: The database.
        address: Its address without the password.
    """

    def __init__(self, engine: Engine, address: str) -> None:
        """Keep the engine; one way in for readers, one for writers."""
        self._engine = engine
        self._address = address
        is_sqlite = engine.dialect.name == "sqlite"
        self._writer = engine.execution_options(writes=True)
        self._turns = Turns(self._begun) if is_sqlite else None
        # A reader sees one moment of the database, however many queries it makes.
        self._reader = (
            engine if is_sqlite else engine.execution_options(isolation_level="REPEATABLE READ")
        )

    def __reduce__(self) -> tuple[Callable[[str, str], SqlStore], tuple[str, str]]:
        """Travel to another process, which opens the same database."""
        return _reopened, (address_of(self._engine.url), self._address)

    @property
    def address(self) -> str:
        """The address it was opened at, without its password."""
        return self._address

    def remarks(self) -> tuple[Problem, ...]:
        """Return what an operator should know about this store."""
        return remarks.remarks_on(self._engine, self._address)

    def close(self) -> None:
        """Give back files and connections."""
        self._engine.dispose()

    # ------------------------------------------------------------ facts

    def directory(self) -> Directory:
        """Return every fact that holds."""
        with self._reading() as connection:
            return facts.read_directory(connection)

    def apply(
        self,
        changes: Iterable[Change],
        *,
        at: datetime,
        what: str,
        sources: Iterable[str] = (),
    ) -> Load | None:
        """Make changes to the facts and write them into the log."""
        load = Load(number=0, at=at, what=what, sources=tuple(sources))
        with self._writing() as connection:
            return facts.apply_changes(connection, changes, load)

    def loads(self) -> tuple[Load, ...]:
        """Return the log of loads."""
        with self._reading() as connection:
            return facts.read_loads(connection)

    def undo(self, *, at: datetime) -> Load:
        """Take back the last load that is not taken back yet."""
        with self._writing() as connection:
            return facts.undo_last(connection, at=at)

    # ------------------------------------------------------------ harvest

    def start_run(self, request: HarvestRequest, *, started: datetime) -> HarvestRun:
        """Begin a harvest run."""
        return self._written(
            lambda connection: harvest.start_run(connection, request, started=started)
        )

    def resume_run(self, number: int, *, started: datetime) -> HarvestRun:
        """Open an unfinished run again."""
        return self._written(
            lambda connection: harvest.resume_run(connection, number, started=started)
        )

    def add_page(self, number: int, page: HarvestPage, *, token_in: str = "") -> HarvestCounts:
        """Keep one page as received and the records read from it."""
        return self._written(
            lambda connection: pages.add_page(connection, number, page, token_in=token_in)
        )

    def finish_run(
        self,
        number: int,
        *,
        status: RunStatus,
        finished: datetime,
        reason: Message = Message(""),  # noqa: B008 - a frozen value
        watermark: str = "",
    ) -> HarvestRun:
        """Close a run and free its source."""
        ending = harvest.Ending(status, finished, reason, watermark)
        return self._written(lambda connection: harvest.finish_run(connection, number, ending))

    def release(self, source: str, *, at: datetime) -> bool:
        """Free a source whose run hangs on a machine that is gone."""
        with self._writing() as connection:
            return harvest.release(connection, source, at=at)

    def drop_source(self, source: str, *, at: datetime) -> int:
        """Make tombstones of the live records of a source."""
        with self._writing() as connection:
            return dropping.drop_source(connection, source, at=at)

    def restore_source(self, source: str, *, at: datetime) -> int:
        """Make live records of the tombstones that a drop made."""
        with self._writing() as connection:
            return dropping.restore_source(connection, source, at=at)

    def last_run(self, source: str, *, status: RunStatus | None = None) -> HarvestRun | None:
        """Return the last run of a source."""
        with self._reading() as connection:
            return harvest.last_run(connection, source, status)

    def runs(self, source: str | None = None) -> tuple[HarvestRun, ...]:
        """Return all runs, or those of one source."""
        with self._reading() as connection:
            return harvest.read_runs(connection, source)

    def checkpoint(self, source: str) -> Checkpoint | None:
        """Return where the last run of a source can go on."""
        with self._reading() as connection:
            return harvest.read_checkpoint(connection, source)

    def pages(self, number: int) -> Iterator[HarvestPage]:
        """Give the pages of a run as received."""
        return self._given(lambda connection: pages.read_pages(connection, number))

    def compact(self, on_progress: Callable[[Compaction], object] | None = None) -> Compaction:
        """Pack the bytes of pages as small as they go."""
        with self._reading() as connection:
            left = compacting.to_pack(connection)
        done = Compaction()
        for start in range(0, len(left), compacting.AT_ONCE):
            with self._writing() as connection:
                done += compacting.pack(connection, left[start : start + compacting.AT_ONCE])
            if on_progress is not None:
                on_progress(done)
        if done.after < done.before:
            with told(self._address):
                give_back(self._engine)
        return done

    def check_pages(self) -> Compaction:
        """Compare the bytes of every page with their hash."""
        with self._reading() as connection:
            return compacting.check(connection)

    def records(
        self,
        source: str | None = None,
        *,
        deleted: bool = False,
        since: str = "",
        identifiers: Collection[str] | None = None,
    ) -> Iterator[RawRecord]:
        """Give records one by one."""
        return self._given(
            lambda connection: pages.read_records(
                connection, source, deleted=deleted, since=since, identifiers=identifiers
            )
        )

    def record_changes(
        self, source: str, *, since: int = 0, share: tuple[int, int] = (0, 1)
    ) -> Iterator[StoredRecord]:
        """Give the records of a source that a run changed."""
        return self._given(
            lambda connection: segments.read_changes(connection, source, since=since, share=share)
        )

    def record_counts(
        self, source: str | None = None, *, since: str = "", until: str = ""
    ) -> tuple[RecordCount, ...]:
        """Return how many records each source has."""
        with self._reading() as connection:
            return pages.count_records(connection, source, since=since, until=until)

    def newest(self, source: str) -> str:
        """Return the latest datestamp among a source's records."""
        with self._reading() as connection:
            return sweeps.newest(connection, source)

    def around(self, source: str, datestamp: str, count: int) -> tuple[str, str]:
        """Return the datestamps so many records before and after one."""
        with self._reading() as connection:
            return sweeps.around(connection, source, datestamp, count)

    def match_headers(self, number: int, headers: Collection[RawRecord]) -> tuple[RawRecord, ...]:
        """Compare listed headers with what is stored."""
        with self._writing() as connection:
            return sweeps.match_headers(connection, number, headers)

    def not_received(self, number: int, headers: Iterable[RawRecord]) -> tuple[RawRecord, ...]:
        """Return those headers whose records a run has not received."""
        with self._reading() as connection:
            return sweeps.not_received(connection, number, headers)

    def unlisted(self, number: int) -> Iterator[RawRecord]:
        """Give the live records that a run's lists of identifiers did not have."""
        return self._given(lambda connection: sweeps.unlisted(connection, number))

    def quarantine(self, source: str | None = None) -> tuple[Quarantined, ...]:
        """Return what is in quarantine."""
        with self._reading() as connection:
            return quarantine.read_quarantine(connection, source)

    def add_to_quarantine(self, number: int, items: Iterable[Quarantined]) -> None:
        """Put records into quarantine that came on no page of the run."""
        self._written(lambda connection: quarantine.add_to_quarantine(connection, number, items))

    def clear_quarantine(self, source: str, *, is_named: bool) -> int:
        """Forget records in quarantine."""
        return self._written(
            lambda connection: quarantine.clear_quarantine(connection, source, is_named=is_named)
        )

    def add_problems(self, scope: str, found: Iterable[Problem]) -> int:
        """Keep problems under a scope."""
        found = tuple(found)
        return self._written(lambda connection: problems.add_problems(connection, scope, found))

    def problems(self, scope: str | None = None, code: str | None = None) -> tuple[Problem, ...]:
        """Return the problems of a scope, or of all."""
        with self._reading() as connection:
            return problems.read_problems(connection, scope, code)

    def clear_problems(self, scope: str) -> int:
        """Forget the problems of a scope."""
        return self._written(lambda connection: problems.clear_problems(connection, scope))

    # ------------------------------------------------------------ catalogue and splits

    def segments(self) -> tuple[Segment, ...]:
        """Return the ledger of segments."""
        with self._reading() as connection:
            return segments.read_segments(connection)

    def change_segments(self, added: Iterable[Segment], removed: Iterable[str] = ()) -> None:
        """Enter segments into the ledger and strike others."""
        with self._writing() as connection:
            segments.change_segments(connection, added, removed)

    def catalogue_run(self) -> CatalogueRun | None:
        """Return the last run that brought the union catalogue up to date."""
        with self._reading() as connection:
            return catalogue_runs.read_run(connection)

    def change_clusters(
        self,
        update: CatalogueUpdate,
        clusters: Iterable[Cluster],
        holdings: Iterable[Holding],
    ) -> CatalogueRun:
        """Bring the union catalogue up to date."""
        with self._writing() as connection:
            return catalogue_runs.change_catalogue(connection, update, clusters, holdings)

    def named_records(self, records: Collection[str] | None = None) -> Iterator[NamedRecord]:
        """Give the clusters that records are in."""
        return self._given(lambda connection: catalogue_runs.read_named(connection, records))

    def live_clusters(self, ids: Collection[str]) -> frozenset[str]:
        """Return those of the ids that a cluster has at present."""
        with self._reading() as connection:
            return catalogue_runs.live_clusters(connection, ids)

    def cluster_changes(self, *, since: int = 0) -> ClusterChanges:
        """Return which clusters are new, different or gone since a run."""
        with self._reading() as connection:
            return catalogue_runs.read_changes(connection, since=since)

    def cluster_now(self, cluster: str) -> str | None:
        """Return the id under which the records of a cluster are found now."""
        with self._reading() as connection:
            return catalogue_runs.cluster_now(connection, cluster)

    def clusters(self, ids: Collection[str] | None = None) -> Iterator[Cluster]:
        """Give the clusters by id."""
        return self._given(lambda connection: catalogue.read_clusters(connection, ids))

    def largest_clusters(self, limit: int) -> tuple[int, tuple[str, ...]]:
        """Return how many clusters have several records, and the ids of the largest."""
        with self._reading() as connection:
            return catalogue.read_largest(connection, limit)

    def holdings(self) -> Iterator[Holding]:
        """Give the holdings by cluster and member."""
        return self._given(catalogue.read_holdings)

    def save_split(
        self, subscription: str, year: int, *, document: str, input_hash: str, at: datetime
    ) -> StoredSplit:
        """Keep a split as the next version of its subscription and year."""
        split = StoredSplit(
            subscription=subscription,
            year=year,
            version=0,
            at=at,
            input_hash=input_hash,
            document=document,
        )
        with self._writing() as connection:
            return catalogue.save_split(connection, split)

    def splits(
        self, subscription: str | None = None, year: int | None = None
    ) -> tuple[StoredSplit, ...]:
        """Return the splits kept."""
        with self._reading() as connection:
            return catalogue.read_splits(connection, subscription, year)

    # ------------------------------------------------------------ out and in

    def export_all(self, folder: Path) -> tuple[Path, ...]:
        """Write everything in open formats into a folder."""
        return export.export_all(self, folder)

    def backup(self, path: Path) -> None:
        """Write everything into one archive file, complete or not at all."""
        with self._reading() as connection:
            backup.write_backup(connection, path)

    def restore(self, path: Path, *, replace: bool = False) -> None:
        """Fill this store from a backup."""
        with self._writing() as connection:
            backup.read_backup(connection, path, replace=replace)

    # ------------------------------------------------------------ transactions

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with told(self._address), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def _begun(self) -> Iterator[Connection]:
        with told(self._address), self._writer.begin() as connection:
            yield connection

    def _writing(self) -> AbstractContextManager[Connection]:
        return self._begun() if self._turns is None else self._turns.alone()

    def _written(self, work: Callable[[Connection], T]) -> T:
        """Do short work of a harvest, in one transaction with that of other sources if need be."""
        if self._turns is not None:
            return self._turns.together(work)
        with self._begun() as connection:
            return work(connection)

    def _given(self, read: Callable[[Connection], Iterator[T]]) -> Iterator[T]:
        with self._reading() as connection:
            yield from read(connection)


def _reopened(address: str, shown: str) -> SqlStore:
    return SqlStore(engine_of(url_of(address)), shown)
