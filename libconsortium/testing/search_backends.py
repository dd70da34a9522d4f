"""Holds a search backend to its promises: it finds what looking through all documents finds."""

from __future__ import annotations

from collections import Counter

import attrs

from libconsortium import (
    SEARCH_FACETS,
    AnyOf,
    BibRecord,
    FoundDocument,
    RecordIdentifier,
    SearchAnswer,
    SearchBackend,
    SearchCondition,
    SearchDocument,
    SearchIndex,
    SearchOrder,
    SearchPlan,
    TokenRun,
    UnionRecord,
    parse_query,
    plan_of,
    search_document,
    union_record,
)
from libconsortium.testing.promises import promise

_QUERIES = (
    "", "kieu", "kiều", "truyện kiều", "truyen -kieu", "-kieu", '"kim vân kiều"', '"kiều kim"',
    "hòa bình", "hoà bình", "title:giao author:nguyen", "vật lý", "kĩ thuật", "đê", "de bien",
    "year:1950..2001", "year:2020..", "giáo trình year:..2019", "isbn:9786041000001", "id:604-1-x",
    "place:hai-duong", "type:thesis", "member:a kieu", "日本", "zqx", "zqall", "OR NOT near(",
    '"một đêm đông"', "truyện", "c++",
)  # fmt: skip


def check_search_backend(backend: SearchBackend, address: str) -> None:
    """Check that a search backend finds, ranks, sorts, pages and counts as every other does.

    Args:
        backend: The backend.
        address: Where it may make an index, and forget it again.

    Raises:
        BrokenPromiseError: It does not do what ``SearchIndex`` says.
    """
    index = backend.open(address)
    try:
        index.clear()
        promise(
            not index.rules() and not index.fingerprints(),
            backend.name,
            "an index that was cleared is empty",
            address,
            index.fingerprints(),
        )
        held = example_documents()
        index.update(held, (), rules="kit")
        _answers(backend.name, index, held)
        gone, changed = held[0].id, attrs.evolve(held[1], fingerprint="2")
        index.update([changed], [gone, "unknown"], rules="kit 2")
        held = [changed, *held[2:]]
        marks = {one.id: one.fingerprint for one in held}
        got = (dict(index.fingerprints()), index.rules())
        law = "an update replaces and removes, and keeps the mark of the rules"
        promise(got == (marks, "kit 2"), backend.name, law, (changed.id, gone), got)
        _answers(backend.name, index, held)
        index.clear()
    finally:
        index.close()


def _answers(name: str, index: SearchIndex, held: list[SearchDocument]) -> None:
    for text in _QUERIES:
        for order in SearchOrder:
            plan = plan_of(parse_query(text), order=order)
            plan = attrs.evolve(plan, limit=len(held), counted=SEARCH_FACETS)
            expected, answer = looked_through(plan, held), index.answer(plan)
            law = "it finds, ranks, sorts and counts what looking through all documents does"
            promise(_plain(answer) == _plain(expected), name, law, (text, order.value), answer)
            _pages(name, index, attrs.evolve(plan, limit=2, counted=()), expected)


def _pages(name: str, index: SearchIndex, plan: SearchPlan, expected: SearchAnswer) -> None:
    found: list[FoundDocument] = []
    while True:
        page = index.answer(plan).found
        found += page[: plan.limit]
        if len(page) <= plan.limit or len(found) > len(expected.found):
            break
        plan = attrs.evolve(plan, after=(page[plan.limit - 1].rank, page[plan.limit - 1].key))
    law = "the pages one after the other are all there is"
    promise(tuple(found) == expected.found, name, law, plan, found)


def _plain(answer: SearchAnswer) -> tuple[object, ...]:
    facets = {name: dict(counts) for name, counts in answer.facets.items()}
    return answer.total, answer.found, facets


_ISBN = RecordIdentifier(scheme="isbn", value="9786041000001")
_BAD = RecordIdentifier(scheme="isbn", value="604-1-x", is_valid=False)
_DOI = RecordIdentifier(scheme="doi", value="10.1000/xyz.123")

EXAMPLE_RECORDS: tuple[BibRecord, ...] = tuple(
    BibRecord(source="abc"[number % 3], identifier=str(number), **fields)  # type: ignore[arg-type] # fields of many types
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

_PLACES = {"20": {"place": ("Hải Phòng",), "place-before": ("Hải Dương", "Hải Phòng")}}


def example_unions() -> list[UnionRecord]:
    """Return union records that have what searches stumble over; the first one joins two records.

    >>> len(example_unions())
    20
    """
    joined = union_record("u0", EXAMPLE_RECORDS[:2])
    return [joined, *(union_record(f"u{one.identifier}", [one]) for one in EXAMPLE_RECORDS[2:])]


def example_documents() -> list[SearchDocument]:
    """Return the documents of these union records.

    >>> example_documents()[0].id
    'u0'
    """
    return [
        search_document(one, fingerprint="1", places=_PLACES.get(one.cluster[1:]))
        for one in example_unions()
    ]


def looked_through(plan: SearchPlan, held: list[SearchDocument]) -> SearchAnswer:
    """Search by looking at every document: slow, and plain to see that it is right.

    >>> looked_through(plan_of(parse_query("chiến tranh")), example_documents()).total
    1
    """
    fitting = [one for one in held if _is_wanted(plan, one)]
    key = "by_year" if plan.order == SearchOrder.YEAR else "by_title"
    found = sorted((_rank(plan, one), getattr(one, key), one.body) for one in fitting)
    counts = {
        name: Counter(value for one in fitting for value in dict.fromkeys(one.facets.get(name, ())))
        for name in plan.counted
    }
    return SearchAnswer(
        total=len(fitting),
        found=tuple(
            FoundDocument(rank=rank, key=sorted_by, body=body) for rank, sorted_by, body in found
        ),
        facets=counts,
    )


def _is_wanted(plan: SearchPlan, one: SearchDocument) -> bool:
    if not _fits(plan.wanted, one) or any(_fits(part, one) for part in plan.unwanted):
        return False
    if plan.first_year is None and plan.last_year is None:
        return True
    if one.year is None:
        return False
    first = plan.first_year is None or plan.first_year <= one.year
    return first and (plan.last_year is None or one.year <= plan.last_year)


def _rank(plan: SearchPlan, one: SearchDocument) -> int:
    ranks = (place for place, part in enumerate(plan.ranks) if _fits(part, one))
    return next(ranks, len(plan.ranks))


def _fits(condition: SearchCondition, one: SearchDocument) -> bool:
    if isinstance(condition, TokenRun):
        tokens, run = one.streams.get(condition.stream, ()), condition.tokens
        return any(tokens[at : at + len(run)] == run for at in range(len(tokens)))
    how = any if isinstance(condition, AnyOf) else all
    return how(_fits(part, one) for part in condition.parts)
