"""Statements and comparisons as files: complete, safe, and the same every time."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import openpyxl
import pytest

from libconsortium import (
    AdjustmentKind,
    Adopt,
    Approval,
    Comparison,
    DueDate,
    GlideStep,
    LimitRule,
    MissingExtraError,
    OfficeYear,
    PaymentTerms,
    Phase,
    Policy,
    Position,
    Report,
    Resolution,
    Snapshot,
    SponsorRule,
    appeal,
    compare,
    costs_of,
    glide,
    saving_of,
    what_if,
    with_rise,
)
from libconsortium.plugins.reports.group_charts import Group, change_chart, grouped_chart
from libconsortium.plugins.reports.statement_texts import statement_texts
from tests.worked_example import (
    EQUAL,
    MIXED,
    OBSERVER,
    REGISTRY,
    SHARES,
    TOTAL,
    alone,
    divide,
    done,
    request,
    vnd,
)

from .pages import Reader

if TYPE_CHECKING:
    from playwright.sync_api import Page

DATA = Path(__file__).resolve().parents[2] / "data"
EVIL = '=HYPERLINK("http://evil.example")'
SCRIPT = "<script>alert(1)</script> #emph[x] & Co"
NAMES = {"dh-a": "Đại học A", "dh-b": EVIL, "dh-c": SCRIPT}
TERMS = PaymentTerms(
    due=(DueDate(on=date(2026, 3, 31)), DueDate(on=date(2026, 9, 30))),
    settlement_due=date(2027, 1, 31),
)
LAST_YEAR = {member: vnd(minor) for member, minor in SHARES.items()}
INFEASIBLE = attrs.evolve(MIXED, sponsor=SponsorRule(pays="30%"), limits=LimitRule(rise="15%"))
HELD = attrs.evolve(MIXED, limits=LimitRule(standalone=True))


def year(**more: Any) -> OfficeYear:
    resolution = Resolution(
        subscription="db", year=2026, entry="1", on=date(2026, 5, 5), why="flood <b>"
    )
    entry = appeal(resolution, "dh-c", vnd(5_000_000), LAST_YEAR, payer="sponsor")
    given = {
        "splits": [done()],
        "costs": costs_of(vnd(TOTAL), None, vnd(2_000_000)),
        "settled_costs": costs_of(vnd(TOTAL + 35_087_719), None, vnd(2_000_000)),
        "terms": TERMS,
        "adjustments": entry,
        **more,
    }
    return OfficeYear(**given)


def snapshot(
    member: str = "dh-c",
    phase: Phase = Phase.SETTLEMENT,
    language: str = "en",
    **more: Any,
) -> Snapshot:
    found = year(**more).statements(phase)
    data = {"set": found, "member": member, "name": NAMES.get(member, ""), "in_words": "Five"}
    return Snapshot(kind="statement", title="Liên hợp <1>", language=language, data=data)


def compared(*more: tuple[str, Policy]) -> Comparison:
    asked = request(last_year=LAST_YEAR, standalone=alone())
    policies = [("now", MIXED), ("all alike: 1/n", EQUAL), ("held", HELD), *more]
    return compare(asked, policies, divide)


def comparison(found: Comparison | None = None, language: str = "en") -> Snapshot:
    data = {"comparison": found or compared(("too far", INFEASIBLE)), "names": NAMES}
    return Snapshot(kind="comparison", title="Memo", language=language, data=data)


def written(report: str, of: Snapshot) -> bytes:
    file = io.BytesIO()
    REGISTRY.find(Report, report).write(of, file)
    return file.getvalue()


def golden(name: str, text: str) -> None:
    """Compare with a text kept; LIBCONSORTIUM_GOLDEN=write keeps a new one."""
    path = DATA / name
    if os.environ.get("LIBCONSORTIUM_GOLDEN") == "write":
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


# ---------------------------------------------------------------- the statement


def test_a_statement_says_everything_a_member_has_to_know() -> None:
    texts = statement_texts(snapshot())

    assert len(texts.pop("working")) == 10
    assert re.fullmatch("Fingerprint: [0-9a-f]{64}", texts.pop("footer"))
    golden("statement.en.json", json.dumps(texts, ensure_ascii=False, indent=1) + "\n")


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("phase", list(Phase))
def test_a_statement_is_a_pdf_the_same_twice(phase: Phase, language: str) -> None:
    first = written("pdf", snapshot(phase=phase, language=language))

    assert first.startswith(b"%PDF-")
    assert first == written("pdf", snapshot(phase=phase, language=language))


def test_no_order_of_members_or_entries_changes_a_byte() -> None:
    split = done()
    shuffled = attrs.evolve(split, shares=dict(reversed(list(split.shares.items()))))
    entries = year().adjustments[::-1]

    for report in ("pdf", "html", "json"):
        one = written(report, snapshot())
        other = written(report, snapshot(splits=[shuffled], adjustments=entries))
        assert one == other


def test_an_approved_statement_names_the_roles_and_bears_the_day() -> None:
    draft = year(adjustments=()).statements(Phase.NOTICE)
    approval = Approval(
        subscription="db",
        year=2026,
        phase=Phase.NOTICE,
        fingerprint=draft.fingerprint(),
        author="accountant",
        approver="chair",
        on=date(2026, 1, 20),
    )

    texts = statement_texts(snapshot("dh-a", Phase.NOTICE, adjustments=(), approvals=[approval]))

    assert texts["draft"] == ""
    assert texts["approval"][1] == ["Approved by", "chair"]
    assert texts["date"] == [2026, 1, 20]
    assert len(texts["instalments"]) == 2
    page = written("html", snapshot("dh-a", Phase.NOTICE, adjustments=(), approvals=[approval]))
    assert "Approved by: chair" in " ".join(Reader(page).text)
    assert written("pdf", snapshot("dh-a", Phase.NOTICE, adjustments=(), approvals=[approval]))


def test_a_part_of_one_term_stands_beside_what_it_is_a_part_of() -> None:
    rows = statement_texts(snapshot("dh-a", Phase.NOTICE))["working"]

    inner = [(row[2], row[3]) for row in rows if row[0] == 3]
    assert inner[0] == ("1/4 × 427,789,473.8", "")
    assert [row[3] for row in rows if row[0] == 2] == ["5 %", "28.571 %", "15 %"]


def test_money_that_comes_back_is_said_to() -> None:
    cheaper = costs_of(vnd(TOTAL - 35_087_719), None, None)

    texts = statement_texts(snapshot("dh-a", settled_costs=cheaper))

    assert texts["due"][0] == "Due back"
    assert not texts["due"][1].startswith("-")


def test_one_who_only_joined_has_no_working_and_may_have_no_deadline() -> None:
    resolution = Resolution(subscription="db", year=2026, entry="1", on=date(2026, 5, 5))
    joined = resolution.adjusting({"dh-e": vnd(7), "reserve": vnd(-7)}, AdjustmentKind.JOIN)
    of = snapshot("dh-e", Phase.NOTICE, adjustments=joined, terms=PaymentTerms())

    texts = statement_texts(of)

    assert texts["working"] == []
    assert texts["facts"][2] == ["To be paid by", "–"]
    assert "How the share was worked out" not in Reader(written("html", of)).text
    assert written("pdf", of).startswith(b"%PDF-")


def test_what_others_wrote_is_never_markup() -> None:
    page = written("html", snapshot()).decode()

    assert "<script" not in page
    assert "flood &lt;b&gt;" in page
    assert "Liên hợp &lt;1&gt;" in page
    assert statement_texts(snapshot())["facts"][0][1] == SCRIPT
    Reader(page.encode())


def test_a_statement_tells_nothing_of_the_others() -> None:
    document = json.loads(written("json", snapshot()))

    assert list(document["statements"]) == ["dh-c"]
    text = " ".join(Reader(written("html", snapshot())).text)
    assert "1,038,917,293" not in text
    assert EVIL not in text


def test_a_missing_typst_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)

    with pytest.raises(MissingExtraError, match=r"needs the package typst; .*\[report\]"):
        written("pdf", snapshot())


# ---------------------------------------------------------------- the comparison


def test_the_comparison_page_says_what_each_policy_comes_to() -> None:
    page = Reader(written("html", comparison()))

    assert page.seen.count("svg") == 3
    golden("comparison.en.txt", "\n".join(page.text) + "\n")


def test_a_comparison_with_an_infeasible_first_policy_has_no_changes() -> None:
    found = compare(request(last_year=LAST_YEAR), [("too far", INFEASIBLE), ("now", MIXED)], divide)

    assert Reader(written("html", comparison(found))).seen.count("svg") == 1
    assert openpyxl.load_workbook(io.BytesIO(written("xlsx", comparison(found)))).sheetnames == [
        "Comparison",
        "now",
        "Checks",
    ]


@pytest.mark.parametrize("report", ["html", "xlsx", "csv", "json"])
def test_a_comparison_is_the_same_bytes_whatever_the_order(report: str) -> None:
    found = compared()
    names = dict(reversed(NAMES.items()))
    last = dict(reversed(list(found.last_year.items())))

    shuffled = attrs.evolve(comparison(attrs.evolve(found, last_year=last)))
    shuffled = attrs.evolve(shuffled, data={**shuffled.data, "names": names})

    assert written(report, comparison(found)) == written(report, shuffled)


def test_the_csv_of_a_comparison_has_a_column_a_policy() -> None:
    rows = written("csv", comparison()).decode("utf-8-sig").splitlines()

    assert rows[0].count(",") == 10
    assert "365148872" in rows[4]
    assert rows[2].startswith("dh-b,\"'=HYPERLINK")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # another library's, while it calculates
def test_the_workbook_of_a_comparison_agrees_to_the_dong(tmp_path: Path) -> None:
    import formulas

    file = tmp_path / "comparison.xlsx"
    file.write_bytes(written("xlsx", comparison()))

    solution = formulas.ExcelModel().loads(str(file)).finish().calculate()

    found = {key.rpartition("]")[2].upper(): cell for key, cell in solution.items()}
    sheet = openpyxl.load_workbook(file)["Checks"]
    last = max(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 4).value)
    verdicts = [
        found[f"CHECKS'!D{row}"].value[0, 0]
        for row in range(4, last + 1)
        if sheet.cell(row, 4).value
    ]
    assert verdicts == ["OK"] * (3 * 4 + 1)
    together = {
        member: (
            found[f"COMPARISON'!D{row}"].value[0, 0],
            found[f"COMPARISON'!F{row}"].value[0, 0],
        )
        for row, member in enumerate(SHARES, 4)
    }
    assert together == {
        "dh-a": (1_038_917_293, -504_180_450),
        "dh-b": (605_016_542, -70_279_700),
        "dh-c": (325_425_564, 209_311_278),
        "dh-d": (169_587_970, 365_148_872),
    }
    assert found["COMPARISON'!D8"].value[0, 0] == 2_138_947_369


def test_a_sheet_of_the_workbook_has_a_name_that_spreadsheets_allow() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", comparison())))

    assert book.sheetnames == ["Comparison", "now", "all alike_ 1_n", "held", "Checks"]
    assert set(book.defined_names) == {
        f"{name}_{number}" for name in ("bill_total", "members_part") for number in (1, 2, 3)
    }
    assert book["Comparison"]["B5"].value == EVIL


def test_in_vietnamese_the_checks_read_khop() -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(written("xlsx", comparison(language="vi"))), data_only=True
    )

    assert book.worksheets[-1]["D4"].value == "KHỚP"


# ---------------------------------------------------------------- what-if and glide path


def test_a_what_if_is_a_page_and_a_document() -> None:
    found = what_if([Position(request=request())], [OBSERVER, Adopt(policy=EQUAL)], divide)
    both = (saving_of(found.before[0], alone()), saving_of(found.before[0], alone()))
    for savings in (both, (None, None)):
        data = {"what-if": found, "savings": savings, "names": NAMES}
        of = Snapshot(kind="what-if", title="If", data=data)

        text = " ".join(Reader(written("html", of)).text)

        assert ("Saved by joining" in text) is (savings == both)
        assert json.loads(written("json", of))["members"]["dh-e"]["before"] is None


@pytest.mark.parametrize(("rise", "charts"), [("0.15", 1), ("0.2", 1)])
def test_a_glide_path_is_a_page_and_a_document(rise: str, charts: int) -> None:
    steps = [GlideStep(year=2026 + n, sponsor=Fraction(4 - n, 10)) for n in range(3)]
    found = glide(with_rise(request(), Fraction(rise)), steps, divide)
    of = Snapshot(kind="glide", title="Way", data={"glide": found, "names": NAMES})

    page = Reader(written("html", of))

    assert page.seen.count("svg") == charts
    assert any("2027" in text for text in page.text)
    assert len(json.loads(written("json", of))["years"]) == (2 if rise == "0.15" else 3)


def test_a_way_that_ends_at_once_is_told_without_chart() -> None:
    held = with_rise(request(last_year={one: vnd(1) for one in SHARES}), Fraction(0))
    found = glide(held, [GlideStep(year=2026, sponsor=Fraction(0))], divide)

    page = Reader(
        written("html", Snapshot(kind="glide", title="Way", data={"glide": found, "names": {}}))
    )

    assert "svg" not in page.seen


def test_the_split_is_a_document_too() -> None:
    of = Snapshot(kind="split", title="Split", data={"split": done(), "names": {}})

    assert json.loads(written("json", of))["shares"] == SHARES


# ---------------------------------------------------------------- charts


def test_bars_without_value_are_left_out() -> None:
    groups = [Group(label="A" * 40, values=(0, None), texts=("0", ""))]

    svg = grouped_chart(groups, name="x", title="T", description="D", legend=("a", "b"))

    assert svg.count('width="0.00"') == 1
    assert "…" in svg


def test_more_goes_to_the_right_and_less_to_the_left() -> None:
    groups = [
        Group(label=name, values=(value,), texts=(str(value),))
        for name, value in (("a", 5), ("b", -5), ("c", 0))
    ]

    svg = change_chart(groups, name="x", title="T", description="D")

    starts = [float(x) for x in re.findall(r'<rect x="([\d.]+)"', svg)]
    assert starts[1] < starts[0] == starts[2]
    assert change_chart([], name="x", title="T", description="D").count("<rect") == 0


@pytest.mark.parametrize("width", [1000, 380])
def test_a_browser_shows_the_comparison_without_complaint(
    page: Page, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(written("html", comparison()))
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_viewport_size({"width": width, "height": 900})

    page.goto(file.as_uri())

    assert complaints == []
    assert page.get_by_role("img", name="What each member pays").is_visible()
