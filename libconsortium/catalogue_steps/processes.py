"""Other processes that do a part of the work: how many, how they are started, how they talk.

A worker is a Python of its own and no fork, because this program has threads, and whoever uses the
library need not guard a main module. What it is given and what it says are pickles in its pipes.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

from libconsortium.core.errors import SettingsError

PROCESSES = "LIBCONSORTIUM_PROCESSES"
"""Environment variable: in how many processes records are read and compared, ``1`` or more."""

_PROTOCOL = 5
_MAIN = b"__main__"
_OBJECTS = 100_000  # made before the collector looks: records have no cycles


def process_count() -> int:
    """Return in how many processes a step may run: what ``PROCESSES`` says, or one per processor.

    Raises:
        SettingsError: It is no number from 1 on.

    >>> process_count() > 0
    True
    """
    said = os.environ.get(PROCESSES, "")
    if not said:
        return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    if not (said.isascii() and said.isdecimal() and int(said)):
        raise SettingsError(
            "{variable} is {value!r}; write in how many processes records may be compared, like 2",
            variable=PROCESSES,
            value=said,
        )
    return int(said)


def as_job(work: object) -> bytes:
    """Return work as it goes to a worker; nothing if it cannot travel.

    A function within a function cannot, nor what a script or a notebook made: no other process
    would find it.

    >>> as_job(process_count) != b"" == as_job(lambda: 0)
    True
    """
    try:
        job = pickle.dumps(work, _PROTOCOL)
    except (pickle.PicklingError, AttributeError, TypeError):
        return b""
    return b"" if _MAIN in job else job


def start_worker(module: str, folder: Path | None = None) -> subprocess.Popen[bytes]:
    """Start a Python that runs the function ``work`` of a module.

    Args:
        module: The module's full name.
        folder: Where it works; here if not given.
    """
    return subprocess.Popen(  # noqa: S603 - this Python, with a module of ours
        [sys.executable, "-P", "-c", f"from {module} import work; work()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
    )


def worker_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Return, within a worker, where it is given work and where it says what became of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it hears of it and ends it
    gc.set_threshold(_OBJECTS)
    given, said = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a plugin prints does not come between
    return given, said


def say_back(said: IO[bytes], what: object) -> None:
    """Say something, within a worker, to whoever started it; an exception is raised there.

    >>> from io import BytesIO
    >>> said = BytesIO()
    >>> say_back(said, "done")
    >>> pickle.loads(said.getvalue())
    'done'
    """
    try:
        text = pickle.dumps(what, _PROTOCOL)
        if isinstance(what, Exception):
            pickle.loads(text)  # noqa: S301 - one may not come out as it went in
    except Exception:  # noqa: BLE001 - whatever pickle makes of someone else's
        text = pickle.dumps(RuntimeError(f"{type(what).__name__}: {what}"))
    said.write(text)
    said.flush()
