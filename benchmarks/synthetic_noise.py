"""The damage that texts come to between a title page and a union catalogue."""

from __future__ import annotations

import random
import unicodedata

from libconsortium import TCVN3_LETTERS

_TO_TCVN3 = {ord(meant): written for written, meant in TCVN3_LETTERS}
_MARKS = dict.fromkeys(range(0x300, 0x370))
_SPELLINGS = (("lý", "lí"), ("kỹ", "kĩ"), ("hóa", "hoá"), ("thủy", "thuỷ"), ("Hòa", "Hoà"))


def without_diacritics(text: str, _: random.Random) -> str:
    """Type a text without diacritics, capitals kept."""
    plain = unicodedata.normalize("NFD", text).translate(_MARKS)
    return plain.replace("đ", "d").replace("Đ", "D")


def in_tcvn3(text: str, _: random.Random) -> str:
    """Write a text in TCVN3 and read it as Latin letters; capitals lose their marks to the font."""
    composed = unicodedata.normalize("NFC", text)
    known = (
        letter if ord(letter) in _TO_TCVN3 or letter.isascii() else letter.lower()
        for letter in composed
    )
    return "".join(known).translate(_TO_TCVN3)


def other_spelling(text: str, _: random.Random) -> str:
    """Spell a text the other accepted way: «lí», «hoá»."""
    for one, other in _SPELLINGS:
        text = text.replace(one, other)
    return text


def slipped(text: str, chance: random.Random) -> str:
    """Drop, double or swap one letter."""
    if len(text) < len("abcd"):
        return text
    place = chance.randrange(1, len(text) - 1)
    kind = chance.choice(("drop", "double", "swap"))
    if kind == "drop":
        return text[:place] + text[place + 1 :]
    if kind == "double":
        return text[:place] + text[place] + text[place:]
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def with_initials(name: str) -> str:
    """Shorten all but the last word of a name: «N. V. An»."""
    *words, last = name.split()
    return " ".join([*(f"{word[0]}." for word in words), last])
