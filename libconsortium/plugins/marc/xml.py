"""Takes a MARC record out of MARCXML or oai_marc, whatever the prefixes and wrappings."""

from __future__ import annotations

from functools import lru_cache

from lxml import etree

from libconsortium import (
    CrosswalkError,
    Levels,
    Message,
    Place,
    Problem,
    RawRecord,
    attributes_in,
    levelled_record,
    text_of,
    xml_root,
)
from libconsortium.plugins.marc.records import MarcField, MarcRecord, linked_last

_ROOTS = frozenset({"record", "collection", "oai_marc", "marc"})
_SLIM = Levels(("leader", "controlfield"), "datafield", "subfield", "code")
_NO_CODE = "?"  # of a subfield that has none, or one that is not one sign
_OAI_MARC_LEADER = (("status", 5), ("type", 6), ("level", 7), ("ctlType", 8), ("encLvl", 17))


def from_xml(raw: RawRecord) -> MarcRecord:
    """Take the MARC record out of its XML.

    Raises:
        CrosswalkError: It is not XML, or holds no MARC record.
    """
    flat = levelled_record(raw.content, _SLIM)
    if flat is not None and flat[0].name == "record":
        return _from_levels(flat[0].told, flat[1], flat[2])
    root = xml_root(raw, _ROOTS, "MARC")
    problems: tuple[Problem, ...] = ()
    if _name(root) in {"collection", "marc"} and not _is_bare(root):
        records = [child for child in root.iterchildren("*") if _name(child) == "record"]
        if not records:
            raise CrosswalkError("{identifier}: the collection is empty", identifier=raw.identifier)
        if len(records) > 1:
            problems = (_several(raw, len(records)),)
        root = records[0]
    if _name(root) == "oai_marc":
        return _from_oai_marc(root)
    return _from_slim(root, problems)


def _from_levels(
    told: str,
    leaves: list[tuple[str, str, str]],
    branches: list[tuple[str, tuple[tuple[str, str], ...]]],
) -> MarcRecord:
    leader = ""
    control: dict[str, str] = {}
    for name, written, text in leaves:
        if name == "leader":
            leader = text
        else:
            control.setdefault(attributes_in(written).get("tag", ""), text)
    fields = [MarcField(*_head(start), subfields) for start, subfields in branches]
    called = attributes_in(told).get("format", "") if told else ""
    return MarcRecord(leader=leader, control=control, fields=linked_last(fields), called=called)


@lru_cache(maxsize=10_000)
def _head(start: str) -> tuple[str, str]:
    """Return tag and indicators, by a start tag as written."""
    told = attributes_in(start)
    return told.get("tag", ""), _indicators(told.get("ind1"), told.get("ind2"))


def _indicators(one: str | None, other: str | None) -> str:
    """Return two signs; of an attribute that holds more the first."""
    return (one or " ")[0] + (other or " ")[0]


def _from_slim(root: etree._Element, problems: tuple[Problem, ...]) -> MarcRecord:
    leader = ""
    control: dict[str, str] = {}
    fields: list[MarcField] = []
    # Every call counts here: a record has a hundred elements, a catalogue a million records.
    for child in root.iterchildren("*"):
        name = _local(child.tag)
        if name == "datafield":
            indicators = _indicators(child.get("ind1"), child.get("ind2"))
            fields.append(MarcField(child.get("tag", ""), indicators, _subfields(child, "code")))
        elif name == "controlfield":
            control.setdefault(child.get("tag", ""), child.text or "")
        elif name == "leader":
            leader = child.text or ""
    return MarcRecord(
        leader=leader,
        control=control,
        fields=linked_last(fields),
        problems=problems,
        called=root.get("format") or "",
    )


def _from_oai_marc(root: etree._Element) -> MarcRecord:
    leader = [" "] * 24
    for attribute, position in _OAI_MARC_LEADER:
        leader[position] = (root.get(attribute) or " ")[0]
    control: dict[str, str] = {}
    fields: list[MarcField] = []
    for child in root.iterchildren("*"):
        tag = (child.get("id") or "").zfill(3)
        if _name(child) == "fixfield":
            control.setdefault(tag, text_of(child).strip('"'))
        elif _name(child) == "varfield":
            indicators = _indicators(child.get("i1"), child.get("i2"))
            fields.append(MarcField(tag, indicators, _subfields(child, "label")))
    return MarcRecord(leader="".join(leader), control=control, fields=linked_last(fields))


def _subfields(field: etree._Element, attribute: str) -> tuple[tuple[str, str], ...]:
    found = []
    for child in field.iterchildren("*"):
        text = (child.text or "").strip() if len(child) == 0 else text_of(child)
        if text:
            code = child.get(attribute) or ""
            found.append((code if len(code) == 1 else _NO_CODE, text))
    return tuple(found)


def _is_bare(root: etree._Element) -> bool:
    """Say whether the fields stand in the wrapper itself, without a record element."""
    return any(_name(child) in {"leader", "datafield"} for child in root.iterchildren("*"))


def _name(element: etree._Element) -> str:
    return _local(element.tag)


@lru_cache(maxsize=1_000)
def _local(tag: str) -> str:
    return tag[tag.rfind("}") + 1 :]


def _several(raw: RawRecord, count: int) -> Problem:
    return Problem(
        code="SEVERAL_RECORDS",
        where=Place(source=raw.source, record=raw.identifier),
        what=Message("the collection has {count} records; the first is read", count=count),
        advice=Message("read the file with the harvester 'files', which reads them all"),
    )
