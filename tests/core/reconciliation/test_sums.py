from fractions import Fraction

import pytest

from libconsortium.core.directory.quantities import Quantity
from libconsortium.core.reconciliation.readings import Figure, Total
from libconsortium.core.reconciliation.sums import adds_up, likely_range, round_step, slip_of


def figure(text: str, *, step: int = 1, is_rounded: bool = False) -> Figure:
    return Figure(
        quantity=Quantity.parse(text),
        label=text,
        step=Fraction(step),
        is_rounded=is_rounded,
    )


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("712", 712, 712),
        ("over 700", 700, 800),
        ("at least 180", 180, 190),
        ("nearly 6000", 5000, 6000),
        ("under 50", 40, 50),
        ("about 50", 45, 55),
        ("100-150", 100, 150),
    ],
)
def test_how_people_write_figures(text: str, low: int, high: int) -> None:
    assert likely_range(figure(text)) == (Fraction(low), Fraction(high))


def test_zero_looks_rounded_to_ones() -> None:
    assert round_step(Fraction(0)) == 1


@pytest.mark.parametrize(
    ("stated", "parts", "is_right"),
    [
        ("712", ["200", "212", "300"], True),
        ("713", ["200", "212", "300"], False),
        ("over 700", ["200", "212", "300"], True),
        ("over 700", ["200", "190", "300"], False),
        ("nearly 720", ["200", "212", "300"], True),
        ("nearly 700", ["200", "212", "300"], False),
        ("about 700", ["200", "212", "300"], True),
        ("about 900", ["200", "212", "300"], False),
        ("100-150", ["60", "70"], True),
        ("712", ["over 200", "212", "nearly 300"], True),
        ("912", ["over 200", "212", "nearly 300"], False),
    ],
)
def test_parts_add_up_as_exactly_as_they_are_written(
    stated: str,
    parts: list[str],
    *,
    is_right: bool,
) -> None:
    assert adds_up(figure(stated), [figure(part) for part in parts]) is is_right


def test_digits_may_be_cut_off_a_total() -> None:
    parts = [figure("63000000", step=1_000_000), figure("38250000", step=1000)]

    assert adds_up(figure("101000000", step=1_000_000), parts)
    assert not adds_up(figure("100000000", step=1_000_000), parts)


def test_rounded_parts_may_miss_a_rounded_total() -> None:
    parts = [figure(text, step=100, is_rounded=True) for text in ("1300", "800", "1200")]

    assert adds_up(figure("3400", step=100, is_rounded=True), parts)
    assert not adds_up(figure("3500", step=100, is_rounded=True), parts)
    assert not adds_up(figure("3400", step=100), parts)


def test_no_parts_add_up_to_nothing() -> None:
    assert not adds_up(figure("5"), [])


def test_a_total_within_may_count_as_stated_or_as_computed() -> None:
    inner = Total(stated=figure("8"), parts=(figure("3"), figure("4")))

    assert adds_up(figure("9"), [inner, figure("1")])
    assert adds_up(figure("8"), [inner, figure("1")])
    assert not adds_up(figure("10"), [inner, figure("1")])


@pytest.mark.parametrize(
    ("stated", "parts", "what"),
    [
        ("10125", ["10125", "1000"], "omitted line: the difference is exactly «1000»"),
        (
            "90",
            ["60", "14", "16", "7", "8"],
            "omitted lines: the difference is exactly «7» and «8»",
        ),
        ("140", ["60", "40"], "line counted twice: the difference is exactly «40»"),
        ("1000", ["60", "40"], "zeros too many or too few"),
        ("92950", ["61000", "38250"], "typing slip: two digits are swapped"),
        ("101", ["70", "41"], "typing slip: one digit differs"),
        ("20768", ["20000", "771"], "no single line explains the difference; check every line"),
        ("0", ["60", "41"], "no single line explains the difference; check every line"),
    ],
)
def test_the_likeliest_slip_is_told(stated: str, parts: list[str], what: str) -> None:
    slip = slip_of(figure(stated), [figure(part) for part in parts])

    assert str(slip.what) == what
