"""A year on the command line: comparing, supposing, statements, approvals, adjustments."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from libconsortium import Consortium
from tests.cli.conftest import BILL as QUOTED_BILL
from tests.cli.conftest import POLICY, Type

pytestmark = pytest.mark.slow

BILL = """
fees = "2000000 VND"
due = [{ on = 2025-03-31, part = "50%" }, { on = 2025-06-30, part = "50%" }]
settlement_due = 2026-01-31

[bills.settlement]
exchange = { quoted = "USD", paid = "VND", rate = 25650, on = 2025-04-10, source = "invented" }
"""
SUBSCRIPTION = "csdl-vi-du-2025"
EQUAL = 'name = "Equal"\nmix = [{ weight = 100, by = "equal" }]\nsponsor = { pays = "40%" }\n'
MEMBERS = """id,name,fte,usage,standalone
dh-a,A,40000,50000,2400000000
dh-b,B,20000,30000,1500000000
dh-c,C,8000,15000,950000000
dh-d,D,2000,5000,150000000
"""
TOTAL = "3564912281 VND"


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Return the files of the one-off bill."""
    texts = {"mixed.toml": POLICY, "equal.toml": EQUAL, "members.csv": MEMBERS}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, "utf-8")
    return {name.partition(".")[0]: tmp_path / name for name in texts}


