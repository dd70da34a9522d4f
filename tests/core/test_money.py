from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import (
    MINOR_DIGITS,
    CurrencyMismatchError,
    Money,
    SplitError,
    exact,
    minor_digits,
    total,
)

MEMBERS = st.text("abcdefgh", min_size=1, max_size=3)
WEIGHTS = st.dictionaries(
    MEMBERS, st.fractions(min_value=0, max_value=1000), min_size=1, max_size=8
).filter(lambda weights: any(weights.values()))
AMOUNTS = st.integers(min_value=-(10**12), max_value=10**12)


@given(AMOUNTS, WEIGHTS)
def test_no_minor_unit_is_lost_in_a_division(minor: int, weights: dict[str, Fraction]) -> None:
    shares = Money(minor, "VND").divided(weights)

    assert total(shares.values(), "VND") == Money(minor, "VND")


@given(AMOUNTS, WEIGHTS, st.randoms(use_true_random=False))
def test_the_order_of_the_members_never_matters(
    minor: int, weights: dict[str, Fraction], chance: Random
) -> None:
    shuffled = list(weights.items())
    chance.shuffle(shuffled)

    assert Money(minor, "VND").divided(dict(shuffled)) == Money(minor, "VND").divided(weights)


@given(AMOUNTS, WEIGHTS)
def test_a_share_is_less_than_one_unit_from_its_exact_part(
    minor: int, weights: dict[str, Fraction]
) -> None:
    shares = Money(minor, "VND").divided(weights)

    everything = sum(weights.values())
    for member, weight in weights.items():
        assert abs(shares[member].minor - minor * weight / everything) < 1


@given(AMOUNTS, WEIGHTS, st.integers(min_value=1, max_value=1000))
def test_the_scale_of_the_weights_never_matters(
    minor: int, weights: dict[str, Fraction], factor: int
) -> None:
    scaled = {member: weight * factor for member, weight in weights.items()}

    assert Money(minor, "VND").divided(scaled) == Money(minor, "VND").divided(weights)


@given(AMOUNTS.map(abs), WEIGHTS)
def test_who_weighs_more_never_gets_less(minor: int, weights: dict[str, Fraction]) -> None:
    shares = Money(minor, "VND").divided(weights)

    in_line = sorted(weights, key=lambda member: weights[member])
    for less, more in pairwise(in_line):
        if weights[less] < weights[more]:
            assert shares[less] <= shares[more]


def test_the_largest_remainder_gets_the_unit_left_over() -> None:
    shares = Money(10, "VND").divided({"a": Fraction(1), "b": Fraction(2)})

    assert [share.minor for share in shares.values()] == [3, 7]


def test_equal_remainders_go_by_weight() -> None:
    # Exact shares 0.5, 1.5 and 2: one unit is left over, and a and b both have half of one.
    shares = Money(4, "VND").divided({"a": Fraction(1), "b": Fraction(3), "c": Fraction(4)})

    assert {member: share.minor for member, share in shares.items()} == {"a": 0, "b": 2, "c": 2}


def test_equal_remainders_and_weights_go_by_member_id() -> None:
    shares = Money(1, "VND").divided({"b": Fraction(1), "a": Fraction(1)})

    assert {member: share.minor for member, share in shares.items()} == {"a": 1, "b": 0}


def test_other_weights_than_the_shares_may_decide_between_equal_remainders() -> None:
    shares = Money(1, "VND").apportioned(
        {"a": Fraction(1, 2), "b": Fraction(1, 2)}, {"a": Fraction(1), "b": Fraction(2)}
    )

    assert shares["b"].minor == 1


def test_negative_exact_shares_are_allowed() -> None:
    shares = Money(-1, "VND").apportioned({"a": Fraction(-3, 2), "b": Fraction(1, 2)})

    assert total(shares.values(), "VND").minor == -1


def test_a_negative_weight_is_refused_with_its_member() -> None:
    with pytest.raises(SplitError, match="weight of 'b' is negative: -1"):
        Money(1, "VND").divided({"a": Fraction(2), "b": Fraction(-1)})


def test_weights_that_are_all_zero_are_refused() -> None:
    with pytest.raises(SplitError, match="all weights are zero"):
        Money(1, "VND").divided({"a": Fraction(0)})


def test_shares_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(SplitError, match="add up to 2, not to 3"):
        Money(3, "VND").apportioned({"a": Fraction(2)})


@given(AMOUNTS, st.sampled_from(sorted(MINOR_DIGITS)))
def test_what_is_written_is_read_back(minor: int, currency: str) -> None:
    money = Money(minor, currency)

    assert Money.parse(str(money)) == money


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("120000 USD", Money(12_000_000, "USD")),
        ("12.5usd", Money(1250, "USD")),
        (" 3_564_912_281 vnd ", Money(3_564_912_281, "VND")),
        ("1.234 KWD", Money(1234, "KWD")),
        ("-5 VND", Money(-5, "VND")),
        ("12.0 VND", Money(12, "VND")),
    ],
)
def test_money_is_read_in_major_units(text: str, money: Money) -> None:
    assert Money.parse(text) == money


