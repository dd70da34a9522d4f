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
_RANK_WORDS = (
    "gs ts pgs ths tskh pts ncs bs ks cn dr prof gvc gvcc ds vs ngnd ngưt nsnd nsưt ttnd ttưt"
    " ckii cki"
)
_RANKS = frozenset(spelling(rank) for rank in _RANK_WORDS.split())
_RANK_PHRASES = (
    "phó giáo sư", "giáo sư", "tiến sĩ khoa học", "phó tiến sĩ", "tiến sĩ", "thạc sĩ", "bác sĩ",
    "dược sĩ", "kỹ sư", "viện sĩ", "cử nhân", "nhà giáo nhân dân", "nhà giáo ưu tú",
    "nghiên cứu sinh", "nghệ sĩ nhân dân", "nghệ sĩ ưu tú",
)  # fmt: skip
_ROLES = frozenset(
    spelling(role)
    for role in (
        "chủ biên", "biên soạn", "biên dịch", "dịch", "hiệu đính", "sưu tầm", "biên tập",
        "tuyển chọn", "giới thiệu", "minh họa", "chú giải", "và cs", "và cộng sự", "cộng sự",
        "và nnk", "và những người khác", "và các tác giả khác", "và others",
        "ed", "eds", "editor", "editors", "translator", "and others", "et al", "cb",
        "unknown", "anonymous", "khuyết danh", "nhiều tác giả", "không rõ", "various authors",
    )
)  # fmt: skip
_ROLE_LAST = re.compile(rf"(?: (?:{'|'.join(sorted(_ROLES))}))+$")
_ROLES_BEFORE = _ROLES | {
    spelling(role) for role in ("tác giả", "soạn giả", "người dịch", "người soạn", "đồng tác giả")
}
_BEFORE = re.compile(r"^([^:;]{2,60}):(?=\s*\S)")
_BETWEEN_ROLES = re.compile(r"[,&/]|\bvà\b", re.IGNORECASE)
_RANK_FIRST = re.compile(
    rf"^(?:{'|'.join(sorted((spelling(phrase) for phrase in _RANK_PHRASES), reverse=True))}) (?=\S)"
)
_BRACKETED = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_YEARS = re.compile(r"\S*[0-9]\S*")


@lru_cache(maxsize=100_000)  # a library's authors come back
def name_words(name: str) -> str:
    """Return the words of a name as spelled, sorted, without ranks, roles and years of life.

    >>> name_words("PGS.TS. Trần Văn Bình (chủ biên)") == name_words("Bình, Trần Văn, 1950-")
    True
    """
    bare = spelling(_YEARS.sub(" ", _BRACKETED.sub(" ", _without_role(name))))
    if bare in _ROLES:
        return ""
    words = _without_ranks(_ROLE_LAST.sub("", bare)).split()
    return " ".join(sorted(words, key=lambda word: (folded(word), word)))


def names_in(written: str) -> tuple[str, ...]:
    """Return the names in a text that may hold several: many lists part them by semicolons.

    >>> names_in("Trần Văn Bình; Lê An"), names_in("Bình, Trần Văn")
    (('Trần Văn Bình', 'Lê An'), ('Bình, Trần Văn',))
    """
    if ";" not in written:
        return (written,)
    return tuple(filter(None, map(str.strip, written.split(";"))))


def _without_role(name: str) -> str:
    """Take what somebody did from before a name: «Chủ biên: Trần Văn Bình»."""
    found = _BEFORE.match(name)
    if found is None:
        return name
    said = [spelling(part) for part in _BETWEEN_ROLES.split(found[1])]
    return name[found.end() :] if all(one in _ROLES_BEFORE for one in said) else name


def _without_ranks(words: str) -> str:
    while True:
        first, _, rest = words.partition(" ")
        if rest and first in _RANKS:
            words = rest
        elif found := _RANK_FIRST.match(words):
            words = words[found.end() :]
        else:
            return words
