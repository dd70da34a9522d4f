from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Literal
from unicodedata import normalize

import pytest
import xlsxwriter

from libconsortium import (
    BibRecord,
    ImportFileError,
    OutRecord,
    Problem,
    RawRecord,
    RecordIdentifier,
    Registry,
    SettingsError,
    each_title,
    read_titles,
    write_records,
)
from libconsortium.load_steps.title_files import opening
from libconsortium.load_steps.title_files import rows as title_rows

_REGISTRY = Registry()


def _file(folder: Path, text: str, name: str = "tlu.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_every_column_is_read(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        "id\ttitle\tauthor\tyear\tisbn\tissn\tdoi\t"
        "volume\tedition\tpages\tpublisher\ttype\tmember\tjournal\n"
        "1\tGiải tích\tTrần Văn Bình; Lê Thị Hoa\tc2019\t978-0-306-40615-7\t0378-5955\t10.1000/X\t"
        "2\tIn lần 3\t320 tr.\tNxb. Trẻ\tSách\thust\tTạp chí Toán\n",
        "all.tsv",
    )

    (record,), problems = read_titles(path, _REGISTRY)

    assert not problems
    assert record.source == "hust"
    assert record.creators == ("Trần Văn Bình", "Lê Thị Hoa")
    assert (record.year, record.dates) == (2019, ("c2019",))
    assert record.identifiers == (
        RecordIdentifier(scheme="isbn", value="9780306406157"),
        RecordIdentifier(scheme="issn", value="0378-5955"),
        RecordIdentifier(scheme="doi", value="10.1000/x"),
    )
    assert (record.volume, record.edition, record.extent) == ("2", "In lần 3", "320 tr.")
    assert (record.publishers, record.types, record.journal) == (
        ("Nxb. Trẻ",),
        ("Sách",),
        "Tạp chí Toán",
    )


@pytest.mark.parametrize(
    "cell",
    [
        "978-0-306-40615-7 0-8044-2957-X",
        "9780306406157,080442957X",
        "['9780306406157', '080442957X']",
        "9780306406157 | 080442957X",
    ],
)
def test_identifiers_side_by_side_are_several(tmp_path: Path, cell: str) -> None:
    (record,), problems = read_titles(_file(tmp_path, f'id,title,isbn\n1,a,"{cell}"\n'), _REGISTRY)

    assert not problems
    assert [one.value for one in record.identifiers] == ["9780306406157", "9780804429573"]


def test_of_identifiers_side_by_side_all_must_be_valid(tmp_path: Path) -> None:
    (record,), problems = read_titles(
        _file(tmp_path, "id,title,isbn\n1,a,0306406152 800\n"), _REGISTRY
    )

    assert [(one.value, one.is_valid) for one in record.identifiers] == [("0306406152 800", False)]
    assert [one.code for one in problems] == ["BAD_IDENTIFIER"]


