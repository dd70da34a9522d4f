from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from libconsortium import BibRecord, Crosswalk, RawRecord, Registry, read_record
from libconsortium.testing import check_crosswalk

REGISTRY = Registry()
DIM = "http://www.dspace.org/xmlns/dspace/dim"
XOAI = "http://www.lyncode.com/xoai"
FIELDS = (
    ("dc.contributor.author", "Nguyễn Văn A"),
    ("dc.contributor.author", "Trần B"),
    ("dc.contributor.advisor", "Lê C"),
    ("dc.coverage.spatial", "Hòa Bình"),
    ("dc.date.accessioned", "2024-01-01T00:00:00Z"),
    ("dc.date.issued", "2019-05"),
    ("dc.identifier.uri", "http://hdl.handle.net/20.500.99999/7"),
    ("dc.identifier.issn", "9999-9994"),
    ("dc.identifier.doi", "10.5555/x"),
    ("dc.language.iso", "vi"),
    ("dc.publisher", "Giáo dục"),
    ("dc.relation.ispartofseries", "Tủ sách;3"),
    ("dc.subject", "Toán"),
    ("dc.subject.ddc", "515"),
    ("dc.title", "Giải tích"),
    ("dc.title.alternative", "Calculus"),
    ("dc.type", "Luận văn"),
    ("local.kho", "Kho 2"),
)


def dim(fields: tuple[tuple[str, str], ...] = FIELDS) -> RawRecord:
    parts = []
    for name, text in fields:
        schema, element, *qualifier = name.split(".")
        more = f" qualifier={quoteattr(qualifier[0])}" if qualifier else ""
        parts.append(
            f'<dim:field mdschema="{schema}" element="{element}"{more} lang="vi">{text}</dim:field>'
        )
    content = f'<dim:dim xmlns:dim="{DIM}" dspaceType="ITEM">{"".join(parts)}</dim:dim>'
    return RawRecord(source="a", identifier="1", namespace=DIM, content=content.encode())


def xoai(fields: tuple[tuple[str, str], ...] = FIELDS) -> RawRecord:
    parts = []
    for name, text in fields:
        inside = f'<element name="none"><field name="value">{text}</field></element>'
        for part in reversed(name.split(".")):
            inside = f'<element name="{part}">{inside}</element>'
        parts.append(inside)
    others = '<element name="others"><field name="handle">20.500.99999/7</field></element>'
    content = f'<metadata xmlns="{XOAI}">{"".join(parts)}{others}</metadata>'
    return RawRecord(source="a", identifier="1", namespace=XOAI, content=content.encode())


def read(record: RawRecord) -> BibRecord:
    return read_record(record, REGISTRY)


@pytest.mark.parametrize("record", [dim(), xoai()], ids=["dim", "xoai"])
def test_a_whole_record_is_read(record: RawRecord) -> None:
    found = read(record)

    assert found.titles == ("Giải tích", "Calculus")
    assert (found.creators, found.contributors) == (("Nguyễn Văn A", "Trần B"), ("Lê C",))
    assert (found.year, found.languages, found.types) == (2019, ("vi",), ("Luận văn",))
    assert (found.publishers, found.series) == (("Giáo dục",), ("Tủ sách;3",))
    assert found.subjects == ("Toán", "515")
    assert found.coverage == ("Hòa Bình",)
    assert found.links == ("http://hdl.handle.net/20.500.99999/7",)
    assert sorted((one.scheme, one.value) for one in found.identifiers) == [
        ("doi", "10.5555/x"),
        ("handle", "20.500.99999/7"),
        ("issn", "99999994"),
    ]
    assert found.unmapped == ("dim dc.date.accessioned", "dim local.kho")
    assert found.problems == ()


def test_both_formats_say_the_same() -> None:
    assert read(dim()) == read(xoai())


def test_a_handle_of_nobody_s_is_no_identifier() -> None:
    record = read(
        dim((("dc.title", "A"), ("dc.identifier.uri", "http://a.example/handle/123456789/7")))
    )

    assert record.identifiers == ()
    assert record.links == ("http://a.example/handle/123456789/7",)


def test_every_field_is_said_for_mapping_tables() -> None:
    fields = REGISTRY.find(Crosswalk, "dim").fields

    assert fields is not None
    assert ("dim local.kho", "Kho 2") in list(fields(dim()))


def test_a_real_record_of_dspace_is_read(corpora: Path) -> None:
    content = (corpora / "oai" / "xoai" / "xoai-example.xml").read_bytes()
    record = read(RawRecord(source="a", identifier="1", namespace=XOAI, content=content))

    assert (record.title, record.creators, record.year) == ("Teste", ("Melo, Joao",), 2013)
    assert "dim dc.description.provenance" in record.unmapped


@pytest.mark.parametrize("name", ["dim", "xoai"])
def test_the_crosswalks_keep_their_promises(name: str) -> None:
    check_crosswalk(REGISTRY.find(Crosswalk, name), [dim(), xoai(), dim(())])
