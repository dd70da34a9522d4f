"""The account book on the command line: issued, paid, owed, turned round."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from libconsortium import Consortium
from tests.cli.conftest import Type

pytestmark = pytest.mark.slow

DUE = """
due = [{ on = 2025-03-31, part = "50%" }, { on = 2025-06-30, part = "50%" }]
"""
SUBSCRIPTION = "csdl-vi-du-2025"


@pytest.fixture
def office(typed: Type, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a consortium whose notices are approved; it is the first of May."""
    opened = Consortium.open

    def open_then(*given: Any, **more: Any) -> Consortium:
        consortium = opened(*given, **more)
        consortium.clock = lambda: datetime(2025, 5, 1, tzinfo=UTC)
        return consortium

    monkeypatch.setattr(Consortium, "open", open_then)
    settings = folder / "consortium.toml"
    settings.write_text(settings.read_text("utf-8") + DUE, "utf-8")
    assert typed("-C", folder, "split", SUBSCRIPTION, 2025).code == 0
    return folder


def approved(typed: Type, office: Path) -> None:
    """Have the notices approved and entered."""
    roles = ("--author", "accountant", "--approver", "chair")
    assert typed("-C", office, "approve", SUBSCRIPTION, 2025, *roles).code == 0
    said = typed("-C", office, "statement", SUBSCRIPTION, 2025, "--issue")
    assert said.code == 0, said.err
    assert "9 entries made in the account book" in said.err


def bank(office: Path, *rows: str) -> Path:
    path = office / "bank.csv"
    path.write_text("\n".join(["date,amount,text", *rows, ""]), "utf-8")
    return path


def charges(typed: Type, office: Path) -> dict[tuple[str, str], tuple[int, bool]]:
    said = typed("-C", office, "ledger", "--json").json
    return {(one["payer"], one["due_on"]): (one["left"], one["overdue"]) for one in said["charges"]}


def test_a_draft_is_not_entered(typed: Type, office: Path) -> None:
    said = typed("-C", office, "statement", SUBSCRIPTION, 2025, "--issue", "--json")

    assert said.code == 1
    assert "only an approved notice" in said.json["error"]["message"]


def test_statements_are_entered_once_payments_once_and_arrears_are_named(
    typed: Type, office: Path
) -> None:
    approved(typed, office)
    again = typed("-C", office, "statement", SUBSCRIPTION, 2025, "--issue", "--json")
    assert again.json["entries"] == []
    told = again.json["statements"]
    first = told["dh-a"]["instalments"][0]["amount"]
    rows = (
        f"2025-03-20,{first},{told['dh-a']['reference']}",
        f"2025-04-02,1000000,{told['dh-b']['reference']}",
        "2025-04-03,5,unknown",
    )

    tried = typed("-C", office, "payments", "--bank", bank(office, *rows), "--json")
    assert [one["status"] for one in tried.json["payments"]] == ["matched", "partial", "unknown"]
    assert charges(typed, office)["dh-a", "2025-03-31"][0] == first  # nothing kept yet

    kept = typed("-C", office, "payments", "--bank", bank(office, *rows), "--keep")
    assert "2 entries made in the account book" in kept.err
    more = (f"2025-04-20,7,{told['dh-c']['reference']}", *rows)
    longer = typed("-C", office, "payments", "--bank", bank(office, *more), "--keep")
    assert "2 of 4 lines are not in the account book yet" in longer.err

    found = charges(typed, office)
    assert found["dh-a", "2025-03-31"] == (0, False)
    assert found["dh-a", "2025-06-30"] == (told["dh-a"]["due"] - first, False)
    assert found["dh-b", "2025-03-31"] == (
        told["dh-b"]["instalments"][0]["amount"] - 1_000_000,
        True,
    )
    table = typed("-C", office, "ledger").out
    assert "overdue on 2025-05-01: dh-b, dh-c, dh-d" in table
    document = typed("-C", office, "ledger", "--json").json
    ages = {one["days"]: one["amount"] for one in document["arrears_by_age"]}
    assert set(ages) == {0, 90}
    assert sum(document["balances"].values()) == 0


def test_a_day_before_shows_the_book_as_it_was(typed: Type, office: Path) -> None:
    approved(typed, office)

    assert typed("-C", office, "ledger", "--on", "2025-04-30", "--json").json["charges"] == []


def test_an_account_shows_its_entries_and_one_is_turned_round(typed: Type, office: Path) -> None:
    approved(typed, office)
    asked = ("-C", office, "ledger", "dh-d")
    entries = typed(*asked, "--json").json["entries"]
    assert [one["due_on"] for one in entries] == ["2025-03-31", "2025-06-30"]
    assert "notice csdl-vi-du-2025 2025" in typed(*asked).out

    wrong = entries[0]["entry"]
    assert typed("-C", office, "ledger", "--turn-round", wrong).code == 2
    turned = typed("-C", office, "ledger", "--turn-round", wrong, "--why", "a slip")
    assert f"entry {wrong}-x made" in turned.err
    after = typed(*asked, "--json").json["entries"]
    assert [one["corrects"] for one in after] == [None, wrong, None]
    assert sum(one["amount"] for one in after) == entries[1]["amount"]


def test_who_is_not_in_the_book_is_said(typed: Type, office: Path) -> None:
    said = typed("-C", office, "ledger", "nobody")

    assert said.code == 1
    assert "the account book has nothing of 'nobody'; there are: -" in said.err


def test_options_that_do_not_go_together_are_refused(typed: Type, office: Path) -> None:
    file = bank(office)

    assert typed("payments", "--bank", file, "--expected", file, "--keep").code == 2
    assert typed("-C", office, "statement", SUBSCRIPTION, 2025, "dh-a", "--issue").code == 2


def test_what_was_paid_too_much_is_an_advance(typed: Type, office: Path) -> None:
    approved(typed, office)
    told = typed("-C", office, "statement", SUBSCRIPTION, 2025, "--json").json["statements"]
    row = f"2025-03-20,9000000000,{told['dh-d']['reference']}"

    typed("-C", office, "payments", "--bank", bank(office, row), "--keep")

    assert "dh-d has paid" in typed("-C", office, "ledger").err
