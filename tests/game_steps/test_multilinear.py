"""The integral for many players: its bound holds, and no exact value lies outside."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import ByWeight, Scale, TierKind
from libconsortium.core.games.weight_counts import shapley_by_weight
from libconsortium.game_steps.multilinear import integrated_shapley
from tests.games import WEIGHTS, few, scales

ZERO = Fraction(0)


@few
@given(st.lists(WEIGHTS, min_size=1, max_size=12), scales())
def test_the_exact_value_lies_within_the_bound(weights: list[Fraction], scale: Scale) -> None:
    found = integrated_shapley(ByWeight(weights=tuple(weights), scale=scale))
    if found is None:
        assert not any(weights)
        return
    for share, exact in zip(found, shapley_by_weight(weights, scale), strict=True):
        assert abs(share.value - exact) <= (share.bound or ZERO)
        assert share.bound is None or share.bound < Fraction(1, 10**8)


def test_sixty_members_agree_with_the_exact_count() -> None:
    weights = [Fraction(1 + player * 7 % 31) for player in range(60)]
    bounds = [ZERO, Fraction(150), Fraction(400), Fraction(700)]
    prices = map(Fraction, (10, 9, 7, 5))
    scale = Scale.of_tiers(TierKind.SLAB, zip(bounds, prices, strict=True)).at_least(Fraction(500))

    found = integrated_shapley(ByWeight(weights=tuple(weights), scale=scale))

    assert found is not None
    for share, exact in zip(found, shapley_by_weight(weights, scale), strict=True):
        assert share.bound is not None
        assert abs(share.value - exact) <= share.bound < Fraction(1, 10**6)


@pytest.mark.parametrize("weights", [(Fraction(1), Fraction(1 << 28)), (ZERO, ZERO)])
def test_weights_that_are_too_large_or_nothing_are_left_to_others(
    weights: tuple[Fraction, ...],
) -> None:
    scale = Scale.of_tiers(TierKind.SLAB, [(ZERO, Fraction(1))])

    assert integrated_shapley(ByWeight(weights=weights, scale=scale)) is None


@pytest.mark.slow
def test_hundreds_of_different_weights_are_bounded_closely() -> None:
    # Shares by all-units tiers less those by marginal tiers are shares of the fall at the border.
    weights = tuple(Fraction(50 + 37 * at * at % 19_949) for at in range(150))
    whole = sum(weights)
    tiers = [(ZERO, Fraction(10)), (Fraction(whole // 2), Fraction(8))]
    slab, marginal = (
        integrated_shapley(ByWeight(weights=weights, scale=Scale.of_tiers(kind, tiers)))
        for kind in (TierKind.SLAB, TierKind.MARGINAL)
    )

    assert slab is not None
    assert marginal is not None
    assert sum(share.value for share in slab) == 8 * whole
    jump = 2 * (whole // 2)
    for weight, one, other in zip(weights, slab, marginal, strict=True):
        assert one.bound is not None
        assert one.bound < 1
        # Who decides at the bound does so nearly as often as its part of all weights.
        assert abs((other.value - one.value) / jump - weight / whole) < weight / whole / 10


def test_prices_that_cannot_be_told_from_few_frequencies_are_left_to_others() -> None:
    weights = tuple(Fraction(50 + 37 * at * at % 19_949) for at in range(60))
    tiers = [(ZERO, Fraction(10)), (Fraction(900), Fraction(8))]
    scale = Scale.of_tiers(TierKind.SLAB, tiers)

    assert integrated_shapley(ByWeight(weights=weights * 2, scale=scale)) is None


def test_too_much_work_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("libconsortium.game_steps.multilinear._MOST_WORK", 10)
    scale = Scale.of_tiers(TierKind.SLAB, [(ZERO, Fraction(2)), (Fraction(9), Fraction(1))])

    assert integrated_shapley(ByWeight(weights=(Fraction(1),) * 30, scale=scale)) is None
