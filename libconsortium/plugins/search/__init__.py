"""Search indexes: SQLite's FTS5 by default, PostgreSQL, tantivy."""

from __future__ import annotations

from collections.abc import Iterable

from libconsortium import SearchBackend, SearchIndex, hookimpl


def _sqlite(address: str) -> SearchIndex:
    from libconsortium.plugins.search.sqlite_index import open_index

    return open_index(address)


def _postgresql(address: str) -> SearchIndex:
    from libconsortium.plugins.search.postgresql_index import open_index

    return open_index(address)


def _tantivy(address: str) -> SearchIndex:
    from libconsortium.plugins.search.tantivy_index import open_index

    return open_index(address)


@hookimpl
def consortium_search_backends() -> Iterable[SearchBackend]:
    """Yield our search indexes."""
    yield SearchBackend(
        name="sqlite",
        summary="one SQLite file; needs nothing else",
        schemes=("sqlite",),
        open=_sqlite,
        usual="sqlite:///search.db",
    )
    yield SearchBackend(
        name="postgresql",
        summary="tables of a PostgreSQL database",
        schemes=("postgresql",),
        open=_postgresql,
    )
    yield SearchBackend(
        name="tantivy",
        summary="a folder; takes a third of the room of SQLite",
        schemes=("tantivy",),
        open=_tantivy,
        usual="tantivy:///search-index",
    )
