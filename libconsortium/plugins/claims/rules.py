"""Divides an estate among claims that exceed it.

Source: Thomson, "Axiomatic and game-theoretic analysis of bankruptcy and taxation problems: a
survey", Mathematical Social Sciences 45 (2003) 249-297.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from libconsortium import Limit, SplitError, clamped


def proportional(estate: Fraction, claims: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Meet every claim to the same percentage.

    >>> proportional(Fraction(30), {"a": Fraction(20), "b": Fraction(40)})["b"]
    Fraction(20, 1)
    """
    whole = sum_of_claims(estate, claims)
    return {name: estate * claim / whole if whole else claim for name, claim in claims.items()}


def equal_awards(estate: Fraction, claims: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Give everybody the same, but nobody more than its claim.

    >>> equal_awards(Fraction(30), {"a": Fraction(10), "b": Fraction(40)})["b"]
    Fraction(20, 1)
    """
    sum_of_claims(estate, claims)
    most = {name: Limit(high=claim) for name, claim in claims.items()}
    return clamped(estate, dict.fromkeys(claims, Fraction(1)), most)


def equal_losses(estate: Fraction, claims: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Let everybody go short by the same, but nobody below zero: the dual of equal awards.

    >>> equal_losses(Fraction(30), {"a": Fraction(10), "b": Fraction(40)})["b"]
    Fraction(30, 1)
    """
    losses = equal_awards(sum_of_claims(estate, claims) - estate, claims)
    return {name: claim - losses[name] for name, claim in claims.items()}


def sum_of_claims(estate: Fraction, claims: Mapping[str, Fraction]) -> Fraction:
    """Return the sum of the claims, or refuse what cannot be divided.

    Raises:
        SplitError: A claim is negative, or the estate is negative or more than all claims.
    """
    whole = sum(claims.values(), Fraction(0))
    if min([estate, *claims.values()]) < 0 or estate > whole:
        raise SplitError(
            "the claims add up to {whole}; the estate lies between zero and that, got {estate},"
            " and no claim is negative",
            whole=whole,
            estate=estate,
        )
    return whole
