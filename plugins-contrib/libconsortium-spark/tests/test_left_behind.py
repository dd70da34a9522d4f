"""Nothing of a test run is left behind, however it ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

_STARTS_ONE = """
import subprocess, sys, time
sys.path.insert(0, sys.argv[1])
from conftest import end_with_parent
print(subprocess.Popen(["sleep", "60"], preexec_fn=end_with_parent).pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a process that its parent died"
)
def test_a_cluster_ends_with_a_test_run_that_is_killed() -> None:
    here = str(Path(__file__).parent)
    run = subprocess.Popen([sys.executable, "-c", _STARTS_ONE, here], stdout=subprocess.PIPE)
    assert run.stdout is not None
    started = int(run.stdout.readline())

    run.send_signal(signal.SIGKILL)
    run.wait()

    end = time.monotonic() + 10
    while _is_there(started) and time.monotonic() < end:
        time.sleep(0.05)
    assert not _is_there(started)


def _is_there(number: int) -> bool:
    """Say whether a process runs; one that nobody has asked after is a zombie, and ended."""
    try:
        os.kill(number, 0)
        return "State:\tZ" not in Path(f"/proc/{number}/status").read_text("utf-8")
    except OSError:
        return False
