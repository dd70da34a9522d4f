"""Volumes and editions read from titles and statements, in Vietnamese and the other languages met.

Source: the designations of AACR2 1.2B3 and 2.5B as Vietnamese catalogues write them (``Tập``,
``Quyển``, ``Phần``; ``Tái bản lần thứ``), and their usual abbreviations.
"""

from __future__ import annotations

import re
from functools import lru_cache

from libconsortium.core.text import spelling

_PARTS = (
    "tập quyển phần cuốn tap quyen phan cuon volume vol tome tomo tom teil band bd part pt deel"
    " book livre bind knjiga"
)
_SHORT_PARTS = "t v q p"
# Undiacritised «tu» is left out: it is more often «tử» (phần tử hữu hạn) than «tư».
_WORDS_UP_FROM_ONE = (
    "một nhất mot nhat one first",
    "hai two second",
    "ba three third",
    "bốn tư bon four fourth",
    "năm nam five fifth",
    "sáu sau six sixth",
    "bảy bẩy bay seven seventh",
    "tám tam eight eighth",
    "chín chin nine ninth",
    "mười muoi ten tenth",
)
_WORDS = {
    spelling(word): number
    for number, words in enumerate(_WORDS_UP_FROM_ONE, start=1)
    for word in words.split()
}
_ROMAN = {"i": 1, "v": 5, "x": 10}


def _any_of(words: str) -> str:
    return "|".join(spelling(word) for word in words.split())


