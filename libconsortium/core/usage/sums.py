"""Usage added up: by month, over all months, and which months were told of."""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True, order=True)
class UsageSum:
    """All of one member's usage of one platform by one metric in one month, in one report.

    Args:
        member: Id of the library; what the report calls the institution if it is not known.
        platform: The platform it was used on.
        report: Id of the report; sums of different reports are never added, because a standard
            view repeats what its report holds.
        metric: The metric.
        month: ``YYYY-MM``.
        release: Release of the Code of Practice.
        count: The sum.
    """

    member: str
    platform: str
    report: str
    metric: str
    month: str
    release: str
    count: int


@attrs.frozen(kw_only=True, order=True)
class UsageTotal:
    """The sum of a member's months, by platform, report and metric.

    Args:
        member: As in ``UsageSum``.
        platform: As in ``UsageSum``.
        report: As in ``UsageSum``.
        metric: As in ``UsageSum``.
        first: First month with usage.
        last: Last month with usage.
        count: The sum.
    """

    member: str
    platform: str
    report: str
    metric: str
    first: str
    last: str
    count: int


@attrs.frozen(kw_only=True)
class Covered:
    """The months on which one file tells of one member.

    Args:
        member: Id of the library; what the report calls the institution if it is not known.
        provider: Who made the report: each supplier's months are looked at by themselves.
        report: Id of the report.
        months: The months, sorted; one without rows had no usage.
    """

    member: str
    provider: str
    report: str
    months: tuple[str, ...]
