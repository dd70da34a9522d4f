from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import pytest

from libconsortium import (
    MOST_HITS,
    CatalogueError,
    FoundDocument,
    SearchAnswer,
    SearchPage,
    SearchRequest,
    highlights,
    parse_query,
    plan_of,
)
from libconsortium.core.search.pages import after_key, page_key, page_of


def _page(text: str, row: dict[str, Any], rank: int = 0, **answer: Any) -> SearchPage:
    query = parse_query(text)
    found = FoundDocument(rank=rank, key="k", body=json.dumps({"id": "c", **row}))
    return page_of(
        query,
        plan_of(query),
        SearchAnswer(total=1, found=(found,), **answer),
    )


def test_the_words_asked_for_are_marked_in_every_field() -> None:
    row = {"titles": ["Truyện Kiều (thơ)", "x"], "journal": "Tạp chí Kiều", "year": 1967}

    (hit,) = _page("kieu thơ -journal", row).hits

    assert hit.highlights == {"titles": (((7, 11), (13, 16)), ()), "journal": (((8, 12),),)}


def test_a_number_that_is_looked_for_marks_nothing() -> None:
    assert _page("isbn:1967", {"titles": ["1967"]}).hits[0].highlights == {}


def test_signs_around_a_word_are_not_marked() -> None:
    assert highlights(["«Kiều»,"], ["kieu"]) == (((1, 5),),)


@pytest.mark.parametrize(
    ("text", "ranks"),
    [("", [True]), ("kieu", [True, True, True]), ("kiều", [True, True, True, False, False, False])],
)
def test_a_hit_says_whether_it_is_as_typed(text: str, ranks: list[bool]) -> None:
    said = [_page(text, {}, rank).hits[0].is_as_typed for rank in range(len(ranks))]

    assert said == ranks


def test_counts_come_the_most_frequent_first_then_in_vietnamese_order() -> None:
    page = _page("", {}, facets={"place": {"Đà Nẵng": 1, "Dak": 1, "An Giang": 5}})

    assert page.facets["place"] == (("An Giang", 5), ("Dak", 1), ("Đà Nẵng", 1))


def test_a_key_that_somebody_made_up_is_refused() -> None:
    plan = plan_of(parse_query("kieu"))
    key = page_key(plan, 1, "k")
    mark = json.loads(zlib.decompress(base64.urlsafe_b64decode(key + "==")))[0]

    def made(value: object) -> str:
        packed = zlib.compress(json.dumps(value).encode())
        return base64.urlsafe_b64encode(packed).decode()

    for wrong in ("", "!", "AAAA", made([mark, "1", "k"]), made([mark, 1, 2]), made([1]), made(1)):
        with pytest.raises(CatalogueError, match="no key of a page"):
            after_key(plan, wrong)
    assert after_key(plan, made([mark, 1, "k"])) == (1, "k")


@pytest.mark.parametrize(
    "wrong", [{"limit": 0}, {"limit": MOST_HITS + 1}, {"counted": ("x",)}, {"narrowed": {"x": []}}]
)
def test_what_no_page_can_be_made_of_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(CatalogueError):
        SearchRequest(**wrong)
