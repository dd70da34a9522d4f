"""Records as JSON: MARC as other programs write it, documents of a Solr index, our own rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pymarc
import pytest

from libconsortium import (
    Harvester,
    HarvestPage,
    HarvestRequest,
    RawRecord,
    Registry,
    read_record,
    read_titles,
)

REGISTRY = Registry()
HARVESTER = REGISTRY.find(Harvester, "files")


def marc(number: str, title: str = "Giải tích") -> dict[str, Any]:
    return {
        "leader": "00000nam a2200000 a 4500",
        "fields": [
            {"001": number},
            {"245": {"ind1": "0", "ind2": "0", "subfields": [{"a": title}, {"c": "A & B"}]}},
            {"900": {"subfields": [{"a": "VN 1"}]}},
        ],
    }


def pages(file: Path, **more: int) -> list[HarvestPage]:
    return list(HARVESTER.harvest(HarvestRequest(source="tlu", url=str(file), **more)))  # type: ignore[arg-type] # as given


def records(file: Path) -> list[RawRecord]:
    return [record for page in pages(file) for record in page.records]


def reasons(file: Path, **more: int) -> list[str]:
    return [str(one.reason) for page in pages(file, **more) for one in page.quarantined]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.json", json.dumps([marc("1"), marc("2")], indent=2)),
        ("lines.jsonl", f"{json.dumps(marc('1'))}\n\n{json.dumps(marc('2'))}\n"),
        ("lines.ndj", f"{json.dumps(marc('1'))}\n{json.dumps(marc('2'))}"),
        ("list.json", json.dumps([marc("1"), marc("2")])),
    ],
)
def test_marc_as_json_is_read_however_it_is_laid_out(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text, "utf-8")

    read = [read_record(one, REGISTRY) for one in records(file)]

    assert [(book.identifier, book.title) for book in read] == [
        ("1", "Giải tích"),
        ("2", "Giải tích"),
    ]
    assert read[0].unmapped == ("marc 245$c", "marc 900$a")
    assert b"".join(page.body for page in pages(file)) == file.read_bytes()


def test_one_record_alone_may_be_spread_over_lines(tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_text(json.dumps(marc("7"), indent=4), "utf-8")

    assert [record.identifier for record in records(file)] == ["7"]


def test_marc_as_json_reads_as_the_same_record_in_iso2709_does(tmp_path: Path) -> None:
    made = pymarc.Record(force_utf8=True)
    made.add_field(pymarc.Field(tag="001", data="7"), pymarc.Field(tag="003", data="VN-TLU"))  # type: ignore[no-untyped-call] # not typed by pymarc
    made.add_field(  # type: ignore[no-untyped-call] # not typed by pymarc
        pymarc.Field(
            tag="245",
            indicators=pymarc.Indicators("1", "0"),
            subfields=[pymarc.Subfield("a", "Sóng :"), pymarc.Subfield("b", "thơ")],
        )
    )
    (tmp_path / "a.mrc").write_bytes(made.as_marc())
    (tmp_path / "a.json").write_text(made.as_json(), "utf-8")

    (one,), (other,) = records(tmp_path / "a.mrc"), records(tmp_path / "a.json")

    assert other.identifier == one.identifier == "(VN-TLU)7"
    assert read_record(other, REGISTRY) == read_record(one, REGISTRY)


@pytest.mark.parametrize(
    "wrong",
    [
        {"leader": "", "fields": [{"001": "7"}, {"245": {"ind1": "0"}}]},
        {"leader": "", "fields": ["245"]},
        {"leader": "", "fields": [{"245": {"subfields": [{"a": "\x01"}]}}]},
    ],
)
def test_a_record_of_which_a_field_is_none_costs_itself(
    tmp_path: Path, wrong: dict[str, Any]
) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps([wrong, marc("2")]), "utf-8")

    assert [record.identifier for record in records(file)] == ["2"]
    assert "no record of MARC in JSON" in reasons(file)[0]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[\n{"title":', "the file is no JSON"),
        ('{\n "name": "a-program",\n "version": "1.0"\n}', "no record as JSON"),
        ('{\n "title": "Sóng",\n "year"', "the file is no JSON"),
        ("[1, 2]", "no record as JSON"),
        ("[" * 100_000, "the file is no JSON"),
    ],
)
def test_a_file_that_is_none_is_refused_once(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "a.json"
    file.write_text(text, "utf-8")

    (one,) = reasons(file)

    assert one.startswith(reason)


TITLES = [
    {"id": 7, "title": "Sóng", "authors": ["Xuân Quỳnh", {"first": "A", "last": "B"}]},
    {"id": 8, "title": "Giải tích", "year": 2019, "isbn": None, "shelf": "K2"},
]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.json", json.dumps(TITLES, indent=2)),
        ("list.json", json.dumps({"count": 2, "records": TITLES})),
        ("list.json", json.dumps({"response": {"numFound": 2, "docs": TITLES}})),
        ("list.jsonl", "\n".join(map(json.dumps, TITLES))),
    ],
)
def test_a_list_of_titles_is_read_the_same_in_a_folder_and_by_cluster(
    tmp_path: Path, name: str, text: str
) -> None:
    file = tmp_path / name
    file.write_text(text, "utf-8")

    harvested = [read_record(one, REGISTRY) for one in records(file)]
    clustered, _ = read_titles(file, REGISTRY)

    for read in (harvested, clustered):
        assert [(book.identifier, book.title, book.year) for book in read] == [
            ("7", "Sóng", None),
            ("8", "Giải tích", 2019),
        ]
        assert read[0].creators == ("Xuân Quỳnh", "A B")
    assert harvested[1].unmapped == ("table shelf",)
    assert b"".join(page.body for page in pages(file)) == file.read_bytes()


def test_halves_of_characters_cost_no_title(tmp_path: Path) -> None:
    file = tmp_path / "one.jsonl"
    file.write_text('{"id": 1, "title": "S\\ud800ng"}\n{"id": 2, "title": "B"}\n', "utf-8")

    assert [read_record(one, REGISTRY).title for one in records(file)] == ["S\ud800ng", "B"]


def test_the_parts_of_one_title_are_not_taken_for_a_list(tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_text(json.dumps({"title": "Sóng", "items": [{"barcode": "1"}]}, indent=1), "utf-8")

    (record,) = records(file)

    assert read_record(record, REGISTRY).title == "Sóng"


def test_a_broken_line_costs_itself_even_as_the_first(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(f'{{"leader": "0000\n{json.dumps(marc("2"))}\n[]\n', "utf-8")

    assert [record.identifier for record in records(file)] == ["2"]
    assert len(reasons(file)) == 2


def test_a_list_that_is_too_large_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps([marc("1")]), "utf-8")

    (reason,) = reasons(file, max_page_bytes=10)

    assert reason == "more than 10 bytes of JSON; write one record a line"


def test_a_document_of_an_index_may_hold_iso2709_as_solrmarc_writes_it(tmp_path: Path) -> None:
    made = pymarc.Record(force_utf8=True)
    made.add_field(pymarc.Field(tag="245", subfields=[pymarc.Subfield("a", "Sóng")]))  # type: ignore[no-untyped-call] # not typed by pymarc
    whole = made.as_marc().decode()
    for sign, written in (("\x1d", "#29;"), ("\x1e", "#30;"), ("\x1f", "#31;")):
        whole = whole.replace(sign, written)
    file = tmp_path / "a.json"
    file.write_text(json.dumps([{"id": "tlu.1", "fullrecord": whole}]), "utf-8")

    assert [read_record(one, REGISTRY).title for one in records(file)] == ["Sóng"]
