"""The nucleolus and its kin: no transfer makes the worst-off content, by any way of computing."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import ByWeight, Scale, TierKind
from libconsortium.core.games.class_nucleolus import class_centre
from libconsortium.core.games.level_programs import Level, Row, Span, Worst, highest
from libconsortium.core.games.nucleolus import (
    Need,
    by_itself,
    listed_centre,
    per_member,
    per_value,
)
from tests.games import few, scales

ZERO = Fraction(0)
NEEDS = st.sampled_from([by_itself, per_member, per_value])


@st.composite
def worths(draw: st.DrawFn, most: int = 4, least_value: int = -6) -> list[int]:
    """Draw games of worth, many of them with equal values."""
    players = draw(st.integers(1, most))
    value = draw(st.sampled_from([st.integers(least_value, 12), st.integers(0, 2)]))
    size = (1 << players) - 1
    return [0, *draw(st.lists(value, min_size=size, max_size=size))]


def complaints(values: Sequence[int], shares: Sequence[Fraction], need: Need) -> list[Fraction]:
    found = []
    for mask in range(1, len(values) - 1):
        got = sum((share for at, share in enumerate(shares) if mask >> at & 1), ZERO)
        part = need(mask.bit_count(), values[mask])
        if part:
            found.append((values[mask] - got) / part)
    return sorted(found, reverse=True)


@few
@given(worths(), st.sampled_from([by_itself, per_member]), st.data())
def test_no_transfer_between_two_players_lowers_the_complaints(
    values: list[int], need: Need, data: st.DataObject
) -> None:
    shares = listed_centre(values, need)
    assert shares is not None
    assert sum(shares) == values[-1]
    if len(shares) > 1:
        one, other = data.draw(st.permutations(range(len(shares))))[:2]
        moved = data.draw(st.builds(Fraction, st.integers(1, 300), st.sampled_from([1, 10, 97])))
        others = list(shares)
        others[one] += moved
        others[other] -= moved
        assert complaints(values, others, need) > complaints(values, shares, need)


@few
@given(worths(least_value=0))
def test_the_nucleolus_leaves_nobody_worse_off_than_alone(values: list[int]) -> None:
    shares = listed_centre(values, nobody_below_alone=True)
    alone = [values[1 << player] for player in range(len(values).bit_length() - 1)]

    assert (shares is None) == (sum(alone) > values[-1] and len(alone) > 1)
    if shares is not None and len(alone) > 1:
        assert all(share >= least for share, least in zip(shares, alone, strict=True))


@few
@given(worths())
def test_where_the_prenucleolus_satisfies_everybody_it_is_the_nucleolus(values: list[int]) -> None:
    free = listed_centre(values)
    assert free is not None
    if all(share >= values[1 << player] for player, share in enumerate(free)):
        assert listed_centre(values, nobody_below_alone=True) == free


@few
@given(
    st.lists(
        st.sampled_from([ZERO, Fraction(1), Fraction(2), Fraction(5, 2)]), min_size=1, max_size=5
    ),
    scales(),
    NEEDS,
)
def test_players_of_one_weight_can_be_taken_together(
    weights: list[Fraction], scale: Scale, need: Need
) -> None:
    worth = scale.stretched(prices=-1)
    table = ByWeight(weights=tuple(weights), scale=worth).table()
    unit = lcm(*(value.denominator for value in table))

    listed = listed_centre([int(value * unit) for value in table], need)
    by_class = class_centre(weights, worth, need)

    if listed is not None:
        assert by_class == tuple(share / unit for share in listed)


def test_too_many_weights_are_not_begun() -> None:
    scale = Scale.of_tiers(TierKind.TOTAL, [(ZERO, Fraction(1))])

    assert class_centre([Fraction(10**6), Fraction(1)], scale) is None


def test_three_hundred_members_in_three_bands_are_solved_exactly() -> None:
    weights = [Fraction(weight) for weight in (1, 3, 7) for _ in range(100)]
    tiers = [(ZERO, Fraction(-10)), (Fraction(300), Fraction(-8))]
    scale = Scale.of_tiers(TierKind.MARGINAL, tiers)

    shares = class_centre(weights, scale, nobody_below_alone=True)

    assert shares is not None
    assert sum(shares) == scale.at(Fraction(1100))


def test_values_that_are_all_zero_leave_the_proportional_nucleolus_open() -> None:
    assert listed_centre([0, 0, 0, 5], per_value) is None


def test_rows_that_contradict_each_other_have_no_level() -> None:
    span = Span(1)
    span.add((1,))
    everybody = Row((1,), 5, 0)

    def asks_for_more(level: Level) -> Row | None:
        row = Row((1,), 6, 0)
        return row if row.short(level) > 0 else None

    worst: Worst = asks_for_more
    assert highest([everybody], span, worst, 1000) is None


def test_a_game_with_many_ties_ends() -> None:
    # Every coalition of half the players or more wins: everything is degenerate.
    values = [int(mask.bit_count() >= 4) for mask in range(1 << 8)]

    assert listed_centre(values) == (Fraction(1, 8),) * 8


@pytest.mark.parametrize("patience", [0, 1])
def test_the_careful_rule_finds_the_same(patience: int, monkeypatch: pytest.MonkeyPatch) -> None:
    values = [0, *((mask * mask * 7) % 23 for mask in range(1, 32))]
    quick = listed_centre(values)
    monkeypatch.setattr("libconsortium.core.games.level_programs._PATIENCE", patience - 1)

    assert listed_centre(values) == quick


def test_bands_that_leave_the_proportional_nucleolus_open_have_none() -> None:
    scale = Scale.of_tiers(TierKind.TOTAL, [(ZERO, ZERO), (Fraction(3), Fraction(1))])

    assert class_centre([Fraction(1), Fraction(1), Fraction(2)], scale, per_value) is None
