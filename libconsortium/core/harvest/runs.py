"""Harvest runs: how each stands, what became of its records, and where it can go on."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import attrs

from libconsortium.core.harvest.pages import HarvestRequest
from libconsortium.core.messages import Message


class RunStatus(StrEnum):
    """How a harvest run stands; only the complete ones may move the watermark.

    After an error nothing could be asked at all: the address or the request itself is wrong.
    """

    RUNNING = "running"
    COMPLETE = "complete"
    COMPLETE_WITH_QUARANTINE = "complete with quarantine"
    INCOMPLETE = "incomplete"
    INTERRUPTED = "interrupted"
    DEFERRED = "deferred"
    ERROR = "error"

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing but what lies in quarantine; nothing more can come.

        >>> [status.value for status in RunStatus if status.is_complete]
        ['complete', 'complete with quarantine']
        """
        return self in (RunStatus.COMPLETE, RunStatus.COMPLETE_WITH_QUARANTINE)


@attrs.frozen(kw_only=True)
class HarvestCounts:
    """What became of the records of a page or a run.

    Args:
        pages: Pages kept.
        records: Record elements received, doubles included.
        new: Records never seen before.
        changed: Known records whose content or sets are different now.
        unchanged: Known records that are as they were, whatever their datestamp says.
        deleted: Records that became tombstones, or were tombstones when first seen.
        duplicates: Records received before in the same run; not counted elsewhere.
        repeated: Those of the duplicates that came with another content; the newer is kept.
        repaired: Records that are kept repaired.

    >>> sum_ = HarvestCounts(pages=1, new=2) + HarvestCounts(pages=1, deleted=1)
    >>> sum_.pages, sum_.new, sum_.deleted
    (2, 2, 1)
    """

    pages: int = 0
    records: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    duplicates: int = 0
    repeated: int = 0
    repaired: int = 0

    def __add__(self, other: HarvestCounts) -> HarvestCounts:
        """Add two counts, field by field."""
        mine, others = attrs.asdict(self), attrs.asdict(other)
        return HarvestCounts(**{name: mine[name] + others[name] for name in mine})


@attrs.frozen(kw_only=True)
class HarvestRun:
    """One harvest of one source, from its first page to its end.

    Args:
        number: Number of the run in the store, from 1.
        request: What was asked for when the run began.
        status: How it stands.
        reason: Why it is not complete; empty if it is, or while it runs.
        started: When it began, or was last resumed.
        finished: When it ended, or ``None`` while it runs.
        watermark: From where the next incremental run may ask; empty unless complete.
        counts: What came of its records, over all its pages.
    """

    number: int
    request: HarvestRequest
    status: RunStatus
    started: datetime
    reason: Message = Message("")  # noqa: RUF009 - a frozen value
    finished: datetime | None = None
    watermark: str = ""
    counts: HarvestCounts = HarvestCounts()


@attrs.frozen(kw_only=True)
class Checkpoint:
    """Where an unfinished run can go on.

    Args:
        run: The unfinished run; ``Store.resume_run`` takes its number.
        token: Resumption token of the next page; never empty.
        page_number: Number of the next page.
        response_date: The server's ``responseDate`` on the run's first page, as written: the
            watermark if the run is completed; empty if the server gave none.
        complete_list_size: How many records the server said last that the list has, or ``None``.
    """

    run: HarvestRun
    token: str
    page_number: int
    response_date: str = ""
    complete_list_size: int | None = None


@attrs.frozen(kw_only=True)
class RecordCount:
    """How many records of one source a store has.

    Args:
        source: The source's name.
        live: Records that are not tombstones.
        deleted: Tombstones.
    """

    source: str
    live: int
    deleted: int
