"""What a report states, once it is read: figures, totals, ratios, terms; in no language."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction

import attrs

from libconsortium.core.directory.quantities import Qualifier, Quantity
from libconsortium.core.money import MINOR_DIGITS
from libconsortium.core.problems import Place
from libconsortium.core.reconciliation.periods import Period


class Role(StrEnum):
    """What a figure is for in its report."""

    LINE = "line"
    TOTAL = "total"
    RATE = "rate"
    EXPECTED = "expected"
    COMPARED = "compared"
    BALANCE = "balance"


@attrs.frozen(kw_only=True)
class Figure:
    """One figure of a report.

    Args:
        quantity: The number and how exact it is; money in major units.
        unit: What it counts: a currency (ISO 4217), ``%``, a unit of the language's vocabulary, or
            any word; empty if not stated.
        family: What may be added up with it: the currency, or the family of the unit; empty if
            not known.
        label: The words that say what it is.
        subject: Those of them that say something, in any order, without diacritics.
        written: The figure as written.
        where: Document and line.
        role: What it is for.
        topics: Kinds of money its words name: ``dues``, ``advertising``.
        flow: ``in``, ``out`` or empty.
        period: When, if its sentence or heading says so.
        has_own_period: Whether the figure's own words say when, not a heading or title.
        event: The numbered event its sentence speaks of (``conference 18``); empty if none.
        is_explained: Whether its sentence gives a reason.
        step: Distance to the next number that would be written with as many digits.
        is_rounded: Whether its digits look rounded: decimals before a scale, or a percentage.
        is_cell: Whether it stands in a table.
    """

    quantity: Quantity
    unit: str = ""
    family: str = ""
    label: str = ""
    subject: frozenset[str] = frozenset()
    written: str = ""
    where: Place = attrs.field(factory=Place)
    role: Role = Role.LINE
    topics: frozenset[str] = frozenset()
    flow: str = ""
    period: Period | None = None
    has_own_period: bool = False
    event: str = ""
    is_explained: bool = False
    step: Fraction = Fraction(1)
    is_rounded: bool = False
    is_cell: bool = False

    @property
    def number(self) -> Fraction:
        """The number written; the lower end of a range."""
        return self.quantity.number

    @property
    def is_money(self) -> bool:
        """Whether it is an amount of a currency."""
        return self.unit in MINOR_DIGITS

    @property
    def is_exact(self) -> bool:
        """Whether the number is meant as it stands."""
        return self.quantity.qualifier is Qualifier.EXACT

    def __str__(self) -> str:
        """Return what it is and the figure as written.

        >>> str(Figure(quantity=Quantity.of(10), label="quảng cáo", written="10 đồng"))
        '«quảng cáo: 10 đồng»'
        """
        return f"«{': '.join(filter(None, (self.label, self.written)))}»"


@attrs.frozen(kw_only=True)
class Total:
    """A figure that is stated to be the sum of others.

    Args:
        stated: The figure.
        parts: What it adds up: figures, or totals themselves.
        is_whole: Whether the parts are all there are; if not (*of which*), they only may not be
            more than the total.
        is_sure: Whether the text says that the figure adds these parts up; if not, a difference
            is no finding.

    >>> five, three = (Figure(quantity=Quantity.of(number)) for number in (5, 3))
    >>> Total(stated=five, parts=(three,)).computed
    Fraction(3, 1)
    """

    stated: Figure
    parts: tuple[Figure | Total, ...]
    is_whole: bool = True
    is_sure: bool = True

    @property
    def computed(self) -> Fraction:
        """What the parts add up to; a part that is a total counts as what its own parts do."""
        return sum((value_of(part) for part in self.parts), Fraction(0))

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The stated figures of the parts."""
        return tuple(stated_of(part) for part in self.parts)

    @property
    def leaves(self) -> tuple[Figure, ...]:
        """The figures that are no totals, of all levels below."""
        return tuple(leaf for part in self.parts for leaf in leaves_of(part))


