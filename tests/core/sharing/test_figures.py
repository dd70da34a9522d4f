"""The figures a policy takes out of the measures."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from libconsortium.core.directory.directory import Directory
from libconsortium.core.directory.measures import Measure
from libconsortium.core.directory.quantities import Quantity
from libconsortium.core.errors import SplitError
from libconsortium.core.sharing.drivers import DriverRule
from libconsortium.core.sharing.figures import figures_of


def _fte(library: str, period: str, value: str) -> Measure:
    return Measure(library=library, name="fte", period=period, value=Quantity.parse(value))


def test_only_the_latest_year_up_to_the_bill_is_taken() -> None:
    facts = Directory.of([_fte("a", "2023", "1"), _fte("a", "2024", "2"), _fte("a", "2026", "3")])

    figures = figures_of(facts, {"fte": DriverRule()}, ["a"], year=2025)

    assert figures == {"fte:2024": {"a": Fraction(2)}}


def test_a_mean_takes_as_many_years_as_it_asks_for() -> None:
    facts = Directory.of([_fte("a", year, "2") for year in ("2022", "2023", "2024")])

    figures = figures_of(facts, {"fte": DriverRule(mean_of_years=2)}, ["a"], year=2025)

    assert sorted(figures) == ["fte:2023", "fte:2024"]


def test_others_measures_and_other_periods_are_left_out() -> None:
    facts = Directory.of(
        [_fte("a", "2024", "2"), _fte("b", "2024", "2"), _fte("a", "2024-Q1", "9")]
    )

    figures = figures_of(
        facts, {"size": DriverRule(measure="fte"), "usage": DriverRule()}, ["a"], year=2025
    )

    assert figures == {"fte:2024": {"a": Fraction(2)}}


def test_an_approximate_figure_is_refused_by_name() -> None:
    facts = Directory.of([_fte("a", "2024", "hơn 700")])

    with pytest.raises(SplitError, match="'fte' of 'a' for 2024 is only approximate \\(> 700\\)"):
        figures_of(facts, {"fte": DriverRule()}, ["a"], year=2025)


def test_figures_of_several_measures_and_a_surrogate_are_taken() -> None:
    facts = Directory.of(
        [
            Measure(library="a", name=name, period="2024", value=Quantity.of(1))
            for name in ("income", "spending", "like", "other")
        ]
    )
    rule = DriverRule(least_of=["income", "spending"], surrogate="like")

    assert sorted(figures_of(facts, {"means": rule}, ["a"], year=2025)) == [
        "income:2024",
        "like:2024",
        "spending:2024",
    ]


def test_the_year_before_is_taken_where_a_jump_is_looked_for() -> None:
    facts = Directory.of([_fte("a", year, "2") for year in ("2022", "2023", "2024")])

    found = figures_of(facts, {"fte": DriverRule(jump=2)}, ["a"], year=2025)

    assert sorted(found) == ["fte:2023", "fte:2024"]


def test_frozen_years_and_snapshot_days_are_kept() -> None:
    facts = Directory.of([_fte("a", year, "2") for year in ("2022", "2023", "2024-10-01")])

    assert sorted(figures_of(facts, {"fte": DriverRule(years=[2022])}, ["a"], year=2025)) == [
        "fte:2022"
    ]
    day = DriverRule(as_of=date(2024, 9, 30))
    assert sorted(figures_of(facts, {"fte": day}, ["a"], year=2025)) == ["fte:2023"]
