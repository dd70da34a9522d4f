"""Examples are tests: the ``python`` blocks of the documentation run, in reading order."""

from __future__ import annotations

import doctest
from typing import TYPE_CHECKING

import pytest
from sybil import Sybil
from sybil.integration.pytest import SybilItem
from sybil.parsers.myst import PythonCodeBlockParser, SkipParser
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from pathlib import Path

    from xdist.remote import Producer

# What documentation builds with and what Alembic loads by path are no modules to import.
collect_ignore_glob = ["docs/conf.py", "libconsortium/**/migrations/*"]

pytest_collect_file = Sybil(
    parsers=[
        PythonCodeBlockParser(
            doctest_optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE,
        ),
        SkipParser(),
    ],
    patterns=["README.md", "docs/**/*.md", "docs/*.md"],
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
    """Put the examples of a page back into reading order after pytest-randomly's shuffling."""
    examples = [item for item in items if isinstance(item, SybilItem)]
    pages = {item.path: iter(_in_order(examples, item.path)) for item in examples}
    items[:] = [next(pages[i.path]) if isinstance(i, SybilItem) else i for i in items]


def _in_order(examples: list[SybilItem], page: Path) -> list[SybilItem]:
    return sorted((e for e in examples if e.path == page), key=_line)


def _line(example: SybilItem) -> int:
    return example.reportinfo()[1] or 0
