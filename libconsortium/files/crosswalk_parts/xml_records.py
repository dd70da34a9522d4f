"""Parses the XML of one record: strictly, without entities, network or document types."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from threading import get_ident

from lxml import etree

from libconsortium.core.catalogue.records import RawRecord
from libconsortium.core.errors import CrosswalkError


def xml_root(record: RawRecord, names: Collection[str], format_name: str) -> etree._Element:
    """Return the root element of a record's metadata.

    Args:
        record: The record.
        names: Names that the root may have, without namespace.
        format_name: What the format is called, for the message.

    Raises:
        CrosswalkError: It is not XML, declares a document type, or has another root.

    >>> xml_root(RawRecord(source="a", identifier="1", content=b"<dc/>"), {"dc"}, "Dublin Core").tag
    'dc'
    """
    root = parsed(record)
    name = root.tag.rpartition("}")[2]
    if name not in names:
        raise CrosswalkError(
            "{identifier}: the metadata is not {format}: its root element is {name!r}",
            identifier=record.identifier,
            format=format_name,
            name=name,
        )
    return root


def parsed(record: RawRecord) -> etree._Element:
    """Return the root element of a record's metadata, whatever its name.

    Args:
        record: The record.

    Raises:
        CrosswalkError: It is not XML, or declares a document type.

    >>> parsed(RawRecord(source="a", identifier="1", content=b"<dc/>")).tag
    'dc'
    """
    try:
        root = etree.fromstring(record.content, _parser(get_ident()))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CrosswalkError(
            "{identifier}: the metadata is not well-formed XML: {reason}",
            identifier=record.identifier,
            reason=str(error),
        ) from error
    if b"<!DOCTYPE" in record.content and root.getroottree().docinfo.internalDTD is not None:
        raise CrosswalkError(
            "{identifier}: the metadata declares a document type; it is not read",
            identifier=record.identifier,
        )
    return root


def text_of(element: etree._Element) -> str:
    """Return all text in an element, without comments and without the blanks around it.

    >>> text_of(etree.fromstring("<a> one <b>two</b> </a>"))
    'one two'
    """
    if len(element) == 0:
        return (element.text or "").strip()
    return str(element.xpath("string()")).strip()


@cache
def _parser(_: int) -> etree.XMLParser:
    # One for each thread: making a parser costs as much as a small record, sharing one its lock.
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
