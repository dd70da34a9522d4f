"""``python -m libconsortium``: the command line."""

from __future__ import annotations

from libconsortium.cli import main

if __name__ == "__main__":
    main()
