"""NumPy's arrays give what the plain search gives, and estimates that come near."""

from __future__ import annotations

from fractions import Fraction

import attrs
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import ByWeight, Label, Scale, TierKind
from libconsortium.core.games.knapsacks import Kind, best_open
from libconsortium.core.games.order_samples import Sample
from libconsortium.core.games.weight_counts import shapley_by_weight
from libconsortium.game_steps.weight_arrays import (
    best_open_by_arrays,
    sampled_by_weight,
    short_open_by_arrays,
)
from tests.games import KINDS, few


@few
@given(KINDS, st.data())
def test_arrays_find_as_good_a_coalition(kinds: list[Kind], data: st.DataObject) -> None:
    whole = sum(kind.weight * kind.count for kind in kinds)
    base = data.draw(st.lists(st.integers(-9, 9), min_size=whole + 1, max_size=whole + 1))

    plain, found = best_open(kinds, base), best_open_by_arrays(kinds, base)

    assert (plain is None) == (found is None)
    if plain is not None and found is not None:
        assert found[0] == plain[0]
        pairs = list(zip(kinds, found[1], strict=True))
        weight = sum(kind.weight * many for kind, many in pairs)
        assert base[weight] + sum(kind.value * many for kind, many in pairs) == found[0]
        assert sum(kind.mark * many for kind, many in pairs)


@few
@given(KINDS, st.data(), st.sampled_from([1, 1 << 70]))
def test_a_short_coalition_is_found_whenever_there_is_one(
    kinds: list[Kind], data: st.DataObject, large: int
) -> None:
    whole = sum(kind.weight * kind.count for kind in kinds)
    base = data.draw(st.lists(st.integers(-9, 9), min_size=whole + 1, max_size=whole + 1))
    kinds = [attrs.evolve(kind, value=kind.value * large) for kind in kinds]
    base = [one * large + 1 for one in base]

    plain, found = best_open(kinds, base), short_open_by_arrays(kinds, base)

    assert (plain is None or plain[0] <= 0) == (found is None or found[0] <= 0)
    if found is not None:
        pairs = list(zip(kinds, found[1], strict=True))
        weight = sum(kind.weight * many for kind, many in pairs)
        assert base[weight] + sum(kind.value * many for kind, many in pairs) == found[0]
        assert sum(kind.mark * many for kind, many in pairs)


def test_numbers_too_large_for_arrays_are_searched_plainly() -> None:
    kinds = [Kind(weight=1, value=1 << 70, mark=1), Kind(weight=1, value=1, mark=1 << 70)]

    assert best_open_by_arrays(kinds, [0, 0, 5]) == ((1 << 70) + 6, (1, 1))


def test_an_estimate_by_arrays_comes_near_and_adds_up() -> None:
    weights = [Fraction(1 + player * 7 % 31) for player in range(40)]
    tiers = [(Fraction(0), Fraction(10)), (Fraction(200), Fraction(8))]
    scale = Scale.of_tiers(TierKind.SLAB, tiers)
    price = ByWeight(weights=tuple(weights), scale=scale)

    shares = sampled_by_weight(price, Sample())

    assert sum(share.value for share in shares) == price.of(range(40))
    assert shares == sampled_by_weight(price, Sample())
    exact = shapley_by_weight(weights, scale)
    for share, value in zip(shares, exact, strict=True):
        assert share.label is Label.ESTIMATED
        assert share.interval is not None
        wide = share.interval[1] - share.value
        assert abs(share.value - value) < 3 * wide
