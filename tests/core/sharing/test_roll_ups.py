"""Levels of federations add up exactly."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import LevelSum, Money, SplitError, roll_up, rounded_down_the_levels
from tests.worked_example import SHARES, vnd

PATHS = {"dh-a": ["north", "north-east"], "dh-b": ["north"], "dh-c": ["south"]}


def test_every_level_adds_up_and_each_library_counts_once() -> None:
    amounts = {member: vnd(minor) for member, minor in SHARES.items()}

    found = roll_up("vla", amounts, PATHS)

    assert [(depth, name) for depth, name, _ in found.rows()] == [
        (0, "vla"),
        (1, "dh-d"),
        (1, "north"),
        (2, "dh-b"),
        (2, "north-east"),
        (3, "dh-a"),
        (1, "south"),
        (2, "dh-c"),
    ]
    assert found.amount.minor == sum(SHARES.values())


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 10**6), min_size=1),
    st.dictionaries(
        st.sampled_from("abcdefgh"), st.lists(st.sampled_from("xyz"), max_size=3), max_size=8
    ),
)
def test_rounding_from_the_top_loses_nothing(
    weights: dict[str, int], paths: dict[str, list[str]]
) -> None:
    whole = sum(weights.values())
    amount = Money(whole // 7, "VND")
    exact = {
        name: Fraction(weight * amount.minor, whole) if whole else Fraction(0)
        for name, weight in weights.items()
    }

    found = rounded_down_the_levels("root", amount, exact, paths)

    assert found.amount == amount
    leaves = [(name, sum_.minor) for _, name, sum_ in found.rows() if name in weights]
    assert sum(minor for _, minor in leaves) == amount.minor


def test_a_level_that_does_not_add_up_cannot_be_made() -> None:
    with pytest.raises(SplitError, match="the members of 'vla' come to 5 VND, not to 6 VND"):
        LevelSum(id="vla", amount=vnd(6), inside=(LevelSum(id="a", amount=vnd(5)),))


def test_there_is_something_to_add_up() -> None:
    with pytest.raises(SplitError, match="no amounts"):
        roll_up("vla", {}, {})
    with pytest.raises(SplitError, match="no amounts"):
        rounded_down_the_levels("vla", vnd(0), {}, {})
