"""Whose sentences are said in Vietnamese: ours, and those of installed plugins."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo

from libconsortium import translator
from libconsortium.cli.run import run

Make = Callable[[dict[str, str]], Path]

CODE = """
import click
from libconsortium import Command, hookimpl


@click.group("our-lists")
def ours():
    \"""Make our lists.

    One for each branch.
    \"""


@ours.command()
@click.option("--branch", help="Which branch.")
def write(branch):
    \"""Write one.\"""


@hookimpl
def consortium_commands():
    yield Command(name="our-lists", summary="Our own lists", load=lambda: ours)
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Install a plugin, the package ``our_lists``, with these translations."""

    def made(translations: dict[str, str]) -> Path:
        package = tmp_path / "our_lists"
        folder = package / "locale" / "vi" / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (package / "__init__.py").write_text(CODE, encoding="utf-8")
        (folder / "our_lists.mo").write_bytes(compiled(translations))
        told = tmp_path / "our_lists-1.dist-info"
        told.mkdir()
        (told / "METADATA").write_text("Name: our-lists\nVersion: 1\n", encoding="utf-8")
        (told / "entry_points.txt").write_text("[libconsortium]\nlists = our_lists\n", "utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        translator.cache_clear()
        return package

    yield made
    sys.modules.pop("our_lists", None)
    translator.cache_clear()


def compiled(translations: dict[str, str]) -> bytes:
    catalog, file = Catalog("vi"), io.BytesIO()
    for text, translation in translations.items():
        catalog.add(text, translation)
    write_mo(file, catalog)
    return file.getvalue()


def test_a_plugins_sentence_is_said_without_loading_the_plugin(install: Make) -> None:
    install({"our own sentence": "câu của chúng tôi"})

    assert translator("vi")("our own sentence") == "câu của chúng tôi"
    assert translator("en")("our own sentence") == "our own sentence"
    assert "our_lists" not in sys.modules


def test_a_plugin_cannot_change_what_we_say(install: Make) -> None:
    before = translator("vi")("running")
    install({"running": "bị đổi", "our own sentence": "câu"})

    assert translator("vi")("our own sentence") == "câu"
    assert translator("vi")("running") == before != "running"


def test_the_help_of_a_plugins_command_is_said_in_the_readers_language(
    install: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    install(
        {
            "Our own lists": "Danh sách của chúng tôi",
            "Make our lists.\n\nOne for each branch.": "Lập danh sách.\n\nMỗi chi nhánh một bản.",
            "Write one.": "Ghi một bản.",
            "Which branch.": "Chi nhánh nào.",
        }
    )
    said = {}
    for line in ("--help", "our-lists --help", "our-lists write --help"):
        for language in ("en", "vi", "en"):
            assert run(["--lang", language, *line.split()]) == 0
            said[line, language] = capsys.readouterr().out

    assert "Danh sách của chúng tôi" in said["--help", "vi"]
    assert "Mỗi chi nhánh một bản." in said["our-lists --help", "vi"]
    assert "Ghi một bản." in said["our-lists --help", "vi"]
    assert "Chi nhánh nào." in said["our-lists write --help", "vi"]
    assert "Hiện trợ giúp này rồi thoát." in said["our-lists write --help", "vi"]
    assert "Write one." in said["our-lists --help", "en"]
    assert "Which branch." in said["our-lists write --help", "en"]


@pytest.mark.parametrize("damaged", [b"", b"not a catalogue", b"\xde\x12\x04\x95" + b"\xff" * 40])
def test_a_damaged_catalogue_is_left_out(
    install: Make, caplog: pytest.LogCaptureFixture, damaged: bytes
) -> None:
    package = install({})
    (package / "locale" / "vi" / "LC_MESSAGES" / "our_lists.mo").write_bytes(damaged)

    assert translator("vi")("our own sentence") == "our own sentence"
    assert translator("vi")("running") != "running"
    assert "our_lists" in caplog.text


def test_a_plugin_without_translations_speaks_english(install: Make) -> None:
    package = install({})
    (package / "locale" / "vi" / "LC_MESSAGES" / "our_lists.mo").unlink()

    assert translator("vi")("our own sentence") == "our own sentence"
