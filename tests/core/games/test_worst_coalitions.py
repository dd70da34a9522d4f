"""The coalition that gains most is found by the structure of the price, as by looking at all."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from unittest.mock import patch

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
    Label,
    Listed,
    Maximum,
    Packages,
    Part,
    Price,
    Scale,
    SplitError,
    Sum,
    TierKind,
    Tree,
    least_core,
    stability,
)
from libconsortium.core.games.closures import best_closure
from libconsortium.core.games.knapsacks import Kind, best_between, best_open
from libconsortium.core.games.worst_coalitions import worst_coalition
from tests.games import KINDS, few, gains, prices, simple_prices

ZERO = Fraction(0)
FIGURES = st.builds(Fraction, st.integers(-6, 20), st.sampled_from([1, 2, 3]))
STRUCTURES = "libconsortium.core.games.worst_coalitions._MOST_SEARCHED"
LISTED = "libconsortium.core.games.worst_coalitions.MOST_LISTED"


def shares_of(data: st.DataObject, price: Price) -> list[Fraction]:
    size = price.count
    return data.draw(st.lists(FIGURES, min_size=size, max_size=size))


def test_on_a_tree_a_branch_that_pays_too_much_is_found_through_its_parent() -> None:
    price = Tree(
        parents=(-1, 0, 1), edges=(Fraction(4), Fraction(1), Fraction(1)), homes=(1, 2, 2, 0)
    )
    shares = [Fraction(2), Fraction(3), Fraction(4), ZERO]

    with patch(STRUCTURES, 0):
        worst = worst_coalition(price, shares)

    assert (worst.coalition, worst.gain) == ((0, 1, 2), Fraction(3))


@few
@given(prices(least=2), st.data())
def test_looking_at_all_coalitions_finds_the_worst(price: Price, data: st.DataObject) -> None:
    shares = shares_of(data, price)
    worst = worst_coalition(price, shares)

    assert worst.gain == worst.at_most == max(gains(price, shares).values())
    assert gains(price, shares)[worst.coalition] == worst.gain


@few
@given(st.integers(2, 5).flatmap(simple_prices), st.data())
def test_the_structure_finds_the_same_where_anybody_gains(
    price: Price, data: st.DataObject
) -> None:
    shares = shares_of(data, price)
    with patch(STRUCTURES, 0):
        worst = worst_coalition(price, shares)
    greatest = max(gains(price, shares).values())

    if isinstance(price, Packages | Tree):
        # These look at everybody too, and stop at nobody.
        assert worst.gain in {greatest, ZERO}
    else:
        assert worst.gain == worst.at_most == greatest
    if worst.coalition:
        assert gains(price, shares)[worst.coalition] == worst.gain


@few
@given(prices(least=2), st.data())
def test_without_structure_the_gain_lies_between_two_bounds(
    price: Price, data: st.DataObject
) -> None:
    shares = shares_of(data, price)
    with patch(STRUCTURES, 0), patch(LISTED, 0):
        worst = worst_coalition(AtLeast(price=price, least=ZERO), shares)
    greatest = max(gains(AtLeast(price=price, least=ZERO), shares).values())

    assert worst.gain <= greatest <= worst.at_most


@few
@given(prices(least=2), prices(least=2), st.data())
def test_a_sum_of_prices_is_bounded_part_by_part(
    one: Price, other: Price, data: st.DataObject
) -> None:
    count = max(one.count, other.count)
    parts = tuple(Part(members=tuple(range(p.count)), price=p) for p in (one, other))
    price = Sum(count=count, parts=parts)
    shares = shares_of(data, price)
    with patch(STRUCTURES, 0):
        small = worst_coalition(price, shares)
        with patch(LISTED, 0):
            worst = worst_coalition(price, shares)

    greatest = max(gains(price, shares).values())
    assert small.gain == greatest
    assert worst.gain <= greatest <= worst.at_most


ITEMS = st.lists(
    st.tuples(st.integers(0, 8).map(Fraction), st.integers(-6, 10).map(Fraction)), max_size=6
)


@few
@given(ITEMS, st.integers(0, 15), st.none() | st.integers(0, 10))
def test_a_knapsack_between_two_bounds_is_filled_as_well_as_can_be(
    items: list[tuple[Fraction, Fraction]], above: int, room: int | None
) -> None:
    to = None if room is None else Fraction(above + room)
    best = best_between(items, Fraction(above), to)
    fitting = []
    for mask in range(1 << len(items)):
        inside = [item for at, item in enumerate(items) if mask >> at & 1]
        weight = sum(item[0] for item in inside)
        if weight > above and (to is None or weight <= to):
            fitting.append(sum((item[1] for item in inside), ZERO))

    assert (best is None) == (not fitting)
    if best is not None:
        assert best.value == best.at_most == max(fitting)


def test_a_search_cut_short_says_what_cannot_be_passed() -> None:
    items = [(Fraction(weight), Fraction(weight * 10 + weight % 3)) for weight in range(20, 50)]
    cut = best_between(items, ZERO, Fraction(333), most_steps=400)
    whole = best_between(items, ZERO, Fraction(333))

    assert cut is not None
    assert whole is not None
    assert cut.value <= whole.value <= cut.at_most


def test_a_search_that_finds_nothing_in_time_says_what_may_be_there() -> None:
    items = [(Fraction(2), Fraction(1))] * 9
    cut = best_between(items, Fraction(5), Fraction(9), most_steps=1)
    beaten = best_between(items, Fraction(5), Fraction(9), most_steps=1, beat=Fraction(1))

    assert cut is not None
    assert (cut.chosen, cut.value) == ((), cut.at_most)
    assert beaten is not None
    assert beaten.chosen == ()
    assert beaten.value == 1


def test_a_choice_that_beats_nothing_is_not_looked_for() -> None:
    items = [(Fraction(2), Fraction(1)), (Fraction(3), Fraction(1, 2))]

    assert best_between(items, ZERO, None, beat=Fraction(3, 2)) is None
    assert best_between(items, ZERO, None, beat=Fraction(5, 4)) is not None


def test_settled_coalitions_are_passed_over_for_the_next_best() -> None:
    kinds = [
        Kind(weight=1, value=9, mark=1),
        Kind(weight=1, value=8, mark=-1),
        Kind(weight=1, value=1, mark=2),
    ]

    assert best_open(kinds, [-50, -50, 0, -50]) == (10, (1, 0, 1))
    assert best_open(kinds[:2], [-50, -50, 0]) == (-41, (1, 0))
    assert best_open([], [0]) is None


@few
@given(KINDS, st.data())
def test_the_best_coalition_that_is_not_settled_is_found(
    kinds: list[Kind], data: st.DataObject
) -> None:
    whole = sum(kind.weight * kind.count for kind in kinds)
    base = data.draw(st.lists(st.integers(-9, 9), min_size=whole + 1, max_size=whole + 1))
    brought = [
        base[sum(kind.weight * many for kind, many in zip(kinds, counts, strict=True))]
        + sum(kind.value * many for kind, many in zip(kinds, counts, strict=True))
        for counts in product(*(range(kind.count + 1) for kind in kinds))
        if sum(kind.mark * many for kind, many in zip(kinds, counts, strict=True))
    ]

    found = best_open(kinds, base)

    assert (None if found is None else found[0]) == max(brought, default=None)


@few
@given(
    st.lists(FIGURES, min_size=1, max_size=5).flatmap(
        lambda gains_: st.tuples(
            st.just(gains_),
            st.lists(
                st.tuples(
                    st.integers(0, 9).map(Fraction),
                    st.sets(st.integers(0, len(gains_) - 1)).map(sorted),
                ),
                max_size=5,
            ),
        )
    )
)
def test_a_smallest_cut_finds_the_best_set(
    problem: tuple[list[Fraction], list[tuple[Fraction, list[int]]]],
) -> None:
    figures, things = problem

    def brings(mask: int) -> Fraction:
        gain = sum((figure for at, figure in enumerate(figures) if mask >> at & 1), ZERO)
        needed = [cost for cost, needing in things if any(mask >> at & 1 for at in needing)]
        return gain - sum(needed, ZERO)

    chosen = sum(1 << player for player in best_closure(figures, things))

    assert brings(chosen) == max(brings(mask) for mask in range(1 << len(figures)))


# ---------------------------------------------------------------- stability


def named(price: Price, *, is_cost: bool = True) -> Game:
    return Game(players=tuple("abcdef"[: price.count]), price=price, is_cost=is_cost)


@few
@given(prices(), st.data())
def test_shares_are_in_the_core_if_they_add_up_and_nobody_gains(
    price: Price, data: st.DataObject
) -> None:
    shares = shares_of(data, price)
    if data.draw(st.booleans()):
        shares[-1] += price.of(range(price.count)) - sum(shares)
    game = named(price)
    found = stability(game, dict(zip(game.players, shares, strict=True)))
    adds_up = sum(shares) == game.whole

    assert found.in_core == (adds_up and max(gains(price, shares).values(), default=ZERO) <= 0)
    assert found.rest == game.whole - sum(shares)
    assert {one.player for one in found.overcharged} == {
        player
        for player, share, alone in zip(game.players, shares, game.alone, strict=True)
        if share > alone
    }


@few
@given(prices(least=2))
def test_a_game_of_gains_is_a_game_of_costs_with_its_sign_turned(price: Price) -> None:
    cost = named(price)
    gain = named(Listed(values=tuple(-value for value in price.table())), is_cost=False)
    nothing = dict.fromkeys(cost.players, Fraction(1))
    turned = dict.fromkeys(cost.players, Fraction(-1))

    one, other = stability(cost, nothing), stability(gain, turned)

    assert (one.gain, one.coalition, one.least_core) == (
        other.gain,
        other.coalition,
        other.least_core,
    )


@few
@given(st.integers(2, 5).flatmap(simple_prices))
def test_the_least_core_of_a_structure_is_that_of_its_list(price: Price) -> None:
    assert least_core(price) == least_core(Listed(values=tuple(price.table())))


@few
@given(prices(least=2))
def test_bounds_of_the_least_core_hold(price: Price) -> None:
    exact = least_core(Listed(values=tuple(price.table()))).value
    with patch("libconsortium.core.games.stability.MOST_LISTED", 0):
        found = least_core(price)
    bound = found.bound or ZERO

    assert found.value - bound <= exact <= found.value + bound


def test_a_known_worst_gain_bounds_the_least_core() -> None:
    price = AtLeast(price=ByCount(prices=(ZERO, Fraction(4), Fraction(6), Fraction(9))), least=ZERO)
    with patch("libconsortium.core.games.stability.MOST_LISTED", 0):
        found = least_core(price, known=ZERO)

    assert found.value + (found.bound or ZERO) <= 0


def test_weights_in_the_vote_are_turned_without_a_list() -> None:
    scale = Scale.of_tiers(TierKind.TOTAL, [(ZERO, ZERO), (Fraction(15), Fraction(1))])
    game = Game(
        players=tuple(map(str, range(30))),
        price=ByWeight(weights=(Fraction(1),) * 30, scale=scale),
        is_cost=False,
    )

    found = stability(game, dict.fromkeys(game.players, Fraction(1, 30)))

    assert found.in_core is False
    assert found.gain.value == Fraction(7, 15)
    assert found.least_core.value == Fraction(7, 15)


def test_one_player_has_nobody_to_leave() -> None:
    found = stability(named(ByCount(prices=(ZERO, Fraction(4)))), {"a": Fraction(4)})

    assert found.in_core is True
    assert found.coalition == ()
    assert not found.notes


def test_a_search_cut_short_leaves_the_core_open() -> None:
    price = Packages(count=25, packages=())
    found = stability(
        Game(players=tuple(map(str, range(25))), price=AtLeast(price=price, least=Fraction(25))),
        {str(player): Fraction(1) for player in range(25)},
    )

    assert found.in_core is None
    assert found.gain.label is Label.BOUNDED


def test_packages_that_nobody_wants_to_leave_are_said_to_be_stable() -> None:
    players = tuple(map(str, range(30)))
    price = Packages(count=30, packages=((Fraction(30), tuple(range(30))),))
    found = stability(Game(players=players, price=price), dict.fromkeys(players, Fraction(1)))

    assert found.in_core is True
    assert [str(note) for note in found.notes] == ["no coalition gains by leaving"]


@pytest.mark.parametrize(
    ("shares", "said"),
    [({"a": ZERO}, "'b' has no share"), ({"a": ZERO, "b": ZERO, "x": ZERO}, "'x'")],
)
def test_shares_are_of_the_players(shares: dict[str, Fraction], said: str) -> None:
    with pytest.raises(SplitError, match=said):
        stability(named(ByCount(prices=(ZERO, ZERO, ZERO))), shares)


def test_the_least_core_of_a_band_game_is_bounded_where_it_takes_too_long() -> None:
    scale = Scale.of_tiers(TierKind.MARGINAL, [(ZERO, Fraction(2)), (Fraction(9), Fraction(1))])
    weights = tuple(Fraction(10**6 + player) for player in range(25))

    found = least_core(ByWeight(weights=weights, scale=scale))

    assert found.label is Label.BOUNDED
    assert found.value + (found.bound or ZERO) == 0


def test_players_without_weight_may_leave_or_stay() -> None:
    scale = Scale.of_tiers(TierKind.TOTAL, [(ZERO, Fraction(6))])
    price = ByWeight(weights=(ZERO, ZERO), scale=scale)
    with patch(STRUCTURES, 0):
        worst = worst_coalition(price, [Fraction(1), Fraction(1)])

    assert worst.gain == 1


def test_without_any_known_shares_equal_ones_bound_the_least_core() -> None:
    scale = Scale.of_tiers(TierKind.TOTAL, [(ZERO, ZERO), (Fraction(25), Fraction(1))])
    price = AtLeast(price=ByWeight(weights=(Fraction(1),) * 25, scale=scale), least=ZERO)

    assert least_core(price).value >= 0


def test_everybody_with_the_greatest_need_is_not_a_coalition_that_leaves() -> None:
    with patch(STRUCTURES, 0):
        worst = worst_coalition(
            Maximum(needs=(Fraction(2), Fraction(2))), [Fraction(1), Fraction(5)]
        )

    assert worst.coalition == (1,)
    assert worst.gain == 3


@pytest.mark.parametrize(
    "price",
    [
        ByCount(prices=(ZERO, Fraction(1), Fraction(9), Fraction(9))),
        CountDiscount(
            amounts=(Fraction(1), Fraction(2), Fraction(3)),
            factors=(ZERO, Fraction(1), Fraction(3), Fraction(1)),
        ),
        Additive(amounts=(Fraction(1), Fraction(9), Fraction(9))),
        Maximum(needs=(Fraction(1), Fraction(9), Fraction(9))),
        ByWeight(
            weights=(Fraction(1), Fraction(2), ZERO),
            scale=Scale.of_tiers(TierKind.SLAB, [(ZERO, Fraction(1)), (Fraction(1), Fraction(9))]),
        ),
        ByWeight(
            weights=(Fraction(1), Fraction(2), Fraction(2)),
            scale=Scale.of_tiers(TierKind.TOTAL, [(ZERO, Fraction(1)), (Fraction(90), ZERO)]),
        ),
    ],
)
def test_every_structure_finds_the_one_that_gains(price: Price) -> None:
    shares = [Fraction(4), Fraction(3), Fraction(2)]
    with patch(STRUCTURES, 0):
        worst = worst_coalition(price, shares)

    assert worst.gain == worst.at_most == max(gains(price, shares).values())
