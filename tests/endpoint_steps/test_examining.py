"""Whatever a server does, the doctor ends, with a verdict and without an accident."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from libconsortium import HttpRules, Registry, Severity
from libconsortium.endpoint_steps import Examination, examine_site
from libconsortium.plugins.demo.servers import demo_servers
from tests.hostile import SCENARIOS
from tests.oai_server import Reply, Repository, envelope, serving
from tests.site_server import Library, open_library

RULES = HttpRules(
    allowed_networks=("127.0.0.0/8",),
    attempts=2,
    backoff_seconds=0.01,
    longest_wait_seconds=0.1,
    read_seconds=3,
    total_seconds=5,
    seconds_left=20,
)
NOW = datetime(2026, 1, 31, 8, tzinfo=UTC)
REGISTRY = Registry()


def examined(url: str, sample: int = 50) -> Examination:
    return examine_site(url, REGISTRY, RULES, now=NOW, sample=sample)


def codes(found: Examination) -> set[str]:
    return {problem.code for problem in found.problems}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_every_hostile_server_gets_a_verdict(name: str) -> None:
    with serving(SCENARIOS[name].make()) as url:
        found = examined(url)

    assert found.finding.tried or found.facts is not None
    assert found.is_harvestable or any(
        problem.severity is Severity.ERROR for problem in found.problems
    )
    assert all(str(problem.what) and str(problem.advice) for problem in found.problems)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("2 nothing but web pages", "NO_ENDPOINT"),
        ("3 badResumptionToken for every token", "PAGE_FAILED"),
        ("10 deletedRecord is no", "NO_TOMBSTONES"),
        ("34 a PHP notice before the document", "ANSWER_REPAIRED"),
        ("36 no namespace", "ANSWER_REPAIRED"),
        ("36 oai: before every element, and not declared", "ANSWER_REPAIRED"),
        ("19 the server ignores from and until, and one page is poisoned", "IGNORES_DATES"),
    ],
)
def test_what_a_hostile_server_does_is_named(name: str, code: str) -> None:
    with serving(SCENARIOS[name].make()) as url:
        assert code in codes(examined(url))


@pytest.mark.slow
def test_real_servers_are_described_as_they_are() -> None:
    with demo_servers() as servers:
        for server in servers:
            found = examined(server.source.url)

            assert found.is_harvestable
            assert found.facts is not None
            prefixes = {prefix for prefix, _ in found.facts.formats}
            assert found.choice.prefix in prefixes
            assert found.qualities[0].readable_share == 1.0


def test_every_identify_that_was_collected_is_read_or_refused_with_a_reason(corpora: Path) -> None:
    read, refused = 0, []
    for file in sorted(path for path in (corpora / "oai").rglob("*") if path.is_file()):
        body = file.read_bytes()
        if b"<Identify" not in body:
            continue
        with open_library(Library(pages={"/oai": Reply(body=body)})) as url:
            found = examined(f"{url}oai", sample=0)
        read += found.facts is not None
        refused += [str(one.outcome) for one in found.finding.tried[:1]]
    assert read >= 5
    assert all(refused)


# ---------------------------------------------------------------- the choice of a format

MARC = (
    '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 a 4500</leader>'
    '<datafield tag="100" ind1="0" ind2=" "><subfield code="a">Nguyễn Văn A</subfield></datafield>'
    '<datafield tag="245" ind1="0" ind2="0"><subfield code="a">Cây lúa</subfield></datafield>'
    '<datafield tag="260" ind1=" " ind2=" "><subfield code="b">NXB</subfield>'
    '<subfield code="c">2019</subfield></datafield></record>'
)
FORMATS = "".join(
    f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix><schema>x</schema>"
    f"<metadataNamespace>{namespace}</metadataNamespace></metadataFormat>"
    for prefix, namespace in (
        ("oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc/"),
        ("bia", "http://www.loc.gov/MARC21/slim"),
        ("etdms", "http://www.ndltd.org/standards/metadata/etdms/1.0/"),
    )
)


def with_marc(metadata: str) -> Repository:
    def fault(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        if asked.get("verb") == "ListMetadataFormats":
            return Reply(body=envelope(f"<ListMetadataFormats>{FORMATS}</ListMetadataFormats>"))
        if asked.get("metadataPrefix") == "bia" and asked["verb"] == "ListRecords":
            header = "<header><identifier>1</identifier><datestamp>2026-01-01</datestamp></header>"
            record = f"<record>{header}{metadata}</record>"
            return Reply(body=envelope(f"<ListRecords>{record}</ListRecords>"))
        return reply

    return Repository(fault=fault)


def test_marc_is_chosen_under_whatever_name_it_goes() -> None:
    with serving(with_marc(f"<metadata>{MARC}</metadata>")) as url:
        found = examined(url)

    assert found.choice.prefix == "bia"
    assert "oai_dc has 1.0" in str(found.choice.reason)


def test_a_format_whose_records_have_no_metadata_is_not_chosen() -> None:
    with serving(with_marc("<metadata/>")) as url:
        found = examined(url)

    assert found.choice.prefix == "oai_dc"


def test_records_without_metadata_are_counted_once_by_kind() -> None:
    def bare(asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        if asked.get("verb") != "ListRecords":
            return reply
        body = re.sub(rb"<metadata>.*?</metadata>", b"", reply.body)
        return Reply(body=body)

    with serving(Repository(fault=bare)) as url:
        found = examined(url)

    assert not found.is_harvestable
    assert [p.code for p in found.problems].count("RECORD_WITHOUT_METADATA") == 1
    assert found.qualities[0].unreadable == 8


def test_a_list_that_begins_with_tombstones_can_be_harvested() -> None:
    with serving(Repository(deleted=frozenset(range(8)))) as url:
        found = examined(url)

    assert found.is_harvestable
    assert found.qualities[0].deleted == 8


def test_old_vietnamese_encodings_are_seen() -> None:
    def old(_asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        sound = "Địa chí tỉnh Mẫu, tập".encode()
        return Reply(body=reply.body.replace(sound, "Nh÷ng nguyªn t¾c cÇn tu©n thñ".encode()))

    with serving(Repository(size=40, page_size=20, fault=old)) as url:
        found = examined(url)

    assert found.qualities[0].legacy == "tcvn3"
    assert "LEGACY_ENCODING" in codes(found)


def test_a_token_that_lives_for_a_minute_is_warned_of() -> None:
    def short(_asked: dict[str, str], _count: int, reply: Reply) -> Reply:
        expires = b'<resumptionToken expirationDate="2026-01-31T08:01:00Z"'
        return Reply(body=reply.body.replace(b"<resumptionToken", expires))

    with serving(Repository(fault=short)) as url:
        assert "SHORT_TOKEN_LIFE" in codes(examined(url))
