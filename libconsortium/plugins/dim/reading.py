"""Reads the fields of a DSpace record; dim and xoai name them alike: ``dc.contributor.author``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

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
    standard_identifier,
    text_of,
    with_checks,
    xml_root,
    year_in,
)

_FIELDS = {
    "dc.title": "titles",
    "dc.title.alternative": "titles",
    "dc.contributor.author": "creators",
    "dc.creator": "creators",
    "dc.contributor": "contributors",
    "dc.contributor.advisor": "contributors",
    "dc.contributor.editor": "contributors",
    "dc.contributor.other": "contributors",
    "dc.contributor.illustrator": "contributors",
    "dc.publisher": "publishers",
    "dc.date.issued": "dates",
    "dc.date": "dates",
    "dc.date.created": "dates",
    "dc.language.iso": "languages",
    "dc.language": "languages",
    "dc.type": "types",
    "dc.description.abstract": "descriptions",
    "dc.description": "descriptions",
    "dc.description.tableofcontents": "descriptions",
    "dc.coverage": "coverage",
    "dc.coverage.spatial": "coverage",
    "dc.coverage.temporal": "coverage",
    "dc.relation.ispartofseries": "series",
    "dc.relation.ispartof": "journals",
    "dc.format.extent": "extents",
    "dc.description.edition": "editions",
    "dc.identifier.uri": "identifier",
    "dc.identifier.doi": "doi",
    "dc.identifier.isbn": "isbn",
    "dc.identifier.issn": "issn",
    "dc.identifier.other": "other",
    "dc.identifier": "identifier",
    "dc.source": "source",
    "others.handle": "handle",
}
"""Fields of DSpace's own registry; ``dc.subject`` with any qualifier is a subject."""

_ROOTS = {"dim", "metadata"}

Texts = dict[str, list[str]]


def read(raw: RawRecord) -> BibRecord:
    """Read a record.

    Raises:
        CrosswalkError: It is not XML, or neither dim nor xoai.

    >>> field = '<field mdschema="dc" element="title">Giải tích</field>'
    >>> raw = RawRecord(source="a", identifier="1", content=f"<dim>{field}</dim>".encode())
    >>> read(raw).title
    'Giải tích'
    """
    texts: Texts = {}
    unmapped: dict[str, None] = {}
    for name, text in _named(raw):
        field = "subjects" if name.startswith("dc.subject") else _FIELDS.get(name)
        if field is None:
            unmapped[f"dim {name}"] = None
        elif text:
            texts.setdefault(field, []).append(text)
    latest = latest_year(raw)
    dates = tuple(texts.get("dates", ()))
    found = tuple(dict.fromkeys(_identifiers(texts)))
    bare = BibRecord(
        source=raw.source,
        identifier=raw.identifier,
        titles=tuple(texts.get("titles", ())),
        creators=tuple(texts.get("creators", ())),
        contributors=tuple(texts.get("contributors", ())),
        publishers=tuple(texts.get("publishers", ())),
        dates=dates,
        year=next((year for date in dates if (year := year_in(date, latest=latest))), None),
        languages=tuple(dict.fromkeys(texts.get("languages", ()))),
        types=tuple(texts.get("types", ())),
        subjects=tuple(texts.get("subjects", ())),
        coverage=tuple(texts.get("coverage", ())),
        descriptions=tuple(texts.get("descriptions", ())),
        identifiers=found,
        links=tuple(dict.fromkeys(filter(is_link, texts.get("identifier", ())))),
        edition=next(iter(texts.get("editions", ())), ""),
        extent=next(iter(texts.get("extents", ())), ""),
        journal=next(iter(texts.get("journals", ())), ""),
        series=tuple(texts.get("series", ())),
        unmapped=tuple(unmapped),
    )
    return with_checks(bare, latest=latest)


def fields(raw: RawRecord) -> Iterator[tuple[str, str]]:
    """Give name and text of every field.

    Raises:
        CrosswalkError: It is not XML, or neither dim nor xoai.

    >>> field = '<field mdschema="dc" element="rights" qualifier="uri">x</field>'
    >>> raw = RawRecord(source="a", identifier="1", content=f"<dim>{field}</dim>".encode())
    >>> list(fields(raw))
    [('dim dc.rights.uri', 'x')]
    """
    for name, text in _named(raw):
        yield f"dim {name}", text


def _named(raw: RawRecord) -> Iterable[tuple[str, str]]:
    flat = flat_record(raw.content, _dim_name)
    if flat is not None and flat[0] == "dim":
        return [(name, text.strip()) for name, text in flat[1]]
    root = xml_root(raw, _ROOTS, "dim or xoai")
    children = root.iterchildren("*")
    if _local(root.tag) == "dim":
        return ((_dim_name(one.tag, None, _attributes(one)), text_of(one)) for one in children)
    return (field for schema in children for field in _xoai_fields(schema, schema.get("name", "")))


def _attributes(element: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items()}


def _dim_name(tag: str, _: str | None, attributes: Mapping[str, str]) -> str:
    parts = map(attributes.get, ("mdschema", "element", "qualifier"))
    return ".".join(part for part in parts if part and part != "none") or _local(tag)


def _xoai_fields(element: etree._Element, path: str) -> Iterator[tuple[str, str]]:
    """Give the fields below an element; the innermost element around a value is its language."""
    for child in element.iterchildren("*"):
        name = child.get("name", "")
        if _local(child.tag) == "element":
            holds_value = any(_local(inner.tag) == "field" for inner in child.iterchildren("*"))
            is_language = holds_value and path.count(".") > 0
            yield from _xoai_fields(child, path if is_language else f"{path}.{name}")
        elif name == "value":
            yield path, text_of(child)
        elif name not in {"authority", "confidence"}:
            yield f"{path}.{name}", text_of(child)


def _identifiers(texts: Texts) -> Iterator[RecordIdentifier]:
    for scheme in ("isbn", "issn"):
        yield from (standard_identifier(scheme, text) for text in texts.get(scheme, ()))
    for text in texts.get("doi", ()):
        is_whole = is_link(text) or text.lower().startswith("doi:")
        yield from identifiers_in(text if is_whole else f"doi:{text}")
    for text in (*texts.get("identifier", ()), *texts.get("other", ())):
        yield from identifiers_in(text)
    for text in texts.get("source", ()):
        yield from serials_in(text)
    for text in texts.get("handle", ()):
        is_named = is_link(text) or text.lower().startswith("hdl:")
        yield from identifiers_in(text if is_named else f"hdl:{text}")


def _local(tag: str) -> str:
    return tag[tag.rfind("}") + 1 :]
