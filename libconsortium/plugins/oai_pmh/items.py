"""Reads records and headers out of a page; what is wrong with one never costs another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs
from lxml import etree

from libconsortium import (
    HarvestRequest,
    PageRefusedError,
    Problem,
    Quarantined,
    RawRecord,
)
from libconsortium.plugins.oai_pmh.envelope import NAMESPACE, parsed
from libconsortium.plugins.oai_pmh.headers import (
    HEADER,
    ITEMS,
    RECORD,
    Header,
    header_of,
    mended_header,
)
from libconsortium.plugins.oai_pmh.salvage import nameless
from libconsortium.plugins.oai_pmh.wrong_records import (
    damaged_identifier,
    escaped_metadata,
    not_named_as_told,
    repeated_identifier,
    several_metadata,
    within_another,
    without_identifier,
    without_metadata,
)

_METADATA = f"{{{NAMESPACE}}}metadata"


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
    reader = _Reader(request)
    for number, element in enumerate(_elements(body), start=1):
        reader.take(number, element)
    reader.problems.extend(repeated(reader.records))
    return Items(
        records=tuple(reader.records),
        problems=tuple(reader.problems),
        quarantined=tuple(reader.quarantined),
        bare=reader.bare,
        repaired=reader.repaired,
    )


def _elements(body: etree._Element) -> Iterator[etree._Element]:
    """Give everything in the list but its token: what is no record must not vanish unseen."""
    for element in body:
        if element.tag in ITEMS or (
            isinstance(element.tag, str) and etree.QName(element).localname != "resumptionToken"
        ):
            yield element


@attrs.define
class _Reader:
    """What was read of a page so far."""

    request: HarvestRequest
    records: list[RawRecord] = attrs.field(factory=list)
    problems: list[Problem] = attrs.field(factory=list)
    quarantined: list[Quarantined] = attrs.field(factory=list)
    bare: int = 0
    repaired: int = 0

    def take(self, number: int, element: etree._Element) -> None:
        """Read one element of the list; what is no record is put aside."""
        header = header_of(element)
        if header is None or not header.identifier or element.tag not in ITEMS:
            header = mended_header(element)
            if header is None:
                self._put_aside(without_identifier(self.request, number), element)
                return
            self.problems.append(not_named_as_told(self.request, header.identifier))
            self.repaired += 1
        record, wrong = _record(element, header, self.request)
        self.records.append(record)
        self.problems.extend(wrong)
        self.bare += element.tag == HEADER and not header.is_deleted
        for second in _further(element, header, self.request):
            self._put_aside(second, element)
        self.repaired += any(one.code == "REPAIRED_ESCAPED_METADATA" for one in wrong)

    def _put_aside(self, problem: Problem, element: etree._Element) -> None:
        content = etree.tostring(element)
        self.problems.append(problem)
        self.quarantined.append(
            Quarantined(
                source=self.request.source,
                identifier=problem.where.record or nameless(content),
                reason=problem.what,
                content=content,
            )
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
    problems = tuple(damaged_identifier(one) for one in damaged)
    lost = tuple(
        Quarantined(
            source=one.source,
            identifier=nameless(one.identifier.encode() + one.content),
            reason=problem.what,
            content=one.content,
        )
        for one, problem in zip(damaged, problems, strict=True)
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
            yield repeated_identifier(record)


def _further(element: etree._Element, header: Header, request: HarvestRequest) -> Iterator[Problem]:
    """Tell of records that stand within another one: their boundary is damaged."""
    if element.tag != RECORD:
        return
    for one in list(element.iterchildren(HEADER))[1:]:
        found = header_of(one)
        if found is not None and found.identifier not in {"", header.identifier}:
            yield within_another(request, found.identifier, header.identifier)


def _record(
    element: etree._Element, header: Header, request: HarvestRequest
) -> tuple[RawRecord, tuple[Problem, ...]]:
    roots = []
    if not header.is_deleted and element.tag == RECORD:
        containers = element.iterchildren(_METADATA)
        roots = [child for one in containers for child in one if isinstance(child.tag, str)]
    wrong: tuple[Problem, ...] = ()
    is_without = not roots and not header.is_deleted and element.tag == RECORD
    if is_without and (escaped := _escaped_metadata(element)) is not None:
        roots = [escaped]
        wrong = (escaped_metadata(request, header.identifier),)
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
    if len(roots) == 1 or header.is_deleted or element.tag == HEADER:
        return record, wrong
    return record, (several_metadata(record, len(roots)) if roots else without_metadata(record),)


def _escaped_metadata(element: etree._Element) -> etree._Element | None:
    """Return metadata that stand as text, in CDATA or with every bracket escaped."""
    text = "".join(one.text or "" for one in element.iterchildren(_METADATA)).strip()
    if not text.startswith("<"):
        return None
    try:
        return parsed(text.encode("utf-8"))
    except PageRefusedError:
        return None
