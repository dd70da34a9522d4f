"""Harvests several sources at once; one bad source never blocks another."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from urllib.parse import urlsplit

from libconsortium.core.errors import ConsortiumError
from libconsortium.core.harvest.runs import RunStatus
from libconsortium.core.harvest.sources import HarvestSource
from libconsortium.core.messages import Message
from libconsortium.harvest_steps.one import harvest_source
from libconsortium.harvest_steps.outcomes import HarvestOutcome, HarvestWatch
from libconsortium.registry import Registry
from libconsortium.store import Store

log = logging.getLogger(__name__)

_MOST_AT_ONCE = 64  # hosts; each takes half a megabyte, and most of them keep us waiting
_TURN_SECONDS = 0.1

Harvest = Callable[[HarvestSource, Store, Registry, HarvestWatch], HarvestOutcome]


def harvest_all(
    sources: Iterable[HarvestSource],
    store: Store,
    registry: Registry,
    watch: HarvestWatch,
    harvest: Harvest = harvest_source,
) -> tuple[HarvestOutcome, ...]:
    """Harvest sources, all hosts at once, with one request in flight for each host.

    A source that cannot be harvested ends with an outcome that says so, like any other. An
    interruption (Ctrl-C) asks all to stop after their present page, and returns what they say;
    a second one ends at once.

    Args:
        sources: What to harvest.
        store: Where pages and records are kept.
        registry: Finds the harvesters.
        watch: The clock, who hears of the progress, and who may stop it.
        harvest: Harvests one source, or compares it.

    Returns:
        One outcome a source, in the order of the sources.

    >>> from datetime import UTC, datetime
    >>> from libconsortium.testing import example_catalogue
    >>> watch = HarvestWatch(clock=lambda: datetime(2026, 1, 31, tzinfo=UTC))
    >>> with example_catalogue() as office:
    ...     sources = office.settings.sources()
    ...     outcomes = harvest_all(sources, office.store, office.registry, watch)
    >>> [(one.source, one.counts.new) for one in outcomes]
    [('an-hai', 2), ('binh-minh', 2)]
    """
    wanted = tuple(sources)
    outcomes: dict[str, HarvestOutcome] = {}

    def harvest_host(of_host: list[HarvestSource]) -> None:
        for source in of_host:
            outcomes[source.name] = _harvested(source, store, registry, watch, harvest)

    hosts = _by_host(wanted)
    with ThreadPoolExecutor(max(1, min(len(hosts), _MOST_AT_ONCE)), "harvest") as pool:
        harvests: list[Future[None]] = []
        try:  # the interruption may come while the first harvests are being started
            for of_host in hosts.values():
                harvests.append(pool.submit(harvest_host, of_host))  # noqa: PERF401 - what was started counts
            _wait_for(harvests)
        except KeyboardInterrupt:
            log.info("stopping after the present pages")
            watch.stop.set()
            _wait_for(harvests)
    for one in harvests:
        one.result()
    return tuple(outcomes.get(source.name) or _never_begun(source) for source in wanted)


def _by_host(sources: Iterable[HarvestSource]) -> dict[str, list[HarvestSource]]:
    hosts: dict[str, list[HarvestSource]] = {}
    for source in sources:
        hosts.setdefault(urlsplit(source.url).netloc.rpartition("@")[2], []).append(source)
    return hosts


def _wait_for(harvests: list[Future[None]]) -> None:
    """Wait in short turns: a signal that another thread was given is seen only in between."""
    while wait(harvests, _TURN_SECONDS).not_done:
        pass


def _harvested(
    source: HarvestSource,
    store: Store,
    registry: Registry,
    watch: HarvestWatch,
    harvest: Harvest,
) -> HarvestOutcome:
    if watch.stop.is_set():
        return _never_begun(source)
    try:
        return harvest(source, store, registry, watch)
    except ConsortiumError as error:
        log.warning("%s: %s", source.name, error)
        return HarvestOutcome(source=source.name, status=RunStatus.ERROR, reason=error.message)


def _never_begun(source: HarvestSource) -> HarvestOutcome:
    return HarvestOutcome(
        source=source.name,
        status=RunStatus.INTERRUPTED,
        reason=Message("stopped before it was asked; the same command goes on"),
    )