def test_without_a_member_column_the_file_is_the_source(tmp_path: Path) -> None:
    (record,), _ = read_titles(
        _file(tmp_path, "id,title,Authors\n1,Giải tích,Tô Hoài\n"), _REGISTRY
    )

    assert (record.source, record.creators) == ("tlu", ("Tô Hoài",))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("id,title\n1,a\n,b\n", "row 3 has no id"),
        ("id,title\n1,a\n2,b\n1,c\n", "row 4 repeats the id '1' of row 2"),
        ("title\na\n", "no column 'id'"),
        ("id#title\n1#a\n", "the columns of the file are id#title: rename one, or say in a file"),
        ("<p>" * 200, "(<p>){100}…: rename one"),
        ("id,year\n1,2019\n", "no column 'title'"),
        ("", "the file is empty"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(
    rows: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(ImportFileError, match=message):
        read_titles(_file(tmp_path, rows), _REGISTRY)


def test_a_workbook_with_the_name_of_a_text_is_read(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "tlu.csv")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["id", "title"])
    sheet.write_row(1, 0, [1, "Giải tích"])
    book.close()

    (record,), problems = read_titles(tmp_path / "tlu.csv", _REGISTRY)

    assert (record.identifier, record.title, problems) == ("1", "Giải tích", ())


def test_titles_above_the_headings_are_passed_over_and_told(tmp_path: Path) -> None:
    text = "DANH MỤC SÁCH,,\nNăm 2024,,\n\nMã,Nhan đề,Tác giả\n7,Sóng,Xuân Quỳnh\n"

    (record,), problems = read_titles(_file(tmp_path, text), _REGISTRY)

    assert (record.identifier, record.title) == ("7", "Sóng")
    assert [(one.code, one.where.line, str(one.what)[:6]) for one in problems] == [
        ("TITLE_ROWS", 4, "2 rows")
    ]


def test_bad_cells_are_reported_with_their_place_and_the_record_kept(tmp_path: Path) -> None:
    path = _file(tmp_path, "id,title,year,isbn,colour\n7,,sắp in,800,đỏ\n")

    (record,), problems = read_titles(path, _REGISTRY)

    assert [(problem.code, problem.where.field) for problem in problems] == [
        ("NO_TITLE", "title"),
        ("BAD_YEAR", "year"),
        ("BAD_IDENTIFIER", "isbn"),
        ("COLUMN_NOT_READ", "colour"),
    ]
    assert problems[0].where.line == 2
    assert record.identifiers[0].is_valid is False


_ROWS = [
    ["id", "title", "author", "year"],
    ["1", 'Les "misérables", 1', "Hugo, Victor; X", "c1862"],
]


def test_headings_of_vietnamese_lists_are_known_however_they_are_composed(tmp_path: Path) -> None:
    headings = normalize(
        "NFD", "Mã sách,Tên sách,Tác giả chính,Năm XB,Nhà XB,Số trang,Dạng tài liệu"
    )
    path = _file(tmp_path, f"{headings}\n7,Sóng,Xuân Quỳnh,1968,Văn học,99 tr.,Sách\n")

    (record,), problems = read_titles(path, _REGISTRY)

    assert not problems
    assert (record.identifier, record.title, record.creators) == ("7", "Sóng", ("Xuân Quỳnh",))
    assert (record.year, record.publishers, record.extent) == (1968, ("Văn học",), "99 tr.")


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "%"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_separator_encoding_and_quotes_do_not_matter(
    tmp_path: Path, delimiter: str, encoding: str, quoting: Literal[0, 1]
) -> None:
    path = tmp_path / "list.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter, quoting=quoting).writerows(_ROWS)

    (record,), _ = read_titles(path, _REGISTRY)

    assert record.title == 'Les "misérables", 1'
    assert record.creators == ("Hugo, Victor", "X")
    assert record.year == 1862


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_first_line_may_name_the_separator(tmp_path: Path, end: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(f"\ufeffsep=;{end}id;title{end}1;Kiều, Thơ{end}".encode())

    (record,), problems = read_titles(path, _REGISTRY)

    assert (record.title, problems) == ("Kiều, Thơ", ())


def test_columns_may_stand_in_any_order_and_extra_cells_are_told(tmp_path: Path) -> None:
    path = _file(tmp_path, "Year,ID,Title\n1999,7,Kiều\n2001,8\n2002,9,Thơ,x,y\n")

    records, problems = read_titles(path, _REGISTRY)

    assert [record.title for record in records] == ["Kiều", "", "Thơ"]
    assert [(problem.code, problem.where.line) for problem in problems] == [
        ("NO_TITLE", 3),
        ("ROW_TOO_LONG", 4),
    ]


def test_ids_stay_as_they_are_written(tmp_path: Path) -> None:
    path = _file(tmp_path, "id,title\nHo\u0300,A\nHò,B\n")

    records, _ = read_titles(path, _REGISTRY)

    assert [record.identifier for record in records] == ["Ho\u0300", "Hò"]


def test_quotation_marks_that_only_begin_a_title_are_letters(tmp_path: Path) -> None:
    path = _file(tmp_path, 'id\ttitle\n1\t"Kiều" and other poems\n2\tThơ\n', "list.tsv")

    records, _ = read_titles(path, _REGISTRY)

    assert [record.title for record in records] == ['"Kiều" and other poems', "Thơ"]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Gottfried Vossen, Mathias Weske", ("Gottfried Vossen", "Mathias Weske")),
        ("p. auer, n. bianchi, and r. e. schapire", ("p. auer", "n. bianchi", "r. e. schapire")),
        ("Stahl, Bernd Carsten and Elbeltagi, Ibrahim",
         ("Stahl, Bernd Carsten", "Elbeltagi, Ibrahim")),
        ("Bình, Trần Văn", ("Bình, Trần Văn",)),
        ("Trần Văn Bình", ("Trần Văn Bình",)),
        ("Bình, Trần Văn; Hoa, Lê", ("Bình, Trần Văn", "Hoa, Lê")),
        ("", ()),
    ],
)  # fmt: skip
def test_authors_are_divided_where_it_is_plain(
    tmp_path: Path, cell: str, names: tuple[str, ...]
) -> None:
    path = _file(tmp_path, f'id,title,authors\n1,x,"{cell}"\n')

    (record,), _ = read_titles(path, _REGISTRY)

    assert record.creators == names


