"""From clusters to union records: what each member lets others see, joined field by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from libconsortium.core.catalogue.clusters import Cluster
from libconsortium.core.catalogue.matching import record_key
from libconsortium.core.catalogue.records import BibRecord
from libconsortium.core.catalogue.sharing_policies import FULLY_SHARED, SharingPolicy, shared
from libconsortium.core.catalogue.union_records import UnionRecord, union_record


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
    field, no alternative and no holding. A publication that nobody lets be described is left out.

    Args:
        clusters: The publications, in the order wanted.
        records: The members' records, in any order.
        members: The library that each source belongs to.
        sharing: What is shared, by source or by library; the source's own goes first. Everything
            is shared if neither says anything.
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
    wanted = tuple(clusters)
    keys = {key for one in wanted for key in one.records}
    policies = {
        source: sharing.get(source, sharing.get(member, FULLY_SHARED))
        for source, member in members.items()
    }
    held: dict[str, BibRecord] = {}
    for record in records:
        key = record_key(record.source, record.identifier)
        if key in keys:
            seen = shared(record, policies.get(record.source, FULLY_SHARED), on=on)
            if seen is not None:
                held[key] = seen
    for one in wanted:
        found = [held[key] for key in one.records if key in held]
        if found:
            union = union_record(one.id, found, members=members, priority=priority)
            if union.fields:
                yield union
