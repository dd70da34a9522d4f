"""Files of facts: read, previewed, loaded, loaded again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from libconsortium import (
    ChangeKind,
    Directory,
    Fact,
    FileLimits,
    Problem,
    Severity,
    changes,
    read_files,
)
from libconsortium.core.directory.changes import counted
from libconsortium.core.directory.federations import MemberClass, Membership
from libconsortium.core.directory.measures import Measure
from libconsortium.core.directory.members import Library
from libconsortium.core.directory.quantities import Quantity
from libconsortium.plugins.sql_store.opening import open_store

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """Return the folder of a small office: one file of each kind of file."""
    folder = tmp_path / "facts"
    folder.mkdir()
    (folder / "libraries.csv").write_text(
        "id;name\ntlu;Thủy lợi\nhus;Tự nhiên\n", encoding="utf-16"
    )
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Measures"
    sheet.append(["library", "name", "period", "value"])
    sheet.append(["tlu", "fte", 2025, 4000])
    sheet.append(["hus", "fte", 2025, "hơn 700"])
    book.save(folder / "yearly.xlsx")
    (folder / "facts.toml").write_text(
        '[[federations]]\nid = "st"\n\n'
        '[[memberships]]\nmember = "tlu"\nfederation = "st"\nvalid_from = 2020-01-01\n'
        'member_class = "lead"\n',
        encoding="utf-8",
    )
    return folder


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def read(*paths: Path) -> tuple[Sequence[Fact], list[str]]:
    facts, problems = read_files(paths)
    return facts, [problem.code for problem in problems]


def one_problem(*paths: Path) -> Problem:
    (problem,) = read_files(paths)[1]
    return problem


def test_a_folder_of_files_of_every_kind_is_read(office: Path) -> None:
    facts, problems = read(office)

    directory = Directory.of(facts)
    assert problems == []
    assert [library.name for library in directory.of_kind(Library)] == ["Tự nhiên", "Thủy lợi"]
    assert directory.of_kind(Membership) == (
        Membership(
            member="tlu",
            federation="st",
            member_class=MemberClass.LEAD,
            valid_from=date(2020, 1, 1),
        ),
    )
    assert [measure.value for measure in directory.of_kind(Measure)] == [
        Quantity.parse("hơn 700"),
        Quantity.of(4000),
    ]


def test_loading_the_same_files_again_changes_nothing(office: Path, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/a.db")
    first = changes(store.directory(), Directory.of(read(office)[0]))
    store.apply(first, at=NOON, what="first")

    second = changes(store.directory(), Directory.of(read(office)[0]))
    load = store.apply(second, at=NOON, what="second")
    store.close()

    assert counted(first)[ChangeKind.ADDED] == 6
    assert {change.what for change in second} == {ChangeKind.UNCHANGED}
    assert load is None


def test_an_export_loads_again_without_a_change(office: Path, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/a.db")
    store.apply(changes(store.directory(), Directory.of(read(office)[0])), at=NOON, what="first")
    store.export_all(tmp_path / "out")

    facts, problems = read(tmp_path / "out")

    assert problems == []
    assert Directory.of(facts) == store.directory()
    store.close()


def test_a_wrong_value_has_file_line_column_and_field(tmp_path: Path) -> None:
    path = written(
        tmp_path, "memberships.csv", "member,federation,valid_from\ntlu,st,\nhus,st,1.7.2025\n"
    )

    facts, problems = read_files([path])

    assert len(facts) == 1
    assert str(problems[0]).startswith(f"{path}:3:3: valid_from: '1.7.2025' is not a date")
    assert problems[0].severity is Severity.ERROR


def test_a_wrong_value_in_a_workbook_has_its_sheet_row_and_column(office: Path) -> None:
    book = openpyxl.load_workbook(office / "yearly.xlsx")
    book["Measures"]["D3"] = "40.000"
    book.save(office / "yearly.xlsx")

    problem = one_problem(office / "yearly.xlsx")

    assert str(problem.where).endswith("yearly.xlsx[Measures]:3:4: value")


def test_a_wrong_value_in_toml_has_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, "a.toml", '[[libraries]]\nid = "a"\nkind = "castle"\n')

    assert str(one_problem(path).where) == f"{path}:3: kind"


def test_a_missing_value_is_told_by_its_column(tmp_path: Path) -> None:
    path = written(tmp_path, "measures.csv", "library,name,value\ntlu,,5\n")

    assert str(one_problem(path).where) == f"{path}:2:2: name"


def test_an_unknown_column_is_told_once_with_the_nearest(tmp_path: Path) -> None:
    path = written(tmp_path, "libraries.csv", "id,nmae\na,A\nb,B\nc,\n")

    facts, (problem,) = read_files([path])

    assert [fact.id for fact in facts if isinstance(fact, Library)] == ["c"]
    assert str(problem.where) == f"{path}:2:2: nmae"
    assert "did you mean 'name'?; rows not read because of it: 2" in str(problem.what)


@pytest.mark.parametrize(
    ("name", "said", "severity"),
    [
        ("libary.csv", "did you mean 'libraries'?", Severity.ERROR),
        ("budget.csv", "no kind of fact is called 'budget'; it is not read", Severity.ERROR),
    ],
)
def test_a_file_of_no_kind_is_told(
    tmp_path: Path, name: str, said: str, severity: Severity
) -> None:
    problem = one_problem(written(tmp_path, name, "id\na\n"))

    assert said in str(problem.what)
    assert problem.severity is severity


@pytest.mark.parametrize("name", ["Offer tiers.csv", "OFFER-TIERS.csv", "offer_tiers.csv"])
def test_the_name_of_a_kind_may_be_written_as_people_do(tmp_path: Path, name: str) -> None:
    facts, problems = read(written(tmp_path, name, "offer,above,price\no1,0,5 VND\n"))

    assert (len(facts), problems) == (1, [])


def test_one_key_twice_counts_once(tmp_path: Path) -> None:
    path = written(tmp_path, "libraries.csv", "id,name\na,A\na,A\na,B\n")

    facts, (same, other) = read_files([path])

    assert facts == (Library(id="a", name="A"),)
    assert (same.code, same.severity) == ("FACT_TWICE", Severity.INFO)
    assert (other.code, other.severity) == ("FACT_CONTRADICTED", Severity.ERROR)
    assert f"{path}:2 says something else" in str(other.what)
    assert other.where.line == 4


def test_a_file_that_cannot_be_read_does_not_hide_the_others(office: Path) -> None:
    (office / "resources.csv").write_bytes(b"\x00\x01\x02\x03")
    (office / "broken.xlsx").write_bytes(b"PK")

    facts, problems = read(office)

    assert len(facts) == 6
    assert problems == ["FILE_UNREADABLE", "FILE_UNREADABLE"]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert one_problem(tmp_path / "libraries.csv").code == "FILE_UNREADABLE"


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    assert one_problem(written(tmp_path, "libraries.csv", "")).code == "FILE_EMPTY"


def test_settings_and_hidden_files_in_a_folder_are_none_of_our_business(office: Path) -> None:
    written(office, "consortium.toml", 'name = "ST"\n[[sources]]\nname = "tlu"\n')
    written(office, ".libraries.csv", "nonsense")
    written(office, "~$yearly.xlsx", "nonsense")
    written(office, "readme.md", "# Facts")
    (office / "old").mkdir()

    assert read(office)[1] == []


def test_settings_named_by_hand_are_told(office: Path) -> None:
    path = written(office, "consortium.toml", 'name = "ST"\n[[sources]]\nname = "tlu"\n')

    assert set(read(path)[1]) == {"NOT_A_TABLE", "NO_KIND"}


def test_an_old_workbook_in_a_folder_is_not_passed_over(office: Path) -> None:
    (office / "budget.xls").write_bytes(b"\xd0\xcf\x11\xe0")

    assert read(office)[1] == ["FILE_NOT_READ"]


def test_limits_are_told(tmp_path: Path) -> None:
    path = written(tmp_path, "libraries.csv", "id\na\nb\n")

    facts, (problem,) = read_files([path], limits=FileLimits(rows=1))

    assert (len(facts), problem.code) == (1, "TOO_MANY_ROWS")