def test_one_json_object_a_line(tmp_path: Path) -> None:
    lines = [
        {"id": 1, "title": "Kiều", "authors": ["Nguyễn Du", "X"], "year": 2015, "pages": None},
        {"id": "b", "title": "Thơ", "creator": {"family": "Tố", "given": "Hữu"}, "year": 1946.0},
    ]
    text = "\n\n".join(json.dumps(line) for line in lines)

    one, two = read_titles(_file(tmp_path, text, "list.jsonl"), _REGISTRY)[0]

    assert (one.identifier, one.creators, one.year) == ("1", ("Nguyễn Du", "X"), 2015)
    assert (two.title, two.year) == ("Thơ", 1946)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{\n", ":1: the line is no JSON from character 2 on"),
        ("[1]\n", "the line is no JSON object"),
        ("", "empty"),
    ],
)
def test_json_lines_that_are_none(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ImportFileError, match=message):
        read_titles(_file(tmp_path, text, "list.jsonl"), _REGISTRY)


def test_a_broken_line_costs_itself_only_and_is_told(tmp_path: Path) -> None:
    text = '{"id": 1, "title": "Kiều"}\n{"id": 2, "ti\n["x"]\n{"id": 3, "title": "Thơ"}\n'

    records, problems = read_titles(_file(tmp_path, text, "list.jsonl"), _REGISTRY)

    assert [record.identifier for record in records] == ["1", "3"]
    assert [(one.code, one.where.line) for one in problems] == [
        ("LINE_NOT_READ", 2), ("LINE_NOT_READ", 3),
    ]  # fmt: skip


def test_halves_of_characters_do_not_stop_a_list(tmp_path: Path) -> None:
    text = '{"id": "a\\ud800", "title": "S\\u00f3ng \\ud83d\\ude00"}\n'

    (record,), problems = read_titles(_file(tmp_path, text, "list.jsonl"), _REGISTRY)

    assert (record.identifier, record.title) == ("a?", "Sóng 😀")
    assert [(one.code, one.where.line) for one in problems] == [("HALF_CHARACTERS", 1)]


def test_each_line_may_name_its_fields_in_its_own_way(tmp_path: Path) -> None:
    text = (
        '{"id": 1, "title": "Kiều", "authors": ["Nguyễn Du"]}\n'
        '{"id": 2, "title": {"vi": "Sóng"}, "creator": "Xuân Quỳnh", "author": "Xuân Diệu"}\n'
    )

    one, two = read_titles(_file(tmp_path, text, "list.jsonl"), _REGISTRY)[0]

    assert one.creators == ("Nguyễn Du",)
    assert (two.title, two.creators) == ("Sóng", ("Xuân Diệu",))


@pytest.mark.parametrize(
    "columns",
    [
        '[columns]\njournal = "venue"\nid = "no"\n',
        '[columns]\nvenue = "journal"\nno = "id"\n',
        'journal = "venue"\nid = "No"\n',
        '[[map]]\nfrom = "venue"\nto = "journal"\n[[map]]\nfrom = "no"\nto = "id"\n',
    ],
)
def test_foreign_headings_are_renamed(tmp_path: Path, columns: str) -> None:
    path = _file(tmp_path, "no,title,venue\n1,Kiều,Tạp chí\n")
    columns_file = _file(tmp_path, columns, "map.toml")

    (record,), problems = read_titles(path, _REGISTRY, columns_file)

    assert (record.identifier, record.journal, problems) == ("1", "Tạp chí", ())


