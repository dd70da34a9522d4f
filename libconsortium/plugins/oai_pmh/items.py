"""Reads records and headers out of a page; what is wrong with one never costs another."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
from lxml import etree

from libconsortium import (
    HarvestRequest,
    Message,
    Place,
    Problem,
    Quarantined,
    RawRecord,
    Severity,
)
from libconsortium.plugins.oai_pmh.envelope import NAMESPACE
from libconsortium.plugins.oai_pmh.salvage import nameless

_OAI = f"{{{NAMESPACE}}}"


@attrs.frozen(kw_only=True)
class Items:
    """The records of one page.

    Args:
        records: Records with an identifier, in the page's order.
        problems: What is wrong with single records.
        quarantined: Records that have no identifier.
    """

    records: tuple[RawRecord, ...] = ()
    problems: tuple[Problem, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()


def items_of(body: etree._Element, request: HarvestRequest) -> Items:
    """Read the records (or headers) of a list.

    Args:
        body: The element of the verb.
        request: What was asked for.
    """
    records: list[RawRecord] = []
    problems: list[Problem] = []
    nameless_ones: list[Quarantined] = []
    for number, element in enumerate(_elements(body), start=1):
        header = element if element.tag == f"{_OAI}header" else element.find(f"{_OAI}header")
        identifier = _text(header, "identifier")
        if header is None or not identifier:
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
        record, wrong = _record(element, header, identifier, request)
        records.append(record)
        problems.extend(wrong)
    problems.extend(_repeated(records))
    return Items(records=tuple(records), problems=tuple(problems), quarantined=tuple(nameless_ones))


def _repeated(records: list[RawRecord]) -> Iterator[Problem]:
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


def _elements(body: etree._Element) -> Iterator[etree._Element]:
    for element in body:
        if element.tag in (f"{_OAI}record", f"{_OAI}header"):
            yield element


def _record(
    element: etree._Element, header: etree._Element, identifier: str, request: HarvestRequest
) -> tuple[RawRecord, tuple[Problem, ...]]:
    is_deleted = (header.get("status") or "").strip().lower() == "deleted"
    bare = RawRecord(
        source=request.source,
        identifier=identifier,
        datestamp=_text(header, "datestamp"),
        sets=tuple((child.text or "").strip() for child in header.findall(f"{_OAI}setSpec")),
        prefix=request.prefix,
        is_deleted=is_deleted,
    )
    if is_deleted or element is header:
        return bare, ()
    containers = element.findall(f"{_OAI}metadata")
    roots = [child for one in containers for child in one if isinstance(child.tag, str)]
    if not roots:
        return bare, (_without_metadata(bare),)
    record = attrs.evolve(
        bare,
        namespace=etree.QName(roots[0]).namespace or "",
        content=etree.tostring(roots[0], method="c14n"),
    )
    return record, (_several_roots(bare, len(roots)),) if len(roots) > 1 else ()


def _text(parent: etree._Element | None, name: str) -> str:
    return "" if parent is None else (parent.findtext(_OAI + name) or "").strip()


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
