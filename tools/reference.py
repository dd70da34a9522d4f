"""Write the reference pages that the code itself knows, or check that they are up to date.

``python tools/reference.py update`` writes the pages of ``PAGES`` into ``docs/reference``;
``python tools/reference.py check`` names the pages that differ and changes nothing.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import attrs
import click
from sphinx.pycode import ModuleAnalyzer

import libconsortium
from libconsortium import (
    FACT_KINDS,
    Money,
    Quantity,
    Registry,
    contributions,
    hookspecs,
    messages,
    registry,
)
from libconsortium.cli.commands import COMMANDS
from libconsortium.cli.commands import libconsortium as libconsortium_command
from libconsortium.cli.run import run
from libconsortium.core import errors
from libconsortium.core.buying.landed_cost import FxRate, TaxProfile
from libconsortium.core.catalogue.sharing_policies import SharingPolicy
from libconsortium.core.harvest.sources import HarvestSource
from libconsortium.core.sharing.bands import Band
from libconsortium.core.sharing.drivers import DriverRule
from libconsortium.core.sharing.fees import FeeRule
from libconsortium.core.sharing.mixes import Inside, MixTerm, StrataRule
from libconsortium.core.sharing.policies import (
    LimitRule,
    Policy,
    RoundingRule,
    SponsorRule,
)
from libconsortium.settings import AboutSettings, BillSettings, CatalogueSettings

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
_ARGUMENT = re.compile(r"^    (\w+): (.*(?:\n {8,}.*)*)", re.MULTILINE)
_GENERATED = (
    "<!-- Written by `python tools/reference.py update`; change the code, not this page. -->"
)


def main(task: str) -> int:
    """Do one of the two tasks; return the exit code."""
    stale = stale_pages()
    if task == "update":
        for name in stale:
            (REFERENCE / name).write_text(PAGES[name](), encoding="utf-8")
    done = "written" if task == "update" else "stale"
    print(f"{len(PAGES)} pages, {len(stale)} {done}: {', '.join(stale) or '-'}")
    return 1 if stale and task == "check" else 0


def stale_pages() -> list[str]:
    """Return the names of the pages that are not what the code says now."""
    return [name for name, page in PAGES.items() if not _is_current(name, page())]


# ---------------------------------------------------------------- commands


def cli_page() -> str:
    """Return the page of all commands: what ``--help`` says."""
    said = ["# Commands", _GENERATED, _text(_help([])), _ABOUT_COMMANDS]
    for name in (*COMMANDS, *_ours().all(contributions.Command)):
        said += [f"## {name}", _text(_help([name]))]
        for inner in _inner_commands(name):
            said += [f"### {name} {inner}", _text(_help([name, inner]))]
    return _page(said)


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
traceback). 2: wrong usage. 130: stopped by the keyboard.

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


# ---------------------------------------------------------------- what comes in the box


def names_page() -> str:
    """Return the page of everything our own plugins give, by kind."""
    ours = _ours()
    said = ["# What comes in the box", _GENERATED, _ABOUT_NAMES]
    for kind, (hook, noun) in registry._HOOKS.items():  # noqa: SLF001 - the one list of kinds
        found = ours.all(kind)
        rows = [
            f"| `{name}` | {_sentence(given)} | {ours.giver(kind, name)} |"
            for name, given in found.items()
        ]
        said += [
            f"## {str(noun).capitalize()}{'' if str(noun).endswith('s') else 's'}",
            f"Hook: [`{hook}`](hooks.md#{hook})",
            "\n".join(["| name | what it is | plugin |", "|---|---|---|", *rows]),
        ]
    return _page(said)


_ABOUT_NAMES = """\
Everything that is chosen by a name: in a policy, in `consortium.toml`, on the command line or in
Python. Underscores count as hyphens. Each comes from a plugin and can be left out with
`--without PLUGIN`; `libconsortium plugins` lists what is installed on your machine."""


def _ours() -> Registry:
    """Return a registry of our own plugins, whatever else is installed here."""
    from importlib.metadata import entry_points

    return Registry(
        installed=[
            entry
            for entry in entry_points(group=messages.GROUP)
            if entry.value.startswith("libconsortium.")
        ]
    )


def _sentence(given: contributions.Contribution) -> str:
    parts = [given.summary.rstrip(".")]
    for field in ("axioms", "kinds", "namespaces", "schemes"):
        values = getattr(given, field, ())
        if values:
            label = {"axioms": "laws", "kinds": "writes"}.get(field, field)
            parts.append(f"{label}: {', '.join(f'`{value}`' for value in sorted(values) if value)}")
    if getattr(given, "source", ""):
        parts.append(f"source: {getattr(given, 'source')}")  # noqa: B009 - not every kind has one
    return ". ".join(f"{part[:1].upper()}{part[1:]}" for part in parts if part) + "."


# ---------------------------------------------------------------- hooks


def hooks_page() -> str:
    """Return the page of all hooks and the records they yield."""
    said = [
        "# Hooks",
        _GENERATED,
        _ABOUT_HOOKS,
    ]
    for name, hook in inspect.getmembers(hookspecs, inspect.isfunction):
        if name.startswith("consortium_"):
            record = get_args(
                get_type_hints(hook, vars(hookspecs) | {"contributions": contributions})["return"]
            )[0]
            said += [
                f"## {name}",
                inspect.getdoc(hook) or "",
                f"Yields `{record.__name__}`: {_first(record)}",
                _fields(record, in_file=False),
            ]
    return _page(said)


_ABOUT_HOOKS = """\
A hook takes no argument and yields named records. Put `@hookimpl` on a function with the hook's
name in a module, register the module under the entry-point group `libconsortium`, and
`libconsortium plugins` shows it. How to: [start a plugin](../how-to/start-a-plugin.md),
[write a cost model](../how-to/write-a-cost-model.md). The records are imported from
`libconsortium`; what their functions take and give is described in [Python](python-api.md)."""


# ---------------------------------------------------------------- files


def settings_page() -> str:
    """Return the page of consortium.toml and of policy files."""
    said = ["# Settings", _GENERATED, _ABOUT_SETTINGS]
    for heading, record in SETTINGS.items():
        example = f"```toml\n{_EXAMPLES[record]}```" if record in _EXAMPLES else ""
        said += [f"## {heading}", _first(record), example, _fields(record)]
    return _page(said)


_ABOUT_SETTINGS = """\
A consortium's folder holds `consortium.toml` and the policy files it names. `libconsortium init`
writes the first ones; `libconsortium doctor` reads them and says what is wrong, with file, line
and field. Paths start at the folder of `consortium.toml`. A key that does not exist is an error,
not a remark. How to: [write a policy](../how-to/write-a-policy.md),
[harvest a DSpace](../how-to/harvest-a-dspace.md)."""

SETTINGS: dict[str, type[Any]] = {
    "consortium.toml: consortium": AboutSettings,
    "consortium.toml: sources": HarvestSource,
    "consortium.toml: bills": BillSettings,
    "consortium.toml: catalogue": CatalogueSettings,
    "consortium.toml: what a member shares": SharingPolicy,
    "consortium.toml: exchange of a bill": FxRate,
    "consortium.toml: tax of a bill": TaxProfile,
    "policy file: head": Policy,
    "policy file: drivers": DriverRule,
    "policy file: bands of a driver": Band,
    "policy file: sponsor": SponsorRule,
    "policy file: fees": FeeRule,
    "policy file: strata": StrataRule,
    "policy file: inside a stratum": Inside,
    "policy file: mix": MixTerm,
    "policy file: limits": LimitRule,
    "policy file: rounding": RoundingRule,
}

_EXAMPLES: dict[type[Any], str] = {
    AboutSettings: """\
