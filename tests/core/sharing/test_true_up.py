"""The true-up adds up exactly and follows the parts of the budget."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import (
    Bill,
    CurrencyMismatchError,
    LimitRule,
    Money,
    Split,
    SplitError,
    SponsorRule,
    TrueUp,
    true_up,
)
from tests.worked_example import MIXED, SHARES, TOTAL, alone, done, minors, vnd


def test_a_dearer_dollar_is_paid_by_the_same_parts() -> None:
    found = true_up(done(), vnd(3_600_000_000))

    assert found.difference == vnd(35_087_719)
    assert found.parties == {"sponsor": vnd(14_035_088)}
    assert sum(minors(dict(found.members)).values()) == 35_087_719 - 14_035_088
    assert round(float(found.parts["dh-a"]), 5) == round(0.6 * 17 / 35, 5)


@given(settled=st.integers(0, 10**13))
def test_every_difference_is_within_one_unit_of_its_part_and_all_add_up(settled: int) -> None:
    found = true_up(_DONE, vnd(settled))

    for member, amount in found.members.items():
        assert abs(amount.minor - found.parts[member] * (settled - TOTAL)) < 1
    everybody = [*found.members.values(), *found.parties.values()]
    assert sum(one.minor for one in everybody) == settled - TOTAL


_DONE = done()


def test_a_sponsor_of_a_fixed_amount_has_no_part() -> None:
    fixed = done(attrs.evolve(MIXED, sponsor=SponsorRule(pays="1000000000 VND")))

    found = true_up(fixed, vnd(TOTAL + 1_000), sponsor_is_fixed=True)

    assert found.parties == {}
    assert sum(minors(dict(found.members)).values()) == 1_000


def test_who_is_held_by_a_limit_bears_what_it_pays_in_the_end() -> None:
    held = done(attrs.evolve(MIXED, limits=LimitRule(standalone=True)), standalone=alone())

    found = true_up(held, vnd(TOTAL * 2))

    assert found.members["dh-d"] == vnd(150_000_000)


def test_a_reserve_bears_its_part_too() -> None:
    last_year = {member: vnd(minor) for member, minor in SHARES.items()}
    limits = LimitRule(rise="15%", absorber="reserve")
    policy = attrs.evolve(MIXED, sponsor=SponsorRule(pays="30%"), limits=limits)

    found = true_up(done(policy, last_year=last_year), vnd(TOTAL * 2))

    assert set(found.parties) == {"sponsor", "reserve"}


def test_nobody_bears_a_part_of_nothing() -> None:
    nothing = Split(bill=Bill(amount=vnd(0)), shares={}, sponsor=vnd(0))

    assert true_up(nothing, vnd(0)).members == {}
    with pytest.raises(SplitError, match="has no parts"):
        true_up(nothing, vnd(5))


def test_a_true_up_that_does_not_add_up_cannot_be_made() -> None:
    with pytest.raises(SplitError, match="comes to 0 VND, not to 5 VND"):
        TrueUp(budget=vnd(0), settled=vnd(5), members={}, parties={}, parts={})


def test_budget_and_settlement_are_in_one_currency() -> None:
    with pytest.raises(CurrencyMismatchError):
        true_up(_DONE, Money(5, "USD"))
