"""When a source is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from libconsortium_queue.again import PAUSES, again, host_of, priority

from libconsortium import HarvestOutcome, Message, RunStatus

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def ended(status: RunStatus, **about: Any) -> HarvestOutcome:
    return HarvestOutcome(source="a", status=status, reason=Message("so"), **about)


@pytest.mark.parametrize("status", [RunStatus.COMPLETE, RunStatus.COMPLETE_WITH_QUARANTINE])
def test_a_complete_harvest_is_not_tried_again(status: RunStatus) -> None:
    assert again(ended(status), attempt=0, now=NOON) is None


def test_a_deferred_source_is_asked_when_it_said_and_has_not_failed() -> None:
    until = NOON + timedelta(days=1)

    later = again(ended(RunStatus.DEFERRED, until=until), attempt=2, now=NOON)

    assert later
    assert (later.at, later.attempt) == (until, 2)


def test_a_stopped_harvest_goes_on_at_once() -> None:
    later = again(ended(RunStatus.INTERRUPTED), attempt=1, now=NOON)

    assert later
    assert (later.at, later.attempt) == (NOON, 1)


def test_each_failure_waits_longer_until_it_is_given_up() -> None:
    waits = []
    for attempt in range(len(PAUSES)):
        later = again(ended(RunStatus.INCOMPLETE), attempt=attempt, now=NOON)
        assert later
        assert later.attempt == attempt + 1
        waits.append(later.at - NOON)

    assert waits == sorted(set(waits))
    assert again(ended(RunStatus.INCOMPLETE), attempt=len(PAUSES), now=NOON) is None


def test_a_wrong_address_is_given_up_at_once() -> None:
    assert again(ended(RunStatus.ERROR), attempt=0, now=NOON) is None


def test_who_may_begin_earlier_stands_before_who_has_to_wait() -> None:
    moments = [NOON, NOON + timedelta(seconds=1), NOON + timedelta(days=400)]

    ranks = [priority(None), *map(priority, moments)]

    assert ranks == sorted(set(ranks), reverse=True)
    assert ranks[-1] > -(2**31)


def test_one_host_is_one_host_however_it_is_written() -> None:
    written = ("https://A.example/oai", "http://a.example:80/x", "https://u:p@a.example.:443/")

    assert {host_of(url) for url in written} == {"a.example"}
    assert host_of("http://a.example:8080/oai") != "a.example"
