"""The old Vietnamese encodings: which letter stands behind which sign.

Their texts come to us taken for Western European ones, so a byte is a character of Latin-1 or
Windows-1252.

Source: TCVN 5712:1993 (the fonts called ABC use its set VN3), RFC 1456 (VISCII), and the code
charts of VNI-Windows and VPS.
"""

from __future__ import annotations

import re
from functools import cache

import attrs

from libconsortium import TCVN3_LETTERS

_SMALL = "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵăâđêôơư"
_LETTERS = _SMALL + _SMALL.upper()

# One byte for each of _LETTERS in that order.
_BYTES = {
    "viscii": (
        "e0e4e3e1d5a2c6c7a1a3a5a6e7a4a7e8eba8e9a9abacadaaaeecefeeedb8f2f6f5f3f7b0b1b2afb5b6b7debefe"
        "f9fcfbfaf8d7d8e6d1f1cfd6dbfddce5e2f0eaf4bddf"
        "c0c4c3c18082020581838586068487c8cb88c9898b8c8d8a8ecc9bcecd98d299a0d39a9091928f939697b39594"
        "d99c9dda9ebbbcffbab99f1419dd1ec5c2d0cad4b4bf"
    ),
    "vps": (
        "e0e4e3e1e5a2a3a4a1a5c0c4c5c3c6e8c8ebe9cb8a8bcd898cecccefedcef2d5f5f386d2b087d3b6a9aaaba7ae"
        "f9fbdbfaf8d8babbd9bfff9bcf9a9ce6e2c7eaf4d6dc"
        "808182c1028e8ff08d0484851c8303d7defec9059394959006b5b7b8b410bcbdbeb91197989996129e9fa69d13"
        "a8d1acda14afb11dad15b2fdb3dd1988c2f1cad4f7d0"
    ),
}
_UNDEFINED_IN_1252 = frozenset({0x81, 0x8D, 0x8F, 0x90, 0x9D})
_FIRST_1252, _END_1252 = 0x80, 0xA0

# VNI writes a vowel and then a sign for what stands over and under it.
_VNI_SIGNS = (("aeouyôö", "øûõùï"), ("âêô", "àåãáä"), ("ă", "èúüéë"))
_VNI_BARE = {"â": "aâ", "ê": "eâ", "ô": "oâ", "ă": "aê", "ơ": "ô", "ư": "ö", "đ": "ñ"}
_VNI_ALONE = {"ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î", "í": "í", "ì": "ì"}
_TONES = "\u0300\u0309\u0303\u0301\u0323"


@attrs.frozen(kw_only=True)
class LegacyEncoding:
    """One old encoding.

    Args:
        name: Its name, and that of its repair.
        letters: The letter behind a sign (one character, or a vowel and a sign).
        signs: Finds these, the longest first.
    """

    name: str
    letters: dict[str, str]
    signs: re.Pattern[str]

    def decoded(self, text: str) -> str:
        """Return what a text says if it is in this encoding.

        >>> legacy_encoding("tcvn3").decoded("ViÖt Nam"), legacy_encoding("vni").decoded("Vieät")
        ('Việt Nam', 'Việt')
        """
        return self.signs.sub(lambda found: self.letters[found.group()], text)


@cache
def legacy_encoding(name: str) -> LegacyEncoding:
    """Return an encoding by its name.

    >>> len(legacy_encoding("viscii").letters) > 134
    True
    """
    letters = {"vni": _vni_letters, "tcvn3": _tcvn3_letters}.get(
        name, lambda: _byte_letters(name)
    )()
    longest_first = sorted(letters, key=len, reverse=True)
    signs = re.compile("|".join(map(re.escape, longest_first)))
    return LegacyEncoding(name=name, letters=letters, signs=signs)


def _byte_letters(name: str) -> dict[str, str]:
    letters: dict[str, str] = {}
    for letter, byte in zip(_LETTERS, bytes.fromhex(_BYTES[name]), strict=True):
        letters[chr(byte)] = letter
        if _FIRST_1252 <= byte < _END_1252 and byte not in _UNDEFINED_IN_1252:
            letters[bytes((byte,)).decode("cp1252")] = letter
    return letters


def _tcvn3_letters() -> dict[str, str]:
    # Some programs make a minus sign of its soft hyphen.
    return {**dict(TCVN3_LETTERS), "\u2212": "ư"}


def _vni_letters() -> dict[str, str]:
    import unicodedata

    letters = {sign: letter for letter, sign in (*_VNI_BARE.items(), *_VNI_ALONE.items())}
    vowel_of = {"ô": "ơ", "ö": "ư"}  # what VNI writes for the horned vowels
    for vowels, signs in _VNI_SIGNS:
        is_plain = vowels[0] == "a"
        for written in vowels:
            vowel = vowel_of.get(written, written) if is_plain else written
            start = written if is_plain else _VNI_BARE[vowel][0]
            for sign, tone in zip(signs, _TONES, strict=True):
                letters[start + sign] = unicodedata.normalize("NFC", vowel + tone)
    capitals = {
        key: letter.upper()
        for sign, letter in letters.items()
        for key in (sign.upper(), sign[0].upper() + sign[1:])
    }
    return {**letters, **capitals}
