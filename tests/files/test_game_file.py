"""Files of games, claims and shares: read exactly, or refused with what is wrong."""

from __future__ import annotations

import contextlib
import json
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import (
    ConsortiumError,
    ImportFileError,
    SplitError,
    polynomial,
    read_claims,
    read_game,
    read_shares,
    tariff_price,
)
from libconsortium.core.games.games import members_of
from tests.games import few

ZERO = Fraction(0)
TWO = {"A": 1, "B": 2, "A,B": 3}


def written(**table: Any) -> str:
    return json.dumps(table)


def two(values: Any, **more: Any) -> str:  # noqa: ANN401 - whatever a file may hold
    return written(players=["A", "B"], cost=values, **more)


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("0.1", Fraction(1, 10)),
        (
            "12345678901234567890.00000000000000000001",
            Fraction("12345678901234567890.00000000000000000001"),
        ),
        ("1e3", Fraction(1000)),
        ('"5/4"', Fraction(5, 4)),
        ("-7", Fraction(-7)),
        ("-0.0", ZERO),
    ],
)
def test_numbers_are_read_exactly(number: str, value: Fraction) -> None:
    text = f'{{"players": ["A"], "worth": {{"A": {number}}}}}'

    game = read_game(text)

    assert game.whole == value
    assert not game.is_cost


@pytest.mark.parametrize(
    "number",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e99999999999",
        "1e-99999",
        "true",
        "null",
        '"x"',
        '"1e9999"',
        "[1]",
        "9" * 5000,
        '"1/0"',
    ],
)
def test_what_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(ConsortiumError):
        read_game(f'{{"players": ["A"], "cost": {{"A": {number}}}}}')


@pytest.mark.parametrize(
    "values",
    [
        {"A": 1, "B": 2, "A,B": 3},
        {"A,B": 3, "B": 2, "A": 1},
        {"A": 1, "B": 2, "B, A": 3},
        {"A": 1, "B": 2, "B,A": 3, "A,B": 3, "": 0},
        [[["A"], 1], [["B"], 2], [["B", "A"], 3]],
        [["A", 1], ["B", 2], [["A", "B"], "3"], [[], 0]],
        [["A", 1], ["B", 2], ["B,A", 3.0]],
    ],
)
def test_a_coalition_may_be_written_in_any_order_and_form(values: Any) -> None:  # noqa: ANN401 - two forms
    assert read_game(two(values)).price.table() == [0, 1, 2, 3]


def test_names_with_commas_are_written_as_a_list() -> None:
    values = [[["Vinh, Univ."], 1], [["B"], 2], [["B", "Vinh, Univ."], 3]]
    game = read_game(written(players=["Vinh, Univ.", "B"], cost=values))

    assert game.price.table() == [0, 1, 2, 3]


def test_players_may_be_numbered() -> None:
    game = read_game('{"players": [1, 2], "cost": {"1": 1, "2": 2, "1,2": 3}}')

    assert game.players == ("1", "2")


def test_remarks_may_stand_in_a_game() -> None:
    text = '{"name": "a", "source": "b", "players": ["A"], "worth": {"A": 1}}'

    assert read_game(text).whole == 1


def test_a_key_that_is_a_players_name_stands_for_that_player() -> None:
    game = read_game(written(players=["Vinh, Univ."], cost={"Vinh, Univ.": 4}))

    assert game.whole == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (two({"A": 1, "B": 2}), "'A,B' has no value"),
        (two({"A": 1, "A,B": 2}), "'B' has no value"),
        (two({**TWO, "B,A": 4}), "two values: 3 and 4"),
        (two({**TWO, "A,C": 4}), "'C' in the coalition 'A,C' is not a player"),
        (two({**TWO, "A,A": 4}), "twice in the coalition 'A,A'"),
        (two({**TWO, "": 1}), "empty coalition is worth nothing, got 1"),
        (two([["A", 1, 2]]), "a coalition is written"),
        (two([[[1.5], 2]]), "a player's name is a text"),
        (two(3), "'cost' must be a list"),
        (two(TWO, worth=TWO), "cost, worth"),
        (two(TWO, tarif=1), "unknown word 'tarif'"),
        (two(TWO, weights=[1]), "'weights' must be a table"),
        (two(TWO, weights={"C": 1}), "'C' is not a player"),
        (two(TWO, unions=3), "'unions' must be a list"),
        (written(players=["A", "B"]), "this one has: -"),
        (written(players=["A", "A"], cost={"A": 1}), "'A' is named twice"),
        (written(players=[], cost={}), "at least one player"),
        (written(players=["A", " "], cost={}), "a player's name"),
        (written(players="AB", cost={}), "'players' must be a list"),
        (written(cost={"A": 1}), "no players"),
        (written(players=["A"], tariff=3), "'tariff' must be a table"),
        (written(players=["A", "B"], weights={"A": 1}, quota=1), "'B' has no figure in 'weights'"),
        (written(weights={"A": 1}, quota=2), "the quota 2"),
        (written(weights={"A": 1}, quota=0), "the quota 0"),
        (written(players=[f"p{at}" for at in range(60)], cost={"p0": 1}), "'p1' has no value"),
        ("[1]", "expected one JSON object, got list"),
        ("{", "not JSON"),
        ('{"weights": {"A": 1, "A": 2}, "quota": 1}', "'A' stands twice in 'weights'"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_what_is_wrong_is_named(text: str, said: str) -> None:
    with pytest.raises((SplitError, ImportFileError)) as raised:
        read_game(text)

    assert said in str(raised.value)


@few
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False)
        | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "players",
                        "cost",
                        "worth",
                        "weights",
                        "quota",
                        "tariff",
                        "A",
                        "A,B",
                        "unions",
                        "demands",
                        "tiers",
                        "tree",
                        "packages",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
    )
)
def test_nothing_that_is_json_ends_in_a_traceback(value: object) -> None:
    for reader in (read_game, read_claims, read_shares):
        with contextlib.suppress(ConsortiumError):
            reader(json.dumps(value))


