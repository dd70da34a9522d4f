from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

Type = Callable[..., Any]  # what a command said
Harvest = Callable[..., Path]

SETTINGS = """
[[sources]]
name = "libol"
member = "mau-a"
harvester = "files"
url = "in/libol"
"""
RECORD = (
    '<record xmlns="http://www.loc.gov/MARC21/slim">'
    '<controlfield tag="001">{number}</controlfield>'
    '<datafield tag="245"><subfield code="a">{title}</subfield></datafield>'
    '<datafield tag="900"><subfield code="a">VN {number}; VN {number}b</subfield></datafield>'
    "</record>"
)
MAPPING = '[[map]]\nfrom = "marc 900$a"\nto = "call_numbers"\nsplit = ";"\n'
TCVN3 = "Nh÷ng nguyªn t¾c cÇn tu©n thñ trong gi\u00b8o tr×nh to\u00b8n cao cÊp"


@pytest.fixture
def harvested(folder: Path, typed: Type) -> Callable[..., Path]:
    """Return a function that harvests records with these titles from files."""

    def harvest(*titles: str, settings: str = "") -> Path:
        file = folder / "consortium.toml"
        file.write_text(file.read_text("utf-8") + SETTINGS + settings, "utf-8")
        inside = folder / "in" / "libol"
        inside.mkdir(parents=True, exist_ok=True)
        for number, title in enumerate(titles):
            text = RECORD.format(number=number, title=title)
            (inside / f"{number}.xml").write_text(text, "utf-8")
        said = typed("-C", folder, "harvest", "libol", "--json")
        assert said.code == 0, said
        return folder

    return harvest


def records(typed: Type, folder: Path, *more: object) -> list[dict[str, Any]]:
    said = typed("-C", folder, "records", "--source", "libol", "--json", *more)
    assert said.code == 0, said
    return [json.loads(line) for line in said.out.splitlines()]


def test_files_are_harvested_from_the_settings_folder(harvested: Harvest, typed: Type) -> None:
    folder = harvested("Giải tích", "Đại số")

    assert [row["title"] for row in records(typed, folder)] == ["Giải tích", "Đại số"]


def test_a_second_harvest_finds_what_changed_by_its_content(
    harvested: Harvest, typed: Type, folder: Path
) -> None:
    harvested("Giải tích", "Đại số")
    (folder / "in" / "libol" / "1.xml").write_text(RECORD.format(number=1, title="Số học"), "utf-8")

    said = typed("-C", folder, "harvest", "libol", "--json").json

    (row,) = said["sources"]
    assert (row["new"], row["changed"], row["unchanged"]) == (0, 1, 1)


def again(typed: Type, folder: Path) -> dict[str, Any]:
    (row,) = typed("-C", folder, "harvest", "libol", "--json").json["sources"]
    return dict(row)


def test_what_is_no_longer_in_the_files_is_gone_and_comes_back(
    harvested: Harvest, typed: Type
) -> None:
    folder = harvested(*(f"Sách {number}" for number in range(30)))
    inside = folder / "in" / "libol"
    text = (inside / "3.xml").read_text("utf-8")

    (inside / "3.xml").unlink()
    gone = again(typed, folder)
    (inside / "3.xml").write_text(text, "utf-8")
    back = again(typed, folder)
    for number in range(15):
        (inside / f"{number}.xml").unlink()
    refused = again(typed, folder)

    assert (gone["status"], gone["deleted"]) == ("COMPLETE", 1)
    assert (back["status"], back["changed"], back["deleted"]) == ("COMPLETE", 1, 0)
    assert refused["status"] == "INCOMPLETE"
    assert "no longer lists 15 of 30 records; nothing was deleted" in refused["reason"]


def test_what_is_no_longer_in_the_files_may_be_kept(harvested: Harvest, typed: Type) -> None:
    folder = harvested("Giải tích", "Đại số", settings="compare_days = 0\n")
    (folder / "in" / "libol" / "1.xml").unlink()

    assert again(typed, folder)["status"] == "COMPLETE"
    assert len(records(typed, folder)) == 2


