"""Opening a store: its database is found or made, and brought to the present schema."""

from __future__ import annotations

from libconsortium.plugins.sql_store.database import engine_of, shown_address, told, url_of
from libconsortium.plugins.sql_store.sql_store import SqlStore
from libconsortium.plugins.sql_store.upgrading import upgrade


def open_store(address: str) -> SqlStore:
    """Open a store, make it if it is not there, and bring it to the present schema.

    Args:
        address: ``sqlite:///folder/file.db`` or ``postgresql://user:password@host/database``.

    Raises:
        StoreError: It cannot be opened, or was made by a newer version of this program. No
            message shows the password.
        MissingExtraError: The database's driver is not installed.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     store = open_store(f"sqlite:///{folder}/consortium.db")
    ...     store.record_counts()
    ...     store.close()
    ()
    """
    url = url_of(address)
    shown = shown_address(url)
    with told(shown):
        engine = engine_of(url)
        try:
            upgrade(engine, shown)
        except BaseException:
            engine.dispose()
            raise
    return SqlStore(engine, shown)
