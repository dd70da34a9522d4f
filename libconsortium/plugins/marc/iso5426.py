"""Reads ISO 5426, the Latin letters of UNIMARC before Unicode: diacritics stand first."""

from __future__ import annotations

import unicodedata

_SIGNS = {
    **dict(zip(range(0xA1, 0xA8), "¡„£$¥†§", strict=True)),
    **dict(zip(range(0xA8, 0xB0), "\u2032\u2018\u201c«♭©℗®", strict=True)),
    **dict(zip(range(0xB0, 0xB3), "\u02bb\u02bc\u201a", strict=True)),
    **dict(zip(range(0xB6, 0xC0), "‡·″\u2019”»♯\u02b9\u02ba¿", strict=True)),
    0xE1: "Æ",
    0xE2: "Đ",
    0xE6: "Ĳ",
    0xE8: "Ł",
    0xE9: "Ø",
    0xEA: "Œ",
    0xEC: "Þ",
    0xF1: "æ",
    0xF2: "đ",
    0xF3: "ð",
    0xF5: "\u0131",
    0xF6: "ĳ",
    0xF8: "ł",
    0xF9: "ø",
    0xFA: "œ",
    0xFB: "ß",
    0xFC: "þ",
}
_MARKS = {
    **dict(zip(range(0xC0, 0xC8), "\u0309\u0300\u0301\u0302\u0303\u0304\u0306\u0307", strict=True)),
    **dict(zip(range(0xC8, 0xCC), "\u0308\u0308\u030a\u0315", strict=True)),
    **dict(zip(range(0xCC, 0xD0), "\u0313\u030b\u031b\u030c", strict=True)),
    **dict(zip(range(0xD0, 0xD4), "\u0327\u031c\u0326\u0328", strict=True)),
    **dict(zip(range(0xD4, 0xD8), "\u0325\u032e\u0323\u0324", strict=True)),
    **dict(zip(range(0xD8, 0xDC), "\u0332\u0333\u0329\u032d", strict=True)),
}
_OF_LETTERS = frozenset("\u0302\u0306\u031b")  # of â ă ơ
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_ASCII = 0x80


def iso5426_text(content: bytes) -> str:
    r"""Return a text of ISO 5426 in Unicode; what the table does not have becomes U+FFFD.

    Source: ISO 5426:1983, extension of the Latin alphabet coded character set.

    >>> iso5426_text(b"Truy\xd6\xc3en Ki\xc1\xc3eu"), iso5426_text(b"a\xff")
    ('Truyện Kiều', 'a\ufffd')
    """
    found, marks = [], ""
    for byte in content:
        if byte in _MARKS:
            # Which of two comes first is not said; a tone stands on a letter, never under a sign.
            one = _MARKS[byte]
            marks = one + marks if one in _OF_LETTERS else marks + one
            continue
        sign = chr(byte) if byte < _ASCII or byte in _NOT_SORTED else _SIGNS.get(byte, _UNKNOWN)
        found.append(sign + marks)
        marks = ""
    return unicodedata.normalize("NFC", "".join((*found, marks)))


_NOT_SORTED = frozenset({0x88, 0x89, 0x98, 0x9C})  # around words that do not count in sorting
