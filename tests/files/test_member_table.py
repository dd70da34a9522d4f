"""The members of an ad-hoc split are read from one table, figures exactly."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from libconsortium import ImportFileError, MemberTable, Money, Severity, read_members


def read(folder: Path, text: str, currency: str = "VND", name: str = "members.csv") -> MemberTable:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return read_members(file, currency)


def said(table: MemberTable) -> list[str]:
    return [str(problem).partition("members.csv:")[2] for problem in table.problems]


def test_every_column_is_what_its_heading_says(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        "id,name,stratum,fte,fte:2025,last_year,standalone\n"
        "b,Thư viện B,south,8000,7900.5,1200000,\n"
        "a,Thư viện A,north,40000,1/3,,2500000 VND\n",
    )

    assert table.members == ("a", "b")
    assert table.names == {"a": "Thư viện A", "b": "Thư viện B"}
    assert table.strata == {"a": "north", "b": "south"}
    assert table.drivers["fte"] == {"a": 40_000, "b": 8000}
    assert table.drivers["fte:2025"] == {"a": Fraction(1, 3), "b": Fraction(15801, 2)}
    assert table.last_year == {"b": Money(1_200_000, "VND")}
    assert table.standalone == {"a": Money(2_500_000, "VND")}
    assert table.problems == ()


def test_amounts_are_in_major_units(tmp_path: Path) -> None:
    table = read(tmp_path, "id,standalone\na,1200.50\nb,3 USD\n", "USD")

    assert {member: money.minor for member, money in table.standalone.items()} == {
        "a": 120_050,
        "b": 300,
    }


def test_a_cell_that_is_no_number_is_placed_and_counts_as_empty(tmp_path: Path) -> None:
    table = read(tmp_path, "id,fte\na,many\nb,3\n")

    assert table.drivers["fte"] == {"b": 3}
    assert said(table) == ["2:2: fte: cannot read 'many' as an exact number"]


@pytest.mark.parametrize("cell", ["1.5", "3 USD"])
def test_an_amount_that_cannot_be_paid_is_placed(tmp_path: Path, cell: str) -> None:
    table = read(tmp_path, f"id,standalone\na,{cell}\n")

    assert table.standalone == {}
    assert said(table)[0].startswith("2:2: standalone")


def test_a_dot_that_may_group_thousands_is_pointed_out(tmp_path: Path) -> None:
    table = read(tmp_path, "id,fte\na,40.000\nb,1.5\n")

    assert table.drivers["fte"]["a"] == 40
    assert said(table) == [
        "2:2: fte: '40.000' is read with a decimal point; write 40000 if you mean thousands"
    ]
    assert table.problems[0].severity is Severity.WARNING


@pytest.mark.parametrize(
    ("cell", "figure"),
    [
        ("100,5", Fraction(201, 2)),
        ("0,125", Fraction(1, 8)),
        ("1.234.567", Fraction(1_234_567)),
        ("1,234,567", Fraction(1_234_567)),
        ("1.234,5", Fraction(2469, 2)),
        ("12 345", Fraction(12_345)),
    ],
)
def test_digits_are_grouped_in_any_way_that_means_one_number(
    tmp_path: Path, cell: str, figure: Fraction
) -> None:
    table = read(tmp_path, f"id;fte\na;{cell}\nb;2\n")

    assert table.drivers["fte"]["a"] == figure
    assert table.problems == ()


def test_a_comma_that_may_mean_two_numbers_is_asked_about(tmp_path: Path) -> None:
    table = read(tmp_path, "id;fte\na;1,000\nb;2\n")

    assert said(table) == ["2:2: fte: '1,000' may be 1000 or 1.000; write which"]


@pytest.mark.parametrize("cell", ["600.000", '"600,000"', "600000", "600.000 VND"])
def test_an_amount_without_decimals_is_not_taken_for_a_thousandth(
    tmp_path: Path, cell: str
) -> None:
    table = read(tmp_path, f"id,last_year\na,{cell}\n")

    if cell.endswith("VND"):
        assert "write '600000 VND'" in said(table)[0]
    else:
        assert table.last_year == {"a": Money(600_000, "VND")}
        assert table.problems == ()


def test_members_may_be_written_as_json_and_stay_exact(tmp_path: Path) -> None:
    text = '[{"id": "a", "fte": 0.1, "last_year": 5}, {"ID": "x", "id": "b", "fte": "1/3"}]'
    table = read(tmp_path, text, name="members.json")

    assert table.drivers["fte"] == {"a": Fraction(1, 10), "b": Fraction(1, 3)}
    assert table.last_year == {"a": Money(5, "VND")}
    assert read(tmp_path, f'{{"members": {text}}}', name="m.json").members == ("a", "b")


@pytest.mark.parametrize(
    ("text", "said"), [("[1]", "members are written"), ("{}", "members are written"), ("{", "JSON")]
)
def test_json_that_holds_no_members_is_answered_with_how(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(ImportFileError, match=said):
        read(tmp_path, text, name="members.json")


def test_a_json_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="cannot read"):
        read_members(tmp_path / "none.json", "VND")


def test_our_own_headings_count_in_any_spelling(tmp_path: Path) -> None:
    table = read(tmp_path, "ID,Name,Last year,stand-alone,Standalone,FTE\na,A,5,x,9,3\n")

    assert table.members == ("a",)
    assert table.last_year == {"a": Money(5, "VND")}
    assert table.standalone == {"a": Money(9, "VND")}
    assert set(table.drivers) == {"FTE"}


def test_a_column_without_any_number_is_a_remark(tmp_path: Path) -> None:
    table = read(tmp_path, "id,fte,city\na,3,Hà Nội\nb,4,\n")

    assert set(table.drivers) == {"fte"}
    assert table.problems == ()


def test_a_row_without_an_id_and_a_member_named_twice_are_left_out(tmp_path: Path) -> None:
    table = read(tmp_path, "id,fte\na,3\n,4\na,5\n")

    assert table.drivers["fte"] == {"a": 3}
    assert [problem.code for problem in table.problems] == ["NO_ID", "TWICE"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "no row with a member"), ("id,fte\n", "no row"), ("member,fte\na,3\n", "no column 'id'")],
)
def test_a_file_without_members_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ImportFileError, match=said):
        read(tmp_path, text)


def test_numbers_of_a_spreadsheet_are_what_it_shows(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["id", "fte", "standalone"], ["a", 0.1, 1200.5], ["b", 40_000, 7]):
        sheet.append(row)
    book.save(tmp_path / "members.xlsx")

    table = read_members(tmp_path / "members.xlsx", "USD")

    assert table.drivers["fte"] == {"a": Fraction(1, 10), "b": 40_000}
    assert table.standalone["a"].minor == 120_050


def test_toml_can_hold_the_members_too(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        '[[members]]\nid = "a"\nfte = 3\n[[members]]\nid = "b"\nfte = 2.5\n',
        name="members.toml",
    )

    assert table.drivers["fte"] == {"a": 3, "b": Fraction(5, 2)}


def test_who_takes_a_package_is_marked_in_any_usual_way(tmp_path: Path) -> None:
    table = read(tmp_path, "id,takes:p1\na,x\nb,\nc,Có\nd,2.5\ne,no\n")

    assert table.drivers["takes:p1"] == {"a": 1, "b": 0, "c": 1, "d": Fraction(5, 2), "e": 0}


def test_months_outside_membership_are_known(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        "id,joined,left,use:2025-01,use:2025-02,use:2025-03\n"
        "a,2025-02-15,,1,2,3\nb,,2025-02-01,1,2,3\nc,,,1,2,3\n",
    )

    assert table.months == {
        "a": {"2025-02", "2025-03"},
        "b": {"2025-01", "2025-02"},
    }


def test_a_day_that_is_none_is_placed(tmp_path: Path) -> None:
    table = read(tmp_path, "id,joined,fte\na,soon,1\n")

    assert said(table) == ["2:2: joined: expected a day like 2025-07-01, got 'soon'"]


def test_days_of_a_toml_table_are_days(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        """
[[members]]
id = "a"
joined = 2025-02-15
left = 2025-02-20T12:00:00
"use:2025-01" = 1
"use:2025-02" = 2
""",
        name="members.toml",
    )

    assert table.months == {"a": {"2025-02"}}