def test_files_that_are_not_read_are_named_in_the_report(harvested: Harvest, typed: Type) -> None:
    folder = harvested("Giải tích")
    (folder / "in" / "libol" / "scan.pdf").write_bytes(b"%PDF-1.4")
    run = again(typed, folder)["run"]

    said = typed("-C", folder, "harvest", "report", "--run", run)
    told = typed("-C", folder, "harvest", "report", "--run", run, "--json").json["runs"][0]

    assert "warning: scan.pdf: neither XML" in said.err
    assert [problem["code"] for problem in told["problems"]] == ["FILE_NOT_READ"]


def test_unmapped_fields_are_listed_with_examples(harvested: Harvest, typed: Type) -> None:
    folder = harvested("Giải tích", "Đại số")

    said = typed("-C", folder, "records", "unmapped", "--json").json
    shown = typed("-C", folder, "records", "unmapped").out

    assert said["unmapped"] == [
        {"source": "libol", "field": "marc 900$a", "records": 2, "example": "VN 0; VN 0b"}
    ]
    assert "marc 900$a" in shown


def test_a_mapping_table_is_tried_without_the_network(
    harvested: Harvest, typed: Type, tmp_path: Path
) -> None:
    folder = harvested("Giải tích")
    (tmp_path / "libol.toml").write_text(MAPPING, "utf-8")

    said = typed("-C", folder, "records", "unmapped", "--map", tmp_path / "libol.toml")

    assert said.err.strip() == "every field is mapped"


def test_the_settings_name_the_mapping_table(harvested: Harvest, typed: Type, folder: Path) -> None:
    (folder / "libol.toml").write_text(MAPPING, "utf-8")
    harvested("Giải tích", settings='mapping = "libol.toml"\n')

    assert typed("-C", folder, "records", "unmapped", "--json").json["unmapped"] == []


def test_a_wrong_mapping_table_is_named_with_file_and_line(
    harvested: Harvest, typed: Type, tmp_path: Path
) -> None:
    folder = harvested("Giải tích")
    wrong = tmp_path / "libol.toml"
    wrong.write_text(MAPPING.replace("call_numbers", "call_number"), "utf-8")

    said = typed("-C", folder, "records", "unmapped", "--map", wrong)

    assert said.code == 1
    assert f"{wrong}:3: map[0].to: no field called 'call_number'" in said.err
    assert "did you mean 'call_numbers'" in said.err


def test_an_old_encoding_is_found_by_source_and_repaired_when_asked(
    harvested: Harvest,
    typed: Type,
    folder: Path,
) -> None:
    harvested(*[TCVN3] * 3)

    said = typed("-C", folder, "records", "encodings", "--json").json
    shown = typed("-C", folder, "records", "encodings").err
    assert [one["repair"] for one in said["encodings"] if one["likely"]] == ["tcvn3"]
    assert 'repairs = ["safe", "tcvn3"]' in shown

    file = folder / "consortium.toml"
    file.write_text(file.read_text("utf-8") + 'repairs = ["safe", "tcvn3"]\n', "utf-8")
    titles = [row["title"] for row in records(typed, folder)]
    assert titles == ["Những nguyên tắc cần tuân thủ trong giáo trình toán cao cấp"] * 3


def test_a_source_in_unicode_is_in_no_old_encoding(harvested: Harvest, typed: Type) -> None:
    folder = harvested("Những nguyên tắc cần tuân thủ")

    assert "no source is likely" in typed("-C", folder, "records", "encodings").err


def test_repairs_are_shown_before_and_after(harvested: Harvest, typed: Type) -> None:
    folder = harvested("Th&amp;#432; vi&amp;#7879;n")

    (row,) = records(typed, folder)

    assert row["title"] == "Thư viện"
    assert [problem["code"] for problem in row["problems"]] == ["TEXT_REPAIRED"]
    assert "'Th&#432; vi&#7879;n' is read as 'Thư viện'" in str(row["problems"])


def test_an_unknown_repair_is_named(harvested: Harvest, typed: Type, folder: Path) -> None:
    harvested("A", settings='repairs = ["tcvn"]\n')

    said = typed("-C", folder, "records", "--source", "libol")

    assert said.code == 1
    assert "no text repair called 'tcvn'; did you mean 'tcvn3'?" in said.err
