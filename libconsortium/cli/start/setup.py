"""Starting: a consortium's folder, presets, plugins, shell completion."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from libconsortium import FACT_KINDS, Preset, StoreError
from libconsortium.cli.frame import (
    FOLDER,
    N_,
    Terminal,
    as_json,
    as_table,
    command,
    current,
    json_option,
    option,
)

_SETTINGS = """\
# The settings of this consortium; every key is explained in the reference, page "settings".
[consortium]
name = {name}
federation = {federation}         # id of the federation whose members share the bills
language = "{language}"
store = "sqlite:///consortium.db"  # or postgresql+psycopg://user@host/database

# One block for every catalogue to harvest:
# [[sources]]
# name = "my-library"
# member = "my-library"            # id of the library that owns the records
# url = "https://repository.example.org/oai/request"
# prefix = "oai_dc"

# One block for every bill to share:
# [[bills]]
# subscription = "journals"
# year = 2027
# amount = "1000000000 VND"
# policy = "policies/policy.toml"
"""

_TO_FILL_IN = (
    "federations",
    "libraries",
    "memberships",
    "measures",
    "resources",
    "subscriptions",
    "participations",
)

_POLICY = """\
name   = "Equal shares to begin with"
source = "write here the resolution it comes from"

[[mix]]
weight = 100
by     = "equal"
"""


@command(
    help=N_(
        "Start a consortium's folder.\n\n"
        "Writes consortium.toml, a first policy, and either the facts of a federation (--preset) or"
        " empty tables of facts to fill in. Nothing that exists is overwritten. Then edit the files"
        " and run 'libconsortium load'."
    ),
    examples=(
        "libconsortium presets",
        "libconsortium init my-federation --preset vn-red-river-delta",
        "libconsortium -C my-federation load my-federation/facts",
    ),
)
@click.argument("folder", type=FOLDER)
@option("--preset", default="", help=N_("The preset to start from; see 'libconsortium presets'."))
@option("--dry-run", is_flag=True, help=N_("Say what would be written; write nothing."))
@json_option
@current
def init(terminal: Terminal, folder: Path, *, preset: str, dry_run: bool, json_: bool) -> None:
    """Write the first files of a consortium."""
    facts = terminal.registry().find(Preset, preset).read() if preset else ""
    files = {
        folder / "consortium.toml": _SETTINGS.format(
            name=_quoted(folder.resolve().name),
            federation=_quoted(_federation(facts)),
            language=terminal.language,
        ),
        folder / "policies" / "policy.toml": _POLICY,
    }
    if facts:
        files[folder / "facts" / f"{preset}.toml"] = facts
    else:
        files |= {
            folder / "facts" / f"{name}.csv": ",".join(FACT_KINDS[name].fields) + "\n"
            for name in _TO_FILL_IN
        }
    for path in files:
        if path.exists():
            raise StoreError("{path} exists already; choose another folder", path=path)
    if not dry_run:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if json_:
        as_json({"written": [str(path) for path in files], "dry_run": dry_run})
        return
    for path in files:
        terminal.say(N_("would write {path}") if dry_run else N_("wrote {path}"), path=path)
    if not dry_run:
        terminal.say(
            N_("next: edit them, then run: libconsortium -C {folder} load {facts}"),
            folder=folder,
            facts=folder / "facts",
        )


def _federation(facts: str) -> str:
    """Return the id of the first federation a preset tells of; empty if it tells of none."""
    federations = tomllib.loads(facts).get("federations", [])
    return str(federations[0]["id"]) if federations else ""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON text is a TOML text


@command(
    help=N_(
        "List the presets, or print one.\n\n"
        "A preset is data to begin with: a federation, its members and where each fact comes from."
        " It holds no fees, no formulas and no invented identifiers."
    ),
    examples=("libconsortium presets", "libconsortium presets vn-northern-mountain"),
)
@click.argument("name", required=False)
@json_option
@current
def presets(terminal: Terminal, name: str | None, *, json_: bool) -> None:
    """List the presets or print one."""
    registry = terminal.registry()
    if name:
        text = registry.find(Preset, name).read()
        if json_:
            as_json({"name": name, "toml": text})
        else:
            click.echo(text)
        return
    known = registry.all(Preset)
    if json_:
        as_json(
            {
                "presets": [
                    {"name": preset.name, "summary": preset.summary} for preset in known.values()
                ]
            }
        )
        return
    as_table(
        [terminal.said(N_("preset")), terminal.said(N_("what it is"))],
        [(preset.name, terminal.said(preset.summary)) for preset in known.values()],
    )


@command(
    help=N_(
        "List the plugins: where each comes from, what it gives, and why a broken one was left"
        " out.\n\n"
        "A broken plugin never stops the others."
    ),
    examples=("libconsortium plugins", "libconsortium --without demo plugins --json"),
)
@json_option
@current
def plugins(terminal: Terminal, *, json_: bool) -> None:
    """List the plugins."""
    statuses = terminal.registry().statuses()
    if json_:
        as_json(
            {
                "plugins": [
                    {
                        "name": status.name,
                        "module": status.module,
                        "distribution": status.distribution,
                        "version": status.version,
                        "state": status.state,
                        "gives": list(status.gives),
                        "reason": status.reason,
                    }
                    for status in statuses
                ]
            }
        )
        return
    as_table(
        [terminal.said(text) for text in (N_("plugin"), N_("from"), N_("state"), N_("gives"))],
        [
            (
                status.name,
                f"{status.distribution} {status.version}".strip() or status.module,
                terminal.said(status.state),
                status.reason or ", ".join(_given(terminal, given) for given in status.gives),
            )
            for status in statuses
        ],
    )


def _given(terminal: Terminal, given: str) -> str:
    """Say what a plugin gives: the kind in the reader's language, then the name."""
    kind, _, name = given.rpartition(" ")
    return f"{terminal.said(kind)} {name}"


@command(
    help=N_("Print the completion script of a shell; source it in the shell's start file."),
    examples=("libconsortium completion bash >> ~/.bashrc",),
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print a completion script."""
    made = get_completion_class(shell)
    if made is not None:
        root = ctx.find_root()
        click.echo(made(root.command, {}, "libconsortium", "_LIBCONSORTIUM_COMPLETE").source())
