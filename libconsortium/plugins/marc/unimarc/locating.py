"""Where a document of UNIMARC is found: numbers, addresses, shelf marks and the journal."""

from __future__ import annotations

from collections.abc import Iterator

from libconsortium import (
    RecordIdentifier,
    identifiers_in,
    serials_in,
    standard_identifier,
)
from libconsortium.plugins.marc.records import MarcField, without_isbd
from libconsortium.plugins.marc.unimarc.links import linked_issn, linked_title

LOCATING = {
    "010": "abdz",
    "011": "abdfgyz",
    "014": "a2z",
    "017": "ab2dz",
    "073": "abcdz",
    **dict.fromkeys(("461", "462", "463", "464"), "atvxdehiop"),
    "801": "abcgh",
    "852": "jkm",
    "856": "u",
    "930": "a",
    "995": "k",
}
"""The subfields that are known here, by tag; who made the record (801) says nothing of it."""

_ANALYTIC = "a"
_HOSTS = ("461", "463", "462")
_CANCELLED = {"010": "z", "011": "yz"}

Under = dict[str, list[MarcField]]


def identifiers(under: Under, leader: str) -> tuple[RecordIdentifier, ...]:
    """Return the standard identifiers; what is none comes as not valid, as written.

    >>> found = identifiers({"010": [MarcField("010", "  ", (("a", "0-306-40615-2"),))]}, "")
    >>> [(one.scheme, one.value) for one in found]
    [('isbn', '9780306406157')]
    """
    return tuple(dict.fromkeys(_identifiers(under, leader)))


def _identifiers(under: Under, leader: str) -> Iterator[RecordIdentifier]:
    for tag, scheme in (("010", "isbn"), ("011", "issn")):
        for field in under.get(tag, ()):
            yield from (standard_identifier(scheme, text) for text in field.texts("a"))
            for text in field.texts(_CANCELLED[tag]):
                yield RecordIdentifier(scheme=scheme, value=text, is_valid=False)
    for tag in ("014", "017"):
        for field in under.get(tag, ()):
            is_doi = field.first("2").lower() == "doi"
            for text in field.texts("a"):
                yield from identifiers_in(f"doi:{text}" if is_doi and text[:3] == "10." else text)
    for field in under.get("073", ()):
        numbers = (standard_identifier("isbn", text) for text in field.texts("a"))
        yield from (number for number in numbers if number.is_valid)
    for field in _hosts(under, leader):
        yield from serials_in(linked_issn(field))
    for field in under.get("856", ()):
        yield from (found for text in field.texts("u") for found in identifiers_in(text))


def call_numbers(under: Under) -> tuple[str, ...]:
    """Return the shelf marks: 995 $k (Koha, PMB), 930 $a (Sudoc) and 852.

    >>> call_numbers({"995": [MarcField("995", "  ", (("b", "TV"), ("k", "515 NG-A")))]})
    ('515 NG-A',)
    """
    found = [text for field in under.get("995", ()) for text in field.texts("k")]
    found += [text for field in under.get("930", ()) for text in field.texts("a")]
    found += [" ".join(field.texts("jkm")) for field in under.get("852", ())]
    return tuple(dict.fromkeys(filter(None, found)))


def journal(under: Under, leader: str) -> str:
    """Return the title of what an article stands in; a book has none.

    >>> link = MarcField("461", "  ", (("t", "Tạp chí Mẫu"),))
    >>> journal({"461": [link]}, "00000naa"), journal({"461": [link]}, "00000nam")
    ('Tạp chí Mẫu', '')
    """
    found = (without_isbd(linked_title(field)) for field in _hosts(under, leader))
    return next(filter(None, found), "")


def _hosts(under: Under, leader: str) -> Iterator[MarcField]:
    if leader[7:8] == _ANALYTIC:
        for tag in _HOSTS:
            yield from under.get(tag, ())
