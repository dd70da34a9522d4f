"""What a document is and is about: kind, language, subjects, notes and series of a MARC record."""

from __future__ import annotations

import re

from libconsortium.plugins.marc.records import MarcField, without_isbd

DESCRIBING = {
    "250": "ab",
    "300": "a",
    "336": "b",
    "041": "a",
    "043": "c",
    "546": "a",
    "440": "av",
    "490": "av",
    "830": "av",
    "500": "a",
    "502": "abcd",
    "504": "a",
    "505": "a",
    "520": "ab",
    "522": "a",
    "662": "abcdfgh",
    **dict.fromkeys(("600", "610", "611", "630", "648", "650", "651"), "abxyzv"),
    "653": "a",
    "655": "a",
}
"""The subfields that are read here, by tag."""

_FULL_STOP = re.compile(r"(?<=\w{3})\.$")  # not that of an abbreviation
_CODE = 3
_OURS, _UNSPECIFIED = "libconsortium", "zzz"
_NO_LANGUAGE = frozenset({"", "|||", "und", "zxx", "mul"})
_LANGUAGE = slice(35, 38)  # of 008
_KINDS_OF_TEXT = {"m": "Book", "s": "Serial", "a": "Book chapter", "b": "Article", "i": "Serial"}
_KINDS = {
    "c": "Score",
    "d": "Score",
    "e": "Map",
    "f": "Map",
    "g": "Video",
    "i": "Sound",
    "j": "Sound",
    "k": "Image",
    "m": "Software",
    "o": "Kit",
    "p": "Mixed materials",
    "r": "Object",
}

_SUBJECTS = ("600", "610", "611", "630", "648", "650", "651")
_TIMES = "648"

Under = dict[str, list[MarcField]]


def document_types(under: Under, leader: str) -> tuple[str, ...]:
    """Return the kinds of document: by leader and thesis note, then the genre terms as written.

    Source: MARC 21, leader positions 06 and 07.

    >>> document_types({}, "00000nam a2200000 a 4500")
    ('Book',)
    """
    record_type, level = leader[6:7], leader[7:8]
    kind = (
        _KINDS_OF_TEXT.get(level, "") if record_type in ("a", "t") else _KINDS.get(record_type, "")
    )
    genres = [text for field in under.get("655", ()) for text in field.texts("a")]
    if any(field.first("2") == _OURS for field in under.get("655", ())):
        return tuple(dict.fromkeys(genres))  # written by us: these are all
    if any(field.first("b") == _UNSPECIFIED for field in under.get("336", ())):
        kind = ""
    first = "Thesis" if "502" in under else kind
    return tuple(dict.fromkeys(filter(None, (first, *map(_term, genres)))))


def languages(under: Under, fixed: str) -> tuple[str, ...]:
    """Return the codes of the languages, or their names where only a note gives them.

    >>> languages({"041": [MarcField("041", "1 ", (("a", "vieeng"),))]}, "")
    ('vie', 'eng')
    """
    codes = [code for field in under.get("041", ()) for text in field.texts("a")
             for code in _codes(text)]  # fmt: skip
    codes = codes or [fixed[_LANGUAGE].strip()]
    found = [code for code in codes if code not in _NO_LANGUAGE]
    if not found:
        found = [text for field in under.get("546", ()) for text in field.texts("a")]
    return tuple(dict.fromkeys(found))


def subjects(under: Under) -> tuple[str, ...]:
    """Return the subject terms, subdivisions behind two hyphens.

    >>> subjects({"650": [MarcField("650", " 0", (("a", "Toán học"), ("x", "Giáo trình.")))]})
    ('Toán học -- Giáo trình',)
    """
    found: list[str] = []
    for tag in _SUBJECTS:
        for field in under.get(tag, ()):
            name, terms = "", []
            for code, text in field.subfields:
                if code in "ab":
                    name = f"{name} {text}" if name else text
                elif text and code in "xyzv":
                    terms.append(_term(text))
            found.append(" -- ".join((_term(name), *terms) if name else terms))
    if "653" in under:
        found += [_term(text) for field in under["653"] for text in field.texts("a")]
    return tuple(dict.fromkeys(filter(None, found)))


def coverage(under: Under) -> tuple[str, ...]:
    """Return the places it is about: of subject headings, notes and codes (ISO 3166).

    Source: MARC 21 to Dublin Core crosswalk, Library of Congress.

    >>> field = MarcField("650", " 4", (("a", "Lễ hội"), ("z", "Hòa Bình.")))
    >>> coverage({"650": [field], "043": [MarcField("043", "  ", (("c", "vn-14"),))]})
    ('Hòa Bình', 'vn-14')
    """
    found: list[str] = []
    for tag in _SUBJECTS:
        if tag != _TIMES:
            codes = "az" if tag == "651" else "z"
            for field in under.get(tag, ()):
                found += [_term(text) for code, text in field.subfields if code in codes]
    for field in under.get("662", ()):
        found.append(" -- ".join(map(_term, field.texts(DESCRIBING["662"]))))
    found += [text for field in under.get("522", ()) for text in field.texts("a")]
    found += [text for field in under.get("043", ()) for text in field.texts("c")]
    return tuple(dict.fromkeys(filter(None, found)))


def descriptions(under: Under) -> tuple[str, ...]:
    """Return abstracts, then notes.

    >>> descriptions({"520": [MarcField("520", "", (("a", "Tóm tắt"),))]})
    ('Tóm tắt',)
    """
    return tuple(
        text
        for tag in ("520", "500", "502", "504", "505")
        for field in under.get(tag, ())
        if (text := " ".join(field.texts(DESCRIBING[tag])))
    )


def series(under: Under) -> tuple[str, ...]:
    """Return the series with the number in it.

    >>> series({"490": [MarcField("490", "0 ", (("a", "Tủ sách ;"), ("v", "3")))]})
    ('Tủ sách ; 3',)
    """
    found = []
    for field in under.get("490") or under.get("440") or under.get("830") or ():
        title = without_isbd(" ".join(field.texts("a")))
        number = " ".join(field.texts("v"))
        found.append(f"{title} ; {number}" if title and number else title)
    return tuple(dict.fromkeys(filter(None, found)))


def _term(written: str) -> str:
    term = without_isbd(written)
    return _FULL_STOP.sub("", term) if term.endswith(".") else term


def _codes(text: str) -> list[str]:
    packed = text.isalpha() and text.islower() and len(text) % _CODE == 0
    if packed and text.isascii():
        return [text[at : at + _CODE] for at in range(0, len(text), _CODE)]
    return [text]
