"""Opening a store: made, brought up to date, or refused with a sentence that helps."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, select, text

from libconsortium import MissingExtraError, Registry, StoreBackend, StoreError
from libconsortium.plugins.sql_store import database, remarks
from libconsortium.plugins.sql_store.database import address_of, engine_of, url_of
from libconsortium.plugins.sql_store.opening import open_store
from libconsortium.plugins.sql_store.schema import CLUSTER, METADATA, VERSION_TABLE
from libconsortium.plugins.sql_store.sql_store import SqlStore
from libconsortium.plugins.sql_store.upgrading import MIGRATIONS, _make, alembic_config, migrate

pytestmark = pytest.mark.slow


def test_the_registry_finds_the_store_by_the_beginning_of_an_address() -> None:
    assert Registry().store_for("sqlite").name == "sql"
    assert Registry().find(StoreBackend, "sql").schemes == ("sqlite", "postgresql")


def test_the_hook_module_opens_a_store(tmp_path: Path) -> None:
    store = Registry().find(StoreBackend, "sql").open(f"sqlite:///{tmp_path}/a.db")

    assert store.address.endswith("a.db")
    store.close()


@pytest.fixture
def migrated(address: str) -> Iterator[SqlStore]:
    """A store that went through every migration instead of being made at once."""
    engine = engine_of(url_of(address))
    with engine.execution_options(writes=True).begin() as connection:
        migrate(connection)
    engine.dispose()
    opened = open_store(address)
    yield opened
    opened.close()


def test_a_store_is_made_with_exactly_the_tables_of_the_schema(store: SqlStore) -> None:
    is_like_the_schema(store)


def test_migrations_make_exactly_the_tables_of_the_schema(migrated: SqlStore) -> None:
    is_like_the_schema(migrated)


def is_like_the_schema(store: SqlStore) -> None:
    with store._reading() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": VERSION_TABLE,
                "compare_type": True,
                "compare_server_default": True,
            },
        )

        assert compare_metadata(context, METADATA) == []


def test_a_store_made_at_once_has_the_very_tables_that_migrations_make(tmp_path: Path) -> None:
    def made(name: str, make: Callable[[Connection], None]) -> set[tuple[str, ...]]:
        engine = engine_of(url_of(f"sqlite:///{tmp_path}/{name}.db"))
        with engine.execution_options(writes=True).begin() as connection:
            make(connection)
            tables = connection.execute(text("PRAGMA table_list")).all()
            found = {("table", *map(str, row)) for row in tables}
            for row in tables:
                for what in ("table_info", "index_list", "foreign_key_list"):
                    rows = connection.execute(text(f"PRAGMA {what}({row[1]})")).all()
                    found |= {(what, row[1], *map(str, one[1:])) for one in rows}  # in any order
        engine.dispose()
        return found

    assert made("once", _make) == made("migrated", migrate)


def test_alembic_itself_finds_nothing_left_to_do(store: SqlStore) -> None:
    with store._writing() as connection:
        command.check(alembic_config(connection))


def test_the_list_of_migrations_names_every_step(store: SqlStore) -> None:
    with store._reading() as connection:
        steps = ScriptDirectory.from_config(alembic_config(connection))

        assert tuple(step.revision for step in steps.walk_revisions())[::-1] == MIGRATIONS


def test_text_sorts_by_code_point(store: SqlStore) -> None:
    names = ("đ", "a", "B", "_", "b")
    with store._writing() as connection:
        connection.execute(insert(CLUSTER), [{"id": name} for name in names])

        ordered = connection.execute(select(CLUSTER.c.id).order_by(CLUSTER.c.id)).scalars()

        assert list(ordered) == ["B", "_", "a", "b", "đ"]


def test_opening_again_does_not_load_alembic(address: str) -> None:
    open_store(address).close()
    code = f"""
import sys
from libconsortium.plugins.sql_store.opening import open_store
open_store({address!r}).close()
assert "alembic" not in sys.modules
"""

    subprocess.run([sys.executable, "-c", code], check=True)


def test_two_programs_that_make_one_store_at_once_both_get_it(address: str) -> None:
    code = f"""
