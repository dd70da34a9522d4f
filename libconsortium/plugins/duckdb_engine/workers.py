"""Runs a step's Python function over Arrow batches, in several processes where that is worth it.

A worker gets the function and the batches through a pipe and writes what it makes of them into a
Parquet file of its own: only a word per batch comes back.
"""

from __future__ import annotations

import pickle
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from threading import Lock
from typing import IO, Any

import pyarrow as pa
from pyarrow import ipc, parquet

from libconsortium import PROCESSES, CatalogueError, as_job, start_worker

_ALONE = 5
"""Batches that are worked on here before others are called: to start them takes a second."""

_WORKER = "libconsortium.plugins.duckdb_engine.worker"
_PROTOCOL = 5
_Step = Callable[[Any], Any]


def run_step(
    function: _Step, batches: Iterator[pa.RecordBatch], schema: pa.Schema, path: Path, count: int
) -> list[Path]:
    """Write what a function makes of batches into Parquet files.

    Args:
        function: Makes a table or a batch out of a batch.
        batches: The batches.
        schema: The columns that it makes.
        path: The first file; those of workers are beside it.
        count: How many workers there may be.

    Returns:
        The files.

    Raises:
        CatalogueError: A worker was ended.
    """
    step = as_job((function, schema)) if count > 1 else b""
    with written(path, schema) as writer:
        for batch in islice(batches, _ALONE) if step else batches:
            writer.write(table_of(function(batch), schema))
    following = next(batches, None)
    if following is None:
        return [path]
    files = [path.with_name(f"{path.stem}-{number}.parquet") for number in range(count)]
    used = _Workers(step, chain([following], batches)).run(files)
    return [path, *used]


def written(path: Path, schema: pa.Schema) -> parquet.ParquetWriter:
    """Open a Parquet file of some columns to write."""
    return parquet.ParquetWriter(path, schema, compression="zstd")


def table_of(made: pa.Table | pa.RecordBatch, schema: pa.Schema) -> pa.Table:
    """Return what a function made as a table with the columns promised."""
    found = pa.Table.from_batches([made]) if isinstance(made, pa.RecordBatch) else made
    return found if found.schema == schema else found.cast(schema)


class _Workers:
    """Processes that work on the same batches, each fed by a thread."""

    def __init__(self, step: bytes, batches: Iterator[pa.RecordBatch]) -> None:
        self._step, self._batches = step, batches
        self._turn = Lock()
        self._running: list[subprocess.Popen[bytes]] = []

    def run(self, files: list[Path]) -> list[Path]:
        with ThreadPoolExecutor(len(files)) as threads:
            fed = [threads.submit(self._feed, path) for path in files]
            try:
                for one in as_completed(fed):
                    one.result()
            except BaseException:
                self._end()
                raise
        return [path for path, one in zip(files, fed, strict=True) if one.result()]

    def _end(self) -> None:
        with self._turn:
            self._batches = iter(())
            for worker in self._running:
                worker.kill()

    def _next(self) -> pa.RecordBatch | None:
        with self._turn:
            return next(self._batches, None)

    def _feed(self, path: Path) -> bool:
        """Feed one worker until no batch is left; say whether there was any."""
        batch = self._next()
        if batch is None:
            return False
        with self._turn:
            worker = start_worker(_WORKER, path.parent)
            self._running.append(worker)
        given, said = worker.stdin, worker.stdout
        if given is None or said is None:  # pragma: no cover - both were asked for
            return False
        try:
            self._talk(given, said, path, batch)
        except (BrokenPipeError, EOFError):
            raise _last_words(said) from None
        finally:
            with suppress(BrokenPipeError):
                given.close()
            worker.wait()
            said.close()
        return True

    def _talk(self, given: IO[bytes], said: IO[bytes], path: Path, first: pa.RecordBatch) -> None:
        given.write(pickle.dumps(str(path), _PROTOCOL) + self._step)
        stream = ipc.new_stream(given, first.schema)
        batch: pa.RecordBatch | None = first
        while batch is not None:
            stream.write_batch(batch)
            given.flush()
            batch = self._next()  # while the worker is at it
            raised = pickle.load(said)  # noqa: S301 - our own worker says it
            if raised is not None:
                raise raised
        stream.close()
        given.close()
        pickle.load(said)  # noqa: S301 - when its file is whole


def _last_words(said: IO[bytes]) -> Exception:
    """Return what a worker raised before it ended, or that it was ended."""
    with suppress(EOFError):
        raised = pickle.load(said)  # noqa: S301 - our own worker says it
        if isinstance(raised, Exception):
            return raised
    return CatalogueError(
        "a process that compared records was ended, perhaps for want of memory; set {variable}=1"
        " to do without",
        variable=PROCESSES,
    )
