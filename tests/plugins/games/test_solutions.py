"""Our solutions keep what they promise, choose their way by structure and share bills."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from libconsortium import (
    Additive,
    AtLeast,
    ByCount,
    ByWeight,
    CostGame,
    CostModel,
    Game,
    GameSolution,
    Label,
    Listed,
    Maximum,
    MixTerm,
    Money,
    Packages,
    Part,
    Policy,
    Price,
    Registry,
    Scale,
    SplitError,
    Sum,
    TierKind,
    solve_shapley,
    split,
)
from libconsortium.testing import BrokenPromiseError, check_cost_model, check_game_solution

pytestmark = pytest.mark.slow

REGISTRY = Registry()
ZERO = Fraction(0)
BANDS = (11, 23, 57, 109, 203)
SOLUTIONS = [name for name, one in REGISTRY.all(GameSolution).items() if one.axioms]
MODELS = ["shapley", "prenucleolus", "tau", "scrb", "aca", "ensc", "least-core", "owen"]
TARIFF = {"kind": "marginal", "tiers": [{"above": 0, "price": 9}, {"above": 500, "price": 4}]}


def players(count: int) -> tuple[str, ...]:
    return tuple(f"{at:03}" for at in range(count))


def tiers(*prices: int, at: int, kind: TierKind = TierKind.MARGINAL) -> Scale:
    bounds = (Fraction(at * step) for step in range(len(prices)))
    return Scale.of_tiers(kind, zip(bounds, map(Fraction, prices), strict=True))


@pytest.mark.parametrize("name", SOLUTIONS)
def test_our_solutions_keep_their_promises(name: str) -> None:
    check_game_solution(REGISTRY.find(GameSolution, name), examples=40)


def test_a_false_promise_is_found_with_its_smallest_game() -> None:
    equal = REGISTRY.find(GameSolution, "equal")
    odd = GameSolution(name="odd", solve=equal.solve, axioms=frozenset({"null-player"}))

    with pytest.raises(BrokenPromiseError, match="null-player"):
        check_game_solution(odd)


# ---------------------------------------------------------------- the way is chosen


def test_few_bands_are_solved_with_a_bound_smaller_than_any_unit() -> None:
    weights = tuple(Fraction(weight) for weight in BANDS for _ in range(67))
    price = ByWeight(weights=weights, scale=tiers(1000, 800, 600, at=7000))

    solved = solve_shapley(Game(players=players(335), price=price))

    shares = list(solved.shares.values())
    assert {share.label for share in shares} == {Label.BOUNDED}
    assert all(share.bound is not None and share.bound < Fraction(2, 10**6) for share in shares)
    assert sum(share.value for share in shares) == price.of(range(335))


def test_without_numpy_the_value_is_estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    weights = tuple(Fraction(1000 + player * 7919 % 4001) for player in range(120))
    price = ByWeight(weights=weights, scale=tiers(9, 8, at=70_000, kind=TierKind.SLAB))

    solved = solve_shapley(Game(players=players(120), price=price))

    assert {share.label for share in solved.shares.values()} == {Label.ESTIMATED}
    assert sum(share.value for share in solved.shares.values()) == price.of(range(120))


def test_a_sum_is_as_sure_as_its_least_sure_part() -> None:
    everybody = tuple(range(335))
    weights = tuple(Fraction(weight) for weight in BANDS for _ in range(67))
    bounded = Part(members=everybody, price=ByWeight(weights=weights, scale=tiers(9, 4, at=7000)))
    odd = AtLeast(price=Packages(count=30, packages=((Fraction(9), (1, 2)),)), least=Fraction(4))
    estimated = Part(members=everybody[:30], price=odd)
    flat = Part(members=everybody, price=ByCount(prices=(ZERO, *[Fraction(335)] * 335)))
    price = Sum(count=335, parts=(flat, bounded, estimated))

    solved = solve_shapley(Game(players=players(335), price=price))

    labels = [share.label for share in solved.shares.values()]
    assert labels == [Label.ESTIMATED] * 30 + [Label.BOUNDED] * 305
    assert sum(share.value for share in solved.shares.values()) == price.of(everybody)


@pytest.mark.parametrize(
    "price",
    [
        Additive(amounts=(Fraction(3), Fraction(4), Fraction(5)) * 10),
        ByCount(
            prices=tuple(Fraction(max(0, 40 + count)) if count else ZERO for count in range(31))
        ),
        ByWeight(weights=(Fraction(1), Fraction(2), Fraction(5)) * 10, scale=tiers(9, 4, at=20)),
    ],
)
def test_the_nucleolus_of_a_structured_price_needs_no_list(price: Price) -> None:
    solution = REGISTRY.find(GameSolution, "nucleolus").solve(
        Game(players=players(30), price=price)
    )

    assert sum(share.value for share in solution.shares.values()) == price.of(range(30))


def test_the_nucleolus_of_too_many_weights_says_what_to_do() -> None:
    weights = tuple(Fraction(10_000 + player * 7919 % 4001) for player in range(120))
    price = ByWeight(weights=weights, scale=tiers(9, 8, at=70_000))

    with pytest.raises(SplitError, match="round the weights to a few bands"):
        REGISTRY.find(GameSolution, "nucleolus").solve(Game(players=players(120), price=price))


@pytest.mark.parametrize(
    ("name", "values", "is_cost", "said"),
    [
        ("nucleolus", (0, 5, 5, 1), False, "prenucleolus"),
        ("tau", (0, 5, 5, 1), False, "quasi-balanced"),
        ("proportional-nucleolus", (0, 0, 0, 5), False, "no single way"),
        ("proportional", (0, 0, 0, 5), True, "add up to zero"),
        ("scrb", (0, 1, 1, 0, 1, 0, 0, 1), True, "does not say who pays"),
    ],
)
def test_a_solution_that_does_not_exist_is_said_not_raised(
    name: str, values: tuple[int, ...], *, is_cost: bool, said: str
) -> None:
    count = len(values).bit_length() - 1
    price = Listed(values=tuple(map(Fraction, values)))
    game = Game(players=players(count), price=price, is_cost=is_cost)

    solved = REGISTRY.find(GameSolution, name).solve(game)

    assert not solved.shares
    assert said in str(solved.notes[0])


@pytest.mark.parametrize(
    ("name", "epsilon"),
    [
        ("least-core", Fraction(1, 3)),
        ("weak-least-core", Fraction(1, 6)),
        ("proportional-least-core", Fraction(1, 3)),
    ],
)
def test_an_empty_core_has_a_least_core_above_zero(name: str, epsilon: Fraction) -> None:
    majority = Listed(values=tuple(Fraction(int(mask.bit_count() > 1)) for mask in range(8)))
    solved = REGISTRY.find(GameSolution, name).solve(
        Game(players=players(3), price=majority, is_cost=False)
    )

    assert solved.epsilon == epsilon


def test_the_least_core_of_many_members_in_bands() -> None:
    price = ByWeight(weights=(Fraction(1), Fraction(3)) * 15, scale=tiers(9, 4, at=20))
    game = Game(players=players(30), price=price)

    strong = REGISTRY.find(GameSolution, "least-core").solve(game)
    weak = REGISTRY.find(GameSolution, "weak-least-core").solve(game)
    alone = REGISTRY.find(GameSolution, "least-core").solve(
        Game(players=("a",), price=Listed(values=(ZERO, Fraction(4))))
    )

    assert strong.epsilon is not None
    assert strong.epsilon < 0
    assert weak.epsilon is None
    assert alone.epsilon == 0


def test_many_players_in_unions_are_estimated() -> None:
    least = Fraction(40)
    runway = Maximum(needs=tuple(Fraction(player) for player in range(1, 31)))
    names = players(30)
    game = Game(
        players=names, price=AtLeast(price=runway, least=least), unions=(names[:10], names[10:20])
    )

    solved = REGISTRY.find(GameSolution, "owen").solve(game)

    assert {share.label for share in solved.shares.values()} == {Label.ESTIMATED}
    assert sum(share.value for share in solved.shares.values()) == 40


def test_many_players_in_unions_are_exact_where_the_price_has_a_structure() -> None:
    price = Maximum(needs=tuple(Fraction(player) for player in range(1, 31)))
    names = players(30)
    game = Game(players=names, price=price, unions=(names[:10], names[10:20]))

    solved = REGISTRY.find(GameSolution, "owen").solve(game)

    assert {share.label for share in solved.shares.values()} == {Label.EXACT}
    assert sum(share.value for share in solved.shares.values()) == 30


def test_the_nucleolus_of_a_long_runway_is_exact() -> None:
    # Littlechild, International Journal of Game Theory 3 (1974): every landing is a player.
    needs = (*[Fraction(65899)] * 42, *[Fraction(76725)] * 9555, *[Fraction(117676)] * 22)
    game = Game(players=tuple(map(str, range(len(needs)))), price=Maximum(needs=needs))

    shares = [
        share.value
        for share in REGISTRY.find(GameSolution, "nucleolus").solve(game).shares.values()
    ]

    assert sum(shares) == 117676
    assert shares[0] == shares[42] == Fraction(76725, 9598)
    assert shares[-1] == (117676 - 76725 * Fraction(9597, 9598)) / 22


@pytest.mark.parametrize(
    "price",
    [
        ByCount(prices=(ZERO, Fraction(2), Fraction(3))),
        ByWeight(weights=(Fraction(1), Fraction(1)), scale=tiers(1, 2, at=1)),
    ],
)
def test_a_vote_is_worth_nothing_or_one(price: Price) -> None:
    with pytest.raises(SplitError, match="voting"):
        REGISTRY.find(GameSolution, "shapley-shubik").solve(
            Game(players=("a", "b"), price=price, is_cost=False)
        )


# ---------------------------------------------------------------- as cost models


@pytest.mark.parametrize("name", MODELS)
def test_a_solution_shares_a_bill_by_its_tariff(name: str) -> None:
    model = REGISTRY.find(CostModel, name)

    check_cost_model(model, parameters={"driver": "fte", "tariff": TARIFF}, examples=25)


def test_a_bill_is_shared_as_the_tariff_is_whatever_tax_came_on_top() -> None:
    tariff = {"fixed": 60, "per_member": {"a": 0, "b": 30}}
    policy = Policy(
        name="By the vendor's tariff",
        mix=[MixTerm(weight=100, by="shapley", parameters={"tariff": tariff})],
    )

    done = split(Money(180, "VND"), ["a", "b"], {}, policy)

    assert {member: share.amount.minor for member, share in done.shares.items()} == {
        "a": 60,
        "b": 120,
    }


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({}, "needs the parameter 'tariff'"),
        ({"tariff": {"fixed": 1}, "unions": "ab"}, "unions are lists"),
        ({"tariff": {"pris": 1}}, "unknown word 'pris'"),
    ],
)
def test_a_policy_that_names_no_sound_tariff_is_refused(
    parameters: dict[str, object], said: str
) -> None:
    game = CostGame(amount=Fraction(9), members=("a", "b"), parameters=parameters)

    with pytest.raises(SplitError, match=said):
        REGISTRY.find(CostModel, "owen").divide(game)


def test_unions_of_a_policy_may_be_named() -> None:
    parameters = {
        "tariff": {"packages": {"x": {"price": 6, "takers": ["a", "b", "c"]}}},
        "unions": {"north": ["a", "b"]},
    }
    game = CostGame(amount=Fraction(60), members=("a", "b", "c"), parameters=parameters)

    shares = REGISTRY.find(CostModel, "owen").divide(game)

    assert {member: share.value for member, share in shares.items()} == {"a": 15, "b": 15, "c": 30}


def test_a_share_below_zero_cannot_be_billed() -> None:
    # With a third member the price of all falls, and only "c" has a price of its own.
    tariff = {
        "tiers": [[0, 90], [2, 10]],
        "kind": "total",
        "per_member": {"a": 90, "b": 90, "c": 0},
    }
    fall = {"tiers": [[0, 0], [2, -90]], "kind": "total"}
    game = CostGame(
        amount=Fraction(9), members=("a", "b", "c"), parameters={"tariff": {**tariff, **fall}}
    )

    with pytest.raises(SplitError, match="would be paid"):
        REGISTRY.find(CostModel, "shapley").divide(game)


def test_a_solution_that_does_not_exist_cannot_share_a_bill() -> None:
    tariff = {"kind": "total", "tiers": [[0, 1], [1, 9]]}
    game = CostGame(amount=Fraction(9), members=("a", "b"), parameters={"tariff": tariff})

    with pytest.raises(SplitError, match="cannot share this tariff"):
        REGISTRY.find(CostModel, "nucleolus").divide(game)


@pytest.mark.parametrize("without_numpy", [False, True])
def test_a_share_that_is_not_exact_says_so_in_its_working(
    monkeypatch: pytest.MonkeyPatch, *, without_numpy: bool
) -> None:
    if without_numpy:
        monkeypatch.setitem(sys.modules, "numpy", None)
    members = players(335)
    fte = {member: Fraction(BANDS[at % 5]) for at, member in enumerate(members)}
    fte["000"] = ZERO
    game = CostGame(
        amount=Fraction(10**9),
        members=members,
        drivers={"fte": fte},
        parameters={
            "driver": "fte",
            "tariff": {**TARIFF, "tiers": [[0, 9], [9000, Decimal("4.5")]]},
        },
    )

    shares = REGISTRY.find(CostModel, "shapley").divide(game)

    said = str(shares["001"].working.parts[-1].what)
    assert ("estimated" in said) if without_numpy else ("known within" in said)
    assert sum(share.value for share in shares.values()) == 10**9


def test_the_plugin_is_loaded_without_numpy() -> None:
    code = "import sys, libconsortium.plugins.games; sys.exit('numpy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_solution_has_a_summary_and_a_source() -> None:
    every: Any = REGISTRY.all(GameSolution).values()

    assert all(one.summary and one.source for one in every)
