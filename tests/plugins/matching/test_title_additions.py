"""Words that one title has more than another, letters that a machine misread, titles cut off."""

from __future__ import annotations

from typing import Any

import pytest

from libconsortium import (
    LIKELY_SCORE,
    MERGE_SCORE,
    BibRecord,
    Evidence,
    MatchRule,
    Registry,
    match_fields,
)
from libconsortium.plugins.matching.companions import languages_in, may_be_opposite
from libconsortium.plugins.matching.title_additions import uncut, words_added
from libconsortium.plugins.matching.title_numbers import in_digits, numbers_in

_REGISTRY = Registry()
_RULE = _REGISTRY.find(MatchRule, "bibliographic")
_WORKS = _REGISTRY.find(MatchRule, "works")
_BOOK = {
    "creators": ("Ngô Đức Lâm",),
    "year": 2015,
    "publishers": ("Nxb. Lao động",),
    "extent": "256 tr.",
}


def _book(title: str, **other: Any) -> BibRecord:
    said = {**_BOOK, **other, "titles": (title,)}
    return BibRecord(source="a", identifier=title, **said)


def _compared(left: str, right: str, rule: MatchRule = _RULE, **other: Any) -> Evidence:
    one, two = (match_fields(_book(title, **other)) for title in (left, right))
    assert rule.compare(one, two).score == rule.compare(two, one).score
    return rule.compare(one, two)


def _joined(found: Evidence, threshold: float = LIKELY_SCORE) -> bool:
    return not found.veto and found.score >= threshold


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Kỹ thuật điện", "Kỹ thuật điện tử"),
        ("Cơ sở dữ liệu", "Cơ sở dữ liệu phân tán"),
        ("Vi sinh vật học", "Sinh vật học"),
        ("Kinh tế học", "Kinh tế học vi mô"),
        ("Bộ luật Hình sự", "Bộ luật Tố tụng hình sự"),
        ("Địa chất biển", "Sổ tay địa chất biển"),
        ("Địa chất biển", "Thực hành địa chất biển"),
        ("Địa chất biển", "Câu hỏi ôn tập địa chất biển"),
        ("Địa chất biển", "Đề cương địa chất biển"),
        ("Luật Nhà ở", "Tìm hiểu Luật Nhà ở"),
        ("Luật Nhà ở", "Hỏi đáp về Luật Nhà ở"),
        ("Đổi mới giáo dục", "Đổi mới giáo dục (tiếp theo)"),
        ("Đổi mới giáo dục (tiếp theo)", "Đổi mới giáo dục (tiếp theo và hết)"),
        ("Rừng bền vững", "Rừng bền vững : tóm tắt luận án tiến sĩ"),
        ("Green Path : intermediate", "Green Path : pre-intermediate"),
        ("Lập trình C", "Lập trình C++"),
        ("Kỹ thuật trồng cam", "Kỹ thuật trồng cà"),
        ("Lập trình Basic 6", "Lập trình Basic .NET"),
    ],
)
def test_a_word_more_may_make_another_book(left: str, right: str) -> None:
    assert not _joined(_compared(left, right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Bến sông quê", "Bến sông quê : tiểu thuyết"),
        ("Bến sông quê : tiểu thuyết", "Bến sông quê tiểu thuyết"),
        ("Giáo trình địa chất biển", "Địa chất biển"),
        ("Địa chất biển", "Địa chất biển dùng cho sinh viên các trường đại học"),
        ("Niên giám thống kê 2011", "Niên giám thống kê năm 2011"),
        ("Bảo quản nông sản sau thu hoạch", "Bảo quản nông sản sa"),
        ("Giáo trình thủy lực công trình", "Giáo trình thủy lực công trìnli"),
        ("Lịch sử tư tưởng pháp luật", "Lịch sử tư tưởng pháp 1uật"),
        ("Mùa lá rụng trong vườn xưa", "Mùa lá rụng trorig vườn xưa"),
        ("1001 câu hỏi thường gặp", "Một nghìn lẻ một câu hỏi thường gặp"),
        ("Từ điển Anh - Việt", "Từ điển Anh Việt = English - Vietnamese dictionary"),
    ],
)
def test_a_kind_a_subtitle_a_cut_or_a_misread_letter_makes_none(left: str, right: str) -> None:
    assert _joined(_compared(left, right))


def test_subtitles_of_one_pattern_are_left_to_people() -> None:
    found = _compared("Bê tông : phần cấu kiện cơ bản", "Bê tông : phần kết cấu nhà cửa")

    assert not _joined(found, MERGE_SCORE)


def test_a_title_without_diacritics_that_may_say_the_opposite_is_left_to_people() -> None:
    assert not _joined(_compared("Kinh te vi mo", "Kinh tế vĩ mô"), MERGE_SCORE)
    assert not may_be_opposite("kinh te vi mo", "kinh te vi mo")


def test_theses_of_one_title_are_of_several_people() -> None:
    one, two = (
        match_fields(_book("Quản lý đất đai", creators=(name,), types=("Luận văn thạc sĩ",)))
        for name in ("Trần Anh Dũng", "Trần Anh Tuấn")
    )

    assert not _joined(_RULE.compare(one, two))


def test_a_volume_that_one_record_has_is_not_merged_unseen() -> None:
    one = match_fields(_book("Địa chất biển. T.2"))
    two = match_fields(_book("Địa chất biển", extent=""))

    assert not _joined(_RULE.compare(one, two), MERGE_SCORE)


def test_works_meet_whether_they_are_called_textbooks_or_not() -> None:
    one, two = (
        match_fields(_book(title))
        for title in ("Giáo trình địa chất biển", "Địa chất biển : giáo trình")
    )

    assert set(_WORKS.keys(one)) & set(_WORKS.keys(two))


@pytest.mark.parametrize(
    ("left", "right", "added"),
    [
        ("dai so", "dai so", 0.0),
        ("so", "so dai", 0.0),
        ("dai so", "dai so ti", 0.0),
        ("dai so", "dai va so", 0.0),
        ("nam moi", "nam moi mot hai ba", 0.0),
        ("economics of water", "economics of sea water", 0.0),
        ("dai so hoc cua cac nhom con", "dai so hoc cua cac nhom", 4 / 6),
    ],
)
def test_how_surely_words_are_added(left: str, right: str, added: float) -> None:
    assert words_added(left, right) == words_added(right, left) == pytest.approx(added)


def test_either_title_may_be_the_cut_one() -> None:
    one, two = (
        match_fields(_book(title))
        for title in ("Bảo quản nông sản sa", "Bảo quản nông sản sau thu hoạch")
    )

    assert uncut(one, two)[0] == uncut(two, one)[1]
    assert uncut(one, two)[0].title_written.split() == one.title_written.split()[:-1]


def test_vietnamese_words_are_no_roman_numerals() -> None:
    assert in_digits("kinh te vi mo xi mang dai hoi vi") == "kinh te vi mo xi mang dai hoi 6"


def test_a_misread_letter_is_no_number() -> None:
    assert numbers_in("1uat th0ng tin a1 12") == {"a1", "12"}


def test_languages_of_a_dictionary_named_twice_are_named_once() -> None:
    assert languages_in("tu dien anh viet english vietnamese dictionari") == ("anh", "viet")
