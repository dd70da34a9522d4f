"""Who and what: titles, names, publishers and dates of a UNIMARC record."""

from __future__ import annotations

from libconsortium.plugins.marc.records import MarcField, without_isbd
from libconsortium.plugins.marc.unimarc.links import linked_number

NAMING = {
    "100": "a",
    "101": "abcdefghij",
    "102": "ab",
    "200": "abcdehivz",
    **dict.fromkeys(("210", "214", "219"), "abcd"),
    **dict.fromkeys(("500", "510", "512", "513", "514", "515", "516", "517", "518"), "aehi"),
    **dict.fromkeys(("520", "530", "532", "540", "541"), "aehi"),
    **dict.fromkeys(("700", "701", "702"), "abcdfg4"),
    **dict.fromkeys(("710", "711", "712"), "abcdefgh4"),
    **dict.fromkeys(("720", "721", "722"), "af4"),
}
"""The subfields that are known here, by tag; 200 ``$f $g`` are statements, not names."""

_OTHER_TITLES = tuple(tag for tag in sorted(NAMING) if tag[0] == "5" and tag != "500")
_UNIFORM_TITLE = "500"
_CREATORS = ("700", "710", "720", "701", "711", "721")
_OTHERS = ("702", "712", "722")
_AUTHOR = "070"
_PUBLICATION, _COPYRIGHT = ("0", " ", ""), "4"  # second indicator of 214
_DIRECT_ORDER = "0"
_DATE_1 = slice(9, 13)  # of 100 $a
_ENDS = (":", ";", "=", "/", ",", ".", "?", "!")

Under = dict[str, list[MarcField]]


def titles(under: Under) -> tuple[str, ...]:
    """Return the title proper; then other works, parallel titles and further ones.

    >>> title = (("a", "Giải tích"), ("e", "giáo trình"), ("f", "A"), ("d", "Calculus"))
    >>> titles({"200": [MarcField("200", "1 ", title)]})
    ('Giải tích : giáo trình', 'Calculus')
    """
    found: list[str] = []
    for field in under.get("200", ()):
        found += _in_title(field)
    for tag in (*_OTHER_TITLES, _UNIFORM_TITLE):
        for field in under.get(tag, ()):
            found += _in_title(field)
    return tuple(dict.fromkeys(filter(None, map(without_isbd, found))))


def _in_title(field: MarcField) -> list[str]:
    """Return the titles in one field; ``$e`` and ``$i`` belong to what stands before."""
    found: list[str] = []
    for code, text in field.subfields:
        if code in "acd" or (code in "ei" and not found):
            found.append(text)
        elif code in "ei":
            join = " " if found[-1].endswith(_ENDS) else (". " if code == "i" else " : ")
            found[-1] += join + text
    return found


def volume(under: Under) -> str:
    """Return the number of the part: of its own (200 $h $v), or in the set it belongs to (461 $v).

    >>> volume({"200": [MarcField("200", "1 ", (("a", "Giải tích"), ("h", "Tập 2")))]})
    'Tập 2'
    """
    for field in under.get("200", ())[:1]:
        if numbers := field.texts("h") or field.texts("v"):
            return ". ".join(map(without_isbd, numbers))
    return next(filter(None, map(linked_number, under.get("461", ()))), "")


def names(under: Under) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return creators (primary and alternative responsibility, and authors) and contributors.

    >>> main = MarcField("700", " 1", (("a", "Nguyễn"), ("b", "Văn A")))
    >>> other = MarcField("702", " 0", (("a", "Trần B"), ("4", "340")))
    >>> names({"700": [main], "702": [other]})
    (('Nguyễn, Văn A',), ('Trần B',))
    """
    creators = dict.fromkeys(_name(field) for tag in _CREATORS for field in under.get(tag, ()))
    contributors: dict[str, None] = {}
    for tag in _OTHERS:
        for field in under.get(tag, ()):
            is_author = _AUTHOR in field.texts("4")
            (creators if is_author else contributors)[_name(field)] = None
    return (
        tuple(filter(None, creators)),
        tuple(name for name in contributors if name and name not in creators),
    )


def _name(field: MarcField) -> str:
    entry = without_isbd(" ".join(field.texts("a")))
    rest = [without_isbd(text.lstrip(", ")) for text in field.texts("b")]  # «, Victor» in Italy
    if field.tag[1] == "1":  # a body and its parts
        return ". ".join(part.rstrip(". ") for part in (entry, *rest) if part)
    join = " " if field.indicators[1:] == _DIRECT_ORDER else ", "
    return join.join(filter(None, (entry, " ".join(rest))))


def publishers(under: Under) -> tuple[str, ...]:
    """Return the publishers; of printers and distributors only if there is no publisher.

    >>> publishers({"210": [MarcField("210", "  ", (("a", "H."), ("c", "Giáo dục")))]})
    ('Giáo dục',)
    """
    return _published(under, "c")


def dates(under: Under) -> tuple[str, ...]:
    """Return the dates of publication as written; that of the coded data if there is none.

    >>> dates({"214": [MarcField("214", " 0", (("d", "DL 2019"),))]})
    ('DL 2019',)
    """
    coded = date_1(under)
    return _published(under, "d") or ((coded,) if coded.isdecimal() else ())


def date_1(under: Under) -> str:
    """Return the first date of the coded data (100 $a, positions 9 to 12).

    >>> date_1({"100": [MarcField("100", "  ", (("a", "20190101d2018    m  y0vie"),))]})
    '2018'
    """
    return next((field.first("a")[_DATE_1] for field in under.get("100", ())), "")


def _published(under: Under, code: str) -> tuple[str, ...]:
    every = [field for tag in ("210", "214", "219") for field in under.get(tag, ())]
    firm = [one for one in every if one.tag != "214" or one.indicators[1:] in _PUBLICATION]
    others = [one for one in every if one.indicators[1:] != _COPYRIGHT]
    texts = [text for field in firm for text in field.texts(code)]
    texts = texts or [text for field in others or every for text in field.texts(code)]
    return tuple(dict.fromkeys(filter(None, map(without_isbd, texts))))
