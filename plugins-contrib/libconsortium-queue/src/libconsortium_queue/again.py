"""When a source is harvested again, by how its harvest ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import attrs

from libconsortium import HarvestOutcome, RunStatus

PAUSES = (
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(days=1),
)
"""Waits after the first, second… harvest that failed; after the last one it is given up."""

TAKEN = timedelta(minutes=5)
"""Wait when somebody outside the queue is harvesting the source."""

_EPOCH = datetime.fromisoformat("2026-01-01T00:00:00+00:00")


@attrs.frozen(kw_only=True)
class Again:
    """The next try at a source.

    Args:
        at: Not before this moment.
        attempt: How many harvests of this job have failed so far.
    """

    at: datetime
    attempt: int


def again(outcome: HarvestOutcome, *, attempt: int, now: datetime) -> Again | None:
    """Return when to try again, or ``None`` if nothing is left to do, or nothing helps.

    Args:
        outcome: How the harvest ended.
        attempt: How many harvests of this job have failed before.
        now: The present moment.

    >>> from datetime import UTC
    >>> from libconsortium import Message
    >>> noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    >>> later = HarvestOutcome(
    ...     source="a", status=RunStatus.DEFERRED, reason=Message("later"),
    ...     until=datetime(2026, 3, 3, tzinfo=UTC),
    ... )
    >>> str(again(later, attempt=0, now=noon).at)
    '2026-03-03 00:00:00+00:00'
    """
    if outcome.is_complete or outcome.status is RunStatus.ERROR:
        return None
    if outcome.status is RunStatus.DEFERRED:
        return Again(at=outcome.until or now + PAUSES[0], attempt=attempt)
    if outcome.status is RunStatus.INTERRUPTED:
        return Again(at=now, attempt=attempt)
    return after_failure(attempt=attempt, now=now)


def after_failure(*, attempt: int, now: datetime) -> Again | None:
    """Return when to try again after a failure, each time later; ``None`` when it is given up.

    >>> after_failure(attempt=len(PAUSES), now=_EPOCH) is None
    True
    """
    if attempt >= len(PAUSES):
        return None
    return Again(at=now + PAUSES[attempt], attempt=attempt + 1)


def priority(at: datetime | None) -> int:
    """Return the priority of a job: who may begin earlier goes first.

    Of the jobs of one host the queue looks only at the one that comes first, even if that one has
    to wait until tomorrow. So a job that waits must stand behind all that need not.

    >>> priority(None), priority(datetime.fromisoformat("2026-01-01T00:01:00+00:00"))
    (0, -60)
    """
    return 0 if at is None else min(-1, int((_EPOCH - at).total_seconds()))


def host_of(url: str) -> str:
    """Return the host whose jobs are done one after the other; of files, the path itself.

    >>> host_of("https://me:secret@Repository.Example.org:443/oai"), host_of("/srv/dump")
    ('repository.example.org', '/srv/dump')
    """
    parts = urlsplit(url)
    if not parts.hostname:
        return url
    is_usual = parts.port in (None, 80, 443)
    return parts.hostname.rstrip(".") if is_usual else f"{parts.hostname}:{parts.port}"
