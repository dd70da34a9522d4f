"""Places that titles name: the histories of two communes are two books, however alike."""

from __future__ import annotations

from functools import lru_cache

from libconsortium import folded, spelling
from libconsortium.plugins.matching.likeness import likeness

_SIGNS = tuple(
    spelling(sign).split()
    for sign in (
        "tỉnh", "thành phố", "thị xã", "thị trấn", "huyện", "quận", "phường", "xã", "làng", "thôn",
    )
)  # fmt: skip
_NO_PLACE = frozenset(map(spelling, ("hội", "nghề")))  # «xã hội» is society
_SAME_WORD = 0.75
_VOWELS = frozenset("aeiou")


@lru_cache(maxsize=100_000)
def places_apart(left: str, right: str) -> bool:
    """Say whether two titles that begin alike name two places behind the same sign of a place.

    The first word in which they differ is looked at. Titles typed without diacritics say nothing:
    their signs may be other words.

    Args:
        left: A title as ``spelling`` gives it.
        right: Another.

    >>> one, two, same = map(spelling, ("Sử xã Tân Bình", "Sử xã Hoà Bình", "Sử xã Hòa Bình, 1930"))
    >>> places_apart(one, two), places_apart(two, same)
    (True, False)
    """
    ours, theirs = left.split(), right.split()
    both = list(zip(ours, theirs, strict=False))
    place = next((number for number, (one, two) in enumerate(both) if one != two), None)
    if place is None or not _is_named(ours, place):
        return False
    one, two = (folded(word).replace("k", "c") for word in both[place])  # «Bắc Kạn», «Bắc Cạn»
    are_words = _VOWELS & set(one) and _VOWELS & set(two)  # «HCM» and «1945» name nothing else
    return bool(are_words) and likeness(one, two) < _SAME_WORD


def _is_named(words: list[str], place: int) -> bool:
    """Say whether a word is the first or second behind the sign of a place."""
    for start in (place, place - 1):
        if start > 0 and words[start] not in _NO_PLACE:
            before = words[:start]
            if any(before[-len(sign) :] == sign for sign in _SIGNS):
                return True
    return False
