"""Takes up into segments what they have not yet: records new, changed, deleted, read better."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import attrgetter

import attrs

from libconsortium.catalogue_steps.telling import Tell
from libconsortium.catalogue_steps.update.folder import CatalogueFolder
from libconsortium.catalogue_steps.update.merging import merged
from libconsortium.catalogue_steps.update.reader_pool import OvertakenError, pooled_rows
from libconsortium.catalogue_steps.update.rows import SegmentRow, parquet_writer, rows_table
from libconsortium.catalogue_steps.update.source_reader import Format, FormattedRow, SourceReader
from libconsortium.core.catalogue.segments import Segment
from libconsortium.core.messages import Message
from libconsortium.reading_steps import ReadingRules
from libconsortium.registry import Registry
from libconsortium.store import Store

_AT_ONCE = 20_000  # rows held before they are written
_EVERY = 500  # records between two reports of progress


@attrs.frozen(kw_only=True)
class Gathered:
    """What was taken up into segments.

    Args:
        read: Records read, for the first time or again.
        deleted: Tombstones taken up.
        written: Segments written.
        merged: Segments that were merged into others.
        swept: Files that no ledger named, left behind by a process that was ended: removed.
        lost: Segments of the ledger that were not there any more; their sources were read again.
        rows: Rows of all segments now.
        size: Bytes of all segments now.
    """

    read: int = 0
    deleted: int = 0
    written: int = 0
    merged: int = 0
    swept: int = 0
    lost: int = 0
    rows: int = 0
    size: int = 0


def gather(  # noqa: PLR0913 - where from and where to, then what it depends on
    store: Store,
    registry: Registry,
    folder: CatalogueFolder,
    rules: Mapping[str, ReadingRules],
    *,
    at: datetime,
    afresh: bool = False,
    on_progress: Tell | None = None,
) -> Gathered:
    """Bring the segments up to what the store has; the folder must be locked.

    Only records that a harvest changed since are read, and those that are read otherwise now: by
    another version of a crosswalk, another mapping, other repairs.

    Args:
        store: Where records and ledger are.
        registry: Finds the crosswalks.
        folder: Where the segments are.
        rules: How the records of each source are read; no other source is looked at.
        at: The moment.
        afresh: Read everything again.
        on_progress: Told now and then how many records were read.

    >>> from libconsortium.testing import example_catalogue
    >>> with example_catalogue() as office:
    ...     _ = office.harvest()
    ...     folder, rules = office.catalogue.folder, office.reading_rules()
    ...     gather(office.store, office.registry, folder, rules, at=office.clock()).rows
    4
    """
    swept = folder.sweep(_named(store))
    lost = _strike_lost(store, folder, everything=afresh)
    counts = Gathered(swept=len(swept), lost=0 if afresh else lost)
    known: defaultdict[str, list[Segment]] = defaultdict(list)
    for one in store.segments():
        known[one.source].append(one)
    for source, reading in rules.items():
        reader = SourceReader(
            store=store,
            registry=registry,
            folder=folder,
            source=source,
            rules=reading,
            known=tuple(known[source]),
        )
        taken = _Taking(reader, at, on_progress)
        counts = attrs.evolve(
            counts,
            read=counts.read + taken.read,
            deleted=counts.deleted + taken.deleted,
            written=counts.written + len(taken.segments),
            merged=counts.merged + merged(store, folder, [*known[source], *taken.segments], at=at),
        )
    kept = [one for one in store.segments() if one.source in rules]
    folder.sweep(_named(store))
    return attrs.evolve(
        counts, rows=sum(one.rows for one in kept), size=sum(one.size for one in kept)
    )


def _named(store: Store) -> frozenset[str]:
    run = store.catalogue_run()
    state = run.state.split() if run else ()
    return frozenset([*state, *(one.name for one in store.segments())])


def _strike_lost(store: Store, folder: CatalogueFolder, *, everything: bool) -> int:
    """Strike all segments of a source one of whose files is gone: it has to be read again."""
    known = store.segments()
    lost = [one for one in known if not folder.has(one.name, one.size)]
    sources = {one.source for one in (known if everything else lost)}
    if sources:
        store.change_segments((), [one.name for one in known if one.source in sources])
    return len(lost)


class _Taking:
    """Takes up the records of one source as one batch."""

    def __init__(self, reader: SourceReader, at: datetime, on_progress: Tell | None) -> None:
        self.folder, self.source, self.at = reader.folder, reader.source, at
        self.on_progress = on_progress
        self.batch = max((one.batch for one in reader.known), default=0) + 1
        self._through = _ended_runs(reader.store, reader.source)  # before anything is read
        try:
            self._take(pooled_rows(reader) or reader.rows())
        except OvertakenError:
            self._take(reader.rows())  # what was written until then is swept, nothing names it
        if self.segments:
            reader.store.change_segments(self.segments)

    def _take(self, found: Iterable[FormattedRow]) -> None:
        self.read = self.deleted = 0
        self.segments: list[Segment] = []
        rows: defaultdict[Format, list[SegmentRow]] = defaultdict(list)
        for chosen, row in found:
            self.deleted += row.is_deleted
            self.read += not row.is_deleted
            self._tell(self.read + self.deleted)
            rows[chosen].append(row)
            if len(rows[chosen]) >= _ROWS_A_SEGMENT:
                self._write(chosen, rows.pop(chosen))
        for chosen in sorted(rows):
            self._write(chosen, rows[chosen])

    def _tell(self, count: int) -> None:
        if self.on_progress is not None and count % _EVERY == 0:
            self.on_progress(
                Message("{source}: {count} records read", source=self.source, count=count)
            )

    def _write(self, chosen: Format, rows: list[SegmentRow]) -> None:
        namespace, prefix, version = chosen
        rows.sort(key=attrgetter("identifier"))  # as whoever reads a segment counts on
        tables = (
            rows_table(rows[start : start + _AT_ONCE], self.batch)
            for start in range(0, len(rows), _AT_ONCE)
        )
        written = self.folder.write("segment", parquet_writer(tables))
        self.segments.append(
            Segment(
                name=written.name,
                source=self.source,
                batch=self.batch,
                rows=len(rows),
                size=written.size,
                sha256=written.sha256,
                at=self.at,
                made_by=version,
                namespace=namespace,
                prefix=prefix,
                through=self._through,
            )
        )


def _ended_runs(store: Store, source: str) -> int:
    """Return up to which run nothing more can come; an unfinished run may be gone on with."""
    last = store.last_run(source)
    if last is None:
        return 0
    return last.number if last.status.is_complete else last.number - 1


_ROWS_A_SEGMENT = 500_000
"""Rows after which a batch goes on in another segment, so that memory does not grow with it."""
