"""Runs the benches: all of them, or those named.

python -m benchmarks [--list] [NAME …]

A bench is a module of this folder with ``PURPOSE``, one line, and ``main(arguments)``; with its own
options it is run as ``python -m benchmarks.NAME``.
"""

from __future__ import annotations

import argparse
from importlib import import_module

BENCHES = (
    "catalogue",
    "catalogue_sizes",
    "catalogue_update",
    "cluster_file",
    "games",
    "harvest",
    "harvest_many",
    "harvest_sizes",
    "match",
    "reading",
    "search",
    "split",
)
"""The modules, in the order they run; add yours here."""


def main() -> None:
    """Run the benches that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Run the benches.")
    parser.add_argument("name", nargs="*", choices=[*BENCHES, []], help="bench to run; all if none")
    parser.add_argument("--list", action="store_true", help="say what there is and stop")
    wanted = parser.parse_args()
    for name in wanted.name or BENCHES:
        bench = import_module(f"benchmarks.{name}")
        print(f"{name:<16} {bench.PURPOSE}")
        if not wanted.list:
            bench.main([])
            print()


if __name__ == "__main__":
    main()
