"""Laws that every split keeps, whatever blocks its policy is made of."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from libconsortium import (
    Band,
    DriverRule,
    FeeRule,
    LimitRule,
    MixTerm,
    Money,
    Policy,
    Registry,
    Split,
    SponsorRule,
    StrataRule,
    split,
)

REGISTRY = Registry()
BANDS = [
    Band(below=10, gives=1),
    Band(at_least=10, below=500, gives=2),
    Band(at_least=500, gives=5),
]
DRIVERS = {
    "fte": DriverRule(allowance=3, at_most=900),
    "use": DriverRule(),
    "band": DriverRule(measure="fte", bands=BANDS),
}
MIX = [MixTerm(weight=20, by="equal"), MixTerm(weight=50, by="use"), MixTerm(weight=30, by="band")]
PARTS: dict[str, dict[str, Any]] = {
    "sponsor": {"sponsor": SponsorRule(pays="30%", by="cea")},
    "limits": {"limits": LimitRule(rise="50%", ceiling="400000 VND", absorber="reserve")},
    "fees": {"fees": [FeeRule(name="f", rate="2 VND", of="fte", least="5 VND")]},
    "strata": {"strata": StrataRule(mix=[MixTerm(weight=1, by="use")])},
}

rows = st.dictionaries(
    st.sampled_from("abcdefgh"),
    st.tuples(st.integers(0, 1000), st.integers(1, 1000), st.sampled_from(["x", "y"])),
    min_size=2,
)
parts = st.sets(st.sampled_from(sorted(PARTS)))


def done(table: dict[str, tuple[int, int, str]], chosen: set[str], bill: int) -> Split:
    more: dict[str, Any] = {}
    for name in chosen:
        more |= PARTS[name]
    return split(
        Money(bill, "VND"),
        table,
        {
            "fte": {member: row[0] for member, row in table.items()},
            "use": {member: row[1] for member, row in table.items()},
        },
        Policy(name="x", mix=MIX, drivers=DRIVERS, **more),
        last_year={member: Money(10 * row[1], "VND") for member, row in table.items()},
        strata={member: row[2] for member, row in table.items()},
        registry=REGISTRY,
    )


@settings(max_examples=80, deadline=None)
@given(rows, parts, st.integers(20_000, 10**7), st.randoms(use_true_random=False))
def test_every_policy_adds_up_and_knows_no_order(
    table: dict[str, tuple[int, int, str]], chosen: set[str], bill: int, random: Random
) -> None:
    made = done(table, chosen, bill)
    shuffled = dict(random.sample(list(table.items()), len(table)))

    assert made == done(shuffled, chosen, bill)
    others = sum(money.minor for money in made.others.values())
    assert made.members_pay.minor + made.sponsor.minor + others == bill
    assert all(share.amount.minor >= 0 for share in made.shares.values())
    for share in made.shares.values():
        told = share.working
        assert told.value == share.amount.minor
        assert abs(share.exact - share.amount.minor) < 2


@settings(max_examples=60, deadline=None)
@given(rows, parts, st.integers(20_000, 10**7))
def test_members_alike_pay_alike(
    table: dict[str, tuple[int, int, str]], chosen: set[str], bill: int
) -> None:
    one, other = sorted(table)[:2]

    made = done({**table, other: table[one]}, chosen, bill)

    assert made.shares[one].exact == made.shares[other].exact


@settings(max_examples=60, deadline=None)
@given(rows, st.sets(st.sampled_from(["limits", "sponsor"])), st.integers(20_000, 10**7))
def test_who_uses_more_pays_no_less(
    table: dict[str, tuple[int, int, str]], chosen: set[str], bill: int
) -> None:
    member = min(table)
    fte, use, stratum = table[member]

    before = done(table, chosen, bill).shares[member].exact
    after = done({**table, member: (fte, use + 50, stratum)}, chosen, bill).shares[member].exact

    assert after >= before


@settings(max_examples=60, deadline=None)
@given(rows, st.integers(20_000, 10**7))
def test_who_uses_nothing_pays_nothing_of_usage(
    table: dict[str, tuple[int, int, str]], bill: int
) -> None:
    policy = Policy(name="x", mix=[MixTerm(weight=1, by="use")], drivers={"use": DriverRule()})
    use = {member: row[1] for member, row in table.items()}

    made = split(Money(bill, "VND"), use, {"use": {**use, min(use): 0}}, policy, registry=REGISTRY)

    assert made.shares[min(use)].amount.minor == 0
