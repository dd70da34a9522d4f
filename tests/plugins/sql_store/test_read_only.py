"""A store that lies where nothing may be written can be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from libconsortium import Registry, StoreError

OPEN = Registry().store_for("sqlite").open


@pytest.fixture
def archived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a store in a folder that says of itself that nothing may be written there."""
    path = tmp_path / "a.db"
    OPEN(f"sqlite:///{path}").close()
    monkeypatch.setattr(os, "access", lambda *_: False)
    return path


def test_it_is_read_and_nothing_is_left_beside_it(archived: Path) -> None:
    before = archived.read_bytes()

    store = OPEN(f"sqlite:///{archived}")
    try:
        assert list(store.records()) == []
    finally:
        beside = list(archived.parent.iterdir())
        store.close()

    assert beside == [archived]
    assert archived.read_bytes() == before


def test_it_is_not_written(archived: Path, tmp_path: Path) -> None:
    backup = tmp_path / "a.zip"
    store = OPEN(f"sqlite:///{archived}")
    try:
        store.backup(backup)
        with pytest.raises(StoreError, match="readonly"):
            store.restore(backup, replace=True)
    finally:
        store.close()


def test_what_is_in_its_log_alone_is_never_overlooked(archived: Path) -> None:
    (archived.parent / "a.db-wal").write_bytes(b"what came last")

    store = OPEN(f"sqlite:///{archived}")
    try:
        assert (archived.parent / "a.db-shm").exists()  # read with its log, as usual
    finally:
        store.close()
