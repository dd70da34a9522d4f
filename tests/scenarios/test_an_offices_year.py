"""A year of an office, from quotes to settlement, through the front door as a program would."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from libconsortium import (
    BankLine,
    BillingPeriod,
    ClosedYearError,
    Consortium,
    Join,
    Ledger,
    LineKind,
    Money,
    Phase,
    Preset,
    Registry,
    Resolution,
    Snapshot,
    StatementSet,
    amount_in_words,
    appeal,
    approve,
    book_of,
    charged_so_far,
    compare_policies,
    enter_payments,
    half_way,
    issue_statements,
    match_bank_lines,
    office_year,
    open_dues,
    total,
    write_report,
)
from tests.worked_example import vnd

SUBSCRIPTION, YEAR = "csdl-vi-du-2025", 2025
SETTINGS = """
[consortium]
name = "Example consortium (invented)"
federation = "vi-du"
language = "vi"

[[bills]]
subscription = "csdl-vi-du-2025"
year = 2025
policy = "mixed.toml"
quote = "120000 USD"
exchange = { quoted = "USD", paid = "VND", rate = 25400, on = 2025-01-02, source = "invented" }
tax = { corporate_income = "10%", value_added = "5%", source = "invented" }
fees = "2000000 VND"
due = [{ on = 2025-03-31 }, { on = 2025-06-30 }]
settlement_due = 2026-01-31
"""
FINAL = """
[bills.settlement]
exchange = { quoted = "USD", paid = "VND", rate = 25650, on = 2025-04-10, source = "invented" }
"""
MIXED = """
name = "20/50/30 after a sponsor's 40 %"
mix = [{ weight = 20, by = "equal" }, { weight = 50, by = "fte" }, { weight = 30, by = "usage" }]
drivers = { fte = {}, usage = {} }
sponsor = { pays = "40%" }
"""
EQUAL = """
name = "All alike"
mix = [{ weight = 100, by = "equal" }]
sponsor = { pays = "40%" }
"""


class Office:
    """A folder, a calendar and the consortium in between."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.registry = folder, Registry()
        self.today = datetime(2025, 1, 5, tzinfo=UTC)
        texts = {"consortium": SETTINGS, "mixed": MIXED, "equal": EQUAL}
        texts["facts"] = self.registry.find(Preset, "demo").read()
        for name, text in texts.items():
            (folder / f"{name}.toml").write_text(text, "utf-8")
        self.consortium = self.opened()
        preview = self.consortium.preview([folder / "facts.toml"])
        self.consortium.apply(preview.changes, sources=[])

    def opened(self) -> Consortium:
        """Open the folder anew, as the next morning does."""
        consortium = Consortium.open(self.folder)
        consortium.clock = lambda: self.today
        return consortium

    def told(self, phase: Phase) -> StatementSet:
        """Return the statements as they are today."""
        return office_year(self.consortium, SUBSCRIPTION, YEAR).statements(phase)

    def approve(self, phase: Phase) -> None:
        """Let the chair approve what the accountant made."""
        approve(self.consortium, self.told(phase), author="accountant", approver="chair")

    def learns_the_final_rate(self) -> None:
        """Enter the rate the bill was paid at."""
        self.consortium.close()
        settings = self.folder / "consortium.toml"
        settings.write_text(settings.read_text("utf-8") + FINAL, "utf-8")
        self.consortium = self.opened()


def reconciles(found: StatementSet) -> bool:
    """Whether members, sponsor and others pay supplier, taxes and fees, to the đồng."""
    parties = total([found.sponsor, *found.others.values()], "VND")
    lines = {line.kind.value: line.amount for line in found.costs}
    whole = total(lines.values(), "VND")
    return found.members_pay + parties == whole and {"supplier", "fees"} <= set(lines)


@pytest.mark.slow
def test_an_office_s_year_from_quotes_to_settlement(tmp_path: Path) -> None:
    office = Office(tmp_path)
    january_estimate(office)
    notice = conference_and_notices(office)
    march_payments(office, notice)
    july_joiner_and_october_appeal(office)
    settled = settlement(office, notice)
    a_closed_year(office, settled)
    office.consortium.close()


def january_estimate(office: Office) -> None:
    """The bill is estimated at the budget rate."""
    office.consortium.keep(office.consortium.split(SUBSCRIPTION, YEAR))

    estimate = office.told(Phase.ESTIMATE)

    assert estimate.cost == vnd(3_566_912_281)
    assert reconciles(estimate)


def conference_and_notices(office: Office) -> StatementSet:
    """The conference compares two policies; the notices are approved by somebody else."""
    policies = [office.folder / "mixed.toml", office.folder / "equal.toml"]
    comparison = compare_policies(office.consortium, SUBSCRIPTION, YEAR, policies)
    assert comparison.losers(comparison.outcomes[1]) == ("dh-c", "dh-d")

    office.today = datetime(2025, 1, 20, tzinfo=UTC)
    assert office.told(Phase.NOTICE).approval is None
    office.approve(Phase.NOTICE)

    notice = office.told(Phase.NOTICE)
    assert notice.approval is not None
    letters = [letter(office, notice, member) for member in notice.statements]
    assert all(one.startswith(b"%PDF-") for one in letters)
    return notice


