"""Records as files that other programs read: MARCXML, JSON Lines, CSV.

A record that came as MARC 21 goes out as it came; others are written field by field, as their
crosswalk read them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from libconsortium.core.catalogue.records import BibRecord, RawRecord
from libconsortium.tables import write_csv

MARC_NAMESPACE = "http://www.loc.gov/MARC21/slim"
RECORD_FORMATS: Mapping[str, str] = {"marcxml": ".xml", "jsonl": ".jsonl", "csv": ".csv"}
"""The formats records are written in, with the usual ending of a file's name."""

Pair = tuple[RawRecord, BibRecord]

_COLUMNS = (
    *("source", "identifier", "datestamp", "deleted", "title", "creators", "publishers", "year"),
    *("languages", "types", "subjects", "identifiers", "links", "descriptions", "sets"),
)
_BETWEEN = " | "
_LEADER, _LEADER_DELETED = "00000nam a2200000 u 4500", "00000dam a2200000 u 4500"


def record_row(stored: RawRecord, record: BibRecord) -> dict[str, object]:
    """Return a record as a program reads it.

    >>> raw = RawRecord(source="tlu", identifier="oai:tlu:1", datestamp="2026-01-31")
    >>> row = record_row(raw, BibRecord(source="tlu", identifier="oai:tlu:1", titles=("Sóng",)))
    >>> row["title"], row["deleted"]
    ('Sóng', False)
    """
    return {
        "source": stored.source,
        "identifier": stored.identifier,
        "datestamp": stored.datestamp,
        "deleted": stored.is_deleted,
        "cause": stored.cause.value if stored.cause else "",
        "sets": list(stored.sets),
        "title": record.title,
        "titles": list(record.titles),
        "creators": list(record.creators),
        "contributors": list(record.contributors),
        "publishers": list(record.publishers),
        "dates": list(record.dates),
        "year": record.year,
        "languages": list(record.languages),
        "types": list(record.types),
        "subjects": list(record.subjects),
        "descriptions": list(record.descriptions),
        "identifiers": [
            {"scheme": one.scheme, "value": one.value, "valid": one.is_valid}
            for one in record.identifiers
        ],
        "links": list(record.links),
        "unmapped": list(record.unmapped),
    }


def write_records(pairs: Iterable[Pair], form: str, file: TextIO) -> int:
    """Write records in one of the formats; return how many.

    Args:
        pairs: Each record as stored and as read.
        form: One of ``RECORD_FORMATS``.
        file: Where to write; opened with ``newline=""`` for CSV.

    >>> import io
    >>> raw = RawRecord(source="tlu", identifier="1", content=b"<x/>")
    >>> write_records([(raw, BibRecord(source="tlu", identifier="1"))], "jsonl", io.StringIO())
    1
    """
    counted = _Counted(pairs)
    if form == "csv":
        write_csv(file, _COLUMNS, (_cells(*pair) for pair in counted))
    elif form == "jsonl":
        file.writelines(
            json.dumps(record_row(*pair), ensure_ascii=False) + "\n" for pair in counted
        )
    else:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        file.write(f'<collection xmlns="{MARC_NAMESPACE}">\n')
        file.writelines(_marcxml(*pair) for pair in counted)
        file.write("</collection>\n")
    return counted.count


class _Counted:
    """Counts what passes."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self.pairs = pairs
        self.count = 0

    def __iter__(self) -> Iterator[Pair]:
        for pair in self.pairs:
            self.count += 1
            yield pair


def _cells(stored: RawRecord, record: BibRecord) -> dict[str, object]:
    row = record_row(stored, record)
    row["identifiers"] = [f"{one.scheme}:{one.value}" for one in record.identifiers]
    return {name: _cell(row[name]) for name in _COLUMNS}


def _cell(value: object) -> str:
    if isinstance(value, list):
        return _BETWEEN.join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _marcxml(stored: RawRecord, record: BibRecord) -> str:
    if stored.namespace == MARC_NAMESPACE and stored.content and not stored.is_deleted:
        return stored.content.decode("utf-8") + "\n"
    leader = _LEADER_DELETED if stored.is_deleted else _LEADER
    lines = [
        "<record>",
        f"<leader>{leader}</leader>",
        _control("001", stored.identifier),
        _control("003", stored.source),
        *_fields(record),
        "</record>",
    ]
    return "\n".join(lines) + "\n"


def _fields(record: BibRecord) -> Iterator[str]:
    """Yield the fields in the order of their tags.

    Source: MARC 21 Format for Bibliographic Data, Library of Congress.
    """
    for one in record.identifiers:
        tag, first = {"isbn": ("020", " "), "issn": ("022", " ")}.get(one.scheme, ("024", "7"))
        code = "a" if one.is_valid else "z"
        more = [("2", one.scheme)] if tag == "024" else []
        yield _field(tag, first + " ", [(code, one.value), *more])
    has_author = "1" if record.creators else "0"
    published = [("b", one) for one in record.publishers] + [("c", one) for one in record.dates[:1]]
    plain: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
        ("041", "  ", "a", record.languages),
        ("100", "1 ", "a", record.creators[:1]),
        ("245", f"{has_author}0", "a", record.titles[:1]),
        ("246", "33", "a", record.titles[1:]),
        ("250", "  ", "a", (record.edition,)),
    )
    after: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
        ("300", "  ", "a", (record.extent,)),
        ("520", "  ", "a", record.descriptions),
        ("653", "  ", "a", record.subjects),
        ("655", " 4", "a", record.types),
        ("700", "1 ", "a", (*record.creators[1:], *record.contributors)),
        ("773", "0 ", "t", (record.journal,)),
        ("856", "40", "u", record.links),
    )
    yield from _each(plain)
    if published:
        yield _field("264", " 1", published)
    yield from _each(after)


def _each(fields: Iterable[tuple[str, str, str, tuple[str, ...]]]) -> Iterator[str]:
    for tag, indicators, code, values in fields:
        for value in values:
            if value:
                yield _field(tag, indicators, [(code, value)])


def _control(tag: str, value: str) -> str:
    return f'<controlfield tag="{tag}">{escape(value)}</controlfield>'


def _field(tag: str, indicators: str, parts: list[tuple[str, str]]) -> str:
    inside = "".join(
        f"<subfield code={quoteattr(code)}>{escape(value)}</subfield>" for code, value in parts
    )
    first, second = indicators[0], indicators[1]
    return f'<datafield tag="{tag}" ind1="{first}" ind2="{second}">{inside}</datafield>'
