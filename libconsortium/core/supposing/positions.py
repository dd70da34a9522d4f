"""A bill as it stands: what it is divided by, what it is the sum of, the quote it comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import attrs

from libconsortium.core.buying.landed_cost import Contract, FxRate, TaxProfile, landed_cost
from libconsortium.core.money import Money
from libconsortium.core.sharing.splits import Split, SplitRequest

_SOME_DAY = date(2000, 1, 1)  # of no meaning: without an exchange rate only the tax has dates

Divide = Callable[[SplitRequest], Split]
"""Divides a bill: ``split_steps.divided`` with the plugins there are."""


@attrs.frozen(kw_only=True)
class Quoted:
    """A bill that comes from a supplier's quote.

    Args:
        quote: The supplier's price.
        rate: The exchange rate; ``None`` if the quote is in the currency to pay in.
        tax: The contractor tax; ``None`` where there is none.
        contract: Net or gross of the tax.
        fees: What is paid on top, in the currency to pay in; ``None`` for nothing.
    """

    quote: Money
    rate: FxRate | None = None
    tax: TaxProfile | None = None
    contract: Contract = Contract.NET
    fees: Money | None = None

    def cost(self) -> Money:
        """Return what has to be paid; the tax rates are taken to hold.

        >>> Quoted(quote=Money(100, "VND"), fees=Money(5, "VND")).cost().minor
        105
        """
        tax = None if self.tax is None else attrs.evolve(self.tax, valid_from=None, valid_to=None)
        day = _SOME_DAY if self.rate is None else self.rate.on
        landed = landed_cost(self.quote, rate=self.rate, tax=tax, contract=self.contract, on=day)
        return landed.total if self.fees is None else landed.total + self.fees


@attrs.frozen(kw_only=True)
class Position:
    """A bill as it stands before anything is supposed.

    Args:
        request: The bill and everything that its split depends on.
        quoted: The quote it comes from; ``None`` if its amount is simply given.
        items: The resources that its amount is the sum of, by name; none if it is for one.
    """

    request: SplitRequest
    quoted: Quoted | None = None
    items: Mapping[str, Money] = attrs.field(factory=dict)

    def costing(self, amount: Money) -> Position:
        """Return the position with another amount."""
        bill = attrs.evolve(self.request.bill, amount=amount)
        return attrs.evolve(self, request=attrs.evolve(self.request, bill=bill))
