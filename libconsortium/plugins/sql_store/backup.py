"""Backups: everything in one archive that any database can be filled from, or nothing.

The archive is a ZIP file: ``manifest.json`` and one file of JSON lines for every table. The same
content gives the same bytes, whichever database it was in.
"""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table, delete, func, insert, select, text

from libconsortium import Message, StoreError, whole_file
from libconsortium.plugins.sql_store.schema import KEPT, LOCK
from libconsortium.plugins.sql_store.upgrading import MIGRATIONS

FORMAT = "libconsortium-backup"
MANIFEST = "manifest.json"
LARGEST_BYTES = 64 * 2**30
"""Largest sum of the unpacked tables that is read back, in bytes."""

_LARGEST_MANIFEST = 2**20
_LARGEST_LINE = 2**30
_AT_ONCE = 200
_BEGINNING = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes on any day


def write_backup(connection: Connection, path: Path) -> None:
    """Write every table into one archive; a file of that name is replaced only at the end.

    Args:
        connection: A connection in one transaction, so that all tables are of one moment.
        path: The archive.

    Raises:
        StoreError: The archive cannot be written; nothing is left of it.
    """
    if not path.parent.is_dir():  # a disk that is not there now: no place to make folders in
        raise StoreError(
            "{path}: there is no folder {folder}; is its disk there?", path=path, folder=path.parent
        )
    with whole_file(path, private=True) as file, zipfile.ZipFile(file, "w") as archive:
        tables = {table.name: _write_table(connection, table, archive) for table in KEPT}
        manifest = {"format": FORMAT, "schema": MIGRATIONS[-1], "tables": tables}
        with archive.open(_entry(MANIFEST), "w") as entry:
            entry.write(json.dumps(manifest, indent=1, sort_keys=True).encode())


def read_backup(connection: Connection, path: Path, *, replace: bool) -> None:
    """Fill the tables from an archive, after every part of it proved whole; see ``Store.restore``.

    Args:
        connection: A connection in one transaction: all tables are filled or none.
        path: The archive.
        replace: Empty the tables first instead of refusing.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive, path)
            for table in KEPT:
                _prove(archive, path, table, manifest[table.name])
            _make_room(connection, replace=replace)
            for table in KEPT:
                _read_table(connection, table, archive)
    except OSError as error:
        raise StoreError(
            "{path}: the backup cannot be read: {reason}", path=path, reason=error.strerror or error
        ) from error
    except (zipfile.BadZipFile, ValueError, KeyError, RuntimeError, NotImplementedError) as error:
        raise _damaged(path, str(error)) from error


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=_BEGINNING)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _write_table(
    connection: Connection, table: Table, archive: zipfile.ZipFile
) -> dict[str, object]:
    rows, hashed = 0, sha256()
    query = select(table).order_by(*table.primary_key.columns)
    with archive.open(_entry(_file_of(table)), "w", force_zip64=True) as entry:
        for row in connection.execute(query.execution_options(yield_per=_AT_ONCE)):
            line = json.dumps(_packed(tuple(row)), ensure_ascii=False).encode() + b"\n"
            entry.write(line)
            hashed.update(line)
            rows += 1
    return {
        "columns": list(table.c.keys()),
        "rows": rows,
        "sha256": hashed.hexdigest(),
    }


def _packed(values: tuple[object, ...]) -> list[object]:
    return [
        base64.b64encode(value).decode() if isinstance(value, bytes | memoryview) else value
        for value in values
    ]


def _file_of(table: Table) -> str:
    return f"{table.name}.jsonl"


def _manifest(archive: zipfile.ZipFile, path: Path) -> dict[str, dict[str, Any]]:  # Any: JSON
    entries = {entry.filename: entry for entry in archive.infolist()}
    expected = {MANIFEST, *map(_file_of, KEPT)}
    if MANIFEST not in entries or entries[MANIFEST].file_size > _LARGEST_MANIFEST:
        raise StoreError("{path}: this is no backup of libconsortium", path=path)
    manifest = json.loads(archive.read(MANIFEST))
    if manifest.get("format") != FORMAT:
        raise StoreError("{path}: this is no backup of libconsortium", path=path)
    if manifest["schema"] != MIGRATIONS[-1]:
        raise StoreError(
            "{path}: this backup has schema {theirs}, this program {ours};"
            " restore it with the version that made it, then open that store with this one",
            path=path,
            theirs=manifest["schema"],
            ours=MIGRATIONS[-1],
        )
    if set(entries) != expected or len(archive.infolist()) != len(expected):
        raise _damaged(
            path,
            Message("unexpected parts: {parts}", parts=", ".join(sorted(set(entries) ^ expected))),
        )
    if sum(entry.file_size for entry in entries.values()) > LARGEST_BYTES:
        raise _damaged(path, Message("it unpacks to more than {most} bytes", most=LARGEST_BYTES))
    return dict(manifest["tables"])


def _prove(archive: zipfile.ZipFile, path: Path, table: Table, told: dict[str, Any]) -> None:
    if told["columns"] != list(table.c.keys()):
        raise _damaged(path, Message("{table} has other columns", table=table.name))
    rows, hashed = 0, sha256()
    for line in _lines(archive, table):
        hashed.update(line)
        rows += 1
    if (rows, hashed.hexdigest()) != (told["rows"], told["sha256"]):
        raise _damaged(path, Message("{table} is not what was written", table=table.name))


def _lines(archive: zipfile.ZipFile, table: Table) -> Iterator[bytes]:
    with archive.open(_file_of(table)) as entry:
        while line := entry.readline(_LARGEST_LINE):
            yield line


def _make_room(connection: Connection, *, replace: bool) -> None:
    if not replace and not is_empty(connection):
        raise StoreError(
            "this store is not empty; restore into a new one, or say that it may be replaced"
        )
    for table in (LOCK, *reversed(KEPT)):
        connection.execute(delete(table))


def is_empty(connection: Connection) -> bool:
    """Return whether no table holds anything."""
    return not any(
        connection.execute(select(select(table).exists())).scalar_one() for table in KEPT
    )


def _read_table(connection: Connection, table: Table, archive: zipfile.ZipFile) -> None:
    binary = [isinstance(column.type, LargeBinary) for column in table.c]
    rows = (_unpacked(table, binary, json.loads(line)) for line in _lines(archive, table))
    while some := list(islice(rows, _AT_ONCE)):
        connection.execute(insert(table), some)
    _go_on_numbering(connection, table)


def _unpacked(table: Table, binary: list[bool], values: list[Any]) -> dict[str, object]:
    return {
        name: base64.b64decode(value, validate=True) if packed else value
        for name, packed, value in zip(table.c.keys(), binary, values, strict=True)
    }


def _go_on_numbering(connection: Connection, table: Table) -> None:
    column = table.autoincrement_column
    if column is None or connection.dialect.name != "postgresql":
        return
    highest = connection.execute(select(func.max(column))).scalar()
    if highest is not None:
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, :column), :highest)"),
            {"table": table.name, "column": column.name, "highest": highest},
        )


def _damaged(path: Path, why: str | Message) -> StoreError:
    return StoreError(
        "{path}: this backup is damaged: {why}; nothing was restored", path=path, why=why
    )
