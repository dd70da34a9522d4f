"""Usage: rows, sums, and what cannot be right."""

from __future__ import annotations

from collections.abc import Iterable

from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem
from libconsortium.core.usage.checks import checked
from libconsortium.core.usage.rows import (
    Institution,
    UsageEvent,
    UsageItem,
    UsageReport,
    UsageRow,
    months_between,
    sorted_pairs,
    usage_fields,
)
from libconsortium.core.usage.totals import UsageTally

UNI = Institution(name="Uni A")


def header(**said: str) -> UsageReport:
    given = {"report": "TR", "release": "5.1", "begin": "2025-01", "end": "2025-12", **said}
    return UsageReport(institution=UNI, **given)  # type: ignore[arg-type] # texts only


def row(  # noqa: PLR0913 - what a test may want to differ
    metric: str = "Total_Item_Requests",
    month: str = "2025-01",
    count: int = 1,
    *,
    title: str = "A",
    report: UsageReport | None = None,
    institution: Institution = UNI,
    component: str = "",
) -> UsageRow:
    return UsageRow(
        report=report or header(),
        institution=institution,
        item=UsageItem(platform="P", title=title, component=component),
        metric=metric,
        month=month,
        count=count,
    )


def codes(events: Iterable[UsageEvent]) -> list[str]:
    return [event.code for event in checked(events) if isinstance(event, Problem)]


# ---------------------------------------------------------------- records


def test_an_institution_without_a_name_is_called_by_its_customer_number() -> None:
    numbers = (("customer_id", "C1"), ("isni", "0000"))

    assert Institution(identifiers=numbers).label == "C1"
    assert Institution(identifiers=numbers[1:]).label == "0000"
    assert Institution(name="Uni", identifiers=numbers).label == "Uni"
    assert Institution().label == ""


def test_a_report_without_its_period_covers_no_month() -> None:
    assert header(begin="").months == ()
    assert header(end="").months == ()
    assert len(header().months) == 12


def test_months_run_over_the_end_of_a_year_and_never_backwards() -> None:
    assert months_between("2024-11", "2025-02") == ("2024-11", "2024-12", "2025-01", "2025-02")
    assert months_between("2025-02", "2025-01") == ()


def test_the_library_stands_in_place_of_the_reports_own_name() -> None:
    assert usage_fields(row(), "lib-a")["member"] == "lib-a"
    assert usage_fields(row())["member"] == "Uni A"


def test_empty_values_make_no_pairs() -> None:
    assert sorted_pairs({"isbn": "1", "doi": "", "a": "2"}) == (("a", "2"), ("isbn", "1"))


# ---------------------------------------------------------------- what cannot be right


def test_a_month_before_or_after_the_reports_period_is_told() -> None:
    assert codes([row(month="2024-12"), row(month="2026-01")]) == ["MONTH_OUTSIDE"] * 2
    open_header = header(begin="", end="")
    assert codes([row(month="2024-12", report=open_header)]) == []


def test_the_same_row_twice_is_told_and_another_month_or_title_is_not() -> None:
    assert codes([row(), row(month="2025-02"), row(title="B"), row()]) == ["ROW_TWICE"]


def test_unique_use_above_total_use_is_told_once_for_a_line() -> None:
    line = [
        row("Total_Item_Requests", "2025-01", 4),
        row("Total_Item_Requests", "2025-02", 4),
        row("Unique_Item_Requests", "2025-01", 5),
        row("Unique_Item_Requests", "2025-02", 6),
        row("Total_Item_Requests", "2025-01", 4, title="B"),
    ]

    assert codes(line) == ["MORE_THAN_TOTAL"]
    assert codes(line[:2]) == []


def test_unique_use_as_high_as_total_use_is_right() -> None:
    assert codes([row("Total_Item_Requests"), row("Unique_Item_Requests")]) == []


def test_a_problem_names_the_place_or_else_the_title() -> None:
    (found,) = [event for event in checked([row(), row()]) if isinstance(event, Problem)]
    assert (found.where.record, found.where.field) == ("A", "Total_Item_Requests")

    placed = UsageRow(
        report=header(), institution=UNI, item=UsageItem(platform="P"), metric="M",
        month="2025-01", count=1, place=Place(record="Report_Items[3]"),
    )  # fmt: skip
    (found,) = [event for event in checked([placed, placed]) if isinstance(event, Problem)]
    assert found.where.record == "Report_Items[3]"


