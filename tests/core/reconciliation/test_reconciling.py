"""The rules, on statements made by hand; texts are under test in tests/report_reading."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import attrs
import pytest

from libconsortium import Finding, reconcile
from libconsortium.core.directory.quantities import Quantity
from libconsortium.core.problems import Place, Severity
from libconsortium.core.reconciliation.periods import Period
from libconsortium.core.reconciliation.readings import (
    Edition,
    Figure,
    InWords,
    Percentage,
    Product,
    Ratio,
    Reading,
    Role,
    Span,
    Total,
)


def figure(text: str, unit: str = "VND", **more: Any) -> Figure:
    values = {"family": unit, "written": f"{text} {unit}", "where": Place(source="a", line=1)}
    return Figure(quantity=Quantity.parse(text), unit=unit, **{**values, **more})


def found(*readings: Reading) -> list[str]:
    return [finding.code for finding in reconcile(readings)]


def only(*readings: Reading) -> Finding:
    (finding,) = reconcile(readings)
    return finding


def year(number: int, last: int | None = None) -> dict[str, Any]:  # the fields of a figure
    return {"period": Period.of_years(number, last), "has_own_period": True}


# ---------------------------------------------------------------- totals


def test_a_finding_knows_its_difference() -> None:
    total = Total(stated=figure("5"), parts=(figure("3"), figure("4")))

    finding = only(Reading(source="a", totals=(total,)))

    assert finding.stated == 5
    assert finding.computed == 7
    assert finding.difference == -2
    assert finding.severity is Severity.ERROR


def test_without_two_numbers_there_is_no_difference() -> None:
    mixed = Total(
        stated=figure("7", "copies"), parts=(figure("3", "copies"), figure("4", "titles"))
    )

    assert only(Reading(source="a", totals=(mixed,))).difference is None


def test_a_total_that_may_be_of_something_else_is_not_told() -> None:
    total = Total(stated=figure("5"), parts=(figure("3"), figure("4")), is_sure=False)

    assert found(Reading(source="a", totals=(total,))) == []


def test_findings_come_in_the_order_of_the_documents() -> None:
    def wrong(source: str, line: int) -> Reading:
        stated = figure("5", where=Place(source=source, line=line))
        return Reading(source=source, totals=(Total(stated=stated, parts=(figure("3"),)),))

    findings = reconcile([wrong("b", 1), wrong("a", 9)])

    assert [finding.where.source for finding in findings] == ["b", "a"]


# ---------------------------------------------------------------- ratios, percentages


@pytest.mark.parametrize(
    ("amount", "part", "whole", "is_dues", "codes"),
    [
        ("63000000", 62, 63, True, ["UNIT_RATE_NOT_INTEGRAL"]),
        ("62000000", 62, 63, True, []),
        ("63000000", 62, 63, False, []),
        ("63500000", 63, 63, True, []),
        ("over 63000000", 62, 63, True, []),
        ("63000001", 62, 63, True, ["UNIT_RATE_NOT_INTEGRAL"]),
    ],
)
def test_dues_that_nobody_can_have_paid(
    amount: str,
    part: int,
    whole: int,
    *,
    is_dues: bool,
    codes: list[str],
) -> None:
    ratio = Ratio(part=part, whole=whole, amount=figure(amount), is_dues=is_dues)

    assert found(Reading(source="a", ratios=(ratio,))) == codes


def test_cents_may_be_paid() -> None:
    ratio = Ratio(part=4, whole=5, amount=figure("10.5", "USD"), is_dues=True)

    assert found(Reading(source="a", ratios=(ratio,))) == ["UNIT_RATE_NOT_INTEGRAL"]
    assert found(Reading(source="a", ratios=(attrs.evolve(ratio, part=2),))) == []


def test_a_ratio_without_money_is_no_rate() -> None:
    assert found(Reading(source="a", ratios=(Ratio(part=62, whole=63),))) == []


def percentage(text: str, **more: Any) -> Reading:
    return Reading(source="a", percentages=(Percentage(stated=figure(text, "%"), **more),))


RATIO = Ratio(part=62, whole=63, unit="units", amount=figure("62000000"))


@pytest.mark.parametrize(
    ("reading", "codes"),
    [
        (percentage("98.4", ratios=(RATIO,)), []),
        (percentage("over 98", ratios=(RATIO,)), []),
        (percentage("over 99", ratios=(RATIO,)), ["RATIO_MISMATCH"]),
        (percentage("95", ratios=(RATIO,)), ["RATIO_MISMATCH"]),
        (percentage("95"), []),
        (percentage("98", of=figure("62"), bases=(figure("63"),)), []),
        (percentage("95", of=figure("62"), bases=(figure("63"),)), ["RATIO_MISMATCH"]),
        (percentage("95", of=figure("62"), bases=(figure("0"),)), []),
        (percentage("95", of=figure("62"), has_basis=True), []),
        (percentage("98.4", of=figure("62000000"), ratios=(RATIO,)), []),
        (percentage("98.4", of=figure("101"), ratios=(RATIO,)), ["RATIO_BASIS_UNCLEAR"]),
        (percentage("95", of=figure("101"), ratios=(RATIO,)), ["RATIO_BASIS_UNCLEAR"]),
    ],
)
def test_a_percentage_must_be_a_share_of_its_base_or_say_of_what(
    reading: Reading, codes: list[str]
) -> None:
    assert found(reading) == codes


@pytest.mark.parametrize(
    ("count", "rate", "stated", "codes"),
    [
        ("50", "200000", "10000000", []),
        ("50", "200000", "12000000", ["PRODUCT_MISMATCH"]),
        ("about 50", "200000", "10500000", []),
        ("over 50", "200000", "12000000", ["PRODUCT_MISMATCH"]),
    ],
)
def test_a_stated_product_is_its_count_times_its_rate(
    count: str, rate: str, stated: str, codes: list[str]
) -> None:
    product = Product(count=figure(count, "posts"), rate=figure(rate), stated=figure(stated))

    assert found(Reading(source="a", products=(product,))) == codes


def test_a_product_may_be_cut_off() -> None:
    stated = figure("10000000", step=Fraction(1_000_000))
    product = Product(count=figure("51", "posts"), rate=figure("200000"), stated=stated)

    assert found(Reading(source="a", products=(product,))) == []


@pytest.mark.parametrize(("number", "codes"), [(5, []), (None, []), (6, ["WORDS_MISMATCH"])])
def test_amounts_in_words(number: int | None, codes: list[str]) -> None:
    said = InWords(stated=figure("5"), words="five", number=number)

    assert found(Reading(source="a", in_words=(said,))) == codes


# ---------------------------------------------------------------- periods


def mix(stated: Figure, *parts: Figure) -> list[str]:
    return found(Reading(source="a", totals=(Total(stated=stated, parts=parts),)))


def test_money_of_two_years_in_a_total_of_one() -> None:
    parts = figure("55"), figure("56", **year(2019, 2020))
    total = Total(stated=figure("111", **year(2019)), parts=parts)

    finding = only(Reading(source="a", totals=(total,)))

    assert finding.code == "PERIOD_MIX"
    assert finding.computed == 83


def test_without_a_year_of_its_own_a_total_is_of_its_parts_first_year() -> None:
    wide = figure("56", **year(2019, 2020))

    assert mix(figure("111"), figure("55", **year(2019)), wide) == ["PERIOD_MIX"]
    assert mix(figure("111"), figure("55"), wide) == ["PERIOD_MIX"]
    assert mix(figure("112"), wide, wide) == []
    assert mix(figure("111"), figure("55"), figure("56")) == []


def test_a_total_of_two_years_holds_money_of_two_years() -> None:
    assert (
        mix(figure("111", **year(2019, 2020)), figure("55"), figure("56", **year(2019, 2020))) == []
    )


def test_money_of_other_years_is_no_mix() -> None:
    assert mix(figure("111", **year(2019)), figure("55"), figure("56", **year(2020, 2021))) == []


def span(first: int, last: int) -> Span:
    return Span(period=Period.of_years(first, last), where=Place(source="a"), written="")


@pytest.mark.parametrize(
    ("terms", "reviews", "codes"),
    [
        ([(2018, 2019)], [(2019, 2020)], ["TERM_MISMATCH"]),
        ([(2018, 2019), (2020, 2022)], [(2019, 2020), (2019, 2020)], ["TERM_MISMATCH"]),
        ([(2018, 2020)], [(2018, 2020)], []),
        ([(2022, 2024)], [(2022, 2023)], []),
        ([(2018, 2019)], [(2018, 2020)], ["TERM_MISMATCH"]),
        ([(2018, 2019)], [(2010, 2020)], []),
        ([(2018, 2019)], [(2021, 2022)], []),
        ([], [(2019, 2020)], []),
        ([(2018, 2019), (2018, 2020)], [], ["TERM_MISMATCH"]),
    ],
)
def test_terms_and_reviews_speak_of_the_same_years(
    terms: Sequence[tuple[int, int]], reviews: Sequence[tuple[int, int]], codes: list[str]
) -> None:
    reading = Reading(
        source="a",
        terms=tuple(span(*one) for one in terms),
        reviews=tuple(span(*one) for one in reviews),
    )

    assert found(reading) == codes


def test_a_report_without_terms_is_held_against_those_of_the_others() -> None:
    one = Reading(source="a", terms=(span(2018, 2019),))
    other = Reading(source="b", reviews=(span(2019, 2020),))

    assert found(one, other) == ["TERM_MISMATCH"]


def held(*pairs: tuple[int, int | None]) -> Reading:
    editions = [
        Edition(event="conference", number=number, year=year, where=Place(source="a"))
        for number, year in pairs
    ]
    return Reading(source="a", editions=tuple(editions))


def test_the_number_of_an_edition_is_not_computed_from_the_year() -> None:
    finding = only(held((13, 2015), (14, 2016), (15, 2017)), held((18, 2020), (21, 2024)))

    assert finding.code == "EDITION_NOT_YEAR"
    assert finding.stated == 21
    assert finding.computed == 22


def test_editions_that_follow_the_years_are_right() -> None:
    assert found(held((13, 2015), (14, 2016), (15, 2017), (16, None))) == []


# ---------------------------------------------------------------- comparisons


def reading(source: str, *figures: Figure) -> Reading:
    return Reading(source=source, figures=figures)


@pytest.mark.parametrize(
    ("bound", "exact", "codes"),
    [
        ("over 200", "338", ["LOOSE_BOUND"]),
        ("over 300", "338", []),
        ("nearly 6000", "5892", []),
        ("nearly 6000", "4100", ["LOOSE_BOUND"]),
        ("over 400", "338", ["SOURCE_DISAGREE"]),
        ("nearly 300", "338", ["SOURCE_DISAGREE"]),
        ("over 200", "3", []),
        ("over 0", "3", []),
        ("about 200", "338", []),
    ],
)
def test_a_bound_is_held_against_the_exact_figure_elsewhere(
    bound: str, exact: str, codes: list[str]
) -> None:
    one, other = reading("a", figure(bound, "chapters")), reading("b", figure(exact, "chapters"))

    assert found(one, other) == codes
    assert found(other, one) == codes


def test_the_same_pair_is_told_once() -> None:
    one = reading("a", figure("over 200", "chapters"), figure("over 200", "chapters"))

    assert found(one, reading("b", figure("338", "chapters"))) == ["LOOSE_BOUND"]


def test_money_and_other_units_are_not_held_against_bounds() -> None:
    assert found(reading("a", figure("over 200")), reading("b", figure("338"))) == []
    assert found(reading("a", figure("over 200", "x")), reading("b", figure("338", "y"))) == []


def test_two_sources_give_an_event_different_figures() -> None:
    one = reading("a", figure("67", "units", event="conference 18"))
    other = reading("b", figure("68", "units", event="conference 18"))

    assert only(one, other).code == "SOURCE_DISAGREE"
    assert found(one, reading("b", figure("68", "units", event="conference 19"))) == []
    assert found(one, reading("b", figure("680", "units", event="conference 18"))) == []
    assert found(one, reading("b", figure("over 60", "units", event="conference 18"))) == []
    assert found(one, reading("b", *other.figures, *one.figures)) == []


def test_two_sources_give_a_year_different_figures() -> None:
    def units(number: str, subject: str, **more: Any) -> Figure:
        return figure(number, "units", subject=frozenset(subject.split()), **more)

    one = reading("a", units("67", "paid dues", **year(2019)))

    assert found(one, reading("b", units("68", "dues paid", **year(2019)))) == ["SOURCE_DISAGREE"]
    assert found(one, reading("b", units("68", "took part", **year(2019)))) == []
    assert found(one, reading("b", units("68", "dues paid"))) == []
    assert found(one, reading("b", units("68", "dues paid", **year(2018)))) == []


def test_a_year_that_has_nearly_all_of_a_longer_time() -> None:
    long = figure("about 50", "posts", period=Period(24213, 24250), has_own_period=True)
    short = figure("over 40", "posts", **year(2019))

    assert found(reading("a", long), reading("b", short)) == ["IMPLAUSIBLE_PAIR"]
    assert found(reading("a", long), reading("b", figure("15", "posts", **year(2019)))) == []
    assert found(reading("a", long), reading("b", figure("over 40", "posts", **year(2025)))) == []


def test_more_in_a_year_than_in_the_time_around_it() -> None:
    long, short = figure("50", "posts", **year(2018, 2020)), figure("60", "posts", **year(2019))

    finding = only(reading("a", long), reading("b", short))

    assert finding.code == "IMPLAUSIBLE_PAIR"
    assert "leaves 0 of" in str(finding.what)


def stock(number: str, of_year: int, **more: Any) -> Figure:
    return figure(number, "copies", subject=frozenset({"stock"}), **year(of_year), **more)


@pytest.mark.parametrize(
    ("before", "after", "codes"),
    [
        ("2563000", "1657776", ["YEAR_JUMP"]),
        ("1000", "1600", ["YEAR_JUMP"]),
        ("1000", "1100", []),
        ("10", "30", []),
        ("0", "300", []),
    ],
)
def test_a_jump_from_one_year_to_the_next(before: str, after: str, codes: list[str]) -> None:
    assert found(reading("a", stock(before, 2016)), reading("b", stock(after, 2017))) == codes


def test_a_jump_that_is_explained_or_years_away_is_none() -> None:
    one = reading("a", stock("1000", 2016))

    assert found(one, reading("b", stock("100", 2017, is_explained=True))) == []
    assert found(one, reading("b", stock("100", 2019))) == []
    assert found(one, reading("b", stock("100", 2017, role=Role.EXPECTED))) == []
    assert found(one, reading("b", stock("over 100", 2017))) == []
    assert (
        found(reading("a", figure("1000", "", **year(2016)), figure("1", "", **year(2017)))) == []
    )


def test_a_second_figure_goes_on_with_the_first_in_its_sentence() -> None:
    first = stock("1000", 2016)
    second = figure("100", "copies", **year(2017))

    assert found(reading("a", first, second)) == ["YEAR_JUMP"]
    assert found(reading("a", first, attrs.evolve(second, unit="titles"))) == []


# ---------------------------------------------------------------- between totals


def totals(*pairs: tuple[str, dict[str, Any]]) -> Reading:  # the fields of a figure
    made = [Total(stated=figure(text, **more), parts=(figure(text),)) for text, more in pairs]
    return Reading(source="a", totals=tuple(made), figures=tuple(one.stated for one in made))


def test_totals_nearly_alike_and_never_added_up() -> None:
    assert found(totals(("111250", {}), ("111000", {}))) == [
        "MISSING_GRAND_TOTAL",
        "NEAR_DUPLICATE_TOTALS",
    ]


def test_income_and_spending_or_two_years_need_no_grand_total() -> None:
    assert found(totals(("100", {"flow": "in"}), ("80", {"flow": "out"}))) == []
    assert found(totals(("100", year(2018)), ("80", year(2019)))) == []


def test_a_grand_total_that_is_stated_is_not_missing() -> None:
    read = totals(("100", {}), ("80", {}))

    assert found(attrs.evolve(read, figures=(*read.figures, figure("180")))) == []
