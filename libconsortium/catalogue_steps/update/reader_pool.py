"""Reads the records of a large source in several processes, each its own share of the pages.

A worker opens the store itself and says rows, some hundreds at a time: a record handed over and
back costs two fifths of reading it, a row a tenth. The rows come in the order of the pages, as one
process would give them.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import suppress
from heapq import merge
from itertools import islice
from queue import SimpleQueue
from subprocess import Popen
from threading import Thread

from libconsortium.catalogue_steps.processes import (
    PROCESSES,
    as_job,
    process_count,
    say_back,
    start_worker,
    worker_pipes,
)
from libconsortium.catalogue_steps.update.rows import SegmentRow
from libconsortium.catalogue_steps.update.source_reader import Format, FormattedRow, SourceReader
from libconsortium.core.errors import CatalogueError

_A_WORKER = 10_000  # records at least: to start one takes a second
_ROWS_AT_ONCE = 500
_Said = list[tuple[object, ...]] | Exception | None  # rows, what was raised, or the end


class OvertakenError(Exception):
    """A harvest began while workers read: they may have seen different moments of the store."""


def pooled_rows(reader: SourceReader) -> Iterator[FormattedRow] | None:
    """Return the rows of a source, read by workers; ``None`` where one process is as good.

    That is where there is little to read, where a harvest is going on, and where store or plugins
    are in this process only.

    Raises:
        OvertakenError: While rows are taken: a harvest of the source began.
        CatalogueError: While rows are taken: a worker was ended.
        SettingsError: The number of processes is none.
    """
    count, run = process_count(), reader.store.last_run(reader.source)
    if count == 1 or run is None or not run.status.is_complete:
        return None
    count = min(count, reader.expected() // _A_WORKER)
    if count <= 1:
        return None
    jobs = [as_job((reader, (number, count))) for number in range(count)]
    return _rows(reader, jobs) if all(jobs) else None


def _rows(reader: SourceReader, jobs: list[bytes]) -> Iterator[FormattedRow]:
    run = reader.store.last_run(reader.source)
    heard: list[SimpleQueue[_Said]] = [SimpleQueue() for _ in jobs]
    started: list[tuple[Popen[bytes], Thread]] = []
    try:
        for job, said in zip(jobs, heard, strict=True):
            worker = start_worker(__name__)
            # A thread listens, so that no worker waits until its turn to be read comes.
            started.append((worker, Thread(target=_listen, args=(worker, said), daemon=True)))
            started[-1][1].start()
            _give(worker, job)
        yield from merge(*map(_given, heard), key=_page)
    finally:
        for worker, listener in started:
            worker.kill()
            worker.wait()
            listener.join()
    if reader.store.last_run(reader.source) != run:
        raise OvertakenError


def _page(row: FormattedRow) -> tuple[int, int]:
    return row[1].page_run, row[1].page_number


def _give(worker: Popen[bytes], job: bytes) -> None:
    given = worker.stdin
    assert given is not None  # noqa: S101 - it was asked for
    with suppress(BrokenPipeError), given:  # one that is gone is told of when it is listened to
        given.write(job)


def _given(heard: SimpleQueue[_Said]) -> Iterator[FormattedRow]:
    while said := heard.get():
        if isinstance(said, Exception):
            raise said
        for chosen, *values in said:
            yield chosen, SegmentRow(*values)  # type: ignore[misc,arg-type] # see _told


def _listen(worker: Popen[bytes], heard: SimpleQueue[_Said]) -> None:
    assert worker.stdout is not None  # noqa: S101 - it was asked for
    with worker.stdout as pipe:
        said: _Said = []
        while isinstance(said, list):
            try:
                said = pickle.load(pipe)  # noqa: S301 - our own worker says it
            except (EOFError, pickle.UnpicklingError):
                said = CatalogueError(
                    "a process that read records was ended, perhaps for want of memory; set"
                    " {variable}=1 to do without",
                    variable=PROCESSES,
                )
            heard.put(said)


def work() -> None:
    """Read a share for another process; this is the whole of a worker."""
    given, said = worker_pipes()
    try:
        reader, share = pickle.load(given)  # noqa: S301 - whoever started it says it
        rows = reader.rows(share)
        while some := [_told(*one) for one in islice(rows, _ROWS_AT_ONCE)]:
            say_back(said, some)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is raised where it is awaited
        say_back(said, error)
    else:
        say_back(said, None)


def _told(chosen: Format, row: SegmentRow) -> tuple[object, ...]:
    """Return a row as it is said: plain values take a third of the time of an object."""
    return (
        chosen,
        row.identifier,
        row.page_run,
        row.page_number,
        row.is_deleted,
        row.fields,
        row.held,
    )
