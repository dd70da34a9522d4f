"""Flat records are read as a parser reads them; whatever is not flat is left to the parser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from libconsortium import flat_record
from libconsortium.files.crosswalk_parts import flat_xml

START = '<d:dc xmlns:d="urn:d" xmlns="urn:e" a="1">'

PIECES = st.sampled_from(
    [
        *("<title>A</title>", "<d:title>ấ &amp; B</d:title>", "<title/>", "<q:t>A</q:t>"),
        "</title>",
        *("<title xml:lang='vi'>A</title>", '<t a=">">A</t>', "<t a='\"/>'>A</t>"),
        "<t a='1' a='2'/>",
        *("<t><u/></t>", "<t>A<u>B</u></t>", "<!-- c -->", "<![CDATA[<]]>", "<?p i?>", "\r\n", " "),
        *("<t>&#233;&#x1EA5;&lt;</t>", "<t>&#0;</t>", "<t>&nbsp;</t>", "<t>A & B</t>"),
        "<t>\x0b</t>",
        *("<t>\r\n</t>", "<t>&#13;</t>", "text", "<t xmlns='urn:f'/>", "<t >A</t >", "<1t/>"),
        "<t>]]</t>",
        *("<t>\ufffe</t>", "<t>&#55296;</t>", "<t>&#1114112;</t>", "<t>&#65535;</t>"),
    ]
)  # fmt: skip


def parsed(content: bytes) -> tuple[str, list[tuple[str, str]]]:
    root = etree.fromstring(content)
    children = [(str(child.tag), child.text or "") for child in root]
    return etree.QName(root).localname, children


def tag_of(tag: str, *_: object) -> str:
    return tag


@given(pieces=st.lists(PIECES, max_size=5))
def test_a_flat_record_is_read_as_the_parser_reads_it(pieces: list[str]) -> None:
    content = f"{START}{''.join(pieces)}</d:dc>".encode("utf-8", "surrogatepass")
    flat = flat_record(content, tag_of)

    assert flat is None or flat == parsed(content)


@pytest.mark.parametrize(
    "content",
    [
        b"<dc><t>A</t></dc>",
        b"<dc> </dc>\n",
        "<dc>\r\n<t>ấ</t>\r\n</dc>".encode(),
        b'<a:dc xmlns:a="urn:a"><a:t xml:lang="vi">A</a:t><a:t/></a:dc>',
    ],
)
def test_these_records_are_flat(content: bytes) -> None:
    assert flat_record(content, tag_of) is not None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<dc><t>A<u/></t></dc>",
        b"<dc><!-- A --></dc>",
        b"<!DOCTYPE dc><dc></dc>",
        b"<?xml version='1.0'?><dc></dc>",
        b"<dc>text</dc>",
        b"<dc><t>A</u></dc>",
        b"<dc></cd>",
        b"<a:dc></a:dc>",
        b"<dc><t>\xff</t></dc>",
        b"<dc><t>\x0b</t></dc>",
        "<dc><t>\uffff</t></dc>".encode(),
        b"<dc><t>&eacute;</t></dc>",
        b"<dc><t>A & B</t></dc>",
        b"<dc><t>&#8;</t></dc>",
        b"<dc><t>]]></t></dc>",
        b"<dc><t>A</t></dc><dc/>",
        b"<dc><t a='1' a='2'/></dc>",
        b"<dc><t a='/>'>A</t></dc>",
        b"<dc><t</t></dc>",
        b"<dc></t><t></dc>",
        b"<dc>",
    ],
)
def test_these_records_are_left_to_the_parser(content: bytes) -> None:
    assert flat_record(content, tag_of) is None


def test_tags_that_are_long_or_many_are_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flat_xml, "_MOST_KNOWN", 3)
    long = "x" * 1000
    contents = [f'<dc><t a="{number}">A</t></dc>'.encode() for number in range(9)]

    assert all(flat_record(one, tag_of) is not None for one in contents)
    assert flat_record(f'<dc><t a="{long}">A</t></dc>'.encode(), tag_of) is not None
    assert len(flat_xml._ENDS) <= 3
