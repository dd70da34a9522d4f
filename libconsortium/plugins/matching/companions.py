"""What belongs to another book without being it: exercises, a teacher's book, an abridgement.

Such a title holds the other's whole title and all else may be equal too, so it takes a guard.
"""

from __future__ import annotations

import re
from functools import lru_cache

from libconsortium import spelling

_KINDS = {
    "exercises": (
        r"^(?:giao trinh |tuien tap |tuien chon |hop tuien )?bai tap\b"
        r"|\b(?:sach|vo|so tai) bai tap\b"
        r"|\bvo thuc hanh\b|\bwork ?books?\b|\bexercise book\b|^problems (?:in|and exercises)\b"
        r"|\barbeitsbuch\b|\bcahier d ?exercices\b"
    ),
    "teacher": (
        r"\bsach giao vien\b|\bsgv\b|\bthiet ke bai (?:giang|dai|soan)\b|^giao an\b"
        r"|\b(?:teachers?|instructors?) (?:book|guide|manual|edition|handbook|resource)\b"
        r"|\blehrer(?:band|buch|handbuch)\b|\blivre du (?:maitre|professeur)\b"
    ),
    "solutions": (
        r"^(?:huong dan )?(?:giai|tra loi|lam) (?:chi tiet |nhanh |cac )?(?:bai tap|cau hoi)\b"
        r"|^huong dan (?:giai|hoc)\b|^(?:loi giai|dap an|hoc tot|de hoc tot)\b"
        r"|\bsolutions? manual\b|^solutions to\b|\banswer (?:key|book)\b"
    ),
    "abridgement": (
        r"\b(?:ban|luoc|viet|ke) rut gon\b|\brut gon$|^tom (?:tat|luoc)\b|\bban tom (?:tat|luoc)\b"
        r"|\babridged\b|\bgekurzte\b|\babrege\b"
    ),
    "advanced": r"(?<!va )\bnang cao$|[0-9] nang cao\b",
    "amendment": r"\bsua doi\b|\bamended\b",
    "commentary": r"^(?:binh luan|binh giai|chu giai)\b",
    "guide": r"\bstudi guide\b",
}
_COMPANIONS = tuple((kind, re.compile(signs)) for kind, signs in _KINDS.items())
_OPPOSITES = tuple(tuple(map(spelling, pair)) for pair in (("vi mô", "vĩ mô"),))
"""Words of title pages that are each other but for a mark that careless typists drop."""
_LANGUAGE_WORDS = (
    "anh phap nga duc trung hoa han nhat viet lao italia english french russian german chinese"
    " japanese korean vietnamese spanish latin"
)
_LANGUAGES = frozenset(_LANGUAGE_WORDS.split())
_DICTIONARY = re.compile(r"\b(?:tu dien|ngu vung|dictionari|lexicon|worterbuch|dictionnaire)\b")


@lru_cache(maxsize=100_000)
def companion_kinds(title: str) -> frozenset[str]:
    """Return what kinds of companion a folded title says that it is; empty for most.

    >>> sorted(companion_kinds("bai tap toan 10") | companion_kinds("toan 10 sach giao vien"))
    ['exercises', 'teacher']
    >>> companion_kinds("giai tich li thuiet va bai tap")
    frozenset()
    """
    return frozenset(kind for kind, signs in _COMPANIONS if signs.search(title))


@lru_cache(maxsize=100_000)
def languages_in(title: str) -> tuple[str, ...]:
    """Return the languages of a dictionary in the order in which its folded title names them.

    >>> languages_in("tu dien anh viet"), languages_in("tieng anh")
    (('anh', 'viet'), ())
    """
    if not _DICTIONARY.search(title):
        return ()
    return tuple(word for word in title.split() if word in _LANGUAGES)


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
