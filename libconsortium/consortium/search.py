"""Searching the union catalogue of a consortium, or the records of one file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from hashlib import blake2b

import attrs

from libconsortium.catalogue_steps.places import place_finder, places_of
from libconsortium.catalogue_steps.search import (
    IndexOutcome,
    Tagged,
    ask_index,
    open_search_index,
    update_index,
)
from libconsortium.catalogue_steps.union import union_records
from libconsortium.consortium.consortium import Consortium
from libconsortium.contributions import SearchBackend
from libconsortium.core.catalogue.clusters import Cluster
from libconsortium.core.catalogue.matching import record_key
from libconsortium.core.catalogue.records import RawRecord
from libconsortium.core.catalogue.sharing_policies import Audience, SharingPolicy, shown_id
from libconsortium.core.catalogue.union_records import UnionRecord
from libconsortium.core.errors import CatalogueError, StoreError
from libconsortium.core.places.place_finding import PlaceFinder
from libconsortium.core.search.pages import SearchPage, SearchRequest
from libconsortium.reading_steps import read_records, reading_rules
from libconsortium.registry import Registry
from libconsortium.search_index import SearchIndex
from libconsortium.store import Store

Progress = Callable[[int, int], None]
"""Told how many publications are written, and of how many."""

_FILE_RULES = "records of one file"
_OFFICE_INDEX = "search-office.db"
_FILE_PLACES = "vn-provinces"


@contextmanager
def open_search(
    consortium: Consortium, backend: str = "", *, audience: Audience = Audience.OTHERS
) -> Iterator[SearchIndex]:
    """Open the search index of a consortium; it is closed afterwards.

    Args:
        consortium: The consortium.
        backend: Name of another search backend than the settings choose.
        audience: Whose index: the office has one of its own, an SQLite file.

    Raises:
        StoreError: It cannot be opened.
        UnknownNameError: No plugin gives the backend.

    >>> from libconsortium.testing import example_catalogue
    >>> with example_catalogue() as office, open_search(office) as index:
    ...     dict(index.fingerprints())
    {}
    """
    index = open_search_index(_address(consortium, backend, audience), consortium.registry)
    try:
        yield index
    finally:
        index.close()


def update_search(
    consortium: Consortium,
    *,
    backend: str = "",
    audience: Audience = Audience.OTHERS,
    rebuild: bool = False,
    on_progress: Progress = lambda _done, _of: None,
) -> IndexOutcome:
    """Bring the search index up to date with the union catalogue.

    Only publications of which a record changed, came or went are written. When the settings say
    something else than before about what is shown, everything is made anew.

    Args:
        consortium: The consortium.
        backend: Name of another search backend than the settings choose.
        audience: Whose index.
        rebuild: Make everything anew.
        on_progress: Called now and then with how many are written, and of how many.

    Raises:
        CatalogueError: There is no union catalogue yet.

    >>> from libconsortium.testing import example_catalogue
    >>> with example_catalogue() as office:
    ...     _ = office.harvest()
    ...     _ = office.catalogue.update()
    ...     update_search(office).written, update_search(office).written
    (3, 0)
    """
    consortium.catalogue.check_built()
    clusters = {one.id: one for one in consortium.store.clusters()}
    policies = consortium.settings.sharing_policies(audience)
    marks = _fingerprints(consortium, clusters.values(), policies)
    names = {shown_id(one, policies): one for one in marks}
    with open_search(consortium, backend, audience=audience) as index:
        if rebuild:
            index.clear()
        return update_index(
            index,
            {shown: marks[one] for shown, one in names.items()},
            lambda wanted: consortium.catalogue.union_records(
                {names[shown] for shown in wanted}, audience=audience
            ),
            rules=_rules(consortium, audience),
            tagged=_tagged(consortium.catalogue.place_finder()),
            on_progress=on_progress,
        )


def search_catalogue(
    consortium: Consortium,
    request: SearchRequest,
    *,
    backend: str = "",
    audience: Audience = Audience.OTHERS,
) -> SearchPage:
    """Search the union catalogue of a consortium and return one page.

    Args:
        consortium: The consortium.
        request: What is asked for.
        backend: Name of another search backend than the settings choose.
        audience: Whose eyes the page is for; the office sees also what is not shared.

    Raises:
        CatalogueError: The index was never made, or the settings changed since; or the key of the
            page is of another search.

    >>> from libconsortium.testing import example_catalogue
    >>> with example_catalogue() as office:
    ...     _ = office.harvest()
    ...     _ = office.catalogue.update()
    ...     _ = update_search(office)
    ...     page = search_catalogue(office, SearchRequest(text="giai tich"))
    >>> page.total, page.hits[0].row["title"]
    (1, 'Giải tích thực')
    """
    with open_search(consortium, backend, audience=audience) as index:
        made = index.rules()
        if not made and audience is Audience.OFFICE:
            raise CatalogueError(
                "there is no index of the office's own view yet; run 'libconsortium index"
                " --office' first"
            )
        if not made:
            raise CatalogueError("there is no search index yet; run 'libconsortium index' first")
        if made != _rules(consortium, audience):
            raise CatalogueError(
                "consortium.toml says something else about what is read or shown than when the"
                " search index was made; run 'libconsortium index{office}'",
                office=" --office" if audience is Audience.OFFICE else "",
            )
        return ask_index(index, request, consortium.registry)


@contextmanager
def file_search_index(
    store: Store, address: str, registry: Registry, *, on_progress: Progress = lambda _a, _b: None
) -> Iterator[SearchIndex]:
    """Open a search index of the records of one store, each by itself; brought up to date first.

    Args:
        store: A store with records and no union catalogue.
        address: Address of the index.
        registry: The plugins.
        on_progress: Called now and then with how many are written, and of how many.

    >>> from libconsortium.testing import example_catalogue
    >>> with example_catalogue() as office:
    ...     _ = office.harvest()
    ...     address = f"sqlite:///{office.settings.path('search.db')}"
    ...     with file_search_index(office.store, address, office.registry) as index:
    ...         len(index.fingerprints())
    4
    """
    clusters: dict[str, Cluster] = {}
    marks: dict[str, str] = {}
    for raw in store.records():
        key = record_key(raw.source, raw.identifier)
        clusters[key] = Cluster(id=key, records=(key,))
        marks[key] = raw.content_hash
    members = {one.source: one.source for one in store.record_counts()}
    rules = dict.fromkeys(members, reading_rules(registry))

    def unions(wanted: Collection[str]) -> Iterator[UnionRecord]:
        return union_records(
            (one for one in clusters.values() if one.id in wanted),
            (
                one
                for source in members
                for one in read_records(store, registry, source=source, rules=rules)
            ),
            members,
            sharing={},
            on=date.min,
        )

    tagged = _tagged(place_finder(registry, _FILE_PLACES))
    index = open_search_index(address, registry)
    try:
        update_index(
            index, marks, unions, rules=_FILE_RULES, tagged=tagged, on_progress=on_progress
        )
        yield index
    finally:
        index.close()


def _address(consortium: Consortium, backend: str, audience: Audience) -> str:
    """Return the address of the index, with a relative path made absolute."""
    if audience is Audience.OFFICE:
        return f"sqlite:///{consortium.settings.path(_OFFICE_INDEX).absolute()}"
    store = consortium.settings.store_address
    address = consortium.settings.file.catalogue.search
    if backend:
        chosen = consortium.registry.find(SearchBackend, backend)
        if address.partition(":")[0].partition("+")[0] not in chosen.schemes:
            address = chosen.usual
        if not address:
            if store.partition(":")[0].partition("+")[0] not in chosen.schemes:
                raise StoreError(
                    "the search index {backend!r} lies in the store, which is elsewhere; give its"
                    " address as 'search' under [catalogue] in consortium.toml",
                    backend=backend,
                )
            return store
    scheme, _, path = address.partition(":///")
    if not path:
        return address
    return f"{scheme}:///{consortium.settings.path(path).absolute()}"


def _fingerprints(
    consortium: Consortium, clusters: Iterable[Cluster], policies: Mapping[str, SharingPolicy]
) -> dict[str, str]:
    """Return a mark of each cluster: of its records as they came, and of what is shown of them."""
    today = consortium.clock().date()
    shown = {source: _shown_today(policy, today) for source, policy in policies.items()}
    marks = {
        record_key(raw.source, raw.identifier): _record_mark(raw, shown)
        for raw in consortium.store.records()
    }
    return {
        one.id: _digest(*(f"{key}={marks[key]}" for key in one.records if key in marks))
        for one in clusters
    }


def _record_mark(raw: RawRecord, shown: Mapping[str, str]) -> str:
    return f"{raw.content_hash} {shown.get(raw.source, '')}"


def _shown_today(policy: SharingPolicy, today: date) -> str:
    """Return what of an embargo holds today; it ends by itself, without any change."""
    day = policy.embargo_until is not None and today < policy.embargo_until
    return f"{day} {today.year if policy.embargo_years else ''}"


def _rules(consortium: Consortium, audience: Audience) -> str:
    """Return a mark of everything in the settings that decides what is read and shown."""
    settings = consortium.settings
    sources = [
        (source.name, source.member, source.repairs, source.mapping)
        for source in settings.file.sources
    ]
    mappings = [
        settings.path(source.mapping).read_text("utf-8")
        for source in settings.file.sources
        if source.mapping
    ]
    catalogue = attrs.evolve(settings.file.catalogue, search="")
    finder = consortium.catalogue.place_finder()
    places = repr(finder.table) if finder else ""
    return _digest(repr(sources), repr(mappings), repr(catalogue), places, audience)


def _tagged(finder: PlaceFinder | None) -> Tagged:
    return lambda union: places_of(union, finder).facets()


def _digest(*parts: str) -> str:
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
