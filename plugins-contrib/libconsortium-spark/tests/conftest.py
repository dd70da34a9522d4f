"""A Spark session for the tests, and a cluster of a master and two workers on this machine."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
os.environ["PYSPARK_PYTHON"] = sys.executable
PATIENCE_SECONDS = 90.0
# Many short steps: quick compilation is worth more than good code.
QUICK_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


def _needs_java() -> None:
    if shutil.which("java") or os.environ.get("JAVA_HOME"):
        return
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail("Java is missing, and CI is set")
    pytest.skip("Java is missing on this machine")


@pytest.fixture(scope="session")
def local_spark() -> Iterator[None]:
    """Run Spark in this process, on two threads, for all tests that want it."""
    _needs_java()
    from pyspark.sql import SparkSession

    settings = {
        "spark.master": "local[2]",
        "spark.ui.enabled": "false",
        "spark.log.level": "ERROR",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.extraJavaOptions": QUICK_JAVA,
    }
    session = SparkSession.builder.config(map=settings).getOrCreate()
    yield
    session.stop()


@pytest.fixture
def conf(tmp_path: Path) -> Path:
    """Return an empty folder for Spark's settings."""
    folder = tmp_path / "conf"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def cluster_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a standalone cluster, one master and two workers; the value is its address."""
    _needs_java()
    log = tmp_path_factory.mktemp("cluster")
    port, page = _free_port(), _free_port()
    address = f"spark://127.0.0.1:{port}"
    master = ["master.Master", "--host", "127.0.0.1", "--port", str(port)]
    worker = ["worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g"]
    with ExitStack() as running:
        _start(running, log / "master", *master, "--webui-port", str(page))
        _wait_for(page, "workers", 0)
        for number in range(2):
            folder = ["--work-dir", str(log / f"work-{number}"), "--webui-port", "0"]
            _start(running, log / f"worker-{number}", *worker, *folder, address)
        _wait_for(page, "aliveworkers", 2)
        yield address


def end_with_parent() -> None:
    """Have the system end this process when the one that started it is gone, killed or not.

    Source: prctl(2), PR_SET_PDEATHSIG; it outlives ``exec``. Linux only.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


_PR_SET_PDEATHSIG = 1


def _start(running: ExitStack, log: Path, name: str, *arguments: str) -> None:
    import pyspark

    home = Path(pyspark.__file__).parent
    with log.open("wb") as out:
        process = subprocess.Popen(
            [home / "bin" / "spark-class", f"org.apache.spark.deploy.{name}", *arguments],
            stdout=out,
            stderr=out,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - no threads run yet
            env={
                **os.environ,
                "SPARK_HOME": str(home),
                "SPARK_DAEMON_MEMORY": "256m",
                "SPARK_DAEMON_JAVA_OPTS": QUICK_JAVA,
            },
        )
    running.callback(process.wait, PATIENCE_SECONDS)
    running.callback(process.send_signal, signal.SIGTERM)


def _wait_for(page: int, what: str, wanted: int) -> None:
    """Wait until the master's own page says that as many workers are there."""
    import json

    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{page}/json/", timeout=5) as answer:
                found = json.load(answer)[what]
        except OSError:
            found = -1
        if found == wanted or (found == [] and not wanted):
            return
        if time.monotonic() > end:
            pytest.fail(f"the cluster did not start: {what} {found}")
        time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])
