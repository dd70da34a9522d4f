"""How alike two texts and two lists of names are."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cache, lru_cache

from libconsortium import COMMON_WORDS, folded, spelling

# A Vietnamese syllable, folded: onset, vowels, end.
_SYLLABLE = re.compile(
    r"(?:b|ch?|d|gh?|gi|h|kh?|l|m|n|ngh?|nh|ph?|qu|r|s|th?|tr|v|x)?[aeiou]{1,3}(?:ch?|m|ng?|nh|p|t)?"
)
_DOUBLED = re.compile("aa|ee|ii")  # in no syllable
_REMEMBERED = 100_000  # candidates have the same few authors
_LONG_WORD = 5  # below, one letter makes another name: «Anh» is not «An»
_SAME_LONG_WORD = 0.8
_SAME_BUT_FOR_A_SLIP = 0.85
_LONGEST_PERSON = 4  # words; Vietnamese bodies are told by their length alone
_SOME_BODIES = (
    "of for and company co corporation inc department dept division bureau office committee"
    " commission council board agency university college school institute institution society"
    " association conference congress center centre laboratory press church states ministry museum"
    " et des der für verein gesellschaft"
)
_LITTLE = "va and of the cua et und a an in on for to with from by or de la le les des der die das"
LITTLE_WORDS = frozenset(_LITTLE.split())
"""Folded words that tell no title apart."""
_BODY_WORDS = frozenset(map(folded, map(spelling, _SOME_BODIES.split()))) - COMMON_WORDS


def likeness(left: str, right: str) -> float:
    """Return how alike two texts are, from 0 to 1: twice their longest common subsequence.

    Divided by both lengths together. RapidFuzz computes it faster if it is installed; the figure
    is the same.

    Source: Hyyrö, "Bit-parallel LCS-length computation revisited" (2004).

    >>> likeness("giai tich", "giai tich")
    1.0
    """
    return _likeness()(left, right)


@cache
def _likeness() -> Callable[[str, str], float]:
    try:
        from rapidfuzz.distance import Indel
    except ImportError:
        return plain_likeness
    return Indel.normalized_similarity


def plain_likeness(left: str, right: str) -> float:
    """Return the same figure without RapidFuzz.

    >>> plain_likeness("giai tich", "dai so")
    0.4
    """
    if not left and not right:
        return 1.0
    places: dict[str, int] = {}
    for place, letter in enumerate(left):
        places[letter] = places.get(letter, 0) | 1 << place
    every = (1 << len(left)) - 1
    row = every
    for letter in right:
        hits = row & places.get(letter, 0)
        row = ((row + hits) | (row - hits)) & every
    common = len(left) - row.bit_count()
    return 2 * common / (len(left) + len(right))


def marks_apart(left: str, right: str) -> tuple[int, int]:
    """Count the Vietnamese words of two texts that only their diacritics tell apart.

    In other languages a missing accent rarely makes another word, and the words do not count.

    Args:
        left: A text as ``spelling`` gives it.
        right: Another.

    Returns:
        How many such words have diacritics in both texts, and how many in one only. A text with
        no diacritics at all was typed without them and says nothing: both counts are 0.

    >>> from libconsortium import spelling
    >>> marks_apart(spelling("Phạm Việt Hòa"), spelling("Phạm Viết Hoa"))
    (1, 1)
    >>> marks_apart(spelling("Phạm Việt Hòa"), spelling("Pham Viet Hoa"))
    (0, 0)
    """
    if left == right or left.isascii() or right.isascii():
        return 0, 0
    ours, theirs = _words(left), _words(right)
    only_ours, only_theirs = _by_fold(ours - theirs), _by_fold(theirs - ours)
    both = one = 0
    folds = only_ours.keys() & only_theirs.keys()
    for word in folds.difference(map(_fold_of, ours & theirs)) if folds else ():
        if is_syllable(word):
            if any(map(str.isascii, only_ours[word] | only_theirs[word])):
                one += 1
            else:
                both += 1
    return both, one


@lru_cache(maxsize=_REMEMBERED)
def is_syllable(word: str) -> bool:
    """Say whether a folded word may be a Vietnamese syllable.

    >>> is_syllable("nghieng"), is_syllable("hcoj"), is_syllable("kee")
    (True, False, False)
    """
    return bool(_SYLLABLE.fullmatch(word)) and not _DOUBLED.search(word)


_fold_of = lru_cache(maxsize=_REMEMBERED)(folded)  # of words, of which there are few


def _words(text: str) -> set[str]:
    # «Kỹ» and «kĩ» are one word, spelled both ways.
    return set(text.replace("y", "i").split())


def _by_fold(words: set[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for word in words:
        found.setdefault(_fold_of(word), set()).add(word)
    return found


@lru_cache(maxsize=_REMEMBERED)  # guards and features ask the same
def same_creators(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    """Return the part of the shorter of two lists of names that stands in the other, 0 to 1.

    The order of the names does not count.

    Args:
        left: Names as in ``MatchFields.creators_written``; at least one.
        right: The other names; at least one.

    >>> same_creators(("hoai tô",), ("hoai tô", "an nguyen van"))
    1.0
    """
    few, many = sorted((left, right), key=lambda names: (len(names), names))
    found = sum(any(same_name(name, other) for other in many) for name in few)
    return found / len(few)


def share_surname(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Say whether a long word of one list of names stands in the other, alone or glued to others.

    Citations garble names (*D. Donjerkovicandr*) and first names change. Vietnamese given names are
    syllables that many share, and say nothing.

    Args:
        left: Names as in ``MatchFields.creators_written``.
        right: The other names.

    >>> share_surname(("d donjerkovic", "r ramakrishnan"), ("d donjerkovicandr",))
    True
    >>> share_surname(("fuong nguien thi",), ("fuong tran van",))
    False
    """
    ours, theirs = ({word for name in names for word in _long_words(name)}
                    for names in (left, right))  # fmt: skip
    return any(
        (word in other or other in word) and not is_syllable(min(word, other, key=len))
        for word in ours
        for other in theirs
    )


