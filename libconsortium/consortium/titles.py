"""Lists of titles that are paid for: read, held against each other, usage and catalogues."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import attrs

from libconsortium.consortium.consortium import Consortium
from libconsortium.core.catalogue.records import RecordIdentifier
from libconsortium.core.catalogue.sharing_policies import Audience, shared
from libconsortium.core.errors import (
    FileRefusedError,
    ImportFileError,
    SettingsError,
    UnknownNameError,
)
from libconsortium.core.messages import Message
from libconsortium.core.money import Money
from libconsortium.core.problems import Place, Problem, Severity
from libconsortium.core.titles.title_lists import TitleList, TitleOverlap, TitleUse
from libconsortium.core.titles.title_overlap import title_overlap
from libconsortium.core.titles.titles import TitleRow
from libconsortium.core.usage.institutions import institution_finder
from libconsortium.core.usage.totals import MemberOf
from libconsortium.load_steps.usage import UsageRead, read_title_list, read_usage
from libconsortium.registry import Registry
from libconsortium.settings import TitleListSettings

METRIC = "Total_Item_Requests"
"""The metric of COUNTER by which a use is counted, if no other is asked for."""

_MASTER = "TR"
_VIEWS = frozenset({"TR_J1", "TR_B1"})  # journals and books: disjoint, together all titles
_NUMBERS = ("print_issn", "online_issn", "isbn")


@attrs.frozen(kw_only=True)
class PaidFor:
    """Lists of titles compared, and what was wrong with the files.

    Args:
        found: What they have in common.
        problems: What was wrong.
    """

    found: TitleOverlap
    problems: tuple[Problem, ...] = ()


def overlap_of_files(
    paths: Sequence[Path], registry: Registry, *, usage: Iterable[Path] = (), metric: str = METRIC
) -> PaidFor:
    """Compare title lists as they are, with no consortium set up; each pays for itself.

    Args:
        paths: The lists (KBART); each is called by its file's name.
        registry: Where the loaders are found.
        usage: COUNTER reports whose institutions are called as the lists are.
        metric: The metric that counts a use.

    Raises:
        ImportFileError: A file holds no list of titles.

    >>> overlap_of_files([], Registry()).found.in_all
    0
    """
    problems: list[Problem] = []
    lists = [TitleList(name=path.stem, titles=_titles(path, registry, problems)) for path in paths]
    read = _read(tuple(usage), registry, None, problems)
    uses = None if read is None else _uses(read, metric, "")
    return PaidFor(found=title_overlap(lists, uses=uses), problems=tuple(problems))


def overlap_of_lists(  # noqa: PLR0913 - whose lists of when; the rest is what is held against them
    consortium: Consortium,
    year: int,
    *,
    usage: Iterable[Path] = (),
    metric: str = METRIC,
    holdings: bool = False,
    audience: Audience = Audience.OTHERS,
) -> PaidFor:
    """Compare the lists of titles that the settings name, with their costs of a year.

    Args:
        consortium: Whose lists.
        year: The year whose bills and usage count.
        usage: COUNTER reports of titles (TR, or TR_J1 and TR_B1).
        metric: The metric that counts a use.
        holdings: Hold the lists against the members' harvested catalogues too.
        audience: Whose eyes it is for; decides which records of the catalogues count.

    Raises:
        SettingsError: The settings name no list.
        ImportFileError: A file holds no list of titles.

    >>> from libconsortium.testing import example_office
    >>> with example_office() as office:
    ...     overlap_of_lists(office, 2025)
    Traceback (most recent call last):
    libconsortium.core.errors.SettingsError: consortium.toml names no list of titles; ...
    """
    named = consortium.settings.file.title_lists
    if not named:
        raise SettingsError(
            "consortium.toml names no list of titles; add a table [[title_lists]], or name files"
        )
    problems: list[Problem] = []
    lists = [
        TitleList(
            name=one.title,
            titles=_titles(consortium.settings.path(one.file), consortium.registry, problems),
            members=_members(consortium, one, year),
            cost=_cost(consortium, one, year, problems),
        )
        for one in named
    ]
    find = institution_finder(consortium.directory())
    read = _read(tuple(usage), consortium.registry, find, problems)
    uses = None if read is None else _uses(read, metric, str(year))
    held = _held(consortium, audience) if holdings else None
    found = title_overlap(lists, uses=uses, held=held)
    return PaidFor(found=found, problems=tuple(problems))


def _titles(path: Path, registry: Registry, problems: list[Problem]) -> tuple[TitleRow, ...]:
    try:
        titles, found = read_title_list(path, registry)
    except FileRefusedError as error:
        raise ImportFileError(
            "{path}: {what}; {advice}", path=path, what=error.what, advice=error.advice
        ) from error
    # That a column is missing does not matter here; 'kbart check' tells all.
    problems += [one for one in found if one.severity is Severity.ERROR]
    return titles


def _members(consortium: Consortium, one: TitleListSettings, year: int) -> tuple[str, ...]:
    if one.member:
        return (consortium.directory().library(one.member).id,)
    if not one.subscription:
        return ()
    bills = consortium.settings.file.bills
    day = next(
        (bill.day for bill in bills if (bill.subscription, bill.year) == (one.subscription, year)),
        None,
    )
    return tuple(consortium.directory().participants(one.subscription, on=day or date(year, 1, 1)))


def _cost(
    consortium: Consortium, one: TitleListSettings, year: int, problems: list[Problem]
) -> Money | None:
    if one.cost is not None or not one.subscription:
        return one.cost
    try:
        return consortium.settings.bill(one.subscription, year).cost()[0]
    except UnknownNameError:
        problems.append(
            Problem(
                code="COST_NOT_KNOWN",
                where=Place(source=one.title),
                what=Message("no bill of {year} says what this list costs", year=year),
                advice=Message("give the list its cost, or add a table [[bills]]"),
                severity=Severity.INFO,
            )
        )
        return None


def _read(
    paths: Sequence[Path], registry: Registry, find: MemberOf | None, problems: list[Problem]
) -> UsageRead | None:
    if not paths:
        return None
    read = read_usage(paths, registry, find)
    problems += [one for one in read.problems if one.severity is Severity.ERROR]
    return None if all(one.refused for one in read.files) else read


def _uses(read: UsageRead, metric: str, year: str) -> list[TitleUse]:
    """Return the uses of titles; of a report and its views only one is counted."""
    rows = [
        row
        for row in read.rows.fields()
        if row["metric"] == metric and str(row["month"]).startswith(year)
    ]
    told = {(str(row["member"]), str(row["platform"])) for row in rows if row["report"] == _MASTER}
    return [
        TitleUse(member=str(row["member"]), numbers=_numbers(row), count=int(str(row["count"])))
        for row in rows
        if row["report"] == _MASTER
        or (row["report"] in _VIEWS and (str(row["member"]), str(row["platform"])) not in told)
    ]


def _numbers(row: Mapping[str, object]) -> tuple[str, ...]:
    identifiers = row["identifiers"]
    known = identifiers if isinstance(identifiers, dict) else {}
    return tuple(str(known[name]) for name in _NUMBERS if name in known)


def _held(consortium: Consortium, audience: Audience) -> Mapping[str, frozenset[str]]:
    members, policies = (
        consortium.settings.members_of_sources(),
        consortium.settings.sharing_policies(audience),
    )
    today = consortium.clock().date()
    found: defaultdict[str, set[str]] = defaultdict(set)
    for record in consortium.records():
        seen = shared(record, policies[record.source], on=today)
        if seen is not None:
            found[members[record.source]].update(_own_numbers(seen.identifiers))
    return {member: frozenset(numbers) for member, numbers in found.items()}


def _own_numbers(identifiers: Iterable[RecordIdentifier]) -> Iterator[str]:
    for one in identifiers:
        if one.is_valid and one.scheme in {"isbn", "issn"}:
            yield one.value
