"""Leaves these tests out where the package is not installed; where CI is set they must run."""

from __future__ import annotations

import os
from importlib.util import find_spec

_IS_HERE = bool(find_spec("libconsortium_splink") and find_spec("splink"))
collect_ignore_glob = [] if _IS_HERE or "CI" in os.environ else ["*"]