@pytest.fixture
def office(typed: Type, folder: Path) -> Path:
    """Return a consortium whose bill has fees, days to pay and a settlement."""
    settings = folder / "consortium.toml"
    settings.write_text(settings.read_text("utf-8") + BILL, "utf-8")
    (folder / "policies" / "equal.toml").write_text(EQUAL, "utf-8")
    assert typed("-C", folder, "split", SUBSCRIPTION, 2025).code == 0
    return folder


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Say what day it is; the first of the list."""
    days = [datetime(2025, 1, 20, tzinfo=UTC)]
    opened = Consortium.open

    def open_then(*given: Any, **more: Any) -> Consortium:
        consortium = opened(*given, **more)
        consortium.clock = lambda: days[0]
        return consortium

    monkeypatch.setattr(Consortium, "open", open_then)
    return days


# ---------------------------------------------------------------- compare


def test_two_policies_are_compared_from_files(typed: Type, files: dict[str, Path]) -> None:
    policies = ("--policy", files["mixed"], "--policy", files["equal"])

    said = typed("compare", *policies, "--members", files["members"], "--total", TOTAL, "--json")

    mixed, equal = said.json["policies"]
    assert mixed["shares"]["dh-a"] == 1_038_917_293
    assert equal["against_first"]["dh-d"] == 365_148_872
    assert equal["losers"] == ["dh-c", "dh-d"]
    assert mixed["above_alone"] == ["dh-d"]
    assert mixed["saving"] == {"by_joining": 1_435_087_719, "sponsor_relief": 1_425_964_912}


def test_the_table_says_what_is_no_saving(typed: Type, files: dict[str, Path]) -> None:
    policies = ("--policy", files["mixed"], "--policy", files["equal"])

    said = typed("compare", *policies, "--members", files["members"], "--total", TOTAL).out

    assert "+₫365,148,872" in said
    assert "equal: 2 pay less than by mixed, 2 pay more" in said
    assert "saved by joining ₫1,435,087,719; not a saving: the sponsor's ₫1,425,964,912" in said


def test_a_policy_that_cannot_be_kept_is_said(typed: Type, files: dict[str, Path]) -> None:
    held = files["mixed"].with_name("held.toml")
    held.write_text(f'{POLICY}\nlimits = {{ ceiling = "1000 VND" }}\n', "utf-8")
    asked = ("--policy", files["mixed"], "--policy", held, "--members", files["members"])

    said = typed("compare", *asked, "--total", TOTAL)

    assert said.code == 0
    assert "held: infeasible" in said.out


def test_a_bill_of_the_consortium_is_compared_and_written(
    typed: Type, office: Path, tmp_path: Path
) -> None:
    asked = ("-C", office, "compare", SUBSCRIPTION, 2025)
    policies = (
        "--policy",
        office / "policies/mixed.toml",
        "--policy",
        office / "policies/equal.toml",
    )

    for suffix in ("html", "xlsx", "csv", "json"):
        one, other = tmp_path / f"1.{suffix}", tmp_path / f"2.{suffix}"
        assert typed(*asked, *policies, "--into", one).code == 0
        typed(*asked, *policies, "--into", other)
        assert one.read_bytes() == other.read_bytes()
    assert "Gini" in typed(*asked).out


@pytest.mark.parametrize(
    "wrong",
    [
        ("compare",),
        ("compare", "journals"),
        ("compare", "journals", 2025, "--total", "1 VND"),
        ("what-if",),
        ("what-if", "journals"),
        ("what-if", "--policy", "p.toml", "--total", "1 VND"),
        ("what-if", "--policy", "p.toml", "--total", "1 VND", "--others", 3),
        ("glide", "--sponsor", "40%"),
        ("glide", "journals", "--sponsor", "40%"),
    ],
)
def test_what_is_missing_on_the_command_line_is_said(
    typed: Type, wrong: tuple[object, ...]
) -> None:
    assert typed(*wrong).code == 2


# ---------------------------------------------------------------- what-if


def test_an_observer_sees_what_its_joining_does(typed: Type, office: Path) -> None:
    asked = ("-C", office, "what-if", SUBSCRIPTION, 2025, "--join", "dh-e", "--on", "2025-07-01")

    said = typed(*asked, "--json").json

    assert said["members"]["dh-e"]["after"] == 223_098_221
    assert said["joining"] == {"dh-e": 112_465_953}
    assert said["estimates"] == [{"member": "dh-e", "figure": "usage", "value": "~ 9000"}]
    assert "an estimate: usage of dh-e is only about right" in typed(*asked).out


def test_the_worked_numbers_come_out_from_files(typed: Type, files: dict[str, Path]) -> None:
    joins = "dh-e:fte=6000,usage=9000,standalone=480000000 VND"
    asked = ("what-if", "--policy", files["mixed"], "--members", files["members"])

    said = typed(*asked, "--total", TOTAL, "--join", joins, "--on", "2026-07-01", "--json").json

    differences = {member: one["difference"] for member, one in said["members"].items()}
    assert differences == {
        "dh-a": -96_127_956,
        "dh-b": -61_407_871,
        "dh-c": -38_986_325,
        "dh-d": -26_450_976,
        "dh-e": 222_973_128,
    }
    assert said["joining"] == {"dh-e": 112_402_892}
    assert said["saving"]["after"]["by_joining"] == 1_915_087_719


def test_suppositions_can_be_combined(typed: Type, files: dict[str, Path], tmp_path: Path) -> None:
    asked = ("what-if", "--policy", files["mixed"], "--members", files["members"])
    items = ("--item", "journals=3000000000 VND", "--item", "books=564912281 VND")
    changes = ("--drop", "books", "--price", "-3%", "--fx", "10%", "--sponsor-points=-10")
    more = ("--leave", "dh-d", "--adopt", files["equal"])

    said = typed(*asked, *items, *changes, *more, "--into", tmp_path / "w.html")

    assert said.code == 0
    assert "₫3,201,000,000" in said.out
    assert (tmp_path / "w.html").read_text("utf-8").count("<svg") == 1
    sponsor = typed(*asked, *items, "--sponsor", "1000000000 VND", "--json").json["sponsor"]
    assert sponsor["after"] == 1_000_000_000


def test_an_observer_needs_nobody_s_figures(typed: Type, files: dict[str, Path]) -> None:
    public = ("--others", 4, "--sum", "fte=70000", "--sum", "usage=100000")
    joins = "dh-e:fte=6000,usage=9000,standalone=480000000 VND"
    asked = ("what-if", "--policy", files["mixed"], "--total", TOTAL, *public, "--join", joins)

    said = typed(*asked, "--on", "2026-07-01", "--json").json

    assert (said["amount"], said["label"]) == (222_973_128, "exact")
    assert (said["from_the_day"], said["saves"]) == (112_402_892, 257_026_872)
    assert "it saves ₫257,026,872" in typed(*asked, "--on", "2026-07-01").out


def test_an_estimate_says_why(typed: Type, files: dict[str, Path]) -> None:
    held = files["mixed"].with_name("held.toml")
    held.write_text(f"{POLICY}\nlimits = {{ standalone = true }}\n", "utf-8")
    asked = ("what-if", "--policy", held, "--total", TOTAL, "--others", 4, "--sum", "fte=1")

    said = typed(*asked, "--sum", "usage=1", "--join", "x:fte=1,usage=1")

    assert "an estimate: limits are left out" in said.out


def test_a_supposition_that_cannot_be_read_is_refused(typed: Type, files: dict[str, Path]) -> None:
    asked = ("what-if", "--policy", files["mixed"], "--members", files["members"])

    said = typed(*asked, "--total", TOTAL, "--join", "dh-e:fte", "--json")

    assert said.code == 1
    assert "expected NAME=VALUE" in said.json["error"]["message"]


# ---------------------------------------------------------------- glide


def test_the_first_year_that_cannot_be_paid_is_named(typed: Type, files: dict[str, Path]) -> None:
    asked = ("glide", "--policy", files["mixed"], "--members", files["members"], "--total", TOTAL)
    path = ("--year", 2026, "--sponsor", "40%,30%", "--sponsor", "20%", "--rise", "15%")

    said = typed(*asked, *path, "--json").json

    assert said["first_infeasible"] == 2027
    assert said["years"][1]["shortfall"] == 35_649_123
    assert said["years"][1]["members_pay"] == 2_495_438_597
    text = typed(*asked, *path).out
    assert "16.67 %" in text
    assert "the first year that cannot be paid: 2027" in text


def test_a_price_may_rise_on_the_way(typed: Type, office: Path, tmp_path: Path) -> None:
    asked = ("-C", office, "glide", SUBSCRIPTION, 2025, "--sponsor", "40%,30%,20%")
    prices = ("--price-rise", "3%", "--price-cap", "5%", "--quote", "2026=9000000000 VND")

    said = typed(*asked, *prices, "--into", tmp_path / "g.html", "--json").json

    assert [one["total"] for one in said["years"]] == [3_566_912_281, 3_745_257_895, 3_857_615_632]
    assert said["first_infeasible"] is None
    assert (tmp_path / "g.html").exists()
    assert "every year can be paid" in typed(*asked).out


# ---------------------------------------------------------------- statements


def test_a_statement_for_each_member_the_same_twice(
    typed: Type, office: Path, tmp_path: Path
) -> None:
    asked = ("-C", office, "statement", SUBSCRIPTION, 2025, "--json")

    for form in ("pdf", "html", "json"):
        first = typed(*asked, "--format", form, "--into", tmp_path / "1").json["written"]
        second = typed(*asked, "--format", form, "--into", tmp_path / "2").json["written"]
        assert len(first) == 4
        for one, other in zip(first, second, strict=True):
            assert Path(one).read_bytes() == Path(other).read_bytes()


def test_ids_with_letters_that_lead_elsewhere_stay_in_the_folder(
    typed: Type, tmp_path: Path
) -> None:
    home, into = tmp_path / "home", tmp_path / "new" / "statements"
    assert typed("init", home, "--preset", "demo").code == 0
    (home / "policies" / "mixed.toml").write_text(POLICY, "utf-8")
    settings = home / "consortium.toml"
    settings.write_text(settings.read_text("utf-8") + QUOTED_BILL + BILL, "utf-8")
    facts = home / "facts" / "demo.toml"
    facts.write_text(facts.read_text("utf-8").replace('"dh-a"', '"../../../VN-A"'), "utf-8")
    assert typed("-C", home, "load", facts).code == 0
    assert typed("-C", home, "split", SUBSCRIPTION, 2025).code == 0

    said = typed("-C", home, "statement", SUBSCRIPTION, 2025, "--into", into, "--format", "json")

    assert said.code == 0
    assert {one.parent for one in tmp_path.rglob("*VN-A.json")} == {into}


def test_a_draft_says_so_until_somebody_else_approves(
    typed: Type, office: Path, today: list[datetime]
) -> None:
    ask = ("-C", office, "statement", SUBSCRIPTION, 2025)
    approve = ("-C", office, "approve", SUBSCRIPTION, 2025, "--author", "accountant")
    assert "not approved: a draft" in typed(*ask).out

    own = typed(*approve, "--approver", "Accountant")
    other = typed(*approve, "--approver", "chair", "--json")

    assert own.code == 1
    assert other.json["on"] == "2025-01-20"
    assert "approved on 2025-01-20 by chair" in typed(*ask).out
    assert typed(*ask, "--json").json["approved"]["approver"] == "chair"


def test_a_member_without_a_statement_is_told_who_has_one(typed: Type, office: Path) -> None:
    said = typed("-C", office, "statement", SUBSCRIPTION, 2025, "dh-x")

    assert said.code == 1
    assert "dh-a, dh-b" in said.err


def test_a_year_is_closed_and_only_dated_entries_change_it(
    typed: Type, office: Path, today: list[datetime]
) -> None:
    approve = ("-C", office, "approve", SUBSCRIPTION, 2025, "--author", "a", "--approver", "b")
    assert typed(*approve).code == 0
    today[0] = datetime(2026, 1, 15, tzinfo=UTC)
    assert typed(*approve, "--phase", "settlement").code == 0

    again = typed("-C", office, "split", SUBSCRIPTION, 2025)
    twice = typed(*approve, "--phase", "settlement")

    assert again.code == twice.code == 1
    assert "was closed on 2026-01-15" in again.err
    today[0] = datetime(2026, 2, 2, tzinfo=UTC)
    appeal = ("--kind", "appeal", "--amount", "5000000 VND", "--entry", "9")
    entered = typed("-C", office, "adjust", SUBSCRIPTION, 2025, "dh-c", *appeal, "--json")
    assert entered.json["decided_on"] == "2026-02-02"
    settled = typed(
        "-C", office, "statement", SUBSCRIPTION, 2025, "--phase", "settlement", "--json"
    )
    assert settled.json["approved"]["on"] == "2026-01-15"
    assert settled.json["statements"]["dh-c"]["lines"][-1]["amount"] == -5_000_000
    (office / "consortium.toml").write_text(
        (office / "consortium.toml").read_text("utf-8").replace("25650", "25700"), "utf-8"
    )
    changed = typed("-C", office, "statement", SUBSCRIPTION, 2025, "--phase", "settlement")
    assert "with other figures" in changed.err


def test_a_joiner_and_a_leaver_are_entered(typed: Type, office: Path) -> None:
    asked = ("-C", office, "adjust", SUBSCRIPTION, 2025)
    joins = ("dh-e", "--kind", "join", "--on", "2025-07-01", "--figures", "fte=6000,usage=9000")
    leaves = ("dh-d", "--kind", "leave", "--on", "2025-06-30", "--by", "quarter")

    joined = typed(*asked, *joins, "--entry", "1", "--json").json["adjustments"]
    left = typed(*asked, *leaves, "--entry", "2", "--party", "reserve")

    assert joined["dh-e"] == 112_465_953
    assert sum(joined.values()) == 0
    assert "reserve" in left.out
    told = typed("-C", office, "statement", SUBSCRIPTION, 2025, "dh-e", "--json").json
    assert told["statements"]["dh-e"]["total"] == 112_465_953


def test_an_entry_is_entered_once_and_completely(typed: Type, office: Path) -> None:
    asked = ("-C", office, "adjust", SUBSCRIPTION, 2025, "dh-c", "--entry", "1", "--kind")

    assert typed(*asked, "appeal").code == 2
    assert typed(*asked, "join").code == 2
    dry = typed(*asked, "appeal", "--amount", "5 VND", "--dry-run")
    kept = typed(*asked, "appeal", "--amount", "5 VND")
    twice = typed(*asked, "appeal", "--amount", "5 VND")
    assert (dry.code, kept.code, twice.code) == (0, 0, 1)
    assert "already" in twice.err


def test_an_exact_figure_is_needed_before_it_decides(typed: Type, office: Path) -> None:
    asked = ("-C", office, "adjust", SUBSCRIPTION, 2025, "dh-e", "--kind", "join", "--entry", "1")

    assert "only approximate" in typed(*asked, "--on", "2025-07-01").err


def test_two_bills_are_looked_at_together(typed: Type, office: Path) -> None:
    settings = office / "consortium.toml"
    text = settings.read_text("utf-8") + '\n[[bills]]\nsubscription = "sach"\nyear = 2025\n'
    settings.write_text(f'{text}policy = "policies/equal.toml"\namount = "400 VND"\n', "utf-8")
    rows = {
        "subscriptions": "id,resource,federation\nsach,sach,vi-du\n",
        "participations": "subscription,member\nsach,dh-a\nsach,dh-b\n",
    }
    for name, lines in rows.items():
        (office / f"{name}.csv").write_text(lines, "utf-8")
        assert typed("-C", office, "load", office / f"{name}.csv").code == 0

    asked = ("-C", office, "what-if", SUBSCRIPTION, 2025, "--with", "sach", "--drop", "sach")
    said = typed(*asked, "--json").json

    assert said["members"]["dh-a"]["difference"] == -120
    assert said["members"]["dh-c"]["difference"] == 0
    assert json.dumps(said["saving"]["before"]) == "null"
