"""Published cost games, votes, claims and apportionments come out as printed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from libconsortium import (
    Additive,
    ByWeight,
    ClaimsRule,
    Game,
    GameSolution,
    Listed,
    Maximum,
    Money,
    Packages,
    Polynomial,
    Price,
    Registry,
    Scale,
    TierKind,
    read_game,
    solve_shapley,
    stability,
)

Oracle = dict[str, Any]  # Any: inputs of every kind
ZERO = Fraction(0)
REGISTRY = Registry()

SOLUTIONS = {
    "shapley": "shapley",
    "shapley of the cost game": "shapley",
    "nucleolus": "nucleolus",
    "proportional nucleolus": "proportional-nucleolus",
    "tau value": "tau",
    "scrb": "scrb",
    "separable costs - remaining benefits": "scrb",
    "equal split of non-separable cost (ENSC/ACA-type)": "ensc",
    "owen": "owen",
    "shapley-shubik": "shapley-shubik",
    "serial rule": "serial",
}


@cache
def _all(folder: Path) -> dict[str, Oracle]:
    read = json.loads((folder / "cost-oracles.json").read_text("utf-8"), parse_float=Fraction)
    return {oracle["id"]: oracle for oracle in read["oracles"]}


@pytest.fixture
def oracle(oracles: Path) -> Callable[[str], Oracle]:
    """Return the published case of a name."""
    return lambda name: _all(oracles)[name]


def solved(model: str, game: Game) -> list[Fraction]:
    shares = REGISTRY.find(GameSolution, model).solve(game).shares
    assert all(share.label == "exact" for share in shares.values())
    return [shares[player].value for player in game.players]


def agrees(oracle: Oracle, shares: Iterable[Fraction]) -> bool:
    """Compare with what was printed, and exactly with what was computed before where that is."""
    found = list(shares)
    printed = oracle["published"]
    if printed is not None and oracle["verified"] is not False:
        tolerance = Fraction(oracle["tolerance"])
        assert all(
            abs(one - Fraction(p)) <= tolerance for one, p in zip(found, printed, strict=True)
        )
    if oracle["computed_exact"] is not None:
        assert found == [Fraction(exact) for exact in oracle["computed_exact"]]
    return True


def game_of(inputs: Mapping[str, Any]) -> Game:
    """Make a game of a published case's inputs."""
    if "cost" in inputs:
        names = inputs["players"]
        letters = [name[0].upper() for name in names]
        values = {frozenset(key): Fraction(value) for key, value in inputs["cost"].items()}
        table = [
            values.get(frozenset(x for at, x in enumerate(letters) if mask >> at & 1), ZERO)
            for mask in range(1 << len(names))
        ]
        return Game(players=tuple(names), price=Listed(values=tuple(table)))
    if "cost_vector_size_lex" in inputs:
        return by_size(inputs["cost_vector_size_lex"], is_cost=True)
    return by_size(inputs["vector_size_lex"], is_cost=False)


def by_size(vector: list[Any], *, is_cost: bool) -> Game:
    players = (len(vector) + 1).bit_length() - 1
    values = [ZERO] * (1 << players)
    given = iter(vector)
    for size in range(1, players + 1):
        for coalition in combinations(range(players), size):
            values[sum(1 << player for player in coalition)] = Fraction(next(given))
    names = tuple(str(player + 1) for player in range(players))
    return Game(players=names, price=Listed(values=tuple(values)), is_cost=is_cost)


@pytest.mark.parametrize(
    "name",
    [
        "tva-shapley",
        "tva-nucleolus",
        "tva-scrb",
        "tva-ensc",
        "sweden-shapley",
        "sweden-scrb",
        "ferguson-nucleolus",
        "coopgame-nuc-67",
        "coopgame-propnuc-68.1",
        "tau-73.1",
        "tau-stach",
        "shapley-15.1",
        "shapley-ibn-ezra",
        "shapley-voting-50-49-1-q51",
        "apartment-shapley",
    ],
)
def test_published_games_come_out(name: str, oracle: Callable[[str], Oracle]) -> None:
    case = oracle(name)
    assert agrees(case, solved(SOLUTIONS[case["method"]], game_of(case["inputs"])))


