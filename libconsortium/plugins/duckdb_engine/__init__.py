"""The union catalogue on one machine, with DuckDB."""

from __future__ import annotations

import os
from collections.abc import Iterator

from libconsortium import CatalogueEngine, Engine, MissingExtraError, hookimpl, process_count


@hookimpl
def consortium_catalogue_engines() -> Iterator[CatalogueEngine]:
    """Yield the engine ``duckdb``."""
    yield CatalogueEngine(
        name="duckdb",
        summary="DuckDB inside this program; enough for a whole country",
        start=_start,
    )


def _start() -> Engine:
    try:
        import duckdb  # noqa: F401 - asked for here, so that the message names it
        import pyarrow as pa  # noqa: F401 - is it there?

        from libconsortium.plugins.duckdb_engine.engine import MEMORY, DuckDBEngine
    except ImportError as error:
        raise MissingExtraError(
            "the catalogue engine needs the package {package};"
            " pip install 'libconsortium[{extra}]'",
            package=error.name or "duckdb",
            extra="catalogue",
        ) from error
    return DuckDBEngine(os.environ.get(MEMORY, ""), process_count())
