"""Three real OAI-PMH servers with invented records, for the demonstration and for trying things."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from libconsortium import Command, hookimpl

if TYPE_CHECKING:
    import click


@hookimpl
def consortium_commands() -> Iterator[Command]:
    """Yield the command that runs the servers."""
    yield Command(
        name="demo-servers",
        summary="Run three OAI-PMH servers with invented records until standard input closes",
        load=_demo_servers,
    )


def _demo_servers() -> click.Command:
    from libconsortium.plugins.demo.command import demo_servers

    return demo_servers
