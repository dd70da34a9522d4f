"""The game that a vendor's tariff is: what every set of members would have to pay."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from libconsortium.core.buying.offers import Pricing
from libconsortium.core.buying.scales import Scale
from libconsortium.core.buying.tariffs import Taker, Tariff, offer_price
from libconsortium.core.games.composed_games import AtLeast
from libconsortium.core.games.games import Price
from libconsortium.core.games.structured_games import ByCount, ByWeight, Packages


def tariff_game(tariff: Tariff, takers: Sequence[Taker], *, cover: bool = False) -> Price:
    """Return what every set of takers would pay a vendor, in the form that is easiest to solve.

    Args:
        tariff: The offer with its tiers and packages.
        takers: Who would take part, in the order of the players.
        cover: Let everybody buy more than they need where a discount on all units makes that
            cheaper, so that the price never falls when a member joins.

    Raises:
        SplitError: The offer says too little, or the takers are not clear.

    >>> from libconsortium.core.money import Money
    >>> from libconsortium.core.buying.offers import Offer
    >>> offer = Offer(id="q1", pricing=Pricing.PER_MEMBER, amount=Money(5, "VND"))
    >>> tariff_game(Tariff(offer=offer), [Taker(member="a"), Taker(member="b")]).of([0, 1])
    Fraction(10, 1)
    """
    offer_price(tariff, takers)  # refuses what is not clear, before anything is computed
    match tariff.offer.pricing:
        case Pricing.WEIGHT_TIERS:
            weights = tuple(taker.weight for taker in takers)
            return ByWeight(weights=weights, scale=_scale(tariff, cover=cover))
        case Pricing.PACKAGES:
            return _packages(tariff, takers)
        case Pricing.COUNT_TIERS:
            scale = _scale(tariff, cover=False)
            prices = [scale.at(Fraction(count)) for count in range(len(takers) + 1)]
        case _:
            prices = [offer_price(tariff, takers[:count]) for count in range(len(takers) + 1)]
    return ByCount(prices=tuple(_never_falling(prices) if cover else prices))


def _never_falling(prices: Sequence[Fraction]) -> list[Fraction]:
    covered = list(prices)
    for count in range(len(prices) - 2, 0, -1):
        covered[count] = min(covered[count], covered[count + 1])
    return covered


def _scale(tariff: Tariff, *, cover: bool) -> Scale:
    tiers = [(tier.above, Fraction(tier.price.minor)) for tier in tariff.tiers]
    scale = Scale.of_tiers(tariff.offer.tier_kind, tiers)
    if tariff.offer.minimum_spend is not None:
        scale = scale.at_least(Fraction(tariff.offer.minimum_spend.minor))
    return scale.cover() if cover else scale


def _packages(tariff: Tariff, takers: Sequence[Taker]) -> Price:
    packages = tuple(
        (
            Fraction(package.price.minor),
            tuple(at for at, taker in enumerate(takers) if package.package in taker.packages),
        )
        for package in sorted(tariff.packages, key=lambda one: one.package)
    )
    price = Packages(count=len(takers), packages=packages)
    least = tariff.offer.minimum_spend
    return price if least is None else AtLeast(price=price, least=Fraction(least.minor))
