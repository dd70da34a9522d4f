"""Claims rules that are put together from equal awards, equal losses and proportional parts.

Source: Thomson, "Axiomatic and game-theoretic analysis of bankruptcy and taxation problems: a
survey", Mathematical Social Sciences 45 (2003) 249-297.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from libconsortium.plugins.claims.rules import (
    equal_awards,
    equal_losses,
    proportional,
    sum_of_claims,
)


def talmud(estate: Fraction, claims: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Give equal awards up to half of every claim, and beyond that let losses be equal.

    Source: Aumann & Maschler, Journal of Economic Theory 36 (1985) 195-213.

    >>> awards = talmud(Fraction(200), {"a": Fraction(100), "b": Fraction(200), "c": Fraction(300)})
    >>> [int(award) for award in awards.values()]
    [50, 75, 75]
    """
    halves = {name: claim / 2 for name, claim in claims.items()}
    half = sum_of_claims(estate, claims) / 2
    if estate <= half:
        return equal_awards(estate, halves)
    more = equal_losses(estate - half, halves)
    return {name: halves[name] + more[name] for name in claims}


def piniles(estate: Fraction, claims: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Give equal awards up to half of every claim, and beyond that equal awards again.

    >>> awards = piniles(Fraction(10), {"a": Fraction(2), "b": Fraction(6), "c": Fraction(8)})
    >>> [str(award) for award in awards.values()]
    ['5/3', '11/3', '14/3']
    """
    halves = {name: claim / 2 for name, claim in claims.items()}
    half = sum_of_claims(estate, claims) / 2
    if estate <= half:
        return equal_awards(estate, halves)
    more = equal_awards(estate - half, halves)
    return {name: halves[name] + more[name] for name in claims}


def adjusted_proportional(estate: Fraction, claims: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Give everybody what the others concede, and the rest in proportion to what claims are left.

    What is left of a claim counts only as far as the rest of the estate reaches.

    Source: Curiel, Maschler & Tijs, Zeitschrift für Operations Research 31 (1987) 143-159.

    >>> awards = adjusted_proportional(Fraction(1), {"a": Fraction(1), "b": Fraction(1, 2)})
    >>> [str(award) for award in awards.values()]
    ['3/4', '1/4']
    """
    whole = sum_of_claims(estate, claims)
    conceded = {name: max(estate - (whole - claim), Fraction(0)) for name, claim in claims.items()}
    rest = estate - sum(conceded.values(), Fraction(0))
    left = {name: min(claim - conceded[name], rest) for name, claim in claims.items()}
    more = proportional(rest, left)
    return {name: conceded[name] + more[name] for name in claims}


def alpha_min(estate: Fraction, claims: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Give everybody the smallest claim, and the rest in proportion to what claims are left.

    Where the estate does not reach for that, it is divided equally. Where somebody claims nothing,
    all is divided in proportion.

    Source: Giménez-Gómez & Peris, "A proportional approach to claims problems with a guaranteed
    minimum", European Journal of Operational Research 232 (2014) 109-116.

    >>> claims = {"a": Fraction(10), "b": Fraction(20), "c": Fraction(30), "d": Fraction(40)}
    >>> [str(award) for award in alpha_min(Fraction(67), claims).values()]
    ['10', '29/2', '19', '47/2']
    """
    sum_of_claims(estate, claims)
    least = min(claims.values(), default=Fraction(0))
    if estate <= least * len(claims):
        return {name: estate / len(claims) for name in claims}
    more = proportional(estate - least * len(claims), {n: c - least for n, c in claims.items()})
    return {name: least + more[name] for name in claims}
