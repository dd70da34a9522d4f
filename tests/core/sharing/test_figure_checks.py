"""What is odd about figures is said with the library's name, before anybody divides by them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from libconsortium import (
    DriverRule,
    FeeRule,
    Inside,
    LimitRule,
    MixTerm,
    Policy,
    SponsorRule,
    StrataRule,
)
from libconsortium.core.sharing.figure_checks import figure_problems

F = Fraction
FTE = [MixTerm(weight=1, by="fte")]


def policy(rule: DriverRule | None = None, **more: Any) -> Policy:
    drivers = {"fte": rule or DriverRule(), "use": DriverRule()}
    return Policy(**{"name": "x", "mix": FTE, "drivers": drivers, **more})


def test_a_missing_figure_names_library_driver_and_years() -> None:
    figures = {"fte:2024": {"a": F(1)}, "fte:2025": {"a": F(1), "b": F(2)}}

    found = figure_problems(policy(DriverRule(mean_of_years=2)), figures, ["a", "b"])

    assert [(one.code, one.where.record) for one in found] == [("FIGURE_MISSING", "b")]
    assert str(found[0].what) == "no figure for 'fte' (fte:2024)"


def test_a_driver_without_any_figures_is_missing_for_all() -> None:
    found = figure_problems(policy(), {}, ["a", "b"])

    assert [str(one.what) for one in found] == ["no figure for 'fte'"] * 2


@pytest.mark.parametrize(("now", "odd"), [(20, False), (21, True), (5, False), (4, True)])
def test_a_jump_is_named_beyond_the_factor(now: int, odd: bool) -> None:  # noqa: FBT001 - a case
    figures = {"fte:2024": {"a": F(10)}, "fte:2025": {"a": F(now)}}

    found = figure_problems(policy(DriverRule(jump=2)), figures, ["a"])

    assert [one.code for one in found] == ["FIGURE_JUMP"] * odd


def test_one_year_cannot_jump() -> None:
    assert figure_problems(policy(DriverRule(jump=2)), {"fte:2025": {"a": F(1)}}, ["a"]) == ()


def test_a_figure_is_asked_for_only_where_it_decides() -> None:
    inside = {"y": Inside(mix=[MixTerm(weight=1, by="use")])}
    rules = policy(strata=StrataRule(shares={"x": 50, "y": 50}, inside=inside))
    figures = {"fte": {"a": F(1)}, "use": {"b": F(1)}}

    assert figure_problems(rules, figures, ["a", "b"], strata={"a": "x", "b": "y"}) == ()


@pytest.mark.parametrize(
    ("more", "stratum", "drivers"),
    [
        ({}, "", {"fte"}),
        ({"fees": [FeeRule(name="f", rate="1 VND", of="use")]}, "", {"fte", "use"}),
        ({"sponsor": SponsorRule(pays="1 VND", per="use")}, "", {"fte", "use"}),
        ({"limits": LimitRule(of_budget="5%", budget="use")}, "", {"fte", "use"}),
        (
            {"mix": [MixTerm(weight=1, by="mixture", parameters={"weights": {"use": 1}})]},
            "",
            {"use"},
        ),
        ({"mix": [MixTerm(weight=1, by="bids", parameters={"x": ["use", 3]})]}, "", {"use"}),
        (
            {
                "strata": StrataRule(
                    mix=[MixTerm(weight=1, by="use")],
                    inside={"x": Inside(strata=StrataRule(shares={"1": 100}))},
                )
            },
            "x/1",
            {"use", "fte"},
        ),
    ],
)
def test_a_policy_knows_what_decides_over_a_member(
    more: dict[str, Any], stratum: str, drivers: set[str]
) -> None:
    assert policy(**more).drivers_of(stratum) == drivers
