from datetime import date
from fractions import Fraction

import pytest

from libconsortium import (
    Directory,
    Fact,
    Measure,
    Money,
    Offer,
    OfferPackage,
    OfferTier,
    Participation,
    Pricing,
    Quantity,
    QuantityError,
    SplitError,
    StandaloneQuote,
    Subscription,
    Taker,
    UnknownIdError,
    offer_price,
    standalone_quote,
    takers_of,
    tariff_of,
)

DAY = date(2025, 1, 1)


def shop(*more: Fact, pricing: Pricing = Pricing.WEIGHT_TIERS) -> Directory:
    return Directory.of(
        [
            Subscription(id="db"),
            Offer(id="q", subscription="db", pricing=pricing, driver="fte"),
            OfferTier(offer="q", price=Money(2, "VND")),
            OfferTier(offer="other", price=Money(9, "VND")),
            OfferPackage(offer="q", package="law", price=Money(7, "VND")),
            Participation(subscription="db", member="a", package="law"),
            *more,
        ]
    )


def fte(value: str, period: str = "2024") -> Measure:
    return Measure(library="a", name="fte", period=period, value=Quantity.parse(value))


def test_a_tariff_has_the_tiers_and_packages_of_its_own_offer() -> None:
    tariff = tariff_of(shop(), "q")

    assert [tier.price.minor for tier in tariff.tiers] == [2]
    assert [package.package for package in tariff.packages] == ["law"]


def test_an_unknown_offer_is_refused() -> None:
    with pytest.raises(UnknownIdError, match="'x'"):
        tariff_of(shop(), "x")


def test_takers_carry_their_weight_in_the_period_and_their_packages() -> None:
    (taker,) = takers_of(shop(fte("40"), fte("30", "2023")), "q", on=DAY, period="2024")

    assert taker == Taker(member="a", weight=Fraction(40), packages=frozenset({"law"}))


def test_an_offer_is_priced_from_the_directory() -> None:
    directory = shop(fte("40"))

    takers = takers_of(directory, "q", on=DAY, period="2024")

    assert offer_price(tariff_of(directory, "q"), takers) == 80


def test_a_missing_measure_is_refused_where_it_is_needed() -> None:
    with pytest.raises(SplitError, match="no fte of 'a' for 2024"):
        takers_of(shop(), "q", on=DAY, period="2024")


def test_an_approximate_measure_is_refused_where_an_exact_one_is_needed() -> None:
    with pytest.raises(QuantityError, match="> 40 is not exact"):
        takers_of(shop(fte("hơn 40")), "q", on=DAY, period="2024")


def test_no_measure_is_needed_where_price_does_not_depend_on_it() -> None:
    (taker,) = takers_of(shop(pricing=Pricing.PACKAGES), "q", on=DAY, period="2024")

    assert taker.weight == Fraction(0)


def test_the_quote_that_began_last_holds() -> None:
    quotes = [
        StandaloneQuote(library="a", resource="db", amount=Money(1, "VND")),
        StandaloneQuote(
            library="a", resource="db", amount=Money(2, "VND"), valid_from=date(2024, 6, 1)
        ),
        StandaloneQuote(
            library="a", resource="db", amount=Money(3, "VND"), valid_from=date(2025, 6, 1)
        ),
        StandaloneQuote(library="b", resource="db", amount=Money(4, "VND")),
    ]

    quote = standalone_quote(Directory.of(quotes), "a", "db", on=DAY)

    assert quote is not None
    assert quote.amount.minor == 2


def test_without_a_quote_there_is_none() -> None:
    assert standalone_quote(Directory.of([]), "a", "db", on=DAY) is None
