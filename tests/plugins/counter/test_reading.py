"""COUNTER reports: every form gives the same rows, and what is wrong is told."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import (
    FileRefusedError,
    Problem,
    Registry,
    UsageEvent,
    UsageLoader,
    UsageReport,
    UsageRow,
    usage_fields,
)
from tests.plugins.counter.reports import MONTHS, Line, as_json_5, as_json_51, as_text, cells

COUNTER = Registry().find(UsageLoader, "counter")
REQUESTS = "Total_Item_Requests"
ONE = Line(title="Tạp chí Ví dụ", counts={REQUESTS: {"2025-01": 3, "2025-03": 4}},
           identifiers={"DOI": "10.9999/x1", "Online_ISSN": "1234-5679"})  # fmt: skip


def events(content: bytes) -> list[UsageEvent]:
    return list(COUNTER.read("x", io.BytesIO(content)))


def rows(content: bytes) -> list[dict[str, object]]:
    found = [usage_fields(event) for event in events(content) if isinstance(event, UsageRow)]
    for row in found:
        del row["file"]
    return sorted(found, key=repr)


def problems(content: bytes) -> list[str]:
    return [event.code for event in events(content) if isinstance(event, Problem)]


def header(content: bytes) -> UsageReport:
    return next(event for event in events(content) if isinstance(event, UsageReport))


def changed(row: int, column: int, text: str) -> bytes:
    table = cells([ONE])
    table[row] = [*table[row]]
    table[row][column] = text
    return as_text(table)


def item_51(**told: object) -> bytes:
    report = json.loads(as_json_51([ONE]))
    report["Report_Items"][0].update(told)
    return json.dumps(report).encode()


# ---------------------------------------------------------------- one report, many forms

TEXT = st.text("aăđ é\"',;0(T\u4e2d", min_size=1, max_size=8).map(str.strip).filter(bool)
LINES = st.lists(
    st.builds(
        Line,
        title=TEXT,
        counts=st.dictionaries(
            st.sampled_from([REQUESTS, "Unique_Item_Requests", "No_License"]),
            st.dictionaries(st.sampled_from(MONTHS), st.integers(0, 10**6), min_size=1),
            min_size=1,
        ),
        identifiers=st.dictionaries(
            st.sampled_from(["DOI", "ISBN", "Online_ISSN", "Proprietary_ID"]),
            st.text("0123456789-/.x", min_size=1, max_size=9),
        ),
        access_type=st.sampled_from(["Controlled", "Open", "Free_To_Read"]),
        yop=st.sampled_from(["2019", "2020", "0001"]),
    ),
    min_size=1,
    max_size=5,
)


@given(LINES)
def test_json_and_tables_of_the_same_report_give_the_same_rows(lines: list[Line]) -> None:
    told = rows(as_json_51(lines))

    assert rows(as_text(cells(lines))) == told
    assert rows(as_text(cells(lines), ",")) == told
    old = [{**row, "release": "5"} for row in told]
    assert rows(as_json_5(lines)) == old
    assert rows(as_text(cells(lines, "5"))) == old


@pytest.mark.parametrize("delimiter", ["\t", ",", ";", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1258"]
)
def test_a_table_is_read_in_any_usual_encoding_and_separator(delimiter: str, encoding: str) -> None:
    # Windows-1258 writes letter and tone one after the other.
    table = (
        [
            [
                cell.replace("ạ", "a\u0323").replace("í", "i\u0301").replace("ụ", "u\u0323")
                for cell in row
            ]
            for row in cells([ONE])
        ]
        if encoding == "cp1258"
        else cells([ONE])
    )

    told = rows(as_text(table, delimiter, encoding))

    assert [(row["title"], row["count"]) for row in told] == [
        ("Tạp chí Ví dụ", 3),
        ("Tạp chí Ví dụ", 4),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_json_is_read_in_any_unicode_encoding(encoding: str) -> None:
    content = as_json_51([ONE]).decode().encode(encoding)

    assert rows(content) == rows(as_json_51([ONE]))


def test_a_table_that_is_not_unicode_is_read_and_told(tmp_path: Path) -> None:
    content = as_text(cells([Line(title="Études", counts=ONE.counts)]), encoding="cp1252")

    assert rows(content)[0]["title"] == "Études"
    assert problems(content) == ["ENCODING_GUESSED"]


def test_a_workbook_is_read_like_a_table(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in cells([ONE]):
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    book.save(tmp_path / "tr.xlsx")

    assert rows((tmp_path / "tr.xlsx").read_bytes()) == rows(as_json_51([ONE]))


@pytest.mark.parametrize(
    "heading",
    ["Jan-25", "2025-01", "Jan 2025", "01/2025", "January-2025", "2025-01-01", "Thg 1-25"],
)
def test_a_month_is_read_in_any_form_programs_give_it(heading: str) -> None:
    assert rows(changed(13, -3, heading)) == rows(as_json_51([ONE]))


def test_titles_that_begin_with_a_quotation_mark_stay_whole() -> None:
    table = "\n".join(
        "\t".join(row) for row in cells([Line(title='"Front" und', counts=ONE.counts)])
    )

    assert rows(table.encode())[0]["title"] == '"Front" und'


def test_a_quotation_mark_that_is_never_closed_swallows_no_lines() -> None:
    lines = [Line(title=title, counts=ONE.counts) for title in ('"Open', "Between", 'Close"')]
    table = "\n".join("\t".join(row) for row in cells(lines))

    assert {row["title"] for row in rows(table.encode())} == {'"Open', "Between", 'Close"'}


def test_lines_may_end_as_on_old_macs() -> None:
    assert rows(as_text(cells([ONE])).replace(b"\r\n", b"\r")) == rows(as_json_51([ONE]))


# ---------------------------------------------------------------- headers as they come


def test_the_header_says_whose_usage_of_which_months_it_is() -> None:
    for content in (as_json_51([ONE]), as_text(cells([ONE]))):
        told = header(content)
        assert (told.report, told.release, told.begin, told.end) == (
            "TR", "5.1", "2025-01", "2025-03",
        )  # fmt: skip
        assert told.institution.identifiers == (("proprietary", "supplier:C1"),)
        assert told.created_by == "Supplier"


@pytest.mark.parametrize(
    "period",
    ["2025-01-01 to 2025-03-31", "Begin_Date=2025-01; End_Date=2025-03", "01/2025 - 03/2025"],
)
def test_the_period_is_read_in_any_form(period: str) -> None:
    told = header(changed(9, 1, period))

    assert (told.begin, told.end) == ("2025-01", "2025-03")


def test_without_a_period_the_columns_say_it() -> None:
    assert header(changed(9, 1, "")).end == "2025-03"


def test_a_table_without_a_header_is_read_and_told() -> None:
    content = as_text(cells([ONE])[13:])

    assert len(rows(content)) == 2
    assert problems(content) == ["HEADER_MISSING"]


def test_a_table_without_the_blank_line_and_with_more_lines_above_is_read() -> None:
    table = cells([ONE])
    content = as_text([["Sample Supplier"], [], *table[:12], ["Own_Line", "x"], *table[13:]])

    assert rows(content) == rows(as_json_51([ONE]))


def test_a_header_that_contradicts_its_columns_is_told() -> None:
    assert problems(changed(1, 1, "DR")) == ["REPORT_DIFFERS"]


def test_exceptions_in_a_tables_header_are_said_in_plain_words() -> None:
    content = changed(8, 1, "3031: Usage Not Ready for Requested Dates (only to 2025-02-28)")

    (problem,) = [event for event in events(content) if isinstance(event, Problem)]

    assert header(content).is_partial
    assert "not ready yet (3031" in str(problem)
    assert "ask for these months again" in str(problem)


def test_items_may_stand_before_the_header() -> None:
    told = json.loads(as_json_51([ONE]))
    turned = {"Report_Items": told["Report_Items"], "Report_Header": told["Report_Header"]}

    assert rows(json.dumps(turned).encode()) == rows(as_json_51([ONE]))


def test_exceptions_behind_the_items_are_told() -> None:
    told = {**json.loads(as_json_51([ONE])), "Exceptions": [{"Code": 3040, "Message": "Partial"}]}

    assert problems(json.dumps(told).encode()) == ["COUNTER_3040"]


def test_a_detailed_consortium_report_says_whose_each_row_is() -> None:
    table = cells([ONE, ONE])
    for number, row in enumerate(table[13:]):
        row[:0] = (
            ["Institution_Name", "Customer_ID"] if not number else [f"Uni {number}", f"C{number}"]
        )

    assert {row["member"] for row in rows(as_text(table))} == {"Uni 1", "Uni 2"}
    assert rows(item_51(Institution_Name="Uni B"))[0]["member"] == "Uni B"


def test_columns_of_the_suppliers_own_break_usage_down() -> None:
    table = cells([ONE])
    table[13].insert(3, "supplier:Collection")
    table[14].insert(3, "Core")
    table[13].insert(3, "Format")
    table[14].insert(3, "PDF")
    content = as_text(table)

    assert rows(content)[0]["others"] == {"supplier:Collection": "Core", "Format": "PDF"}
    assert problems(content) == ["COLUMN_UNKNOWN"]
    assert rows(item_51(Format="PDF"))[0]["others"] == {"Format": "PDF"}


def test_a_heading_that_was_meant_as_a_month_is_named_and_breaks_nothing_down() -> None:
    table = cells([ONE])
    last = len(table[13]) - 1
    table[13][last] = "Jal-2025"
    content = as_text(table)

    assert "MONTH_UNREADABLE" in problems(content)
    assert {row["month"] for row in rows(content)} <= {"2025-01", "2025-02"}
    assert not any(row.get("others") for row in rows(content))


@pytest.mark.parametrize("name", ["Mrz 2025", "mars-25", "März-2025", "Marzo 2025", "MAR-2025"])
def test_months_are_read_in_the_language_of_the_spreadsheet_program(name: str) -> None:
    table = cells([ONE])
    table[13][-1] = name

    assert rows(as_text(table)) == rows(as_text(cells([ONE])))
    assert problems(as_text(table)) == []


# ---------------------------------------------------------------- figures


@pytest.mark.parametrize(
    ("text", "code"),
    [("-3", "COUNT_NEGATIVE"), ("n/a", "COUNT_UNREADABLE"), ("1.234", "COUNT_UNREADABLE")],
)
def test_a_figure_that_is_none_is_told_and_not_counted(text: str, code: str) -> None:
    content = changed(14, -3, text)

    assert code in problems(content)
    assert [row["count"] for row in rows(content)] == [4]


def test_the_line_and_the_figure_are_named() -> None:
    problem = next(event for event in events(changed(14, -3, "-3")) if isinstance(event, Problem))

    assert (problem.where.line, problem.where.record) == (15, "Tạp chí Ví dụ")
    assert problem.where.field == "Total_Item_Requests 2025-01"


def test_figures_with_commas_are_read_and_told_once() -> None:
    content = changed(14, -3, "1,234,567")

    assert max(row["count"] for row in rows(content)) == 1234567  # type: ignore[type-var] # counts
    assert problems(content) == ["COUNT_GROUPED", "TOTAL_DIFFERS"]


def test_figures_may_be_texts_in_json_and_large_ones_stay_exact() -> None:
    large = 2**60 + 1
    content = item_51(
        Attribute_Performance=[{"Performance": {REQUESTS: {"2025-01": "116", "2025-02": large}}}]
    )

    assert [row["count"] for row in rows(content)] == [116, large]


def test_a_total_that_is_not_the_sum_of_its_months_is_told() -> None:
    assert problems(changed(14, -4, "8")) == ["TOTAL_DIFFERS"]
    assert problems(changed(14, -4, "")) == []


def test_a_metric_that_is_not_the_reports_is_told_once_and_kept() -> None:
    content = changed(14, -5, "Searches_Regular")

    assert problems(content) == ["METRIC_UNKNOWN"]
    assert rows(content)[0]["metric"] == "Searches_Regular"


def test_blanks_in_a_metric_are_taken_out_and_told() -> None:
    content = changed(14, -5, "Total_Item_ Requests")

    assert problems(content) == ["METRIC_SPELLING"]
    assert rows(content)[0]["metric"] == REQUESTS


def test_a_misspelt_metric_gets_a_suggestion() -> None:
    told = [str(event) for event in events(changed(14, -5, "Total_Item_Request"))
            if isinstance(event, Problem)]  # fmt: skip

    assert "did you mean 'Total_Item_Requests'?" in told[0]


def test_a_line_with_figures_and_no_metric_is_told() -> None:
    table = cells([ONE, ONE])
    table[14][-5] = ""

    assert problems(as_text(table)) == ["METRIC_MISSING"]


def test_a_name_twice_in_one_object_is_told_because_only_the_last_is_read() -> None:
    content = as_json_51([ONE]).replace(b'{"2025-01": 3,', b'{"2025-01": 9, "2025-01": 3,')

    assert problems(content) == ["NAME_TWICE"]


def test_totals_over_several_months_are_not_taken_for_a_month() -> None:
    content = as_json_5([ONE]).replace(b"2025-03-28", b"2025-06-30")

    assert problems(content) == ["NOT_A_MONTH"]
    assert len(rows(content)) == 1


def test_components_are_told_apart_from_their_items() -> None:
    part = {
        "Item": "data.csv",
        "Attribute_Performance": [{"Performance": {REQUESTS: {"2025-01": 9}}}],
    }
    content = item_51(Components=[part])

    told = {(row["component"], row["count"]) for row in rows(content)}

    assert told == {("", 3), ("", 4), ("data.csv", 9)}


def test_authors_are_not_kept() -> None:
    content = item_51(Authors=[{"Name": "Somebody", "ORCID": "0000-0000-0000-0000"}])

    assert "Somebody" not in repr(events(content))


# ---------------------------------------------------------------- refusals


def refused(content: bytes) -> str:
    with pytest.raises(FileRefusedError) as caught:
        events(content)
    return caught.value.code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"Report_Header": {"Release": "4"}, "Report_Items": [{}]}', "OLD_RELEASE"),
        (b'{"Report_Header": {"Release": "6"}, "Report_Items": [{}]}', "UNKNOWN_RELEASE"),
        (b'{"Report_Header": {"Report_ID": "TR", "Release": "5"}}', "NO_FIGURES"),
        (b'{"Report_Header": {"Report_ID": "TR"}, "Report_Items": [{}, 5]}', "NO_USABLE_ITEM"),
        (b'{"name": "x"}', "NOT_COUNTER"),
        (b'{"Code": 3031, "Message": "Not Ready"}', "COUNTER_3031"),
        (b'{"Report_Header": {"Report_ID"', "BROKEN_JSON"),
        (b'{"a": 1} {"b": 2}', "BROKEN_JSON"),
        (b'{"a": NaN}', "BROKEN_JSON"),
        (b'{"a" 1}', "BROKEN_JSON"),
        (b"[" * 100_000, "BROKEN_JSON"),
        (b"Journal Report 1 (R4)\tx\n", "OLD_RELEASE"),
        (b"Multimedia Report 1 (R4)\tx\n", "OLD_RELEASE"),
        (
            b"Platform\tUser Activity\tReporting Period Total\tMar-2022\nP\tR\t2\t2\n",
            "OLD_RELEASE",
        ),
        (b"Report_ID\tTR\nRelease\t4\n\nTitle\tPlatform\tMetric_Type\tJan-2025\n", "OLD_RELEASE"),
        (b"Release\t6\n\nTitle\tPlatform\tMetric_Type\tJan-2025\n", "UNKNOWN_RELEASE"),
        (b"Release\t5\n\nTitle\tMetric_Type\tReporting_Period_Total\n", "NO_MONTHS"),
        (b"Report_ID\tTR\nRelease\t5\nPlatform\tMetric_Type\tJan-2025\tJan-25\n", "MONTH_TWICE"),
        (b"Release\t5\nPlatform\tMetric_Type\tJan-2025\nP\tx\tmany\n", "NO_USABLE_ITEM"),
        (b"Report_ID\tTR\nRelease\t5\n", "NO_FIGURES"),
        (b"Report_ID\tTR\nExceptions\t1011: Report Queued\n", "COUNTER_1011"),
        (b"Metric_Type\n" + b"x\n" * 90, "NOT_COUNTER"),
        (b'<?xml version="1.0"?><Report Name="BR2" Version="4"/>', "OLD_RELEASE"),
    ],
)  # fmt: skip
def test_what_holds_no_usage_is_refused_with_its_reason(content: bytes, code: str) -> None:
    assert refused(content) == code


def test_a_report_that_is_cut_off_is_refused_with_the_line() -> None:
    content = as_json_51([ONE] * 40).replace(b"}, {", b"},\n{")

    with pytest.raises(FileRefusedError, match=r"from line 4\d on this is no JSON"):
        events(content[:-30])


def test_an_exception_never_repeats_ids_and_keys() -> None:
    told = {"Code": 2090, "Message": "404 for https://x.example/tr?customer_id=C1&api_key=k1"}

    with pytest.raises(FileRefusedError) as caught:
        events(json.dumps(told).encode())

    assert "C1" not in str(caught.value)
    assert "k1" not in str(caught.value)


def test_an_empty_report_is_usage_of_zero_not_a_refusal() -> None:
    content = as_json_51([])

    assert problems(content) == ["NO_ITEMS"]
    assert len(header(content).months) == 3


def test_no_usage_without_items_is_usage_of_zero_too() -> None:
    told = json.loads(as_json_51([], Exceptions=[{"Code": "3030", "Message": "No Usage"}]))
    del told["Report_Items"]

    assert problems(json.dumps(told).encode()) == ["COUNTER_3030"]


def test_a_stray_control_character_in_json_is_told_and_does_not_cost_the_report() -> None:
    content = as_json_51([Line(title="A\x02B", counts=ONE.counts)]).replace(b"\\u0002", b"\x02")

    assert problems(content) == ["CONTROL_CHARACTERS"]
    assert len(rows(content)) == 2
