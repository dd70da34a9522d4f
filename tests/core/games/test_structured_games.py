"""Prices with a structure say the same as a list of all coalitions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import (
    Additive,
    AtLeast,
    ByCount,
    ByWeight,
    CountDiscount,
    Game,
    Listed,
    Maximum,
    Packages,
    Part,
    Polynomial,
    Price,
    Scale,
    SplitError,
    Sum,
    TierKind,
    Tree,
)
from libconsortium.core.games.games import mask_of, members_of
from libconsortium.core.games.shapley import exact_shapley, listed_shapley
from tests.games import by_orders, few, prices

pytestmark = pytest.mark.slow

ZERO = Fraction(0)
FLAT = Scale.of_tiers(TierKind.TOTAL, [(ZERO, Fraction(1))])


@few
@given(prices())
def test_a_table_lists_what_every_coalition_costs(price: Price) -> None:
    assert price.table() == [price.of(members_of(mask)) for mask in range(1 << price.count)]


@few
@given(prices(), st.randoms(use_true_random=False))
def test_marginals_add_up_along_any_order(price: Price, random: object) -> None:
    order = list(range(price.count))
    random.shuffle(order)  # type: ignore[attr-defined] # Hypothesis gives a Random

    added = price.marginals(order)

    assert added == Price.marginals(price, order)
    assert sum(added) == price.of(order)


@few
@given(prices())
def test_separable_costs_are_what_each_adds_to_all_others(price: Price) -> None:
    assert price.separable() == Price.separable(price)


@few
@given(prices(least=2))
def test_what_calls_itself_concave_never_adds_more_to_more(price: Price) -> None:
    if price.is_concave:
        for mask in range(1 << price.count):
            for one in range(price.count):
                for other in range(one):
                    inside = set(members_of(mask)) - {one, other}
                    both = price.of(inside | {one, other}) + price.of(inside)
                    assert both <= price.of(inside | {one}) + price.of(inside | {other})


@few
@given(prices())
def test_the_shapley_value_is_the_mean_over_all_orders(price: Price) -> None:
    exact = exact_shapley(price)

    assert exact is not None
    assert exact[0] == by_orders(price)


@few
@given(prices(most=5))
def test_folding_the_list_of_coalitions_gives_the_shapley_value(price: Price) -> None:
    assert listed_shapley(price.table()) == by_orders(price)


@pytest.mark.parametrize(
    "make",
    [
        lambda: ByWeight(weights=(Fraction(-1),), scale=FLAT),
        lambda: Maximum(needs=(Fraction(-1),)),
        lambda: Tree(parents=(0,), edges=(ZERO,), homes=(0,)),
        lambda: Listed(values=(ZERO, ZERO, ZERO)),
        lambda: Listed(values=(Fraction(1), ZERO)),
        lambda: Listed(values=(ZERO,)),
        lambda: Game(players=(), price=Additive(amounts=())),
        lambda: Game(players=("a", "a"), price=Additive(amounts=(ZERO, ZERO))),
        lambda: Game(players=("a",), price=Additive(amounts=(ZERO, ZERO))),
        lambda: Game(players=("a",), price=Additive(amounts=(ZERO,)), unions=(("b",),)),
    ],
)
def test_a_game_that_makes_no_sense_is_refused(make: object) -> None:
    with pytest.raises(SplitError):
        make()  # type: ignore[operator] # each is a function


def test_what_a_player_has_no_figure_for_is_named() -> None:
    game = Game(players=("a",), price=Additive(amounts=(ZERO,)))

    with pytest.raises(SplitError, match="'a' has no figure among the 'weights'"):
        game.figure("weights", "a")


def test_too_many_players_to_list_are_refused_with_the_number() -> None:
    game = Game(
        players=tuple(map(str, range(21))),
        price=Packages(count=21, packages=()),
    )

    with pytest.raises(SplitError, match="21 players"):
        game.scaled_table()


def test_a_negative_package_is_not_concave() -> None:
    assert not Packages(count=1, packages=((Fraction(-1), (0,)),)).is_concave


def test_a_polynomial_costs_nothing_for_nothing() -> None:
    assert Polynomial(coefficients=(Fraction(5),)).at(ZERO) == 0


def test_a_price_of_its_own_kind_must_say_what_coalitions_cost() -> None:
    with pytest.raises(NotImplementedError):
        Price().of([])


def test_a_large_game_without_structure_has_no_exact_shapley_value() -> None:
    class Odd(Price):
        count = 21

    assert exact_shapley(Odd()) is None


def test_a_coalition_is_a_binary_number() -> None:
    assert mask_of(members_of(0b10110)) == 0b10110


def test_one_player_with_a_discount_pays_its_factor() -> None:
    assert ByCount(prices=(ZERO, Fraction(4))).separable() == [4]


def test_a_sum_with_a_part_that_is_too_large_has_no_exact_shapley_value() -> None:
    class Odd(Price):
        count = 21

    part = Part(members=tuple(range(21)), price=Odd())

    assert exact_shapley(Sum(count=21, parts=(part,))) is None


def test_weights_that_cannot_be_counted_are_listed_if_they_are_few() -> None:
    scale = Scale.of_tiers(TierKind.SLAB, [(ZERO, Fraction(2)), (Fraction(10**9), Fraction(1))])
    weights = tuple(Fraction(10**9 + player * 7919) for player in range(4))
    price = ByWeight(weights=weights, scale=scale)

    found = exact_shapley(price)

    assert found is not None
    assert found[0] == by_orders(price)


def test_two_roots_and_an_unused_node_are_a_tree_too() -> None:
    tree = Tree(parents=(-1, -1, 1), edges=(Fraction(2), Fraction(4), Fraction(1)), homes=(0, 1))

    assert tree.users() == [1, 1, 0]
    assert exact_shapley(tree) == (by_orders(tree), exact_shapley(tree)[1])  # type: ignore[index] # it is there


def test_a_game_knows_its_whole_and_what_each_costs_alone() -> None:
    game = Game(players=("a", "b"), price=ByCount(prices=(ZERO, Fraction(5), Fraction(8))))

    assert game.whole == 8
    assert game.alone == [5, 5]
    assert game.scaled_table() == ([0, 5, 5, 8], 1)
    assert [share.value for share in game.shared([ZERO, ZERO]).values()] == [0, 0]


def test_players_without_weight_add_nothing() -> None:
    price = ByWeight(weights=(ZERO, ZERO), scale=FLAT)

    assert exact_shapley(price) == ([ZERO, ZERO], exact_shapley(price)[1])  # type: ignore[index] # it is there


def test_a_tier_that_nobody_reaches_changes_nothing() -> None:
    tiers = [(ZERO, Fraction(2)), (Fraction(1, 2), Fraction(3)), (Fraction(4), Fraction(1))]
    for far in (Fraction(9), Fraction(90)):
        scale = Scale.of_tiers(TierKind.SLAB, [*tiers, (far, Fraction(9))])
        price = ByWeight(weights=(Fraction(1), Fraction(3), Fraction(5)), scale=scale)
        found = exact_shapley(price)
        assert found is not None
        assert found[0] == by_orders(price)


@pytest.mark.parametrize(
    "price",
    [
        CountDiscount(amounts=(Fraction(7),), factors=(ZERO, Fraction(1, 2))),
        CountDiscount(
            amounts=(Fraction(7), Fraction(2), Fraction(4)),
            factors=(ZERO, Fraction(1), Fraction(4, 5), Fraction(1, 2)),
        ),
        Additive(amounts=(Fraction(7), Fraction(2))),
        Maximum(needs=(Fraction(7), Fraction(2), Fraction(7))),
        Packages(count=2, packages=((Fraction(7), (0, 1)), (Fraction(1), ()))),
        ByWeight(
            weights=(Fraction(2), Fraction(2), Fraction(4), Fraction(6)),
            scale=Scale.of_tiers(TierKind.SLAB, [(ZERO, Fraction(5)), (Fraction(4), Fraction(3))]),
        ),
        AtLeast(price=Additive(amounts=(Fraction(7), Fraction(2))), least=Fraction(5)),
    ],
)
def test_every_structure_has_its_shapley_value(price: Price) -> None:
    found = exact_shapley(price)

    assert found is not None
    assert found[0] == by_orders(price)
    assert price.table() == Price.table(price)
    assert price.separable() == Price.separable(price)
