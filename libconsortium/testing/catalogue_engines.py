"""Holds an engine of the union catalogue to its promises."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from libconsortium import CatalogueEngine, Engine
from libconsortium.testing.promises import broken, promise

_ROWS = 25_000
_TEXTS = ("Dế mèn", "NFD: de\u0301", "đ Đ ð", "", " v f ", None)
_NUMBERS = (0, -1, 2**62, -(2**63), 2**63 - 1, None)
_SCORES = (0.1, 1e-300, 0.93, 1.0, 0.0, None)


def check_catalogue_engine(engine: CatalogueEngine) -> None:
    """Check that an engine keeps tables, runs SQL and Python, and changes no value on the way.

    Args:
        engine: The engine; it is started, and closed again.

    Raises:
        BrokenPromiseError: It does not do what ``Engine`` says.
    """
    tables = engine.start()
    try:
        for check in (_values, _tables_again, _parquet, _streams, _python, _python_fails, _dropped):
            check(engine.name, tables)
    finally:
        tables.close()


def _values(name: str, tables: Engine) -> None:
    import pyarrow as pa

    given = {
        "nr": pa.array(range(len(_TEXTS)), pa.int32()),
        "number": pa.array(_NUMBERS, pa.int64()),
        "score": pa.array(_SCORES, pa.float64()),
        "text": pa.array(_TEXTS, pa.string()),
    }
    tables.source("given", pa.table(given))
    got = tables.arrow("select nr, number, score, text from given order by nr")
    wanted = {column: values.to_pylist() for column, values in given.items()}
    promise(got.to_pydict() == wanted, name, "values stay as they are", wanted, got.to_pydict())
    low, high = tables.one("select min(number), max(number) from given")
    promise((low, high) == (-(2**63), 2**63 - 1), name, "numbers have 64 bits", _NUMBERS, low)


def _numbers(tables: Engine, count: int = _ROWS) -> None:
    import pyarrow as pa

    tables.source("numbers", pa.table({"nr": pa.array(range(count), pa.int32())}))


def _tables_again(name: str, tables: Engine) -> None:
    for count in (_ROWS, 10):
        _numbers(tables, count)
    _counted(name, tables, "numbers", 10, "a table can be made again")
    tables.mat("numbers", "select nr from numbers where nr < 4")
    _counted(name, tables, "numbers", 4, "a step may replace the table that it reads")
    tables.mat("none", "select nr from numbers where nr < 0")
    _counted(name, tables, "none", 0, "a step may give no rows")


def _parquet(name: str, tables: Engine) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    with TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{part}.parquet" for part in "ab"]
        for part, path in enumerate(paths):
            parquet.write_table(pa.table({"nr": pa.array([part], pa.int32())}), path)
        tables.source("files", paths[0])
        _counted(name, tables, "files", 1, "a Parquet file is read")
        tables.source("files", paths)
        _counted(name, tables, "files", 2, "a list of Parquet files is read")
        tables.mat("files", "select nr from files where nr = 1")
        promise(all(path.exists() for path in paths), name, "files stay there", paths, "gone")
    _counted(name, tables, "files", 1, "a step may replace files that it reads by a table")


def _streams(name: str, tables: Engine) -> None:
    import pyarrow as pa

    schema = pa.schema([("nr", pa.int32()), ("text", pa.string())])
    for count in (0, 3):
        batches = (
            pa.record_batch([pa.array([nr], pa.int32()), pa.array(["đ"])], schema=schema)
            for nr in range(count)
        )
        tables.source("stream", pa.RecordBatchReader.from_batches(schema, batches))
        _counted(name, tables, "stream", count, "a reader of batches is read to its end")


def _python(name: str, tables: Engine) -> None:
    import pyarrow as pa

    def _doubled(batch: Any) -> Any:  # noqa: ANN401 - Arrow has no types
        twice = [2 * number for number in batch.column("nr").to_pylist()]
        return pa.table({"twice": pa.array(twice, pa.int64())})

    _numbers(tables)
    schema = pa.schema([("twice", pa.int64())])
    tables.map("doubled", _doubled, "numbers", schema)
    found = tables.one("select count(*), sum(twice) from doubled")
    wanted = (_ROWS, _ROWS * (_ROWS - 1))
    promise(tuple(map(int, found)) == wanted, name, "Python sees each row once", wanted, found)
    tables.map("doubled", _doubled, "(select nr from numbers where nr < 5) as few", schema)
    _counted(name, tables, "doubled", 5, "Python runs over a query")
    tables.map("doubled", _doubled, "(select nr from numbers where nr < 0) as few", schema)
    _counted(name, tables, "doubled", 0, "Python runs over no rows")


class _FailedError(Exception):
    """What a step's function raises on purpose."""


def _python_fails(name: str, tables: Engine) -> None:
    import pyarrow as pa

    def _fails(_: object) -> None:
        raise _FailedError

    _numbers(tables)
    try:
        tables.map("failed", _fails, "numbers", pa.schema([("nr", pa.int32())]))
    except _FailedError:
        pass
    except Exception as error:
        raise broken(name, "what Python raises comes through", _FailedError, error) from error
    else:
        raise broken(name, "what Python raises comes through", _FailedError, "nothing")
    _counted(name, tables, "numbers", _ROWS, "the tables outlive a failed step")


def _dropped(name: str, tables: Engine) -> None:
    for _ in range(2):
        tables.drop("numbers")
    try:
        tables.one("select count(*) from numbers")
    except Exception:  # noqa: BLE001 - each engine says it in its own way
        return
    raise broken(name, "a dropped table is gone", "numbers", "still there")


def _counted(name: str, tables: Engine, table: str, wanted: int, law: str) -> None:
    (found,) = tables.one(f"select count(*) from {table}")  # noqa: S608 - our own tables
    promise(found == wanted, name, law, wanted, found)
