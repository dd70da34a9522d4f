"""Text made comparable: spelling, folding and Vietnamese order; the original is never touched.

Two texts are compared on two levels. Their *spelling* keeps every letter and diacritic and only
levels what writers and systems do differently without meaning anything: case, punctuation, Unicode
form, where the tone mark stands (``hòa``, ``hoà``). The *fold* drops the diacritics too, so that
records typed without them are found; it says who may be alike, never who is.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TypeAlias

SortKey: TypeAlias = tuple[tuple[tuple[int, int, str], ...], tuple[int, ...], tuple[bool, ...]]
"""Places, tones and capitals of a text's letters."""

_MARKS = range(0x0300, 0x0370)  # Unicode block "Combining Diacritical Marks"
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền hỏi ngã sắc nặng
_SAME_LETTER = str.maketrans({"ð": "đ", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l"})
_APOSTROPHES = "'’‘ʼʻʹʿʾ`"  # within a word; romanisations write the same sound with any of them
_ALPHABET = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_LINE_ENDS = "\x85\u2028\u2029"
_REMEMBERED = 200_000  # words; a catalogue has few, each very often
_BLANK, _SIGN, _DIGIT, _LETTER, _OTHER = range(5)
_FIRST_OF = {_BLANK: "!", _DIGIT: "0", _LETTER: "A"}  # in a sort text; «"» and «~» are the rest


def spelling(text: str) -> str:
    """Return a text's words as spelled: without case, punctuation and place of the tone mark.

    Tone marks move to the end of their word, so both ways to write a Vietnamese syllable become
    one; letters and marks are otherwise kept, in normal form KD. ``ð`` typed for ``đ`` counts
    as ``đ``.

    >>> spelling("Hòa Bình") == spelling("HOÀ  BÌNH.") == spelling("Hoà Bi\u0300nh")
    True
    >>> spelling("Việt") == spelling("Viết")
    False
    """
    return " ".join(filter(None, map(_word_spelling, text.split())))


def fold(text: str) -> str:
    """Return a text's words without case, punctuation and diacritics, and with ``y`` as ``i``.

    For keys and search only: different words fall together (``Việt`` and ``Viết``).

    >>> fold("Đại học Quốc gia: Vật lý (kỹ thuật)")
    'dai hoc quoc gia vat li ki thuat'
    """
    return folded(spelling(text))


def folded(spelled: str) -> str:
    """Return the fold of a text of which the spelling is known; ``fold`` does both steps.

    >>> folded(spelling("Hoà Bình"))
    'hoa binh'
    """
    if spelled.isascii():
        return spelled.replace("y", "i")
    return " ".join(filter(None, map(_folded_word, spelled.split())))


def has_diacritics(text: str) -> bool:
    """Say whether any letter of a text carries a diacritic (``đ`` does).

    >>> has_diacritics("Truyện Kiều"), has_diacritics("Truyen Kieu")
    (True, False)
    """
    return any(
        ord(letter) in _MARKS or letter in "đĐðÐ" for letter in unicodedata.normalize("NFD", text)
    )


def vietnamese_sort_key(text: str) -> SortKey:
    """Return a key that sorts as a Vietnamese dictionary does.

    Letters come first (a ă â b … d đ e ê …), then tones (level, huyền, hỏi, ngã, sắc, nặng),
    then small letters before capitals; blanks sort before signs, signs before digits, digits
    before letters.

    Source: TCVN 6909 and the order of the Unicode CLDR for ``vi``.

    >>> sorted(["Đỗ", "Dương", "Ân", "An", "Ăn", "Dũng", "Dung"], key=vietnamese_sort_key)
    ['An', 'Ăn', 'Ân', 'Dung', 'Dũng', 'Dương', 'Đỗ']
    """
    places, tones, capitals = [], [], []
    for char in unicodedata.normalize("NFC", text):
        tone, letter = _without_tone(char)
        small = letter.lower()
        places.append(_place(small))
        tones.append(tone)
        capitals.append(letter != small)
    return tuple(places), tuple(tones), tuple(capitals)


def vietnamese_sort_text(text: str) -> str:
    """Return a text that sorts by its code points as ``vietnamese_sort_key`` sorts.

    For databases and search engines, which then need to know nothing of Vietnamese.

    >>> sorted(["Đỗ", "Dương", "Ân", "An", "Ăn", "Dũng", "Dung"], key=vietnamese_sort_text)
    ['An', 'Ăn', 'Ân', 'Dung', 'Dũng', 'Dương', 'Đỗ']
    """
    places, tones, capitals = vietnamese_sort_key(text)
    return " ".join(
        (
            "".join(map(_written_place, places)),
            "".join(map(str, tones)).rstrip("0"),
            "".join("1" if is_capital else "0" for is_capital in capitals).rstrip("0"),
        )
    )


def _written_place(place: tuple[int, int, str]) -> str:
    kind, number, letter = place
    if kind in _FIRST_OF:
        return chr(ord(_FIRST_OF[kind]) + number)
    return f"{'~' if kind == _OTHER else chr(34)}{letter if letter > ' ' else ''}"


@lru_cache(maxsize=_REMEMBERED)
def _word_spelling(word: str) -> str:
    # Twice, because «№» holds a capital and because folding case can compose.
    small = unicodedata.normalize("NFKD", word).casefold()
    letters = unicodedata.normalize("NFKD", small).translate(_SAME_LETTER)
    return " ".join(map(_tones_last, "".join(map(_letter_or_blank, letters)).split()))


def _letter_or_blank(char: str) -> str:
    if char in _APOSTROPHES:
        return ""
    kept = char.isalnum() or unicodedata.category(char).startswith("M")
    return char if kept else " "


def _tones_last(word: str) -> str:
    tones = "".join(sorted(char for char in word if char in _TONES))
    return "".join(char for char in word if char not in _TONES) + tones


@lru_cache(maxsize=_REMEMBERED)
def _folded_word(word: str) -> str:
    plain = "".join(letter for letter in word if ord(letter) not in _MARKS)
    return plain.replace("đ", "d").replace("y", "i")  # empty if a mark stood alone


@lru_cache(maxsize=10_000)
def _without_tone(char: str) -> tuple[int, str]:
    parts = unicodedata.normalize("NFD", char)
    tone = next((_TONES[part] for part in parts if part in _TONES), 0)
    letter = "".join(part for part in parts if part not in _TONES)
    return tone, unicodedata.normalize("NFC", letter)


@lru_cache(maxsize=10_000)
def _place(letter: str) -> tuple[int, int, str]:
    if letter in _ALPHABET:
        return _LETTER, _ALPHABET[letter], ""
    if letter.isspace():
        return _BLANK, 0, ""
    if letter.isdecimal():
        return _DIGIT, unicodedata.decimal(letter), ""
    return (_OTHER if letter.isalpha() else _SIGN), 0, letter


def on_one_line(written: str) -> str:
    r"""Return a JSON text without the signs that many programs take for the end of a line.

    JSON itself allows them within a text; who reads JSON Lines by lines would break it there.

    Args:
        written: What ``json.dumps`` made.

    Source: Unicode 16, UAX 14, classes NL and BK: U+0085, U+2028, U+2029.

    >>> on_one_line('"a\u2028b"')
    '"a\\u2028b"'
    """
    for sign in _LINE_ENDS:
        written = written.replace(sign, f"\\u{ord(sign):04x}")
    return written
