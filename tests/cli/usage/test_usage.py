"""The commands ``usage`` and ``kbart check``."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.conftest import Type
from tests.plugins.counter.reports import Line, as_json_51, as_text, cells
from tests.plugins.kbart.test_kbart import BOOK, SERIAL, written

COUNTS = {
    "Total_Item_Requests": {"2025-01": 30, "2025-02": 40},
    "Unique_Item_Requests": {"2025-01": 20, "2025-03": 10},
}


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "tr.json"
    path.write_bytes(as_json_51([Line(title="A", counts=COUNTS, identifiers={"DOI": "10.9999/a"})]))
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_totals_are_shown_by_member_and_metric(typed: Type, report: Path) -> None:
    said = typed("usage", report)

    assert said.code == 0
    lines = [line.split() for line in said.out.splitlines()]
    assert lines[2] == [
        "Uni",
        "A",
        "Platform",
        "1",
        "TR",
        "Total_Item_Requests",
        "2025-01",
        "2025-02",
        "70",
    ]
    assert lines[3][-1] == "30"
    assert "1 files read, 4 rows; 0 files refused; 0 problems" in said.err


def test_json_is_one_object_with_rows_totals_and_problems(typed: Type, report: Path) -> None:
    answer = typed("usage", report, "--json").json

    assert list(answer) == ["schema", "files", "totals", "problems", "rows"]
    assert answer["rows"][0] == {
        "month": "2025-01", "count": 30, "member": "Uni A", "title": "A",
        "identifiers": {"doi": "10.9999/a"}, "platform": "Platform 1",
        "metric": "Total_Item_Requests", "report": "TR", "release": "5.1",
        "publisher": "Sample Publisher", "parent": "", "data_type": "Journal", "section_type": "",
        "yop": "2020", "access_type": "Controlled", "access_method": "", "others": {},
        "component": "", "file": str(report),
    }  # fmt: skip
    assert answer["totals"][0]["count"] == 70
    assert answer["files"][0]["rows"] == 4


def test_one_refused_file_makes_the_exit_code_1_and_the_others_are_read(
    typed: Type, report: Path, tmp_path: Path
) -> None:
    old = tmp_path / "jr1.csv"
    old.write_text("Journal Report 1 (R4),Number of…\n")

    said = typed("usage", old, report, "--json")
    shown = typed("usage", old, report)

    assert (said.code, shown.code) == (1, 1)
    assert said.json["problems"][0]["code"] == "OLD_RELEASE"
    assert said.json["problems"][0]["file"] == str(old)
    assert said.json["files"][0]["refused"]["advice"].startswith("ask the supplier for TR_J1")
    assert len(said.json["rows"]) == 4
    assert "1 files refused" in shown.err


def test_problems_name_file_line_and_field(typed: Type, tmp_path: Path) -> None:
    table = cells([Line(title="A", counts=COUNTS)])
    table[14][-3] = "-1"
    path = tmp_path / "tr.tsv"
    path.write_bytes(as_text(table))

    problem = typed("usage", path, "--json").json["problems"][0]

    assert (problem["code"], problem["file"], problem["line"]) == (
        "COUNT_NEGATIVE", str(path), 15,
    )  # fmt: skip
    assert problem["field"] == "Total_Item_Requests 2025-01"
    assert problem["what"] == "-1 is below zero"


def test_rows_are_written_as_a_table(typed: Type, report: Path, tmp_path: Path) -> None:
    typed("usage", report, "--csv", tmp_path / "rows.csv")

    written_rows = rows(tmp_path / "rows.csv")
    assert len(written_rows) == 4
    assert written_rows[0]["identifiers"] == "doi=10.9999/a"
    assert (written_rows[0]["month"], written_rows[0]["count"]) == ("2025-01", "30")


def test_nothing_readable_writes_headings_and_fails(typed: Type, tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("HTTP Error 400")

    said = typed("usage", path, "--measures", tmp_path / "measures.csv")

    assert said.code == 1
    assert rows(tmp_path / "measures.csv") == []


# ---------------------------------------------------------------- with a consortium


@pytest.fixture
def consortium(typed: Type, tmp_path: Path) -> Path:
    """Return the folder of a consortium of two libraries; one joined in February 2025."""
    folder = tmp_path / "st"
    assert typed("init", folder).code == 0
    settings = folder / "consortium.toml"
    text = settings.read_text("utf-8").splitlines()
    text = ['federation = "st"' if line.startswith("federation") else line for line in text]
    settings.write_text("\n".join(text), "utf-8")
    facts = tmp_path / "facts"
    facts.mkdir()
    (facts / "libraries.csv").write_text("id,name\nlib-a,Uni A\nlib-b,Uni B\n", "utf-8")
    (facts / "federations.csv").write_text("id,name\nst,S&T\n", "utf-8")
    (facts / "identifiers.csv").write_text(
        "owner,scheme,value\nlib-a,counter-customer-id,C1\n", "utf-8"
    )
    (facts / "memberships.csv").write_text(
        "member,federation,valid_from\nlib-a,st,2025-02-01\nlib-b,st,\n", "utf-8"
    )
    loaded = typed("-C", folder, "load", facts)
    assert loaded.code == 0, loaded.err
    return folder


def test_only_months_of_membership_become_measures_that_load(
    typed: Type, consortium: Path, report: Path, tmp_path: Path
) -> None:
    measures = tmp_path / "measures.csv"

    said = typed("-C", consortium, "usage", report, "--measures", measures, "--json")

    assert {row["member"] for row in said.json["rows"]} == {"lib-a"}
    assert [
        (row["library"], row["name"], row["period"], row["value"]) for row in rows(measures)
    ] == [
        ("lib-a", "counter.Total_Item_Requests", "2025", ">= 40"),
        ("lib-a", "counter.Unique_Item_Requests", "2025", ">= 10"),
    ]
    codes = {problem["code"] for problem in said.json["problems"]}
    assert codes == {"OUTSIDE_MEMBERSHIP", "MONTHS_MISSING", "NO_USAGE_REPORT"}
    assert typed("-C", consortium, "load", measures).code == 0


def test_a_year_told_of_completely_is_exact(typed: Type, consortium: Path, tmp_path: Path) -> None:
    whole = tmp_path / "tr.json"
    filters = {"Begin_Date": "2025-01-01", "End_Date": "2025-12-31"}
    whole.write_bytes(as_json_51([Line(title="A", counts=COUNTS)], Report_Filters=filters))
    measures = tmp_path / "measures.csv"

    typed("-C", consortium, "usage", whole, "--measures", measures, "--not-sharing", "lib-b")

    assert [row["value"] for row in rows(measures)] == ["40", "10"]


def test_whose_reports_they_are_can_be_said(typed: Type, consortium: Path, report: Path) -> None:
    said = typed("-C", consortium, "usage", report, "--member", "lib-b", "--json")
    unknown = typed("-C", consortium, "usage", report, "--member", "lib-c", "--json")

    assert {row["member"] for row in said.json["rows"]} == {"lib-b"}
    assert unknown.code == 1
    assert "did you mean 'lib-" in unknown.json["error"]["message"]


def test_an_unknown_institution_and_a_rollup_that_differs_are_told(
    typed: Type, consortium: Path, report: Path, tmp_path: Path
) -> None:
    whole = tmp_path / "st.json"
    whole.write_bytes(report.read_bytes().replace(b"Uni A", b"S&T").replace(b": 30", b": 31")
                      .replace(b"supplier:C1", b"supplier:ST"))  # fmt: skip
    strange = tmp_path / "strange.json"
    strange.write_bytes(report.read_bytes().replace(b"Uni A", b"Uni Z").replace(b":C1", b":Z"))

    answer = typed("-C", consortium, "usage", report, whole, strange, "--json").json

    codes = [problem["code"] for problem in answer["problems"]]
    assert codes.count("UNKNOWN_INSTITUTION") == 1
    assert "ROLLUP_DIFFERS" in codes
    assert {row["member"] for row in answer["rows"]} == {"lib-a", "st", "Uni Z"}


# ---------------------------------------------------------------- kbart


def test_a_right_list_is_said_to_be_right(typed: Type, tmp_path: Path) -> None:
    path = tmp_path / "list.tsv"
    path.write_bytes(written(SERIAL, BOOK))

    said = typed("kbart", "check", path)
    answer = typed("kbart", "check", path, "--json")

    assert (said.code, answer.code) == (0, 0)
    assert "2 titles (1 serials, 1 monographs), 0 problems" in said.err
    assert answer.json == {
        "schema": 1, "file": str(path), "titles": 2, "serials": 1, "monographs": 1, "ok": True,
        "problems": [],
    }  # fmt: skip


def test_what_is_wrong_with_a_list_is_said_with_line_and_column(
    typed: Type, tmp_path: Path
) -> None:
    path = tmp_path / "list.tsv"
    path.write_bytes(written({**SERIAL, "embargo_info": "1 year"}))

    said = typed("kbart", "check", path)
    answer = typed("kbart", "check", path, "--json")

    assert (said.code, answer.code) == (1, 1)
    assert f"error: {path}:2:13: Tạp chí Ví dụ: embargo_info: '1 year' is no embargo" in said.err
    assert (answer.json["problems"][0]["line"], answer.json["problems"][0]["column"]) == (2, 13)


def test_a_file_that_is_no_list_is_an_error_and_still_one_object(
    typed: Type, tmp_path: Path
) -> None:
    path = tmp_path / "list.json"
    path.write_text("{}")

    said = typed("kbart", "check", path, "--json")

    assert said.code == 1
    assert said.json["error"]["kind"] == "FileRefusedError"


def test_the_groups_help_lists_its_commands(typed: Type) -> None:
    said = typed("kbart", "--help")

    assert "check" in said.out
    assert "Check a list of titles" in said.out
