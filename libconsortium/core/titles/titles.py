"""Titles as suppliers list them: what is offered, from when to when, under which identifiers."""

from __future__ import annotations

import calendar
import re
from datetime import date
from enum import StrEnum
from typing import TypeAlias

import attrs

from libconsortium.core.problems import Place, Problem

_DATE = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?")
_EMBARGO = re.compile(r"(?P<side>[RP])(?P<length>[1-9][0-9]*)(?P<unit>[DMY])")
_LAST_MONTH = 12
_NOWHERE = Place()


class PublicationType(StrEnum):
    """What is offered: something that goes on, or one book."""

    SERIAL = "serial"
    MONOGRAPH = "monograph"


@attrs.frozen(kw_only=True)
class Coverage:
    """What of a serial is there.

    Args:
        first_date: Date of the first issue, ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; empty if not
            stated.
        first_volume: Volume of the first issue.
        first_issue: Number of the first issue.
        last_date: Date of the last issue; empty if the coverage goes on to the present.
        last_volume: Volume of the last issue.
        last_issue: Number of the last issue.
        embargo: What is not there yet or no longer, in KBART's form: ``R10Y``, ``P1Y``.
        depth: ``fulltext``, ``selected articles`` or ``abstracts``; empty if not stated.
        notes: Remarks.
    """

    first_date: str = ""
    first_volume: str = ""
    first_issue: str = ""
    last_date: str = ""
    last_volume: str = ""
    last_issue: str = ""
    embargo: str = ""
    depth: str = ""
    notes: str = ""


@attrs.frozen(kw_only=True)
class TitleRow:
    """One line of a title list; a serial with gaps has several.

    Args:
        title: Title of the publication.
        print_identifier: ISSN or ISBN of the printed form, as written.
        online_identifier: ISSN or ISBN of the online form, as written.
        coverage: What of it is there.
        url: Where it is.
        title_id: The supplier's own id.
        publication_type: Serial or monograph; ``None`` if not stated.
        publisher: Who publishes it.
        first_author: First author of a monograph.
        first_editor: First editor of a monograph.
        volume: Number of a monograph's volume.
        edition: A monograph's edition.
        published_print: Date of the printed monograph.
        published_online: Date of the online monograph.
        parent_id: The supplier's id of the series it belongs to.
        preceding_id: The supplier's id of the title it continues.
        access_type: ``P`` if paid for, ``F`` if free; empty if not stated.
        others: Further columns by name.
        place: Where it stands.

    >>> TitleRow(title="Tạp chí Ví dụ", online_identifier="1234-5679").title
    'Tạp chí Ví dụ'
    """

    title: str
    print_identifier: str = ""
    online_identifier: str = ""
    coverage: Coverage = Coverage()
    url: str = ""
    title_id: str = ""
    publication_type: PublicationType | None = None
    publisher: str = ""
    first_author: str = ""
    first_editor: str = ""
    volume: str = ""
    edition: str = ""
    published_print: str = ""
    published_online: str = ""
    parent_id: str = ""
    preceding_id: str = ""
    access_type: str = ""
    others: tuple[tuple[str, str], ...] = ()
    place: Place = _NOWHERE


TitleEvent: TypeAlias = TitleRow | Problem
"""What reading a title list yields."""


@attrs.frozen(kw_only=True)
class Embargo:
    """One part of an embargo.

    Args:
        is_recent: Whether the most recent time is withheld (``P``); otherwise only the most recent
            time is there (``R``).
        length: How many units.
        unit: ``D`` days, ``M`` months or ``Y`` years; whole months or years of the calendar.
    """

    is_recent: bool
    length: int
    unit: str


def embargo_of(text: str) -> tuple[Embargo, ...] | None:
    """Read an embargo; ``None`` if it is none.

    Args:
        text: ``R`` or ``P``, a number, ``D``, ``M`` or ``Y``; two such parts (``R10Y;P30D``) say
            where the coverage begins and where it ends.

    Source: NISO RP-9-2014 (KBART Phase II), the field embargo_info.

    >>> embargo_of("P6M"), embargo_of("P6")
    ((Embargo(is_recent=True, length=6, unit='M'),), None)
    """
    parts = []
    for part in text.split(";"):
        found = _EMBARGO.fullmatch(part.strip())
        if found is None:
            return None
        parts.append(
            Embargo(is_recent=found["side"] == "P", length=int(found["length"]), unit=found["unit"])
        )
    sides = [part.is_recent for part in parts]
    return tuple(parts) if sides in ([True], [False], [False, True]) else None


def span_of(text: str) -> tuple[date, date] | None:
    """Return the first and the last day that a date of a title list can mean; ``None`` if none.

    >>> span_of("2024-02"), span_of("2024-13")
    ((datetime.date(2024, 2, 1), datetime.date(2024, 2, 29)), None)
    """
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, months, days = int(found["year"]), found["month"], found["day"]
    first_month, last_month = (int(months), int(months)) if months else (1, _LAST_MONTH)
    try:
        last_day = calendar.monthrange(year, last_month)[1]
        first_day, last_day = (int(days), int(days)) if days else (1, last_day)
        return date(year, first_month, first_day), date(year, last_month, last_day)
    except ValueError:
        return None
