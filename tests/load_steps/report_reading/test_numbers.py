"""Amounts as people write them, read back."""

from __future__ import annotations

import unicodedata
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import Registry, levelled, read_report
from libconsortium.contributions import Language
from libconsortium.load_steps.report_reading.marks import masked
from libconsortium.load_steps.report_reading.numbers import number_of, numbers_in

LANGUAGES = {name: one for name, one in Registry().all(Language).items() if name in {"vi", "en"}}


def read(text: str, language: str = "vi") -> list[tuple[str, str]]:
    words = LANGUAGES[language].vocabulary()
    bare, _ = masked(levelled(text), words)
    return [(str(one.quantity), one.unit) for one in numbers_in(bare, words)]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("101 triệu 250 ngàn đồng", [("101250000", "VND")]),
        ("101 triệu 250.000 đồng", [("101250000", "VND")]),
        ("10.000.000 đồng", [("10000000", "VND")]),
        ("10,000,000đ", [("10000000", "VND")]),
        ("10 000 000 VNĐ", [("10000000", "VND")]),
        ("111 triệu đồng chẵn", [("111000000", "VND")]),
        ("hơn 1,2 tỷ đồng", [("> 1200000000", "VND")]),
        ("2 tỉ 5 trăm triệu đồng", [("2500000000", "VND")]),
        ("3 nghìn tỷ đồng", [("3000000000000", "VND")]),
        ("2 triệu rưỡi đồng", [("2500000", "VND")]),
        ("50 trđ", [("50000000", "VND")]),
        ("1,234 tỷ đồng", [("1234000000", "VND")]),
        ("1.500 triệu đồng", [("1500000000", "VND")]),
        ("0,2 USD", [("0.2", "USD")]),
        ("$5", [("5", "USD")]),
        ("hơn 98 %", [("> 98", "%")]),
        ("98,41%", [("98.41", "%")]),
        ("98.41 phần trăm", [("98.41", "%")]),
        ("gần 6000 hội viên", [("<~ 6000", "members")]),
        ("100-150 hội viên", [("100-150", "members")]),
        ("từ 2 đến 3 Chi hội thư viện", [("2-3", "chapters")]),
        ("2-3 triệu đồng", [("2000000-3000000", "VND")]),
        ("5-3", [("5", ""), ("3", "")]),
        ("60+ đại biểu", [(">= 60", "delegates")]),
        ("60 đại biểu trở lên", [(">= 60", "delegates")]),
        ("20.768 thư viện", [("20768", "libraries")]),
        ("20,768 thư viện", [("20768", "libraries")]),
        ("12 thư viện và 5 máy", [("12", "libraries"), ("5", "")]),
        ("1.234.5", []),
        ("10.00.000", []),
        ("1.234,5", [("1234.5", "")]),
        ("1.234,56.78", []),
        ("16-17/6", []),
        ("ngày 01/9/2026", []),
        ("ngày 18 tháng 02 năm 2020", []),
        ("Quyết định số 206/QĐ-TTg", []),
        ("Luật số 46/2019/QH14", []),
        ("từ tháng 9/2017 đến tháng 10/2020", []),
        ("2 năm (2019+2020)", []),
        ("lần thứ 18", []),
        ("TCVN 11645:2016", []),
        ("mã R5 và C30", []),
    ],
)
def test_figures_are_read_in_vietnamese_sentences(
    text: str, figures: list[tuple[str, str]]
) -> None:
    assert read(text) == figures
    assert read(unicodedata.normalize("NFD", text)) == figures


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("VND 101,250,000", [("101250000", "VND")]),
        ("VND 101.25 million", [("101250000", "VND")]),
        ("$2.5m", [("2500000", "USD")]),
        ("1,234.50 USD", [("1234.5", "USD")]),
        ("€40,000", [("40000", "EUR")]),
        ("over 98 per cent", [("> 98", "%")]),
        ("12 provincial libraries", [("12", "libraries")]),
        ("from 100 to 150 delegates", [("100-150", "delegates")]),
        ("about two or more", []),
        ("at least 5 of them", [(">= 5", "")]),
        ("on 16-17 June 2020", []),
        ("June 16, 2020", []),
        ("2020-06-16", []),
        ("the 18th conference at 9:30 am", []),
    ],
)
def test_figures_are_read_in_english_sentences(text: str, figures: list[tuple[str, str]]) -> None:
    assert read(text, "en") == figures


def test_a_ratio_is_no_date_and_no_division() -> None:
    reading = read_report("62/63 đơn vị, 9/12 thư viện, 5/7, 41/41 phiếu", LANGUAGES.values())

    assert [(one.part, one.whole) for one in reading.ratios] == [(62, 63), (9, 12), (41, 41)]


def grouped(number: int, mark: str) -> str:
    return f"{number:,}".replace(",", mark)


def in_scales(number: int) -> str:
    """Write a number as reports do: «101 triệu 250 ngàn»."""
    parts = []
    for scale, word in ((10**9, "tỷ"), (10**6, "triệu"), (10**3, "ngàn")):
        count, number = divmod(number, scale)
        if count:
            parts.append(f"{count} {word}")
    if number:
        parts.append(str(number))
    return " ".join(parts)


CURRENCY = st.sampled_from([" đồng", "đ", " đ", " VND", " VNĐ", "₫", " Đồng"])


@given(
    number=st.integers(1, 10**14),
    mark=st.sampled_from(".,\u00a0\u202f"),
    currency=CURRENCY,
    is_nfd=st.booleans(),
)
def test_grouped_digits_are_read_back(
    number: int, mark: str, currency: str, *, is_nfd: bool
) -> None:
    text = f"được {grouped(number, mark)}{currency}; "
    text = unicodedata.normalize("NFD", text) if is_nfd else text

    assert read(text) == [(str(number), "VND")]


@given(st.integers(1, 10**12 - 1), CURRENCY.filter(lambda currency: currency[0] == " "))
def test_scales_in_words_are_read_back(number: int, currency: str) -> None:
    assert read(f"là {in_scales(number)}{currency}.") == [(str(number), "VND")]


@given(st.integers(0, 10**9), st.integers(1, 99))
def test_decimals_of_millions_are_read_back(whole: int, hundredths: int) -> None:
    text = f"{whole},{hundredths:02} triệu đồng"

    assert Fraction(read(text)[0][0]) == (whole + Fraction(hundredths, 100)) * 10**6


@given(st.integers(1, 10**12))
def test_english_amounts_are_read_back(number: int) -> None:
    assert read(f"came to VND {number:,}.", "en") == [(str(number), "VND")]


@given(st.text("0123456789.,  ", max_size=20))
def test_any_digits_and_marks_are_read_or_left_out(text: str) -> None:
    for language in LANGUAGES:
        read(f"{text} đồng", language)


@pytest.mark.parametrize(
    ("written", "decimal", "is_divisible", "number"),
    [
        ("40.000", ",", False, 40_000),
        ("40.000", ",", True, 40_000),
        ("40,000", ",", False, 40_000),
        ("40,000", ",", True, 40),
        ("0,500", ",", False, Fraction(1, 2)),
        ("1.234,567", ",", True, Fraction(1_234_567, 1000)),
    ],
)
def test_one_mark_before_three_digits(
    written: str,
    decimal: str,
    *,
    is_divisible: bool,
    number: Fraction,
) -> None:
    read_number = number_of(written, decimal, is_divisible=is_divisible)

    assert read_number is not None
    assert read_number[0] == number
