"""Takes up into segments what they have not yet: records new, changed, deleted, read better."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter

import attrs

from libconsortium.catalogue_steps.update.folder import CatalogueFolder
from libconsortium.catalogue_steps.update.merging import merged
from libconsortium.catalogue_steps.update.rows import (
    HELD_FIELDS,
    SegmentRow,
    parquet_writer,
    placed_rows,
    read_columns,
    rows_table,
)
from libconsortium.catalogue_steps.update.versions import made_by
from libconsortium.core.catalogue.matching import match_fields, packed
from libconsortium.core.catalogue.segments import Segment, StoredRecord
from libconsortium.reading_steps import ReadingRules, read_record
from libconsortium.registry import Registry
from libconsortium.store import RunStatus, Store

_AT_ONCE = 20_000  # rows held before they are written
_ENDED = frozenset({RunStatus.COMPLETE, RunStatus.COMPLETE_WITH_QUARANTINE})
_Format = tuple[str, str, str]  # namespace, prefix, and what its records are read by
_TOMBSTONES: _Format = ("", "", "")


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
    """
    swept = folder.sweep(_named(store))
    lost = _strike_lost(store, folder, everything=afresh)
    counts = Gathered(swept=len(swept), lost=0 if afresh else lost)
    known: defaultdict[str, list[Segment]] = defaultdict(list)
    for one in store.segments():
        known[one.source].append(one)
    for source, reading in rules.items():
        taken = _Taking(store, registry, folder, source, reading, known[source], at)
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

    def __init__(  # noqa: PLR0913, PLR0917 - what one source needs
        self,
        store: Store,
        registry: Registry,
        folder: CatalogueFolder,
        source: str,
        rules: ReadingRules,
        known: Sequence[Segment],
        at: datetime,
    ) -> None:
        self.registry, self.folder, self.rules, self.at = registry, folder, rules, at
        self.source = source
        self.known = known
        self.batch = max((one.batch for one in self.known), default=0) + 1
        self.read = self.deleted = 0
        self._made_by: dict[tuple[str, str], str] = {}
        self._through = _ended_runs(store, source)  # before anything is read
        self.segments: list[Segment] = []
        rows: defaultdict[_Format, list[SegmentRow]] = defaultdict(list)
        for record in self._to_read(store):
            chosen = self._format(record)
            rows[chosen].append(self._row(record))
            if len(rows[chosen]) >= _ROWS_A_SEGMENT:
                self._write(chosen, rows.pop(chosen))
        for chosen in sorted(rows):
            self._write(chosen, rows[chosen])
        if self.segments:
            store.change_segments(self.segments)

    def _to_read(self, store: Store) -> Iterator[StoredRecord]:
        if not self.known:
            yield from store.record_changes(self.source)
            return
        stale = self._stale()
        through = max(one.through for one in self.known)
        seen: set[tuple[str, int, int]] | None = None
        for one in store.record_changes(self.source, since=0 if stale else through + 1):
            if one.record.identifier in stale:
                yield one
            elif one.changed > through:
                seen = self._seen(through) if seen is None else seen
                if (one.record.identifier, one.page_run, one.page_number) not in seen:
                    yield one

    def _stale(self) -> frozenset[str]:
        """Return the identifiers of the records that would be read otherwise now."""
        parts = {
            part
            for part, one in enumerate(self.known)
            if one.made_by and one.made_by != self._version(one.namespace, one.prefix)
        }
        if not parts:
            return frozenset()
        rows = placed_rows(self.folder, self.known)
        names, where = rows.column("identifier").to_pylist(), rows.column("part").to_pylist()
        return frozenset(name for name, part in zip(names, where, strict=True) if part in parts)

    def _seen(self, through: int) -> set[tuple[str, int, int]]:
        """Return the rows taken up while their run was still going on."""
        found: set[tuple[str, int, int]] = set()
        for segment in self.known:
            runs = read_columns(self.folder, segment.name, ("page_run",)).column(0).to_pylist()
            if max(runs, default=0) > through:
                rows = read_columns(self.folder, segment.name, _FROM)
                found.update(zip(*(column.to_pylist() for column in rows.columns), strict=True))
        return found

    def _format(self, one: StoredRecord) -> _Format:
        record = one.record
        if record.is_deleted:
            return _TOMBSTONES
        return record.namespace, record.prefix, self._version(record.namespace, record.prefix)

    def _version(self, namespace: str, prefix: str) -> str:
        if (namespace, prefix) not in self._made_by:
            found = made_by(self.registry, self.rules, namespace, prefix)
            self._made_by[namespace, prefix] = found
        return self._made_by[namespace, prefix]

    def _row(self, one: StoredRecord) -> SegmentRow:
        if one.record.is_deleted:
            self.deleted += 1
            return SegmentRow(one.record.identifier, one.page_run, one.page_number, is_deleted=True)
        self.read += 1
        record = read_record(one.record, self.registry, self.rules)
        return SegmentRow(
            one.record.identifier,
            one.page_run,
            one.page_number,
            fields=packed(match_fields(record)),
            held=tuple(getattr(record, name) for name in HELD_FIELDS),
        )

    def _write(self, chosen: _Format, rows: list[SegmentRow]) -> None:
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
    return last.number if last.status in _ENDED else last.number - 1


_FROM = ("identifier", "page_run", "page_number")
_ROWS_A_SEGMENT = 500_000
"""Rows after which a batch goes on in another segment, so that memory does not grow with it."""
