"""Reads one MARC record; roles and ISBD punctuation are left out, spelling stays."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

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
from libconsortium.plugins.marc.records import MarcField, MarcRecord, without_isbd

_KNOWN = {**NAMING, **DESCRIBING, **LOCATING}
_TECHNICAL = "01235678"  # subfields that link and steer; they say nothing of the document
_KNOWN_CODES = {tag: codes + _TECHNICAL for tag, codes in _KNOWN.items()}
_LOCAL = {tag: codes for tag, codes in _KNOWN.items() if tag[0] == "9"}
"""Fields of a library's own, where a number may be any subfield: Koha's 952$8 is a collection."""

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
        edition=_single(under, "250", "ab"),
        extent=_single(under, "300", "a"),
        journal=journal(under),
        series=series(under),
        unmapped=_unmapped(under),
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


def _single(under: dict[str, list[MarcField]], tag: str, codes: str) -> str:
    for field in under.get(tag, ()):
        if texts := field.texts(codes):
            return without_isbd(" ".join(texts))
    return ""


def _unmapped(under: dict[str, list[MarcField]]) -> tuple[str, ...]:
    left: dict[tuple[str, str], None] = {}
    for tag, several in under.items():
        known = _LOCAL.get(tag, "") if tag[:1] == "9" else _KNOWN_CODES.get(tag, _TECHNICAL)
        for field in several:
            for code, _ in field.subfields:
                if code not in known:
                    left[tag, code] = None
    return tuple(_name(tag, code) for tag, code in left) if left else ()


@lru_cache(maxsize=10_000)
def _name(tag: str, code: str) -> str:
    return f"marc {tag}${code}"
