"""A store in one SQLite file, or in a PostgreSQL database by URL."""

from __future__ import annotations

from collections.abc import Iterable

from libconsortium import Store, StoreBackend, hookimpl


def _open(address: str) -> Store:
    from libconsortium.plugins.sql_store.opening import open_store

    return open_store(address)


@hookimpl
def consortium_store_backends() -> Iterable[StoreBackend]:
    """Yield the store for ``sqlite:`` and ``postgresql:`` addresses."""
    yield StoreBackend(
        name="sql",
        summary="one SQLite file, or a PostgreSQL database",
        schemes=("sqlite", "postgresql"),
        open=_open,
    )