def test_a_foreign_separator_is_told(tmp_path: Path) -> None:
    path = _file(tmp_path, "id,title,names\n1,Kiều,Du|An\n")
    columns_file = _file(tmp_path, '[[map]]\nfrom="names"\nto="authors"\nsplit="|"\n', "map.toml")

    (record,), _ = read_titles(path, _REGISTRY, columns_file)

    assert record.creators == ("Du", "An")


def test_a_column_there_is_not_is_named(tmp_path: Path) -> None:
    columns_file = _file(tmp_path, '[[map]]\nfrom="venue"\nto="place"\n', "map.toml")

    with pytest.raises(SettingsError, match="'place' is no column"):
        read_titles(_file(tmp_path, "id,title\n"), _REGISTRY, columns_file)


def test_a_constant_fills_what_the_file_lacks(tmp_path: Path) -> None:
    path = _file(tmp_path, "id,title,type\n1,Kiều,\n2,Thơ,thesis\n")
    constants = '[constants]\nmember = "hus"\ntype = "book"\nyear = "khoảng nào"\n'
    columns_file = _file(tmp_path, constants, "map.toml")

    records, problems = read_titles(path, _REGISTRY, columns_file)

    assert [(one.source, one.types) for one in records] == [
        ("hus", ("book",)),
        ("hus", ("thesis",)),
    ]
    assert {one.code for one in problems} == {"BAD_YEAR"}


def test_a_heading_that_the_file_lacks_is_told(tmp_path: Path) -> None:
    path = _file(tmp_path, "id,title,zeitschrift\n1,Kiều,Tạp chí\n")
    columns_file = _file(tmp_path, '[columns]\njournal = "zeitschrif"\n', "map.toml")

    _, problems = read_titles(path, _REGISTRY, columns_file)

    assert [one.code for one in problems if one.where.field == "zeitschrif"] == ["COLUMN_NOT_THERE"]


def test_a_heading_for_the_id_that_the_file_lacks_is_named(tmp_path: Path) -> None:
    columns_file = _file(tmp_path, '[columns]\nid = "nr"\n', "map.toml")

    with pytest.raises(
        ImportFileError, match=r"no column 'nr', which should be 'id'; .* no, title"
    ):
        read_titles(_file(tmp_path, "no,title\n1,Kiều\n"), _REGISTRY, columns_file)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[column]\nid = "no"\n', "map.toml:1: column: unknown table"),
        ("[columns]\nid = 3\n", "map.toml:2: columns.id: expected a text in quotes"),
        ('[columns]\nauthor = ["a", "b"]\n', "columns.author: expected a text"),
        ('columns = "x"\n', r"columns: expected a table \[columns\]"),
        ('map = "x"\n', r"map: expected tables"),
        ('[[map]]\nfrom = "a"\n', r"map\[0\].to: missing"),
        ('[[map]]\nfrom = "a"\nto = "id"\nvalue = "x"\n', "value: unknown key"),
        ('[[map]]\nfrom = 1\nto = "id"\n', "from: expected a text"),
        ('[constants]\nplace = "x"\n', "'place' is no column"),
    ],
)
def test_what_nothing_reads_in_a_file_of_columns_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        read_titles(_file(tmp_path, "id,title\n"), _REGISTRY, _file(tmp_path, text, "map.toml"))


def test_other_files_and_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match=r"save it as one of .csv"):
        read_titles(_file(tmp_path, "", "list.doc"), _REGISTRY)
    with pytest.raises(ImportFileError, match="cannot be read"):
        read_titles(tmp_path / "gone.csv", _REGISTRY)
    with pytest.raises(ImportFileError, match="cannot be read"):
        read_titles(tmp_path / "gone.jsonl", _REGISTRY)


# ---------------------------------------------------------------- MARC

_SLIM = "http://www.loc.gov/MARC21/slim"


