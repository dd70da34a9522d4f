"""A page of results: hits with what to highlight, counts to narrow by, the key of the next page."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import attrs

from libconsortium.core.errors import CatalogueError
from libconsortium.core.messages import Message
from libconsortium.core.search.plans import SearchAnswer, SearchOrder, SearchPlan
from libconsortium.core.search.queries import IDENTIFIER_FIELDS, SEARCH_FACETS, SearchQuery
from libconsortium.core.text import fold, folded, vietnamese_sort_key

MOST_HITS = 1_000
"""Results on one page at most."""

Span = tuple[int, int]
"""First character and the one after the last."""

_SHOWN = ("titles", "creators", "contributors", "publishers", "subjects", "descriptions", "journal")
_LONGEST_KEY = 16_384  # bytes unpacked; ours are far shorter
_WORD = re.compile(r"\S+")


@attrs.frozen(kw_only=True)
class SearchRequest:
    """What somebody asks of a union catalogue, as a form or an address line gives it.

    Args:
        text: What was typed: words, ``"a phrase"``, ``field:value``, ``-without``; see
            ``parse_query``. Empty for everything.
        narrowed: Only publications with one of these values of each facet named.
        order: How results are sorted.
        after: The key of the page, as the page before gave it; empty for the first.
        limit: Results on the page, 1 to 1,000.
        counted: Facets of which the values are counted.
        values: Values of each facet that are given at most, the most frequent first.

    Raises:
        CatalogueError: There is no such facet, or the limit is out of bounds.

    >>> SearchRequest(text="truyen kieu", narrowed={"member": ["tlu"]}).limit
    20
    """

    text: str = ""
    narrowed: Mapping[str, Iterable[str]] = attrs.field(factory=dict)
    order: SearchOrder = SearchOrder.RELEVANCE
    after: str = ""
    limit: int = 20
    counted: tuple[str, ...] = ()
    values: int = 20

    def __attrs_post_init__(self) -> None:
        """Refuse what no page can be made of."""
        for name in (*self.narrowed, *self.counted):
            if name not in SEARCH_FACETS:
                raise CatalogueError(
                    "nothing is counted by {name!r}; there are: {known}",
                    name=name,
                    known=", ".join(SEARCH_FACETS),
                )
        if not 1 <= self.limit <= MOST_HITS:
            raise CatalogueError(
                "a page has 1 to {most} results, not {limit}", most=MOST_HITS, limit=self.limit
            )


@attrs.frozen(kw_only=True)
class Hit:
    """One publication that was found.

    Args:
        id: Id of the cluster.
        row: What is known of it, as ``union_row`` gives it.
        highlights: Of each field with words that were asked for, where they stand: for each text
            of the field its spans, in the order of ``row``.
        is_as_typed: It has the words as they were typed, diacritics too.
    """

    id: str
    row: Mapping[str, Any]  # Any: as JSON has it
    highlights: Mapping[str, tuple[tuple[Span, ...], ...]] = attrs.field(factory=dict)
    is_as_typed: bool = True


@attrs.frozen(kw_only=True)
class SearchPage:
    """One page of results.

    Args:
        total: How many publications fit, on all pages.
        hits: Those of this page, in order.
        facets: Of each facet asked for its values with how many publications have each, the most
            frequent first.
        next_key: Asks for the page after this one; empty if this is the last.
        notes: How parts of the query were taken that could not be read.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[tuple[str, int], ...]] = attrs.field(factory=dict)
    next_key: str = ""
    notes: tuple[Message, ...] = ()


