"""A sponsor's way out, year by year."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import attrs
import pytest

from libconsortium import (
    ClaimsRule,
    Glide,
    GlideStep,
    LimitRule,
    Policy,
    SettingsError,
    SponsorRule,
    glide,
    with_rise,
)
from tests.worked_example import (
    DRIVERS,
    MIXED,
    REGISTRY,
    SHARES,
    TOTAL,
    alone,
    divide,
    request,
    vnd,
)


def parts(*percents: int) -> list[GlideStep]:
    return [
        GlideStep(year=2026 + number, sponsor=Fraction(percent, 100))
        for number, percent in enumerate(percents)
    ]


def rising(rise: str, *percents: int) -> Glide:
    return glide(with_rise(request(standalone=alone()), Fraction(rise)), parts(*percents), divide)


def test_ten_points_less_are_a_sixth_more_for_the_members() -> None:
    found = glide(request(), parts(40, 30), divide)
    second = found.years[1]

    assert second.members_pay.minor == 2_495_438_597
    assert second.members_rise is not None
    assert round(float(second.members_rise), 4) == 0.1667
    assert second.rise("dh-a") == Fraction(1_212_070_176, 1_038_917_293) - 1
    assert found.first_infeasible is None


def test_the_first_year_that_cannot_be_paid_ends_the_way() -> None:
    found = rising("0.15", 40, 30, 20)
    last = found.years[-1]

    assert found.first_infeasible == last.step.year == 2027
    assert last.shortfall == vnd(35_649_123)
    assert "16.67 %" in str(last.refused)
    assert "31.0 %" in str(last.refused)
    assert last.members_pay.minor == 2_495_438_597
    assert last.rise("dh-a") is None
    assert last.saving is None


def test_enough_room_lets_every_year_be_paid() -> None:
    found = rising("0.17", 40, 30, 20)

    assert found.first_infeasible is None
    assert [year.split and year.split.sponsor.minor for year in found.years] == [
        1_425_964_912,
        1_069_473_684,
        712_982_456,
    ]


def test_what_the_sponsor_gives_is_never_saved() -> None:
    savings = [year.saving for year in rising("0.7", 40, 0).years]

    assert [one and one.by_joining.minor for one in savings] == [1_435_087_719] * 2
    assert [one and one.sponsor_relief.minor for one in savings] == [1_425_964_912, 0]


def test_limits_hold_in_the_first_year_if_last_year_is_known() -> None:
    last = {member: vnd(minor // 2) for member, minor in SHARES.items()}

    found = glide(with_rise(request(last_year=last), Fraction(1, 10)), parts(40), divide)

    assert found.first_infeasible == 2026


def test_a_policy_without_limits_on_change_keeps_its_others() -> None:
    held = attrs.evolve(MIXED, limits=LimitRule(rise="15%", standalone=True))

    found = glide(request(held, standalone=alone()), parts(40), divide)

    split = found.years[0].split
    assert split is not None
    assert split.shares["dh-d"].amount == vnd(150_000_000)


def test_price_and_figures_may_change_with_the_years() -> None:
    figures = {name: {one: Fraction(1) for one in of} for name, of in DRIVERS.items()}
    steps = [
        GlideStep(year=2026, sponsor=Fraction(0)),
        GlideStep(year=2027, sponsor=vnd(400), price=vnd(1_400), drivers=figures),
    ]

    found = glide(request(), steps, divide)

    split = found.years[1].split
    assert split is not None
    assert [one.amount.minor for one in split.shares.values()] == [250] * 4


def test_an_amount_of_the_sponsor_counts_in_a_year_that_cannot_be_paid() -> None:
    held = with_rise(request(last_year={one: vnd(1) for one in SHARES}), Fraction(1, 10))

    found = glide(held, [GlideStep(year=2026, sponsor=vnd(100))], divide)

    assert found.years[0].members_pay == vnd(TOTAL - 100)
    assert found.years[0].members_rise == Fraction(TOTAL - 100, 4) - 1


def test_a_sponsor_that_pays_too_much_is_not_a_shortfall() -> None:
    held = with_rise(request(last_year={one: vnd(10**9) for one in SHARES}), Fraction(0))
    policy: Policy = attrs.evolve(held.policy, limits=LimitRule(fall="0%"))

    found = glide(attrs.evolve(held, policy=policy), parts(40), divide)

    assert found.first_infeasible == 2026
    assert found.years[0].shortfall is None


def test_there_is_at_least_one_year() -> None:
    with pytest.raises(SettingsError, match="at least one year"):
        glide(request(), [], divide)


def test_without_another_rise_the_request_stays() -> None:
    asked = request()

    assert with_rise(asked, None) is asked


@pytest.mark.parametrize("rule", sorted(REGISTRY.all(ClaimsRule)))
def test_nobody_gains_when_the_sponsor_gives_less_whatever_the_claims_rule(rule: str) -> None:
    policy = attrs.evolve(MIXED, sponsor=SponsorRule(pays="40%", by=rule))

    found = glide(request(policy), parts(40, 30, 20, 10, 0), divide)

    splits = [year.split for year in found.years if year.split is not None]
    assert len(splits) == 5
    for before, after in pairwise(splits):
        assert all(
            after.shares[member].amount.minor >= share.amount.minor - 1
            for member, share in before.shares.items()
        )