def _marc(*numbers: str, agency: str = "") -> str:
    place = f'<controlfield tag="003">{agency}</controlfield>' if agency else ""
    records = (
        f'<record><leader>00000nam a2200000 a 4500</leader>{own}{place}<datafield tag="245">'
        f'<subfield code="a">Kiều {place_number}</subfield></datafield></record>'
        for place_number, number in enumerate(numbers)
        for own in [f'<controlfield tag="001">{number}</controlfield>' if number else ""]
    )
    return f'<collection xmlns="{_SLIM}">{"".join(records)}</collection>'


@pytest.mark.parametrize("agency", ["", "VN-TLU"])
def test_marc_records_bear_their_own_number(tmp_path: Path, agency: str) -> None:
    path = _file(tmp_path, _marc("tlu1", "tlu2", agency=agency), "tlu.xml")

    records, problems = read_titles(path, _REGISTRY)

    assert [(one.source, one.identifier, one.title) for one in records] == [
        ("tlu", "tlu1", "Kiều 0"), ("tlu", "tlu2", "Kiều 1"),
    ]  # fmt: skip
    assert not problems


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        (("0", "1", "1"), "row 3 repeats the id '1' of row 2"),
        (("1", ""), "row 2 has no id"),
        ((), "no record in the file: the file has no records in its element 'collection'"),
    ],
)
def test_marc_records_without_a_number_of_their_own_are_refused(
    tmp_path: Path, numbers: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ImportFileError, match=message):
        read_titles(_file(tmp_path, _marc(*numbers), "tlu.xml"), _REGISTRY)


def test_the_same_record_twice_is_named_with_its_rows(tmp_path: Path) -> None:
    once = _marc("7").removesuffix("</collection>")
    text = f"{once}{once.partition('>')[2]}</collection>"

    with pytest.raises(ImportFileError, match="row 2 repeats the id '7' of row 1"):
        read_titles(_file(tmp_path, text, "tlu.xml"), _REGISTRY)


def test_what_came_before_a_break_is_read_and_the_break_told(tmp_path: Path) -> None:
    text = _marc("1", "2", "3")

    records, problems = read_titles(_file(tmp_path, text[:-60], "tlu.xml"), _REGISTRY)

    assert [record.identifier for record in records] == ["1", "2"]
    assert {"FILE_CUT", "QUARANTINED"} == {problem.code for problem in problems}


def test_of_a_cut_file_of_iso_2709_the_whole_records_are_read(tmp_path: Path) -> None:
    records = [
        OutRecord(
            stored=RawRecord(source="tlu", identifier=number),
            record=BibRecord(source="tlu", identifier=number, titles=("Kiều",)),
        )
        for number in ("1", "2")
    ]
    path = tmp_path / "tlu.mrc"
    with path.open("wb") as file:
        write_records(records, "iso2709", file)
    path.write_bytes(path.read_bytes()[:-20])

    found, problems = read_titles(path, _REGISTRY)

    assert [record.identifier for record in found] == ["1"]
    assert "FILE_CUT" in {problem.code for problem in problems}


def test_records_of_a_large_file_are_given_before_its_end_is_read(tmp_path: Path) -> None:
    problems: list[Problem] = []
    path = _file(tmp_path, _marc(*map(str, range(1200)))[:-60], "tlu.xml")
    records = each_title(path, _REGISTRY, problems=problems)

    first = next(records)

    assert (first.identifier, problems) == ("0", [])
    assert len(list(records)) == 1198
    assert {"FILE_CUT", "QUARANTINED"} == {problem.code for problem in problems}


@pytest.mark.parametrize("lost", [0, 30])
def test_packed_files_of_records_are_read_whole_or_cut(tmp_path: Path, lost: int) -> None:
    path = tmp_path / "tlu.XML.gz"
    packed = gzip.compress(_marc(*map(str, range(200))).encode())
    path.write_bytes(packed[: len(packed) - lost])

    records, problems = read_titles(path, _REGISTRY)

    assert {record.source for record in records} == {"tlu"}
    assert (len(records) == 200, "FILE_CUT" in {one.code for one in problems}) == (
        not lost,
        lost > 0,
    )


def test_a_file_cut_in_its_first_record_says_so(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match=r"no record in the file: .* breaks off"):
        read_titles(_file(tmp_path, _marc("1")[:200], "tlu.xml"), _REGISTRY)


