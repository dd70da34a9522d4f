"""The command ``libconsortium``: a room a group of commands; modules are loaded when asked for.

Exit codes, the same everywhere: 0 done, 1 error (one line on standard error), 2 wrong usage, 130
stopped by Ctrl-C or SIGTERM.
"""

from __future__ import annotations

import os
import sys


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the program with its exit code.

    Args:
        arguments: What was typed after the command's name; the program's own if not given.
    """
    _open_closed_streams()
    try:
        import signal

        from libconsortium.cli.run import run

        code = run(sys.argv[1:] if arguments is None else arguments)
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # all is said and closed: no more to tell of
    except KeyboardInterrupt:  # while modules are loaded: nothing has begun
        code = 130
    sys.exit(code)


def _open_closed_streams() -> None:
    """Lead outputs that the caller closed (``>&-``) to nowhere, before a file takes their place."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            setattr(sys, name, os.fdopen(nowhere, "w", encoding="utf-8"))
