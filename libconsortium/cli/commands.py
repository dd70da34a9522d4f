"""The table of commands, and the program that finds each of them there."""

from __future__ import annotations

import copy
import inspect
import logging
import os
import sys
from collections.abc import Mapping
from gettext import gettext as _  # click's own domain, set by run()
from importlib import import_module
from pathlib import Path

import click

from libconsortium import Command, Registry, __version__
from libconsortium.cli.frame import (
    N_,
    SpokenCommand,
    SpokenHelp,
    SpokenOption,
    Terminal,
    option,
    translated,
)

COMMANDS: Mapping[str, tuple[str, str]] = {
    "init": ("start.setup", N_("Start a consortium's folder, empty or from a preset.")),
    "presets": ("start.setup", N_("List the presets: federations to start from.")),
    "plugins": ("start.setup", N_("List the plugins and what each of them gives.")),
    "doctor": ("start.doctor", N_("Check settings, plugins, store, facts and sources.")),
    "load": ("store.facts", N_("Load members, measures and offers from CSV, XLSX or TOML files.")),
    "export": ("store.facts", N_("Write everything the store holds as open files.")),
    "harvest": ("harvest.harvest", N_("Fetch the members' catalogue records over OAI-PMH.")),
    "harvest report": (
        "harvest.report",
        N_("Show the proof that a harvest is complete, or what is missing."),
    ),
    "harvest doctor": (
        "harvest.doctor",
        N_("Find a site's OAI-PMH endpoint, look at it closely, and say what to do."),
    ),
    "harvest links": (
        "harvest.links",
        N_("Check a list of sites: alive, moved, dead, and which have OAI-PMH."),
    ),
    "sources": ("harvest.sources", N_("List the sources, and what each has brought.")),
    "sources drop": ("harvest.sources", N_("Take all records of a source out of the catalogue.")),
    "sources restore": (
        "harvest.sources",
        N_("Take back the records of a source that was dropped."),
    ),
    "sources assign": (
        "harvest.sources",
        N_("Give a source, with all its records, to another library."),
    ),
    "records": ("harvest.records", N_("List harvested records, tombstones or problems.")),
    "cluster": (
        "catalogue.cluster",
        N_("Bring records of one publication together into a union catalogue."),
    ),
    "clusters": (
        "catalogue.clusters",
        N_("Look at doubtful matches and decide: confirm, reject, undo."),
    ),
    "overlap titles": (
        "usage.title_lists",
        N_("Compare lists of titles: what is paid for twice, and what a use costs."),
    ),
    "overlap": ("catalogue.overlap", N_("Show what several members hold and what only one does.")),
    "search": (
        "catalogue.search",
        N_("Find publications in the union catalogue, and who holds them."),
    ),
    "index": ("catalogue.search_index", N_("Make the search index, or bring it up to date.")),
    "places": (
        "catalogue.places",
        N_("Show which provinces the records speak of, by old and new names."),
    ),
    "policy": ("sharing.policy", N_("Check a policy file, or have it read aloud.")),
    "split": ("sharing.costs", N_("Divide a bill over the members by a policy.")),
    "explain": ("sharing.costs", N_("Show the working behind one member's figure.")),
    "compare": ("sharing.compare", N_("Show what each member pays under several policies.")),
    "what-if": (
        "sharing.what_if",
        N_("Show what would happen if: join, leave, price, rate, sponsor."),
    ),
    "glide": ("sharing.glide", N_("Show a sponsor's way out, year by year.")),
    "statement": (
        "office.statement",
        N_("Write each member's statement: estimate, notice, settlement."),
    ),
    "approve": (
        "office.statement",
        N_("Approve the statements of a phase; a settlement closes the year."),
    ),
    "adjust": ("office.adjust", N_("Enter a dated adjustment: an appeal, a joiner, a leaver.")),
    "usage": ("usage.usage", N_("Read COUNTER reports: who used what, how often, in which month.")),
    "kbart": ("usage.usage", N_("Check lists of titles in the form of KBART.")),
    "reconcile": ("office.reconcile", N_("Check the figures of reports before they are signed.")),
    "ledger": ("office.ledger", N_("Show the account book: charged, received, still owed.")),
    "payments": (
        "office.payments",
        N_("Find who paid what on the bank's list, and who still owes."),
    ),
    "in-words": ("office.reconcile", N_("Write an amount in words, as vouchers want it.")),
    "game": ("sharing.games", N_("Share what every coalition costs or is worth, by any solution.")),
    "stability": ("sharing.games", N_("Say whether anybody would be better off leaving.")),
    "claims": ("sharing.games", N_("Divide an estate among claims that exceed it.")),
    "report": ("sharing.reports", N_("Write a report as XLSX, HTML or CSV.")),
    "backup": ("store.safekeeping", N_("Write the whole store into one file.")),
    "restore": ("store.safekeeping", N_("Fill an empty store from a backup file.")),
    "compact": (
        "store.compacting",
        N_("Pack harvested pages tighter, or check every byte of them."),
    ),
    "demo": ("start.demo", N_("Run the main job from beginning to end with invented data.")),
    "completion": ("start.setup", N_("Print the shell's completion script.")),
}
"""Every built-in command: the module it lives in and what it does in one sentence."""


