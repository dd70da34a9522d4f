"""What a vendor offers, and what it comes to for a given set of takers."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from fractions import Fraction

import attrs

from libconsortium.core.directory.members import is_within
from libconsortium.core.money import Money


class Pricing(StrEnum):
    """How an offer's price depends on who takes part."""

    FIXED = "fixed"
    PER_MEMBER = "per-member"
    COUNT_TIERS = "count-tiers"
    WEIGHT_TIERS = "weight-tiers"
    PACKAGES = "packages"


class TierKind(StrEnum):
    """What a tier's price is the price of.

    ``slab``: of every unit, once the tier is reached. ``marginal``: of each unit inside the tier.
    ``total``: of everything together, once the tier is reached.
    """

    SLAB = "slab"
    MARGINAL = "marginal"
    TOTAL = "total"


class Basis(StrEnum):
    """Whether foreign-contractor tax comes on top of the price (net) or out of it (gross)."""

    NET = "net"
    GROSS = "gross"


@attrs.frozen(kw_only=True)
class Offer:
    """A vendor's price for a subscription.

    Args:
        id: The office's own id.
        subscription: Id of the subscription.
        pricing: How the price depends on the takers.
        amount: The fixed price, or the price of one member; ``None`` where tiers or packages say.
        minimum_spend: The least the vendor takes as soon as anybody takes part; ``None`` if none.
        tier_kind: What the tiers' prices mean; of no meaning without tiers.
        driver: Name of the measure that weight tiers add up (``fte``).
        basis: Net or gross of foreign-contractor tax.
        valid_from: First day on which it can be accepted, or ``None``.
        valid_to: Last day on which it can be accepted, or ``None``.
        source: The quotation.

    >>> Offer(id="q1", subscription="db-1-2025", amount=Money.parse("120000 USD")).pricing.value
    'fixed'
    """

    id: str
    subscription: str = ""
    pricing: Pricing = Pricing.FIXED
    amount: Money | None = None
    minimum_spend: Money | None = None
    tier_kind: TierKind = TierKind.SLAB
    driver: str = ""
    basis: Basis = Basis.NET
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""

    def is_valid(self, on: date) -> bool:
        """Return whether the offer can be accepted on a day."""
        return is_within(on, self.valid_from, self.valid_to)


@attrs.frozen(kw_only=True)
class OfferTier:
    """One step of an offer by count or weight.

    Args:
        offer: Id of the offer.
        above: The tier holds above this many members or this much weight, up to the next tier.
        price: See ``TierKind``.

    >>> OfferTier(offer="q1", above=Fraction(10), price=Money.parse("900 USD")).above
    Fraction(10, 1)
    """

    offer: str
    above: Fraction = attrs.field(default=Fraction(0), converter=Fraction)
    price: Money


@attrs.frozen(kw_only=True)
class OfferPackage:
    """One package of an offer; who takes it is said by the participations.

    Args:
        offer: Id of the offer.
        package: The package's name within the offer.
        price: What it costs as soon as one member takes it, however many do.

    >>> OfferPackage(offer="q1", package="physics", price=Money.parse("900 USD")).package
    'physics'
    """

    offer: str
    package: str
    price: Money


@attrs.frozen(kw_only=True)
class StandaloneQuote:
    """What a library would pay for a resource alone.

    Args:
        library: Id of the library.
        resource: Id of the resource.
        amount: The price alone, with the taxes the library would pay.
        valid_from: First day, or ``None``.
        valid_to: Last day, or ``None``.
        source: The quotation.

    >>> alone = StandaloneQuote(library="lib-d", resource="db-1", amount=Money(150, "VND"))
    >>> str(alone.amount)
    '150 VND'
    """

    library: str
    resource: str
    amount: Money
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""

    def is_valid(self, on: date) -> bool:
        """Return whether the quote holds on a day."""
        return is_within(on, self.valid_from, self.valid_to)
