"""The conformance kit passes what keeps its promises and shows the smallest thing that does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest

from libconsortium import (
    BibRecord,
    ClaimsRule,
    CostGame,
    CostModel,
    Crosswalk,
    CrosswalkError,
    ExactShare,
    Harvester,
    HarvestPage,
    HarvestRequest,
    Message,
    RawRecord,
    Registry,
    Step,
)
from libconsortium.testing import (
    BrokenPromiseError,
    check_claims_rule,
    check_cost_model,
    check_crosswalk,
    check_harvester,
)

pytestmark = pytest.mark.slow

REGISTRY = Registry()
EQUAL = REGISTRY.find(CostModel, "equal").divide
PROPORTIONAL = REGISTRY.find(ClaimsRule, "proportional").divide
Shares = Mapping[str, ExactShare]

PARAMETERS: dict[str, Mapping[str, object] | None] = {
    "mixture": {"weights": {"equal": 20, "fte": 50, "usage": 30}},
    "fixed": {"shares": {"a": 1, "b": "2.5", "c": 3, "d": 4, "e": 5}},
}


@pytest.mark.parametrize("name", ["equal", "proportional", "mixture", "fixed"])
def test_our_cost_models_keep_their_promises(name: str) -> None:
    check_cost_model(REGISTRY.find(CostModel, name), parameters=PARAMETERS.get(name))


@pytest.mark.parametrize("name", ["proportional", "cea", "cel"])
def test_our_claims_rules_keep_their_promises(name: str) -> None:
    check_claims_rule(REGISTRY.find(ClaimsRule, name))


# ---------------------------------------------------------------- cost models that break one


def shares(values: Mapping[str, Any]) -> Shares:
    step = Step(what=Message("odd"), value=Fraction(0))
    return {member: ExactShare(value=value, working=step) for member, value in values.items()}


def drops_a_unit(game: CostGame) -> Shares:
    return shares({member: game.amount // len(game.members) for member in game.members})


def is_a_float(game: CostGame) -> Shares:
    return shares({member: float(game.amount) / len(game.members) for member in game.members})


def goes_below_zero(game: CostGame) -> Shares:
    paid = dict.fromkeys(game.members, Fraction(0))
    paid[game.members[-1]] = Fraction(-1)
    paid[game.members[0]] += game.amount - sum(paid.values())
    return shares(paid)


def forgets_somebody(game: CostGame) -> Shares:
    return shares({game.members[0]: game.amount})


def looks_at_the_order(game: CostGame) -> Shares:
    first = next(iter(game.drivers["fte"]))
    return shares({one: game.amount * (one == first) for one in game.members})


def writes_into_its_input(game: CostGame) -> Shares:
    game.drivers["fte"].clear()  # type: ignore[attr-defined] # wrong on purpose
    return EQUAL(game)


def the_first_pays(game: CostGame) -> Shares:
    return shares({one: game.amount * (one == game.members[0]) for one in game.members})


def more_for_those_who_have_less(game: CostGame) -> Shares:
    fte = game.drivers["fte"]
    return game.in_proportion({one: 1 / (1 + fte[one]) for one in game.members}, Message("odd"))


@pytest.mark.parametrize(
    ("divide", "axioms", "law"),
    [
        (drops_a_unit, (), "parts add up to the amount"),
        (is_a_float, (), "parts are exact numbers"),
        (goes_below_zero, (), "no part is negative"),
        (forgets_somebody, (), "one part a member"),
        (looks_at_the_order, (), "the order of rows does not matter"),
        (writes_into_its_input, (), "the input stays as it was"),
        (the_first_pays, ("symmetry",), "symmetry"),
        (more_for_those_who_have_less, ("monotonicity",), "monotonicity"),
        (more_for_those_who_have_less, ("scale",), "scale (of the figures)"),
        (EQUAL, ("null-player",), "null-player"),
        (EQUAL, ("fairness",), "claims laws that can be checked"),
    ],
)
def test_a_cost_model_that_breaks_a_promise_is_caught(
    divide: Any,  # noqa: ANN401 - some of them are wrong on purpose
    axioms: tuple[str, ...],
    law: str,
) -> None:
    model = CostModel(name="odd", divide=divide, axioms=frozenset(axioms))

    with pytest.raises(BrokenPromiseError) as caught:
        check_cost_model(model)

    assert str(caught.value).startswith(f"'odd' does not keep {law!r}")


def test_the_counterexample_is_the_smallest_game() -> None:
    model = CostModel(name="odd", divide=EQUAL, axioms=frozenset({"null-player"}))

    with pytest.raises(
        BrokenPromiseError, match=r"amount: 1, members: \(a, b\), drivers: \{fte: \{a: 0, b: 1\}"
    ):
        check_cost_model(model)


def test_scale_is_checked_on_the_amount_too() -> None:
    def a_fixed_fee(game: CostGame) -> Shares:
        paid = dict.fromkeys(game.members, Fraction(0))
        paid[game.members[0]] = min(game.amount, Fraction(1))
        paid[game.members[-1]] += game.amount - sum(paid.values())
        return shares(paid)

    model = CostModel(name="odd", divide=a_fixed_fee, axioms=frozenset({"scale"}))

    with pytest.raises(BrokenPromiseError, match=r"scale \(of the amount\)"):
        check_cost_model(model)


# ---------------------------------------------------------------- claims rules that break one


def first_come(estate: Fraction, claims: Mapping[str, Fraction]) -> dict[str, Fraction]:
    awards = {}
    for name in sorted(claims):
        awards[name] = min(claims[name], estate)
        estate -= awards[name]
    return awards


def as_listed(estate: Fraction, claims: Mapping[str, Fraction]) -> dict[str, Fraction]:
    awards = {}
    for name, claim in claims.items():
        awards[name] = min(claim, estate)
        estate -= awards[name]
    return awards


def equal_parts(estate: Fraction, claims: Mapping[str, Fraction]) -> dict[str, Fraction]:
    return dict.fromkeys(claims, estate / len(claims))


def biggest_claim_only(estate: Fraction, claims: Mapping[str, Fraction]) -> dict[str, Fraction]:
    ranked = sorted(claims, key=lambda name: (-claims[name], name))
    awards = dict.fromkeys(claims, Fraction(0))
    for name in ranked:
        awards[name] = min(claims[name], estate)
        estate -= awards[name]
    return awards


def smallest_claim_first(estate: Fraction, claims: Mapping[str, Fraction]) -> dict[str, Fraction]:
    ranked = sorted(claims, key=lambda name: (claims[name], name))
    return first_come(estate, {f"{ranked.index(name)}{name}": claims[name] for name in claims})


def turns_round(estate: Fraction, claims: Mapping[str, Fraction]) -> dict[str, Fraction]:
    if estate * 2 <= sum(claims.values()):
        return first_come(estate, claims)
    return biggest_claim_only(estate, claims)


@pytest.mark.parametrize(
    ("divide", "axioms", "law"),
    [
        (lambda estate, claims: {}, (), "one award a claim"),
        (
            lambda estate, claims: dict.fromkeys(claims, Fraction(0)),
            (),
            "parts add up to the amount",
        ),
        (equal_parts, (), "no award above its claim"),
        (as_listed, (), "the order of claims does not matter"),
        (first_come, ("symmetry",), "symmetry"),
        (first_come, ("order",), "order"),
        (turns_round, ("resource-monotonicity",), "resource-monotonicity"),
        (REGISTRY.find(ClaimsRule, "cea").divide, ("self-duality",), "self-duality"),
        (PROPORTIONAL, ("fairness",), "claims laws that can be checked"),
    ],
)
def test_a_claims_rule_that_breaks_a_promise_is_caught(
    divide: Any,  # noqa: ANN401 - some of them are wrong on purpose
    axioms: tuple[str, ...],
    law: str,
) -> None:
    rule = ClaimsRule(name="odd", divide=divide, axioms=frozenset(axioms))

    with pytest.raises(BrokenPromiseError) as caught:
        check_claims_rule(rule)

    assert str(caught.value).startswith(f"'odd' does not keep {law!r}")


def test_a_rule_with_an_absolute_threshold_has_no_scale() -> None:
    def odd(estate: Fraction, claims: Mapping[str, Fraction]) -> Mapping[str, Fraction]:
        return PROPORTIONAL(estate, claims) if estate > 300 else first_come(estate, claims)

    rule = ClaimsRule(name="odd", divide=odd, axioms=frozenset({"scale"}))

    with pytest.raises(BrokenPromiseError, match="'scale'"):
        check_claims_rule(rule)


# ---------------------------------------------------------------- crosswalks and harvesters


RAW = RawRecord(source="tlu", identifier="oai:tlu:1", content=b"<dc>Truyen</dc>")


def read(raw: RawRecord) -> BibRecord:
    if not raw.content.endswith(b"</dc>"):
        raise CrosswalkError("cut off")
    return BibRecord(source=raw.source, identifier=raw.identifier, titles=("Truyen",))


def crosswalk(reader: Any) -> Crosswalk:  # noqa: ANN401 - some of them are wrong on purpose
    return Crosswalk(name="odd", namespaces=("x",), read=reader)


def test_a_steady_crosswalk_passes() -> None:
    check_crosswalk(crosswalk(read), [RAW])


def loses_the_source(raw: RawRecord) -> BibRecord:
    return BibRecord(source="", identifier=raw.identifier)


def breaks_on_damage(raw: RawRecord) -> BibRecord:
    return BibRecord(
        source=raw.source,
        identifier=raw.identifier,
        year=int(raw.content[-5:] == b"</dc>") // int(raw.content[-5:] == b"</dc>"),
    )


def counts_its_calls() -> Any:  # noqa: ANN401 - a wrong reader
    calls: list[RawRecord] = []

    def reader(raw: RawRecord) -> BibRecord:
        calls.append(raw)
        return BibRecord(source=raw.source, identifier=raw.identifier, year=len(calls))

    return reader


@pytest.mark.parametrize(
    ("reader", "law"),
    [
        (lambda raw: None, "gives a BibRecord"),
        (loses_the_source, "source and identifier stay"),
        (counts_its_calls(), "two readings agree"),
        (breaks_on_damage, "damage gives one of our errors"),
    ],
)
def test_a_crosswalk_that_breaks_a_promise_is_caught(reader: Any, law: str) -> None:  # noqa: ANN401 - wrong on purpose
    with pytest.raises(BrokenPromiseError, match=law):
        check_crosswalk(crosswalk(reader), [RAW])


def page(number: int, *records: RawRecord) -> HarvestPage:
    received = datetime(2026, 1, 1, tzinfo=UTC)
    return HarvestPage(number=number, url="x", body=b"", received=received, records=records)


def harvester(harvest: Any) -> Harvester:  # noqa: ANN401 - some of them are wrong on purpose
    return Harvester(name="odd", harvest=harvest)


REQUEST = HarvestRequest(source="tlu", url="http://127.0.0.1/oai")


def test_a_steady_harvester_passes() -> None:
    check_harvester(harvester(lambda request: iter([page(1, RAW), page(2)])), REQUEST)


def never_ends(request: HarvestRequest) -> Iterator[HarvestPage]:
    number = 0
    while True:
        number += 1
        yield page(number)


def gives_something_else_each_time() -> Any:  # noqa: ANN401 - a wrong harvester
    runs = iter([[page(1, RAW)], [page(1)]])
    return lambda request: iter(next(runs))


@pytest.mark.parametrize(
    ("harvest", "law"),
    [
        (lambda request: iter([page(2), page(1)]), "pages come in order"),
        (never_ends, "a list ends"),
        (gives_something_else_each_time(), "two harvests agree"),
    ],
)
def test_a_harvester_that_breaks_a_promise_is_caught(harvest: Any, law: str) -> None:  # noqa: ANN401 - wrong on purpose
    with pytest.raises(BrokenPromiseError, match=law):
        check_harvester(harvester(harvest), REQUEST, most_pages=5)
