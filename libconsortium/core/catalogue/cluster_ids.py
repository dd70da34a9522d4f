"""Which cluster keeps which id when records join, leave, merge and part."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import attrs

from libconsortium.core.catalogue.segments import ClusterEnd, NamedRecord


@attrs.frozen(kw_only=True)
class ClusterIds:
    """The ids of new clusters, and what became of the old ones.

    Args:
        ids: One id for each new cluster, in their order.
        origins: For an id that was newly given: the old id that most of its records had.
        ended: The old ids that no cluster has any more.
    """

    ids: tuple[str, ...]
    origins: Mapping[str, str]
    ended: tuple[ClusterEnd, ...]


def cluster_ids(
    groups: Sequence[Sequence[str]],
    before: Iterable[NamedRecord],
    *,
    run: int,
    taken: Collection[str] = (),
) -> ClusterIds:
    """Give ids to newly made clusters so that as few as possible change.

    An id stays with most of its records. Where several old clusters became one, it keeps the id of
    the one that brings most records; where one parted, the largest part keeps the id. Between
    equals the older id stays, then the smaller. A cluster without any takes the key of its first
    record, which may be an id that had ended; if it is in use elsewhere, the key of the next one;
    if all are, the first key with ``#`` and the number of the run.

    Args:
        groups: The keys of the records of each new cluster, sorted, at least one each.
        before: The clusters that these records, and records gone since, were in.
        run: Number of this run.
        taken: Ids that are in use at present, among the keys of the records.

    >>> old = [NamedRecord(record=key, cluster="a", since=1) for key in "abc"]
    >>> found = cluster_ids([("a",), ("b", "c", "d")], old, run=2, taken={"a"})
    >>> found.ids, dict(found.origins)
    (('a#2', 'a'), {'a#2': 'a'})
    """
    home = {key: index for index, records in enumerate(groups) for key in records}
    since: dict[str, int] = {}
    went: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for one in before:
        since[one.cluster] = one.since
        if one.record in home:
            went[one.cluster][home[one.record]] += 1
    kept = _kept(went, since)
    in_use = {*taken, *since, *kept.values()}
    ids = []
    for index, records in enumerate(groups):
        free = (key for key in records if key not in in_use)
        name = kept.get(index) or next(free, f"{records[0]}#{run}")
        in_use.add(name)
        ids.append(name)
    return ClusterIds(
        ids=tuple(ids),
        origins=_origins(ids, kept, went),
        ended=tuple(
            ClusterEnd(cluster=old, successor=_successor(went[old], ids), run=run)
            for old in sorted(since.keys() - set(kept.values()))
        ),
    )


def _kept(went: Mapping[str, Counter[int]], since: Mapping[str, int]) -> dict[int, str]:
    kept: dict[int, str] = {}
    done: set[str] = set()
    shares = (
        (-count, since[old], old, index)
        for old, counts in went.items()
        for index, count in counts.items()
    )
    for _, _, old, index in sorted(shares):
        if old not in done and index not in kept:
            kept[index] = old
            done.add(old)
    return kept


def _origins(
    ids: Sequence[str], kept: Mapping[int, str], went: Mapping[str, Counter[int]]
) -> dict[str, str]:
    best: dict[int, tuple[int, str]] = {}
    for old in sorted(went):
        for index, count in went[old].items():
            if index not in kept and count > best.get(index, (0, ""))[0]:
                best[index] = (count, old)
    return {ids[index]: old for index, (_, old) in sorted(best.items())}


def _successor(counts: Counter[int], ids: Sequence[str]) -> str:
    most = min(((-count, ids[index]) for index, count in counts.items()), default=(0, ""))
    return most[1]
