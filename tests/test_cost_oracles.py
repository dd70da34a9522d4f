"""Published fees, bands and subsidies come out of the example policies; no published case is left.

Games, claims and apportionments are in ``tests/plugins/games/test_oracles.py``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from libconsortium import (
    DriverRule,
    MixTerm,
    Money,
    Policy,
    Registry,
    RoundingRule,
    Split,
    SponsorRule,
    read_policy,
    split,
)
from libconsortium.core.sharing.bands import Band, band_faults
from libconsortium.core.sharing.preparing import prepared
from tests.plugins.games import test_oracles as games

Oracle = dict[str, Any]  # Any: inputs of every kind
HERE = Path(__file__).resolve()
EXAMPLES = HERE.parent.parent / "policies" / "examples"
REGISTRY = Registry()


@cache
def _all(folder: Path) -> dict[str, Oracle]:
    read = json.loads((folder / "cost-oracles.json").read_text("utf-8"), parse_float=Fraction)
    return {oracle["id"]: oracle for oracle in read["oracles"]}


@pytest.fixture
def oracle(oracles: Path) -> Callable[[str], Oracle]:
    """Return the published case of a name."""
    return lambda name: _all(oracles)[name]


def policy(name: str) -> Policy:
    return read_policy(EXAMPLES / f"{name}.toml", REGISTRY)


def fee_of_olh(inputs: Mapping[str, Any]) -> int:
    """Return what the example policy makes one supporter pay, in whole euros."""
    base = {1990: "standard", 9640: "silver"}[inputs["base"]]
    assert inputs.get("gni_base", 54030) == 54030
    made: Split = split(
        Money.parse("40000 EUR"),
        ["a"],
        {
            "gni": {"a": inputs["gni"]},
            "size": {"a": inputs.get("size", 1)},
            "fx": {"a": inputs.get("fx", 1)},
        },
        policy("olh"),
        strata={"a": base},
        registry=REGISTRY,
    )
    return made.members_pay.minor // 100


@pytest.mark.parametrize("name", ["olh-mcgill-eur", "olh-mcgill-silver", "olh-nl-library"])
def test_fees_of_olh_are_the_published_ones(name: str, oracle: Callable[[str], Oracle]) -> None:
    case = oracle(name)
    assert case["verified"] is True
    assert [fee_of_olh(case["inputs"])] == case["published"]


def test_a_printed_fee_of_olh_forgot_the_size(oracle: Callable[[str], Oracle]) -> None:
    case = oracle("olh-mcgill-usd")
    assert case["verified"] is False

    assert [fee_of_olh(case["inputs"])] == case["computed"] == [2720]
    assert [fee_of_olh({**case["inputs"], "size": 1})] == case["published"] == [2050]


def test_a_printed_fee_of_olh_was_rounded_down(oracle: Callable[[str], Oracle]) -> None:
    case = oracle("olh-wits")
    assert case["verified"] is False
    inputs = case["inputs"]
    exact = 1990 * Fraction(6780, 54030) * Fraction("1.33") * Fraction("1.05")

    assert 348 < exact < 349
    assert [fee_of_olh(inputs)] == case["computed"] == [350]
    assert [exact // 10 * 10] == case["published"] == [340]


def test_the_bands_of_nekls_are_the_published_ones(oracle: Callable[[str], Oracle]) -> None:
    case = oracle("nekls-bands")
    rule = policy("nekls").drivers["band"]
    values = case["inputs"]["values"]
    figures = {
        "income": {str(value): Fraction(value) for value in values},
        "expenditure": {str(value): Fraction(value + 1) for value in values},
    }

    found = prepared({"band": rule}, figures).figures["band"]

    assert [found[str(value)] for value in values] == case["published"]
    in_force = [(band.at_least, band.at_most, band.gives) for band in rule.bands]
    assert in_force == [tuple(band) for band in case["inputs"]["bands"]]


def test_what_the_system_of_nekls_pays_is_what_was_published(
    oracle: Callable[[str], Oracle],
) -> None:
    case = oracle("nekls-2023")
    given = case["inputs"]
    subsidy, *_, whole = case["published"]
    made = split(
        Money.parse(f"{given['next_budget']} USD"),
        ["members together"],
        {},
        Policy(
            name="NEKLS 2023",
            mix=[MixTerm(weight=100, by="equal")],
            sponsor=SponsorRule(pays=Money.parse(f"{subsidy} USD")),
        ),
        registry=REGISTRY,
    )
    courier = given["courier_sponsor_rate_subsidy"] + given["courier_volume_fees_sponsor"]

    assert made.members_pay == Money.parse(f"{given['next_members']} USD")
    assert case["published"] == [
        subsidy,
        courier,
        given["next_members"] + given["courier_members"],
        whole,
    ]
    assert subsidy + courier == whole


def test_bands_of_swon_are_the_published_ones_and_their_gaps_are_named(
    oracle: Callable[[str], Oracle],
) -> None:
    case = oracle("swon-public-bands")
    rule = policy("swon").drivers["dues"]
    revenue = {str(value): Fraction(value) for value in case["inputs"]["revenue"]}

    found = prepared({"dues": rule}, {"revenue": revenue}).figures["dues"]

    assert list(found.values()) == case["published"]
    printed = [
        Band(at_least=low, at_most=high, gives=fee) for low, high, fee in case["inputs"]["bands"]
    ]
    gaps = [str(what) for _, what in band_faults(printed, Fraction(1))]
    assert len(gaps) == 10  # every border but the last; 3,201,200 is a slip of the publication
    assert "no band from 400001 to below 401000" in gaps[0]
    assert any("below 3201200" in gap for gap in gaps)


def test_support_a_student_in_kentucky_is_what_was_published(
    oracle: Callable[[str], Oracle],
) -> None:
    case = oracle("kyvl-per-fte")
    for row, each, exact in zip(
        case["inputs"]["rows"], case["published"], case["computed_exact"], strict=True
    ):
        assert abs(Fraction(row["support"], row["fte"]) - each) <= case["tolerance"]
        assert Fraction(row["support"], row["fte"]) == Fraction(exact)
        rate = f"{float(each):.4f} USD"
        rules = evolve(policy("kyvl"), sponsor=SponsorRule(pays=rate, per="fte"))
        made = split(
            Money.parse("2000000 USD"), ["a"], {"fte": {"a": row["fte"]}}, rules, registry=REGISTRY
        )
        assert (
            abs(made.sponsor.minor - row["support"] * 100) <= row["fte"] * 100 * case["tolerance"]
        )


def test_the_equal_pool_of_hathitrust_comes_out(oracle: Callable[[str], Oracle]) -> None:
    case = oracle("hathi-pd-2012")
    given = case["inputs"]
    pool = given["PD"] * Fraction(given["X"]) * Fraction(given["C"])
    members = [f"m{number:02}" for number in range(given["N"])]

    made = split(Money(int(pool), "VND"), members, {}, policy("equal"), registry=REGISTRY)

    assert {share.exact for share in made.shares.values()} == {Fraction(case["computed_exact"][0])}


def test_an_amount_in_coins_of_five_rappen_goes_to_the_largest_remainders(
    oracle: Callable[[str], Oracle],
) -> None:
    case = oracle("brick-cash5")
    weights = {str(at): weight for at, weight in enumerate(case["inputs"]["weights"])}
    rules = Policy(
        name="by weight, in coins",
        mix=[MixTerm(weight=100, by="weight")],
        drivers={"weight": DriverRule()},
        rounding=RoundingRule(unit=5, remainder="reserve"),
    )

    made = split(Money.parse(case["inputs"]["total"]), weights, {"weight": weights}, rules)

    shares = [Fraction(share.amount.minor, 100) for share in made.shares.values()]
    assert all(
        abs(share - printed) <= case["tolerance"]
        for share, printed in zip(shares, case["published"], strict=True)
    )


# ---------------------------------------------------------------- nothing is left out


def _game(case: Oracle) -> None:
    if case["method"].startswith("savings"):
        games.test_the_savings_of_the_apartment_game(lambda _: case)
    elif case["method"].startswith("separable (marginal)"):
        games.test_swedish_separable_costs(lambda _: case)
    elif case["verified"] is False:
        games.test_the_printed_swedish_nucleolus_divides_two_shares_wrongly(lambda _: case)
    else:
        games.test_published_games_come_out("", lambda _: case)


def _claims(case: Oracle) -> None:
    kind, identity, _ = case["method"].partition(" of the ")
    if not identity:
        games.test_published_claims_come_out("", lambda _: case)
        return
    estate, claims = Fraction(case["inputs"]["estate"]), case["inputs"]["claims"]
    awards = games.solved(kind, games.bankruptcy(estate, list(map(Fraction, claims))))
    assert games.agrees(case, awards)


def _fee(case: Oracle) -> None:
    assert [fee_of_olh(case["inputs"])] == case["computed"]
    assert (case["computed"] == case["published"]) is case["verified"]


def _bands(case: Oracle) -> None:
    given = case["inputs"]
    starts = [*(low for low, _, _ in given["bands"]), None]
    bands = [  # a printed gap is closed: a band goes on to where the next begins
        Band(at_least=low, below=end, gives=fee)
        for (low, _, fee), end in zip(given["bands"], starts[1:], strict=True)
    ]
    rule = DriverRule(measure="income", bands=tuple(bands))
    figures = {str(value): Fraction(value) for value in given.get("values", given.get("revenue"))}
    found = prepared({"fee": rule}, {"income": figures}).figures["fee"]
    assert list(found.values()) == case["published"]


CHECKS: dict[str, Callable[[Oracle], None]] = {
    "cost game": _game,
    "profit game": _game,
    "claims problem": _claims,
    "fee schedule": _fee,
    "banded fee": _bands,
    "airport game": lambda case: games.test_birmingham_runway_with_every_movement_a_player(
        lambda _: case
    ),
    "weighted voting": lambda case: games.test_the_catalan_parliament_of_2012(lambda _: case),
    "game with a priori unions": lambda case: games.test_two_in_a_union_have_all_of_a_majority(
        lambda _: case
    ),
    "serial cost sharing": lambda case: games.test_serial_shares_of_a_square(lambda _: case),
    "union-of-packages game": lambda case: games.test_packages_are_shared_by_their_holders(
        lambda _: case
    ),
    "apportionment": lambda case: games.test_published_apportionments_come_out("", lambda _: case),
    "sponsor support per FTE": lambda case: (
        test_support_a_student_in_kentucky_is_what_was_published(lambda _: case)
    ),
    "equal share": lambda case: test_the_equal_pool_of_hathitrust_comes_out(lambda _: case),
    "sponsor subsidy reconciliation": lambda case: (
        test_what_the_system_of_nekls_pays_is_what_was_published(lambda _: case)
    ),
    "money": lambda case: (
        test_an_amount_in_coins_of_five_rappen_goes_to_the_largest_remainders(lambda _: case)
        if "grid" in case["inputs"]
        else games.test_published_apportionments_come_out("", lambda _: case)
    ),
}
"""How a published case is tried, by what it is about: a new one is tried whatever its name."""


def test_every_published_case_is_tried_whatever_its_name(oracles: Path) -> None:
    failed = {}
    for name, case in _all(oracles).items():
        try:
            CHECKS[case["family"]](case)
        except (AssertionError, LookupError) as error:
            failed[name] = error

    assert failed == {}
    false = {name for name, case in _all(oracles).items() if case["verified"] is False}
    assert false == {"sweden-nucleolus", "olh-mcgill-usd", "olh-wits"}
