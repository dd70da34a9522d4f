"""Writers of one SQLite file take turns, and who waits meanwhile is written with who is next.

SQLite has one writer at a time, and every transaction waits for the disk. So whoever's turn it is
takes along what the others wait to write: one transaction and one wait for all of them. Nobody
goes on before what is his is on the disk.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from typing import Any, TypeVar, cast

import attrs
from sqlalchemy import Connection

T = TypeVar("T")

Begin = Callable[[], AbstractContextManager[Connection]]
"""Begins a transaction, which ends with what it is the context of."""


class Turns:
    """The turns of the writers of one database.

    Args:
        begin: Begins a transaction.
    """

    def __init__(self, begin: Begin) -> None:
        """Begin with nobody waiting."""
        self._begin = begin
        self._turn = Lock()
        self._waiting: deque[_Work] = deque()

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """Write in a transaction of one's own."""
        with self._turn, self._begin() as connection:
            yield connection

    def together(self, work: Callable[[Connection], T]) -> T:
        """Do work in a transaction with the work of others, if others wait.

        Where any of it fails all is taken back, and each is done in a transaction of its own: what
        is raised here is what went wrong with this work alone.

        Args:
            work: What is to be done; it may be done twice, and by another thread.

        Returns:
            What it returned, when the disk has it.
        """
        mine = _Work(work)
        self._waiting.append(mine)
        with self._turn:
            if not mine.is_done:
                self._do(mine, [self._waiting.popleft() for _ in range(len(self._waiting))])
        if mine.error is not None:
            raise mine.error
        return cast("T", mine.result)

    def _do(self, mine: _Work, all_: list[_Work]) -> None:
        """Do all that waits; if this thread is interrupted, the others are left to do theirs."""
        try:
            if not self._do_in_one(all_):
                for one in all_:
                    self._do_by_itself(one)
        except BaseException:
            self._waiting.extend(one for one in all_ if one is not mine and not one.is_done)
            raise

    def _do_in_one(self, all_: list[_Work]) -> bool:
        if len(all_) == 1:
            return False
        try:
            with self._begin() as connection:
                results = [one.work(connection) for one in all_]
        except Exception:  # noqa: BLE001 - whose it is shows when each is done by itself
            return False
        for one, result in zip(all_, results, strict=True):
            one.result, one.is_done = result, True
        return True

    def _do_by_itself(self, one: _Work) -> None:
        try:
            with self._begin() as connection:
                one.result = one.work(connection)
        except Exception as error:  # noqa: BLE001 - it is raised to whom it belongs
            one.error = error
        one.is_done = True


@attrs.define(eq=False)
class _Work:
    """Something to write, and what became of it."""

    work: Callable[[Connection], Any]
    result: Any = None
    error: Exception | None = None
    is_done: bool = False
