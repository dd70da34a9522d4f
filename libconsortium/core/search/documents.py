"""What is indexed of a publication, and what a page shows of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from libconsortium.core.catalogue.languages import language_of
from libconsortium.core.catalogue.matching import kind_of
from libconsortium.core.catalogue.records import RecordIdentifier
from libconsortium.core.catalogue.union_records import Sourced, UnionRecord
from libconsortium.core.search.tokens import (
    EVERY,
    SearchStream,
    facet_token,
    identifier_token,
    loose_facet_token,
    tokens_of,
    typed_tokens,
    whole_tokens,
)
from libconsortium.core.text import vietnamese_sort_text

SEARCH_FORM = 3
"""Number of the form of documents; an index of another form is made anew."""

_SORTED_LETTERS = 120  # of a title; what agrees so far is sorted by id
_NO_YEAR = 9999
_IN_EVERYTHING = ("journal", "series", "descriptions", "volume", "edition")
_OF_STREAM = {
    SearchStream.TITLE: ("titles",),
    SearchStream.AUTHOR: ("creators", "contributors"),
    SearchStream.SUBJECT: ("subjects", "coverage"),
    SearchStream.PUBLISHER: ("publishers",),
}


@attrs.frozen(kw_only=True)
class SearchDocument:
    """One publication as a search engine keeps it.

    Args:
        id: Id of the cluster.
        fingerprint: Changes when anything it was made of changes.
        body: What a page shows of it, as JSON text; never searched by the engine.
        year: Year of publication, or ``None``.
        by_title: Sorts documents by title in Vietnamese order; no two have the same.
        by_year: Sorts documents by year, the newest first, then by title; no two have the same.
        streams: The tokens of each stream, in their order.
        facets: The values of each facet.
    """

    id: str
    fingerprint: str
    body: str
    year: int | None
    by_title: str
    by_year: str
    streams: Mapping[SearchStream, tuple[str, ...]]
    facets: Mapping[str, tuple[str, ...]]


def search_document(
    union: UnionRecord,
    *,
    fingerprint: str = "",
    places: Mapping[str, Iterable[str]] | None = None,
) -> SearchDocument:
    """Make what is indexed of a union record.

    Args:
        union: The union record, with nothing in it that must not be shown.
        fingerprint: Changes when anything the record was made of changes.
        places: Values of the facets ``place`` and ``place-before``.

    >>> from libconsortium.core.catalogue.records import BibRecord
    >>> from libconsortium.core.catalogue.best_fields import union_record
    >>> book = BibRecord(source="a", identifier="1", titles=("Sóng",), types=("Sách",), year=1967)
    >>> document = search_document(union_record("c", [book]))
    >>> document.streams[SearchStream.TITLE], document.facets["type"], document.facets["year"]
    (('song',), ('book',), ('1967',))
    """
    facets = {**_facets(union), **{name: tuple(values) for name, values in (places or {}).items()}}
    by_title = f"{vietnamese_sort_text(union.title[:_SORTED_LETTERS])} {union.cluster}"
    newest = _NO_YEAR - union.year if union.year is not None else _NO_YEAR
    return SearchDocument(
        id=union.cluster,
        fingerprint=fingerprint,
        body=json.dumps(union_row(union, facets), ensure_ascii=False),
        year=union.year,
        by_title=by_title,
        by_year=f"{newest:04} {by_title}",
        streams=_streams(union, facets),
        facets=facets,
    )


def union_row(
    union: UnionRecord, facets: Mapping[str, Iterable[str]] | None = None
) -> dict[str, Any]:  # Any: as JSON has it
    """Return a union record as a program reads it.

    Args:
        union: The union record.
        facets: Values that results are narrowed by, to be given with it.

    >>> from libconsortium.core.catalogue.records import BibRecord
    >>> from libconsortium.core.catalogue.best_fields import union_record
    >>> book = BibRecord(source="a", identifier="1", titles=("Sóng",))
    >>> row = union_row(union_record("c", [book]))
    >>> row["title"], [held["member"] for held in row["held_by"]], row["from"]["titles"]["why"]
    ('Sóng', ['a'], 'the only value given')
    """
    described = {name: _plain(found.value) for name, found in union.fields.items()}
    return {
        "id": union.cluster,
        "title": union.title,
        **described,
        "held_by": [attrs.asdict(held) for held in union.held_by],
        "facets": {name: list(values) for name, values in (facets or {}).items()},
        "from": {name: _source(found) for name, found in union.fields.items()},
    }


def _source(found: Sourced) -> dict[str, object]:
    said: dict[str, object] = {
        "record": found.record,
        "member": found.member,
        "why": found.why.value,
    }
    if found.others:
        said["others"] = [
            {"value": _plain(other.value), "records": list(other.records)} for other in found.others
        ]
    return said


def _plain(value: object) -> object:
    if isinstance(value, RecordIdentifier):
        return {"scheme": value.scheme, "value": value.value}
    if not isinstance(value, tuple):
        return value
    return [_plain(one) for one in value]


def _facets(union: UnionRecord) -> dict[str, tuple[str, ...]]:
    kinds = dict.fromkeys(filter(None, map(kind_of, union.texts("types"))))
    languages = dict.fromkeys(filter(None, map(language_of, union.texts("languages"))))
    found = {
        "member": tuple(held.member for held in union.held_by),
        "year": union.texts("year"),
        "type": tuple(kinds)[:1] or ("other",),
        "language": tuple(languages),
    }
    return {name: values for name, values in found.items() if values}


def _streams(
    union: UnionRecord, facets: Mapping[str, Iterable[str]]
) -> dict[SearchStream, tuple[str, ...]]:
    texts = {
        stream: [text for name in names for text in union.texts(name)]
        for stream, names in _OF_STREAM.items()
    }
    everything = [text for several in texts.values() for text in several]
    everything += [text for name in _IN_EVERYTHING for text in union.texts(name)]
    streams = {stream: tokens_of(several) for stream, several in texts.items()}
    identifiers = tuple(_identifier_tokens(union))
    return {
        SearchStream.EVERYTHING: tokens_of([*everything, *union.texts("year")]),
        **streams,
        SearchStream.TYPED: typed_tokens(everything),
        SearchStream.TITLE_TYPED: typed_tokens(texts[SearchStream.TITLE]),
        SearchStream.WHOLE: whole_tokens(union.texts("titles")),
        SearchStream.IDENTIFIER: identifiers,
        SearchStream.FACET: (EVERY, *_facet_tokens(facets)),
    }


def _identifier_tokens(union: UnionRecord) -> Iterable[str]:
    found = union.fields.get("identifiers")
    invalid = [one.value for one in found.others] if found else []
    written = [
        *((one.scheme, one.value) for one in union.identifiers),
        *(
            (one.scheme, "".join(char for char in one.value if char.isalnum()))
            for one in invalid
            if isinstance(one, RecordIdentifier)
        ),
    ]
    return dict.fromkeys(
        identifier_token(any_or_one, value)
        for scheme, value in written
        for any_or_one in (scheme, "")
    )


def _facet_tokens(facets: Mapping[str, Iterable[str]]) -> Iterable[str]:
    return dict.fromkeys(
        made(name, value)
        for name, values in facets.items()
        for value in values
        for made in (facet_token, loose_facet_token)
    )