from libconsortium.plugins.sql_store.opening import open_store
open_store({address!r}).close()
"""
    both = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]

    assert [one.wait(60) for one in both] == [0, 0, 0]


def test_a_store_of_a_newer_version_is_refused(address: str) -> None:
    store = open_store(address)
    with store._writing() as connection:
        connection.execute(text("UPDATE lc_version SET version_num = '9999'"))
    store.close()

    with pytest.raises(StoreError, match=r"newer version of libconsortium \(its schema is 9999"):
        open_store(address)


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = open_store(f"sqlite:///{tmp_path}/a.db")
        store.runs()
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
        store.close()
    finally:
        os.umask(before)

    assert set(modes.values()) == {0o600}, modes


def test_sqlite_is_told_to_be_careful(sqlite_store: SqlStore) -> None:
    with sqlite_store._reading() as connection:
        told = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")
        }

    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0}


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nowhere/a\.db: .*No such file.* make its folder"):
        open_store(f"sqlite:///{tmp_path}/nowhere/a.db")


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"not a database at all, but long enough" * 100)

    with pytest.raises(StoreError, match=r"a\.db: the store cannot be read .*not a database"):
        open_store(f"sqlite:///{tmp_path}/a.db")


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:"])
def test_a_store_needs_a_file(address: str) -> None:
    with pytest.raises(StoreError, match="needs a file"):
        open_store(address)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://office:geheim@127.0.0.1:1/nothing",
        "postgresql://office:geheim@127.0.0.1:port/nothing",
        "postgresql+nothing://office:geheim@127.0.0.1/nothing",
        "postgresql://office@127.0.0.1:1/nothing?password=geheim",
    ],
)
def test_a_password_never_appears_in_a_message(address: str) -> None:
    with pytest.raises(StoreError) as raised:
        open_store(address)

    shown = ""
    error: BaseException | None = raised.value
    while error is not None:
        shown += f"{error!r}{error}"
        error = error.__cause__
    assert "geheim" not in shown


def test_a_plain_postgresql_address_is_enough(pg_url: str) -> None:
    store = open_store(pg_url.replace("postgresql+psycopg", "postgresql"))

    assert store.runs() == ()
    assert store.remarks() == ()
    store.close()


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(MissingExtraError, match=r"psycopg; pip install 'libconsortium\[postgres\]"):
        open_store("postgresql://127.0.0.1/nothing")


def test_missing_sqlalchemy_is_named() -> None:
    code = """
import sys
sys.modules["sqlalchemy"] = None
from libconsortium import MissingExtraError, Registry
try:
    Registry().store_for("sqlite").open("sqlite:///a.db")
except MissingExtraError as error:
    print(error)
"""
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert "needs the package sqlalchemy; pip install 'libconsortium[db]'" in said.stdout


def test_an_old_sqlite_works_and_is_remarked_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pysqlite3", None)
    store = open_store(f"sqlite:///{tmp_path}/a.db")
    monkeypatch.setattr(remarks, "SOUND_SQLITE", (99, 0, 0))

    (remark,) = store.remarks()

    assert remark.code == "OLD_SQLITE"
    assert database.sqlite_module().__name__ == "sqlite3"
    store.close()


def test_a_store_that_others_can_read_is_remarked_on(
    sqlite_store: SqlStore, tmp_path: Path
) -> None:
    assert sqlite_store.remarks() == ()
    (tmp_path / "other.db").chmod(0o644)

    assert [remark.code for remark in sqlite_store.remarks()] == ["STORE_READABLE"]


def fill_the_disk(store: SqlStore) -> None:
    with store._writing() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        connection.execute(
            text("INSERT INTO lc_problem (what) VALUES (:what)"), {"what": "x" * 100_000}
        )


def test_a_full_disk_is_told_as_one_sentence(sqlite_store: SqlStore) -> None:
    with pytest.raises(StoreError, match=r"database or disk is full; look at .* free space"):
        fill_the_disk(sqlite_store)


def test_an_address_that_travels_has_the_password_and_is_read_as_the_same() -> None:
    for address in (
        "postgresql+psycopg://me:p%40ss%2F@db.example:5433/office",
        "sqlite:////tmp/a%20 b?c.db",
    ):
        assert url_of(address_of(url_of(address))) == url_of(address)
