"""Reads one MARC record; roles and ISBD punctuation are left out, spelling stays."""

from __future__ import annotations

from collections.abc import Iterator

from libconsortium import (
    BibRecord,
    MissingExtraError,
    RawRecord,
    latest_year,
    with_checks,
    year_in,
)
from libconsortium.plugins.marc import unimarc
from libconsortium.plugins.marc.descriptions import (
    DESCRIBING,
    coverage,
    descriptions,
    document_types,
    languages,
    series,
    subjects,
)
from libconsortium.plugins.marc.literal import literal, unmarked
from libconsortium.plugins.marc.locating import (
    LOCATING,
    call_numbers,
    identifiers,
    journal,
    links,
)
from libconsortium.plugins.marc.naming import NAMING, dates, names, publishers, titles, volume
from libconsortium.plugins.marc.records import MarcRecord
from libconsortium.plugins.marc.subfields import ReadSubfields, single

_READ = ReadSubfields("marc", {**NAMING, **DESCRIBING, **LOCATING}, technical="01235678")
_DATE_1 = slice(7, 11)  # of 008


def read(raw: RawRecord) -> BibRecord:
    """Read a record.

    Raises:
        CrosswalkError: It is no MARC record.
        MissingExtraError: It is in MARC-8, and the package for that is not installed.

    >>> title = '<subfield code="a">Giải tích /</subfield><subfield code="x">1</subfield>'
    >>> xml = f'<record><datafield tag="245">{title}</datafield></record>'
    >>> book = read(RawRecord(source="tlu", identifier="1", content=xml.encode()))
    >>> book.title, book.unmapped
    ('Giải tích', ('marc 245$x',))
    """
    came = _record_of(raw)
    record = literal(came)
    under = record.under()
    if unimarc.is_unimarc(raw, came, under):
        return unimarc.read(raw, came)
    fixed = record.control.get("008", "")
    latest = latest_year(raw)
    written = dates(under) or tuple(filter(str.isdecimal, [fixed[_DATE_1]]))
    years = (year_in(date, latest=latest) for date in (*_named(fixed, written), *written))
    creators, contributors = names(under)
    bare = BibRecord(
        source=raw.source,
        identifier=raw.identifier,
        titles=titles(under),
        creators=creators,
        contributors=contributors,
        publishers=publishers(under),
        dates=written,
        year=next(filter(None, (*years, year_in(fixed[_DATE_1], latest=latest))), None),
        languages=languages(under, fixed),
        types=document_types(under, record.leader),
        subjects=subjects(under),
        coverage=coverage(under),
        descriptions=descriptions(under),
        identifiers=identifiers(under),
        links=links(under),
        call_numbers=call_numbers(under),
        volume=volume(under),
        edition=single(under, "250", "ab"),
        extent=single(under, "300", "a"),
        journal=journal(under),
        series=series(under),
        unmapped=_READ.all_but_these(under),
        problems=record.problems,
    )
    return with_checks(bare if record is came else unmarked(bare), latest=latest)


def fields(raw: RawRecord) -> Iterator[tuple[str, str]]:
    """Give name and text of every field and subfield.

    Raises:
        CrosswalkError: It is no MARC record.

    >>> mark = '<datafield tag="900"><subfield code="a">X</subfield></datafield>'
    >>> xml = f"<record>{mark}</record>".encode()
    >>> list(fields(RawRecord(source="tlu", identifier="1", content=xml)))
    [('marc 900$a', 'X')]
    """
    record = _record_of(raw)
    called = "unimarc" if unimarc.is_unimarc(raw, record, record.under()) else "marc"
    if record.leader:
        yield f"{called} leader", record.leader
    for tag, text in record.control.items():
        yield f"{called} {tag}", text
    for field in record.fields:
        for code, text in field.subfields:
            yield f"{called} {field.tag}${code}", text


def _record_of(raw: RawRecord) -> MarcRecord:
    if raw.content.lstrip()[:1] in (b"<", b"\xef"):
        from libconsortium.plugins.marc.xml import from_xml

        return from_xml(raw)
    from libconsortium.plugins.marc.iso2709 import from_iso2709

    try:
        return from_iso2709(raw)
    except ImportError as error:
        raise MissingExtraError(
            "MARC-8 needs the package {package}; pip install 'libconsortium[{extra}]'",
            package=error.name or "pymarc",
            extra="marc",
        ) from error


def _named(fixed: str, written: tuple[str, ...]) -> tuple[str, ...]:
    """Return the first date of 008 if it stands in what is written: «1934 [1937]» names two."""
    first = fixed[_DATE_1]
    return (first,) if first.isdecimal() and any(first in date for date in written) else ()
