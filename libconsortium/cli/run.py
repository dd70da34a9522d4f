"""Runs one command line: errors become one line and an exit code."""

from __future__ import annotations

import errno
import gettext
import json
import os
import traceback
from collections.abc import Sequence

import click

from libconsortium import ConsortiumError, Message, language_of, translator
from libconsortium.cli.commands import libconsortium
from libconsortium.cli.frame import Terminal
from libconsortium.cli.stopping import stopped_politely

DONE, ERROR, USAGE, STOPPED = 0, 1, 2, 130


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code.

    Args:
        arguments: What was typed after the command's name.
    """
    language = _language(arguments)
    _let_click_speak(language)
    try:
        with stopped_politely():
            code = libconsortium.main(
                list(arguments),
                prog_name="libconsortium",
                standalone_mode=False,
                obj=Terminal(language=language),
            )
    except click.UsageError as error:
        error.show()
        _say_json(arguments, "UsageError", error.format_message())
        return USAGE
    except click.ClickException as error:
        return _failed(arguments, type(error).__name__, error.format_message(), language)
    except (click.Abort, KeyboardInterrupt):
        said = Message("stopped; run the same command again")
        _failed(arguments, "Stopped", said.translated(translator(language)), language)
        return STOPPED
    except ConsortiumError as error:
        if "--debug" in arguments:
            traceback.print_exc()
        return _failed(
            arguments,
            type(error).__name__,
            error.message.translated(translator(language)),
            language,
        )
    except Exception as error:
        if "--debug" in arguments:
            raise
        said = _unexpected(error)
        return _failed(
            arguments, type(error).__name__, said.translated(translator(language)), language
        )
    return code if isinstance(code, int) else DONE


_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def _unexpected(error: Exception) -> Message:
    if isinstance(error, OSError) and error.filename is not None:
        return Message(
            "{path}: {reason}; look at the path, its rights and the free space",
            path=error.filename,
            reason=error.strerror or type(error).__name__,
        )
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return Message("cannot write: {reason}; look at the free space", reason=error.strerror)
    return Message(
        "unexpected {kind}: {error}; run again with --debug and report what it prints",
        kind=type(error).__name__,
        error=error,
    )


def _failed(arguments: Sequence[str], kind: str, said: str, language: str) -> int:
    one_line = " ".join(said.split())
    click.echo(f"{translator(language)('error')}: {one_line}", err=True)
    _say_json(arguments, kind, one_line)
    return ERROR


def _say_json(arguments: Sequence[str], kind: str, said: str) -> None:
    if "--json" in arguments:
        answer = {
            "schema": 1,
            "status": "ERROR",
            "reason": said,
            "error": {"kind": kind, "message": said},
        }
        if {"harvest", "--url"} <= {argument.partition("=")[0] for argument in arguments}:
            from libconsortium.cli.harvest.address import nothing_harvested

            answer = nothing_harvested(said) | answer
        try:
            click.echo(json.dumps(answer, ensure_ascii=False))
        except OSError:  # the output itself is what failed; standard error has said so
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _language(arguments: Sequence[str]) -> str:
    for index, argument in enumerate(arguments):
        if argument == "--lang" and index + 1 < len(arguments):
            chosen = arguments[index + 1]
        elif argument.startswith("--lang="):
            chosen = argument.removeprefix("--lang=")
        else:
            continue
        if chosen in {"vi", "en"}:
            return chosen
    return language_of(os.environ)


def _let_click_speak(language: str) -> None:
    # click takes its own words from the process's current gettext domain.
    from libconsortium import LOCALE_FOLDER

    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain("libconsortium", LOCALE_FOLDER)
    gettext.textdomain("libconsortium")
