"""Statements add up over their lines and over the members, in every phase."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libconsortium import (
    Adjustment,
    AdjustmentKind,
    Approval,
    ClosedYearError,
    DueDate,
    FxRate,
    LandedCost,
    LimitRule,
    LineKind,
    Money,
    OfficeYear,
    PaymentTerms,
    Phase,
    Resolution,
    RoundingRule,
    SettingsError,
    Split,
    SplitError,
    SponsorRule,
    StatementSet,
    TaxProfile,
    appeal,
    check_four_eyes,
    check_open,
    costs_of,
    landed_cost,
    lines_of,
    reference_of,
    statements,
    total,
)
from tests.worked_example import MIXED, SHARES, TOTAL, alone, done, vnd

TERMS = PaymentTerms(
    due=(DueDate(on=date(2026, 3, 31)), DueDate(on=date(2026, 9, 30))),
    settlement_due=date(2027, 1, 31),
)


def landed(rate: int = 25_400) -> LandedCost:
    usd = FxRate(quoted="USD", paid="VND", rate=rate, on=date(2026, 1, 5), source="a bank")
    tax = TaxProfile(corporate_income="10%", value_added="5%", source="an adviser")
    day = date(2026, 1, 5)
    quote = Money.parse("120000 USD")
    return landed_cost(quote, rate=usd, tax=tax, contract="net", on=day)


COSTS = costs_of(vnd(TOTAL), landed(), None)
FINAL = costs_of(landed(25_650).total, landed(25_650), None)
ABSORBED = attrs.evolve(
    MIXED, sponsor=SponsorRule(pays="30%"), limits=LimitRule(rise="15%", absorber="reserve")
)
LAST_YEAR = {member: vnd(minor) for member, minor in SHARES.items()}
SPLITS = {
    "plain": done(),
    "held": done(attrs.evolve(MIXED, limits=LimitRule(standalone=True)), standalone=alone()),
    "absorbed": done(ABSORBED, last_year=LAST_YEAR),
    "coarse": done(attrs.evolve(MIXED, rounding=RoundingRule(unit=1000, remainder="sponsor"))),
    "claims": done(attrs.evolve(MIXED, sponsor=SponsorRule(pays="40%", by="cel"))),
    "alone": done(attrs.evolve(MIXED, sponsor=None)),
    "nothing": done(amount=0),
}


def told(split: Split, phase: Phase = Phase.NOTICE, **more: Any) -> StatementSet:
    costs = COSTS if split.bill.amount == vnd(TOTAL) else costs_of(split.bill.amount, None, None)
    return statements(split, costs, TERMS, phase=phase, **more)


def year(**more: Any) -> OfficeYear:
    given = {"splits": [done()], "costs": COSTS, "settled_costs": FINAL, "terms": TERMS, **more}
    return OfficeYear(**given)


def approved(found: StatementSet, on: date, *, by: str = "chair") -> Approval:
    return Approval(
        subscription="db",
        year=2026,
        phase=found.phase,
        fingerprint=found.fingerprint(),
        author="accountant",
        approver=by,
        on=on,
    )


# ---------------------------------------------------------------- lines


@pytest.mark.parametrize("which", sorted(SPLITS))
def test_lines_add_up_over_each_statement_and_over_the_members(which: str) -> None:
    split = SPLITS[which]

    found = told(split)

    for member, one in found.statements.items():
        assert one.total == split.shares[member].amount
    for cost in found.costs:
        of_members = [
            line.amount
            for one in found.statements.values()
            for line in one.lines
            if line.kind is cost.kind
        ]
        assert total(of_members, "VND") == cost.amount


@settings(max_examples=25)
@given(st.integers(0, 10**13), st.integers(0, 10**6))
def test_any_bill_with_any_fees_adds_up(amount: int, fees: int) -> None:
    split = done(amount=amount + fees)
    costs = costs_of(vnd(amount + fees), None, vnd(fees))

    found = statements(split, costs, TERMS, phase=Phase.ESTIMATE)

    assert found.members_pay + found.sponsor == vnd(amount + fees)


def test_a_statement_says_what_supplier_tax_and_sponsor_come_to() -> None:
    lines = told(SPLITS["plain"]).statements["dh-a"].lines

    assert {line.kind.value: line.amount.minor for line in lines} == {
        "supplier": 1_480_457_143,
        "corporate-income-tax": 164_495_238,
        "value-added-tax": 86_576_441,
        "sponsor": -692_611_529,
    }


def test_what_limits_change_stands_on_its_own_line() -> None:
    found = told(SPLITS["held"])

    changed = {
        member: line.amount.minor
        for member, one in found.statements.items()
        for line in one.lines
        if line.kind is LineKind.LIMITS
    }
    assert changed["dh-d"] == 150_000_000 - SHARES["dh-d"]
    assert sum(changed.values()) == 0


def test_a_claims_rule_s_awards_are_the_sponsor_s_lines() -> None:
    split = SPLITS["claims"]
    lines = lines_of(split, COSTS)

    sponsored = [
        -line.amount.minor for of in lines.values() for line in of if line.kind is LineKind.SPONSOR
    ]
    assert sum(sponsored) == split.sponsor.minor
    assert len(set(sponsored)) > len(sponsored) // 2


def test_costs_that_are_not_the_bill_are_refused() -> None:
    with pytest.raises(SplitError, match="the lines of the bill come to 5 VND"):
        statements(done(), costs_of(vnd(5), None, None), TERMS, phase=Phase.NOTICE)


def test_a_share_without_working_is_divided_by_what_it_pays() -> None:
    bare = {
        member: attrs.evolve(share, working=attrs.evolve(share.working, parts=()), part=Fraction(0))
        for member, share in done().shares.items()
    }
    split = attrs.evolve(done(), shares=bare)

    found = told(split)

    assert found.statements["dh-a"].total.minor == SHARES["dh-a"]


def test_a_bill_of_nothing_is_divided_alike() -> None:
    nothing = {
        member: attrs.evolve(share, part=Fraction(0), exact=Fraction(0))
        for member, share in SPLITS["nothing"].shares.items()
    }

    found = told(attrs.evolve(SPLITS["nothing"], shares=nothing))

    assert found.cost == vnd(0)


def test_statements_that_do_not_add_up_cannot_be_made() -> None:
    with pytest.raises(SplitError, match="the statements come to"):
        attrs.evolve(told(done()), sponsor=vnd(0))


# ---------------------------------------------------------------- phases


def test_a_notice_is_paid_in_instalments_that_add_up() -> None:
    one = told(done()).statements["dh-a"]

    assert [each.amount.minor for each in one.instalments] == [519_458_647, 519_458_646]


def test_a_settlement_adds_the_true_up_to_the_notice() -> None:
    found = year().statements(Phase.SETTLEMENT)

    one = found.statements["dh-a"]
    assert one.notified.minor == SHARES["dh-a"]
    assert one.due == one.lines[-1].amount
    assert one.lines[-1].kind is LineKind.TRUE_UP
    assert [each.on for each in one.instalments] == [date(2027, 1, 31)]
    assert found.cost == landed(25_650).total
    assert found.members_pay + found.sponsor == found.cost


def test_while_nothing_is_known_of_the_final_cost_nothing_is_due() -> None:
    found = year(settled_costs=(), terms=PaymentTerms()).statements(Phase.SETTLEMENT)

    assert {one.due.minor for one in found.statements.values()} == {0}
    assert {one.instalments for one in found.statements.values()} == {()}


def test_a_fixed_sponsor_leaves_the_true_up_to_the_members() -> None:
    fixed = attrs.evolve(MIXED, sponsor=SponsorRule(pays="1000000000 VND"))

    found = year(splits=[done(fixed)], sponsor_is_fixed=True).statements(Phase.SETTLEMENT)

    assert found.sponsor == vnd(1_000_000_000)


def test_without_a_split_there_are_no_statements() -> None:
    with pytest.raises(SplitError, match="divide the bill first"):
        year(splits=[]).statements(Phase.NOTICE)


def test_an_approved_notice_stays_though_the_bill_was_divided_again() -> None:
    first, later = done(), done(attrs.evolve(MIXED, name="another", sponsor=None))
    other_bill = done(amount=5)
    approval = approved(told(first), date(2026, 1, 20))

    found = year(splits=[first, later, other_bill], approvals=[approval])

    assert found.statements(Phase.NOTICE).approval == approval
    assert found.statements(Phase.NOTICE).policy == "20/50/30"
    estimate = year(splits=[first, later], approvals=[approval]).statements(Phase.ESTIMATE)
    assert (estimate.policy, estimate.approval) == ("another", None)


def test_one_who_approves_its_own_work_approves_nothing() -> None:
    own = approved(told(done()), date(2026, 1, 20), by=" Accountant")

    assert year(approvals=[own]).statements(Phase.NOTICE).approval is None
    with pytest.raises(SettingsError, match="must be approved by somebody else"):
        check_four_eyes(own)


# ---------------------------------------------------------------- adjustments


def entry(on: date, number: str = "1", **more: Any) -> tuple[Adjustment, ...]:
    resolution = Resolution(subscription="db", year=2026, entry=number, on=on, why="flood")
    return appeal(resolution, "dh-c", vnd(5_000_000), LAST_YEAR, **more)


def test_an_entry_after_the_approval_stands_after_the_approved_lines() -> None:
    approval = approved(told(done()), date(2026, 1, 20))
    adjustments = entry(date(2026, 5, 5), payer="sponsor")

    found = year(approvals=[approval], adjustments=adjustments).statements(Phase.NOTICE)

    last = found.statements["dh-c"].lines[-1]
    assert found.approval == approval
    assert (last.amount, last.on, last.why) == (vnd(-5_000_000), date(2026, 5, 5), "flood")
    assert found.sponsor == done().sponsor + vnd(5_000_000)


def test_an_entry_before_the_approval_is_part_of_what_is_approved() -> None:
    adjustments = entry(date(2026, 1, 5))
    draft = year(adjustments=adjustments).statements(Phase.NOTICE)

    approval = approved(draft, date(2026, 1, 20))

    found = year(approvals=[approval], adjustments=adjustments).statements(Phase.NOTICE)
    assert found.approval == approval
    assert found.statements["dh-c"].total.minor == SHARES["dh-c"] - 5_000_000


def test_a_joiner_has_a_statement_and_a_reserve_has_none() -> None:
    resolution = Resolution(subscription="db", year=2026, entry="4", on=date(2026, 7, 1))
    joined = resolution.adjusting({"dh-e": vnd(7), "reserve": vnd(-7)}, AdjustmentKind.JOIN)

    found = told(done(), adjustments=joined)

    assert found.statements["dh-e"].total == vnd(7)
    assert found.statements["dh-e"].working is None
    assert found.others == {"reserve": vnd(-7)}


def test_entries_of_several_days_come_one_after_the_other() -> None:
    both = (*entry(date(2026, 6, 1), "2"), *entry(date(2026, 5, 1), "1", payer="reserve"))

    found = told(done(), adjustments=both)

    days = [line.on for line in found.statements["dh-c"].lines if line.on]
    assert days == [date(2026, 5, 1), date(2026, 6, 1)]
    assert found == told(done(), adjustments=both[::-1])


# ---------------------------------------------------------------- a closed year


def closed(*more: Adjustment, final: Any = FINAL) -> OfficeYear:  # noqa: ANN401 - lines
    notice = approved(told(done()), date(2026, 1, 20))
    known = entry(date(2026, 5, 5), payer="reserve")
    draft = year(approvals=[notice], adjustments=known).statements(Phase.SETTLEMENT)
    closing = approved(draft, date(2027, 1, 15))
    return year(approvals=[closing, notice], adjustments=[*known, *more], settled_costs=final)


def test_a_closed_year_is_what_it_was_closed_with() -> None:
    found = closed().statements(Phase.SETTLEMENT)

    assert found.approval is not None
    assert found.statements["dh-c"].notified.minor == SHARES["dh-c"]


def test_a_closed_year_takes_dated_entries_only() -> None:
    found = closed(*entry(date(2027, 2, 1), "9")).statements(Phase.SETTLEMENT)

    assert found.approval is not None
    assert found.statements["dh-c"].lines[-1].on == date(2027, 2, 1)


def test_a_closed_year_refuses_another_rate_and_an_older_entry() -> None:
    other = costs_of(landed(25_700).total, landed(25_700), None)

    with pytest.raises(ClosedYearError, match="closed on 2027-01-15 with other figures"):
        closed(final=other).statements(Phase.SETTLEMENT)
    with pytest.raises(ClosedYearError):
        closed(*entry(date(2026, 12, 1), "9")).statements(Phase.SETTLEMENT)


def test_a_closed_year_without_approved_notice_takes_entries_too() -> None:
    closing = approved(year().statements(Phase.SETTLEMENT), date(2027, 1, 15))
    later = entry(date(2027, 2, 1), "9")

    found = year(approvals=[closing], adjustments=later).statements(Phase.SETTLEMENT)

    assert found.approval == closing


def test_the_bill_of_a_closed_year_is_not_divided_anew() -> None:
    notice = approved(told(done()), date(2026, 1, 20))
    closing = approved(year().statements(Phase.SETTLEMENT), date(2027, 1, 15))

    check_open([notice])
    with pytest.raises(ClosedYearError, match=r"closed on 2027-01-15 \(chair\)"):
        check_open([notice, closing])


def test_an_approval_holds_for_one_phase_and_one_fingerprint() -> None:
    notice = approved(told(done()), date(2026, 1, 20))
    again = approved(told(done()), date(2026, 1, 25))
    of_another = attrs.evolve(notice, fingerprint="ab", on=date(2026, 1, 2))

    found = year(approvals=[of_another, again, notice]).statements(Phase.NOTICE)

    assert found.approval == notice
    check_four_eyes(notice)


# ---------------------------------------------------------------- fingerprints and references


def test_no_order_changes_the_fingerprint() -> None:
    shuffled = attrs.evolve(done(), shares=dict(reversed(list(done().shares.items()))), others={})

    assert told(shuffled).fingerprint() == told(done()).fingerprint()
    assert told(done()).fingerprint() != told(done(), Phase.ESTIMATE).fingerprint()


def remainder(reference: str) -> int:
    """Return what ISO/IEC 7064, MOD 97-10 says must be 1: letters are read as 10 to 35."""
    signs = reference.replace("-", "")
    return int("".join(str(int(sign, 36)) for sign in signs)) % 97


def test_a_slip_of_the_pen_is_found_in_a_reference() -> None:
    said = reference_of("csdl", 2027, "đh-a", Phase.SETTLEMENT)

    assert said.startswith("CSDL-S2027-DHA-")
    assert remainder(said) == 1
    assert remainder(said.replace("DHA", "DHB")) != 1


@given(
    st.text("abcdefghij-", max_size=12), st.integers(1990, 2100), st.text("abcđê-09", max_size=9)
)
def test_every_reference_checks_itself(subscription: str, of: int, member: str) -> None:
    assert remainder(reference_of(subscription, of, member, Phase.NOTICE)) == 1
