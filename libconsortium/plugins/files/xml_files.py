"""Reads XML files: MARCXML, MODS and OAI-PMH responses, or one record a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from libconsortium import (
    Message,
    Place,
    Problem,
    Quarantined,
    RawRecord,
    Repair,
    Severity,
    declared_prefixes,
    repair_problem,
    repaired_characters,
    repaired_prefixes,
)
from libconsortium.plugins.files.parts import (
    AT_ONCE,
    LARGEST_PART,
    Part,
    not_read,
    quarantined,
    unreadable,
)
from libconsortium.plugins.files.xml_scan import DoctypeError, RecordScan, Span

_OAI_ROOTS = frozenset({"OAI-PMH", "ListRecords", "GetRecord"})
_MARC_CHILDREN = frozenset({"leader", "controlfield", "datafield"})


def read_xml_file(file: BinaryIO, name: str, source: str, largest_record: int) -> Iterator[Part]:
    """Give the records of a file, part by part.

    Args:
        file: The file.
        name: Its name, for messages.
        source: The source's name.
        largest_record: Size from which a record is refused, in bytes.
    """
    scan = RecordScan(file)
    reader = _Reader(file, name, scan, source, largest_record)
    written = 0
    gathered: list[Span] = []
    try:
        for span in scan.spans():
            gathered.append(span)
            if len(gathered) == AT_ONCE or span.end - gathered[0].start >= LARGEST_PART:
                yield reader.part(gathered, written, span.end)
                written, gathered = span.end, []
    except DoctypeError:
        reason = Message("the file declares a document type; it is not read for safety")
        file.seek(written)
        yield unreadable(source, name, reason, file.read())
        return
    size = file.seek(0, 2)
    if written < size:
        part = reader.part(gathered, written, size)
        if not written and not gathered:
            why = not_read(name, _why_no_records(file, scan.root), severity=Severity.INFO)
            part = Part(body=part.body, problems=(why,))
        yield part


class _Reader:
    """Makes records of the stretches of one file."""

    def __init__(
        self, file: BinaryIO, name: str, scan: RecordScan, source: str, largest_record: int
    ) -> None:
        self.file, self.name, self.scan, self.source = file, name, scan, source
        self.largest_record = largest_record
        self.repairs: dict[int, tuple[Repair, ...]] = {}

    def part(self, spans: list[Span], start: int, end: int) -> Part:
        """Read the records of several stretches; the part has the file's bytes up to ``end``."""
        records: list[RawRecord] = []
        refused: list[Quarantined] = []
        mended: list[tuple[str, tuple[Repair, ...]]] = []
        for span, element in zip(spans, self._elements(spans), strict=True):
            read = self._record(element)
            if isinstance(read, Message):
                refused.append(quarantined(self.source, self._bytes(span), read))
                continue
            records.append(read)
            if span.start in self.repairs:
                mended.append((read.identifier, self.repairs.pop(span.start)))
        self.file.seek(start)
        return Part(
            body=self.file.read(end - start),
            records=tuple(records),
            quarantined=tuple(refused),
            problems=tuple(self._repaired(name, one) for name, all_ in mended for one in all_),
            repaired=len(mended),
            is_cut=any(span.is_cut for span in spans),
        )

    def _record(self, element: etree._Element | Message) -> RawRecord | Message:
        if isinstance(element, Message):
            return element
        return _record_of(element, self.source, self._prefix, listed=bool(self.scan.tail))

    def _repaired(self, identifier: str, repair: Repair) -> Problem:
        advice = Message("the file is kept as it came; tell those who made it")
        return repair_problem(repair, Place(source=self.name, record=identifier), advice)

    def _elements(self, spans: list[Span]) -> Iterator[etree._Element | Message]:
        """Parse stretches: all at once if they are sound, else one by one."""
        sound = [span for span in spans if not span.reason and self._is_small(span)]
        between = b"".join(map(self._bytes, sound))
        try:
            parents = list(self._parsed(between)) if sound else []
        except etree.XMLSyntaxError:
            parents = []
        whole = iter(parents) if len(parents) == len(sound) else None
        for span in spans:
            if span.is_cut or not self.scan.record_tag:
                yield _not_sound(span.reason)
            elif not self._is_small(span):
                yield Message("the record is larger than {most} bytes", most=self.largest_record)
            elif whole is None or span.reason:
                yield self._single(span)
            else:
                yield next(whole)

    def _single(self, span: Span) -> etree._Element | Message:
        """Parse one stretch; if it is not sound, with what can be repaired for certain."""
        content = self._bytes(span)
        found = self._only(content)
        if not isinstance(found, Message):
            return found
        mended = repaired_characters(content)
        named = repaired_prefixes(mended.content, declared_prefixes(self.scan.head))
        repairs = (*mended.repairs, *named.repairs)
        second = self._only(named.content) if repairs else found
        if isinstance(second, Message):
            return _not_sound(span.reason) if span.reason else found
        self.repairs[span.start] = repairs
        return second

    def _only(self, content: bytes) -> etree._Element | Message:
        try:
            (found,) = self._parsed(content)
        except (etree.XMLSyntaxError, ValueError) as error:
            return _not_sound(str(error))
        return found

    def _parsed(self, content: bytes) -> Iterator[etree._Element]:
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        head = repaired_prefixes(self.scan.head).content
        root = etree.fromstring(head + content + self.scan.tail, parser)
        if not self.scan.tail:
            yield root
            return
        parent = root
        for _ in range(self.scan.tail.count(b"</") - 1):
            parent = parent[-1]
        yield from (child for child in parent.iterchildren("*") if _local(child) in _RECORDS)

    def _bytes(self, span: Span) -> bytes:
        self.file.seek(span.start)
        return self.file.read(span.end - span.start)

    def _is_small(self, span: Span) -> bool:
        return span.end - span.start <= self.largest_record

    @property
    def _prefix(self) -> str:
        """The prefix that an OAI-PMH response says it was asked for."""
        found = _PREFIX.search(self.scan.head) if self.scan.root in _OAI_ROOTS else None
        return found.group(1).decode("ascii", "replace") if found else ""


