"""Examples are tests: ``python`` and ``console`` blocks of the documentation run, in order."""

from __future__ import annotations

import doctest
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from sybil import Example, Sybil
from sybil.integration.pytest import SybilItem
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser, SkipParser
from xdist.scheduler import LoadScopeScheduling

from tests.postgres import pg_cluster, pg_url  # noqa: F401 - fixtures, also for plugins-contrib

if TYPE_CHECKING:
    from xdist.remote import Producer

# What documentation builds with and what Alembic loads by path are no modules to import.
# Spark has an environment and a test run of its own: `make spark`.
collect_ignore_glob = [
    "docs/conf.py",
    "libconsortium/**/migrations/*",
    "plugins-contrib/libconsortium-spark",
    "tests/django_server.py",
]


def run_console(example: Example) -> str | None:
    """Type the commands of a ``console`` block into a shell and compare what they print.

    The commands of a page share one folder; ``policies/`` of the repository stands in it.
    """
    if "console_folder" not in example.namespace:
        example.namespace["console_folder"] = TemporaryDirectory()
    folder = example.namespace["console_folder"]
    policies = Path(folder.name) / "policies"
    if not policies.exists():
        policies.symlink_to(Path(__file__).with_name("policies"))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for typed in example.parsed.split("$ ")[1:]:
        command, _, wanted = typed.replace("\\\n", "").partition("\n")
        done = subprocess.run(  # noqa: S602 - a shell is what a console block shows
            command,
            shell=True,
            cwd=folder.name,
            env={**os.environ, "PATH": path, "LANG": "C.UTF-8", "LIBCONSORTIUM_LANG": "en"},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        printed = done.stdout + done.stderr
        flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        if not doctest.OutputChecker().check_output(wanted, printed, flags):
            return f"{command}\nexpected:\n{wanted}\nprinted:\n{printed}"
    return None


def remove_folder(namespace: dict[str, Any]) -> None:
    """Remove the folder of a page's commands."""
    if "console_folder" in namespace:
        namespace["console_folder"].cleanup()


pytest_collect_file = Sybil(
    parsers=[
        PythonCodeBlockParser(
            doctest_optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE,
        ),
        CodeBlockParser("console", run_console),
        SkipParser(),
    ],
    patterns=["README.md", "docs/**/*.md", "docs/*.md"],
    teardown=remove_folder,
).pytest()


class ByPage(LoadScopeScheduling):  # type: ignore[misc] # xdist ships no types
    """Spread tests over workers one by one, but keep the examples of a page together.

    A later example uses what an earlier one made. (xdist's own ``loadgroup`` does nothing under
    pytest 9.2, whose node ids can no longer be changed.)
    """

    def _split_scope(self, nodeid: str) -> str:
        page = nodeid.partition("::")[0]
        return page if page.endswith(".md") else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByPage:
    """Let pytest-xdist use the scheduler above."""
    return ByPage(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the examples of a page together and in reading order again after the shuffling.

    The folder of a page's commands goes when something else runs in between.
    """
    examples = [item for item in items if isinstance(item, SybilItem)]
    pages = {item.path: _in_order(examples, item.path) for item in examples}
    shuffled, items[:] = list(items), []
    for item in shuffled:
        items += pages.pop(item.path, []) if isinstance(item, SybilItem) else [item]


def _in_order(examples: list[SybilItem], page: Path) -> list[SybilItem]:
    return sorted((e for e in examples if e.path == page), key=_line)


def _line(example: SybilItem) -> int:
    return example.reportinfo()[1] or 0
