"""Records as documents of a Solr index, in the fields of VuFind's schema."""

from __future__ import annotations

from libconsortium.core.catalogue.matching import kind_of
from libconsortium.core.problems import Place, Problem
from libconsortium.core.text import fold
from libconsortium.files.record_files.marc_fields import MarcOut
from libconsortium.files.record_files.marc_files import as_marcxml
from libconsortium.files.record_files.rows import OutRecord

_FORMATS = {
    "book": "Book", "serial": "Journal", "article": "Article", "chapter": "BookComponentPart",
    "thesis": "Thesis", "score": "MusicalScore", "map": "Map", "video": "Video",
    "sound": "SoundRecording", "image": "Image", "report": "Report",
    "proceedings": "ConferenceProceeding", "disc": "CDROM",
}  # fmt: skip
"""VuFind's names of formats, by our kinds."""


def solr_document(one: OutRecord, marc: MarcOut, problems: list[Problem]) -> dict[str, object]:
    """Return a record as a document of VuFind's index; empty fields are left out.

    ``institution`` names who holds it; ``fullrecord`` is the whole record as MARCXML.

    Args:
        one: The record.
        marc: The same as MARC.
        problems: What the full record had to leave out is added here.

    Source: VuFind, ``solr/vufind/biblio/conf/schema.xml``.

    >>> from libconsortium.core.catalogue.records import BibRecord, RawRecord
    >>> book = BibRecord(source="tlu", identifier="1", titles=("Truyện Kiều : thơ",), year=2015)
    >>> one = OutRecord(stored=RawRecord(source="tlu", identifier="1"), record=book)
    >>> marc = MarcOut(leader=" " * 24, control=(), fields=())
    >>> found = solr_document(one, marc, [])
    >>> found["id"], found["title_short"], found["title_sub"], found["institution"]
    ('tlu.1', 'Truyện Kiều', 'thơ', ['tlu'])
    """
    record, stored = one.record, one.stored
    where = Place(source=stored.source, record=stored.identifier)
    short, _, rest = record.title.partition(" : ")
    holders = [each.member for each in one.held_by] or [stored.source]
    isbns, issns, others = _numbers(one)
    marks = record.call_numbers or tuple(mark for each in one.held_by for mark in each.call_numbers)
    links = record.links or tuple(link for each in one.held_by for link in each.links)
    found: dict[str, object] = {
        "id": f"{stored.source}.{stored.identifier}",
        "record_format": "marc",
        "fullrecord": as_marcxml(marc, where, problems).strip(),
        "institution": holders,
        "collection": list(stored.sets),
        "format": list(
            dict.fromkeys(_FORMATS.get(kind_of(each), "Unknown") for each in record.types)
        ),
        "language": list(record.languages),
        "title": record.title,
        "title_short": short,
        "title_sub": rest,
        "title_full": record.title,
        "title_sort": fold(record.title),
        "title_alt": list(record.titles[1:]),
        "author": list(record.creators[:1]),
        "author2": [*record.creators[1:], *record.contributors],
        "author_facet": [*record.creators, *record.contributors],
        "author_sort": fold(record.creators[0]) if record.creators else "",
        "publisher": list(record.publishers),
        "publishDate": [str(record.year)] if record.year else list(record.dates),
        "publishDateSort": str(record.year or ""),
        "edition": record.edition,
        "physical": [record.extent] if record.extent else [],
        "series": list(record.series),
        "topic": list(record.subjects),
        "topic_facet": list(record.subjects),
        "geographic": list(record.coverage),
        "geographic_facet": list(record.coverage),
        "description": "\n".join(record.descriptions),
        "container_title": record.journal,
        "container_volume": record.volume if record.journal else "",
        "isbn": isbns,
        "issn": issns,
        "doi_str_mv": others.get("doi", []),
        "url": list(links),
        "callnumber-raw": list(marks),
        "last_indexed": stored.datestamp if "T" in stored.datestamp else "",
    }
    return {name: value for name, value in found.items() if value not in ("", [])}


def _numbers(one: OutRecord) -> tuple[list[str], list[str], dict[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for each in one.record.identifiers:
        if each.is_valid:
            found.setdefault(each.scheme, []).append(each.value)
    return found.get("isbn", []), found.get("issn", []), found
