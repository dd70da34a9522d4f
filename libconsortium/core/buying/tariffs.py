"""What an offer comes to for a set of takers: pure, exact, one function for every tariff."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

import attrs

from libconsortium.core.buying.offers import Offer, OfferPackage, OfferTier, Pricing, TierKind
from libconsortium.core.errors import SplitError


@attrs.frozen(kw_only=True)
class Tariff:
    """An offer together with its tiers and packages.

    Args:
        offer: The offer.
        tiers: Its tiers, in any order.
        packages: Its packages, in any order.
    """

    offer: Offer
    tiers: tuple[OfferTier, ...] = ()
    packages: tuple[OfferPackage, ...] = ()

    @property
    def currency(self) -> str:
        """The currency of every price in it.

        Raises:
            SplitError: There is no price, or there are prices in two currencies.

        >>> from libconsortium.core.money import Money
        >>> Tariff(offer=Offer(id="q1", amount=Money(5, "VND"))).currency
        'VND'
        """
        given = [self.offer.amount, self.offer.minimum_spend]
        given += [tier.price for tier in self.tiers] + [package.price for package in self.packages]
        currencies = sorted({price.currency for price in given if price is not None})
        if len(currencies) != 1:
            raise SplitError(
                "the offer {offer!r} needs prices of one currency, it has: {currencies}",
                offer=self.offer.id,
                currencies=", ".join(currencies) or "-",
            )
        return currencies[0]


@attrs.frozen(kw_only=True)
class Taker:
    """A member who takes part, as far as a price depends on it.

    Args:
        member: Id of the member.
        weight: The measure that weight tiers add up; of no meaning for other offers.
        packages: Names of the packages it takes.
    """

    member: str
    weight: Fraction = attrs.field(default=Fraction(0), converter=Fraction)
    packages: frozenset[str] = frozenset()


def offer_price(tariff: Tariff, takers: Iterable[Taker]) -> Fraction:
    """Return what a vendor asks when exactly these members take part.

    Nobody taking part costs nothing, whatever the offer. The order of the takers and of the
    tiers never matters.

    Args:
        tariff: The offer with its tiers and packages.
        takers: The members who take part, each once.

    Returns:
        Exact number of minor units, not rounded: a weight may be any fraction.

    Raises:
        SplitError: The offer says too little (no amount, no tier that low), has two currencies,
            or a taker is named twice, takes an unknown package or has a negative weight.

    >>> from libconsortium.core.money import Money
    >>> tiers = (
    ...     OfferTier(offer="q1", above=Fraction(0), price=Money(1000, "VND")),
    ...     OfferTier(offer="q1", above=Fraction(2), price=Money(900, "VND")),
    ... )
    >>> offer = Offer(id="q1", pricing=Pricing.COUNT_TIERS, tier_kind=TierKind.MARGINAL)
    >>> offer_price(Tariff(offer=offer, tiers=tiers), [Taker(member=name) for name in "abc"])
    Fraction(2900, 1)
    """
    listed = tuple(takers)
    taking = {taker.member: taker for taker in listed}
    if len(taking) != len(listed):
        raise SplitError("a member takes part twice in the offer {offer!r}", offer=tariff.offer.id)
    if not taking:
        return Fraction(0)
    tariff.currency  # noqa: B018 - refuses a mixture before anything is added up
    asked = _PRICES[tariff.offer.pricing](tariff, taking)
    least = tariff.offer.minimum_spend
    return asked if least is None else max(asked, Fraction(least.minor))


def _amount(tariff: Tariff) -> Fraction:
    if tariff.offer.amount is None:
        raise SplitError(
            "the offer {offer!r} is {pricing} but has no amount",
            offer=tariff.offer.id,
            pricing=tariff.offer.pricing.value,
        )
    return Fraction(tariff.offer.amount.minor)


def _fixed(tariff: Tariff, _: Mapping[str, Taker]) -> Fraction:
    return _amount(tariff)


def _per_member(tariff: Tariff, taking: Mapping[str, Taker]) -> Fraction:
    return _amount(tariff) * len(taking)


def _count_tiers(tariff: Tariff, taking: Mapping[str, Taker]) -> Fraction:
    return _tiered(tariff, Fraction(len(taking)))


def _weight_tiers(tariff: Tariff, taking: Mapping[str, Taker]) -> Fraction:
    for taker in taking.values():
        if taker.weight < 0:
            raise SplitError(
                "the weight of {member!r} is negative: {weight}",
                member=taker.member,
                weight=taker.weight,
            )
    return _tiered(tariff, sum((taker.weight for taker in taking.values()), Fraction(0)))


def _packages(tariff: Tariff, taking: Mapping[str, Taker]) -> Fraction:
    prices = {package.package: package.price.minor for package in tariff.packages}
    wanted = {package for taker in taking.values() for package in taker.packages}
    for package in sorted(wanted - prices.keys()):
        raise SplitError(
            "the offer {offer!r} has no package {package!r}; it has: {known}",
            offer=tariff.offer.id,
            package=package,
            known=", ".join(sorted(prices)) or "-",
        )
    return Fraction(sum(prices[package] for package in wanted))


def _tiered(tariff: Tariff, size: Fraction) -> Fraction:
    if not size:
        return Fraction(0)
    tiers = sorted(tariff.tiers, key=lambda tier: tier.above)
    reached = [tier for tier in tiers if tier.above < size]
    if not reached:
        raise SplitError(
            "the offer {offer!r} has no tier for {size}; its lowest must begin above 0",
            offer=tariff.offer.id,
            size=size,
        )
    last = Fraction(reached[-1].price.minor)
    match tariff.offer.tier_kind:
        case TierKind.TOTAL:
            return last
        case TierKind.SLAB:
            return last * size
        case _:  # marginal
            return _marginal(tariff, reached, size)


def _marginal(tariff: Tariff, reached: list[OfferTier], size: Fraction) -> Fraction:
    if reached[0].above > 0:
        raise SplitError(
            "the marginal tiers of {offer!r} begin above {above}, not above 0",
            offer=tariff.offer.id,
            above=reached[0].above,
        )
    ends = [*(tier.above for tier in reached[1:]), size]
    return sum(
        ((end - tier.above) * tier.price.minor for tier, end in zip(reached, ends, strict=True)),
        Fraction(0),
    )


_PRICES: Mapping[Pricing, Callable[[Tariff, Mapping[str, Taker]], Fraction]] = {
    Pricing.FIXED: _fixed,
    Pricing.PER_MEMBER: _per_member,
    Pricing.COUNT_TIERS: _count_tiers,
    Pricing.WEIGHT_TIERS: _weight_tiers,
    Pricing.PACKAGES: _packages,
}
