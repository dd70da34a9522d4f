"""Provinces of now and before, from the command line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.conftest import Type


@pytest.fixture(name="places")
def _places(typed: Type, built: Path) -> dict[str, object]:
    return dict(typed("-C", built, "places", "--json").json)


def test_provinces_are_counted_by_both_names(places: dict[str, object]) -> None:
    assert places["tagged"] == 2
    assert places["place"] == {"Hải Phòng": 1, "Ninh Bình": 1}
    assert places["place-before"] == {"Hải Dương": 1, "Nam Định": 1}


def test_tables_for_people(typed: Type, built: Path) -> None:
    assert "Ninh Bình 1" in " ".join(typed("-C", built, "places").out.split())
    said = typed("-C", built, "places", "--before").out
    assert "Nam Định" in said
    assert "2 of 5 publications speak of a province; 0 doubts" in said


def test_every_tag_has_its_evidence(typed: Type, built: Path, tmp_path: Path) -> None:
    path = tmp_path / "places.csv"

    assert typed("-C", built, "places", "--evidence", "--csv", path).code == 0

    rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    assert [(row["words"], row["field"], row["rule"]) for row in rows] == [
        ("Hải Dương", "titles", "the name after a sign"),
        ("Nam Định", "titles", "the name"),
    ]
    assert typed("-C", built, "places", "--doubts", "--json").json["rows"] == []
    assert "the name after a sign" in typed("-C", built, "places", "--evidence").out


def test_search_finds_by_the_name_of_now_and_of_before(typed: Type, built: Path) -> None:
    for place in ("Hải Phòng", "Hải Dương", "hai duong"):
        said = typed("-C", built, "search", "--place", place, "--facet", "place-before", "--json")
        assert [hit["title"] for hit in said.json["hits"]] == ["Lịch sử tỉnh Hải Dương"]
        assert said.json["facets"]["place-before"] == [{"value": "Hải Dương", "count": 1}]


def test_a_text_can_be_tried_without_a_consortium(typed: Type, tmp_path: Path) -> None:
    asked = ("-C", tmp_path, "places", "--try")

    tried = typed(*asked, "Địa chí tỉnh Hà Bắc, Hòa Bình", "--year", 1990, "--json").json
    assert tried["place"] == ["Bắc Ninh"]
    assert tried["doubts"][0]["words"] == "Hòa Bình"
    assert "may" not in typed(*asked, "Truyện Kiều").out
    assert "no province is named" in typed(*asked, "Truyện Kiều").out
    said = typed(*asked, "Hòa Bình của Huế", "--year", 1990).out
    assert "doubtful: 'Hòa Bình' (Hòa Bình): also an ordinary word" in said
    assert "Huế" in said


def test_the_table_can_be_edited_and_the_search_follows(typed: Type, built: Path) -> None:
    printed = typed("-C", built, "places", "--table").out
    own = printed.replace('name = "Nam Định"', 'name = "Nam Định"\nonly_with_sign = true')
    (built / "places.toml").write_text(own, "utf-8")
    settings = built / "consortium.toml"
    text = settings.read_text("utf-8") + '\n[catalogue]\nplaces = "places.toml"\n'
    settings.write_text(text, "utf-8")

    assert typed("-C", built, "places", "--json").json["place"] == {"Hải Phòng": 1}
    assert typed("-C", built, "search", "đê").code == 1
    assert typed("-C", built, "index").code == 0
    assert typed("-C", built, "search", "place:nam-dinh", "--json").json["total"] == 0
    assert "only_with_sign = true" in typed("-C", built, "places", "--table").out


def test_a_mistake_in_the_table_is_named_with_its_line(typed: Type, built: Path) -> None:
    (built / "places.toml").write_text(
        'changed = 2025-07-01\nprovinces = [{ name = "Huế" }]\n'
        '[[former]]\nname = "Hà Tây"\nnow = ["Hà Nội"]\n',
        "utf-8",
    )
    settings = built / "consortium.toml"
    text = settings.read_text("utf-8") + '\n[catalogue]\nplaces = "places.toml"\n'
    settings.write_text(text, "utf-8")

    said = typed("-C", built, "places").err

    assert "places.toml:5" in said
    assert "no province of now is called 'Hà Nội'" in said


def test_no_table_means_no_places(typed: Type, built: Path) -> None:
    settings = built / "consortium.toml"
    settings.write_text(settings.read_text("utf-8") + '\n[catalogue]\nplaces = ""\n', "utf-8")

    assert "no table of places is named" in typed("-C", built, "places").err
    assert typed("-C", built, "index").code == 0
    assert typed("-C", built, "search", "place:nam-dinh", "--json").json["total"] == 0


def test_a_file_that_cannot_be_written_is_named(typed: Type, built: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    said = typed(
        "-C", built, "places", "--evidence", "--csv", tmp_path / "file" / "a.csv", "--json"
    )

    assert said.code == 1
    assert said.json["reason"].startswith("cannot write ")
    assert "file/a.csv: " in said.json["reason"]


def test_a_field_can_be_tried(typed: Type, tmp_path: Path) -> None:
    asked = ("-C", tmp_path, "places", "--try", "Hòa Bình", "--year", 2004, "--json", "--field")

    assert typed(*asked, "coverage").json["place-before"] == ["Hòa Bình"]
    assert typed(*asked, "titles").json["tags"] == []
    assert "it looks at: titles, subjects" in typed(*asked, "colour").json["reason"]
