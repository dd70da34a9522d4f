"""Reads MARC-8, the character sets of MARC 21 before Unicode, by the tables of pymarc."""

from __future__ import annotations

import unicodedata

import attrs
from pymarc.marc8_mapping import CODESETS, ODD_MAP

from libconsortium import Message

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
"""Stands for what the tables do not have."""

_ESCAPE = 0x1B
_LATIN, _ANSEL, _EACC = 0x42, 0x45, 0x31
_BYTES_OF_EACC = 3
_FIRST_SETS, _SECOND_SETS = b"(,", b")-"
_SHORT = {0x67: 0x67, 0x62: 0x62, 0x70: 0x70, 0x73: _LATIN}  # Greek symbols, sub-, superscript
_HIGH = 0x80
_FIRST_SIGN, _LAST_CONTROL = 0x21, 0x9F
_SPACE = 0x20
_JOINERS = {0x8D: "\N{ZERO WIDTH JOINER}", 0x8E: "\N{ZERO WIDTH NON-JOINER}"}


@attrs.define
class _Sets:
    """The character sets that are in force: for the lower half of the code, and the upper."""

    lower: int = _LATIN
    upper: int = _ANSEL


def marc8_text(content: bytes) -> str:
    r"""Return a text of MARC-8 in Unicode; what no table has becomes ``UNKNOWN``.

    Source: MARC 21 Specifications, character sets and encoding options, part 2.

    Args:
        content: The bytes of one subfield or control field.

    >>> marc8_text(b"Ti\xe3\xe2eng Vi\xe3\xf2et")
    'Tiếng Việt'
    >>> marc8_text(b"\x1b$1\x21\x30\x21"), marc8_text(b"\x1b$1\x21\x30")
    ('一', '\ufffd')
    """
    sets, marks, found = _Sets(), "", []
    at = 0
    while at < len(content):
        if content[at] == _ESCAPE:
            size = _escape(content[at : at + 4], sets)
            if not size:
                found.append(UNKNOWN)
            at += size or 1
            continue
        sign, is_mark, size = _sign(content[at : at + _BYTES_OF_EACC], sets)
        at += size
        if is_mark:  # a mark stands before its letter
            marks += sign
        else:
            found.append(sign + marks if sign else "")
            marks = marks if not sign else ""
    return unicodedata.normalize("NFC", "".join(found) + marks)


def unknown_in(text: str) -> Message:
    """Return a sentence on what of a MARC-8 text was not known.

    >>> str(unknown_in("a" + UNKNOWN))
    'the texts are MARC-8; 1 characters in them are in none of its tables'
    """
    return Message(
        "the texts are MARC-8; {count} characters in them are in none of its tables",
        count=text.count(UNKNOWN),
    )


def _escape(start: bytes, sets: _Sets) -> int:
    """Take up an escape sequence; return how many bytes it has, 0 if it is none."""
    form = start[1:2]
    if form == b"$":
        which = start[2:3]
        if which in (b",", b")", b"-") and which:
            return _chosen(start[3:4], sets, is_upper=which != b",", size=4)
        return _chosen(which, sets, is_upper=False, size=3)
    if form and form in _FIRST_SETS + _SECOND_SETS:
        is_second = form in _SECOND_SETS
        if start[2:3] == b"!":  # the second byte of a name of two
            return _chosen(start[3:4], sets, is_upper=is_second, size=4)
        return _chosen(start[2:3], sets, is_upper=is_second, size=3)
    if form and form[0] in _SHORT:
        sets.lower = _SHORT[form[0]]
        return 2
    return 0


def _chosen(name: bytes, sets: _Sets, *, is_upper: bool, size: int) -> int:
    if not name or name[0] not in CODESETS:
        return 0
    if is_upper:
        sets.upper = name[0]
    else:
        sets.lower = name[0]
    return size


def _sign(start: bytes, sets: _Sets) -> tuple[str, bool, int]:
    """Return the next character, whether it is a mark, and how many bytes it has."""
    code = start[0]
    if code <= _SPACE or _HIGH <= code <= _LAST_CONTROL:
        # Signs for sorting and other control characters say nothing of the text.
        return _JOINERS.get(code, " " if code == _SPACE else ""), False, 1
    charset = sets.upper if code > _HIGH else sets.lower
    if charset == _EACC:
        if len(start) < _BYTES_OF_EACC:
            return UNKNOWN, False, len(start)
        code = int.from_bytes(bytes(byte & 0x7F for byte in start), "big")
        return (*_known(charset, (code,)), _BYTES_OF_EACC)
    return (*_known(charset, (code, code ^ _HIGH)), 1)


def _known(charset: int, codes: tuple[int, ...]) -> tuple[str, bool]:
    table = CODESETS[charset]
    for code in codes:
        if code in table:
            sign, is_mark = table[code]
            return chr(sign), bool(is_mark)
    odd = ODD_MAP.get(codes[0])
    return (chr(odd), False) if odd else (UNKNOWN, False)
