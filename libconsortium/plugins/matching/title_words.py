"""Words that a title has and another has not: a title cut short, or another title?"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from operator import eq

from libconsortium import folded
from libconsortium.plugins.matching.likeness import LITTLE_WORDS, is_syllable, likeness
from libconsortium.plugins.matching.title_numbers import in_digits

_SOME_NUMERALS = (
    "mot hai ba bon tu nam lam sau bai tam chin muoi tram nghin ngan le linh trieu vai one two"
    " three four five six seven eight nine ten eleven twelve twenti thirti forti fifti hundred"
    " thousand"
)
_NUMERALS = frozenset(_SOME_NUMERALS.split())
_MISREAD = (("1", "l"), ("0", "o"), ("rn", "m"), ("ri", "n"), ("li", "h"), ("ii", "u"), ("vv", "w"))
"""What a machine reads for a letter or two."""
_REMEMBERED = 100_000  # titles have the same few words
_LONG_WORD = 5
_SAME_LONG_WORD = 0.8
_SLIP_COUNTS = 0.5
_BEGINNINGS = (
    "macro micro in im un non anti inter intra pre post over under hiper hipo endo exo bio geo neo"
    " psicho electro astro agro"
)
_PREFIXES = frozenset(_BEGINNINGS.split())
"""Folded beginnings that make another word of a word, long as what follows may be."""
_FEWEST_LETTERS = 2
_SHORTENED = 3  # letters: «Mar.», «Apr.»; one more if it may be a word itself


def words_of_both(left: str, right: str) -> int:
    """Count the words by which each of two titles differs from the other; the lesser of the two.

    A title that was cut, or has something added, has words of its own on one side only; where both
    have some, as *Population of New York* and *Population of New Hampshire*, it is another title.
    A word that stands in the other nearly so, or joined to its neighbour, is not counted.

    Args:
        left: A folded title.
        right: Another.

    >>> words_of_both("population of new york", "population of new hampshire")
    1
    >>> words_of_both("a history of rome", "histori of rome from its beginning")
    0
    """
    left, right = in_digits(left), in_digits(right)
    ours, theirs = set(left.split()), set(right.split())
    only_ours = _own(ours - theirs, theirs - ours, right)
    return min(len(only_ours), len(_own(theirs - ours, ours - theirs, left))) if only_ours else 0


def words_swapped(left: str, right: str) -> float:
    """Say how surely two titles are one pattern filled in otherwise, from 0 to 1.

    *Hoá học hữu cơ* and *Hoá học vô cơ*: equal before and behind, other words between. Titles that
    were rewritten or cut differ at several places. One letter of one word may be a slip: one half.

    Args:
        left: A folded title.
        right: Another.

    >>> words_swapped("hoa hoc huu co", "hoa hoc vo co"), words_swapped("cau vong", "cau von")
    (1.0, 0.5)
    >>> words_swapped("giai tich", "giai tich 2"), words_swapped("dai so", "hinh hoc")
    (0.0, 0.0)
    """
    ours, theirs = in_digits(left).split(), in_digits(right).split()
    one, other = _between(ours, theirs, eq)
    if "".join(one) == "".join(other):
        return 0.0  # a blank too many or in the wrong place
    one, other = _between(one, other, _nearly)
    if len(one) == len(ours):
        return float(len(ours) == len(theirs) == 1 and _are_opposite(ours[0], theirs[0]))
    one, other = _telling(one), _telling(other)
    if not one or not other or _is_one(one, other):
        return 0.0
    is_near = len(one) == len(other) == 1 and _one_letter_apart(one[0], other[0])
    return _SLIP_COUNTS if is_near else 1.0


def is_slip(left: str, right: str) -> bool:
    """Say whether a slip of the pen explains the one word by which two titles differ.

    Args:
        left: A title as spelled: *đất* and *đá* differ in two things, though their folds in one.
        right: Another.

    >>> from libconsortium import spelling
    >>> is_slip(spelling("Cơ học đất"), spelling("Cơ học đá"))
    False
    >>> is_slip(spelling("Cơ học đất"), spelling("Cơ học đấ"))
    True
    """
    if left.isascii() or right.isascii():
        return True  # without diacritics nothing more can be said
    ours, theirs = set(left.split()), set(right.split())
    only_ours, only_theirs = ours - theirs, theirs - ours
    if len(only_ours) != 1 or len(only_theirs) != 1:
        return True
    one, other = only_ours.pop(), only_theirs.pop()
    if _marks(one) != _marks(other) and folded(one) != folded(other):
        return _are_misread(one, other)
    return _one_letter_apart(one, other)


def _marks(word: str) -> list[str]:
    return sorted(letter for letter in word if unicodedata.combining(letter))


def _between(
    ours: Sequence[str], theirs: Sequence[str], are_same: Callable[[str, str], bool]
) -> tuple[Sequence[str], Sequence[str]]:
    """Return what is left of two titles without the words that they begin and end with alike."""
    start = _shared(ours, theirs, are_same)
    ours, theirs = ours[start:], theirs[start:]
    end = _shared(ours[::-1], theirs[::-1], are_same)
    return ours[: len(ours) - end], theirs[: len(theirs) - end]


def _shared(
    ours: Sequence[str], theirs: Sequence[str], are_same: Callable[[str, str], bool]
) -> int:
    """Count the words that two titles begin with alike."""
    count = 0
    for one, other in zip(ours, theirs, strict=False):
        if not are_same(one, other):
            break
        count += 1
    return count


def _telling(words: Iterable[str]) -> list[str]:
    return [word for word in words if word not in LITTLE_WORDS]


def _is_one(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Say whether two runs of words may say the same: moved, abbreviated, or numbers."""
    if not set(ours).isdisjoint(theirs):
        return True
    for numbers, others in ((ours, theirs), (theirs, ours)):
        if all(map(_is_number, numbers)) and all(map(_counts, others)):
            return True  # the guard of numbers knows
    if any(_nearly(word, another) for word in ours for another in theirs):
        return True
    few, many = sorted((ours, theirs), key=len)
    return len(few) == 1 and len(many) > 1 and few[0] == "".join(word[0] for word in many)


