"""Splits and their workings, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import Type

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