@pytest.mark.parametrize("text", ["", "12", "VND", "1,5 USD", "1.234.567 VND", "12 USDX"])
def test_what_is_not_an_amount_and_a_currency_is_refused(text: str) -> None:
    with pytest.raises(SplitError, match="cannot read"):
        Money.parse(text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("3.564.912.281 VND", "3564912281 VND"),
        ("3,564,912,281 VND", "3564912281 VND"),
        ("1 000 000 VND", "1000000 VND"),
        ("VND 1000000", "1000000 VND"),
        ("1000000 đ", "1000000 VND"),
        ("1,000 VND", "1000 VND"),
        ("1.000,50 EUR", "1000.50 EUR"),
        ("1000,50 EUR", "1000.50 EUR"),
        ("$1,000.50", "1000.50 USD"),
    ],
)
def test_a_grouped_amount_is_refused_with_the_plain_one(text: str, plain: str) -> None:
    with pytest.raises(SplitError, match=f"write '{plain}'"):
        Money.parse(text)
    assert Money.parse(plain).minor


@pytest.mark.parametrize("text", ["1,000 EUR", "1.00.000 EUR", "1.000,000.00 EUR", "5 5 dollars"])
def test_an_amount_that_may_be_two_is_refused_without_a_guess(text: str) -> None:
    with pytest.raises(SplitError, match="like '1000000 VND'"):
        Money.parse(text)


def test_a_thousand_is_not_taken_for_one() -> None:
    with pytest.raises(SplitError, match="write '1000 VND' if you mean thousands"):
        Money.parse("1.000 VND")
    assert Money.parse("1000.00 VND").minor == 1000


def test_more_decimals_than_the_currency_has_are_refused() -> None:
    with pytest.raises(SplitError, match=r"'0.5 VND' has more decimals than VND has \(0\)"):
        Money.parse("0.5 VND")


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(CurrencyMismatchError, match="unknown currency 'XXX'"):
        minor_digits("XXX")


def test_money_of_a_fraction_is_refused() -> None:
    with pytest.raises(SplitError, match="whole minor units"):
        Money(1.5, "VND")  # type: ignore[arg-type] # wrong on purpose


def test_the_digits_are_those_of_iso_4217_not_of_locale_data() -> None:
    assert (minor_digits("IQD"), minor_digits("LAK"), minor_digits("VND")) == (3, 2, 0)


def test_two_currencies_do_not_add() -> None:
    with pytest.raises(CurrencyMismatchError, match="cannot mix VND and USD"):
        Money(1, "VND") + Money(1, "USD")


def test_amounts_of_one_currency_add_subtract_and_compare() -> None:
    one, two = Money(1, "VND"), Money(2, "VND")

    assert two - one == one
    assert -one == Money(-1, "VND")
    assert one < two
    assert one <= one  # noqa: PLR0124 - the law under test


@pytest.mark.parametrize(
    ("amount", "minor"),
    [(Fraction(5, 2), 3), (Fraction(-5, 2), -3), (Fraction(1, 3), 0), (Fraction(-2, 3), -1)],
)
def test_halves_are_rounded_away_from_zero(amount: Fraction, minor: int) -> None:
    assert Money.rounded(amount, "VND").minor == minor


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12.5", Fraction(25, 2)),
        ("40%", Fraction(2, 5)),
        ("40 %", Fraction(2, 5)),
        ("1/3", Fraction(1, 3)),
        ("1_000", Fraction(1000)),
        (3, Fraction(3)),
        (Decimal("0.1"), Fraction(1, 10)),
        (Fraction(1, 7), Fraction(1, 7)),
    ],
)
def test_a_number_is_read_exactly(
    written: str | int | Decimal | Fraction, number: Fraction
) -> None:
    assert exact(written) == number


@pytest.mark.parametrize("written", ["", "abc", "1/0", 0.1, True, None])
def test_what_is_not_an_exact_number_is_refused(written: object) -> None:
    with pytest.raises(SplitError, match="exact number"):
        exact(written)  # type: ignore[arg-type] # wrong on purpose


def test_an_amount_beyond_the_precision_of_decimals_is_read_and_written_exactly() -> None:
    written = "123456789012345678901234567890.12 USD"

    assert str(Money.parse(written)) == written
    assert str(-Money.parse("0.05 USD")) == "-0.05 USD"


@pytest.mark.parametrize("given", [Decimal("Infinity"), Decimal("NaN")])
def test_what_is_no_finite_number_is_refused(given: Decimal) -> None:
    with pytest.raises(SplitError, match="cannot read"):
        exact(given)
