"""The command ``demo-servers``."""

from __future__ import annotations

import json
import sys

import click

from libconsortium.plugins.demo.servers import DemoServer
from libconsortium.plugins.demo.servers import demo_servers as run_servers

SCHEMA = 1


@click.command("demo-servers", context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--port", "ports", type=int, multiple=True, help="Listen here if it is free; one a server."
)
def demo_servers(ports: tuple[int, ...]) -> None:
    """Run three OAI-PMH servers with invented records on this machine.

    Writes one line of JSON with their addresses, and ends when its standard input closes
    (Ctrl-D on a terminal).

    Example: libconsortium demo-servers
    """
    with run_servers(ports) as servers:
        click.echo(json.dumps(line_of(servers), ensure_ascii=False))
        try:
            sys.stdin.read()
        except KeyboardInterrupt:
            return


def line_of(servers: tuple[DemoServer, ...]) -> dict[str, object]:
    """Return what the command says about its servers.

    >>> line_of(())
    {'schema': 1, 'sources': []}
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
