"""A split is said in words that can be followed with pencil and paper, and kept as data."""

from __future__ import annotations

import json
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import (
    Bill,
    LimitRule,
    Message,
    Money,
    RoundingRule,
    Split,
    SponsorRule,
    StoreError,
    explain_share,
    format_formula,
    format_money,
    format_number,
    format_percent,
    limits_in_words,
    paid_in,
    say,
    split,
    split_document,
    split_from,
    split_table,
)
from tests.worked_example import DRIVERS, MIXED

BILL = Bill(amount=Money(3_564_912_281, "VND"), subscription="proquest", year=2025)


def done(limits: LimitRule | None = None) -> Split:
    policy = attrs.evolve(MIXED, limits=limits)
    alone = {"dh-d": Money(150_000_000, "VND")} if limits else None
    return split(BILL, DRIVERS["fte"], DRIVERS, policy, standalone=alone)


LIMITED = LimitRule(standalone=True)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_share_reads_like_a_persons_working() -> None:
    text = plain(explain_share(done().shares["dh-a"], name="Đại học A"))

    assert text.startswith("Đại học A pays ₫1,038,917,293\n")
    assert "20 % × 1/4 + 50 % × 40,000/70,000 + 30 % × 50,000/100,000 = 48.571 %" in text
    assert "3,564,912,281 − 1,425,964,912 = 2,138,947,369" in text
    assert text.endswith("rounded to ₫1,038,917,293")


def test_a_part_of_one_term_says_of_what() -> None:
    text = plain(explain_share(done().shares["dh-a"]))

    assert "20 % × 1/4 = 5 %: 106,947,368.45" in text
    assert "1/4 = 25 % of 427,789,473.8: 106,947,368.45" in text
    assert "40,000/70,000 = 57.143 % of 1,069,473,684.5: 611,127,819.71" in text


def test_a_percentage_rounded_before_is_written_as_in_the_readers_language() -> None:
    message = Message("the smallest workable rise is {rise}", rise="16.67 %")

    assert say(message, "vi").replace("\N{NO-BREAK SPACE}", " ").endswith("16,67 %")
    assert say(message, "en").replace("\N{NO-BREAK SPACE}", " ").endswith("16.67 %")


def test_numbers_are_written_as_in_the_readers_language() -> None:
    text = plain(explain_share(done().shares["dh-a"], "vi"))

    assert "50 % × 40.000/70.000" in text
    assert "= 48,571 %" in text
    assert "1.038.917.293 ₫" in text


def test_a_limit_is_explained_to_whom_it_holds_and_to_all_others() -> None:
    limited = done(LIMITED)

    assert "held at the price of buying alone" in explain_share(limited.shares["dh-d"])
    others = explain_share(limited.shares["dh-a"])
    assert "1 members are at a limit; every other share is multiplied by 100.995 %" in others


def test_a_sponsor_by_a_claims_rule_is_explained() -> None:
    policy = attrs.evolve(MIXED, sponsor=SponsorRule(pays="40%", by="cea"))

    text = explain_share(split(BILL, DRIVERS["fte"], DRIVERS, policy).shares["dh-d"])

    assert "less the sponsor's money, divided by 'cea'" in text


def test_a_table_shows_names_parts_amounts_and_limits() -> None:
    table = split_table(done(LIMITED), "en", names={"dh-a": "Đại học A"})

    lines = table.splitlines()
    assert lines[0].split() == ["Member", "Part", "Amount", "Limits"]
    assert lines[2].split() == ["Đại", "học", "A", "48.571", "%", "₫1,049,250,745"]
    assert lines[5].endswith("₫150,000,000  price of buying alone")
    assert lines[-1].split() == ["Bill", "₫3,564,912,281"]


def test_other_parties_stand_in_the_table() -> None:
    rounding = RoundingRule(unit=1000, remainder="reserve")

    table = split_table(
        split(BILL, DRIVERS["fte"], DRIVERS, attrs.evolve(MIXED, rounding=rounding))
    )

    assert any(line.split() == ["reserve", "₫369"] for line in table.splitlines())


