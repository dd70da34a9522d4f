"""Rows of cells as they stand, from text in any encoding."""

from __future__ import annotations

import csv
import io

import pytest

from libconsortium.core.errors import ImportFileError
from libconsortium.files.tables import read_cells, text_encoding


def cells(content: bytes) -> list[list[object]]:
    rows, _ = read_cells("x", io.BytesIO(content))
    return [row for _, row in rows]


def test_line_numbers_are_those_of_the_file() -> None:
    rows, _ = read_cells("x", io.BytesIO(b'a\tb\r\n"c\nd"\t2\r\ne\t3\r\n'))

    assert [line for line, _ in rows] == [1, 2, 4]


def test_a_cell_may_hold_a_whole_text() -> None:
    assert cells(b'a\tb\n1\t"' + b"x" * 200_000 + b'"\n') == [["a", "b"], ["1", "x" * 200_000]]


def test_quotation_marks_with_mistakes_are_still_taken_off() -> None:
    assert cells(b'"a"\t"b"\n"x" y\t"z"\n') == [["a", "b"], ["x y", "z"]]


def test_quotation_marks_that_are_letters_stay() -> None:
    assert cells(b'a\tb\n"x" y\tz\n') == [["a", "b"], ['"x" y', "z"]]


@pytest.mark.parametrize(
    ("text", "width"),
    [("dữ liệu, tập hai", 2), ("dữ liệu, tập hai", 3), ("dữ liệu,tập hai", 6), ("a\nb, c\nd", 2)],
)
def test_a_cell_may_hold_line_ends_and_separators(text: str, width: int) -> None:
    rows = [["x"] * width, ["1", f"Cơ sở\n{text}", *"abcd"[: width - 2]], ["2"] * width]
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_MINIMAL).writerows([*rows, *[["3"] * width] * 9])

    assert cells(file.getvalue().encode())[:3] == rows


def test_a_quotation_mark_never_closed_swallows_no_lines() -> None:
    assert cells(b'a,b,c\n1,"x,y\n2,z",w\n') == [
        ["a", "b", "c"], ["1", '"x', "y"], ["2", 'z"', "w"]
    ]  # fmt: skip


def test_one_bad_quotation_mark_does_not_tear_the_other_cells_apart() -> None:
    text = b'id,title,year\n1,"one, two",2000\n2,"Hi" he said,2001\n'

    assert cells(text)[1] == ["1", "one, two", "2000"]


def test_a_cell_longer_than_anybody_writes_is_refused_with_its_line() -> None:
    rows, _ = read_cells("x.tsv", io.BytesIO(b"a\tb\n" + b"x" * 2**25 + b"\t1\n"))

    with pytest.raises(ImportFileError, match=r"x.tsv:1: the rows after this one"):
        list(rows)


@pytest.mark.parametrize("content", [b"\x00\x01\x02\x03" * 9, b"a\tb\x07\n", b"\xff\xfe\xd8"])
def test_what_is_not_text_is_refused(content: bytes) -> None:
    with pytest.raises(ImportFileError, match="not a text file"):
        cells(content)


def test_vietnamese_of_old_windows_is_told_from_western_text() -> None:
    vietnamese = "Đa\u0323i ho\u0323c".encode("cp1258")
    encoding, (problem,) = text_encoding("x", io.BytesIO(vietnamese))
    assert (encoding, "as Windows-1258" in str(problem.what)) == ("cp1258", True)
    assert text_encoding("x", io.BytesIO("Études".encode("cp1252")))[0] == "cp1252"
    assert text_encoding("x", io.BytesIO(b"a\x81b\xe9"))[0] == "latin-1"


def test_a_reader_that_stops_early_leaves_the_file_usable() -> None:
    file = io.BytesIO(b"a\tb\nc\td\n")
    rows, _ = read_cells("x", file)
    next(rows)
    del rows

    assert not file.closed


def test_a_file_that_is_closed_early_is_no_trouble() -> None:
    file = io.BytesIO(b"a\tb\nc\td\n")
    rows, _ = read_cells("x", file)
    next(rows)
    file.close()
    del rows


def test_a_stray_control_character_is_told_and_does_not_cost_the_file() -> None:
    rows, problems = read_cells("x", io.BytesIO(b"a\tb\n" + b"title\t1\n" * 40 + b"ti\x02tle\t1\n"))

    assert len(list(rows)) == 42
    assert [problem.code for problem in problems] == ["CONTROL_CHARACTERS"]
