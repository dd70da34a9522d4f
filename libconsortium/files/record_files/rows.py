"""A record as a row: for JSON Lines nested, for CSV flat; both are read back as they were."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from libconsortium.core.catalogue.records import (
    BibRecord,
    DeletionCause,
    RawRecord,
    RecordIdentifier,
)
from libconsortium.core.catalogue.union_records import HeldBy, UnionRecord
from libconsortium.core.errors import CrosswalkError


@attrs.frozen(kw_only=True)
class OutRecord:
    """A record on its way out.

    Args:
        stored: The record as stored; made up for a union record.
        record: The record as read.
        held_by: Who holds it; of a union record.
    """

    stored: RawRecord
    record: BibRecord
    held_by: tuple[HeldBy, ...] = ()


def union_out(union: UnionRecord) -> OutRecord:
    r"""Return a union record as it goes out, under the id of its cluster.

    >>> from libconsortium.core.catalogue.best_fields import union_record
    >>> one = union_record("a\t1", [BibRecord(source="a", identifier="1", titles=("Sóng",))])
    >>> out = union_out(one)
    >>> out.stored.identifier, out.record.title, [each.member for each in out.held_by]
    ('a:1', 'Sóng', ['a'])
    """
    identifier = union.cluster.replace("\t", ":")
    values: dict[str, Any] = {name: each.value for name, each in union.fields.items()}
    if "dates" not in values and union.year is not None:
        values["dates"] = (str(union.year),)
    links = tuple(dict.fromkeys(link for each in union.held_by for link in each.links))
    values.setdefault("links", links)
    return OutRecord(
        stored=RawRecord(source=UNION, identifier=identifier),
        record=BibRecord(source=UNION, identifier=identifier, **values),
        held_by=union.held_by,
    )


UNION = "union"
"""Name of the source that union records come from."""

_TEXTS = (
    "titles", "creators", "contributors", "publishers", "dates", "languages", "types", "subjects",
    "coverage", "descriptions", "links", "call_numbers", "series", "unmapped",
)  # fmt: skip
_SINGLE = ("volume", "edition", "extent", "journal")
CSV_COLUMNS = (
    *("source", "identifier", "datestamp", "deleted", "title", "creators", "contributors"),
    *("publishers", "dates", "year", "languages", "types", "subjects", "identifiers", "links"),
    *("call_numbers", "volume", "edition", "extent", "journal", "series", "descriptions"),
    *("coverage", "sets", "cause", "held_by"),
)
"""The columns of a CSV file of records, in their order."""

_BETWEEN = " | "
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_NOT_IN_CSV = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff]")
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|(.))", re.DOTALL)
_NOT_VALID = "not valid "
_LISTS = frozenset({*_TEXTS, "title", "sets", "held_by", "identifiers"})


def record_row(
    stored: RawRecord, record: BibRecord, held_by: Iterable[HeldBy] = ()
) -> dict[str, object]:
    """Return a record as a program reads it; ``record_of_row`` makes the record of it again.

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
        "coverage": list(record.coverage),
        "descriptions": list(record.descriptions),
        "identifiers": [
            {"scheme": one.scheme, "value": one.value, "valid": one.is_valid}
            for one in record.identifiers
        ],
        "links": list(record.links),
        "call_numbers": list(record.call_numbers),
        "volume": record.volume,
        "edition": record.edition,
        "extent": record.extent,
        "journal": record.journal,
        "series": list(record.series),
        "unmapped": list(record.unmapped),
        "held_by": [
            {
                "member": one.member,
                "records": [key.replace("\t", " ") for key in one.records],
                "call_numbers": list(one.call_numbers),
                "links": list(one.links),
                "item_types": list(one.item_types),
            }
            for one in held_by
        ],
    }


