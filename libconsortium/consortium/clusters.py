"""The clusters of a consortium's union catalogue, and their records as a person names them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from libconsortium.consortium.consortium import Consortium
from libconsortium.core.catalogue.clusters import Cluster
from libconsortium.core.catalogue.matching import record_key
from libconsortium.core.catalogue.records import BibRecord
from libconsortium.core.errors import UnknownIdError


def cluster_of(consortium: Consortium, named: str) -> Cluster:
    r"""Return the cluster of an id, or of one of its records.

    Args:
        consortium: Whose catalogue.
        named: The id, or the key of a record; source and identifier parted by a blank or a tab.

    Raises:
        UnknownIdError: There is none in the catalogue that was built last.

    >>> from libconsortium.testing import example_catalogue
    >>> with example_catalogue() as office:
    ...     _ = office.harvest()
    ...     _ = office.catalogue.update()
    ...     cluster_of(office, "binh-minh 7").records
    ('an-hai\t1', 'binh-minh\t7')
    """
    key, store = record_named(named), consortium.store
    live = store.live_clusters([key, named])
    ids = [one for one in (key, named) if one in live]
    ids += [one.cluster for one in store.named_records([key])]
    ids += filter(None, map(store.cluster_now, (key, named)))  # of an id that ended
    for one in store.clusters(ids[:1]):
        return one
    raise UnknownIdError(
        "the union catalogue has no cluster and no record {named!r}; 'libconsortium clusters list'"
        " shows them",
        named=named,
    )


def largest_clusters(consortium: Consortium, limit: int) -> tuple[int, tuple[Cluster, ...]]:
    """Return how many clusters have several records, and the largest of them, by size and id.

    Args:
        consortium: Whose catalogue.
        limit: At most so many.

    Raises:
        CatalogueError: None was built yet.

    >>> from libconsortium.testing import example_catalogue
    >>> with example_catalogue() as office:
    ...     _ = office.harvest()
    ...     _ = office.catalogue.update()
    ...     several, (largest,) = largest_clusters(office, 1)
    >>> several, len(largest.records)
    (1, 2)
    """
    several, ids = consortium.store.largest_clusters(limit)
    if not several:
        consortium.catalogue.check_built()
    found = {one.id: one for one in consortium.store.clusters(ids)}
    return several, tuple(found[name] for name in ids)


def known_records(consortium: Consortium, named: Sequence[str]) -> tuple[str, ...]:
    r"""Return the keys of records of the catalogue that was built last.

    Args:
        consortium: Whose catalogue.
        named: Keys; source and identifier parted by a blank or a tab.

    Raises:
        UnknownIdError: One is not there.

    >>> from libconsortium.testing import example_catalogue
    >>> with example_catalogue() as office:
    ...     _ = office.harvest()
    ...     _ = office.catalogue.update()
    ...     known_records(office, ["an-hai 1"])
    ('an-hai\t1',)
    """
    keys = tuple(map(record_named, named))
    wanted = set(keys).difference(one.record for one in consortium.store.named_records(keys))
    if not wanted:
        return keys
    raise UnknownIdError(
        "the union catalogue has no record {named!r}; write its source, a blank and its identifier",
        named=min(wanted).replace("\t", " "),
    )


def record_named(named: str) -> str:
    r"""Return the key of a record as a person writes it.

    >>> record_named("tlu oai:tlu:1")
    'tlu\toai:tlu:1'
    """
    source, _, identifier = named.strip().replace("\t", " ", 1).partition(" ")
    return record_key(source, identifier) if identifier else source


def described(consortium: Consortium, keys: Iterable[str]) -> Iterator[BibRecord]:
    r"""Read some records of the consortium, in the order of their sources.

    >>> from libconsortium.testing import example_catalogue
    >>> with example_catalogue() as office:
    ...     _ = office.harvest()
    ...     [one.title for one in described(office, ["binh-minh\t7", "an-hai\t2"])]
    ['Sông nước miền Tây', 'Giải tích thực']
    """
    return consortium.records(set(keys))