def test_a_vote_is_won_from_the_quota_on() -> None:
    game = read_game('{"weights": {"A": 50, "B": 49.5, "C": "1/2"}, "quota": 50.0}')

    won = [game.price.of(members_of(mask)) for mask in range(8)]
    assert won == [0, 1, 0, 1, 0, 1, 1, 1]


def test_a_vote_that_the_least_weight_wins_begins_at_once() -> None:
    assert read_game('{"weights": {"A": 1, "B": 2}, "quota": 1}').alone == [1, 1]


def test_demands_may_be_served_by_a_polynomial_or_by_tiers() -> None:
    by_text = read_game('{"demands": {"A": 1, "B": 2}, "cost": "q^2 + 1"}')
    tariff = {"tiers": [{"above": 0, "price": 3}], "kind": "marginal"}
    by_tiers = read_game(written(demands={"A": 1, "B": 2}, tariff=tariff))
    named = read_game('{"demands": {"A": 1, "B": 2}, "technology": "2*q"}')

    assert by_text.technology is not None
    assert by_text.technology.at(Fraction(3)) == 10
    assert by_tiers.technology is not None
    assert by_tiers.technology.at(Fraction(3)) == by_tiers.whole == 9
    assert named.technology is not None


def test_unions_may_have_names() -> None:
    game = read_game(two(TWO, unions={"north": ["A", "B"]}))

    assert game.unions == (("A", "B"),)


# ---------------------------------------------------------------- costs and tariffs as texts


@pytest.mark.parametrize(
    ("text", "at_three"),
    [
        ("q^2", 9),
        ("q**2", 9),
        ("-q + 10", 7),
        ("(q - 1) * (q + 1)", 8),
        ("q/4", Fraction(3, 4)),
        ("0.1*q", Fraction(3, 10)),
        ("(2*q)^2 / 4", 9),
    ],
)
def test_a_cost_is_a_polynomial_of_the_quantity(text: str, at_three: Fraction) -> None:
    assert polynomial(text).at(Fraction(3)) == at_three