[consortium]
name       = "Liên hợp Đồng Tâm (hư cấu)"
federation = "lh-dong-tam"
language   = "vi"
store      = "sqlite:///consortium.db"
""",
    HarvestSource: """\
[[sources]]
name   = "an-hai"
member = "an-hai"
url    = "https://repository.example.org/server/oai/request"
""",
    CatalogueSettings: """\
[catalogue]
priority = ["an-hai"]        # whose descriptions go first
""",
    SharingPolicy: """\
[catalogue.sharing.an-hai]   # a library's id or a source's name
level         = "metadata"   # no abstracts, no links
withheld      = ["subjects"]
embargo_years = 2
""",
    BillSettings: """\
[[bills]]                    # the amount is known
subscription = "journals"
year         = 2027
policy       = "policies/policy.toml"
amount       = "1000000000 VND"

[[bills]]                    # the amount follows from a foreign quote
subscription = "database"
year         = 2027
policy       = "policies/policy.toml"
quote        = "120000 USD"
contract     = "net"

[bills.exchange]             # of the bill above
quoted = "USD"
paid   = "VND"
rate   = "25400"
on     = 2027-01-04
source = "the bank, selling"

[bills.tax]                  # of the bill above
corporate_income = "10%"
value_added      = "5%"
source           = "ask your accountant"
""",
    Policy: """\
