"""Reports say what the split says: to people, to spreadsheets, and the same every time."""

from __future__ import annotations

import csv
import io
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import openpyxl
import pytest

from libconsortium import (
    Bill,
    LimitRule,
    Message,
    MissingExtraError,
    MixTerm,
    Money,
    Overlap,
    Policy,
    Registry,
    Report,
    RoundingRule,
    Snapshot,
    Split,
    SponsorRule,
    split,
)
from tests.worked_example import DRIVERS, MEMBERS, MIXED

from .pages import Reader

if TYPE_CHECKING:
    from playwright.sync_api import Page

REGISTRY = Registry()
EVIL = '=HYPERLINK("http://evil.example")'
SCRIPT = "<script>alert(1)</script> & Co"
NAMES = {"dh-a": "Đại học A", "dh-b": EVIL, "dh-c": SCRIPT}
BILL = Bill(amount=Money(3_564_912_281, "VND"), subscription="journals", year=2026)
OVERLAP = Overlap(
    matrix={(one, other): 100 if one == other else 20 for one in MEMBERS for other in MEMBERS},
    unique=dict.fromkeys(MEMBERS, 60),
    held_by_all=5,
    held_by_k={1: 240, 2: 60, 3: 0, 4: 5},
)


def done(policy: Policy = MIXED, **more: Any) -> Split:
    return split(BILL, MEMBERS, DRIVERS, policy, registry=REGISTRY, **more)


LAST_YEAR = {member: share.amount for member, share in done().shares.items()}
SPLITS = {
    "plain": done(),
    "held": done(
        attrs.evolve(MIXED, limits=LimitRule(standalone=True)),
        standalone={"dh-d": Money(150_000_000, "VND")},
    ),
    "absorbed": done(
        attrs.evolve(
            MIXED,
            sponsor=SponsorRule(pays="30%"),
            limits=LimitRule(rise="15%", absorber="reserve"),
        ),
        last_year=LAST_YEAR,
    ),
    "coarse": done(attrs.evolve(MIXED, rounding=RoundingRule(unit=1000, remainder="sponsor"))),
    "claims": done(attrs.evolve(MIXED, sponsor=SponsorRule(pays="40%", by="cel"))),
    "mixture": done(
        attrs.evolve(
            MIXED,
            mix=(
                MixTerm(weight=1, by="mixture", parameters={"weights": {"equal": 1}}),
                MixTerm(weight=99, by="fte"),
            ),
        )
    ),
    "dollars": split(Money.parse("1000.01 USD"), MEMBERS, DRIVERS, MIXED, registry=REGISTRY),
}


def written(name: str, kind: str = "split", language: str = "en", **data: object) -> bytes:
    file = io.BytesIO()
    snapshot = Snapshot(kind=kind, title="Phân bổ <2026>", language=language, data=data)
    REGISTRY.find(Report, name).write(snapshot, file)
    return file.getvalue()


# ---------------------------------------------------------------- CSV


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_the_csv_of_a_split_adds_up() -> None:
    rows = rows_of(written("csv", split=SPLITS["plain"], names=NAMES))

    assert [row["Amount"] for row in rows] == [
        "1038917293",
        "605016542",
        "325425564",
        "169587970",
        "1425964912",
        "3564912281",
    ]
    assert rows[0]["Member"] == "Đại học A"


def test_a_name_never_becomes_a_formula_in_the_csv() -> None:
    assert rows_of(written("csv", split=SPLITS["plain"], names=NAMES))[1]["Member"] == f"'{EVIL}"


def test_amounts_of_the_csv_are_in_major_units() -> None:
    assert rows_of(written("csv", split=SPLITS["dollars"]))[-1]["Amount"] == "1000.01"


def test_limits_and_other_parties_stand_in_the_csv() -> None:
    rows = rows_of(written("csv", split=SPLITS["absorbed"]))

    assert rows[0]["Limits"] == "limited rise"
    assert [row["Amount"] for row in rows if row["Member"] == "reserve"] == ["35649125"]


def test_the_csv_of_an_overlap_has_a_column_a_member() -> None:
    rows = rows_of(written("csv", "overlap", overlap=OVERLAP, names=NAMES))

    assert rows[3] == {
        "Id": "dh-d",
        "Member": "",
        "Titles": "100",
        "Held by nobody else": "60",
        "dh-a": "20",
        "dh-b": "20",
        "dh-c": "20",
        "dh-d": "100",
    }


