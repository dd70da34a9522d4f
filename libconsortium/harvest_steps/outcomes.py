"""What a harvest tells while it runs, and when it has ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Event

import attrs

from libconsortium.core.harvest.runs import HarvestCounts, RunStatus
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem


@attrs.frozen(kw_only=True)
class HarvestProgress:
    """How far the harvest of one source is.

    Args:
        source: The source's name.
        pages: Pages kept in this run, those of an earlier part included.
        records: Records received in this run, doubles counted once.
        expected: How many the server announced, or ``None`` if it did not.
        seconds: Time since this part of the run began.
        fetched: Records received in this part of the run.

    >>> HarvestProgress(
    ...     source="a", pages=2, records=200, expected=400, seconds=4.0, fetched=200
    ... ).rate
    50.0
    """

    source: str
    pages: int
    records: int
    expected: int | None
    seconds: float
    fetched: int

    @property
    def rate(self) -> float:
        """Records a second in this part of the run; 0 before the first."""
        return self.fetched / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_to_go(self) -> float | None:
        """Time until the end at this rate, in seconds; ``None`` if nobody can tell.

        >>> HarvestProgress(
        ...     source="a", pages=2, records=200, expected=400, seconds=4.0, fetched=200
        ... ).seconds_to_go
        4.0
        """
        if self.expected is None or not self.rate:
            return None
        return max(0, self.expected - self.records) / self.rate


@attrs.frozen(kw_only=True)
class Missing:
    """One piece that a harvest did not bring, and why; one of the first three says which.

    Args:
        identifier: A record's identifier.
        window: Datestamps, as ``since/until`` with ``…`` for an open end.
        page: Number of a page of the run; 0 if another piece is meant.
        token: The resumption token that leads to that page; empty for the first.
        reason: Why it is missing.

    >>> Missing(page=3, reason=Message("the answer is empty")).page
    3
    """

    reason: Message
    identifier: str = ""
    window: str = ""
    page: int = 0
    token: str = ""

    def as_problem(self, source: str) -> Problem:
        """Return the piece as a problem of its source.

        >>> piece = Missing(window="2026-01-01/…", reason=Message("the answer is empty"))
        >>> str(piece.as_problem("tlu").what)
        'records of 2026-01-01/… are missing: the answer is empty'
        """
        if self.identifier:
            what = Message("the record is missing: {reason}", reason=self.reason)
        elif self.window == "…/…":
            what = Message("records are missing: {reason}", reason=self.reason)
        elif self.window:
            what = Message(
                "records of {window} are missing: {reason}", window=self.window, reason=self.reason
            )
        else:
            what = Message(
                "page {page} and what follows are missing: {reason}",
                page=self.page,
                reason=self.reason,
            )
        return Problem(
            code="MISSING", where=Place(source=source, record=self.identifier), what=what
        )


def missing_scope(source: str) -> str:
    """Return the scope under which the store keeps what the last harvest of a source did not bring.

    >>> missing_scope("tlu")
    'missing:tlu'
    """
    return f"missing:{source}"


@attrs.frozen(kw_only=True)
class HarvestOutcome:
    """How the harvest of one source ended: a proof, or what is missing and how to go on.

    Args:
        source: The source's name.
        status: How it ended.
        reason: The proof if it is complete, else why it is not, in plain words.
        run: Number of the run in the store; 0 if none could begin.
        counts: What became of the records of the run, over all its parts.
        until: When a deferred source will answer again, or ``None``.
        missing: What is known to be missing, piece by piece.
        quarantined: How many records of the source are in quarantine now.
        watermark: From where the next harvest asks; empty if it did not move.
        problems: How many problems were found.
    """

    source: str
    status: RunStatus
    reason: Message
    run: int = 0
    counts: HarvestCounts = attrs.field(factory=HarvestCounts)
    until: datetime | None = None
    missing: tuple[Missing, ...] = ()
    quarantined: int = 0
    watermark: str = ""
    problems: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether the harvest ended with a proof that it is whole.

        >>> HarvestOutcome(
        ...     source="a", status=RunStatus.DEFERRED, reason=Message("later")
        ... ).is_complete
        False
        """
        return self.status.is_complete


def _ignore(_: HarvestProgress) -> None:
    """Tell nobody."""


@attrs.frozen(kw_only=True)
class HarvestWatch:
    """Who watches a harvest: a clock, ears for its progress, and a way to stop it.

    Args:
        clock: Says what moment it is (UTC).
        on_progress: Called after every page, from several threads.
        stop: When it is set, every harvest ends after its present page and can be gone on with.
        seconds: Every harvest ends after so many seconds; ``None`` for no limit.
    """

    clock: Callable[[], datetime]
    on_progress: Callable[[HarvestProgress], object] = _ignore
    stop: Event = attrs.field(factory=Event)
    seconds: float | None = None
