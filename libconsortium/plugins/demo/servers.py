"""Starts the three servers as processes of their own, and ends them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import zip_longest

import attrs

from libconsortium import HarvestSource, MissingExtraError
from libconsortium.plugins.demo.holdings import LIBRARIES, holdings

_PACKAGES = ("oaipmh", "oai_repo")
_PATIENCE_SECONDS = 5.0


@attrs.frozen(kw_only=True)
class DemoServer:
    """One running server.

    Args:
        source: How to harvest it.
        title: Name of the library.
        live: How many live records it has.
        deleted: How many deleted ones.
    """

    source: HarvestSource
    title: str
    live: int
    deleted: int


@contextmanager
def demo_servers(ports: Sequence[int] = ()) -> Iterator[tuple[DemoServer, ...]]:
    """Run the three servers as long as the ``with`` lasts.

    Args:
        ports: Where to listen, in the order of the libraries, if these ports are free; a harvest
            goes on with a list only at the address it began at.

    Raises:
        MissingExtraError: The packages of the extra ``demo`` are not installed.
    """
    for package in _PACKAGES:
        if find_spec(package) is None:
            raise MissingExtraError(
                "the demonstration needs the package {package};"
                " pip install 'libconsortium[{extra}]'",
                package=package.replace("_", "-"),
                extra="demo",
            )
    wanted = zip_longest(LIBRARIES, ports[: len(LIBRARIES)], fillvalue=0)
    processes = {str(library): _started(str(library), int(port)) for library, port in wanted}
    try:
        yield tuple(_server(library, process) for library, process in processes.items())
    finally:
        for process in processes.values():
            _end(process)


def _started(library: str, port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-P", "-m", "libconsortium.plugins.demo.wsgi", library, str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a Ctrl-C is for the harvest, which still needs its answers
    )


def _server(library: str, process: subprocess.Popen[str]) -> DemoServer:
    assert process.stdout is not None  # noqa: S101 - it was asked for
    records = holdings(library)
    deleted = sum(record.is_deleted for record in records)
    return DemoServer(
        source=HarvestSource(
            name=library,
            member=library,
            url=process.stdout.readline().strip(),
            allowed_networks=("127.0.0.1/32",),
        ),
        title=LIBRARIES[library],
        live=len(records) - deleted,
        deleted=deleted,
    )


def _end(process: subprocess.Popen[str]) -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
    try:
        process.wait(_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
