"""Adds usage up: each month of a report once, whatever number of files tell of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TypeAlias

import attrs

from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem, Severity
from libconsortium.core.usage.rows import Institution, Pairs, UsageEvent, UsageReport, UsageRow
from libconsortium.core.usage.sums import Covered, UsageSum, UsageTotal

MemberOf: TypeAlias = Callable[[Institution], str]
"""Gives the id of the library (or federation) that a report calls by its own names."""


_Slice = tuple[str, str, str, str]  # member, platform, report, month


@attrs.define
class _File:
    """What one file told."""

    source: str
    header: UsageReport
    sums: dict[_Slice, dict[str, int]] = attrs.field(factory=lambda: defaultdict(dict))
    members: dict[str, set[str]] = attrs.field(factory=lambda: defaultdict(set))


@attrs.frozen(kw_only=True)
class _Again:
    """Several files tell of the same months."""

    member: str
    platform: str
    report: str
    last: str
    others: str
    is_same: bool


@attrs.define
class UsageTally:
    """Adds up what reports say while their rows pass by.

    Args:
        member_of: Gives the library of an institution; the report's own name for it if not given.

    >>> from libconsortium.core.usage.rows import UsageItem
    >>> header = UsageReport(report="PR", release="5", begin="2025-01", end="2025-02")
    >>> row = UsageRow(
    ...     report=header,
    ...     institution=Institution(name="Uni A"),
    ...     item=UsageItem(platform="P"),
    ...     metric="Searches_Platform",
    ...     month="2025-02",
    ...     count=7,
    ... )
    >>> tally = UsageTally()
    >>> tally.add("one.tsv", header)
    >>> tally.add("one.tsv", row)
    >>> tally.totals()[0].count, tally.problems()
    (7, ())
    """

    member_of: MemberOf = attrs.field(default=lambda institution: institution.label)
    _files: list[_File] = attrs.field(factory=list, init=False)

    def add(self, source: str, event: UsageEvent) -> None:
        """Take in one event of a file; components of items and problems are passed over."""
        if isinstance(event, UsageReport):
            self._files.append(_File(source, event))
            self._files[-1].members[self.member_of(event.institution)] = set()
        elif isinstance(event, UsageRow) and not event.item.component:
            file = self._files[-1]
            member = self.member_of(event.institution)
            found = file.sums[member, event.item.platform, event.report.report, event.month]
            found[event.metric] = found.get(event.metric, 0) + event.count
            file.members[member].add(event.month)

    def drop(self, source: str) -> None:
        """Forget a file."""
        self._files = [file for file in self._files if file.source != source]

    def sums(self) -> tuple[UsageSum, ...]:
        """Return the usage by month, each month of a report from the file that counts for it."""
        counted = (
            UsageSum(
                member=member,
                platform=platform,
                report=report,
                metric=metric,
                month=month,
                release=files[0].header.release,
                count=sum(
                    file.sums[member, platform, report, month].get(metric, 0) for file in files
                ),
            )
            for (member, platform, report, month), files in self._counting().items()
            for metric in sorted(
                {metric for file in files for metric in file.sums[member, platform, report, month]}
            )
        )
        return tuple(sorted(counted))

    def totals(self) -> tuple[UsageTotal, ...]:
        """Return the sums of all months, by member, platform, report and metric."""
        groups: dict[tuple[str, str, str, str], list[UsageSum]] = defaultdict(list)
        for one in self.sums():
            groups[one.member, one.platform, one.report, one.metric].append(one)
        return tuple(
            UsageTotal(
                member=member,
                platform=platform,
                report=report,
                metric=metric,
                first=found[0].month,
                last=found[-1].month,
                count=sum(one.count for one in found),
            )
            for (member, platform, report, metric), found in sorted(groups.items())
        )

    def coverage(self) -> tuple[Covered, ...]:
        """Return the months each file tells of, by member.

        A report covers its whole period, except where it says that some of it is missing, or
        does not say its period: then the months with rows.
        """
        return tuple(
            Covered(
                member=member,
                provider=file.header.created_by,
                report=file.header.report,
                months=tuple(
                    sorted({*months, *(() if file.header.is_partial else file.header.months)})
                ),
            )
            for file in self._files
            for member, months in sorted(file.members.items())
        )

    def problems(self) -> tuple[Problem, ...]:
        """Return what several files say of the same month.

        Codes: ``RESTATED`` (the report made last counts), ``FILTERS_OVERLAP`` (they were limited
        in different ways: all of them count).
        """
        found: dict[_Again, list[str]] = defaultdict(list)
        for (member, platform, report, month), files in self._told().items():
            if len(files) > 1:
                last = _latest(files)
                again = _Again(
                    member=member,
                    platform=platform,
                    report=report,
                    last=last.source,
                    others=", ".join(sorted({file.source for file in files if file is not last})),
                    is_same=_are_alike(files),
                )
                found[again].append(month)
        return tuple(_said_again(again, months) for again, months in found.items())

    def _told(self) -> Mapping[_Slice, list[_File]]:
        told: dict[_Slice, list[_File]] = defaultdict(list)
        for file in self._files:
            for key in file.sums:
                told[key].append(file)
        return told

    def _counting(self) -> Mapping[_Slice, list[_File]]:
        return {
            key: [_latest(files)] if _are_alike(files) else files
            for key, files in self._told().items()
        }


def _latest(files: list[_File]) -> _File:
    # Of two made at the same time the one given last is taken: max() would take the first.
    return max(reversed(files), key=lambda file: file.header.created)


def _are_alike(files: list[_File]) -> bool:
    """Say whether the files claim to hold the same: limited in the same way."""
    return len({_limits(file.header.filters) for file in files}) == 1


def _limits(filters: Pairs) -> Pairs:
    return tuple(
        (name, "|".join(sorted(value.split("|")))) for name, value in filters if name != "Platform"
    )


def _said_again(again: _Again, months: list[str]) -> Problem:
    said = {
        "report": again.report,
        "platform": again.platform,
        "others": again.others,
        "first": min(months),
        "until": max(months),
    }
    where = Place(source=again.last, record=again.member)
    if again.is_same:
        return Problem(
            code="RESTATED",
            where=where,
            what=Message(
                "{report} of {platform} for {first} to {until} also stands in {others}; this file"
                " was made last and counts",
                **said,
            ),
            severity=Severity.INFO,
        )
    return Problem(
        code="FILTERS_OVERLAP",
        where=where,
        what=Message(
            "{report} of {platform} for {first} to {until} also stands in {others}, with other"
            " filters; both count",
            **said,
        ),
        advice=Message("leave one of them out if it includes the other"),
    )
