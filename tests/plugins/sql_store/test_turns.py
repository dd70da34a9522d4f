"""Writers take turns; who waits is written with who is next, and each hears only of his own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain
from threading import Event
from typing import Any

import attrs
import pytest

from libconsortium.plugins.sql_store.turns import Turns

PATIENCE = 5.0


@attrs.define
class Notebook:
    """Stands for a database: what was written in which transaction."""

    transactions: list[list[str]] = attrs.field(factory=list)
    fails_at_the_end: int = 0

    @contextmanager
    def begin(self) -> Iterator[Any]:
        written: list[str] = []
        yield written
        if self.fails_at_the_end:
            self.fails_at_the_end -= 1
            raise OSError("no space left")
        self.transactions.append(written)


def writes(what: str, *, error: Exception | None = None) -> Callable[[Any], str]:
    def work(connection: Any) -> str:  # noqa: ANN401 - the list of a transaction
        connection.append(what)
        if error is not None:
            raise error
        return f"{what} is written"

    return work


@attrs.define
class Office:
    """A first writer who holds the turn until others wait behind him."""

    turns: Turns
    pool: ThreadPoolExecutor
    holds: Event = attrs.field(factory=Event)
    may_end: Event = attrs.field(factory=Event)

    def first(self, connection: Any) -> str:  # noqa: ANN401
        connection.append("first")
        self.holds.set()
        assert self.may_end.wait(PATIENCE)
        return "first is written"

    def together(self, *works: Callable[[Any], str]) -> list[Any]:
        """Let works wait for the turn, and return what each got: a text or an error."""
        ahead = self.pool.submit(self.turns.together, self.first)
        assert self.holds.wait(PATIENCE)
        waiting = [self.pool.submit(self.turns.together, work) for work in works]
        while len(self.turns._waiting) < len(works):
            time.sleep(0.001)
        self.may_end.set()
        assert ahead.result(PATIENCE) == "first is written"
        return [one.exception(PATIENCE) or one.result() for one in waiting]


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.fixture
def office(notebook: Notebook) -> Iterator[Office]:
    with ThreadPoolExecutor(8) as pool:
        yield Office(Turns(notebook.begin), pool)


def test_who_waits_is_written_in_one_transaction(office: Office, notebook: Notebook) -> None:
    assert office.together(writes("a"), writes("b"), writes("c")) == [
        "a is written",
        "b is written",
        "c is written",
    ]
    assert notebook.transactions == [["first"], ["a", "b", "c"]]


def test_what_fails_fails_alone_and_the_others_are_written(
    office: Office, notebook: Notebook
) -> None:
    wrong = ValueError("b cannot be written")
    got = office.together(writes("a"), writes("b", error=wrong), writes("c"))
    assert got == ["a is written", wrong, "c is written"]
    assert notebook.transactions == [["first"], ["a"], ["c"]]


def test_nobody_is_told_of_success_before_the_transaction_has_ended(
    office: Office, notebook: Notebook
) -> None:
    def fills_the_disk(connection: Any) -> str:  # noqa: ANN401
        notebook.fails_at_the_end = 1
        return writes("a")(connection)

    failed, written = office.together(fills_the_disk, writes("b"))
    assert isinstance(failed, OSError)
    assert written == "b is written"
    assert notebook.transactions == [["first"], ["b"]]


def test_who_is_interrupted_leaves_the_others_their_work(
    office: Office, notebook: Notebook
) -> None:
    interruptions = [KeyboardInterrupt()]

    def interrupts_once(connection: Any) -> str:  # noqa: ANN401
        if interruptions:
            raise interruptions.pop()
        return writes("b")(connection)

    got = office.together(writes("a"), interrupts_once, writes("c"))
    told = [one.split()[0] for one in got if isinstance(one, str)]
    assert len(told) == 2
    assert sorted(chain.from_iterable(notebook.transactions[1:])) == told


def test_alone_nothing_of_others_comes_in_between(office: Office, notebook: Notebook) -> None:
    with office.turns.alone() as connection:
        waiting = office.pool.submit(office.turns.together, writes("b"))
        while not office.turns._waiting:
            time.sleep(0.001)
        writes("a")(connection)
    assert waiting.result(PATIENCE) == "b is written"
    assert notebook.transactions == [["a"], ["b"]]