def test_headers_and_problems_pass_unchanged() -> None:
    told: list[UsageEvent] = [header(), row(), Problem(code="X", where=Place(), what=Message("x"))]

    assert list(checked(told)) == told


# ---------------------------------------------------------------- sums


def tally(*files: tuple[str, list[UsageEvent]]) -> UsageTally:
    made = UsageTally()
    for source, events in files:
        for event in events:
            made.add(source, event)
    return made


def test_usage_is_summed_by_member_platform_report_and_metric() -> None:
    made = tally(("a", [header(), row(count=2), row(month="2025-03", count=3), row(title="B")]))

    (total,) = made.totals()
    assert (total.member, total.platform, total.report, total.metric) == (
        "Uni A", "P", "TR", "Total_Item_Requests",
    )  # fmt: skip
    assert (total.count, total.first, total.last) == (6, "2025-01", "2025-03")


def test_components_of_items_are_never_added_to_items() -> None:
    made = tally(("a", [header(), row(count=2), row(count=9, component="data.csv")]))

    assert made.totals()[0].count == 2


def test_of_two_reports_on_one_month_the_one_made_last_counts() -> None:
    old, new = header(created="2025-02-01"), header(created="2025-06-01")
    made = tally(("old", [old, row(count=5, report=old)]), ("new", [new, row(count=7, report=new)]))

    assert made.totals()[0].count == 7
    (problem,) = made.problems()
    assert (problem.code, problem.where.source) == ("RESTATED", "new")


def test_of_two_made_at_the_same_time_the_one_given_last_counts() -> None:
    made = tally(("a", [header(), row(count=5)]), ("b", [header(), row(count=7)]))

    assert made.totals()[0].count == 7


def test_files_with_other_filters_both_count_and_it_is_told() -> None:
    books = UsageReport(report="TR", release="5", filters=(("Data_Type", "Book"),))
    journals = UsageReport(report="TR", release="5", filters=(("Data_Type", "Journal"),))
    made = tally(
        ("b", [books, row(count=5, report=books)]), ("j", [journals, row(count=7, report=journals)])
    )

    assert made.totals()[0].count == 12
    assert [problem.code for problem in made.problems()] == ["FILTERS_OVERLAP"]


def test_filters_in_another_order_are_the_same_filters() -> None:
    one = UsageReport(report="TR", release="5", filters=(("Data_Type", "Book|Journal"),))
    other = UsageReport(report="TR", release="5", filters=(("Data_Type", "Journal|Book"),))
    made = tally(("a", [one, row(report=one)]), ("b", [other, row(report=other)]))

    assert made.totals()[0].count == 1


def test_a_report_and_its_standard_view_are_never_added() -> None:
    view = header(report="TR_J1")
    made = tally(
        (
            "a",
            [
                header(),
                row(count=5),
            ],
        ),
        ("b", [view, row(count=5, report=view)]),
    )

    assert [(total.report, total.count) for total in made.totals()] == [("TR", 5), ("TR_J1", 5)]
    assert made.problems() == ()


def test_a_file_that_is_dropped_counts_for_nothing() -> None:
    made = tally(("a", [header(), row(count=5)]), ("b", [header(), row(count=7)]))
    made.drop("b")

    assert made.totals()[0].count == 5


def test_a_report_covers_its_whole_period() -> None:
    (covered,) = tally(("a", [header(created_by="S"), row()])).coverage()

    assert (covered.member, covered.provider, covered.report) == ("Uni A", "S", "TR")
    assert len(covered.months) == 12


def test_a_report_that_says_it_is_partial_covers_the_months_with_rows() -> None:
    partial = UsageReport(
        report="TR", release="5", institution=UNI, begin="2025-01", end="2025-12", is_partial=True
    )
    (covered,) = tally(("a", [partial, row(month="2025-04", report=partial)])).coverage()

    assert covered.months == ("2025-04",)


def test_a_detailed_consortium_report_covers_each_of_its_members() -> None:
    other = Institution(name="Uni B")
    made = tally(("a", [header(), row(institution=other)]))

    assert [covered.member for covered in made.coverage()] == ["Uni A", "Uni B"]
    assert [total.member for total in made.totals()] == ["Uni B"]


def test_problems_are_no_usage() -> None:
    made = UsageTally()
    made.add("a", header())
    made.add("a", Problem(code="X", where=Place(), what=Message("x")))

    assert made.totals() == ()
