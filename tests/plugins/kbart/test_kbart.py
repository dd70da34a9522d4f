"""KBART lists: what is read, and what is wrong with it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from libconsortium import (
    FileRefusedError,
    Problem,
    PublicationType,
    Registry,
    TitleListLoader,
    TitleRow,
    read_title_list,
)
from libconsortium.plugins.kbart.columns import PHASE_I, PHASE_II

REGISTRY = Registry()
KBART = REGISTRY.find(TitleListLoader, "kbart")
SERIAL = {
    "publication_title": "Tạp chí Ví dụ",
    "print_identifier": "0378-5955",
    "online_identifier": "1476-4687",
    "date_first_issue_online": "2001-02",
    "num_first_vol_online": "1",
    "num_first_issue_online": "1",
    "title_url": "https://titles.example.org/vi-du",
    "title_id": "vd",
    "embargo_info": "P1Y",
    "coverage_depth": "fulltext",
    "publisher_name": "Nhà xuất bản Ví dụ",
    "publication_type": "serial",
    "access_type": "P",
}
BOOK = {
    "publication_title": "Sách Ví dụ",
    "online_identifier": "978-0-306-40615-7",
    "title_url": "https://titles.example.org/sach",
    "title_id": "sach",
    "coverage_depth": "fulltext",
    "publisher_name": "Nhà xuất bản Ví dụ",
    "publication_type": "monograph",
    "date_monograph_published_online": "2024-01-15",
    "monograph_edition": "2",
    "access_type": "F",
}
WESTERN = {**BOOK, "publication_title": "Études", "publisher_name": "Éditions"}
HEADINGS = (*PHASE_I, *PHASE_II)


def written(*rows: dict[str, str], headings: tuple[str, ...] = HEADINGS, tab: str = "\t") -> bytes:
    lines = [
        tab.join(headings),
        *(tab.join(row.get(name, "") for name in headings) for row in rows),
    ]
    return "\n".join(lines).encode()


def titles(content: bytes) -> list[TitleRow]:
    return [event for event in KBART.read("x", io.BytesIO(content)) if isinstance(event, TitleRow)]


def problems(content: bytes) -> list[Problem]:
    return [event for event in KBART.read("x", io.BytesIO(content)) if isinstance(event, Problem)]


def codes(*rows: dict[str, str]) -> list[str]:
    return [problem.code for problem in problems(written(*rows))]


def test_a_right_list_has_no_problem() -> None:
    assert codes(SERIAL, BOOK) == []


def test_everything_a_line_says_is_kept() -> None:
    serial, book = titles(written(SERIAL, BOOK))

    assert (serial.title, serial.publication_type) == ("Tạp chí Ví dụ", PublicationType.SERIAL)
    assert (serial.coverage.first_date, serial.coverage.embargo) == ("2001-02", "P1Y")
    assert (book.edition, book.published_online, book.access_type) == ("2", "2024-01-15", "F")


def test_columns_of_phase_i_and_their_old_names_are_understood() -> None:
    headings = tuple("coverage_notes" if name == "notes" else name for name in PHASE_I)
    content = written({**SERIAL, "coverage_notes": "n"}, headings=headings)

    assert titles(content)[0].coverage.notes == "n"
    assert [problem.code for problem in problems(content)] == ["PHASE_I"]


def test_further_columns_are_kept_and_told() -> None:
    content = written({**SERIAL, "oclc_number": "7"}, headings=(*HEADINGS, "oclc_number"))

    assert titles(content)[0].others == (("oclc_number", "7"),)
    assert [problem.code for problem in problems(content)] == ["COLUMN_UNKNOWN"]


def test_a_missing_column_is_told_once() -> None:
    content = written(SERIAL, BOOK, headings=tuple(set(HEADINGS) - {"first_editor"}))

    assert [problem.code for problem in problems(content)] == ["COLUMN_MISSING"]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("publication_title", "", "TITLE_MISSING"),
        ("publication_title", "Táº¡p chÃ­", "LETTERS_BROKEN"),
        ("title_id", "", "TITLE_ID_MISSING"),
        ("publication_type", "", "TYPE_MISSING"),
        ("publication_type", "journal", "TYPE_MISSING"),
        ("online_identifier", "1476-4688", "IDENTIFIER_INVALID"),
        ("online_identifier", "n/a", "IDENTIFIER_UNKNOWN"),
        ("online_identifier", "14764687", "IDENTIFIER_FORM"),
        ("online_identifier", "0378-5955", "IDENTIFIER_SAME"),
        ("online_identifier", "9780306406157", "TYPE_DIFFERS"),
        ("date_first_issue_online", "02/2001", "DATE_FORM"),
        ("date_first_issue_online", "", "COVERAGE_MISSING"),
        ("date_last_issue_online", "2000-12", "COVERAGE_REVERSED"),
        ("date_last_issue_online", "9999", "DATE_FUTURE"),
        ("date_monograph_published_print", "2001", "DATE_OF_SERIAL"),
        ("num_first_vol_online", "vol. 1", "NUMBER_WORDED"),
        ("embargo_info", "1 year", "EMBARGO_FORM"),
        ("coverage_depth", "", "DEPTH_MISSING"),
        ("coverage_depth", "Full Text", "DEPTH_FORM"),
        ("access_type", "", "ACCESS_MISSING"),
        ("access_type", "Paid", "ACCESS_FORM"),
        ("title_url", "", "URL_MISSING"),
        ("title_url", "titles.example.org", "URL_FORM"),
    ],
)
def test_what_is_wrong_with_a_cell_is_told_with_line_and_column(
    column: str, value: str, code: str
) -> None:
    (problem,) = problems(written(BOOK, {**SERIAL, column: value}))

    assert (problem.code, problem.where.line, problem.where.field) == (code, 3, column) or (
        code == "DATE_OF_SERIAL" and problem.code == code
    )
    assert problem.where.column == HEADINGS.index(problem.where.field) + 1


def test_a_monograph_has_no_coverage_and_needs_none() -> None:
    assert codes({**BOOK, "date_first_issue_online": "2020"}) == ["COVERAGE_OF_MONOGRAPH"]


def test_a_title_without_any_identifier_is_told() -> None:
    assert codes({**BOOK, "online_identifier": ""}) == ["IDENTIFIER_MISSING"]


def test_the_same_line_twice_is_told_with_the_first_line() -> None:
    (problem,) = problems(written(SERIAL, BOOK, SERIAL))

    assert (problem.code, problem.where.line) == ("ROW_TWICE", 4)
    assert "line 2" in str(problem)


def test_a_serial_with_a_gap_has_two_lines_and_an_overlap_is_told() -> None:
    first = {**SERIAL, "date_last_issue_online": "2005"}
    later = {**SERIAL, "date_first_issue_online": "2007"}

    assert codes(first, later) == []
    assert codes(first, {**later, "date_first_issue_online": "2004"}) == ["COVERAGE_OVERLAPS"]
    assert codes(first, {**later, "date_first_issue_online": "x"}) == ["DATE_FORM"]


def test_one_id_for_two_titles_is_told() -> None:
    assert codes(SERIAL, {**BOOK, "title_id": "vd"}) == ["TITLE_ID_SHARED"]


def test_a_tab_too_many_or_too_few_is_told() -> None:
    good = written(BOOK).decode()

    assert [problem.code for problem in problems(f"{good}\tx".encode())] == ["CELLS_TOO_MANY"]
    assert [problem.code for problem in problems(f"{good}\t".encode())] == []
    shifted = written({**SERIAL, "publication_title": "A 0378-5955"}).replace(
        b"A 0378-5955\t", b"A "
    )
    assert "CELLS_TOO_FEW" in [problem.code for problem in problems(shifted)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (written(BOOK).decode().encode("utf-16"), "NOT_UTF8"),
        (written(BOOK, tab=","), "NOT_TABS"),
        (written(WESTERN).decode().encode("cp1252"), "ENCODING_GUESSED"),
        (written(), "LIST_EMPTY"),
    ],
)  # fmt: skip
def test_a_form_that_kbart_does_not_allow_is_read_and_told(content: bytes, code: str) -> None:
    assert [problem.code for problem in problems(content)] == [code]


def test_a_workbook_is_read_and_told(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    book.active.append([BOOK.get(name, "") for name in HEADINGS])
    book.save(tmp_path / "list.xlsx")

    read, wrong = read_title_list(tmp_path / "list.xlsx", REGISTRY)

    assert [title.title for title in read] == ["Sách Ví dụ"]
    assert [problem.code for problem in wrong] == ["WORKBOOK"]


def test_a_list_of_another_form_is_refused_with_what_it_has() -> None:
    with pytest.raises(FileRefusedError, match=r"of its 16 basic columns 0.*Title #, Title, ISBN"):
        titles(b"Title #\tTitle\tISBN\n1\tA\t2\n")


def test_every_real_list_is_read_or_refused_with_a_reason(corpora: Path) -> None:
    read: dict[str, int] = {}
    refused: dict[str, int] = {}
    for path in sorted((corpora / "kbart").rglob("*")):
        if not path.is_file():
            continue
        try:
            found, _ = read_title_list(path, REGISTRY)
        except FileRefusedError as error:
            refused[error.code] = refused.get(error.code, 0) + 1
        else:
            read[path.name] = len(found)

    assert refused == {"NOT_KBART": 13, "NOT_A_TITLE_LIST": 3}
    assert len(read) == 17
    assert read["journals.cambridge.org_AllTitles_2015-07-14.txt"] == 468
    assert read["AnnualReviews_SciencesCollection34_2011-04-27.txt"] == 47
    assert read["CambridgeBooks_EdinburghUniversityPress.tsv"] == 369


def test_a_list_in_two_encodings_says_the_same(corpora: Path) -> None:
    folder = corpora / "kbart/openlibraryenvironment+gokb/utils/testdata/ebooks"
    names = ("", "_utf8")
    one, other = (
        titles((folder / f"CambridgeBooks_EdinburghUniversityPress{name}.tsv").read_bytes())
        for name in names
    )

    assert one == other
