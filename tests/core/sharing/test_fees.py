"""Fees come out as their rule says, line by line."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from libconsortium import (
    CurrencyMismatchError,
    DriverRule,
    FeeRule,
    InfeasibleError,
    LimitRule,
    MixTerm,
    Money,
    Policy,
    Registry,
    SettingsError,
    Split,
    SplitError,
    SponsorRule,
    split,
)
from libconsortium.core.sharing.fees import fee_of

F = Fraction
REGISTRY = Registry()
HEADS = {"heads": {"a": 10, "b": 30}}
DUES = FeeRule(name="dues", rate="5 VND", of="heads")


def policy(**more: Any) -> Policy:
    return Policy(**{"name": "x", "drivers": {"heads": DriverRule()}, "fees": [DUES], **more})


def done(rules: Policy, bill: int = 1000, **more: Any) -> Split:
    return split(Money(bill, "VND"), "ab", HEADS, rules, registry=REGISTRY, **more)


def amounts(made: Split) -> dict[str, int]:
    return {member: share.amount.minor for member, share in made.shares.items()}


def test_a_fee_adds_a_base_and_a_rate_and_multiplies() -> None:
    rule = FeeRule(name="f", base="7 VND", rate="2 VND", of="n", per=4, times=["k"])

    step = fee_of(rule, {"n": F(6), "k": F(3)}, "VND")

    assert (step.value, step.formula) == (F(30), "(7 + 2 * 6/4) * 3")


def test_a_fee_is_held_taken_for_months_and_rounded_in_this_order() -> None:
    rule = FeeRule(name="f", rate="1 VND", of="n", least="1200 VND", months="m", round_to="100 VND")

    step = fee_of(rule, {"n": F(5), "m": F(7)}, "VND")

    assert [part.value for part in step.parts] == [1200, 700]
    assert step.value == 700


def test_a_fee_is_held_at_its_most() -> None:
    rule = FeeRule(name="f", rate="1 VND", of="n", most="9 VND")

    assert fee_of(rule, {"n": F(50)}, "VND").value == 9
    assert fee_of(rule, {"n": F(5)}, "VND").parts == ()


def test_a_fee_of_half_a_unit_is_rounded_up() -> None:
    rule = FeeRule(name="f", rate="0.5 VND", of="n")

    step = fee_of(rule, {"n": F(5)}, "VND")

    assert (step.value, str(step.parts[0].what)) == (F(3), "rounded to 3 VND")


def test_a_part_of_a_fee_is_passed_on() -> None:
    rule = FeeRule(name="f", base="9 VND", passes_on="50%", to="national")

    assert fee_of(rule, {}, "VND").parts[0].value == 5


def test_more_than_twelve_months_are_refused() -> None:
    with pytest.raises(SplitError, match="12 months, got 13"):
        fee_of(FeeRule(name="f", base="9 VND", months="m"), {"m": F(13)}, "VND")


@pytest.mark.parametrize(
    "rule", [FeeRule(name="f", base="9 USD"), FeeRule(name="f", rate="9 USD", of="n")]
)
def test_a_fee_in_another_currency_is_refused(rule: FeeRule) -> None:
    with pytest.raises(CurrencyMismatchError):
        fee_of(rule, {"n": F(1)}, "VND")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({}, "a base or a rate"),
        ({"rate": "5 VND"}, "belong together"),
        ({"base": "5 VND", "of": "n"}, "belong together"),
        ({"base": "5 VND", "least": "2 VND", "most": "1 VND"}, "least fee is above"),
        ({"base": "5 VND", "round_to": "0 VND"}, "above zero"),
        ({"base": "5 VND", "passes_on": "5%"}, "to whom"),
        ({"base": "5 VND", "to": "x"}, "to whom"),
        ({"rate": 5, "of": "n"}, "with its currency in quotes"),
    ],
)
def test_a_fee_nobody_could_mean_is_refused(rule: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        FeeRule(name="f", **rule)


# ---------------------------------------------------------------- in a policy


def test_what_fees_leave_goes_to_the_named_party() -> None:
    made = done(policy(remainder="reserve"))

    assert amounts(made) == {"a": 50, "b": 150}
    assert made.others == {"reserve": Money(800, "VND")}


def test_a_party_keeps_what_fees_bring_too_much() -> None:
    assert done(policy(remainder="reserve"), bill=150).others["reserve"].minor == -50


def test_fees_may_be_scaled_to_the_bill() -> None:
    made = done(policy(remainder="scaled"))

    assert amounts(made) == {"a": 250, "b": 750}
    assert made.shares["a"].working.parts[1].formula == "(50) * 5"


def test_fees_of_nothing_cannot_be_scaled() -> None:
    nothing = policy(fees=[FeeRule(name="f", base="0 VND")], remainder="scaled")

    assert done(nothing, bill=0).members_pay.minor == 0
    with pytest.raises(SplitError, match="cannot be scaled"):
        done(nothing)


def test_the_mix_shares_what_fees_leave() -> None:
    made = done(policy(mix=[MixTerm(weight=1, by="equal")]))

    assert amounts(made) == {"a": 450, "b": 550}
    assert made.shares["a"].working.parts[1].formula == "50 + 400"


def test_fees_above_the_members_part_are_refused() -> None:
    with pytest.raises(InfeasibleError, match="fees come to 200 VND, more than the 100 VND"):
        done(policy(mix=[MixTerm(weight=1, by="equal")]), bill=100)


def test_a_fee_may_be_for_some_only() -> None:
    some = FeeRule(name="x", base="5 VND", only=["public"])

    made = done(policy(fees=[some], remainder="r"), strata={"a": "public/rural", "b": "publicity"})

    assert amounts(made) == {"a": 5, "b": 0}


def test_a_missing_figure_names_member_driver_and_fee() -> None:
    with pytest.raises(SplitError, match="'b' has no figure for 'heads', which its fee 'dues'"):
        split(
            Money(9, "VND"),
            "ab",
            {"heads": {"a": 1}},
            policy(remainder="r"),
            registry=REGISTRY,
        )


def test_a_limit_on_fees_moves_nobody_else() -> None:
    made = done(policy(remainder="reserve", limits=LimitRule(ceiling="100 VND")))

    assert amounts(made) == {"a": 50, "b": 100}
    assert made.others["reserve"].minor == 850


def test_the_sponsor_may_be_the_party() -> None:
    made = done(policy(remainder="sponsor", sponsor=SponsorRule(pays="10%")))

    assert made.sponsor.minor == 800
    assert "the sponsor pays 800 VND" in str(made.shares["a"].working.parts[0].what)


def test_fees_that_bring_too_much_cannot_lower_the_sponsor_below_nothing() -> None:
    with pytest.raises(SplitError, match="name another absorber"):
        done(policy(remainder="sponsor"), bill=100)


def test_a_party_keeping_money_is_told_as_arithmetic() -> None:
    step = done(policy(remainder="reserve"), bill=150).shares["a"].working.parts[0]

    assert step.formula == "150 + 50"


def test_a_sponsors_money_by_a_claims_rule_lowers_fees() -> None:
    rules = policy(remainder="reserve", sponsor=SponsorRule(pays="100 VND", by="cea"))

    made = done(rules)

    assert amounts(made) == {"a": 0, "b": 100}
    assert (made.sponsor.minor, made.others["reserve"].minor) == (100, 800)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "fees rarely come to the bill"),
        ({"mix": [MixTerm(weight=1, by="equal")], "remainder": "r"}, "fees and no mix"),
        ({"fees": [], "remainder": "r", "mix": [MixTerm(weight=1, by="equal")]}, "and no mix"),
    ],
)
def test_a_remainder_is_named_where_there_is_one(more: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        policy(**more)


def test_a_base_of_two_fees_adds_up() -> None:
    made = done(policy(fees=[DUES, FeeRule(name="more", base="1 VND")], remainder="r"))

    assert amounts(made) == {"a": 51, "b": 151}
