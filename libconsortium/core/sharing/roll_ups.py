"""What the members of nested federations pay, added up level by level, exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import attrs

from libconsortium.core.errors import SplitError
from libconsortium.core.money import Money, total


@attrs.frozen(kw_only=True)
class LevelSum:
    """A federation or a library, and what it pays with everything inside it.

    Args:
        id: Its id.
        amount: What it pays.
        inside: Its members, by id; none for a library. Their amounts add up to its own.

    Raises:
        SplitError: The amounts inside do not add up.
    """

    id: str
    amount: Money
    inside: tuple[LevelSum, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse a level that does not add up."""
        found = total((one.amount for one in self.inside), self.amount.currency)
        if self.inside and found != self.amount:
            raise SplitError(
                "the members of {id!r} come to {found}, not to {amount}",
                id=self.id,
                found=found,
                amount=self.amount,
            )

    def rows(self, depth: int = 0) -> list[tuple[int, str, Money]]:
        """Return this level and those inside it with their depth, outermost first.

        >>> LevelSum(id="vla", amount=Money(5, "VND")).rows()
        [(0, 'vla', Money(minor=5, currency='VND'))]
        """
        below = [row for one in self.inside for row in one.rows(depth + 1)]
        return [(depth, self.id, self.amount), *below]


def roll_up(
    root: str, amounts: Mapping[str, Money], paths: Mapping[str, Sequence[str]]
) -> LevelSum:
    """Add up what libraries pay, federation by federation.

    Args:
        root: Id of the outermost federation.
        amounts: What each library pays, by id, in one currency; at least one.
        paths: The federations inside the root on the way to each library, outermost first; a
            library that is not there is a direct member. Each library counts once: who belongs to
            several federations is counted where its one path leads.

    Raises:
        SplitError: There is no amount.

    >>> vnd = {name: Money(5, "VND") for name in "abc"}
    >>> [(depth, name, sum_.minor) for depth, name, sum_ in
    ...  roll_up("vla", vnd, {"a": ["nala"], "b": ["nala"]}).rows()]
    [(0, 'vla', 15), (1, 'c', 5), (1, 'nala', 10), (2, 'a', 5), (2, 'b', 5)]
    """
    if not amounts:
        raise SplitError("there are no amounts to add up")
    direct = [member for member in amounts if not paths.get(member)]
    groups: dict[str, dict[str, Money]] = {}
    for member, amount in amounts.items():
        if member not in direct:
            groups.setdefault(paths[member][0], {})[member] = amount
    inside = [LevelSum(id=member, amount=amounts[member]) for member in direct]
    inside += [
        roll_up(group, of, {member: paths[member][1:] for member in of})
        for group, of in groups.items()
    ]
    whole = total((one.amount for one in inside), inside[0].amount.currency)
    return LevelSum(id=root, amount=whole, inside=tuple(sorted(inside, key=lambda one: one.id)))


def rounded_down_the_levels(
    root: str, amount: Money, exact: Mapping[str, Fraction], paths: Mapping[str, Sequence[str]]
) -> LevelSum:
    """Round exact shares from the outermost level inwards, so that every level adds up exactly.

    A federation's sum is rounded first, then what its members pay of it: nobody has to explain a
    unit that appears only in the sum.

    Args:
        root: Id of the outermost federation.
        amount: What all libraries pay together.
        exact: Exact shares in minor units, which add up to the amount.
        paths: As for ``roll_up``.

    Raises:
        SplitError: The shares do not add up to the amount, or there are none.

    >>> thirds = dict.fromkeys("abc", Fraction(10, 3))
    >>> found = rounded_down_the_levels("vla", Money(10, "VND"), thirds, {"a": ["x"], "b": ["x"]})
    >>> [(name, sum_.minor) for _depth, name, sum_ in found.rows()]
    [('vla', 10), ('c', 3), ('x', 7), ('a', 4), ('b', 3)]
    """
    if not exact:
        raise SplitError("there are no amounts to add up")
    groups: dict[tuple[bool, str], dict[str, Fraction]] = {}
    for member, share in exact.items():
        path = paths.get(member)
        key = (True, path[0]) if path else (False, member)
        groups.setdefault(key, {})[member] = share
    sums = {_told_apart(key): sum(of.values(), Fraction(0)) for key, of in groups.items()}
    whole = amount.apportioned(sums)
    inside = [
        rounded_down_the_levels(
            key[1],
            whole[_told_apart(key)],
            _scaled(of, whole[_told_apart(key)]),
            {member: paths[member][1:] for member in of},
        )
        if key[0]
        else LevelSum(id=key[1], amount=whole[_told_apart(key)])
        for key, of in groups.items()
    ]
    return LevelSum(id=root, amount=amount, inside=tuple(sorted(inside, key=lambda one: one.id)))


def _told_apart(key: tuple[bool, str]) -> str:
    return f"{key[1]} {key[0]}"


def _scaled(shares: Mapping[str, Fraction], amount: Money) -> dict[str, Fraction]:
    """Bring exact shares to a rounded sum; shares of nothing stay nothing."""
    whole = sum(shares.values(), Fraction(0))
    factor = amount.minor / whole if whole else Fraction(0)
    return {member: share * factor for member, share in shares.items()}