name    = "Everybody pays the same"
source  = "resolution of the board, 2 March 2026"
version = "2026"
mix     = [{ weight = 100, by = "equal" }]
""",
    DriverRule: """\
[drivers]
fte   = { measure = "fte", mean_of_years = 3 }
usage = { measure = "usage" }
""",
    Band: """\
[drivers.dues]
measure = "revenue"
bands   = [
  { at_least = 0, at_most = 49_999, gives = 450 },
  { at_least = 50_000, at_most = 99_999, gives = 675 },
  { at_least = 100_000, gives = 1500 },
]
""",
    SponsorRule: """\
[sponsor]
pays    = "40%"
by      = "proportional"
pays_in = { 2028 = "30%" }   # from that year on
""",
    FeeRule: """\
remainder = "reserve"        # who pays, or keeps, what the fees leave of the bill

[drivers]
spending = { measure = "spending" }

[[fees]]
name  = "dues"
rate  = "0.0052 USD"
of    = "spending"
least = "1200 USD"
""",
    StrataRule: """\
[strata]
shares = { academic = 75, public = 25 }
""",
    Inside: """\
[strata]
shares = { academic = 75, public = 25 }

[strata.inside.public]
mix = [{ weight = 30, by = "equal" }, { weight = 70, by = "standalone" }]
""",
    MixTerm: """\
[[mix]]
weight = 20
by     = "equal"

[[mix]]
weight = 80
by     = "fte"
""",
    LimitRule: """\
[limits]
rise     = "15%"
floor    = "5000000 VND"
absorber = "sponsor"
""",
    RoundingRule: """\
[rounding]
unit      = 1000
remainder = "sponsor"
""",
}


def facts_page() -> str:
    """Return the page of the kinds of facts, with their columns."""
    said = ["# Facts", _GENERATED, _ABOUT_FACTS]
    for name, kind in FACT_KINDS.items():
        said += [f"## {name}", _first(kind.record), _fields(kind.record, bold=kind.key)]
    return _page(said)


_ABOUT_FACTS = """\
What is known of libraries and their purchases, one row a fact. Each kind is a CSV file or a sheet
of its name (`libraries.csv`), or an array of tables in TOML (`[[libraries]]`); `libconsortium load`
reads all three, see [load members from Excel](../how-to/load-members-from-excel.md).

The columns in bold make a fact the same fact: a row with the same values there changes what is
kept, a row with others is added. Columns may stand in any order, and those with a default may be
missing. Days are written `2025-07-01` and are inclusive; an empty day means no bound.

