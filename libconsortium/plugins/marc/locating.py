"""Where a document is found: numbers, addresses, shelf marks and the journal it stands in."""

from __future__ import annotations

from collections.abc import Iterator

from libconsortium import (
    RecordIdentifier,
    identifiers_in,
    is_link,
    serials_in,
    standard_identifier,
)
from libconsortium.plugins.marc.records import MarcField, without_isbd

LOCATING = {
    "020": "aqcz",
    "022": "ayz",
    "024": "a2qz",
    "773": "tx",
    "786": "nx",
    "852": "hijkm",
    "856": "u",
    "952": "o",
}
"""The subfields that are read here, by tag; price and binding (020 ``$c $q``) are known."""

_NAMED_SCHEMES = {"doi": "doi", "hdl": "handle", "isbn": "isbn", "issn": "issn"}
_EAN, _RELATED = "3", "2"

Under = dict[str, list[MarcField]]


def identifiers(under: Under) -> tuple[RecordIdentifier, ...]:
    """Return the standard identifiers; what is none comes as not valid, as written.

    >>> found = identifiers({"020": [MarcField("020", "", (("a", "0306406152 (bìa mềm)"),))]})
    >>> [(one.scheme, one.value) for one in found]
    [('isbn', '9780306406157')]
    """
    return tuple(dict.fromkeys(_identifiers(under)))


def links(under: Under) -> tuple[str, ...]:
    """Return the addresses of the document.

    >>> links({"856": [MarcField("856", "40", (("u", "https://a.example/1"),))]})
    ('https://a.example/1',)
    """
    found = (text for field in under.get("856", ()) for text in field.texts("u"))
    return tuple(dict.fromkeys(filter(is_link, found)))


def call_numbers(under: Under) -> tuple[str, ...]:
    """Return the shelf marks: 852, and 952 as Koha has it.

    >>> call_numbers({"852": [MarcField("852", "", (("h", "515"), ("i", "NG-A")))]})
    ('515 NG-A',)
    """
    found = [" ".join(field.texts("hijkm")) for field in under.get("852", ())]
    found += [text for field in under.get("952", ()) for text in field.texts("o")]
    return tuple(dict.fromkeys(filter(None, found)))


def journal(under: Under) -> str:
    """Return the title of what the article stands in; without issue and pages.

    >>> journal({"786": [MarcField("786", "0 ", (("n", "Tạp chí Mẫu; Số 5 (2019); 1-9"),))]})
    'Tạp chí Mẫu'
    """
    for field in under.get("773", ()):
        if title := field.first("t"):
            return without_isbd(title).rstrip(".")
    for field in under.get("786", ()):
        if name := field.first("n"):
            return name.partition(";")[0].strip()
    return ""


def _identifiers(under: Under) -> Iterator[RecordIdentifier]:
    for tag, scheme in (("020", "isbn"), ("022", "issn")):
        for field in under.get(tag, ()):
            yield from (standard_identifier(scheme, text) for text in field.texts("a"))
            # Cancelled or wrong numbers, kept as written: they name another publication, or none.
            yield from (_not_valid(scheme, text) for text in field.texts("yz"))
    for field in under.get("024", ()):
        yield from _other_numbers(field)
    for field in (*under.get("773", ()), *under.get("786", ())):
        yield from (found for text in field.texts("xn") for found in serials_in(text))
    for field in under.get("856", ()):
        if field.indicators[1:] != _RELATED:
            yield from (found for text in field.texts("u") for found in identifiers_in(text))


def _other_numbers(field: MarcField) -> Iterator[RecordIdentifier]:
    scheme = _NAMED_SCHEMES.get(field.first("2").lower(), "")
    if scheme:
        yield from (_not_valid(scheme, text) for text in field.texts("z"))
    for text in field.texts("a"):
        if scheme in {"isbn", "issn"}:
            yield standard_identifier(scheme, text)
        elif scheme == "handle":
            yield RecordIdentifier(scheme=scheme, value=text.removeprefix("hdl:"))
        elif scheme == "doi" and not is_link(text):
            yield from identifiers_in(f"doi:{text.removeprefix('doi:')}")
        elif field.indicators[:1] == _EAN:
            number = standard_identifier("isbn", text)
            if number.is_valid:
                yield number
        else:
            yield from identifiers_in(text)


def _not_valid(scheme: str, text: str) -> RecordIdentifier:
    return RecordIdentifier(scheme=scheme, value=text, is_valid=False)
