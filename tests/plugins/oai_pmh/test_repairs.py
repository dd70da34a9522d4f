"""Repairs of whole pages, and what is saved of a page record by record."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from libconsortium.plugins.oai_pmh.envelope import parsed
from libconsortium.plugins.oai_pmh.repairs import (
    in_utf8,
    only_document,
)
from libconsortium.plugins.oai_pmh.salvage import salvaged
from tests.oai_server import Repository, envelope

RECORD = (
    "<record><header><identifier>{0}</identifier></header><metadata><a>{1}</a></metadata></record>"
)


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_document_is_read_by_what_its_bytes_are(charset: str) -> None:
    text = f'<?xml version="1.0" encoding="{charset}"?><a>Truyện Kiều</a>'

    assert parsed(in_utf8(text.encode(charset)).content).text == "Truyện Kiều"


def test_a_page_of_which_single_records_are_in_another_charset_is_left_to_its_records() -> None:
    page = "<a>Truyện Kiều</a>".encode() + b"<a>Caf\xe9</a>"

    assert in_utf8(page, "ISO-8859-1").content == page
    assert in_utf8(b"<a>Caf\xe9</a>", "ISO-8859-1").content == "<a>Café</a>".encode()


def test_a_charset_nobody_knows_leaves_the_bytes_alone() -> None:
    content = b'<?xml version="1.0" encoding="klingon"?><a>\xff</a>'

    assert in_utf8(content, "romulan").content == content


def test_documents_glued_together_are_told_apart() -> None:
    first, second = envelope("<a/>"), envelope("<b/>")

    documents, repairs = only_document(first + second)

    assert len(documents) == 2
    assert [repair.name for repair in repairs] == ["GLUED_DOCUMENTS"]


def page(*records: str, tail: str = "<resumptionToken>t</resumptionToken>") -> bytes:
    return envelope(f"<ListRecords>{''.join(records)}{tail}</ListRecords>")


def test_one_bad_record_costs_itself_only() -> None:
    good, bad = RECORD.format("1", "x"), RECORD.format("2", "<b>")

    saved = salvaged(page(good, bad, good.replace("1", "3")), "ListRecords")

    assert saved is not None
    assert [one.identifier for one in saved.lost] == ["2"]
    assert saved.lost[0].content == bad.encode()
    assert not saved.is_cut
    assert b"resumptionToken" in etree.tostring(saved.root)


def test_records_inside_records_are_not_taken_for_their_end() -> None:
    marc = '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>& x</leader></record>'
    saved = salvaged(page(RECORD.format("1", marc), RECORD.format("2", marc)), "ListRecords")

    assert saved is not None
    assert [name for name, _ in saved.record_repairs] == ["1", "2"]
    assert saved.lost == ()


def test_a_record_without_readable_identifier_gets_a_name_of_its_own() -> None:
    saved = salvaged(page(RECORD.format("", "<b>"), RECORD.format("2", "x")), "ListRecords")

    assert saved is not None
    assert saved.lost[0].identifier.startswith("#")


@given(st.integers(0, 1600))
def test_a_page_cut_anywhere_is_never_taken_for_whole(length: int) -> None:
    whole = Repository(size=8).body({"verb": "ListRecords"})
    cut = whole[: min(length, len(whole) - len("</OAI-PMH>"))]

    saved = salvaged(cut, "ListRecords")

    assert saved is None or saved.is_cut
    assert saved is None or saved.lost == ()


@pytest.mark.parametrize("start", [b"<!DOCTYPE x [", b'<!ENTITY a "b">'])
def test_nothing_is_saved_of_a_page_with_a_document_type(start: bytes) -> None:
    assert salvaged(start + page(RECORD.format("1", "& x")), "ListRecords") is None


def test_headers_are_saved_like_records() -> None:
    headers = "<header><identifier>{0}</identifier><datestamp>{1}</datestamp></header>"
    content = envelope(
        f"<ListIdentifiers>{headers.format(1, 'a')}{headers.format(2, '<b')}</ListIdentifiers>"
    )

    saved = salvaged(content, "ListIdentifiers")

    assert saved is not None
    assert [one.identifier for one in saved.lost] == ["2"]
