"""Games, votes and claims of the literature come out as printed, typed as a stranger would."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from libconsortium.cli.run import run

Game = Mapping[str, object]
VOTES = "shapley-shubik"


def valued(count: int, value: Callable[[Collection[int]], float], kind: str = "worth") -> Game:
    """Write a game of the players 1, 2, 3… as a file holds it."""
    values = {
        ",".join(map(str, coalition)): value(coalition)
        for size in range(1, count + 1)
        for coalition in combinations(range(1, count + 1), size)
    }
    return {"players": list(range(1, count + 1)), kind: values}


def by_size(values: Sequence[float], kind: str = "worth") -> Game:
    """Write a game whose values are listed as most papers do: single players first, then pairs."""
    given = iter(values)
    return valued((len(values) + 1).bit_length() - 1, lambda _: next(given), kind)


def closed(count: int, made: Mapping[tuple[int, ...], int]) -> Game:
    """Write the game in which a coalition is worth the best of what it contains."""
    return valued(
        count, lambda one: max((v for part, v in made.items() if {*part} <= {*one}), default=0)
    )


def vote(quota: int, *weights: int) -> Game:
    """Write a vote."""
    return {"quota": quota, "weights": {f"voter {at}": w for at, w in enumerate(weights)}}


GLOVES = valued(3, lambda one: int(1 in one and len(one) > 1))
YOUNG = {(3, 5): 3, (1, 2, 3): 3, (1, 3, 4): 9, (2, 4, 5): 9}
INSURERS = by_size([46125, 17437.5, 5812.5, 69187.5, 53812.5, 30750, 90000])
RUNWAY = {"players": list("ABCD"), "tariff": {"needs": {"A": 8, "B": 11, "C": 13, "D": 18}}}
CREDITORS = valued(3, lambda one: max(0, 36 - sum(10 * at for at in {1, 2, 3} - {*one})))

CASES: list[tuple[str, str, Game, Sequence[object]]] = [
    # One left glove and two right ones: Shapley & Shubik, J. Polit. Economy 77 (1969) 337-360;
    # Osborne & Rubinstein, A Course in Game Theory (1994), 13.2.
    ("gloves", "shapley", GLOVES, ["2/3", "1/6", "1/6"]),
    ("gloves", "nucleolus", GLOVES, [1, 0, 0]),
    ("gloves", "tau", GLOVES, [1, 0, 0]),
    ("gloves", "least-core", GLOVES, [1, 0, 0]),
    # Shapley & Shubik, American Political Science Review 48 (1954) 787-792: the Security Council
    # of eleven, and that of fifteen since 1965 (Straffin, Game Theory and Strategy, 1993).
    ("Security Council 1954", VOTES, vote(27, *[5] * 5, *[1] * 6), ["76/385"] * 5 + ["1/462"] * 6),
    (
        "Security Council 1965",
        VOTES,
        vote(39, *[7] * 5, *[1] * 10),
        ["421/2145"] * 5 + ["4/2145"] * 10,
    ),
    # Council of the European Economic Community, 1958: Felsenthal & Machover, The Measurement of
    # Voting Power (1998), 5.3. Luxembourg never decides.
    ("EEC 1958", VOTES, vote(12, 4, 4, 4, 2, 2, 1), ["7/30"] * 3 + ["3/20"] * 2 + [0]),
    # Nassau County: Banzhaf, Rutgers Law Review 19 (1965) 317-343: three never decide.
    ("Nassau County", VOTES, vote(58, 31, 31, 28, 21, 2, 2), ["1/3"] * 3 + [0] * 3),
    # Stach, "Shapley-Shubik index", Encyclopedia of Power (2011) 603-606.
    ("Stach 2011", VOTES, vote(50, 10, 10, 20, 30), ["1/12", "1/12", "1/4", "7/12"]),
    # A runway for four: Littlechild & Owen, Management Science 20 (1973) 370-372, and for the
    # nucleolus Littlechild, International Journal of Game Theory 3 (1974) 21-29.
    ("runway", "shapley", RUNWAY, [2, 3, 4, 9]),
    ("runway", "nucleolus", RUNWAY, ["13/4", "13/4", "13/4", "33/4"]),
    # Peleg & Sudhölter, Introduction to the Theory of Cooperative Games (2007), 5.5.12: nucleolus
    # and prenucleolus differ.
    ("Peleg", "prenucleolus", by_size([0, 0, 0, 10, 0, 0, 2]), [3, 3, -4]),
    ("Peleg", "nucleolus", by_size([0, 0, 0, 10, 0, 0, 2]), [1, 1, 0]),
    # Young, International Journal of Game Theory 14 (1985) 65-72: one coalition is worth more,
    # its members 2 and 4 get less. Both cores are one point, which every centre has to find.
    *(
        (
            f"Young {model}",
            model,
            closed(5, {**YOUNG, (1, 2, 4, 5): own, (1, 2, 3, 4, 5): whole}),
            x,
        )
        for own, whole, x in ((9, 11, [0, 1, 2, 7, 1]), (12, 12, [3, 0, 0, 6, 3]))
        for model in ("nucleolus", "per-capita-nucleolus", "least-core", "weak-least-core")
    ),
    # The same paper, page 68: a cost game by complaints per head.
    (
        "Young, per head",
        "per-capita-nucleolus",
        by_size([15, 20, 55, 35, 61, 65, 78], "cost"),
        ["43/3", "113/6", "269/6"],
    ),
    # Lemaire, ASTIN Bulletin 21 (1991) 17-40: three investors.
    ("Lemaire", "shapley", INSURERS, [51750, 25875, 12375]),
    ("Lemaire", "nucleolus", INSURERS, ["52687.5", "24468.75", "12843.75"]),
    # Aumann, Games and Economic Behavior 68 (2010) 1-13, after Ibn Ezra (1146).
    (
        "Ibn Ezra",
        "shapley",
        by_size([120, 60, 40, 30, 120, 120, 120, 60, 60, 40, 120, 120, 120, 60, 120]),
        ["485/6", "125/6", "65/6", "15/2"],
    ),
    # Ferguson, Game Theory, part IV: creditors of a small company, in thousands.
    ("creditors", "shapley", CREDITORS, [6, 11, 19]),
    ("creditors", "nucleolus", CREDITORS, [5, "10.5", "20.5"]),
    # Branzei, Dimitrov & Tijs, Models in Cooperative Game Theory (2008), 3.2.
    ("buyer and seller", "tau", by_size([0, 0, 0, 0, 1, 0, 1]), ["1/2", 0, "1/2"]),
    # A taxi for three on one road, as a game of what is spent (documentation of SageMath).
    ("taxi", "shapley", by_size([6, 12, 42, 12, 42, 42, 42]), [2, 5, 35]),
    (
        "four of Sage",
        "shapley",
        valued(4, lambda one: {(1, 2, 4): 45, (1, 3, 4): 40, (1, 2, 3, 4): 65}.get((*one,), 0)),
        ["70/3", 10, "25/3", "70/3"],
    ),
    # Four players whose nucleolus gives everybody one more than the one before (CoopGame for R).
    (
        "four of CoopGame",
        "prenucleolus",
        by_size([0, 0, 0, 0, 5, 5, 8, 9, 10, 8, 13, 15, 16, 17, 21]),
        ["7/2", "9/2", "11/2", "15/2"],
    ),
    # Moulin & Shenker, Econometrica 60 (1992) 1009-1037: equal demands pay alike, none pays none.
    ("equal demands", "serial", {"demands": {"a": 1, "b": 1, "c": 3}, "cost": "q^2"}, [3, 3, 19]),
    ("no demand", "serial", {"demands": {"a": 0, "b": 1, "c": 3}, "cost": "q^2"}, [0, 2, 14]),
]


def asked(tmp_path: Path, capsys: pytest.CaptureFixture[str], *words: str, file: object) -> Any:  # noqa: ANN401 - what the command says
    path = tmp_path / "case.json"
    path.write_text(json.dumps(file), "utf-8")
    assert run([*words, str(path), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def values(said: Any) -> list[Fraction]:  # noqa: ANN401 - what the command says
    assert {share["label"] for share in said["shares"].values()} == {"exact"}
    return [Fraction(share["value"]) for share in said["shares"].values()]


@pytest.mark.parametrize(
    ("model", "game", "printed"),
    [pytest.param(*case[1:], id=f"{case[0]}, {case[1]}") for case in CASES],
)
def test_games_of_the_literature_come_out(
    model: str,
    game: Game,
    printed: Sequence[object],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = asked(tmp_path, capsys, "game", model, file=game)
    assert values(said) == [Fraction(str(share)) for share in printed]


def test_nine_states_of_1973_have_the_power_that_was_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Felsenthal & Machover (1998), 5.3, in ten-thousandths.
    states = vote(41, 10, 10, 10, 10, 5, 5, 3, 3, 2)
    shares = values(asked(tmp_path, capsys, "game", VOTES, file=states))
    assert [round(10_000 * share) for share in shares] == [1786] * 4 + [810] * 2 + [571] * 2 + [95]


def test_swedish_towns_by_complaints_per_head(
    oracles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Young, Okada & Hashimoto, Water Resources Research 18 (1982) 463-475, "weak nucleolus".
    cases = json.loads((oracles / "cost-oracles.json").read_text("utf-8"))["oracles"]
    given = next(case for case in cases if case["id"] == "sweden-shapley")["inputs"]
    towns = {
        "players": given["players"],
        "cost": {",".join(k): v for k, v in given["cost"].items()},
    }
    shares = values(asked(tmp_path, capsys, "game", "per_capita_nucleolus", file=towns))
    printed = map(Fraction, ("20.03", "12.52", "3.94", "9.07", "18.54", "19.71"))
    assert all(
        abs(share - one) < Fraction("0.011") for share, one in zip(shares, printed, strict=True)
    )


# Gallastegui, Iñarra & Prellezo, Rev. of Spanish agricultural studies (2003): seven fleets' claims
# on 13,500 tonnes of fish; O'Neill, Mathematical Social Sciences 2 (1982) 345-371, after Ibn Ezra;
# Ferguson, Game Theory, part IV; Mirás Calvo & others (2023), four claims on ten.
CLAIMS: list[tuple[str, int, list[int], Sequence[object]]] = [
    ("minimal-overlap", 120, [120, 60, 40, 30], ["485/6", "125/6", "65/6", "15/2"]),
    ("random-arrival", 36, [10, 20, 30], [6, 11, 19]),
    ("talmud", 36, [10, 20, 30], [5, "10.5", "20.5"]),
    ("proportional", 36, [10, 20, 30], [6, 12, 18]),
    ("cea", 10, [2, 4, 7, 8], [2, "8/3", "8/3", "8/3"]),
    ("cel", 10, [2, 4, 7, 8], [0, 1, 4, 5]),
    ("talmud", 10, [2, 4, 7, 8], [1, 2, "7/2", "7/2"]),
    ("piniles", 10, [2, 4, 7, 8], [1, 2, "7/2", "7/2"]),
    ("random-arrival", 10, [2, 4, 7, 8], [1, "11/6", "10/3", "23/6"]),
    ("adjusted-proportional", 10, [2, 4, 7, 8], ["20/21", "40/21", "10/3", "80/21"]),
    ("minimal-overlap", 10, [2, 4, 7, 8], ["1/2", "7/6", "11/3", "14/3"]),
    *(
        (rule, 10, [7, 8], ["9/2", "11/2"])
        for rule in ("talmud", "random-arrival", "minimal-overlap")
    ),
    *(
        (rule, estate, [0, 3, 5], awards)
        for rule in ("cea", "cel", "talmud", "random_arrival", "piniles", "minimal_overlap")
        for estate, awards in ((0, [0, 0, 0]), (8, [0, 3, 5]))
    ),
]


@pytest.mark.parametrize(("rule", "estate", "claims", "printed"), CLAIMS)
def test_claims_of_the_literature_come_out(  # noqa: PLR0913, PLR0917 - two fixtures
    rule: str,
    estate: int,
    claims: list[int],
    printed: Sequence[object],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = {"estate": estate, "claims": {f"claim {at}": one for at, one in enumerate(claims)}}
    said = asked(tmp_path, capsys, "claims", rule, file=file)
    assert values(said) == [Fraction(str(award)) for award in printed]
