"""Prices of several years under a cap."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import Agreement, CurrencyMismatchError, Money, SettingsError
from tests.worked_example import vnd


@given(price=st.integers(0, 10**12), quotes=st.lists(st.integers(0, 10**12), max_size=6))
def test_no_year_rises_above_the_cap(price: int, quotes: list[int]) -> None:
    agreed = Agreement(
        first_year=2027,
        years=len(quotes) + 1,
        price=vnd(price),
        cap="5%",
        quotes={2028 + number: vnd(quote) for number, quote in enumerate(quotes)},
    )

    prices = [one.minor for one in agreed.prices().values()]

    assert all(after * 100 <= before * 105 for before, after in pairwise(prices))


def test_without_a_cap_quotes_are_taken_as_they_are() -> None:
    agreed = Agreement(first_year=2027, years=2, price=vnd(100), quotes={2028: vnd(900)})

    assert agreed.prices() == {2027: vnd(100), 2028: vnd(900)}


@pytest.mark.parametrize("wrong", [{"years": 0}, {"years": 1, "cap": "-1%"}])
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        Agreement(first_year=2027, price=vnd(100), **wrong)


def test_a_quote_is_in_the_price_s_currency() -> None:
    agreed = Agreement(
        first_year=2027, years=2, price=vnd(100), cap="5%", quotes={2028: Money(1, "USD")}
    )
    with pytest.raises(CurrencyMismatchError):
        agreed.prices()