def test_a_number_that_two_agencies_give_is_named_with_its_rows(tmp_path: Path) -> None:
    text = (
        _marc("7", agency="A").replace("</collection>", "")
        + _marc("7", agency="B").partition(">")[2]
    )

    with pytest.raises(ImportFileError, match="row 2 repeats the id '7' of row 1"):
        read_titles(_file(tmp_path, text, "tlu.xml"), _REGISTRY)


def test_a_record_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    text = _marc("1", "2").replace("Kiều 1<", "Kiều <b 1<")

    records, problems = read_titles(_file(tmp_path, text, "tlu.xml"), _REGISTRY)

    assert [record.identifier for record in records] == ["1"]
    assert "QUARANTINED" in {problem.code for problem in problems}


def test_a_mapping_table_is_used_for_marc(tmp_path: Path) -> None:
    mapping = _file(tmp_path, '[[map]]\nfrom = "marc 245$a"\nto = "journal"\n', "map.toml")

    (record,), _ = read_titles(_file(tmp_path, _marc("1"), "tlu.xml"), _REGISTRY, mapping)

    assert record.journal == "Kiều 0"


@pytest.mark.parametrize(("rows", "first"), [(5, 2), (2, 2), (9, 4)])
def test_an_id_that_is_repeated_far_below_is_found_too(
    rows: int, first: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(title_rows, "_LINES_HELD", 3)
    lines = [f"r{number},Sóng" for number in range(rows)]
    lines.append(f"r{first - 2},Sóng")

    with pytest.raises(ImportFileError, match=f"row {rows + 2} repeats .* of row {first};"):
        read_titles(_file(tmp_path, "\n".join(["id,title", *lines])), _REGISTRY)


def test_titles_are_read_one_by_one(tmp_path: Path) -> None:
    problems: list[Problem] = []
    titles = each_title(
        _file(tmp_path, "id,title,year\n1,Sóng,x\n2,,2001\n"), _REGISTRY, problems=problems
    )

    assert next(titles).identifier == "1"
    assert [one.code for one in problems] == ["BAD_YEAR"]
    assert next(titles).identifier == "2"


@pytest.mark.parametrize("name", ["list.json", "list.jsonl"])
@pytest.mark.parametrize("indent", [None, 2])
def test_a_list_of_json_objects_may_be_laid_out_in_any_way(
    tmp_path: Path, name: str, indent: int | None
) -> None:
    rows = [{"id": 1, "title": "Kiều"}, "x", {"id": 2, "title": "Sóng", "isbn": "9786041000001"}]
    path = _file(tmp_path, json.dumps(rows, indent=indent), name)

    records, problems = read_titles(path, _REGISTRY)

    assert [record.title for record in records] == ["Kiều", "Sóng"]
    assert [(one.code, one.where.line) for one in problems] == [("LINE_NOT_READ", 2)]


def test_lines_of_json_may_be_called_json(tmp_path: Path) -> None:
    path = _file(tmp_path, '{"id": 1, "title": "A"}\n{"id": 2, "title": "B"}\n', "list.json")

    assert [record.title for record in read_titles(path, _REGISTRY)[0]] == ["A", "B"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tlu.csv", "id,title\n1,Kiều\n"),
        ("tlu.tsv", "id\ttitle\n1\tKiều\n"),
        ("tlu.jsonl", '{"id": 1, "title": "Kiều"}\n'),
        ("tlu.json", '[{"id": 1, "title": "Kiều"}]'),
    ],
)
def test_a_packed_list_is_read_under_its_plain_name(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / f"{name}.GZ"
    path.write_bytes(gzip.compress(text.encode()))

    (record,), _ = read_titles(path, _REGISTRY)

    assert (record.source, record.title) == ("tlu", "Kiều")


@pytest.mark.parametrize(
    "packed", [b"hello", gzip.compress(b"id,title\n1,A\n")[:20]], ids=["no gzip", "cut"]
)
def test_a_packed_list_that_is_damaged_is_an_error(tmp_path: Path, packed: bytes) -> None:
    path = tmp_path / "tlu.csv.gz"
    path.write_bytes(packed)

    with pytest.raises(ImportFileError, match=r"tlu\.csv\.gz: the file cannot be read: \w"):
        read_titles(path, _REGISTRY)


def test_a_packed_list_that_grows_without_end_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tlu.csv.gz"
    path.write_bytes(gzip.compress(b"id,title\n" + b"0" * 10_000))
    monkeypatch.setattr(opening, "_LARGEST_UNPACKED", 5_000)

    with pytest.raises(ImportFileError, match="unpacks to more than"):
        read_titles(path, _REGISTRY)


def test_marc_as_json_is_read_as_marc(tmp_path: Path) -> None:
    title = {"ind1": "0", "ind2": "0", "subfields": [{"a": "Sóng /"}]}
    record = {"leader": "00000nam a2200000 a 4500", "fields": [{"001": "7"}, {"245": title}]}

    for name, text in (
        ("a.json", json.dumps([record], indent=1)),
        ("b.json", json.dumps(record, indent=1)),
        ("c.jsonl", json.dumps(record)),
    ):
        (one,), _ = read_titles(_file(tmp_path, text, name), _REGISTRY)
        assert (one.identifier, one.title) == ("7", "Sóng")


@pytest.mark.parametrize(
    ("form", "name"), [("csv", "a.csv"), ("jsonl", "a.jsonl"), ("solr", "a.json")]
)
def test_what_we_export_is_read_with_all_its_fields(tmp_path: Path, form: str, name: str) -> None:
    isbn = RecordIdentifier(scheme="isbn", value="9786041000001")
    book = BibRecord(
        source="a", identifier="1", titles=("Sóng | biển",), creators=("X",), identifiers=(isbn,)
    )
    with (tmp_path / name).open("wb") as file:
        out = OutRecord(stored=RawRecord(source="a", identifier="1"), record=book)
        write_records([out], form, file)

    (record,), _ = read_titles(tmp_path / name, _REGISTRY)

    assert record.titles == book.titles
    assert (record.creators, record.identifiers) == (book.creators, book.identifiers)


def test_xml_that_is_no_record_is_told_as_such_and_not_as_one_without_id(tmp_path: Path) -> None:
    path = _file(tmp_path, "<project><name>x</name></project>", "a.xml")

    with pytest.raises(
        ImportFileError, match=r"no record in the file: .*root element is 'project'"
    ):
        read_titles(path, _REGISTRY)


def test_a_mapping_table_goes_with_marc_as_json(tmp_path: Path) -> None:
    title = {"ind1": "0", "ind2": "0", "subfields": [{"a": "Sóng"}]}
    local = {"ind1": " ", "ind2": " ", "subfields": [{"a": "VN 1"}]}
    record = {"leader": "", "fields": [{"001": "7"}, {"245": title}, {"900": local}]}
    table = _file(tmp_path, '[[map]]\nfrom = "marc 900$a"\nto = "call_numbers"\n', "m.toml")

    (one,), _ = read_titles(_file(tmp_path, json.dumps(record), "a.json"), _REGISTRY, table)

    assert one.call_numbers == ("VN 1",)


def test_columns_that_are_told_go_with_rows_that_we_exported(tmp_path: Path) -> None:
    path = _file(tmp_path, "source,identifier,datestamp,deleted,title\na,1,,no,Sóng\n")
    table = _file(tmp_path, '[columns]\nmember = "source"\n', "m.toml")

    (one,), _ = read_titles(path, _REGISTRY, table)

    assert (one.source, one.title) == ("a", "Sóng")


@pytest.mark.parametrize(
    "written",
    ["Cô sôû vaên hoùa Vieät Nam", "CÆ¡ sá»Ÿ vÄƒn hÃ³a Viá»‡t Nam", "C¬ së v¨n hãa ViÖt Nam"],
)
def test_a_row_in_an_old_encoding_is_read_as_it_was_meant(tmp_path: Path, written: str) -> None:
    (one,), problems = read_titles(_file(tmp_path, f"id,title\n1,{written}\n"), _REGISTRY)

    assert (one.title, one.problems, problems) == ("Cơ sở văn hóa Việt Nam", (), ())