def test_the_csv_of_an_overlap_says_how_many_titles_so_many_libraries_hold() -> None:
    rows = rows_of(written("csv", "overlap", overlap=OVERLAP, names=NAMES))

    told = {row["Member"]: row["Titles"] for row in rows if not row["Id"]}
    assert told == {
        f"Held by so many libraries: {count}": str(titles)
        for count, titles in OVERLAP.held_by_k.items()
    }


def test_an_overlap_of_nobody_is_an_empty_table() -> None:
    nothing = Overlap(matrix={}, unique={}, held_by_all=0, held_by_k={})

    assert written("csv", "overlap", overlap=nothing).decode("utf-8-sig").startswith("Id,Member")


# ---------------------------------------------------------------- the workbook


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # another library's, while it calculates
@pytest.mark.parametrize("which", sorted(SPLITS))
def test_the_workbook_works_the_split_out_again(which: str, tmp_path: Path) -> None:
    import formulas

    file = tmp_path / "split.xlsx"
    file.write_bytes(written("xlsx", split=SPLITS[which], names=NAMES))

    solution = formulas.ExcelModel().loads(str(file)).finish().calculate()

    found = {key.rpartition("]")[2].upper(): cell for key, cell in solution.items()}
    verdicts = {key: cell.value[0, 0] for key, cell in found.items() if key.startswith("CHECKS'!D")}
    last = max((key for key in verdicts if ":" not in key), key=lambda key: int(key[9:]))
    assert verdicts[last] == "OK"
    for row, share in enumerate(SPLITS[which].shares.values(), 12):
        again = found[f"SHARES'!{_last_share_column(file)}{row}"].value[0, 0]
        minor = 100 if which == "dollars" else 1
        assert abs(again * minor - float(share.exact)) < 0.001
        assert abs(again * minor - share.amount.minor) < SPLITS[which].unit


def _last_share_column(file: Path) -> str:
    sheet = openpyxl.load_workbook(file)["Shares"]
    heads = {cell.value: cell.column_letter for cell in sheet[11] if cell.value}
    return str(heads.get("Share within limits", heads["Exact share"]))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # another library's, while it calculates
@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"K12": 1_038_917_294}, ["D6"]),  # one đồng more than the bill
        ({"K12": 1_038_917_299, "K13": 605_016_536}, ["D7"]),  # moved, and the sum is right
        ({"K14": 325_425_559, "K15": 169_587_975}, ["D7"]),
        ({"E12": 41_000}, ["D7"]),  # a library's students
        ({"F10": 0.6}, ["D4", "D5", "D7"]),  # a weight
        ({"B3": 3_564_912_282}, ["D6"]),
        ({"B4": 1_425_964_000}, ["D7"]),
    ],
)
def test_what_is_changed_by_hand_is_found_by_the_checks(
    changed: dict[str, float], found: list[str], tmp_path: Path
) -> None:
    import formulas

    file = tmp_path / "split.xlsx"
    file.write_bytes(written("xlsx", split=SPLITS["plain"]))
    book = openpyxl.load_workbook(file)
    for place, content in changed.items():
        assert not str(book["Shares"][place].value).startswith("="), "a formula was meant to stay"
        book["Shares"][place] = content
    book.save(file)

    solution = formulas.ExcelModel().loads(str(file)).finish().calculate()

    verdicts = {key.rpartition("]")[2].upper(): cell for key, cell in solution.items()}
    said = {place: verdicts[f"CHECKS'!{place}"].value[0, 0] for place in ("D4", "D5", "D6", "D7")}
    assert [place for place, verdict in said.items() if verdict == "DIFFERENT"] == found
    assert verdicts["CHECKS'!D9"].value[0, 0] == ("DIFFERENT" if found else "OK")


def test_every_share_begins_at_the_drivers() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", split=SPLITS["plain"])))["Shares"]

    assert [sheet.cell(11, column).value for column in (3, 5, 7)] == ["equal", "fte", "usage"]
    assert sheet["E12"].value == 40_000
    assert sheet["F12"].value == "=$F$10*E12/SUM($E$12:$E$15)"
    assert sheet["J12"].value == "=I12*members_part"


def test_the_bill_stands_in_a_named_cell() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", split=SPLITS["plain"])))

    assert book.defined_names["bill_total"].attr_text == "'Shares'!$B$3"
    assert book["Shares"]["B3"].value == 3_564_912_281


def test_a_reader_that_does_not_calculate_sees_the_values() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", split=SPLITS["held"])), data_only=True)

    assert round(book["Shares"]["N12"].value, 2) == 1_049_250_745.48
    assert book["Checks"]["D9"].value == "OK"


