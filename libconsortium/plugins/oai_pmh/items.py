"""Reads records and headers out of a page; what is wrong with one never costs another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs
from lxml import etree

from libconsortium import (
    HarvestRequest,
    Message,
    PageRefusedError,
    Place,
    Problem,
    Quarantined,
    RawRecord,
    Severity,
)
from libconsortium.plugins.oai_pmh.envelope import NAMESPACE, envelope_elements, parsed
from libconsortium.plugins.oai_pmh.salvage import nameless

_OAI = f"{{{NAMESPACE}}}"
_RECORD, _HEADER, _METADATA = f"{_OAI}record", f"{_OAI}header", f"{_OAI}metadata"
_ITEMS = frozenset({_RECORD, _HEADER})
_IDENTIFIER, _DATESTAMP, _SET = f"{_OAI}identifier", f"{_OAI}datestamp", f"{_OAI}setSpec"


@attrs.frozen(kw_only=True)
class Items:
    """The records of one page.

    Args:
        records: Records with an identifier, in the page's order.
        problems: What is wrong with single records.
        quarantined: Records that have no identifier, and what is no record.
        bare: How many headers of live records stand alone, without record and metadata.
        repaired: How many records were read only after a repair.
    """

    records: tuple[RawRecord, ...] = ()
    problems: tuple[Problem, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    bare: int = 0
    repaired: int = 0


def items_of(body: etree._Element, request: HarvestRequest) -> Items:
    """Read the records (or headers) of a list.

    Args:
        body: The element of the verb.
        request: What was asked for.
    """
    records: list[RawRecord] = []
    problems: list[Problem] = []
    nameless_ones: list[Quarantined] = []
    bare = repaired = 0
    for number, element in enumerate(_elements(body), start=1):
        header = _header(element)
        if header is None or not header.identifier or element.tag not in _ITEMS:
            header = _mended_header(element)
            if header is not None:
                problems.append(_in_no_namespace(request, header))
                repaired += 1
        if header is None:
            wrong_one = _without_identifier(request, number)
            problems.append(wrong_one)
            content = etree.tostring(element)
            nameless_ones.append(
                Quarantined(
                    source=request.source,
                    identifier=nameless(content),
                    reason=wrong_one.what,
                    content=content,
                )
            )
            continue
        record, wrong = _record(element, header, request)
        records.append(record)
        problems.extend(wrong)
        bare += element.tag == _HEADER and not header.is_deleted
        for second in _further(element, header, request):
            problems.append(second)
            nameless_ones.append(
                Quarantined(
                    source=request.source,
                    identifier=second.where.record,
                    reason=second.what,
                    content=etree.tostring(element),
                )
            )
        repaired += any(one.code == "REPAIRED_ESCAPED_METADATA" for one in wrong)
    problems.extend(repeated(records))
    return Items(
        records=tuple(records),
        problems=tuple(problems),
        quarantined=tuple(nameless_ones),
        bare=bare,
        repaired=repaired,
    )


def without_damaged_names(items: Items) -> Items:
    """Put records whose identifier had to be repaired into quarantine: nobody knows which they are.

    >>> damaged = RawRecord(source="a", identifier="oai:a\ufffd1", content=b"<x/>")
    >>> without_damaged_names(Items(records=(damaged,))).records
    ()
    """
    damaged = [one for one in items.records if "\ufffd" in one.identifier]
    if not damaged:
        return items
    reason = Message("the identifier is damaged")
    lost = tuple(
        Quarantined(
            source=one.source,
            identifier=nameless(one.identifier.encode() + one.content),
            reason=reason,
            content=one.content,
        )
        for one in damaged
    )
    problems = tuple(
        Problem(
            code="RECORD_QUARANTINED",
            where=Place(source=one.source, record=one.identifier),
            what=reason,
            advice=Message("the page is kept as it came; ask the server's administrator"),
            severity=Severity.ERROR,
        )
        for one in damaged
    )
    return attrs.evolve(
        items,
        records=tuple(one for one in items.records if "\ufffd" not in one.identifier),
        problems=items.problems + problems,
        quarantined=items.quarantined + lost,
    )


def repeated(records: Iterable[RawRecord]) -> Iterator[Problem]:
    """Tell of identifiers that one page gives to different contents."""
    known: dict[str, RawRecord] = {}
    for record in records:
        before = known.setdefault(record.identifier, record)
        if before is not record and (before.content, before.is_deleted) != (
            record.content,
            record.is_deleted,
        ):
            yield Problem(
                code="IDENTIFIER_REPEATED",
                where=Place(source=record.source, record=record.identifier),
                what=Message("the page gives this identifier to different records"),
                advice=Message("the one with the newer datestamp is kept, else the last one"),
            )


@attrs.frozen
class _Header:
    """What stands in a record's header: texts without the blanks around them, empty if missing."""

    identifier: str
    datestamp: str
    sets: tuple[str, ...]
    is_deleted: bool


def _elements(body: etree._Element) -> Iterator[etree._Element]:
    """Give everything in the list but its token: what is no record must not vanish unseen."""
    for element in body:
        if element.tag in _ITEMS or (
            isinstance(element.tag, str) and etree.QName(element).localname != "resumptionToken"
        ):
            yield element


