"""Where the tables of a catalogue are: the Spark session, and a folder that its workers reach."""

from __future__ import annotations

import os
import sys
import tempfile
import uuid
from contextlib import suppress
from typing import Any

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from libconsortium import CatalogueError

FOLDER = "spark.libconsortium.folder"
"""Spark setting: the folder for tables, an address that driver and workers all reach."""

_PARTITIONS = "spark.sql.shuffle.partitions"
_FILES_AT_A_WORKER = 2


class SparkPlace:
    """A Spark session with a folder of its own; leave it when the work is done.

    A session that runs already (a notebook, ``spark-submit``) is used and left running. Otherwise
    one is started as Spark's own settings say: ``$SPARK_CONF_DIR/spark-defaults.conf`` or
    ``PYSPARK_SUBMIT_ARGS``; without any, on all processors of this machine.
    """

    _started: SparkSession | None = None
    _guests = 0

    def __init__(self) -> None:
        """Find or start the session and make the folder."""
        running = SparkSession.getActiveSession()
        if running is None:
            running = SparkPlace._started = _started()
        self._is_ours = running is SparkPlace._started
        SparkPlace._guests += self._is_ours
        # Views and settings of our own beside those of whoever else uses the session.
        self.spark = running.newSession()
        try:
            self._settle()
        except Exception:
            self._stop()
            raise

    def _settle(self) -> None:
        context = self.spark.sparkContext
        if not context.getConf().contains(_PARTITIONS):
            workers = max(context.defaultParallelism, 1)
            self.spark.conf.set(_PARTITIONS, str(_FILES_AT_A_WORKER * workers))
        self._base = f"{self._shared_folder()}/libconsortium-{uuid.uuid4().hex}"

    def _shared_folder(self) -> str:
        context = self.spark.sparkContext
        folder = context.getConf().get(FOLDER)
        if folder:
            return folder.rstrip("/")
        if not (context.master or "").startswith("local"):
            raise CatalogueError(
                "Spark runs at {master}, whose workers cannot read a folder of this machine; set"
                " {setting} in spark-defaults.conf to a folder that all of them reach",
                master=context.master,
                setting=FOLDER,
            )
        return f"file://{tempfile.gettempdir()}"

    def folder(self, name: str) -> str:
        """Return the address of a folder for a table."""
        return f"{self._base}/{name}"

    def remove(self, folder: str) -> None:
        """Remove a folder, wherever it is."""
        context = self.spark.sparkContext
        java: Any = context._jvm  # noqa: SLF001 - the only way to whatever file system it is
        path = java.org.apache.hadoop.fs.Path(folder)
        path.getFileSystem(context._jsc.hadoopConfiguration()).delete(path, True)  # noqa: FBT003, SLF001

    def leave(self) -> None:
        """Remove the folder; stop Spark if it was started for us and nobody else is there."""
        with suppress(PySparkException):
            self.remove(self._base)
        self._stop()

    def _stop(self) -> None:
        SparkPlace._guests -= self._is_ours
        if self._is_ours and not SparkPlace._guests and SparkPlace._started is not None:
            SparkPlace._started.stop()
            SparkPlace._started = None


def _started() -> SparkSession:
    # Workers on this machine run the Python that runs this, with its packages.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("libconsortium").config("spark.log.level", "ERROR")
    builder = builder.config("spark.ui.showConsoleProgress", str(sys.stderr.isatty()).lower())
    try:
        return builder.getOrCreate()
    except PySparkException as error:
        raise CatalogueError(
            "Spark does not start: {error}; it needs Java 17 or later (Debian:"
            " apt-get install openjdk-17-jre-headless)",
            error=str(error).strip().partition("\n")[0],
        ) from error
