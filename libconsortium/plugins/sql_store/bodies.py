"""Bytes as received, kept once each: by their hash, packed, and the same when they are unpacked."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from hashlib import sha256

from sqlalchemy import Connection, bindparam, insert, select

from libconsortium import StoreError
from libconsortium.plugins.sql_store.packing import PACKED_START, quickly_packed, unpacked
from libconsortium.plugins.sql_store.schema import BODY
from libconsortium.plugins.sql_store.statements import Statement

_WORTH_PACKING = 256  # bytes
_LONG = 2**16  # bytes; shorter ones are packed before a thread has begun
_AT_ONCE = 2


class Incoming:
    """A body that has just come: it is packed while its page is written.

    Args:
        body: The bytes as received.

    >>> Incoming(b"short").packed()
    ('', b'short')
    >>> Incoming(b"<record/>" * 100_000).packed()[0]
    'zlib'
    """

    def __init__(self, body: bytes) -> None:
        """Begin to pack."""
        self.body = body
        self.name = sha256(body).hexdigest()
        self._packing: Future[bytes] | None = None
        if len(body) >= _LONG and not body.startswith(PACKED_START):
            self._packing = _packers().submit(quickly_packed, body)

    def packed(self) -> tuple[str, bytes]:
        """Return how it is packed, and its bytes so."""
        if self._packing is not None:
            return "zlib", self._packing.result()
        if len(self.body) < _WORTH_PACKING or self.body.startswith(PACKED_START):
            return "", self.body
        return "zlib", quickly_packed(self.body)

    def keep(self, connection: Connection) -> None:
        """Keep the bytes under their hash, unless they are there already."""
        if _SIZE.run(connection, name=self.name).fetchone() is None:
            how, content = self.packed()
            _INSERT.run(
                connection, sha256=self.name, size=len(self.body), packing=how, content=content
            )


_SIZE = Statement(select(BODY.c.size).where(BODY.c.sha256 == bindparam("name")))
_INSERT = Statement(insert(BODY))


@cache
def _packers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_AT_ONCE, "packing")


def read(connection: Connection, name: str, known: dict[str, bytes] | None = None) -> bytes:
    """Return bytes as they were received.

    Args:
        connection: Where they are.
        name: Their hash.
        known: Holds what others are packed like, so that it is unpacked once for all of them.

    Raises:
        StoreError: They are not what was received, or not there.
    """
    row = connection.execute(select(BODY).where(BODY.c.sha256 == name)).one_or_none()
    body = None
    if row is not None:
        body = unpacked(row.packing, row.content, lambda other: _like(connection, other, known))
    if body is None or sha256(body).hexdigest() != name:
        raise StoreError(
            "the bytes of a page are damaged: {name} is not what was received; restore a backup",
            name=name,
        )
    return body


def _like(connection: Connection, name: str, known: dict[str, bytes] | None) -> bytes:
    """Return what others are packed like; of those known only the last is held."""
    if known is None:
        return read(connection, name)
    if name not in known:
        body = read(connection, name)
        known.clear()
        known[name] = body
    return known[name]
