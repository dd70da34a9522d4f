"""Statements that the driver runs as they are: the same on both databases, errors too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import bindparam, insert, select

from libconsortium import StoreError
from libconsortium.plugins.sql_store.schema import SEGMENT
from libconsortium.plugins.sql_store.sql_store import SqlStore
from libconsortium.plugins.sql_store.statements import Statement, run, run_many

pytestmark = pytest.mark.slow

_NAMES = Statement(select(SEGMENT.c.name).where(SEGMENT.c.source == bindparam("of_source")))
_ROW: dict[str, object] = {
    **dict.fromkeys(("namespace", "prefix", "made_by", "sha256", "at"), ""),
    **dict.fromkeys(("batch", "rows", "size", "through"), 0),
}
_KEEP = Statement(insert(SEGMENT))


def test_values_go_where_their_names_are(store: SqlStore) -> None:
    with store._writing() as connection:
        _KEEP.run(connection, **_ROW | {"source": "tlu", "name": "a"})
        _KEEP.run(connection, **_ROW | {"source": "vnu", "name": "b"})
        assert [tuple(row) for row in _NAMES.run(connection, of_source="vnu")] == [("b",)]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda connection: run(connection, "SELECT nothing FROM nowhere", ()),
        lambda connection: run_many(connection, "INSERT INTO nowhere VALUES (1)", [(), ()]),
        lambda connection: _KEEP.run(connection, **_ROW | {"source": None, "name": "a"}),
    ],
)
def test_what_fails_is_told_as_of_every_statement(
    store: SqlStore, wrong: Callable[..., object]
) -> None:
    with pytest.raises(StoreError), store._writing() as connection:
        wrong(connection)
