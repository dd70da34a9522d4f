"""One search index of each kind; every test that asks for `index` runs on all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from libconsortium import Registry, SearchIndex, open_search_index

BACKENDS = ("sqlite", "postgresql", "tantivy")


@pytest.fixture(params=BACKENDS)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/search.db"
    if request.param == "tantivy":
        pytest.importorskip("tantivy")
        return f"tantivy:///{tmp_path}/index"
    return str(request.getfixturevalue("pg_url"))


@pytest.fixture
def index(address: str) -> Iterator[SearchIndex]:
    opened = open_search_index(address, Registry())
    yield opened
    opened.close()
