"""Says what an engine is about to do, for whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from libconsortium.core.messages import Message
from libconsortium.engine import Engine

Tell = Callable[[Message], None]
"""Called with a sentence before each long step."""


def telling(tables: Engine, tell: Tell | None) -> Engine:
    """Return an engine that says before each long step what it is about to do.

    Args:
        tables: The engine that does it.
        tell: Told before each long step; the engine itself is returned if nobody listens.

    >>> telling(None, None) is None
    True
    """
    return tables if tell is None else _Telling(tables, tell)


class _Telling:
    """An engine that another one does the work of."""

    def __init__(self, tables: Engine, tell: Tell) -> None:
        self.tables, self.tell = tables, tell

    def source(self, name: str, rows: object) -> None:
        self._say(name)
        self.tables.source(name, rows)

    def mat(self, name: str, sql: str) -> None:
        self._say(name)
        self.tables.mat(name, sql)

    def one(self, sql: str) -> tuple[Any, ...]:
        return self.tables.one(sql)

    def arrow(self, sql: str) -> Any:  # noqa: ANN401 - a table of pyarrow, not imported here
        return self.tables.arrow(sql)

    def map(
        self, name: str, function: Callable[[Any], Any], source: str | list[str], schema: object
    ) -> None:
        counted = _COUNTED.get(name)
        count = self.tables.one(f"select count(*) from {counted}")[0] if counted else 0  # noqa: S608 - a table of ours
        self._say(name, count)
        self.tables.map(name, function, source, schema)

    def drop(self, name: str) -> None:
        self.tables.drop(name)

    def close(self) -> None:
        self.tables.close()

    def _say(self, name: str, count: int = 0) -> None:
        said = _SAID.get(name)
        if said is not None:
            self.tell(said(count))


_COUNTED = {"keys": "records", "fresh_keys": "records", "compared": "pairs"}
_SAID: dict[str, Callable[[int], Message]] = {
    "records": lambda _: Message("taking in the records"),
    "keys": lambda count: Message("finding the keys of {count} records", count=count),
    "fresh_keys": lambda count: Message("finding the keys of {count} records", count=count),
    "compared": lambda count: Message("comparing {count} pairs", count=count),
    "labels_0": lambda _: Message("joining what belongs together"),
    "conflicts": lambda _: Message("looking for what must stay apart"),
}
