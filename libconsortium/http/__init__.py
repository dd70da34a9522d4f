"""The one way out: a guarded HTTP session for every plugin that fetches something.

Addresses that are not public are refused, TLS is always verified, every wait has an end, every
size has a cap, and the bytes are kept as they came.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from libconsortium.http.rules import Answer, HttpRules
from libconsortium.http.session import GuardedSession

__all__ = ["Answer", "GuardedSession", "HttpRules", "open_session"]


def open_session(
    rules: HttpRules, pause: Callable[[float], object] | None = None
) -> GuardedSession:
    """Open a session that keeps the rules; close it, or use it in a ``with``.

    Args:
        rules: Limits and manners.
        pause: Waits a number of seconds and may raise to end the wait; sleeps if not given.

    Raises:
        SettingsError: A network in the rules is not one.

    >>> with open_session(HttpRules()) as session:
    ...     session.fetch("http://127.0.0.1/oai")
    Traceback (most recent call last):
    libconsortium.core.errors.AddressRefusedError: 127.0.0.1 is not a public address; ...
    """
    return GuardedSession(rules, pause or time.sleep)