def page_of(
    query: SearchQuery, plan: SearchPlan, answer: SearchAnswer, *, values: int = 20
) -> SearchPage:
    """Make a page of what an engine found; it was asked for one result more than a page has.

    Args:
        query: What was asked for.
        plan: What the engine did.
        answer: What it found.
        values: How many values of each facet are given at most.
    """
    shown = answer.found[: plan.limit]
    last = shown[-1] if len(answer.found) > plan.limit else None
    typed_ranks = len(plan.ranks) // 2 + 1 if len(plan.ranks) > 2 else len(plan.ranks) + 1  # noqa: PLR2004 - see plan_of
    return SearchPage(
        total=answer.total,
        hits=tuple(_hit(query, one.body, is_as_typed=one.rank < typed_ranks) for one in shown),
        facets={name: _most(counts, values) for name, counts in answer.facets.items()},
        next_key=page_key(plan, last.rank, last.key) if last else "",
        notes=query.notes,
    )


def page_key(plan: SearchPlan, rank: int, key: str) -> str:
    """Return the key of the page after a result.

    >>> from libconsortium.core.search.plans import TokenRun
    >>> plan = SearchPlan(wanted=TokenRun("title", ("a",)))
    >>> after_key(plan, page_key(plan, 1, "đ"))
    (1, 'đ')
    """
    text = json.dumps([_mark(plan), rank, key], ensure_ascii=False)
    coded = base64.urlsafe_b64encode(zlib.compress(text.encode("utf-8", "surrogatepass"), 9))
    return coded.decode("ascii").rstrip("=")


def after_key(plan: SearchPlan, key: str) -> tuple[int, str]:
    """Return rank and key of the last result of the page before.

    Args:
        plan: What is asked for now.
        key: The key that the page before gave.

    Raises:
        CatalogueError: It is no key of this search.
    """
    try:
        coded = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))
        plain = zlib.decompressobj().decompress(coded, _LONGEST_KEY)
        mark, rank, last = json.loads(plain.decode("utf-8", "surrogatepass"))
    except (zlib.error, ValueError, TypeError):
        mark, rank, last = None, None, None
    if mark != _mark(plan) or not isinstance(rank, int) or not isinstance(last, str):
        raise CatalogueError(
            "{key!r} is no key of a page of this search; take the one the page before gave, with"
            " the same words, narrowing and order",
            key=key,
        )
    return rank, last


def _mark(plan: SearchPlan) -> str:
    """Tell searches apart: a key of one means nothing in another."""
    asked = attrs.evolve(plan, after=None, limit=0, counted=())
    return blake2b(repr(asked).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def _most(counts: Mapping[str, int], values: int) -> tuple[tuple[str, int], ...]:
    ordered = sorted(counts.items(), key=lambda one: (-one[1], vietnamese_sort_key(one[0])))
    return tuple(ordered[:values])


def _hit(query: SearchQuery, body: str, *, is_as_typed: bool) -> Hit:
    row = json.loads(body)
    words = {
        folded(word)
        for term in query.terms
        if not term.is_excluded and term.field not in IDENTIFIER_FIELDS
        for word in term.words
    }
    marked = {name: highlights(_listed(row.get(name)), words) for name in _SHOWN}
    return Hit(
        id=row["id"],
        row=row,
        highlights={name: spans for name, spans in marked.items() if any(spans)},
        is_as_typed=is_as_typed,
    )


def highlights(texts: Sequence[str], words: Iterable[str]) -> tuple[tuple[Span, ...], ...]:
    """Return where words stand in texts, whatever their diacritics.

    Args:
        texts: The texts.
        words: The words, folded.

    >>> highlights(["Truyện Kiều, 1967"], ["kieu"])
    (((7, 11),),)
    """
    wanted = set(words)
    return tuple(
        tuple(
            _trimmed(text, *found.span())
            for found in _WORD.finditer(text)
            if not wanted.isdisjoint(fold(found[0]).split())
        )
        for text in texts
    )


def _trimmed(text: str, first: int, last: int) -> Span:
    while not text[last - 1].isalnum() and last - 1 > first:
        last -= 1
    while not text[first].isalnum() and first + 1 < last:
        first += 1
    return first, last


def _listed(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    return [value] if isinstance(value, str) and value else []
