"""Claims rules that look at orders of coming and at how claims lie over each other.

Source: O'Neill, "A problem of rights arbitration from the Talmud", Mathematical Social Sciences 2
(1982) 345-371.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from libconsortium import ByWeight, Game, Label, Scale, SplitError, TierKind, solve_shapley
from libconsortium.plugins.claims.rules import sum_of_claims

ZERO = Fraction(0)


def random_arrival(estate: Fraction, claims: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Serve claims in the order they come, and take the mean over all orders.

    It is the Shapley value of the game in which a coalition is worth what the others leave it; the
    coalitions are counted by size and claims, so that many claims are possible.

    Raises:
        SplitError: There are too many different claims to count the orders exactly.

    >>> claims = {"a": Fraction(100), "b": Fraction(200), "c": Fraction(300)}
    >>> [str(award) for award in random_arrival(Fraction(200), claims).values()]
    ['100/3', '250/3', '250/3']
    """
    whole = sum_of_claims(estate, claims)
    if estate == whole or len(claims) == 1:
        return {name: estate * claim / whole if whole else claim for name, claim in claims.items()}
    conceded = whole - estate
    scale = Scale.of_tiers(TierKind.MARGINAL, [(ZERO, ZERO), (conceded, Fraction(1))])
    price = ByWeight(weights=tuple(claims.values()), scale=scale)
    solved = solve_shapley(Game(players=tuple(claims), price=price, is_cost=False))
    if any(share.label is not Label.EXACT for share in solved.shares.values()):
        raise SplitError(
            "there are too many different claims ({count}) to go through all orders of coming"
            " exactly; round the claims, or take another rule",
            count=len(set(claims.values())),
        )
    return {name: share.value for name, share in solved.shares.items()}


def minimal_overlap(estate: Fraction, claims: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Lay claims over the estate so that they cover each other least; share every part equally.

    Where one claim covers the whole estate, claims are nested, each counted as far as the estate
    reaches. Otherwise claims above a level are nested over that level, and the rest of the estate
    is divided among claims of its own, one claim to each part.

    >>> claims = {"a": Fraction(100), "b": Fraction(200), "c": Fraction(300)}
    >>> [str(award) for award in minimal_overlap(Fraction(200), claims).values()]
    ['100/3', '250/3', '250/3']
    """
    sum_of_claims(estate, claims)
    ranked = sorted(claims.values())
    if ranked[-1] >= estate:
        nested = _nested([min(claim, estate) for claim in ranked])
        return {name: nested[min(claim, estate)] for name, claim in claims.items()}
    level = next(_levels(estate, ranked))
    nested = _nested([min(claim, level) for claim in ranked])
    return {
        name: nested[min(claim, level)] + max(claim - level, ZERO) for name, claim in claims.items()
    }


def _levels(estate: Fraction, ranked: Sequence[Fraction]) -> Iterator[Fraction]:
    """Yield the levels at which what lies above in all claims is what the estate has left."""
    for place, (low, high) in enumerate(pairwise([ZERO, *ranked])):
        above = ranked[place:]
        if len(above) > 1:
            # sum(above) - count * level = estate - level
            level = (sum(above, ZERO) - estate) / (len(above) - 1)
            if low <= level <= high:
                yield level


def _nested(ranked: Sequence[Fraction]) -> dict[Fraction, Fraction]:
    """Return what nested claims get: every part shared equally by those who claim it."""
    awards, award, before = {}, ZERO, ZERO
    for place, claim in enumerate(ranked):
        award += (claim - before) / (len(ranked) - place)
        before = claim
        awards[claim] = award
    return awards
