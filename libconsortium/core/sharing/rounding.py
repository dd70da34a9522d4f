"""Whole units out of exact shares: largest remainders, without passing a limit."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import attrs

from libconsortium.core.sharing.costs import numerators
from libconsortium.core.sharing.limits import Limit


@attrs.frozen(kw_only=True)
class Rounded:
    """Whole amounts, and what is left because the unit is coarse.

    Args:
        amounts: Minor units by member, each a multiple of the unit, in the order of the ids.
        left: Minor units that no member pays; negative if the members pay too much.
    """

    amounts: Mapping[str, int]
    left: int


def rounded(
    amount: int,
    exact: Mapping[str, Fraction],
    limits: Mapping[str, Limit],
    *,
    unit: int = 1,
    leftover_has_payer: bool = False,
) -> Rounded:
    """Round exact shares to multiples of a unit that come as near to an amount as they can.

    Every share is rounded down; the units left over go first to members below their least, then
    to the largest remainders, ties by the larger share, then by member id. Nobody is rounded past
    a limit where somebody else pays what is left; where nobody does, a limit that is no multiple
    of the unit may be passed by less than one unit.

    Args:
        amount: Minor units the members pay together.
        exact: Exact shares in minor units; they need not add up to ``amount``.
        limits: Limits by member; who is not there has none.
        unit: Minor units to round to, at least 1.
        leftover_has_payer: Somebody else pays what the members cannot without passing a limit.

    Source: Balinski & Young, Fair Representation (2001), Hamilton's method. It is exact but not
    house-monotone: a bill larger by one unit may take a unit from a member.

    >>> dict(rounded(100, dict.fromkeys("abc", Fraction(100, 3)), {}).amounts)
    {'a': 34, 'b': 33, 'c': 33}
    >>> rounded(105, dict.fromkeys("abc", Fraction(35)), {}, unit=10).left
    5
    """
    whole, below = numerators(exact)
    step = unit * below
    floors = {member: number // step for member, number in whole.items()}
    left = amount // unit - sum(floors.values())

    def rank(member: str) -> tuple[bool, bool, int, int, str]:
        above = below_least = False
        limit = limits.get(member)
        if limit is not None:
            high, low, units = limit.high, limit.low, floors[member] * unit
            above = high is not None and (units + unit) * high.denominator > high.numerator
            below_least = units * low.denominator < low.numerator
        number = whole[member]
        return above, not below_least, floors[member] * step - number, -number, member

    ranks = sorted(map(rank, exact))
    if leftover_has_payer:
        ranks = [one for one in ranks if not one[0]]
        left = max(left, sum(not one[1] for one in ranks))
    raised = {one[-1] for one in ranks[: max(left, 0)]}
    amounts = {member: (floors[member] + (member in raised)) * unit for member in sorted(exact)}
    return Rounded(amounts=amounts, left=amount - sum(amounts.values()))


def rounded_in_groups(  # noqa: PLR0913 - as for rounded(), and the groups
    amount: int,
    exact: Mapping[str, Fraction],
    limits: Mapping[str, Limit],
    ways: Mapping[str, tuple[str, ...]],
    *,
    unit: int = 1,
    leftover_has_payer: bool = False,
) -> Rounded:
    """Round from the top down: the groups' sums first, then inside each group.

    Args:
        amount: Minor units the members pay together.
        exact: Exact shares in minor units.
        limits: Limits by member; who is not there has none.
        ways: The groups of each member, from the outermost; nothing for who is in none.
        unit: Minor units to round to, at least 1.
        leftover_has_payer: Somebody else pays what the members cannot.

    >>> exact = {name: Fraction(10, 3) for name in "abc"}
    >>> dict(rounded_in_groups(10, exact, {}, {"a": ("x",), "b": ("y",), "c": ("y",)}).amounts)
    {'a': 3, 'b': 4, 'c': 3}
    """
    numbers, below = numerators(exact)
    whole = sum(numbers.values())
    # Where an absorber pays a part, the shares come to something else than the amount.
    target = amount if whole == amount * below else whole // below
    amounts = _from_the_top(target, exact, limits, ways, unit, leftover_has_payer)
    return Rounded(amounts=amounts, left=amount - sum(amounts.values()))


def _from_the_top(  # noqa: PLR0913, PLR0917 - as for rounded_in_groups()
    amount: int,
    exact: Mapping[str, Fraction],
    limits: Mapping[str, Limit],
    ways: Mapping[str, tuple[str, ...]],
    unit: int,
    leftover_has_payer: bool,  # noqa: FBT001 - handed on
) -> dict[str, int]:
    groups: dict[str, dict[str, Fraction]] = {}
    for member, share in exact.items():
        groups.setdefault("/".join(ways.get(member, ())[:1]), {})[member] = share
    if set(groups) == {""}:
        whole = rounded(amount, exact, limits, unit=unit, leftover_has_payer=leftover_has_payer)
        return dict(whole.amounts)
    sums = {group: sum(of.values(), Fraction(0)) for group, of in groups.items()}
    tops = rounded(amount, sums, {}, unit=unit, leftover_has_payer=leftover_has_payer)
    amounts: dict[str, int] = {}
    for group, of in groups.items():
        deeper = {member: ways[member][1:] for member in of}
        top = tops.amounts[group]
        amounts |= _from_the_top(top, of, limits, deeper, unit, leftover_has_payer)
    return dict(sorted(amounts.items()))
