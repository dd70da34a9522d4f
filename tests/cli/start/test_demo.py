"""The demonstration: the main job on real servers, stopped half-way and gone on with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from libconsortium import Consortium
from tests.cli.sharing.test_costs import WORKED

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "libconsortium", "demo", "--json", "--into"]


def _demo(folder: Path) -> Any:  # noqa: ANN401 - what the command says
    done = subprocess.run(
        [*COMMAND, str(folder)], capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _stopped_half_way(folder: Path, how: signal.Signals) -> tuple[int, str]:
    """Start the demonstration and end it when the slow server has given three pages."""
    with subprocess.Popen(
        [*COMMAND, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "LIBCONSORTIUM_LANG": "en"},
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("dh-c: page 3"):
                process.send_signal(how)
                break
        out, err = process.communicate(timeout=60)
    return process.returncode, out + err


def test_the_whole_job_comes_out_to_the_dong(tmp_path: Path) -> None:
    said = _demo(tmp_path / "demo")

    assert said["total"] == 3_564_912_281
    assert said["members_pay"] == 2_138_947_369
    assert said["shares"] == WORKED
    assert [source["status"] for source in said["sources"]] == ["COMPLETE"] * 3
    assert said["records"] == sum(server["live"] for server in said["servers"])
    assert 0 < said["held_by_all"] < said["publications"] < said["records"]
    assert all(Path(path).stat().st_size for path in said["written"])


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_stopped_half_way_it_goes_on_where_it_was(tmp_path: Path, how: signal.Signals) -> None:
    code, said = _stopped_half_way(tmp_path / "demo", how)

    again = _demo(tmp_path / "demo")

    assert code != 0
    assert how is signal.SIGKILL or "run the same command again" in said
    with Consortium.open(tmp_path / "demo") as consortium:
        runs = consortium.store.runs("dh-c")
        pages = [page.number for page in consortium.store.pages(runs[-1].number)]
    assert len(runs) == 1
    assert pages == list(range(1, len(pages) + 1))
    assert again["records"] == sum(server["live"] for server in again["servers"])


def test_a_folder_that_is_no_demonstration_is_not_emptied(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("ten years of work")

    done = subprocess.run(
        [*COMMAND, str(tmp_path), "--fresh"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert (tmp_path / "thesis.txt").exists()


def test_a_consortium_of_somebody_is_left_alone(tmp_path: Path) -> None:
    settings = tmp_path / "consortium.toml"
    settings.write_text('[consortium]\nname = "Mine"\n', "utf-8")

    done = [
        subprocess.run(
            [*COMMAND, str(tmp_path), *more], capture_output=True, text=True, check=False
        )
        for more in ([], ["--fresh"])
    ]

    assert [one.returncode for one in done] == [1, 1]
    assert settings.read_text("utf-8") == '[consortium]\nname = "Mine"\n'
