"""Names the texts of XML in a format that nobody reads, so that a mapping table can name them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from lxml import etree

from libconsortium.core.catalogue.records import RawRecord
from libconsortium.files.crosswalk_parts.xml_records import parsed, text_of

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


def element_texts(raw: RawRecord) -> Iterator[tuple[str, str]]:
    """Give name and text of everything in a record of any XML, in the order of the document.

    An element goes by the root's name and its path, without namespaces; what stands between the
    words of its text belongs to it. An attribute goes by its element's name and its own.

    Raises:
        CrosswalkError: It is not XML, or declares a document type.

    >>> xml = b'<ead><did><title>Ty <b>A</b></title><date when="1945"/></did></ead>'
    >>> list(element_texts(RawRecord(source="a", identifier="1", content=xml)))
    [('ead did/title', 'Ty A'), ('ead did/date@when', '1945')]
    """
    root = parsed(raw)
    todo = [(root, _local(root.tag), "")]
    while todo:
        element, name, joint = todo.pop()
        for attribute, value in _attributes(element):
            yield f"{name}@{attribute}", value
        children = [child for child in element if isinstance(child.tag, str)]
        if not children or _has_own_text(element):
            if text := text_of(element):
                yield name, text
        else:
            below = ((child, f"{name}{joint or ' '}{_local(child.tag)}", "/") for child in children)
            todo += reversed(list(below))


def _attributes(element: etree._Element) -> Iterator[tuple[str, str]]:
    for name, value in map(partial(map, str), element.items()):
        if value.strip() and not name.startswith(_XSI):
            yield _local(name), value.strip()


def _has_own_text(element: etree._Element) -> bool:
    return any(text and text.strip() for text in (element.text, *(one.tail for one in element)))


def _local(name: str) -> str:
    return name.rpartition("}")[2]
