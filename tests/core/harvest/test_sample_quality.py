"""A sample says what records have, what is wrong in them, and which format to choose."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from libconsortium.core.catalogue.records import BibRecord, RawRecord, RecordIdentifier
from libconsortium.core.harvest.format_choice import (
    DUBLIN_CORE,
    choose_format,
    ranked_formats,
)
from libconsortium.core.harvest.sample_quality import (
    SampleQuality,
    field_word,
    quality_problems,
    sample_quality,
)
from libconsortium.core.messages import Message
from libconsortium.core.problems import Place, Problem

MARC = "http://www.loc.gov/MARC21/slim"
DIM = "http://www.dspace.org/xmlns/dspace/dim"
WHOLE = BibRecord(
    source="a",
    identifier="1",
    titles=("Cây lúa",),
    creators=("Nguyễn Văn A",),
    year=2020,
    dates=("2020",),
    identifiers=(RecordIdentifier(scheme="isbn", value="9780306406157"),),
    volume="Tập 2",
)
RAW = RawRecord(source="a", identifier="1", content=b"<x/>")


def judged(*records: BibRecord, deleted: int = 0) -> SampleQuality:
    gone = [attrs.evolve(RAW, is_deleted=True)] * deleted
    return sample_quality("oai_dc", [*[RAW] * len(records), *gone], records)


def codes(quality: SampleQuality) -> list[str]:
    return [problem.code for problem in quality_problems(quality, "https://a.example/oai")]


def test_fields_are_counted_over_the_records_that_can_be_read() -> None:
    lost = Problem(code="NO_METADATA", where=Place(), what=Message("none"))
    quality = judged(WHOLE, BibRecord(source="a", identifier="2", problems=(lost,)), deleted=3)

    assert (quality.records, quality.live, quality.readable) == (5, 2, 1)
    assert quality.readable_share == 0.5
    assert dict(quality.present)["title"] == 1
    assert dict(quality.present)["link"] == 0
    assert quality.values_per_record == 5.0
    assert codes(quality) == ["RECORDS_UNREADABLE"]


def test_a_sample_of_tombstones_has_nothing_to_count() -> None:
    quality = judged(deleted=2)

    assert (quality.live, quality.readable_share, quality.values_per_record) == (0, 0.0, 0.0)
    assert codes(quality) == []


def test_nothing_is_said_of_good_records() -> None:
    assert codes(judged(WHOLE)) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"descriptions": ("Tóm <b>tắt</b>",)}, "HTML_IN_TEXT"),
        ({"titles": ("Th&#432; vi&#7879;n",)}, "ENTITIES_IN_TEXT"),
        ({"titles": ("Quan h&ecirc;",)}, "ENTITIES_IN_TEXT"),
        ({"titles": ()}, "FEW_TITLES"),
        ({"creators": ()}, "FEW_AUTHORS"),
        ({"year": None, "dates": ()}, "FEW_YEARS"),
    ],
)
def test_each_damage_is_named(changes: dict[str, Any], code: str) -> None:
    assert codes(judged(attrs.evolve(WHOLE, **changes))) == [code]


def test_a_date_without_a_year_is_shown() -> None:
    quality = judged(*[WHOLE] * 3, attrs.evolve(WHOLE, year=None, dates=("s.a.",)))

    (problem,) = quality_problems(quality, "https://a.example/oai")
    assert str(problem.what) == "dates that hold no year: 1 of 4 records, like 's.a.'"


def test_less_than_and_ampersand_are_no_html() -> None:
    quality = judged(attrs.evolve(WHOLE, titles=("a < b & c > d; R&D;",)))

    assert codes(quality) == []


def test_problems_of_reading_are_counted_by_kind_and_long_examples_cut() -> None:
    repaired = Problem(code="TEXT_REPAIRED", where=Place(), what=Message("x" * 200))
    unsaid = Problem(code="SOMETHING", where=Place(), what=Message("y"))
    quality = judged(attrs.evolve(WHOLE, problems=(repaired, unsaid)))

    assert [one[:2] for one in quality.wrong] == [("SOMETHING", 1), ("TEXT_REPAIRED", 1)]
    assert len(quality.wrong[1][2][0]) == 80
    assert codes(quality) == ["TEXT_REPAIRED"]


def test_an_old_encoding_is_named() -> None:
    quality = sample_quality("oai_dc", [RAW], [WHOLE], "tcvn3")

    assert codes(quality) == ["LEGACY_ENCODING"]


def test_every_field_has_a_word() -> None:
    assert all(str(field_word(name)) for name, _ in judged(WHOLE).present)


# ---------------------------------------------------------------- the choice

FORMATS = [("oai_dc", DUBLIN_CORE), ("marc", MARC), ("dim", DIM), ("x", "urn:x"), ("y", "urn:y")]
READABLE = {DUBLIN_CORE, MARC, DIM, "urn:x"}


def test_a_catalogue_gives_marc_and_a_repository_its_own_fields() -> None:
    assert ranked_formats(FORMATS, READABLE, "Koha")[0][0] == "marc"
    assert [one[0] for one in ranked_formats(FORMATS, READABLE, "DSpace 7")] == [
        "dim", "marc", "x", "oai_dc",
    ]  # fmt: skip


def test_a_format_made_for_theses_is_taken_only_where_there_is_no_other() -> None:
    thesis = ("etdms", "http://www.ndltd.org/standards/metadata/etdms/1.0/")
    readable = {thesis[1], DUBLIN_CORE}

    assert ranked_formats([thesis, ("oai_dc", DUBLIN_CORE)], readable) == (("oai_dc", DUBLIN_CORE),)
    assert ranked_formats([thesis], readable) == (thesis,)


def quality(prefix: str, *, unreadable: int = 0, values: int = 100) -> SampleQuality:
    return SampleQuality(prefix=prefix, records=10, unreadable=unreadable, values=values)


def test_the_richest_format_whose_records_come_is_chosen_with_figures() -> None:
    ranked = ranked_formats(FORMATS, READABLE, "DSpace")

    choice = choose_format(ranked, [quality("dim"), quality("oai_dc", values=50)])

    assert choice.prefix == "dim"
    assert "10.0 values a record in the sample, oai_dc has 5.0" in str(choice.reason)


def test_a_format_whose_records_are_empty_is_not_chosen() -> None:
    ranked = ranked_formats(FORMATS, READABLE, "Koha")

    choice = choose_format(ranked, [quality("marc", unreadable=10), quality("x")])

    assert choice.prefix == "x"
    assert str(choice.reason).startswith("a plugin here reads it")


def test_one_sample_is_compared_with_nothing() -> None:
    choice = choose_format([("oai_dc", DUBLIN_CORE)], [quality("oai_dc")])

    assert str(choice.reason) == "every OAI-PMH server gives it, and it is read here"


def test_without_a_sample_the_plainest_is_chosen() -> None:
    ranked = ranked_formats(FORMATS, READABLE)

    assert choose_format(ranked, []).prefix == "oai_dc"
