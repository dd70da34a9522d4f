"""How far harvests are: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Lock

from libconsortium import HarvestProgress
from libconsortium.cli.frame import N_, Terminal


@contextmanager
def shown_progress(terminal: Terminal) -> Iterator[Callable[[HarvestProgress], None]]:
    """Show progress on standard error: bars on a terminal, plain lines elsewhere (cron)."""
    if sys.stderr.isatty():
        try:
            from rich.progress import Progress  # noqa: F401 - only to know whether it is there
        except ImportError:
            pass
        else:
            shown = _Bars(terminal.said(N_("waiting for the first page")))
            with shown.bars:
                yield shown.show
            return
    yield _Lines(terminal).show


class _Lines:
    """One line a page, for terminals without bars and for logs."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.lock = Lock()

    def show(self, progress: HarvestProgress) -> None:
        """Print how far one source is."""
        with self.lock:
            self.terminal.say(
                N_(
                    "{source}: page {page}, {records} of {expected} records, {rate} a second,"
                    " {left} to go"
                ),
                source=progress.source,
                page=progress.pages,
                records=progress.records,
                expected="?" if progress.expected is None else progress.expected,
                rate=f"{progress.rate:.0f}",
                left=_to_go(progress),
            )


class _Bars:
    """One bar a source, with rate and remaining time; before the first page one that waits."""

    def __init__(self, waiting: str) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TaskID,
            TextColumn,
        )

        self.bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]:.0f}/s"),
            TextColumn("{task.fields[left]}"),
            console=Console(stderr=True),
        )
        self.tasks: dict[str, TaskID] = {}
        self.waiting = self.bars.add_task(waiting, total=None, rate=0.0, left="?")
        self.lock = Lock()

    def show(self, progress: HarvestProgress) -> None:
        """Move the bar of one source."""
        with self.lock:
            self.bars.update(self.waiting, visible=False)
            if progress.source not in self.tasks:
                self.tasks[progress.source] = self.bars.add_task(
                    progress.source, total=None, rate=0.0, left="?"
                )
            self.bars.update(
                self.tasks[progress.source],
                completed=progress.records,
                total=progress.expected,
                rate=progress.rate,
                left=_to_go(progress),
            )


def _to_go(progress: HarvestProgress) -> str:
    """Return the time until the end as hours, minutes and seconds."""
    left = progress.seconds_to_go
    return "?" if left is None else str(timedelta(seconds=math.ceil(left)))
