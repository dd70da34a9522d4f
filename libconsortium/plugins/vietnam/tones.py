"""Puts the tone mark where one of the two customs has it: ``hòa`` (old) or ``hoà`` (new)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from libconsortium import RepairedText
from libconsortium.plugins.vietnam.syllables import WORD, is_surely_vietnamese, is_syllable

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_OPEN = re.compile("^(?P<onset>.*?)(?P<glide>[ou])(?P<vowel>[aey])$", re.IGNORECASE)
_PAIRS = frozenset({"oa", "oe", "uy"})
_NOT_AFTER = {"uy": ("q",), "oe": ("n", "p", "ph", "")}  # quý; the names Noé and Poé


def tones_old(text: str) -> RepairedText:
    """Write ``hòa``, ``khỏe``, ``thủy``: the mark on the first of the two vowels.

    >>> tones_old("Hoà Bình, khoẻ, thuỷ lợi, quý, hoàn").text
    'Hòa Bình, khỏe, thủy lợi, quý, hoàn'
    """
    return RepairedText(text=_placed(text, on_first=True))


def tones_new(text: str) -> RepairedText:
    """Write ``hoà``, ``khoẻ``, ``thuỷ``: the mark on the second of the two vowels.

    >>> tones_new("Hòa Bình, khỏe, thủy lợi, của").text
    'Hoà Bình, khoẻ, thuỷ lợi, của'
    """
    return RepairedText(text=_placed(text, on_first=False))


def has_marks(text: str) -> bool:
    """Say whether a text has letters with marks.

    >>> has_marks("Hòa"), has_marks("Hoa")
    (True, False)
    """
    return not text.isascii()


def _placed(text: str, *, on_first: bool) -> str:
    if not is_surely_vietnamese(unicodedata.normalize("NFC", text)):
        words = WORD.findall(text)
        if not all(word.isascii() or is_syllable(word) for word in words):
            return text
    return WORD.sub(lambda found: _word(found.group(), on_first=on_first), text)


@lru_cache(maxsize=50_000)
def _word(word: str, *, on_first: bool) -> str:
    parts = unicodedata.normalize("NFD", word)
    tone = "".join(char for char in parts if char in _TONES)
    plain = unicodedata.normalize("NFC", "".join(char for char in parts if char not in _TONES))
    found = _OPEN.match(plain)
    if len(tone) != 1 or found is None or not is_syllable(word):
        return word
    pair, onset = (found["glide"] + found["vowel"]).lower(), found["onset"].lower()
    if pair not in _PAIRS or onset in _NOT_AFTER.get(pair, ()):
        return word
    first, second = found["glide"], found["vowel"]
    marked = first + tone + second if on_first else first + second + tone
    return unicodedata.normalize("NFC", found["onset"] + marked)
