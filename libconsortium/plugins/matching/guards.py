"""Guards: facts that forbid a merge, however alike two records are otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from libconsortium import MatchFields

_KINDS_CONFUSED = (
    frozenset({"book", "report", "proceedings"}),
    frozenset({"article", "proceedings", "chapter"}),
)
"""Kinds of document that catalogues call one or the other."""

_ISBN_13 = 13
_ROMAN_NUMBERS = "ii iii iv vi vii viii ix xi xii"
_ROMAN = frozenset(_ROMAN_NUMBERS.split())


def veto(left: MatchFields, right: MatchFields) -> str:
    """Return the first guard that objects to a merge, in words; empty if none does.

    >>> one, two = (MatchFields(record=volume, title="giai tich", volume=volume) for volume in "12")
    >>> veto(one, two)
    'volume 1 and 2'
    """
    return next(_objections(left, right), "")


def _objections(left: MatchFields, right: MatchFields) -> Iterator[str]:
    if left.volume and right.volume and left.volume != right.volume:
        yield f"volume {left.volume} and {right.volume}"
    if left.edition and right.edition and left.edition != right.edition:
        yield f"edition {left.edition} and {right.edition}"
    if left.year is not None and right.year is not None and abs(left.year - right.year) > 1:
        yield f"year {left.year} and {right.year}"
    if left.type and right.type and left.type != right.type:
        pair = {left.type, right.type}
        if not any(pair <= kinds for kinds in _KINDS_CONFUSED):
            yield f"type {left.type} and {right.type}"
    for scheme in ("isbn", "doi"):
        ours, theirs = identifiers_of(left, scheme), identifiers_of(right, scheme)
        if ours and theirs and ours.isdisjoint(theirs):
            yield f"{scheme} {min(ours)} and {min(theirs)}"
    ours, theirs = numbers_in(left.title), numbers_in(right.title)
    if not (ours <= theirs or theirs <= ours):
        yield f"numbers in title {' '.join(sorted(ours))} and {' '.join(sorted(theirs))}"


def identifiers_of(fields: MatchFields, scheme: str) -> frozenset[str]:
    """Return the values of one scheme; an ISBN without prefix and check digit, old and new alike.

    >>> old, new = "isbn:0878341013", "isbn:9780878341016"
    >>> identifiers_of(MatchFields(record="a", title="", identifiers=frozenset({old, new})), "isbn")
    frozenset({'087834101'})
    """
    start = f"{scheme}:"
    values = (one.removeprefix(start) for one in fields.identifiers if one.startswith(start))
    return frozenset(map(_isbn_body, values) if scheme == "isbn" else values)


def _isbn_body(isbn: str) -> str:
    return (isbn[3:] if len(isbn) == _ISBN_13 and isbn.startswith("978") else isbn)[:-1]


@lru_cache(maxsize=100_000)
def numbers_in(title: str) -> frozenset[str]:
    """Return the words of a folded title that number things: with a digit, or Roman from ii on.

    >>> sorted(numbers_in("toan cao cap a1 lop 12 phan ii"))
    ['12', 'a1', 'ii']
    """
    return frozenset(
        word.lstrip("0")
        for word in title.split()
        if word in _ROMAN or any(map(str.isdecimal, word))
    )
