"""The account book follows the statements and the bank, and says who owes what since when."""

from __future__ import annotations

from datetime import date

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import (
    Approval,
    BankLine,
    Instalment,
    Ledger,
    LineKind,
    Money,
    Phase,
    SettingsError,
    Statement,
    StatementLine,
    StatementSet,
    awaited_by,
    charge_entries,
    charged_so_far,
    ledger_lines,
    match_payments,
    not_entered,
    open_dues,
    payer_account,
    payment_entries,
    reference_of,
)

DAY = date(2027, 2, 1)
MARCH, SEPTEMBER = date(2027, 3, 31), date(2027, 9, 30)


def vnd(minor: int) -> Money:
    return Money(minor, "VND")


def told(
    amounts: dict[str, int], sponsor: int = 0, *, phase: Phase = Phase.NOTICE, halves: bool = False
) -> StatementSet:
    """Return approved statements of these amounts, to be paid in two halves if asked for."""
    statements = {
        member: Statement(
            member=member,
            reference=reference_of("db", 2027, member, phase),
            lines=(StatementLine(kind=LineKind.BILL, amount=vnd(amount)),),
            notified=vnd(0),
            instalments=(
                Instalment(on=MARCH, amount=vnd(amount // 2)),
                Instalment(on=SEPTEMBER, amount=vnd(amount - amount // 2)),
            )
            if halves
            else (),
        )
        for member, amount in amounts.items()
    }
    whole = vnd(sum(amounts.values()) + sponsor)
    approval = Approval(
        subscription="db",
        year=2027,
        phase=phase,
        fingerprint="x",
        author="accountant",
        approver="chair",
        on=DAY,
    )
    return StatementSet(
        subscription="db",
        year=2027,
        phase=phase,
        costs=(StatementLine(kind=LineKind.BILL, amount=whole),),
        statements=statements,
        sponsor=vnd(sponsor),
        approval=approval,
    )


def booked(*sets: StatementSet) -> Ledger:
    book = Ledger()
    for found in sets:
        book = Ledger((*book.entries, *charge_entries(found, book, on=DAY)))
    return book


def transfer(amount: int, text: str, on: date = date(2027, 3, 1)) -> BankLine:
    return BankLine(id="1", on=on, amount=vnd(amount), text=text)


def paid_into(book: Ledger, *lines: BankLine) -> Ledger:
    matches = match_payments(awaited_by(book), not_entered(lines, book))
    return Ledger((*book.entries, *payment_entries(matches)))


def test_members_and_sponsor_are_charged_the_whole_bill() -> None:
    book = booked(told({"a": 60, "b": 30}, sponsor=10))

    assert charged_so_far(book, "db", 2027, "VND") == {
        "a": vnd(60),
        "b": vnd(30),
        "sponsor": vnd(10),
    }
    assert book.balance("bill:db:2027", "VND") == vnd(-100)


def test_issuing_twice_charges_once() -> None:
    found = told({"a": 60, "b": 30})

    assert charge_entries(found, booked(found), on=DAY) == ()


def test_every_instalment_is_an_entry_with_its_day() -> None:
    book = booked(told({"a": 61}, halves=True))

    states = open_dues(book).states
    assert [(one.due.amount.minor, one.due.due_on) for one in states] == [
        (30, MARCH),
        (31, SEPTEMBER),
    ]


def test_what_changes_after_the_notice_is_charged_by_itself() -> None:
    book = booked(told({"a": 60, "b": 30}), told({"a": 50, "b": 40}, phase=Phase.SETTLEMENT))

    new = [one for one in book.entries if one.what.startswith("settlement")]
    assert [str(one.postings[1].amount) for one in new] == ["-10 VND", "10 VND"]
    assert [one.left.minor for one in open_dues(book).states] == [50, 30, 10]


def test_a_change_before_the_last_instalment_is_due_with_it() -> None:
    first, then = told({"a": 60}, halves=True), told({"a": 70}, halves=True)

    book = booked(first, then)

    assert [one.due.due_on for one in open_dues(book).states] == [MARCH, SEPTEMBER, SEPTEMBER]
    assert open_dues(book).states[-1].due.amount == vnd(10)


def test_who_is_not_charged_any_more_gets_its_charge_back() -> None:
    book = booked(told({"a": 60, "b": 30}), told({"a": 90}))

    assert charged_so_far(book, "db", 2027, "VND")["b"] == vnd(0)
    assert book.balance(payer_account("b"), "VND") == vnd(0)


@pytest.mark.parametrize(
    "found",
    [told({"a": 1}, phase=Phase.ESTIMATE), attrs.evolve(told({"a": 1}), approval=None)],
)
def test_drafts_and_estimates_are_not_entered(found: StatementSet) -> None:
    with pytest.raises(SettingsError, match="only an approved notice or settlement"):
        charge_entries(found, Ledger(), on=DAY)


def test_a_notice_is_not_entered_over_a_settlement() -> None:
    book = booked(told({"a": 1}, phase=Phase.SETTLEMENT))

    with pytest.raises(SettingsError, match="the settlement of 'db' 2027 is in the book"):
        charge_entries(told({"a": 2}), book, on=DAY)


def test_a_payment_with_the_reference_settles_the_first_instalment_first() -> None:
    book = booked(told({"a": 60}, halves=True))
    code = reference_of("db", 2027, "a", Phase.NOTICE)

    after = paid_into(book, transfer(40, f"nop tien {code}"))

    assert [one.left.minor for one in open_dues(after).states] == [0, 20]
    assert after.balance("bank", "VND") == vnd(40)
    assert [one.left.minor for one in open_dues(after, on=DAY).states] == [30, 30]


def test_who_pays_too_much_is_ahead() -> None:
    book = booked(told({"a": 60}))
    code = reference_of("db", 2027, "a", Phase.NOTICE)

    after = paid_into(paid_into(book, transfer(60, code)), transfer(5, code, on=date(2027, 4, 1)))

    assert open_dues(after).advances == {"a": vnd(5)}


def test_a_line_of_an_older_list_is_known_again_whatever_its_number() -> None:
    book = booked(told({"a": 60}))
    line = transfer(20, reference_of("db", 2027, "a", Phase.NOTICE))
    after = paid_into(book, line, line)

    assert not_entered([attrs.evolve(line, id="9"), line], after) == ()
    assert len(not_entered([line, line, line], after)) == 1
    assert open_dues(after).states[0].left == vnd(20)


def test_a_line_of_nobody_makes_no_entry() -> None:
    book = booked(told({"a": 60}))

    assert paid_into(book, transfer(60, "?")) == book


def test_an_entry_that_was_turned_round_is_as_if_it_had_never_been() -> None:
    book = paid_into(
        booked(told({"a": 60})), transfer(60, reference_of("db", 2027, "a", Phase.NOTICE))
    )
    wrong = book.entries[-1].id

    after = book.corrected(wrong, id="x", on=DAY)

    assert open_dues(after).states[0].left == vnd(60)
    assert after.balance("bank", "VND") == vnd(0)


def test_every_currency_is_settled_by_itself() -> None:
    dollars = attrs.evolve(
        told({}),
        subscription="e",
        statements={
            "a": Statement(
                member="a",
                reference="R",
                lines=(StatementLine(kind=LineKind.BILL, amount=Money(7, "USD")),),
                notified=Money(0, "USD"),
            )
        },
        costs=(StatementLine(kind=LineKind.BILL, amount=Money(7, "USD")),),
        sponsor=Money(0, "USD"),
    )

    states = open_dues(booked(told({"a": 60}), dollars)).states

    assert [str(one.left) for one in states] == ["0.07 USD", "60 VND"]


def test_an_entry_by_hand_counts_too() -> None:
    book = Ledger.of(
        line
        for entry in booked(told({"a": 60})).entries
        for line in ledger_lines(attrs.evolve(entry, id="by-hand"))
    )
    no_bill = attrs.evolve(
        book.entries[0],
        id="2",
        postings=tuple(
            attrs.evolve(one, account=one.account.replace("bill:", "dues:"))
            for one in book.entries[0].postings
        ),
    )

    states = open_dues(book.appended(no_bill)).states

    assert [(one.due.payer_class, one.due.year) for one in states] == [
        ("db 2027", 2027),
        ("", 2027),
    ]


@given(
    st.lists(
        st.dictionaries(st.sampled_from("abc"), st.integers(0, 10**12), min_size=1), max_size=4
    )
)
def test_the_book_always_says_what_the_last_statements_say(
    amounts: list[dict[str, int]],
) -> None:
    book = booked(*(told(each, halves=True) for each in amounts))

    charged = charged_so_far(book, "db", 2027, "VND")
    last = amounts[-1] if amounts else {}
    assert {one: amount.minor for one, amount in charged.items() if amount.minor} == {
        one: amount for one, amount in last.items() if amount
    }
    assert Ledger.of(line for one in book.entries for line in ledger_lines(one)).balances() == (
        book.balances()
    )
