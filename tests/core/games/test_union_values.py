"""Unions and runways of any size have the value that all coalitions one by one would give."""

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
    Game,
    Maximum,
    Packages,
    Part,
    Price,
    Scale,
    Sum,
    TierKind,
    Tree,
)
from libconsortium.core.games.game_values import owen, unions_of
from libconsortium.core.games.nucleolus import by_itself, listed_centre
from libconsortium.core.games.runways import runway_nucleolus
from libconsortium.core.games.union_values import exact_owen
from tests.games import SMALL, few, prices

ZERO = Fraction(0)


@few
@given(prices(), st.lists(st.integers(0, 2), min_size=4, max_size=4))
def test_where_a_structure_helps_the_owen_value_is_that_of_all_coalitions(
    price: Price, groups: list[int]
) -> None:
    players = tuple("abcd"[: price.count])
    unions = [
        tuple(player for player, group in zip(players, groups, strict=False) if group == one)
        for one in range(2)
    ]
    game = Game(players=players, price=price, unions=tuple(unions))

    found = exact_owen(price, unions_of(game))

    assert found is None or found[0] == owen(game)


UNIONS = [[0, 1], [2], [3, 4]]


@pytest.mark.parametrize(
    "price",
    [
        Additive(amounts=tuple(map(Fraction, range(5)))),
        ByCount(prices=tuple(map(Fraction, (0, 9, 12, 20, 21, 25)))),
        Packages(count=5, packages=((Fraction(12), (0, 1, 2)), (Fraction(7), (3, 4)))),
        Maximum(needs=tuple(map(Fraction, (3, 1, 4, 4, 0)))),
        Tree(
            parents=(-1, 0, 0, 1),
            edges=tuple(map(Fraction, (8, 3, 5, 1))),
            homes=(3, 2, 1, 0, 3),
        ),
        Sum(
            count=5,
            parts=(
                Part(members=(1, 3, 4), price=Maximum(needs=tuple(map(Fraction, (3, 1, 4))))),
                Part(members=(0,), price=Additive(amounts=(Fraction(2),))),
            ),
        ),
    ],
    ids=lambda price: type(price).__name__,
)
def test_each_structure_has_a_short_cut_to_the_owen_value(price: Price) -> None:
    names = tuple("abcde")
    unions = tuple(tuple(names[player] for player in union) for union in UNIONS)

    found = exact_owen(price, UNIONS)

    assert found is not None
    assert found[0] == owen(Game(players=names, price=price, unions=unions))


def test_three_hundred_takers_in_ten_federations_are_exact() -> None:
    members = tuple(range(300))
    unions = [members[at::10] for at in range(10)]
    price = Packages(count=300, packages=((Fraction(600), members), (Fraction(30), members[:15])))

    found = exact_owen(price, unions)

    assert found is not None
    # 600 in ten federations of thirty; 30 in ten federations, five of which take it twice.
    assert found[0][0] == 2 + Fraction(3, 2)
    assert found[0][5] == 2 + 3
    assert sum(found[0]) == 630


def test_where_no_structure_helps_there_is_no_short_cut() -> None:
    nothing = AtLeast(price=Additive(amounts=(ZERO,) * 5), least=Fraction(1))
    part = Part(members=(0, 1, 2, 3, 4), price=nothing)

    assert exact_owen(nothing, UNIONS) is None
    assert exact_owen(Sum(count=5, parts=(part,)), UNIONS) is None


def test_unions_too_many_to_count_are_left_to_a_sample() -> None:
    jagged = ByCount(prices=(ZERO, *[Fraction(at * at % 7) for at in range(3000)]))

    assert exact_owen(jagged, [[at, at + 1] for at in range(0, 3000, 2)]) is None


@few
@given(st.lists(SMALL, min_size=1, max_size=5))
def test_the_nucleolus_of_a_runway_is_that_of_all_coalitions(needs: list[Fraction]) -> None:
    worths = [-int(cost) for cost in Maximum(needs=tuple(needs)).table()]

    listed = listed_centre(worths, by_itself, nobody_below_alone=True)

    assert listed is not None
    assert runway_nucleolus(needs) == [-share for share in listed]


def test_a_tier_by_number_needs_no_equal_unions() -> None:
    scale = Scale.of_tiers(TierKind.TOTAL, [(ZERO, Fraction(10)), (Fraction(3), Fraction(16))])
    prices_ = tuple(scale.at(Fraction(size)) for size in range(6))
    game = Game(
        players=tuple("abcde"), price=ByCount(prices=prices_), unions=(("a", "b", "c", "d"),)
    )

    found = exact_owen(game.price, unions_of(game))

    assert found is not None
    assert found[0] == owen(game) == [Fraction(11, 4)] * 4 + [5]
    assert ByWeight(weights=(Fraction(4), Fraction(1)), scale=scale).of([0, 1]) == 16
