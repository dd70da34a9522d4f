"""Bands have no gaps and no overlaps, and a figure lies in exactly one of them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium.core.errors import SettingsError
from libconsortium.core.sharing.bands import Band, band_faults, in_bands

ONE = Fraction(1)


def said(bands: list[Band]) -> list[tuple[tuple[str | int, ...], str]]:
    return [(steps, str(what)) for steps, what in band_faults(bands, ONE)]


def test_bands_that_meet_are_right() -> None:
    assert said([Band(at_most=9), Band(at_least=10, below=20), Band(at_least=20)]) == []


@pytest.mark.parametrize(
    ("bands", "place", "words"),
    [
        ([Band(at_most=9), Band(at_least=11)], (1, "at_least"), "no band from 10 to below 11"),
        ([Band(below=9), Band(at_least=10)], (1, "at_least"), "end the one before it at 10"),
        ([Band(at_most=9), Band(at_least=9)], (1, "at_least"), "inside the one before it"),
        ([Band(at_least=5), Band(at_least=5)], (1, "at_least"), "order the bands by at_least"),
        ([Band(at_least=5, below=5)], (0,), "nothing lies in this band"),
        ([Band(at_most=5, below=6)], (0, "below"), "at_most or below, not both"),
    ],
)
def test_a_fault_is_named_with_its_place(
    bands: list[Band], place: tuple[str | int, ...], words: str
) -> None:
    (found, what), *_ = said(bands)

    assert found == place
    assert words in what


@pytest.mark.parametrize("figure", [4, 21])
def test_a_figure_outside_all_bands_is_refused(figure: int) -> None:
    with pytest.raises(SettingsError, match=r"lies in no band; the bands go from 5 to below 21"):
        in_bands(Fraction(figure), [Band(at_least=5, at_most=20)], step=ONE)


def test_a_figure_below_open_bands_is_refused() -> None:
    with pytest.raises(SettingsError, match="from 5 to anything above"):
        in_bands(Fraction(4), [Band(at_least=5)], step=ONE)


def test_a_figure_between_two_whole_numbers_belongs_to_the_lower_band() -> None:
    bands = [Band(at_most=49_999, gives=450), Band(at_least=50_000, gives=675)]

    assert in_bands(Fraction("49999.5"), bands, step=ONE).value == 450


def test_a_slab_looks_at_the_whole_figure() -> None:
    bands = [Band(below=450, gives=450), Band(at_least=450, gives=7, each=1)]

    assert in_bands(Fraction(600), bands, step=ONE).formula == "7 + 1 * 600"


@pytest.mark.parametrize(("records", "fee"), [(10_000, 105), (10_001, "105.03"), (50_000, 1305)])
def test_a_table_that_begins_at_one_counts_its_first_unit(records: int, fee: str | int) -> None:
    bands = [Band(at_least=1, at_most=10_000, gives=105), Band(at_least=10_001, each="0.03")]

    assert in_bands(Fraction(records), bands, step=ONE, marginal=True).value == Fraction(fee)


@given(
    st.lists(st.integers(1, 1000), min_size=1, max_size=6, unique=True),
    st.lists(st.integers(0, 9), min_size=7, max_size=7),
    st.integers(0, 2000),
)
def test_marginal_bands_have_no_cliff(borders: list[int], rates: list[int], figure: int) -> None:
    lows = [0, *sorted(borders)]
    bands = [Band(at_least=low, each=rate) for low, rate in zip(lows, rates, strict=False)]

    one, more = (
        in_bands(Fraction(value), bands, step=ONE, marginal=True).value
        for value in (figure, figure + 1)
    )

    assert 0 <= more - one <= max(rates)
