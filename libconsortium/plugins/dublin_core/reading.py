"""Reads one Dublin Core record; texts stay as written apart from the blanks around them."""

from __future__ import annotations

import attrs
from lxml import etree

from libconsortium import (
    BibRecord,
    CrosswalkError,
    Message,
    Place,
    Problem,
    RawRecord,
    moment_of,
    year_in,
)
from libconsortium.plugins.dublin_core.identifiers import identifiers_in, is_link, serials_in

_FIELDS = {
    "title": "titles",
    "creator": "creators",
    "contributor": "contributors",
    "publisher": "publishers",
    "date": "dates",
    "language": "languages",
    "type": "types",
    "subject": "subjects",
    "description": "descriptions",
}
_NAMES = (*_FIELDS, "identifier", "source", "relation", "format", "coverage", "rights")
_DC = ("http://purl.org/dc/elements/1.1/", "")
_LATEST_WITHOUT_DATESTAMP = 2100

Texts = dict[str, list[str]]


def read(record: RawRecord) -> BibRecord:
    """Read a record.

    The latest year that makes sense is the one after the record's datestamp: a record says
    nothing about a publication that came later.

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
    texts, unmapped = _texts(_root(record))
    latest = _latest_year(record)
    years = [year for date in texts["date"] if (year := year_in(date, latest=latest))]
    identifiers = {text: tuple(identifiers_in(text)) for text in texts["identifier"]}
    serials = {text: tuple(serials_in(text)) for text in texts["source"]}
    found = [one for part in (identifiers, serials) for ones in part.values() for one in ones]
    unread = [f"dc:{name}" for name in ("relation", "format", "coverage", "rights") if texts[name]]
    unread += ["dc:identifier"] * any(not ids and not is_link(t) for t, ids in identifiers.items())
    unread += ["dc:source"] * any(not ids for ids in serials.values())
    bare = BibRecord(
        source=record.source,
        identifier=record.identifier,
        **{field: tuple(texts[name]) for name, field in _FIELDS.items()},  # type: ignore[arg-type] # all tuples
        year=years[0] if years else None,
        identifiers=tuple(dict.fromkeys(found)),
        links=tuple(filter(is_link, identifiers)),
        unmapped=tuple(dict.fromkeys([*unread, *unmapped])),
    )
    return attrs.evolve(bare, problems=tuple(_problems(bare, latest)))


def _root(record: RawRecord) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(record.content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CrosswalkError(
            "{identifier}: the metadata is not well-formed XML: {reason}",
            identifier=record.identifier,
            reason=str(error),
        ) from error
    name = etree.QName(root).localname
    if name not in {"dc", "dublincore", "metadata", "qualifieddc"}:
        raise CrosswalkError(
            "{identifier}: the metadata is not Dublin Core: its root element is {name!r}",
            identifier=record.identifier,
            name=name,
        )
    return root


def _texts(root: etree._Element) -> tuple[Texts, list[str]]:
    """Return the texts by element name, and the names of the elements no rule maps."""
    texts: Texts = {name: [] for name in _NAMES}
    unmapped = []
    for child in root.iterchildren("*"):
        name = etree.QName(child)
        text = str(child.xpath("string()")).strip()
        if name.localname in _NAMES and (name.namespace or "") in _DC:
            if text:
                texts[name.localname].append(text)
        else:
            prefix = f"{child.prefix}:" if child.prefix else ""
            unmapped.append(f"{prefix}{name.localname}")
    return texts, unmapped


def _latest_year(record: RawRecord) -> int:
    moment = moment_of(record.datestamp)
    return moment.year + 1 if moment else _LATEST_WITHOUT_DATESTAMP


def _problems(record: BibRecord, latest: int) -> list[Problem]:
    place = Place(source=record.source, record=record.identifier)
    problems = []
    if not record.titles:
        problems.append(
            Problem(
                code="NO_TITLE",
                where=attrs.evolve(place, field="title"),
                what=Message("the record has no title"),
            )
        )
    if record.dates and record.year is None:
        problems.append(
            Problem(
                code="BAD_YEAR",
                where=attrs.evolve(place, field="date"),
                what=Message(
                    "no year up to {latest} in {dates!r}",
                    latest=latest,
                    dates="; ".join(record.dates),
                ),
            )
        )
    problems += [
        Problem(
            code="BAD_IDENTIFIER",
            where=attrs.evolve(place, field="identifier"),
            what=Message("{value!r} is not a valid {scheme}", value=one.value, scheme=one.scheme),
        )
        for one in record.identifiers
        if not one.is_valid
    ]
    return problems
