"""The union catalogue brought up to date run by run, and what became of ids that ended."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from libconsortium import (
    CatalogueRun,
    CatalogueUpdate,
    Cluster,
    ClusterChanges,
    ClusterEnd,
    Holding,
    NamedRecord,
)
from libconsortium.plugins.sql_store.catalogue import (
    AT_ONCE,
    batches,
    insert_holdings,
    insert_parts,
)
from libconsortium.plugins.sql_store.schema import (
    CATALOGUE_RUN,
    CLUSTER,
    CLUSTER_END,
    CLUSTER_LINK,
    CLUSTER_RECORD,
    HOLDING,
)
from libconsortium.plugins.sql_store.upserts import insert_into


def read_run(connection: Connection) -> CatalogueRun | None:
    """Return the last run; see ``Store.catalogue_run``."""
    query = select(CATALOGUE_RUN).order_by(CATALOGUE_RUN.c.number.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return CatalogueRun(number=row.number, at=datetime.fromisoformat(row.at), state=row.state)


def change_catalogue(
    connection: Connection,
    change: CatalogueUpdate,
    clusters: Iterable[Cluster],
    holdings: Iterable[Holding],
) -> CatalogueRun:
    """Bring the union catalogue up to date; see ``Store.change_clusters``."""
    run = CatalogueRun(number=change.number, at=change.at, state=change.state)
    kept = {"number": run.number, "at": run.at.isoformat(), "state": run.state}
    connection.execute(insert(CATALOGUE_RUN), kept)
    for ends in batches(change.ended):
        ids = [end.cluster for end in ends]
        _empty(connection, ids)
        connection.execute(delete(CLUSTER).where(CLUSTER.c.id.in_(ids)))
        connection.execute(
            insert(CLUSTER_END),
            [
                {"cluster": end.cluster, "run": run.number, "successor": end.successor}
                for end in ends
            ],
        )
    for some in batches(clusters):
        _empty(connection, [cluster.id for cluster in some])
        _put(connection, some, change)
        insert_parts(connection, some)
    insert_holdings(connection, holdings)
    return run


def _empty(connection: Connection, ids: list[str]) -> None:
    for table in (HOLDING, CLUSTER_LINK, CLUSTER_RECORD):
        connection.execute(delete(table).where(table.c.cluster.in_(ids)))


def _put(connection: Connection, clusters: list[Cluster], change: CatalogueUpdate) -> None:
    statement = insert_into(connection, CLUSTER)
    changed = {"changed": statement.excluded.changed}
    rows = [
        {
            "id": cluster.id,
            "since": change.number,
            "changed": change.number,
            "origin": change.origins.get(cluster.id, ""),
        }
        for cluster in clusters
    ]
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed), rows)


def read_named(connection: Connection, records: Collection[str] | None) -> Iterator[NamedRecord]:
    """Give the clusters that records are in; see ``Store.named_records``."""
    query = select(CLUSTER_RECORD.c.record, CLUSTER_RECORD.c.cluster, CLUSTER.c.since).join(
        CLUSTER, CLUSTER.c.id == CLUSTER_RECORD.c.cluster
    )
    if records is None:
        for row in connection.execute(query.execution_options(yield_per=AT_ONCE)):
            yield NamedRecord(record=row.record, cluster=row.cluster, since=row.since)
        return
    for some in batches(records):
        for row in connection.execute(query.where(CLUSTER_RECORD.c.record.in_(some))):
            yield NamedRecord(record=row.record, cluster=row.cluster, since=row.since)


def live_clusters(connection: Connection, ids: Collection[str]) -> frozenset[str]:
    """Return which ids are in use; see ``Store.live_clusters``."""
    found: set[str] = set()
    for some in batches(ids):
        found.update(
            connection.execute(select(CLUSTER.c.id).where(CLUSTER.c.id.in_(some))).scalars()
        )
    return frozenset(found)


def read_changes(connection: Connection, *, since: int) -> ClusterChanges:
    """Return what became different since a run; see ``Store.cluster_changes``."""
    last = connection.execute(select(func.max(CATALOGUE_RUN.c.number))).scalar() or 0
    since = since if since <= last else 0
    changed = select(CLUSTER.c.id).order_by(CLUSTER.c.id)
    if since:
        changed = changed.where(CLUSTER.c.changed > since)
    live = select(CLUSTER.c.id)
    ended = select(CLUSTER_END.c.cluster).where(
        CLUSTER_END.c.run > since, CLUSTER_END.c.cluster.not_in(live)
    )
    ids = connection.execute(ended.distinct().order_by(CLUSTER_END.c.cluster)).scalars().all()
    return ClusterChanges(
        run=last,
        changed=tuple(connection.execute(changed).scalars()),
        ended=tuple(_end_of(connection, cluster) for cluster in ids),
    )


def _end_of(connection: Connection, cluster: str) -> ClusterEnd:
    last = _last_end(connection, cluster)
    return ClusterEnd(
        cluster=cluster, successor=cluster_now(connection, cluster) or "", run=last[1]
    )


def cluster_now(connection: Connection, cluster: str) -> str | None:
    """Return the id under which a cluster's records are found; see ``Store.cluster_now``."""
    # Every step goes to a later run, so that this ends.
    while cluster and not live_clusters(connection, [cluster]):
        cluster = _last_end(connection, cluster)[0]
    return cluster or None


def _last_end(connection: Connection, cluster: str) -> tuple[str, int]:
    query = select(CLUSTER_END.c.successor, CLUSTER_END.c.run).where(
        CLUSTER_END.c.cluster == cluster
    )
    row = connection.execute(query.order_by(CLUSTER_END.c.run.desc()).limit(1)).one_or_none()
    return (row.successor, row.run) if row else ("", 0)
