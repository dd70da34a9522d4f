"""Titles: dates and embargoes as lists write them."""

from __future__ import annotations

from datetime import date

import pytest

from libconsortium.core.titles.titles import Embargo, embargo_of, span_of


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-02-03", date(2024, 2, 3), date(2024, 2, 3)),
    ],
)
def test_a_date_means_every_day_it_can_be(text: str, first: date, last: date) -> None:
    assert span_of(text) == (first, last)


@pytest.mark.parametrize("text", ["", "2024-13", "2023-02-29", "24", "2024/02", "2008-05-19 00:00"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert span_of(text) is None


def test_an_embargo_has_a_side_a_length_and_a_unit() -> None:
    assert embargo_of("P1Y") == (Embargo(is_recent=True, length=1, unit="Y"),)
    assert embargo_of("R10Y; P30D") == (
        Embargo(is_recent=False, length=10, unit="Y"),
        Embargo(is_recent=True, length=30, unit="D"),
    )


@pytest.mark.parametrize("text", ["", "P", "P0Y", "1Y", "p1y", "P1W", "P1Y;R10Y", "P1Y;P2Y"])
def test_what_is_no_embargo_is_none(text: str) -> None:
    assert embargo_of(text) is None
