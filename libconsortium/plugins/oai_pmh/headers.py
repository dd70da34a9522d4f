"""Reads the header of a record out of a page, also of one whose elements are not named rightly."""

from __future__ import annotations

import attrs
from lxml import etree

from libconsortium.plugins.oai_pmh.envelope import NAMESPACE, envelope_elements

_OAI = f"{{{NAMESPACE}}}"
RECORD, HEADER = f"{_OAI}record", f"{_OAI}header"
ITEMS = frozenset({RECORD, HEADER})
_IDENTIFIER, _DATESTAMP, _SET = f"{_OAI}identifier", f"{_OAI}datestamp", f"{_OAI}setSpec"


@attrs.frozen
class Header:
    """What stands in a record's header: texts without the blanks around them, empty if missing."""

    identifier: str
    datestamp: str
    sets: tuple[str, ...]
    is_deleted: bool


def header_of(element: etree._Element) -> Header | None:
    """Read the header; every call counts here: a list has a million records."""
    header = element if element.tag == HEADER else element.find(HEADER)
    if header is None:
        return None
    first: dict[str, str] = {}
    sets = []
    for child in header:
        text = child.text or ""
        if len(child):  # comments and the like stand in it
            text = str(child.xpath("string()"))
        text = text.strip()
        if child.tag == _SET:
            sets.append(text)
        else:
            first.setdefault(child.tag, text)
    status = header.get("status")
    return Header(
        first.get(_IDENTIFIER, ""),
        first.get(_DATESTAMP, ""),
        tuple(sets),
        status is not None and status.strip().lower() == "deleted",
    )


_NAMES = {
    **{name: name for name in ("record", "header", "identifier", "datestamp", "metadata")},
    "setspec": "setSpec",
}


def mended_header(element: etree._Element) -> Header | None:
    """Read the header of a record whose elements lie in no namespace or have other letters."""
    if etree.QName(element).localname.lower() not in {"record", "header"}:
        return None
    for one in list(envelope_elements(element)):
        name = etree.QName(one).localname
        one.tag = _OAI + _NAMES.get(name.lower(), name)
    header = header_of(element)
    return header if header is not None and header.identifier else None
