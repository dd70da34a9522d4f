"""Brings very many records together without holding them: they stay in the engine's tables.

What Python keeps of a record is its identifier, in Arrow's memory: some tens of bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import attrs

from libconsortium.catalogue_steps import maps, sql
from libconsortium.catalogue_steps.build import (
    BLOCK_CAP,
    CLASH_SCORE,
    LIKELY_SCORE,
    catalogue_engine,
    weighed_rule,
)
from libconsortium.catalogue_steps.tables import (
    compare_candidates,
    join_up,
    rows,
    take_decisions,
)
from libconsortium.catalogue_steps.telling import Tell, telling
from libconsortium.core.catalogue.clusters import Link
from libconsortium.core.catalogue.matching import Evidence, match_fields, packed
from libconsortium.core.catalogue.records import BibRecord
from libconsortium.core.problems import Problem
from libconsortium.engine import Engine
from libconsortium.registry import Registry

if TYPE_CHECKING:
    import pyarrow as pa

_AS_READ = "as_read"
_IDS_A_CHUNK = 100_000
_ROWS_AT_ONCE = 20_000


@attrs.frozen(kw_only=True)
class ManyClusters:
    """Records that were brought together, for as long as the engine runs.

    Args:
        records: How many records there are.
        members: From how many sources.
        clusters: How many clusters.
        joined: How many of them have several records.
        problems: What the rules could not do.
    """

    records: int
    members: int
    clusters: int
    joined: int
    problems: tuple[Problem, ...]
    _tables: Engine = attrs.field(repr=False)
    _ids: pa.Array = attrs.field(repr=False)  # by the records' numbers

    def rows(self) -> Iterator[tuple[str, str]]:
        """Yield the identifier of every record with that of its cluster, in their order."""
        found = self._tables.arrow("select nr, cluster from clusters order by nr")
        cluster_of = found["cluster"]
        order = None if self.members == 1 else _order([self._ids])
        for start in range(0, self.records, _ROWS_AT_ONCE):
            if order is None:
                own = self._ids.slice(start, _ROWS_AT_ONCE)
                cluster = cluster_of.slice(start, _ROWS_AT_ONCE)
            else:
                some = order.slice(start, _ROWS_AT_ONCE)
                own, cluster = self._ids.take(some), cluster_of.take(some)
            yield from zip(_texts(own), _texts(self._ids.take(cluster)), strict=True)

    def links(self) -> Iterator[Link]:
        """Yield the pairs that were joined and why, cluster by cluster; by identifiers."""
        for _, left, right, score, reasons, rule in rows(self._tables, sql.CLUSTER_LINKS):
            own = _texts(self._ids.take(maps.arrow().array([left, right])))
            why = Evidence(rule=rule, score=score, reasons=tuple(json.loads(reasons)))
            yield Link(left=own[0], right=own[1], evidence=why)


@contextmanager
def cluster_many(  # noqa: PLR0913 - data first; the rest has a usual value each
    records: Iterable[BibRecord],
    registry: Registry,
    *,
    engine: str = "duckdb",
    rules: str = "bibliographic",
    threshold: float = LIKELY_SCORE,
    on_progress: Tell | None = None,
) -> Iterator[ManyClusters]:
    """Bring records together as ``cluster`` does, but keep them in the engine's tables.

    The result is that of ``cluster`` with every source a member and no decisions.

    Args:
        records: The records, taken one by one; no two have the same source and identifier.
        registry: Where engine and match rule are found.
        engine: Name of the catalogue engine.
        rules: Name of the match rule.
        threshold: Score from which two records belong together, above 0, at most 1.
        on_progress: Told before each long step what is about to be done.

    Raises:
        CatalogueError: The match rule failed.
        UnknownNameError: No plugin gives the engine or the rule.
        MissingExtraError: The engine's packages are not installed.

    >>> from libconsortium import BibRecord, Registry
    >>> books = [BibRecord(source="a", identifier=one, titles=("Dế mèn phiêu lưu ký",),
    ...                    creators=("Tô Hoài",), year=1941) for one in ("2", "1")]
    >>> with cluster_many(books, Registry()) as found:
    ...     list(found.rows()), found.clusters
    ([('1', '1'), ('2', '1')], 1)
    """
    chosen, rule = catalogue_engine(registry, engine), weighed_rule(registry, rules)
    tables = telling(chosen.start(), on_progress)
    try:
        ids, members = _numbered(tables, records)
        problems = compare_candidates(tables, rule, threshold=threshold, block_cap=BLOCK_CAP)
        problems += take_decisions(tables, (), ())
        problems += join_up(tables, rule, clash=min(CLASH_SCORE, threshold))
        sizes = "(select cluster, count(*) as n from clusters group by cluster) as s"
        (clusters,) = tables.one(f"select count(*) from {sizes}")  # noqa: S608 - our own text
        (joined,) = tables.one(f"select count(*) from {sizes} where n > 1")  # noqa: S608 - our own text
        yield ManyClusters(
            records=len(ids),
            members=members,
            clusters=clusters,
            joined=joined,
            problems=tuple(problems),
            tables=tables,
            ids=ids,
        )
    finally:
        tables.close()


def _numbered(tables: Engine, records: Iterable[BibRecord]) -> tuple[pa.Array, int]:
    """Make ``records``, numbered in the order of their keys; return identifiers by number."""
    names = _Names()
    failed: list[BaseException] = []

    def _rows() -> Iterator[tuple[int, str, str]]:
        try:
            for nr, record in enumerate(records):
                names.add(record)
                yield nr, record.source, packed(match_fields(record))
        except GeneratorExit:  # the engine stopped taking rows, and says why
            raise
        except BaseException as error:
            failed.append(error)
            raise

    try:
        tables.source(_AS_READ, maps.reader(maps.NUMBERED, _rows()))
    except Exception:
        if failed:  # what the reader of the records said, not what the engine made of it
            raise failed[0] from None
        raise
    ids, numbers, members = names.in_order()
    tables.map("records", _Numbered(numbers), _AS_READ, maps.schema(maps.NUMBERED))
    tables.drop(_AS_READ)
    return ids, members


class _Names:
    """Sources and identifiers of records as they come."""

    def __init__(self) -> None:
        self._chunks: list[tuple[Any, Any]] = []
        self._sources: dict[str, int] = {}
        self._some: tuple[list[int], list[bytes]] = ([], [])

    def add(self, record: BibRecord) -> None:
        self._some[0].append(self._sources.setdefault(record.source, len(self._sources)))
        self._some[1].append(record.identifier.encode("utf-8", "surrogatepass"))
        if len(self._some[0]) == _IDS_A_CHUNK:
            self._close()

    def _close(self) -> None:
        pyarrow = maps.arrow()
        self._chunks.append(
            (
                pyarrow.array(self._some[0], "int32"),
                pyarrow.array(self._some[1], pyarrow.large_binary()),
            )
        )
        self._some = ([], [])

    def in_order(self) -> tuple[pa.Array, pa.Array, int]:
        """Return identifiers in the order of keys, the place of each record, and the sources."""
        self._close()
        pyarrow = maps.arrow()
        places = {name: place for place, name in enumerate(sorted(self._sources))}
        by_number = pyarrow.array([places[name] for name in self._sources], "int32")
        sources = pyarrow.concat_arrays([one for one, _ in self._chunks])
        ids = pyarrow.concat_arrays([one for _, one in self._chunks])
        self._chunks = []
        order = _order([by_number.take(sources), ids] if len(places) > 1 else [ids])
        return ids.take(order), _order([order]).cast("int32"), len(places)


@attrs.frozen
class _Numbered:
    """The step that gives rows their numbers."""

    _numbers: pa.Array

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        numbers = self._numbers.take(batch.column("nr"))
        return maps.arrow().record_batch(
            [numbers, batch.column("member"), batch.column("fields")],
            schema=maps.schema(maps.NUMBERED),
        )


def _order(columns: list[Any]) -> pa.Array:
    """Return in which order rows stand when they are sorted; of an order, the place of each."""
    from pyarrow import compute

    names = [str(number) for number in range(len(columns))]
    table = maps.arrow().table(columns, names)
    return compute.sort_indices(table, [(name, "ascending") for name in names])


def _texts(ids: pa.Array) -> list[str]:
    return [one.decode("utf-8", "surrogatepass") for one in ids.to_pylist()]
