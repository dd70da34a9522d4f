"""Several volumes in one record: «Tập 1-2», «quyển 1 & 2», «Vol. 1/2», «trọn bộ 3 tập»."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from libconsortium.core.catalogue.numbering import number_of

_PARTS = (
    "tập|tap|quyển|quyen|cuốn|cuon|phần|phan|volumes?|vols?|tomes?|tomos?|bände|band|bde?|parts?|pts?"
    "|books?|t|q|v"
)
_NUMBER = r"[0-9]{1,2}|(?-i:[IVX]{1,5})"
_UP_TO = r"\s*[-–—]\s*|\s+(?:đến|den|to|bis)\s+"
_AND = r"\s*[&+/]\s*|\s+(?:và|va|and|und|et)\s+"
_COMMA = rf"\s*,\s*(?=(?:{_NUMBER})\s*(?:$|[.,:;&)\]]|\b(?:và|va|and)\b))"
_NEXT = rf"(?:{_UP_TO}|{_AND}|{_COMMA})(?:(?:{_PARTS})\b\.?\s*)?(?:{_NUMBER})"
_SEVERAL = re.compile(
    rf"(?<!\w)(?:(?:bộ|bo)\s+)?(?:{_PARTS})\b\.?\s*(?P<numbers>(?:{_NUMBER})(?:{_NEXT})+)"
    r"(?![\w%]|\s*[-–/]\s*[0-9]|[.,][0-9])",
    re.IGNORECASE,
)
_VOLUMES = r"(?:tập|tap|quyển|quyen|cuốn|cuon|volumes|vols?\b\.?)"
_COUNT = "[2-9]|[1-9][0-9]"
_WHOLE = re.compile(
    rf"(?<!\w)(?:(?:trọn|tron)\s+)?(?:bộ|bo)\s+(?:(?:gồm|gom)\s+)?(?P<said>{_COUNT})\s+{_VOLUMES}(?!\w)"
    rf"|\((?P<bare>{_COUNT})\s+{_VOLUMES}\)|(?<!\w)(?P<set>{_COUNT})[- ]volume set\b"
    r"|(?<!\w)(?:trọn\s+bộ|tron\s+bo|complete set)(?!\w)",
    re.IGNORECASE,
)
_SIGN = re.compile("bộ| bo| set|[)]")  # stands in every such title, and in few others
_ALL = "all"  # of a record that does not say how many they are
_BARE = re.compile(r"\W*(?P<numbers>[0-9]{1,2}\s*[-–]\s*[0-9]{1,2})\W*")
_EACH = re.compile(r"[0-9]{1,2}|(?<!\w)[IVX]{1,5}(?!\w)")
_SPAN = re.compile(_UP_TO, re.IGNORECASE)
_PERHAPS = re.compile(  # numbers in capitals only: small letters stand in every title
    r"[0-9IVX]\s*(?:[-–—&+/,]|\b(?i:và|va|and|und|et|đến|den|to|bis)\b)"
)


def volumes_in(text: str) -> tuple[str, str]:
    """Take the designation of several volumes, or of all, out of a title as written.

    Returns:
        The title without it, and the volumes: ``1-3``, ``1,3`` if they do not follow each other, or
        ``all`` if it does not say how many. No such designation gives an empty text, and the title
        as it was.

    >>> volumes_in("Giải tích. Tập 1-2"), volumes_in("Giải tích. Quyển I & II : hàm")
    (('Giải tích. ', '1-2'), ('Giải tích.  : hàm', '1-2'))
    >>> volumes_in("Giải tích. Tập 2"), volumes_in("Việt Nam 1-2 tuần")
    (('Giải tích. Tập 2', ''), ('Việt Nam 1-2 tuần', ''))
    >>> volumes_in("Giải tích (trọn bộ 3 tập)"), volumes_in("Giải tích trọn bộ")
    (('Giải tích ()', '1-3'), ('Giải tích ', 'all'))
    """
    composed = unicodedata.normalize("NFC", text)
    small = composed.lower()
    if _SIGN.search(small) and (whole := _WHOLE.search(composed)):
        count = next(filter(None, whole.groups()), "")
        rest = f"{composed[: whole.start()]}{composed[whole.end() :]}"
        return rest, f"1-{int(count)}" if count else _ALL
    if not _PERHAPS.search(composed):
        return text, ""
    found = _SEVERAL.search(composed)
    volumes = _listed(found["numbers"]) if found else ""
    if found is None or not volumes:
        return text, ""
    return f"{composed[: found.start()]}{composed[found.end() :]}", volumes


@lru_cache(maxsize=10_000)
def volumes_of(statement: str) -> str:
    """Return the volumes that a field of its own gives if they are several; empty otherwise.

    >>> volumes_of("T. 1-3"), volumes_of("1-2"), volumes_of("Vol. 1/2"), volumes_of("55, 2")
    ('1-3', '1-2', '1-2', '')
    """
    if "," in statement:
        return ""
    bare = _BARE.fullmatch(statement)
    return _listed(bare["numbers"]) if bare else volumes_in(statement)[1]


def _listed(written: str) -> str:
    numbers = [number_of(word.casefold()) or 0 for word in _EACH.findall(written)]
    if sorted(set(numbers)) != numbers or not numbers[0]:
        return ""  # they do not go up: an issue, a date
    first, last = numbers[0], numbers[-1]
    follow = numbers == list(range(first, last + 1))
    if "/" in written and not follow:
        return ""  # volume and issue
    return f"{first}-{last}" if follow or _SPAN.search(written) else ",".join(map(str, numbers))
