from __future__ import annotations

import pytest

from libconsortium import CrosswalkError, RawRecord
from libconsortium.files.crosswalk_parts import element_texts


def texts(xml: str) -> list[tuple[str, str]]:
    return list(element_texts(RawRecord(source="a", identifier="1", content=xml.encode())))


def test_namespaces_and_prefixes_make_no_difference_to_a_name() -> None:
    plain = texts("<entry><author><name>A</name></author></entry>")
    spelt = '<a:entry xmlns:a="urn:a"><a:author><name xmlns="urn:b">A</name></a:author></a:entry>'

    assert plain == texts(spelt) == [("entry author/name", "A")]


def test_fields_come_in_the_order_of_the_document() -> None:
    assert [name for name, _ in texts("<r><b>1</b><a><d>2</d><c>3</c></a><b>4</b></r>")] == [
        "r b", "r a/d", "r a/c", "r b",
    ]  # fmt: skip


def test_a_text_with_elements_between_its_words_is_one_field() -> None:
    assert texts("<r><t>Phông <i>Toà</i> sứ</t></r>") == [("r t", "Phông Toà sứ")]


def test_a_text_behind_an_inner_element_is_not_lost() -> None:
    assert texts("<r><t><i>Toà</i> sứ</t></r>") == [("r t", "Toà sứ")]


def test_attributes_are_fields_except_where_schemas_are() -> None:
    xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b"'

    assert texts(f'<r {xsi} n="1"><link href="http://a"/><e x=" "/></r>') == [
        ("r@n", "1"), ("r link@href", "http://a"),
    ]  # fmt: skip


def test_a_text_in_the_root_goes_by_the_root_alone() -> None:
    assert texts("<r>Sóng<!-- no --></r>") == [("r", "Sóng")]


def test_what_is_no_xml_is_refused() -> None:
    with pytest.raises(CrosswalkError, match="not well-formed"):
        texts("<r>")


def test_a_document_type_is_refused() -> None:
    with pytest.raises(CrosswalkError, match="document type"):
        texts('<!DOCTYPE r [<!ENTITY e "x">]><r>&e;</r>')
