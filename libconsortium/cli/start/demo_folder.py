"""The folder a demonstration works in, and the servers it harvests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from libconsortium import Command, HarvestError, Preset, StoreError, read_settings
from libconsortium.cli.frame import Terminal

SUBSCRIPTION, YEAR = "csdl-vi-du-2025", 2025

MARK = "# Written by 'libconsortium demo': an invented consortium, real servers on this machine."
"""First line of a demonstration's settings; a folder without it is somebody's work."""

_WRITTEN = (
    "consortium.toml",
    "consortium.db*",
    "search.db*",
    "facts/demo.toml",
    "policies/20-50-30.toml",
    "reports/*",
)

_SETTINGS = """\
{mark}
[consortium]
name = "Liên hợp thư viện Ví Dụ (hư cấu)"
federation = "vi-du"
language = "{language}"

[[bills]]
subscription = "{subscription}"
year = {year}
policy = "policies/20-50-30.toml"
quote = "120000 USD"
contract = "net"
exchange = {{ quoted = "USD", paid = "VND", rate = "25400", on = 2025-01-02, source = "invented" }}
tax = {{ corporate_income = "10%", value_added = "5%", source = "example; ask your accountant" }}
"""


_SOURCE = """
[[sources]]
name = "{name}"
member = "{member}"
url = "{url}"
allowed_networks = ["127.0.0.1/32"]   # these servers run on this machine
retry_seconds = 0.2
"""

_POLICY = """\
name   = "20/50/30 after a sponsor's 40 %"
source = "made for the demonstration; an example, not an official formula"

[drivers]
fte   = { measure = "fte" }
usage = { measure = "usage" }

[sponsor]
pays = "40%"
by   = "proportional"

[[mix]]
weight = 20
by     = "equal"

[[mix]]
weight = 50
by     = "fte"

[[mix]]
weight = 30
by     = "usage"
"""


def refuse_somebodys_work(into: Path) -> None:
    """Refuse a folder that has something in it and is not a demonstration's.

    Raises:
        StoreError: It is such a folder.
    """
    settings = into / "consortium.toml"
    if settings.exists():
        is_ours = settings.read_text("utf-8", "replace").startswith(MARK)
    else:
        is_ours = not into.exists() or not any(into.iterdir())
    if not is_ours:
        raise StoreError("{path} is not a demonstration's folder; choose another one", path=into)


def forget(into: Path) -> None:
    """Remove what a demonstration wrote, and nothing else."""
    for pattern in _WRITTEN:
        for path in into.glob(pattern):
            path.unlink()


def write_settings(terminal: Terminal, into: Path, servers: Sequence[Mapping[str, Any]]) -> None:
    """Write settings, policy and facts."""
    settings = _SETTINGS.format(
        mark=MARK, language=terminal.language, subscription=SUBSCRIPTION, year=YEAR
    )
    files = {
        into / "consortium.toml": settings
        + "".join(_SOURCE.format(**server) for server in servers),
        into / "policies" / "20-50-30.toml": _POLICY,
        into / "facts" / "demo.toml": terminal.registry().find(Preset, "demo").read(),
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def ports_of(into: Path) -> list[str]:
    """Return the ports of an earlier demonstration: a list goes on only at the same address."""
    if not (into / "consortium.toml").exists():
        return []
    sources = read_settings(into).file.sources
    return [str(port) for source in sources if (port := urlsplit(source.url).port)]


@contextmanager
def demo_servers(terminal: Terminal, ports: Sequence[str]) -> Iterator[list[dict[str, Any]]]:
    """Run the servers in a process of their own; give name, member and address of each."""
    terminal.registry().find(Command, "demo-servers")
    wanted = [argument for port in ports for argument in ("--port", port)]
    with subprocess.Popen(  # noqa: S603 - our own command; the ports are numbers
        [sys.executable, "-P", "-m", "libconsortium", "demo-servers", *wanted],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "LIBCONSORTIUM_LANG": terminal.language},
        start_new_session=True,  # a Ctrl-C is for the harvest, which still needs its answers
    ) as process:
        try:
            said = process.stdout.readline() if process.stdout else ""
            if not said:
                raise HarvestError("the demonstration's servers did not start; see the line above")
            yield json.loads(said)["sources"]
        finally:
            if process.stdin:
                process.stdin.close()
