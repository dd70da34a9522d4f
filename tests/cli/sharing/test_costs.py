"""Splits and their workings, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Type

BOOKS = """
[[bills]]
subscription = "books"
year = 2025
amount = "1 VND"
policy = "policies/mixed.toml"
"""
WORKED = {"dh-a": 1_038_917_293, "dh-b": 605_016_542, "dh-c": 325_425_564, "dh-d": 169_587_970}


def test_the_worked_example_comes_out_to_the_dong(typed: Type, folder: Path) -> None:
    said = typed("-C", folder, "split", "csdl-vi-du-2025", 2025, "--json")

    assert said.json["total"] == 3_564_912_281
    assert said.json["members_pay"] == 2_138_947_369
    assert said.json["shares"] == WORKED


def test_a_split_is_kept_once_however_often_it_is_made(typed: Type, folder: Path) -> None:
    first = typed("-C", folder, "split", "csdl-vi-du-2025", 2025)
    second = typed("-C", folder, "split", "csdl-vi-du-2025", 2025)

    assert "version 1" in first.err
    assert "version 1" in second.err


def test_a_dry_run_keeps_nothing(typed: Type, folder: Path) -> None:
    typed("-C", folder, "split", "csdl-vi-du-2025", 2025, "--dry-run")

    assert typed("-C", folder, "explain", "dh-a", "csdl-vi-du-2025", 2025).code == 1


def test_explain_shows_every_term(typed: Type, folder: Path) -> None:
    typed("-C", folder, "split", "csdl-vi-du-2025", 2025)

    said = typed("-C", folder, "explain", "dh-a", "csdl-vi-du-2025", 2025).out

    assert "40,000/70,000" in said
    assert "50,000/100,000" in said
    assert "48.571 %" in said
    assert "1,038,917,293" in said


def test_explain_speaks_vietnamese(typed: Type, folder: Path) -> None:
    typed("-C", folder, "split", "csdl-vi-du-2025", 2025)

    said = typed("--lang", "vi", "-C", folder, "explain", "dh-a", "csdl-vi-du-2025", 2025).out

    assert "40.000/70.000" in said
    assert "1.038.917.293" in said
    assert " pays " not in said


def test_explaining_somebody_who_pays_nothing_names_those_who_do(typed: Type, folder: Path) -> None:
    typed("-C", folder, "split", "csdl-vi-du-2025", 2025)

    said = typed("-C", folder, "explain", "dh-e", "csdl-vi-du-2025", 2025)

    assert said.code == 1
    assert "dh-a, dh-b, dh-c, dh-d" in said.err


def test_a_one_off_split_needs_no_consortium(typed: Type, tmp_path: Path) -> None:
    policy, members = tmp_path / "p.toml", tmp_path / "m.csv"
    policy.write_text('name = "Equal"\nmix = [{ weight = 100, by = "equal" }]\n', "utf-8")
    members.write_text("id\na\nb\nc\n", "utf-8")

    said = typed("split", "--policy", policy, "--members", members, "--total", "100 VND", "--json")

    assert said.json["shares"] == {"a": 34, "b": 33, "c": 33}


def test_a_typo_in_a_policy_is_named_with_its_line(typed: Type, tmp_path: Path) -> None:
    policy, members = tmp_path / "p.toml", tmp_path / "m.csv"
    policy.write_text('name = "Equal"\nmix = [{ weight = 100, by = "equl" }]\n', "utf-8")
    members.write_text("id\na\n", "utf-8")

    said = typed("split", "--policy", policy, "--members", members, "--total", "100 VND", "--json")

    assert said.code == 1
    assert "p.toml:2" in said.json["error"]["message"]
    assert "did you mean 'equal'?" in said.json["error"]["message"]


def test_a_missing_figure_names_the_library(typed: Type, folder: Path) -> None:
    more = folder / "participations.csv"
    more.write_text("subscription,member\ncsdl-vi-du-2025,dh-x\n", "utf-8")
    (folder / "libraries.csv").write_text("id,name\ndh-x,X\n", "utf-8")
    (folder / "memberships.csv").write_text("member,federation\ndh-x,vi-du\n", "utf-8")
    typed("-C", folder, "load", more, folder / "libraries.csv", folder / "memberships.csv")

    said = typed("-C", folder, "split", "csdl-vi-du-2025", 2025)

    assert said.code == 1
    assert "'dh-x'" in said.err


def test_an_unknown_bill_names_those_there_are(typed: Type, folder: Path) -> None:
    said = typed("-C", folder, "split", "journals", 2025)

    assert said.code == 1
    assert "csdl-vi-du-2025 2025" in said.err


def test_reports_are_written_and_the_same_twice(typed: Type, folder: Path, tmp_path: Path) -> None:
    typed("-C", folder, "split", "csdl-vi-du-2025", 2025)
    asked = ("-C", folder, "report", "split", "csdl-vi-du-2025", 2025, "--json", "--format")

    for kind in ("xlsx", "html", "csv"):
        one, other = tmp_path / f"1.{kind}", tmp_path / f"2.{kind}"
        assert typed(*asked, kind, "--into", one).json["written"] == str(one)
        typed(*asked, kind, "--into", other)

        assert one.read_bytes() == other.read_bytes()


def test_a_report_that_cannot_write_a_kind_says_what_it_can(typed: Type, folder: Path) -> None:
    typed("-C", folder, "split", "csdl-vi-du-2025", 2025)

    said = typed("-C", folder, "report", "summary", "csdl-vi-du-2025", 2025, "--format", "xlsx")

    assert said.code == 1
    assert "split" in said.err or "union catalogue" in said.err


def test_the_doctor_is_content_with_the_example(typed: Type, folder: Path) -> None:
    said = typed("-C", folder, "doctor", "--json")

    assert said.code == 0, json.dumps(said.json, indent=1)
    assert any("can be split" in check["said"] for check in said.json["checks"])


def test_the_doctor_finds_a_wrong_setting(typed: Type, folder: Path) -> None:
    (folder / "consortium.toml").write_text("[consortium]\nnam = 1\n", "utf-8")

    said = typed("-C", folder, "doctor")

    assert said.code == 1
    assert "consortium.toml:2" in said.out


def test_a_bill_without_its_subscription_names_the_table_to_fill(typed: Type, folder: Path) -> None:
    settings = folder / "consortium.toml"
    settings.write_text(settings.read_text("utf-8") + BOOKS, "utf-8")

    said = typed("-C", folder, "split", "books", 2025)

    assert "'subscriptions'" in said.err


def test_explaining_a_misspelt_library_suggests_the_nearest(typed: Type, folder: Path) -> None:
    typed("-C", folder, "split", "csdl-vi-du-2025", 2025)

    said = typed("-C", folder, "explain", "dha", "csdl-vi-du-2025", 2025)

    assert "did you mean 'dh-a'?" in said.err


def test_a_summary_without_a_catalogue_reports_what_there_is(typed: Type, folder: Path) -> None:
    typed("-C", folder, "split", "csdl-vi-du-2025", 2025)

    said = typed("-C", folder, "report", "summary", "csdl-vi-du-2025", 2025)

    assert said.code == 0
    assert "1,038,917,293" in (folder / "reports/summary-csdl-vi-du-2025-2025.html").read_text(
        "utf-8"
    )


# ---------------------------------------------------------------- federations and months

NESTED = """
[[federations]]
id = "mien-bac"
name = "Phía Bắc (hư cấu)"

