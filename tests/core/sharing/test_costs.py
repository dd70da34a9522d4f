"""A cost game holds exact figures and says whose figure is missing."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import CostGame, Message, SplitError, exact, written

ZERO, ONE = Fraction(0), Fraction(1)


def game(figures: dict[str, Fraction] | None = None) -> CostGame:
    return CostGame(
        amount=Fraction(90), members=("a", "b"), drivers={"fte": figures} if figures else {}
    )


def test_a_missing_figure_names_the_member() -> None:
    with pytest.raises(SplitError, match="the member 'b' has no figure for 'fte'"):
        game({"a": ONE}).driver("fte")


def test_a_negative_figure_names_the_member() -> None:
    with pytest.raises(SplitError, match="the figure of 'b' for 'fte' is negative: -1"):
        game({"a": ONE, "b": -ONE}).driver("fte")


def test_figures_that_are_all_zero_are_of_no_use() -> None:
    with pytest.raises(SplitError, match=r"are zero for every member \(a, b\)"):
        game({"a": ZERO, "b": ZERO}).driver("fte")


def test_an_unknown_driver_names_those_there_are() -> None:
    with pytest.raises(SplitError, match="no figures for 'usage'; there are some for: fte"):
        game({"a": ONE, "b": ONE}).driver("usage")
    with pytest.raises(SplitError, match="there are some for: -"):
        game().driver("usage")


def test_figures_of_others_are_left_out() -> None:
    assert game({"a": ONE, "b": ZERO, "x": ONE}).driver("fte") == {"a": 1, "b": 0}


@pytest.mark.parametrize("weights", [{"a": 0, "b": 0}, {"a": 2, "b": -1}])
def test_weights_that_divide_nothing_are_refused(weights: dict[str, int]) -> None:
    with pytest.raises(SplitError, match="at least one must be above zero"):
        game().in_proportion(weights, Message("x"))


def test_an_error_lists_five_members_at_most() -> None:
    members = tuple("abcdefgh")
    many = CostGame(amount=ONE, members=members, drivers={"fte": dict.fromkeys(members, ZERO)})

    with pytest.raises(SplitError, match="a, b, c, d, e, …"):
        many.driver("fte")


@pytest.mark.parametrize("members", [(), ("b", "a"), ("a", "a")])
def test_members_come_sorted_and_once(members: tuple[str, ...]) -> None:
    with pytest.raises(SplitError, match="members"):
        CostGame(amount=ONE, members=members)


def test_a_negative_amount_is_refused() -> None:
    with pytest.raises(SplitError, match="negative amount: -1"):
        CostGame(amount=-ONE, members=("a",))


def test_working_shows_the_figures_behind_a_share() -> None:
    shares = game().in_proportion({"a": Fraction(5, 2), "b": 1}, Message("x"))

    assert shares["a"].working.formula == "2.5/3.5"
    assert shares["a"].value + shares["b"].value == 90


@given(st.fractions())
def test_a_written_number_is_the_number(number: Fraction) -> None:
    text = written(number)

    assert exact(text.strip("()")) == number


def test_shares_in_proportion_are_counted_and_made_when_asked_for() -> None:
    shares = CostGame(amount=Fraction(9), members=("a", "b")).in_proportion(
        {"a": 1, "b": Fraction(1, 2)}, Message("so")
    )

    assert len(shares) == 2
    assert list(shares) == ["a", "b"]
    assert shares["b"].working.formula == "0.5/1.5"
