"""The tables of ``consortium.toml`` as frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import attrs

from libconsortium.core.buying.landed_cost import (
    Contract,
    FxRate,
    LandedCost,
    TaxProfile,
    landed_cost,
)
from libconsortium.core.catalogue.sharing_policies import SharingPolicy
from libconsortium.core.errors import SettingsError
from libconsortium.core.harvest.sources import HarvestSource
from libconsortium.core.money import Money
from libconsortium.core.office.instalments import DueDate
from libconsortium.messages import LANGUAGES


def _known_language(_: object, __: object, language: str) -> None:
    if language not in LANGUAGES:
        raise SettingsError(
            "expected one of {known}, got {language!r}",
            known=", ".join(LANGUAGES),
            language=language,
        )


def _money(given: str | Money | None) -> Money | None:
    return Money.parse(given) if isinstance(given, str) else given


@attrs.frozen(kw_only=True)
class AboutSettings:
    """The table ``[consortium]``.

    Args:
        name: What the consortium is called in documents.
        federation: Id of the federation whose members share the bills; empty if there is none.
        language: Language of documents: ``vi`` or ``en``.
        store: Address of the store; a relative SQLite path starts at the settings' folder.
    """

    name: str
    federation: str = ""
    language: str = attrs.field(default="vi", validator=_known_language)
    store: str = "sqlite:///consortium.db"


@attrs.frozen(kw_only=True)
class SettlementSettings:
    """What was different when a bill was finally paid; what is not said is as in the estimate.

    Args:
        exchange: The exchange rate it was paid at.
        amount: What had to be paid, fees too, in the members' currency.
        quote: The supplier's final price.
        tax: The contractor tax as it was.
        fees: The fees as they were.
        on: The day for which the tax rates must hold.
    """

    exchange: FxRate | None = None
    amount: Money | None = attrs.field(default=None, converter=_money)
    quote: Money | None = attrs.field(default=None, converter=_money)
    tax: TaxProfile | None = None
    fees: Money | None = attrs.field(default=None, converter=_money)
    on: date | None = None


@attrs.frozen(kw_only=True)
class BillSettings:
    """One table of ``[[bills]]``: what one subscription costs in one year, and who divides it how.

    Args:
        subscription: Id of the subscription.
        year: The year it is for.
        policy: Path of the policy file, from the settings' folder.
        amount: What has to be paid, in the members' currency; give this or ``quote``.
        quote: The supplier's price, in its currency.
        contract: ``net`` if the supplier receives the quote in full, ``gross`` if the taxes come
            out of it.
        exchange: The exchange rate of the quote.
        tax: The foreign-contractor tax; none by default.
        on: The day for which members, figures and rates are taken; 1 January of the year if not
            given.
        fees: What is paid on top of a quote (bank charges), or is part of an amount, in the
            members' currency.
        due: The days by which the members pay, with the part that is due then.
        settlement: What was different when the bill was finally paid.
        settlement_due: The day by which the members pay the settlement.

    Raises:
        SettingsError: Neither amount nor quote is given, or both are; or the tax rates do not
            hold on the day.
        CurrencyMismatchError: The exchange rate is not for the quote's currency.

    >>> bill = BillSettings(subscription="journals", year=2027, policy="p.toml", amount="100 VND")
    >>> bill.cost()
    (Money(minor=100, currency='VND'), None)
    """

    subscription: str
    year: int
    policy: str
    amount: Money | None = attrs.field(default=None, converter=_money)
    quote: Money | None = attrs.field(default=None, converter=_money)
    contract: Contract = Contract.NET
    exchange: FxRate | None = None
    tax: TaxProfile | None = None
    on: date | None = None
    fees: Money | None = attrs.field(default=None, converter=_money)
    due: tuple[DueDate, ...] = ()
    settlement: SettlementSettings | None = None
    settlement_due: date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a bill that comes to nothing certain."""
        self.cost()
        if self.settlement is not None:
            self.settled()

    def cost(self) -> tuple[Money, LandedCost | None]:
        """Return what has to be paid, and how a quote became it (``None`` if it is given)."""
        if self.amount is not None and self.quote is None:
            return self.amount, None
        if self.quote is not None and self.amount is None:
            landed = landed_cost(
                self.quote,
                rate=self.exchange,
                tax=self.tax,
                contract=self.contract,
                on=self.day,
            )
            return landed.total if self.fees is None else landed.total + self.fees, landed
        raise SettingsError("give either amount or quote")

    def settled(self) -> BillSettings:
        """Return the bill as it was finally paid; as it is while nothing is known of that.

        >>> bill = BillSettings(subscription="journals", year=2027, policy="p.toml", amount="9 VND",
        ...                     settlement=SettlementSettings(amount="10 VND"))
        >>> bill.settled().cost()[0].minor
        10
        """
        said = attrs.asdict(self.settlement, recurse=False) if self.settlement else {}
        known = {name: value for name, value in said.items() if value is not None}
        if "amount" in known or "quote" in known:
            known = {"amount": None, "quote": None, **known}
        return attrs.evolve(self, settlement=None, **known) if known else self

    @property
    def day(self) -> date:
        """The day for which members, figures and rates are taken."""
        return self.on or date(self.year, 1, 1)


