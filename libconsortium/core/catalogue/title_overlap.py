"""What several lists of titles have in common, who pays for a title twice, and what one costs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

import attrs

from libconsortium.core.catalogue.title_matching import number_keys, numbered_titles
from libconsortium.core.catalogue.titles import TitleRow
from libconsortium.core.directory.measures import Measure
from libconsortium.core.directory.quantities import Quantity
from libconsortium.core.errors import CatalogueError
from libconsortium.core.money import Money

_FREE = "F"


@attrs.frozen(kw_only=True)
class TitleList:
    """The titles that somebody pays for together.

    Args:
        name: Its name: a subscription's id, or the file's name.
        titles: Its rows.
        members: Ids of the libraries that have it; its own name if nobody is named.
        cost: What all of them pay for it in a year; ``None`` if not known.
    """

    name: str
    titles: tuple[TitleRow, ...]
    members: tuple[str, ...] = ()
    cost: Money | None = None

    @property
    def payers(self) -> tuple[str, ...]:
        """Who pays: its members, or the list itself."""
        return self.members or (self.name,)


@attrs.frozen(kw_only=True)
class TitleUse:
    """How often one member used one title.

    Args:
        member: Id of the library.
        numbers: ISSN and ISBN of the title as written.
        count: How often.
    """

    member: str
    numbers: tuple[str, ...]
    count: int


@attrs.frozen(kw_only=True)
class ListFigures:
    """One list in numbers; titles are counted once, whatever number of rows they have.

    Args:
        name: The list.
        members: Who has it.
        titles: Titles it has.
        free: Of these, titles that are free for everybody.
        unique: Titles that no other list has.
        held: Titles that all its members hold in their catalogues; ``None`` if not asked for.
        uses: How often its members used its titles; ``None`` if not known.
        cost: What it costs in a year.
        per_title: Cost of one title that is not free, in minor units.
        per_use: Cost of one use, in minor units.
    """

    name: str
    members: tuple[str, ...]
    titles: int
    free: int
    unique: int
    held: int | None = None
    uses: int | None = None
    cost: Money | None = None
    per_title: Fraction | None = None
    per_use: Fraction | None = None


@attrs.frozen(kw_only=True)
class MemberTitles:
    """One member's titles in numbers.

    Args:
        member: Id of the library.
        lists: Names of the lists it has.
        titles: Titles it has through any of them.
        twice: Titles it pays for in several of its own lists.
        alone: Titles that no other member has.
        held: Titles it also has in its catalogue; ``None`` if not asked for.
        uses: How often it used them; ``None`` if not known.
    """

    member: str
    lists: tuple[str, ...]
    titles: int
    twice: int
    alone: int
    held: int | None = None
    uses: int | None = None


@attrs.frozen(kw_only=True)
class PaidTitle:
    """One title, and everybody who pays for it.

    Args:
        title: Its name, as the first list has it.
        numbers: Its ISSN and ISBN, as written.
        lists: Names of the lists that have it.
        payments: How often it is paid for: a list counts once, whatever number of members share it.
        members: Who has it.
        uses: How often it was used; ``None`` if not known.
    """

    title: str
    numbers: tuple[str, ...]
    lists: tuple[str, ...]
    payments: int
    members: tuple[str, ...]
    uses: int | None = None


@attrs.frozen(kw_only=True)
class JointCover:
    """What would be covered if all members had one list together.

    Args:
        name: The list.
        paid_elsewhere: Its titles that are now paid for in other lists too.
        of_several: Of these, titles that other lists pay for several times.
        payments: How many payments for single titles in other lists it would make needless.
        worth: What those payments come to, by the other lists' cost per title; ``None`` if no
            cost is known. A bundle is rarely priced by the title: this is a bound for bargaining.
        new: Its titles that no other list has.
    """

    name: str
    paid_elsewhere: int
    of_several: int
    payments: int
    worth: Money | None
    new: int


@attrs.frozen(kw_only=True)
class TitleOverlap:
    """How far lists of titles coincide.

    Args:
        lists: The lists in numbers, in the order given.
        matrix: Titles that both of two lists have, both ways round; a list with itself gives its
            titles.
        in_k: Titles that are in exactly so many lists.
        in_all: Titles that every list has.
        members: The members in numbers, sorted.
        joint: What each list would cover if all members had it together.
        titles: Every title, those paid for most often first.
        by_member: Of each list and each of its members: titles that it has in no other list, and
            how often it used the list's titles (``None`` if not known).
    """

    lists: tuple[ListFigures, ...]
    matrix: Mapping[tuple[str, str], int]
    in_k: Mapping[int, int]
    in_all: int
    members: tuple[MemberTitles, ...]
    joint: tuple[JointCover, ...]
    titles: tuple[PaidTitle, ...]
    by_member: Mapping[tuple[str, str], tuple[int, int | None]] = attrs.field(factory=dict)

    @property
    def paid_twice(self) -> tuple[PaidTitle, ...]:
        """The titles that are paid for more than once."""
        return tuple(one for one in self.titles if one.payments > 1)


def title_overlap(
    lists: Sequence[TitleList],
    *,
    uses: Iterable[TitleUse] | None = None,
    held: Mapping[str, Collection[str]] | None = None,
) -> TitleOverlap:
    """Compare lists of titles: what is paid for twice, and what a title and a use cost.

    Titles are the same if they share an ISSN or ISBN, or, where one has none, a name that only one
    other has. Titles that are free (``access_type`` F) are counted and never paid for.

    Args:
        lists: The lists; names are unique.
        uses: Usage of titles by members; ``None`` if not known. What no list has is passed over.
        held: ISSN and ISBN in each member's catalogue; ``None`` if not asked for.

    Raises:
        CatalogueError: Two lists have one name, or their costs are in several currencies.

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
    used: Mapping[str, Counter[int]] | None  # by member
    held: Mapping[str, frozenset[int]] | None  # by member

    def payers_of(self, number: int) -> list[TitleList]:
        return [one for one in self.lists if number in self.paid[one.name]]

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
        counts = Counter(number for one in own for number in self.paid[one.name])
        titles = frozenset[int]().union(*(self.of[one.name] for one in own))
        others = [one for one in self.lists if set(one.payers) - {member}]
        elsewhere = frozenset[int]().union(*(self.of[one.name] for one in others))
        return MemberTitles(
            member=member,
            lists=tuple(one.name for one in own),
            titles=len(titles),
            twice=sum(count > 1 for count in counts.values()),
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
            number: [other for other in self.payers_of(number) if other.name != one.name]
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
            payments=len(self.payers_of(number)),
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
    names: dict[int, str] = {}
    written: defaultdict[int, dict[str, None]] = defaultdict(dict)
    by_key: dict[str, int] = {}
    for one, places in zip(lists, numbers, strict=True):
        for row, number in zip(one.titles, places, strict=True):
            of[one.name].add(number)
            if row.access_type.upper() != _FREE:
                charged[one.name].add(number)
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
