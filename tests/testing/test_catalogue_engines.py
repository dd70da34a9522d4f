from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from libconsortium import CatalogueEngine, Registry
from libconsortium.testing import BrokenPromiseError, check_catalogue_engine

_Step = Callable[[pa.RecordBatch], pa.Table]
_ENGINE = Registry().find(CatalogueEngine, "duckdb")


class _Broken:
    """DuckDB's engine with one method replaced."""

    def __init__(self, method: str, instead: Callable[..., Any]) -> None:
        self._engine = _ENGINE.start()
        self._method, self._instead = method, instead

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the engine has
        own = getattr(self._engine, name)
        return (lambda *given: self._instead(own, *given)) if name == self._method else own


def test_our_engine_keeps_its_promises() -> None:
    check_catalogue_engine(_ENGINE)


def _forgets_texts(own: Callable[..., Any], name: str, rows: pa.Table) -> None:
    if name == "given":
        rows = rows.set_column(3, "text", pa.array(["x"] * rows.num_rows))
    own(name, rows)


def _first_batch_twice(own: Callable[..., Any], name: str, function: _Step, *more: object) -> None:
    own(name, lambda batch: pa.concat_tables([function(batch)] * 2), *more)


def _other_error(own: Callable[..., Any], *given: object) -> None:
    try:
        own(*given)
    except Exception as error:
        raise RuntimeError from error


def _no_error(own: Callable[..., Any], *given: object) -> None:
    try:
        own(*given)
    except Exception:  # noqa: BLE001 - that is the fault
        return


@pytest.mark.parametrize(
    ("method", "instead", "law"),
    [
        ("source", _forgets_texts, "values stay as they are"),
        ("map", _first_batch_twice, "Python sees each row once"),
        ("map", _other_error, "what Python raises comes through"),
        ("map", _no_error, "what Python raises comes through"),
        ("drop", lambda _, __: None, "a dropped table is gone"),
    ],
)
def test_a_broken_promise_is_found(method: str, instead: Callable[..., Any], law: str) -> None:
    engine = CatalogueEngine(
        name="broken",
        summary="",
        start=lambda: _Broken(method, instead),
    )

    with pytest.raises(BrokenPromiseError, match=law):
        check_catalogue_engine(engine)
