"""Limits are met exactly, and everybody within them pays in proportion."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import InfeasibleError, Limit, SplitError, clamped
from libconsortium.core.sharing.limits import level, reach

amounts = st.fractions(0, 1000, max_denominator=12)
names = st.sampled_from("abcdef")


@st.composite
def limited(draw: st.DrawFn) -> tuple[dict[str, Fraction], dict[str, Limit]]:
    weights = draw(st.dictionaries(names, amounts, min_size=1))
    limits = {}
    for name in weights:
        low, high = sorted([draw(amounts), draw(amounts)])
        limits[name] = draw(
            st.sampled_from([Limit(), Limit(low=low), Limit(high=high), Limit(low=low, high=high)])
        )
    return weights, limits


@given(limited(), st.fractions(0, 1, max_denominator=20))
def test_shares_keep_their_limits_and_add_up(
    case: tuple[dict[str, Fraction], dict[str, Limit]], where: Fraction
) -> None:
    weights, limits = case
    least, most = reach(weights, limits)
    amount = least + ((least + 1000 if most is None else most) - least) * where

    shares = clamped(amount, weights, limits)

    assert sum(shares.values()) == amount
    for name, share in shares.items():
        limit = limits[name]
        assert share >= limit.low
        assert limit.high is None or share <= limit.high


@given(limited(), st.fractions(0, 1, max_denominator=20))
def test_who_is_within_the_limits_pays_one_level_times_the_weight(
    case: tuple[dict[str, Fraction], dict[str, Limit]], where: Fraction
) -> None:
    weights, limits = case
    least, most = reach(weights, limits)
    amount = least + ((least + 1000 if most is None else most) - least) * where

    shares = clamped(amount, weights, limits)

    at = level(amount, weights, limits)
    for name, share in shares.items():
        limit = limits[name]
        if share not in {limit.low, limit.high}:
            assert share == at * weights[name]


@given(limited(), st.fractions(0, 1, max_denominator=20))
def test_a_greater_amount_lowers_nobody(
    case: tuple[dict[str, Fraction], dict[str, Limit]], where: Fraction
) -> None:
    weights, limits = case
    least, most = reach(weights, limits)
    top = least + 1000 if most is None else most
    amount = least + (top - least) * where

    less, more = (clamped(one, weights, limits) for one in (amount, (amount + top) / 2))

    assert all(more[name] >= share for name, share in less.items())


@given(limited(), st.fractions(1, 100, max_denominator=5))
def test_what_no_limits_allow_is_refused(
    case: tuple[dict[str, Fraction], dict[str, Limit]], beyond: Fraction
) -> None:
    weights, limits = case
    least, most = reach(weights, limits)

    if most is not None:
        with pytest.raises(InfeasibleError, match="at most"):
            clamped(most + beyond, weights, limits)
    if least > 0:
        with pytest.raises(InfeasibleError, match="at least"):
            clamped(least - min(least, beyond) / 2, weights, limits)


def test_a_member_of_weight_zero_pays_its_least() -> None:
    shares = clamped(
        Fraction(10), {"a": Fraction(0), "b": Fraction(1)}, {"a": Limit(low=Fraction(2))}
    )

    assert shares == {"a": 2, "b": 8}


def test_nothing_lies_between_limits_that_cross() -> None:
    with pytest.raises(SplitError, match=r"the least \(5\) is above the most \(3\)"):
        Limit(low=Fraction(5), high=Fraction(3))


@pytest.mark.parametrize(("amount", "held"), [(1, 5), (7, 7), (12, 9)])
def test_an_amount_is_held_between_the_limits(amount: int, held: int) -> None:
    assert Limit(low=Fraction(5), high=Fraction(9)).held(Fraction(amount)) == held
