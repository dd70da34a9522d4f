"""What leaves the house holds what each member shares; the office's own view is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from libconsortium import Audience, Consortium
from libconsortium.consortium.titles import _held
from tests.cli.conftest import Type

SECRET = "Đê biển Nam Định"  # only lib-binh has it


def share(folder: Path, library: str, rule: str) -> None:
    settings = folder / "consortium.toml"
    table = f"\n[catalogue.sharing.{library}]\n{rule}\n"
    settings.write_text(settings.read_text("utf-8") + table, "utf-8")


@pytest.fixture
def closed(built: Path) -> Path:
    """Return the consortium in which lib-binh shares nothing."""
    share(built, "lib-binh", 'level = "none"')
    return built


def test_an_overlap_does_not_count_what_is_not_shared(typed: Type, closed: Path) -> None:
    said = typed("-C", closed, "overlap", "--json").json
    own = typed("-C", closed, "overlap", "--office", "--json").json

    assert [row["member"] for row in said["members"]] == ["lib-an", "lib-cuong"]
    assert said["members"][0] == {
        "member": "lib-an", "titles": 3, "unique": 3, "unique_percent": 100.0,
    }  # fmt: skip
    assert said["withheld"] == ["lib-binh"]
    assert [row["member"] for row in own["members"]] == ["lib-an", "lib-binh", "lib-cuong"]
    assert (own["members"][0]["unique"], own["withheld"]) == (2, [])
    assert "lib-binh" in typed("-C", closed, "overlap").err


def test_an_embargo_of_years_takes_titles_from_the_count(typed: Type, built: Path) -> None:
    share(built, "lib-binh", "embargo_years = 20")

    said = typed("-C", built, "overlap", "--json").json

    assert {row["member"]: row["titles"] for row in said["members"]} == {
        "lib-an": 3, "lib-binh": 1, "lib-cuong": 1,
    }  # fmt: skip
    assert said["withheld"] == ["lib-binh"]


@pytest.mark.parametrize("form", ["csv", "html", "xlsx"])
def test_a_report_names_nobody_who_shares_nothing_unless_it_is_the_offices(
    typed: Type, closed: Path, tmp_path: Path, form: str
) -> None:
    path, own = tmp_path / f"a.{form}", tmp_path / f"b.{form}"

    typed("-C", closed, "report", "overlap", "--format", form, "--into", path)
    typed("-C", closed, "report", "overlap", "--office", "--format", form, "--into", own)

    assert path.read_bytes() != own.read_bytes()
    if form == "csv":
        assert "lib-binh" not in path.read_text("utf-8")
        assert "lib-binh" in own.read_text("utf-8")
    if form == "html":
        assert "do not share with others: lib-binh" in path.read_text("utf-8")


@pytest.mark.parametrize("form", ["jsonl", "csv", "marcxml", "iso2709", "solr"])
def test_exported_records_leave_out_what_is_not_shared(
    typed: Type, closed: Path, tmp_path: Path, form: str
) -> None:
    path, own = tmp_path / "others", tmp_path / "office"

    said = typed("-C", closed, "export", "--format", form, "--into", path)
    typed("-C", closed, "export", "--format", form, "--office", "--into", own)

    assert SECRET not in path.read_text("utf-8")
    assert SECRET in own.read_text("utf-8")
    assert (said.code, "2 records of binh are left out" in said.err) == (0, True)


def test_withheld_fields_do_not_go_out_with_the_bytes_as_they_came(
    typed: Type, held: Path, tmp_path: Path
) -> None:
    marc = tmp_path / "marc.xml"
    marc.write_text(
        '<collection xmlns="http://www.loc.gov/MARC21/slim"><record><leader>00000nam a2200000'
        ' a 4500</leader><controlfield tag="001">m1</controlfield><datafield tag="245" ind1="0"'
        ' ind2="0"><subfield code="a">Sóng</subfield></datafield><datafield tag="520" ind1=" "'
        ' ind2=" "><subfield code="a">Tóm tắt kín</subfield></datafield></record></collection>',
        "utf-8",
    )
    settings = held / "consortium.toml"
    source = (
        f'[[sources]]\nname = "dung"\nmember = "lib-dung"\nurl = "{marc}"\nharvester = "files"\n'
    )
    settings.write_text(settings.read_text("utf-8") + source, "utf-8")
    share(held, "lib-dung", 'level = "metadata"')
    assert typed("-C", held, "harvest", "dung").code == 0

    asked = ("-C", held, "export", "--member", "lib-dung", "--format", "marcxml")
    typed(*asked, "--into", tmp_path / "others.xml")
    typed(*asked, "--office", "--into", tmp_path / "office.xml")

    others = (tmp_path / "others.xml").read_text("utf-8")
    assert ("Sóng" in others, "Tóm tắt kín" in others) == (True, False)
    assert "Tóm tắt kín" in (tmp_path / "office.xml").read_text("utf-8")


def test_the_office_searches_an_index_of_its_own(typed: Type, closed: Path) -> None:
    asked = ("-C", closed, "search", "đê biển", "--json")

    unmade = typed(*asked, "--office")
    assert typed("-C", closed, "index").code == 0
    assert typed("-C", closed, "index", "--office").code == 0

    assert unmade.code == 1
    assert "index --office" in unmade.json["reason"]
    assert typed(*asked).json["total"] == 0
    (hit,) = typed(*asked, "--office").json["hits"]
    assert (hit["title"], [one["member"] for one in hit["held_by"]]) == (SECRET, ["lib-binh"])


def test_union_records_of_the_office_hold_everything(
    typed: Type, closed: Path, tmp_path: Path
) -> None:
    def members(*more: str) -> set[str]:
        path = tmp_path / "union.jsonl"
        typed("-C", closed, "export", "--union", *more, "--into", path)
        rows = map(json.loads, path.read_text("utf-8").splitlines())
        return {held["member"] for row in rows for held in row["held_by"]}

    assert members() == {"lib-an", "lib-cuong"}
    assert members("--office") == {"lib-an", "lib-binh", "lib-cuong"}


def test_lists_of_titles_are_not_held_against_what_is_not_shared(closed: Path) -> None:
    with Consortium.open(closed) as consortium:
        others, office = (_held(consortium, audience) for audience in Audience)

    assert "lib-binh" not in others
    assert office["lib-binh"] == {"9786041000001"}
    assert others["lib-an"] == office["lib-an"]