def _header(element: etree._Element) -> _Header | None:
    """Read the header; every call counts here: a list has a million records."""
    header = element if element.tag == _HEADER else element.find(_HEADER)
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
    return _Header(
        first.get(_IDENTIFIER, ""),
        first.get(_DATESTAMP, ""),
        tuple(sets),
        status is not None and status.strip().lower() == "deleted",
    )


def _further(
    element: etree._Element, header: _Header, request: HarvestRequest
) -> Iterator[Problem]:
    """Tell of records that stand within another one: their boundary is damaged."""
    if element.tag != _RECORD:
        return
    for one in list(element.iterchildren(_HEADER))[1:]:
        found = _header(one)
        if found is not None and found.identifier not in {"", header.identifier}:
            yield Problem(
                code="RECORD_QUARANTINED",
                where=Place(source=request.source, record=found.identifier),
                what=Message("it stands within the record {name}", name=header.identifier),
                advice=Message("it is asked for again in every harvest"),
                severity=Severity.ERROR,
            )


_NAMES = {
    **{name: name for name in ("record", "header", "identifier", "datestamp", "metadata")},
    "setspec": "setSpec",
}


def _mended_header(element: etree._Element) -> _Header | None:
    """Read the header of a record whose elements lie in no namespace or have other letters."""
    if etree.QName(element).localname.lower() not in {"record", "header"}:
        return None
    for one in list(envelope_elements(element)):
        name = etree.QName(one).localname
        one.tag = _OAI + _NAMES.get(name.lower(), name)
    header = _header(element)
    return header if header is not None and header.identifier else None


def _record(
    element: etree._Element, header: _Header, request: HarvestRequest
) -> tuple[RawRecord, tuple[Problem, ...]]:
    roots = []
    if not header.is_deleted and element.tag == _RECORD:
        containers = element.iterchildren(_METADATA)
        roots = [child for one in containers for child in one if isinstance(child.tag, str)]
    wrong: tuple[Problem, ...] = ()
    is_without = not roots and not header.is_deleted and element.tag == _RECORD
    if is_without and (escaped := _escaped_metadata(element)) is not None:
        roots = [escaped]
        wrong = (_was_escaped(request, header),)
    namespace = roots[0].tag.rpartition("}")[0][1:] if roots else ""
    record = RawRecord(
        source=request.source,
        identifier=header.identifier,
        datestamp=header.datestamp,
        sets=header.sets,
        prefix=request.prefix,
        namespace=namespace,
        # Not "c14n": of a part of a document it loses namespaces (libxml2 2.14).
        content=etree.tostring(roots[0], encoding="utf-8", with_tail=False) if roots else b"",
        is_deleted=header.is_deleted,
    )
    if len(roots) == 1 or header.is_deleted or element.tag == _HEADER:
        return record, wrong
    return record, (_several_roots(record, len(roots)) if roots else _without_metadata(record),)


def _escaped_metadata(element: etree._Element) -> etree._Element | None:
    """Return metadata that stand as text, in CDATA or with every bracket escaped."""
    text = "".join(one.text or "" for one in element.iterchildren(_METADATA)).strip()
    if not text.startswith("<"):
        return None
    try:
        return parsed(text.encode("utf-8"))
    except PageRefusedError:
        return None


def _was_escaped(request: HarvestRequest, header: _Header) -> Problem:
    return Problem(
        code="REPAIRED_ESCAPED_METADATA",
        where=Place(source=request.source, record=header.identifier, field="metadata"),
        what=Message("the metadata stand in the record as text, and were read as XML"),
        advice=Message("nothing is lost; tell the server's administrator"),
        severity=Severity.INFO,
    )


def _in_no_namespace(request: HarvestRequest, header: _Header) -> Problem:
    return Problem(
        code="NO_NAMESPACE",
        where=Place(source=request.source, record=header.identifier, field="header"),
        what=Message("the record's elements are not named as in OAI-PMH; it was read all the same"),
        advice=Message("nothing is lost; tell the server's administrator"),
        severity=Severity.INFO,
    )


def _without_identifier(request: HarvestRequest, number: int) -> Problem:
    return Problem(
        code="RECORD_WITHOUT_IDENTIFIER",
        where=Place(source=request.source, field="header"),
        what=Message("record {number} of the page has no identifier", number=number),
        advice=Message("the page is kept; ask the server's administrator to correct the record"),
        severity=Severity.ERROR,
    )


def _without_metadata(record: RawRecord) -> Problem:
    return Problem(
        code="RECORD_WITHOUT_METADATA",
        where=Place(source=record.source, record=record.identifier, field="metadata"),
        what=Message("the record is not deleted, and has no metadata"),
        advice=Message("ask the server's administrator to complete or delete it"),
    )


def _several_roots(record: RawRecord, count: int) -> Problem:
    return Problem(
        code="SEVERAL_METADATA_ELEMENTS",
        where=Place(source=record.source, record=record.identifier, field="metadata"),
        what=Message("the record has {count} metadata elements; the first was read", count=count),
        advice=Message("the page is kept as it came"),
    )
