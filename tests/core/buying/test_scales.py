"""Prices by one size: tiers, minimum spend, covers."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import Scale, SplitError, TierKind
from tests.games import SMALL, few, scales

ZERO = Fraction(0)
SIZES = st.builds(Fraction, st.integers(0, 60), st.sampled_from([1, 2, 3]))
TIERS = [(Fraction(10), Fraction(3)), (ZERO, Fraction(5))]


@pytest.mark.parametrize(
    ("kind", "price"), [(TierKind.SLAB, 36), (TierKind.MARGINAL, 56), (TierKind.TOTAL, 3)]
)
def test_a_tiers_price_means_what_its_kind_says(kind: TierKind, price: int) -> None:
    assert Scale.of_tiers(kind, TIERS).at(Fraction(12)) == price


def test_a_bound_itself_belongs_to_the_tier_below() -> None:
    assert Scale.of_tiers(TierKind.TOTAL, TIERS).at(Fraction(10)) == 5


@few
@given(scales(), st.integers(0, 60))
def test_whole_sizes_at_once_cost_what_each_costs(scale: Scale, most: int) -> None:
    prices, unit = scale.whole(most)

    assert [Fraction(price, unit) for price in prices] == [
        scale.at(Fraction(size)) for size in range(most + 1)
    ]


def test_nothing_costs_nothing() -> None:
    assert Scale.of_tiers(TierKind.TOTAL, TIERS).at_least(Fraction(9)).at(ZERO) == 0


@pytest.mark.parametrize("tiers", [[], [(Fraction(1), ZERO)], [(ZERO, ZERO), (ZERO, ZERO)]])
def test_tiers_begin_above_zero_and_at_different_bounds(
    tiers: list[tuple[Fraction, Fraction]],
) -> None:
    with pytest.raises(SplitError):
        Scale.of_tiers(TierKind.SLAB, tiers)


@few
@given(scales(), SMALL, SIZES)
def test_a_minimum_spend_is_the_greater_of_both(
    scale: Scale, least: Fraction, size: Fraction
) -> None:
    assert scale.at_least(least).at(size) == (max(scale.at(size), least) if size else 0)


def test_a_falling_price_meets_its_minimum_too() -> None:
    scale = Scale.of_tiers(TierKind.SLAB, [(ZERO, Fraction(-1))]).at_least(Fraction(-3))

    assert [scale.at(Fraction(size)) for size in (1, 3, 5)] == [-1, -3, -3]


@few
@given(scales(), SIZES, SIZES)
def test_a_cover_never_falls_and_is_never_above_the_price(
    scale: Scale, one: Fraction, other: Fraction
) -> None:
    low, high = sorted([one, other])
    cover = scale.cover()

    assert cover.at(low) <= cover.at(high)
    assert cover.at(low) <= scale.at(low)


@few
@given(scales(), SIZES)
def test_a_cover_is_the_price_of_the_cheapest_larger_size(scale: Scale, size: Fraction) -> None:
    at = [piece.above + step for piece in scale.pieces for step in (ZERO, Fraction(1, 10**9))]
    larger = [scale.at(other) for other in at if other > size]
    open_ends = [piece.at(piece.above) for piece in scale.pieces if piece.above >= size > 0]

    assert scale.cover().at(size) == min([scale.at(size), *larger, *open_ends]) or not size


def test_a_price_that_falls_with_every_unit_has_no_cover() -> None:
    with pytest.raises(SplitError, match="falls"):
        Scale.of_tiers(TierKind.SLAB, [(ZERO, Fraction(-1))]).cover()


@few
@given(scales(), SIZES)
def test_other_units_give_the_same_price(scale: Scale, size: Fraction) -> None:
    assert scale.stretched(sizes=7, prices=3).at(size * 7) == scale.at(size) * 3


@pytest.mark.parametrize(
    ("kind", "prices", "concave"),
    [
        (TierKind.MARGINAL, (5, 3), True),
        (TierKind.MARGINAL, (3, 5), False),
        (TierKind.SLAB, (5, 3), False),
    ],
)
def test_falling_marginal_tiers_are_concave(
    kind: TierKind, prices: tuple[int, int], *, concave: bool
) -> None:
    tiers = zip((ZERO, Fraction(10)), map(Fraction, prices), strict=True)

    assert Scale.of_tiers(kind, tiers).is_concave is concave


def test_a_negative_price_at_the_start_is_not_concave() -> None:
    assert not Scale.of_tiers(TierKind.TOTAL, [(ZERO, Fraction(-1))]).is_concave
