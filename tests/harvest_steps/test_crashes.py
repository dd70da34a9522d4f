"""A harvest that is killed, or that finds the disk full, leaves a store that goes on."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest

from libconsortium import (
    HarvestCounts,
    HarvestPage,
    HarvestWatch,
    Registry,
    RunStatus,
    Store,
    StoreError,
    harvest_source,
)
from tests.hostile.scenarios import repository
from tests.oai_server import Reply, serving, source_at

pytestmark = pytest.mark.slow

REGISTRY = Registry()


def clock() -> datetime:
    return datetime.now(UTC)


def command(url: str, file: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "libconsortium", "harvest", "--url", url),
        *("--allow-network", "127.0.0.1/32", "--into", str(file), "--json"),
    ]


@pytest.mark.slow
def test_a_harvest_killed_again_and_again_goes_on_and_ends_whole(tmp_path: Path) -> None:
    def slow(_asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        time.sleep(0.12)
        return reply

    file = tmp_path / "records.db"
    server = repository(slow)
    kills = 0
    with serving(server) as url:
        for wait in (1.3, 1.5, 1.7, 1.9, 2.1):
            process = subprocess.Popen(
                command(url, file), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            try:
                process.wait(wait)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
        ended = subprocess.run(command(url, file), capture_output=True, text=True, check=False)

    said = json.loads(ended.stdout)
    assert kills
    assert ended.returncode == 0
    assert (said["status"], said["records"], said["deleted"]) == ("COMPLETE", 98, 2)


def test_a_request_to_end_is_answered_with_what_there_is(tmp_path: Path) -> None:
    def stuck(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        if asked.get("resumptionToken") == "t+& 20":  # the first page is kept by then
            process.send_signal(signal.SIGTERM)
            time.sleep(1)
        return reply

    file = tmp_path / "records.db"
    with serving(repository(stuck)) as url:
        process = subprocess.Popen(
            command(url, file), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        out, _ = process.communicate(timeout=30)

    assert process.returncode == 4
    assert json.loads(out)["status"] == "INCOMPLETE"
    assert json.loads(out)["records"] >= 9


class Full:
    """A store on a disk that is full after some pages."""

    def __init__(self, store: Store, pages: int) -> None:
        self.store, self.left = store, pages

    def __getattr__(self, name: str) -> object:
        return getattr(self.store, name)

    def add_page(self, number: int, page: HarvestPage, *, token_in: str = "") -> HarvestCounts:
        if not self.left:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.left -= 1
        return self.store.add_page(number, page, token_in=token_in)


def test_a_full_disk_ends_the_run_and_loses_no_page_that_was_kept(store: Store) -> None:
    server = repository()
    with serving(server) as url:
        full = Full(store, 4)
        first = harvest_source(source_at(url), full, REGISTRY, HarvestWatch(clock=clock))  # type: ignore[arg-type] # a store in all that counts
        server.asked.clear()
        second = harvest_source(source_at(url), store, REGISTRY, HarvestWatch(clock=clock))

    assert first.status is RunStatus.INCOMPLETE
    assert "No space left" in str(first.reason)
    assert first.missing
    assert second.status is RunStatus.COMPLETE
    assert server.asked[0]["resumptionToken"] == "t+& 40"
    assert {one.identifier for one in store.records(deleted=True)} == server.truth


def test_a_store_that_cannot_be_written_is_told_and_can_be_used_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = repository()
    with serving(server) as url:
        from libconsortium.plugins.sql_store import pages

        def fail(*_: object, **__: Any) -> HarvestCounts:
            raise StoreError("{address}: database or disk is full", address="store")

        with monkeypatch.context() as patched:
            patched.setattr(pages, "add_page", fail)
            with pytest.raises(StoreError, match="disk is full"):
                harvest_source(source_at(url), store, REGISTRY, HarvestWatch(clock=clock))

        outcome = harvest_source(
            attrs.evolve(source_at(url)), store, REGISTRY, HarvestWatch(clock=clock)
        )

    assert outcome.status is RunStatus.COMPLETE
