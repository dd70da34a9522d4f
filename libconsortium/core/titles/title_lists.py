"""Lists of titles that are paid for, and what holding them against each other finds."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import attrs

from libconsortium.core.money import Money
from libconsortium.core.titles.titles import TitleRow


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
        payments: How often it is paid for at the same time: lists whose coverage overlaps; a list
            counts once, whatever number of members share it.
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
