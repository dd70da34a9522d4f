from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import spelling
from libconsortium.plugins.matching.journals import other_kind, same_journal
from libconsortium.plugins.matching.likeness import (
    _likeness,
    likeness,
    marks_apart,
    plain_likeness,
    same_creators,
    same_name,
)
from libconsortium.plugins.matching.title_words import words_of_both

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
def test_a_name_may_lack_diacritics_or_be_shortened_but_be_no_other(
    left: str,
    right: str,
    same: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert same_name(spelling(left), spelling(right)) is same
    assert same_name(spelling(right), spelling(left)) is same


def test_the_order_of_creators_does_not_count() -> None:
    one, two = spelling("Trần Văn Bình"), spelling("Lê Thị Hoa")

    assert same_creators((one, two), (two, one)) == 1
    assert same_creators((one, two), (two, spelling("Vũ Minh"))) == 0.5


@pytest.mark.parametrize(
    ("left", "right", "count"),
    [
        ("census of housing new york", "census of housing new hampshire", 1),
        ("the oneida", "the tuscarora", 1),
        ("conversion of winkelmann", "conversion of winckelmann", 0),  # a slip
        ("multi dimensional data", "multidimensional data", 0),  # joined
        ("hoc may", "hoc may co ban va nang cao", 0),  # something added
        ("bai tap dai so", "bai tap giai tich", 2),
        ("a", "the", 0),
    ],
)
def test_words_that_each_of_two_titles_has_of_its_own(left: str, right: str, count: int) -> None:
    assert words_of_both(left, right) == words_of_both(right, left) == count


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("sigmod conference", "proc acm sigmod 1995", True),
        ("acm trans database syst", "acm transactions on database systems", True),
        ("vldb", "proceedings of the 20th conference on very large data bases", True),
        ("journal of digital studies", "workshop of digital studies", False),
        ("tap chi toan hoc", "tap chi vat li", False),
        ("2004", "in", False),
        ("vldb", "vldb journal", True),
    ],
)
def test_journals_cut_short_and_in_full(left: str, right: str, same: bool) -> None:  # noqa: FBT001 - a column of the table
    assert same_journal(left, right) == same_journal(right, left) == same


def test_a_title_that_names_both_kinds_is_of_neither() -> None:
    assert not other_kind("journal of the conference", "proceedings of the workshop")


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("abercrombie j", "abercombie john", True),
        ("abercrombie j", "abercombie karl", False),
        ("khuong le", "phuong le", False),  # two names
        ("nguyen van an", "nguyen van ba", False),
    ],
)
def test_a_slip_in_a_long_surname(left: str, right: str, same: bool) -> None:  # noqa: FBT001 - a column of the table
    assert same_name(left, right) == same_name(right, left) == same
