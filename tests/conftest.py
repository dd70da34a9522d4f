"""What several tests need: real data from outside, a browser."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.postgres import missing

REPOSITORY = Path(__file__).resolve().parent.parent
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)

# Programs started in the background ignore Ctrl-C, and so would all that tests start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# `make quick` tries each law on few examples, CI on the same ones every time, a laptop on new ones,
# `HYPOTHESIS_PROFILE=night` on very many.
# No law has a deadline: a machine that others use too is slow now and then.
for name, settings in {
    "laptop": hypothesis.settings(deadline=None),
    "quick": hypothesis.settings(deadline=None, max_examples=3),
    "steady": hypothesis.settings(deadline=None, derandomize=True),
    "night": hypothesis.settings(deadline=None, max_examples=2_000),
}.items():
    hypothesis.settings.register_profile(name, settings)
hypothesis.settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("steady" if os.environ.get("CI") else "laptop")
)


SETS_UP = {"corpora", "empty_store", "engine", "folder", "httpserver", "index", "store", "world"}
"""Fixtures that open a database, run a server or read files of megabytes."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses a server or a browser, so that nobody has to remember to."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "pg_cluster" in fixtures:
            item.add_marker(pytest.mark.postgres)
        if "browser" in fixtures:
            item.add_marker(pytest.mark.browser)
        if SETS_UP & set(fixtures):
            item.add_marker(pytest.mark.slow)


# ---------------------------------------------------------------- data from outside


def _shared(folder: str) -> Path:
    root = Path(os.environ.get("LIBCONSORTIUM_CORPORA") or REPOSITORY.parent / "shared")
    if not (root / folder).is_dir():
        pytest.skip(f"no folder {folder!r} in {root}; LIBCONSORTIUM_CORPORA says where it is")
    return root / folder


@pytest.fixture(scope="session")
def corpora() -> Path:
    """Return the folder of real data that nobody here wrote, one folder per kind (``oai``…)."""
    return _shared("corpora")


@pytest.fixture(scope="session")
def oracles() -> Path:
    """Return the folder of published inputs and outputs of cost sharing."""
    return _shared("oracles")


# ---------------------------------------------------------------- the browser


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any],  # Any: Playwright's options
) -> dict[str, Any]:
    """Let Playwright drive the Chromium of the system; it downloads none."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    return {
        **browser_type_launch_args,
        "executable_path": executable or missing("Chromium"),
        "args": list(CHROMIUM_ARGUMENTS),
    }
