"""What a document is and is about: kind, language, subjects, notes and series of UNIMARC."""

from __future__ import annotations

from libconsortium.plugins.marc.records import MarcField, without_isbd
from libconsortium.plugins.marc.unimarc.links import linked_number, linked_title

_NOTES = ("330", "300", "328", "327", "320", "303", "304", "305", "306", "307", "308", "311",
          "312", "313", "314", "321", "323", "324", "325", "326", "333", "336", "337")  # fmt: skip
_NAMES, _BODIES, _TERMS = ("600", "602"), ("601",), ("605", "606", "607")
_FREE = "610"
_WHERE = "y"  # in MARC 21 it is z that names a place, and y a time

DESCRIBING = {
    "105": "",
    "205": "abdfg",
    "215": "acde",
    "225": "adefhivxz",
    "410": "atvx",
    "327": "abcdefgh",
    "328": "abcdet",
    **dict.fromkeys((one for one in _NOTES if one not in {"327", "328"}), "a"),
    "600": "abcdfgjptxyz",
    "601": "abcdefghjtxyz",
    "602": "afjtxyz",
    **dict.fromkeys(("605", "606", "607"), "ahijklmnqrsuxyz"),
    "608": "ajxyz",
    _FREE: "a",
    "620": "abcd",
}
"""The subfields that are known here, by tag."""

_KINDS_OF_TEXT = {"m": "Book", "s": "Serial", "a": "Article", "i": "Serial", "c": "Collection"}
_TEXT = ("a", "b", "l")
_KINDS = {
    "c": "Score",
    "d": "Score",
    "e": "Map",
    "f": "Map",
    "g": "Video",
    "i": "Sound",
    "j": "Sound",
    "k": "Image",
    "m": "Mixed materials",
    "r": "Object",
}
_THESIS = "m"  # among the codes of contents, 105 $a positions 4 to 7
_CONTENTS = slice(4, 8)
_NO_LANGUAGE = frozenset({"", "|||", "und", "zxx", "mul"})

Under = dict[str, list[MarcField]]


def document_types(under: Under, leader: str) -> tuple[str, ...]:
    """Return the kinds of document: by leader and thesis note, then the terms of form (608).

    Source: UNIMARC Manual, record label positions 6 and 7; 105 and 328.

    >>> document_types({}, "00000nam0 2200000   450 ")
    ('Book',)
    """
    record_type, level = leader[6:7], leader[7:8]
    kind = _KINDS_OF_TEXT.get(level, "") if record_type in _TEXT else _KINDS.get(record_type, "")
    contents = (field.first("a")[_CONTENTS] for field in under.get("105", ()))
    if "328" in under or any(_THESIS in codes for codes in contents):
        kind = "Thesis"
    forms = [text for field in under.get("608", ()) for text in field.texts("a")]
    return tuple(dict.fromkeys(filter(None, (kind, *map(without_isbd, forms)))))


def languages(under: Under) -> tuple[str, ...]:
    """Return the codes of the languages of the text.

    >>> languages({"101": [MarcField("101", "1 ", (("a", "vie"), ("c", "fre")))]})
    ('vie',)
    """
    codes = [text for field in under.get("101", ()) for text in field.texts("a")]
    return tuple(dict.fromkeys(code for code in codes if code not in _NO_LANGUAGE))


def subjects(under: Under) -> tuple[str, ...]:
    """Return the subject terms, subdivisions behind two hyphens, then the free ones.

    >>> subjects({"606": [MarcField("606", "  ", (("a", "Toán học"), ("x", "Giáo trình")))]})
    ('Toán học -- Giáo trình',)
    """
    found: list[str] = []
    for tag in (*_NAMES, *_BODIES, *_TERMS):
        for field in under.get(tag, ()):
            main = field.texts("a")
            parts = field.texts("b") if tag not in _TERMS else []
            name = (". " if tag in _BODIES else ", ").join(map(without_isbd, (*main, *parts)))
            terms = map(without_isbd, field.texts("jxyz"))
            found.append(" -- ".join(filter(None, (name, *terms))))
    found += [without_isbd(text) for field in under.get(_FREE, ()) for text in field.texts("a")]
    return tuple(dict.fromkeys(filter(None, found)))


def coverage(under: Under) -> tuple[str, ...]:
    """Return the places it is about: place names as headings (607), and in headings (``$y``).

    >>> coverage({"606": [MarcField("606", "  ", (("a", "Lễ hội"), ("y", "Hòa Bình")))]})
    ('Hòa Bình',)
    """
    found = [text for field in under.get("607", ()) for text in field.texts("a")]
    for tag in (*_NAMES, *_BODIES, *_TERMS):
        found += [text for field in under.get(tag, ()) for text in field.texts(_WHERE)]
    return tuple(dict.fromkeys(filter(None, map(without_isbd, found))))


def descriptions(under: Under) -> tuple[str, ...]:
    """Return the summary, then notes.

    >>> descriptions({"330": [MarcField("330", "  ", (("a", "Tóm tắt"),))]})
    ('Tóm tắt',)
    """
    every = (
        " ".join(field.texts(DESCRIBING[tag])) for tag in _NOTES for field in under.get(tag, ())
    )
    return tuple(filter(None, every))


def series(under: Under) -> tuple[str, ...]:
    """Return the series with the number in it: as the document says, else as it is linked (410).

    >>> series({"225": [MarcField("225", "0 ", (("a", "Tủ sách"), ("v", "3")))]})
    ('Tủ sách ; 3',)
    """
    said = [(_series_title(field), " ".join(field.texts("v"))) for field in under.get("225", ())]
    said = said or [(linked_title(one), linked_number(one)) for one in under.get("410", ())]
    found = (f"{title} ; {number}" if title and number else title for title, number in said)
    return tuple(dict.fromkeys(filter(None, found)))


def _series_title(field: MarcField) -> str:
    return ". ".join(map(without_isbd, (*field.texts("a")[:1], *field.texts("hi"))))
