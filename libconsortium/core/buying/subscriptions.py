"""A consortium's subscriptions, and which members take part in each."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import attrs

from libconsortium.core.directory.members import is_within


class Choice(StrEnum):
    """Whether a member takes part."""

    IN = "in"
    OUT = "out"


@attrs.frozen(kw_only=True)
class Subscription:
    """One resource taken by one federation for some time; members take part one by one.

    Args:
        id: The office's own id.
        resource: Id of the resource.
        federation: Id of the federation that subscribes.
        valid_from: First day of access, or ``None`` if not known.
        valid_to: Last day of access, or ``None`` if open.
        source: Where this is written.

    >>> Subscription(id="db-1-2025", resource="db-1", federation="st").resource
    'db-1'
    """

    id: str
    resource: str = ""
    federation: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""


@attrs.frozen(kw_only=True)
class Participation:
    """A member's choice to take part in a subscription, or not, for some time.

    Args:
        subscription: Id of the subscription.
        member: Id of the library or federation.
        package: The package it takes, where an offer has packages; empty for the whole.
        valid_from: First day, or ``None`` for the whole subscription.
        valid_to: Last day, or ``None`` for the whole subscription.
        choice: In or out; ``out`` wins over ``in`` on the same day.
        source: Where this is written.

    >>> Participation(subscription="db-1-2025", member="lib-a").holds(date(2025, 1, 1))
    True
    """

    subscription: str
    member: str
    package: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    choice: Choice = Choice.IN
    source: str = ""

    def holds(self, on: date) -> bool:
        """Return whether the choice is meant for a day."""
        return is_within(on, self.valid_from, self.valid_to)
