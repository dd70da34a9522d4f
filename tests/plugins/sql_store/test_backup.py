"""Backups go from any database to any other, whole or not at all."""

from __future__ import annotations

import errno
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Self

import pytest

from libconsortium import (
    CatalogueUpdate,
    Cluster,
    Directory,
    HarvestPage,
    HarvestRequest,
    Holding,
    Message,
    Place,
    Problem,
    RawRecord,
    RunStatus,
    StoreError,
    changes,
    read_tables,
)
from libconsortium.core.directory.members import Library
from libconsortium.plugins.sql_store import backup
from libconsortium.plugins.sql_store.opening import open_store
from libconsortium.plugins.sql_store.schema import KEPT
from libconsortium.plugins.sql_store.sql_store import SqlStore

pytestmark = pytest.mark.slow

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LIBRARIES = Directory.of([Library(id="đhb", name="Bách khoa"), Library(id="tlu", name="=1+1")])


@pytest.fixture
def full(store: SqlStore, filled: Callable[[SqlStore], SqlStore]) -> SqlStore:
    return filled(store)


@pytest.fixture
def full_sqlite(sqlite_store: SqlStore, filled: Callable[[SqlStore], SqlStore]) -> SqlStore:
    return filled(sqlite_store)


@pytest.fixture
def filled(
    request_for: Callable[[str], HarvestRequest],
    page_of: Callable[..., HarvestPage],
    record_of: Callable[..., RawRecord],
) -> Callable[[SqlStore], SqlStore]:
    """Return what puts something of everything into a store."""

    def fill(store: SqlStore) -> SqlStore:
        store.apply(changes(store.directory(), LIBRARIES), at=NOON, what="load", sources=("a.csv",))
        store.apply(changes(LIBRARIES, Directory.of([Library(id="x")])), at=NOON, what="one more")
        store.undo(at=NOON)
        run = store.start_run(request_for("tlu"), started=NOON).number
        records = [
            record_of("1"),
            record_of("2", b"\xff\xfe"),
            record_of("3", b"", is_deleted=True),
        ]
        store.add_page(run, page_of(1, *records, token="two"))
        store.finish_run(run, status=RunStatus.INTERRUPTED, finished=NOON, reason=Message("cut"))
        store.start_run(request_for("vnu"), started=NOON)
        store.add_problems("a", [Problem(code="X", where=Place(), what=Message("{a}", a="ă"))])
        cluster = Cluster(id="1", records=("1", "2"))
        store.change_clusters(
            CatalogueUpdate(number=1, at=NOON),
            [cluster],
            [Holding(cluster="1", member="tlu", records=("1",))],
        )
        store.save_split("db-1", 2025, document='{"đồng": 1}', input_hash="x", at=NOON)
        return store

    return fill


@pytest.fixture
def archive(full: SqlStore, tmp_path: Path) -> Path:
    path = tmp_path / "consortium.backup"
    full.backup(path)
    return path