def test_the_printed_swedish_nucleolus_divides_two_shares_wrongly(
    oracle: Callable[[str], Oracle],
) -> None:
    case = oracle("sweden-nucleolus")
    assert case["verified"] is False
    game = game_of(case["inputs"])
    shares = dict(zip(game.players, solved("nucleolus", game), strict=True))
    printed = dict(zip(game.players, map(Fraction, case["published"]), strict=True))
    near = Fraction(case["tolerance"])

    assert all(abs(shares[player] - printed[player]) <= near for player in "AHKL")
    assert abs(shares["M"] + shares["T"] - printed["M"] - printed["T"]) <= near
    assert (shares["M"], shares["T"]) == (Fraction("18.32"), Fraction("19.49"))
    alone = dict(zip(game.players, game.alone, strict=True))
    assert alone["M"] - shares["M"] == alone["T"] - shares["T"] == Fraction("2.49")


def test_the_swedish_shapley_value_is_not_in_the_core(oracle: Callable[[str], Oracle]) -> None:
    game = game_of(oracle("sweden-shapley")["inputs"])
    found = stability(game, dict(zip(game.players, solved("shapley", game), strict=True)))

    assert found.in_core is False
    assert found.coalition == ("H", "K", "L")
    assert round(found.gain.value, 2) == Fraction("0.43")


def test_swedish_separable_costs(oracle: Callable[[str], Oracle]) -> None:
    case = oracle("sweden-separable")
    assert agrees(case, game_of(case["inputs"]).price.separable())


def test_birmingham_runway_with_every_movement_a_player(oracle: Callable[[str], Oracle]) -> None:
    case = oracle("airport-birmingham-shapley")
    inputs = case["inputs"]
    needs = [
        Fraction(cost)
        for cost, movements in zip(inputs["runway_cost"], inputs["movements"], strict=True)
        for _ in range(movements)
    ]
    game = Game(players=tuple(map(str, range(len(needs)))), price=Maximum(needs=tuple(needs)))

    shares = solved("shapley", game)

    starts = [sum(inputs["movements"][:at]) for at in range(len(inputs["movements"]))]
    assert len(needs) == 13_572
    assert agrees(case, [shares[start] for start in starts])


def test_the_savings_of_the_apartment_game(oracle: Callable[[str], Oracle]) -> None:
    case = oracle("apartment-savings-game")
    game = game_of(case["inputs"])
    savings = []
    for size in range(1, 4):
        for coalition in combinations(range(3), size):
            alone = sum((game.alone[player] for player in coalition), ZERO)
            savings.append(alone - game.price.of(coalition))

    assert agrees(case, savings)


def test_the_catalan_parliament_of_2012(oracle: Callable[[str], Oracle]) -> None:
    case = oracle("catalan2012-shapley-shubik")
    text = json.dumps({"weights": case["inputs"]["seats"], "quota": case["inputs"]["quota"]})

    assert agrees(case, solved("shapley-shubik", read_game(text)))


def test_two_in_a_union_have_all_of_a_majority(oracle: Callable[[str], Oracle]) -> None:
    case = oracle("owen-majority-union12")
    majority = tuple(Fraction(int(mask.bit_count() > 1)) for mask in range(8))
    unions = tuple(tuple(map(str, union)) for union in case["inputs"]["unions"])
    game = Game(
        players=("1", "2", "3"), price=Listed(values=majority), is_cost=False, unions=unions
    )

    assert agrees(case, solved("owen", game))


def test_serial_shares_of_a_square(oracle: Callable[[str], Oracle]) -> None:
    case = oracle("serial-quadratic")
    demands = {str(at): Fraction(demand) for at, demand in enumerate(case["inputs"]["demands"])}
    square = Polynomial(coefficients=(ZERO, ZERO, Fraction(1)))
    nothing: Price = Additive(amounts=(ZERO,) * len(demands))
    game = Game(players=tuple(demands), price=nothing, demands=demands, technology=square)

    assert agrees(case, solved("serial", game))


