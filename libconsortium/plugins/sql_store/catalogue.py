"""The union catalogue and the splits in the database."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import groupby, islice
from operator import attrgetter
from typing import TypeVar

import attrs
from sqlalchemy import Column, Connection, Row, Table, func, insert, select

from libconsortium import Cluster, Evidence, Holding, Link, StoredSplit
from libconsortium.plugins.sql_store.schema import (
    CLUSTER_LINK,
    CLUSTER_RECORD,
    HOLDING,
    SPLIT,
)

T = TypeVar("T")

AT_ONCE = 1000
"""Rows written or fetched at once."""


def insert_holdings(connection: Connection, holdings: Iterable[Holding]) -> None:
    """Write holdings."""
    for several in batches(holdings):
        connection.execute(
            insert(HOLDING),
            [
                {
                    "cluster": holding.cluster,
                    "member": holding.member,
                    "records": _dumped(holding.records),
                    "call_numbers": _dumped(holding.call_numbers),
                    "links": _dumped(holding.links),
                }
                for holding in several
            ],
        )


def read_clusters(connection: Connection, ids: Collection[str] | None = None) -> Iterator[Cluster]:
    """Give the clusters by id, all or some."""
    if ids is None:
        yield from _clusters(connection, None)
        return
    for some in batches(sorted(set(ids))):
        yield from _clusters(connection, some)


def read_largest(connection: Connection, limit: int) -> tuple[int, tuple[str, ...]]:
    """Return how many clusters have several records, and the ids of the largest."""
    size = func.count()
    several = select(CLUSTER_RECORD.c.cluster, size.label("size"))
    several = several.group_by(CLUSTER_RECORD.c.cluster).having(size > 1)
    found = several.subquery()
    count = connection.execute(select(func.count()).select_from(found)).scalar_one()
    largest = select(found.c.cluster).order_by(found.c.size.desc(), found.c.cluster).limit(limit)
    return count, tuple(connection.execute(largest).scalars())


def _clusters(connection: Connection, ids: list[str] | None) -> Iterator[Cluster]:
    linked = _by_cluster(connection, CLUSTER_LINK, CLUSTER_LINK.c.position, ids)
    waiting = next(linked, None)
    for cluster, rows in _by_cluster(connection, CLUSTER_RECORD, CLUSTER_RECORD.c.record, ids):
        links: tuple[Link, ...] = ()
        if waiting is not None and waiting[0] == cluster:
            links = tuple(map(_link_of, waiting[1]))
            waiting = next(linked, None)
        yield Cluster(id=cluster, records=tuple(row.record for row in rows), links=links)


def read_holdings(connection: Connection) -> Iterator[Holding]:
    """Give the holdings by cluster and member."""
    query = select(HOLDING).order_by(HOLDING.c.cluster, HOLDING.c.member)
    for row in connection.execute(query.execution_options(yield_per=AT_ONCE)):
        yield Holding(
            cluster=row.cluster,
            member=row.member,
            records=tuple(json.loads(row.records)),
            call_numbers=tuple(json.loads(row.call_numbers)),
            links=tuple(json.loads(row.links)),
        )


def save_split(connection: Connection, split: StoredSplit) -> StoredSplit:
    """Keep a split as the next version, whatever version it says; see ``Store.save_split``."""
    known = read_splits(connection, split.subscription, split.year)
    if known and known[-1].input_hash == split.input_hash and known[-1].document == split.document:
        return known[-1]
    kept = attrs.evolve(split, version=len(known) + 1)
    connection.execute(insert(SPLIT), attrs.asdict(kept) | {"at": kept.at.isoformat()})
    return kept


def read_splits(
    connection: Connection, subscription: str | None, year: int | None
) -> tuple[StoredSplit, ...]:
    """Return the splits kept, by subscription, year and version."""
    query = select(SPLIT).order_by(SPLIT.c.subscription, SPLIT.c.year, SPLIT.c.version)
    if subscription is not None:
        query = query.where(SPLIT.c.subscription == subscription)
    if year is not None:
        query = query.where(SPLIT.c.year == year)
    rows = connection.execute(query).mappings()
    return tuple(StoredSplit(**{**row, "at": datetime.fromisoformat(row["at"])}) for row in rows)


def insert_parts(connection: Connection, clusters: list[Cluster]) -> None:
    """Write the records and links of clusters."""
    records = [
        {"cluster": cluster.id, "record": record}
        for cluster in clusters
        for record in cluster.records
    ]
    links = [
        _row_of(cluster.id, position, link)
        for cluster in clusters
        for position, link in enumerate(cluster.links, start=1)
    ]
    connection.execute(insert(CLUSTER_RECORD), records)
    if links:
        connection.execute(insert(CLUSTER_LINK), links)


def _row_of(cluster: str, position: int, link: Link) -> dict[str, object]:
    return {
        "cluster": cluster,
        "position": position,
        "left_record": link.left,
        "right_record": link.right,
        "rule": link.evidence.rule,
        "score": link.evidence.score,
        "reasons": _dumped(link.evidence.reasons),
        "veto": link.evidence.veto,
    }


def _link_of(row: Row[tuple[object, ...]]) -> Link:
    return Link(
        left=row.left_record,
        right=row.right_record,
        evidence=Evidence(
            rule=row.rule,
            score=row.score,
            reasons=tuple(json.loads(row.reasons)),
            veto=row.veto,
        ),
    )


def _by_cluster(
    connection: Connection, table: Table, order: Column[str] | Column[int], ids: list[str] | None
) -> Iterator[tuple[str, Iterator[Row[tuple[object, ...]]]]]:
    query = select(table).order_by(table.c.cluster, order)
    if ids is not None:
        query = query.where(table.c.cluster.in_(ids))
    rows = connection.execute(query.execution_options(yield_per=AT_ONCE))
    return groupby(rows, key=attrgetter("cluster"))


def batches(things: Iterable[T]) -> Iterator[list[T]]:
    """Give things in lists of a thousand."""
    rest = iter(things)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _dumped(texts: tuple[str, ...]) -> str:
    return json.dumps(texts, ensure_ascii=False)
