from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import (
    Entry,
    Ledger,
    Money,
    Posting,
    UnbalancedEntryError,
    UnknownIdError,
    aging,
    moved,
)

DAY = date(2019, 1, 1)


def vnd(minor: int) -> Money:
    return Money(minor, "VND")


def test_an_entry_that_does_not_add_up_is_refused_with_what_is_left_over() -> None:
    postings = (Posting(account="a", amount=vnd(5)), Posting(account="b", amount=vnd(-4)))

    with pytest.raises(UnbalancedEntryError, match="'7' does not add up to zero: 1 VND"):
        Entry(id="7", on=DAY, postings=postings)


def test_each_currency_adds_up_to_zero_by_itself() -> None:
    postings = (Posting(account="a", amount=vnd(5)), Posting(account="b", amount=Money(-5, "USD")))

    with pytest.raises(UnbalancedEntryError):
        Entry(id="7", on=DAY, postings=postings)


def test_an_entry_without_postings_is_refused() -> None:
    with pytest.raises(UnbalancedEntryError, match="no postings"):
        Entry(id="7", on=DAY, postings=())


def test_an_entry_is_never_written_over() -> None:
    ledger = Ledger().appended(moved("1", DAY, "a", "b", vnd(5)))

    with pytest.raises(UnbalancedEntryError, match="already"):
        ledger.appended(moved("1", DAY, "a", "b", vnd(6)))


def test_a_correction_is_a_new_entry_that_turns_the_old_one_round() -> None:
    wrong = Ledger().appended(moved("1", DAY, "a", "b", vnd(5)))

    right = wrong.corrected("1", id="2", on=date(2019, 2, 1), what="typed twice")

    assert right.entries[0] == wrong.entries[0]
    assert right.entries[1].corrects == "1"
    assert right.balances() == {}


def test_an_entry_is_corrected_once() -> None:
    ledger = Ledger().appended(moved("1", DAY, "a", "b", vnd(5))).corrected("1", id="2", on=DAY)

    with pytest.raises(UnbalancedEntryError, match="corrected already"):
        ledger.corrected("1", id="3", on=DAY)


def test_what_is_not_there_cannot_be_corrected() -> None:
    with pytest.raises(UnknownIdError, match="no entry '9'"):
        Ledger().corrected("9", id="2", on=DAY)
    with pytest.raises(UnknownIdError, match="no entry '9'"):
        Ledger().appended(
            Entry(id="1", on=DAY, postings=moved("1", DAY, "a", "b", vnd(5)).postings, corrects="9")
        )


def test_a_balance_may_be_of_an_earlier_day() -> None:
    ledger = Ledger().appended(moved("1", DAY, "a", "b", vnd(5)))
    ledger = ledger.appended(moved("2", date(2019, 6, 1), "a", "b", vnd(7)))

    assert ledger.balance("b", "VND", on=date(2019, 5, 31)) == vnd(5)
    assert ledger.balances(on=DAY) == {("a", "VND"): vnd(-5), ("b", "VND"): vnd(5)}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc"), st.integers(1, 10**9))))
def test_all_balances_together_are_zero(moves: list[tuple[str, str, int]]) -> None:
    ledger = Ledger()
    for number, (giver, receiver, minor) in enumerate(moves):
        ledger = ledger.appended(moved(str(number), DAY, giver, receiver, vnd(minor)))

    assert sum(one.minor for one in ledger.balances().values()) == 0


def test_arrears_are_told_by_age() -> None:
    owed = {
        "a": (date(2019, 12, 31), vnd(1)),
        "b": (date(2019, 12, 1), vnd(2)),
        "c": (date(2019, 12, 2), vnd(3)),
        "d": (date(2015, 1, 1), vnd(4)),
    }

    assert aging(owed, date(2019, 12, 31)) == {0: vnd(1), 30: vnd(5), None: vnd(4)}
