"""What crosswalks of XML formats share: a strict parser, and standard identifiers in texts."""

from __future__ import annotations

from libconsortium.files.crosswalk_parts.any_xml import element_texts
from libconsortium.files.crosswalk_parts.flat_xml import (
    FlatRoot,
    Levels,
    attributes_in,
    flat_record,
    levelled_record,
)
from libconsortium.files.crosswalk_parts.identifier_texts import (
    identifiers_in,
    is_link,
    serials_in,
    standard_identifier,
)
from libconsortium.files.crosswalk_parts.xml_records import text_of, xml_root

__all__ = [
    "FlatRoot",
    "Levels",
    "attributes_in",
    "element_texts",
    "flat_record",
    "identifiers_in",
    "is_link",
    "levelled_record",
    "serials_in",
    "standard_identifier",
    "text_of",
    "xml_root",
]
