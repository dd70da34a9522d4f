"""The numbers by which titles count things: digits, Roman numerals, ordinals in words, letters."""

from __future__ import annotations

import re
from functools import lru_cache

from libconsortium import number_of

_SHORT_YEAR = re.compile(r"\b(1[5-9]|20)([0-9]{2}) ([0-9]{2})\b")
_ORDINAL = re.compile(r"\b([0-9]{1,3})(?:st|nd|rd|th)\b")
_DISC = re.compile(r"\b(?:cd|dvd|vcd|dis[ck]|dia) ?([0-9]{1,2})\b")
_ENGLISH = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_IN_ENGLISH = {word: str(number) for number, word in enumerate(_ENGLISH.split(), start=1)}
# Folded, so «bảy» is «bai»; «năm» is five only behind «thứ».
_ONES = {"nhat": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "lam": 5, "sau": 6,
         "bai": 7, "tam": 8, "chin": 9}  # fmt: skip
_ONE = "|".join(_ONES)
# «Mùa thu năm ấy» counts nothing.
_VIETNAMESE = re.compile(
    rf"(?<!mua )\bthu (?:(?P<tens>{_ONE}) muoi(?: (?P<one>{_ONE}))?"
    rf"|muoi(?: (?P<teen>{_ONE}))?|(?P<only>{_ONE}))\b"
)
_ROMAN = re.compile(r"(?=..)x{0,3}(?:ix|iv|v?i{0,3})")
_ONE_LETTER_ROMAN = re.compile(r"\b(thu|lan|the ki|khoa|dai hoi|part|world war) ([ivx])\b")
_THE_YEAR = re.compile(r"\bnam (?=[12][0-9]{3}\b)")
_SOME_BEHIND_VI = "mo sinh phan khuan xu mach dieu tinh luong ba the rut phau"
_MICRO = {"vi": frozenset(_SOME_BEHIND_VI.split()), "xi": frozenset(("mang", "ma"))}
"""Vietnamese words that look like Roman numerals, by the words behind them."""
_MISREAD = re.compile(r"[a-z]*[01][a-z]{2,}")  # «1uat», «th0ng»
_LETTERED = re.compile(
    r"\b(?:series?|seri|loai|phan|part|section|class|tap|quien|khoi|nhom) ([a-h])\b"
)


@lru_cache(maxsize=100_000)
def numbers_in(title: str) -> frozenset[str]:
    """Return what numbers things in a folded title: words with a digit, Roman numerals, ordinals.

    A year written short after another, *1914–18*, is the whole one; a Roman numeral of one letter
    and a letter count behind what they number only.

    >>> sorted(numbers_in("toan cao cap a1 lop 12 phan ii")), sorted(numbers_in("1914 18"))
    (['12', '2', 'a1'], ['1914', '1918'])
    >>> numbers_in("dai hoi lan thu muoi ba") == numbers_in("dai hoi lan thu xiii")
    True
    >>> sorted(numbers_in("the 3rd congress")), sorted(numbers_in("acta biologica series a"))
    (['3'], ['a'])
    """
    return frozenset(filter(None, map(_number, in_digits(title).split()))) | frozenset(
        _LETTERED.findall(title)
    )


@lru_cache(maxsize=100_000)
def in_digits(title: str) -> str:
    """Return a folded title with the ordinals and Roman numerals that are sure in digits.

    >>> in_digits("ki ieu hoi nghi lan thu ba"), in_digits("the third congress")
    ('ki ieu hoi nghi lan thu 3', 'the 3 congress')
    >>> in_digits("greatest hits cd1") == in_digits("greatest hits disc 1")
    True
    """
    title = _SHORT_YEAR.sub(r"\1\2 \1\3", title)
    title = _ORDINAL.sub(r"\1", title)
    title = _DISC.sub(r"disc \1", title)
    if "thu " in title:
        title = _VIETNAMESE.sub(_counted, title)
    title = _ONE_LETTER_ROMAN.sub(lambda found: f"{found[1]} {number_of(found[2])}", title)
    title = _THE_YEAR.sub("", title)
    words = title.split()
    return " ".join(
        word if after in _MICRO.get(word, ()) else _word_in_digits(word)
        for word, after in zip(words, (*words[1:], ""), strict=False)
    )


def _counted(found: re.Match[str]) -> str:
    tens = _ONES[found["tens"]] if found["tens"] else int(not found["only"])
    ones = found["one"] or found["teen"] or found["only"]
    return f"thu {10 * tens + _ONES.get(ones, 0)}"


@lru_cache(maxsize=100_000)  # titles have the same few words
def _word_in_digits(word: str) -> str:
    if _ROMAN.fullmatch(word):
        return str(number_of(word))
    return _IN_ENGLISH.get(word, word)


@lru_cache(maxsize=100_000)
def _number(word: str) -> str:
    if _MISREAD.fullmatch(word):
        return ""
    return word.lstrip("0") if any(map(str.isdecimal, word)) else ""
