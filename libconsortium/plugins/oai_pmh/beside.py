"""Reads plain pages in a process beside this one, once there is much to read.

Python does one thing at a time in a process. While long lists are harvested, their pages are
checked and cut in another one, so that asking and writing do not wait for that. It is given the
bytes of a page and says what ``plain_page`` makes of them; nothing else rests on it. Where it is
ended, or was never begun, pages are read here.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from subprocess import Popen
from threading import Lock, RLock, Thread, Timer
from typing import IO, Any, cast

from libconsortium import process_count, say_back, start_worker, worker_pipes
from libconsortium.plugins.oai_pmh.envelope import Token
from libconsortium.plugins.oai_pmh.plain import Cut, PlainPage, plain_page

MUCH = 10_000
"""Records that were read, or that one list announces, from which on another process is worth its
start: it takes as long as some thousands of them."""

LONGEST_SECONDS = 30.0
"""Longest wait for a page, in seconds. The largest one takes some; a process that somebody stopped
would be waited for without end."""

_GONE = (OSError, EOFError, ValueError, pickle.UnpicklingError)
_Said = tuple[str, str, str, list[Any], Token] | None  # a page without its bytes


class Reading:
    """Reads the pages of all lists, one at a time: here, or in the process beside.

    Threads of one Python that read several at a time take the processor from each other, and from
    those that write.

    >>> Reading().plain_page(b"<html>Maintenance</html>") is None
    True
    """

    def __init__(self) -> None:
        """Begin with no list."""
        self._turn = Lock()
        self._changing = RLock()  # a list that was given up may end wherever memory is collected
        self._lists = self._records = 0
        self._may_start = False
        self._worker: Popen[bytes] | None = None
        self._ready: Popen[bytes] | None = None

    @contextmanager
    def of_list(self) -> Iterator[None]:
        """Read a list; with the last one the other process ends.

        Raises:
            SettingsError: The number of processes is none.
        """
        may_start = process_count() > 1
        with self._changing:
            if not self._lists:
                self._records, self._may_start = 0, may_start
            self._lists += 1
        try:
            yield
        finally:
            with self._changing:
                self._lists -= 1
                if not self._lists:
                    self._end()

    def plain_page(self, content: bytes) -> PlainPage | None:
        """Cut a page into its records; see ``plain.plain_page``."""
        with self._turn:
            if self._ready is not None:
                try:
                    return _asked(self._ready, content)
                except BaseException as error:
                    with self._changing:  # what it says next would belong to this page
                        self._end()
                    if not isinstance(error, _GONE):
                        raise
            page = plain_page(content)
            self._records += len(page.cuts) if page else 0
            announced = page.token.complete_list_size if page else None
            if self._may_start and max(self._records, announced or 0) >= MUCH:
                self._may_start = False
                Thread(target=self._start, name="start of a reader", daemon=True).start()
            return page

    def _start(self) -> None:
        """Start the other process; it is given pages as soon as it is ready."""
        with suppress(*_GONE), self._changing:
            if self._lists and self._worker is None:
                self._worker = start_worker(__name__)
        if (worker := self._worker) is not None:
            with suppress(*_GONE):
                pickle.load(_pipe(worker.stdout))  # noqa: S301 - our own worker says it
                self._ready = worker

    def _end(self) -> None:
        worker, self._worker, self._ready = self._worker, None, None
        if worker is not None:
            worker.kill()
            with suppress(OSError), worker:  # there may be left what it did not take
                pass


READING = Reading()
"""The pages of all lists that this process harvests."""


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    return cast("IO[bytes]", pipe)  # it was asked for when the worker was started


def _asked(worker: Popen[bytes], content: bytes) -> PlainPage | None:
    given = _pipe(worker.stdin)
    end = Timer(LONGEST_SECONDS, worker.kill)
    end.start()
    try:
        pickle.dump(content, given, pickle.HIGHEST_PROTOCOL)
        given.flush()
        said: _Said = pickle.load(_pipe(worker.stdout))  # noqa: S301 - our own worker says it
    finally:
        end.cancel()
    if said is None:
        return None
    verb, response_date, base_url, cuts, token = said
    # Every call counts here: a list has a million records.
    whole = [
        Cut(
            *(identifier, datestamp, sets, is_deleted, namespace),
            content[start : start + size] if start >= 0 else size,
            *(start, digest),
        )
        for identifier, datestamp, sets, is_deleted, namespace, size, start, digest in cuts
    ]
    return PlainPage(verb, response_date, base_url, tuple(whole), token)


def _told(page: PlainPage | None) -> _Said:
    """Return a page as it is said: of what stands in it as it is, only where, and how long."""
    if page is None:
        return None
    cuts = [
        (*one[:5], one.content if one.start < 0 else len(one.content), *one[6:])
        for one in page.cuts
    ]
    return page.verb, page.response_date, page.base_url, cuts, page.token


def work() -> None:
    """Read pages for another process for as long as it is there; this is the whole of a worker."""
    given, said = worker_pipes()
    with suppress(EOFError, BrokenPipeError):
        say_back(said, "ready")
        while True:
            say_back(said, _told(plain_page(pickle.load(given))))  # noqa: S301 - whoever started it says it
