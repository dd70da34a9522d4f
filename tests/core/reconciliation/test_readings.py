import pytest

from libconsortium.core.directory.quantities import Quantity
from libconsortium.core.problems import Place
from libconsortium.core.reconciliation.periods import Period
from libconsortium.core.reconciliation.readings import Figure, Reading, Total, leaves_of


def figure(number: int) -> Figure:
    return Figure(quantity=Quantity.of(number), written=str(number), where=Place(source="a.txt"))


@pytest.mark.parametrize(
    ("period", "written"),
    [
        (Period.of_years(2019), "2019"),
        (Period.of_years(2019, 2020), "2019-2020"),
        (Period(2019 * 12 + 8, 2019 * 12 + 8), "2019-09"),
        (Period(2017 * 12 + 8, 2020 * 12 + 9), "2017-09/2020-10"),
    ],
)
def test_a_period_is_written_in_years_or_months(period: Period, written: str) -> None:
    assert str(period) == written


def test_periods_overlap_or_lie_within_one_another() -> None:
    two_years = Period.of_years(2018, 2019)

    assert Period.of_years(2019) in two_years
    assert Period.of_years(2019, 2020) not in two_years
    assert two_years.overlaps(Period.of_years(2019, 2020))
    assert not two_years.overlaps(Period.of_years(2020))


def test_a_total_within_counts_as_what_its_own_parts_add_up_to() -> None:
    inner = Total(stated=figure(9), parts=(figure(3), figure(4)))
    some = Total(stated=figure(9), parts=(figure(3),), is_whole=False)

    assert Total(stated=figure(0), parts=(inner, figure(1))).computed == 8
    assert Total(stated=figure(0), parts=(some, figure(1))).computed == 10


def test_leaves_are_the_figures_that_are_no_totals() -> None:
    inner = Total(stated=figure(9), parts=(figure(3), figure(4)))

    assert [
        int(one.number) for one in leaves_of(Total(stated=figure(0), parts=(inner, figure(1))))
    ] == [3, 4, 1]


def test_all_totals_come_the_outer_ones_first() -> None:
    inner = Total(stated=figure(7), parts=(figure(3), figure(4)))
    outer = Total(stated=figure(8), parts=(inner, figure(1)))

    assert list(Reading(source="a", totals=(outer,)).all_totals()) == [outer, inner]