@pytest.fixture
def sqlite_archive(full_sqlite: SqlStore, tmp_path: Path) -> Path:
    path = tmp_path / "sqlite.backup"
    full_sqlite.backup(path)
    return path


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[SqlStore]:
    opened = open_store(f"sqlite:///{tmp_path}/empty.db")
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path, store: SqlStore) -> Iterator[SqlStore]:
    """Return an empty store of each kind; a PostgreSQL source gets a second database."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path}/target.db"
    elif store.address.startswith("sqlite"):
        address = request.getfixturevalue("pg_url")
    else:
        address = request.getfixturevalue("second_pg_url")
    opened = open_store(address)
    yield opened
    opened.close()


@pytest.fixture
def second_pg_url(pg_url: str) -> Iterator[str]:
    import psycopg

    base = pg_url.partition("host=")[2]
    where = f"host={base} user=postgres dbname=postgres"
    with psycopg.connect(where, autocommit=True) as connection:
        connection.execute("CREATE DATABASE second TEMPLATE template0")
        yield f"postgresql+psycopg://postgres@/second?host={base}"
        connection.execute("DROP DATABASE second WITH (FORCE)")


def everything(store: SqlStore) -> list[object]:
    return [
        store.directory(),
        store.loads(),
        store.runs(),
        [list(store.pages(run.number)) for run in store.runs()],
        list(store.records(deleted=True)),
        store.problems(),
        list(store.clusters()),
        list(store.holdings()),
        store.splits(),
    ]


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def rewritten(archive: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(archive) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts)
    with zipfile.ZipFile(archive, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return archive


def in_manifest(parts: dict[str, bytes], **other: object) -> None:
    manifest: dict[str, Any] = json.loads(parts["manifest.json"])
    parts["manifest.json"] = json.dumps(manifest | other).encode()


# ---------------------------------------------------------------- there and back


def test_a_restored_store_has_everything_byte_by_byte(
    full: SqlStore, archive: Path, target: SqlStore, tmp_path: Path
) -> None:
    target.restore(archive)

    assert everything(target) == everything(full)
    target.backup(tmp_path / "again.backup")
    assert (tmp_path / "again.backup").read_bytes() == archive.read_bytes()


def test_a_restored_store_goes_on_numbering(
    archive: Path, target: SqlStore, request_for: Callable[[str], HarvestRequest]
) -> None:
    target.restore(archive)

    run = target.start_run(request_for("new"), started=NOON)
    target.add_problems("b", [Problem(code="Y", where=Place(), what=Message("y"))])
    target.undo(at=NOON)

    assert run.number == 3
    assert [problem.code for problem in target.problems()] == ["X", "Y"]
    assert [load.number for load in target.loads()] == [1, 2, 3, 4]


def test_a_running_run_is_nobodys_after_a_restore(
    archive: Path, target: SqlStore, request_for: Callable[[str], HarvestRequest]
) -> None:
    target.restore(archive)

    assert target.start_run(request_for("vnu"), started=NOON).status is RunStatus.RUNNING


def test_a_backup_of_an_empty_store_can_be_restored(store: SqlStore, tmp_path: Path) -> None:
    store.backup(tmp_path / "a.backup")

    store.restore(tmp_path / "a.backup")

    assert everything(store)[1:3] == [(), ()]


def test_the_archive_is_for_its_owner_only(archive: Path) -> None:
    assert archive.stat().st_mode & 0o077 == 0


# ---------------------------------------------------------------- refusals


def test_a_store_that_is_not_empty_is_not_overwritten(full: SqlStore, archive: Path) -> None:
    before = everything(full)

    with pytest.raises(StoreError, match="not empty"):
        full.restore(archive)

    assert everything(full) == before


def test_a_store_is_replaced_when_told_so(full: SqlStore, archive: Path) -> None:
    before = everything(full)
    full.apply(changes(LIBRARIES, Directory.of([Library(id="later")])), at=NOON, what="later")

    full.restore(archive, replace=True)

    assert everything(full) == before


def test_one_changed_byte_is_found_and_nothing_restored(full: SqlStore, archive: Path) -> None:
    before = everything(full)

    def change(parts: dict[str, bytes]) -> None:
        parts["lc_libraries.jsonl"] = parts["lc_libraries.jsonl"].replace(b"tlu", b"tlx")

    with pytest.raises(StoreError, match="lc_libraries is not what was written"):
        full.restore(rewritten(archive, change), replace=True)

    assert everything(full) == before


def test_a_row_that_does_not_fit_is_found_and_nothing_restored(
    full: SqlStore, archive: Path
) -> None:
    before = everything(full)

    def change(parts: dict[str, bytes]) -> None:
        row = b'["db-2"]\n'
        manifest = json.loads(parts["manifest.json"])
        digest = sha256(row).hexdigest()
        manifest["tables"]["lc_split"] |= {"rows": 1, "sha256": digest}
        parts |= {"lc_split.jsonl": row, "manifest.json": json.dumps(manifest).encode()}

    with pytest.raises(StoreError, match="damaged"):
        full.restore(rewritten(archive, change), replace=True)

    assert everything(full) == before


@pytest.mark.parametrize("length", [0, 1, 100, 1000])
def test_a_cut_archive_is_refused(empty: SqlStore, sqlite_archive: Path, length: int) -> None:
    sqlite_archive.write_bytes(sqlite_archive.read_bytes()[:length])

    with pytest.raises(StoreError, match="damaged"):
        empty.restore(sqlite_archive)


def test_a_part_that_wants_out_of_the_archive_is_refused(
    empty: SqlStore, sqlite_archive: Path, tmp_path: Path
) -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts["../outside.txt"] = b"x"

    with pytest.raises(StoreError, match=r"unexpected parts: \.\./outside\.txt"):
        empty.restore(rewritten(sqlite_archive, change))

    assert not (tmp_path.parent / "outside.txt").exists()


def test_a_missing_part_is_named(empty: SqlStore, sqlite_archive: Path) -> None:
    def change(parts: dict[str, bytes]) -> None:
        del parts["lc_record.jsonl"]

    with pytest.raises(StoreError, match=r"unexpected parts: lc_record\.jsonl"):
        empty.restore(rewritten(sqlite_archive, change))


def test_an_archive_that_unpacks_too_far_is_refused(
    empty: SqlStore, sqlite_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "LARGEST_BYTES", 1000)

    with pytest.raises(StoreError, match="unpacks to more than 1000 bytes"):
        empty.restore(sqlite_archive)


def test_a_backup_of_another_schema_says_what_to_do(empty: SqlStore, sqlite_archive: Path) -> None:
    path = rewritten(sqlite_archive, lambda parts: in_manifest(parts, schema="0007"))

    with pytest.raises(StoreError, match=r"has schema 0007, this program .*; restore it with"):
        empty.restore(path)


def test_some_other_archive_is_no_backup(empty: SqlStore, sqlite_archive: Path) -> None:
    path = rewritten(sqlite_archive, lambda parts: in_manifest(parts, format="else"))

    with pytest.raises(StoreError, match="no backup of libconsortium"):
        empty.restore(path)


def test_a_missing_archive_is_named(empty: SqlStore, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nothing\.backup: the backup cannot be read: No such"):
        empty.restore(tmp_path / "nothing.backup")


# ---------------------------------------------------------------- faults while writing


class FullDisk:
    """A file that takes so many bytes and no more."""

    def __init__(self, file: IO[Any], room: int) -> None:
        self._file = file
        self._room = room

    def write(self, data: bytes) -> int:
        self._room -= len(data)
        if self._room < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return int(self._file.write(data))

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()


@pytest.mark.parametrize("room", [0, 50, 500, 2000])
def test_a_full_disk_leaves_the_old_backup_and_no_half_file(
    full_sqlite: SqlStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "a.backup").write_bytes(b"the backup of last week")
    monkeypatch.setattr(
        "libconsortium.files.whole_files.open",
        lambda path, mode, opener: FullDisk(open(path, mode, opener=opener), room),  # noqa: SIM115 - closed by it
        raising=False,
    )

    with pytest.raises(StoreError, match=r"cannot write .*a\.backup: No space left on device"):
        full_sqlite.backup(folder / "a.backup")

    assert [path.name for path in folder.iterdir()] == ["a.backup"]
    assert (folder / "a.backup").read_bytes() == b"the backup of last week"


def test_a_backup_into_a_missing_folder_is_one_sentence(
    full_sqlite: SqlStore, tmp_path: Path
) -> None:
    with pytest.raises(StoreError, match=r"a\.backup: there is no folder .*nowhere; "):
        full_sqlite.backup(tmp_path / "nowhere" / "a.backup")


def test_every_table_is_kept_but_the_locks() -> None:
    names = {table.name for table in KEPT}

    assert "lc_record" in names
    assert "lc_harvest_lock" not in names


# ---------------------------------------------------------------- export


def test_an_export_of_facts_can_be_read_back_as_it_was(full: SqlStore, tmp_path: Path) -> None:
    full.export_all(tmp_path / "out")

    (table,), problems = read_tables(tmp_path / "out" / "libraries.csv")
    assert problems == ()
    assert [row.values["name"] for row in table.rows] == ["=1+1", "Bách khoa"]


def test_an_export_has_every_record_with_its_content(full: SqlStore, tmp_path: Path) -> None:
    written = full.export_all(tmp_path / "out")

    records = lines_of(tmp_path / "out" / "records.jsonl")
    assert {path.name for path in written} == {path.name for path in (tmp_path / "out").iterdir()}
    assert [record.get("content") for record in records] == ["<dc>one</dc>", None, ""]
    assert records[1]["content_base64"] == "//4="
    assert [record["is_deleted"] for record in records] == [False, False, True]


def test_an_export_has_the_splits_as_json(full: SqlStore, tmp_path: Path) -> None:
    full.export_all(tmp_path / "out")

    (split,) = lines_of(tmp_path / "out" / "splits.jsonl")
    assert (split["year"], split["document"]) == (2025, {"đồng": 1})


def test_an_export_to_where_nothing_can_be_written_is_one_sentence(
    full: SqlStore, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(StoreError, match="the export cannot be written"):
        full.export_all(tmp_path / "file" / "out")
