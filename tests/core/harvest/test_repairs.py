"""Repairs: each mends what it can mend for certain, tells it, and leaves sound text alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from libconsortium import declared_prefixes, repaired_characters, repaired_prefixes


def names(content: bytes) -> list[str]:
    return [repair.name for repair in repaired_characters(content).repairs]


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
        (b"p < 0.05", "p &lt; 0.05", "BARE_BRACKET"),
        (b"a[b[0]]>1", "a[b[0]]&gt;1", "BARE_BRACKET"),
        (b'<a><?xml version="1.0"?><b/></a>', "<a><b/></a>", "XML_DECLARATION"),
        (b"&eacute;", "é", "NAMED_CHARACTER"),
        (b"&#0;", "\ufffd", "ILLEGAL_REFERENCE"),
        (b"&#xD835;", "\ufffd", "ILLEGAL_REFERENCE"),
        (b"&#x110000;", "\ufffd", "ILLEGAL_REFERENCE"),
    ],
)
def test_characters_that_no_document_may_hold(before: bytes, after: str, name: str) -> None:
    mended = repaired_characters(before)

    assert mended.content.decode() == after
    assert [repair.name for repair in mended.repairs] == [name]
    assert mended.repairs[0].count == 1


@pytest.mark.parametrize(
    "sound",
    [
        "Truyện Kiều &amp; <b>&#273;</b> &lt; &quot;\t\r\n",
        "<![CDATA[A & B &eacute; &#0; < 1]]>",
        "<đề>1</đề>",
        '<?xml version="1.0"?><a><![CDATA[<?xml version="1.0"?>]]><?xml-model a?></a>',
        "<!-- A & B -->",
        "&#x1F600;",
    ],
)
def test_what_is_sound_is_left_alone(sound: str) -> None:
    assert repaired_characters(sound.encode()).content == sound.encode()
    assert names(sound.encode()) == []


def test_before_and_after_are_told() -> None:
    (repair,) = repaired_characters("Nguyễn Văn A\x0b".encode()).repairs

    assert b"\x0b" in repair.before
    assert "\ufffd".encode() in repair.after


@given(st.binary(max_size=300))
def test_repaired_bytes_are_always_legal_repaired_characters(content: bytes) -> None:
    text = repaired_characters(content.replace(b"<", b"")).content

    etree.fromstring(b"<a>" + text + b"</a>")


@given(st.text(st.characters(codec="utf-8"), max_size=100))
def test_repairing_twice_is_repairing_once(text: str) -> None:
    once = repaired_characters(text.encode())

    assert repaired_characters(once.content).content == once.content


def test_prefixes_nobody_knows_are_declared_as_unknown() -> None:
    mended = repaired_prefixes(b'<r><x:a y:b="1"/><dc:c/></r>')

    assert etree.fromstring(mended.content)[0].tag == "{urn:undeclared:x}a"
    assert mended.repairs[0].count == 3


def test_prefixes_that_are_declared_around_are_left_alone() -> None:
    content = b"<r><x:a/><!-- <z:b/> --></r>"

    assert repaired_prefixes(content, declared_prefixes(b'<o xmlns:x="urn:x">')).repairs == ()


def test_what_has_no_element_is_left_alone() -> None:
    assert repaired_prefixes(b" x:a=").content == b" x:a="
