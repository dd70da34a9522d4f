"""The option ``--allow-network``: networks that may be reached although they are not public."""

from __future__ import annotations

import ipaddress

import click

from libconsortium.cli.frame import N_, Terminal, option

network_option = option(
    "--allow-network",
    "networks",
    multiple=True,
    metavar="CIDR",
    help=N_("A network that may be reached although it is not public."),
)


def checked_networks(terminal: Terminal, networks: tuple[str, ...]) -> tuple[str, ...]:
    """Return networks as given.

    Raises:
        UsageError: One is not a network.
    """
    for text in networks:
        try:
            ipaddress.ip_network(text)
        except ValueError as error:
            said = N_("--allow-network {given!r} is not a network; write it like 10.0.0.0/8")
            raise click.UsageError(terminal.said(said, given=text)) from error
    return networks