def march_payments(office: Office, notice: StatementSet) -> None:
    """Two members pay their first instalments; one writes no reference and is late."""
    issue_statements(office.consortium, notice)
    first, late = notice.statements["dh-a"], notice.statements["dh-b"]
    half, other_half = first.instalments[0].amount, late.instalments[0].amount
    lines = [
        BankLine(id="1", on=date(2025, 3, 20), amount=half, text=first.reference),
        BankLine(id="2", on=date(2025, 4, 2), amount=other_half, text="TV DAI HOC DOI GIO"),
    ]

    matches = match_bank_lines(office.consortium, lines)

    assert [one.expected and one.expected.id for one in matches] == ["dh-a", "dh-b"]
    assert [one.is_late for one in matches] == [False, True]
    enter_payments(office.consortium, matches)
    assert match_bank_lines(office.consortium, lines) == ()
    owed = {(one.due.payer, one.due.due_on): one.left for one in open_dues(book(office)).states}
    assert owed["dh-a", date(2025, 3, 31)] == owed["dh-b", date(2025, 3, 31)] == vnd(0)
    assert owed["dh-a", date(2025, 6, 30)] == notice.statements["dh-a"].instalments[1].amount
    assert book(office).balance(f"bill:{SUBSCRIPTION}:{YEAR}", "VND") == -notice.cost


def book(office: Office) -> Ledger:
    """Return the account book as it is kept."""
    return book_of(office.consortium)


def july_joiner_and_october_appeal(office: Office) -> None:
    """An observer joins in July; in October a flooded library appeals."""
    office.today = datetime(2025, 6, 25, tzinfo=UTC)
    figures = {"fte": Fraction(6_000), "usage": Fraction(9_000)}
    joins = Join(member="dh-e", figures=figures)
    between = half_way(office.consortium, SUBSCRIPTION, YEAR, joins)
    left = BillingPeriod.of_year(YEAR).left_from(date(2025, 7, 1))
    office.consortium.keep_facts(between.joins(left, resolution("1", office)), what="joins")

    office.today = datetime(2025, 10, 12, tzinfo=UTC)
    relief = appeal(resolution("2", office), "dh-c", vnd(5_000_000), paid(office), payer="sponsor")
    office.consortium.keep_facts(relief, what="appeal")

    told = office.told(Phase.NOTICE)
    assert told.approval is not None
    assert told.statements["dh-e"].total == vnd(112_465_953)
    assert reconciles(told)


def settlement(office: Office, notice: StatementSet) -> StatementSet:
    """The bill is settled at the rate that was paid; a line makes up the difference."""
    office.today = datetime(2026, 1, 15, tzinfo=UTC)
    office.learns_the_final_rate()
    office.approve(Phase.SETTLEMENT)

    settled = office.told(Phase.SETTLEMENT)

    assert settled.cost == vnd(3_602_000_000)
    assert reconciles(settled)
    one = settled.statements["dh-a"]
    kinds = [line.kind for line in one.lines[-2:]]
    assert kinds == [LineKind.TRUE_UP, LineKind.ADJUSTMENT]
    assert one.notified == notice.statements["dh-a"].total
    assert one.due == total([line.amount for line in one.lines[-2:]], "VND")
    issue_statements(office.consortium, settled)
    charged = charged_so_far(book(office), SUBSCRIPTION, YEAR, "VND")
    assert {member: charged[member] for member in settled.statements} == {
        member: each.total for member, each in settled.statements.items()
    }
    assert book(office).balance(f"bill:{SUBSCRIPTION}:{YEAR}", "VND") == -settled.cost
    return settled


def a_closed_year(office: Office, settled: StatementSet) -> None:
    """The year refuses change, but for entries dated after it was closed."""
    with pytest.raises(ClosedYearError, match="closed on 2026-01-15"):
        office.consortium.keep(office.consortium.split(SUBSCRIPTION, YEAR))
    with pytest.raises(ClosedYearError):
        office.approve(Phase.SETTLEMENT)

    office.today = datetime(2026, 2, 3, tzinfo=UTC)
    later = appeal(resolution("3", office), "dh-d", vnd(1_000), paid(office), payer="reserve")
    office.consortium.keep_facts(later, what="appeal")

    after = office.told(Phase.SETTLEMENT)
    assert after.approval == settled.approval
    assert after.others == {"reserve": vnd(1_000)}
    assert reconciles(after)


def paid(office: Office) -> dict[str, Money]:
    """What every member pays by its notice."""
    return {member: one.total for member, one in office.told(Phase.NOTICE).statements.items()}


def resolution(entry: str, office: Office) -> Resolution:
    """Return a resolution of today."""
    day = office.today.date()
    return Resolution(subscription=SUBSCRIPTION, year=YEAR, entry=entry, on=day)


def letter(office: Office, notice: StatementSet, member: str) -> bytes:
    """Write a member's notice as a PDF; return its bytes."""
    due = notice.statements[member].due
    data = {
        "set": notice,
        "member": member,
        "in_words": amount_in_words(due, "vi", office.registry),
    }
    snapshot = Snapshot(kind="statement", title="Liên hợp", language="vi", data=data)
    path = office.folder / "letters" / f"{member}.pdf"
    return write_report(snapshot, "pdf", path, office.registry).read_bytes()
