"""The old Vietnamese encodings: which letter stands behind which byte.

Source: TCVN 5712:1993 (its VN3 set is what ABC fonts use), RFC 1456 (VISCII, VIQR), the code
charts of VNI-Windows and VPS.
"""

from __future__ import annotations

import re

import attrs

_SMALL = "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵăâđêôơư"
_LETTERS = _SMALL + _SMALL.upper()

# One byte for each of _LETTERS, in that order; 00 for a letter that the encoding has not.
_TCVN3 = (
    "b5b6b7b8b9bbbcbdbec6c7c8c9cacbcccecfd0d1d2d3d4d5d6d7d8dcdddedfe1e2e3e4e5e6e7e8e9eaebecedee"
    "eff1f2f3f4f5f6f7f8f9fafbfcfdfea8a9aeaaabacad" + "00" * 60 + "a1a2a7a3a4a5a6"
)
_VISCII = (
    "e0e4e3e1d5a2c6c7a1a3a5a6e7a4a7e8eba8e9a9abacadaaaeecefeeedb8f2f6f5f3f7b0b1b2afb5b6b7debefe"
    "f9fcfbfaf8d7d8e6d1f1cfd6dbfddce5e2f0eaf4bddf"
    "c0c4c3c1808202058183858606848 7c8cb88c9898b8c8d8a8ecc9bcecd98d299a0d39a9091928f939697b39594"
    "d99c9dda9ebbbcffbab99f1419dd1ec5c2d0cad4b4bf"
).replace(" ", "")
_VPS = (
    "e0e4e3e1e5a2a3a4a1a5c0c4c5c3c6e8c8ebe9cb8a8bcd898ceccceftedcef2d5f5f386d2b08 7d3b6a9aaaba7ae"
)


@attrs.frozen(kw_only=True)
class LegacyEncoding:
    """One old encoding, as its texts look when they are taken for Western European ones.

    Args:
        name: Its name, and that of the repair.
        letters: What stands for a letter (one character, or a letter and its sign).
        finds: Finds these.
    """

    name: str
    letters: dict[str, str]
    finds: re.Pattern[str]
