"""Keeps a search index up to date with the union records, and asks it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

import attrs

from libconsortium.contributions import IdentifierScheme, SearchBackend
from libconsortium.core.catalogue.union_records import UnionRecord
from libconsortium.core.errors import StoreError
from libconsortium.core.search.documents import SearchDocument, search_document
from libconsortium.core.search.pages import SearchPage, SearchRequest, after_key, page_of
from libconsortium.core.search.plans import plan_of
from libconsortium.core.search.queries import parse_query
from libconsortium.registry import Registry
from libconsortium.search_index import SearchIndex

Tagged = Callable[[UnionRecord], Mapping[str, tuple[str, ...]]]
"""Gives further facets of a union record: the places it is about."""

_SCHEMES = ("isbn", "issn", "doi", "handle")
_EVERY = 1_000  # documents between two reports of progress


@attrs.frozen(kw_only=True)
class IndexOutcome:
    """What came of bringing an index up to date.

    Args:
        written: Publications that are new or changed and were written.
        removed: Publications that are no longer there, or no longer shown.
        unchanged: Publications that are as they were.
        left_out: Publications that are not shared, or of which nothing is said.
        is_rebuilt: Everything was made anew.
    """

    written: int
    removed: int
    unchanged: int
    left_out: int = 0
    is_rebuilt: bool = False


def open_search_index(address: str, registry: Registry) -> SearchIndex:
    """Open the search index at an address.

    Args:
        address: ``sqlite:///folder/search.db``, ``postgresql://…`` or ``tantivy:///folder/index``.
        registry: Where the search backend is found.

    Raises:
        StoreError: No backend opens such addresses, or the index cannot be opened.

    >>> from libconsortium import Registry
    >>> open_search_index("paper:///cards", Registry())
    Traceback (most recent call last):
    ...
    libconsortium.core.errors.StoreError: no search index opens addresses that begin with 'paper:'
    """
    scheme = address.partition(":")[0].partition("+")[0]
    for backend in registry.all(SearchBackend).values():
        if scheme in backend.schemes:
            return backend.open(address)
    raise StoreError(
        "no search index opens addresses that begin with {scheme!r}", scheme=f"{scheme}:"
    )


def update_index(  # noqa: PLR0913 - what is there, and how to get what is missing
    index: SearchIndex,
    fingerprints: Mapping[str, str],
    unions: Callable[[Collection[str]], Iterable[UnionRecord]],
    *,
    rules: str,
    tagged: Tagged = lambda _: {},
    on_progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> IndexOutcome:
    """Bring an index up to date; only publications that changed are written.

    Args:
        index: The index.
        fingerprints: The fingerprint of every publication by cluster; it changes when anything
            the publication is described by changes.
        unions: Gives the union records of clusters, in any order; those that must not be shown
            are left out.
        rules: Mark of the rules that records are read and shown by; if it is another than the
            index has, everything is made anew.
        tagged: Gives further facets of a union record.
        on_progress: Called now and then with how many are written, and of how many.

    >>> from libconsortium import open_search
    >>> from libconsortium.testing import example_catalogue
    >>> with example_catalogue() as office:
    ...     _ = office.harvest()
    ...     _ = office.catalogue.update()
    ...     marks = {one.id: "1" for one in office.store.clusters()}
    ...     with open_search(office) as index:
    ...         update_index(index, marks, office.catalogue.union_records, rules="1").written
    3
    """
    is_new = index.rules() != rules
    if is_new:
        index.clear()
    known = index.fingerprints()
    changed = {one for one, mark in fingerprints.items() if known.get(one) != mark}
    written: set[str] = set()

    def documents() -> Iterator[SearchDocument]:
        for union in unions(changed) if changed else ():
            written.add(union.cluster)
            if len(written) % _EVERY == 0:
                on_progress(len(written), len(changed))
            mark = fingerprints[union.cluster]
            yield search_document(union, fingerprint=mark, places=tagged(union))

    gone = known.keys() - fingerprints.keys()
    # What changed goes first: it comes back only if it is still shown.
    index.update(documents(), gone | (changed & known.keys()), rules=rules)
    hidden = (changed - written) & known.keys()
    on_progress(len(changed), len(changed))
    return IndexOutcome(
        written=len(written),
        removed=len(gone) + len(hidden),
        unchanged=len(fingerprints) - len(changed),
        left_out=len(changed - written),
        is_rebuilt=is_new,
    )


def ask_index(index: SearchIndex, request: SearchRequest, registry: Registry) -> SearchPage:
    """Search an index and return one page.

    Args:
        index: The index.
        request: What is asked for.
        registry: Where the kinds of identifiers are found.

    Raises:
        CatalogueError: The key of the page is of another search.

    >>> from libconsortium import open_search, update_search
    >>> from libconsortium.testing import example_catalogue
    >>> with example_catalogue() as office:
    ...     _ = office.harvest()
    ...     _ = office.catalogue.update()
    ...     _ = update_search(office)
    ...     with open_search(office) as index:
    ...         ask_index(index, SearchRequest(text="song nuoc"), office.registry).total
    2
    """
    schemes = registry.all(IdentifierScheme)
    known = {name: schemes[name].normalise for name in _SCHEMES if name in schemes}
    query = parse_query(request.text, known)
    plan = attrs.evolve(
        plan_of(query, narrowed=request.narrowed, order=request.order),
        limit=request.limit,
        counted=request.counted,
    )
    if request.after:
        plan = attrs.evolve(plan, after=after_key(plan, request.after))
    return page_of(query, plan, index.answer(plan), values=request.values)
