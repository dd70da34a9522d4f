"""Which process holds a lock, and whether it is still there."""

from __future__ import annotations

import os
import socket
import sys
from functools import lru_cache
from pathlib import Path

import attrs

_PROC = Path("/proc")
_START_TIME = 19  # field 22 of /proc/<pid>/stat, counted after the name in brackets


@attrs.frozen(kw_only=True)
class Process:
    """A process of a machine.

    Args:
        host: The machine's name.
        pid: The process's number there.
        mark: Tells this process from a later one of the same number: the machine's boot and the
            moment the process began; empty where the system does not say.
    """

    host: str
    pid: int
    mark: str = ""


def this_process() -> Process:
    """Return the process that asks.

    >>> is_alive(this_process())
    True
    """
    return _mine(os.getpid())  # asked for with every page


def is_alive(process: Process) -> bool:
    """Return whether a process may still be at work; only a dead one of this machine is not.

    >>> is_alive(Process(host="another-machine", pid=1))
    True
    """
    if process.host != socket.gethostname() or sys.platform == "win32":
        return True  # nobody can tell from here
    try:
        os.kill(process.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not process.mark or process.mark == _mark(process.pid)


@lru_cache(maxsize=1)
def _mine(pid: int) -> Process:
    return Process(host=socket.gethostname(), pid=pid, mark=_mark(pid))


def _mark(pid: int) -> str:
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        stat = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return f"{boot} {stat.rpartition(')')[2].split()[_START_TIME]}"
