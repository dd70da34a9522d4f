"""Harvests of servers that others wrote, as processes of their own, with completeness proven.

Two more, `oaipmh` and `oai-repo`, are harvested in tests/plugins/demo. invenio-oaiserver is not:
it lists nothing without an OpenSearch server, which is no package that could be installed here.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import attrs
import pytest

from libconsortium import (
    HarvestOutcome,
    HarvestWatch,
    Registry,
    RunStatus,
    Store,
    compare_source,
    harvest_source,
)
from tests.oai_server import source_at

pytestmark = pytest.mark.slow

REGISTRY = Registry()
SIZE = 250
TRUTH = {f"oai:a.example:{number}": number % 10 == 0 for number in range(SIZE)}
PROGRAM = Path(__file__).parents[1] / "django_server.py"
WATCH = HarvestWatch(clock=lambda: datetime.now(UTC), seconds=90)


@contextmanager
def django_oai_pmh(pg_url: str, size: int) -> Iterator[str]:
    for package in ("django", "django_oai_pmh"):
        if find_spec(package) is None:
            if os.environ.get("CI"):
                pytest.fail(f"{package} is missing, and CI is set")
            pytest.skip(f"{package} is missing on this machine")
    parts = urlsplit(pg_url)
    folder, database = parts.query.removeprefix("host="), parts.path.strip("/")
    with subprocess.Popen(
        [sys.executable, PROGRAM, folder, database, str(size)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdin
        url = process.stdout.readline().strip()
        assert url, "the server did not start"
        yield url
        process.stdin.close()


@pytest.fixture
def url(pg_url: str) -> Iterator[str]:
    with django_oai_pmh(pg_url, SIZE) as address:
        yield address


def stored(store: Store) -> dict[str, bool]:
    return {one.identifier: one.is_deleted for one in store.records(deleted=True)}


def harvested(url: str, store: Store, until: str = "") -> HarvestOutcome:
    source = attrs.evolve(source_at(url), timeout_seconds=60, until=until)
    return harvest_source(source, store, REGISTRY, WATCH)


def test_django_oai_pmh_is_harvested_whole_with_a_proof(url: str, store: Store) -> None:
    outcome = harvested(url, store)

    assert outcome.status is RunStatus.COMPLETE, str(outcome.reason)
    assert stored(store) == TRUTH
    assert f"{SIZE} records received, {SIZE} announced" in str(outcome.reason)
    pages = list(store.pages(outcome.run))
    assert sum(page.record_count for page in pages) == SIZE
    assert [page.number for page in pages] == list(range(1, SIZE // 50 + 1))


def test_what_django_oai_pmh_loses_of_a_window_is_said(url: str, store: Store) -> None:
    """Version 0.3.9 wants ``from`` with every ``until``, and reads it as ``from`` after page 1."""
    outcome = harvested(url, store, until="2999-12-31T23:59:59Z")

    windows = [one.window for one in outcome.missing]
    assert outcome.status is RunStatus.INCOMPLETE
    assert stored(store).items() <= TRUTH.items()
    assert windows
    assert all("/" in window for window in windows)


def test_django_oai_pmh_is_asked_for_what_is_new(url: str, store: Store) -> None:
    harvested(url, store)

    again = harvested(url, store)

    assert again.status is RunStatus.COMPLETE, str(again.reason)
    assert (again.counts.new, again.counts.changed) == (0, 0)
    assert stored(store) == TRUTH


def test_django_oai_pmh_is_compared_with_what_is_stored(url: str, store: Store) -> None:
    harvested(url, store)

    outcome = compare_source(source_at(url), store, REGISTRY, WATCH)

    assert outcome.status is RunStatus.COMPLETE, str(outcome.reason)
    assert f"the server lists {SIZE} records; 0 were fetched" in str(outcome.reason)
    assert stored(store) == TRUTH


def test_an_empty_django_oai_pmh_proves_that_it_is_empty(pg_url: str, store: Store) -> None:
    with django_oai_pmh(pg_url, 0) as url:
        outcome = harvested(url, store)

    assert not stored(store)
    assert outcome.status is RunStatus.COMPLETE, str(outcome.reason)
