"""Claims rules: their promises, their duals, their limits."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import ClaimsRule, Registry, SplitError
from libconsortium.testing import check_claims_rule
from tests.games import few

pytestmark = pytest.mark.slow

RULES = Registry().all(ClaimsRule)
CLAIMS = st.dictionaries(st.sampled_from("abcde"), st.integers(0, 60).map(Fraction), min_size=1)
NAMES = {
    "proportional",
    "cea",
    "cel",
    "talmud",
    "random-arrival",
    "adjusted-proportional",
    "piniles",
    "minimal-overlap",
    "alpha-min",
}


def test_all_nine_rules_are_there() -> None:
    assert set(RULES) >= NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_rule_keeps_its_promises(name: str) -> None:
    check_claims_rule(RULES[name], examples=60)


@few
@given(CLAIMS, st.fractions(0, 1, max_denominator=20))
def test_equal_awards_and_equal_losses_are_each_others_dual(
    claims: dict[str, Fraction], part: Fraction
) -> None:
    whole = sum(claims.values(), Fraction(0))
    awards = RULES["cea"].divide(part * whole, claims)
    losses = RULES["cel"].divide(whole - part * whole, claims)

    assert awards == {name: claim - losses[name] for name, claim in claims.items()}


@pytest.mark.parametrize("name", sorted(NAMES))
@pytest.mark.parametrize("estate", [Fraction(11), Fraction(-1)])
def test_an_estate_beyond_the_claims_is_refused_with_both_figures(
    name: str, estate: Fraction
) -> None:
    with pytest.raises(SplitError, match=f"add up to 10.*got {estate}"):
        RULES[name].divide(estate, {"a": Fraction(4), "b": Fraction(6)})


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_negative_claim_is_refused(name: str) -> None:
    with pytest.raises(SplitError):
        RULES[name].divide(Fraction(1), {"a": Fraction(-4), "b": Fraction(6)})


@pytest.mark.parametrize("name", sorted(NAMES))
def test_claims_of_nothing_get_nothing(name: str) -> None:
    awards = RULES[name].divide(Fraction(0), {"a": Fraction(0), "b": Fraction(0)})

    assert awards == {"a": 0, "b": 0}


def test_random_arrival_counts_the_orders_of_forty_claims() -> None:
    claims = {f"{at:02}": Fraction(at + 1) for at in range(40)}

    awards = RULES["random-arrival"].divide(Fraction(300), claims)

    assert sum(awards.values()) == 300


def test_random_arrival_of_too_many_claims_says_what_to_do() -> None:
    claims = {f"{at:03}": Fraction(10**6 + at * 7919 % 100_003) for at in range(150)}

    with pytest.raises(SplitError, match="round the claims"):
        RULES["random-arrival"].divide(Fraction(50_000_000), claims)


def test_claims_above_a_level_overlap_least() -> None:
    # O'Neill's rule beyond the largest claim: everybody keeps what lies above the level.
    claims = {"a": Fraction(2), "b": Fraction(6), "c": Fraction(8)}

    awards = RULES["minimal-overlap"].divide(Fraction(12), claims)

    assert awards == {"a": Fraction(2, 3), "b": Fraction(14, 3), "c": Fraction(20, 3)}
