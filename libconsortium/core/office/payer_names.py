"""Names as banks print them: without diacritics, shortened, among other words.

A name is told by the words in it that few others have; a word counts as said if it stands there or
if its initial does among those of its neighbours (``TV`` for *thư viện*).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import log

from libconsortium.core.text import fold, folded, has_diacritics, spelling

_COMMON_WEIGHT = 0.1  # of a word that every name has
_HALF_WEIGHT = log(2) + _COMMON_WEIGHT + 0.01  # of a word that half of the names have
_LEAST_INITIALS = 2


def word_weights(names: Mapping[str, Iterable[str]]) -> dict[str, float]:
    """Return how much each word of the payers' names tells: much if few of them have it.

    Args:
        names: The names of each payer by id.

    >>> weights = word_weights({"a": ["Thư viện Huế"], "b": ["Thư viện Hà Nội"]})
    >>> weights["hue"] > weights["vien"]
    True
    """
    words = {
        payer: {word for name in some for word in fold(name).split()}
        for payer, some in names.items()
    }
    counts = Counter(word for some in words.values() for word in some)
    return {word: log(len(words) / count) + _COMMON_WEIGHT for word, count in counts.items()}


def name_score(
    name: str, text: str, weights: dict[str, float]
) -> tuple[float, frozenset[str], str]:
    """Return which part of a name a text says, from 0 to 1, with the words, folded and as written.

    >>> score, words, written = name_score("Thư viện Huế", "TV HUE nop", {"hue": 3.0})
    >>> round(score, 2), written
    (1.0, 'Thư viện Huế')
    """
    # A text with diacritics tells Hòa from Hoa; one without can only be compared without.
    level = spelling if has_diacritics(text) else fold
    words = level(name).split()
    said = level(text).split()
    pairs = set(pairwise(said))
    weight_of = [weights.get(folded(word), _COMMON_WEIGHT) for word in words]
    telling = {place for place, weight in enumerate(weight_of) if weight >= _HALF_WEIGHT}
    present = [
        word in said and _is_beside(place, words, telling, pairs)
        for place, word in enumerate(words)
    ]
    for start in range(len(words)):
        for end in range(start + _LEAST_INITIALS, len(words) + 1):
            # Two initials stand for too many names: «QN» is Quảng Ninh and Quảng Nam.
            is_telling = end - start > _LEAST_INITIALS or max(weight_of[start:end]) < _HALF_WEIGHT
            if is_telling and "".join(word[0] for word in words[start:end]) in said:
                present[start:end] = [True] * (end - start)
    whole = sum(weight_of)
    told = [place for place, is_said in enumerate(present) if is_said]
    score = sum(weight_of[place] for place in told) / whole if whole else 0.0
    written = name.split() if len(name.split()) == len(words) else words
    return (
        score,
        frozenset(folded(words[place]) for place in told),
        " ".join(written[place] for place in told),
    )


def _is_beside(
    place: int, words: Sequence[str], telling: set[int], pairs: set[tuple[str, str]]
) -> bool:
    """Say whether a telling word stands beside another of its name: «Hà» of «Hà Nội» does not."""
    beside = [
        pair
        for one, pair in (
            (place - 1, (words[place - 1], words[place])),
            (place + 1, (words[place], words[min(place + 1, len(words) - 1)])),
        )
        if one in telling
    ]
    return place not in telling or not beside or any(pair in pairs for pair in beside)
