"""Repairs: each mends what it can mend for certain, tells it, and leaves sound text alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from libconsortium import (
    Message,
    Place,
    declared_prefixes,
    repair_problem,
    repaired_characters,
    repaired_prefixes,
)


def names(content: bytes) -> list[str]:
    return [repair.name for repair in repaired_characters(content).repairs]


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        (b"a\x0bb", "a\ufffdb", "CONTROL_CHARACTER"),
        (b"a\x00b", "a\ufffdb", "CONTROL_CHARACTER"),
        (b"a\xef\xbf\xbfb", "a\ufffdb", "CONTROL_CHARACTER"),
        (b"\xc4\x91a\xffb", "đa\ufffdb", "BAD_UTF_8"),
        (b"a\xffb", "aÿb", "WINDOWS_1252"),
        (b"<t>Caf\xe9</t>", "<t>Café</t>", "WINDOWS_1252"),
        (b"<t>CAF\xc9</t>", "<t>CAFÉ</t>", "WINDOWS_1252"),
        (b"<t>Panam\xe1 </t>", "<t>Panamá </t>", "WINDOWS_1252"),
        (b"the menu\x92s end", "the menu’s end", "WINDOWS_1252"),
        (b"\x81", "\x81", "WINDOWS_1252"),
        (b"<t>Nh\xe1\xba</t>", "<t>Nh\ufffd</t>", "BAD_UTF_8"),
        (b"<t>Nh\xf0\x9f\x98 </t>", "<t>Nh\ufffd </t>", "BAD_UTF_8"),
        (b"<t>Montr\xc3</t>", "<t>Montr\ufffd</t>", "BAD_UTF_8"),
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


def test_texts_of_old_fonts_can_still_be_told_after_they_were_read_as_windows_1252() -> None:
    tcvn3 = bytes([0x54, 0xB9, 0x70, 0x20, 0x63, 0x68, 0xDD, 0x20, 0x6E, 0xA8, 0x6D])

    assert repaired_characters(tcvn3).content.decode().encode("cp1252") == tcvn3


def test_another_charset_is_told_by_its_name() -> None:
    (repair,) = repaired_characters(b"<t>Caf\xe9 \x93A\x94</t>").repairs
    told = repair_problem(repair, Place(source="a", record="1"), Message("mend it"))

    assert str(told.what) == (
        "the record is not in UTF-8; 3 of its letters were read as Windows-1252:"
        r' "<t>Caf\xe9 \x93A\x94</t>" became "<t>Café “A”</t>"'
    )


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
