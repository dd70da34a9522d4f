"""The sources of a consortium: listed, dropped and taken back, given to another library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Type
from tests.oai_server import Repository, serving

SETTINGS = """\
[consortium]
name = "Mẫu"   # a remark that stays

[[sources]]
name = "kho-a"
member = "tlu"     # whose it is
url = "{url}"
allowed_networks = ["127.0.0.1/32"]
"""


@pytest.fixture
def folder(tmp_path: Path, typed: Type) -> Iterator[Path]:
    with serving(Repository(size=9, deleted=frozenset({2}))) as url:
        (tmp_path / "consortium.toml").write_text(SETTINGS.format(url=url), "utf-8")
        assert typed("-C", tmp_path, "harvest").code == 0
        yield tmp_path


def test_sources_are_listed_with_what_they_brought(typed: Type, folder: Path) -> None:
    (row,) = typed("-C", folder, "sources", "--json").json["sources"]

    assert (row["source"], row["member"], row["live"], row["deleted"]) == ("kho-a", "tlu", 8, 1)
    assert row["last_status"] == "complete"
    assert "kho-a" in typed("-C", folder, "sources").out


def test_a_source_that_is_named_no_more_is_listed(typed: Type, folder: Path) -> None:
    (folder / "consortium.toml").write_text('[consortium]\nname = "Mẫu"\n', "utf-8")

    (row,) = typed("-C", folder, "sources", "--json").json["sources"]

    assert (row["source"], row["member"], row["live"]) == ("kho-a", None, 8)
    assert "not named any more" in typed("-C", folder, "sources").out
    assert typed("-C", folder, "sources", "drop", "kho-a").code == 0


def test_a_dry_run_drops_nothing(typed: Type, folder: Path) -> None:
    said = typed("-C", folder, "sources", "drop", "kho-a", "--dry-run")

    assert "8 records of kho-a would be dropped" in said.err
    assert typed("-C", folder, "sources", "--json").json["sources"][0]["live"] == 8


def test_a_source_is_dropped_and_taken_back(typed: Type, folder: Path) -> None:
    dropped = typed("-C", folder, "sources", "drop", "kho-a", "--json").json
    (between,) = typed("-C", folder, "sources", "--json").json["sources"]
    restored = typed("-C", folder, "sources", "restore", "kho-a", "--json").json
    (after,) = typed("-C", folder, "sources", "--json").json["sources"]

    assert (dropped["dropped"], restored["restored"]) == (8, 8)
    assert (between["live"], between["deleted"]) == (0, 9)
    assert (after["live"], after["deleted"]) == (8, 1)


def test_after_a_drop_the_next_harvest_asks_only_for_what_is_new(typed: Type, folder: Path) -> None:
    typed("-C", folder, "sources", "drop", "kho-a")

    (plan,) = typed("-C", folder, "harvest", "--dry-run", "--json").json["sources"]

    assert plan["since"] == "2026-01-31T07:59:59Z"


def test_a_source_is_given_to_another_library_and_nothing_else_changes(
    typed: Type, folder: Path
) -> None:
    before = (folder / "consortium.toml").read_text("utf-8")

    dry = typed("-C", folder, "sources", "assign", "kho-a", "msu", "--dry-run", "--json").json
    assert (folder / "consortium.toml").read_text("utf-8") == before
    done = typed("-C", folder, "sources", "assign", "kho-a", "msu", "--json").json

    assert (dry["before"], dry["member"], done["before"]) == ("tlu", "msu", "tlu")
    after = (folder / "consortium.toml").read_text("utf-8")
    assert after == before.replace('"tlu"', '"msu"')
    assert typed("-C", folder, "sources", "--json").json["sources"][0]["member"] == "msu"


def test_a_source_that_is_named_twice_is_harvested_once(typed: Type, folder: Path) -> None:
    assert len(typed("-C", folder, "harvest", "kho-a", "kho-a", "--json").json["sources"]) == 1


def test_a_source_is_not_given_to_nobody(typed: Type, folder: Path) -> None:
    before = (folder / "consortium.toml").read_text("utf-8")
    said = typed("-C", folder, "sources", "assign", "kho-a", " ")

    assert said.code == 1
    assert "sources[0].member: it is empty" in said.err
    assert (folder / "consortium.toml").read_text("utf-8") == before


@pytest.mark.parametrize("url", ["htp://lib.example/oai", "lib.example/oai", "sets.csv"])
def test_an_address_that_is_none_is_told_before_anybody_is_asked(
    typed: Type, tmp_path: Path, url: str
) -> None:
    (tmp_path / "consortium.toml").write_text(SETTINGS.format(url=url), "utf-8")
    said = typed("-C", tmp_path, "harvest", "--dry-run")

    assert said.code == 1
    assert f"consortium.toml:7: sources[0].url: '{url}' is not the address" in said.err


@pytest.mark.parametrize("words", [("drop", "x"), ("restore", "x"), ("assign", "x", "tlu")])
def test_a_source_nobody_knows_is_named(typed: Type, folder: Path, words: tuple[str, ...]) -> None:
    said = typed("-C", folder, "sources", *words, "--json")

    assert said.code == 1
    assert "'x'; there are: kho-a" in said.json["reason"]
