"""What an operator should know about a database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from libconsortium import Message, Place, Problem, Severity
from libconsortium.plugins.sql_store.database import sqlite_module

SOUND_SQLITE = (3, 51, 3)
"""The first SQLite in which two connections cannot damage a WAL file they reset at one instant.

Source: SQLite's release notes of 3.51.3; every version from 3.7.0 on has the error.
"""

_FOR_OTHERS = 0o077


def remarks_on(engine: Engine, address: str) -> tuple[Problem, ...]:
    """Return what an operator should know; empty when all is well."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return ()
    version: tuple[int, ...] = sqlite_module().sqlite_version_info
    found = []
    if version < SOUND_SQLITE:
        found.append(
            Problem(
                code="OLD_SQLITE",
                where=Place(source=address),
                what=Message(
                    "SQLite {version} can damage a store that two programs write to",
                    version=".".join(map(str, version)),
                ),
                advice=Message("pip install 'libconsortium[db]' brings a newer one"),
            )
        )
    if Path(engine.url.database).stat().st_mode & _FOR_OTHERS:
        found.append(
            Problem(
                code="STORE_READABLE",
                where=Place(source=address),
                what=Message("other users of this machine can read the store's file"),
                advice=Message("chmod 600 {path}", path=engine.url.database),
                severity=Severity.INFO,
            )
        )
    return tuple(found)
