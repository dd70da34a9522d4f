"""Holds a claims rule to its promises on random estates and claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from libconsortium import ClaimsRule
from libconsortium.testing.promises import conserves, leaves_alone, only_known, promise, try_many

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Claims = dict[str, Fraction]
Law = Callable[[ClaimsRule, Fraction, Claims, Claims], None]


def check_claims_rule(rule: ClaimsRule, *, examples: int = 100) -> None:
    """Check that a claims rule divides exactly and keeps every law it claims.

    Always checked: awards add up to the estate, are exact, none below zero or above its claim; the
    order of claims does not matter; the input is left as it was. ``axioms`` may claim

    * ``symmetry``: equal claims get equal awards;
    * ``scale``: twice the estate and twice the claims give twice the awards;
    * ``order``: a greater claim gets no less, and goes short by no less;
    * ``resource-monotonicity``: nobody gets less of a greater estate;
    * ``self-duality``: dividing what there is and dividing what is lacking agree;
    * ``claims-truncation``: what a claim asks beyond the whole estate does not count;
    * ``minimal-rights``: giving everybody first what all others concede changes nothing;
    * ``consistency``: when one leaves with its award, the others divide the rest as before.

    Args:
        rule: The rule.
        examples: How many random problems are tried.

    Raises:
        BrokenPromiseError: A promise is broken; the message shows the smallest such problem.

    >>> from libconsortium import Registry
    >>> check_claims_rule(Registry().find(ClaimsRule, "cea"), examples=5)
    """
    only_known(rule.name, rule.axioms, LAWS)

    def keeps_everything(problem: tuple[Fraction, Claims]) -> None:
        estate, claims = problem
        awards = _awarded(rule, estate, claims)
        promise(set(awards) == set(claims), rule.name, "one award a claim", problem, awards)
        conserves(rule.name, awards, estate, problem)
        kept = all(awards[name] <= claim for name, claim in claims.items())
        promise(kept, rule.name, "no award above its claim", problem, awards)
        same = _awarded(rule, estate, dict(reversed(list(claims.items()))))
        promise(same == awards, rule.name, "the order of claims does not matter", problem, same)
        for law in sorted(rule.axioms):
            LAWS[law](rule, estate, claims, awards)

    try_many(keeps_everything, _problems(), examples)


def _awarded(rule: ClaimsRule, estate: Fraction, claims: Claims) -> Claims:
    return leaves_alone(rule.name, claims, lambda given: rule.divide(estate, given))


def _symmetry(rule: ClaimsRule, estate: Fraction, claims: Claims, _: Claims) -> None:
    names = sorted(claims)
    twins = {**claims, names[-1]: claims[names[0]]}
    estate = min(estate, sum(twins.values(), Fraction(0)))
    awards = _awarded(rule, estate, twins)
    equal = awards[names[0]] == awards[names[-1]]
    promise(equal, rule.name, "symmetry", (estate, twins), awards)


def _scale(rule: ClaimsRule, estate: Fraction, claims: Claims, awards: Claims) -> None:
    twice = _awarded(rule, estate * 2, {name: claim * 2 for name, claim in claims.items()})
    expected = {name: award * 2 for name, award in awards.items()}
    promise(twice == expected, rule.name, "scale", (estate, claims), twice)


def _order(rule: ClaimsRule, estate: Fraction, claims: Claims, awards: Claims) -> None:
    ranked = sorted(claims, key=lambda name: claims[name])
    for less, more in pairwise(ranked):
        gets_no_less = awards[more] >= awards[less]
        lacks_no_less = claims[more] - awards[more] >= claims[less] - awards[less]
        promise(gets_no_less and lacks_no_less, rule.name, "order", (estate, claims), awards)


def _resource_monotonicity(
    rule: ClaimsRule, estate: Fraction, claims: Claims, awards: Claims
) -> None:
    more = (estate + sum(claims.values(), Fraction(0))) / 2
    now = _awarded(rule, more, claims)
    kept = all(now[name] >= award for name, award in awards.items())
    promise(kept, rule.name, "resource-monotonicity", (estate, more, claims), (awards, now))


def _self_duality(rule: ClaimsRule, estate: Fraction, claims: Claims, awards: Claims) -> None:
    lacking = sum(claims.values(), Fraction(0)) - estate
    losses = _awarded(rule, lacking, claims)
    expected = {name: claim - losses[name] for name, claim in claims.items()}
    promise(awards == expected, rule.name, "self-duality", (estate, claims), awards)


def _claims_truncation(rule: ClaimsRule, estate: Fraction, claims: Claims, awards: Claims) -> None:
    truncated = {name: min(claim, estate) for name, claim in claims.items()}
    same = _awarded(rule, estate, truncated)
    promise(same == awards, rule.name, "claims-truncation", (estate, claims), (awards, same))


def _minimal_rights(rule: ClaimsRule, estate: Fraction, claims: Claims, awards: Claims) -> None:
    whole = sum(claims.values(), Fraction(0))
    rights = {name: max(estate - (whole - claim), Fraction(0)) for name, claim in claims.items()}
    rest = estate - sum(rights.values(), Fraction(0))
    left = _awarded(rule, rest, {name: claim - rights[name] for name, claim in claims.items()})
    same = {name: rights[name] + more for name, more in left.items()}
    promise(same == awards, rule.name, "minimal-rights", (estate, claims), (awards, same))


def _consistency(rule: ClaimsRule, estate: Fraction, claims: Claims, awards: Claims) -> None:
    leaver, *others = sorted(claims)
    if others:
        rest = _awarded(rule, estate - awards[leaver], {name: claims[name] for name in others})
        kept = all(rest[name] == awards[name] for name in others)
        promise(kept, rule.name, "consistency", (estate, claims), (awards, rest))


LAWS: Mapping[str, Law] = {
    "symmetry": _symmetry,
    "scale": _scale,
    "order": _order,
    "resource-monotonicity": _resource_monotonicity,
    "self-duality": _self_duality,
    "claims-truncation": _claims_truncation,
    "minimal-rights": _minimal_rights,
    "consistency": _consistency,
}


def _problems() -> SearchStrategy[tuple[Fraction, Claims]]:
    from hypothesis import strategies as st

    claim = st.one_of(st.integers(0, 5), st.integers(0, 1000)).map(Fraction)
    claims = st.dictionaries(st.sampled_from("abcde"), claim, min_size=1)

    def with_estate(given: Claims) -> SearchStrategy[tuple[Fraction, Claims]]:
        whole = sum(given.values(), Fraction(0))
        part = st.fractions(0, 1, max_denominator=100)
        return st.tuples(part.map(lambda one: one * whole), st.just(given))

    return claims.flatmap(with_estate)
