"""Packs the bytes of pages tighter, one by one, each proved to be what was received."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256

import attrs
from sqlalchemy import Connection, func, select, update

from libconsortium import Compaction, StoreError
from libconsortium.plugins.sql_store import bodies
from libconsortium.plugins.sql_store.packing import PLAIN, smallest, unpacked
from libconsortium.plugins.sql_store.schema import BODY, PAGE, RUN

AT_ONCE = 20
"""Bodies packed in one transaction: a writer never waits long for its turn."""

_LONG_ENOUGH = 2048  # bytes; a shorter page says too little of how its source writes
_QUICKLY_PACKED = ("", "zlib")

Tell = Callable[[Compaction], object]


def to_pack(connection: Connection) -> list[tuple[str, str]]:
    """Return hash and source of every body that nobody has looked at yet."""
    query = (
        select(BODY.c.sha256, func.min(RUN.c.source))
        .join(PAGE, PAGE.c.sha256 == BODY.c.sha256)
        .join(RUN, RUN.c.number == PAGE.c.run)
        .where(BODY.c.packing.in_(_QUICKLY_PACKED))
        .group_by(BODY.c.sha256)
        .order_by(func.min(RUN.c.source), func.min(RUN.c.number), BODY.c.sha256)
    )
    return [(name, source) for name, source in connection.execute(query)]


def pack(connection: Connection, some: list[tuple[str, str]]) -> Compaction:
    """Pack some bodies as small as they go; what is not proved the same stays as it is."""
    done = Compaction()
    for name, source in some:
        done += _packed(connection, name, _like(connection, source, name))
    return done


def _packed(connection: Connection, name: str, like: tuple[str, bytes] | None) -> Compaction:
    before = connection.execute(
        select(func.length(BODY.c.content)).where(BODY.c.sha256 == name)
    ).scalar_one()
    try:
        body = bodies.read(connection, name)
    except StoreError:
        return Compaction(bodies=1, damaged=(name,))
    how, content = smallest(body, like)
    kept = unpacked(how, content, lambda other: bodies.read(connection, other))
    if kept is None or sha256(kept).hexdigest() != name:  # pragma: no cover - a packer that lies
        raise StoreError("{name} cannot be packed without loss; it stays as it is", name=name)
    row = {"packing": how or PLAIN, "content": content}
    connection.execute(update(BODY).where(BODY.c.sha256 == name), row)
    return Compaction(bodies=1, received=len(body), before=before, after=len(content))


def _like(connection: Connection, source: str, name: str) -> tuple[str, bytes] | None:
    """Return the source's first page that has words enough: others are packed like it."""
    query = (
        select(PAGE.c.sha256)
        .join(RUN, RUN.c.number == PAGE.c.run)
        .join(BODY, BODY.c.sha256 == PAGE.c.sha256)
        .where(RUN.c.source == source, BODY.c.size >= _LONG_ENOUGH)
        .order_by(PAGE.c.run, PAGE.c.number)
        .limit(1)
    )
    first = connection.execute(query).scalar_one_or_none()
    if first is None or first == name:
        return None
    try:
        return first, bodies.read(connection, first)
    except StoreError:
        return None


def check(connection: Connection) -> Compaction:
    """Unpack every body and compare it with its hash; change nothing."""
    done = Compaction()
    for name, size in list(connection.execute(select(BODY.c.sha256, func.length(BODY.c.content)))):
        try:
            body = bodies.read(connection, name)
        except StoreError:
            done += Compaction(bodies=1, damaged=(name,))
        else:
            done += Compaction(bodies=1, received=len(body), before=size, after=size)
    return attrs.evolve(done, damaged=done.damaged + tuple(_lost(connection)))


def _lost(connection: Connection) -> Iterator[str]:
    """Give the hashes of pages whose bytes are not there."""
    query = (
        select(PAGE.c.sha256)
        .outerjoin(BODY, BODY.c.sha256 == PAGE.c.sha256)
        .where(BODY.c.sha256.is_(None))
        .distinct()
    )
    yield from connection.execute(query).scalars()
