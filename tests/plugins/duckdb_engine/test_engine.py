from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from libconsortium import CatalogueEngine, Engine, MissingExtraError, Registry, SettingsError

_NUMBERS = pa.table({"nr": pa.array(range(50_000), pa.int64())})


@pytest.fixture
def engine() -> Iterator[Engine]:
    running = Registry().find(CatalogueEngine, "duckdb").start()
    yield running
    running.close()


def test_a_table_can_be_made_again(engine: Engine) -> None:
    engine.source("numbers", _NUMBERS)
    engine.source("numbers", _NUMBERS.slice(0, 3))

    assert engine.one("select count(*) from numbers") == (3,)


def test_parquet_files_are_read(engine: Engine, tmp_path: Path) -> None:
    parquet.write_table(_NUMBERS, tmp_path / "numbers.parquet")

    for _ in range(2):
        engine.source("numbers", tmp_path / "numbers.parquet")

    assert engine.one("select max(nr) from numbers") == (49_999,)


def test_a_step_may_replace_the_table_it_reads(engine: Engine) -> None:
    engine.source("numbers", _NUMBERS)
    engine.mat("numbers", "select nr from numbers where nr < 10")

    assert engine.arrow("select nr from numbers order by nr").column("nr").to_pylist() == [
        *range(10)
    ]


def test_a_function_sees_every_row_once_in_batches(engine: Engine) -> None:
    sizes = []

    def _doubled(batch: pa.RecordBatch) -> pa.Table:
        sizes.append(batch.num_rows)
        twice = pa.array([2 * number for number in batch.column("nr").to_pylist()], pa.int64())
        return pa.table({"twice": twice})

    engine.source("numbers", _NUMBERS)
    engine.map("doubled", _doubled, "numbers", pa.schema([("twice", pa.int64())]))

    assert engine.one("select count(*), sum(twice) from doubled") == (50_000, 49_999 * 50_000)
    assert max(sizes) <= 20_000


def test_a_function_over_no_rows_gives_an_empty_table(engine: Engine) -> None:
    engine.source("numbers", _NUMBERS.slice(0, 0))
    engine.map("same", lambda batch: batch, "numbers", _NUMBERS.schema)

    assert engine.one("select count(*) from same") == (0,)


def test_what_a_function_raises_comes_through_and_the_engine_goes_on(engine: Engine) -> None:
    def _fails(_: pa.RecordBatch) -> pa.Table:
        raise ZeroDivisionError

    engine.source("numbers", _NUMBERS)
    with pytest.raises(ZeroDivisionError):
        engine.map("failed", _fails, "numbers", _NUMBERS.schema)

    assert engine.one("select count(*) from numbers") == (50_000,)


@pytest.mark.parametrize("package", ["duckdb", "pyarrow"])
def test_a_missing_package_is_named_with_its_extra(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = Registry().find(CatalogueEngine, "duckdb").start
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(MissingExtraError, match=rf"{package}.*libconsortium\[catalogue\]"):
        start()


@pytest.mark.slow
def test_a_table_larger_than_the_memory_given_is_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIBCONSORTIUM_MEMORY", "40MB")
    engine = Registry().find(CatalogueEngine, "duckdb").start()
    rows = pa.table({"nr": pa.array(range(300_000), pa.int32()), "text": ["x" * 300] * 300_000})
    engine.source("wide", rows.to_reader(max_chunksize=20_000))

    engine.mat("joined", "select a.nr, b.text from wide as a join wide as b on a.nr = b.nr")

    assert engine.one("select count(*), max(nr) from joined") == (300_000, 299_999)
    engine.close()


def test_what_was_spilled_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    engine = Registry().find(CatalogueEngine, "duckdb").start()
    engine.source("stream", _NUMBERS.to_reader())
    assert any(tmp_path.iterdir())

    engine.close()

    assert not any(tmp_path.iterdir())


def test_memory_that_cannot_be_read_is_an_error_that_names_the_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LIBCONSORTIUM_MEMORY", "much")

    with pytest.raises(SettingsError, match="LIBCONSORTIUM_MEMORY is 'much'"):
        Registry().find(CatalogueEngine, "duckdb").start()
