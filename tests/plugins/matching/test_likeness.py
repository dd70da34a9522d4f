from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import spelling
from libconsortium.plugins.matching.likeness import (
    _likeness,
    likeness,
    marks_apart,
    plain_likeness,
    same_creators,
    same_name,
)

_texts = st.text(alphabet="abcd ế", max_size=30)


@given(_texts, _texts)
def test_the_figure_is_the_same_with_and_without_rapidfuzz(left: str, right: str) -> None:
    from rapidfuzz.distance import Indel

    assert plain_likeness(left, right) == pytest.approx(Indel.normalized_similarity(left, right))


def test_without_rapidfuzz_the_own_function_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidfuzz.distance", None)
    _likeness.cache_clear()

    try:
        assert _likeness() is plain_likeness
        assert likeness("giai tich", "giai tich 1") == plain_likeness("giai tich", "giai tich 1")
    finally:
        _likeness.cache_clear()


@pytest.mark.parametrize(
    ("left", "right", "apart"),
    [
        ("Việt Hòa", "Viết Hoa", (1, 1)),
        ("Hòa", "Hoà", (0, 0)),
        ("kỹ thuật số", "kĩ thuật số", (0, 0)),
        ("Việt Hòa", "Viet Hoa", (0, 0)),
        ("Études bihárí", "Etudes bihári", (0, 0)),
    ],
)
def test_words_that_diacritics_tell_apart(left: str, right: str, apart: tuple[int, int]) -> None:
    assert marks_apart(spelling(left), spelling(right)) == apart
    assert marks_apart(spelling(right), spelling(left)) == apart


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("Nguyễn Văn An", "Nguyễn Văn An", True),
        ("Nguyễn Văn An", "Nguyen Van An", True),
        ("Nguyễn Văn An", "Nguyễn Văn Anh", False),
        ("Nguyễn Văn An", "Nguyễn Văn Ấn", False),
        ("Nguyễn Văn An", "Nguyễn Thị An", False),
        ("Nguyễn Văn Trần", "Nguyễn Văn Lê", False),
        ("Smith John", "Smith J.", True),
        ("Smith John", "Smith Jane", False),
        ("Hannay Kathleen", "Hannay Katleen", True),
        ("J. K.", "J. R.", False),
    ],
)
def test_names(left: str, right: str, same: bool) -> None:  # noqa: FBT001 - a column of the table
    assert same_name(spelling(left), spelling(right)) is same
    assert same_name(spelling(right), spelling(left)) is same


def test_the_order_of_creators_does_not_count() -> None:
    one, two = spelling("Trần Văn Bình"), spelling("Lê Thị Hoa")

    assert same_creators((one, two), (two, one)) == 1
    assert same_creators((one, two), (two, spelling("Vũ Minh"))) == 0.5
