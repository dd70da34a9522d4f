"""Years, months and days of one measure come together year by year."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from libconsortium.core.directory.periods import figures_by_year, last_day

F = Fraction


@pytest.mark.parametrize("period", ["2024-13", "2024-02-30", "x", "2024-Q1", "", "24"])
def test_a_period_we_do_not_know_has_no_last_day(period: str) -> None:
    assert last_day(period) is None


def test_a_years_own_figure_counts_before_its_days_and_months() -> None:
    figures = {"fte:2024": {"a": F(1)}, "fte:2024-10-01": {"a": F(2)}, "fte:2024-01": {"a": F(3)}}

    assert figures_by_year("fte", figures, {}) == {2024: {"a": 1}}


def test_the_latest_day_of_a_year_counts() -> None:
    figures = {"fte:2024-10-01": {"a": F(2)}, "fte:2024-03-01": {"a": F(1), "b": F(5)}}

    assert figures_by_year("fte", figures, {}) == {2024: {"a": 2, "b": 5}}


def test_nothing_counts_that_ends_after_the_snapshot() -> None:
    figures = {
        "fte:2024-03-01": {"a": F(1)},
        "fte:2024-10-01": {"a": F(2)},
        "fte:2025": {"a": F(3)},
    }

    found = figures_by_year("fte", figures, {}, as_of=date(2024, 9, 30))

    assert found == {2024: {"a": 1}}


def test_usage_before_a_member_joined_does_not_count() -> None:
    figures = {"u:2025-04": {"a": F(7), "b": F(1)}, "u:2025-05": {"a": F(5), "b": F(2)}}

    assert figures_by_year("u", figures, {"a": {"2025-05"}}) == {2025: {"a": 5, "b": 3}}


def test_other_measures_and_plain_names_are_left_out() -> None:
    assert figures_by_year("fte", {"fte": {"a": F(1)}, "x:2024": {"a": F(1)}}, {}) == {}
