"""An invented catalogue that has what searches stumble over, and a plain search through it."""

from __future__ import annotations

from libconsortium import (
    AllOf,
    AnyOf,
    BibRecord,
    RecordIdentifier,
    SearchCondition,
    SearchDocument,
    SearchPlan,
    TokenRun,
    UnionRecord,
    search_document,
    union_record,
)

_ISBN = RecordIdentifier(scheme="isbn", value="9786041000001")
_BAD = RecordIdentifier(scheme="isbn", value="604-1-x", is_valid=False)
_DOI = RecordIdentifier(scheme="doi", value="10.1000/xyz.123")

RECORDS: tuple[BibRecord, ...] = tuple(
    BibRecord(source="abc"[number % 3], identifier=str(number), **fields)  # type: ignore[arg-type]
    for number, fields in enumerate(
        [
            {"titles": ("Truyện Kiều",), "creators": ("Nguyễn Du",), "year": 1967},
            {"titles": ("Truyen Kieu",), "creators": ("Nguyen Du",), "year": 2001},
            {"titles": ("Truyện Kiều", "Kim Vân Kiều"), "year": 1950, "identifiers": (_ISBN,)},
            {"titles": ("Phạm Việt Hòa : tuyển tập",), "languages": ("vie",)},
            {"titles": ("Phạm Viết Hoa",), "languages": ("vie",), "types": ("Sách",)},
            {"titles": ("Hòa Bình",), "subjects": ("Thủy điện", "Đà giang")},
            {"titles": ("HOÀ BÌNH.",), "subjects": ("Thuỷ điện",)},
            {"titles": ("Hoa binh va chien tranh",), "types": ("luận văn",)},
            {"titles": ("Giáo trình vật lý đại cương",), "year": 2019, "types": ("Giáo trình",)},
            {"titles": ("Giáo trình vật lí đại cương. Tập 1",), "year": 2020},
            {"titles": ("Giáo trình kỹ thuật số",), "year": 2020, "publishers": ("NXB Giáo dục",)},
            {"titles": ("Kĩ thuật điện tử",), "publishers": ("Khoa học và Kỹ thuật",)},
            {"titles": ("C++ and C#: an introduction",), "languages": ("eng",), "year": 1999},
            {"titles": ("R&D 2019-2021",), "identifiers": (_DOI, _BAD)},
            {"titles": ("日本の歴史", "Lịch sử Nhật Bản"), "languages": ("jpn",)},
            {"titles": ("«Đêm» — l'été",), "descriptions": ("Một đêm hè; một đêm đông." * 90,)},
            {"titles": ('"Quoted" OR NOT near(a, b) *',), "descriptions": ("truyện " * 300,)},
            {"titles": ("zqx zqall zq",), "creators": ("Đỗ Đức", "An", "Ăn", "Ân")},
            {"titles": ("",), "creators": ("Khuyết danh",)},
            {"titles": ("Đê biển Nam Định",), "descriptions": ("Việt Nam",), "year": 2024},
            {"titles": ("Đê biển Hải Phòng",), "descriptions": ("tỉnh Hải Dương cũ",)},
        ]
    )
)

PLACES = {"20": {"place": ("Hải Phòng",), "place-before": ("Hải Dương", "Hải Phòng")}}


def unions() -> list[UnionRecord]:
    """Return the union records: the first two titles are one publication."""
    joined = union_record("u0", RECORDS[:2])
    return [joined, *(union_record(f"u{one.identifier}", [one]) for one in RECORDS[2:])]


def documents() -> list[SearchDocument]:
    """Return the documents of the catalogue."""
    return [
        search_document(one, fingerprint="1", places=PLACES.get(one.cluster[1:]))
        for one in unions()
    ]


def looked_through(plan: SearchPlan, held: list[SearchDocument]) -> list[tuple[int, str, str]]:
    """Search by looking at every document; give rank, key and id of all that fit, in order."""
    found = []
    for one in held:
        if not _fits(plan.wanted, one) or any(_fits(part, one) for part in plan.unwanted):
            continue
        if plan.first_year is not None and (one.year is None or one.year < plan.first_year):
            continue
        if plan.last_year is not None and (one.year is None or one.year > plan.last_year):
            continue
        ranks = (place for place, part in enumerate(plan.ranks) if _fits(part, one))
        key = one.by_year if plan.order.value == "year" else one.by_title
        found.append((next(ranks, len(plan.ranks)), key, one.id))
    return sorted(found)


def _fits(condition: SearchCondition, one: SearchDocument) -> bool:
    if isinstance(condition, TokenRun):
        tokens, run = one.streams.get(condition.stream, ()), condition.tokens
        return any(tokens[at : at + len(run)] == run for at in range(len(tokens)))
    if isinstance(condition, AnyOf):
        return any(_fits(part, one) for part in condition.parts)
    assert isinstance(condition, AllOf)
    return all(_fits(part, one) for part in condition.parts)
