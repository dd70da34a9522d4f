"""Who and what: titles, names, publishers and dates of a MARC record."""

from __future__ import annotations

import re
from functools import lru_cache

from libconsortium import fold
from libconsortium.plugins.marc.records import MarcField, without_isbd

NAMING = {
    "245": "abnp",
    "246": "abnp",
    "242": "abnp",
    "100": "abe4",
    "110": "abe4",
    "111": "ae4",
    "700": "abe4",
    "710": "abe4",
    "711": "ae4",
    "720": "ae4",
    "260": "bc",
    "264": "bc",
}
"""The subfields that are read here, by tag; names of works within (``700$t``) are none."""

_FULL_STOP = re.compile(r"(?<=[^\W\d_]{2})\.$")  # not the point of an initial
_SIGNS = (":", ";", "=", "/", ",", ".", "?", "!")
_AUTHOR_ROLES = frozenset(
    {"", "aut", "cre", "author", "creator", "joint author", "dis", "dissertant"}
    | {"tac gia", "dong tac gia", "nguoi viet"}
)
_BODIES = ("10", "11")
_NAMES = ("100", "110", "111", "700", "710", "711", "720")
_COPYRIGHT, _PUBLICATION = "4", "1"

Under = dict[str, list[MarcField]]


def titles(under: Under) -> tuple[str, ...]:
    """Return the title proper, then the other titles.

    >>> titles({"245": [MarcField("245", "", (("a", "Giải tích :"), ("b", "giáo trình /")))]})
    ('Giải tích : giáo trình',)
    """
    found = [_title(field) for tag in ("245", "246", "242") for field in under.get(tag, ())]
    return tuple(dict.fromkeys(filter(None, found)))


def volume(under: Under) -> str:
    """Return number of the part (245 $n), as written.

    >>> volume({"245": [MarcField("245", "", (("a", "Giải tích."), ("n", "Tập 2 /")))]})
    'Tập 2'
    """
    numbers = [text for field in under.get("245", ())[:1] for text in field.texts("n")]
    if not numbers:
        return ""
    return ". ".join(without_isbd(number).rstrip(".") for number in numbers)


def names(under: Under) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return creators and contributors, as written; a name without a role is a creator's.

    >>> main = MarcField("100", "", (("a", "Nguyễn Văn A,"), ("e", "tác giả")))
    >>> other = MarcField("700", "", (("a", "Trần B"), ("e", "chủ biên")))
    >>> names({"100": [main], "700": [other]})
    (('Nguyễn Văn A',), ('Trần B',))
    """
    creators: dict[str, None] = {}
    contributors: dict[str, None] = {}
    for tag in _NAMES:
        for field in under.get(tag, ()):
            name = _name(field)
            if name and not field.first("t"):
                is_author = tag < "200" or _is_author(field)
                (creators if is_author else contributors)[name] = None
    return tuple(creators), tuple(name for name in contributors if name not in creators)


def publishers(under: Under) -> tuple[str, ...]:
    """Return the publishers; of printers and distributors only if there is no publisher.

    >>> publishers({"260": [MarcField("260", "", (("a", "H. :"), ("b", "Giáo dục,")))]})
    ('Giáo dục',)
    """
    return _published(under, "b")


def dates(under: Under) -> tuple[str, ...]:
    """Return the dates of publication, as written.

    >>> dates({"264": [MarcField("264", " 1", (("c", "2019."),))]})
    ('2019',)
    """
    return _published(under, "c")


def _published(under: Under, code: str) -> tuple[str, ...]:
    every = [*under.get("260", ()), *under.get("264", ())]
    if not every:
        return ()
    firm = [field for field in every if field.tag == "260" or field.indicators[1:] == _PUBLICATION]
    others = [field for field in every if field.indicators[1:] != _COPYRIGHT]
    texts = [text for field in firm for text in field.texts(code)]
    texts = texts or [text for field in others or every for text in field.texts(code)]
    return tuple(dict.fromkeys(filter(None, map(_statement, texts))))


def _statement(written: str) -> str:
    return without_isbd(written).rstrip(". ")


def _title(field: MarcField) -> str:
    title = ""
    for code, text in field.subfields:
        if code not in "abp" or (code == "p" and not title):
            continue
        join = " " if not title or title.endswith(_SIGNS) else (". " if code == "p" else " : ")
        title = f"{title}{join}{text}" if title else text
    stripped = without_isbd(title)
    return stripped if stripped.endswith("..") else without_full_stop(stripped)


def _name(field: MarcField) -> str:
    parts = [text.strip() for code, text in field.subfields if code in "ab"]
    if field.tag[1:] in _BODIES:
        return _plain(". ".join(part.rstrip(". ") for part in parts))
    return _plain(parts[0] if len(parts) == 1 else " ".join(parts))


def _plain(name: str) -> str:
    return without_full_stop(without_isbd(name))


def without_full_stop(text: str) -> str:
    """Return a text without the full stop at its end; the point of an initial stays.

    >>> without_full_stop("Hà Nội."), without_full_stop("Nguyễn A.")
    ('Hà Nội', 'Nguyễn A.')
    """
    return _FULL_STOP.sub("", text) if text.endswith(".") else text


def _is_author(field: MarcField) -> bool:
    roles = field.texts("e4")
    return not roles or any(_role(role) in _AUTHOR_ROLES for role in roles)


@lru_cache(maxsize=1_000)
def _role(written: str) -> str:
    return fold(written.rpartition("/")[2])
