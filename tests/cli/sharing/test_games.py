"""Games and claims from files, from the command line."""

from __future__ import annotations

import io
import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Type

TALMUD = {"estate": 200, "claims": {"x": 100, "y": 200, "z": 300}}
THREE = {
    "players": ["A", "B", "C"],
    "cost": {"A": 4, "B": 4, "C": 4, "A,B": 5, "A,C": 5, "B,C": 5, "A,B,C": 9},
}


def file(folder: Path, content: object, name: str = "game.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def test_shares_are_exact_and_say_so(typed: Type, tmp_path: Path) -> None:
    cost = {"A": 1, "B": 2, "B,A": 2.5}
    said = typed("game", "shapley", file(tmp_path, {"players": ["A", "B"], "cost": cost}), "--json")

    assert said.code == 0
    assert said.json["schema"] == 1
    assert said.json["model"] == "shapley"
    assert said.json["shares"] == {
        "A": {"value": "3/4", "label": "exact"},
        "B": {"value": "7/4", "label": "exact"},
    }
    assert said.json["notes"] == []


def test_whole_numbers_stay_whole(typed: Type, tmp_path: Path) -> None:
    game = {"demands": {"a": 1, "b": 2, "c": 3}, "cost": "q^2"}
    said = typed("game", "serial", file(tmp_path, game), "--json")

    assert [share["value"] for share in said.json["shares"].values()] == [3, 11, 22]


@pytest.mark.parametrize(
    "name", ["per-capita-nucleolus", "per_capita_nucleolus", "Per-Capita-Nucleolus"]
)
def test_underscores_count_as_hyphens(name: str, typed: Type, tmp_path: Path) -> None:
    said = typed("game", name, file(tmp_path, THREE), "--json")

    assert said.json["model"] == "per-capita-nucleolus"


def test_an_empty_core_is_an_answer(typed: Type, tmp_path: Path) -> None:
    path = file(tmp_path, THREE)
    shares = file(tmp_path, {"A": 3, "B": 3, "C": 3}, "shares.json")

    said = typed("stability", path, "--shares", shares, "--json")

    assert said.code == 0
    assert said.json["in_core"] is False
    assert said.json["core_is_empty"] is True
    assert said.json["worst_coalition"] == ["A", "B"]
    assert said.json["gain"] == {"value": 1, "label": "exact"}
    assert said.json["least_core_epsilon"] == {"value": 1, "label": "exact"}
    assert typed("game", "least-core", path, "--json").json["epsilon"] == 1


def test_what_game_answers_can_be_tried_for_stability(typed: Type, tmp_path: Path) -> None:
    path = file(tmp_path, {**THREE, "cost": {**THREE["cost"], "A,B,C": 6}})  # type: ignore[dict-item] # a table
    answer = file(tmp_path, typed("game", "nucleolus", path, "--json").out, "answer.json")

    said = typed("stability", path, "--shares", answer, "--json")

    assert said.json["in_core"] is True
    assert said.json["missing_to_the_whole"] == 0


def test_who_pays_more_than_alone_is_named(typed: Type, tmp_path: Path) -> None:
    shares = file(tmp_path, {"A": 5, "B": 2, "C": 2}, "shares.json")

    said = typed("stability", file(tmp_path, THREE), "--shares", shares)
    as_json = typed("stability", file(tmp_path, THREE), "--shares", shares, "--json")

    assert "A pays 5; alone it would be 4" in said.err
    assert "worst coalition" in said.out
    assert as_json.json["worse_than_alone"] == [{"player": "A", "share": 5, "alone": 4}]


def test_gains_are_got_not_paid(typed: Type, tmp_path: Path) -> None:
    game = {"players": ["A", "B"], "worth": {"A": 3, "B": 0, "A,B": 5}}
    shares = file(tmp_path, {"A": 2, "B": 3}, "shares.json")

    said = typed("stability", file(tmp_path, game), "--shares", shares)

    assert "A gets 2; alone it would be 3" in said.err


def test_a_table_for_people_has_fractions_and_decimals(typed: Type, tmp_path: Path) -> None:
    said = typed("claims", "random_arrival", file(tmp_path, TALMUD))

    assert "100/3" in said.out
    assert "33.333333" in said.out


@pytest.mark.parametrize(
    ("rule", "awards"),
    [
        ("talmud", [50, 75, 75]),
        ("cea", ["200/3", "200/3", "200/3"]),
        ("cel", [0, 50, 150]),
        ("random_arrival", ["100/3", "250/3", "250/3"]),
    ],
)
def test_claims_answer_in_the_same_shape(
    rule: str, awards: list[object], typed: Type, tmp_path: Path
) -> None:
    said = typed("claims", rule, file(tmp_path, TALMUD), "--json")

    assert [share["value"] for share in said.json["shares"].values()] == awards


def test_an_estate_above_all_claims_is_refused_with_both(typed: Type, tmp_path: Path) -> None:
    said = typed("claims", "cea", file(tmp_path, {**TALMUD, "estate": 601}), "--json")

    assert said.code == 1
    assert "600" in said.json["error"]["message"]
    assert "601" in said.json["error"]["message"]


@pytest.mark.parametrize(
    ("arguments", "content", "said"),
    [
        (("game", "shapley"), {"players": ["A", "B"], "cost": {"A": 1, "A,B": 2}}, "'B'"),
        (("game", "shapley"), '{"players": ["A"], "cost": {"A": NaN}}', "NaN"),
        (("game", "shapley"), "not json", "not JSON"),
        (("game", "shaply"), THREE, "did you mean 'shapley'?"),
        (("game", "owen"), {**THREE, "unions": [["A"], ["A"]]}, "'A' is in two unions"),
        (("game", "weighted-shapley"), THREE, "'A' has no figure among the 'weights'"),
        (("game", "serial"), THREE, "'demands'"),
        (("claims", "talmut"), TALMUD, "did you mean 'talmud'?"),
    ],
)
def test_one_json_object_also_on_failure(
    arguments: tuple[str, ...], content: object, said: str, typed: Type, tmp_path: Path
) -> None:
    answer = typed(*arguments, file(tmp_path, content), "--json")

    assert answer.code == 1
    assert said in answer.json["error"]["message"]


def test_a_file_that_is_not_there_or_no_text_is_named(typed: Type, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_bytes(b"\xff\xfe{")

    assert "cannot read" in typed("game", "shapley", tmp_path / "none.json").err
    assert "not UTF-8" in typed("game", "shapley", tmp_path / "bad.json").err


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_what_windows_saves_as_unicode_is_read(encoding: str, typed: Type, tmp_path: Path) -> None:
    path = tmp_path / "claims.json"
    path.write_text(json.dumps({"estate": 1, "claims": {"Đà Nẵng": 2}}), encoding)

    assert typed("claims", "cea", path, "--json").json["shares"]["Đà Nẵng"]["value"] == 1


def test_claims_that_are_none_are_answered_with_an_example(typed: Type, tmp_path: Path) -> None:
    said = typed("claims", "cea", file(tmp_path, {"estate": 1, "claims": [1, 2]}), "--json")

    assert said.json["error"]["message"].endswith('{"estate": 100, "claims": {"x": 100, "y": 200}}')


def test_a_file_beyond_all_measure_is_refused(
    typed: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("libconsortium.cli.sharing.games._MOST_BYTES", 10)

    assert "larger than 10 bytes" in typed("game", "shapley", file(tmp_path, THREE)).err


def test_a_game_may_come_on_standard_input(typed: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    content = io.TextIOWrapper(io.BytesIO(json.dumps(TALMUD).encode()))
    monkeypatch.setattr(sys, "stdin", content)

    assert typed("claims", "talmud", "-", "--json").code == 0


def weighted(weights: list[int]) -> dict[str, Any]:
    whole = sum(weights)
    return {
        "weights": {f"{at:03}": weight for at, weight in enumerate(weights)},
        "tariff": {"kind": "slab", "tiers": [[0, 9], [whole // 3, 8], [whole // 2, 7]]},
    }


def test_many_members_get_a_bound(typed: Type, tmp_path: Path) -> None:
    weights = [(11, 23, 57, 109, 203)[at % 5] for at in range(300)]
    path = file(tmp_path, weighted(weights))
    said = typed("game", "shapley", path, "--json")
    table = typed("game", "shapley", path)

    share = said.json["shares"]["000"]
    assert share["label"] == "bounded"
    assert 0 < share["bound"] < 1e-6
    values = [Fraction(one["value"]) for one in said.json["shares"].values()]
    assert abs(sum(values, -Fraction(sum(weights) * 7))) < Fraction(1, 1000)
    assert "bounded: ±" in table.out


def test_arbitrary_weights_get_an_interval(typed: Type, tmp_path: Path) -> None:
    weights = [10_000_019 + at * at * 7919 for at in range(100)]
    path = file(tmp_path, weighted(weights))
    said = typed("game", "shapley", path, "--json")

    share = said.json["shares"]["000"]
    assert share["label"] == "estimated"
    assert share["interval"][0] <= share["value"] <= share["interval"][1]
    assert "estimated: " in typed("game", "shapley", path).out


def test_stability_of_many_members_in_bands(typed: Type, tmp_path: Path) -> None:
    weights = [(1, 2, 5, 10, 20)[at % 5] for at in range(100)]
    path = file(tmp_path, weighted(weights))
    even = {f"{at:03}": weight * 7 for at, weight in enumerate(weights)}

    said = typed("stability", path, "--shares", file(tmp_path, even, "shares.json"), "--json")

    assert said.json["in_core"] is True
    assert said.json["core_is_empty"] is False


def test_a_solution_that_does_not_exist_is_a_note(typed: Type, tmp_path: Path) -> None:
    game = {"players": ["A", "B"], "worth": {"A": 5, "B": 5, "A,B": 1}}
    said = typed("game", "tau", file(tmp_path, game), "--json")
    table = typed("game", "tau", file(tmp_path, game))

    assert (said.code, said.json["shares"]) == (0, {})
    assert "quasi-balanced" in said.json["notes"][0]
    assert "quasi-balanced" in table.err
