"""Policies are checked and read aloud on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Type

EXAMPLES = Path(__file__).resolve().parents[3] / "policies" / "examples"

BAD = """\
name = "Bad"
remainder = "reserve"

[drivers.dues]
bands = [
  { at_least = 0, at_most = 10, gives = 1 },
  { at_least = 20, at_most = 30, gives = 2 },
  { at_least = 25, gives = 3 },
]

[[fees]]
name = "dues"
rate = "1 USD"
of   = "duess"
"""


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    file = tmp_path / "bad.toml"
    file.write_text(BAD, "utf-8")
    return file


def test_a_good_policy_is_right(typed: Type) -> None:
    said = typed("policy", "check", EXAMPLES / "nekls.toml")

    assert said.code == 0
    assert "nothing is wrong" in said.err


def test_gaps_and_overlaps_of_bands_are_named_with_their_lines(typed: Type, bad: Path) -> None:
    said = typed("policy", "check", bad)

    assert said.code == 1
    assert f"{bad}:7: drivers.dues.bands[1].at_least: no band from 11 to below 20" in said.err
    assert f"{bad}:8: drivers.dues.bands[2].at_least: this band begins at 25, inside" in said.err


def test_a_misspelt_driver_is_named_with_the_nearest(typed: Type, bad: Path) -> None:
    bad.write_text(BAD.replace("20, at_most = 30", "11, at_most = 24"), "utf-8")

    said = typed("policy", "check", bad, "--json")

    assert (said.code, said.json["ok"]) == (1, False)
    assert said.json["schema"] == 1
    (problem,) = said.json["problems"]
    assert (problem["line"], problem["field"]) == (14, "fees[0].of")
    assert "did you mean 'dues'" in problem["what"]


def test_a_file_that_is_not_there_is_an_error_also_in_json(typed: Type, tmp_path: Path) -> None:
    said = typed("policy", "check", tmp_path / "none.toml", "--json")

    assert said.code == 1
    assert said.json["schema"] == 1


def test_a_policy_is_read_aloud(typed: Type) -> None:
    said = typed("policy", "show", EXAMPLES / "texshare.toml")

    assert "The groups share first: academic 75 %, public 25 %." in said.out.replace("\xa0", " ")
    assert "Nobody pays more than 10 % of its budget." in said.out.replace("\xa0", " ")


def test_a_policy_is_read_aloud_to_programs(typed: Type) -> None:
    said = typed("policy", "show", EXAMPLES / "equal.toml", "--json")

    assert said.json["sentences"][0] == "Everybody pays the same"


def test_a_one_off_bill_may_have_a_year(typed: Type) -> None:
    given = ("--policy", EXAMPLES / "viva.toml", "--members", EXAMPLES / "viva.csv")

    said = typed("split", *given, "--total", "1000 USD", "--year", 2018, "--json")

    assert said.json["sponsor"] == 46_000


def test_a_missing_figure_is_told_beside_the_error(typed: Type, tmp_path: Path) -> None:
    members = tmp_path / "m.csv"
    members.write_text("id,fte,usage\na,1,2\nb,,3\n", "utf-8")
    given = ("--policy", EXAMPLES / "vietnam-worked-example.toml", "--members", members)

    said = typed("split", *given, "--total", "1000 VND")

    assert said.code == 1
    assert "b: fte: no figure for 'fte'" in said.err
    assert "the member 'b' has no figure for 'fte'" in said.err
