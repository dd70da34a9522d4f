"""What a directory's offers come to on a day, with the members who then take part."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from libconsortium.core.buying.offers import (
    Offer,
    OfferPackage,
    OfferTier,
    Pricing,
    StandaloneQuote,
)
from libconsortium.core.buying.tariffs import Taker, Tariff
from libconsortium.core.directory.directory import Directory
from libconsortium.core.directory.measures import Measure
from libconsortium.core.errors import SplitError, UnknownIdError


def tariff_of(directory: Directory, offer: str) -> Tariff:
    """Return an offer with its tiers and packages.

    Raises:
        UnknownIdError: There is no such offer.

    >>> tariff_of(Directory.of([Offer(id="q1")]), "q1").offer.id
    'q1'
    """
    found = [one for one in directory.of_kind(Offer) if one.id == offer]
    if not found:
        raise UnknownIdError("nothing of this kind has the id {id!r}", id=offer)
    return Tariff(
        offer=found[0],
        tiers=tuple(one for one in directory.of_kind(OfferTier) if one.offer == offer),
        packages=tuple(one for one in directory.of_kind(OfferPackage) if one.offer == offer),
    )


def takers_of(directory: Directory, offer: str, *, on: date, period: str) -> tuple[Taker, ...]:
    """Return the libraries an offer is priced for on a day, as far as its price depends on them.

    Args:
        directory: All facts.
        offer: Id of the offer.
        on: The day of access meant.
        period: The period whose measure counts as weight; of no meaning without weight tiers.

    Raises:
        UnknownIdError: There is no such offer or subscription.
        SplitError: A library's measure is missing.
        QuantityError: A library's measure is only approximate.

    >>> from libconsortium.core.buying.subscriptions import Participation, Subscription
    >>> facts = [Offer(id="q1", subscription="db"), Subscription(id="db")]
    >>> facts += [Participation(subscription="db", member="lib-a")]
    >>> takers_of(Directory.of(facts), "q1", on=date(2025, 1, 1), period="2024")[0].member
    'lib-a'
    """
    record = tariff_of(directory, offer).offer
    weighs = record.pricing is Pricing.WEIGHT_TIERS
    return tuple(
        Taker(
            member=library,
            weight=_weight(directory, library, record.driver, period) if weighs else Fraction(0),
            packages=packages,
        )
        for library, packages in directory.participants(record.subscription, on=on).items()
    )


def standalone_quote(
    directory: Directory, library: str, resource: str, *, on: date
) -> StandaloneQuote | None:
    """Return what a library would pay alone on a day, or ``None`` if no quote holds then.

    Where several hold, the one that began last.

    >>> standalone_quote(Directory.of([]), "lib-a", "db", on=date(2025, 1, 1)) is None
    True
    """
    holding = [
        quote
        for quote in directory.of_kind(StandaloneQuote)
        if (quote.library, quote.resource) == (library, resource) and quote.is_valid(on)
    ]
    return max(holding, key=lambda quote: quote.valid_from or date.min, default=None)


def _weight(directory: Directory, library: str, driver: str, period: str) -> Fraction:
    measure: Measure | None = directory.measure(library, driver, period)
    if measure is None:
        raise SplitError(
            "no {measure} of {library!r} for {period}; enter it or choose another period",
            measure=driver,
            library=library,
            period=period,
        )
    return measure.value.exact
