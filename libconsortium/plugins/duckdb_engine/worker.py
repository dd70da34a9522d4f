"""One worker: ``python -m``, fed by ``workers``; see there."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from pathlib import Path
from typing import IO

from pyarrow import ipc

from libconsortium import CatalogueError
from libconsortium.plugins.duckdb_engine.workers import PROCESSES, table_of, written

_OBJECTS = 100_000  # made before the collector looks: records have no cycles


def main() -> None:
    """Write what the function makes of the batches that come in."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it hears of it and ends it
    gc.set_threshold(_OBJECTS)
    given, said = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a rule prints does not come between
    path = pickle.load(given)  # noqa: S301 - whoever started it says it
    try:
        function, schema = pickle.load(given)  # noqa: S301
    except Exception as error:  # noqa: BLE001 - a plugin that only the other process finds
        _say(
            said,
            CatalogueError(
                "the match rule cannot be loaded in another process: {kind}: {error}; set"
                " {variable}=1 to do without",
                kind=type(error).__name__,
                error=str(error),
                variable=PROCESSES,
            ),
        )
        return
    with written(Path(path), schema) as writer:
        for batch in ipc.open_stream(given):
            try:
                made = table_of(function(batch), schema)
            except Exception as error:  # noqa: BLE001 - whatever a rule raises
                _say(said, error)
                return
            writer.write(made)
            _say(said, None)
    _say(said, None)


def _say(said: IO[bytes], raised: Exception | None) -> None:
    try:
        text = pickle.dumps(raised)
        pickle.loads(text)  # noqa: S301 - an exception may not come out as it went in
    except Exception:  # noqa: BLE001
        text = pickle.dumps(RuntimeError(f"{type(raised).__name__}: {raised}"))
    said.write(text)
    said.flush()


if __name__ == "__main__":
    main()
