from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import (
    Due,
    Money,
    Payer,
    Receipt,
    SettingsError,
    UnknownIdError,
    dues_summary,
    expected_dues,
    settled_dues,
)

RATES = {"unit": Money(1_000_000, "VND"), "union": Money(0, "VND")}
DAY = date(2019, 3, 1)


def vnd(minor: int) -> Money:
    return Money(minor, "VND")


def units(count: int) -> list[Payer]:
    return [Payer(id=f"unit-{number:02}", payer_class="unit") for number in range(count)]


def test_62_of_63_units_paid() -> None:
    dues = expected_dues(units(63), RATES, 2019)
    receipts = [Receipt(payer=due.payer, amount=vnd(1_000_000), on=DAY) for due in dues[:-1]]

    (found,) = dues_summary(settled_dues(dues, receipts))

    assert (found.expected, found.received) == (vnd(63_000_000), vnd(62_000_000))
    assert (found.units, found.paid_units, found.in_arrears) == (63, 62, ("unit-62",))
    assert found.arrears == vnd(1_000_000)
    assert round(float(found.by_units * 100), 2) == 98.41
    assert found.by_money == found.by_units == Fraction(62, 63)


def test_a_branch_that_pays_through_its_union_is_charged_once() -> None:
    payers = [
        Payer(id="union", payer_class="union"),
        Payer(id="a", payer_class="unit", through="union"),
        Payer(id="b", payer_class="unit", through="union"),
        Payer(id="c", payer_class="unit"),
    ]

    dues = expected_dues(payers, RATES, 2019, due_on=date(2019, 6, 30))

    assert [(due.payer, due.amount.minor, due.covers) for due in dues] == [
        ("c", 1_000_000, ("c",)),
        ("union", 2_000_000, ("a", "b")),
    ]


def test_an_exempt_payer_owes_nothing() -> None:
    assert expected_dues([Payer(id="a", payer_class="unit", is_exempt=True)], RATES, 2019) == ()


def test_a_class_without_a_rate_is_told() -> None:
    with pytest.raises(SettingsError, match=r"'guest', which has no rate; there are: union, unit"):
        expected_dues([Payer(id="a", payer_class="guest")], RATES, 2019)


def test_an_unknown_union_is_told() -> None:
    with pytest.raises(UnknownIdError, match="'a' pays through 'b'"):
        expected_dues([Payer(id="a", payer_class="unit", through="b")], RATES, 2019)


def test_a_union_does_not_pay_through_another() -> None:
    payers = [
        Payer(id="a", payer_class="unit", through="b"),
        Payer(id="b", payer_class="union", through="c"),
        Payer(id="c", payer_class="union"),
    ]

    with pytest.raises(SettingsError, match="pays through another one"):
        expected_dues(payers, RATES, 2019)


def test_an_advance_pays_next_years_dues() -> None:
    dues = [*expected_dues(units(1), RATES, 2019), *expected_dues(units(1), RATES, 2020)]

    state = settled_dues(dues, [Receipt(payer="unit-00", amount=vnd(1_500_000), on=DAY)])

    assert [one.left.minor for one in state.states] == [0, 500_000]
    assert state.advances == {}


def test_what_is_over_waits_and_adds_up() -> None:
    paid = [Receipt(payer="unit-00", amount=vnd(1_500_000), on=DAY, id=mark) for mark in "ab"]

    state = settled_dues(expected_dues(units(1), RATES, 2019), paid)

    assert state.advances == {"unit-00": vnd(2_000_000)}


def test_money_after_the_last_day_is_late() -> None:
    dues = expected_dues(units(2), RATES, 2019, due_on=date(2019, 2, 28))
    receipts = [
        Receipt(payer="unit-00", amount=vnd(1_000_000), on=DAY),
        Receipt(payer="unit-01", amount=vnd(1_000_000), on=date(2019, 2, 28)),
    ]

    assert [one.is_late for one in settled_dues(dues, receipts).states] == [True, False]


def test_where_nothing_is_owed_all_of_it_is_paid() -> None:
    due = Due(payer="a", payer_class="union", year=2019, amount=vnd(0))

    (found,) = dues_summary(settled_dues([due], []))

    assert found.by_money == 1


@given(st.lists(st.integers(1, 3_000_000), max_size=8))
def test_nothing_that_was_paid_is_lost(amounts: list[int]) -> None:
    dues = [*expected_dues(units(1), RATES, 2019), *expected_dues(units(1), RATES, 2020)]
    receipts = [
        Receipt(payer="unit-00", amount=vnd(minor), on=DAY, id=str(number))
        for number, minor in enumerate(amounts)
    ]

    state = settled_dues(dues, receipts)

    kept = sum(one.received.minor for one in state.states)
    ahead = sum(one.minor for one in state.advances.values())
    assert kept + ahead == sum(amounts)
    assert all(0 <= one.received.minor <= one.due.amount.minor for one in state.states)
