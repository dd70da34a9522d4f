"""Values of a policy are read exactly or refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from libconsortium import (
    Bill,
    DriverRule,
    MixTerm,
    Money,
    Policy,
    Rate,
    SettingsError,
    SplitError,
    SponsorRule,
)
from libconsortium.core.sharing.policy_values import pays, rate, rate_or_none
from libconsortium.core.sharing.sponsoring import sponsor_part

F = Fraction
EQUAL = [MixTerm(weight=1, by="equal")]
WRONG: Any = [5]


def test_a_rate_may_be_finer_than_a_cent() -> None:
    assert rate("0.005 USD") == Rate(F(1, 200), "USD")
    assert rate(Money(5, "USD")) == Rate(F(1, 20), "USD")
    assert rate(Rate(F(1), "USD")).minor == 100
    assert rate_or_none(None) is None
    assert str(Rate(F(1, 3), "USD")) == "1/3 USD"


@pytest.mark.parametrize("wrong", ["5", "five USD", 5, "5 USDX"])
def test_what_is_no_rate_is_refused(wrong: Any) -> None:  # noqa: ANN401 - wrong on purpose
    with pytest.raises(SettingsError, match="a rate with its currency"):
        rate(wrong)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (Money(5, "VND"), Money(5, "VND")),
        (Rate(F(1, 3), "VND"), Rate(F(1, 3), "VND")),
        ("0.5 VND", Rate(F(1, 2), "VND")),
        ("2.0 VND", None),
    ],
)
def test_what_a_sponsor_pays_is_read(given: Any, read: Any) -> None:  # noqa: ANN401 - several kinds
    assert pays(given) == (read or Money(2, "VND"))


def test_support_for_each_unit_adds_up() -> None:
    rules = Policy(
        name="x",
        mix=EQUAL,
        drivers={"fte": DriverRule()},
        sponsor=SponsorRule(pays="0.5 VND", per="fte"),
    )

    paid = sponsor_part(
        rules, Money(100, "VND"), figures={"fte": {"a": F(5), "b": F(4)}}, members=["a", "b"]
    )

    assert paid == Money(5, "VND")
    with pytest.raises(SplitError, match="'b' has no figure for 'fte'"):
        sponsor_part(rules, Money(9, "VND"), figures={"fte": {"a": F(5)}}, members=["a", "b"])


def test_a_sponsors_part_changes_with_the_years() -> None:
    rule = SponsorRule(pays_in={2025: "50%", "2027": "10 VND"})

    assert (rule.in_year(2026), rule.in_year(2030)) == (F(1, 2), Money(10, "VND"))
    with pytest.raises(SettingsError, match="in 2024, only from 2025 on"):
        rule.in_year(2024)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({}, "say what the sponsor pays"),
        ({"pays": "5%", "per": "fte"}, "an amount with its currency"),
        ({"pays": "0.5 VND"}, "more decimals than its currency"),
        ({"pays_in": {"soon": "5%"}}, "expected a year"),
        ({"pays_in": WRONG}, "a table of years"),
    ],
)
def test_a_sponsor_nobody_could_mean_is_refused(rule: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        SponsorRule(**rule)


def test_last_year_and_buying_alone_are_drivers_of_their_own() -> None:
    from libconsortium import split

    rules = Policy(name="x", mix=[MixTerm(weight=1, by="last_year")])

    made = split(
        Bill(amount=Money(100, "VND")),
        "ab",
        {},
        rules,
        last_year={"a": Money(1, "VND"), "b": Money(3, "VND")},
    )

    assert made.shares["b"].amount == Money(75, "VND")
