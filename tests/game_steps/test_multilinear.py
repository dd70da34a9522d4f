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


@pytest.mark.parametrize("weights", [(Fraction(1), Fraction(1 << 24)), (ZERO, ZERO)])
def test_weights_that_are_too_large_or_nothing_are_left_to_others(
    weights: tuple[Fraction, ...],
) -> None:
    scale = Scale.of_tiers(TierKind.SLAB, [(ZERO, Fraction(1))])

    assert integrated_shapley(ByWeight(weights=weights, scale=scale)) is None


def test_too_much_work_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("libconsortium.game_steps.multilinear._MOST_WORK", 10)
    scale = Scale.of_tiers(TierKind.SLAB, [(ZERO, Fraction(2)), (Fraction(9), Fraction(1))])

    assert integrated_shapley(ByWeight(weights=(Fraction(1),) * 30, scale=scale)) is None
