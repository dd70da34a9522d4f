"""The command line on a standalone cluster of two workers, each with a Python of its own."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.synthetic import records

pytestmark = pytest.mark.slow


@pytest.fixture
def titles(tmp_path: Path) -> Path:
    path = tmp_path / "titles.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "title", "author", "year", "volume", "edition", "member"])
        for one in records(3_000, members=4):
            held = one.record
            authors = ";".join(held.creators)
            row = [held.identifier, held.title, authors, held.year, held.volume, held.edition]
            writer.writerow([*row, held.source])
    return path


def clustered(conf: Path, titles: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "libconsortium", "cluster", titles, "--json", *more],
        env={**os.environ, "SPARK_CONF_DIR": str(conf), "LIBCONSORTIUM_LANG": "en"},
        capture_output=True,
        text=True,
        check=False,
    )


def settings(conf: Path, **values: str) -> None:
    quick = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    values |= {"ui_enabled": "false"}
    lines = [f"spark.{name.replace('_', '.')} {value}\n" for name, value in values.items()]
    lines += [f"spark.{who}.extraJavaOptions {quick}\n" for who in ("driver", "executor")]
    (conf / "spark-defaults.conf").write_text("".join(lines), encoding="utf-8")


def test_two_workers_give_the_rows_that_duckdb_gives(
    cluster_address: str, conf: Path, titles: Path, tmp_path: Path
) -> None:
    shared = tmp_path / "tables"
    folder = f"file://{shared}"
    settings(conf, master=cluster_address, libconsortium_folder=folder, executor_memory="512m")
    why = {engine: tmp_path / f"{engine}.csv" for engine in ("duckdb", "spark")}

    duckdb, spark = (
        clustered(conf, titles, "--engine", engine, "--evidence", str(path))
        for engine, path in why.items()
    )

    assert spark.returncode == 0, spark.stderr
    assert json.loads(spark.stdout) == json.loads(duckdb.stdout)
    assert len(json.loads(spark.stdout)["clusters"]) == 3_000
    assert why["spark"].read_bytes() == why["duckdb"].read_bytes()
    assert [*shared.iterdir()] == []


def test_a_cluster_without_a_shared_folder_is_refused(
    cluster_address: str, conf: Path, titles: Path
) -> None:
    settings(conf, master=cluster_address)

    done = clustered(conf, titles, "--engine", "spark")

    assert done.returncode == 1
    assert "spark.libconsortium.folder" in json.loads(done.stdout)["error"]["message"]


def test_a_machine_without_java_is_told_what_to_install(
    conf: Path, titles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")

    done = clustered(conf, titles, "--engine", "spark")

    assert done.returncode == 1
    assert "openjdk-17-jre-headless" in json.loads(done.stdout)["error"]["message"]
