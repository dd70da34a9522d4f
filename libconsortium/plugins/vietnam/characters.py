"""Repairs of single characters: entities, combining marks, invisible signs, the letter đ."""

from __future__ import annotations

import html
import re
import unicodedata
from html.entities import html5

from libconsortium import RepairedText
from libconsortium.plugins.vietnam.sure import may_be_in_old_encoding
from libconsortium.plugins.vietnam.syllables import WORD, is_surely_vietnamese, is_syllable

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ROUNDS = 4
_NOT_SEEN = "\u00ad\u200b\u2060\ufeff"
_SOFT_HYPHEN = "\u00ad"
_INVISIBLE = re.compile(f"[{_NOT_SEEN}]")
_LIKE_D = {"ð": "đ", "Ð": "Đ", "\u0256": "đ", "\u0189": "Đ"}
_STROKED = re.compile("([dD])\u0335")
_LAST_CODE = 0x10FFFF


def without_entities(text: str) -> RepairedText:
    """Write HTML's entities as characters, doubly escaped ones too; ``AT&T`` stays.

    >>> without_entities("Th&#432; Vi&#7879;n &amp;amp; b&#225;o").text
    'Thư Viện & báo'
    """
    for _ in range(_ROUNDS):
        done = _ENTITY.sub(_character, text)
        if done == text:
            break
        text = done
    return RepairedText(text=text)


def has_entities(text: str) -> bool:
    """Say whether a text has HTML's entities.

    >>> has_entities("R&D; AT&T"), has_entities("&#7879;")
    (False, True)
    """
    return "&" in text and _ENTITY.search(text) is not None


def composed(text: str) -> RepairedText:
    r"""Write letters and their marks as one character each (normal form C).

    >>> composed("Vie\u0323\u0302t").text
    'Việt'
    """
    return RepairedText(text=unicodedata.normalize("NFC", text))


def is_decomposed(text: str) -> bool:
    r"""Say whether a text is not in normal form C.

    >>> is_decomposed("Vie\u0323\u0302t")
    True
    """
    return not unicodedata.is_normalized("NFC", text)


def without_invisible(text: str) -> RepairedText:
    r"""Take out soft hyphens, zero-width blanks and byte order marks; joiners stay.

    A soft hyphen stays where it may be a letter: TCVN3 writes its ư so, VISCII its ễ.

    >>> without_invisible("th\u00adư\u200b viện").text
    'thư viện'
    """
    if _SOFT_HYPHEN in text and may_be_in_old_encoding(text):
        return RepairedText(text=_INVISIBLE.sub(_kept_soft, text))
    return RepairedText(text=_INVISIBLE.sub("", text))


def _kept_soft(found: re.Match[str]) -> str:
    return found[0] if found[0] == _SOFT_HYPHEN else ""


def has_invisible(text: str) -> bool:
    r"""Say whether a text has signs that nobody sees.

    >>> has_invisible("th\u00adư viện")
    True
    """
    if text.isascii():
        return False
    # Sign by sign it is quicker than a pattern.
    return "\u00ad" in text or "\u200b" in text or "\u2060" in text or "\ufeff" in text


def with_d_stroke(text: str) -> RepairedText:
    """Write đ for ð and ɖ where the word is Vietnamese; Icelandic and Old English stay.

    A d with a stroke laid over it is đ anywhere. The others begin the word, the word is a syllable
    with đ, and it or the text has letters that tell it from other languages.

    >>> with_d_stroke("Ðại học Ðà Lạt").text
    'Đại học Đà Lạt'
    >>> with_d_stroke("Guðrún ðe Ðæt").text
    'Guðrún ðe Ðæt'
    """
    text = _STROKED.sub(lambda found: "đ" if found[1] == "d" else "Đ", text)
    is_vietnamese = is_surely_vietnamese(unicodedata.normalize("NFC", text))

    def spelled(found: re.Match[str]) -> str:
        word = found.group()
        if word[0] not in _LIKE_D:
            return word
        vietnamese = _LIKE_D[word[0]] + word[1:]
        is_marked = not word[1:].isascii()
        return vietnamese if (is_marked or is_vietnamese) and is_syllable(vietnamese) else word

    return RepairedText(text=WORD.sub(spelled, text))


def has_eth(text: str) -> bool:
    """Say whether a text has the Icelandic letter.

    >>> has_eth("Ðà Nẵng"), has_eth("Đà Nẵng")
    (True, False)
    """
    if text.isascii():
        return False
    return "ð" in text or "Ð" in text or "\u0256" in text or "\u0189" in text or "\u0335" in text


def _character(found: re.Match[str]) -> str:
    entity = found.group()
    name = entity[1:]
    if name[0] != "#":
        return html5.get(name, entity)
    number = int(name[2:-1], 16) if name[1] in "xX" else int(name[1:-1])
    character = html.unescape(entity) if 0 < number <= _LAST_CODE else "\ufffd"
    return entity if character in ("", "\ufffd") else character
