"""Where limits cannot be kept, each proposed change is enough, and nothing smaller is."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from libconsortium import (
    DriverRule,
    InfeasibleError,
    LimitRule,
    MixTerm,
    Money,
    Policy,
    Registry,
    Remedy,
    SettingsError,
    Split,
    SplitError,
    SponsorRule,
    split,
)

REGISTRY = Registry()
FTE = {"a": 5, "b": 3, "c": 2, "n": 0}
BUDGET = {"a": 4000, "b": 2000, "c": 1500, "n": 100}
HUNDREDTH = Fraction(1, 10_000)
POLICY = Policy(
    name="x",
    mix=[MixTerm(weight=1, by="fte")],
    drivers={"fte": DriverRule(), "budget": DriverRule()},
)


def vnd(minor: int) -> Money:
    return Money(minor, "VND")


def done(limits: LimitRule, bill: int = 1000, **more: Any) -> Split:
    sponsor = more.pop("sponsor", None)
    rules = attrs.evolve(POLICY, limits=limits, sponsor=sponsor)
    figures = {"fte": FTE, "budget": BUDGET}
    return split(vnd(bill), FTE, figures, rules, registry=REGISTRY, **more)


def remedies(limits: LimitRule, bill: int = 1000, **more: Any) -> dict[str, Remedy]:
    with pytest.raises(InfeasibleError) as caught:
        done(limits, bill, **more)
    found = caught.value.remedies
    assert all(isinstance(one, Remedy) for one in found)
    return {one.kind: one for one in found if isinstance(one, Remedy)}


def test_who_is_short_is_named_with_the_gap() -> None:
    with pytest.raises(
        InfeasibleError, match="3 members are held below their part: a by 400 VND, "
    ):
        done(LimitRule(ceiling="100 VND"))


def test_only_the_widest_gaps_are_named() -> None:
    rules = Policy(name="x", mix=[MixTerm(weight=1, by="equal")], limits=LimitRule(ceiling="1 VND"))

    with pytest.raises(InfeasibleError, match=r"5 members .*c by 1 VND, …;"):
        split(vnd(10), "abcde", {}, rules, registry=REGISTRY)


def test_the_smallest_ceiling_is_enough_and_nothing_less() -> None:
    found = remedies(LimitRule(ceiling="300 VND"))["ceiling"].value

    assert found == vnd(334)
    assert done(LimitRule(ceiling="334 VND")).members_pay == vnd(1000)
    with pytest.raises(InfeasibleError):
        done(LimitRule(ceiling="333 VND"))


def test_the_smallest_part_of_the_budget_is_enough_and_nothing_less() -> None:
    found = remedies(LimitRule(of_budget="10%"))["of_budget"].value

    assert isinstance(found, Fraction)
    assert done(LimitRule(of_budget=found)).members_pay == vnd(1000)
    with pytest.raises(InfeasibleError):
        done(LimitRule(of_budget=found - HUNDREDTH))


def test_no_part_of_the_budget_above_the_whole_is_proposed() -> None:
    assert "of_budget" not in remedies(LimitRule(of_budget="10%"), bill=9000)


def test_the_absorber_is_told_what_it_would_pay() -> None:
    limits = LimitRule(ceiling="300 VND")
    found = remedies(limits)["absorber"].value

    made = done(attrs.evolve(limits, absorber="reserve"))

    assert made.others == {"reserve": found}


def test_a_sponsor_that_pays_an_amount_is_told_an_amount() -> None:
    sponsor = SponsorRule(pays="50 VND")

    found = remedies(LimitRule(ceiling="300 VND"), sponsor=sponsor)["sponsor"].value

    assert found == vnd(100)
    made = done(LimitRule(ceiling="300 VND"), sponsor=SponsorRule(pays="100 VND"))
    assert made.members_pay == vnd(900)
    with pytest.raises(InfeasibleError):
        done(LimitRule(ceiling="300 VND"), sponsor=SponsorRule(pays="99 VND"))


def test_the_highest_floor_is_enough_and_nothing_more() -> None:
    found = remedies(LimitRule(floor="300 VND"))["floor"].value

    assert found == vnd(250)
    assert done(LimitRule(floor="250 VND")).members_pay == vnd(1000)
    with pytest.raises(InfeasibleError):
        done(LimitRule(floor="251 VND"))


@pytest.mark.parametrize(
    ("pays", "proposed", "more"), [("50%", Fraction(1, 5), "20.01%"), ("500 VND", 200, "201 VND")]
)
def test_a_sponsor_may_pay_less_where_floors_bring_too_much(
    pays: str, proposed: Fraction | int, more: str
) -> None:
    limits = LimitRule(floor="200 VND")

    found = remedies(limits, sponsor=SponsorRule(pays=pays))["sponsor"].value

    assert found == (vnd(proposed) if isinstance(proposed, int) else proposed)
    with pytest.raises(InfeasibleError):
        done(limits, bill=100_000, sponsor=SponsorRule(pays="100%"))
    assert more


def test_the_exempt_do_not_raise_the_highest_floor() -> None:
    limits = LimitRule(floor="400 VND", exempt=["a"])

    assert remedies(limits)["floor"].value == vnd(333)
    assert remedies(LimitRule(ceiling="400 VND", exempt=["a"]))["ceiling"].value == vnd(500)


def test_a_sponsor_is_no_help_where_floors_are_above_the_bill() -> None:
    assert "sponsor" not in remedies(LimitRule(floor="400 VND"), sponsor=SponsorRule(pays="5%"))


def test_a_member_that_weighs_nothing_stays_at_its_least() -> None:
    limits = LimitRule(floor="10 VND", ceiling="300 VND")

    assert remedies(limits)["ceiling"].value == vnd(330)


def test_the_exempt_pay_nothing_not_even_the_floor() -> None:
    made = done(LimitRule(floor="10 VND", exempt=["a"]))

    assert made.shares["a"].amount == vnd(0)
    assert made.shares["a"].limits == ("exempt",)
    assert made.members_pay == vnd(1000)


def test_a_budget_limit_holds_and_is_told() -> None:
    made = done(LimitRule(of_budget="14%"))

    assert made.shares["b"].amount.minor == 280
    assert made.shares["b"].limits == ("of_budget",)


def test_a_member_without_a_budget_is_named() -> None:
    rules = attrs.evolve(POLICY, limits=LimitRule(of_budget="10%", budget="means"))

    with pytest.raises(SplitError, match=r"'a' has no figure for 'means'.*limits shares to 1/10"):
        split(vnd(10), FTE, {"fte": FTE}, rules, registry=REGISTRY)


def test_limits_that_are_not_spread_need_an_absorber() -> None:
    with pytest.raises(SettingsError, match="name an absorber"):
        LimitRule(rise="5%", spread=False)


amounts = st.integers(1, 10**6)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(amounts, amounts, st.booleans()), min_size=1, max_size=6),
    st.integers(0, 40),
)
def test_the_smallest_rise_is_enough_and_nothing_less(
    rows: list[tuple[int, int, bool]], percent: int
) -> None:
    members = [f"m{number}" for number in range(len(rows))]
    fte = {member: row[0] for member, row in zip(members, rows, strict=True)}
    last = {member: vnd(row[1]) for member, row in zip(members, rows, strict=True)}
    alone = {member: vnd(3 * row[1]) for member, row in zip(members, rows, strict=True) if row[2]}
    bill = 2 * sum(money.minor for money in last.values())
    rise = Fraction(percent, 100)

    def pay(rise: Fraction) -> Split:
        rules = Policy(
            name="x",
            mix=[MixTerm(weight=1, by="fte")],
            drivers={"fte": DriverRule()},
            limits=LimitRule(rise=rise, standalone=bool(alone)),
        )
        return split(
            vnd(bill),
            members,
            {"fte": fte},
            rules,
            last_year=last,
            standalone=alone,
            registry=REGISTRY,
        )

    with pytest.raises(InfeasibleError) as caught:
        pay(rise)
    found = {one.kind: one.value for one in caught.value.remedies if isinstance(one, Remedy)}
    assume("rise" in found)
    least = found["rise"]
    assert isinstance(least, Fraction)

    assert pay(least).members_pay == vnd(bill)
    with pytest.raises(InfeasibleError):
        pay(least - HUNDREDTH)


@settings(max_examples=80, deadline=None)
@given(
    st.dictionaries(st.sampled_from("abcdef"), st.tuples(amounts, amounts, amounts), min_size=1),
    st.integers(1, 10**6),
)
def test_shares_keep_their_limits(rows: dict[str, tuple[int, int, int]], bill: int) -> None:
    fte = {member: row[0] for member, row in rows.items()}
    budget = {member: row[1] for member, row in rows.items()}
    last = {member: vnd(row[2]) for member, row in rows.items()}
    limits = LimitRule(rise="20%", fall="20%", of_budget="90%", ceiling="900000 VND", absorber="r")
    rules = attrs.evolve(POLICY, limits=limits)

    try:
        made = split(
            vnd(bill),
            rows,
            {"fte": fte, "budget": budget},
            rules,
            last_year=last,
            registry=REGISTRY,
        )
    except SplitError as error:
        assume("change one of the two limits" not in str(error))
        raise

    for member, share in made.shares.items():
        paid, before = share.amount.minor, last[member].minor
        # Where no whole unit lies between two limits, one is passed by less than a unit.
        assert before * Fraction(4, 5) - 1 < paid < before * Fraction(6, 5) + 1
        assert paid <= 900_000
        assert paid < budget[member] * Fraction(9, 10) + 1
