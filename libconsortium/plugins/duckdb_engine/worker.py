"""One worker, fed by ``workers``; see there."""

from __future__ import annotations

import pickle
from pathlib import Path

from pyarrow import ipc

from libconsortium import PROCESSES, CatalogueError, say_back, worker_pipes
from libconsortium.plugins.duckdb_engine.workers import table_of, written


def work() -> None:
    """Write what the function makes of the batches that come in."""
    given, said = worker_pipes()
    path = pickle.load(given)  # noqa: S301 - whoever started it says it
    try:
        function, schema = pickle.load(given)  # noqa: S301 - as above
    except Exception as error:  # noqa: BLE001 - a plugin that only the other process finds
        say_back(
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
                say_back(said, error)
                return
            writer.write(made)
            say_back(said, None)
    say_back(said, None)
