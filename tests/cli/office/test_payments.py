from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Type

EXPECTED = """\
id,name,amount,due_on,year,reference,class,through
tv-quang-ninh,Thư viện tỉnh Quảng Ninh,1.000.000,2019-06-30,2019,,province,
tv-quang-nam,Thư viện tỉnh Quảng Nam,1000000,30/6/2019,2019,HP-QNA,province,
tv-ninh-binh,Thư viện tỉnh Ninh Bình,"1,000,000 đ",2019-06-30,2019,,province,
nala,Liên chi hội đại học phía Bắc,0,2019-06-30,2019,,union,
dh-a,Thư viện Đại học A,500000,2019-06-30,2019,,chapter,nala
"""
BANK = """\
Ngày giao dịch;Số tiền;Nội dung
05/03/2019;1.000.000;TV TINH QUANG NINH nop hoi phi 2019
06/03/2019;900.000;THU VIEN TINH NINH BINH CK
07/07/2019;1.000.000;HP-QNA
08/07/2019;700.000;lien chi hoi dai hoc phia bac nop
09/07/2019;300.000;chuyen tien
10/07/2019;-50.000;phi dich vu
11/07/2019;;TV TINH QUANG NINH
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, ...]:
    (tmp_path / "expected.csv").write_text(EXPECTED, "utf-8")
    (tmp_path / "bank.csv").write_text(BANK, "utf-8")
    return ("payments", "--expected", f"{tmp_path}/expected.csv", "--bank", f"{tmp_path}/bank.csv")


def test_payments_are_matched_and_the_rest_is_told(typed: Type, files: tuple[str, ...]) -> None:
    said = typed(*files, "--json")

    assert said.code == 0
    rows = [(one["payer"], one["status"], one["left"]) for one in said.json["payments"]]
    assert rows == [
        ("tv-quang-ninh", "matched", 0),
        ("tv-ninh-binh", "partial", 100_000),
        ("tv-quang-nam", "late", 0),
        ("nala", "over", -200_000),
        (None, "unknown", None),
    ]
    first = said.json["payments"][0]
    assert first["confidence"] > 0.9
    assert first["reasons"][0] == "the name has Thư viện tỉnh Quảng Ninh"


def test_dues_are_told_by_class_and_a_branch_is_charged_once(
    typed: Type, files: tuple[str, ...]
) -> None:
    answer = typed(*files, "--json").json

    classes = {one["class"]: one for one in answer["classes"]}
    assert set(classes) == {"province", "union"}
    assert classes["province"]["arrears"] == 100_000
    assert classes["province"]["rate_by_units"] == 66.67
    assert classes["province"]["rate_by_money"] == 96.67
    assert classes["union"]["expected"] == 500_000
    assert answer["advances"] == {"nala": {"amount": 200_000, "currency": "VND"}}
    union = next(one for one in answer["expected"] if one["payer"] == "nala")
    assert union["covers"] == ["dh-a", "nala"]


def test_for_people_it_is_a_table_and_a_summary(typed: Type, files: tuple[str, ...]) -> None:
    out = typed(*files).out

    assert "tv-quang-ninh" in out
    assert "province: 2 of 3 paid in full (66.67 %)" in out
    assert "still owing: tv-ninh-binh" in out


def test_bad_rows_are_left_out_and_told(typed: Type, files: tuple[str, ...]) -> None:
    bank = Path(files[-1])
    bank.write_text(f"{BANK}12/13/2019;5;x\n13/12/2019;five;x\n14/12/2019;0,5;x\n", "utf-8")

    said = typed(*files, "--json")

    assert len(said.json["payments"]) == 5
    assert "'12/13/2019' is no day" in said.err
    assert "'five' is no amount" in said.err
    assert "'0,5' has more decimals than VND has" in said.err


@pytest.mark.parametrize(
    ("content", "told"), [("id,name\n1,x\n", "no column 'amount'"), ("", "the file is empty")]
)
def test_a_table_without_its_columns_is_refused(
    typed: Type, files: tuple[str, ...], content: str, told: str
) -> None:
    Path(files[2]).write_text(content, "utf-8")

    said = typed(*files, "--json")

    assert said.code == 1
    assert told in said.json["error"]["message"]


def test_amounts_are_read_in_the_currency_that_is_named(typed: Type, tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text('id,name,amount\na,Alpha,"1,250.50"\n', "utf-8")
    (tmp_path / "b.csv").write_text("date,amount,text\n2024-01-05,$1250.50,Alpha dues\n", "utf-8")

    said = typed(
        "payments", "--expected", tmp_path / "e.csv", "--bank", tmp_path / "b.csv",
        "--currency", "usd", "--json",
    )  # fmt: skip

    assert said.json["payments"][0]["status"] == "matched"
    assert said.json["expected"][0]["received"] == 125_050
