"""Reads COUNTER reports in JSON, releases 5 and 5.1, item by item."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO

import attrs

from libconsortium import (
    FileRefusedError,
    Message,
    Place,
    Problem,
    Severity,
    UsageEvent,
    text_encoding,
)
from libconsortium.plugins.counter.counting import Counting
from libconsortium.plugins.counter.exceptions import exceptions_in
from libconsortium.plugins.counter.json_headers import names_report, report_header
from libconsortium.plugins.counter.json_items import item_events
from libconsortium.plugins.counter.json_text import ITEMS, JsonText


def read_json(source: str, file: BinaryIO) -> Iterator[UsageEvent]:
    r"""Yield the header, the rows and the problems of one report in JSON.

    Args:
        source: The file's name, for messages.
        file: The file.

    Raises:
        FileRefusedError: It holds no usage that can be read.

    >>> report = b'{"Report_Header": {"Report_ID": "PR", "Release": "5"}, "Report_Items": []}'
    >>> [type(event).__name__ for event in read_json("pr.json", io.BytesIO(report))]
    ['UsageReport', 'Problem']
    """
    encoding, problems = text_encoding(source, file)
    outline = outline_of(file, encoding)
    header = report_header(outline)
    yield header
    yield from problems
    yield from _remarks(outline, Place(source=source))
    counting = Counting(source=source, header=header)
    number = 0
    with _text(file, encoding) as text:
        reader = JsonText(text)
        for name, value in reader.parts():
            if name == ITEMS and value is not None:
                number += 1
                place = Place(source=source, record=f"{ITEMS}[{number}]")
                yield from _doubled(reader, place)
                yield from item_events(value, counting, place)
            elif name not in outline:
                yield from _remarks({name: value}, Place(source=source))
    if counting.bad and not counting.rows:
        raise FileRefusedError(
            "NO_USABLE_ITEM",
            Message("none of its {count} items holds a figure that can be read", count=number),
            Message("ask the supplier for a COUNTER report of release 5.1, as JSON or TSV"),
        )


@contextmanager
def _text(file: BinaryIO, encoding: str) -> Iterator[io.TextIOWrapper]:
    """Open a text view of a file, from its beginning; the file stays open afterwards."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding)
    try:
        yield text
    finally:
        if not file.closed:  # whoever reads may stop early, and close the file first
            text.detach()


def outline_of(file: BinaryIO, encoding: str) -> dict[str, object]:
    """Return what stands beside the items, and the first item (``None`` if the list is empty).

    Args:
        file: The file.
        encoding: Its encoding.

    Raises:
        FileRefusedError: This is no JSON.

    >>> outline_of(io.BytesIO(b'{"Report_Items": [1, 2]}'), "utf-8")
    {'Report_Items': 1}
    """
    outline: dict[str, object] = {}
    with _text(file, encoding) as text:
        for name, value in JsonText(text).parts():
            outline.setdefault(name, value)
            if ITEMS in outline and "Report_Header" in outline:
                break
    return outline


def _remarks(outline: Mapping[str, object], where: Place) -> Iterator[Problem]:
    for one in exceptions_in(dict(outline)):
        yield one.problem(where)
    if "Report_Header" in outline and ITEMS in outline and outline[ITEMS] is None:
        yield Problem(
            code="NO_ITEMS",
            where=where,
            what=Message("the report holds no usage: all its months count as zero"),
            severity=Severity.INFO,
        )
    if ITEMS in outline and not names_report(outline):
        yield Problem(
            code="HEADER_MISSING",
            where=where,
            what=Message("the header does not say which report this is; its items were looked at"),
            advice=Message("ask the supplier for the report with its header"),
        )


def _doubled(reader: JsonText, place: Place) -> Iterator[Problem]:
    for name in reader.doubled:
        yield Problem(
            code="NAME_TWICE",
            where=attrs.evolve(place, field=name),
            what=Message("{name!r} stands here twice; only the last is read", name=name),
            advice=Message("ask the supplier which figure is right"),
            severity=Severity.ERROR,
        )
    reader.doubled.clear()
