"""Contents of records stand in their pages, once; every reading gives them back as they came."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256, shake_256
from pathlib import Path

import attrs
import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, select, text, update

from libconsortium import HarvestPage, HarvestRequest, RawRecord, RunStatus, StoreError
from libconsortium.plugins.sql_store import bodies
from libconsortium.plugins.sql_store.opening import open_store
from libconsortium.plugins.sql_store.schema import BODY, RECORD
from libconsortium.plugins.sql_store.sql_store import SqlStore
from libconsortium.plugins.sql_store.upgrading import alembic_config

pytestmark = pytest.mark.slow

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ONE, TWO = b"<dc><title>mot</title></dc>", b"<dc><title>hai</title></dc>"
BODY_BYTES = b"<list>" + ONE + b" " + TWO + b"</list>"

RecordOf = Callable[..., RawRecord]
RequestFor = Callable[[str], HarvestRequest]


def page_with(*records: RawRecord, number: int = 1, content: bytes = BODY_BYTES) -> HarvestPage:
    return HarvestPage(
        number=number,
        url="https://tlu.example.org/oai",
        body=content,
        received=NOON,
        records=records,
        content=content,
        starts={one.identifier: content.find(one.content) for one in records},
    )


def kept(store: SqlStore, run: int, page: HarvestPage) -> list[tuple[bytes, int]]:
    """Keep a page; return what stands in the rows, and how much stands in the page."""
    store.add_page(run, page)
    with store._reading() as connection:
        query = select(RECORD.c.content, RECORD.c.size).order_by(RECORD.c.identifier)
        return [(bytes(content), size) for content, size in connection.execute(query)]


@pytest.fixture
def run(store: SqlStore, request_for: RequestFor) -> int:
    return store.start_run(request_for("tlu"), started=NOON).number


def contents(store: SqlStore) -> list[bytes]:
    return [record.content for record in store.records(deleted=True)]


def test_contents_that_stand_in_the_page_are_kept_there_only(
    store: SqlStore, run: int, record_of: RecordOf
) -> None:
    page = page_with(record_of("1", ONE), record_of("2", TWO))

    assert kept(store, run, page) == [(b"", len(ONE)), (b"", len(TWO))]
    assert contents(store) == [ONE, TWO]


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress),
        ("gzip", lambda body: gzip.compress(gzip.compress(body))),
        ("gzip", lambda body: gzip.compress(body[:9]) + gzip.compress(body[9:]) + b"\0\0"),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
    ],
    ids=["gzip", "twice", "in two parts", "deflate", "deflate without its head"],
)
def test_pages_that_came_packed_are_read_like_others(
    store: SqlStore,
    run: int,
    record_of: RecordOf,
    encoding: str,
    packed: Callable[[bytes], bytes],
) -> None:
    page = page_with(record_of("1", ONE), record_of("2", TWO))
    page = attrs.evolve(page, body=packed(BODY_BYTES), encoding=encoding)

    assert kept(store, run, page) == [(b"", len(ONE)), (b"", len(TWO))]
    assert contents(store) == [ONE, TWO]


def test_a_content_that_does_not_stand_where_it_is_said_to_is_kept_in_its_row(
    store: SqlStore, run: int, record_of: RecordOf
) -> None:
    page = attrs.evolve(page_with(record_of("1", ONE)), starts={"oai:tlu:1": 1})

    assert kept(store, run, page) == [(ONE, 0)]
    assert contents(store) == [ONE]


def test_a_page_that_does_not_unpack_to_what_was_read_holds_nothing(
    store: SqlStore, run: int, record_of: RecordOf
) -> None:
    page = attrs.evolve(page_with(record_of("1", ONE)), body=b"\x1f\x8bbroken", encoding="gzip")

    assert kept(store, run, page) == [(ONE, 0)]


def test_a_changed_record_is_read_from_its_new_page(
    store: SqlStore, run: int, record_of: RecordOf
) -> None:
    store.add_page(run, page_with(record_of("1", ONE), record_of("2", TWO)))
    store.finish_run(run, status=RunStatus.COMPLETE, finished=NOON)
    second = store.start_run(store.runs()[0].request, started=NOON).number
    other = b"<a><dc>ba</dc></a>"
    counts = store.add_page(second, page_with(record_of("1", b"<dc>ba</dc>"), content=other))

    assert counts.changed == 1
    assert contents(store) == [TWO, b"<dc>ba</dc>"]


def test_what_is_only_written_otherwise_is_unchanged(
    store: SqlStore, run: int, record_of: RecordOf
) -> None:
    store.add_page(run, page_with(record_of("1", ONE)))
    store.finish_run(run, status=RunStatus.COMPLETE, finished=NOON)
    second = store.start_run(store.runs()[0].request, started=NOON).number
    counts = store.add_page(
        second, page_with(record_of("1", b"<dc ><title>mot</title></dc>"), content=b"<x/>")
    )

    assert (counts.unchanged, counts.changed) == (1, 0)
    assert contents(store) == [ONE]


def test_a_content_in_a_row_moves_to_the_page_that_brings_it_again(
    store: SqlStore, run: int, record_of: RecordOf
) -> None:
    written_otherwise = b"<dc ><title>mot</title></dc>"
    store.add_page(run, attrs.evolve(page_with(record_of("1", written_otherwise)), starts={}))
    store.finish_run(run, status=RunStatus.COMPLETE, finished=NOON)
    second = store.start_run(store.runs()[0].request, started=NOON).number

    assert kept(store, second, page_with(record_of("1", ONE))) == [(b"", len(ONE))]
    (stored,) = store.record_changes("tlu")
    assert (stored.changed, stored.page_run, stored.record.content) == (run, second, ONE)


def test_a_damaged_page_is_told_instead_of_a_wrong_record(
    store: SqlStore, run: int, record_of: RecordOf
) -> None:
    store.add_page(run, page_with(record_of("1", ONE)))
    with store._writing() as connection:
        connection.execute(update(BODY), {"content": b"other", "packing": ""})

    with pytest.raises(StoreError, match="damaged"):
        list(store.records())


def test_a_dropped_record_is_read_from_its_page_when_it_is_taken_back(
    store: SqlStore, run: int, record_of: RecordOf
) -> None:
    store.add_page(run, page_with(record_of("1", ONE)))
    store.finish_run(run, status=RunStatus.COMPLETE, finished=NOON)
    store.drop_source("tlu", at=NOON)
    assert contents(store) == [b""]
    store.restore_source("tlu", at=NOON)

    assert contents(store) == [ONE]


def test_compacting_changes_no_content(store: SqlStore, run: int, record_of: RecordOf) -> None:
    long = b"<dc>" + b"dai " * 500 + b"</dc>"
    store.add_page(run, page_with(record_of("1", long), content=b"<list>" + long + b"</list>"))
    store.compact()

    assert contents(store) == [long]


def test_a_store_of_before_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0004")
        connection.execute(
            text(
                "INSERT INTO lc_harvest_run (number, source, url, prefix, status, started,"
                " finished) VALUES (1, 'tlu', 'u', 'oai_dc', 'complete', :at, :at)"
            ),
            {"at": NOON.isoformat()},
        )
        connection.execute(
            text(
                "INSERT INTO lc_harvest_page (run, number, received, headers)"
                " VALUES (1, 1, :at, '[]')"
            ),
            {"at": NOON.isoformat()},
        )
        connection.execute(
            text(
                "INSERT INTO lc_record (source, identifier, sets, content, content_hash,"
                " page_run, page_number) VALUES ('tlu', 'oai:tlu:1', '[]', :content, 'x', 1, 1)"
            ),
            {"content": ONE},
        )
    engine.dispose()

    store = open_store(f"sqlite:///{path}")

    assert contents(store) == [ONE]
    store.close()


def test_what_pages_are_packed_like_is_unpacked_once_for_all_of_them(
    store: SqlStore, run: int, record_of: RecordOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = b"<list>" + ONE + shake_256(b"1").hexdigest(40_000).encode() + b"</list>"
    store.add_page(run, page_with(record_of("1", ONE), content=long))
    for number in (2, 3, 4):
        body = long[:9000] + str(number).encode() + TWO
        store.add_page(run, page_with(record_of(str(number), TWO), number=number, content=body))
    store.finish_run(run, status=RunStatus.COMPLETE, finished=NOON)
    store.compact()
    asked: list[str] = []
    read = bodies.read

    def noted(connection: Connection, name: str, *known: dict[str, bytes]) -> bytes:
        asked.append(name)
        return read(connection, name, *known)

    monkeypatch.setattr(bodies, "read", noted)

    assert contents(store) == [ONE, TWO, TWO, TWO]
    first = sha256(long).hexdigest()
    assert asked.count(first) == 2  # once for its own record, once for the three pages
