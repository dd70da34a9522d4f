"""The bytes of pages: kept once, as received, proved before they are packed tighter."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import shake_256
from pathlib import Path

import attrs
import pytest
from alembic import command
from sqlalchemy import func, select, text, update

from libconsortium import Compaction, HarvestPage, HarvestRequest, RawRecord, RunStatus, StoreError
from libconsortium.plugins.sql_store import upgrading
from libconsortium.plugins.sql_store.opening import open_store
from libconsortium.plugins.sql_store.schema import BODY, RECORD
from libconsortium.plugins.sql_store.sql_store import SqlStore
from libconsortium.plugins.sql_store.upgrading import alembic_config

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

RequestFor = Callable[[str], HarvestRequest]
PageOf = Callable[..., HarvestPage]
RecordOf = Callable[..., RawRecord]


WORDS = ("nghiên", "cứu", "ứng dụng", "công", "nghệ", "thông tin", "quản lý", "giáo", "dục", "học")


def xml(seed: int, words: int = 3000) -> bytes:
    """Return bytes that look like a page: the same words again and again, in another order."""
    chosen = [WORDS[byte % len(WORDS)] for byte in random_bytes(words + seed)[:words]]
    return ("<dc:title>" + "</dc:title><dc:title>".join(chosen) + "</dc:title>").encode()


def random_bytes(size: int) -> bytes:
    """Return bytes that nothing packs, the same ones every time."""
    return shake_256(str(size).encode()).digest(size)


def kept(store: SqlStore, *given: HarvestPage, source: str = "tlu") -> int:
    """Keep pages in a run of their own and return its number."""
    request = HarvestRequest(source=source, url=f"https://{source}.example.org/oai")
    run = store.start_run(request, started=NOON)
    for number, page in enumerate(given, start=1):
        store.add_page(run.number, attrs.evolve(page, number=number))
    store.finish_run(run.number, status=RunStatus.COMPLETE, finished=NOON)
    return run.number


def rows(store: SqlStore) -> list[tuple[int, str, int]]:
    """Return size, packing and packed size of every body, the smallest first."""
    length = func.length(BODY.c.content)
    with store._reading() as connection:
        query = select(BODY.c.size, BODY.c.packing, length).order_by(BODY.c.size)
        return [tuple(row) for row in connection.execute(query)]


@pytest.fixture
def page(page_of: PageOf) -> Callable[[bytes], HarvestPage]:
    return lambda body: attrs.evolve(page_of(1), body=body)


# ---------------------------------------------------------------- kept once


def test_the_same_bytes_are_kept_once(
    store: SqlStore, page: Callable[[bytes], HarvestPage]
) -> None:
    first = kept(store, page(xml(1)), page(xml(2)))
    second = kept(store, page(xml(1)), page(xml(2)), page(xml(1)))

    assert len(rows(store)) == 2
    assert [one.body for one in store.pages(first)] == [xml(1), xml(2)]
    assert [one.body for one in store.pages(second)] == [xml(1), xml(2), xml(1)]


@pytest.mark.parametrize("size", [0, 1, 255, 256, 2**16, 2**20])
def test_bytes_of_any_size_come_back(
    sqlite_store: SqlStore, page: Callable[[bytes], HarvestPage], size: int
) -> None:
    body = (random_bytes(size)[: size // 2] * 2).ljust(size, b"x")

    run = kept(sqlite_store, page(body))

    assert next(sqlite_store.pages(run)).body == body


def test_what_came_packed_stays_as_it_came(
    sqlite_store: SqlStore, page: Callable[[bytes], HarvestPage]
) -> None:
    body = gzip.compress(random_bytes(2**17))

    run = kept(sqlite_store, page(body))

    assert rows(sqlite_store) == [(len(body), "", len(body))]
    assert next(sqlite_store.pages(run)).body == body


def test_bytes_that_somebody_changed_are_not_shown_as_received(
    store: SqlStore, page: Callable[[bytes], HarvestPage]
) -> None:
    run = kept(store, page(b"what the server said"))
    with store._writing() as connection:
        connection.execute(update(BODY).values(content=b"something else"))

    with pytest.raises(StoreError, match="the bytes of a page are damaged"):
        list(store.pages(run))


# ---------------------------------------------------------------- packed tighter


def test_pages_packed_tighter_are_the_same_bytes(
    store: SqlStore, page: Callable[[bytes], HarvestPage]
) -> None:
    bodies = [xml(number, 100 + 700 * number) for number in range(12)]
    run = kept(store, *map(page, bodies))
    told: list[Compaction] = []

    done = store.compact(told.append)

    assert [one.body for one in store.pages(run)] == bodies
    assert done.bodies == 12
    assert done.received == sum(map(len, bodies))
    assert done.after < done.before < done.received
    assert told[-1] == done
    assert not done.damaged
    assert store.check_pages().after == done.after


def test_short_pages_are_packed_like_the_first_of_their_source(
    sqlite_store: SqlStore, page: Callable[[bytes], HarvestPage]
) -> None:
    run = kept(sqlite_store, page(xml(1, 400)), page(xml(2, 60)))
    kept(sqlite_store, page(xml(3, 50)), source="hust")

    sqlite_store.compact()

    ways = [how for _, how, _ in rows(sqlite_store)]
    assert [how.startswith("zlib like") for how in ways] == [False, True, False]
    assert [one.body for one in sqlite_store.pages(run)] == [xml(1, 400), xml(2, 60)]


def test_packing_again_finds_nothing_to_do(
    sqlite_store: SqlStore, page: Callable[[bytes], HarvestPage]
) -> None:
    bodies = (xml(1), random_bytes(5000), b"short", random_bytes(300) * 2)
    kept(sqlite_store, *map(page, bodies))
    first = sqlite_store.compact()

    assert first.bodies == 4
    assert sqlite_store.compact() == Compaction()
    ways = [how for _, how, _ in rows(sqlite_store)]
    assert ways == ["plain", "zlib best", "plain", "lzma"]


def test_pages_packed_by_bzip2_are_still_read(
    sqlite_store: SqlStore, page: Callable[[bytes], HarvestPage]
) -> None:
    run = kept(sqlite_store, page(xml(1)))
    with sqlite_store._writing() as connection:
        connection.execute(update(BODY).values(packing="bzip2", content=bz2.compress(xml(1))))

    assert [one.body for one in sqlite_store.pages(run)] == [xml(1)]


def test_the_file_becomes_smaller(
    sqlite_store: SqlStore, tmp_path: Path, page: Callable[[bytes], HarvestPage]
) -> None:
    kept(sqlite_store, *(page(xml(number, 20_000)) for number in range(12)))
    sqlite_store.close()
    before = (tmp_path / "other.db").stat().st_size

    sqlite_store.compact()
    sqlite_store.close()

    assert (tmp_path / "other.db").stat().st_size < before


def test_damaged_bytes_are_named_and_left_alone(
    store: SqlStore, page: Callable[[bytes], HarvestPage]
) -> None:
    kept(store, page(xml(1)), page(xml(2)), page(xml(3, 30)))
    first = attrs.evolve(page(xml(1)), number=1).body_hash
    with store._writing() as connection:
        change = update(BODY).where(BODY.c.sha256 == first)
        connection.execute(change.values(content=b"x", packing="zlib"))

    assert store.check_pages().damaged == (first,)
    done = store.compact()

    assert done.damaged == (first,)
    assert done.bodies == 3
    assert store.check_pages().damaged == (first,)


def test_a_page_without_its_bytes_is_found(
    sqlite_store: SqlStore, page: Callable[[bytes], HarvestPage]
) -> None:
    kept(sqlite_store, page(xml(1)))
    with sqlite_store._writing() as connection:
        connection.execute(BODY.delete())

    assert sqlite_store.check_pages().damaged == (page(xml(1)).body_hash,)


def test_a_way_of_packing_that_nobody_knows_is_damage(
    sqlite_store: SqlStore, page: Callable[[bytes], HarvestPage]
) -> None:
    kept(sqlite_store, page(xml(1)))
    with sqlite_store._writing() as connection:
        connection.execute(update(BODY).values(packing="magic"))

    assert sqlite_store.check_pages().damaged == (page(xml(1)).body_hash,)


def test_a_backup_carries_packed_pages(
    store: SqlStore,
    sqlite_store: SqlStore,
    tmp_path: Path,
    page: Callable[[bytes], HarvestPage],
) -> None:
    bodies = [xml(number, 50 + 600 * number) for number in range(4)]
    run = kept(store, *map(page, bodies))
    store.compact()
    store.backup(tmp_path / "all.zip")

    sqlite_store.restore(tmp_path / "all.zip")

    assert [one.body for one in sqlite_store.pages(run)] == bodies
    assert not sqlite_store.check_pages().damaged


# ---------------------------------------------------------------- a store of an older version


def test_pages_of_an_older_store_are_carried_over(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first_only(connection: object) -> None:
        command.upgrade(alembic_config(connection), "0001")  # type: ignore[arg-type] # as given

    with monkeypatch.context() as patched:
        patched.setattr(upgrading, "_make", first_only)
        old = open_store(address)
    bodies = {1: xml(1), 2: b"", 3: xml(1)}
    with old._writing() as connection:
        connection.execute(text("INSERT INTO lc_harvest_run (number, source) VALUES (7, 'tlu')"))
        for number, body in bodies.items():
            made = HarvestPage(number=number, url="", body=body, received=NOON)
            values = {
                "number": number,
                "body": body,
                "sha256": made.body_hash,
                "at": NOON.isoformat(),
            }
            connection.execute(
                text(
                    "INSERT INTO lc_harvest_page (run, number, body, sha256, received, headers)"
                    " VALUES (7, :number, :body, :sha256, :at, '[]')"
                ),
                values,
            )
    old.close()

    store = open_store(address)

    assert {one.number: one.body for one in store.pages(7)} == bodies
    assert len(rows(store)) == 2
    assert not store.check_pages().damaged
    assert not store.compact().damaged
    store.close()


# ---------------------------------------------------------------- records that come again


def stored(store: SqlStore) -> tuple[object, ...]:
    with store._reading() as connection:
        names = ("content", "content_hash", "page_run", "last_changed", "last_seen", "datestamp")
        query = select(*(RECORD.c[name] for name in names))
        return tuple(connection.execute(query).one())


def test_a_record_that_is_only_written_otherwise_did_not_change(
    store: SqlStore, page: Callable[[bytes], HarvestPage], record_of: RecordOf
) -> None:
    before = record_of("1", b'<a b="1" c="2"/>')
    after = attrs.evolve(before, content=b"<a c='2' b='1'></a>", datestamp="2026-02-02")
    first = kept(store, attrs.evolve(page(b"1"), records=(before,)))

    second = kept(store, attrs.evolve(page(b"2"), records=(after,)))

    assert store.runs()[-1].counts.unchanged == 1
    assert stored(store) == (
        before.content,
        before.content_hash,
        first,
        first,
        second,
        "2026-02-02",
    )


def test_the_last_of_several_on_one_page_is_kept_whatever_came_before(
    store: SqlStore, page: Callable[[bytes], HarvestPage], record_of: RecordOf
) -> None:
    ways = [record_of("1", content) for content in (b"<a/>", b"<a></a>", b"<b/>", b"<b></b>")]

    run = kept(store, attrs.evolve(page(b"1"), records=tuple(ways)))

    (record,) = store.records()
    assert (record.content, record.content_hash) == (ways[2].content, ways[2].content_hash)
    assert stored(store)[1] == ways[2].content_hash
    counts = store.runs()[-1].counts
    assert (counts.new, counts.duplicates, counts.repeated) == (1, 3, 1)
    assert run == 1


def test_a_record_that_came_as_before_and_then_changed_on_one_page_is_kept_changed(
    store: SqlStore, page: Callable[[bytes], HarvestPage], record_of: RecordOf
) -> None:
    one, other = record_of("1", b"<a/>"), record_of("1", b"<b/>")
    kept(store, attrs.evolve(page(b"1"), records=(one,)))

    second = kept(store, attrs.evolve(page(b"2"), records=(one, other)))

    assert stored(store)[:4] == (other.content, other.content_hash, second, second)
