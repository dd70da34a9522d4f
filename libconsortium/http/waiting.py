"""How long to wait before asking again: back-off, and what the server asks for."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from libconsortium.core.errors import HarvestDeferredError
from libconsortium.http.rules import Answer

_OF_PROXIES = frozenset({509, *range(520, 528), 529, 530, 598, 599})  # no standard knows them
TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504}) | _OF_PROXIES
"""Statuses after which asking again may bring an answer."""

_DICE = random.SystemRandom()


def retry_after(value: str, now: datetime) -> timedelta | None:
    """Read a ``Retry-After`` header: seconds, or a date.

    Args:
        value: The header; empty if there is none.
        now: The present time (UTC).

    Returns:
        The time to wait, never below zero; ``None`` if the header says nothing usable.

    Source: RFC 9110, section 10.2.3.

    >>> retry_after("120", datetime(2026, 1, 1, tzinfo=UTC)).seconds
    120
    >>> retry_after("Thu, 01 Jan 2026 00:00:30 GMT", datetime(2026, 1, 1, tzinfo=UTC)).seconds
    30
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        is_short = len(text) < len(str(_LONGEST_SECONDS))
        return timedelta(seconds=int(text) if is_short else _LONGEST_SECONDS)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(until - now, timedelta(0))


_LONGEST_SECONDS = 10 * 365 * 86400  # longer is not a wait, and would not fit a date


def asked_wait(answer: Answer, longest_seconds: float) -> float | None:
    """Return the seconds a server asks us to wait; ``None`` if it does not.

    Args:
        answer: What it answered.
        longest_seconds: The longest wait we are ready for.

    Raises:
        HarvestDeferredError: It asks for a longer one.
    """
    if answer.status not in TRANSIENT:
        return None
    said = next((value for name, value in answer.headers if name.lower() == "retry-after"), "")
    wait = retry_after(said, datetime.now(UTC))
    if wait is None:
        return None
    if wait.total_seconds() > longest_seconds:
        raise deferred(answer, wait.total_seconds())
    return wait.total_seconds()


def deferred(answer: Answer, seconds: float) -> HarvestDeferredError:
    """Return the error that leaves a source for later, as its server asks.

    Args:
        answer: What it answered.
        seconds: How long it asks to wait.
    """
    return HarvestDeferredError(
        "{url} answered {status} and asks to come back at {until:%Y-%m-%d %H:%M} UTC or later",
        url=answer.url,
        status=f"{answer.status} {_phrase(answer.status)}".strip(),
        until=datetime.now(UTC) + timedelta(seconds=seconds),
    )


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def backoff(attempt: int, first_seconds: float, longest_seconds: float) -> float:
    """Return the seconds to wait after a failed attempt: doubling, with jitter.

    Args:
        attempt: Number of the attempt that failed, from 1.
        first_seconds: The wait after the first.
        longest_seconds: The longest wait.

    >>> 1.0 <= backoff(2, 1.0, 60.0) <= 2.0
    True
    """
    full = min(first_seconds * 2.0 ** (attempt - 1), longest_seconds)
    return full * _DICE.uniform(0.5, 1.0)


class Pace:
    """The distance kept between two requests; it grows for a server that has to say "too fast".

    One refusal is an accident. A second one soon after it is a limit: then the distance is what
    the server asks for, and shrinks again when long none came. A server that refuses although
    the distance was kept does not count requests; it is asked at the usual pace from then on.

    Args:
        seconds: The usual distance, in seconds.

    >>> pace = Pace(0.0)
    >>> for _ in range(2):
    ...     pace.refused(1.5)
    >>> pace.seconds
    1.5
    >>> pace.refused(1.5)
    >>> pace.seconds
    0.0
    """

    def __init__(self, seconds: float) -> None:
        """Begin at the usual pace."""
        self.seconds = seconds
        self._usual = seconds
        self._answers = _SOON  # since the last refusal
        self._is_in_vain = False

    def answered(self) -> None:
        """Note that the server answered."""
        self._answers += 1
        if self._answers % _LONG == 0:
            self.seconds = max(self._usual, self.seconds * _SHRINKING)

    def refused(self, asked: float) -> None:
        """Note that the server found a request too early.

        Args:
            asked: The wait it asks for, in seconds.
        """
        is_first, self._answers = self._answers >= _SOON, 0
        if is_first or self._is_in_vain:
            return
        self._is_in_vain = self.seconds >= asked
        self.seconds = self._usual if self._is_in_vain else asked


_SOON, _LONG = 4, 20  # answers
_SHRINKING = 0.9