_DESIGNATION = re.compile(
    rf"(?<!\S)(?:{_any_of(_PARTS)}) (?:(?:{_any_of('thứ thu')}) )?(?P<number>\S+)(?!\S)"
)
# Two or three parts named by their place: the first is sure, the last may be the second or third.
_PLACED = re.compile(
    rf"(?<!\S)(?:{_any_of('quyển quyen cuốn cuon q')})"
    rf" (?P<place>{_any_of('thượng thuong trung hạ ha')})(?!\S)"
    # Not «tập trung», which is a word, nor «tuyển tập Hạ Long».
    rf"|(?<!\S)(?<!{spelling('tuyển')} )(?<!tuyen )(?:{_any_of('tập tap')})"
    rf" (?P<last>{_any_of('thượng thuong hạ ha')})$"
)
_PLACES = {
    spelling("thượng"): "1",
    "thuong": "1",
    spelling("hạ"): "ha",
    "ha": "ha",
    "trung": "trung",
}
_TEENS = re.compile(rf"(?<!\S)(?:{_any_of('mười muoi')}) (\S+)")
_SHORT = re.compile(rf"(?<!\S)(?:{_any_of(_SHORT_PARTS)}) (?P<number>[0-9]{{1,3}})(?!\S)")
_GLUED = re.compile(rf"(?<!\S)(?:{_any_of(_PARTS)}|[tvqp])(?P<number>[0-9]{{1,3}})(?!\S)")
# «T.II», glued or not, at the end only: elsewhere it may be an initial or a word.
_LAST_ROMAN = re.compile(r"(?<!\S)[tqp](?: (?P<one>[ivx]{1,5})|(?P<glued>[ivx]{2,5}))$")
# Says in one go that a title has no designation; most have none. It begins with a blank, which is
# found at once where a look behind is tried at every letter.
_PERHAPS = re.compile(rf" (?:(?:{_any_of(_PARTS)})[ 0-9]|[tvqp][ 0-9]|[tqp][ivx]+$)")
_DATE = re.compile(r"\b[0-9]{1,2} [0-9]{1,2} (?:[0-9]{2}|[0-9]{4})\b")  # «7/29/12 edition»
_ORDINAL = re.compile(r"\b([0-9]{1,3})(?:st|nd|rd|th|e|a|o)?\b")
_TIMES = rf"(?<!\S)(?:{_any_of('lần lan thứ thu')}) (?:(?:{_any_of('thứ thu')}) )?(\S+)(?!\S)"
_AFTER_NUMBER = re.compile(
    r"(?<=[0-9])\s*[:;=]|(?<=[0-9]), *(?=[0-9]+ (?:p|s|tr|seiten)\b)"
    r"|(?<=[0-9])[\s,.]*\b(?:suppl|supplement|no|nr|số|iss|issue|heft)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(rf"(?<!\S)(?:{_any_of(_PARTS)}|{_SHORT_PARTS.replace(' ', '|')}) (\S+)(?!\S)")
_BRACKETED = re.compile(r"\([^)]*(?:\)|$)|\[[^\]]*\]")  # «6 (1» may be cut short
_MOST_VOLUMES = 999  # «Volume 2017» is a year


def _any_phrase(phrases: str) -> re.Pattern[str]:
    spelled = "|".join(spelling(phrase) for phrase in phrases.split(","))
    return re.compile(rf"(?<!\S)(?:{spelled})")


_REPRINT = _any_phrase(
    "tái bản,tai ban,in lần,in lan,reprint,repr,reimpr,impression,printing,nachdr"
)
_REVISED = _any_phrase(
    "sửa,sua chua,bổ sung,bo sung,chỉnh,chinh,cập nhật,cap nhat,hiệu đính,mới,rev,enl,augm,upd,"
    "corr,exp,erw,bearb,amend"
)
_FIVE_BEHIND_TEN = {spelling("lăm"): spelling("năm"), "lam": "nam"}
_AFTER_TIMES = re.compile(_TIMES)
_ENGLISH_ORDINALS = re.compile(
    r"\b(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b"
)


def volume_in(title: str) -> tuple[str, str]:
    """Take the volume out of a title.

    Args:
        title: A title as ``spelling`` gives it.

    Returns:
        The title without the designation, and the volume in Arabic digits; several designations
        (volume 2, part 1) are joined by a point. No designation gives an empty volume; a title
        that is nothing but a designation stays.

    >>> volume_in("giai tich tap ii")
    ('giai tich', '2')
    >>> volume_in("giai tich t 2"), volume_in("giai tich tii"), volume_in("tap chi toan hoc")
    (('giai tich', '2'), ('giai tich', '2'), ('tap chi toan hoc', ''))
    """
    if not _PERHAPS.search(f" {title}"):
        return title, ""
    if placed := _PLACED.search(title):
        rest = " ".join((title[: placed.start()] + title[placed.end() :]).split())
        place = placed["place"] or placed["last"]
        return rest or title, _PLACES.get(place, place)
    found: list[str] = []

    def _taken(match: re.Match[str]) -> str:
        number = number_of(next(filter(None, match.groups())))
        if number is None or number > _MOST_VOLUMES:
            return match[0]
        found.append(str(number))
        return ""

    rest = title
    for designation in (_DESIGNATION, _GLUED, _SHORT, _LAST_ROMAN):
        rest = rest if found else designation.sub(_taken, rest)
    return " ".join(rest.split()) or title, ".".join(found)


@lru_cache(maxsize=10_000)
def volume_of(statement: str) -> str:
    """Return the volume that a field of its own gives, in Arabic digits; empty if it has none.

    What stands in brackets is an issue or a remark; what follows a colon, a semicolon or a sign of
    equality is pages, a series or the same in another language.

    >>> volume_of("Tập III"), volume_of("v.02"), volume_of("4 (1)"), volume_of("Atlas")
    ('3', '2', '4', '')
    >>> volume_of("55(1):119-139"), volume_of("27 = Série 3 ; vol. no. 7"), volume_of("v. 2 pt. 1")
    ('55', '27', '2.1')
    >>> volume_of("147 Suppl 1"), volume_of("12, no. 3"), volume_of("1)")
    ('147', '12', '')
    >>> volume_of("Phần thứ hai"), volume_of("Quyển hạ"), volume_of("Hạ"), volume_of("[2]")
    ('2', 'ha', 'ha', '2')
    """
    if not statement:
        return ""
    bare = _BRACKETED.sub(" ", statement)
    if not bare.strip():
        bare = statement.strip("()[] ")
    if ")" in bare:
        return ""  # what is left of «55 (Suppl. 1)»
    words = spelling(_AFTER_NUMBER.split(bare, maxsplit=1)[0])
    if words in _PLACES:
        return _PLACES[words]
    several = _SEVERAL.findall(words)
    parts = [number_of(word) for word in several]
    if len(several) > 1 and None not in parts:
        return ".".join(map(str, parts))
    volume = volume_in(words)[1]
    if volume:
        return volume
    numbers = [number_of(word) for word in words.split() if word.isdecimal() or word == words]
    return ".".join(str(number) for number in numbers if number is not None)


@lru_cache(maxsize=10_000)
def edition_of(statement: str) -> str:
    """Return the number of an edition in Arabic digits; empty if the statement has none.

    A reprint without revision is no edition of its own (see ``printing_of``).

    >>> edition_of("Tái bản lần thứ hai, có sửa chữa"), edition_of("3rd ed., rev.")
    ('2', '3')
    >>> edition_of("Tái bản lần thứ hai"), edition_of("New ed."), edition_of("7/29/12 edition")
    ('', '', '')
    """
    if not statement:
        return ""
    words = spelling(statement)
    return "" if _is_reprint(words) else _times(words)


@lru_cache(maxsize=10_000)
def printing_of(statement: str) -> str:
    """Return the number of a printing in Arabic digits; empty if the statement is of no reprint.

    Vietnamese publishers count reprints on the title page («Tái bản lần thứ 2», «In lần thứ 2»)
    where nothing was changed. Catalogues make a new record for a changed content, not for a new
    printing, so these statements tell no two publications apart unless they speak of a revision.

    Source: AACR2 1.2B and 2.5; OCLC, When to Input a New Record (printing dates and statements).

    >>> printing_of("Tái bản lần thứ hai"), printing_of("2nd printing"), printing_of("2nd ed.")
    ('2', '2', '')
    >>> printing_of("Tái bản lần thứ 2, có bổ sung"), printing_of("Tái bản")
    ('', '0')
    """
    if not statement:
        return ""
    words = spelling(statement)
    return (_times(words) or "0") if _is_reprint(words) else ""


def _is_reprint(words: str) -> bool:
    return bool(_REPRINT.search(words)) and not _REVISED.search(words)


def _times(words: str) -> str:
    words = _TEENS.sub(_teen, _DATE.sub(" ", words))
    digits = _ORDINAL.search(words)
    if digits:
        return str(int(digits[1]))
    # «Năm» is five after «thứ» and "year" elsewhere.
    said = _AFTER_TIMES.findall(words) or _ENGLISH_ORDINALS.findall(words)
    return next((str(_WORDS[word]) for word in said if word in _WORDS), "")


def _teen(found: re.Match[str]) -> str:
    """Return eleven to nineteen in digits: «mười một»."""
    ones = _WORDS.get(_FIVE_BEHIND_TEN.get(found[1], found[1]), 10)
    return str(10 + ones) if ones < 10 else found[0]  # noqa: PLR2004 - ten itself


def number_of(word: str) -> int | None:
    """Return what a number written in digits, Roman numerals (to 39) or words stands for.

    Args:
        word: One word as ``spelling`` gives it.

    >>> number_of("012"), number_of("xiv"), number_of("hai"), number_of("toan")
    (12, 14, 2, None)
    """
    if word.isdecimal() and word.isascii():
        return int(word)
    if word in _WORDS:
        return _WORDS[word]
    return _roman(word) if word and all(letter in _ROMAN for letter in word) else None


def _roman(word: str) -> int | None:
    values = [_ROMAN[letter] for letter in word]
    after = [*values[1:], 0]
    number = sum(-here if here < there else here for here, there in zip(values, after, strict=True))
    return number if _in_roman(number) == word else None


def _in_roman(number: int) -> str:
    tens, ones = divmod(number, 10)
    return "x" * tens + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[ones]
