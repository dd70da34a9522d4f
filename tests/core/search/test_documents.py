from __future__ import annotations

import json
from typing import Any

from libconsortium import (
    BibRecord,
    RecordIdentifier,
    SearchDocument,
    SearchStream,
    search_document,
    union_record,
)

_BOOK = BibRecord(
    source="a",
    identifier="1",
    titles=("Truyện Kiều", "Kim Vân Kiều"),
    creators=("Nguyễn Du",),
    types=("Sách", "Book"),
    languages=("vie", "eng"),
    year=1967,
    identifiers=(
        RecordIdentifier(scheme="isbn", value="9786041000001"),
        RecordIdentifier(scheme="isbn", value="604-x", is_valid=False),
    ),
)


def _document(*records: BibRecord, **more: Any) -> SearchDocument:
    return search_document(union_record("c", records or [_BOOK]), **more)


def test_facets_are_plain_values() -> None:
    found = _document().facets

    assert found["member"] == ("a",)
    assert found["type"] == ("book",)
    assert found["language"] == ("vi", "en")
    assert found["year"] == ("1967",)


def test_a_kind_that_nobody_knows_is_another_and_what_is_missing_is_no_facet() -> None:
    found = _document(BibRecord(source="a", identifier="1", titles=("x",))).facets

    assert found == {"member": ("a",), "type": ("other",)}


def test_places_are_facets_too() -> None:
    found = _document(places={"place": ["Hải Phòng"]})

    assert found.facets["place"] == ("Hải Phòng",)
    assert json.loads(found.body)["facets"]["place"] == ["Hải Phòng"]


def test_the_newest_sort_first_and_those_without_a_year_last() -> None:
    years = (2021, 1967, None)
    keys = [
        _document(BibRecord(source="a", identifier="1", titles=("x",), year=year)).by_year
        for year in years
    ]

    assert keys == sorted(keys)


def test_a_phrase_cannot_run_from_one_title_into_the_next() -> None:
    assert _document().streams[SearchStream.TITLE] == (
        *("truien", "kieu", "zqx", "kim", "van", "kieu"),
    )


def test_identifiers_are_found_with_their_scheme_or_without_and_wrong_ones_too() -> None:
    assert len(_document().streams[SearchStream.IDENTIFIER]) == 4


def test_the_body_says_where_each_field_comes_from() -> None:
    row = json.loads(_document().body)

    assert row["from"]["titles"] == {
        "record": "a\t1",
        "member": "a",
        "why": "the only value given",
    }
    assert row["from"]["identifiers"]["others"] == [
        {"value": {"scheme": "isbn", "value": "604-x"}, "records": ["a\t1"]}
    ]
    assert row["identifiers"] == [{"scheme": "isbn", "value": "9786041000001"}]
    assert row["year"] == 1967
