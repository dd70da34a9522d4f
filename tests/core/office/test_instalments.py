"""Instalments add up, whatever the plan."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import DueDate, SettingsError, instalments
from tests.worked_example import vnd

FIRST = date(2027, 1, 31)


@given(
    amount=st.integers(-(10**13), 10**13),
    weights=st.lists(st.integers(1, 100), min_size=1, max_size=24),
)
def test_instalments_add_up_and_never_run_ahead(amount: int, weights: list[int]) -> None:
    plan = [DueDate(on=FIRST + timedelta(days=n), part=part) for n, part in enumerate(weights)]

    made = instalments(vnd(amount), plan)

    assert sum(one.amount.minor for one in made) == amount
    paid, due = 0, Fraction(0)
    for one, weight in zip(made, weights, strict=True):
        paid += one.amount.minor
        due += Fraction(amount * weight, sum(weights))
        assert abs(paid - due) <= Fraction(1, 2)


def test_the_order_of_the_plan_does_not_matter() -> None:
    plan = [DueDate(on=date(2027, 9, 1), part="1/3"), DueDate(on=date(2027, 3, 1), part="2/3")]

    assert [one.amount.minor for one in instalments(vnd(100), plan)] == [67, 33]
    assert instalments(vnd(100), plan) == instalments(vnd(100), plan[::-1])


def test_without_a_plan_there_are_none() -> None:
    assert instalments(vnd(100), []) == ()


def test_a_part_of_nothing_is_no_instalment() -> None:
    with pytest.raises(SettingsError, match="above zero"):
        DueDate(on=FIRST, part="0%")
