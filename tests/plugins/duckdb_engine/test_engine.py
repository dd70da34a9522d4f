from __future__ import annotations

import errno
import os
import pickle
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import gettempdir
from types import ModuleType

import attrs
import duckdb
import pyarrow as pa
import pytest
from pyarrow import parquet

from libconsortium import (
    CatalogueEngine,
    CatalogueError,
    Engine,
    MatchRule,
    MissingExtraError,
    Registry,
    SettingsError,
    UnknownIdError,
)
from libconsortium.catalogue_steps.build import weighed_rule
from libconsortium.catalogue_steps.maps import compare_step, conflict_step, keys_step
from libconsortium.plugins.duckdb_engine import workers

_NUMBERS = pa.table({"nr": pa.array(range(50_000), pa.int64())})


@pytest.fixture
def engine() -> Iterator[Engine]:
    running = Registry().find(CatalogueEngine, "duckdb").start()
    yield running
    running.close()


class _Refusing:
    """Tables that answer every query with an error."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def execute(self, _query: str) -> None:
        raise self.error

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize(
    ("said", "raised"),
    [
        (RuntimeError("Query interrupted"), KeyboardInterrupt),
        (duckdb.InvalidInputException("Python exception: …\nKeyboardInterrupt"), KeyboardInterrupt),
        (duckdb.IOException("Could not write file: No space left on device"), OSError),
        (duckdb.ParserException("syntax error"), duckdb.ParserException),
    ],
)
def test_a_stop_and_a_full_disk_are_what_they_are_in_python(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, said: Exception, raised: type[BaseException]
) -> None:
    monkeypatch.setattr(engine, "_tables", _Refusing(said))

    with pytest.raises(raised) as caught:
        engine.one("select 1")

    if raised is OSError:
        assert isinstance(caught.value, OSError)
        assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, gettempdir())


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


# ---------------------------------------------------------------- several processes


@attrs.frozen
class _Doubled:
    """A function that can travel: it is made of what a module has."""

    fails_at: int = -1
    ends_at: int = -1

    def __call__(self, batch: pa.RecordBatch) -> pa.Table:
        numbers = batch.column("nr").to_pylist()
        if self.fails_at in numbers:
            raise UnknownIdError("no number {number}", number=self.fails_at)
        if self.ends_at in numbers:
            os.kill(os.getpid(), signal.SIGKILL)
        os.write(1, b"what a rule prints does no harm")
        where = pa.array([os.getpid()] * len(numbers), pa.int64())
        return pa.table(
            {"twice": pa.array([2 * one for one in numbers], pa.int64()), "home": where}
        )


_TWICE = pa.schema([("twice", pa.int64()), ("home", pa.int64())])


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Engine]:
    """Return an engine that works with two processes from the second batch on."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(workers, "_ALONE", 1)
    monkeypatch.setenv("LIBCONSORTIUM_PROCESSES", "2")
    running = Registry().find(CatalogueEngine, "duckdb").start()
    running.source("numbers", pa.table({"nr": pa.array(range(130_000), pa.int64())}))
    yield running
    running.close()


@pytest.mark.slow
def test_several_processes_see_every_row_once(two: Engine) -> None:
    two.map("doubled", _Doubled(), "numbers", _TWICE)

    assert two.one("select count(distinct twice), sum(twice), count(*) from doubled") == (
        130_000,
        129_999 * 130_000,
        130_000,
    )
    homes = two.arrow("select distinct home from doubled").column("home").to_pylist()
    assert len(homes) == 3
    assert os.getpid() in homes


@pytest.mark.slow
def test_what_a_function_raises_in_another_process_comes_through(two: Engine) -> None:
    with pytest.raises(UnknownIdError, match="no number 70000"):
        two.map("doubled", _Doubled(fails_at=70_000), "numbers", _TWICE)

    assert two.one("select count(*) from numbers") == (130_000,)


@pytest.mark.slow
def test_a_process_that_is_ended_is_told(two: Engine) -> None:
    with pytest.raises(CatalogueError, match="LIBCONSORTIUM_PROCESSES=1"):
        two.map("doubled", _Doubled(ends_at=70_000), "numbers", _TWICE)


def test_a_function_that_cannot_travel_works_here(two: Engine) -> None:
    here = []

    def _seen(batch: pa.RecordBatch) -> pa.RecordBatch:
        here.append(batch.num_rows)
        return batch

    two.map("same", _seen, "numbers", pa.schema([("nr", pa.int64())]))

    assert sum(here) == 130_000


@pytest.mark.slow
def test_a_function_of_a_module_that_another_process_does_not_find_is_told(
    two: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_here_only = ModuleType("found_here_only")
    found_here_only.same = _same  # type: ignore[attr-defined] # a module of now
    monkeypatch.setitem(sys.modules, "found_here_only", found_here_only)
    monkeypatch.setattr(_same, "__module__", "found_here_only")
    monkeypatch.setattr(_same, "__qualname__", "same")

    with pytest.raises(CatalogueError, match=r"'found_here_only'; set LIBCONSORTIUM_PROCESSES=1"):
        two.map("same", _same, "numbers", pa.schema([("nr", pa.int64())]))


def _same(batch: pa.RecordBatch) -> pa.RecordBatch:
    return batch


def test_a_function_of_a_script_works_here(two: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["__main__"], "_same", _same, raising=False)
    monkeypatch.setattr(_same, "__module__", "__main__")

    two.map("same", _same, "numbers", pa.schema([("nr", pa.int64())]))

    assert two.one("select count(*) from same") == (130_000,)


def test_files_of_a_dropped_table_are_removed(two: Engine, tmp_path: Path) -> None:
    two.map("same", lambda batch: batch, "numbers", pa.schema([("nr", pa.int64())]))
    assert list(tmp_path.rglob("same*"))

    two.drop("same")

    assert not list(tmp_path.rglob("same*"))


@pytest.mark.parametrize("wrong", ["0", "two", "-1", "²"])
def test_a_wrong_number_of_processes_is_an_error_that_names_the_setting(
    wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIBCONSORTIUM_PROCESSES", wrong)

    with pytest.raises(SettingsError, match="LIBCONSORTIUM_PROCESSES is"):
        Registry().find(CatalogueEngine, "duckdb").start()


def test_our_rules_can_travel_also_with_learned_weights() -> None:
    rules = [rule for rule in Registry().all(MatchRule).values() if rule.weights]
    assert len(rules) >= 2
    for rule in rules:
        weighed = weighed_rule(Registry(), rule.name, {"title-equal": 9.0})

        for step in (keys_step(rule), compare_step(weighed, 0.9), conflict_step(weighed, 0.1)):
            assert len(pickle.dumps(step)) < 30_000
