"""Keeps a source up to date: what is new in every harvest, and what is gone from time to time.

A list of changes does not tell of records that were withdrawn without a tombstone; only the list
of all identifiers does. It is asked for when the last one is too long ago, and in every harvest
of a short list whose server says that it keeps no tombstones.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

import attrs

from libconsortium.contributions import Harvester
from libconsortium.core.harvest.sources import HarvestSource
from libconsortium.core.messages import Message
from libconsortium.harvest_steps.comparing import (
    compare_source,
    is_comparison,
    is_refused_deletion,
)
from libconsortium.harvest_steps.one import harvest_source
from libconsortium.harvest_steps.outcomes import HarvestOutcome, HarvestWatch
from libconsortium.registry import Registry
from libconsortium.store import Store

log = logging.getLogger(__name__)

_SHORT_LIST = 5000  # so many identifiers are soon asked for


def update_source(
    source: HarvestSource,
    store: Store,
    registry: Registry,
    watch: HarvestWatch,
    *,
    is_whole: bool = False,
) -> HarvestOutcome:
    """Harvest one source, and compare it with its list of all identifiers when that is due.

    The comparison is due when the last one, or the first harvest of everything, is
    ``source.compare_days`` ago; after every harvest if the server says that it keeps no
    tombstones and the list is short. Of files, which are always read whole, it is made when fewer
    records came than are stored: a file or a record was taken away.
    Where it finds nothing out the harvest stays complete, and its reason says so; where it deletes
    too much it deletes nothing, and the run is incomplete.

    Args:
        source: What to harvest.
        store: Where pages and records are kept.
        registry: Finds the source's harvester.
        watch: The clock, who hears of the progress, and who may stop it.
        is_whole: Ask for everything again: changes that kept their datestamp are found by that.

    Raises:
        UnknownNameError: No plugin gives the source's harvester.
        StoreError: The source is being harvested already, or the store cannot be written.

    >>> from datetime import UTC, datetime
    >>> from libconsortium.testing import example_catalogue
    >>> watch = HarvestWatch(clock=lambda: datetime(2026, 1, 31, tzinfo=UTC))
    >>> with example_catalogue() as office:
    ...     source, _ = office.settings.sources()
    ...     outcome = update_source(source, office.store, office.registry, watch)
    >>> outcome.is_complete, outcome.counts.new
    (True, 2)
    """
    began = time.monotonic()
    outcome = harvest_source(source, store, registry, watch, is_whole=is_whole)
    if not outcome.is_complete or watch.stop.is_set():
        return outcome
    if registry.find(Harvester, source.harvester).describe is None:
        is_due = source.compare_days > 0 and _left_out(source, store, outcome)
    else:
        due = compare_due(source, store)
        is_due = due is not None and watch.clock() >= due
        is_due = is_due or bool(due and _keeps_no_tombstones(source, store, registry))
    if not is_due:
        return outcome
    log.info("%s: compared with its list of identifiers", source.name)
    if watch.seconds is not None:
        left = max(0.0, watch.seconds - (time.monotonic() - began))
        watch = attrs.evolve(watch, seconds=left)
    return _together(outcome, compare_source(source, store, registry, watch))


def compare_due(source: HarvestSource, store: Store) -> datetime | None:
    """Return when a source is to be compared next; ``None`` for never, or not before a harvest.

    Args:
        source: The source; one that ends at a date is never compared by itself.
        store: Where its runs are.

    >>> from libconsortium.testing import example_catalogue
    >>> with example_catalogue() as office:
    ...     source, _ = office.settings.sources()
    ...     compare_due(source, office.store) is None
    True
    """
    runs = [
        run
        for run in store.runs(source.name)
        if run.status.is_complete and source.is_asked_by(run.request)
    ]
    if source.compare_days <= 0 or source.until or len(runs) <= 1:
        return None
    last = max((run.started for run in runs if is_comparison(run)), default=runs[0].started)
    return last + timedelta(days=source.compare_days)


def _left_out(source: HarvestSource, store: Store, outcome: HarvestOutcome) -> bool:
    """Say whether a list that is always whole left out some of what is stored."""
    if outcome.watermark or source.since or source.until:
        return False
    stored = sum(one.live + one.deleted for one in store.record_counts(source.name))
    return stored > outcome.counts.records - outcome.counts.duplicates


def _keeps_no_tombstones(source: HarvestSource, store: Store, registry: Registry) -> bool:
    if sum(one.live for one in store.record_counts(source.name)) > _SHORT_LIST:
        return False
    describe = registry.find(Harvester, source.harvester).describe
    assert describe is not None  # noqa: S101 - it was looked at before
    try:
        said = describe(attrs.evolve(source.request(), attempts=1))
    except Exception as error:  # noqa: BLE001 - a harvest that is whole ends as it is
        log.info("%s does not describe itself: %s", source.name, error)
        return False
    return said.deleted_records.strip().lower() == "no"


def _together(harvest: HarvestOutcome, compared: HarvestOutcome) -> HarvestOutcome:
    """Return how both ended, as one."""
    counts = harvest.counts + compared.counts
    problems = harvest.problems + compared.problems
    both = Message("{first}; {second}", first=harvest.reason, second=compared.reason)
    if compared.is_complete or is_refused_deletion(compared.reason):
        return attrs.evolve(compared, counts=counts, problems=problems, reason=both)
    reason = Message(
        "{proof}; whether records were withdrawn could not be found out ({reason})",
        proof=harvest.reason,
        reason=compared.reason,
    )
    return attrs.evolve(harvest, counts=counts, problems=problems, reason=reason)