def record_of_row(row: Mapping[str, object], source: str = "") -> tuple[RawRecord, BibRecord]:
    """Make a record of a row that ``record_row`` or a CSV file of ours has.

    Args:
        row: The row; what it does not say is empty.
        source: Name of the source it belongs to now; its own if empty.

    Raises:
        CrosswalkError: Something in it is of the wrong kind.

    >>> raw, book = record_of_row({"identifier": "1", "titles": ["Sóng"], "year": 1967}, "tlu")
    >>> raw.identifier, book.title, book.year
    ('1', 'Sóng', 1967)
    """
    try:
        owner = source or str(row["source"])
        identifier = str(row["identifier"])
        cause = row.get("cause")
        raw = RawRecord(
            source=owner,
            identifier=identifier,
            datestamp=str(row.get("datestamp") or ""),
            sets=_texts(row.get("sets")),
            is_deleted=row.get("deleted") in (True, "yes"),
            cause=DeletionCause(str(cause)) if cause else None,
        )
        year = row.get("year")
        values: dict[str, Any] = {name: _texts(row.get(name)) for name in _TEXTS}
        values |= {name: str(row.get(name) or "") for name in _SINGLE}
        record = BibRecord(
            source=owner,
            identifier=identifier,
            year=int(str(year)) if year not in (None, "") else None,
            identifiers=tuple(map(_identifier, _several(row.get("identifiers")))),
            **values,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CrosswalkError(
            "{identifier}: this row is none of a file of records: {error}",
            identifier=row.get("identifier") or "-",
            error=error,
        ) from error
    return raw, record


def csv_cells(one: OutRecord) -> dict[str, str]:
    r"""Return a record as the cells of a CSV file; several values stand between bars.

    >>> raw = RawRecord(source="tlu", identifier="1")
    >>> book = BibRecord(source="tlu", identifier="1", creators=("A|B", "C"))
    >>> csv_cells(OutRecord(stored=raw, record=book))["creators"]
    'A\\|B | C'
    """
    row = record_row(one.stored, one.record)
    row["title"] = row["titles"]
    row["identifiers"] = [
        f"{'' if each.is_valid else _NOT_VALID}{each.scheme}:{each.value}"
        for each in one.record.identifiers
    ]
    row["held_by"] = [each.member for each in one.held_by]
    return {name: _inert(_cell(row[name])) for name in CSV_COLUMNS}


def row_of_cells(cells: Mapping[str, str]) -> dict[str, object]:
    r"""Return the row that the cells of a CSV file stand for.

    >>> row_of_cells({"title": r"A\|B | C", "volume": "2"})
    {'titles': ['A|B', 'C'], 'volume': '2'}
    """
    row: dict[str, object] = {
        "titles" if name == "title" else name: (
            _parted(text) if name in _LISTS else _unescaped(text)
        )
        for name, text in cells.items()
    }
    if "identifiers" in row:
        row["identifiers"] = [_named(text) for text in _parted(cells["identifiers"])]
    return row


def _named(text: str) -> dict[str, object]:
    scheme, _, value = text.removeprefix(_NOT_VALID).partition(":")
    return {"scheme": scheme, "value": value, "valid": not text.startswith(_NOT_VALID)}


def _cell(value: object) -> str:
    if isinstance(value, list):
        return _BETWEEN.join(_escaped(str(each)).replace("|", "\\|") for each in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else _escaped(str(value))


def _inert(cell: str) -> str:
    """Write the sign by number that would make a spreadsheet program run the cell as a formula.

    Source: OWASP, CSV Injection.
    """
    return f"\\u{ord(cell[0]):04x}{cell[1:]}" if cell.startswith(_DANGEROUS) else cell


def _escaped(text: str) -> str:
    """Put what a CSV file cannot hold behind a backslash, and a backslash too."""
    doubled = text.replace("\\", "\\\\")
    escaped = _NOT_IN_CSV.sub(lambda found: f"\\u{ord(found[0]):04x}", doubled)
    if unicodedata.is_normalized("NFC", escaped):
        return escaped
    # Tables are read in NFC: marks that it would join to their letters are written by number.
    return "".join(
        f"\\u{ord(sign):04x}" if _NOT_IN_CSV.match(sign) or _is_joined(sign) else sign
        for sign in doubled
    )


def _is_joined(sign: str) -> bool:
    is_short = sign <= "\uffff"
    return is_short and (
        unicodedata.combining(sign) > 0
        or not unicodedata.is_normalized("NFC", sign)
        or "\u1160" <= sign <= "\u11ff"
    )


def _unescaped(cell: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], cell)


def _parted(cell: str) -> list[str]:
    # A bar in a text has a backslash before it, so one without parts two texts.
    return list(map(_unescaped, cell.split(_BETWEEN))) if cell else []


def _several(value: object) -> Sequence[Mapping[str, object]]:
    if value is None or value == "":
        return ()
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise TypeError(value)
    return value


def _identifier(one: Mapping[str, object]) -> RecordIdentifier:
    return RecordIdentifier(
        scheme=str(one["scheme"]), value=str(one["value"]), is_valid=one.get("valid") is not False
    )


def _texts(value: object) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(map(str, value))
