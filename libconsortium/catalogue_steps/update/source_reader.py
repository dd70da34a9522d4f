"""Reads the records of one source that the segments do not have as they are now."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from libconsortium.catalogue_steps.update.folder import CatalogueFolder
from libconsortium.catalogue_steps.update.rows import (
    HELD_FIELDS,
    SegmentRow,
    placed_rows,
    read_columns,
)
from libconsortium.catalogue_steps.update.versions import made_by
from libconsortium.core.catalogue.matching import match_fields, packed
from libconsortium.core.catalogue.segments import Segment, StoredRecord
from libconsortium.reading_steps import ReadingRules, read_record
from libconsortium.registry import Registry
from libconsortium.store import Store

Format = tuple[str, str, str]  # namespace, prefix, and what its records are read by
FormattedRow = tuple[Format, SegmentRow]
WHOLE = (0, 1)
"""All pages: the first of one share."""

_TOMBSTONES: Format = ("", "", "")
_FROM = ("identifier", "page_run", "page_number")


@attrs.frozen(kw_only=True)
class SourceReader:
    """What is needed to read one source; it can travel to another process if its parts can.

    Args:
        store: Where the records are.
        registry: Finds the crosswalks.
        folder: Where the segments are.
        source: The source.
        rules: How its records are read.
        known: Its segments, as the ledger names them.
    """

    store: Store
    registry: Registry
    folder: CatalogueFolder
    source: str
    rules: ReadingRules
    known: tuple[Segment, ...]
    _formats: dict[tuple[str, str], Format] = attrs.field(factory=dict, init=False)

    def rows(self, share: tuple[int, int] = WHOLE) -> Iterator[FormattedRow]:
        """Read the records, page by page.

        Args:
            share: Which share of the pages, from 0, and how many shares there are.
        """
        for one in self._to_read(share):
            yield self._format(one), self._row(one)

    def expected(self) -> int:
        """Return how many records there may be to read, about: one that changed twice is two."""
        through = max((one.through for one in self.known), default=0)
        runs = [run.counts for run in self.store.runs(self.source) if run.number > through]
        return sum(one.new + one.changed + one.deleted for one in runs) + len(self._stale())

    def _to_read(self, share: tuple[int, int]) -> Iterator[StoredRecord]:
        if not self.known:
            yield from self.store.record_changes(self.source, share=share)
            return
        stale = self._stale()
        through = max(one.through for one in self.known)
        since = 0 if stale else through + 1
        seen: set[tuple[str, int, int]] | None = None
        for one in self.store.record_changes(self.source, since=since, share=share):
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
            if one.made_by and one.made_by != self._read_by(one.namespace, one.prefix)[2]
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

    def _format(self, one: StoredRecord) -> Format:
        record = one.record
        return _TOMBSTONES if record.is_deleted else self._read_by(record.namespace, record.prefix)

    def _read_by(self, namespace: str, prefix: str) -> Format:
        found = self._formats.get((namespace, prefix))
        if found is None:
            version = made_by(self.registry, self.rules, namespace, prefix)
            found = self._formats[namespace, prefix] = namespace, prefix, version
        return found

    def _row(self, one: StoredRecord) -> SegmentRow:
        if one.record.is_deleted:
            return SegmentRow(one.record.identifier, one.page_run, one.page_number, is_deleted=True)
        record = read_record(one.record, self.registry, self.rules)
        return SegmentRow(
            one.record.identifier,
            one.page_run,
            one.page_number,
            fields=packed(match_fields(record)),
            held=tuple(getattr(record, name) for name in HELD_FIELDS),
        )
