"""Runs the benches that the documentation gives figures of, or those named, and reports on all.

python -m benchmarks [--list] [--quick | --long] [NAME …]

Each run is a process of its own, so that its time and its most memory are its own; a peer that is
not installed is named and left out. ``--quick`` takes small sizes, to see that all of them run;
``--long`` adds what takes long: ten million records from their fields to pairs compared. A bench is
a module of this folder with ``PURPOSE``, one line, and ``main(arguments)``; with other sizes it is
run as ``python -m benchmarks.NAME``, whose ``--help`` names them.
"""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from tempfile import TemporaryDirectory
from time import perf_counter

import attrs

_KEPT = "{folder}/kept"  # what one run leaves for the next


@attrs.frozen
class _Run:
    """One run of a bench.

    Args:
        bench: Its module.
        usual: The arguments that the documentation names.
        quick: Those for small sizes.
        memory: What DuckDB may take; as much as it wants if empty.
    """

    bench: str
    usual: str = ""
    quick: str = ""
    memory: str = ""


RUNS = (
    _Run(
        "catalogue",
        f"--records 1000000 --keep {_KEPT} --peer",
        f"--records 20000 --keep {_KEPT} --peer",
    ),
    _Run("catalogue", f"--keep {_KEPT} --copies 10", f"--keep {_KEPT} --copies 3", "1GB"),
    _Run("catalogue", "--records 100000 --peer", "--records 5000 --peer"),
    _Run("catalogue_update", "--records 1000000 --plain --check", "--records 5000 --plain --check"),
    _Run("catalogue_update", "--records 100000 --check", "--records 3000 --check"),
    _Run("catalogue_sizes", "--records 10000 --page 500", "--records 2000"),
    _Run("cluster_file", "--records 300000 --check", "--records 5000 --check", "500MB"),
    _Run("search", "--documents 20000 --copies 50", "--documents 1000"),
    _Run("harvest", "", "--records 1000 --rounds 1 --pages 100 --waits 0"),
    _Run("harvest", "--records 50000 --pages 500 --waits 0", "--records 2000 --rounds 1 --waits 0"),
    _Run("harvest_many", "--records 2000", "--endpoints 4 --records 100"),
    _Run(
        "harvest_many",
        "--endpoints 338 --records 300 --wait 200 --no-sickle",
        "--endpoints 20 --records 100 --no-sickle",
    ),
    _Run(
        "harvest_many",
        "--endpoints 338 --records 300 --wait 200 --longest 12000 --no-sickle",
        "--endpoints 20 --records 100 --longest 500 --no-sickle",
    ),
    _Run("harvest_sizes", "--records 20000 100000", "--records 2000"),
    _Run("reading", "", "--records 500 --rounds 1"),
    _Run("match", "", ""),
    _Run("games", "", "--quick"),
    _Run("split", "", "--members 50 --subscriptions 20"),
    _Run("split", "--members 5000 --subscriptions 1000 --said 0", "--members 50 --said 0"),
)
"""All runs, in their order; add yours here. Labelled sets have no smaller size."""

LONG_RUNS = (
    _Run("catalogue", "--records 10000000 --parts 5", memory="1GB"),
    _Run("cluster_file", "--records 1000000 --check", memory="1GB"),
    _Run("harvest", "--records 50000 --pages 500 --waits 50"),
    _Run("harvest_sizes", "--records 1000000"),
)
"""What the documentation gives figures of and only ``--long`` runs: some one and a half hours."""


@attrs.frozen
class _Took:
    run: str
    seconds: float
    processor: float
    memory: float
    status: int


def main() -> int:
    """Run the benches that the command line names, and print what each took."""
    names = list(dict.fromkeys(run.bench for run in RUNS))
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="*", choices=[*names, []], help="bench to run; all if none")
    parser.add_argument("--list", action="store_true", help="say what there is and stop")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="small sizes")
    size.add_argument("--long", action="store_true", help="more records too; takes hours")
    wanted = parser.parse_args()
    if wanted.list:
        for name in names:
            print(f"{name:<18} {import_module(f'benchmarks.{name}').PURPOSE}")
        return 0
    with TemporaryDirectory() as folder:
        runs = (*RUNS, *LONG_RUNS) if wanted.long else RUNS
        chosen = [run for run in runs if run.bench in (wanted.name or names)]
        took = [_taken(run, folder, is_quick=wanted.quick) for run in chosen]
    _report(took)
    return int(any(one.status for one in took))


def _taken(run: _Run, folder: str, *, is_quick: bool) -> _Took:
    arguments = (run.quick if is_quick else run.usual).format(folder=folder).split()
    more = {"LIBCONSORTIUM_MEMORY": run.memory} if run.memory else {}
    shown = " ".join((*(f"{name}={value}" for name, value in more.items()), run.bench, *arguments))
    shown = shown.replace(folder, "FOLDER")
    purpose = import_module(f"benchmarks.{run.bench}").PURPOSE
    print(f"\n== {shown}\n   {purpose}; load {os.getloadavg()[0]:.1f}", flush=True)
    command = (sys.executable, "-m", f"benchmarks.{run.bench}", *arguments)
    start = perf_counter()
    child = os.posix_spawn(sys.executable, command, {**os.environ, **more})
    _, status, used = os.wait4(child, 0)
    spent = used.ru_utime + used.ru_stime
    return _Took(
        shown,
        perf_counter() - start,
        spent,
        used.ru_maxrss / 1024,
        os.waitstatus_to_exitcode(status),
    )


def _report(took: list[_Took]) -> None:
    print(f"\n== All runs\n{'clock s':>9} {'cpu s':>9} {'MB':>7}")
    for one in took:
        failed = f"   ENDED WITH {one.status}" if one.status else ""
        print(f"{one.seconds:9.0f} {one.processor:9.0f} {one.memory:7.0f}   {one.run}{failed}")
    print(f"{sum(one.seconds for one in took):9.0f} {sum(one.processor for one in took):9.0f}"
          f"           together, on {os.cpu_count()} processors")  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
