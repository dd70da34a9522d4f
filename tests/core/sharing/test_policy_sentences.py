"""A policy read aloud says every rule it has."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from libconsortium import (
    Band,
    DriverRule,
    FeeRule,
    Inside,
    LimitRule,
    MixTerm,
    Policy,
    RoundingRule,
    SponsorRule,
    StrataRule,
)
from libconsortium.core.sharing.policy_sentences import policy_sentences

EQUAL = [MixTerm(weight=1, by="equal")]


def said(**parts: Any) -> list[str]:
    return [str(one) for one in policy_sentences(Policy(**{"name": "x", "mix": EQUAL, **parts}))]


def test_the_head_comes_first() -> None:
    assert said(version="2026", source="Resolution 3")[:3] == [
        "x",
        "Version 2026.",
        "Source: Resolution 3.",
    ]


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({"measure": "students"}, "fte is the figure students."),
        ({"least_of": ["a", "b"]}, "fte is the least of a, b."),
        ({"sum_of": ["a", "b"]}, "fte is the sum of a, b."),
        ({"product_of": ["a", "b"]}, "fte is the product of a, b."),
        ({"mean_of_years": 3}, "Of fte the mean of 3 years counts."),
        ({"lowest_of_years": 5}, "Of fte the lowest of 5 years counts."),
        ({"years": [2024]}, "fte is that of 2024, whatever comes later."),
        ({"as_of": date(2025, 10, 1)}, "No figure of fte after 2025-10-01 counts."),
        ({"months": "of membership"}, "Only months of membership count for fte."),
        ({"surrogate": "like"}, "like stands in for fte where a member has none."),
        ({"if_missing": 0}, "A member without fte counts with 0."),
        ({"allowance": 5000}, "Free of charge of fte: 5000."),
        ({"at_least": 1}, "The least that counts of fte: 1."),
        ({"at_most": 9}, "The most that counts of fte: 9."),
        ({"rank": True}, "Of fte the place counts, 1 for the largest."),
    ],
)
def test_a_driver_says_how_it_is_prepared(rule: dict[str, Any], sentence: str) -> None:
    assert sentence in said(drivers={"fte": DriverRule(**rule)})


def test_bands_are_read_one_by_one() -> None:
    bands = [
        Band(at_most=9, gives=1),
        Band(at_least=10, below=20, gives=2, each=3),
        Band(at_least=20, each=4),
        Band(at_least=30),
    ]

    told = said(drivers={"fte": DriverRule(bands=bands)})

    assert told[2:7] == [
        "fte is given by the band it lies in:",
        "· from 0 to 9: 1",
        "· from 10 to below 20: 2 and 3 for each unit",
        "· from 20 to below 30: 4 for each unit",
        "· from 30: 0",
    ]


def test_marginal_bands_say_so() -> None:
    told = said(drivers={"fte": DriverRule(bands=[Band()], marginal=True)})

    assert "The bands of fte add up, so that no border is a jump:" in told


@pytest.mark.parametrize(
    ("rule", "sentences"),
    [
        ({"pays": "5 VND"}, ["the sponsor pays 5 VND of the bill."]),
        ({"pays": "0.5 VND", "per": "f"}, ["the sponsor pays 0.5 VND for each unit of f."]),
        ({"pays_in": {"2026": "1 VND"}}, ["From 2026 on: the sponsor pays 1 VND of the bill."]),
        (
            {"pays": "5 VND", "by": "cea"},
            ["The sponsor's money is divided among the shares by cea."],
        ),
    ],
)
def test_a_sponsor_says_what_it_pays(rule: dict[str, Any], sentences: list[str]) -> None:
    assert set(sentences) <= set(said(sponsor=SponsorRule(**rule)))


def test_a_fee_says_everything() -> None:
    fee = FeeRule(
        name="dues",
        base="1 VND",
        rate="2 VND",
        of="n",
        per=1000,
        times=["size"],
        least="3 VND",
        most="9 VND",
        months="m",
        round_to="10 VND",
        only=["public"],
        passes_on="50%",
        to="national",
    )

    told = said(fees=[fee])

    assert told[1:] == [
        "Members in public pay dues: 1 VND and 2 VND for each 1000 n.",
        "It is multiplied by size.",
        "It is at least 3 VND.",
        "It is at most 9 VND.",
        "It is taken for the months of m, in twelfths.",
        "It is rounded to the nearest 10 VND.",
        "Of it 1/2 is passed on to national.",
        "What the fees leave the members share: 1 by equal.",
        "Shares are rounded to 1 minor unit.",
    ]


def test_a_fee_without_conditions_is_one_sentence() -> None:
    plain = FeeRule(name="dues", rate="2 VND", of="n")

    assert "Everybody pays dues: 2 VND for each n." in said(fees=[plain])
    assert "Everybody pays dues: 5 VND." in said(fees=[FeeRule(name="dues", base="5 VND")])


def test_what_fees_leave_is_told() -> None:
    fees = [FeeRule(name="dues", base="5 VND")]

    assert "The fees are scaled until they come to what the members pay together." in said(
        fees=fees, mix=[], remainder="scaled"
    )
    assert "What the fees leave of the bill is paid, or kept, by: fund." in said(
        fees=fees, mix=[], remainder="fund"
    )


def test_groups_are_read_from_the_outermost() -> None:
    inner = Inside(mix=EQUAL, strata=StrataRule(mix=EQUAL))
    strata = StrataRule(shares={"x": 75, "y": 25}, inside={"x": inner, "y": Inside()})

    assert said(strata=strata)[1:5] == [
        "The groups share first: x 3/4, y 1/4.",
        "Inside x the members share: 1 by equal.",
        "Inside x the groups share: 1 by equal.",
        "Inside every other group the members share: 1 by equal.",
    ]


def test_limits_are_read_one_by_one() -> None:
    rule = LimitRule(
        rise="10%",
        fall="0%",
        floor="1 VND",
        ceiling="9 VND",
        of_budget="5%",
        standalone=True,
        exempt=["a", "b"],
        absorber="fund",
    )

    assert said(limits=rule)[2:-1] == [
        "Nobody pays more above last year than 1/10.",
        "Nobody pays more below last year than 0.",
        "Nobody pays less than 1 VND.",
        "Nobody pays more than 9 VND.",
        "Nobody pays more than 1/20 of its budget.",
        "Nobody pays more than when buying alone.",
        "Exempt: a, b.",
        "What a limit takes from one member is spread over the others.",
        "What the limits leave over is paid, or kept, by: fund.",
    ]


def test_limits_that_are_not_spread_do_not_say_so() -> None:
    told = said(limits=LimitRule(rise="5%", spread=False, absorber="fund"))

    assert "What a limit takes from one member is spread over the others." not in told
    assert "spread" not in " ".join(said(limits=LimitRule(floor="1 VND", spread=True))[-1:])


def test_a_coarse_unit_names_who_pays_what_is_left() -> None:
    told = said(rounding=RoundingRule(unit=1000, remainder="fund"))

    assert told[-1] == "Shares are rounded to 1000 minor units; what is left over is paid by: fund."
