"""The command ``libconsortium``: one module per group of commands, loaded when asked for.

Exit codes, the same everywhere: 0 done, 1 error (one line on standard error), 2 wrong usage.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the program with its exit code.

    Args:
        arguments: What was typed after the command's name; the program's own if not given.
    """
    from libconsortium.cli.run import run

    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))
