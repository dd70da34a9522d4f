"""Records as a KBART title list: what has an ISSN or ISBN; the rest is counted, not listed."""

from __future__ import annotations

from libconsortium.core.catalogue.matching import kind_of
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity
from libconsortium.files.record_files.rows import OutRecord

KBART_COLUMNS = (
    "publication_title", "print_identifier", "online_identifier", "date_first_issue_online",
    "num_first_vol_online", "num_first_issue_online", "date_last_issue_online",
    "num_last_vol_online", "num_last_issue_online", "title_url", "first_author", "title_id",
    "embargo_info", "coverage_depth", "notes", "publisher_name", "publication_type",
    "date_monograph_published_print", "date_monograph_published_online", "monograph_volume",
    "monograph_edition", "first_editor", "parent_publication_title_id",
    "preceding_publication_title_id", "access_type",
)  # fmt: skip
"""The columns of KBART phase II, in their order (NISO RP-9-2014)."""

_ISSN_GROUP, _ISSN = 4, 8


def kbart_row(one: OutRecord) -> dict[str, str] | None:
    """Return a record as a row of a title list; ``None`` if it has neither ISSN nor ISBN.

    A number is listed as that of the printed form: a catalogue does not say which it is. A serial
    is one by its ISSN if it has a title of its own; an article is no title.

    >>> from libconsortium.core.catalogue.records import BibRecord, RawRecord, RecordIdentifier
    >>> issn = RecordIdentifier(scheme="issn", value="03178471")
    >>> one = BibRecord(source="tlu", identifier="1", titles=("Tạp chí Mẫu",), identifiers=(issn,))
    >>> row = kbart_row(OutRecord(stored=RawRecord(source="tlu", identifier="1"), record=one))
    >>> row["print_identifier"], row["publication_type"]
    ('0317-8471', 'serial')
    """
    record = one.record
    numbers = {each.scheme: each.value for each in reversed(record.identifiers) if each.is_valid}
    kinds = {kind_of(each) for each in record.types}
    if one.stored.is_deleted or not record.title or kinds & {"article", "chapter"}:
        return None
    if "isbn" in numbers and "serial" not in kinds:
        return _monograph(one, numbers["isbn"])
    if "issn" in numbers:
        return _line(one, _written(numbers["issn"]), "serial")
    return None


def left_out(count: int) -> Problem:
    """Return the problem that says how many records are in no title list."""
    return Problem(
        code="NOT_IN_TITLE_LIST",
        where=Place(),
        what=Message("{count} records without ISSN or ISBN are in no title list", count=count),
        severity=Severity.INFO,
    )


def _monograph(one: OutRecord, isbn: str) -> dict[str, str]:
    record = one.record
    return {
        **_line(one, isbn, "monograph"),
        "first_author": next(iter(record.creators), ""),
        "date_monograph_published_print": str(record.year or ""),
        "monograph_volume": record.volume,
        "monograph_edition": record.edition,
    }


def _line(one: OutRecord, number: str, kind: str) -> dict[str, str]:
    record = one.record
    links = record.links or tuple(link for each in one.held_by for link in each.links)
    row = dict.fromkeys(KBART_COLUMNS, "")
    row |= {
        "publication_title": record.title,
        "print_identifier": number,
        "title_url": next(iter(links), ""),
        "title_id": f"{one.stored.source} {one.stored.identifier}",
        "publisher_name": next(iter(record.publishers), ""),
        "publication_type": kind,
    }
    return row


def _written(issn: str) -> str:
    whole = len(issn) == _ISSN
    return f"{issn[:_ISSN_GROUP]}-{issn[_ISSN_GROUP:]}" if whole else issn
