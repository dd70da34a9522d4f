"""Lets a request to end the process close its work properly, as Ctrl-C does."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stopped_politely() -> Iterator[None]:
    """Treat SIGTERM like Ctrl-C while the block runs."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, stop)
    except ValueError:  # not in the main thread, where nobody can send it to us
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
