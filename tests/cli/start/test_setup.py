"""Starting a consortium, presets and plugins."""

from __future__ import annotations

from pathlib import Path

from libconsortium import read_settings
from tests.cli.conftest import Type


def test_init_writes_settings_that_can_be_read(typed: Type, tmp_path: Path) -> None:
    said = typed("init", tmp_path / "mine")

    assert said.code == 0
    assert read_settings(tmp_path / "mine").file.consortium.name == "mine"


def test_init_overwrites_nothing(typed: Type, tmp_path: Path) -> None:
    typed("init", tmp_path)
    (tmp_path / "consortium.toml").write_text("mine")

    said = typed("init", tmp_path)

    assert said.code == 1
    assert "exists already" in said.err
    assert (tmp_path / "consortium.toml").read_text() == "mine"


def test_a_dry_run_of_init_writes_nothing(typed: Type, tmp_path: Path) -> None:
    typed("init", tmp_path / "mine", "--dry-run")

    assert not (tmp_path / "mine").exists()


def test_an_unknown_preset_suggests_the_nearest(typed: Type, tmp_path: Path) -> None:
    said = typed("init", tmp_path / "mine", "--preset", "vn-dhk")

    assert "did you mean 'vn-dkh'?" in said.err


def test_a_name_with_quotes_makes_settings_that_can_be_read(typed: Type, tmp_path: Path) -> None:
    typed("init", tmp_path / 'a "b" \\c')

    assert read_settings(tmp_path / 'a "b" \\c').file.consortium.name == 'a "b" \\c'


def test_presets_are_listed_and_printed(typed: Type) -> None:
    assert "vn-red-river-delta" in typed("presets").out
    assert "[[federations]]" in typed("presets", "vn-red-river-delta").out


def test_plugins_say_where_they_come_from_and_what_they_give(typed: Type) -> None:
    plugins = {plugin["name"]: plugin for plugin in typed("plugins", "--json").json["plugins"]}

    assert plugins["cost-sharing"]["distribution"] == "libconsortium"
    assert "cost model equal" in plugins["cost-sharing"]["gives"]


def test_a_plugin_left_out_is_shown_so(typed: Type) -> None:
    said = typed("--without", "vietnam", "plugins", "--json")

    states = {plugin["name"]: plugin["state"] for plugin in said.json["plugins"]}
    assert states["vietnam"] == "left out"


def test_completion_prints_a_script(typed: Type) -> None:
    assert "_LIBCONSORTIUM_COMPLETE" in typed("completion", "zsh").out


def test_without_a_preset_there_are_tables_to_fill_in(typed: Type, tmp_path: Path) -> None:
    typed("init", tmp_path / "mine")

    said = typed("-C", tmp_path / "mine", "load", tmp_path / "mine" / "facts", "--json")

    assert said.code == 0
    assert (tmp_path / "mine" / "facts" / "libraries.csv").read_text("utf-8").startswith("id,name")
