"""A search as every engine can carry it out: tokens, and how they are joined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeAlias

import attrs

from libconsortium.core.catalogue.languages import language_of
from libconsortium.core.catalogue.matching import kind_of
from libconsortium.core.search.queries import (
    FACET_FIELDS,
    IDENTIFIER_FIELDS,
    QueryTerm,
    SearchQuery,
    words_typed,
)
from libconsortium.core.search.tokens import (
    EVERY,
    SearchStream,
    facet_token,
    identifier_token,
    loose_facet_token,
    token,
    whole_token,
)
from libconsortium.core.text import folded


class SearchOrder(StrEnum):
    """How results are sorted."""

    RELEVANCE = "relevance"
    """Best first: words as typed before words without their diacritics, titles before the rest."""
    TITLE = "title"
    """By title in Vietnamese order."""
    YEAR = "year"
    """The newest first."""


@attrs.frozen
class TokenRun:
    """Tokens that stand beside each other in a stream.

    Args:
        stream: Where.
        tokens: The tokens in their order; at least one.
    """

    stream: SearchStream
    tokens: tuple[str, ...]


@attrs.frozen
class AllOf:
    """Conditions that all hold; at least one."""

    parts: tuple[SearchCondition, ...]


@attrs.frozen
class AnyOf:
    """Conditions of which one holds; at least one."""

    parts: tuple[SearchCondition, ...]


SearchCondition: TypeAlias = TokenRun | AllOf | AnyOf


@attrs.frozen(kw_only=True)
class SearchPlan:
    """What an engine does: find, rank, sort, give one page, count.

    Args:
        wanted: What holds for every result.
        unwanted: What holds for none.
        ranks: A result's rank is the place of the first of these that holds for it, from 0; their
            number if none does.
        first_year: Nothing before; ``None`` for no bound. A bound leaves out what has no year.
        last_year: Nothing after; ``None`` for no bound.
        order: By which key results of one rank are sorted; with ``TITLE`` and ``YEAR`` there are
            no ranks.
        after: Rank and key of the last result of the page before; ``None`` for the first page.
        limit: Results on a page.
        counted: Facets of which the values are counted over all results.
    """

    wanted: SearchCondition
    unwanted: tuple[SearchCondition, ...] = ()
    ranks: tuple[SearchCondition, ...] = ()
    first_year: int | None = None
    last_year: int | None = None
    order: SearchOrder = SearchOrder.RELEVANCE
    after: tuple[int, str] | None = None
    limit: int = 20
    counted: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class FoundDocument:
    """One result as an engine gives it.

    Args:
        rank: Its rank.
        key: The key it is sorted by among its rank; no two documents have the same.
        body: The document's body.
    """

    rank: int
    key: str
    body: str


@attrs.frozen(kw_only=True)
class SearchAnswer:
    """What an engine found.

    Args:
        total: How many documents fit, on all pages.
        found: Those of this page, in order.
        facets: Of each facet counted, how many documents have each value.
    """

    total: int
    found: tuple[FoundDocument, ...]
    facets: Mapping[str, Mapping[str, int]] = attrs.field(factory=dict)


def plan_of(
    query: SearchQuery,
    *,
    narrowed: Mapping[str, Iterable[str]] | None = None,
    order: SearchOrder = SearchOrder.RELEVANCE,
) -> SearchPlan:
    """Return what an engine has to do for a query; page, limit and counts are the usual ones.

    Args:
        query: What is asked for.
        narrowed: Only documents with one of these values of each facet named.
        order: How results are sorted.

    >>> from libconsortium.core.search.queries import parse_query
    >>> plan_of(parse_query("kieu")).wanted
    AllOf(parts=(TokenRun(stream=<SearchStream.EVERYTHING: 'everything'>, tokens=('kieu',)),))
    """
    wanted = [_condition(term) for term in query.terms if not term.is_excluded]
    for facet, values in (narrowed or {}).items():
        meant = dict.fromkeys(facet_value(facet, value) for value in values)
        wanted.append(_any_of([_facet(facet_token(facet, value)) for value in meant]))
    return SearchPlan(
        wanted=AllOf(tuple(wanted) or (_facet(EVERY),)),
        unwanted=tuple(_condition(term) for term in query.terms if term.is_excluded),
        ranks=_ranks(query) if order == SearchOrder.RELEVANCE else (),
        first_year=query.first_year,
        last_year=query.last_year,
        order=order,
    )


def facet_value(facet: str, written: str) -> str:
    """Return a value of a facet as the index has it: kinds and languages are written many ways.

    Args:
        facet: The facet's name.
        written: What somebody asks for; it comes back as it is if it is none we know.

    >>> facet_value("type", "Sách"), facet_value("language", "vie"), facet_value("member", "vie")
    ('book', 'vi', 'vie')
    """
    meant = _MEANT[facet](written) if facet in _MEANT else ""
    return meant or written


_MEANT = {"type": kind_of, "language": language_of}


def _condition(term: QueryTerm) -> SearchCondition:
    if term.field in FACET_FIELDS:
        facets = ("place", "place-before") if term.field == "place" else (term.field,)
        meant = facet_value(term.field, term.value)
        return _any_of([_facet(loose_facet_token(facet, meant)) for facet in facets])
    parts: list[SearchCondition] = [
        TokenRun(SearchStream.IDENTIFIER, (identifier_token(scheme, value),))
        for scheme, value in term.identifiers
    ]
    if term.words and term.field not in IDENTIFIER_FIELDS:
        stream = SearchStream(term.field) if term.field else SearchStream.EVERYTHING
        parts.append(_words(stream, term))
    return _any_of(parts)


def _words(stream: SearchStream, term: QueryTerm) -> SearchCondition:
    return TokenRun(stream, tuple(token(folded(word)) for word in term.words))


def _any_of(parts: list[SearchCondition]) -> SearchCondition:
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def _facet(one: str) -> SearchCondition:
    return TokenRun(SearchStream.FACET, (one,))


def _ranks(query: SearchQuery) -> tuple[SearchCondition, ...]:
    """Return what makes a result better, the best first.

    The whole title as typed, all words in the title as typed, all words as typed anywhere; then
    the same without diacritics. TokenRun typed without diacritics are as typed wherever they are.
    """
    asked = [
        term
        for term in query.terms
        if not term.is_excluded and term.words and term.field in {"", "title"}
    ]
    if not asked:
        return ()
    words = [word for term in asked for word in term.words]
    typed = [word for word in dict.fromkeys(words) if not word.isascii()]
    in_title = AllOf(tuple(_words(SearchStream.TITLE, term) for term in asked))
    whole = TokenRun(SearchStream.WHOLE, (whole_token(folded(" ".join(words))),))
    everywhere = [word for word in dict.fromkeys(words_typed(query)) if not word.isascii()]
    if not everywhere:
        return (whole, in_title)
    return (
        TokenRun(SearchStream.WHOLE, (whole_token(" ".join(words)),)),
        AllOf((in_title, *(TokenRun(SearchStream.TITLE_TYPED, (token(word),)) for word in typed))),
        AllOf(tuple(TokenRun(SearchStream.TYPED, (token(word),)) for word in everywhere)),
        whole,
        in_title,
    )
