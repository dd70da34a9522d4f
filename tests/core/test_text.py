from __future__ import annotations

import json
import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import fold, has_diacritics, on_one_line, spelling, vietnamese_sort_key
from libconsortium.core.text import vietnamese_sort_text


@pytest.mark.parametrize("written", ["Hòa Bình", "Hoà Bình", "HÒA BÌNH", "Hòa-Bình!", " hòa  bình"])
def test_one_spelling_however_it_is_typed(written: str) -> None:
    assert spelling(written) == spelling("Hòa Bình")


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_the_unicode_form_does_not_matter(form: Literal["NFC", "NFD", "NFKC", "NFKD"]) -> None:
    text = "Thuỷ lợi và kỹ thuật điện tử ở Đắk Lắk"

    assert spelling(unicodedata.normalize(form, text)) == spelling(text)


def test_words_that_only_diacritics_tell_apart_are_spelled_differently_and_fold_alike() -> None:
    one, two = "Phạm Việt Hòa", "Phạm Viết Hoa"

    assert spelling(one) != spelling(two)
    assert fold(one) == fold(two) == "pham viet hoa"


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Đại học", "dai hoc"),
        ("Ðại học", "dai hoc"),
        ("kĩ thuật", "ki thuat"),
        ("kỹ thuật", "ki thuat"),
        ("Œuvres d'Æsop", "oeuvres daesop"),
        ("Min-ch\u02bbien", "min chien"),
        ("№ 5", "no 5"),
        ("हिन्दी", "हिन्दी"),
        ("", ""),
    ],
)
def test_folding_takes_away_diacritics_capitals_and_spelling_variants(
    written: str, folded: str
) -> None:
    assert fold(written) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_spelling_leaves_no_blank_at_the_ends_and_none_double(text: str) -> None:
    assert spelling(text) == " ".join(spelling(text).split())


def test_dotted_d_is_a_diacritic() -> None:
    assert has_diacritics("đi")
    assert not has_diacritics("di")


def test_sorting_follows_the_vietnamese_dictionary() -> None:
    ordered = [
        "7 ngày",
        "an",
        "An",
        "àn",
        "ản",
        "ãn",
        "án",
        "ạn",
        "ăn",
        "ân",
        "ba",
        "da",
        "đa",
        "z",
        "ж",
    ]

    turned = ordered[::-1]

    assert sorted(turned, key=vietnamese_sort_key) == ordered


def test_blanks_sort_before_signs_and_signs_before_digits() -> None:
    assert sorted(["a1", "a-", "a b", "a"], key=vietnamese_sort_key) == ["a", "a b", "a-", "a1"]


_SORTED = st.text(st.characters(exclude_categories=["C", "M"])) | st.text("aAăâÁạđĐ d1 -日")


@given(one=_SORTED, other=_SORTED)
def test_sort_texts_sort_as_sort_keys_do(one: str, other: str) -> None:
    before = vietnamese_sort_key(one) < vietnamese_sort_key(other)

    assert (vietnamese_sort_text(one) < vietnamese_sort_text(other)) == before


@given(st.text())
def test_json_is_one_line_for_who_splits_lines_and_the_same_value(text: str) -> None:
    written = on_one_line(json.dumps(text + "\x85\u2028\u2029", ensure_ascii=False))

    assert written.splitlines() == [written]
    assert json.loads(written) == text + "\x85\u2028\u2029"
