"""What to ask a source for: where its last run was cut off, or what is new since."""

from __future__ import annotations

import attrs

from libconsortium.core.harvest.pages import HarvestRequest
from libconsortium.core.harvest.runs import Checkpoint, HarvestRun, RunStatus
from libconsortium.core.harvest.sources import HarvestSource
from libconsortium.store import Store


def plan_harvest(
    source: HarvestSource, store: Store, *, is_whole: bool = False
) -> tuple[HarvestRequest, Checkpoint | None]:
    """Return what to ask a source for, and where to go on if its last run was cut off.

    Without a checkpoint it asks for what is new since the watermark of the last complete run of
    the same list, and for everything if there is none.

    Args:
        source: The source.
        store: Where its runs are.
        is_whole: Ask for everything again, or go on with that.

    Returns:
        The request, and the checkpoint it goes on from; ``None`` if it begins a list.

    >>> from libconsortium.testing import example_catalogue
    >>> with example_catalogue() as office:
    ...     source, _ = office.settings.sources()
    ...     request, checkpoint = plan_harvest(source, office.store)
    >>> request.since, checkpoint
    ('', None)
    """
    latest = store.last_run(source.name)
    if latest is None:
        return source.request(), None
    checkpoint = None if latest.status.is_complete else store.checkpoint(source.name)
    if checkpoint is not None and source.is_asked_by(checkpoint.run.request):
        asked = checkpoint.run.request
        if asked.since == source.since or not is_whole:
            return (
                attrs.evolve(
                    source.request(asked.since),
                    covers=asked.covers,
                    token=checkpoint.token,
                    page_number=checkpoint.page_number,
                ),
                checkpoint,
            )
    if is_whole:
        return source.request(), None
    last = _last_complete(source, store, latest)
    if last is None or not last.watermark or _is_over(last.watermark, source.until):
        return source.request(), None
    since = max(last.watermark, source.since)
    return attrs.evolve(source.request(since), covers=last.request.covers), None


def _last_complete(source: HarvestSource, store: Store, latest: HarvestRun) -> HarvestRun | None:
    """Return the last complete run of the same list; mostly it is the latest run there is."""
    if latest.status.is_complete and source.is_asked_by(latest.request):
        return latest
    complete = [
        run
        for run in (store.last_run(source.name, status=one) for one in RunStatus if one.is_complete)
        if run is not None and source.is_asked_by(run.request)
    ]
    return max(complete, key=lambda run: run.number, default=None)


def _is_over(watermark: str, until: str) -> bool:
    """Say whether a source is asked for a time that is past: then it is asked for all of it again.

    What was changed since has left that time, and only the whole list can tell.
    """
    return bool(until) and watermark > until
