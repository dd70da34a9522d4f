from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from tests.cli.conftest import Type

RIGHT = "Hội phí: 62 triệu đồng; quảng cáo: 10.000.000 đồng. Tổng cộng: 72.000.000 đồng.\n"
WRONG = "- Hội phí: 62 triệu đồng\n- Quảng cáo: 10.000.000 đồng\n\nTổng cộng: 62.000.000 đồng\n"


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "wrong.txt"
    path.write_text(WRONG, "utf-8")
    return path


def test_a_right_report_ends_with_zero(typed: Type, tmp_path: Path) -> None:
    path = tmp_path / "right.md"
    path.write_text(RIGHT, "utf-8")

    said = typed("reconcile", path, "--json")

    assert said.code == 0
    assert said.json == {"schema": 1, "findings": []}


def test_an_error_ends_with_one_and_is_told_with_its_figures(typed: Type, wrong: Path) -> None:
    said = typed("reconcile", wrong, "--json")

    assert said.code == 1
    (finding,) = said.json["findings"]
    assert finding["code"] == "SUM_MISMATCH"
    assert finding["severity"] == "error"
    assert (finding["document"], finding["line"]) == (str(wrong), 4)
    assert finding["where"] == f"{wrong}:4"
    assert (finding["stated"], finding["computed"], finding["difference"]) == (
        62_000_000,
        72_000_000,
        -10_000_000,
    )
    assert finding["unit"] == "VND"
    assert finding["cause"].startswith("omitted line")
    assert [one["value"] for one in finding["figures"]] == [62_000_000, 62_000_000, 10_000_000]


def test_for_people_it_says_the_same(typed: Type, wrong: Path) -> None:
    said = typed("reconcile", wrong)

    assert said.code == 1
    assert f"{wrong}:4: error: SUM_MISMATCH" in said.out
    assert "stated 62,000,000, computed 72,000,000, difference -10,000,000" in said.out
    assert "→ omitted line" in said.out
    assert "3 figures read, 1 findings, 1 of them errors" in said.err


def test_a_warning_is_no_error(typed: Type, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("62/63 đơn vị nộp hội phí, được 63 triệu đồng.", "utf-8")

    said = typed("reconcile", path, "--json")

    assert said.code == 0
    assert [one["code"] for one in said.json["findings"]] == ["UNIT_RATE_NOT_INTEGRAL"]


def test_every_figure_is_listed_when_asked(typed: Type, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("Năm 2019: 62/63 đơn vị; giá 0,2 USD; 100-150 hội viên; gần 6000 bản.", "utf-8")

    said = typed("reconcile", path, "--amounts", "--json")

    rows = [
        (one["written"], one["value"], one["upper"], one["qualifier"], one["unit"])
        for one in said.json["amounts"]
    ]
    assert rows == [
        ("0,2 USD", "0.2", None, "", "USD"),
        ("100-150 hội viên", 100, 150, "-", "members"),
        ("gần 6000 bản", 6000, None, "<~", "copies"),
        ("62/63", "62/63", None, "", "đơn vị"),
    ]
    assert "0,2 USD" in typed("reconcile", path, "--amounts").out


def test_a_table_in_a_workbook_is_read(typed: Type, tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        rows = [["Báo cáo thu năm 2019"], ["Nội dung", "Số tiền (đồng)"]]
        rows += [["Hội phí", 62_000_000], ["Quảng cáo", 10_000_000.5], ["Tổng cộng", 62_000_000]]  # type: ignore[list-item] # cells of any kind
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)

    said = typed("reconcile", path, "--json")

    assert said.code == 1
    (finding,) = said.json["findings"]
    assert (finding["line"], finding["computed"]) == (5, "72000000.5")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_table_is_read(typed: Type, tmp_path: Path, separator: str) -> None:
    path = tmp_path / "table.csv"
    rows = [("Loại", "Số lượng"), ("Tỉnh", "63"), ("Huyện", "663"), ("Tổng số", "725")]
    path.write_text("\n".join(separator.join(row) for row in rows), "utf-8-sig")

    said = typed("reconcile", path, "--json")

    assert [(one["line"], one["computed"]) for one in said.json["findings"]] == [(4, 726)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1258"])
def test_texts_of_other_encodings_are_read(typed: Type, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "report.txt"
    path.write_text("Dues: VND 62,000,000. Ads: VND 10,000,000. Total: VND 62,000,000.", encoding)

    assert typed("reconcile", path, "--json").code == 1


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("report.pdf", b"%PDF", "files of this kind are not read"),
        ("report.txt", b"\x00\x01\x02\xff\xfe\xd2", "not a text file"),
        ("report.txt", b"\xff\xfe\x00", "not a text file"),
    ],
)
def test_what_cannot_be_read_is_told(
    typed: Type, tmp_path: Path, name: str, data: bytes, told: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)

    said = typed("reconcile", path, "--json")

    assert said.code == 1
    assert told in said.json["error"]["message"]


def test_no_file_is_wrong_usage(typed: Type) -> None:
    assert typed("reconcile").code == 2
    assert typed("reconcile", "/no/such/file.txt", "--json").code == 2


def test_amounts_in_words(typed: Type) -> None:
    said = typed("--lang", "vi", "in-words", "101250000 VND", "--spelling", "thousand=ngàn")

    assert said.out == "Một trăm lẻ một triệu hai trăm năm mươi ngàn đồng\n"


def test_amounts_in_words_as_json(typed: Type) -> None:
    said = typed("in-words", "12.50 USD", "--json")

    assert said.json == {
        "schema": 1,
        "amount": "12.50 USD",
        "language": "en",
        "words": "Twelve US dollars and fifty cents",
    }


def test_a_spelling_that_there_is_not_is_an_error(typed: Type) -> None:
    said = typed("--lang", "vi", "in-words", "5 VND", "--spelling", "thousand=k", "--json")

    assert said.code == 1
    assert said.json["error"]["kind"] == "SettingsError"
