"""A policy file is read as it is meant, or every fault is named with its line."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from libconsortium import (
    Money,
    Registry,
    SettingsError,
    check_policy,
    read_members,
    read_policy,
    split,
)

REPOSITORY = Path(__file__).resolve().parents[2]
EXAMPLES = REPOSITORY / "policies" / "examples"

GOOD = """\
name = "20/50/30"
source = "Resolution 3"
version = "2026"

[drivers]
fte = { measure = "fte", mean_of_years = 3 }
usage = { measure = "counter.Unique_Item_Requests", months = "of membership" }

[sponsor]
pays = "40%"
by = "proportional"

[[mix]]
weight = 20
by = "equal"
[[mix]]
weight = 50
by = "fte"
[[mix]]
weight = 30
by = "usage"

[limits]
rise = "15%"
fall = 0.1
floor = "5000000 VND"
ceiling = "900000000 VND"
standalone = true
absorber = "sponsor"

[rounding]
unit = 1000
remainder = "sponsor"
"""

BAD_PACKAGE = """\
[mix.parameters.tariff]
packages = { x = { price = "a", takers = ["b"] } }
tree = { r = { price = 1, members = ["b"] } }
needs = { b = 1 }
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "p.toml"


def faults(file: Path, text: str) -> list[str]:
    file.write_text(text, encoding="utf-8")
    return [str(problem).removeprefix(f"{file}:") for problem in check_policy(file, Registry())]


def test_every_part_of_a_policy_is_read(file: Path) -> None:
    file.write_text(GOOD, encoding="utf-8")

    policy = read_policy(file)

    assert policy.parts() == (
        ("equal", Fraction(1, 5)),
        ("fte", Fraction(1, 2)),
        ("usage", Fraction(3, 10)),
    )
    assert policy.sponsor is not None
    assert policy.sponsor.pays == Fraction(2, 5)
    assert policy.drivers["fte"].mean_of_years == 3
    assert policy.limits is not None
    assert (policy.limits.rise, policy.limits.fall) == (Fraction(3, 20), Fraction(1, 10))
    assert policy.limits.floor == Money(5_000_000, "VND")
    assert policy.rounding.unit == 1000


def test_a_good_policy_has_no_faults(file: Path) -> None:
    assert faults(file, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "20/50/30"', "name = 3", "1: name: expected a text in quotes, got 3"),
        ("source =", "sorce =", "2: sorce: unknown key; did you mean 'source'?"),
        ("mean_of_years = 3", "mean_of_years = 0", "6: drivers.fte.mean_of_years: a mean needs"),
        (
            "mean_of_years = 3",
            'mean_of_years = "3"',
            "6: drivers.fte.mean_of_years: expected a whole",
        ),
        ('pays = "40%"', 'pays = "140%"', "10: sponsor.pays: expected a part"),
        ('by = "proportional"', 'by = "cae"', "11: sponsor.by: no claims rule called 'cae'; did"),
        ("weight = 20", "weight = 25", "13: mix: the weights of the mix add up to 105"),
        ("weight = 20", 'weight = "many"', "14: mix[0].weight: cannot read 'many'"),
        (
            'by = "equal"',
            'by = "equl"',
            "15: mix[0].by: no cost model or driver called 'equl'; did",
        ),
        (
            'by = "fte"\n',
            'by = "xyz"\n',
            "18: mix[1].by: no cost model or driver called 'xyz'; a driver is named first",
        ),
        ('by = "usage"\n', "", "19: mix[2].by: missing"),
        ('rise = "15%"', 'rise = "-1%"', "24: limits.rise: a rise cannot be negative"),
        ('"5000000 VND"', "5000000", "26: limits.floor: expected an amount with its currency"),
        ('"5000000 VND"', '"5 VNX"', "26: limits.floor: unknown currency 'VNX'"),
        (
            "standalone = true",
            'standalone = "yes"',
            "28: limits.standalone: expected true or false",
        ),
        ("unit = 1000", "unit = 0", "32: rounding.unit: the rounding unit is at least 1"),
        ('remainder = "sponsor"', "", "32: rounding.unit: a rounding unit of 1000 leaves"),
        ("weight = 20", "weight = inf", "14: mix[0].weight: cannot read 'Infinity' as an exact"),
        ('"5000000 VND"', '"950000000 VND"', "26: limits.floor: the floor"),
        ('"5000000 VND"', '"5000000 USD"', "26: limits.floor: the floor"),
        (
            'by = "equal"',
            'by = "shapley"\nparameters = { tariff = { kind = "slabb", tiers = [[0, 10]] } }',
            "16: mix[0].parameters: the tariff's kind of tiers is 'slabb'",
        ),
        (
            'by = "equal"',
            'by = "shapley"\nparameters = { driver = "ftee", tariff = { tiers = [[0, 10]] } }',
            "16: mix[0].parameters.driver: no driver called 'ftee'; did you mean 'fte'?",
        ),
        (
            'by = "equal"',
            'by = "tau"',
            "13: mix[0].parameters: a game needs the parameter 'tariff'",
        ),
        (
            'by = "equal"',
            f'by = "owen"\n{BAD_PACKAGE}',
            "16: mix[0].parameters: 'packages.x.price' is not a number",
        ),
        ("fte = {", "equal = { }\nfte = {", "6: drivers.equal: 'equal' is a cost model; call"),
    ],
)
def test_a_fault_is_named_with_its_line_and_field(
    file: Path, old: str, new: str, said: str
) -> None:
    found = faults(file, GOOD.replace(old, new))

    assert len(found) == 1
    assert found[0].startswith(said)


