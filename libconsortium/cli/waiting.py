"""One line on a terminal that says what is being done, for whoever waits."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from libconsortium import Message
from libconsortium.cli.frame import Terminal

_CLEAR = "\r\x1b[K"


@contextmanager
def shown_stages(terminal: Terminal) -> Iterator[Callable[[Message], None] | None]:
    """Give what shows a sentence on standard error, written over by the next; nothing in logs."""
    if not sys.stderr.isatty():
        yield None
        return
    begun = time.monotonic()

    def show(message: Message) -> None:
        seconds = round(time.monotonic() - begun)
        click.echo(f"{_CLEAR}{seconds} s: {terminal.said(message)} …", nl=False, err=True)

    try:
        yield show
    finally:
        click.echo(_CLEAR, nl=False, err=True)
