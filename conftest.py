"""Examples are tests: the ``python`` blocks of the documentation run, in reading order."""

from __future__ import annotations

import doctest
from typing import TYPE_CHECKING

import pytest
from sybil import Sybil
from sybil.integration.pytest import SybilItem
from sybil.parsers.myst import PythonCodeBlockParser, SkipParser

if TYPE_CHECKING:
    from pathlib import Path

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


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    """Keep the examples of a page on one worker: a later one uses what an earlier one made."""
    if isinstance(item, SybilItem):
        item.add_marker(pytest.mark.xdist_group(str(item.path)))


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
