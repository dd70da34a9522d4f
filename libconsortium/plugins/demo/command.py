"""The command ``demo-servers``."""

from __future__ import annotations

import json
import sys

import click

from libconsortium.plugins.demo.servers import DemoServer
from libconsortium.plugins.demo.servers import demo_servers as run_servers

SCHEMA = "libconsortium.demo-servers/1"


@click.command("demo-servers")
def demo_servers() -> None:
    """Run three OAI-PMH servers with invented records on this machine.

    Writes one line of JSON with their addresses, and ends when its standard input closes
    (Ctrl-D on a terminal).

    Example: libconsortium demo-servers
    """
    with run_servers() as servers:
        click.echo(json.dumps(line_of(servers), ensure_ascii=False))
        try:
            sys.stdin.read()
        except KeyboardInterrupt:
            return


def line_of(servers: tuple[DemoServer, ...]) -> dict[str, object]:
    """Return what the command says about its servers.

    >>> line_of(())
    {'schema': 'libconsortium.demo-servers/1', 'sources': []}
    """
    return {
        "schema": SCHEMA,
        "sources": [
            {
                "name": server.source.name,
                "member": server.source.member,
                "url": server.source.url,
                "allowed_networks": list(server.source.allowed_networks),
                "title": server.title,
                "live": server.live,
                "deleted": server.deleted,
            }
            for server in servers
        ],
    }
