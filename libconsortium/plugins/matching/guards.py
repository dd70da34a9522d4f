"""Guards: facts that forbid a merge, however alike two records are otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

import attrs

from libconsortium import MatchFields, folded, number_of, reason
from libconsortium.plugins.matching.likeness import (
    likeness,
    marks_apart,
    same_creators,
    same_name,
)
from libconsortium.plugins.matching.title_places import places_apart

_KINDS_CONFUSED = (
    frozenset({"book", "report", "proceedings"}),
    frozenset({"article", "proceedings", "chapter"}),
)
"""Kinds of document that catalogues call one or the other."""

_ALIKE = 0.8
_LITTLE_WORDS = frozenset({"va", "and", "of", "the", "cua", "et", "und"})
_ISBN_13 = 13
_LONGEST_NUMBER = 4  # letters; «viii»
_SHORT_YEAR = re.compile(r"\b(1[5-9]|20)([0-9]{2}) ([0-9]{2})\b")
_ROMAN_NUMBERS = "ii iii iv vi vii viii ix xi xii"
_ROMAN = frozenset(_ROMAN_NUMBERS.split())


def veto(left: MatchFields, right: MatchFields) -> str:
    r"""Return the first guard that objects to a merge, as a reason; empty if none does.

    >>> one, two = (MatchFields(record=volume, title="giai tich", volume=volume) for volume in "12")
    >>> veto(one, two)
    'veto-volume\t1\t2'
    """
    return next(_objections(left, right), "")


def _objections(left: MatchFields, right: MatchFields) -> Iterator[str]:
    if left.volume and right.volume and left.volume != right.volume:
        yield reason("veto-volume", left.volume, right.volume)
    if left.edition and right.edition and left.edition != right.edition:
        yield reason("veto-edition", left.edition, right.edition)
    if _years_apart(left, right):
        yield reason("veto-year", left.year, right.year)
    if left.type and right.type and left.type != right.type:
        pair = {left.type, right.type}
        if not any(pair <= kinds for kinds in _KINDS_CONFUSED):
            yield reason("veto-type", left.type, right.type)
    if left.identifiers and right.identifiers:
        for scheme in ("isbn", "doi"):
            ours, theirs = identifiers_of(left, scheme), identifiers_of(right, scheme)
            if ours and theirs and ours.isdisjoint(theirs):
                yield reason(f"veto-{scheme}", min(ours), min(theirs))
    yield from _title_numbers(left, right)
    yield from _named_apart(left, right)


def title_veto(left: MatchFields, right: MatchFields) -> str:
    r"""Return the guard of numbers, names and places, which tell works apart too.

    >>> one, two = (MatchFields(record=text, title=text) for text in ("toan 10", "toan 11"))
    >>> title_veto(one, two)
    'veto-numbers\t10\t11'
    """
    return next(chain(_title_numbers(left, right), _named_apart(left, right)), "")


def _title_numbers(left: MatchFields, right: MatchFields) -> Iterator[str]:
    ours, theirs = numbers_in(left.title), numbers_in(right.title)
    if not (ours <= theirs or theirs <= ours):
        yield reason("veto-numbers", " ".join(sorted(ours)), " ".join(sorted(theirs)))


def _named_apart(left: MatchFields, right: MatchFields) -> Iterator[str]:
    """Object to other people and other places, unless an identifier is shared."""
    if not any(identifiers_of(left, one) & identifiers_of(right, one) for one in ("isbn", "doi")):
        yield from _names_apart(left, right)
        if places_apart(left.title_written, right.title_written):
            yield "veto-places"


def _names_apart(left: MatchFields, right: MatchFields) -> Iterator[str]:
    """Object to people whom only their diacritics tell apart.

    «Phạm Việt Hòa» and «Phạm Viết Hoa» are two persons; «Pham Viet Hoa» may be either.
    """
    ours, theirs = left.creators_written, right.creators_written
    if not ours or not theirs or ours == theirs or same_creators(ours, theirs):
        return
    for name in ours:
        for other in theirs:
            if marks_apart(name, other)[0] and _folded(name) == _folded(other):
                yield "veto-names"
                return


def _folded(name: str) -> list[str]:
    return sorted(folded(name).split())


def _years_apart(left: MatchFields, right: MatchFields) -> bool:
    """Say whether the years forbid a merge.

    Not if pages and publisher are the same: then it is another printing, or a slip of the pen. If
    one is said to be a reprint, it is enough that neither contradicts.
    """
    if left.year is None or right.year is None or abs(left.year - right.year) <= 1:
        return False
    if left.edition != right.edition and {left.edition, right.edition} != {"", "1"}:
        return True  # revised in one of them
    known = left.pages is not None and right.pages is not None
    is_reprint = bool(left.printing or right.printing)
    if left.pages != right.pages if known else not is_reprint:
        return True
    if not left.publisher or not right.publisher:
        return not is_reprint
    return not same_publisher(left.publisher, right.publisher)


@lru_cache(maxsize=100_000)
def same_publisher(left: str, right: str) -> bool:
    """Say whether two publishers' names, neither empty, may be one's.

    >>> same_publisher("giao duc", "giao duc viet nam"), same_publisher("tre", "giao duc")
    (True, False)
    >>> same_publisher("kh kt", "khoa hoc va ki thuat"), same_publisher("c hale", "charles hale s")
    (True, True)
    """
    if left == right:
        return True
    few, many = sorted((left, right), key=len)
    if set(few.split()) <= set(many.split()) or likeness(few, many) >= _ALIKE:
        return True
    if same_name(" ".join(sorted(few.split())), " ".join(sorted(many.split()))):
        return True
    initials = "".join(word[0] for word in many.split() if word not in _LITTLE_WORDS)
    return few.replace(" ", "") == initials and len(initials) > 1


def aligned(left: MatchFields, right: MatchFields) -> tuple[MatchFields, MatchFields]:
    """Read a bare number at a title's end as a volume if the other record says that it is one.

    «Giải tích 2» alone may be a title; beside «Giải tích. Tập 1» it is a volume.

    >>> one = MatchFields(record="a", title="giai tich", main_title="giai tich", volume="1")
    >>> two = MatchFields(record="b", title="giai tich 2", main_title="giai tich 2")
    >>> aligned(one, two)[1].volume
    '2'
    """
    if bool(left.volume) == bool(right.volume):
        return left, right
    if left.volume:
        return left, _numbered(right, left)
    return _numbered(left, right), right


def _numbered(fields: MatchFields, other: MatchFields) -> MatchFields:
    start, _, last = fields.main_title.rpartition(" ")
    number = number_of(last) if last and len(last) <= _LONGEST_NUMBER else None
    if number is None or start not in {other.main_title, other.title} or not start:
        return fields
    place = len(start.split())
    written = fields.title_written.split()
    return attrs.evolve(
        fields,
        title=" ".join(_without(fields.title.split(), place)),
        title_written=" ".join(_without(written, place)),
        main_title=start,
        volume=str(number),
    )


def _without(words: list[str], place: int) -> list[str]:
    return words[:place] + words[place + 1 :]


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

    A year written short after another, *1914–18*, is the whole one.

    >>> sorted(numbers_in("toan cao cap a1 lop 12 phan ii")), sorted(numbers_in("1914 18"))
    (['12', '2', 'a1'], ['1914', '1918'])
    """
    title = _SHORT_YEAR.sub(r"\1\2 \1\3", title)
    return frozenset(
        str(number_of(word)) if word in _ROMAN else word.lstrip("0")
        for word in title.split()
        if word in _ROMAN or any(map(str.isdecimal, word))
    )
