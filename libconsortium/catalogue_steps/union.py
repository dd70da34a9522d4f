"""From clusters to union records: what each member lets others see, joined field by field."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from itertools import groupby
from operator import itemgetter

import attrs

from libconsortium.core.catalogue.best_fields import union_record
from libconsortium.core.catalogue.clusters import Cluster
from libconsortium.core.catalogue.holdings import Holding
from libconsortium.core.catalogue.matching import record_key
from libconsortium.core.catalogue.records import BibRecord
from libconsortium.core.catalogue.sharing_policies import (
    FULLY_SHARED,
    Audience,
    SharingPolicy,
    policy_towards,
    shared,
    shown_id,
)
from libconsortium.core.catalogue.union import UnionCatalogue
from libconsortium.core.catalogue.union_records import UnionRecord


def union_records(  # noqa: PLR0913 - clusters and records; the rest is what the settings say
    clusters: Iterable[Cluster],
    records: Iterable[BibRecord],
    members: Mapping[str, str],
    *,
    sharing: Mapping[str, SharingPolicy],
    priority: Sequence[str] = (),
    on: date,
) -> Iterator[UnionRecord]:
    r"""Describe every publication by what its members let others see of it.

    What a member does not share is taken away before anything is chosen, so it appears in no
    field, no alternative and no holding; a cluster called by a record that may be hidden gets
    another name (see ``shown_id``). A publication that nobody lets be described is left out.

    Args:
        clusters: The publications, in the order wanted.
        records: The members' records, in any order.
        members: The library that each source belongs to.
        sharing: What may be seen, by source or by library; the source's own goes first.
            Everything may be seen if neither says anything.
        priority: Ids of members whose values go before others'.
        on: The day, for embargoes.

    >>> from libconsortium import SharingLevel
    >>> records = [BibRecord(source="a", identifier="1", titles=("Sóng",), links=("https://a",))]
    >>> clusters = [Cluster(id="a\t1", records=("a\t1",))]
    >>> closed = SharingPolicy(level=SharingLevel.NONE)
    >>> day = date(2026, 3, 1)
    >>> [one.title for one in union_records(clusters, records, {"a": "A"}, sharing={}, on=day)]
    ['Sóng']
    >>> list(union_records(clusters, records, {"a": "A"}, sharing={"A": closed}, on=day))
    []
    """
    ids: list[str] = []
    places: dict[str, int] = {}
    for place, one in enumerate(clusters):
        ids.append(one.id)
        places.update(dict.fromkeys(one.records, place))
    policies = {
        source: policy_towards(Audience.OTHERS, source, member, sharing)
        for source, member in members.items()
    }
    with closing(_Shelf()) as shelf:
        for record in records:
            key = record_key(record.source, record.identifier)
            if key not in places:
                continue
            seen = shared(record, policies.get(record.source, FULLY_SHARED), on=on)
            if seen is not None:
                shelf.put(places[key], seen)
        for place, found in shelf.by_place():
            name = shown_id(ids[place], policies)
            union = union_record(name, found, members=members, priority=priority)
            if union.fields:
                yield union


def shared_catalogue(
    catalogue: UnionCatalogue,
    members: Mapping[str, str],
    records: Callable[[Collection[str]], Iterable[BibRecord]],
    *,
    policies: Mapping[str, SharingPolicy],
    on: date,
) -> UnionCatalogue:
    r"""Return the part of a union catalogue that may be seen: who holds what, as far as shared.

    A library that shares nothing is left out altogether: figures of it would be wrong.

    Args:
        catalogue: The whole catalogue.
        members: The library that each source belongs to.
        records: Reads records by their keys; asked only for those under an embargo of years.
        policies: What may be seen, by source (see ``policy_towards``).
        on: The day, for embargoes.

    >>> from libconsortium import Holding, SharingLevel
    >>> held = (Holding(cluster="a\t1", member="A", records=("a\t1",)),)
    >>> whole = UnionCatalogue(members=("A", "B"), clusters=(), holdings=held)
    >>> closed = {"a": SharingPolicy(level=SharingLevel.NONE)}
    >>> day, whose = date(2026, 3, 1), {"a": "A", "b": "B"}
    >>> seen = shared_catalogue(whole, whose, lambda _: (), policies=closed, on=day)
    >>> seen.members, seen.holdings, seen.withheld
    (('B',), (), ('A',))
    """
    silent = {source for source, policy in policies.items() if policy.shows_nothing(on)}
    waiting = {source for source, policy in policies.items() if policy.embargo_years} - silent
    if not silent | waiting:
        return catalogue
    asked = {key for one in catalogue.holdings for key in one.records if _source_of(key) in waiting}
    over = {
        record_key(one.source, one.identifier)
        for one in (records(asked) if asked else ())
        if shared(one, policies[one.source], on=on) is not None
    }

    def is_seen(key: str) -> bool:
        source = _source_of(key)
        return key in over if source in waiting else source not in silent

    speaking = {member for source, member in members.items() if source not in silent}
    hiding = {member for source, member in members.items() if source in silent | waiting}
    return attrs.evolve(
        catalogue,
        members=tuple(one for one in catalogue.members if one in speaking or one not in hiding),
        clusters=tuple(_seen_clusters(catalogue.clusters, is_seen, policies)),
        holdings=tuple(_seen_holdings(catalogue.holdings, is_seen, policies)),
        withheld=tuple(sorted(hiding)),
    )


def _source_of(key: str) -> str:
    return key.partition("\t")[0]


def _seen_clusters(
    clusters: Iterable[Cluster],
    is_seen: Callable[[str], bool],
    policies: Mapping[str, SharingPolicy],
) -> Iterator[Cluster]:
    for one in clusters:
        if records := tuple(filter(is_seen, one.records)):
            links = (link for link in one.links if is_seen(link.left) and is_seen(link.right))
            shown = shown_id(one.id, policies)
            yield attrs.evolve(one, id=shown, records=records, links=tuple(links))


def _seen_holdings(
    holdings: Iterable[Holding],
    is_seen: Callable[[str], bool],
    policies: Mapping[str, SharingPolicy],
) -> Iterator[Holding]:
    for one in holdings:
        if records := tuple(filter(is_seen, one.records)):
            yield attrs.evolve(one, cluster=shown_id(one.cluster, policies), records=records)


class _Shelf:
    """Records by cluster: in memory while they are few, in a private temporary file beyond."""

    def __init__(self) -> None:
        # An SQLite database without a name lives in memory and spills into a file of its own.
        self._file = sqlite3.connect("")
        self._file.execute("CREATE TABLE held (place INTEGER NOT NULL, record BLOB NOT NULL)")

    def put(self, place: int, record: BibRecord) -> None:
        """Keep a record under the place of its cluster."""
        self._file.execute("INSERT INTO held VALUES (?, ?)", (place, pickle.dumps(record)))

    def by_place(self) -> Iterator[tuple[int, list[BibRecord]]]:
        """Give the records of one cluster after the other."""
        self._file.execute("CREATE INDEX by_place ON held (place)")
        rows = self._file.execute("SELECT place, record FROM held ORDER BY place, rowid")
        for place, some in groupby(rows, key=itemgetter(0)):
            yield place, [pickle.loads(packed) for _, packed in some]  # noqa: S301 - our own file

    def close(self) -> None:
        """Give the file back."""
        self._file.close()
