"""Whose usage it is: institutions of reports and the libraries and federations they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeVar

from libconsortium.core.directory.directory import Directory
from libconsortium.core.directory.identifiers import Identifier
from libconsortium.core.directory.members import Name
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem
from libconsortium.core.text import fold
from libconsortium.core.usage.rows import Institution
from libconsortium.core.usage.sums import UsageSum
from libconsortium.core.usage.totals import MemberOf

CUSTOMER_SCHEME = "counter-customer-id"
"""The identifier scheme under which the office keeps suppliers' customer numbers."""

K = TypeVar("K")

_OWN_SCHEMES = {"customer_id": CUSTOMER_SCHEME, "proprietary": CUSTOMER_SCHEME}


def institution_finder(directory: Directory) -> MemberOf:
    """Return a function that gives the library or federation behind an institution.

    Identifiers decide before names; a value with the supplier's name before it
    (``supplier:C123``) is also tried without. What nobody has, or several have, is called as the
    report calls it.

    Args:
        directory: The facts; customer numbers stand there as identifiers of the scheme
            ``counter-customer-id``.

    >>> number = Identifier(owner="lib-a", scheme="counter-customer-id", value="C123")
    >>> find = institution_finder(Directory.of([number]))
    >>> find(Institution(name="Uni A", identifiers=(("customer_id", "C123"),)))
    'lib-a'
    """
    numbers = _unambiguous(
        ((one.scheme, _bare(one.value)), one.owner) for one in directory.of_kind(Identifier)
    )
    names = _unambiguous((fold(name), owner) for name, owner in _names(directory))
    known: dict[Institution, str] = {}

    def find(institution: Institution) -> str:
        if institution not in known:
            found = _by_number(institution, numbers) or names.get(fold(institution.name), "")
            known[institution] = found or institution.label
        return known[institution]

    return find


def unknown_institutions(
    institutions: Iterable[Institution], find: MemberOf, directory: Directory
) -> tuple[Problem, ...]:
    """Return the institutions that are neither a library nor a federation of the directory.

    >>> facts = Directory.of([])
    >>> uni = Institution(name="Uni A")
    >>> unknown_institutions([uni], institution_finder(facts), facts)[0].code
    'UNKNOWN_INSTITUTION'
    """
    known = directory.libraries.keys() | directory.federations.keys()
    return tuple(
        Problem(
            code="UNKNOWN_INSTITUTION",
            where=Place(record=institution.label),
            what=Message(
                "no library is known as {name!r} ({identifiers})",
                name=institution.name,
                identifiers=", ".join(" ".join(pair) for pair in institution.identifiers) or "-",
            ),
            advice=Message(
                "add its customer number to identifiers with the scheme {scheme!r}, or say with"
                " --member whose reports these are",
                scheme=CUSTOMER_SCHEME,
            ),
        )
        for institution in sorted(set(institutions), key=lambda one: (one.name, one.identifiers))
        if find(institution) not in known
    )


def rollup_findings(sums: Iterable[UsageSum], federations: Collection[str]) -> tuple[Problem, ...]:
    """Compare a consortium's own reports with the sum of its members' reports.

    The two may differ without a mistake (addresses that several members share), so neither is
    ever taken for the other. Code: ``ROLLUP_DIFFERS``.

    Args:
        sums: Usage by month.
        federations: Ids under which a consortium's own reports stand.

    >>> def told(member, count):
    ...     return UsageSum(
    ...         member=member,
    ...         platform="P",
    ...         report="TR",
    ...         metric="Total_Item_Requests",
    ...         month="2025-01",
    ...         release="5.1",
    ...         count=count,
    ...     )
    >>> print(rollup_findings([told("st", 10), told("lib-a", 4), told("lib-b", 5)], {"st"})[0].what)
    the consortium's report says 10, its members' reports together 9 (2025-01 to 2025-01)
    """
    whole: dict[tuple[str, str, str, str], dict[str, int]] = defaultdict(dict)
    parts: dict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in sums:
        if one.member in federations:
            whole[one.member, one.platform, one.report, one.metric][one.month] = one.count
        else:
            parts[one.platform, one.report, one.metric][one.month] += one.count
    return tuple(
        problem
        for (federation, *key), told in whole.items()
        for problem in _compared(federation, (key[0], key[1], key[2]), told, parts)
    )


def _compared(
    federation: str,
    key: tuple[str, str, str],
    told: Mapping[str, int],
    parts: Mapping[tuple[str, str, str], Mapping[str, int]],
) -> Iterator[Problem]:
    members = parts.get(key, {})
    months = sorted(told.keys() & members.keys())
    ours, theirs = (sum(each[month] for month in months) for each in (told, members))
    if ours == theirs:
        return
    platform, report, metric = key
    yield Problem(
        code="ROLLUP_DIFFERS",
        where=Place(source=f"{platform} {report}", record=federation, field=metric),
        what=Message(
            "the consortium's report says {ours}, its members' reports together {theirs}"
            " ({first} to {last})",
            ours=ours,
            theirs=theirs,
            first=months[0],
            last=months[-1],
        ),
        advice=Message(
            "members that share addresses are counted twice, members that do not share their usage"
            " not at all; shares are computed from the members' own reports"
        ),
    )


def _by_number(institution: Institution, numbers: Mapping[tuple[str, str], str]) -> str:
    for scheme, value in institution.identifiers:
        for each in (value, value.partition(":")[2]):
            owner = numbers.get((_OWN_SCHEMES.get(scheme, scheme), _bare(each))) if each else None
            if owner:
                return owner
    return ""


def _bare(value: str) -> str:
    return value.rpartition("/")[2].replace("-", "").replace(" ", "").casefold()


def _names(directory: Directory) -> Iterator[tuple[str, str]]:
    for name in directory.of_kind(Name):
        yield name.name, name.owner
    for federation in directory.federations.values():
        yield federation.name, federation.id
    for library in directory.libraries.values():
        yield library.name, library.id


def _unambiguous(owned: Iterable[tuple[K, str]]) -> dict[K, str]:
    """Return who owns what, without what several own: a wrong owner is worse than none."""
    owners: dict[K, set[str]] = defaultdict(set)
    for key, owner in owned:
        owners[key].add(owner)
    return {key: min(found) for key, found in owners.items() if key and len(found) == 1}
