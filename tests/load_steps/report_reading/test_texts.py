"""Right texts give no finding that matters, wrong ones the finding they should."""

from __future__ import annotations

import tomllib
import unicodedata
from pathlib import Path
from typing import Any, Literal

import pytest

from libconsortium import Finding, Language, Registry, Severity, read_report, reconcile

_TEXTS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("texts.toml").read_text("utf-8"))
RIGHT = {one["name"]: one["text"] for one in _TEXTS["right"]}
WRONG = {one["name"]: one for one in _TEXTS["wrong"]}
LANGUAGES = tuple(Registry().all(Language).values())
FORMS = pytest.mark.parametrize("form", ["NFC", "NFD"])


def found_in(*texts: str) -> tuple[Finding, ...]:
    readings = [
        read_report(text, LANGUAGES, source=f"{number}.txt") for number, text in enumerate(texts)
    ]
    return reconcile(readings)


def told(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{one.severity.value} {one.code} {one.where}: {one.what}" for one in findings]


@FORMS
@pytest.mark.parametrize("name", RIGHT)
def test_a_right_text_gives_no_error_and_no_warning(name: str, form: Literal["NFC", "NFD"]) -> None:
    findings = found_in(unicodedata.normalize(form, RIGHT[name]))

    assert [one for one in findings if one.severity is not Severity.INFO] == [], told(findings)


@FORMS
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_text_gives_its_finding(name: str, form: Literal["NFC", "NFD"]) -> None:
    wrong = WRONG[name]

    findings = found_in(unicodedata.normalize(form, wrong["text"]))
    fitting = [
        one for one in findings if one.code == wrong["code"] and one.where.line == wrong["line"]
    ]

    assert fitting, told(findings)
    assert fitting[0].stated == wrong.get("stated", fitting[0].stated)
    assert fitting[0].computed == wrong.get("computed", fitting[0].computed)


def test_lines_may_end_as_on_windows() -> None:
    text = WRONG["F1 an omitted line"]["text"].replace("\n", "\r\n")

    assert ("SUM_MISMATCH", 10) in [(one.code, one.where.line) for one in found_in(text)]


def test_the_six_findings_of_the_report_and_no_others() -> None:
    findings = found_in(WRONG["F1 an omitted line"]["text"])

    assert sorted(one.code for one in findings) == [
        "MISSING_GRAND_TOTAL",
        "NEAR_DUPLICATE_TOTALS",
        "PERIOD_MIX",
        "RATIO_BASIS_UNCLEAR",
        "SUM_MISMATCH",
        "UNIT_RATE_NOT_INTEGRAL",
    ]


def test_the_cause_of_the_gap_is_the_line_left_out() -> None:
    (gap,) = [
        one
        for one in found_in(WRONG["F1 an omitted line"]["text"])
        if one.difference == -10_000_000
    ]

    assert str(gap.cause).startswith("omitted line: the difference is exactly «Quảng cáo")


# ---------------------------------------------------------------- several reports


ACROSS = {
    "F7 a loose bound": (
        "Tháng 10/2020, Hội có hơn 200 chi hội, liên chi hội với gần 6000 hội viên.",
        "Đến hết năm 2019, Hội có 338 chi hội và liên chi hội. Hội viên cá nhân là 5.892.",
        "LOOSE_BOUND",
    ),
    "F7 in English": (
        "The association has over 200 chapters.",
        "At the end of 2019 there were 338 chapters.",
        "LOOSE_BOUND",
    ),
    "F8 nearly all in one of three years": (
        "Từ tháng 9/2017 đến tháng 10/2020, đã biên tập khoảng 50 bài.",
        "Báo cáo năm 2019.\n\nTrong năm 2019, trang tin đăng hơn 40 tin & bài.",
        "IMPLAUSIBLE_PAIR",
    ),
    "F9 years of another term": (
        "Liên hiệp nhiệm kỳ 2018–2019 có 12 thư viện.",
        "Kết quả hoạt động trong 2 năm 2019-2020.",
        "TERM_MISMATCH",
    ),
    "F10 editions": (
        "Hội nghị lần thứ 13 năm 2015, lần thứ 14 năm 2016; Hội nghị lần thứ 18 năm 2020.",
        "# Hội nghị lần thứ 21\n\nNgày 17/8/2024, tại Hà Nội.",
        "EDITION_NOT_YEAR",
    ),
    "F11 two sources": (
        "Hội nghị lần thứ 18 năm 2020 có 67 đơn vị tham dự với 120 đại biểu.",
        "Dự Hội nghị Liên hợp lần thứ 18 có đại biểu của 68 đơn vị.",
        "SOURCE_DISAGREE",
    ),
    "F11 in English": (
        "The 18th conference was attended by 67 units.",
        "18th conference: 68 units took part.",
        "SOURCE_DISAGREE",
    ),
    "F14 a jump from report to report": (
        "# Năm 2016\n\n- Vốn tài liệu của Thư viện Quốc gia: 2.563.000 bản",
        "# Năm 2017\n\n- Vốn tài liệu của Thư viện Quốc gia: 1.657.776 bản",
        "YEAR_JUMP",
    ),
}


@pytest.mark.parametrize("name", ACROSS)
def test_reports_are_held_against_each_other(name: str) -> None:
    one, other, code = ACROSS[name]

    assert [finding.code for finding in found_in(one, other)] == [code]
    assert found_in(one) == found_in(other) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Năm 2019 hội phí thu được 62.000.000 đồng.",
            "Năm 2020 hội phí thu được 63.000.000 đồng.",
        ),
        (
            "Hội nghị lần thứ 18 năm 2020 có 67 đơn vị.",
            "Hội nghị lần thứ 19 năm 2021 có 80 đơn vị.",
        ),
        ("Liên hiệp có 13 thư viện, hơn 60 đại biểu dự.", "Liên hiệp có 12 thư viện."),
        ("Nhiệm kỳ 2018-2020.", "Trong 3 năm 2018-2020 đã tổ chức 6 hội thảo."),
        ("Hội có gần 6000 hội viên.", "Hội viên cá nhân là 5.892."),
    ],
)
def test_reports_that_fit_give_no_finding(one: str, other: str) -> None:
    assert found_in(one, other) == ()


def test_right_texts_together_give_no_error() -> None:
    findings = found_in(*RIGHT.values())

    assert [one for one in findings if one.severity is Severity.ERROR] == [], told(findings)
