"""Reads MARC written as JSON ("MARC-in-JSON"), as pymarc and many programs beside it do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from libconsortium import CrosswalkError, RawRecord

_SLIM = "http://www.loc.gov/MARC21/slim"
_TAG = "{" + _SLIM + "}"


def is_marc(row: Mapping[str, object]) -> bool:
    """Say whether an object of JSON is a MARC record.

    Source: "A proposal to serialize MARC in JSON", Ross Singer; pymarc and ruby-marc follow it.

    >>> is_marc({"leader": "", "fields": [{"001": "1"}]}), is_marc({"fields": "title"})
    (True, False)
    """
    return isinstance(row.get("leader"), str) and isinstance(row.get("fields"), list)


def marc_record(row: Mapping[str, object], source: str) -> RawRecord:
    """Return a MARC record, kept as MARCXML; its number is 001, as in other files of MARC.

    Args:
        row: The object.
        source: The source's name.

    Raises:
        CrosswalkError: A field of it is none.

    >>> title = {"ind1": "0", "ind2": "0", "subfields": [{"a": "Giải tích"}]}
    >>> raw = marc_record({"leader": "", "fields": [{"001": "7"}, {"245": title}]}, "tlu")
    >>> raw.identifier, raw.prefix
    ('7', 'marcxml')
    """
    record = etree.Element(_TAG + "record", nsmap={None: _SLIM})  # type: ignore[dict-item] # the default has no prefix
    control: dict[str, str] = {}
    try:
        etree.SubElement(record, _TAG + "leader").text = str(row["leader"])
        for tag, field in _pairs(row["fields"]):
            if isinstance(field, str):
                etree.SubElement(record, _TAG + "controlfield", tag=tag).text = field
                control.setdefault(tag, field.strip())
            else:
                _add(record, tag, field)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CrosswalkError(
            "{identifier}: no record of MARC in JSON: {error}",
            identifier=control.get("001") or "-",
            error=error,
        ) from error
    number, agency = control.get("001", ""), control.get("003", "")
    return RawRecord(
        source=source,
        identifier=f"({agency}){number}" if number and agency not in ("", source) else number,
        prefix="marcxml",
        namespace=_SLIM,
        content=bytes(etree.tostring(record, encoding="utf-8")),
    )


def _add(record: etree._Element, tag: str, field: Mapping[str, Any]) -> None:  # Any: JSON
    indicators = {name: str(field.get(name) or " ") for name in ("ind1", "ind2")}
    datafield = etree.SubElement(record, _TAG + "datafield", {"tag": tag, **indicators})
    for code, text in _pairs(field["subfields"]):
        etree.SubElement(datafield, _TAG + "subfield", code=code).text = str(text)


def _pairs(several: Any) -> list[tuple[str, Any]]:  # noqa: ANN401 - JSON that may be anything
    return [pair for one in several for pair in one.items()]
