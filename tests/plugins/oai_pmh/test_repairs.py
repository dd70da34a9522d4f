"""Repairs: each mends what it can mend for certain, tells it, and leaves sound text alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from libconsortium.plugins.oai_pmh.envelope import parsed
from libconsortium.plugins.oai_pmh.repairs import (
    characters,
    in_utf8,
    only_document,
    prefixes,
)
from libconsortium.plugins.oai_pmh.salvage import salvaged
from tests.oai_server import Repository, envelope

RECORD = (
    "<record><header><identifier>{0}</identifier></header><metadata><a>{1}</a></metadata></record>"
)


def names(content: bytes) -> list[str]:
    return [repair.name for repair in characters(content).repairs]


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        (b"a\x0bb", "a\ufffdb", "CONTROL_CHARACTER"),
        (b"a\x00b", "a\ufffdb", "CONTROL_CHARACTER"),
        (b"a\xef\xbf\xbfb", "a\ufffdb", "CONTROL_CHARACTER"),
        (b"a\xffb", "a\ufffdb", "BAD_UTF_8"),
        (b"A & B", "A &amp; B", "BARE_AMPERSAND"),
        (b"A&B;C", "A&amp;B;C", "BARE_AMPERSAND"),
        (b"?a=1&b=2", "?a=1&amp;b=2", "BARE_AMPERSAND"),
        (b"&eacute;", "é", "NAMED_CHARACTER"),
        (b"&#0;", "\ufffd", "ILLEGAL_REFERENCE"),
        (b"&#xD835;", "\ufffd", "ILLEGAL_REFERENCE"),
        (b"&#x110000;", "\ufffd", "ILLEGAL_REFERENCE"),
    ],
)
def test_characters_that_no_document_may_hold(before: bytes, after: str, name: str) -> None:
    mended = characters(before)

    assert mended.content.decode() == after
    assert [repair.name for repair in mended.repairs] == [name]
    assert mended.repairs[0].count == 1


@pytest.mark.parametrize(
    "sound",
    [
        "Truyện Kiều &amp; <b>&#273;</b> &lt; &quot;\t\r\n",
        "<![CDATA[A & B &eacute; &#0;]]>",
        "<!-- A & B -->",
        "&#x1F600;",
    ],
)
def test_what_is_sound_is_left_alone(sound: str) -> None:
    assert characters(sound.encode()).content == sound.encode()
    assert names(sound.encode()) == []


def test_before_and_after_are_told() -> None:
    (repair,) = characters("Nguyễn Văn A\x0b".encode()).repairs

    assert b"\x0b" in repair.before
    assert "\ufffd".encode() in repair.after


@given(st.binary(max_size=300))
def test_repaired_bytes_are_always_legal_characters(content: bytes) -> None:
    text = characters(content.replace(b"<", b"").replace(b"]]>", b"")).content

    etree.fromstring(b"<a>" + text + b"</a>")


@given(st.text(st.characters(codec="utf-8"), max_size=100))
def test_repairing_twice_is_repairing_once(text: str) -> None:
    once = characters(text.encode())

    assert characters(once.content).content == once.content


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_document_is_read_by_what_its_bytes_are(charset: str) -> None:
    text = f'<?xml version="1.0" encoding="{charset}"?><a>Truyện Kiều</a>'

    assert parsed(in_utf8(text.encode(charset)).content).text == "Truyện Kiều"


def test_a_charset_nobody_knows_leaves_the_bytes_alone() -> None:
    content = b'<?xml version="1.0" encoding="klingon"?><a>\xff</a>'

    assert in_utf8(content, "romulan").content == content


def test_prefixes_nobody_knows_are_declared_as_unknown() -> None:
    mended = prefixes(b'<r><x:a y:b="1"/><dc:c/></r>')

    assert parsed(mended.content)[0].tag == "{urn:undeclared:x}a"
    assert mended.repairs[0].count == 3


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
        f"<ListIdentifiers>{headers.format(1, 'a')}{headers.format(2, '<')}</ListIdentifiers>"
    )

    saved = salvaged(content, "ListIdentifiers")

    assert saved is not None
    assert [one.identifier for one in saved.lost] == ["2"]
