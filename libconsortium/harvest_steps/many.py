"""Harvests several sources at once; one bad source never blocks another."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event
from urllib.parse import urlsplit

from libconsortium.core.errors import ConsortiumError
from libconsortium.core.harvest.sources import HarvestSource
from libconsortium.harvest_steps.one import harvest_source
from libconsortium.harvest_steps.outcomes import HarvestOutcome, HarvestWatch
from libconsortium.registry import Registry
from libconsortium.store import RunStatus, Store

log = logging.getLogger(__name__)

_MOST_AT_ONCE = 32

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
    """
    wanted = tuple(sources)
    outcomes: dict[str, HarvestOutcome] = {}

    def harvest_host(of_host: list[HarvestSource]) -> None:
        for source in of_host:
            outcomes[source.name] = _harvested(source, store, registry, watch, harvest)

    hosts = _by_host(wanted)
    with ThreadPoolExecutor(max(1, min(len(hosts), _MOST_AT_ONCE)), "harvest") as pool:
        _wait_for([pool.submit(harvest_host, of_host) for of_host in hosts.values()], watch.stop)
    return tuple(outcomes[source.name] for source in wanted)


def _by_host(sources: Iterable[HarvestSource]) -> dict[str, list[HarvestSource]]:
    hosts: dict[str, list[HarvestSource]] = {}
    for source in sources:
        hosts.setdefault(urlsplit(source.url).netloc.rpartition("@")[2], []).append(source)
    return hosts


def _wait_for(harvests: list[Future[None]], stop: Event) -> None:
    try:
        wait(harvests)
    except KeyboardInterrupt:
        log.info("stopping after the present pages")
        stop.set()
        wait(harvests)
    for harvest in harvests:
        harvest.result()


def _harvested(
    source: HarvestSource,
    store: Store,
    registry: Registry,
    watch: HarvestWatch,
    harvest: Harvest,
) -> HarvestOutcome:
    try:
        return harvest(source, store, registry, watch)
    except ConsortiumError as error:
        log.warning("%s: %s", source.name, error)
        return HarvestOutcome(
            source=source.name, status=RunStatus.INCOMPLETE, reason=error.message, is_error=True
        )
