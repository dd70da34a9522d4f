"""Finds where the records of an XML file begin and end, without holding the file.

What is not well formed costs the record it stands in: the search goes on behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

import attrs

_CHUNK = 2**16
_ENDS_TOO_EARLY = frozenset(
    {
        expat.errors.codes[text]
        for text in (
            expat.errors.XML_ERROR_NO_ELEMENTS,
            expat.errors.XML_ERROR_UNCLOSED_TOKEN,
            expat.errors.XML_ERROR_PARTIAL_CHAR,
            expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        )
    }
)
_WRAPPERS = {
    "OAI-PMH": ("record", 3),
    "ListRecords": ("record", 2),
    "GetRecord": ("record", 2),
    "collection": ("record", 2),
    "records": ("record", 2),
    "modsCollection": ("mods", 2),
    "searchRetrieveResponse": ("record", 5),
}
"""For each root the name of the records' element, and how deep it stands."""

_SRU = "searchRetrieveResponse"
_SRU_RECORDS = frozenset({"record", "mods", "dc", "qualifieddc"})
"""Records in an answer of SRU; some servers wrap them once or twice more."""

_BARE = frozenset({"dc", "qualifieddc"})
"""Records of Dublin Core that stand in a plain list as they are."""

_PLAIN_LISTS = frozenset({"collection", "records"})


class DoctypeError(Exception):
    """The file declares a document type."""


@attrs.frozen(kw_only=True)
class Span:
    """One stretch of a file.

    Args:
        start: Its first byte.
        end: The byte behind it.
        reason: Why it is no record; empty if it is one.
        is_cut: The file ends in it; what may have come behind it is not known.
    """

    start: int
    end: int
    reason: str = ""
    is_cut: bool = False


class RecordScan:
    """Finds the records of one file.

    Args:
        file: The file.

    Attributes:
        root: Name of the root element without prefix; empty before it is seen.
        record_tag: Name of the records' element as it is written; empty before one is seen.
        head: The bytes before the first record: the start tags around it, and what they declare.
        tail: The end tags that belong to them.
    """

    def __init__(self, file: BinaryIO) -> None:
        """Prepare; nothing is read yet."""
        self.file = file
        self.root = self.record_tag = ""
        self.head = self.tail = b""
        self._open: list[str] = []
        self._starts: list[int] = []
        self._found: list[Span] = []
        self._offset = 0
        self._begin = 0
        self._start = -1
        self._level = 0
        self._end = 0

    def spans(self) -> Iterator[Span]:
        """Give the stretches of the file that are records, and those that should be.

        Raises:
            DoctypeError: The file declares a document type.
        """
        at = self._begin = self._end = self._first_tag()
        while True:
            parser = self._parser(at)
            try:
                if at > self._begin:
                    parser.Parse(self.head)
                for chunk in self._chunks(at):
                    parser.Parse(chunk)
                    yield from self._taken()
                parser.Parse(b"", True)  # noqa: FBT003 - expat takes no names
            except expat.ExpatError as error:
                yield from self._taken()
                broken_at = max(parser.ErrorByteIndex + self._offset, at)
                start = self._start if self._start >= 0 else self._end
                at = self._end = self._behind_record(broken_at)
                if start < at or self._open:  # cut between two records, nothing is left to show
                    reason = f"{expat.ErrorString(error.code)}, byte {broken_at}"
                    is_cut = at == self.file.seek(0, 2) and error.code in _ENDS_TOO_EARLY
                    yield Span(start=start, end=at, reason=reason, is_cut=is_cut)
                if at == self.file.seek(0, 2):
                    return
            else:
                yield from self._taken()
                return

    def _chunks(self, at: int) -> Iterator[bytes]:
        """Read on from a place, wherever the one who takes the spans moved the file meanwhile."""
        while True:
            self.file.seek(at)
            chunk = self.file.read(_CHUNK)
            if not chunk:
                return
            at += len(chunk)
            yield chunk

    def _first_tag(self) -> int:
        """Return where the document begins: some programs write blanks or notices before it."""
        self.file.seek(0)
        return max(self.file.read(_CHUNK).find(b"<"), 0)

    def _parser(self, at: int) -> expat.XMLParserType:
        parser = expat.ParserCreate()
        self._offset = at - len(self.head) if at > self._begin else at
        self._open, self._start = [], -1
        parser.StartDoctypeDeclHandler = _refuse_doctype

        def started(name: str, _: dict[str, str]) -> None:
            self._open.append(name)
            if self._is_record(name):
                self._start = parser.CurrentByteIndex + self._offset
                self._level = len(self._open)
                if not self.head:
                    self._keep_head(name)

        def ended(_: str) -> None:
            if self._start >= 0 and len(self._open) == self._level:
                end = self._end_of_tag(parser.CurrentByteIndex + self._offset)
                self._found.append(Span(start=self._start, end=end))
                self._start, self._end = -1, end
            self._open.pop()

        parser.StartElementHandler = started
        parser.EndElementHandler = ended
        return parser

    def _is_record(self, name: str) -> bool:
        if len(self._open) == 1:
            self.root = _local(name)
        wanted, depth = _WRAPPERS.get(self.root, ("", 1))
        if self.root == _SRU:
            is_within = self._start >= 0
            return len(self._open) >= depth and not is_within and _local(name) in _SRU_RECORDS
        if len(self._open) != depth:
            return False
        is_bare = self.root in _PLAIN_LISTS and _local(name) in _BARE
        return not wanted or _local(name) == wanted or is_bare

    def _keep_head(self, name: str) -> None:
        self.record_tag = name
        self.head = self._bytes(self._begin, self._start)
        self.tail = "".join(f"</{one}>" for one in reversed(self._open[:-1])).encode()

    def _behind_record(self, at: int) -> int:
        """Return the byte behind the next end tag of a record; the file's size if there is none."""
        closing = re.compile(rb"</" + re.escape(self.record_tag.encode()) + rb"\s*>")
        position, before = at, b""
        while self.record_tag:
            self.file.seek(position)
            chunk = self.file.read(_CHUNK)
            if not chunk:
                break
            window = before + chunk
            if found := closing.search(window):
                return position - len(before) + found.end()
            before, position = window[-64:], position + len(chunk)
        return self.file.seek(0, 2)

    def _end_of_tag(self, at: int) -> int:
        place = self.file.tell()
        self.file.seek(at)
        tag = self.file.read(256)
        self.file.seek(place)
        return at + tag.find(b">") + 1

    def _bytes(self, start: int, end: int) -> bytes:
        place = self.file.tell()
        self.file.seek(start)
        content = self.file.read(end - start)
        self.file.seek(place)
        return content

    def _taken(self) -> list[Span]:
        taken, self._found = self._found, []
        return taken


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse_doctype(*_: object) -> None:
    raise DoctypeError
