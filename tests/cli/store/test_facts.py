"""Facts in and out of the store, from the command line."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Type

WRONG = "library,name,period,value\ndh-a,fte,2024,lots\ndh-b,fte,2024,21000\n"


def test_loading_twice_changes_nothing(typed: Type, folder: Path) -> None:
    said = typed("-C", folder, "load", folder / "facts", "--json")

    assert said.json["changes"] == []
    assert said.json["unchanged"] > 20


def test_a_dry_run_says_what_would_change_and_changes_nothing(typed: Type, folder: Path) -> None:
    changed = folder / "measures.csv"
    changed.write_text("library,name,period,value\ndh-a,fte,2024,41000\n", "utf-8")

    first = typed("-C", folder, "load", changed, "--dry-run", "--json").json["changes"]
    second = typed("-C", folder, "load", changed, "--dry-run", "--json").json["changes"]

    assert first == second
    assert [(change["kind"], change["what"]) for change in first] == [("measures", "changed")]
    assert "value" in first[0]["columns"]


def test_a_wrong_row_stops_the_load_and_names_its_place(typed: Type, folder: Path) -> None:
    wrong = folder / "measures.csv"
    wrong.write_text(
        "library,name,period,value\ndh-a,fte,2024,lots\ndh-b,fte,2024,21000\n", "utf-8"
    )

    said = typed("-C", folder, "load", wrong)

    assert said.code == 1
    assert "measures.csv:2" in said.err
    assert "'lots'" in said.err


def test_bad_rows_can_be_skipped(typed: Type, folder: Path) -> None:
    wrong = folder / "measures.csv"
    wrong.write_text(
        "library,name,period,value\ndh-a,fte,2024,lots\ndh-b,fte,2024,21000\n", "utf-8"
    )

    said = typed("-C", folder, "load", wrong, "--skip-bad-rows", "--json")

    assert said.code == 0
    assert [change["key"][0] for change in said.json["changes"]] == ["dh-b"]


def test_undo_takes_the_last_load_back(typed: Type, folder: Path) -> None:
    more = folder / "libraries.csv"
    more.write_text("id,name\nnew,New\n", "utf-8")
    typed("-C", folder, "load", more)

    said = typed("-C", folder, "load", "--undo", "--json")

    assert said.json["undone"] == 2
    assert typed("-C", folder, "load", more, "--dry-run", "--json").json["changes"] != []


def test_what_is_exported_loads_again_as_it_was(typed: Type, folder: Path, tmp_path: Path) -> None:
    assert typed("-C", folder, "export", "--into", tmp_path / "out").code == 0

    said = typed("-C", folder, "load", tmp_path / "out", "--json")

    assert said.json["changes"] == []


def test_a_backup_restores_into_another_folder(typed: Type, folder: Path, tmp_path: Path) -> None:
    typed("-C", folder, "split", "csdl-vi-du-2025", 2025)
    typed("-C", folder, "backup", tmp_path / "all.zip")
    typed("init", tmp_path / "other")

    assert typed("-C", tmp_path / "other", "restore", tmp_path / "all.zip").code == 0

    assert typed("-C", tmp_path / "other", "load", folder / "facts", "--json").json["changes"] == []


def test_restoring_over_something_is_refused(typed: Type, folder: Path, tmp_path: Path) -> None:
    typed("-C", folder, "backup", tmp_path / "all.zip")

    said = typed("-C", folder, "restore", tmp_path / "all.zip")

    assert said.code == 1


def test_a_sheet_of_notes_does_not_stop_the_load(typed: Type, folder: Path) -> None:
    extra = folder / "more"
    extra.mkdir()
    (extra / "notes.csv").write_text("remember,this\na,b\n", "utf-8")
    (extra / "libraries.csv").write_text("id,name\nnew,New\n", "utf-8")

    said = typed("-C", folder, "load", extra, "--json")

    assert said.code == 0
    assert [change["key"] for change in said.json["changes"]] == [["new"]]


def test_a_file_of_no_kind_asked_for_by_name_is_an_error(typed: Type, folder: Path) -> None:
    (folder / "thing.csv").write_text("a,b\n1,2\n", "utf-8")

    said = typed("-C", folder, "load", folder / "thing.csv")

    assert said.code == 1
    assert "thing" in said.err