def test_a_name_stays_a_text_in_the_workbook() -> None:
    data = written("xlsx", split=SPLITS["plain"], names=NAMES)

    cell = openpyxl.load_workbook(io.BytesIO(data))["Shares"]["B13"]

    assert (cell.value, cell.data_type) == (EVIL, "s")


def test_a_model_without_figures_gives_its_parts_as_numbers() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", split=SPLITS["mixture"])))["Shares"]
    heads = [cell.value for cell in sheet[11]]

    assert heads[2:6] == ["mixture", "Part: mixture", "fte", "Part: fte"]


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)

    with pytest.raises(MissingExtraError, match=r"needs the package xlsxwriter; .*\[report\]"):
        written("xlsx", split=SPLITS["plain"])


# ---------------------------------------------------------------- the page


def summary(**more: object) -> bytes:
    data: dict[str, Any] = {
        "split": SPLITS["held"],
        "names": NAMES,
        "overlap": OVERLAP,
        "catalogue": {"Publications": 300, "Holdings": 4_000},
        "harvests": [
            {"source": "b", "status": "complete", "records": 1_200, "problems": 3},
            {"source": "a", "reason": Message("{count} of them", count=1_200)},
        ],
        **more,
    }
    return written("html", "summary", **data)


def test_the_page_is_well_formed_and_has_every_section() -> None:
    reader = Reader(summary())

    assert reader.seen.count("section") == 4
    assert reader.seen.count("svg") == reader.seen.count("desc") == 3
    assert reader.seen.count("table") == reader.seen.count("caption") == 5


def test_the_page_escapes_what_others_wrote() -> None:
    text = summary().decode()

    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co" in text
    assert "<title>Phân bổ &lt;2026&gt;</title>" in text


def test_the_page_loads_nothing_from_anywhere() -> None:
    text = summary().decode()

    assert not re.search(r'(?:src|href)="(?!data:,)', text)
    assert "default-src &#x27;none&#x27;" in text


def test_the_page_writes_numbers_in_its_language() -> None:
    text = written("html", language="vi", split=SPLITS["plain"]).decode()

    assert '<html lang="vi">' in text
    assert "1.038.917.293\N{NO-BREAK SPACE}₫" in text
    assert "48,571 %" in text


def test_parts_without_data_are_left_out() -> None:
    reader = Reader(written("html", "summary"))

    assert "section" not in reader.seen


@pytest.mark.parametrize("which", sorted(SPLITS))
def test_any_split_can_be_a_page(which: str) -> None:
    reader = Reader(written("html", split=SPLITS[which]))

    assert reader.open == []


def test_a_long_name_is_cut_in_the_chart_but_not_in_the_table() -> None:
    text = summary(names={"dh-a": "Trường Đại học " * 5}).decode()

    assert re.search("Trường Đại học Trường Đại [^<]{0,3}…</text>", text)
    assert f'<th scope="row">{"Trường Đại học " * 5}</th>' in text


def test_an_empty_bill_has_bars_of_no_length() -> None:
    nothing = split(Money(0, "VND"), MEMBERS, DRIVERS, MIXED, registry=REGISTRY)

    assert 'width="0.00"' in written("html", split=nothing).decode()


@pytest.mark.parametrize("width", [1000, 380])
def test_a_browser_shows_the_page_without_complaint(page: Page, tmp_path: Path, width: int) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(summary())
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_viewport_size({"width": width, "height": 900})

    page.goto(file.as_uri())
    page.click("summary")

    assert complaints == []
    assert page.get_by_role("img", name="What each member pays").is_visible()
    assert page.get_by_text("held at the price of buying alone").count() == 1
    assert (
        page.evaluate("getComputedStyle(document.querySelector('td.number')).textAlign") == "right"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


# ---------------------------------------------------------------- the same bytes


@pytest.mark.parametrize(
    ("name", "kind"), [("csv", "split"), ("csv", "overlap"), ("xlsx", "split"), ("html", "summary")]
)
def test_the_same_facts_in_any_order_give_the_same_bytes(name: str, kind: str) -> None:
    turned = {
        driver: dict(reversed(list(of.items()))) for driver, of in reversed(list(DRIVERS.items()))
    }
    other = split(BILL, reversed(MEMBERS), turned, MIXED, registry=REGISTRY)
    again = Overlap(
        matrix=dict(reversed(list(OVERLAP.matrix.items()))),
        unique=dict(reversed(list(OVERLAP.unique.items()))),
        held_by_all=5,
        held_by_k=OVERLAP.held_by_k,
    )

    one = written(name, kind, split=SPLITS["plain"], overlap=OVERLAP, names=NAMES)
    two = written(name, kind, split=other, overlap=again, names=dict(reversed(list(NAMES.items()))))

    assert one == two
