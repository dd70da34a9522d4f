from __future__ import annotations

import pytest

from libconsortium import fold, spelling
from libconsortium.core.catalogue.numbering import (
    edition_of,
    number_of,
    printing_of,
    volume_in,
    volume_of,
)


@pytest.mark.parametrize(
    ("title", "rest", "volume"),
    [
        ("Giải tích. Tập 2", "giai tich", "2"),
        ("Giải tích. Tập II", "giai tich", "2"),
        ("Giải tích. Tập hai", "giai tich", "2"),
        ("Giai tich, tap 2", "giai tich", "2"),
        ("Giải tích T.02", "giai tich", "2"),
        ("Giải tích. T2", "giai tich", "2"),
        ("Giải tích. Quyển 3, phần 1", "giai tich", "3.1"),
        ("Collected works. Vol. XIV", "collected works", "14"),
        ("Giải tích", "giai tich", ""),
        ("Tập 2", "tap 2", "2"),
        ("Tạp chí toán học", "tap chi toan hoc", ""),
        ("Phương pháp phần tử hữu hạn", "phuong phap phan tu huu han", ""),
        ("Phuong phap phan tu huu han", "phuong phap phan tu huu han", ""),
        ("Phân vị và thống kê", "phan vi va thong ke", ""),
    ],
)
def test_volume_in_a_title(title: str, rest: str, volume: str) -> None:
    left, found = volume_in(spelling(title))

    assert (fold(left), found) == (rest, volume)


@pytest.mark.parametrize(
    ("statement", "volume"),
    [
        ("T. 1", "1"),
        ("v.2", "2"),
        ("no. 5", "5"),
        ("12", "12"),
        ("III", "3"),
        ("", ""),
        ("Atlas", ""),
    ],
)
def test_volume_in_a_field_of_its_own(statement: str, volume: str) -> None:
    assert volume_of(statement) == volume


@pytest.mark.parametrize(
    ("statement", "edition"),
    [
        ("Tái bản lần thứ 3, có sửa chữa", "3"),
        ("Tái bản lần thứ ba", ""),
        ("Xuất bản lần thứ ba", "3"),
        ("Xuất bản năm nay", ""),
        ("Second edition", "2"),
        ("2nd ed.", "2"),
        ("Bản mới", ""),
        ("lần thứ mấy", ""),
        ("", ""),
    ],
)
def test_an_edition_statement_tells_its_number_or_nothing(statement: str, edition: str) -> None:
    assert edition_of(statement) == edition


@pytest.mark.parametrize(
    ("word", "number"),
    [("ix", 9), ("xxxix", 39), ("iix", None), ("", None), ("muoi", 10), ("7", 7)],
)
def test_numbers_are_read_in_digits_roman_numerals_and_words(word: str, number: int | None) -> None:
    assert number_of(word) == number


@pytest.mark.parametrize(
    ("statement", "printing"),
    [
        ("Tái bản lần thứ ba", "3"),
        ("In lần thứ 2", "2"),
        ("Tai ban lan thu 2", "2"),
        ("Tái bản", "0"),
        ("3rd impression", "3"),
        ("Tái bản lần thứ 3, có sửa chữa", ""),
        ("Tái bản lần 2, có chỉnh lý và bổ sung", ""),
        ("2nd rev. ed., reprinted", ""),
        ("Xuất bản lần thứ 2", ""),
        ("", ""),
    ],
)
def test_a_reprint_is_told_by_its_words(statement: str, printing: str) -> None:
    assert printing_of(statement) == printing


@pytest.mark.parametrize(
    ("title", "rest", "volume"),
    [
        ("giai tich t ii", "giai tich", "2"),
        ("giai tich tiii", "giai tich", "3"),
        ("truyen hinh tv", "truyen hinh tv", ""),
        ("v i lenin toan tap", "v i lenin toan tap", ""),
    ],
)
def test_a_roman_volume_stands_at_the_end(title: str, rest: str, volume: str) -> None:
    assert volume_in(title) == (rest, volume)


@pytest.mark.parametrize(
    ("statement", "volume"),
    [
        ("Phần thứ hai", "2"),
        ("Quyển thứ III", "3"),
        ("Quyển thượng", "1"),
        ("Quyển trung", "trung"),
        ("Cuốn hạ", "ha"),
        ("[2]", "2"),
        ("v. 2-1", "2"),
    ],
)
def test_parts_are_numbered_in_many_ways(statement: str, volume: str) -> None:
    assert volume_of(statement) == volume


@pytest.mark.parametrize(
    ("title", "rest", "volume"),
    [
        ("giai tich phan thu nhat", "giai tich", "1"),
        ("truyen co quyen ha", "truyen co", "ha"),
        ("tap trung dan chu", "tap trung dan chu", ""),
        ("phan thu nhap ca nhan", "phan thu nhap ca nhan", ""),
    ],
)
def test_words_that_are_no_part_stay_in_the_title(title: str, rest: str, volume: str) -> None:
    assert volume_in(spelling(title)) == (spelling(rest), volume)


@pytest.mark.parametrize(
    ("statement", "edition"),
    [("Ấn bản thứ mười một", "11"), ("Lần thứ mười lăm", "15"), ("Lần thứ mười", "10")],
)
def test_editions_above_ten_are_said_in_words_too(statement: str, edition: str) -> None:
    assert edition_of(statement) == edition


@pytest.mark.parametrize(
    ("title", "volume"),
    [
        ("Hồng lâu mộng. Tập thượng", "1"),
        ("Hong lau mong - tap ha", "ha"),
        ("Phương pháp học tập trung", ""),
        ("Tuyển tập Hạ", ""),
        ("Tuyen tap Ha", ""),
    ],
)
def test_volumes_named_by_their_place_stand_at_the_end(title: str, volume: str) -> None:
    assert volume_in(spelling(title))[1] == volume