def test_packages_are_shared_by_their_holders(oracle: Callable[[str], Oracle]) -> None:
    case = oracle("coverage-equal-split")
    packages = tuple(
        (Fraction(package["cost"]), tuple("ABC".index(name) for name in package["holders"]))
        for package in case["inputs"]["packages"].values()
    )
    game = Game(players=("A", "B", "C"), price=Packages(count=3, packages=packages))

    assert agrees(case, solved("shapley", game))
    assert stability(game, dict(zip("ABC", solved("shapley", game), strict=True))).in_core


# ---------------------------------------------------------------- claims

CLAIMS_CASES = [
    *(
        f"talmud-{estate}-{rule}"
        for estate in (100, 300)
        for rule in (
            "proportional",
            "CEA",
            "CEL",
            "talmud",
            "random_arrival",
            "adjusted_proportional",
            "piniles",
        )
    ),
    *(
        f"thomson-10-{rule}"
        for rule in (
            "proportional",
            "CEA",
            "CEL",
            "talmud",
            "random_arrival",
            "adjusted_proportional",
            "piniles",
        )
    ),
    "contested-garment",
    "alphamin-67",
]


def bankruptcy(estate: Fraction, claims: Sequence[Fraction]) -> Game:
    """Make the game in which a coalition is worth what the others leave it."""
    tiers = [(ZERO, ZERO), (sum(claims, -estate), Fraction(1))]
    scale = Scale.of_tiers(TierKind.MARGINAL, tiers)
    price = ByWeight(weights=tuple(claims), scale=scale)
    return Game(players=tuple(map(str, range(len(claims)))), price=price, is_cost=False)


@pytest.mark.parametrize("name", CLAIMS_CASES)
def test_published_claims_come_out(name: str, oracle: Callable[[str], Oracle]) -> None:
    case = oracle(name)
    rule = REGISTRY.find(ClaimsRule, case["method"].partition(" ")[0].lower())
    claims = {str(at): Fraction(claim) for at, claim in enumerate(case["inputs"]["claims"])}

    assert agrees(case, rule.divide(Fraction(case["inputs"]["estate"]), claims).values())


@pytest.mark.parametrize(
    ("rule", "solution"), [("talmud", "nucleolus"), ("random-arrival", "shapley")]
)
@pytest.mark.parametrize("estate", [100, 200, 300, 450])
def test_a_rule_is_a_solution_of_what_the_others_leave(
    estate: int, rule: str, solution: str, oracle: Callable[[str], Oracle]
) -> None:
    # Aumann & Maschler 1985 and O'Neill 1982.
    claims = {
        str(at): Fraction(claim)
        for at, claim in enumerate(oracle("talmud-300-talmud")["inputs"]["claims"])
    }
    awards = REGISTRY.find(ClaimsRule, rule).divide(Fraction(estate), claims)

    assert list(awards.values()) == solved(
        solution, bankruptcy(Fraction(estate), list(claims.values()))
    )
    if estate in {100, 300}:
        name = "nucleolus" if solution == "nucleolus" else "shapley"
        assert agrees(oracle(f"talmud-{estate}-{name}-identity"), awards.values())


# ---------------------------------------------------------------- apportionment


@pytest.mark.parametrize("name", ["alabama-10", "alabama-11", "dinero-144", "rusty_money-103"])
def test_published_apportionments_come_out(name: str, oracle: Callable[[str], Oracle]) -> None:
    case = oracle(name)
    inputs = case["inputs"]
    amount = next(inputs[word] for word in ("seats", "total_cents", "total") if word in inputs)
    weights = inputs.get("pop", inputs.get("weights"))
    named = {f"{at:02}": Fraction(weight) for at, weight in enumerate(weights)}

    parts = Money(amount, "VND").divided(named)

    assert [part.minor for part in parts.values()] == [round(one) for one in case["computed"]]


def test_solve_shapley_is_what_the_registry_gives() -> None:
    assert REGISTRY.find(GameSolution, "shapley").solve is solve_shapley
