"""How long many endpoints take at once, beside one after the other and beside the slowest alone.

python -m benchmarks.harvest_many [--endpoints N] [--records N] [--longest N] [--page N] [--wait MS]
                                  [--rounds N] [--no-sickle]

One process of ready pages stands for all endpoints; each has its own port, which counts as a host,
and its own identifiers. `slowest alone` harvests the endpoint with most records by itself, `all`
every one into one store, `sickle` one after the other, keeping nothing; `asking alone` asks for all
pages with a bare requests.Session and a thread for each endpoint, and looks at nothing. `processor`
is the processor's seconds, of the process that reads beside too; `server` is what the server took
besides, on the same machine. The machine's load is printed, and the shortest of several
rounds counts.
"""

from __future__ import annotations

import argparse
import os
import tempfile

import requests

from benchmarks.harvest import Took, run, serving
from benchmarks.page_server import PROCESSOR

PURPOSE = "harvesting many endpoints at once, against the slowest alone and sickle serially"


def main(arguments: list[str] | None = None) -> None:
    """Harvest all at once, and what it is compared with, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.harvest_many")
    parser.add_argument("--endpoints", type=int, default=20)
    parser.add_argument("--records", type=int, default=500, help="of each endpoint")
    parser.add_argument("--longest", type=int, default=0, help="records of the first endpoint")
    parser.add_argument("--page", type=int, default=100)
    parser.add_argument("--wait", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--no-sickle", action="store_true")
    wanted = parser.parse_args(arguments)
    longest = wanted.longest or wanted.records
    print(
        f"{wanted.endpoints} endpoints of {wanted.records} records (the first {longest}),"
        f" {wanted.page} a page, {wanted.wait} ms a request; load {os.getloadavg()[0]:.1f}"
    )
    settings = map(str, (wanted.records, wanted.page, wanted.wait, wanted.endpoints, longest))
    with serving("oai_dc", *settings) as urls:
        clients = {
            "slowest alone": ("harvest", urls.split()[0]),
            "all": ("harvest, many", urls),
            "asking alone": ("session, many", urls),
        }
        if not wanted.no_sickle:
            clients["sickle"] = ("sickle, serially", urls)
        _print({name: _best(*client, wanted.rounds) for name, client in clients.items()})


def _best(client: str, urls: str, rounds: int) -> tuple[Took, float]:
    """Return what the quickest round took, and the seconds of the server's processor in it."""
    best: list[tuple[Took, float]] = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            before = _processor(urls)
            took = run(client, urls, "oai_dc", folder)
            best.append((took, _processor(urls) - before))
    return min(best, key=lambda one: one[0].seconds)


def _processor(urls: str) -> float:
    asked = {"resumptionToken": PROCESSOR}
    return float(requests.get(urls.split(maxsplit=1)[0], asked, timeout=60).text)


def _print(took: dict[str, tuple[Took, float]]) -> None:
    ours = took["all"][0].seconds
    print(f"{'':<16}{'records':>8}{'seconds':>9}{'processor':>11}", end="")
    print(f"{'server':>8}{'all is ×':>10}{'MB':>6}")
    for name, (one, server) in took.items():
        print(
            f"{name:<16}{one.records:>8}{one.seconds:>9.2f}{one.processor:>11.2f}{server:>8.2f}"
            f"{one.seconds / ours:>10.2f}{one.memory:>6.0f}"
        )


if __name__ == "__main__":
    main()
