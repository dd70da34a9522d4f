"""What belongs to another book without being it: exercises, a teacher's book, an abridgement.

Such a title holds the other's whole title and all else may be equal too, so it takes a guard.
"""

from __future__ import annotations

import re
from functools import lru_cache

from libconsortium import folded, spelling

_BEGINNINGS = {
    "exercises": (
        "(?:giao trinh |tuien tap |tuien chon |hop tuien )?bai tap|problems (?:in|and exercises)"
    ),
    "teacher": "giao an",
    "solutions": (
        "(?:huong dan )?(?:giai|tra loi|lam) (?:chi tiet |nhanh |cac )?(?:bai tap|cau hoi)"
        "|huong dan (?:giai|hoc)|loi giai|dap an|hoc tot|de hoc tot|solutions to"
    ),
    "abridgement": "tom (?:tat|luoc)",
    "commentary": "binh luan|binh giai|chu giai|binh giang",
    "introduction": "tim hieu",
    "practice": (
        "(?:giao trinh |bai giang |tai lieu |huong dan )?(?:thuc hanh|thuc tap|thi nghiem)"
    ),
    "questions": (
        "(?:[0-9]+ |tuien tap |tuien chon |bo |he thong )?cau hoi"
        " (?:trac nghiem|on tap|on thi|va (?:bai tap|dap an|tra loi))"
        "|(?:tuien tap |tuien chon |bo )?(?:de thi|de kiem tra)"
        "|(?:huong dan |tai lieu )?on (?:tap|thi|luien)|de cuong"
    ),
    "manual": "so tai|cam nang",
}
_ANYWHERE = {
    "exercises": (
        "(?:sach|vo|so tai) bai tap|vo thuc hanh|work ?books?|exercise book|arbeitsbuch"
        "|cahier d ?exercices"
    ),
    "teacher": (
        "sach giao vien|sgv|thiet ke bai (?:giang|dai|soan)"
        "|(?:teachers?|instructors?) (?:book|guide|manual|edition|handbook|resource)"
        "|lehrer(?:band|buch|handbuch)|livre du (?:maitre|professeur)"
    ),
    "solutions": "solutions? manual|answer (?:key|book)",
    "abridgement": (
        "(?:ban|luoc|viet|ke) rut gon|rut gon$|ban tom (?:tat|luoc)|abridged|gekurzte|abrege"
        "|tom tat luan (?:van|an)"
    ),
    "advanced": "(?<!va )nang cao$|(?<=[0-9] )nang cao",
    "amendment": "sua doi|amended",
    "commentary": "chu giai$",
    "introduction": "hoi (?:va )?dap",
    "continued": "tiep theo|continued",
    "concluded": "va het|ki cuoi|concluded",
    "level": "(?:pre|upper) intermediate",
    "guide": "studi guide",
}
# They begin with a blank, which is found at once; the edge of a word is tried at every letter.
_SIGNS = (
    *((kind, re.compile(rf"\A (?:{signs})\b")) for kind, signs in _BEGINNINGS.items()),
    *((kind, re.compile(rf" (?:{signs})\b")) for kind, signs in _ANYWHERE.items()),
)
_OPPOSITES = tuple(tuple(map(spelling, pair)) for pair in (("vi mô", "vĩ mô"),))
"""Words of title pages that are each other but for a mark that careless typists drop."""
_UNMARKED = tuple((pair, folded(pair[0])) for pair in _OPPOSITES)
_LANGUAGE_WORDS = (
    "anh phap nga duc trung hoa han nhat viet lao italia english french russian german chinese"
    " japanese korean vietnamese spanish latin"
)
_LANGUAGES = frozenset(_LANGUAGE_WORDS.split())
_OURS = {
    "english": "anh", "french": "phap", "russian": "nga", "german": "duc", "chinese": "trung",
    "hoa": "trung", "han": "trung", "japanese": "nhat", "vietnamese": "viet", "lao": "lao",
    "italia": "itali", "korean": "trieu", "spanish": "tai ban nha",
}  # fmt: skip
_DICTIONARY = re.compile(r"\b(?:tu dien|ngu vung|dictionari|lexicon|worterbuch|dictionnaire)\b")


@lru_cache(maxsize=100_000)
def companion_kinds(title: str) -> frozenset[str]:
    """Return what kinds of companion a folded title says that it is; empty for most.

    >>> sorted(companion_kinds("bai tap toan 10") | companion_kinds("toan 10 sach giao vien"))
    ['exercises', 'teacher']
    >>> companion_kinds("giai tich li thuiet va bai tap")
    frozenset()
    """
    words = f" {title}"
    return frozenset(kind for kind, signs in _SIGNS if signs.search(words))


@lru_cache(maxsize=100_000)
def languages_in(title: str) -> tuple[str, ...]:
    """Return the languages of a dictionary in the order in which its folded title names them.

    >>> languages_in("tu dien anh viet"), languages_in("tieng anh")
    (('anh', 'viet'), ())
    """
    if not _DICTIONARY.search(title):
        return ()
    return tuple(
        dict.fromkeys(_OURS.get(word, word) for word in title.split() if word in _LANGUAGES)
    )


def may_be_opposite(left: str, right: str) -> bool:
    """Say whether a title typed without diacritics may say the opposite of another.

    >>> from libconsortium import spelling
    >>> may_be_opposite("kinh te vi mo", spelling("Kinh tế vĩ mô"))
    True
    """
    return left.isascii() != right.isascii() and any(
        (one in left or one in right) and (plain in left or plain in right)
        for pair, plain in _UNMARKED
        for one in pair
    )


def opposites(left: str, right: str) -> tuple[str, ...]:
    """Return the two words by which two titles as spelled say the opposite; empty if none.

    >>> from libconsortium import spelling
    >>> len(opposites(spelling("Kinh tế vi mô"), spelling("Kinh tế vĩ mô")))
    2
    """
    for one, other in _OPPOSITES:
        if (one in left and other in right) or (other in left and one in right):
            return one, other
    return ()
