from __future__ import annotations

from pathlib import Path

import pytest

from libconsortium import ImportFileError, RecordIdentifier, Registry, read_titles

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
        ("id,year\n1,2019\n", "no column 'title'"),
        ("", "the file is empty"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(
    rows: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(ImportFileError, match=message):
        read_titles(_file(tmp_path, rows), _REGISTRY)


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
