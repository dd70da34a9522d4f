"""Files of usage through the loaders that know their form."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import BinaryIO

import pytest

from libconsortium import (
    FileRefusedError,
    ImportFileError,
    Registry,
    UsageEvent,
    UsageLoader,
    hookimpl,
    read_title_list,
    read_usage,
    usage_events,
)
from libconsortium.core.usage.rows import Institution, UsageItem, UsageReport, UsageRow
from tests.plugins.counter.reports import Line, as_json_51, as_text, cells

COUNTS = {"Total_Item_Requests": {"2025-01": 3, "2025-02": 4}}


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "tr.json"
    path.write_bytes(as_json_51([Line(title="A", counts=COUNTS)]))
    return path


def loader(read: object) -> Registry:
    """Return a registry in which a loader of our own comes before all others."""

    def yields() -> Iterator[UsageLoader]:
        yield UsageLoader(name="a-test", recognises=lambda _: True, read=read)  # type: ignore[arg-type] # a function

    plugin = SimpleNamespace(consortium_usage_loaders=hookimpl(yields), __name__="test")
    return Registry(plugins={"test": plugin})


def test_the_rows_and_the_sums_of_several_files_are_given(
    report: Path, tmp_path: Path, registry: Registry
) -> None:
    other = tmp_path / "dr.tsv"
    other.write_bytes(as_text(cells([Line(title="B", counts=COUNTS)])).replace(b"Uni A", b"Uni B"))

    read = read_usage([report, other], registry)

    assert [row["member"] for row in read.rows.fields()] == ["Uni A"] * 2 + ["Uni B"] * 2
    assert [(total.member, total.count) for total in read.tally.totals()] == [
        ("Uni A", 7), ("Uni B", 7),
    ]  # fmt: skip
    assert {institution.name for institution in read.institutions} == {"Uni A", "Uni B"}


def test_the_same_report_in_two_forms_counts_once(
    report: Path, tmp_path: Path, registry: Registry
) -> None:
    other = tmp_path / "tr.tsv"
    other.write_bytes(as_text(cells([Line(title="A", counts=COUNTS)])))

    read = read_usage([report, other], registry)

    assert read.tally.totals()[0].count == 7
    assert [problem.code for problem in read.problems] == ["RESTATED"]


def test_a_file_given_twice_is_read_once(report: Path, registry: Registry) -> None:
    assert len(read_usage([report, report], registry).files) == 1


def test_a_refused_file_leaves_nothing_and_the_others_are_read(
    report: Path, tmp_path: Path, registry: Registry
) -> None:
    cut = tmp_path / "cut.json"
    cut.write_bytes(as_json_51([Line(title="B", counts=COUNTS)] * 20)[:-50])

    read = read_usage([cut, report, tmp_path / "nowhere.json"], registry)

    assert [row["title"] for row in read.rows.fields()] == ["A", "A"]
    assert [file.refused.code if file.refused else "" for file in read.files] == [
        "BROKEN_JSON", "", "FILE_UNREADABLE",
    ]  # fmt: skip
    assert read.tally.totals()[0].count == 7
    assert {institution.name for institution in read.institutions} == {"Uni A"}


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "EMPTY_FILE"), (b" \n", "EMPTY_FILE"), (b"hello", "NOT_USAGE")]
)
def test_what_no_loader_knows_is_refused(
    tmp_path: Path, registry: Registry, content: bytes, code: str
) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)

    with pytest.raises(FileRefusedError) as caught:
        list(usage_events(path, registry))

    assert caught.value.code == code


def test_no_more_than_fifty_problems_of_a_kind_are_kept_and_the_rest_counted(
    tmp_path: Path, registry: Registry
) -> None:
    counts = {"Total_Item_Requests": {"2025-01": 1}, "Unique_Item_Requests": {"2025-01": 2}}
    path = tmp_path / "tr.json"
    path.write_bytes(as_json_51([Line(title=str(number), counts=counts) for number in range(80)]))

    problems = read_usage([path], registry).problems

    assert len(problems) == 51
    assert "30 more problems of this kind: MORE_THAN_TOTAL" in str(problems[-1])


@pytest.mark.slow
def test_many_rows_go_to_the_disk_and_come_back(tmp_path: Path) -> None:
    header = UsageReport(report="TR", release="5.1", institution=Institution(name="Uni A"))

    def many(source: str, _: BinaryIO) -> Iterator[UsageEvent]:
        yield header
        for number in range(50_000):
            yield UsageRow(
                report=header,
                institution=header.institution,
                item=UsageItem(platform="P", title=f"Title {number}"),
                metric="Total_Item_Requests",
                month="2025-01",
                count=1,
            )

    path = tmp_path / "x"
    path.write_text("x")
    read = read_usage([path], loader(many))

    assert sum(1 for _ in read.rows.fields()) == 50_000
    assert read.tally.totals()[0].count == 50_000


def test_a_loader_that_breaks_is_named(tmp_path: Path) -> None:
    def breaks(source: str, file: BinaryIO) -> Iterator[UsageEvent]:
        yield UsageReport(report="TR", release="5")
        message = "sore"
        raise RuntimeError(message)

    path = tmp_path / "x"
    path.write_text("x")
    (problem,) = read_usage([path], loader(breaks)).problems

    assert problem.code == "LOADER_FAILED"
    assert "the loader 'a-test' failed on it: RuntimeError: sore" in str(problem)


def test_a_title_list_that_is_not_there_is_an_error(tmp_path: Path, registry: Registry) -> None:
    with pytest.raises(ImportFileError, match="cannot be read"):
        read_title_list(tmp_path / "nowhere", registry)


def test_loaders_are_found_by_name(registry: Registry) -> None:
    counter = registry.find(UsageLoader, "counter")

    assert counter.recognises(b"Report_ID\tTR")
    assert registry.giver(UsageLoader, "counter") == "counter"
    assert list(counter.read("x", io.BytesIO(as_json_51([]))))
