"""Words that one title has more than another: of another book, a subtitle, or the rest of it?"""

from __future__ import annotations

import re
from functools import lru_cache

import attrs

from libconsortium import MatchFields
from libconsortium.plugins.matching.likeness import LITTLE_WORDS, is_syllable
from libconsortium.plugins.matching.title_numbers import in_digits

_FEWEST_WORDS = 2
_MOST_ADDED = 4
_MOST_BEHIND = 2  # more are a subtitle that nobody marked
_WORDS_THAT_COUNT = 4
_LEAST_CUT = 16  # letters; fields are no shorter
_KINDS_OF_BOOK = re.compile(
    r"(?:(?:tap )?bai giang|(?:tap )?giao trinh|(?:tap )?sach(?: giao khoa| tham khao| hoc sinh)?"
    r"|tai lieu(?: hoc tap| tham khao| giang dai)?|tieu thuiet|truien(?: ngan| dai| tranh)?|tho"
    r"|(?:hoi |but |nhat )?ki|kich(?: ban)?|tuien tap|chuien (?:khao|luan|de)|de tai"
    r"|luan (?:van|an)|bao cao|tap chi|nam|so|mon|bo|tron bo|van ban|song ngu|nhieu tac gia)"
)
_FOR_TEACHING = re.compile(r"(?:(?:tap )?(?:bai giang|giao trinh)|sach giao khoa) (?=\S+ \S)")
_LEFT_OF_VOLUME = re.compile(r"[tqp][ivx]+|[ivx]")  # «TI»
_SAIS_NOTHING = LITTLE_WORDS | {"mot", "cac", "nhung"}


@lru_cache(maxsize=100_000)
def words_added(left: str, right: str) -> float:
    """Say how surely words added to a Vietnamese title make it that of another book, 0 to 1.

    *Kỹ thuật điện* and *Kỹ thuật điện tử*, *Sổ tay giải phẫu*, *Bộ luật tố tụng hình sự*: a run of
    words at one place. The kind of book (*giáo trình*), little words and what is long enough for a
    subtitle say nothing; the longer the title, the likelier a word was left out.

    Args:
        left: A folded title.
        right: Another.

    >>> words_added("ki thuat dien", "ki thuat dien tu"), words_added("bo luat hinh su", "bo luat")
    (1.0, 1.0)
    >>> words_added("giai tich ham", "giao trinh giai tich ham"), words_added("economics", "a")
    (0.0, 0.0)
    """
    few, many = sorted((in_digits(left).split(), in_digits(right).split()), key=len)
    if len(few) < _FEWEST_WORDS or len(few) == len(many) or not all(map(is_syllable, few)):
        return 0.0
    same = (one == other for one, other in zip(few, many, strict=False))
    start = next((place for place, is_same in enumerate(same) if not is_same), len(few))
    behind = many[len(many) - len(few) + start :]
    if few[start:] != behind:
        return 0.0
    added = many[start : len(many) - len(behind)]
    telling = [word for word in added if word not in _SAIS_NOTHING]
    most = _MOST_ADDED if behind else _MOST_BEHIND
    if len(added) == 1 and _LEFT_OF_VOLUME.fullmatch(added[0]):
        return 0.0
    if not telling or len(added) > most or not all(map(is_syllable, telling)):
        return 0.0
    if _KINDS_OF_BOOK.fullmatch(" ".join(added)):
        return 0.0
    return min(1.0, _WORDS_THAT_COUNT * len(telling) / len(few))


@lru_cache(maxsize=100_000)
def without_kind(title: str) -> str:
    """Return a folded title without the kind of book that it begins with.

    >>> without_kind("giao trinh giai tich ham"), without_kind("giao trinh tieng anh a")
    ('giai tich ham', 'tieng anh a')
    >>> without_kind("truien kieu"), without_kind("economics")
    ('truien kieu', 'economics')
    """
    found = _FOR_TEACHING.match(title)
    return title[found.end() :] if found else title


def uncut(left: MatchFields, right: MatchFields) -> tuple[MatchFields, MatchFields]:
    """Take away the half word at which one of two titles is cut off.

    >>> one, two = (
    ...     MatchFields(record=title, title=title, main_title=title)
    ...     for title in ("bao quan nong san sa", "bao quan nong san sau thu hoach")
    ... )
    >>> uncut(one, two)[0].title
    'bao quan nong san'
    """
    if _is_cut(left.title, right.title):
        return _without_last(left), right
    if _is_cut(right.title, left.title):
        return left, _without_last(right)
    return left, right


def _is_cut(few: str, many: str) -> bool:
    rest = many[len(few) :]
    return (
        len(few) >= _LEAST_CUT
        and many.startswith(few)
        and rest[:1] not in {"", " "}
        and " " in rest
    )


def _without_last(fields: MatchFields) -> MatchFields:
    last = fields.title.rpartition(" ")[2]
    return attrs.evolve(
        fields,
        title=fields.title.removesuffix(last).rstrip(),
        title_written=fields.title_written.rpartition(" ")[0],
        main_title=fields.main_title.removesuffix(last).rstrip() or fields.main_title,
    )
