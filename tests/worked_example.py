"""The worked example of the documentation, for tests: four libraries, a bill, a policy."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any

from libconsortium import (
    Bill,
    DriverRule,
    Join,
    MixTerm,
    Money,
    Policy,
    Registry,
    Split,
    SplitRequest,
    SponsorRule,
    divided,
    split_request,
)

MEMBERS = ("dh-a", "dh-b", "dh-c", "dh-d")
TOTAL = 3_564_912_281
SHARES = {
    "dh-a": 1_038_917_293,
    "dh-b": 605_016_542,
    "dh-c": 325_425_564,
    "dh-d": 169_587_970,
}
MIXED = Policy(
    name="20/50/30",
    mix=[
        MixTerm(weight=20, by="equal"),
        MixTerm(weight=50, by="fte"),
        MixTerm(weight=30, by="usage"),
    ],
    drivers={"fte": DriverRule(), "usage": DriverRule()},
    sponsor=SponsorRule(pays="40%"),
)
EQUAL = Policy(name="Equal", mix=[MixTerm(weight=100, by="equal")], sponsor=SponsorRule(pays="40%"))
DRIVERS = {
    "fte": dict(zip(MEMBERS, (40_000, 20_000, 8_000, 2_000), strict=True)),
    "usage": dict(zip(MEMBERS, (50_000, 30_000, 15_000, 5_000), strict=True)),
}
ALONE = dict(zip(MEMBERS, (2_400_000_000, 1_500_000_000, 950_000_000, 150_000_000), strict=True))
OBSERVER = Join(
    member="dh-e",
    figures={"fte": Fraction(6_000), "usage": Fraction(9_000)},
    standalone=Money(480_000_000, "VND"),
)
REGISTRY = Registry()
divide = partial(divided, registry=REGISTRY)


def vnd(minor: int) -> Money:
    return Money(minor, "VND")


def request(policy: Policy = MIXED, amount: int = TOTAL, **more: Any) -> SplitRequest:
    bill = Bill(amount=vnd(amount), subscription="db", year=2026)
    return split_request(bill, MEMBERS, DRIVERS, policy, **more)


def alone() -> dict[str, Money]:
    return {member: vnd(minor) for member, minor in ALONE.items()}


def done(policy: Policy = MIXED, amount: int = TOTAL, **more: Any) -> Split:
    return divide(request(policy, amount, **more))


def minors(amounts: dict[str, Money]) -> dict[str, int]:
    return {name: amount.minor for name, amount in amounts.items()}
