"""What several lists of titles have in common, who pays for a title twice, and what one costs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

import attrs

from libconsortium.core.directory.measures import Measure
from libconsortium.core.directory.quantities import Quantity
from libconsortium.core.errors import CatalogueError
from libconsortium.core.money import Money
from libconsortium.core.titles.title_coverage import CoveredTime, covered_time, most_at_once
from libconsortium.core.titles.title_lists import (
    JointCover,
    ListFigures,
    MemberTitles,
    PaidTitle,
    TitleList,
    TitleOverlap,
    TitleUse,
)
from libconsortium.core.titles.title_matching import number_keys, numbered_titles

_FREE = "F"


def title_overlap(
    lists: Sequence[TitleList],
    *,
    uses: Iterable[TitleUse] | None = None,
    held: Mapping[str, Collection[str]] | None = None,
) -> TitleOverlap:
    """Compare lists of titles: what is paid for twice, and what a title and a use cost.

    Titles are the same if they share an ISSN or ISBN, or, where one has none, a name that only one
    other has. Titles that are free (``access_type`` F) are counted and never paid for. Two lists
    pay for the same if the times that they cover overlap: an archive to 2010 and what came after
    are two things. Embargoes are not looked at.

    Args:
        lists: The lists; names are unique.
        uses: Usage of titles by members; ``None`` if not known. What no list has is passed over.
        held: ISSN and ISBN in each member's catalogue; ``None`` if not asked for.

    Raises:
        CatalogueError: Two lists have one name, or their costs are in several currencies.

    >>> from libconsortium.core.titles.titles import TitleRow
    >>> one = TitleRow(title="A", print_identifier="0317-8471")
    >>> two = TitleRow(title="B", print_identifier="2434-561X")
    >>> found = title_overlap([TitleList(name="x", titles=(one, two), cost=Money(10, "VND")),
    ...                        TitleList(name="y", titles=(one,))])
    >>> found.matrix["x", "y"], [title.title for title in found.paid_twice]
    (1, ['A'])
    >>> found.lists[0].per_title
    Fraction(5, 1)
    """
    _check(lists)
    work = _worked(lists, uses, held)
    names = [one.name for one in lists]
    counts = Counter(len(work.within[number]) for number in work.within)
    members = sorted({member for one in lists for member in one.payers})
    return TitleOverlap(
        lists=tuple(work.list_figures(one) for one in lists),
        matrix={(a, b): len(work.of[a] & work.of[b]) for a in names for b in names},
        in_k={count: counts[count] for count in range(1, len(lists) + 1)},
        in_all=counts[len(lists)] if lists else 0,
        members=tuple(work.member_titles(member) for member in members),
        joint=tuple(work.joint_cover(one) for one in lists),
        titles=tuple(sorted(map(work.paid_title, work.within), key=_most_paid)),
        by_member={(one.name, member): work.of_member(one, member)
                   for one in lists for member in one.payers},
    )  # fmt: skip


def _most_paid(one: PaidTitle) -> tuple[int, str, tuple[str, ...]]:
    return -one.payments, one.title, one.numbers


def _check(lists: Sequence[TitleList]) -> None:
    names = Counter(one.name for one in lists)
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        raise CatalogueError("two lists of titles are called {name!r}", name=twice[0])
    currencies = sorted({one.cost.currency for one in lists if one.cost is not None})
    if len(currencies) > 1:
        raise CatalogueError(
            "the lists' costs are in several currencies ({currencies}); give them in one",
            currencies=", ".join(currencies),
        )


@attrs.frozen(kw_only=True)
class _Work:
    """The lists with their titles numbered."""

    lists: Sequence[TitleList]
    of: Mapping[str, frozenset[int]]  # titles of a list
    paid: Mapping[str, frozenset[int]]  # those of them that are not free
    within: Mapping[int, tuple[str, ...]]  # lists of a title
    named: Mapping[int, tuple[str, tuple[str, ...]]]  # name and numbers of a title
    spans: Mapping[tuple[str, int], Sequence[CoveredTime]]  # paid for, by list and title
    used: Mapping[str, Counter[int]] | None  # by member
    held: Mapping[str, frozenset[int]] | None  # by member

    def spans_of(self, number: int, lists: Iterable[TitleList]) -> list[Sequence[CoveredTime]]:
        return [self.spans.get((one.name, number), ()) for one in lists]

    def pays_too(self, other: TitleList, number: int, one: TitleList) -> bool:
        is_paid = other is not one and (other.name, number) in self.spans
        return is_paid and most_at_once(self.spans_of(number, [one, other])) > 1

    def list_figures(self, one: TitleList) -> ListFigures:
        titles, paid = self.of[one.name], self.paid[one.name]
        uses = self._uses(one.payers, titles)
        minor = one.cost.minor if one.cost is not None else None
        return ListFigures(
            name=one.name,
            members=one.payers,
            titles=len(titles),
            free=len(titles - paid),
            unique=sum(self.within[number] == (one.name,) for number in titles),
            held=self._held(one.payers, titles),
            uses=uses,
            cost=one.cost,
            per_title=Fraction(minor, len(paid)) if minor is not None and paid else None,
            per_use=Fraction(minor, uses) if minor is not None and uses else None,
        )

    def member_titles(self, member: str) -> MemberTitles:
        own = [one for one in self.lists if member in one.payers]
        paid = frozenset[int]().union(*(self.paid[one.name] for one in own))
        titles = frozenset[int]().union(*(self.of[one.name] for one in own))
        others = [one for one in self.lists if set(one.payers) - {member}]
        elsewhere = frozenset[int]().union(*(self.of[one.name] for one in others))
        return MemberTitles(
            member=member,
            lists=tuple(one.name for one in own),
            titles=len(titles),
            twice=sum(most_at_once(self.spans_of(number, own)) > 1 for number in paid),
            alone=len(titles - elsewhere),
            held=self._held((member,), titles),
            uses=self._uses((member,), titles),
        )

    def of_member(self, one: TitleList, member: str) -> tuple[int, int | None]:
        others = [each for each in self.lists if member in each.payers and each is not one]
        known = frozenset[int]().union(*(self.of[each.name] for each in others))
        return len(self.of[one.name] - known), self._uses((member,), self.of[one.name])

    def joint_cover(self, one: TitleList) -> JointCover:
        elsewhere = {
            number: [other for other in self.lists if self.pays_too(other, number, one)]
            for number in self.paid[one.name]
        }
        worth = [
            Fraction(other.cost.minor, len(self.paid[other.name]))
            for others in elsewhere.values()
            for other in others
            if other.cost is not None
        ]
        currency = next((other.cost.currency for other in self.lists if other.cost), "")
        return JointCover(
            name=one.name,
            paid_elsewhere=sum(bool(others) for others in elsewhere.values()),
            of_several=sum(len(others) > 1 for others in elsewhere.values()),
            payments=sum(map(len, elsewhere.values())),
            worth=Money(round(sum(worth, Fraction(0))), currency) if worth else None,
            new=sum(self.within[number] == (one.name,) for number in self.of[one.name]),
        )

    def paid_title(self, number: int) -> PaidTitle:
        name, numbers = self.named[number]
        having = [one for one in self.lists if number in self.of[one.name]]
        members = sorted({member for one in having for member in one.payers})
        return PaidTitle(
            title=name,
            numbers=numbers,
            lists=tuple(one.name for one in having),
            payments=most_at_once(self.spans_of(number, self.lists)),
            members=tuple(members),
            uses=self._uses(members, {number}),
        )

    def _uses(self, members: Iterable[str], titles: Collection[int]) -> int | None:
        if self.used is None:
            return None
        counts = (self.used.get(member, Counter()) for member in members)
        return sum(count for one in counts for number, count in one.items() if number in titles)

    def _held(self, members: Iterable[str], titles: frozenset[int]) -> int | None:
        if self.held is None:
            return None
        sets = [self.held.get(member, frozenset()) for member in members]
        return len(titles.intersection(*sets))


def _worked(
    lists: Sequence[TitleList],
    uses: Iterable[TitleUse] | None,
    held: Mapping[str, Collection[str]] | None,
) -> _Work:
    numbers = numbered_titles([one.titles for one in lists])
    of: dict[str, set[int]] = {one.name: set() for one in lists}
    charged: dict[str, set[int]] = {one.name: set() for one in lists}
    spans: defaultdict[tuple[str, int], list[CoveredTime]] = defaultdict(list)
    names: dict[int, str] = {}
    written: defaultdict[int, dict[str, None]] = defaultdict(dict)
    by_key: dict[str, int] = {}
    for one, places in zip(lists, numbers, strict=True):
        for row, number in zip(one.titles, places, strict=True):
            of[one.name].add(number)
            if row.access_type.upper() != _FREE:
                charged[one.name].add(number)
                spans[one.name, number].append(covered_time(row.coverage))
            names.setdefault(number, row.title)
            for text in filter(None, (row.print_identifier, row.online_identifier)):
                written[number][text] = None
            for key in number_keys(row.print_identifier, row.online_identifier):
                by_key.setdefault(key, number)
    return _Work(
        lists=lists,
        of={name: frozenset(found) for name, found in of.items()},
        paid={name: frozenset(found) for name, found in charged.items()},
        within={
            number: tuple(one.name for one in lists if number in of[one.name])
            for number in sorted(names)
        },
        spans=spans,
        named={number: (name, tuple(written[number])) for number, name in names.items()},
        used=None if uses is None else _counted(uses, by_key),
        held=None if held is None else _numbered(held, by_key),
    )


def _counted(uses: Iterable[TitleUse], by_key: Mapping[str, int]) -> dict[str, Counter[int]]:
    found: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for one in uses:
        places = {by_key[key] for key in number_keys(*one.numbers) if key in by_key}
        if places:
            found[one.member][min(places)] += one.count
    return found


def _numbered(
    held: Mapping[str, Collection[str]], by_key: Mapping[str, int]
) -> dict[str, frozenset[int]]:
    return {
        member: frozenset(by_key[key] for key in number_keys(*numbers) if key in by_key)
        for member, numbers in held.items()
    }


def title_measures(found: TitleOverlap, *, period: str) -> Iterator[Measure]:
    """Yield what decides over shares: each member's titles and uses of each list.

    A policy divides a list's bill by them: by ``uses.NAME`` everybody pays the same per use, by
    ``titles.NAME`` per title that it does not have otherwise.

    Args:
        found: The lists compared.
        period: The year of the figures.

    >>> from libconsortium.core.titles.titles import TitleRow
    >>> one = TitleRow(title="A", print_identifier="0317-8471")
    >>> found = title_overlap([TitleList(name="x", titles=(one,), members=("a",))])
    >>> [(each.library, each.name, str(each.value)) for each in title_measures(found, period="")]
    [('a', 'titles.x', '1')]
    """
    for one in found.lists:
        for member in one.members:
            new, uses = found.by_member[one.name, member]
            yield _measure(member, f"titles.{one.name}", period, new)
            if uses is not None:
                yield _measure(member, f"uses.{one.name}", period, uses)


def _measure(member: str, name: str, period: str, count: int) -> Measure:
    source = "libconsortium overlap titles"
    value = Quantity.of(count)
    return Measure(library=member, name=name, period=period, value=value, source=source)
