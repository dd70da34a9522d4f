"""Usage of electronic resources as suppliers report it: one figure per title, metric and month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import attrs

from libconsortium.core.problems import Place, Problem

_NOWHERE = Place()
_MONTHS = 12

Pairs: TypeAlias = tuple[tuple[str, str], ...]
"""Names and values, sorted by name; a tuple, so that records that hold it can be compared."""


@attrs.frozen(kw_only=True, cache_hash=True)
class Institution:
    """Whose usage a report tells of, as the report names it.

    Args:
        name: Its name; empty if the report gives none.
        identifiers: Scheme in lower case (``customer_id``, ``isni``, ``ror``, ``isil``, ``oclc``,
            ``proprietary``) and value of everything the report knows it under.

    >>> Institution(identifiers=(("customer_id", "C123"),)).label
    'C123'
    """

    name: str = ""
    identifiers: Pairs = ()

    @property
    def label(self) -> str:
        """What to call it where no library is known for it: its name, else an identifier."""
        if self.name or not self.identifiers:
            return self.name
        return dict(self.identifiers).get("customer_id", self.identifiers[0][1])


@attrs.frozen(kw_only=True)
class UsageReport:
    """What the header of one report says.

    Args:
        report: Id of the report as COUNTER writes it: ``TR``, ``TR_J1``, ``DR_D2``.
        release: Release of the Code of Practice: ``5`` or ``5.1``.
        institution: Whose usage it is; several in a detailed consortium report.
        begin: First month, ``YYYY-MM``; empty if it is not said.
        end: Last month, ``YYYY-MM``; empty if it is not said.
        created: When it was made, as written; of two reports on one month the later counts.
        created_by: Who made it.
        filters: What it was limited to, without the dates.
        is_partial: It says itself that some of the months asked for are missing.

    >>> UsageReport(report="TR_J1", release="5.1", begin="2024-11", end="2025-02").months
    ('2024-11', '2024-12', '2025-01', '2025-02')
    """

    report: str
    release: str
    institution: Institution = Institution()
    begin: str = ""
    end: str = ""
    created: str = ""
    created_by: str = ""
    filters: Pairs = ()
    is_partial: bool = False

    @property
    def months(self) -> tuple[str, ...]:
        """The months it covers; none if it does not say its period."""
        return months_between(self.begin, self.end) if self.begin and self.end else ()


@attrs.frozen(kw_only=True, cache_hash=True)
class UsageItem:
    """What was used: one line's description, the same for all its metrics and months.

    Authors are not kept: who wrote something says nothing about who pays for it.

    Args:
        platform: The platform it was used on.
        title: Title, database or item; empty in platform reports.
        publisher: Who publishes it.
        identifiers: Scheme in lower case (``doi``, ``isbn``, ``print_issn``, ``online_issn``,
            ``proprietary``, ``uri``) and value, as the report writes it.
        parent: Title of the journal or book an item stands in.
        data_type: ``Journal``, ``Book``…; empty if the report does not break usage down by it.
        section_type: ``Article``, ``Chapter``… (release 5 only).
        yop: Year of publication.
        access_type: ``Controlled``, ``Open``, ``OA_Gold``…
        access_method: ``Regular`` or ``TDM``.
        others: Further columns that break usage down, which other suppliers need not have.
        component: A part of the item (a file of a data set) that is told of in addition to the
            item; its usage is never added to that of items.
    """

    platform: str
    title: str = ""
    publisher: str = ""
    identifiers: Pairs = ()
    parent: str = ""
    data_type: str = ""
    section_type: str = ""
    yop: str = ""
    access_type: str = ""
    access_method: str = ""
    others: Pairs = ()
    component: str = ""


@attrs.frozen(kw_only=True)
class UsageRow:
    """How often something was used in one month, by one metric.

    A month without a row was a month without usage, if the report covers it.

    Args:
        report: Header of the report it stands in.
        institution: Whose usage it is.
        item: What was used.
        metric: ``Total_Item_Requests``, ``Unique_Title_Requests``, ``Searches_Regular``…
        month: ``YYYY-MM``.
        count: How often; above zero.
        place: Where it stands.

    >>> header = UsageReport(report="PR", release="5")
    >>> row = UsageRow(
    ...     report=header,
    ...     institution=Institution(name="Uni A"),
    ...     item=UsageItem(platform="P"),
    ...     metric="Searches_Platform",
    ...     month="2025-01",
    ...     count=7,
    ... )
    >>> usage_fields(row)["member"], usage_fields(row)["count"]
    ('Uni A', 7)
    """

    report: UsageReport
    institution: Institution
    item: UsageItem
    metric: str
    month: str
    count: int
    place: Place = _NOWHERE


UsageEvent: TypeAlias = UsageReport | UsageRow | Problem
"""What reading a report yields: its header first, then rows, and problems wherever they are met."""

USAGE_FIELDS = (
    "member", "title", "identifiers", "platform", "metric", "month", "count", "report", "release",
    "publisher", "parent", "data_type", "section_type", "yop", "access_type", "access_method",
    "others", "component", "file",
)  # fmt: skip
"""The names of a row's fields where rows are written out."""


def usage_fields(row: UsageRow, member: str = "") -> dict[str, object]:
    """Return a row as plain values by the names of ``USAGE_FIELDS``.

    Args:
        row: The row.
        member: Id of the library; what the report calls the institution if empty.

    >>> header, item = UsageReport(report="PR", release="5"), UsageItem(platform="P")
    >>> row = UsageRow(report=header, institution=Institution(name="Uni A"), item=item,
    ...                metric="Searches_Platform", month="2025-01", count=7)
    >>> usage_fields(row, "uni-a")["member"], usage_fields(row)["count"]
    ('uni-a', 7)
    """
    item = row.item
    return {
        "member": member or row.institution.label,
        "title": item.title,
        "identifiers": dict(item.identifiers),
        "platform": item.platform,
        "metric": row.metric,
        "month": row.month,
        "count": row.count,
        "report": row.report.report,
        "release": row.report.release,
        "publisher": item.publisher,
        "parent": item.parent,
        "data_type": item.data_type,
        "section_type": item.section_type,
        "yop": item.yop,
        "access_type": item.access_type,
        "access_method": item.access_method,
        "others": dict(item.others),
        "component": item.component,
        "file": row.place.source,
    }


def sorted_pairs(values: Mapping[str, str]) -> Pairs:
    """Return names and values as a sorted tuple, without the empty values.

    >>> sorted_pairs({"isbn": "1", "doi": ""})
    (('isbn', '1'),)
    """
    return tuple(sorted((name, value) for name, value in values.items() if value))


def months_between(first: str, last: str) -> tuple[str, ...]:
    """Return the months from one to another, both included.

    Args:
        first: ``YYYY-MM``.
        last: ``YYYY-MM``; before ``first`` means no month at all.

    >>> months_between("2024-12", "2025-01"), months_between("2025-01", "2024-12")
    (('2024-12', '2025-01'), ())
    """
    start, end = (int(month[:4]) * _MONTHS + int(month[5:7]) - 1 for month in (first, last))
    return tuple(
        f"{number // _MONTHS:04}-{number % _MONTHS + 1:02}" for number in range(start, end + 1)
    )
