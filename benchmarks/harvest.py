"""How fast a server is harvested, beside other clients and beside what the network allows.

python -m benchmarks.harvest [--records N] [--rounds N] [--formats …] [--pages …] [--waits …]

Every client runs in a process of its own against the same server of ready pages, over the loopback
and with a wait before every answer. The shortest of several rounds counts, taken in turns: the
machine may be shared. `× sickle` is how many times as fast as sickle by the clock, `processor` the
same by processor time, which other programs on the machine disturb less; that of a process that
reads beside counts, `LIBCONSORTIUM_PROCESSES=1` does without one. The floors do less than
any harvester must: they show what the network, the parser and the disk cost by themselves.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

import attrs

PURPOSE = "harvesting, against other clients and the floors of network, parser and disk"

_FLOORS = ("raw socket", "session", "session + lxml", "session + fsync")
_PEERS = {"sickle": "sickle", "oaipmh-scythe": "oaipmh_scythe"}
_STORED = (
    "parse again",
    "read again",
    "read again by two",
)  # they need no server, but what harvest left
_OURS = ("our sickle", "harvest", "harvest, guessing", *_STORED)


@attrs.frozen(kw_only=True)
class Took:
    """What a client took: records, seconds by the clock and of the processor, memory in MB."""

    records: int
    seconds: float
    processor: float
    memory: float


def main(arguments: list[str] | None = None) -> None:
    """Compare the clients in every setting and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.harvest")
    parser.add_argument("--records", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--formats", nargs="+", default=["oai_dc", "marcxml"])
    parser.add_argument("--pages", nargs="+", type=int, default=[100, 500])
    parser.add_argument("--waits", nargs="+", type=int, default=[0, 50])
    parser.add_argument("--clients", nargs="+", default=[*_FLOORS, *_PEERS, *_OURS])
    wanted = parser.parse_args(arguments)
    clients = [name for name in wanted.clients if _is_there(name)]
    for prefix in wanted.formats:
        for size in wanted.pages:
            for wait in wanted.waits:
                print(f"\n{wanted.records} records of {prefix}, {size} a page, {wait} ms a request")
                _print(_compared(clients, prefix, wanted, size, wait))


def _is_there(client: str) -> bool:
    is_there = client not in _PEERS or find_spec(_PEERS[client]) is not None
    if not is_there:
        print(f"{client} is left out: it is not installed (pip install {client})")
    return is_there


def _compared(
    clients: list[str], prefix: str, wanted: argparse.Namespace, size: int, wait: int
) -> dict[str, Took]:
    best: dict[str, Took] = {}
    with serving(prefix, str(wanted.records), str(size), str(wait)) as url:
        for _ in range(wanted.rounds):
            with tempfile.TemporaryDirectory() as folder:
                for client in clients:
                    if client in _STORED and wait:
                        continue
                    took = run(client, url, prefix, folder)
                    if took.records != wanted.records:
                        print(f"{client} gave {took.records} of {wanted.records} records")
                    known = best.get(client, took)
                    best[client] = min(known, took, key=lambda one: one.seconds)
    return best


@contextmanager
def serving(*settings: str) -> Iterator[str]:
    """Serve ready pages in a process of its own; give the addresses, with blanks between."""
    command = [sys.executable, "-m", "benchmarks.page_server", *settings]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as server:
        assert server.stdin is not None  # noqa: S101 - both are pipes
        assert server.stdout is not None  # noqa: S101
        try:
            yield server.stdout.readline().strip()
        finally:
            server.stdin.close()


def run(client: str, url: str, prefix: str, folder: str) -> Took:
    """Run a client in a process of its own, and return what it took."""
    command = [sys.executable, "-m", "benchmarks.harvest_clients", client, url, prefix, folder]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Took(**json.loads(done.stdout))


def _print(best: dict[str, Took]) -> None:
    anchor = best.get("sickle")
    print(f"{'':<18}{'seconds':>8}{'records/s':>11}{'× sickle':>10}{'processor':>11}{'MB':>6}")
    for client, took in best.items():
        ratios = ("", "")
        if anchor is not None:
            ratios = (
                f"{anchor.seconds / took.seconds:.2f}",
                f"{anchor.processor / took.processor:.2f}",
            )
        print(
            f"{client:<18}{took.seconds:>8.2f}{took.records / took.seconds:>11.0f}"
            f"{ratios[0]:>10}{ratios[1]:>11}{took.memory:>6.0f}"
        )
    if {"parse again", "read again"} <= best.keys():
        ratio = best["parse again"].processor / best["read again"].processor
        print(f"reading again runs at {ratio:.2f} of bare parsing, both from the store")


if __name__ == "__main__":
    main()
