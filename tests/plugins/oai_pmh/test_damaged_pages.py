"""Tags damaged at random: every record is kept, in quarantine, or the page is refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import (
    Answer,
    HarvestPage,
    HarvestRequest,
    PageRefusedError,
    RequestRefusedError,
)
from libconsortium.plugins.oai_pmh.client import StrictResponse
from libconsortium.plugins.oai_pmh.pages import page_of
from tests.hostile.scenarios import repository
from tests.oai_server import OAI

PAGE = repository(announces=-1, deleted=frozenset({3})).page("ListRecords", 0)
TRUTH = {f"oai:a.example:{number}" for number in range(10)}
TAGS = [found.span() for found in re.finditer(rb"<[^<>]*>", PAGE)]
IN_RECORDS = [
    span for span in TAGS if PAGE.index(b"<record>") < span[0] < PAGE.rindex(b"</record>")
]


def read(body: bytes) -> HarvestPage:
    answer = Answer(
        url="http://a.example/oai",
        status=200,
        headers=(),
        body=body,
        encoding="",
        is_unannounced=False,
        content=body,
        received=datetime.now(UTC),
    )
    asked = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
    request = HarvestRequest(source="a", url="http://a.example/oai")
    return page_of(StrictResponse(answer, asked), request, 1, may_be_cut=True)


def test_the_page_is_whole() -> None:
    assert {record.identifier for record in read(PAGE).records} == TRUTH


def test_a_record_in_windows_1252_keeps_its_letters_and_the_others_theirs() -> None:
    old = "Địa chí tỉnh Mẫu, tập 4".encode()

    page = read(PAGE.replace(old, b"Catalogue g\xe9n\xe9ral"))

    texts = {one.identifier: one.content.decode() for one in page.records}
    assert "Catalogue général" in texts["oai:a.example:4"]
    assert "Địa chí tỉnh Mẫu, tập 5" in texts["oai:a.example:5"]
    assert [(one.code, one.where.record) for one in page.problems] == [
        ("REPAIRED_WINDOWS_1252", "oai:a.example:4")
    ]
    assert page.repaired == 1


@given(
    tag=st.sampled_from(IN_RECORDS),
    how=st.sampled_from(["taken out", "doubled", "cut", "overwritten"]),
    where=st.integers(0, 200),
    byte=st.sampled_from([*b"<>&\"'/ =A", 0, 7, 0xFF]),
    length=st.integers(1, 60),
)
def test_a_damaged_tag_loses_no_record_silently(
    tag: tuple[int, int], how: str, where: int, byte: int, length: int
) -> None:
    start, end = tag
    place = start + where % (end - start)
    body = {
        "taken out": PAGE[:start] + PAGE[end:],
        "doubled": PAGE[:start] + PAGE[start:end] + PAGE[start:],
        "cut": PAGE[:place] + PAGE[place + length :],
        "overwritten": PAGE[:place] + bytes([byte]) + PAGE[place + 1 :],
    }[how]
    try:
        page = read(body)
    except (PageRefusedError, RequestRefusedError):
        return

    kept = {record.identifier for record in page.records}
    if kept <= TRUTH:  # a damaged identifier that is one again nobody can know
        assert page.is_cut or len(TRUTH - kept) <= len(page.quarantined)
        assert page.is_cut or page.token == "t+& 10"


def quarantined(body: bytes) -> set[str]:
    return {one.identifier for one in read(body).quarantined}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            b"</record><record><header><identifier>oai:a.example:7<",
            b"<header><identifier>oai:a.example:7<",
        ),
        (b"<record><header><identifier>oai:a.example:7<", b"<header><identifier>oai:a.example:7<"),
        (
            b"</metadata></record><record><header><identifier>oai:a.example:7<",
            b"<identifier>oai:a.example:7<",
        ),
    ],
)
def test_a_record_behind_a_damaged_boundary_is_named(old: bytes, new: bytes) -> None:
    assert old in PAGE

    assert "oai:a.example:7" in quarantined(PAGE.replace(old, new))


def test_a_record_with_a_damaged_identifier_is_not_kept_under_it() -> None:
    page = read(PAGE.replace(b">oai:a.example:7<", b">oai:a.\x07xample:7<"))

    assert {record.identifier for record in page.records} == TRUTH - {"oai:a.example:7"}
    assert len(page.quarantined) == 1


def test_a_token_that_had_to_be_repaired_leads_nowhere() -> None:
    page = read(PAGE.replace(b"t+&amp; 10<", b"t+&amp;\x07 10<"))

    assert (page.is_cut, page.token) == (True, "")


def test_what_is_no_record_does_not_vanish_from_a_list() -> None:
    page = read(PAGE.replace(b"</ListRecords>", b"<card>7</card></ListRecords>"))

    assert [one.content for one in page.quarantined] == [
        b'<card xmlns="%b">7</card>' % OAI.encode()
    ]


def test_what_a_record_says_of_itself_names_no_other_record() -> None:
    about = (
        b"<about><provenance><originDescription><identifier>oai:other:1</identifier>"
        b"<datestamp>2020-01-01</datestamp></originDescription></provenance></about>"
    )
    broken = PAGE.replace(
        "tập 7</dc:title></oai_dc:dc></metadata>".encode(),
        "tập 7</oai_dc:dc></metadata>".encode() + about,
    )

    assert quarantined(broken) == {"oai:a.example:7"}
