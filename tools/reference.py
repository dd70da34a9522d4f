"""Write the reference pages that the code itself knows, or check that they are up to date.

``python tools/reference.py update`` writes ``docs/reference/{cli,hooks,settings,facts}.md``;
``python tools/reference.py check`` names the pages that differ and changes nothing.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import attrs

from libconsortium import FACT_KINDS, contributions, hookspecs
from libconsortium.cli.frame import COMMANDS
from libconsortium.cli.run import run
from libconsortium.core.landed_cost import FxRate, TaxProfile
from libconsortium.core.policies import (
    DriverRule,
    LimitRule,
    MixTerm,
    Policy,
    RoundingRule,
    SponsorRule,
)
from libconsortium.core.sources import HarvestSource
from libconsortium.settings import AboutSettings, BillSettings

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
_ARGUMENT = re.compile(r"^    (\w+): (.*(?:\n {8,}.*)*)", re.MULTILINE)
_GENERATED = (
    "<!-- Written by `python tools/reference.py update`; change the code, not this page. -->"
)


def main(task: str) -> int:
    """Do one of the two tasks; return the exit code."""
    stale = [name for name, page in PAGES.items() if not _is_current(name, page())]
    if task == "update":
        for name in stale:
            (REFERENCE / name).write_text(PAGES[name](), encoding="utf-8")
    print(
        f"{len(PAGES)} pages, {len(stale)} {'written' if task == 'update' else 'stale'}: {', '.join(stale) or '-'}"
    )
    return 1 if stale and task == "check" else 0


def cli_page() -> str:
    """Return the page of all commands: what ``--help`` says."""
    said = ["# Commands", _GENERATED, _text(_help([])), EXIT_CODES]
    for name in COMMANDS:
        said += [f"## {name}", _text(_help([name]))]
    return _page(said)


EXIT_CODES = """\
Exit codes are the same everywhere: 0 done; 1 error, with one line on standard error (`--debug` shows the traceback); 2 wrong
usage. With `--json` standard output always carries JSON with a `schema` number, also when something fails:
`{"schema": 1, "error": {"kind": "…", "message": "…"}}`. Progress and remarks go to standard error."""


def hooks_page() -> str:
    """Return the page of all hooks and the records they yield."""
    said = [
        "# Hooks",
        _GENERATED,
        "A hook takes no argument and yields named records. Put `@hookimpl` on a function with the hook's name in a module, register"
        " the module under the entry-point group `libconsortium`, and `libconsortium plugins` shows it. How-to:"
        " [write a cost model](../how-to/write-a-cost-model.md).",
    ]
    for name, hook in inspect.getmembers(hookspecs, inspect.isfunction):
        if name.startswith("consortium_"):
            record = get_args(
                get_type_hints(hook, vars(hookspecs) | {"contributions": contributions})["return"]
            )[0]
            said += [
                f"## {name}",
                inspect.getdoc(hook) or "",
                f"Yields `{record.__name__}`:",
                _fields(record),
            ]
    return _page(said)


def settings_page() -> str:
    """Return the page of consortium.toml and of policy files."""
    said = [
        "# Settings",
        _GENERATED,
        "A consortium's folder holds `consortium.toml` and the policy files it names.",
    ]
    for heading, record in SETTINGS.items():
        said += [f"## {heading}", _first(record), _fields(record)]
    return _page(said)


SETTINGS: dict[str, type[Any]] = {
    "consortium.toml: [consortium]": AboutSettings,
    "consortium.toml: [[sources]]": HarvestSource,
    "consortium.toml: [[bills]]": BillSettings,
    "consortium.toml: exchange of a bill": FxRate,
    "consortium.toml: tax of a bill": TaxProfile,
    "policy file": Policy,
    "policy file: [drivers]": DriverRule,
    "policy file: [sponsor]": SponsorRule,
    "policy file: [[mix]]": MixTerm,
    "policy file: [limits]": LimitRule,
    "policy file: [rounding]": RoundingRule,
}


def facts_page() -> str:
    """Return the page of the kinds of facts, with their columns."""
    said = [
        "# Facts",
        _GENERATED,
        "Each kind of fact is a CSV file or a sheet of its name, or an array of tables in TOML; `libconsortium load` reads all three."
        " Columns in bold make a fact the same fact; days are inclusive, an empty day means no bound.",
    ]
    for name, kind in FACT_KINDS.items():
        said += [f"## {name}", _first(kind.record), _fields(kind.record, bold=kind.key)]
    return _page(said)


PAGES: dict[str, Callable[[], str]] = {
    "cli.md": cli_page,
    "facts.md": facts_page,
    "hooks.md": hooks_page,
    "settings.md": settings_page,
}


def _help(command: list[str]) -> str:
    os.environ["COLUMNS"] = "96"
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        run(["--lang", "en", *command, "--help"])
    return said.getvalue()


def _fields(record: type[Any], bold: tuple[str, ...] = ()) -> str:
    meaning = dict(_arguments(record))
    rows = ["| name | meaning | if left out |", "|---|---|---|"]
    for field in attrs.fields(record):
        name = f"**`{field.name}`**" if field.name in bold else f"`{field.name}`"
        rows.append(f"| {name} | {meaning.get(field.name, '')} | {_default(field)} |")
    return "\n".join(rows)


def _arguments(record: type[Any]) -> Iterator[tuple[str, str]]:
    for parent in reversed(record.__mro__):
        for name, meaning in _ARGUMENT.findall(inspect.getdoc(parent) or ""):
            yield name, " ".join(meaning.replace("``", "`").replace("|", "\\|").split())


def _default(field: attrs.Attribute[Any]) -> str:
    default = field.default
    if default is attrs.NOTHING:
        return "must be given"
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type] # a class at run time
        return "empty"
    return f"`{default}`" if str(default) and default is not None else "empty"


def _first(record: type[Any]) -> str:
    return (inspect.getdoc(record) or "").partition("\n\n")[0].replace("``", "`")


def _text(said: str) -> str:
    return f"```text\n{said.rstrip()}\n```"


def _page(said: list[str]) -> str:
    return "\n\n".join(part for part in said if part) + "\n"


def _is_current(name: str, page: str) -> bool:
    path = REFERENCE / name
    return path.exists() and path.read_text(encoding="utf-8") == page


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
