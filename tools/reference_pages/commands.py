"""The page of all commands."""

from __future__ import annotations

import contextlib
import io
import os

import click

from libconsortium import contributions
from libconsortium.cli.commands import COMMANDS
from libconsortium.cli.commands import libconsortium as libconsortium_command
from libconsortium.cli.run import run
from tools.reference_pages.markdown import GENERATED, page, text
from tools.reference_pages.plugins import our_plugins


def cli_page() -> str:
    """Return the page of all commands: what ``--help`` says."""
    said = ["# Commands", GENERATED, text(_help([])), _ABOUT_COMMANDS]
    for name in (*COMMANDS, *our_plugins().all(contributions.Command)):
        said += [f"## {name}", text(_help([name]))]
        for inner in _inner_commands(name):
            said += [f"### {name} {inner}", text(_help([name, inner]))]
    return page(said)


def _inner_commands(name: str) -> list[str]:
    context = click.Context(libconsortium_command)
    command = libconsortium_command.get_command(context, name)
    return command.list_commands(context) if isinstance(command, click.Group) else []


_ABOUT_COMMANDS = """\
## For every command

**Where.** A command works on the folder with `consortium.toml`: the folder you are in, or the one
that `-C` names. Files given to a command are looked for from the folder you are in; paths inside
`consortium.toml` start at its own folder. The options in the list above stand before the command:
`libconsortium -C my-federation --lang vi split journals 2027`.

**Exit codes.** 0: done. 1: error, told in one line on standard error (`--debug` shows the
traceback). 2: wrong usage. 130: stopped by Ctrl-C or SIGTERM.

**Output.** Results go to standard output, progress and remarks to standard error. With `--json`
standard output carries one JSON object, or one a line where rows are listed, each with a `schema`
number; also when something fails: `{"schema": 1, "error": {"kind": "…", "message": "…"}}`.

**Environment.** `LIBCONSORTIUM_LANG` (`vi` or `en`) is the language where `--lang` is not given;
else `LC_ALL`, `LC_MESSAGES` and `LANG` decide. `LIBCONSORTIUM_LOG` says what is logged to standard
error: `DEBUG`, `INFO`, `WARNING` (the default) or `ERROR`. The proxy settings of the environment
are not used: a harvest goes to the address that was checked."""


def _help(command: list[str]) -> str:
    os.environ["COLUMNS"] = "96"
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        run(["--lang", "en", *command, "--help"])
    return said.getvalue()
