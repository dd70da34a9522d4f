"""Libraries, the names they bore and since when."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import attrs


class LibraryKind(StrEnum):
    """The eight kinds of library in Vietnamese law, and ``unknown``.

    Source: Law on Libraries 46/2019/QH14, article 9(1).
    """

    NATIONAL = "national"
    PUBLIC = "public"
    SPECIALISED = "specialised"
    ARMED_FORCES = "armed-forces"
    HIGHER_EDUCATION = "higher-education"
    SCHOOL = "school"
    COMMUNITY = "community"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"


@attrs.frozen(kw_only=True)
class Library:
    """A library that can be a member of federations.

    Args:
        id: The office's own id, never reused; nothing is keyed on names or registered codes.
        name: Name to print where no dated name says otherwise.
        kind: Its kind in law.
        region: The place it serves (a province), as the office writes it; empty if none.
        opened: First day, or ``None`` if it does not matter.
        closed: Last day, or ``None`` while it is open.
        evidence: How well this is known, in the office's own marks; empty if not stated.
        source: Where this is written.

    >>> Library(id="lib-a", name="Thư viện A", closed=date(2025, 6, 30)).is_open(date(2025, 7, 1))
    False
    """

    id: str
    name: str = ""
    kind: LibraryKind = LibraryKind.UNKNOWN
    region: str = ""
    opened: date | None = None
    closed: date | None = None
    evidence: str = ""
    source: str = ""

    def is_open(self, on: date) -> bool:
        """Return whether the library exists on a day."""
        return is_within(on, self.opened, self.closed)


class NameKind(StrEnum):
    """What a name is used for."""

    OFFICIAL = "official"
    SHORT = "short"
    ALIAS = "alias"


@attrs.frozen(kw_only=True)
class Name:
    """A name that a library or federation bears for some time.

    Args:
        owner: Id of the library or federation.
        name: The name.
        language: Language code (``vi``, ``en``).
        kind: Official, short (``VLA``) or an alias that people also use.
        valid_from: First day, or ``None`` for ever before.
        valid_to: Last day, or ``None`` for ever after.
        source: Where this is written.

    >>> str(Name(owner="vla", name="VLA", language="en", kind=NameKind.SHORT).kind)
    'short'
    """

    owner: str
    name: str
    language: str = "vi"
    kind: NameKind = NameKind.OFFICIAL
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""


def is_within(on: date, first: date | None, last: date | None) -> bool:
    """Return whether a day lies between two days, both included; ``None`` is no bound.

    >>> is_within(date(2025, 6, 30), None, date(2025, 6, 30))
    True
    """
    return (first is None or first <= on) and (last is None or on <= last)
