from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import Qualifier, Quantity, QuantityError, decimal_text
from tests.strategies import quantities


@given(quantities())
def test_what_is_written_is_read_back(quantity: Quantity) -> None:
    assert Quantity.parse(str(quantity)) == quantity


@given(quantities().filter(lambda quantity: not quantity.is_exact))
def test_an_approximate_figure_is_never_printed_as_exact(quantity: Quantity) -> None:
    assert not str(quantity).replace(".", "").isdigit()
    assert not Quantity.parse(str(quantity)).is_exact


@given(quantities().filter(lambda quantity: not quantity.is_exact))
def test_an_approximate_figure_has_no_exact_number(quantity: Quantity) -> None:
    with pytest.raises(QuantityError, match="is not exact"):
        _ = quantity.exact


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("700", 700),
        ("1_000", 1000),
        ("1234.5", "1234.5"),
        ("0,2", "0.2"),
        ("0.125", "0.125"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("10.000.000", 10_000_000),
        ("1,234,567", 1_234_567),
        ("1234.567", "1234.567"),
        ("111 chẵn", 111),
        ("đúng 5", 5),
        ("exactly 5", 5),
    ],
)
def test_an_exact_figure_is_read(text: str, number: int | str) -> None:
    assert Quantity.parse(text).exact == Fraction(number)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("hơn 700", "> 700"),
        ("HƠN  700", "> 700"),
        ("trên 60", "> 60"),
        ("over 700", "> 700"),
        ("more than 700", "> 700"),
        ("gần 6000", "<~ 6000"),
        ("nearly 6000", "<~ 6000"),
        ("khoảng 50", "~ 50"),
        ("about 50", "~ 50"),
        (">= 5", ">= 5"),
        ("≥5", ">= 5"),
        ("ít nhất 5", ">= 5"),
        ("60+", ">= 60"),
        ("dưới 5", "< 5"),
        ("không quá 5", "<= 5"),
        ("100-150", "100-150"),
        ("100–150", "100-150"),
        ("từ 100 đến 150", "100-150"),
        ("100 to 150", "100-150"),
        ("gần 1.234.567", "<~ 1234567"),
    ],
)
def test_an_approximate_figure_keeps_what_it_says(text: str, written: str) -> None:
    assert str(Quantity.parse(text)) == written


def test_words_are_read_in_whatever_form_their_diacritics_are_coded() -> None:
    import unicodedata

    assert str(Quantity.parse(unicodedata.normalize("NFD", "hơn 700"))) == "> 700"


@pytest.mark.parametrize("text", ["40.000", "40,000", "1.234", "hơn 40.000", "40.000-50.000"])
def test_a_figure_that_can_be_read_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(QuantityError, match="two ways"):
        Quantity.parse(text)


@pytest.mark.parametrize(
    "text",
    ["", "-5", "hơn", "62/63", "5%", "1.23.4", "1.234.56", "1e3", "12 triệu", "hơn 5+", "\u0665"],
)
def test_what_is_no_figure_is_refused(text: str) -> None:
    with pytest.raises(QuantityError, match="cannot read"):
        Quantity.parse(text)


@pytest.mark.parametrize("text", ["150-100", "5-5"])
def test_a_range_goes_up(text: str) -> None:
    with pytest.raises(QuantityError, match="from a lower to a higher"):
        Quantity.parse(text)


def test_half_a_range_is_refused() -> None:
    with pytest.raises(QuantityError, match="range"):
        Quantity(number=Fraction(1), qualifier=Qualifier.RANGE)


def test_an_upper_end_without_a_range_is_refused() -> None:
    with pytest.raises(QuantityError, match="range"):
        Quantity(number=Fraction(1), upper=Fraction(2))


@pytest.mark.parametrize("number", [Fraction(-1), Fraction(1, 3)])
def test_a_figure_is_a_decimal_number_and_not_negative(number: Fraction) -> None:
    with pytest.raises(QuantityError, match="no figure"):
        Quantity.of(number)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("5", 5, 5),
        ("> 5", 5, None),
        (">= 5", 5, None),
        ("< 5", None, 5),
        ("<= 5", None, 5),
        ("<~ 5", None, 5),
        ("~ 5", None, None),
        ("5-6", 5, 6),
    ],
)
def test_bounds_say_only_what_is_certain(text: str, low: int | None, high: int | None) -> None:
    assert Quantity.parse(text).bounds == (low, high)


@given(st.fractions())
def test_a_number_as_text_means_the_same_number(number: Fraction) -> None:
    assert Fraction(decimal_text(number)) == number


def test_three_decimals_get_a_fourth_so_that_they_are_no_thousands() -> None:
    assert str(Quantity.of(Fraction("3.125"))) == "3.1250"