SECTIONS: Mapping[str, str] = {
    N_("Start"): "init presets plugins doctor demo completion",
    N_("Facts and the store"): "load export backup restore compact",
    N_("Harvest"): "harvest sources records",
    N_("Union catalogue"): "cluster clusters overlap search index places",
    N_("Share a cost"): "policy split explain compare what-if glide report",
    N_("The office's year"): "statement approve adjust payments ledger reconcile in-words",
    N_("Usage and lists of titles"): "usage kbart",
    N_("Games"): "game stability claims",
}
"""Headings of the list of commands, and the commands under each; the rest and the plugins' last."""


class LazyGroup(SpokenHelp, click.Group):
    """The commands by name; a command's module is loaded when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names: ours in the order of the work, then the plugins'."""
        return [*COMMANDS, *self._given(ctx)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is meant; some have names of two words."""
        two_words = " ".join(args[:2])
        if two_words in COMMANDS and len(args) > 1:
            return two_words, self.get_command(ctx, two_words), args[2:]
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Load a command by name; underscores count as hyphens."""
        wanted = name.replace("_", "-")
        if wanted in COMMANDS:
            module = import_module(f"libconsortium.cli.{COMMANDS[wanted][0]}")
            return _renamed(getattr(module, wanted.replace("-", "_").replace(" ", "_")))
        given = self._given(ctx)
        return _renamed(_spoken(ctx, given[wanted].load())) if wanted in given else None

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a reader (head, less) that has seen enough is no error."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without loading their modules."""
        said = {name: summary for name, (_module, summary) in COMMANDS.items()}
        said |= {name: given.summary for name, given in self._given(ctx).items()}
        width = max(map(len, said))
        for heading, listed in SECTIONS.items():
            names = [name for word in listed.split() for name in said if name.split()[0] == word]
            rows = [(name.ljust(width), translated(ctx, said.pop(name))) for name in names]
            with formatter.section(translated(ctx, heading)):
                formatter.write_dl(rows)
        if said:
            with formatter.section(translated(ctx, N_("More, from plugins"))):
                formatter.write_dl(
                    [(name.ljust(width), translated(ctx, text)) for name, text in said.items()]
                )

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help text in the reader's language."""
        SpokenCommand.format_help_text(self, ctx, formatter)  # type: ignore[arg-type] # uses nothing of its own

    def _given(self, ctx: click.Context) -> dict[str, Command]:
        without = ctx.params.get("without", ())
        return Registry(without=without).all(Command)


def _renamed(command: click.Command) -> click.Command:
    """Name the paths among a command's options in this run's language.

    click names them in the language in which the command's module was loaded.
    """
    for one in command.params:
        if isinstance(one.type, click.Path):
            is_file, is_folder = one.type.file_okay, one.type.dir_okay
            name = _("path") if is_file and is_folder else _("file") if is_file else _("directory")
            one.type.name = name
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _renamed(inner)
    return command


def _spoken(ctx: click.Context, command: click.Command) -> click.Command:
    """Say the help of a plugin's command, and of its options, in the reader's language.

    What click keeps is left alone: the next run may be in another language.
    """
    spoken = copy.copy(command)
    spoken.help = translated(ctx, inspect.cleandoc(command.help or ""))
    spoken.params = [copy.copy(one) for one in command.params]
    for one in spoken.params:
        if isinstance(one, click.Option):
            one.help = translated(ctx, one.help or "")
    if (asks_help := spoken.get_help_option(ctx)) is not None:
        asks_help.help = translated(ctx, "Show this message and exit.")
    if isinstance(spoken, click.Group):
        spoken.commands = {name: _spoken(ctx, one) for name, one in spoken.commands.items()}
    return spoken


@click.group(
    cls=LazyGroup,
    help=N_(
        "A library federation runs itself: what its members hold, what they buy together, and who"
        " pays what.\n\n"
        "New here? 'libconsortium demo' runs the whole job with invented data in under a minute;"
        " 'libconsortium init' starts your own."
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@option(
    "--lang",
    type=click.Choice(["vi", "en"]),
    is_eager=True,
    expose_value=False,
    help=N_("Language of messages and documents."),
)
@option(
    "-C",
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    default=Path(),
    help=N_("The consortium's folder (with consortium.toml); this folder if not given."),
)
@option(
    "--without",
    multiple=True,
    metavar="PLUGIN",
    help=N_("Leave a plugin out; may be given several times."),
)
@option("--debug", is_flag=True, help=N_("Show tracebacks and what goes on inside."))
@click.version_option(
    __version__,
    "--version",
    message="libconsortium %(version)s",
    cls=SpokenOption,
    help=N_("Show the version and exit."),
)
@click.pass_context
def libconsortium(
    ctx: click.Context, *, folder: Path, without: tuple[str, ...], debug: bool
) -> None:
    """Keep what the global options say for the command."""
    level = logging.DEBUG if debug else os.environ.get("LIBCONSORTIUM_LOG", "WARNING")
    logging.basicConfig(
        level=level, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    terminal = ctx.ensure_object(Terminal)
    terminal.folder, terminal.without, terminal.debug = folder, without, debug