def test_all_faults_come_together_in_the_order_of_the_lines(file: Path) -> None:
    found = faults(
        file, GOOD.replace("name =", "nme =").replace("true", "1").replace("[limits]", "[limit]")
    )

    assert [one.split(":")[0] for one in found] == ["1", "1", "23"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('name = "x"\nmix = [3]', "2: mix[0]: expected a table, got 3"),
        ('name = "x"\nmix = 3', "2: mix: not what is expected here"),
        ('name = "x"\nmix = []\nlimits = "x"', "3: limits: expected a table, got 'x'"),
    ],
)
def test_something_else_than_a_table_is_named(file: Path, text: str, said: str) -> None:
    assert any(one.startswith(said) for one in faults(file, text))


def test_the_error_of_a_bad_policy_names_every_place(file: Path) -> None:
    file.write_text(GOOD.replace('"equal"', '"equl"').replace('"fte"\n', '"ftee"\n'), "utf-8")

    with pytest.raises(SettingsError, match=r"p\.toml:15: mix\[0\]\.by.*p\.toml:18: mix\[1\]\.by"):
        read_policy(file)


def test_a_hyphen_in_a_models_name_may_be_an_underscore(file: Path) -> None:
    assert faults(file, 'name = "x"\nmix = [{ weight = 1, by = "no_such" }]')
    assert not faults(file, 'name = "x"\nmix = [{ weight = 1, by = "equal" }]')


# ---------------------------------------------------------------- the examples


def test_the_worked_example_comes_out_of_its_files() -> None:
    policy = read_policy(EXAMPLES / "vietnam-worked-example.toml")
    table = read_members(EXAMPLES / "vietnam-worked-example.csv", "VND")

    done = split(Money.parse("3564912281 VND"), table.members, table.drivers, policy)

    assert table.problems == ()
    assert {member: share.amount.minor for member, share in done.shares.items()} == {
        "dh-a": 1_038_917_293,
        "dh-b": 605_016_542,
        "dh-c": 325_425_564,
        "dh-d": 169_587_970,
    }
    assert sum(quote.minor for quote in table.standalone.values()) == 5_000_000_000


def test_the_orbis_example_keeps_its_principle() -> None:
    policy = read_policy(EXAMPLES / "orbis-1998.toml")
    figures = {"fte": {"a": 900, "b": 100}, "budget": {"a": 500, "b": 500}}
    alone = {"a": Money(900, "USD"), "b": Money(200, "USD")}

    done = split(Money(1000, "USD"), "ab", figures, policy, standalone=alone)

    assert {member: share.amount.minor for member, share in done.shares.items()} == {
        "a": 800,
        "b": 200,
    }
