from datetime import date
from fractions import Fraction
from random import Random

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import (
    CurrencyMismatchError,
    Money,
    Offer,
    OfferPackage,
    OfferTier,
    Pricing,
    SplitError,
    Taker,
    Tariff,
    TierKind,
    offer_price,
)

PRICES = st.integers(0, 10**6).map(lambda minor: Money(minor, "VND"))
TAKERS = st.dictionaries(
    st.text("abcdefghij", min_size=1, max_size=2), st.fractions(min_value=0, max_value=10**5)
).map(lambda weights: [Taker(member=name, weight=weight) for name, weight in weights.items()])


@st.composite
def tariffs(draw: st.DrawFn) -> Tariff:
    """Draw tariffs of every pricing; tiers begin above 0."""
    offer = Offer(
        id="q",
        pricing=draw(st.sampled_from(Pricing)),
        amount=draw(PRICES),
        minimum_spend=draw(st.none() | PRICES),
        tier_kind=draw(st.sampled_from(TierKind)),
    )
    bounds = [0, *draw(st.lists(st.integers(1, 100), max_size=4, unique=True))]
    tiers = [OfferTier(offer="q", above=Fraction(bound), price=draw(PRICES)) for bound in bounds]
    return Tariff(offer=offer, tiers=tuple(tiers))


def tiered(pricing: Pricing, kind: TierKind, *steps: tuple[int, int]) -> Tariff:
    return Tariff(
        offer=Offer(id="q", pricing=pricing, tier_kind=kind),
        tiers=tuple(
            OfferTier(offer="q", above=Fraction(above), price=Money(price, "VND"))
            for above, price in steps
        ),
    )


def members(number: int) -> list[Taker]:
    return [Taker(member=f"m{index}") for index in range(number)]


def fixed(pricing: Pricing = Pricing.FIXED, least: Money | None = None) -> Tariff:
    amount = Money(100, "VND")
    return Tariff(offer=Offer(id="q", pricing=pricing, amount=amount, minimum_spend=least))


@given(tariffs(), TAKERS, st.randoms(use_true_random=False))
def test_the_order_of_takers_and_tiers_never_matters(
    tariff: Tariff, takers: list[Taker], chance: Random
) -> None:
    shuffled, tiers = list(takers), list(tariff.tiers)
    chance.shuffle(shuffled)
    chance.shuffle(tiers)

    other = attrs.evolve(tariff, tiers=tuple(tiers))
    assert offer_price(other, shuffled) == offer_price(tariff, takers)


@given(tariffs())
def test_nobody_taking_part_costs_nothing(tariff: Tariff) -> None:
    assert offer_price(tariff, []) == 0


@given(tariffs(), TAKERS.filter(bool))
def test_a_price_is_never_below_the_minimum_spend(tariff: Tariff, takers: list[Taker]) -> None:
    least = tariff.offer.minimum_spend

    assert offer_price(tariff, takers) >= (least.minor if least else 0)


@given(tariffs(), TAKERS, st.fractions(min_value=0, max_value=10**5))
def test_one_more_taker_never_makes_marginal_tiers_cheaper(
    tariff: Tariff, takers: list[Taker], weight: Fraction
) -> None:
    marginal = attrs.evolve(tariff, offer=attrs.evolve(tariff.offer, tier_kind=TierKind.MARGINAL))
    more = [*takers, Taker(member="newcomer", weight=weight)]

    assert offer_price(marginal, more) >= offer_price(marginal, takers)


@given(TAKERS, PRICES)
def test_one_tier_from_zero_means_the_same_as_slab_and_as_marginal(
    takers: list[Taker], price: Money
) -> None:
    slab, marginal = (
        tiered(Pricing.WEIGHT_TIERS, kind, (0, price.minor))
        for kind in (TierKind.SLAB, TierKind.MARGINAL)
    )

    assert offer_price(slab, takers) == offer_price(marginal, takers)
    assert offer_price(slab, takers) == price.minor * sum(taker.weight for taker in takers)


def test_a_fixed_price_is_the_same_for_any_number() -> None:
    assert offer_price(fixed(), members(1)) == offer_price(fixed(), members(9)) == 100


def test_a_price_per_member_counts_members() -> None:
    tariff = fixed(Pricing.PER_MEMBER)

    assert offer_price(tariff, members(3)) == 300


