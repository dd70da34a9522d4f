"""Federations of libraries, and who belongs to them, in which class and when."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import attrs

from libconsortium.core.directory.members import is_within


class FederationKind(StrEnum):
    """What kind of body a federation is.

    ``body`` is an organisation that takes part without being a library or a federation: a
    sponsoring ministry, an agency that keeps the office.
    """

    CONSORTIUM = "consortium"
    REGIONAL_FEDERATION = "regional-federation"
    ASSOCIATION = "association"
    BRANCH_UNION = "branch-union"
    BODY = "body"


class MemberClass(StrEnum):
    """What a member is in a federation; where there is something to pay, official members do."""

    OFFICIAL = "official"
    OBSERVER = "observer"
    SPONSOR = "sponsor"
    LEAD = "lead"
    ASSOCIATE = "associate"


@attrs.frozen(kw_only=True)
class Federation:
    """A body that libraries and other federations belong to.

    Args:
        id: The office's own id; libraries and federations share one space of ids.
        name: Name to print where no dated name says otherwise.
        kind: What kind of body it is.
        opened: First day, or ``None`` if it does not matter.
        closed: Last day, or ``None`` while it exists.
        evidence: How well this is known, in the office's own marks; empty if not stated.
        source: Where this is written.

    >>> Federation(id="delta", kind=FederationKind.REGIONAL_FEDERATION).is_open(date(2020, 1, 1))
    True
    """

    id: str
    name: str = ""
    kind: FederationKind = FederationKind.CONSORTIUM
    opened: date | None = None
    closed: date | None = None
    evidence: str = ""
    source: str = ""

    def is_open(self, on: date) -> bool:
        """Return whether the federation exists on a day."""
        return is_within(on, self.opened, self.closed)


@attrs.frozen(kw_only=True)
class Membership:
    """A library or federation belongs to a federation for some time.

    Args:
        member: Id of a library or federation.
        federation: Id of the federation it belongs to.
        member_class: What it is there; a host that also pays has two memberships.
        valid_from: First day, or ``None`` for ever before.
        valid_to: Last day, or ``None`` for ever after.
        evidence: How well this is known, in the office's own marks; empty if not stated.
        source: Where this is written.

    >>> held = Membership(member="lib-a", federation="delta", valid_to=date(2025, 6, 30))
    >>> held.holds(date(2025, 6, 30)), held.holds(date(2025, 7, 1))
    (True, False)
    """

    member: str
    federation: str
    member_class: MemberClass = MemberClass.OFFICIAL
    valid_from: date | None = None
    valid_to: date | None = None
    evidence: str = ""
    source: str = ""

    def holds(self, on: date) -> bool:
        """Return whether the membership holds on a day."""
        return is_within(on, self.valid_from, self.valid_to)
