"""Figures are prepared as the policy says, with their working."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from libconsortium.core.errors import SettingsError, SplitError
from libconsortium.core.sharing.bands import Band
from libconsortium.core.sharing.drivers import DriverRule
from libconsortium.core.sharing.preparing import Prepared, prepared

F = Fraction
YEARS = {
    "fte:2023": {"a": F(9), "b": F(4)},
    "fte:2024": {"a": F(10), "b": F(2)},
    "fte:2025": {"a": F(20), "b": F(3), "c": F(3)},
}


def made(figures: Mapping[str, Mapping[str, Fraction]] = YEARS, **rule: Any) -> Prepared:
    return prepared({"fte": DriverRule(**rule)}, figures, members=["a", "b", "c"])


def fte(figures: Mapping[str, Mapping[str, Fraction]] = YEARS, **rule: Any) -> dict[str, Any]:
    return dict(made(figures, **rule).figures["fte"])


def test_the_lowest_of_several_years_counts() -> None:
    assert fte(lowest_of_years=3) == {"a": 9, "b": 2}


def test_years_that_were_frozen_count_alone() -> None:
    assert fte(years=[2023]) == {"a": 9, "b": 4}
    assert fte(years=[2023, 2024])["a"] == F(19, 2)


def test_a_frozen_year_nobody_has_is_refused() -> None:
    with pytest.raises(SettingsError, match="there are figures for 0 only"):
        fte(years=[2019])


def test_a_mean_may_take_the_years_there_are() -> None:
    assert fte(mean_of_years=3, fewest_years=1)["c"] == 3
    assert "c" not in fte(mean_of_years=3, fewest_years=2)


def test_a_snapshot_day_ends_the_figures() -> None:
    assert fte(as_of=date(2024, 12, 31))["a"] == 10


def test_a_surrogate_stands_in() -> None:
    figures = {"fte:2025": {"a": F(1)}, "like:2025": {"a": F(5), "c": F(8)}}

    ready = made(figures, surrogate="like")

    assert ready.figures["fte"] == {"a": 1, "c": 8}
    assert "stands in" in str(ready.workings["fte"]["c"].what)


def test_a_surrogate_alone_is_enough_for_all() -> None:
    assert fte({"like": {"a": F(5)}}, surrogate="like") == {"a": 5}


def test_a_surrogate_nobody_has_changes_nothing() -> None:
    assert fte({}, surrogate="like") == {}


def test_an_agreed_figure_stands_for_a_missing_one() -> None:
    assert fte({"fte": {"a": F(1)}}, if_missing=7) == {"a": 1, "b": 7, "c": 7}
    assert fte({}, if_missing=7)["a"] == 7


def test_an_allowance_is_free_and_never_negative() -> None:
    ready = made(allowance=5)

    assert ready.figures["fte"] == {"a": 15, "b": 0, "c": 0}
    assert ready.workings["fte"]["b"].formula == "3 - 3"


def test_a_driver_counts_between_its_bounds() -> None:
    ready = made(at_least=4, at_most=12)

    assert ready.figures["fte"] == {"a": 12, "b": 4, "c": 4}
    assert made(at_least=1, at_most=99).workings == {}


def test_equal_figures_share_a_place() -> None:
    assert fte(rank=True) == {"a": 1, "b": 2, "c": 2}


def test_a_place_is_counted_among_all_who_have_a_figure() -> None:
    ready = prepared({"fte": DriverRule(rank=True)}, YEARS, members=["b"])

    assert ready.figures["fte"] == {"b": 2}


def test_bands_turn_a_figure_into_what_they_give() -> None:
    bands = [Band(below=10, gives=1), Band(at_least=10, gives=2)]

    assert fte(bands=bands) == {"a": 2, "b": 1, "c": 1}


def test_a_figure_in_no_band_names_the_member_and_the_driver() -> None:
    with pytest.raises(SplitError, match="'a' for 'fte': 20 lies in no band"):
        fte(bands=[Band(below=10, gives=1)])


@pytest.mark.parametrize(
    ("rule", "value", "formula"),
    [
        ("least_of", 3, "min(3, 5)"),
        ("sum_of", 8, "3 + 5"),
        ("product_of", 15, "3 * 5"),
    ],
)
def test_several_measures_become_one_driver(rule: str, value: int, formula: str) -> None:
    figures = {"x": {"a": F(3), "b": F(1)}, "y:2024": {"a": F(5)}}

    ready = made(figures, **{rule: ["x", "y"]})

    assert ready.figures["fte"] == {"a": value}
    assert ready.workings["fte"]["a"].formula == formula


def test_one_of_several_measures_that_nobody_has_leaves_no_figure() -> None:
    assert fte({"x": {"a": F(3)}}, sum_of=["x", "y"]) == {}


def test_usage_counts_in_months_of_membership_only() -> None:
    figures = {"fte:2025-01": {"a": F(4)}, "fte:2025-02": {"a": F(5)}}
    months = {"a": ["2025-02"]}

    inside = prepared({"fte": DriverRule(months="of membership")}, figures, months=months)
    all_of_it = prepared({"fte": DriverRule()}, figures, months=months)

    assert inside.figures["fte"]["a"] == 5
    assert all_of_it.figures["fte"]["a"] == 9


def test_years_stand_under_the_drivers_name_or_its_measures() -> None:
    assert fte({"fte:2024": {"a": F(1)}}, measure="students") == {"a": 1}
    assert fte({"students:2024": {"a": F(2)}}, measure="students") == {"a": 2}


def test_each_step_of_preparing_keeps_the_one_before() -> None:
    ready = made(mean_of_years=2, allowance=5)
    step = ready.workings["fte"]["a"]

    assert (step.formula, step.parts[0].formula) == ("15 - 5", "(10 + 20)/2")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"mean_of_years": 0}, "at least 1 year"),
        ({"lowest_of_years": 0}, "at least 1 year"),
        ({"measure": "x", "sum_of": ["y"]}, "only one of: measure, sum_of"),
        ({"mean_of_years": 2, "lowest_of_years": 2}, "only one of"),
        ({"months": "all"}, "'of membership' or left out"),
        ({"at_least": 2, "at_most": 1}, "at_least is above at_most"),
        ({"jump": 1}, "a factor above 1"),
        ({"allowance": -1}, "zero or more"),
        ({"step": 0}, "above zero"),
        ({"sum_of": "x"}, "a list of texts"),
        ({"years": ["2024"]}, "a list of whole numbers"),
        ({"bands": [Band(below=1), Band(at_least=2)]}, "no band from 1 to below 2"),
    ],
)
def test_a_rule_nobody_could_mean_is_refused(rule: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        DriverRule(**rule)
