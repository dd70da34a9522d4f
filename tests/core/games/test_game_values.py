"""Solutions of games other than the Shapley value and the nucleolus."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import (
    Additive,
    ByCount,
    Game,
    Label,
    Listed,
    Maximum,
    Offer,
    OfferPackage,
    OfferTier,
    Packages,
    Polynomial,
    Price,
    Pricing,
    Scale,
    SplitError,
    Taker,
    Tariff,
    TierKind,
    offer_price,
    tariff_game,
)
from libconsortium.core.games.game_values import (
    alternate_cost_avoided,
    equal_nonseparable,
    owen,
    remaining_benefits,
    serial,
    tau,
    unions_of,
    weighted_shapley,
)
from libconsortium.core.games.order_samples import Sample, any_order, sampled, union_order
from libconsortium.core.games.shapley import listed_shapley
from libconsortium.core.money import Money
from tests.games import by_orders, few, prices

ZERO = Fraction(0)
NOTHING = Additive(amounts=(ZERO,) * 3)
SQUARE = Polynomial(coefficients=(ZERO, ZERO, Fraction(1)))


def named(price: Price, **figures: Any) -> Game:
    return Game(players=tuple("abcde"[: price.count]), price=price, **figures)


@few
@given(prices(), st.integers(1, 5))
def test_equal_weights_give_the_shapley_value(price: Price, weight: int) -> None:
    weights = dict.fromkeys("abcd"[: price.count], Fraction(weight, 3))

    assert weighted_shapley(named(price, weights=weights)) == listed_shapley(price.table())


@few
@given(prices(least=2))
def test_the_weighted_value_of_what_all_need_is_in_proportion_to_weights(price: Price) -> None:
    everybody = Listed(values=(*[ZERO] * ((1 << price.count) - 1), Fraction(6)))
    weights = {player: Fraction(at + 1) for at, player in enumerate("abcd"[: price.count])}
    whole = sum(weights.values())

    shares = weighted_shapley(named(everybody, weights=weights))

    assert shares == [6 * weight / whole for weight in weights.values()]


@pytest.mark.parametrize("weights", [{}, {"a": ZERO, "b": Fraction(1)}])
def test_weights_are_there_and_above_zero(weights: dict[str, Fraction]) -> None:
    with pytest.raises(SplitError, match="'a'"):
        weighted_shapley(named(ByCount(prices=(ZERO, ZERO, ZERO)), weights=weights))


def owen_by_orders(game: Game) -> list[Fraction]:
    shares, count = [ZERO] * len(game.players), 0
    for order in permutations(range(len(game.players))):
        places = {player: come for come, player in enumerate(order)}
        together = all(
            max(places[p] for p in union) - min(places[p] for p in union) == len(union) - 1
            for union in unions_of(game)
        )
        if together:
            count += 1
            for player, added in zip(order, game.price.marginals(order), strict=True):
                shares[player] += added
    return [share / count for share in shares]


@few
@given(prices(), st.lists(st.integers(0, 2), min_size=4, max_size=4))
def test_the_owen_value_is_the_mean_over_orders_in_which_unions_come_whole(
    price: Price, groups: list[int]
) -> None:
    players = "abcd"[: price.count]
    unions = [
        tuple(player for player, group in zip(players, groups, strict=False) if group == one)
        for one in range(2)
    ]
    game = named(price, unions=tuple(unions))

    assert owen(game) == owen_by_orders(game)


@few
@given(prices())
def test_one_union_or_none_makes_owens_value_shapleys(price: Price) -> None:
    players = tuple("abcd"[: price.count])

    assert owen(named(price)) == owen(named(price, unions=(players,))) == by_orders(price)


def test_nobody_is_in_two_unions() -> None:
    with pytest.raises(SplitError, match="'a' is in two unions"):
        owen(named(NOTHING, unions=(("a", "b"), ("a",))))


@few
@given(prices())
def test_the_tau_value_lies_between_claims_and_what_each_adds(price: Price) -> None:
    for is_cost in (True, False):
        game = named(Listed(values=tuple(price.table())), is_cost=is_cost)
        shares = tau(game)
        if shares is not None:
            sign = -1 if is_cost else 1
            best = price.separable()
            assert sum(shares) == game.whole
            assert all(sign * s <= sign * b for s, b in zip(shares, best, strict=True))


@few
@given(prices())
def test_a_concave_price_has_the_tau_value_of_its_list(price: Price) -> None:
    listed = named(Listed(values=tuple(price.table())))

    assert tau(named(price)) == tau(listed)


def test_a_game_in_which_claims_pass_the_whole_has_no_tau_value() -> None:
    alone_is_better = tuple(map(Fraction, (0, 2, 2, 0, 2, 0, 0, 3)))

    assert tau(named(Listed(values=alone_is_better), is_cost=False)) is None


def test_a_game_in_which_claims_leave_no_room_has_no_tau_value() -> None:
    majority = tuple(Fraction(int(mask.bit_count() > 1)) for mask in range(8))
    dear = (ZERO, Fraction(5), Fraction(5), Fraction(1))

    assert tau(named(Listed(values=majority), is_cost=False)) is None
    assert tau(named(Listed(values=dear), is_cost=False)) is None


@few
@given(prices())
def test_separable_costs_and_the_rest_add_up(price: Price) -> None:
    game = named(price)

    for shares in (
        equal_nonseparable(game),
        remaining_benefits(game),
        alternate_cost_avoided(game),
    ):
        assert shares is None or sum(shares) == game.whole


def test_a_benefit_below_the_cost_alone_limits_what_remains() -> None:
    price = ByCount(prices=(ZERO, Fraction(10), Fraction(12)))
    game = named(price, benefits={"a": Fraction(4)})

    assert remaining_benefits(game) == [Fraction(18, 5), Fraction(42, 5)]
    assert alternate_cost_avoided(game) == [Fraction(6), Fraction(6)]


def test_without_remaining_benefits_the_rule_says_nothing() -> None:
    odd = Listed(
        values=(
            ZERO,
            Fraction(1),
            Fraction(1),
            Fraction(2),
            Fraction(1),
            Fraction(2),
            Fraction(2),
            Fraction(4),
        )
    )
    flat = named(Listed(values=(ZERO, Fraction(2), Fraction(3), Fraction(5))))

    assert remaining_benefits(flat) == [Fraction(2), Fraction(3)]
    assert remaining_benefits(named(odd)) is not None
    assert (
        remaining_benefits(
            named(
                Listed(
                    values=(
                        ZERO,
                        Fraction(1),
                        Fraction(1),
                        Fraction(0),
                        Fraction(1),
                        Fraction(0),
                        Fraction(0),
                        Fraction(1),
                    )
                )
            )
        )
        is None
    )


@few
@given(
    st.lists(
        st.builds(Fraction, st.integers(0, 9), st.sampled_from([1, 2])), min_size=3, max_size=3
    )
)
def test_serial_shares_add_up_and_do_not_depend_on_larger_demands(demands: list[Fraction]) -> None:
    figures = dict(zip("abc", demands, strict=True))
    greedy = {**figures, max(figures, key=lambda name: figures[name]): Fraction(50)}
    largest = max(figures, key=lambda name: figures[name])

    shares = dict(
        zip("abc", serial(named(NOTHING, demands=figures, technology=SQUARE)), strict=True)
    )
    others = dict(
        zip("abc", serial(named(NOTHING, demands=greedy, technology=SQUARE)), strict=True)
    )

    assert sum(shares.values()) == SQUARE.at(sum(demands, ZERO))
    assert all(shares[name] == others[name] for name in figures if name != largest)


def test_serial_shares_can_be_read_off_the_coalitions() -> None:
    demands = {"a": Fraction(1), "b": Fraction(2), "c": Fraction(3)}
    sums = [sum(d for at, d in enumerate(demands.values()) if mask >> at & 1) for mask in range(8)]
    squares = Listed(values=tuple(Fraction(total * total) for total in sums))

    assert serial(named(squares, demands=demands)) == [3, 11, 22]


@pytest.mark.parametrize("demand", [Fraction(-1), Fraction(1, 7)])
def test_demands_that_cannot_be_served_are_refused(demand: Fraction) -> None:
    demands = {"a": demand, "b": Fraction(2), "c": Fraction(3)}

    with pytest.raises(SplitError):
        serial(named(NOTHING, demands=demands))


def test_many_demands_need_a_cost_of_the_quantity() -> None:
    players = tuple(map(str, range(21)))
    demands = {player: Fraction(1) for player in players}
    game = Game(players=players, price=Additive(amounts=(ZERO,) * 21), demands=demands)

    with pytest.raises(SplitError, match="21"):
        serial(game)


# ---------------------------------------------------------------- samples


def test_a_sample_comes_near_adds_up_and_says_how_near() -> None:
    price = Maximum(needs=tuple(Fraction(need) for need in range(1, 31)))
    exact = listed_shapley(Maximum(needs=price.needs[:3]).table())
    shares = sampled(price, any_order(30), Sample(groups=30))

    assert sum(share.value for share in shares) == 30
    assert all(share.label is Label.ESTIMATED for share in shares)
    assert all(
        share.interval is not None and share.interval[0] <= share.value <= share.interval[1]
        for share in shares
    )
    assert len(exact) == 3


def test_the_same_seed_gives_the_same_sample() -> None:
    price = Maximum(needs=tuple(Fraction(need) for need in range(1, 9)))

    one, same, other = (
        sampled(price, any_order(8), Sample(groups=3, seed=seed)) for seed in (1, 1, 2)
    )

    assert one == same != other


def test_sampled_unions_come_one_after_the_other() -> None:
    order = union_order([[0, 2], [1, 3, 4]])(Random(5))  # noqa: S311 - a sample

    assert sorted(order) == [0, 1, 2, 3, 4]
    assert {order.index(0) - order.index(2)} <= {1, -1}


def test_a_sample_of_unions_is_not_rotated() -> None:
    price = Packages(count=3, packages=((Fraction(6), (0, 1, 2)),))

    shares = sampled(price, union_order([[0, 1], [2]]), Sample(groups=40), rotate=False)

    assert sum(share.value for share in shares) == 6
    assert abs(shares[2].value - 3) < Fraction(1, 2)


# ---------------------------------------------------------------- tariffs


def vnd(amount: int) -> Money:
    return Money(amount, "VND")


TAKERS = [
    Taker(member=name, weight=Fraction(weight), packages=frozenset(taken))
    for name, weight, taken in (("a", 3, "x"), ("b", 4, "xy"), ("c", 9, "y"))
]
TIERS = tuple(
    OfferTier(offer="q", above=Fraction(above), price=vnd(price))
    for above, price in ((0, 10), (2, 8), (8, 5))
)
BOXES = tuple(
    OfferPackage(offer="q", package=name, price=vnd(price)) for name, price in (("x", 7), ("y", 9))
)


@pytest.mark.parametrize("least", [None, vnd(40)])
@pytest.mark.parametrize("kind", TierKind)
@pytest.mark.parametrize("pricing", Pricing)
def test_the_game_of_a_tariff_costs_what_the_tariff_says(
    pricing: Pricing, kind: TierKind, least: Money | None
) -> None:
    offer = Offer(id="q", pricing=pricing, tier_kind=kind, amount=vnd(11), minimum_spend=least)
    tariff = Tariff(offer=offer, tiers=TIERS, packages=BOXES)

    game = tariff_game(tariff, TAKERS)

    for mask in range(8):
        inside = [at for at in range(3) if mask >> at & 1]
        assert game.of(inside) == offer_price(tariff, [TAKERS[at] for at in inside])


@pytest.mark.parametrize("pricing", [Pricing.COUNT_TIERS, Pricing.WEIGHT_TIERS])
def test_a_covered_tariff_never_falls_when_a_member_joins(pricing: Pricing) -> None:
    tariff = Tariff(offer=Offer(id="q", pricing=pricing), tiers=TIERS)

    table = tariff_game(tariff, TAKERS, cover=True).table()

    assert all(table[mask] <= table[mask | 1 << at] for mask in range(8) for at in range(3))


def test_a_scale_is_a_technology_too() -> None:
    scale = Scale.of_tiers(TierKind.MARGINAL, [(ZERO, Fraction(2))])

    assert serial(
        named(NOTHING, demands={"a": ZERO, "b": Fraction(1), "c": Fraction(1)}, technology=scale)
    ) == [0, 2, 2]
