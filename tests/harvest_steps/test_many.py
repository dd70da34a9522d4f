"""Many sources at once: stopped at any moment, and none in the way of another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier, Event
from typing import Any

import pytest

from libconsortium import (
    HarvestOutcome,
    HarvestSource,
    HarvestWatch,
    Message,
    Registry,
    RunStatus,
    Store,
    harvest_all,
)
from libconsortium.harvest_steps import many
from tests.oai_server import Repository, serving, source_at

REGISTRY = Registry()


def watch(stop: Event | None = None) -> HarvestWatch:
    return HarvestWatch(clock=lambda: datetime.now(UTC), stop=stop or Event())


def sources(*names: str) -> list[HarvestSource]:
    return [
        HarvestSource(name=name, member=name, url=f"https://{name}.example/oai") for name in names
    ]


def test_an_interruption_while_harvests_are_being_started_loses_no_answer(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(ThreadPoolExecutor):
        def submit(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as the pool's
            if started:
                raise KeyboardInterrupt
            started.append(1)
            return super().submit(*arguments, **options)

    started: list[int] = []
    monkeypatch.setattr(many, "ThreadPoolExecutor", Interrupted)

    def until_stopped(
        source: HarvestSource, _store: Store, _registry: Registry, seen: HarvestWatch
    ) -> HarvestOutcome:
        assert seen.stop.wait(10)
        return HarvestOutcome(
            source=source.name, status=RunStatus.INTERRUPTED, reason=Message("after page 1")
        )

    outcomes = harvest_all(sources("a", "b", "c"), store, REGISTRY, watch(), until_stopped)

    assert [one.status for one in outcomes] == [RunStatus.INTERRUPTED] * 3
    assert [one.source for one in outcomes] == ["a", "b", "c"]
    assert "after page 1" in str(outcomes[0].reason)
    assert "before it was asked" in str(outcomes[2].reason)


def test_after_a_stop_no_further_source_is_asked(store: Store) -> None:
    stop, asked = Event(), []

    def first_stops(
        source: HarvestSource, _store: Store, _registry: Registry, seen: HarvestWatch
    ) -> HarvestOutcome:
        asked.append(source.name)
        seen.stop.set()
        return HarvestOutcome(
            source=source.name, status=RunStatus.COMPLETE, reason=Message("all came")
        )

    same_host = [
        HarvestSource(name=name, member=name, url="https://a.example/oai") for name in ("a", "b")
    ]
    outcomes = harvest_all(same_host, store, REGISTRY, watch(stop), first_stops)

    assert asked == ["a"]
    assert [one.status for one in outcomes] == [RunStatus.COMPLETE, RunStatus.INTERRUPTED]


def test_a_name_of_four_thousand_letters_is_no_file_name(store: Store) -> None:
    with serving(Repository(size=9)) as url:
        name = f"{url}/{'ấ' * 4000}#{'?*:' * 20}"
        outcomes = harvest_all([source_at(url, name)], store, REGISTRY, watch())

    assert [(one.source, one.status) for one in outcomes] == [(name, RunStatus.COMPLETE)]
    assert sum(one.live for one in store.record_counts(name)) == 9


def test_hosts_that_keep_us_waiting_are_asked_at_the_same_time(store: Store) -> None:
    hosts = 60
    together = Barrier(hosts)

    def waits_for_all(
        source: HarvestSource, _store: Store, _registry: Registry, _watch: HarvestWatch
    ) -> HarvestOutcome:
        together.wait(30)
        return HarvestOutcome(source=source.name, status=RunStatus.COMPLETE, reason=Message("all"))

    names = [f"host-{number}" for number in range(hosts)]
    outcomes = harvest_all(sources(*names), store, REGISTRY, watch(), waits_for_all)

    assert {one.status for one in outcomes} == {RunStatus.COMPLETE}
