"""Invented records of three libraries, as a harvest leaves them in a store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from libconsortium import HarvestPage, HarvestRequest, RawRecord, RunStatus, Store

_NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
_DC = "http://purl.org/dc/elements/1.1/"
_OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"

Book = tuple[str, str, str, str]
"""Title, author, year, kind."""

HELD: dict[str, list[Book]] = {
    "an": [
        ("Truyện Kiều", "Nguyễn Du", "1967", "Sách"),
        ("Giáo trình thủy lợi", "Trần Văn Mẫu", "2019", "Giáo trình"),
        ("Lịch sử tỉnh Hải Dương", "Lê Thị Ví Dụ", "2010", "Sách"),
    ],
    "binh": [
        ("TRUYỆN KIỀU", "Nguyễn Du", "1967", "Sách"),
        ("Đê biển Nam Định", "Đỗ Văn Ví Dụ", "2024", "Luận văn"),
    ],
    "cuong": [("Truyện Kiều : chú giải", "Nguyễn Du", "1970", "Sách")],
}


def keep(store: Store, source: str, books: Sequence[Book]) -> None:
    run = store.start_run(
        HarvestRequest(source=source, url=f"https://{source}.example"), started=_NOON
    )
    records = tuple(_raw(source, number, book) for number, book in enumerate(books))
    page = HarvestPage(
        number=1, url="https://x.example", body=b"x", received=_NOON, records=records
    )
    store.add_page(run.number, page)
    store.finish_run(run.number, status=RunStatus.COMPLETE, finished=_NOON)


def _raw(source: str, number: int, book: Book) -> RawRecord:
    title, creator, year, kind = book
    isbn = "<dc:identifier>ISBN 9786041000001</dc:identifier>" if year == "1967" else ""
    content = (
        f'<oai_dc:dc xmlns:oai_dc="{_OAI_DC}" xmlns:dc="{_DC}"><dc:title>{title}</dc:title>'
        f"<dc:creator>{creator}</dc:creator><dc:date>{year}</dc:date><dc:type>{kind}</dc:type>"
        f"<dc:identifier>https://{source}.example/{number}.pdf</dc:identifier>{isbn}</oai_dc:dc>"
    )
    return RawRecord(
        source=source,
        identifier=f"oai:{source}:{number}",
        namespace=_OAI_DC,
        content=content.encode(),
    )
