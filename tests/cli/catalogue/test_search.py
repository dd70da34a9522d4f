"""Searching from the command line, from the records of three libraries to a page of results."""

from __future__ import annotations

from pathlib import Path

import pytest

from libconsortium import Consortium
from tests.cli.conftest import Type
from tests.cli.held import keep


def _titles(typed: Type, folder: Path, *words: object) -> list[str]:
    return [hit["title"] for hit in typed("-C", folder, "search", *words, "--json").json["hits"]]


def test_clustering_makes_the_catalogue_searchable(typed: Type, held: Path) -> None:
    said = typed("-C", held, "cluster").err

    assert "search index: 5 publications written, 0 removed, 0 as before" in said
    assert "are not in it" not in said
    assert _titles(typed, held, "truyen", "kieu") == ["Truyện Kiều", "Truyện Kiều : chú giải"]


def test_what_is_not_in_the_index_is_counted_every_time(typed: Type, tmp_path: Path) -> None:
    source = '[[sources]]\nname = "a"\nmember = "a"\nurl = "a.csv"\nharvester = "files"\n'
    (tmp_path / "consortium.toml").write_text(f'[consortium]\nname = "A"\n{source}', "utf-8")
    (tmp_path / "a.csv").write_text("id,title\n1,Sóng\n2,\n", "utf-8")
    typed("-C", tmp_path, "harvest")
    said = typed("-C", tmp_path, "cluster").err

    assert "1 publications are not in it: not shared, or without anything to show" in said
    assert typed("-C", tmp_path, "index", "--json").json["left_out"] == 1


def test_clustering_is_kept_when_the_index_cannot_be_made(typed: Type, held: Path) -> None:
    (held / "search.db").mkdir()

    said = typed("-C", held, "cluster", "--json")

    assert said.code == 0
    assert len(said.json["clusters"]) == 6
    assert "the search index could not be updated" in said.err


def test_a_hit_says_who_holds_it_and_where_its_title_is_from(typed: Type, built: Path) -> None:
    (hit,) = typed("-C", built, "search", "title:kieu -giải", "--json").json["hits"]

    assert [held["member"] for held in hit["held_by"]] == ["lib-an", "lib-binh"]
    assert hit["from"]["titles"]["member"] == "lib-an"
    assert hit["highlights"] == {"titles": [[[7, 11]]]}


def test_a_table_for_people_names_the_next_page(typed: Type, built: Path) -> None:
    said = typed("-C", built, "search", "--limit", 2, "--sort", "title", "--facet", "member").out

    assert "Đê biển Nam Định" in said
    assert "lib-binh              2" in said
    assert "5 publications found" in said
    key = said.rpartition("--after ")[2].strip()
    rest = typed("-C", built, "search", "--sort", "title", "--after", key).out
    assert "Đê biển Nam Định" not in rest
    assert "next page" not in rest


def test_details_say_which_library_gave_each_field_and_why(typed: Type, built: Path) -> None:
    said = typed("-C", built, "search", "title:kieu -giải", "--details").out

    assert "titles: Truyện Kiều   [lib-an: not all in capitals]" in said
    assert "not taken: TRUYỆN KIỀU   [binh oai:binh:0]" in said
    assert "identifiers: isbn 9786041000001   [lib-an: all values of all records]" in said
    assert "held by lib-binh: Sách; https://binh.example/0.pdf" in said


def test_lists_are_narrowed(typed: Type, built: Path) -> None:
    assert _titles(typed, built, "--member", "lib-binh", "--year", "2020..") == ["Đê biển Nam Định"]
    assert _titles(typed, built, "--type", "thesis") == ["Đê biển Nam Định"]
    assert _titles(typed, built, "--year", "..1969") == ["Truyện Kiều"]
    assert _titles(typed, built, "member:lib-cuong") == ["Truyện Kiều : chú giải"]


def test_a_word_with_a_minus_is_no_option_and_a_slip_is_one(typed: Type, built: Path) -> None:
    assert _titles(typed, built, "kiều", "-hải", "-giải") == ["Truyện Kiều"]
    assert typed("-C", built, "search", "kiều", "--memebr", "x").code == 2
    assert typed("-C", built, "search", "--year", "x").code == 2


def test_quotes_that_the_shell_took_are_put_back(typed: Type, built: Path) -> None:
    assert _titles(typed, built, "title:chú giải") == ["Truyện Kiều : chú giải"]
    assert _titles(typed, built, "title:giải chú") == []


def test_what_could_not_be_read_is_said(typed: Type, built: Path) -> None:
    said = typed("-C", built, "search", 'abstract:x "kiều')

    assert said.code == 0
    assert "there is no field 'abstract'" in said.err
    assert "not closed" in said.err


def test_every_facet_at_once(typed: Type, built: Path) -> None:
    facets = typed("-C", built, "search", "--facet", "all", "--json").json["facets"]

    assert facets["year"][0] == {"value": "1967", "count": 1}
    assert {one["value"]: one["count"] for one in facets["member"]} == {
        "lib-an": 3,
        "lib-binh": 2,
        "lib-cuong": 1,
    }


def test_there_is_nothing_to_search_before_clustering(typed: Type, held: Path) -> None:
    assert "run 'libconsortium index' first" in typed("-C", held, "search", "x").err
    assert "run 'libconsortium cluster' first" in typed("-C", held, "index").err


