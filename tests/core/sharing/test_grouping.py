"""Groups come first, members after, and every level adds up."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libconsortium import (
    DriverRule,
    FeeRule,
    InfeasibleError,
    Inside,
    LimitRule,
    MixTerm,
    Money,
    Policy,
    Registry,
    RoundingRule,
    SettingsError,
    Split,
    SplitError,
    StrataRule,
    split,
)

REGISTRY = Registry()
EQUAL = [MixTerm(weight=1, by="equal")]
FTE = [MixTerm(weight=1, by="fte")]
WHERE = {"a": "x/1", "b": "x/1", "c": "x/2", "d": "y"}
FIGURES = {"fte": {"a": 1, "b": 2, "c": 3, "d": 6}}


def policy(strata: StrataRule, mix: list[MixTerm] = FTE, **more: Any) -> Policy:
    return Policy(name="x", mix=mix, drivers={"fte": DriverRule()}, strata=strata, **more)


def done(rules: Policy, bill: int = 1000, where: Mapping[str, str] = WHERE, **more: Any) -> Split:
    return split(
        Money(bill, "VND"), "abcd", FIGURES, rules, strata=where, registry=REGISTRY, **more
    )


def amounts(made: Split) -> dict[str, int]:
    return {member: share.amount.minor for member, share in made.shares.items()}


def test_groups_pay_fixed_parts_and_members_share_them() -> None:
    made = done(policy(StrataRule(shares={"x": 75, "y": 25})))

    assert amounts(made) == {"a": 125, "b": 250, "c": 375, "d": 250}
    step = made.shares["a"].working.parts[1]
    assert step.formula == "75% * (100% * 1/6)"
    assert step.part == Fraction(1, 8)


def test_a_rule_between_groups_adds_up_their_members() -> None:
    made = done(
        policy(StrataRule(mix=[MixTerm(weight=50, by="equal"), MixTerm(weight=50, by="fte")]))
    )

    assert amounts(made)["d"] == 500
    assert made.shares["d"].working.parts[1].formula == "(50% * 1/2 + 50% * 6/12) * (100% * 6/6)"


def test_a_group_may_have_its_own_mix() -> None:
    inside = {"x": Inside(mix=EQUAL)}

    made = done(policy(StrataRule(shares={"x": 75, "y": 25}, inside=inside)))

    assert amounts(made) == {"a": 250, "b": 250, "c": 250, "d": 250}


def test_groups_lie_in_groups_to_any_depth() -> None:
    inner = Inside(strata=StrataRule(shares={"1": 20, "2": 80}), mix=EQUAL)

    made = done(policy(StrataRule(shares={"x": 75, "y": 25}, inside={"x": inner})))

    assert amounts(made) == {"a": 75, "b": 75, "c": 600, "d": 250}
    assert made.shares["c"].working.parts[1].formula == "75% * 80% * (100% * 1/1)"


def test_rounding_goes_from_the_top_down() -> None:
    made = done(policy(StrataRule(mix=EQUAL), mix=EQUAL), bill=101)

    found = amounts(made)
    assert sum(found[one] for one in "abc") == 51
    assert found["d"] == 50


def test_an_empty_bill_has_a_working() -> None:
    made = done(policy(StrataRule(shares={"x": 75, "y": 25})), bill=0)

    assert made.shares["a"].working.parts[1].part is None


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"a": "x", "b": "x", "c": "x"}, "'d' has no stratum.*the groups are: x, y"),
        ({**WHERE, "d": "z"}, "'z' of 'd' names no group of the policy at level 1"),
        ({**WHERE, "d": "x"}, "nobody is in the group 'y'"),
    ],
)
def test_a_member_without_its_group_is_named(where: Mapping[str, str], said: str) -> None:
    with pytest.raises(SplitError, match=said):
        done(policy(StrataRule(shares={"x": 75, "y": 25})), where=where)


def test_a_group_that_nothing_divides_is_named() -> None:
    inside = {"x": Inside(mix=EQUAL)}

    with pytest.raises(SplitError, match="'y' has no mix"):
        done(policy(StrataRule(shares={"x": 75, "y": 25}, inside=inside), mix=[]))


def test_a_figure_that_a_groups_member_lacks_is_missing_for_the_group() -> None:
    rules = Policy(
        name="x",
        mix=EQUAL,
        drivers={"fte": DriverRule(), "use": DriverRule()},
        strata=StrataRule(mix=[MixTerm(weight=1, by="use")]),
    )

    with pytest.raises(SplitError, match="'y' has no figure for 'use'"):
        split(
            Money(9, "VND"),
            "abcd",
            {**FIGURES, "use": {"a": 1, "b": 1, "c": 1}},
            rules,
            strata=WHERE,
            registry=REGISTRY,
        )


def test_limits_hold_inside_each_group() -> None:
    made = done(policy(StrataRule(shares={"x": 75, "y": 25}), limits=LimitRule(ceiling="300 VND")))

    assert amounts(made) == {"a": 150, "b": 300, "c": 300, "d": 250}


def test_limits_that_a_group_cannot_keep_name_it() -> None:
    rules = policy(StrataRule(shares={"x": 75, "y": 25}), limits=LimitRule(ceiling="200 VND"))

    with pytest.raises(InfeasibleError, match=r"in the group 'x': infeasible.*150 VND") as caught:
        done(rules)

    assert [one.kind for one in caught.value.remedies] == ["ceiling", "absorber"]  # type: ignore[attr-defined] # of an InfeasibleError


def test_an_absorber_pays_what_a_group_cannot() -> None:
    limits = LimitRule(ceiling="200 VND", absorber="reserve")

    made = done(policy(StrataRule(shares={"x": 75, "y": 25}), limits=limits))

    assert amounts(made) == {"a": 200, "b": 200, "c": 200, "d": 200}
    assert made.others == {"reserve": Money(200, "VND")}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({}, "how the groups share"),
        ({"shares": {"x": 100}, "mix": EQUAL}, "how the groups share"),
        ({"shares": {"x": 60, "y": 30}}, "add up to 90, not to 100"),
        ({"shares": [1]}, "a table of groups"),
        ({"mix": [MixTerm(weight=3, by="equal")]}, "add up to 3"),
    ],
)
def test_groups_without_a_rule_between_them_are_refused(rule: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        StrataRule(**rule)


def test_weights_inside_a_group_add_up() -> None:
    with pytest.raises(SettingsError, match="add up to 3"):
        Inside(mix=[MixTerm(weight=3, by="equal")])


def test_groups_need_a_mix_beside_fees() -> None:
    with pytest.raises(SettingsError, match="leave nothing to divide between groups"):
        policy(
            StrataRule(shares={"x": 100}),
            mix=[],
            fees=[FeeRule(name="f", base="1 VND")],
            remainder="r",
        )


paths = st.lists(st.sampled_from(["x/1", "x/2", "y/1", "y/2", "z"]), min_size=4, max_size=8)


@settings(max_examples=60, deadline=None)
@given(paths, st.integers(0, 10**9), st.sampled_from([1, 10]), st.data())
def test_every_level_is_exact(where: list[str], bill: int, unit: int, data: st.DataObject) -> None:
    members = [f"m{number}" for number in range(len(where))]
    strata = dict(zip(members, where, strict=True))
    figures = {member: data.draw(st.integers(1, 1000)) for member in members}
    both = Inside(strata=StrataRule(mix=EQUAL))
    rules = Policy(
        name="x",
        mix=FTE,
        drivers={"fte": DriverRule()},
        strata=StrataRule(mix=FTE, inside={"x": both, "y": both}),
        rounding=RoundingRule(unit=unit, remainder="reserve"),
    )

    made = split(
        Money(bill, "VND"), members, {"fte": figures}, rules, strata=strata, registry=REGISTRY
    )

    exact: dict[str, Fraction] = {}
    paid: dict[str, int] = {}
    for member, way in strata.items():
        for group in {way.partition("/")[0], way}:
            exact[group] = exact.get(group, Fraction(0)) + made.shares[member].exact
            paid[group] = paid.get(group, 0) + made.shares[member].amount.minor
    whole = sum(figures.values())
    for group, value in exact.items():
        if "/" not in group and group != "z":
            of = sum(figures[member] for member in members if strata[member].startswith(group))
            assert value == Fraction(bill * of, whole)
        assert abs(paid[group] - value) < 2 * unit
    assert made.members_pay.minor + sum(one.minor for one in made.others.values()) == bill
