"""Reads one UNIMARC record; spelling stays, signs around words that are not sorted go."""

from __future__ import annotations

from libconsortium import BibRecord, CrosswalkError, RawRecord, latest_year, with_checks, year_in
from libconsortium.plugins.marc.locating import links
from libconsortium.plugins.marc.records import MarcField, MarcRecord
from libconsortium.plugins.marc.subfields import ReadSubfields, single
from libconsortium.plugins.marc.unimarc.describing import (
    DESCRIBING,
    coverage,
    descriptions,
    document_types,
    languages,
    series,
    subjects,
)
from libconsortium.plugins.marc.unimarc.locating import (
    LOCATING,
    call_numbers,
    identifiers,
    journal,
)
from libconsortium.plugins.marc.unimarc.naming import (
    NAMING,
    date_1,
    dates,
    names,
    publishers,
    titles,
    volume,
)

_READ = ReadSubfields("unimarc", {**NAMING, **DESCRIBING, **LOCATING}, technical="012356789")
_NOT_SORTED = dict.fromkeys(map(ord, "\x88\x89\x98\x9c"))
_AUTHORITIES = ("x", "y", "z")
_NAMES_OF_IT = ("unimarc", "rusmarc")

Under = dict[str, list[MarcField]]


def is_unimarc(raw: RawRecord, record: MarcRecord, under: Under) -> bool:
    """Say whether a record is UNIMARC: it is called so, or has the fields of UNIMARC only.

    That is a title in 200, where MARC 21 has no field, and nothing of MARC 21: a record with its
    title (245) is none, whatever it is called, and one without coded data in 100 is none if it has
    an author there or a publisher in 260 or 264.

    Args:
        raw: The record as stored.
        record: The record.
        under: Its fields by tag.
    """
    if "245" in under or "200" not in under:
        return False
    called = (raw.prefix.lower(), record.called.lower(), raw.namespace.lower())
    if any(name in one for name in _NAMES_OF_IT for one in called):
        return True
    coded = [field.first("a")[:8].isdecimal() for field in under.get("100", ())]
    if coded or "260" in under or "264" in under:
        return any(coded)
    return any(field.first("a") for field in under["200"])


def read(raw: RawRecord, record: MarcRecord) -> BibRecord:
    """Read a record.

    Args:
        raw: The record as stored.
        record: Its fields.

    Raises:
        CrosswalkError: It describes a name or a subject, not a document.

    >>> title = MarcField("200", "1 ", (("a", "Giải tích"), ("f", "Nguyễn Văn A")))
    >>> raw = RawRecord(source="tlu", identifier="1", prefix="unimarc")
    >>> book = read(raw, MarcRecord(fields=(title,)))
    >>> book.title, book.unmapped
    ('Giải tích', ('unimarc 200$f',))
    """
    if record.leader[6:7] in _AUTHORITIES:
        raise CrosswalkError(
            "{identifier}: this is an authority record of UNIMARC; it describes a name or a"
            " subject, not a document",
            identifier=raw.identifier,
        )
    under = MarcRecord(fields=tuple(map(_sorted_away, record.fields))).under()
    leader, latest, written = record.leader, latest_year(raw), dates(under)
    coded = date_1(under)
    first = [coded] if any(coded in date for date in written) else []
    creators, contributors = names(under)
    book = BibRecord(
        source=raw.source,
        identifier=raw.identifier,
        titles=titles(under),
        creators=creators,
        contributors=contributors,
        publishers=publishers(under),
        dates=written,
        year=_year([*first, *written, coded], latest),
        languages=languages(under),
        types=document_types(under, leader),
        subjects=subjects(under),
        coverage=coverage(under),
        descriptions=descriptions(under),
        identifiers=identifiers(under, leader),
        links=links(under),
        call_numbers=call_numbers(under),
        volume=volume(under),
        edition=single(under, "205", "ab"),
        extent=single(under, "215", "a"),
        journal=journal(under, leader),
        series=series(under),
        unmapped=_READ.all_but_these(under),
        problems=record.problems,
    )
    return with_checks(book, latest=latest)


def _year(texts: list[str], latest: int) -> int | None:
    return next(filter(None, (year_in(text, latest=latest) for text in texts)), None)


def _sorted_away(field: MarcField) -> MarcField:
    """Leave out the signs that stand around words which do not count in sorting: «Le», «Das»."""
    texts = (text for _, text in field.subfields)
    if all(text.isascii() for text in texts):
        return field
    return field._replace(
        subfields=tuple((code, text.translate(_NOT_SORTED)) for code, text in field.subfields)
    )
