"""Whatever a server does: everything is recovered, or what is missing is said precisely."""

from __future__ import annotations

from datetime import UTC, datetime

import attrs
import pytest

from libconsortium import HarvestOutcome, HarvestWatch, Registry, Store, harvest_source
from tests.hostile import SCENARIOS, Scenario
from tests.oai_server import Repository, serving, source_at

pytestmark = pytest.mark.slow

REGISTRY = Registry()


def clock() -> datetime:
    return datetime.now(UTC)


def harvested(repository: Repository, store: Store) -> HarvestOutcome:
    with serving(repository) as url:
        source = attrs.evolve(source_at(url), max_page_bytes=64 * 2**20)
        return harvest_source(source, store, REGISTRY, HarvestWatch(clock=clock, seconds=110))


def known(outcome: HarvestOutcome, store: Store) -> set[str]:
    stored = {record.identifier for record in store.records(deleted=True)}
    return stored | {one.identifier for one in outcome.missing if one.identifier}


@pytest.mark.parametrize("case", SCENARIOS.values(), ids=SCENARIOS)
def test_nothing_is_lost_silently(case: Scenario, store: Store) -> None:
    repository = case.make()

    outcome = harvested(repository, store)

    assert outcome.status.name == case.ends, str(outcome.reason)
    stored = {one.identifier: one.is_deleted for one in store.records(deleted=True)}
    truth = {
        f"oai:a.example:{number}": number in repository.deleted for number in range(repository.size)
    }
    lost = {f"oai:a.example:{number}" for number in case.lost}
    is_covered = any(one.window or one.page for one in outcome.missing)
    assert stored.items() <= truth.items()
    assert truth.keys() - stored.keys() <= lost
    assert is_covered or known(outcome, store) == truth.keys()
    assert outcome.counts.repaired >= case.repaired
    told = {problem.where.record for problem in store.problems(f"harvest:{outcome.source}")}
    assert {one.identifier for one in store.records() if not one.content} <= told
    assert "root:" not in repr(list(store.records()))
