"""Repairs UTF-8 that was taken for Windows-1252 and encoded again, once or many times."""

from __future__ import annotations

import re
import unicodedata

from libconsortium import Message, RepairedText

_BYTE_OF = {
    bytes((byte,)).decode("cp1252"): byte
    for byte in range(0x80, 0x100)
    if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
} | {chr(byte): byte for byte in range(0x80, 0x100)}
_FIRST_LEAD = 0xC0
_TO_BYTES = {ord(char): chr(byte) for char, byte in _BYTE_OF.items()}
_CONTINUING = "".join(char for char, byte in _BYTE_OF.items() if byte < _FIRST_LEAD)
_SIGN = re.compile(
    f"[\u00c2-\u00df][{re.escape(_CONTINUING)}]|[\u00e0-\u00ef][{re.escape(_CONTINUING)}]{{2}}"
)
_SURE = re.compile(f"\u00e1[\u00ba\u00bb][{re.escape(_CONTINUING)}]|[\u0080-\u009f]")
_LEFT = re.compile("[\u00c2-\u00c6][^a-z]|\u00e1[\u00ba\u00bb]|\u00c6$")  # what cannot be decoded
_LOWER_BESIDE = re.compile(f"(?:[a-z](?:{_SIGN.pattern})|(?:{_SIGN.pattern})[a-z])")
_FIRST_SIGNS = (*map(chr, range(0xC2, 0xCA)), "\u00cc", "\u00cd")
_FIRST_PAIRS = tuple(
    (pair[1], pair)
    for pair in (
        "\u00e1\u00ba", "\u00e1\u00bb",
        "\u00e2\u0080", "\u00e2\u0082", "\u00e2€", "\u00e2\u201a",
    )
)  # fmt: skip
"""What UTF-8 of Latin letters, marks and punctuation begins with in Windows-1252."""

_LAYERS = 20
_USUAL_END, _ADDITIONAL, _ADDITIONAL_END = 0x180, 0x1E00, 0x1F00
_RARER = frozenset("ƠơƯưǍǎǏǐǑǒǓǔǕǖǗǘǙǚǛǜǦǧȘșȚț")  # of the Latin letters that come late in Unicode
_PUNCTUATION = frozenset("“”‘’„–—…«»•·°©®€₫\u00a0¿¡§×÷")


def decoded_again(text: str) -> RepairedText:
    """Return a text decoded as often as it was wrongly encoded, if that is certain.

    Every character that is not ASCII must take part, in the whole text or in one word of it, and
    what comes out must be letters of the Latin script and usual punctuation; otherwise the text
    stays, and what looks damaged is said.

    >>> decoded_again("ThÆ° viá»‡n").text, decoded_again("Café «là»").text
    ('Thư viện', 'Café «là»')
    """
    done = _decoded(text)
    if done == text:  # one part of it may be in order, as where two fields were put together
        in_parts = " ".join(map(_decoded, text.split(" ")))
        done = text if _LEFT.search(in_parts) else in_parts
    if _SURE.search(done):
        loss = Message("it looks like UTF-8 taken for something else, and cannot be decoded again")
        return RepairedText(text=done, loss=loss)
    return RepairedText(text=done)


def looks_encoded_twice(text: str) -> bool:
    """Say whether a text may be UTF-8 that was taken for something else.

    >>> looks_encoded_twice("viá»‡n"), looks_encoded_twice("viện")
    (True, False)
    """
    if text.isascii():
        return False
    # Looking for single characters first is much quicker than any pattern, or any pair.
    for sign in _FIRST_SIGNS:
        if sign in text:
            return _SIGN.search(text) is not None
    for one, pair in _FIRST_PAIRS:
        if one in text and pair in text:
            return _SIGN.search(text) is not None
    return False


def _decoded(text: str) -> str:
    done = text
    for _ in range(_LAYERS):
        once = _once(done)
        if once is None:
            break
        done = once
    return done if done != text and _is_plausible(done) and _is_certain(text) else text


def _once(text: str) -> str | None:
    if text.isascii():
        return None
    try:
        return text.translate(_TO_BYTES).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None


def _is_plausible(text: str) -> bool:
    return all(char.isascii() or char in _PUNCTUATION or _is_latin(char) for char in text)


def _is_latin(char: str) -> bool:
    code = ord(char)
    in_blocks = code < _USUAL_END or _ADDITIONAL <= code < _ADDITIONAL_END or char in _RARER
    category = unicodedata.category(char)
    return category == "Mn" or (in_blocks and category in {"Lu", "Ll"})


def _is_certain(text: str) -> bool:
    """Say whether the signs cannot be meant as they stand, as «Ã©» in capitals could be."""
    several = len(_SIGN.findall(text)) > 1
    return several or bool(_SURE.search(text)) or bool(_LOWER_BESIDE.search(text))