@pytest.mark.parametrize(
    "text",
    [
        "q^q",
        "1/q",
        "q^99",
        "q^-1",
        "f(q)",
        "p",
        "q +",
        "",
        "'q'",
        "q^1.5",
        "(" * 500,
        "--" * 200 + "q",
        "q^9*q^9",
        "1/0",
        "__import__('os')",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(SplitError, match="polynomial"):
        polynomial(text)


PLAYERS = ("a", "b", "c")
WEIGHTS = {"a": Fraction(3), "b": Fraction(4), "c": Fraction(9)}
TIERS = [{"above": 0, "price": 10}, [8, "5"]]


@pytest.mark.parametrize(
    ("table", "costs"),
    [
        ({"fixed": 7}, [7, 7, 7]),
        ({"per_member": 7}, [7, 14, 21]),
        ({"per-member": {"a": 1, "b": 2, "c": 3}}, [1, 3, 6]),
        ({"fixed": 7, "per_member": 2}, [9, 11, 13]),
        ({"tiers": TIERS}, [30, 70, 80]),
        ({"tiers": TIERS, "kind": "marginal"}, [30, 70, 120]),
        ({"tiers": TIERS, "tier_kind": "total"}, [10, 10, 5]),
        ({"tiers": TIERS, "cover": True}, [30, 40, 80]),
        ({"tiers": TIERS, "minimum_spend": 75}, [75, 75, 80]),
        ({"tiers": TIERS, "pricing": "count-tiers"}, [10, 20, 30]),
        ({"tiers": TIERS, "pricing": "count_tiers", "minimum_spend": 25}, [25, 25, 30]),
        ({"tiers": TIERS, "fixed": 1}, [31, 71, 81]),
        ({"tiers": TIERS, "fixed": 1, "minimum_spend": 75}, [75, 75, 81]),
        (
            {
                "packages": {
                    "x": {"price": 5, "takers": ["a", "c"]},
                    "y": {"cost": 2, "holders": ["b"]},
                }
            },
            [5, 7, 7],
        ),
        ({"packages": [{"price": 5, "takers": ["b"]}, {"price": 99}]}, [0, 5, 5]),
        ({"needs": {"a": 2, "b": 1, "c": 5}}, [2, 2, 5]),
        ({"amounts": {"a": 2, "b": 1, "c": 5}}, [2, 3, 8]),
        (
            {
                "amounts": {"a": 2, "b": 1, "c": 5},
                "discounts": [{"above": 0, "factor": 1}, [2, "0.5"]],
            },
            [2, 3, 4],
        ),
        (
            {
                "tree": {
                    "x": {"parent": "root", "price": 3, "members": ["a", "b"]},
                    "root": {"price": 4, "members": ["c"]},
                }
            },
            [7, 7, 7],
        ),
    ],
)
def test_a_tariff_costs_what_it_says(table: dict[str, object], costs: list[int]) -> None:
    price = tariff_price(table, PLAYERS, WEIGHTS)

    assert [price.of(range(count)) for count in (1, 2, 3)] == costs


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({}, "says no price"),
        ({"tier": []}, "unknown word 'tier'; it may have: tiers"),
        ({"zzz": []}, "it may have: pricing, kind"),
        ({"tiers": [], "kind": "slab"}, "begin above 0"),
        ({"tiers": TIERS, "kind": "slabs"}, "'slabs'"),
        ({"tiers": TIERS, "pricing": "free"}, "'free'"),
        ({"tiers": 3}, "expected a list"),
        ({"tiers": [[0]]}, "'tiers' is a list of pairs"),
        ({"tiers": [[0, 1, 2]]}, "'tiers' is a list of pairs"),
        ({"tiers": [[0, "a"]]}, "'tiers[0].price'"),
        ({"tiers": [{"from": 0, "price": 1}]}, '{"above": 400, "price": 8}'),
        ({"fixed": 0.5}, "'fixed' is not a number"),
        ({"per_member": {"a": 1}}, "'b' has no figure in 'per_member'"),
        ({"per_member": {"d": 1}}, "'d' in 'per_member' is not a player"),
        ({"packages": {"x": 5}}, "'packages.x' must be a table"),
        ({"packages": {"x": {"price": 5, "takers": ["d"]}}}, "'d' in 'packages.x'"),
        ({"needs": {"a": -1, "b": 1, "c": 1}}, "negative"),
        ({"tree": {"x": {"parent": "y"}, "y": {"parent": "x"}}}, "circle: x, y"),
        ({"tree": {"x": {"price": 1, "members": ["a"]}}}, "'b' is at no node"),
    ],
)
def test_a_tariff_that_is_wrong_says_where(table: dict[str, object], said: str) -> None:
    with pytest.raises(SplitError) as raised:
        tariff_price(table, PLAYERS, WEIGHTS)

    assert said in str(raised.value)


def test_tiers_without_weights_are_by_number() -> None:
    assert tariff_price({"tiers": TIERS}, PLAYERS, {}).of(range(3)) == 30


# ---------------------------------------------------------------- claims and shares


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "claims are written"),
        ('{"estate": 1, "claims": []}', "claims are written"),
        ('{"estate": 1, "claims": {}}', "no claims"),
        ('{"estate": "x", "claims": {"a": 1}}', "'estate' is not a number"),
        ('{"estate": 1, "claims": {"a": 1, "a": 2}}', "'a' stands twice"),
    ],
)
def test_claims_that_are_wrong_are_refused(text: str, said: str) -> None:
    with pytest.raises(SplitError) as raised:
        read_claims(text)

    assert said in str(raised.value)


@pytest.mark.parametrize(
    "text", ["{}", '{"shares": {}}', '{"A": "x"}', '{"A": {"label": "exact"}}', '{"A": 1, "A": 2}']
)
def test_shares_that_are_wrong_are_refused(text: str) -> None:
    with pytest.raises(SplitError):
        read_shares(text)


def test_a_game_of_twelve_players_is_read_whole() -> None:
    names = [f"p{at}" for at in range(12)]
    values = {
        ",".join(coalition): size
        for size in range(1, 13)
        for coalition in combinations(names, size)
    }

    assert read_game(written(players=names, cost=values)).whole == 12
