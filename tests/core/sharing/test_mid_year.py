"""Joiners, leavers and appeals: every entry balances."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import attrs
import pytest

from libconsortium import (
    Adjustment,
    AdjustmentKind,
    BillingPeriod,
    Leave,
    LimitRule,
    MidYear,
    Position,
    ProRata,
    Resolution,
    SplitError,
    appeal,
    check_balance,
    day_after,
)
from tests.worked_example import MIXED, OBSERVER, SHARES, divide, done, request, vnd

SAID = Resolution(subscription="db", year=2026, entry="7", on=date(2026, 6, 1), why="because")
YEAR = BillingPeriod.of_year(2026)
JULY = YEAR.left_from(date(2026, 7, 1))
WITH = divide(OBSERVER.applied(Position(request=request())).request)
BETWEEN = MidYear(member="dh-e", without=done(), with_it=WITH)


def amounts(entry: tuple[Adjustment, ...]) -> dict[str, int]:
    return {one.party: one.amount.minor for one in entry}


def test_a_joiner_pays_its_days_and_the_others_get_them() -> None:
    entry = amounts(BETWEEN.joins(JULY, SAID))

    assert entry["dh-e"] == 112_402_892
    assert sum(entry.values()) == 0
    assert set(entry) == {*SHARES, "dh-e"}
    assert abs(entry["dh-a"] + 96_127_956 * JULY) < 1


def test_a_joiner_s_money_can_be_added_revenue() -> None:
    entry = BETWEEN.joins(JULY, SAID, into="reserve")

    assert amounts(entry) == {"dh-e": 112_402_892, "reserve": -112_402_892}
    assert {one.kind for one in entry} == {AdjustmentKind.JOIN}


def test_a_leaver_gets_its_days_back_from_those_who_stay() -> None:
    without = divide(Leave(member="dh-d").applied(Position(request=request())).request)
    between = MidYear(member="dh-d", without=without, with_it=done())

    entry = amounts(between.leaves(YEAR.left_from(day_after(date(2026, 6, 30))), SAID))
    reserve = amounts(between.leaves(JULY, SAID, payer="reserve"))

    assert sum(entry.values()) == 0
    assert entry["dh-d"] == -reserve["reserve"] == -85_490_922
    assert min(entry[member] for member in ("dh-a", "dh-b", "dh-c")) > 0


def test_the_two_splits_are_without_and_with() -> None:
    with pytest.raises(SplitError, match="must share the bill in the second split"):
        MidYear(member="dh-e", without=WITH, with_it=WITH)


def test_somebody_must_gain_by_a_joiner_or_be_named() -> None:
    held = attrs.evolve(MIXED, limits=LimitRule(floor=vnd(1)))
    dear = divide(request(held, amount=10**11))
    full = divide(OBSERVER.applied(Position(request=request(held, amount=2 * 10**11))).request)
    between = MidYear(member="dh-e", without=dear, with_it=full)

    with pytest.raises(SplitError, match="nobody pays less with 'dh-e'"):
        between.joins(JULY, SAID)


@pytest.mark.parametrize(
    ("day", "by", "left"),
    [
        (date(2026, 1, 1), ProRata.DAY, Fraction(1)),
        (date(2026, 12, 31), ProRata.DAY, Fraction(1, 365)),
        (date(2026, 2, 28), ProRata.MONTH, Fraction(11, 12)),
        (date(2026, 6, 30), ProRata.QUARTER, Fraction(3, 4)),
        (date(2026, 7, 1), ProRata.QUARTER, Fraction(1, 2)),
    ],
)
def test_a_step_that_has_begun_counts_as_a_whole(day: date, by: ProRata, left: Fraction) -> None:
    assert YEAR.left_from(day, by) == left


def test_a_day_outside_the_period_is_refused() -> None:
    with pytest.raises(SplitError, match="lies outside the period"):
        YEAR.left_from(date(2027, 1, 1))


def test_a_period_does_not_end_before_it_begins() -> None:
    with pytest.raises(SplitError, match="ends before it begins"):
        BillingPeriod(first=date(2026, 2, 1), last=date(2026, 1, 1))


def test_an_appeal_is_paid_by_the_others_or_by_one() -> None:
    paid = {member: vnd(minor) for member, minor in SHARES.items()}

    others = amounts(appeal(SAID, "dh-c", vnd(5_000_000), paid))
    sponsor = amounts(appeal(SAID, "dh-c", vnd(5_000_000), paid, payer="sponsor"))

    assert sum(others.values()) == 0
    assert others["dh-c"] == -5_000_000
    assert sponsor == {"dh-c": -5_000_000, "sponsor": 5_000_000}


@pytest.mark.parametrize(("member", "relief"), [("dh-x", 1), ("dh-c", -1), ("dh-c", 10**12)])
def test_nobody_is_relieved_of_more_than_it_pays(member: str, relief: int) -> None:
    paid = {name: vnd(minor) for name, minor in SHARES.items()}

    with pytest.raises(SplitError, match="cannot pay"):
        appeal(SAID, member, vnd(relief), paid)


def test_an_entry_that_does_not_balance_is_refused() -> None:
    one = Adjustment(
        subscription="db", year=2026, entry="9", party="a", amount=vnd(5), on=date(2026, 1, 1)
    )

    with pytest.raises(SplitError, match="entry '9' come to 5 VND"):
        check_balance([one])
    assert SAID.adjusting({"a": vnd(0)}, AdjustmentKind.CORRECTION) == ()
