from datetime import date
from typing import Any

import pytest

from libconsortium import BankLine, ExpectedPayment, Money, PaymentMatch, match_payments

PROVINCES = "Quảng Ninh, Quảng Nam, Quảng Bình, Ninh Bình, Hòa Bình, Bắc Ninh, Hà Nam, Hà Nội"


def owed(place: str, **more: Any) -> ExpectedPayment:
    values: dict[str, Any] = {
        "id": place,
        "name": f"Thư viện tỉnh {place}",
        "amount": Money(1_000_000, "VND"),
        **more,
    }
    return ExpectedPayment(**values)


PAYERS = [owed(place) for place in PROVINCES.split(", ")]


def paid(text: str, minor: int = 1_000_000, **more: Any) -> BankLine:
    values: dict[str, Any] = {
        "id": "1",
        "on": date(2019, 3, 1),
        "amount": Money(minor, "VND"),
        "text": text,
        **more,
    }
    return BankLine(**values)


def found(match: PaymentMatch) -> tuple[str, str]:
    return (match.expected.id if match.expected else "", match.status.value)


def reasons(match: PaymentMatch) -> str:
    return "; ".join(map(str, match.reasons))


@pytest.mark.parametrize(
    ("text", "payer"),
    [
        ("TV TINH QUANG NINH nop hoi phi 2019", "Quảng Ninh"),
        ("thu vien tinh quang nam ck", "Quảng Nam"),
        ("Thư viện tỉnh Ninh Bình nộp hội phí", "Ninh Bình"),
        ("TVT HOA BINH", "Hòa Bình"),
        ("Thư viện Hoà Bình", "Hòa Bình"),
        ("hoi phi BAC NINH", "Bắc Ninh"),
        ("IBFT.TV HA NAM.0123", "Hà Nam"),
    ],
)
def test_a_payer_is_told_by_its_name_without_diacritics(text: str, payer: str) -> None:
    (match,) = match_payments(PAYERS, [paid(text)])

    assert found(match) == (payer, "matched")
    assert match.confidence >= 0.75
    assert "the name has" in reasons(match)
    assert "the amount is the one owed" in reasons(match)


@pytest.mark.parametrize(
    "text", ["nop hoi phi 2019", "TV TINH QUANG", "Nguyen Van Ninh", "Thư viện tỉnh Quảng Nình"]
)
def test_a_part_of_a_name_is_no_name(text: str) -> None:
    (match,) = match_payments(PAYERS, [paid(text)])

    assert found(match) == ("", "unknown")
    assert reasons(match) == "no payer's name is in it"


def test_two_names_in_one_line_stay_unknown() -> None:
    (match,) = match_payments(PAYERS, [paid("TV QUANG NAM nop thay TV HA NOI")])

    assert found(match) == ("", "unknown")
    assert "any of Hà Nội, Quảng Nam; the amount fits Hà Nội, Quảng Nam" in reasons(match)


def test_names_that_fold_alike_need_diacritics() -> None:
    alike = [owed("Hưng Yên"), owed("Hùng Yên", amount=Money(5, "VND")), *PAYERS]

    bare, written = match_payments(alike, [paid("TV HUNG YEN", 7), paid("TV Hưng Yên")])

    assert found(bare) == ("", "unknown")
    assert reasons(bare).endswith("the amount fits -")
    assert found(written) == ("Hưng Yên", "matched")


def test_a_partial_payment_and_the_rest() -> None:
    lines = [paid("TV QUANG NINH", 900_000), paid("TV QUANG NINH", 100_000)]

    first, second = match_payments(PAYERS, lines)

    assert found(first) == ("Quảng Ninh", "partial")
    assert str(first.left) == "100000 VND"
    assert "100000 VND is still owed" in reasons(first)
    assert found(second) == ("Quảng Ninh", "matched")


def test_too_much_is_over() -> None:
    (match,) = match_payments(PAYERS, [paid("TV QUANG NINH", 1_200_000)])

    assert found(match) == ("Quảng Ninh", "over")
    assert "200000 VND more than owed" in reasons(match)


@pytest.mark.parametrize(("minor", "status"), [(1_000_000, "late"), (900_000, "partial")])
def test_money_after_the_last_day_is_late(minor: int, status: str) -> None:
    waiting = [owed("Quảng Ninh", due_on=date(2019, 2, 28)), *PAYERS[1:]]

    (match,) = match_payments(waiting, [paid("TV QUANG NINH", minor)])

    assert found(match) == ("Quảng Ninh", status)
    assert match.is_late
    assert "the last day was 2019-02-28" in reasons(match)


def test_a_code_goes_before_names() -> None:
    waiting = [owed("Quảng Ninh", reference="HP2019-QNI-37"), *PAYERS[1:]]

    (match,) = match_payments(waiting, [paid("CK HP2019 QNI37")])

    assert found(match) == ("Quảng Ninh", "matched")
    assert (match.confidence, reasons(match)) == (0.99, "it has the code HP2019-QNI-37")


def test_the_code_of_one_and_the_name_of_another_stay_unknown() -> None:
    waiting = [owed("Quảng Ninh", reference="HP-QNI"), *PAYERS[1:]]

    (match,) = match_payments(waiting, [paid("HP-QNI TV HA NOI")])

    assert found(match) == ("", "unknown")
    assert reasons(match) == "the code is that of Quảng Ninh, but the name that of Hà Nội"


def test_the_codes_of_two_stay_unknown() -> None:
    waiting = [owed("Quảng Ninh", reference="HP-QNI"), owed("Hà Nội", reference="HP-HNO")]

    (match,) = match_payments(waiting, [paid("HP-QNI va HP-HNO")])

    assert reasons(match) == "it has the codes of several: Hà Nội, Quảng Ninh"


def test_the_year_in_the_text_says_which_due_is_meant() -> None:
    waiting = [owed("Quảng Ninh", year=year) for year in (2018, 2019, 2020)]

    matches = match_payments(
        waiting,
        [paid("TV QUANG NINH 2019"), paid("TV QUANG NINH"), paid("TV QUANG NINH hoi phi 2019")],
    )

    assert [match.expected.year for match in matches if match.expected] == [2019, 2018, 2019]
    assert [match.status.value for match in matches] == ["matched", "matched", "over"]


def test_a_longer_name_goes_before_a_part_of_it() -> None:
    waiting = [owed("Hà Nội"), owed("uni", name="Đại học Quốc gia Hà Nội"), *PAYERS[:3]]

    (match,) = match_payments(waiting, [paid("DAI HOC QUOC GIA HA NOI nop")])

    assert found(match) == ("uni", "matched")


def test_an_alias_counts_as_a_name() -> None:
    waiting = [owed("Huế", aliases=("Thư viện Tổng hợp Thừa Thiên Huế",)), *PAYERS]

    (match,) = match_payments(waiting, [paid("TV TONG HOP THUA THIEN HUE")])

    assert found(match) == ("Huế", "matched")


def test_another_currency_stays_unknown() -> None:
    (match,) = match_payments(PAYERS, [paid("TV QUANG NINH", amount=Money(5000, "USD"))])

    assert reasons(match) == "nothing is owed in USD"


def test_where_nothing_is_owed_everything_is_unknown() -> None:
    (match,) = match_payments([], [paid("TV QUANG NINH")])

    assert found(match) == ("", "unknown")


def test_an_empty_name_matches_nothing() -> None:
    (match,) = match_payments([owed("x", name="")], [paid("TV QUANG NINH")])

    assert found(match) == ("", "unknown")