def value_of(part: Figure | Total) -> Fraction:
    """Return the number of a figure, or what a whole total's parts add up to.

    >>> value_of(Figure(quantity=Quantity.of(3)))
    Fraction(3, 1)
    """
    if isinstance(part, Total):
        return part.computed if part.is_whole and part.is_sure else part.stated.number
    return part.number


def stated_of(part: Figure | Total) -> Figure:
    """Return the figure as stated, of a total too.

    >>> stated_of(Figure(quantity=Quantity.of(3))).number
    Fraction(3, 1)
    """
    return part.stated if isinstance(part, Total) else part


def leaves_of(part: Figure | Total) -> tuple[Figure, ...]:
    """Return the figures that are no totals.

    >>> len(leaves_of(Figure(quantity=Quantity.of(3))))
    1
    """
    return part.leaves if isinstance(part, Total) else (part,)


@attrs.frozen(kw_only=True)
class Ratio:
    """So many of so many: ``62/63 units``, with the money they paid if it is stated.

    Args:
        part: How many.
        whole: Of how many.
        unit: What is counted, as written.
        where: Document and line.
        amount: The money stated with it.
        is_dues: Whether the money is what each of them has to pay.
    """

    part: int
    whole: int
    unit: str = ""
    where: Place = attrs.field(factory=Place)
    amount: Figure | None = None
    is_dues: bool = False


@attrs.frozen(kw_only=True)
class Percentage:
    """A percentage and what it may be of.

    Args:
        stated: The percentage; its quantity is in per cent.
        of: The money beside which it stands.
        bases: Figures that it may be a part of: expected amounts of its unit.
        ratios: Ratios in the same text.
        has_basis: Whether the words beside it say what it is of.
    """

    stated: Figure
    of: Figure | None = None
    bases: tuple[Figure, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    has_basis: bool = False


@attrs.frozen(kw_only=True)
class Product:
    """A count times a rate, with the amount stated for it.

    Args:
        count: How many.
        rate: The amount for one.
        stated: The amount stated for all.
    """

    count: Figure
    rate: Figure
    stated: Figure


@attrs.frozen(kw_only=True)
class InWords:
    """An amount in digits and the words that repeat it.

    Args:
        stated: The amount in digits.
        words: The words.
        number: What the words mean; ``None`` if they are no number.
    """

    stated: Figure
    words: str
    number: int | None


@attrs.frozen(kw_only=True)
class Span:
    """A term of office, or the years that results are reported for.

    Args:
        period: The years.
        where: Document and line.
        written: The words.
    """

    period: Period
    where: Place
    written: str


@attrs.frozen(kw_only=True)
class Edition:
    """A numbered event and the year in which it was held.

    Args:
        event: The kind of event.
        number: Its number.
        year: The year, or ``None`` if not stated.
        where: Document and line.
        is_yearly: Whether the text says that it is held every year.
        years: For how many years it has been held, if the text says so.
    """

    event: str
    number: int
    year: int | None
    where: Place
    is_yearly: bool = False
    years: int | None = None


@attrs.frozen(kw_only=True)
class Reading:
    """Everything that one report states.

    Args:
        source: The document.
        figures: Every figure, in reading order.
        totals: Figures that add others up; a total within another stands only there.
        ratios: So many of so many.
        percentages: Percentages beside money.
        products: Counts times rates.
        in_words: Amounts repeated in words.
        terms: Terms of office.
        reviews: Years that results are reported for.
        editions: Numbered events.
    """

    source: str
    figures: tuple[Figure, ...] = ()
    totals: tuple[Total, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    percentages: tuple[Percentage, ...] = ()
    products: tuple[Product, ...] = ()
    in_words: tuple[InWords, ...] = ()
    terms: tuple[Span, ...] = ()
    reviews: tuple[Span, ...] = ()
    editions: tuple[Edition, ...] = ()

    def all_totals(self) -> Iterator[Total]:
        """Yield every total, those within others too, outer ones first.

        >>> list(Reading(source="a.txt").all_totals())
        []
        """
        waiting = list(reversed(self.totals))
        while waiting:
            one = waiting.pop()
            yield one
            waiting += [part for part in reversed(one.parts) if isinstance(part, Total)]
