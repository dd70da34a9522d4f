"""Reads a COUNTER report in whatever form it comes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from libconsortium import FileRefusedError, Message, UsageEvent
from libconsortium.plugins.counter.json_reports import read_json
from libconsortium.plugins.counter.old_releases import refuse_old
from libconsortium.plugins.counter.tables import read_table

_START_BYTES = 2**16
_MARKS = ((b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_TABLE = re.compile(
    r"report.?id|metric.?type|(?:journal|book|database|platform|title|multimedia|media) report \d"
    r"|reporting period total",
    re.IGNORECASE,
)
_XML_REPORT = re.compile(
    r"<(?:\w+:)?Report(?:Definition)?\s[^>]*\bName=[\"']([^\"']*)", re.IGNORECASE
)
_XML_MESSAGE = re.compile(r"<(?:\w+:)?(Number|Message)\b[^>]*>([^<]*)<")


def recognises(start: bytes) -> bool:
    """Say whether a file begins like a COUNTER report, of whatever release and form.

    >>> recognises(b'{"Report_Header": {}}'), recognises(b"<html>"), recognises(b"id,name")
    (True, False, False)
    """
    text = _text_of(start).lstrip()
    if text.startswith(("{", "[", '"{', '"[')) or start.startswith(b"PK"):
        return True
    return bool(_TABLE.search(text)) or (text.startswith("<") and "counter" in text.lower())


def read(source: str, file: BinaryIO) -> Iterator[UsageEvent]:
    """Yield the header, the rows and the problems of one report.

    Args:
        source: The file's name, for messages.
        file: The file.

    Raises:
        FileRefusedError: It holds no usage that can be read.

    >>> import io
    >>> list(read("jr1.xml", io.BytesIO(b'<Report Name="JR1" Version="4" />')))
    Traceback (most recent call last):
    libconsortium.core.errors.FileRefusedError: this is a COUNTER report of release 4 (JR1), ...
    """
    start = file.read(_START_BYTES)
    file.seek(0)
    text = _text_of(start).lstrip()
    if text.startswith("<"):
        raise _refused_xml(text)
    reader = read_json if text.startswith(("{", "[", '"{', '"[')) else read_table
    return reader(source, file)


def _refused_xml(text: str) -> FileRefusedError:
    """Refuse what only release 4 gives: XML; if it is an error message, say what it says."""
    told = dict(_XML_MESSAGE.findall(text))
    name = _XML_REPORT.search(text)
    old = refuse_old(name[1] if name else "XML")
    if "Number" not in told:
        return old
    return FileRefusedError(
        "OLD_RELEASE",
        Message(
            "this is an answer of the old service of release 4 without usage: {number} {message}",
            number=told["Number"].strip(),
            message=told.get("Message", "").strip(),
        ),
        old.advice,
    )


def _text_of(start: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if start.startswith(mark)), "")
    if not encoding and start[:64].count(0) * 4 > len(start[:64]):
        encoding = "utf-16-le" if start[1:2] == b"\0" else "utf-16-be"
    return start.decode(encoding or "utf-8-sig", "replace")
