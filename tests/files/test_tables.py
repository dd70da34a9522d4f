"""Tables in files: as offices really have them, and as attackers would make them."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import FileLimits, ImportFileError, read_tables, write_csv, write_csv_for_excel
from libconsortium.files.tables import Table, Tables, read_csv, read_spreadsheet

NAMES = "id,name\r\ntlu,Đại học Thủy lợi\r\nđhb,Bách khoa “Hà Nội”\r\n"


def rows(table: Table) -> list[dict[str, object]]:
    return [dict(row.values) for row in table.rows]


def only(tables: Tables) -> Table:
    (table,), problems = tables
    assert problems == ()
    return table


def codes(tables: Tables) -> list[str]:
    return [problem.code for problem in tables[1]]


# ---------------------------------------------------------------- CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_csv_of_every_usual_kind_is_the_same_table(encoding: str, delimiter: str, end: str) -> None:
    text = NAMES.replace(",", delimiter).replace("\r\n", end)

    table = only(read_csv("libraries", "x.csv", text.encode(encoding)))

    assert table.fields == ("id", "name")
    assert rows(table)[1] == {"id": "đhb", "name": "Bách khoa “Hà Nội”"}
    assert [row.line for row in table.rows] == [2, 3]


def test_the_separator_that_excel_tells_is_taken() -> None:
    table = only(read_csv("x", "x.csv", b"sep=|\r\nid|name\r\na|b,c\r\n"))

    assert rows(table) == [{"id": "a", "name": "b,c"}]
    assert table.rows[0].line == 3


def test_a_separator_inside_quotation_marks_is_none() -> None:
    table = only(read_csv("x", "x.csv", b'"a,b,c";"d"\n1;2\n'))

    assert table.fields == ("a,b,c", "d")


def test_windows_1258_is_read_and_told() -> None:
    data = "id,name\ntlu,Đa\u0323i ho\u0323c\n".encode("cp1258")

    (table,), (problem,) = read_csv("x", "x.csv", data)

    assert rows(table) == [{"id": "tlu", "name": "Đại học"}]
    assert (problem.code, problem.where.source) == ("ENCODING_GUESSED", "x.csv")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("Stra\u00dfe in Gie\u00dfen".encode("cp1252"), "Straße in Gießen"),
        ("NguyÔn V\u00a8n \u00b8i".encode("cp1252"), "NguyÔn V\u00a8n \u00b8i"),
        ("Nguyeãn Vaên".encode("cp1252"), "Nguyeãn Vaên"),
        (b"Toan l\xfd v\xe0 h\xf3a, \x8d", "Toan lý và hóa, \x8d"),
    ],
    ids=["German", "TCVN3", "VNI", "VISCII"],
)
def test_what_is_no_vietnamese_of_windows_keeps_its_bytes(data: bytes, name: str) -> None:
    (table,), (problem,) = read_csv("x", "x.csv", b"id;name\n1;" + data + b"\n")

    assert rows(table)[0]["name"] == name
    assert "Windows-1252" in str(problem)


@pytest.mark.parametrize(
    ("above", "count"),
    [
        ([["DANH MỤC SÁCH"]], 1),
        ([["DANH MỤC SÁCH", "", ""], ["", "", ""], ["", "Năm 2024", ""]], 2),
    ],
)
def test_titles_above_a_table_are_passed_over_and_told(above: list[list[str]], count: int) -> None:
    lines = [*above, ["Nhan đề", "Tác giả", "Năm"], ["Sóng", "Xuân A", "1967"]]
    data = "\n".join(";".join(line) for line in lines).encode()

    (table,), (problem,) = read_csv("x", "x.csv", data)

    assert rows(table) == [{"Nhan đề": "Sóng", "Tác giả": "Xuân A", "Năm": "1967"}]
    assert (problem.code, f"{count} rows" in str(problem)) == ("TITLE_ROWS", True)


@pytest.mark.parametrize(
    "text",
    ["a\nb\nc\n", "a;b\n1;2\n", "a;b\n1;2\n3;4\n", "a\nb;c\n", "a\nb; c; d\n", "a;b\nc;d;e\n"],
)
def test_the_first_row_has_the_headings_where_none_is_much_wider(text: str) -> None:
    (table,), _ = read_csv("x", "x.csv", text.encode())

    assert table.fields[0] == "a"


def test_a_row_of_figures_is_no_row_of_headings(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Năm", 0)
    for cells in (["Năm"], [1, 2, 3]):
        sheet.append(cells)
    book.save(tmp_path / "x.xlsx")

    (table,), _ = read_tables(tmp_path / "x.xlsx")

    assert table.fields == ("Năm",)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"PK\x03\x04\x14\x00\x00\x00",
        b"\xff\xfea",
        b"id\n\x8d\x8e\x8f\n",
        b"id\na\x00b\n",
    ],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(ImportFileError, match=r"x\.csv: this is not a text file .* CSV UTF-8"):
        read_csv("x", "x.csv", data)


def test_a_row_over_several_lines_has_the_line_it_begins_on() -> None:
    table = only(read_csv("x", "x.csv", b'id,note\na,"one\ntwo"\nb,three\n'))

    assert [row.line for row in table.rows] == [2, 4]
    assert table.rows[0].values["note"] == "one\ntwo"


def test_a_quotation_mark_that_is_never_closed_is_an_error_with_its_line() -> None:
    with pytest.raises(ImportFileError, match=r"x\.csv:3: .* quotation mark"):
        read_csv("x", "x.csv", b'id,note\na,b\nc,"d\ne,f\n')


def test_blank_rows_are_left_out_and_short_rows_filled() -> None:
    table = only(read_csv("x", "x.csv", b"\n\nid,name\n,\n  \na\n"))

    assert rows(table) == [{"id": "a", "name": ""}]
    assert table.rows[0].line == 6


def test_texts_lose_blanks_around_them_and_are_composed() -> None:
    table = only(read_csv("x", "x.csv", "id\n  Đa\u0323i \n".encode()))

    assert rows(table) == [{"id": "Đại"}]


def test_a_value_without_a_heading_is_a_problem_with_its_column() -> None:
    (table,), (problem,) = read_csv("x", "x.csv", b"id,,name\na,,b\nc,d,e\n")

    assert str(problem.where) == "x.csv:3:2"
    assert problem.code == "NO_HEADING"
    assert rows(table)[1] == {"id": "c", "name": "e"}


def test_a_heading_that_comes_twice_is_a_problem_and_the_first_counts() -> None:
    read = read_csv("x", "x.csv", b"id,name,id\na,b,\n")

    assert codes(read) == ["DOUBLE_HEADING"]
    assert rows(read[0][0]) == [{"id": "a", "name": "b"}]


def test_an_empty_file_has_no_table() -> None:
    assert read_csv("x", "x.csv", b"") == ((), ())


def test_rows_beyond_the_limit_are_told() -> None:
    (table,), (problem,) = read_csv("x", "x.csv", b"id\n1\n2\n3\n", FileLimits(rows=2))

    assert len(table.rows) == 2
    assert (problem.code, problem.where.line) == ("TOO_MANY_ROWS", 4)


def test_columns_beyond_the_limit_are_refused() -> None:
    with pytest.raises(ImportFileError, match=r"x\.csv:1: more than 2 columns"):
        read_csv("x", "x.csv", b"a,b,c\n", FileLimits(columns=2))


cells = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp", "Mn"]), max_size=9)


@given(st.lists(st.tuples(cells, cells).filter(any), max_size=5))
def test_what_is_written_is_read_back(written: list[tuple[str, str]]) -> None:
    import unicodedata

    file = io.StringIO()
    write_csv(file, ("id", "name"), [{"id": one, "name": other} for one, other in written])

    (table,), problems = read_csv("x", "x.csv", file.getvalue().encode())

    normal = [tuple(unicodedata.normalize("NFC", cell) for cell in row) for row in written]
    assert problems == ()
    assert [tuple(row.values.values()) for row in table.rows] == normal


@pytest.mark.parametrize("value", ["=1+1", "+84 24", "-5", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_csv_for_excel_runs_nothing(value: str) -> None:
    file = io.StringIO(newline="")

    write_csv_for_excel(file, ("note",), [{"note": value}])

    assert file.getvalue().startswith("\ufeffnote\r\n")
    assert f"'{value}" in file.getvalue()


def test_a_csv_to_read_back_is_not_changed() -> None:
    file = io.StringIO(newline="")

    write_csv(file, ("note", "more"), [{"note": "=1+1"}, {"more": None}])

    assert file.getvalue() == "note,more\r\n=1+1,\r\n,\r\n"


# ---------------------------------------------------------------- workbooks


def workbook(sheets: dict[str, list[list[Any]]], *, row: int = 1, column: int = 1) -> bytes:
    book = openpyxl.Workbook()
    for name, cells in sheets.items():
        sheet = book.create_sheet(name)
        for y, line in enumerate(cells):
            for x, value in enumerate(line):
                sheet.cell(row + y, column + x, value)
    del book["Sheet"]
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_every_sheet_is_a_table_and_values_keep_their_kind() -> None:
    data = workbook(
        {
            "libraries": [["id", "opened"], ["tlu", dt.date(1959, 1, 1)], ["vnu", None]],
            "measures": [["value", "ok"], [700, True], [0.25, False]],
        }
    )

    (libraries, measures), problems = read_spreadsheet("", "x.xlsx", data)

    assert problems == ()
    assert rows(libraries) == [
        {"id": "tlu", "opened": dt.date(1959, 1, 1)},
        {"id": "vnu", "opened": ""},
    ]
    assert rows(measures) == [{"value": 700, "ok": True}, {"value": 0.25, "ok": False}]
    assert type(measures.rows[0].values["value"]) is int
    assert libraries.source == "x.xlsx[libraries]"


def test_a_table_that_begins_further_down_has_the_right_places() -> None:
    table = only(read_spreadsheet("", "x.xlsx", workbook({"a": [["id"], ["x"]]}, row=4, column=3)))

    assert str(table.rows[0].place("id")) == "x.xlsx[a]:5:3: id"


def test_a_formula_is_never_run() -> None:
    table = only(read_spreadsheet("", "x.xlsx", workbook({"a": [["id", "n"], ["x", "=1+1"]]})))

    assert rows(table) == [{"id": "x", "n": ""}]


def test_hidden_sheets_are_left_out() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook({"a": [["id"], ["x"]], "b": [["id"]]})))
    book["b"].sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)

    assert only(read_spreadsheet("", "x.xlsx", file.getvalue())).name == "a"


def ods(rows_xml: str) -> bytes:
    file = io.BytesIO()
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
            f'><manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
            "</manifest:manifest>",
        )
        archive.writestr(
            "content.xml",
            "<office:document-content"
            ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
            ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
            ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
            f'<office:spreadsheet><table:table table:name="libraries">{rows_xml}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return file.getvalue()


def cell(text: str, more: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p>'
        "</table:table-cell>"
    )


WIDE = ' table:number-columns-repeated="16000"'


def test_an_ods_file_is_read_although_it_ends_in_a_million_blank_rows() -> None:
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    table = only(
        read_spreadsheet(
            "",
            "x.ods",
            ods(
                f"<table:table-row>{cell('id')}</table:table-row>"
                f"<table:table-row>{cell('đhb')}</table:table-row>"
                f'<table:table-row table:number-rows-repeated="1048574">{blank}</table:table-row>'
            ),
        )
    )

    assert rows(table) == [{"id": "đhb"}]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no", b"id,name\n"])
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(ImportFileError, match=r"x\.xlsx: this is no workbook"):
        read_spreadsheet("", "x.xlsx", data)


def test_an_archive_that_holds_no_workbook_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "a")

    with pytest.raises(ImportFileError, match=r"x\.xlsx: this workbook cannot be read"):
        read_spreadsheet("", "x.xlsx", file.getvalue())


def test_a_filled_cell_a_million_rows_below_is_refused() -> None:
    data = workbook({"a": [["id"], ["x"]]})
    book = openpyxl.load_workbook(io.BytesIO(data))
    book["a"].cell(1048576, 200, "far")
    file = io.BytesIO()
    book.save(file)

    with pytest.raises(ImportFileError, match="reaches to row 1048576 and column 200; delete"):
        read_spreadsheet("", "x.xlsx", file.getvalue())


@pytest.mark.parametrize(
    "bomb",
    [
        f'<table:table-row table:number-rows-repeated="1048576">{cell("x")}</table:table-row>',
        f"<table:table-row>{cell('x', WIDE)}</table:table-row>",
    ],
)
def test_a_cell_repeated_into_the_far_is_refused(bomb: str) -> None:
    with pytest.raises(ImportFileError, match="delete what stands far from the table"):
        read_spreadsheet("", "x.ods", ods(bomb), FileLimits(cells=10_000))


def test_a_workbook_that_unpacks_too_far_is_refused() -> None:
    data = workbook({"a": [["id"], ["x" * 5000]]})

    with pytest.raises(ImportFileError, match="unpacks to more than 0 MB"):
        read_spreadsheet("", "x.xlsx", data, FileLimits(unpacked_bytes=1000))


def test_missing_calamine_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from libconsortium import MissingExtraError

    monkeypatch.setitem(sys.modules, "python_calamine", None)

    with pytest.raises(MissingExtraError, match=r"python-calamine; pip install .*\[tables\]"):
        read_spreadsheet("", "x.xlsx", workbook({"a": [["id"]]}))


# ---------------------------------------------------------------- TOML and files


def read_toml_text(folder: Path, text: str) -> Tables:
    (folder / "facts.toml").write_text(text, encoding="utf-8")
    return read_tables(folder / "facts.toml")


def test_toml_arrays_of_tables_are_tables_with_lines(tmp_path: Path) -> None:
    read = read_toml_text(
        tmp_path,
        '# office\n[[libraries]]\nid = "tlu"\n\n[[libraries]]\nid = "vnu"\n'
        "opened = 1906-05-16\n\n[[measures]]\nvalue = 12.5\n",
    )

    libraries, measures = read[0]
    assert [row.line for row in libraries.rows] == [2, 5]
    assert libraries.rows[1].place("opened").line == 7
    assert str(measures.rows[0].values["value"]) == "12.5"
    assert read[1] == ()


def test_toml_values_that_are_no_flat_facts_are_problems(tmp_path: Path) -> None:
    read = read_toml_text(tmp_path, 'title = "x"\n[[libraries]]\nid = "a"\nsets = [1, 2]\n')

    assert codes(read) == ["NOT_A_TABLE", "NOT_A_VALUE"]
    assert [problem.where.line for problem in read[1]] == [1, 4]
    assert rows(read[0][0]) == [{"id": "a"}]


def test_broken_toml_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match=r"facts\.toml:2:\d+: not TOML"):
        read_toml_text(tmp_path, "[[libraries]]\nid = \n")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match=r"a\.xls: files of this kind are not read; save"):
        read_tables(tmp_path / "a.xls")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match=r"a\.csv: the file cannot be read: No such file"):
        read_tables(tmp_path / "a.csv")


@pytest.mark.parametrize("ending", ["csv", "xlsx", "toml"])
def test_a_file_that_is_too_big_is_refused(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    path.write_bytes(b"x" * (2**20 + 1))

    with pytest.raises(ImportFileError, match="larger than 1 MB; split it"):
        read_tables(path, FileLimits(file_bytes=2**20))


def test_reading_csv_loads_no_workbook_reader() -> None:
    code = (
        "import sys, libconsortium.files.tables as t; t.read_csv('x', 'x.csv', b'id');"
        " assert 'python_calamine' not in sys.modules and 'tomlkit' not in sys.modules"
    )

    subprocess.run([sys.executable, "-c", code], check=True)
