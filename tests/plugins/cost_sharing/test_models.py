"""The cost models keep their promises, and refuse what they cannot divide."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from libconsortium import CostGame, CostModel, Registry, SplitError
from libconsortium.testing import check_cost_model

pytestmark = pytest.mark.slow

F = Fraction
REGISTRY = Registry()


def game(
    amount: int,
    drivers: Mapping[str, Mapping[str, int]],
    major: int = 1,
    **parameters: Any,
) -> CostGame:
    members = tuple(sorted({member for of in drivers.values() for member in of}))
    figures = {name: {one: F(value) for one, value in of.items()} for name, of in drivers.items()}
    return CostGame(
        amount=F(amount), members=members, drivers=figures, parameters=parameters, major=major
    )


def divided(name: str, given: CostGame) -> dict[str, Fraction]:
    shares = REGISTRY.find(CostModel, name).divide(given)
    return {member: share.value for member, share in shares.items()}


@pytest.mark.parametrize(
    ("name", "parameters", "drivers"),
    [
        ("equal", {}, ("fte",)),
        ("proportional", {"driver": "fte"}, ("fte",)),
        ("mixture", {"weights": {"equal": 20, "fte": 80}}, ("fte", "usage")),
        ("fixed", {"shares": {"a": 1, "b": 2, "c": 3, "d": 0, "e": 5}}, ("fte",)),
        ("item-split", {"prices": {"p1": 90, "p2": 40}}, ("takes:p1", "takes:p2")),
        ("item-split", {"prices": {"p1": 9}, "by": "fte"}, ("takes:p1", "fte")),
        ("bids", {"driver": "bid"}, ("bid",)),
        ("proportional-savings", {"x": 1}, ("standalone",)),
        ("equal-savings", {"x": 1}, ("standalone",)),
        ("separable-costs", {"separable": "adds"}, ("standalone", "adds")),
    ],
)
def test_a_model_keeps_what_it_promises(
    name: str, parameters: dict[str, object], drivers: tuple[str, ...]
) -> None:
    check_cost_model(
        REGISTRY.find(CostModel, name), parameters=parameters, drivers=drivers, examples=60
    )


def test_every_model_of_ours_says_where_it_comes_from() -> None:
    assert all(model.source for model in REGISTRY.all(CostModel).values())


def test_equal_savings_stop_at_nothing() -> None:
    given = game(60, {"standalone": {"a": 5, "b": 100}})

    assert divided("equal-savings", given) == {"a": 0, "b": 60}


def test_where_buying_together_is_dearer_all_pay_the_same_more() -> None:
    given = game(120, {"standalone": {"a": 10, "b": 100}})

    assert divided("equal-savings", given) == {"a": 15, "b": 105}


def test_prices_of_buying_alone_are_in_major_units() -> None:
    given = game(9_000, {"standalone": {"a": 40, "b": 60}}, major=100)

    assert divided("equal-savings", given) == {"a": 3500, "b": 5500}


def test_what_each_adds_comes_first() -> None:
    figures = {"standalone": {"a": 60, "b": 40}, "adds": {"a": 50, "b": 30}}

    assert divided("separable-costs", game(80, figures, separable="adds")) == {"a": 50, "b": 30}


@pytest.mark.parametrize(
    "figures",
    [
        {"standalone": {"a": 60, "b": 40}, "adds": {"a": 60, "b": 40}},
        {"standalone": {"a": 60, "b": 10}, "adds": {"a": 20, "b": 20}},
    ],
)
def test_members_that_add_too_much_are_refused(figures: Mapping[str, Mapping[str, int]]) -> None:
    with pytest.raises(SplitError, match="nothing is left to share by benefit"):
        divided("separable-costs", game(80, figures, separable="adds"))


def test_what_nobody_would_add_to_benefit_is_refused() -> None:
    figures = {"standalone": {"a": 20, "b": 20}, "adds": {"a": 20, "b": 20}}

    with pytest.raises(SplitError, match="nothing is left"):
        divided("separable-costs", game(80, figures, separable="adds"))


def test_separable_costs_need_the_name_of_a_driver() -> None:
    with pytest.raises(SplitError, match="what each member adds"):
        divided("separable-costs", game(80, {"standalone": {"a": 1}}))


def test_bids_that_do_not_come_to_enough_name_the_gap() -> None:
    with pytest.raises(SplitError, match="the bids come to 9000, the amount to 10000; 1000 is"):
        divided("bids", game(10_000, {"bid": {"a": 60, "b": 30}}, major=100))


def test_an_item_is_shared_by_how_much_each_takes() -> None:
    takes = {"takes:p": {"a": 1, "b": 3}}

    assert divided("item-split", game(80, takes, prices={"p": 1})) == {"a": 20, "b": 60}


def test_takers_may_share_an_item_by_a_driver() -> None:
    figures = {"takes:p": {"a": 1, "b": 1, "c": 0}, "fte": {"a": 3, "b": 1, "c": 9}}

    found = divided("item-split", game(80, figures, prices={"p": 1}, by="fte"))

    assert found == {"a": 60, "b": 20, "c": 0}


@pytest.mark.parametrize(
    ("figures", "parameters", "said"),
    [
        ({"takes:p": {"a": 0}}, {"prices": {"p": 1}}, "nobody takes 'p'"),
        ({"fte": {"a": 1}}, {"prices": {"p": 1}}, "nobody takes 'p'"),
        ({"takes:p": {"a": 1}}, {"prices": {"p": 0}}, "at least one is above zero"),
        ({"takes:p": {"a": 1}}, {"prices": {"p": 2, "q": -1}}, "are not negative"),
        ({"takes:p": {"a": 1}}, {}, "needs the parameter 'prices'"),
        (
            {"takes:p": {"a": 1, "b": 0}, "fte": {"a": 0, "b": 1}},
            {"prices": {"p": 1}, "by": "fte"},
            "all who take 'p' have a figure of zero",
        ),
    ],
)
def test_items_that_cannot_be_divided_are_named(
    figures: Mapping[str, Mapping[str, int]], parameters: dict[str, Any], said: str
) -> None:
    with pytest.raises(SplitError, match=said):
        divided("item-split", game(80, figures, **parameters))


def test_an_item_that_nobody_prices_costs_nobody() -> None:
    given = game(0, {"takes:p": {"a": 1, "b": 1}}, prices={"p": 1})

    assert divided("item-split", given) == {"a": 0, "b": 0}


@pytest.mark.parametrize(
    ("name", "parameters", "said"),
    [
        ("mixture", {}, "needs the parameter 'weights'"),
        ("mixture", {"weights": {"fte": 90}}, "add up to 90"),
        ("fixed", {"shares": {}}, "needs the parameter 'shares'"),
        ("item-split", {"prices": {"p": "many"}}, "cannot read 'many'"),
        ("separable-costs", {}, "what each member adds"),
    ],
)
def test_parameters_are_checked_before_there_is_a_bill(
    name: str, parameters: dict[str, object], said: str
) -> None:
    check = REGISTRY.find(CostModel, name).check
    assert check is not None

    assert any(said in str(what) for what in check(parameters))


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("mixture", {"weights": {"fte": 100}}),
        ("fixed", {"shares": {"a": 1}}),
        ("item-split", {"prices": {"p": 1}}),
        ("separable-costs", {"separable": "adds"}),
    ],
)
def test_right_parameters_have_no_fault(name: str, parameters: dict[str, object]) -> None:
    check = REGISTRY.find(CostModel, name).check
    assert check is not None

    assert list(check(parameters)) == []