_DUBLIN_CORE = frozenset({"dc", "qualifieddc"})
_RECORDS = frozenset({"record", "mods", *_DUBLIN_CORE})


def _record_of(
    element: etree._Element, source: str, prefix: str, *, listed: bool
) -> RawRecord | Message:
    header = next((child for child in element if _local(child) == "header"), None)
    if _local(element) == "record" and header is not None:
        return _from_oai(element, header, source, prefix)
    name = _local(element)
    is_marc = name == "record" and any(_local(child) in _MARC_CHILDREN for child in element)
    return RawRecord(
        source=source,
        identifier=_control_number(element, source)
        if is_marc
        else _own_number(element, listed=listed),
        prefix="marcxml" if is_marc else _FORMATS.get(name, name),
        namespace=etree.QName(element).namespace or "",
        content=_alone(element),
    )


_FORMATS = {"dc": "oai_dc", "qualifieddc": "qdc", "collection": "marcxml", "metadata": "xoai"}


def _from_oai(
    element: etree._Element, header: etree._Element, source: str, prefix: str
) -> RawRecord | Message:
    texts = [(_local(child), (child.text or "").strip()) for child in header.iterchildren("*")]
    said = dict(reversed(texts))
    if not said.get("identifier"):
        return Message("the record has no identifier")
    is_deleted = (header.get("status") or "").strip().lower() == "deleted"
    containers = [child for child in element.iterchildren("*") if _local(child) == "metadata"]
    roots = [root for one in containers for root in one.iterchildren("*")]
    bare = RawRecord(
        source=source,
        identifier=said["identifier"],
        datestamp=said.get("datestamp", ""),
        sets=tuple(text for name, text in texts if name == "setSpec"),
        prefix=prefix,
        is_deleted=is_deleted,
    )
    if is_deleted or not roots:
        return bare
    return RawRecord(
        source=bare.source,
        identifier=bare.identifier,
        datestamp=bare.datestamp,
        sets=bare.sets,
        prefix=prefix or _FORMATS.get(_local(roots[0]), _local(roots[0])),
        namespace=etree.QName(roots[0]).namespace or "",
        content=_alone(roots[0]),
    )


def _not_sound(reason: str) -> Message:
    return Message("not well-formed XML: {reason}", reason=reason)


def _control_number(record: etree._Element, source: str) -> str:
    said = {
        child.get("tag"): (child.text or "").strip()
        for child in reversed(list(record.iterchildren("*")))
        if _local(child) == "controlfield"
    }
    number, agency = said.get("001", ""), said.get("003", "")
    return f"({agency}){number}" if number and agency not in ("", source) else number


def _own_number(record: etree._Element, *, listed: bool) -> str:
    named = {"mods": "recordIdentifier"}.get(_local(record), "")
    if listed and _local(record) in _DUBLIN_CORE:
        named = "identifier"  # alone in a file it is named after that: this one may be an ISBN
    texts = ((child.text or "").strip() for child in record.iter("*") if _local(child) == named)
    return next(filter(None, texts), "")


def _alone(element: etree._Element) -> bytes:
    # Not "c14n": of a part of a document it loses namespaces (libxml2 2.14).
    return bytes(etree.tostring(element, encoding="utf-8", with_tail=False))


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag[tag.rfind("}") + 1 :] if isinstance(tag, str) else ""


def _why_no_records(file: BinaryIO, root: str) -> Message:
    """Say what a file without records is."""
    if root not in _OAI_ROOTS:
        return Message("the file has no records in its element {root!r}", root=root)
    file.seek(0)
    start = file.read(_BEGINNING)
    if error := _ERROR.search(start):
        return Message("the response is an error: {code}", code=error.group(1).decode())
    verbs = [verb for verb in _OTHER_VERBS if f"<{verb}".encode() in start]
    if verbs:
        return Message("the response is of {verb}, which gives no records", verb=verbs[0])
    return Message("the response has no records")


_BEGINNING = 2**16
_ERROR = re.compile(rb"""<(?:\w+:)?error[^>]*\scode\s*=\s*["']([\w]+)["']""")
_PREFIX = re.compile(rb"""<(?:\w+:)?request[^>]*\smetadataPrefix\s*=\s*["']([\w.-]+)["']""")
_OTHER_VERBS = ("Identify", "ListIdentifiers", "ListMetadataFormats", "ListSets")