@lru_cache(maxsize=_REMEMBERED)
def _long_words(name: str) -> tuple[str, ...]:
    return tuple([word for word in folded(name).split() if len(word) > _LONG_WORD])


@lru_cache(maxsize=_REMEMBERED)
def is_body(name: str) -> bool:
    """Say whether a name is a body's rather than a person's; bodies are named in many ways.

    Args:
        name: Words of a name as ``spelling`` gives them.

    >>> is_body("of peace societi"), is_body("abercrombie john")
    (True, False)
    """
    words = folded(name).split()
    return len(words) > _LONGEST_PERSON or not _BODY_WORDS.isdisjoint(words)


@lru_cache(maxsize=_REMEMBERED)
def same_name(left: str, right: str) -> bool:
    """Say whether two names may be one person's.

    All words of one must stand in the other, in full, as initials or, if long, with a slip of the
    pen; a word that tells people apart must be among those in full. Common surnames tell nothing.

    Args:
        left: Words of a name as ``spelling`` gives them.
        right: Words of the other.

    >>> same_name("abercrombie john", "abercrombie j"), same_name("an nguyen van", "an nguyen thi")
    (True, False)
    >>> same_name("abercrombie j", "abercombie john")
    True
    """
    # Most names are other names: their diacritics are looked at last.
    return left == right or (_folds_agree(left, right) and not any(marks_apart(left, right)))


def _folds_agree(left: str, right: str) -> bool:
    ours, theirs = _folded_words(left), _folded_words(right)
    shared = ours & theirs
    if not shared - COMMON_WORDS or max(map(len, shared)) == 1:
        if not _slipped(ours - shared, theirs - shared):
            return ours == theirs and bool(ours)
        shared = frozenset()
    few, many = sorted((sorted(ours - shared), sorted(theirs - shared)), key=_size)
    return all(any(_same_word(word, other) for other in many) for word in few)


@lru_cache(maxsize=_REMEMBERED)
def _folded_words(name: str) -> frozenset[str]:
    return frozenset(folded(name).split())


def _slipped(ours: Collection[str], theirs: Collection[str]) -> bool:
    """Say whether a long word of each is the other's with a slip of the pen."""
    long, others = ([word for word in words if len(word) > _LONG_WORD] for words in (ours, theirs))
    return any(likeness(word, other) >= _SAME_BUT_FOR_A_SLIP for word in long for other in others)


def _size(words: list[str]) -> tuple[int, list[str]]:
    return len(words), words


def _same_word(left: str, right: str) -> bool:
    if min(len(left), len(right)) == 1:
        return left[0] == right[0]
    few, many = sorted((left, right), key=len)
    if len(few) >= _LONG_WORD:
        return likeness(few, many) >= _SAME_LONG_WORD
    return len(many) >= _LONG_WORD and is_shortened(few, many)


def is_shortened(few: str, many: str) -> bool:
    """Say whether a short word that is no syllable abbreviates a longer one: *Wm*, *Phil*, *Chas*.

    Args:
        few: A folded word of two letters and more.
        many: A longer one.

    >>> is_shortened("wm", "william"), is_shortened("chas", "charles"), is_shortened("lan", "lanh")
    (True, True, False)
    """
    if few[0] != many[0] or is_syllable(few):
        return False
    rest = iter(many)
    return all(letter in rest for letter in few)
