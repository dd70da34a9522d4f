"""A cost to be shared, and what each member's exact part of it is before rounding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from math import lcm

import attrs

from libconsortium.core.errors import SplitError
from libconsortium.core.messages import Message

_MOST_DECIMALS = 6


@attrs.frozen(kw_only=True)
class Step:
    """One line of working behind a figure; a figure's steps form a tree.

    Args:
        what: The line in words, with its numbers.
        value: What the line comes to, in minor units.
        formula: The line as arithmetic on exact numbers: ``20% * 1/4``; empty for a heading.
        part: What the line comes to as a part of the amount that is divided, or ``None`` where
            that says nothing.
        parts: The lines it is made of, in order.
    """

    what: Message
    value: Fraction
    formula: str = ""
    part: Fraction | None = None
    parts: tuple[Step, ...] = ()


@attrs.frozen(kw_only=True)
class ExactShare:
    """One member's exact part and how it came about.

    Args:
        value: Exact number of minor units.
        working: The steps that lead to it; the formula of the first gives the member's part of
            the whole (``40000/70000``).
    """

    value: Fraction
    working: Step


def _sorted(_: object, __: object, members: tuple[str, ...]) -> None:
    if not members:
        raise SplitError("there are no members to share the amount")
    if list(members) != sorted(set(members)):
        raise SplitError("the members of a cost game come once each and sorted by id")


def _not_negative(_: object, __: object, amount: Fraction) -> None:
    if amount < 0:
        raise SplitError("cannot divide a negative amount: {amount}", amount=amount)


@attrs.frozen(kw_only=True)
class CostGame:
    """An amount, the members who share it, and the figures a cost model may look at.

    Args:
        amount: Exact number of minor units to divide, not negative.
        members: Ids of the members, sorted, each once; at least one.
        drivers: One figure per member for every named driver (``fte``, ``usage``), not negative.
        parameters: What the policy hands to the model, by name.
        major: Minor units in one major unit of the currency, for figures that are amounts: what
            a member paid last year, its price of buying alone, its bid.

    Raises:
        SplitError: There is no member, one comes twice or the amount is negative.

    >>> game = CostGame(
    ...     amount=Fraction(90),
    ...     members=("a", "b"),
    ...     drivers={"fte": {"a": Fraction(1), "b": Fraction(2)}},
    ... )
    >>> game.driver("fte")["b"]
    Fraction(2, 1)
    """

    amount: Fraction = attrs.field(validator=_not_negative)
    members: tuple[str, ...] = attrs.field(validator=_sorted)
    drivers: Mapping[str, Mapping[str, Fraction]] = attrs.field(factory=dict)
    parameters: Mapping[str, object] = attrs.field(factory=dict)
    major: int = 1

    def driver(self, name: str) -> dict[str, Fraction]:
        """Return the figure of every member for one driver.

        Raises:
            SplitError: There is no such driver, a member has no figure or a negative one, or the
                figures of all members are zero; the message names the member.
        """
        if name not in self.drivers:
            raise SplitError(
                "there are no figures for {driver!r}; there are some for: {known}",
                driver=name,
                known=", ".join(sorted(self.drivers)) or "-",
            )
        given = self.drivers[name]
        for member in self.members:
            if member not in given:
                raise SplitError(
                    "the member {member!r} has no figure for {driver!r}; find it, or take the"
                    " member out of the split",
                    member=member,
                    driver=name,
                )
            if given[member] < 0:
                raise SplitError(
                    "the figure of {member!r} for {driver!r} is negative: {figure}",
                    member=member,
                    driver=name,
                    figure=given[member],
                )
        if not any(given[member] for member in self.members):
            raise SplitError(
                "the figures for {driver!r} are zero for every member ({members});"
                " at least one must be above zero",
                driver=name,
                members=_some(self.members),
            )
        return {member: given[member] for member in self.members}

    def in_proportion(self, weights: Mapping[str, Fraction | int], what: Message) -> Proportions:
        """Divide the amount in proportion to weights: what most cost models end with.

        Args:
            weights: One number per member, not negative, at least one above zero.
            what: The line of working, the same for every member.

        >>> game = CostGame(amount=Fraction(90), members=("a", "b"))
        >>> shares = game.in_proportion({"a": 1, "b": 2}, Message("b counts twice"))
        >>> shares["b"].value, shares["b"].working.formula
        (Fraction(60, 1), '2/3')
        """
        parts, below = numerators({member: weights[member] for member in self.members})
        whole = sum(parts.values())
        if whole <= 0 or min(parts.values()) < 0:
            raise SplitError(
                "weights must not be negative, and at least one must be above zero: {weights}",
                weights=_some(f"{member} {weights[member]}" for member in self.members),
            )
        return Proportions(amount=self.amount, parts=parts, whole=whole, below=below, what=what)


@attrs.frozen(kw_only=True, eq=False)
class Proportions(Mapping[str, ExactShare]):
    """Shares in proportion to weights; a share and its working are made when they are asked for.

    Args:
        amount: What is divided.
        parts: One whole number per member.
        whole: Their sum.
        below: The parts are weights multiplied by this.
        what: The line of working.
        denominator: The sum of the weights, written out.
    """

    amount: Fraction
    parts: Mapping[str, int]
    whole: int
    below: int
    what: Message
    denominator: str = attrs.field(init=False)

    @denominator.default
    def _written(self) -> str:
        return written(Fraction(self.whole, self.below))

    def __getitem__(self, member: str) -> ExactShare:
        """Return a member's share with its working."""
        number = self.parts[member]
        part = Fraction(number, self.whole)
        weight = str(number) if self.below == 1 else written(Fraction(number, self.below))
        step = Step(
            what=self.what,
            value=self.amount * part,
            formula=f"{weight}/{self.denominator}",
            part=part,
        )
        return ExactShare(value=step.value, working=step)

    def __iter__(self) -> Iterator[str]:
        """Go over the members in their order."""
        return iter(self.parts)

    def __len__(self) -> int:
        """Return the number of members."""
        return len(self.parts)


def numerators(numbers: Mapping[str, Fraction | int]) -> tuple[dict[str, int], int]:
    """Return exact numbers as whole numbers over one denominator.

    >>> numerators({"a": Fraction(1, 2), "b": Fraction(1, 3)})
    ({'a': 3, 'b': 2}, 6)
    """
    below = lcm(*{number.denominator for number in numbers.values()})
    if below == 1:
        return {name: number.numerator for name, number in numbers.items()}, 1
    return {
        name: number.numerator * (below // number.denominator) for name, number in numbers.items()
    }, below


def exact_sum(numbers: Iterable[Fraction]) -> Fraction:
    """Add up exact numbers over one denominator: faster than one by one.

    >>> exact_sum([Fraction(1, 2), Fraction(1, 3)])
    Fraction(5, 6)
    """
    listed = list(numbers)
    below = lcm(*{number.denominator for number in listed})
    return Fraction(
        sum([number.numerator * (below // number.denominator) for number in listed]), below
    )


def written(number: Fraction | int) -> str:
    """Write an exact number the way it can stand in a formula.

    >>> written(8000), written(Fraction(5, 2)), written(Fraction(1, 3))
    ('8000', '2.5', '(1/3)')
    """
    if number.denominator == 1:
        return str(number.numerator)
    for digits in range(1, _MOST_DECIMALS + 1):
        scaled = number * 10**digits
        if scaled.denominator == 1:
            return f"{Decimal(scaled.numerator).scaleb(-digits):f}"
    return f"({number})"


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:_MOST_NAMED]) + (", …" if len(listed) > _MOST_NAMED else "")


_MOST_NAMED = 5
