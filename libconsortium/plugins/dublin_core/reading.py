"""Reads one Dublin Core record; texts stay as written apart from the blanks around them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from libconsortium import (
    BibRecord,
    RawRecord,
    RecordIdentifier,
    flat_record,
    identifiers_in,
    is_link,
    latest_year,
    serials_in,
    text_of,
    with_checks,
    xml_root,
    year_in,
)

_ELEMENTS = {
    "title": "titles",
    "creator": "creators",
    "contributor": "contributors",
    "publisher": "publishers",
    "date": "dates",
    "language": "languages",
    "type": "types",
    "subject": "subjects",
    "coverage": "coverage",
    "description": "descriptions",
    "identifier": "identifier",
    "source": "source",
}
_TERMS = {
    "alternative": "titles",
    "issued": "dates",
    "created": "dates",
    "abstract": "descriptions",
    "tableOfContents": "descriptions",
    "extent": "extents",
    "spatial": "coverage",
    "temporal": "coverage",
    "LCSH": "subjects",
    "MESH": "subjects",
}
"""Refinements that mean one of our fields; ``isPartOf`` and dates of other events mean none."""

_DC = "{http://purl.org/dc/elements/1.1/}"
_TERM = "{http://purl.org/dc/terms/}"
_MISWRITTEN = (
    "{https://purl.org/dc/elements/1.1/}",
    "{http://purl.org/dc/elements/1.1}",
    "{http://purl.org/dc/elements/1.0/}",
    "{https://purl.org/dc/terms/}",
    "{http://purl.org/dc/terms}",
)
"""Namespaces of Dublin Core as servers write them by mistake."""
_ETD = tuple(
    f"{{http://www.ndltd.org/standards/metadata/etdms/{version}}}"
    for version in ("1.0/", "1.0", "1-0/", "1.1/", "1-1/")
)
_RIOXX = "{http://www.rioxx.net/schema/v2.0/rioxx/}"
_RIOXX_TERM = "{http://www.rioxx.net/schema/v2.0/rioxxterms/}"
_RIOXX_TERMS = {
    "author": "creators",
    "contributor": "contributors",
    "publication_date": "dates",
    "type": "types",
    "version_of_record": "identifier",
}
_CONTAINERS = (
    "{http://www.openarchives.org/OAI/2.0/oai_dc/}",
    "{http://www.openarchives.org/OAI/2.0/}",  # of the page, where elements have no prefix
    "{http://dspace.org/qualifieddc/}",
    "{http://epubs.cclrc.ac.uk/xmlns/qdc/}",
    "{info:srw/schema/1/dc-schema}",
    *_ETD,
    _RIOXX,
)
"""Namespaces of the element around; some servers put its elements into the same."""

_FIELD_OF = {
    **{around + name: field for around in _CONTAINERS for name, field in _ELEMENTS.items()},
    **{around + "alternativeTitle": "titles" for around in _ETD},
    **{
        start + name: field
        for start in (_RIOXX, _RIOXX_TERM)
        for name, field in _RIOXX_TERMS.items()
    },
    **{_DC + name: field for name, field in _ELEMENTS.items()},
    **{odd + name: field for odd in _MISWRITTEN for name, field in {**_ELEMENTS, **_TERMS}.items()},
    **dict(_ELEMENTS),
    **{_TERM + name: field for name, field in {**_ELEMENTS, **_TERMS}.items()},
    **dict(_TERMS),
}
_NOT_AS_WRITTEN = frozenset({"extents", "identifier", "source"})
_ROOTS = frozenset(
    {"dc", "dublincore", "metadata", "qualifieddc", "qualified-dc", "dcterms", "nsdl_dc", "record"}
    | {"thesis", "rioxx"}
)
_SIMPLE = frozenset({"relation", "format", "rights", *_ELEMENTS})

_Known = tuple[str | None, str]
"""The field that an element means, or none, and its name."""


def read(record: RawRecord) -> BibRecord:
    """Read a record.

    Raises:
        CrosswalkError: The content is not XML, or not Dublin Core.

    >>> raw = RawRecord(
    ...     source="tlu",
    ...     identifier="oai:tlu:1",
    ...     datestamp="2026-01-31",
    ...     content=b"<dc><title> A </title><date>3025</date></dc>",
    ... )
    >>> book = read(raw)
    >>> book.title, book.year, [problem.code for problem in book.problems]
    ('A', None, ['BAD_YEAR'])
    """
    texts: dict[str, list[str]] = {}
    unmapped: dict[str, None] = {}
    # Every call counts here: a record has a dozen elements, a catalogue a million records.
    for (field, name), text in _elements(record):
        if field is None:
            unmapped[name] = None
        elif bare := text.strip():
            if field in texts:
                texts[field].append(bare)
            else:
                texts[field] = [bare]
    latest = latest_year(record)
    found, links = _identifiers(texts, unmapped)
    year = None
    for date in texts.get("dates", ()):
        if year := year_in(date, latest=latest):
            break
    as_written: dict[str, Any] = {  # Any: names of fields are known at run time only
        field: tuple(some) for field, some in texts.items() if field not in _NOT_AS_WRITTEN
    }
    book = BibRecord(
        source=record.source,
        identifier=record.identifier,
        year=year,
        extent=texts["extents"][0] if "extents" in texts else "",
        identifiers=found,
        links=links,
        unmapped=tuple(unmapped),
        **as_written,
    )
    return with_checks(book, latest=latest)


def fields(record: RawRecord) -> Iterator[tuple[str, str]]:
    """Give name and text of every element.

    >>> raw = RawRecord(source="a", identifier="1", content=b"<dc><format>pdf</format></dc>")
    >>> list(fields(raw))
    [('dc:format', 'pdf')]
    """
    for child in _children(record):
        yield _name(child.tag, child.prefix), text_of(child)


def _elements(record: RawRecord) -> list[tuple[_Known, str]]:
    """Return what is known of every element by its name, and its text."""
    flat = flat_record(record.content, _known)
    if flat is not None and flat[0] in _ROOTS:
        return flat[1]
    return [(_known(child.tag, child.prefix), text_of(child)) for child in _children(record)]


def _known(tag: str, prefix: str | None, _: object = None) -> _Known:
    return _FIELD_OF.get(tag), _name(tag, prefix)


def _children(record: RawRecord) -> Iterator[etree._Element]:
    return xml_root(record, _ROOTS, "Dublin Core").iterchildren("*")


def _name(tag: str, prefix: str | None) -> str:
    """Return the name people know an element by, whatever prefix the server gave it."""
    namespace, _, name = tag.rpartition("}")
    is_around = not namespace or f"{namespace}}}" in _CONTAINERS
    if f"{namespace}}}" == _DC or (is_around and name in _SIMPLE):
        return f"dc:{name}"
    if f"{namespace}}}" == _TERM:
        return f"dcterms:{name}"
    return f"{prefix}:{name}" if prefix else name


def _identifiers(
    texts: dict[str, list[str]], unmapped: dict[str, None]
) -> tuple[tuple[RecordIdentifier, ...], tuple[str, ...]]:
    """Return identifiers and links, and note the elements that hold neither."""
    found: dict[RecordIdentifier, None] = {}
    links = []
    for text in dict.fromkeys(texts.get("identifier", ())):
        several = tuple(identifiers_in(text))
        found |= dict.fromkeys(several)
        if is_link(text):
            links.append(text)
        elif not several:
            unmapped["dc:identifier"] = None
    for text in texts.get("source", ()):
        several = tuple(serials_in(text))
        found |= dict.fromkeys(several)
        if not several:
            unmapped["dc:source"] = None
    return tuple(found), tuple(links)