def test_what_a_member_withdraws_is_not_found_any_more(typed: Type, built: Path) -> None:
    settings = built / "consortium.toml"
    sharing = '\n[catalogue.sharing.lib-binh]\nlevel = "none"\n'
    settings.write_text(settings.read_text("utf-8") + sharing, "utf-8")

    said = typed("-C", built, "search", "đê")
    assert said.code == 1
    assert "run 'libconsortium index'" in said.err
    assert typed("-C", built, "index", "--json").json["rebuilt"] is True

    assert _titles(typed, built, "đê") == []
    (hit,) = typed("-C", built, "search", "title:kieu -giải", "--json").json["hits"]
    assert [held["member"] for held in hit["held_by"]] == ["lib-an"]
    assert b"binh" not in (built / "search.db").read_bytes()


def test_a_publication_called_by_a_hidden_record_stays_without_its_name(
    typed: Type, built: Path
) -> None:
    settings = built / "consortium.toml"
    sharing = "\n[catalogue.sharing.lib-an]\nembargo_until = 2999-01-01\n"
    settings.write_text(settings.read_text("utf-8") + sharing, "utf-8")

    assert typed("-C", built, "index", "--json").json["written"] == 3
    assert typed("-C", built, "index", "--json").json["written"] == 0

    (hit,) = typed("-C", built, "search", "title:kieu -giải", "--json").json["hits"]
    assert [held["member"] for held in hit["held_by"]] == ["lib-binh"]
    assert b"oai:an" not in (built / "search.db").read_bytes()


def test_an_index_in_postgresql_finds_the_same(typed: Type, built: Path, pg_url: str) -> None:
    expected = typed("-C", built, "search", "kiều", "--facet", "all", "--json").json
    settings = built / "consortium.toml"
    address = f'\n[catalogue]\nsearch = "{pg_url}"\n'
    settings.write_text(settings.read_text("utf-8") + address, "utf-8")

    assert typed("-C", built, "index").code == 0

    assert typed("-C", built, "search", "kiều", "--facet", "all", "--json").json == expected


def test_only_what_changed_is_indexed_again(typed: Type, built: Path) -> None:
    with Consortium.open(built) as consortium:
        keep(consortium.store, "cuong", [("Truyện Kiều : chú giải", "Nguyễn Du", "1971", "Sách")])

    said = typed("-C", built, "index", "--json").json

    assert (said["written"], said["unchanged"], said["rebuilt"]) == (1, 4, False)
    assert _titles(typed, built, "year:1971") == ["Truyện Kiều : chú giải"]


def test_an_index_can_be_deleted_and_made_again(typed: Type, built: Path) -> None:
    assert typed("-C", built, "index", "--delete", "--json").json["deleted"]
    assert typed("-C", built, "search", "x").code == 1
    assert "is empty now" in typed("-C", built, "index", "--delete").out
    assert typed("-C", built, "index", "--rebuild", "--json").json["written"] == 5


def test_another_backend_finds_the_same(typed: Type, built: Path) -> None:
    pytest.importorskip("tantivy")
    assert typed("-C", built, "index", "--backend", "tantivy").code == 0
    assert (built / "search-index").is_dir()

    found = typed("-C", built, "search", "kieu", "--backend", "tantivy", "--json").json

    assert found == typed("-C", built, "search", "kieu", "--json").json


def test_a_backend_that_lies_in_the_store_needs_such_a_store(typed: Type, built: Path) -> None:
    assert "which is elsewhere" in typed("-C", built, "search", "x", "--backend", "postgresql").err
    assert "no search index called" in typed("-C", built, "search", "x", "--backend", "paper").err


def test_a_file_is_searched_without_a_consortium(typed: Type, built: Path, tmp_path: Path) -> None:
    file = tmp_path / "consortium.db"

    said = typed("search", "--in", file, "kieu", "--json")

    assert [hit["title"] for hit in said.json["hits"]] == [
        "Truyện Kiều",
        "TRUYỆN KIỀU",
        "Truyện Kiều : chú giải",
    ]
    assert (tmp_path / "consortium.search.db").exists()
    assert typed("search", "--in", tmp_path / "none.db", "x").code == 1


def test_kinds_and_languages_are_asked_for_as_people_write_them(typed: Type, built: Path) -> None:
    for asked in (
        ["--type", "Sách"],
        ["loại:sách"],
        ["--language", "vie"],
        ["language:vietnamese"],
    ):
        plain = ["--type", "book"] if "ch" in asked[-1] else ["--language", "vi"]

        assert typed("-C", built, "search", *asked).out == typed("-C", built, "search", *plain).out


def test_a_value_that_no_publication_has_is_told_of(typed: Type, built: Path) -> None:
    said = typed("-C", built, "search", "--member", "lib-zz", "--type", "map", "--facet", "all")

    assert "no publication has --member 'lib-zz'; there are: lib-an, lib-binh" in said.err
    assert "--type 'map'; there are: book" in said.err
    assert said.out.split() == ["0", "publications", "found"]
    assert "--member 'LIB-AN'; there are" in typed("-C", built, "search", "--member", "LIB-AN").err
    assert "no publication has" not in typed("-C", built, "search", "--member", "lib-an", "xx").err
    assert "--place 'Sydney'; there are: " in typed("-C", built, "search", "--place", "Sydney").err


def test_a_year_that_is_none_is_quoted(typed: Type, built: Path) -> None:
    assert "not '20x5'" in typed("-C", built, "search", "--year", "20x5").err


@pytest.mark.parametrize(
    ("name", "begins"),
    [("o.xlsx", b"PK"), ("o.CSV", b"\xef\xbb\xbf"), ("o.html", b"<!doctype"), ("o", b"<!doctype")],
)
def test_the_ending_of_a_report_says_its_format(
    typed: Type, built: Path, name: str, begins: bytes
) -> None:
    assert typed("-C", built, "report", "overlap", "--into", built / name).code == 0
    assert (built / name).read_bytes().startswith(begins)