def test_a_limit_of_another_plugin_is_shown_by_its_name() -> None:
    share = attrs.evolve(done().shares["dh-a"], limits=("odd", "rise"))

    assert limits_in_words(share, "en") == "odd, limited rise"


# ---------------------------------------------------------------- as data


@pytest.mark.parametrize("limits", [None, LIMITED])
def test_a_document_gives_the_split_back(limits: LimitRule | None) -> None:
    once = done(limits)

    again = split_from(json.loads(json.dumps(split_document(once))))

    assert again == once
    assert explain_share(again.shares["dh-a"], "vi") == explain_share(once.shares["dh-a"], "vi")


def test_the_shares_of_a_document_are_whole_units_that_add_up() -> None:
    document = split_document(done())

    assert document["schema"] == 1
    assert sum(document["shares"].values()) + document["sponsor"] == document["total"]
    assert document["parts"]["dh-a"] == "17/35"
    assert paid_in(document)["dh-a"] == Money(1_038_917_293, "VND")


def test_the_same_inputs_in_another_order_give_the_same_bytes() -> None:
    turned = {
        driver: dict(reversed(list(of.items()))) for driver, of in reversed(list(DRIVERS.items()))
    }

    other = split(BILL, reversed(list(DRIVERS["fte"])), turned, MIXED)

    assert json.dumps(split_document(other)) == json.dumps(split_document(done()))


def test_a_document_of_another_form_is_refused() -> None:
    with pytest.raises(StoreError, match="kept in form 2, this version reads form 1"):
        split_from({**split_document(done()), "schema": 2})


def test_messages_inside_messages_come_back() -> None:
    share = done().shares["dh-a"]
    inner = Message("{why} for {days}", why=Message("because"), days=3, on=None)
    odd = attrs.evolve(share, working=attrs.evolve(share.working, what=inner))
    split_ = attrs.evolve(done(), shares={**done().shares, "dh-a": odd})

    again = split_from(json.loads(json.dumps(split_document(split_))))

    assert say(again.shares["dh-a"].working.what, "en") == "because for 3"


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("number", "en", "vi"),
    [
        (0, "0", "0"),
        (1_234_567, "1,234,567", "1.234.567"),
        (Fraction(5, 2), "2.5", "2,5"),
        (Fraction(-1, 3), "-0.33", "-0,33"),
        (Fraction(1, 200), "0.01", "0,01"),
        (10**20, "100,000,000,000,000,000,000", "100.000.000.000.000.000.000"),
    ],
)
def test_numbers_are_grouped(number: Fraction | int, en: str, vi: str) -> None:
    assert (format_number(number, "en"), format_number(number, "vi")) == (en, vi)


@pytest.mark.parametrize(
    ("money", "en", "vi"),
    [
        (Money(1_038_917_293, "VND"), "₫1,038,917,293", "1.038.917.293 ₫"),
        (Money(-1250, "USD"), "-$12.50", "-12,50 US$"),
        # ISO 4217 gives the kip two decimals and the dinar three; locale data print none.
        (Money(12_345, "LAK"), "LAK123.45", "123,45 LAK"),
        (Money(1_234, "IQD"), "IQD1.234", "1,234 IQD"),
    ],
)
def test_money_has_the_decimals_of_iso_4217(money: Money, en: str, vi: str) -> None:
    assert (plain(format_money(money, "en")), plain(format_money(money, "vi"))) == (en, vi)


def test_percentages_and_formulas_are_written_for_people() -> None:
    assert format_percent(Fraction(1, 3), "vi") == "33,333 %"
    assert format_formula("42.5% * 2.5/(1/3) - 1000", "vi") == "42,5 % × 2,5/(1/3) − 1.000"


@given(st.integers(-(10**18), 10**18))
def test_no_digit_of_an_amount_is_lost(minor: int) -> None:
    text = format_money(Money(minor, "VND"), "vi")

    assert int("".join(sign for sign in text if sign in "-0123456789")) == minor
