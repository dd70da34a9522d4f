"""What tests of harvests start from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from libconsortium import Registry, Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened: Store = Registry().store_for("sqlite").open(f"sqlite:///{tmp_path}/store.db")
    yield opened
    opened.close()
