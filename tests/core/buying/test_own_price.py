"""An observer works out its own price from public figures."""

from __future__ import annotations

from fractions import Fraction

import attrs
import pytest

from libconsortium import (
    Bill,
    DriverRule,
    Join,
    LimitRule,
    MixTerm,
    PresentMembers,
    SplitError,
    own_price,
)
from tests.worked_example import EQUAL, MIXED, OBSERVER, TOTAL, divide, vnd

BILL = Bill(amount=vnd(TOTAL))
PUBLIC = PresentMembers(count=4, figures={"fte": Fraction(70_000), "usage": Fraction(100_000)})


def test_number_and_sums_give_the_exact_price() -> None:
    found = own_price(BILL, MIXED, PUBLIC, OBSERVER, divide)

    assert found.share.amount.minor == 222_973_128
    assert found.saves == vnd(257_026_872)
    assert found.is_exact
    assert found.notes == ()


def test_nothing_is_saved_that_is_not_known() -> None:
    found = own_price(BILL, EQUAL, PresentMembers(count=4), Join(member="x"), divide)

    assert found.saves is None
    assert found.share.amount.minor == TOTAL * 6 // 50


def test_what_needs_each_member_s_own_figures_makes_an_estimate() -> None:
    policy = attrs.evolve(
        MIXED,
        limits=LimitRule(rise="15%"),
        drivers={"fte": DriverRule(allowance=10), "usage": DriverRule()},
    )

    found = own_price(BILL, policy, PUBLIC, OBSERVER, divide)

    assert not found.is_exact
    assert "limits are left out" in str(found.notes[0])
    assert "(fte)" in str(found.notes[1])


def test_a_missing_figure_names_the_observer() -> None:
    with pytest.raises(SplitError, match="'dh-e' has no figure for 'usage'"):
        own_price(BILL, MIXED, PUBLIC, attrs.evolve(OBSERVER, figures={"fte": Fraction(1)}), divide)


def test_somebody_shares_the_bill_now() -> None:
    with pytest.raises(SplitError, match="at least 1 member"):
        PresentMembers(count=0)


def test_a_model_by_its_own_rule_makes_an_estimate() -> None:
    odd = attrs.evolve(MIXED, mix=[MixTerm(weight=100, by="last_year")], drivers={})
    sums = PresentMembers(count=2, figures={"last_year": Fraction(4)})

    found = own_price(BILL, odd, sums, Join(member="x", figures={"last_year": Fraction(4)}), divide)

    assert not found.is_exact
