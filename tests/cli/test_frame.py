"""The frame of the command line: help, languages, errors, exit codes."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from libconsortium.cli.commands import COMMANDS

from .conftest import Type

STARTS = (["-c", "import libconsortium"], ["-m", "libconsortium", "--help"])
HEAVY = ("requests", "lxml", "sickle", "sqlalchemy", "duckdb", "pyarrow", "babel", "rich")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_teaches_with_an_example(typed: Type, name: str) -> None:
    said = typed(name, "--help")

    assert said.code == 0
    assert "Examples:" in said.out
    assert f"libconsortium {name}" in said.out or f" {name} " in said.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_example_can_be_typed(
    monkeypatch: pytest.MonkeyPatch, typed: Type, name: str
) -> None:
    monkeypatch.setattr(click.Command, "invoke", lambda *_: None)  # read, and not done
    monkeypatch.setattr(click.Path, "convert", lambda _, value, *others: value)
    shown = typed(name, "--help").out.partition("Examples:")[2].splitlines()
    examples = [line.strip() for line in shown if line.startswith("  libconsortium")]

    for example in examples:
        words = shlex.split(re.split(r" [|>]+ |  #", example)[0])[1:]

        assert typed(*words).err == "", example


@pytest.mark.slow
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_outputs_that_the_caller_closed_are_no_error(tmp_path: Path, closed: str) -> None:
    (tmp_path / "a.csv").write_text("id,title\n1,Giải tích\n", "utf-8")
    command = shlex.join([sys.executable, "-m", "libconsortium", "cluster", "a.csv", "--csv", "-"])

    shell = ["sh", "-c", f"{command} {closed}"]
    done = subprocess.run(shell, cwd=tmp_path, check=False)

    assert done.returncode == 0


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_in_vietnamese(typed: Type, name: str) -> None:
    english, vietnamese = typed(name, "--help"), typed("--lang", "vi", name, "--help")

    assert "Ví dụ:" in vietnamese.out
    assert english.out != vietnamese.out


@pytest.mark.parametrize("command", ["clusters doubtful", "fetch-usage"])
def test_every_run_speaks_its_own_language(typed: Type, command: str) -> None:
    said = [
        typed("--lang", language, *command.split(), "--help").out for language in ("en", "vi", "en")
    ]

    assert {"FILE", "PATH", "DIRECTORY"} & set(said[0].split())
    assert not {"FILE", "PATH", "DIRECTORY"} & set(said[1].split())
    assert said[0] == said[2] != said[1]


def test_help_lists_the_commands_in_the_order_of_the_work(typed: Type) -> None:
    listed = typed("--help").out

    assert listed.index("  init ") < listed.index("  load ") < listed.index("  split ")


def test_every_command_of_ours_stands_under_a_heading_of_the_help(typed: Type) -> None:
    ours = typed("--help").out.partition("More, from plugins:")[0]

    assert [name for name in COMMANDS if f"\n  {name} " not in ours] == []


def test_an_unknown_command_is_wrong_usage(typed: Type) -> None:
    said = typed("splitt")

    assert said.code == 2
    assert "No such command 'splitt'" in said.err


def test_wrong_usage_is_said_in_the_readers_language(typed: Type) -> None:
    said = typed("--lang", "vi", "split")

    assert said.code == 2
    assert "hãy cho" in said.err.lower()


def test_an_error_is_one_line_and_status_1(typed: Type, tmp_path: object) -> None:
    said = typed("-C", tmp_path, "load", "--undo")

    assert said.code == 1
    assert said.err.startswith("error: ")
    assert said.err.count("\n") == 1


def test_an_error_for_programs_is_json_too(typed: Type, tmp_path: object) -> None:
    said = typed("-C", tmp_path, "overlap", "--json")

    assert said.code == 1
    assert said.json["schema"] == 1
    assert said.json["error"]["kind"] == "SettingsError"


def test_wrong_usage_for_programs_is_json_too(typed: Type) -> None:
    said = typed("split", "--json")

    assert said.code == 2
    assert said.json["error"]["kind"] == "UsageError"


def test_underscores_do_as_well_as_hyphens(typed: Type) -> None:
    assert typed("demo_servers", "--help").code == 0


def test_a_mistake_of_ours_is_one_line_without_debug(
    typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("libconsortium.cli.frame.Terminal.registry", lambda _: 1 / 0)

    said = typed("presets")

    assert said.code == 1
    assert "ZeroDivisionError" in said.err
    assert "--debug" in said.err


def test_debug_shows_the_traceback(typed: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("libconsortium.cli.frame.Terminal.registry", lambda _: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        typed("--debug", "presets")


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    done = subprocess.run(  # noqa: S602 - a pipe that closes early needs a shell
        f"set -o pipefail; {sys.executable} -m libconsortium presets vn-vla | true",
        shell=True,
        executable="bash",
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0
    assert done.stderr == ""


def test_1_output_that_cannot_be_written_is_one_line() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "libconsortium", "presets", "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert done.returncode == 1
    assert done.stderr.startswith("error: cannot write: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", STARTS)
def test_starting_loads_nothing_heavy(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        capture_output=True,
        text=True,
        check=True,
    )

    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert loaded.isdisjoint(HEAVY)


def test_click_is_asked_for_the_words_we_translate() -> None:
    from pathlib import Path

    import click

    from libconsortium.cli.click_texts import PLURALS, TEXTS

    source = "".join(path.read_text("utf-8") for path in Path(click.__file__).parent.glob("*.py"))
    texts = (*TEXTS, *(text for forms in PLURALS for text in forms))
    missing = [text for text in texts if json.dumps(text)[1:-1] not in source]

    assert not missing


STOPPED_AT = """
import os, signal, sys
class Stop:
    def find_spec(self, name, *_):
        if name == sys.argv[1]:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Stop())
from libconsortium.cli import main
main(["usage", "--help"])
"""


@pytest.mark.parametrize(
    "module", ["libconsortium.cli.run", "click", "attrs", "libconsortium.cli.commands"]
)
def test_stopped_while_modules_are_loaded_it_ends_quietly(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STOPPED_AT, module], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_stopped_at_work_it_says_so_in_one_line_and_ends_with_130() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STOPPED_AT, "libconsortium.cli.usage.usage"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LIBCONSORTIUM_LANG": "en"},
    )

    assert done.returncode == 130
    assert done.stderr.strip().startswith("error: stopped; run the same command again")
    assert done.stderr.strip().count("\n") == 0