@pytest.mark.parametrize(
    ("kind", "prices"),
    [
        (TierKind.SLAB, {1: 10, 2: 20, 3: 24, 4: 32, 5: 25}),
        (TierKind.MARGINAL, {1: 10, 2: 20, 3: 28, 4: 36, 5: 41}),
        (TierKind.TOTAL, {1: 10, 2: 10, 3: 8, 4: 8, 5: 5}),
    ],
)
def test_tiers_by_count(kind: TierKind, prices: dict[int, int]) -> None:
    tariff = tiered(Pricing.COUNT_TIERS, kind, (0, 10), (2, 8), (4, 5))

    assert {number: offer_price(tariff, members(number)) for number in prices} == prices


def test_tiers_may_come_in_any_order() -> None:
    tariff = tiered(Pricing.COUNT_TIERS, TierKind.MARGINAL, (4, 5), (0, 10), (2, 8))

    assert offer_price(tariff, members(5)) == 41


def test_tiers_by_weight_add_up_the_weights_of_all_takers() -> None:
    tariff = tiered(Pricing.WEIGHT_TIERS, TierKind.MARGINAL, (0, 10), (100, 4))
    takers = [Taker(member="a", weight=Fraction(90)), Taker(member="b", weight=Fraction("20.5"))]

    assert offer_price(tariff, takers) == 100 * 10 + Fraction("10.5") * 4


def test_takers_without_weight_cost_nothing_by_weight() -> None:
    tariff = tiered(Pricing.WEIGHT_TIERS, TierKind.SLAB, (0, 10))

    assert offer_price(tariff, members(2)) == 0


def test_a_package_costs_once_however_many_take_it() -> None:
    tariff = Tariff(
        offer=Offer(id="q", pricing=Pricing.PACKAGES),
        packages=tuple(
            OfferPackage(offer="q", package=name, price=Money(price, "VND"))
            for name, price in (("law", 10), ("physics", 20), ("art", 40))
        ),
    )
    takers = [
        Taker(member="a", packages=frozenset({"law", "physics"})),
        Taker(member="b", packages=frozenset({"law"})),
    ]

    assert offer_price(tariff, takers) == 30


def test_a_minimum_spend_is_asked_as_soon_as_anybody_takes_part() -> None:
    tariff = fixed(least=Money(250, "VND"))

    assert offer_price(tariff, members(1)) == 250


@pytest.mark.parametrize(
    ("tariff", "takers", "said"),
    [
        (fixed(), [*members(1), *members(1)], "takes part twice"),
        (Tariff(offer=Offer(id="q")), members(1), "needs prices of one currency, it has: -"),
        (
            fixed(least=Money(1, "USD")),
            members(1),
            "needs prices of one currency, it has: USD, VND",
        ),
        (
            Tariff(offer=Offer(id="q", minimum_spend=Money(1, "VND"))),
            members(1),
            "is fixed but has no amount",
        ),
        (
            tiered(Pricing.COUNT_TIERS, TierKind.SLAB, (2, 5)),
            members(1),
            "has no tier for 1",
        ),
        (
            tiered(Pricing.COUNT_TIERS, TierKind.MARGINAL, (2, 5)),
            members(3),
            "begin above 2, not above 0",
        ),
        (
            tiered(Pricing.WEIGHT_TIERS, TierKind.SLAB, (0, 5)),
            [Taker(member="a", weight=Fraction(-1))],
            "weight of 'a' is negative",
        ),
        (
            attrs.evolve(
                fixed(Pricing.PACKAGES),
                packages=(OfferPackage(offer="q", package="law", price=Money(1, "VND")),),
            ),
            [Taker(member="a", packages=frozenset({"lwa"}))],
            "has no package 'lwa'; it has: law",
        ),
    ],
)
def test_an_offer_that_says_too_little_is_refused(
    tariff: Tariff, takers: list[Taker], said: str
) -> None:
    with pytest.raises(SplitError, match=said):
        offer_price(tariff, takers)


def test_an_offer_can_be_accepted_on_its_days_only() -> None:
    offer = Offer(id="q", valid_to=date(2025, 1, 31))

    assert offer.is_valid(date(2025, 1, 31))
    assert not offer.is_valid(date(2025, 2, 1))


def test_an_unknown_currency_cannot_even_be_written() -> None:
    with pytest.raises(CurrencyMismatchError):
        Money(1, "DONG")
