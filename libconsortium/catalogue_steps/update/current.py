"""The records that hold at present, over all segments: numbered in the order of their keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import attrs

from libconsortium.catalogue_steps.maps import arrow
from libconsortium.catalogue_steps.update.folder import CatalogueFolder
from libconsortium.catalogue_steps.update.rows import (
    HELD_FIELDS,
    placed_rows,
    read_columns,
    segment_schema,
)
from libconsortium.core.catalogue.records import BibRecord
from libconsortium.core.catalogue.segments import Segment

if TYPE_CHECKING:
    import pyarrow as pa


@attrs.frozen(eq=False)
class CurrentRecords:
    """Every live record and where its match fields are.

    Args:
        folder: Where the segments are.
        segments: The segments.
        members: The library that each source belongs to.
        rows: Rows ``nr, key, batch, source, identifier, part, place`` in the order of the keys.
    """

    folder: CatalogueFolder
    segments: Sequence[Segment]
    members: Mapping[str, str]
    rows: pa.Table

    @classmethod
    def of(
        cls, folder: CatalogueFolder, segments: Sequence[Segment], members: Mapping[str, str]
    ) -> CurrentRecords:
        """Find the records of the members' sources that hold.

        Args:
            folder: Where the segments are.
            segments: The ledger.
            members: The library that each source belongs to; records of others are left out.
        """
        pyarrow = arrow()
        import pyarrow.compute as pc

        kept = [one for one in segments if one.source in members]
        tables = []
        # A tab comes before every other sign: sources in this order, their records in theirs.
        for source in sorted({one.source for one in kept}, key=lambda name: f"{name}\t"):
            own = [one for one in kept if one.source == source]
            rows = placed_rows(folder, own)
            rows = rows.filter(pc.invert(rows.column("is_deleted")))
            parts = pyarrow.array([kept.index(one) for one in own], pyarrow.int64())
            names = rows.column("identifier")
            start = pyarrow.scalar(f"{source}\t")
            tables.append(
                pyarrow.table(
                    {
                        "key": pc.binary_join_element_wise(start, names, ""),
                        "batch": rows.column("batch").cast(pyarrow.int64()),
                        "source": pyarrow.array([source] * len(names), pyarrow.string()),
                        "identifier": names,
                        "part": pc.take(parts, rows.column("part")),
                        "place": rows.column("place"),
                    }
                )
            )
        if tables:
            rows = pyarrow.concat_tables(tables)
        else:
            columns = {name: pyarrow.string() for name in ("key", "source", "identifier")}
            numbers = {name: pyarrow.int64() for name in ("batch", "part", "place")}
            rows = pyarrow.schema({**columns, **numbers}.items()).empty_table()
        rows = rows.append_column("nr", pyarrow.array(range(rows.num_rows), pyarrow.int32()))
        return cls(folder, kept, members, rows)

    @property
    def count(self) -> int:
        """How many records there are."""
        return int(self.rows.num_rows)

    def keys(self) -> tuple[str, ...]:
        """Return the keys of all records in their order."""
        return tuple(self.rows.column("key").to_pylist())

    def numbered(self) -> pa.Table:
        """Return rows ``nr, key, batch``."""
        return self.rows.select(["nr", "key", "batch"])

    def of_sources(self, sources: frozenset[str]) -> list[int]:
        """Return the numbers of the records of some sources."""
        if not sources:
            return []
        import pyarrow.compute as pc

        chosen = pc.is_in(self.rows.column("source"), arrow().array(sorted(sources)))
        return list(self.rows.filter(chosen).column("nr").to_pylist())

    def fields(self, numbers: pa.Array) -> pa.Table:
        """Return rows ``nr, member, fields`` of records, in no order."""
        pyarrow = arrow()
        import pyarrow.compute as pc

        found = self._columns(numbers, ("fields",))
        members = pyarrow.array([self.members[one.source] for one in self.segments])
        return pyarrow.table(
            {
                "nr": found.column("nr"),
                "member": pc.take(members, found.column("part")).cast(pyarrow.string()),
                "fields": found.column("fields"),
            }
        )

    def holdings(self, keys: Iterable[str]) -> dict[str, BibRecord]:
        """Return what holdings show of some records, by key."""
        import pyarrow.compute as pc

        wanted = arrow().array(keys, arrow().string())
        numbers = pc.index_in(wanted, self.rows.column("key").combine_chunks())
        found = self._columns(numbers, HELD_FIELDS)
        rows = self.rows.take(found.column("nr"))
        shown = zip(*(found.column(name).to_pylist() for name in HELD_FIELDS), strict=True)
        named = zip(*(rows.column(name).to_pylist() for name in _NAMED), strict=True)
        return {
            key: BibRecord(
                source=source,
                identifier=identifier,
                call_numbers=tuple(call_numbers),
                links=tuple(links),
            )
            for (key, source, identifier), (call_numbers, links) in zip(named, shown, strict=True)
        }

    def _columns(self, numbers: pa.Array, columns: tuple[str, ...]) -> pa.Table:
        pyarrow = arrow()
        import pyarrow.compute as pc

        rows = self.rows.take(numbers)
        kinds = {name: segment_schema().field(name).type for name in columns}
        shape = pyarrow.schema({"nr": pyarrow.int32(), "part": pyarrow.int64(), **kinds}.items())
        tables = [shape.empty_table()]
        for part in pc.unique(rows.column("part")).to_pylist():
            here = rows.filter(pc.equal(rows.column("part"), part))
            found = read_columns(self.folder, self.segments[part].name, columns)
            found = found.take(here.column("place"))
            table = pyarrow.table(
                {
                    "nr": here.column("nr"),
                    "part": here.column("part"),
                    **{name: found.column(name) for name in columns},
                }
            )
            tables.append(table.cast(shape))
        return pyarrow.concat_tables(tables)


_NAMED = ("key", "source", "identifier")