A *figure* is a number, or one as people report it: `hơn 700`, `gần 6000`, `khoảng 50`, `100-150`,
`> 700`. Approximate figures stay marked as such, and a split refuses them. A figure that can be
read in two ways (`40.000`) is refused. An *amount* is a number and a currency: `12.50 USD`."""

_FORMS: dict[object, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "`true` or `false`",
    date: "day",
    Money: "amount",
    Fraction: "number or percentage",
    Quantity: "figure",
    tuple[str, ...]: "list of texts",
}


def _form(hint: object) -> str:
    options = [one for one in (get_args(hint) or (hint,)) if one is not type(None)]
    if hint in _FORMS:
        return _FORMS[hint]
    if get_origin(hint) in (Mapping, Sequence, tuple):
        return "table" if get_origin(hint) is Mapping else "tables"
    return " or ".join(dict.fromkeys(filter(None, map(_form_of_one, options))))


def _form_of_one(hint: object) -> str:
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return ", ".join(f"`{choice.value}`" for choice in hint if choice.value)
    if isinstance(hint, type) and attrs.has(hint) and hint not in _FORMS:
        return "table"
    return _FORMS.get(hint, "table" if hint is not Ellipsis else "")


# ---------------------------------------------------------------- errors and Python


def errors_page() -> str:
    """Return the page of all errors: the tree, and what each means."""
    tree = (inspect.getdoc(errors) or "").partition("::\n\n")[2].partition("\n\nThe first")[0]
    rows = [
        f"| `{error.__name__}` | {_first(error)} |"
        for error in _classes_in(errors)
        if issubclass(error, errors.ConsortiumError)
    ]
    return _page(
        [
            "# Errors",
            _GENERATED,
            _ABOUT_ERRORS,
            _text(inspect.cleandoc(tree)),
            "\n".join(["| error | when |", "|---|---|", *rows]),
        ]
    )


_ABOUT_ERRORS = """\
Everything this library raises on purpose is a `ConsortiumError`: catch that one. Its text says
what happened, with which value, and what to do; `error.message` is the same as template and
values, and `say(error.message, "vi")` says it in Vietnamese. The command line shows it in one line
and ends with status 1; with `--json` the class stands in `error.kind`. What is wrong with *data* is
no error but a `Problem`: it is collected, counted and shown, and the work goes on."""


def python_page() -> str:
    """Return the page of every public name, by the room it lives in."""
    homes = libconsortium._HOMES  # noqa: SLF001 - the one list of public names
    rooms: dict[str, list[str]] = {heading: [] for heading in (*ROOMS, "Also there")}
    for home in homes:
        rooms[_heading(home)].append(home)
    said = ["# Python", _GENERATED, _ABOUT_PYTHON]
    for heading, named in rooms.items():
        directives = [_directive(home, name) for home in named for name in homes[home].split()]
        if directives:
            said += [f"## {heading}", "```{eval-rst}\n" + "\n\n".join(directives) + "\n```"]
    return _page(said)


def _heading(home: str) -> str:
    """Return the heading under which a module stands: its own, its folder's, or the last."""
    for wanted in (home, home.rpartition(".")[0]):
        for heading, named in ROOMS.items():
            if wanted in named.split():
                return heading
    return "Also there"


def _directive(home: str, name: str) -> str:
    found = getattr(libconsortium, name)
    if inspect.isclass(found):
        return f".. autoclass:: libconsortium.{name}\n   :members:"
    if inspect.isroutine(inspect.unwrap(found) if callable(found) else found):
        return f".. autofunction:: libconsortium.{name}"
    said = ModuleAnalyzer.for_module(f"libconsortium.{home}").find_attr_docs().get(("", name), [])
    return f".. py:data:: libconsortium.{name}\n\n   {' '.join(said).strip()}".rstrip()


_ABOUT_PYTHON = """\
Every public name, by the room of the house it belongs to. All of them are imported from the front
door: `from libconsortium import Money, split`. A name is loaded when it is first used. What is not
on this page is private and may change without notice. The checks for plugin authors are in
`libconsortium.testing`, last on this page."""

