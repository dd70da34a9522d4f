"""Every response file of other projects is read, or refused with a reason of its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from libconsortium import Harvester, HarvestRequest, Registry, Severity, read_record, reading_rules

REGISTRY = Registry()
HARVESTER = REGISTRY.find(Harvester, "files")
RULES = reading_rules(REGISTRY)
ROOT = Path(os.environ.get("LIBCONSORTIUM_CORPORA") or Path(__file__).parents[4] / "shared")
NAMES = sorted(
    path.relative_to(ROOT / "corpora" / "oai").as_posix()
    for path in (ROOT / "corpora" / "oai").glob("*/*")
)
"""Known when the tests are collected, so that each file is a test; none where there are none."""

RECORDS = {
    "RecordManager/record_marc1.xml": (1, 1),
    "RecordManager/record_marc-broken.xml": (1, 1),
    "RecordManager/record_marc_alt_script.xml": (1, 1),
    "RecordManager/record_qdc1.xml": (1, 1),
    "RecordManager/record_lido1.xml": (1, 0),
    "phpoaipmh/SampleXML_GoodResponseSinglePage.xml": (162, 162),
    "pyoai/fake1_00005.xml": (16, 16),
    "pyoai/fake2_00002.xml": (81, 79),
    "sickle/sample_data_ListRecords.xml": (2, 1),
    "sickle/sample_data_ListRecords4.xml": (1, 1),
    "vufindharvest/fixtures_marc.xml": (100, 100),
    "vufindharvest/fixtures_oai_doaj.xml": (100, 0),
    "vufindharvest/fixtures_list_records_response.xml": (2, 0),
    "xoai/xoai-example.xml": (1, 1),
}
"""Records in a file, and records with a title, counted by hand or with another program."""

REASONS = {
    "phpoaipmh/SampleXML_BadResponseNonExistentVerb.xml": "the response is an error: badVerb",
    "pyoai/fake1_00001.xml": "the response is of Identify",
    "pyoai/fake3_00001.xml": "mismatched tag",
    "pyoai/fake4_00001.xml": "undefined entity",
    "ruby-oai/test_test.xml": "the response is of Identify",
    "sickle/sample_data_ListRecordsBroken.xml": "neither XML, nor ISO 2709, nor a table",
    "sickle/sample_data_badResumptionToken.xml": "the response is an error: badResumptionToken",
    "sickle/sample_data_ListRecords4.xml": "the record has no identifier",
    "vufindharvest/fixtures_list_sets_response.xml": "the response is of ListSets",
}


def harvested(path: Path) -> tuple[int, int, list[str], bytes]:
    """Return the records, those with a title, why anything is not read, and the bytes kept."""
    count = titled = 0
    reasons: list[str] = []
    body = b""
    for page in HARVESTER.harvest(HarvestRequest(source="corpus", url=str(path))):
        body += page.body
        reasons += [str(problem) for problem in page.problems]
        reasons += [str(one.reason) for one in page.quarantined]
        for raw in page.records:
            count += 1
            if not raw.is_deleted:
                record = read_record(raw, REGISTRY, RULES)
                titled += bool(record.titles)
                severe = [one for one in record.problems if one.severity is Severity.ERROR]
                reasons += map(str, severe)
    return count, titled, reasons, body


@pytest.mark.parametrize("name", NAMES)
def test_a_real_file_is_read_or_refused_with_a_reason(name: str) -> None:
    path = ROOT / "corpora" / "oai" / name

    count, titled, reasons, body = harvested(path)

    assert body == path.read_bytes()
    assert count or reasons
    assert titled == count or reasons or b'status="deleted"' in body


@pytest.mark.parametrize("name", RECORDS)
def test_every_record_of_a_real_file_is_found(corpora: Path, name: str) -> None:
    count, titled, _, _ = harvested(corpora / "oai" / name)

    assert (count, titled) == RECORDS[name]


@pytest.mark.parametrize("name", REASONS)
def test_a_reason_says_what_the_file_is(corpora: Path, name: str) -> None:
    reasons = harvested(corpora / "oai" / name)[2]

    assert any(REASONS[name] in reason for reason in reasons)


def test_the_whole_folder_is_harvested_at_once(corpora: Path) -> None:
    request = HarvestRequest(source="corpus", url=str(corpora / "oai"))

    pages = list(HARVESTER.harvest(request))

    found = [record for page in pages for record in page.records]
    assert len({record.identifier for record in found}) == len(found)
    assert pages[-1].complete_list_size == len(found) + sum(len(page.quarantined) for page in pages)


def test_a_field_encoded_again_and_again_is_read(corpora: Path) -> None:
    path = corpora / "oai" / "RecordManager" / "record_marc-broken.xml"
    (page,) = HARVESTER.harvest(HarvestRequest(source="corpus", url=str(path)))

    record = read_record(page.records[0], REGISTRY, RULES)

    assert max(map(len, record.subjects)) < 200
    assert "TEXT_REPAIRED" in [problem.code for problem in record.problems]
