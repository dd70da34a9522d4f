"""How much memory and disk one harvest takes, from few records to many.

python -m benchmarks.harvest_sizes [--records N …] [--page N]

`XML` is what came from the server (MB), `file` the store after it, with its log. A million records
take some five minutes, and 4 GB of memory for the server that has their pages ready.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from benchmarks.harvest import run, serving
from benchmarks.page_server import pages

PURPOSE = "memory and disk of one harvest, by the number of records"

_MB = 1e6
_SAMPLE = 5  # pages


def main(arguments: list[str] | None = None) -> None:
    """Harvest lists of several lengths and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.harvest_sizes")
    parser.add_argument("--records", nargs="+", type=int, default=[2_000, 10_000])
    parser.add_argument("--page", type=int, default=500)
    wanted = parser.parse_args(arguments)
    some = pages("oai_dc", _SAMPLE * wanted.page, wanted.page).values()
    record = sum(map(len, some)) / (_SAMPLE * wanted.page)
    print(
        f"oai_dc, {wanted.page} a page, {record:.0f} bytes a record; load {os.getloadavg()[0]:.1f}"
    )
    print(
        f"{'records':>9}{'seconds':>9}{'processor':>11}{'µs/record':>11}{'MB':>6}{'XML':>7}"
        f"{'file':>7}{'file/XML':>10}"
    )
    for count in wanted.records:
        with (
            serving("oai_dc", str(count), str(wanted.page), "0") as url,
            tempfile.TemporaryDirectory() as folder,
        ):
            took = run("harvest", url, "oai_dc", folder)
            left = sum(file.stat().st_size for file in Path(folder).iterdir())
        print(
            f"{took.records:>9}{took.seconds:>9.1f}{took.processor:>11.1f}"
            f"{took.processor / took.records * 1e6:>11.0f}{took.memory:>6.0f}"
            f"{record * count / _MB:>7.0f}{left / _MB:>7.0f}{left / (record * count):>10.3f}"
        )


if __name__ == "__main__":
    main()
