"""A source is compared by itself from time to time: records withdrawn without a word are found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from libconsortium import (
    HarvestOutcome,
    HarvestWatch,
    Registry,
    RunStatus,
    Store,
    compare_due,
    update_source,
)
from tests.hostile.faults import HTML, instead, mended
from tests.oai_server import Repository, serving, source_at

pytestmark = pytest.mark.slow

REGISTRY = Registry()
START = datetime(2026, 2, 1, tzinfo=UTC)


def repository(policy: str = "persistent", size: int = 30) -> Repository:
    made = Repository(size=size, honours_dates=True)
    made.fault = mended(
        lambda asked: asked["verb"] == "Identify",
        lambda body: body.replace(b"persistent", policy.encode()),
    )
    return made


def listed(server: Repository) -> int:
    return sum(asked["verb"] == "ListIdentifiers" for asked in server.asked)


def same_place(store: Store, server: Repository, **changes: Any) -> HarvestOutcome:
    """Harvest, then withdraw a record without a tombstone and harvest again."""
    days = changes.pop("days", 0)
    with serving(server) as url:
        source = attrs.evolve(source_at(url), **changes)
        for moment in (START, START + timedelta(days=float(str(days)))):
            watch = HarvestWatch(clock=lambda at=moment: at, seconds=60)  # type: ignore[misc] # bound
            outcome = update_source(source, store, REGISTRY, watch)
            server.size = min(server.size, 29)
    return outcome


def live(store: Store) -> int:
    return sum(one.live for one in store.record_counts())


def test_a_server_that_keeps_no_tombstones_is_compared_in_every_harvest(store: Store) -> None:
    outcome = same_place(store, repository("no"))

    assert (outcome.status, live(store)) == (RunStatus.COMPLETE, 29)
    assert "1 are gone" in str(outcome.reason)


def test_a_server_that_keeps_tombstones_is_not_compared_in_every_harvest(store: Store) -> None:
    server = repository()
    same_place(store, server)

    assert (live(store), listed(server)) == (30, 0)


def test_every_server_is_compared_when_the_last_comparison_is_long_ago(store: Store) -> None:
    server = repository()
    outcome = same_place(store, server, days=31)

    assert (outcome.status, live(store)) == (RunStatus.COMPLETE, 29)
    assert compare_due(attrs.evolve(source_at("http://127.0.0.1/oai")), store) is None


def test_a_source_may_say_that_it_is_never_compared(store: Store) -> None:
    server = repository("no")
    same_place(store, server, days=31, compare_days=0)

    assert (live(store), listed(server)) == (30, 0)


def test_after_a_comparison_the_time_begins_again(store: Store) -> None:
    server = repository()
    with serving(server) as url:
        source = source_at(url)
        for days in (0, 31, 32):
            watch = HarvestWatch(clock=lambda at=days: START + timedelta(days=at))  # type: ignore[misc] # bound
            update_source(source, store, REGISTRY, watch)

        assert compare_due(source, store) == START + timedelta(days=61)
    assert listed(server) == 8


def test_what_the_comparison_cannot_find_out_is_said(store: Store) -> None:
    server = repository()
    fault = instead(lambda asked: asked["verb"] == "ListIdentifiers", body=HTML)
    server.fault = fault

    outcome = same_place(store, server, days=31)

    assert (outcome.status, live(store)) == (RunStatus.COMPLETE, 30)
    assert "could not be found out" in str(outcome.reason)


def test_very_many_deletions_are_not_believed(store: Store) -> None:
    server = repository("no")
    with serving(server) as url:
        watch = HarvestWatch(clock=lambda: START)
        update_source(source_at(url), store, REGISTRY, watch)
        server.size = 3
        outcome = update_source(source_at(url), store, REGISTRY, watch)

    assert (outcome.status, live(store)) == (RunStatus.INCOMPLETE, 30)
    assert "--confirm-deletions" in str(outcome.reason)


def test_a_server_that_describes_itself_oddly_is_harvested_all_the_same(store: Store) -> None:
    server = repository()
    server.fault = mended(
        lambda asked: asked["verb"] == "Identify",
        lambda body: body.replace(b"Identify>", b"ListSets>"),
    )

    assert same_place(store, server).status is RunStatus.COMPLETE
