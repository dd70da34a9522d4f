"""Names of persons and bodies as words that can be compared, whoever comes first.

Vietnamese catalogues write Vietnamese names in their natural order and foreign ones inverted
(AACR2 22.4), so a name is compared as a set of words.
"""

from __future__ import annotations

import re
from functools import lru_cache

from libconsortium.core.text import folded, spelling

_COMMON = "nguien tran le pham huinh hoang phan vu vo dang bui do ho ngo duong li dinh doan van thi"
COMMON_WORDS = frozenset(_COMMON.split())
"""Folded words that most Vietnamese names share; sharing one says nothing."""

# Academic ranks as Vietnamese title pages print them, and what somebody did.
_RANK_WORDS = "gs ts pgs ths tskh pts ncs bs ks cn dr prof gvc"
_RANKS = frozenset(_RANK_WORDS.split())
_ROLES = frozenset(
    spelling(role)
    for role in (
        "chủ biên", "biên soạn", "biên dịch", "dịch", "hiệu đính", "sưu tầm", "biên tập",
        "ed", "eds", "editor", "editors", "translator", "and others", "et al", "cb",
        "unknown", "anonymous", "khuyết danh", "nhiều tác giả", "không rõ", "various authors",
    )
)  # fmt: skip
_ROLE_LAST = re.compile(rf"(?: (?:{'|'.join(sorted(_ROLES))}))+$")
_BRACKETED = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_YEARS = re.compile(r"\S*[0-9]\S*")


@lru_cache(maxsize=100_000)  # a library's authors come back
def name_words(name: str) -> str:
    """Return the words of a name as spelled, sorted, without ranks, roles and years of life.

    >>> name_words("PGS.TS. Trần Văn Bình (chủ biên)") == name_words("Bình, Trần Văn, 1950-")
    True
    """
    bare = spelling(_YEARS.sub(" ", _BRACKETED.sub(" ", name)))
    if bare in _ROLES:
        return ""
    words = _ROLE_LAST.sub("", bare).split()
    while len(words) > 1 and words[0] in _RANKS:
        words = words[1:]
    return " ".join(sorted(words, key=lambda word: (folded(word), word)))
