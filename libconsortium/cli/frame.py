"""The frame of the command line: its commands' names, global options, help in two languages."""

from __future__ import annotations

import copy
import inspect
import json
import logging
import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from gettext import gettext as _  # click's own domain, set by run()
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import attrs
import click

from libconsortium import Command, Consortium, Message, Problem, Registry, __version__, translator


def N_(text: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Mark a text for translation where it is said later."""
    return text


COMMANDS: Mapping[str, tuple[str, str]] = {
    "init": ("setup", N_("Start a consortium's folder, empty or from a preset.")),
    "presets": ("setup", N_("List the presets: federations to start from.")),
    "plugins": ("setup", N_("List the plugins and what each of them gives.")),
    "doctor": ("doctor", N_("Check settings, plugins, store, facts and sources.")),
    "load": ("facts", N_("Load members, measures and offers from CSV, XLSX or TOML files.")),
    "export": ("facts", N_("Write everything the store holds as open files.")),
    "harvest": ("harvest", N_("Fetch the members' catalogue records over OAI-PMH.")),
    "harvest report": (
        "harvest_report",
        N_("Show the proof that a harvest is complete, or what is missing."),
    ),
    "harvest doctor": (
        "harvest_doctor",
        N_("Find a site's OAI-PMH endpoint, look at it closely, and say what to do."),
    ),
    "harvest links": (
        "harvest_links",
        N_("Check a list of sites: alive, moved, dead, and which have OAI-PMH."),
    ),
    "sources": ("sources", N_("List the sources, and what each has brought.")),
    "sources drop": ("sources", N_("Take all records of a source out of the catalogue.")),
    "sources restore": ("sources", N_("Take back the records of a source that was dropped.")),
    "sources assign": ("sources", N_("Give a source, with all its records, to another library.")),
    "records": ("records", N_("List harvested records, tombstones or problems.")),
    "cluster": (
        "catalogue",
        N_("Bring records of one publication together into a union catalogue."),
    ),
    "clusters": ("clusters", N_("Look at doubtful matches and decide: confirm, reject, undo.")),
    "overlap titles": (
        "title_lists",
        N_("Compare lists of titles: what is paid for twice, and what a use costs."),
    ),
    "overlap": ("catalogue", N_("Show what several members hold and what only one does.")),
    "search": ("search", N_("Find publications in the union catalogue, and who holds them.")),
    "index": ("search", N_("Make the search index, or bring it up to date.")),
    "places": ("places", N_("Show which provinces the records speak of, by old and new names.")),
    "policy": ("policy", N_("Check a policy file, or have it read aloud.")),
    "split": ("costs", N_("Divide a bill over the members by a policy.")),
    "explain": ("costs", N_("Show the working behind one member's figure.")),
    "compare": ("compare", N_("Show what each member pays under several policies.")),
    "what-if": ("what_if", N_("Show what would happen if: join, leave, price, rate, sponsor.")),
    "glide": ("glide", N_("Show a sponsor's way out, year by year.")),
    "statement": ("statement", N_("Write each member's statement: estimate, notice, settlement.")),
    "approve": (
        "statement",
        N_("Approve the statements of a phase; a settlement closes the year."),
    ),
    "adjust": ("adjust", N_("Enter a dated adjustment: an appeal, a joiner, a leaver.")),
    "usage": ("usage", N_("Read COUNTER reports: who used what, how often, in which month.")),
    "kbart": ("usage", N_("Check lists of titles in the form of KBART.")),
    "reconcile": ("reconcile", N_("Check the figures of reports before they are signed.")),
    "ledger": ("ledger", N_("Show the account book: charged, received, still owed.")),
    "payments": ("payments", N_("Find who paid what on the bank's list, and who still owes.")),
    "in-words": ("reconcile", N_("Write an amount in words, as vouchers want it.")),
    "game": ("games", N_("Share what every coalition costs or is worth, by any solution.")),
    "stability": ("games", N_("Say whether anybody would be better off leaving.")),
    "claims": ("games", N_("Divide an estate among claims that exceed it.")),
    "report": ("reports", N_("Write a report as XLSX, HTML or CSV.")),
    "backup": ("safekeeping", N_("Write the whole store into one file.")),
    "restore": ("safekeeping", N_("Fill an empty store from a backup file.")),
    "compact": ("compacting", N_("Pack harvested pages tighter, or check every byte of them.")),
    "demo": ("demo", N_("Run the main job from beginning to end with invented data.")),
    "completion": ("setup", N_("Print the shell's completion script.")),
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

_NARROWEST = 20

_SAID_LATER = (
    # Values of our records that are said in a sentence or a table.
    N_("info"),
    N_("warning"),
    N_("error"),
    N_("added"),
    N_("changed"),
    N_("removed"),
    N_("unchanged"),
    N_("ready"),
    N_("left out"),
    N_("broken"),
    N_("running"),
    N_("complete"),
    N_("complete with quarantine"),
    N_("incomplete"),
    N_("interrupted"),
    N_("deferred"),
    N_("same"),
    N_("different"),
)


@attrs.define(kw_only=True)
class Terminal:
    """the global options, and how to speak to the person.

    Args:
        language: ``vi`` or ``en``.
        folder: The consortium's folder.
        without: Plugins left out.
        debug: Show tracebacks and debug messages.
    """

    language: str = "en"
    folder: Path = Path()
    without: tuple[str, ...] = ()
    debug: bool = False

    def registry(self) -> Registry:
        """Return the plugins that are not left out."""
        return Registry(without=self.without)

    def consortium(self) -> Consortium:
        """Open the consortium of the folder."""
        return Consortium.open(self.folder, without=self.without)

    def said(self, text: str | Message, **values: object) -> str:
        """Return a text in the reader's language."""
        message = text if isinstance(text, Message) else Message(text, **values)
        return message.translated(translator(self.language))

    def say(self, text: str | Message, **values: object) -> None:
        """Tell the person something, on standard error."""
        click.echo(self.said(text, **values), err=True)

    def say_problems(self, problems: Sequence[Problem], most: int = 20) -> None:
        """List problems, on standard error; after ``most`` only their number."""
        for problem in problems[:most]:
            advice = f" → {self.said(problem.advice)}" if problem.advice.template else ""
            severity = self.said(problem.severity.value)
            click.echo(f"{severity}: {problem.where}: {self.said(problem.what)}{advice}", err=True)
        if len(problems) > most:
            self.say(N_("… and {count} more problems"), count=len(problems) - most)


current = click.make_pass_decorator(Terminal)
"""Hands the global options to a command as its first argument."""


def as_json(answer: Mapping[str, object]) -> None:
    """Print one JSON object on one line, with its schema version first."""
    click.echo(json.dumps({"schema": 1, **answer}, ensure_ascii=False, default=str))


def as_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under headings; numbers stand to the right, a long last column is wrapped."""
    lines = [list(headings), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    before = sum(widths[:-1]) + 2 * (len(widths) - 1)
    widths[-1] = min(
        widths[-1], max(_NARROWEST, shutil.get_terminal_size((100, 0)).columns - before)
    )
    lines.insert(1, ["-" * width for width in widths])
    for line in lines:
        last = textwrap.wrap(line[-1], widths[-1]) or [""]
        cells = [_padded(*cell) for cell in zip([*line[:-1], last[0]], widths, strict=True)]
        click.echo("  ".join(cells).rstrip())
        for more in last[1:]:
            click.echo(" " * before + more)


def _padded(cell: str, width: int) -> str:
    return cell.rjust(width) if _is_number(cell) else cell.ljust(width)


def problem_row(problem: Problem) -> dict[str, object]:
    """Return a problem as a program reads it; its sentences in English."""
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "where": str(problem.where),
        "record": problem.where.record,
        "field": problem.where.field,
        "what": str(problem.what),
        "advice": str(problem.advice),
    }


def _is_number(cell: str) -> bool:
    return (
        cell.replace(".", "")
        .replace(",", "")
        .replace("-", "")
        .replace("−", "")
        .strip(" %₫")
        .isdigit()
    )


class SpokenOption(click.Option):
    """An option whose help is said in the reader's language."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option and its help in the reader's language."""
        spoken = copy.copy(self)
        spoken.help = _translated(ctx, self.help or "")
        return click.Option.get_help_record(spoken, ctx)


class SpokenHelp(click.Command):
    """A command whose option ``--help`` is said in the language of each run."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option; click keeps it in the language in which it was first asked for."""
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = _("Show this message and exit.")
        return found


class SpokenCommand(SpokenHelp):
    """A command whose help is said in the reader's language and ends with examples.

    Args:
        examples: Command lines that work, each with a remark after ``#`` if it needs one.
    """

    def __init__(self, *arguments: Any, examples: Sequence[str] = (), **options: Any) -> None:  # noqa: ANN401 - click's own arguments
        """Keep the examples beside what click keeps."""
        super().__init__(*arguments, **options)
        self.examples = tuple(examples)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help text in the reader's language."""
        formatter.write_paragraph()
        with formatter.indentation():
            for paragraph in _translated(ctx, self.help or "").split("\n\n"):
                if paragraph.startswith("  "):  # an example: its lines stay as they are
                    for line in paragraph.splitlines():
                        formatter.write(f"{'':>{formatter.current_indent}}{line}\n")
                else:
                    formatter.write_text(" ".join(paragraph.split()))
                formatter.write_paragraph()

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        if self.examples:
            with formatter.section(_translated(ctx, N_("Examples"))):
                for example in self.examples:
                    formatter.write(f"{'':>{formatter.current_indent}}{example}\n")


class SpokenGroup(SpokenHelp, click.Group):
    """A command with commands of its own, each said in the reader's language."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help text in the reader's language."""
        SpokenCommand.format_help_text(self, ctx, formatter)  # type: ignore[arg-type] # uses nothing of its own

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, each with the first sentence of its help."""
        rows = [
            (name, _translated(ctx, command.help or "").partition("\n\n")[0])
            for name, command in self.commands.items()
        ]
        with formatter.section(_("Commands")):
            formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples of its commands."""
        examples = [
            example
            for command in self.commands.values()
            for example in getattr(command, "examples", ())
        ]
        with formatter.section(_translated(ctx, N_("Examples"))):
            for example in examples:
                formatter.write(f"{'':>{formatter.current_indent}}{example}\n")


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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without loading their modules."""
        said = {name: summary for name, (_module, summary) in COMMANDS.items()}
        said |= {name: given.summary for name, given in self._given(ctx).items()}
        width = max(map(len, said))
        for heading, listed in SECTIONS.items():
            names = [name for word in listed.split() for name in said if name.split()[0] == word]
            rows = [(name.ljust(width), _translated(ctx, said.pop(name))) for name in names]
            with formatter.section(_translated(ctx, heading)):
                formatter.write_dl(rows)
        if said:
            with formatter.section(_translated(ctx, N_("More, from plugins"))):
                formatter.write_dl(
                    [(name.ljust(width), _translated(ctx, text)) for name, text in said.items()]
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
    for option in command.params:
        if isinstance(option.type, click.Path):
            is_file, is_folder = option.type.file_okay, option.type.dir_okay
            name = _("path") if is_file and is_folder else _("file") if is_file else _("directory")
            option.type.name = name
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _renamed(inner)
    return command


def _spoken(ctx: click.Context, command: click.Command) -> click.Command:
    """Say the help of a plugin's command, and of its options, in the reader's language.

    What click keeps is left alone: the next run may be in another language.
    """
    spoken = copy.copy(command)
    spoken.help = _translated(ctx, inspect.cleandoc(command.help or ""))
    spoken.params = [copy.copy(one) for one in command.params]
    for one in spoken.params:
        if isinstance(one, click.Option):
            one.help = _translated(ctx, one.help or "")
    if isinstance(spoken, click.Group):
        spoken.commands = {name: _spoken(ctx, one) for name, one in spoken.commands.items()}
    return spoken


def _translated(ctx: click.Context, text: str) -> str:
    terminal = ctx.find_object(Terminal)
    return terminal.said(Message(text)) if terminal and text else text


F = TypeVar("F", bound=Callable[..., Any])


def command(
    *,
    help: str,  # noqa: A002 - click's word
    examples: Sequence[str] = (),
) -> Callable[[Callable[..., Any]], SpokenCommand]:
    """Make a function a command of ours."""

    def made(function: Callable[..., Any]) -> SpokenCommand:
        name = function.__name__.strip("_").replace("_", "-")
        return click.command(name, cls=SpokenCommand, help=help, examples=examples)(function)

    return made


def group(
    *,
    help: str,  # noqa: A002 - click's word
) -> Callable[[Callable[..., Any]], SpokenGroup]:
    """Make a function a command with commands of its own; add them with ``add_command``."""

    def made(function: Callable[..., Any]) -> SpokenGroup:
        name = function.__name__.strip("_").replace("_", "-")
        return click.group(name, cls=SpokenGroup, help=help)(function)

    return made


def option(*names: str, help: str, **attributes: Any) -> Callable[[F], F]:  # noqa: A002, ANN401 - click's words
    """Add an option whose help is translated."""
    return click.option(*names, cls=SpokenOption, help=help, **attributes)


FILE = click.Path(dir_okay=False, path_type=Path)
FILE_HERE = click.Path(exists=True, dir_okay=False, path_type=Path)
FILE_OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)

json_option = option(
    "--json",
    "json_",
    is_flag=True,
    help=N_("Answer for programs: JSON on standard output, also when something fails."),
)


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
