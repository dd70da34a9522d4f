"""Reports of what is paid for twice: page, workbook, table, and the heat map."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest

from libconsortium import Money, Overlap, Registry, Report, Snapshot, TitleRow
from libconsortium.core.titles.title_lists import TitleList, TitleUse
from libconsortium.core.titles.title_overlap import title_overlap
from libconsortium.plugins.reports.heat import HeatRow, heat_map

_GOLDEN = Path(__file__).parents[2] / "data" / "heat.svg"
_A, _B, _C = (
    TitleRow(title=title, print_identifier=number)
    for title, number in (("=Annals", "0317-8471"), ("Bulletin", "2434-561X"), ("C", "1050-124X"))
)
_LISTS = [
    TitleList(name="acme", titles=(_A, _B), members=("a", "b"), cost=Money(100_000, "VND")),
    TitleList(name="beta & co", titles=(_B, _C), members=("a",), cost=Money(60_000, "VND")),
    TitleList(name="empty", titles=()),
]
_USES = [TitleUse(member="a", numbers=("2434-561X",), count=8)]


def _written(form: str, *, language: str = "en", many: int = 0) -> bytes:
    rows = tuple(TitleRow(title=f"Title number {n:03}") for n in range(many))
    lists = [*_LISTS, *(TitleList(name=name, titles=rows) for name in ("m", "n") if many)]
    found = title_overlap(lists, uses=_USES, held={"a": ["2434561X"]})
    data = {"titles": found, "names": {"a": "Library <A>"}}
    snapshot = Snapshot(kind="titles", title="Lists", language=language, data=data)
    file = io.BytesIO()
    Registry().find(Report, form).write(snapshot, file)
    return file.getvalue()


def test_the_page_says_what_a_title_and_a_use_cost() -> None:
    page = _written("html").decode()

    assert "₫12,500" in page.replace("\N{NO-BREAK SPACE}", "")  # 100,000 for 8 uses
    assert "₫50,000" in page.replace("\N{NO-BREAK SPACE}", "")  # for 2 titles
    assert "Library &lt;A&gt;" in page
    assert "beta &amp; co" in page


def test_the_page_loads_nothing_and_has_no_script() -> None:
    page = _written("html").decode()

    assert "default-src 'none'" in page.replace("&#x27;", "'")
    assert "<script" not in page
    assert "style=" not in page
    assert "http://" not in page


def test_a_long_list_of_doubles_is_cut_on_the_page_and_whole_in_the_table() -> None:
    assert "more stand in the table" in _written("html", many=120).decode()
    assert _written("csv", many=120).decode("utf-8-sig").count("Title number") == 120


def test_the_table_has_a_row_a_title_and_runs_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(_written("csv").decode("utf-8-sig"))))

    assert [(row["Title"], row["Payments"]) for row in rows] == [
        ("Bulletin", "2"), ("'=Annals", "1"), ("C", "1"),
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_workbook_has_a_sheet_a_table_and_is_the_same_every_time(language: str) -> None:
    book = _written("xlsx", language=language)

    names = zipfile.ZipFile(io.BytesIO(book)).namelist()
    assert sum(name.startswith("xl/worksheets/sheet") for name in names) == 5
    assert book == _written("xlsx", language=language)


def test_the_overlap_of_catalogues_is_a_workbook_too() -> None:
    overlap = Overlap(
        matrix={("a", "a"): 3, ("a", "b"): 1, ("b", "a"): 1, ("b", "b"): 2},
        unique={"a": 2, "b": 1}, held_by_all=1, held_by_k={1: 3, 2: 1},
    )  # fmt: skip
    file = io.BytesIO()
    snapshot = Snapshot(kind="overlap", title="O", data={"overlap": overlap, "names": {}})

    Registry().find(Report, "xlsx").write(snapshot, file)

    names = zipfile.ZipFile(file).namelist()
    assert sum(name.startswith("xl/worksheets/sheet") for name in names) == 3


def test_the_heat_map_is_as_it_was_looked_at() -> None:
    rows = [
        HeatRow(label="acme-core", parts=(None, 0.33, 1.0), texts=("", "33", "100")),
        HeatRow(label="beta & science, with a name too long", parts=(0.6, None, 0.0),
                texts=("60", "", "0")),
        HeatRow(label="gamma", parts=(None, None, None), texts=("", "", "")),
    ]  # fmt: skip

    drawn = heat_map(rows, name="h", title="T", description="D", legend=("0 %", "100 %"))

    assert drawn + "\n" == _GOLDEN.read_text("utf-8")


def test_a_heat_map_of_many_has_no_room_for_numbers() -> None:
    row = HeatRow(label="x", parts=(0.5,) * 50, texts=("50",) * 50)

    drawn = heat_map([row] * 50, name="h", title="T", description="D", legend=("a", "b"))

    assert drawn.count(">50</text>") == 1  # the number of the last column
    assert drawn.count("<rect") == 50 * 50 + 11
