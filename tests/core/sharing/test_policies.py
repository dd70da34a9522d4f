"""A policy refuses what nobody could have meant."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from libconsortium import (
    DriverRule,
    LimitRule,
    MixTerm,
    Money,
    Policy,
    RoundingRule,
    SettingsError,
    SplitError,
    SponsorRule,
)
from libconsortium.core.sharing.preparing import prepared
from libconsortium.core.sharing.sponsoring import sponsor_part

NO_TEXT: Any = 5
EQUAL = [MixTerm(weight=1, by="equal")]


def policy(mix: list[MixTerm] = EQUAL, sponsor: SponsorRule | None = None) -> Policy:
    return Policy(name="x", mix=mix, sponsor=sponsor)


@pytest.mark.parametrize("weights", [(20, 80), ("0.2", "0.8"), ("20%", "80%"), ("42.5", "57.5")])
def test_weights_add_up_to_a_hundred_or_one(weights: tuple[str | int, ...]) -> None:
    mix = [MixTerm(weight=weight, by="equal") for weight in weights]

    assert sum(part for _, part in policy(mix=mix).parts()) == 1


@pytest.mark.parametrize(
    ("weights", "said"), [((20, 75), "95"), ((50, "50.5"), "100.5"), ((), "0")]
)
def test_weights_that_do_not_add_up_are_refused(weights: tuple[str | int, ...], said: str) -> None:
    with pytest.raises(SettingsError, match=f"add up to {said}, not to 100"):
        policy(mix=[MixTerm(weight=weight, by="equal") for weight in weights])


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: MixTerm(weight=0, by="equal"), "a weight must be above zero"),
        (lambda: SponsorRule(pays="140%"), "between 0% and 100%"),
        (lambda: SponsorRule(pays="-5 VND"), "zero or more"),
        (lambda: LimitRule(rise="-1%"), "a rise cannot be negative"),
        (lambda: LimitRule(rise=15), 'in per cent: "15%" or "1500%", got 15'),
        (lambda: LimitRule(rise="1.5"), 'in per cent: "1.5%" or "150%", got 1.5'),
        (lambda: LimitRule(fall="101%"), "between 0% and 100%"),
        (lambda: LimitRule(floor="-5 VND"), "zero or more"),
        (lambda: LimitRule(floor="6 VND", ceiling="5 VND"), "above the ceiling"),
        (lambda: LimitRule(floor="5 VND", ceiling="6 USD"), "another currency"),
        (lambda: LimitRule(ceiling=NO_TEXT), "with its currency in quotes"),
        (lambda: DriverRule(mean_of_years=0), "at least 1 year"),
        (lambda: RoundingRule(unit=0), "at least 1"),
        (lambda: RoundingRule(unit=1000), "say who pays it"),
    ],
)
def test_what_nobody_could_mean_is_refused(make: Callable[[], object], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        make()


def test_a_weight_is_an_exact_number() -> None:
    with pytest.raises(SplitError, match="exact number"):
        MixTerm(weight=0.2, by="equal")  # type: ignore[arg-type] # wrong on purpose


def test_a_sponsor_pays_a_part_rounded_to_a_whole_unit() -> None:
    assert sponsor_part(policy(sponsor=SponsorRule(pays="50%")), Money(3, "VND")).minor == 2


def test_a_sponsor_pays_an_amount() -> None:
    assert sponsor_part(policy(sponsor=SponsorRule(pays="2 VND")), Money(3, "VND")).minor == 2
    assert sponsor_part(
        policy(sponsor=SponsorRule(pays=Money(2, "VND"))), Money(3, "VND")
    ) == Money(2, "VND")


def test_a_sponsor_never_pays_more_than_the_bill() -> None:
    with pytest.raises(SettingsError, match="more than the bill of 3 VND"):
        sponsor_part(policy(sponsor=SponsorRule(pays="4 VND")), Money(3, "VND"))


def test_without_a_sponsor_nothing_is_paid() -> None:
    assert sponsor_part(policy(), Money(3, "USD")) == Money(0, "USD")


def test_limits_read_their_figures() -> None:
    limits = LimitRule(rise="15%", fall="0.1", floor="5 VND", ceiling=Money(9, "VND"))

    assert (limits.rise, limits.fall) == (Fraction(3, 20), Fraction(1, 10))
    assert (limits.floor, limits.ceiling) == (Money(5, "VND"), Money(9, "VND"))


YEARS = {
    "fte:2023": {"a": Fraction(9), "b": Fraction(0)},
    "fte:2024": {"a": Fraction(10), "b": Fraction(1)},
    "fte:2025": {"a": Fraction(20), "b": Fraction(2), "c": Fraction(3)},
}


@pytest.mark.parametrize(("years", "expected"), [(1, 20), (2, 15), (3, 13)])
def test_a_driver_is_the_mean_of_its_latest_years(years: int, expected: int) -> None:
    ready = prepared({"fte": DriverRule(mean_of_years=years)}, YEARS).figures

    assert ready["fte"]["a"] == expected


def test_a_member_without_a_year_has_no_mean() -> None:
    assert "c" not in prepared({"fte": DriverRule(mean_of_years=2)}, YEARS).figures["fte"]


def test_too_few_years_for_a_mean_are_counted() -> None:
    with pytest.raises(SettingsError, match="a mean of 4 years, but there are figures for 3 only"):
        prepared({"fte": DriverRule(mean_of_years=4)}, YEARS)


def test_a_figure_under_its_own_name_counts_as_prepared() -> None:
    figures = {**YEARS, "fte": {"a": Fraction(7)}}

    assert prepared({"fte": DriverRule(mean_of_years=2)}, figures).figures["fte"] == {"a": 7}


def test_a_driver_may_come_from_a_measure_of_another_name() -> None:
    rules = {"students": DriverRule(measure="fte"), "readers": DriverRule(measure="visits")}

    ready = prepared(rules, {**YEARS, "visits": {"a": Fraction(5)}}).figures

    assert ready["students"]["a"] == 20
    assert ready["readers"] == {"a": 5}


def test_a_driver_nobody_has_figures_for_stays_away() -> None:
    assert "usage" not in prepared({"usage": DriverRule()}, YEARS).figures


def test_budgets_that_limits_look_at_are_figures_too() -> None:
    plain = Policy(name="x", mix=EQUAL, drivers={"fte": DriverRule()})
    limited = Policy(name="x", mix=EQUAL, limits=LimitRule(of_budget="5%", budget="means"))

    assert set(plain.figures) == {"fte"}
    assert set(limited.figures) == {"means"}
