"""What a foreign subscription costs here, line by line, each rounded once."""

from __future__ import annotations

from datetime import date

import pytest

from libconsortium import (
    Contract,
    CurrencyMismatchError,
    FxRate,
    Money,
    SettingsError,
    TaxProfile,
    landed_cost,
    saving,
)

DAY = date(2026, 1, 5)
RATE = FxRate(quoted="USD", paid="VND", rate=25_400, on=DAY, source="a bank, selling")
TAX = TaxProfile(
    corporate_income="10%",
    value_added="5%",
    source="an adviser's letter",
    valid_from=date(2025, 1, 1),
    valid_to=date(2026, 12, 31),
)


def test_a_net_price_is_grossed_up_to_the_dong() -> None:
    cost = landed_cost(Money.parse("120000 USD"), rate=RATE, tax=TAX, contract="net", on=DAY)

    assert cost.supplier == Money(3_048_000_000, "VND")
    assert cost.corporate_income_tax == Money(338_666_667, "VND")
    assert cost.value_added_tax == Money(178_245_614, "VND")
    assert cost.total == Money(3_564_912_281, "VND")


@pytest.mark.parametrize(
    ("contract", "supplier", "income", "value", "whole"),
    [
        (Contract.NET, "100000.00", "11111.11", "5847.95", "116959.06"),
        (Contract.GROSS, "85500.00", "9500.00", "5000.00", "100000.00"),
    ],
)
def test_net_and_gross_contracts_differ(
    contract: Contract, supplier: str, income: str, value: str, whole: str
) -> None:
    cost = landed_cost(Money.parse("100000 USD"), rate=None, tax=TAX, contract=contract, on=DAY)

    lines = (cost.supplier, cost.corporate_income_tax, cost.value_added_tax, cost.total)
    assert [str(line) for line in lines] == [
        f"{one} USD" for one in (supplier, income, value, whole)
    ]


def test_without_tax_only_the_exchange_counts() -> None:
    cost = landed_cost(Money.parse("10.50 USD"), rate=RATE, tax=None, contract="net", on=DAY)

    assert cost.total == cost.supplier == Money(266_700, "VND")


def test_currencies_of_three_decimals_are_exchanged() -> None:
    rate = FxRate(quoted="VND", paid="KWD", rate="0.000012", on=DAY, source="x")

    assert rate.convert(Money(1_000_000, "VND")) == 12_000


def test_every_line_has_its_working() -> None:
    cost = landed_cost(Money.parse("120000 USD"), rate=RATE, tax=TAX, contract="net", on=DAY)

    assert [step.formula for step in cost.working] == [
        "12000000 * 254",
        "10% * 3386666667",
        "5% * 3564912281",
    ]


def test_a_quote_of_nothing_costs_nothing() -> None:
    assert landed_cost(Money(0, "USD"), rate=RATE, tax=TAX, contract="net", on=DAY).total == Money(
        0, "VND"
    )


@pytest.mark.parametrize("on", [date(2024, 12, 31), date(2027, 1, 1)])
def test_rates_hold_for_their_days_only(on: date) -> None:
    with pytest.raises(SettingsError, match=f"from 2025-01-01 to 2026-12-31, not on {on}"):
        landed_cost(Money.parse("1 USD"), rate=RATE, tax=TAX, contract="net", on=on)


def test_rates_without_dates_hold_always() -> None:
    tax = TaxProfile(corporate_income="10%", value_added="5%", source="x")

    assert landed_cost(
        Money.parse("1 USD"), rate=RATE, tax=tax, contract="net", on=date(1999, 1, 1)
    ).total.minor


def test_an_exchange_rate_is_for_its_currency() -> None:
    with pytest.raises(CurrencyMismatchError, match="for USD, the quote is in EUR"):
        landed_cost(Money.parse("1 EUR"), rate=RATE, tax=TAX, contract="net", on=DAY)


def test_rates_out_of_range_are_refused() -> None:
    with pytest.raises(SettingsError, match="above zero"):
        FxRate(quoted="USD", paid="VND", rate=0, on=DAY, source="x")
    with pytest.raises(SettingsError, match="between 0% and 100%"):
        TaxProfile(corporate_income="100%", value_added="5%", source="x")


def test_a_sponsors_money_is_never_a_saving() -> None:
    found = saving(
        alone=Money(5_000_000_000, "VND"),
        together=Money(3_564_912_281, "VND"),
        members_pay=Money(2_138_947_369, "VND"),
    )

    assert found.by_joining == Money(1_435_087_719, "VND")
    assert found.sponsor_relief == Money(1_425_964_912, "VND")