ROOMS = {
    "A consortium and its settings": "consortium.consortium settings messages",
    "Splitting costs": "split_steps core.sharing files.member_table documents.explanations"
    " documents.split_documents consortium.supposing",
    "Buying: resources, offers, landed cost": "core.buying files.tariff_tables",
    "The office's year": "core.office consortium.years consortium.account_book"
    " documents.year_documents files.payment_files split_steps.amount_words",
    "Games and stability": "core.games game_steps files.game_file files.exact_texts",
    "Money and figures": "core.money core.directory.quantities documents.number_texts",
    "Libraries, federations and other facts": "core.directory load_steps.facts",
    "Usage and lists of titles": "load_steps.usage load_steps.title_files consortium.titles"
    " core.usage core.catalogue.titles core.catalogue.title_lists core.catalogue.title_overlap",
    "Checking reports": "core.reconciliation load_steps.report_reading split_steps.report_files",
    "Harvesting": "harvest_steps core.harvest endpoint_steps http",
    "Reading records": "reading_steps files.crosswalk_parts core.catalogue.records"
    " core.catalogue.mappings core.catalogue.repairs core.catalogue.record_checks"
    " files.record_files",
    "Searching": "consortium.search core.search search_index catalogue_steps.search",
    "Union catalogue": "catalogue_steps consortium.review core.catalogue core.text",
    "Plugins": "registry hookspecs contributions",
    "Store": "store",
    "Files": "files.tables files.toml_file files.whole_files",
    "Problems, messages and errors": "core.problems core.messages core.errors",
}
"""Headings of the page of public names, and the modules and folders of modules under each; a module
that is named goes before its folder."""

_TESTING = """\
## For the tests of a plugin

```{eval-rst}
.. automodule:: libconsortium.testing
   :members:
   :imported-members:
```"""


def _classes_in(module: object) -> Iterator[type[Any]]:
    for _, found in inspect.getmembers(module, inspect.isclass):
        if found.__module__ == getattr(module, "__name__", ""):
            yield found


PAGES: dict[str, Callable[[], str]] = {
    "cli.md": cli_page,
    "errors.md": errors_page,
    "facts.md": facts_page,
    "hooks.md": hooks_page,
    "names.md": names_page,
    "python-api.md": lambda: python_page() + "\n" + _TESTING + "\n",
    "settings.md": settings_page,
}


# ---------------------------------------------------------------- tables of fields


def _fields(record: type[Any], bold: tuple[str, ...] = (), *, in_file: bool = True) -> str:
    """Return the fields of a record as a table; in a file they have a form, in Python a type."""
    meaning = dict(_arguments(record))
    hints = get_type_hints(record) if in_file else {}
    rows = (
        ["| name | form | meaning | if left out |", "|---|---|---|---|"]
        if in_file
        else ["| name | meaning | if left out |", "|---|---|---|"]
    )
    for field in attrs.fields(record):
        said = meaning.get(field.name, "")
        cells = [
            f"**`{field.name}`**" if field.name in bold else f"`{field.name}`",
            *([_form(hints[field.name])] if in_file else []),
            said.replace("`None`", "empty") if in_file else said,
            _default(field),
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _arguments(record: type[Any]) -> Iterator[tuple[str, str]]:
    for parent in reversed(record.__mro__):
        for name, meaning in _ARGUMENT.findall(inspect.getdoc(parent) or ""):
            yield name, " ".join(meaning.replace("``", "`").replace("|", "\\|").split())


def _default(field: attrs.Attribute[Any]) -> str:
    default = field.default
    if default is attrs.NOTHING:
        return "must be given"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, attrs.Factory) or attrs.has(type(default)):  # type: ignore[arg-type] # a class at run time
        return "empty" if isinstance(default, attrs.Factory) else "its own defaults"  # type: ignore[arg-type] # as above
    return f"`{default}`" if default not in (None, "", (), frozenset()) else "empty"


def _first(record: type[Any]) -> str:
    first = (inspect.getdoc(record) or "").partition("\n\n")[0]
    return " ".join(first.replace("``", "`").split())


def _text(said: str) -> str:
    return f"```text\n{said.rstrip()}\n```"


def _page(said: list[str]) -> str:
    return "\n\n".join(part for part in said if part) + "\n"


def _is_current(name: str, page: str) -> bool:
    path = REFERENCE / name
    return path.exists() and path.read_text(encoding="utf-8") == page


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
