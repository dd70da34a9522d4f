"""The union catalogue on Apache Spark: in this process, or on a cluster."""

from __future__ import annotations

from collections.abc import Iterator

from libconsortium import CatalogueEngine, Engine, MissingExtraError, hookimpl


@hookimpl
def consortium_catalogue_engines() -> Iterator[CatalogueEngine]:
    """Yield the engine ``spark``."""
    yield CatalogueEngine(
        name="spark",
        summary="Apache Spark, here or on a cluster; for more records than one machine takes",
        start=_start,
    )


def _start() -> Engine:
    try:
        from libconsortium_spark.engine import SparkEngine
    except ImportError as error:
        raise MissingExtraError(
            "the catalogue engine needs the package {package}; pip install {extra}",
            package=error.name or "pyspark",
            extra="libconsortium-spark",
        ) from error
    return SparkEngine()
