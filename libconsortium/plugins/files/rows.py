"""Reads one row of a title list by its headings; a mapping table says what others mean."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from libconsortium import (
    TCVN3_LETTERS,
    BibRecord,
    CrosswalkError,
    RawRecord,
    RecordIdentifier,
    fold,
    identifiers_in,
    is_link,
    latest_year,
    standard_identifier,
    with_checks,
    year_in,
)

_HEADINGS = {
    "titles": (
        "title, titles, book title, tiêu đề, nhan đề, nhan đề chính, nhan đề tài liệu, tên sách,"
        " tên tài liệu, tên ấn phẩm, tên nhan đề, publication title"
    ),
    "creators": (
        "author, authors, author(s), creator, creators, tác giả, các tác giả, tác giả chính,"
        " họ tên tác giả, tên tác giả, first author"
    ),
    "contributors": (
        "contributor, contributors, editor, advisor, người hướng dẫn, chủ biên, first editor"
    ),
    "publishers": (
        "publisher, publishers, nhà xuất bản, nhà xb, nxb, tên nhà xuất bản, publisher name"
    ),
    "dates": (
        "year, date, publication year, pub. year, year of publication, published, năm, năm xb,"
        " năm nxb, năm in, năm xuất bản, date monograph published print,"
        " date monograph published online"
    ),
    "languages": "language, ngôn ngữ",
    "types": "type, loại, loại tài liệu, dạng tài liệu, publication type",
    "subjects": "subject, subjects, keywords, chủ đề, từ khóa, đề mục",
    "coverage": "coverage, địa danh, địa phương",
    "descriptions": "abstract, description, tóm tắt",
    "call_numbers": (
        "call number, call no, call no., callnumber, shelf mark, shelfmark, ký hiệu,"
        " ký hiệu xếp giá, ký hiệu kho, kí hiệu xếp giá"
    ),
    "series": "series, tùng thư, tủ sách",
    "links": "url, link, liên kết, địa chỉ, title url",
    "volume": "volume, tập, monograph volume",
    "edition": "edition, lần xuất bản, lần tái bản, monograph edition",
    "extent": "pages, extent, số trang, trang",
    "journal": "journal, tạp chí, nguồn trích",
    "isbn": "isbn, isbn-13, isbn-10, isbn13, isbn10, chỉ số isbn, số isbn",
    "issn": "issn, chỉ số issn",
    "doi": "doi",
    "numbers": "print identifier, online identifier",  # of KBART: ISBN or ISSN
    "": "id, identifier, mã, mã tài liệu, mã sách, số đkcb, đkcb, stt, no, no., title id",
}
_NUMBERS = frozenset(
    {"id", "identifier", "ma", "ma tai lieu", "ma sach", "so dkcb", "dkcb", "title id"}
)
_FIELD_OF = {
    fold(heading): field
    for field, headings in _HEADINGS.items()
    for heading in headings.split(", ")
}
_TCVN3 = {ord(written): meant for written, meant in TCVN3_LETTERS}
_SPLIT = frozenset(
    {"creators", "contributors", "subjects", "coverage", "isbn", "issn", "doi", "links"}
)


def read(raw: RawRecord) -> BibRecord:
    """Read a row.

    Raises:
        CrosswalkError: It is no row.

    >>> row = '{"Nhan đề": "Giải tích", "Tác giả": "A; B", "Kho": "2"}'
    >>> book = read(RawRecord(source="tlu", identifier="1", content=row.encode()))
    >>> book.title, book.creators, book.unmapped
    ('Giải tích', ('A', 'B'), ('table Kho',))
    """
    found: dict[str, list[str]] = {}
    unmapped = []
    for heading, cell in _cells(raw).items():
        field = _field_of(heading)
        if field is None:
            unmapped.append(f"table {heading}")
        elif field:
            found.setdefault(field, []).extend(_values(cell, field))
    latest = latest_year(raw)
    dates = tuple(found.get("dates", ()))
    bare = BibRecord(
        source=raw.source,
        identifier=raw.identifier,
        titles=tuple(found.get("titles", ())),
        creators=tuple(found.get("creators", ())),
        contributors=tuple(found.get("contributors", ())),
        publishers=tuple(found.get("publishers", ())),
        dates=dates,
        year=next((year for date in dates if (year := year_in(date, latest=latest))), None),
        languages=tuple(found.get("languages", ())),
        types=tuple(found.get("types", ())),
        subjects=tuple(found.get("subjects", ())),
        coverage=tuple(found.get("coverage", ())),
        descriptions=tuple(found.get("descriptions", ())),
        identifiers=tuple(dict.fromkeys(_identifiers(found))),
        links=tuple(filter(is_link, found.get("links", ()))),
        call_numbers=tuple(found.get("call_numbers", ())),
        volume=_first(found, "volume"),
        edition=_first(found, "edition"),
        extent=_first(found, "extent"),
        journal=_first(found, "journal"),
        series=tuple(found.get("series", ())),
        unmapped=tuple(unmapped),
    )
    return with_checks(bare, latest=latest)


def number_heading(headings: Iterable[str]) -> str:
    """Return the heading under which the rows have their numbers; empty if none says so.

    >>> number_heading(["Nhan đề", "Mã"])
    'Mã'
    """
    return next((heading for heading in headings if fold(heading) in _NUMBERS), "")


def row_record(values: Mapping[str, object], number: str, source: str) -> RawRecord:
    """Return the record that is kept of a row: the JSON of its cells.

    >>> row_record({"Mã": "7", "Nhan đề": "Sóng"}, "Mã", "tlu").identifier
    '7'
    """
    cells = {heading: str(cell) for heading, cell in values.items()}
    content = json.dumps(cells, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return RawRecord(
        source=source, identifier=cells.get(number, ""), prefix="table", content=content
    )


def is_row(values: Iterable[str]) -> bool:
    """Say whether a title or an author stands under one of the headings.

    >>> is_row(["Mã", "Nhan đề"]), is_row(["name", "version"])
    (True, False)
    """
    return any(_field_of(heading) in {"titles", "creators"} for heading in values)


def fields(raw: RawRecord) -> Iterator[tuple[str, str]]:
    """Give heading and text of every cell.

    Raises:
        CrosswalkError: It is no row.

    >>> list(fields(RawRecord(source="tlu", identifier="1", content=b'{"Kho": "2"}')))
    [('table Kho', '2')]
    """
    for heading, cell in _cells(raw).items():
        yield f"table {heading}", cell


def _cells(raw: RawRecord) -> dict[str, str]:
    try:
        cells = json.loads(raw.content)
    except ValueError as error:
        cells = error
    if not isinstance(cells, dict):
        raise CrosswalkError(
            "{identifier}: the content is no row of a table", identifier=raw.identifier
        )
    return {heading: str(cell).strip() for heading, cell in cells.items() if str(cell).strip()}


@lru_cache(maxsize=1_000)
def _field_of(heading: str) -> str | None:
    field = _FIELD_OF.get(fold(heading))
    if field is None and not heading.isascii():
        return _FIELD_OF.get(fold(heading.translate(_TCVN3)))
    return field


def _values(cell: str, field: str) -> list[str]:
    parts = cell.split(";") if field in _SPLIT else [cell]
    return [part.strip() for part in parts if part.strip()]


def _first(found: dict[str, list[str]], field: str) -> str:
    return next(iter(found.get(field, ())), "")


def _identifiers(found: dict[str, list[str]]) -> Iterator[RecordIdentifier]:
    for scheme in ("isbn", "issn"):
        yield from (standard_identifier(scheme, text) for text in found.get(scheme, ()))
    for text in found.get("doi", ()):
        is_whole = is_link(text) or text.lower().startswith("doi:")
        yield from identifiers_in(text if is_whole else f"doi:{text}")
    for text in (*found.get("numbers", ()), *found.get("links", ())):
        yield from identifiers_in(text)
