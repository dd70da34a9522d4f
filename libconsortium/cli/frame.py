"""The frame of every command: the terminal, help in two languages, answers for programs."""

from __future__ import annotations

import copy
import json
import math
import shutil
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from gettext import gettext as _  # click's own domain, set by run()
from itertools import islice
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any, TypeVar

import attrs
import click

from libconsortium import (
    Audience,
    Consortium,
    Message,
    Problem,
    Registry,
    on_one_line,
    translator,
)


def N_(text: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Mark a text for translation where it is said later."""
    return text


_NARROWEST = 20
_MOST_LISTED = 20
_AT_ONCE = 1_000  # of a list that is written as it comes
_LETTERS_AT_ONCE = 1_000_000
_IN_MEMORY = 8_000_000  # letters; a longer answer waits on the disk until it is whole

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

    def say_problems(self, problems: Iterable[Problem]) -> None:
        """List problems, on standard error; after the first twenty only their number."""
        coming = iter(problems)
        for problem in islice(coming, _MOST_LISTED):
            advice = f" → {self.said(problem.advice)}" if problem.advice.template else ""
            severity = self.said(problem.severity.value)
            said = filter(None, (severity, str(problem.where), self.said(problem.what)))
            click.echo(f"{': '.join(said)}{advice}", err=True)
        if more := sum(1 for _ in coming):
            self.say(N_("… and {count} more problems"), count=more)


current = click.make_pass_decorator(Terminal)
"""Hands the global options to a command as its first argument."""


def as_json(answer: Mapping[str, object]) -> None:
    """Print one JSON object on one line, with its schema version first.

    A value that is an iterator becomes a list. Nothing is printed before all of it came: whoever
    reads gets the whole object, or what went wrong as another.
    """
    with SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8", errors="surrogatepass") as whole:
        for text in _json_texts({"schema": 1, **answer}):
            whole.write(text)
        whole.seek(0)
        while some := whole.read(_LETTERS_AT_ONCE):
            click.echo(some, nl=False)
        click.echo()


def _json_texts(answer: Mapping[str, object]) -> Iterator[str]:
    for number, (name, value) in enumerate(answer.items()):
        yield f"{', ' if number else '{'}{_json(name)}: "
        if isinstance(value, Iterator):
            yield from _list_texts(value)
        else:
            yield _json(value)
    yield "}"


def _list_texts(values: Iterator[object]) -> Iterator[str]:
    between = "["
    while some := list(islice(values, _AT_ONCE)):
        yield between + _json(some)[1:-1]
        between = ", "
    yield "[]" if between == "[" else "]"


def _json(value: object) -> str:
    return on_one_line(json.dumps(value, ensure_ascii=False, default=str))


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
        spoken.help = translated(ctx, self.help or "")
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

    def __init__(self, *arguments: Any, examples: Sequence[str] = (), **options: Any) -> None:
        """Keep the examples beside what click keeps."""
        super().__init__(*arguments, **options)
        self.examples = tuple(examples)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help text in the reader's language."""
        formatter.write_paragraph()
        with formatter.indentation():
            for paragraph in translated(ctx, self.help or "").split("\n\n"):
                if paragraph.startswith("  "):  # an example: its lines stay as they are
                    for line in paragraph.splitlines():
                        formatter.write(f"{'':>{formatter.current_indent}}{line}\n")
                else:
                    formatter.write_text(" ".join(paragraph.split()))
                formatter.write_paragraph()

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        if self.examples:
            with formatter.section(translated(ctx, N_("Examples"))):
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
            (name, translated(ctx, command.help or "").partition("\n\n")[0])
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
        with formatter.section(translated(ctx, N_("Examples"))):
            for example in examples:
                formatter.write(f"{'':>{formatter.current_indent}}{example}\n")


def translated(ctx: click.Context, text: str) -> str:
    """Return a text in the language that this run's global options ask for."""
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


def option(*names: str, help: str, **attributes: Any) -> Callable[[F], F]:  # noqa: A002 - click's words
    """Add an option whose help is translated."""
    return click.option(*names, cls=SpokenOption, help=help, **attributes)


FILE = click.Path(dir_okay=False, path_type=Path)
FILE_HERE = click.Path(exists=True, dir_okay=False, path_type=Path)
FILE_OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


class _Score(click.FloatRange):
    """A score above 0, at most 1; to click «nan» is a number of every range."""

    def convert(
        self, value: float, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        number = float(super().convert(value, param, ctx))
        if math.isnan(number):
            what = _("{value!r} is not a valid {number_type}.")
            self.fail(what.format(value=value, number_type=self.name), param, ctx)
        return number


SCORE = _Score(0, 1, min_open=True)

json_option = option(
    "--json",
    "json_",
    is_flag=True,
    help=N_("Answer for programs: JSON on standard output, also when something fails."),
)


office_option = option(
    "--office",
    "audience",
    is_flag=True,
    callback=lambda _context, _option, office: Audience.OFFICE if office else Audience.OTHERS,
    help=N_(
        "The office's own view: also what members do not share with others. Not to be passed on."
    ),
)
