"""What can be wrong with a record of a page, in words."""

from __future__ import annotations

from libconsortium import (
    HarvestRequest,
    Message,
    Place,
    Problem,
    RawRecord,
    Repair,
    Severity,
    repair_problem,
)
from libconsortium.plugins.oai_pmh.salvage import Lost


def repaired_record(request: HarvestRequest, identifier: str, repair: Repair) -> Problem:
    """Tell of a repair of one record."""
    advice = Message("the page is kept as it came; tell the server's administrator")
    return repair_problem(repair, Place(source=request.source, record=identifier), advice)


def lost_record(request: HarvestRequest, lost: Lost) -> Problem:
    """Tell of a record that stays wrong after every repair."""
    return Problem(
        code="RECORD_QUARANTINED",
        where=Place(source=request.source, record=lost.identifier),
        what=Message("the record cannot be read: {reason}", reason=lost.reason),
        advice=Message("its bytes are kept, and it is asked for again in every harvest"),
        severity=Severity.ERROR,
    )


def escaped_metadata(request: HarvestRequest, identifier: str) -> Problem:
    """Tell of metadata that stood as text in a record."""
    return Problem(
        code="REPAIRED_ESCAPED_METADATA",
        where=Place(source=request.source, record=identifier, field="metadata"),
        what=Message("the metadata stand in the record as text, and were read as XML"),
        advice=Message("nothing is lost; tell the server's administrator"),
        severity=Severity.INFO,
    )


def not_named_as_told(request: HarvestRequest, identifier: str) -> Problem:
    """Tell of a record whose elements lie in no namespace or have other letters."""
    return Problem(
        code="NO_NAMESPACE",
        where=Place(source=request.source, record=identifier, field="header"),
        what=Message("the record's elements are not named as in OAI-PMH; it was read all the same"),
        advice=Message("nothing is lost; tell the server's administrator"),
        severity=Severity.INFO,
    )


def without_identifier(request: HarvestRequest, number: int) -> Problem:
    """Tell of a record that nobody can name."""
    return Problem(
        code="RECORD_WITHOUT_IDENTIFIER",
        where=Place(source=request.source, field="header"),
        what=Message("record {number} of the page has no identifier", number=number),
        advice=Message("the page is kept; ask the server's administrator to correct the record"),
        severity=Severity.ERROR,
    )


def without_metadata(record: RawRecord) -> Problem:
    """Tell of a record that is not deleted and says nothing."""
    return Problem(
        code="RECORD_WITHOUT_METADATA",
        where=Place(source=record.source, record=record.identifier, field="metadata"),
        what=Message("the record is not deleted, and has no metadata"),
        advice=Message("ask the server's administrator to complete or delete it"),
    )


def several_metadata(record: RawRecord, count: int) -> Problem:
    """Tell of a record of which only the first metadata were read."""
    return Problem(
        code="SEVERAL_METADATA_ELEMENTS",
        where=Place(source=record.source, record=record.identifier, field="metadata"),
        what=Message("the record has {count} metadata elements; the first was read", count=count),
        advice=Message("the page is kept as it came"),
    )


def within_another(request: HarvestRequest, identifier: str, outer: str) -> Problem:
    """Tell of a record that stands within another one: their boundary is damaged."""
    return Problem(
        code="RECORD_QUARANTINED",
        where=Place(source=request.source, record=identifier),
        what=Message("it stands within the record {name}", name=outer),
        advice=Message("it is asked for again in every harvest"),
        severity=Severity.ERROR,
    )


def repeated_identifier(record: RawRecord) -> Problem:
    """Tell of an identifier that one page gives to different contents."""
    return Problem(
        code="IDENTIFIER_REPEATED",
        where=Place(source=record.source, record=record.identifier),
        what=Message("the page gives this identifier to different records"),
        advice=Message("the one with the newer datestamp is kept, else the last one"),
    )


def damaged_identifier(record: RawRecord) -> Problem:
    """Tell of a record of which nobody knows any more which it is."""
    return Problem(
        code="RECORD_QUARANTINED",
        where=Place(source=record.source, record=record.identifier),
        what=Message("the identifier is damaged"),
        advice=Message("the page is kept as it came; ask the server's administrator"),
        severity=Severity.ERROR,
    )
