"""Suppositions: the worked numbers, and what makes no sense is refused."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import attrs
import pytest

from libconsortium import (
    Adopt,
    BillingPeriod,
    DriverRule,
    Drop,
    ExchangeChange,
    FxRate,
    Join,
    Leave,
    LimitRule,
    MixTerm,
    Money,
    Policy,
    Position,
    PriceChange,
    Quoted,
    SettingsError,
    SplitError,
    SponsorChange,
    SponsorRule,
    Supposition,
    TaxProfile,
    UnknownNameError,
    WhatIf,
    saving_of,
    what_if,
)
from tests.worked_example import (
    EQUAL,
    MIXED,
    OBSERVER,
    TOTAL,
    alone,
    divide,
    done,
    request,
    vnd,
)

RATE = FxRate(quoted="USD", paid="VND", rate=25_400, on=date(2026, 1, 5), source="a bank")
TAX = TaxProfile(
    corporate_income="10%", value_added="5%", source="an adviser", valid_to=date(2020, 1, 1)
)
QUOTED = Quoted(quote=Money.parse("120000 USD"), rate=RATE, tax=TAX)


def supposing(*suppositions: Supposition, position: Position | None = None) -> WhatIf:
    return what_if([position or Position(request=request())], suppositions, divide)


def test_an_observer_that_joins_pays_its_share_and_the_others_less() -> None:
    found = supposing(OBSERVER)

    assert {one.member: one.difference.minor for one in found.members()} == {
        "dh-a": -96_127_956,
        "dh-b": -61_407_871,
        "dh-c": -38_986_325,
        "dh-d": -26_450_976,
        "dh-e": 222_973_128,
    }
    assert found.winners() == ("dh-a", "dh-b", "dh-c", "dh-d")
    assert found.losers() == ()


def test_joining_in_july_costs_the_days_that_are_left() -> None:
    whole = supposing(OBSERVER).members()[-1].after
    assert whole is not None

    left = BillingPeriod.of_year(2026).left_from(date(2026, 7, 1))

    assert Money.rounded(whole.minor * left, "VND").minor == 112_402_892


def test_the_sponsor_s_money_is_no_saving() -> None:
    saved = saving_of(done(), alone())

    assert saved is not None
    assert saved.by_joining.minor == 1_435_087_719
    assert saved.sponsor_relief.minor == 1_425_964_912


def test_a_saving_needs_everybody_s_price_of_buying_alone() -> None:
    assert saving_of(done(), {"dh-a": vnd(1)}) is None


def test_who_leaves_is_paid_for_by_the_others() -> None:
    found = supposing(Leave(member="dh-d"))
    last = found.members()[-1]

    assert (last.member, last.after) == ("dh-d", None)
    assert found.losers() == ("dh-a", "dh-b", "dh-c")
    assert found.bill() == (vnd(TOTAL), vnd(TOTAL))


def test_a_price_is_taxed_and_exchanged_anew() -> None:
    position = Position(request=request(), quoted=QUOTED)

    dearer = supposing(PriceChange(by="5%"), position=position)
    dollar = supposing(ExchangeChange(by="5%"), position=position)

    assert QUOTED.cost().minor == TOTAL
    assert dearer.bill()[1] == dollar.bill()[1] == vnd(3_743_157_895)


def test_a_bill_without_quote_is_foreign_money_as_a_whole() -> None:
    assert supposing(ExchangeChange(by="-10%")).bill()[1] == vnd(3_208_421_053)


def test_a_quote_in_the_members_money_knows_no_rate() -> None:
    home = Position(request=request(), quoted=Quoted(quote=vnd(TOTAL)))

    assert supposing(ExchangeChange(by="5%"), position=home).bill()[1] == vnd(TOTAL)


def test_fees_do_not_rise_with_the_price() -> None:
    quoted = Quoted(quote=vnd(1_000), fees=vnd(7))
    home = Position(request=request(amount=1_007), quoted=quoted)

    assert supposing(PriceChange(by="10%"), position=home).bill()[1] == vnd(1_107)


def test_a_bill_of_several_resources_is_less_without_one() -> None:
    items = {"journals": vnd(900), "books": vnd(100)}
    position = Position(request=request(amount=1_000), items=items)

    assert supposing(Drop(name="books"), position=position).bill()[1] == vnd(900)
    assert supposing(PriceChange(by="50%"), position=position).bill()[1] == vnd(1_500)


def test_without_its_last_resource_there_is_no_bill() -> None:
    position = Position(request=request(amount=900), items={"journals": vnd(900)})

    found = supposing(Drop(name="journals"), position=position)

    assert found.after == ()
    assert found.bill()[1] == vnd(0)
    assert {one.after for one in found.members()} == {None}


def test_a_whole_subscription_can_be_dropped_and_others_stay() -> None:
    books = request(amount=100)
    books = attrs.evolve(books, bill=attrs.evolve(books.bill, subscription="books"))

    both = [Position(request=request()), Position(request=books)]
    found = what_if(both, [Drop(name="books")], divide)

    assert found.bill() == (vnd(TOTAL + 100), vnd(TOTAL))
    assert found.sponsor()[0] == vnd(1_425_964_912 + 40)


def test_what_is_not_there_cannot_be_dropped() -> None:
    with pytest.raises(UnknownNameError, match="no 'bokos' to drop; there are: db"):
        supposing(Drop(name="bokos"))


def test_the_sponsor_s_part_changes_to_a_part_by_points_or_to_an_amount() -> None:
    to = supposing(SponsorChange(pays=Fraction(30, 100)))
    by = supposing(SponsorChange(points=Fraction(-10, 100)))
    amount = supposing(SponsorChange(pays=vnd(1_069_473_684)))

    assert to.after == by.after
    assert to.after[0].members_pay.minor == amount.after[0].members_pay.minor == 2_495_438_597


def test_a_sponsor_can_be_new() -> None:
    alone_ = attrs.evolve(MIXED, sponsor=None)
    position = Position(request=request(alone_))

    assert supposing(SponsorChange(points=Fraction(1, 2)), position=position).sponsor()[1] == vnd(
        1_782_456_141
    )


def test_an_amount_of_a_sponsor_has_no_points() -> None:
    fixed = attrs.evolve(MIXED, sponsor=SponsorRule(pays="5000000 VND"))

    with pytest.raises(SettingsError, match="not points"):
        supposing(SponsorChange(points=Fraction(1, 10)), position=Position(request=request(fixed)))


@pytest.mark.parametrize("given", [{}, {"pays": Fraction(1, 2), "points": Fraction(1, 2)}])
def test_a_sponsor_s_change_says_one_thing(given: dict[str, Fraction]) -> None:
    with pytest.raises(SettingsError, match="say either"):
        SponsorChange(**given)


def test_another_policy_can_be_adopted() -> None:
    found = supposing(Adopt(policy=EQUAL))

    assert found.winners() == ("dh-a", "dh-b")
    assert found.losers() == ("dh-c", "dh-d")
    assert found.gini()[0] > found.gini()[1] > 0


def test_limits_that_would_hold_are_named() -> None:
    held = attrs.evolve(MIXED, limits=LimitRule(standalone=True))

    found = supposing(Adopt(policy=held), position=Position(request=request(standalone=alone())))

    assert found.members()[-1].limits == ("standalone",)


def test_nobody_joins_twice() -> None:
    with pytest.raises(SplitError, match="shares the bill already"):
        supposing(Join(member="dh-a"))


def test_a_stranger_cannot_leave() -> None:
    with pytest.raises(SplitError, match="those who do: dh-a, dh-b"):
        supposing(Leave(member="dh-x"))


def test_the_last_member_cannot_leave() -> None:
    with pytest.raises(SplitError, match="last to share"):
        supposing(*(Leave(member=member) for member in ("dh-a", "dh-b", "dh-c", "dh-d")))


def test_a_joiner_s_figure_counts_for_every_year_the_others_have() -> None:
    policy = Policy(
        name="two years",
        mix=[MixTerm(weight=100, by="size")],
        drivers={"size": DriverRule(measure="fte", mean_of_years=2)},
    )
    drivers = {
        "fte:2024": {"a": Fraction(1), "b": Fraction(3)},
        "fte:2025": {"a": Fraction(3), "b": Fraction(1)},
    }
    asked = attrs.evolve(request(policy, 100), members=("a", "b"), drivers=drivers)

    joins = Join(member="c", figures={"size": Fraction(4)}, last_year=vnd(1), stratum="x")
    found = supposing(joins, position=Position(request=asked))

    assert [one.after and one.after.minor for one in found.members()] == [25, 25, 50]


def test_a_figure_nobody_else_has_is_simply_added() -> None:
    joins = Join(member="c", figures={"beds": Fraction(4)})

    joined = joins.applied(Position(request=request())).request

    assert joined.drivers["beds"] == {"c": Fraction(4)}