[[memberships]]
member = "mien-bac"
federation = "vi-du"

[[memberships]]
member = "dh-a"
federation = "mien-bac"

[[memberships]]
member = "dh-b"
federation = "mien-bac"
"""


def test_what_federations_pay_adds_up_at_each_level(typed: Type, folder: Path) -> None:
    (folder / "nested.toml").write_text(NESTED, "utf-8")
    assert typed("-C", folder, "load", folder / "nested.toml").code == 0
    asked = ("-C", folder, "split", "csdl-vi-du-2025", 2025, "--by-federation")

    said, shown = typed(*asked, "--json"), typed(*asked).out

    levels = said.json["levels"]
    north = next(one for one in levels["inside"] if one["id"] == "mien-bac")
    assert levels["amount"] == said.json["members_pay"]
    assert [one["id"] for one in levels["inside"]] == ["dh-c", "dh-d", "mien-bac"]
    assert north["amount"] == WORKED["dh-a"] + WORKED["dh-b"]
    assert "  Phía Bắc (hư cấu): ₫1,643,933,835\n" in shown
    page = folder / "page.html"
    assert typed("-C", folder, "report", "split", "csdl-vi-du-2025", 2025, "--into", page).code == 0
    assert "What is paid, federation by federation" in page.read_text("utf-8")


def test_a_one_off_bill_is_added_up_by_stratum(typed: Type, tmp_path: Path) -> None:
    policy, members = tmp_path / "p.toml", tmp_path / "m.csv"
    policy.write_text('name = "x"\nmix = [{ weight = 100, by = "equal" }]\n', "utf-8")
    members.write_text("id,stratum\na,scls/madison\nb,scls\nc,\n", "utf-8")
    asked = ("split", "--policy", policy, "--members", members, "--total", "10 VND")

    assert typed(*asked, "--by-federation").out.splitlines()[-5:] == [
        "  c: ₫3",
        "  scls: ₫7",
        "    b: ₫3",
        "    madison: ₫4",
        "      a: ₫4",
    ]


MONTHLY = """
name = "By usage, of the months of membership"
mix = [{ weight = 100, by = "usage" }]
sponsor = { pays = "40%" }

[drivers.usage]
measure = "counter.Unique_Item_Requests"
months = "of membership"
"""


def test_usage_of_the_store_counts_in_the_months_of_membership_only(
    typed: Type, folder: Path
) -> None:
    used = [("dh-a", "04", 10), ("dh-a", "05", 30), ("dh-b", "04", 90), ("dh-b", "05", 10)]
    rows = [f"{who},counter.Unique_Item_Requests,2025-{month},{n}" for who, month, n in used]
    rows += [f"{who},counter.Unique_Item_Requests,2025-05,0" for who in ("dh-c", "dh-d")]
    (folder / "measures.csv").write_text("\n".join(["library,name,period,value", *rows]), "utf-8")
    (folder / "policies" / "mixed.toml").write_text(MONTHLY, "utf-8")
    assert typed("-C", folder, "load", folder / "measures.csv").code == 0
    split = ("-C", folder, "split", "csdl-vi-du-2025", 2025, "--dry-run", "--json")
    assert typed(*split).json["parts"]["dh-a"] == "2/7"

    (facts,) = (folder / "facts").glob("*.toml")
    joined = 'member = "dh-b"\nfederation = "vi-du"\n'
    text = facts.read_text("utf-8")
    assert text.count(joined) == 1
    facts.write_text(text.replace(joined, f"{joined}valid_from = 2025-05-01\n"), "utf-8")
    files = (facts, folder / "measures.csv")
    assert typed("-C", folder, "load", *files, "--removing").code == 0

    assert typed(*split).json["parts"]["dh-a"] == "4/5"
