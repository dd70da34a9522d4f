"""Harvest jobs for many machines: a queue in the consortium's own PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from libconsortium import Command, hookimpl

if TYPE_CHECKING:
    import click


@hookimpl
def consortium_commands() -> Iterator[Command]:
    """Yield the command that fills the queue and works it off."""
    yield Command(
        name="queue",
        summary="Share harvests among many machines: a queue in PostgreSQL",
        load=_queue,
    )


def _queue() -> click.Command:
    from libconsortium_queue.command import queue

    return queue