def _is_number(word: str) -> bool:
    return any(map(str.isdecimal, word))


def _counts(word: str) -> bool:
    return _is_number(word) or word in _NUMERALS


def _own(words: set[str], others: set[str], other: str) -> list[str]:
    joined = other.replace(" ", "")
    return [
        word
        for word in words
        if len(word) > 1
        and word not in LITTLE_WORDS
        and not (len(word) >= _LONG_WORD - 1 and word in joined and not _is_opposed(word, others))
        and not any(map(_nearly, repeat(word), others))
    ]


def _is_opposed(word: str, others: Iterable[str]) -> bool:
    return any(_are_opposite(word, other) for other in others)


@lru_cache(maxsize=_REMEMBERED)
def _nearly(left: str, right: str) -> bool:
    """Say whether two words may be one: abbreviated, in another form, or with a slip of the pen."""
    few, many = (left, right) if len(left) < len(right) else (right, left)
    if many.startswith(few) and len(few) >= _SHORTENED + is_syllable(few):
        return True
    if _are_opposite(left, right):
        return False
    if _are_misread(left, right):
        return True
    if len(few) >= _LONG_WORD:
        return likeness(few, many) >= _SAME_LONG_WORD
    if _is_abbreviated(few, many):
        return True
    # A short word is another with one letter less, unless that makes no word.
    return not (is_syllable(few) and is_syllable(many)) and _one_letter_apart(few, many)


def _are_misread(left: str, right: str) -> bool:
    """*Trìnli* for *trình*, *1uật* for *luật*: not if both are words."""
    if is_syllable(folded(left)) and is_syllable(folded(right)):
        return False
    for seen, meant in _MISREAD:
        left, right = left.replace(seen, meant), right.replace(seen, meant)
    return left == right


def _is_abbreviated(few: str, many: str) -> bool:
    """*Dept*, *mfg*: letters of a long word in their order, the first one first."""
    if len(few) < _FEWEST_LETTERS or len(many) < 2 * _LONG_WORD - 2 or few[0] != many[0]:
        return False
    rest = iter(many)
    return not is_syllable(few) and all(letter in rest for letter in few)


def _are_opposite(left: str, right: str) -> bool:
    """*Macroeconomics* and *microeconomics*, *organic* and *inorganic*: one stem."""
    ours, theirs = _stems(left), _stems(right)
    if len(ours) == len(theirs) == 1:
        return False  # neither has a beginning that could be taken away
    return any(ours[stem] != theirs[stem] for stem in ours.keys() & theirs.keys())


@lru_cache(maxsize=_REMEMBERED)
def _stems(word: str) -> Mapping[str, str]:
    """Return what is left of a word without such a beginning, and the beginning."""
    found = {word: ""}
    for start in _PREFIXES:
        if word.startswith(start) and len(word) >= len(start) + _LONG_WORD:
            found[word.removeprefix(start)] = start
    return found


def _one_letter_apart(left: str, right: str) -> bool:
    """Say whether one letter dropped, added or changed, or two swapped, make a word the other."""
    few, many = sorted((left, right), key=len)
    if len(many) - len(few) > 1:
        return False
    start = 0
    while start < len(few) and few[start] == many[start]:
        start += 1
    if len(few) < len(many):
        return few[start:] == many[start + 1 :]
    rest, other = few[start:], many[start:]
    return rest[1:] == other[1:] or (rest[:2] == other[1::-1] and rest[2:] == other[2:])
