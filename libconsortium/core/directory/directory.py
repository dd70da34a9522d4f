"""Everything known of a consortium, asked for a day: who belongs where and who takes part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from typing import TypeVar

import attrs

from libconsortium.core.buying.subscriptions import Choice, Participation, Subscription
from libconsortium.core.directory.belonging import Belonging, belongings, paths_down
from libconsortium.core.directory.facts import FACT_KINDS, Fact, key_of, kind_of
from libconsortium.core.directory.federations import Federation, Membership
from libconsortium.core.directory.measures import Measure
from libconsortium.core.directory.members import Library, Name, NameKind, is_within
from libconsortium.core.errors import UnknownIdError

F = TypeVar("F", bound=Fact)
T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Directory:
    """All facts of a consortium; the same in whatever order it was fed.

    Every query takes a day: what was true before a merger stays true for the days before it.

    Args:
        facts: The facts of each kind, sorted by their keys; every kind has an entry.

    >>> people = Directory.of([Federation(id="st"), Membership(member="lib-a", federation="st")])
    >>> [one.member for one in people.members("st", on=date(2025, 1, 1))]
    ['lib-a']
    """

    facts: Mapping[str, tuple[Fact, ...]]

    @classmethod
    def of(cls, records: Iterable[Fact]) -> Directory:
        """Gather facts of any kinds; a fact given twice counts once.

        >>> Directory.of([Library(id="b"), Library(id="a")]).facts["libraries"][0].id
        'a'
        """
        found: dict[str, dict[Fact, None]] = {name: {} for name in FACT_KINDS}
        for record in records:
            found[kind_of(record).name][record] = None
        return cls(facts={name: tuple(sorted(each, key=_order)) for name, each in found.items()})

    def all(self) -> Iterator[Fact]:
        """Yield every fact, kind by kind.

        >>> len(list(Directory.of([Library(id="a")]).all()))
        1
        """
        for found in self.facts.values():
            yield from found

    def of_kind(self, record: type[F]) -> tuple[F, ...]:
        """Return the facts of one class, sorted by their keys.

        >>> Directory.of([Library(id="a")]).of_kind(Library)[0].id
        'a'
        """
        name = next(kind.name for kind in FACT_KINDS.values() if kind.record is record)
        return tuple(fact for fact in self.facts[name] if isinstance(fact, record))

    def library(self, library: str) -> Library:
        """Return a library by its id.

        Raises:
            UnknownIdError: There is none; the message suggests the nearest id.

        >>> Directory.of([Library(id="lib-a", name="A")]).library("lib-a").name
        'A'
        """
        return _known(self.libraries, library)

    def federation(self, federation: str) -> Federation:
        """Return a federation by its id.

        Raises:
            UnknownIdError: There is none; the message suggests the nearest id.

        >>> Directory.of([Federation(id="st", name="S&T")]).federation("st").name
        'S&T'
        """
        return _known(self.federations, federation)

    def name_of(self, owner: str, *, on: date, language: str = "vi") -> str:
        """Return what a library or federation is called on a day.

        Args:
            owner: Id of the library or federation.
            on: The day.
            language: Language code; without a name in it, the record's own name is given.

        Returns:
            The dated name (an official one before an alias, an alias before a short one; of
            several the one that began last), else the record's name, else the id.

        >>> Directory.of([Library(id="lib-a", name="A")]).name_of("lib-a", on=date(2025, 1, 1))
        'A'
        """
        current = [
            name
            for name in self._names.get(owner, ())
            if name.language == language and is_within(on, name.valid_from, name.valid_to)
        ]
        if current:
            return min(current, key=_preference).name
        record = self.libraries.get(owner) or self.federations.get(owner)
        return (record.name if record else "") or owner

    def members(self, federation: str, *, on: date, deep: bool = False) -> tuple[Belonging, ...]:
        """Return who belongs to a federation on a day, each once, with every path to it.

        Args:
            federation: Id of the federation.
            on: The day.
            deep: Only libraries, those of federations inside it too; otherwise the direct
                members, libraries and federations alike.

        Raises:
            UnknownIdError: There is no such federation.
            CycleError: A federation would contain itself; the message names the path.

        >>> facts = [Federation(id="vla"), Federation(id="nala"), Library(id="lib-a")]
        >>> facts += [Membership(member="nala", federation="vla")]
        >>> facts += [Membership(member="lib-a", federation=each) for each in ("nala", "vla")]
        >>> Directory.of(facts).members("vla", on=date(2019, 12, 31), deep=True)[0].routes
        ('vla ⊃ lib-a', 'vla ⊃ nala ⊃ lib-a')
        """
        self.federation(federation)
        if deep:
            return belongings(
                paths_down(
                    federation, lambda one: self._direct(one, on), self.federations.__contains__
                )
            )
        return belongings((membership,) for membership in self._direct(federation, on))

    def payers(self, federation: str, *, on: date) -> tuple[str, ...]:
        """Return the ids of a federation's official members on a day: those who pay it.

        A federation among them pays as one; what it asks of its own members is its own affair.

        >>> facts = [Federation(id="st"), Membership(member="lib-a", federation="st")]
        >>> Directory.of(facts).payers("st", on=date(2025, 1, 1))
        ('lib-a',)
        """
        return tuple(one.member for one in self.members(federation, on=on) if one.is_official)

    def participants(self, subscription: str, *, on: date) -> Mapping[str, frozenset[str]]:
        """Return the libraries that take part in a subscription on a day, and what they take.

        A federation's choice stands for all libraries that are official members on every step
        of a path to it; a library's own choice wins over that of a federation, and ``out`` over
        ``in``. Outside the subscription's days nobody takes part.

        Returns:
            The names of the packages by library id, sorted by id; no packages means the whole.

        Raises:
            UnknownIdError: There is no such subscription.

        >>> taken = Subscription(id="db", federation="st")
        >>> choice = Participation(subscription="db", member="lib-a")
        >>> list(Directory.of([taken, choice]).participants("db", on=date(2025, 1, 1)))
        ['lib-a']
        """
        record = _known(self.subscriptions, subscription)
        if not is_within(on, record.valid_from, record.valid_to):
            return {}
        made = [one for one in self._choices.get(subscription, ()) if one.holds(on)]
        made.sort(key=lambda one: (one.member not in self.federations, one.choice is Choice.OUT))
        chosen: dict[str, dict[str, Choice]] = {}
        for one in made:  # federations first, then libraries; of each, those that are out last
            for library in self._meant(one.member, on):
                packages = chosen.setdefault(library, {})
                if one.choice is Choice.OUT and not one.package:
                    packages.clear()
                packages[one.package] = one.choice
        taken = {
            library: {package for package, choice in packages.items() if choice is Choice.IN}
            for library, packages in sorted(chosen.items())
        }
        return {library: frozenset(taken[library] - {""}) for library in taken if taken[library]}

    def measure(self, library: str, name: str, period: str) -> Measure | None:
        """Return one figure of a library, or ``None`` if nobody has entered it.

        >>> Directory.of([]).measure("lib-a", "fte", "2024") is None
        True
        """
        return self._measures.get((library, name, period))

    @cached_property
    def libraries(self) -> Mapping[str, Library]:
        """The libraries by id."""
        return {library.id: library for library in self.of_kind(Library)}

    @cached_property
    def federations(self) -> Mapping[str, Federation]:
        """The federations by id."""
        return {federation.id: federation for federation in self.of_kind(Federation)}

    @cached_property
    def subscriptions(self) -> Mapping[str, Subscription]:
        """The subscriptions by id."""
        return {subscription.id: subscription for subscription in self.of_kind(Subscription)}

    @cached_property
    def _names(self) -> Mapping[str, list[Name]]:
        return _grouped((name.owner, name) for name in self.of_kind(Name))

    @cached_property
    def _memberships(self) -> Mapping[str, list[Membership]]:
        return _grouped((each.federation, each) for each in self.of_kind(Membership))

    @cached_property
    def _choices(self) -> Mapping[str, list[Participation]]:
        return _grouped((each.subscription, each) for each in self.of_kind(Participation))

    @cached_property
    def _measures(self) -> Mapping[tuple[str, str, str], Measure]:
        return {(each.library, each.name, each.period): each for each in self.of_kind(Measure)}

    def _is_open(self, member: str, on: date) -> bool:
        record = self.libraries.get(member) or self.federations.get(member)
        return record is None or record.is_open(on)

    def _direct(self, federation: str, on: date) -> Iterator[Membership]:
        for membership in self._memberships.get(federation, ()):
            if membership.holds(on) and self._is_open(membership.member, on):
                yield membership

    def _meant(self, member: str, on: date) -> tuple[str, ...]:
        """Return the libraries for which a member chooses."""
        if member in self.federations:
            return tuple(
                one.member for one in self.members(member, on=on, deep=True) if one.is_official
            )
        return (member,) if self._is_open(member, on) else ()


def _preference(name: Name) -> tuple[int, int, str]:
    order = (NameKind.OFFICIAL, NameKind.ALIAS, NameKind.SHORT)
    begun = (name.valid_from or date.min).toordinal()
    return order.index(name.kind), -begun, name.name


def _known(records: Mapping[str, T], wanted: str) -> T:
    if wanted in records:
        return records[wanted]
    near = get_close_matches(wanted, records, n=1)
    if near:
        raise UnknownIdError(
            "nothing has the id {id!r}; did you mean {near!r}?", id=wanted, near=near[0]
        )
    raise UnknownIdError("nothing of this kind has the id {id!r}", id=wanted)


def _grouped(pairs: Iterable[tuple[str, T]]) -> Mapping[str, list[T]]:
    groups: dict[str, list[T]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def _order(fact: Fact) -> tuple[tuple[str, ...], str]:
    return key_of(fact), repr(fact)