def _is_score(_: object, __: object, score: float | None) -> None:
    if score is not None and not 0 < score <= 1:
        raise SettingsError("expected a score above 0, at most 1, got {score}", score=score)


@attrs.frozen(kw_only=True)
class CatalogueSettings:
    """The table ``[catalogue]``: how the union catalogue joins, describes, shows and finds.

    Args:
        weights: Path of a file of learned weights (``libconsortium clusters learn``), from the
            settings' folder; empty for the weights that the match rule came with.
        threshold: Score from which two records are one publication; the usual one if not given.
        priority: Ids of libraries whose descriptions go before others', the best one first.
        sharing: What others may see, by source or by library (``[catalogue.sharing.ID]``); the
            source's own goes first. Who is not named shares everything.
        search: Address of the search index: an SQLite file, a PostgreSQL database
            (``postgresql://…``) or a folder of tantivy (``tantivy:///search-index``); a relative
            path starts at the settings' folder.
        places: Path of the table of places by which records are tagged (ending in ``.toml``), or
            name of a plugin's table; empty for no tags.

    >>> CatalogueSettings(sharing={"tlu": SharingPolicy(embargo_years=2)}).sharing["tlu"].level
    <SharingLevel.FULL: 'full'>
    """

    weights: str = ""
    threshold: float | None = attrs.field(default=None, validator=_is_score)
    priority: tuple[str, ...] = ()
    sharing: Mapping[str, SharingPolicy] = attrs.field(factory=dict)
    search: str = "sqlite:///search.db"
    places: str = "vn-provinces"


@attrs.frozen(kw_only=True)
class TitleListSettings:
    """One table of ``[[title_lists]]``: the titles that somebody pays for.

    Args:
        file: Path of the list (KBART), from the settings' folder.
        subscription: Id of the subscription it belongs to; those who take part share it.
        member: Id of the library that has it alone.
        name: What it is called; the subscription's id, or the file's name, if empty.
        cost: What it costs in a year; the subscription's bill of the year if not given.

    Raises:
        SettingsError: Both a subscription and a member are given.

    >>> TitleListSettings(file="lists/acme.tsv", member="tlu").title
    'acme'
    """

    file: str
    subscription: str = ""
    member: str = ""
    name: str = ""
    cost: Money | None = attrs.field(default=None, converter=_money)

    def __attrs_post_init__(self) -> None:
        """Refuse a list of which nobody knows who pays for it."""
        if self.subscription and self.member:
            raise SettingsError("give either subscription or member")

    @property
    def title(self) -> str:
        """What it is called."""
        return self.name or self.subscription or Path(self.file).stem


@attrs.frozen(kw_only=True)
class SettingsFile:
    """What ``consortium.toml`` holds.

    Args:
        consortium: The table ``[consortium]``.
        sources: The tables ``[[sources]]``, one for every catalogue to harvest.
        bills: The tables ``[[bills]]``, one for every bill to share.
        catalogue: The table ``[catalogue]``.
        title_lists: The tables ``[[title_lists]]``, one for every list of titles paid for.
    """

    consortium: AboutSettings
    sources: tuple[HarvestSource, ...] = ()
    bills: tuple[BillSettings, ...] = ()
    catalogue: CatalogueSettings = CatalogueSettings()
    title_lists: tuple[TitleListSettings, ...] = ()
