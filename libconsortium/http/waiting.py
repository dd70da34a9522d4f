"""How long to wait before asking again: back-off, and what the server asks for."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

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
