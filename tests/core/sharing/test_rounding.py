"""Exact shares become whole units without losing one and without passing a limit."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from libconsortium import Limit, Money
from libconsortium.core.sharing.rounding import rounded

weights = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 1000), min_size=1)


@given(weights, st.integers(0, 10**12))
def test_units_of_one_add_up_as_money_does(given_weights: dict[str, int], amount: int) -> None:
    whole = sum(given_weights.values())
    exact = {name: Fraction(amount * weight, whole) for name, weight in given_weights.items()}

    found = rounded(amount, exact, {})

    expected = Money(amount, "VND").apportioned(exact)
    assert found.left == 0
    assert found.amounts == {name: money.minor for name, money in expected.items()}


@given(weights, st.integers(0, 10**9), st.sampled_from([10, 1000]))
def test_a_coarse_unit_leaves_less_than_itself(
    given_weights: dict[str, int], amount: int, unit: int
) -> None:
    whole = sum(given_weights.values())
    exact = {name: Fraction(amount * weight, whole) for name, weight in given_weights.items()}

    found = rounded(amount, exact, {}, unit=unit, leftover_has_payer=True)

    assert 0 <= found.left < unit
    assert all(share % unit == 0 for share in found.amounts.values())
    assert sum(found.amounts.values()) + found.left == amount


def test_nobody_is_rounded_up_past_its_most() -> None:
    exact = {"a": Fraction("10.9"), "b": Fraction("10.6"), "c": Fraction("10.5")}

    found = rounded(32, exact, {"a": Limit(high=Fraction("10.9"))})

    assert found.amounts == {"a": 10, "b": 11, "c": 11}


def test_nobody_is_rounded_down_below_its_least() -> None:
    exact = {"a": Fraction("10.1"), "b": Fraction("10.6"), "c": Fraction("10.3")}

    found = rounded(31, exact, {"a": Limit(low=Fraction("10.1"))})

    assert found.amounts == {"a": 11, "b": 10, "c": 10}


def test_without_another_payer_a_limit_gives_way_by_less_than_a_unit() -> None:
    most = Limit(high=Fraction("10.5"))

    found = rounded(21, {"a": Fraction("10.5"), "b": Fraction("10.5")}, {"a": most, "b": most})

    assert found.amounts == {"a": 11, "b": 10}


def test_with_another_payer_a_limit_never_gives_way() -> None:
    exact = {"a": Fraction("10.5"), "b": Fraction("10.5")}
    most = Limit(high=Fraction("10.5"))

    found = rounded(30, exact, {"a": most, "b": most}, leftover_has_payer=True)

    assert (found.amounts, found.left) == ({"a": 10, "b": 10}, 10)


def test_with_another_payer_everybody_reaches_its_least() -> None:
    exact = {"a": Fraction("10.5"), "b": Fraction("10.5")}
    least = Limit(low=Fraction("10.5"))

    found = rounded(15, exact, {"a": least, "b": least}, leftover_has_payer=True)

    assert (found.amounts, found.left) == ({"a": 11, "b": 11}, -7)


def test_between_equal_remainders_the_larger_share_goes_first() -> None:
    exact = {"a": Fraction("1.5"), "b": Fraction("2.5"), "c": Fraction(3)}

    assert rounded(7, exact, {}).amounts == {"a": 1, "b": 3, "c": 3}
