"""Languages as catalogues write them: codes of two or three letters, or names."""

from __future__ import annotations

from functools import lru_cache

from libconsortium.core.text import fold

# Code of ISO 639-1; codes of ISO 639-2 (B and T) and names, folded (so «y» is «i»).
_WRITTEN = {
    "vi": "vie vietnamese vi-vn vn tieng-viet viet",
    "en": "eng english en-us en-gb tieng-anh anh anglais",
    "fr": "fre fra french tieng-phap phap francais",
    "de": "ger deu german tieng-duc duc deutsch",
    "zh": "chi zho chinese zh-cn zh-tw tieng-trung trung han",
    "ja": "jpn japanese tieng-nhat nhat",
    "ko": "kor korean tieng-han-quoc",
    "ru": "rus russian tieng-nga nga",
    "es": "spa spanish tieng-tai-ban-nha espanol",
    "it": "ita italian tieng-i italiano",
    "la": "lat latin",
    "pt": "por portuguese",
    "nl": "dut nld dutch",
    "lo": "lao tieng-lao",
    "km": "khm khmer tieng-khmer",
}
_CODES = {
    fold(word.replace("-", " ")): code
    for code, words in _WRITTEN.items()
    for word in (code, *words.split())
}


@lru_cache(maxsize=1_000)
def language_of(written: str) -> str:
    """Return the two-letter code of a language as written; empty if it is none of the usual ones.

    >>> language_of("vie"), language_of("Tiếng Việt"), language_of("English"), language_of("x")
    ('vi', 'vi', 'en', '')
    """
    return _CODES.get(fold(written), "")
