from __future__ import annotations

from collections.abc import Iterator

from libconsortium import (
    BibRecord,
    Crosswalk,
    RawRecord,
    Registry,
    hookimpl,
    read_record,
    tally,
)


class Broken:
    @hookimpl
    def consortium_crosswalks(self) -> Iterator[Crosswalk]:
        yield Crosswalk(name="broken", namespaces=("urn:broken",), read=self.read)

    def read(self, record: RawRecord) -> BibRecord:
        raise KeyError(record.identifier)


def raw(namespace: str = "urn:broken", content: bytes = b"<x/>") -> RawRecord:
    return RawRecord(source="a", identifier="oai:a:1", namespace=namespace, content=content)


def codes(record: BibRecord) -> list[str]:
    return [problem.code for problem in record.problems]


def test_a_crosswalk_that_breaks_costs_its_record_only() -> None:
    record = read_record(raw(), Registry(installed=(), plugins={"broken": Broken()}))

    assert codes(record) == ["CROSSWALK_FAILED"]
    assert "KeyError" in str(record.problems[0])


def test_a_format_nobody_reads_is_a_problem_of_the_record() -> None:
    record = read_record(raw("urn:unknown"), Registry(installed=()))

    assert codes(record) == ["UNREADABLE"]
    assert "urn:unknown" in str(record.problems[0])


def test_a_record_without_metadata_is_a_problem_of_the_record() -> None:
    assert codes(read_record(raw(content=b""), Registry(installed=()))) == ["NO_METADATA"]


def test_fields_and_problems_are_counted_by_record() -> None:
    records = [
        BibRecord(source="a", identifier="1", unmapped=("dc:rights", "dc:format")),
        BibRecord(source="a", identifier="2", unmapped=("dc:rights",)),
        read_record(raw(content=b""), Registry(installed=())),
    ]

    counted = tally(records)

    assert counted.records == 3
    assert counted.unmapped == {"dc:rights": 2, "dc:format": 1}
    assert counted.problems == {"NO_METADATA": 1}
