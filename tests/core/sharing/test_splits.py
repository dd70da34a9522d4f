"""Bills are divided to the last unit, and every number can be worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libconsortium import (
    Bill,
    CostGame,
    CostModel,
    CurrencyMismatchError,
    DriverRule,
    ExactShare,
    InfeasibleError,
    LimitRule,
    Message,
    MixTerm,
    Money,
    Policy,
    Registry,
    RoundingRule,
    SettingsError,
    Split,
    SplitError,
    SponsorRule,
    Step,
    UnknownNameError,
    exact,
    hookimpl,
    split,
)

REGISTRY = Registry()
FTE = {"A": 40_000, "B": 20_000, "C": 8_000, "D": 2_000}
USAGE = {"A": 50_000, "B": 30_000, "C": 15_000, "D": 5_000}
MIX = (
    MixTerm(weight=20, by="equal"),
    MixTerm(weight=50, by="fte"),
    MixTerm(weight=30, by="usage"),
)
POLICY = Policy(
    name="20/50/30",
    mix=MIX,
    drivers={"fte": DriverRule(), "usage": DriverRule()},
    sponsor=SponsorRule(pays="40%"),
)
BILL = Money(3_564_912_281, "VND")


def vnd(minor: int) -> Money:
    return Money(minor, "VND")


def divided(policy: Policy = POLICY, bill: Money = BILL, **more: Any) -> Split:
    return split(bill, FTE, {"fte": FTE, "usage": USAGE}, policy, registry=REGISTRY, **more)


def amounts(done: Split) -> dict[str, int]:
    return {member: share.amount.minor for member, share in done.shares.items()}


def with_limits(sponsor: str = "40%", **limits: Any) -> Policy:
    return attrs.evolve(POLICY, sponsor=SponsorRule(pays=sponsor), limits=LimitRule(**limits))


LAST_YEAR = {member: share.amount for member, share in divided().shares.items()}


# ---------------------------------------------------------------- worked by hand


def test_the_worked_example_comes_out_to_the_dong() -> None:
    done = divided()

    assert amounts(done) == {
        "A": 1_038_917_293,
        "B": 605_016_542,
        "C": 325_425_564,
        "D": 169_587_970,
    }
    assert done.sponsor == vnd(1_425_964_912)
    assert done.members_pay == vnd(2_138_947_369)


def test_nobody_pays_more_than_alone_and_the_others_take_the_rest() -> None:
    done = divided(with_limits(standalone=True), standalone={"D": vnd(150_000_000)})

    assert amounts(done) == {
        "A": 1_049_250_745,
        "B": 611_034_258,
        "C": 328_662_366,
        "D": 150_000_000,
    }
    assert done.shares["D"].limits == ("standalone",)
    assert done.shares["A"].limits == ()


def test_a_smaller_sponsor_raises_the_members_part_by_a_sixth() -> None:
    done = divided(with_limits("30%", rise="16.67%"), last_year=LAST_YEAR)

    assert done.members_pay == vnd(2_495_438_597)


def test_a_cap_that_cannot_hold_says_what_is_short_and_what_would_do() -> None:
    with pytest.raises(InfeasibleError) as caught:
        divided(with_limits("30%", rise="15%"), last_year=LAST_YEAR)

    found = dict(caught.value.message.values)
    assert found["shortfall"] == vnd(35_649_123)
    assert "the smallest workable rise is 16.67 %" in str(caught.value)
    assert "let the sponsor pay at least 31.0 %" in str(caught.value)


def test_what_the_error_proposes_works() -> None:
    assert divided(with_limits("31%", rise="15%"), last_year=LAST_YEAR).members_pay < BILL
    with pytest.raises(InfeasibleError):
        divided(with_limits("30.99%", rise="15%"), last_year=LAST_YEAR)
    with pytest.raises(InfeasibleError):
        divided(with_limits("30%", rise="16.66%"), last_year=LAST_YEAR)


def test_a_named_absorber_pays_what_caps_leave_over() -> None:
    done = divided(with_limits("30%", rise="15%", absorber="reserve"), last_year=LAST_YEAR)

    # Caps hold to the đồng: every share is rounded down to its cap.
    assert done.others == {"reserve": vnd(35_649_125)}
    assert done.sponsor == vnd(1_069_473_684)
    assert done.shares["A"].limits == ("rise",)


def test_a_sponsor_can_absorb() -> None:
    done = divided(with_limits("30%", rise="15%", absorber="sponsor"), last_year=LAST_YEAR)

    assert done.sponsor == vnd(1_069_473_684 + 35_649_125)
    assert done.others == {}


def test_an_observer_that_joins_lowers_everybody() -> None:
    joined = split(
        BILL,
        [*FTE, "E"],
        {"fte": {**FTE, "E": 6_000}, "usage": {**USAGE, "E": 9_000}},
        POLICY,
        registry=REGISTRY,
    )

    before = amounts(divided())
    change = {member: paid - before.get(member, 0) for member, paid in amounts(joined).items()}

    assert change == {
        "A": -96_127_956,
        "B": -61_407_871,
        "C": -38_986_325,
        "D": -26_450_976,
        "E": 222_973_128,
    }


# ---------------------------------------------------------------- laws


figures = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d", "e", "g"]),
    st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)),
    min_size=1,
)


@settings(max_examples=60, deadline=None)
@given(figures, st.integers(0, 10**13), st.fractions(0, 1), st.sampled_from([1, 10, 1000]))
def test_every_split_adds_up_to_its_bill(
    given_figures: Mapping[str, tuple[int, int]], bill: int, sponsor: Fraction, unit: int
) -> None:
    policy = attrs.evolve(
        POLICY,
        sponsor=SponsorRule(pays=sponsor),
        rounding=RoundingRule(unit=unit, remainder="sponsor"),
    )
    drivers = {
        "fte": {member: pair[0] for member, pair in given_figures.items()},
        "usage": {member: pair[1] for member, pair in given_figures.items()},
    }

    done = split(vnd(bill), given_figures, drivers, policy, registry=REGISTRY)

    assert done.members_pay + done.sponsor == vnd(bill)
    assert all(share.amount.minor % unit == 0 for share in done.shares.values())


@settings(max_examples=40, deadline=None)
@given(figures, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(
    given_figures: Mapping[str, tuple[int, int]], random: Random
) -> None:
    rows = list(given_figures.items())
    shuffled = random.sample(rows, len(rows))

    one, other = (
        split(
            BILL,
            dict(order),
            {
                "usage": {member: pair[1] for member, pair in reversed(order)},
                "fte": {member: pair[0] for member, pair in order},
            },
            POLICY,
            registry=REGISTRY,
        )
        for order in (rows, shuffled)
    )

    assert one == other
    assert list(one.shares) == list(other.shares)


def test_the_hash_knows_every_input() -> None:
    hashes = {
        divided().input_hash,
        divided(bill=vnd(BILL.minor + 1)).input_hash,
        divided(attrs.evolve(POLICY, version="2")).input_hash,
        divided(last_year=LAST_YEAR).input_hash,
        divided(standalone={"A": BILL}).input_hash,
        split(
            BILL, FTE, {"fte": {**FTE, "A": 1}, "usage": USAGE}, POLICY, registry=REGISTRY
        ).input_hash,
    }

    assert len(hashes) == 6
    assert divided().input_hash in hashes


# ---------------------------------------------------------------- limits


def test_a_floor_lifts_the_small_and_lowers_the_rest() -> None:
    done = divided(with_limits(floor="200000000 VND"))

    assert amounts(done)["D"] == 200_000_000
    assert amounts(done)["A"] < 1_038_917_293
    assert done.shares["D"].limits == ("floor",)


def test_a_ceiling_and_a_fall_hold_too() -> None:
    last_year = {**LAST_YEAR, "B": vnd(900_000_000)}

    done = divided(with_limits(ceiling="1000000000 VND", fall="15%"), last_year=last_year)

    assert amounts(done)["B"] == 765_000_000
    assert done.shares["B"].limits == ("fall",)
    assert amounts(done)["A"] <= 1_000_000_000


def test_a_new_member_has_no_limit_on_its_rise() -> None:
    last_year = {"A": vnd(1_000_000_000), "B": vnd(600_000_000), "C": vnd(300_000_000)}

    done = divided(with_limits(rise="1%"), last_year=last_year)

    assert amounts(done)["D"] > 169_587_970
    assert done.shares["D"].limits == ()


def test_floors_that_bring_too_much_are_refused_with_advice() -> None:
    with pytest.raises(InfeasibleError, match=r"bring in 1861052631 VND too much.*lower the floor"):
        divided(with_limits(floor="1000000000 VND"))


def test_the_smallest_workable_fall_is_named() -> None:
    double = {member: vnd(2 * money.minor) for member, money in LAST_YEAR.items()}

    with pytest.raises(InfeasibleError, match=r"the smallest workable fall is 50\.0 %"):
        divided(with_limits(fall="10%"), last_year=double)

    assert divided(with_limits(fall="50.01%"), last_year=double).members_pay.minor > 0


def test_where_no_single_limit_is_enough_only_an_absorber_helps() -> None:
    double = {member: vnd(2 * money.minor) for member, money in LAST_YEAR.items() if member != "D"}

    with pytest.raises(InfeasibleError, match=r"of 2138947369 VND; name an absorber who keeps it"):
        divided(with_limits(fall="10%", floor="900000000 VND"), last_year=double)


def test_where_no_rise_is_enough_only_the_sponsor_helps() -> None:
    alone = {member: vnd(1_000_000) for member in FTE}

    with pytest.raises(InfeasibleError) as caught:
        divided(with_limits(rise="15%", standalone=True), last_year=LAST_YEAR, standalone=alone)

    assert "rise" not in str(caught.value)
    assert "let the sponsor pay at least 99.89 %" in str(caught.value)


def test_a_ceiling_that_is_too_low_is_a_matter_for_the_sponsor() -> None:
    with pytest.raises(
        InfeasibleError, match=r"unpaid.*; or let the sponsor pay at least 88\.78 %"
    ):
        divided(with_limits(ceiling="100000000 VND"))


def test_other_limits_count_for_the_smallest_rise() -> None:
    last_year = {"A": vnd(1_000_000_000), "B": vnd(100_000_000), "D": vnd(100_000_000)}
    alone = {"A": vnd(1_100_000_000), "C": vnd(300_000_000)}

    with pytest.raises(InfeasibleError, match=r"the smallest workable rise is 269\.4[78] %"):
        divided(with_limits(rise="5%", standalone=True), last_year=last_year, standalone=alone)


def test_a_member_without_weight_cannot_fill_the_gap() -> None:
    policy = Policy(
        name="fte",
        mix=[MixTerm(weight=1, by="fte")],
        drivers={"fte": DriverRule()},
        limits=LimitRule(rise="0%"),
    )

    with pytest.raises(InfeasibleError, match=r"smallest workable rise is 900\.0 %"):
        split(
            vnd(100),
            ["a", "b"],
            {"fte": {"a": 1, "b": 0}},
            policy,
            last_year={"a": vnd(10), "b": vnd(50)},
            registry=REGISTRY,
        )


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 10**6), st.fractions(0, 1, max_denominator=50))
def test_the_proposed_sponsor_part_is_enough_and_hardly_more(bill: int, part: Fraction) -> None:
    def pay(part: Fraction) -> Split:
        policy = Policy(
            name="equal",
            mix=[MixTerm(weight=1, by="equal")],
            sponsor=SponsorRule(pays=part),
            limits=LimitRule(rise="5%"),
        )
        return split(vnd(bill), ["a"], {}, policy, last_year={"a": last_year}, registry=REGISTRY)

    last_year = vnd(int(bill * part * Fraction(90, 100)))

    with pytest.raises(InfeasibleError) as caught:
        pay(Fraction(0))

    proposed = exact(str(caught.value).partition("pay at least ")[2].partition(" %")[0]) / 100
    assert pay(proposed).members_pay.minor <= last_year.minor * Fraction(105, 100)
    with pytest.raises(InfeasibleError):
        pay(max(proposed - Fraction(1, 5000), Fraction(0)))


def test_an_absorber_keeps_what_floors_bring_too_much() -> None:
    done = divided(with_limits(floor="600000000 VND", absorber="reserve"))

    assert set(amounts(done).values()) == {600_000_000}
    assert done.others["reserve"] == vnd(2_138_947_369 - 2_400_000_000)


def test_a_sponsor_cannot_be_lowered_below_nothing() -> None:
    with pytest.raises(SplitError, match="name another absorber"):
        divided(with_limits("0%", floor="1000000000 VND", absorber="sponsor"))


def test_a_least_above_a_most_names_the_member_and_both_rules() -> None:
    with pytest.raises(SplitError, match=r"'D' would pay .* \(floor\) .* \(standalone\)"):
        divided(
            with_limits(floor="200000000 VND", standalone=True),
            standalone={"D": vnd(150_000_000)},
        )


@pytest.mark.parametrize(
    ("limits", "said"),
    [({"rise": "5%"}, "last year"), ({"fall": "5%"}, "last year"), ({"standalone": True}, "alone")],
)
def test_a_limit_without_any_figures_is_refused(limits: dict[str, Any], said: str) -> None:
    with pytest.raises(SplitError, match=said):
        divided(with_limits(**limits))


def test_a_limit_in_another_currency_is_refused() -> None:
    with pytest.raises(CurrencyMismatchError):
        divided(with_limits(floor="5 USD"))
    with pytest.raises(CurrencyMismatchError):
        divided(with_limits(rise="5%"), last_year={"A": Money(5, "USD")})


def test_limits_that_nobody_meets_change_nothing() -> None:
    done = divided(with_limits(rise="50%"), last_year=LAST_YEAR)

    assert amounts(done) == amounts(divided())


# ---------------------------------------------------------------- sponsor, rounding


def test_a_sponsor_that_pays_all_leaves_nothing() -> None:
    done = divided(attrs.evolve(POLICY, sponsor=SponsorRule(pays="100%")))

    assert set(amounts(done).values()) == {0}
    assert done.shares["A"].part == 0


def test_without_a_sponsor_members_pay_all() -> None:
    assert divided(attrs.evolve(POLICY, sponsor=None)).members_pay == BILL


@pytest.mark.parametrize(
    ("rule", "least"), [("cea", 0), ("cel", 282_646_617), ("proportional", 169_587_970)]
)
def test_a_claims_rule_decides_whom_the_sponsor_helps(rule: str, least: int) -> None:
    done = divided(attrs.evolve(POLICY, sponsor=SponsorRule(pays="40%", by=rule)))

    assert amounts(done)["D"] == least
    assert done.members_pay == vnd(2_138_947_369)
    step = done.shares["D"].working.parts[1]
    assert step.value == done.shares["D"].exact
    assert (rule == "proportional") == ("sponsor" not in str(step.what))


def test_a_sponsor_that_pays_all_by_a_claims_rule_leaves_nothing() -> None:
    done = divided(attrs.evolve(POLICY, sponsor=SponsorRule(pays="100%", by="cea")))

    assert set(amounts(done).values()) == {0}
    assert done.shares["A"].working.parts[1].part is None


def test_a_coarse_unit_leaves_the_remainder_to_the_named_party() -> None:
    rounding = RoundingRule(unit=1000, remainder="reserve")

    done = divided(attrs.evolve(POLICY, rounding=rounding))

    assert amounts(done)["A"] == 1_038_917_000
    assert done.others == {"reserve": vnd(369)}
    assert done.unit == 1000


def test_a_currency_with_cents_is_divided_in_cents() -> None:
    policy = Policy(name="equal", mix=[MixTerm(weight=1, by="equal")])

    done = split(Money.parse("100.01 USD"), "abc", {}, policy, registry=REGISTRY)

    assert amounts(done) == {"a": 3334, "b": 3334, "c": 3333}


# ---------------------------------------------------------------- what cannot be divided


def test_a_missing_figure_names_the_member() -> None:
    with pytest.raises(SplitError, match="'D' has no figure for 'usage'"):
        split(BILL, "ABCD", {"fte": FTE, "usage": {"A": 1, "B": 1, "C": 1}}, POLICY)


def test_a_figure_that_is_not_exact_names_the_member() -> None:
    with pytest.raises(SplitError, match=r"'A' for 'fte' is no exact number: 0\.5"):
        split(BILL, "A", {"fte": {"A": 0.5}}, POLICY)  # type: ignore[dict-item] # wrong on purpose


def test_a_member_named_twice_is_refused() -> None:
    with pytest.raises(SplitError, match="the member 'A' is named 2 times"):
        split(BILL, "ABA", {}, POLICY)


def test_nobody_cannot_share_a_bill() -> None:
    with pytest.raises(SplitError, match="no members"):
        split(BILL, [], {}, POLICY)


def test_a_sponsor_of_more_than_the_bill_is_refused() -> None:
    with pytest.raises(SettingsError, match="more than the bill"):
        divided(with_limits("9000000000 VND"))


def test_an_unknown_model_is_named() -> None:
    policy = Policy(name="x", mix=[MixTerm(weight=1, by="equl")])

    with pytest.raises(UnknownNameError, match="did you mean 'equal'"):
        split(BILL, "A", {}, policy, registry=REGISTRY)


def test_a_bill_is_not_negative() -> None:
    with pytest.raises(SplitError, match="cannot be negative"):
        Bill(amount=vnd(-1))


def test_a_split_that_does_not_add_up_cannot_be_made() -> None:
    with pytest.raises(SplitError, match="comes to 1 VND, its bill to 2 VND"):
        Split(bill=Bill(amount=vnd(2)), shares={}, sponsor=vnd(1))


def test_a_split_keeps_to_one_currency() -> None:
    with pytest.raises(CurrencyMismatchError):
        Split(bill=Bill(amount=vnd(1)), shares={}, sponsor=Money(1, "USD"))


# ---------------------------------------------------------------- other people's models


def bare(values: Mapping[str, Any], formula: str = "") -> Registry:
    """Give a registry with a model that answers these values."""

    def divide(game: CostGame) -> Mapping[str, ExactShare]:
        step = Step(what=Message("as it likes"), value=Fraction(0), formula=formula)
        return {member: ExactShare(value=value, working=step) for member, value in values.items()}

    class Plugin:
        @hookimpl
        def consortium_cost_models(self) -> list[CostModel]:
            return [CostModel(name="odd", divide=divide)]

    return Registry(plugins={"odd-plugin": Plugin()})


ODD = Policy(name="odd", mix=[MixTerm(weight=1, by="odd")])


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"a": Fraction(1)}, "exactly one share to each member: b"),
        ({"a": Fraction(1), "b": Fraction(1)}, "'odd' add up to 2, not to 3"),
        ({"a": 1.5, "b": 1.5}, "'odd' are not exact numbers"),
    ],
)
def test_a_model_that_loses_money_is_named(values: Mapping[str, Any], said: str) -> None:
    with pytest.raises(SplitError, match=said):
        split(vnd(3), "ab", {}, ODD, registry=bare(values))


@pytest.mark.parametrize(
    ("formula", "shown"), [("", "100% * (1/3)"), ("1 - 2/3", "100% * (1 - 2/3)"), ("f", "100% * f")]
)
def test_the_working_of_a_strange_model_is_still_a_product(formula: str, shown: str) -> None:
    registry = bare({"a": Fraction(1), "b": Fraction(2)}, formula)

    done = split(vnd(3), "ab", {}, ODD, registry=registry)

    assert done.shares["a"].working.parts[1].formula == shown


def test_a_share_of_nothing_has_a_working_too() -> None:
    registry = bare({"a": Fraction(0), "b": Fraction(0)})

    done = split(vnd(0), "ab", {}, ODD, registry=registry)

    assert done.shares["a"].working.parts[1].formula == "100% * 0"


def test_a_share_shows_its_working() -> None:
    assert "rounded to" in repr(divided().shares["A"])
