"""One article as five systems give it (C22): every crosswalk says the same of it."""

from __future__ import annotations

import pytest

from libconsortium import BibRecord, RawRecord, Registry, match_fields, read_record

REGISTRY = Registry()
DOI = "10.5555/tcm.2019.5"
MARCXML = """
<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nab a2200000 a 4500</leader>
<controlfield tag="008">190501s2019    vm            000 0 vie d</controlfield>
<datafield tag="024" ind1="7" ind2=" "><subfield code="a">10.5555/tcm.2019.5</subfield>
  <subfield code="2">doi</subfield></datafield>
<datafield tag="100" ind1="0" ind2=" "><subfield code="a">Nguyễn Văn Mẫu,</subfield>
  <subfield code="e">tác giả</subfield></datafield>
<datafield tag="245" ind1="1" ind2="0"><subfield code="a">Chia sẻ siêu dữ liệu :</subfield>
  <subfield code="b">một khảo sát /</subfield>
  <subfield code="c">Nguyễn Văn Mẫu</subfield></datafield>
<datafield tag="700" ind1="0" ind2=" "><subfield code="a">Trần Thị Thử</subfield></datafield>
<datafield tag="260" ind1=" " ind2=" "><subfield code="c">2019</subfield></datafield></record>
"""
OJS = """
<record xmlns="http://www.loc.gov/MARC21/slim"><leader>     nmb a2200000Iu 4500</leader>
<controlfield tag="008">"190501 2019    eng  "</controlfield>
<datafield tag="720" ind1=" " ind2=" "><subfield code="a">Nguyễn Văn Mẫu</subfield>
  <subfield code="e">author</subfield></datafield>
<datafield tag="720" ind1=" " ind2=" "><subfield code="a">Trần Thị Thử</subfield>
  <subfield code="e">author</subfield></datafield>
<datafield tag="245" ind1="0" ind2="0">
  <subfield code="a">Chia sẻ siêu dữ liệu : một khảo sát</subfield></datafield>
<datafield tag="260" ind1=" " ind2=" "><subfield code="c">2019-05-01</subfield></datafield>
<datafield tag="786" ind1="0" ind2=" ">
  <subfield code="n">Tạp chí Mẫu; Số 5 (2019)</subfield></datafield>
<datafield tag="856" ind1="4" ind2="0">
  <subfield code="u">https://doi.org/10.5555/tcm.2019.5</subfield></datafield></record>
"""
DIM = """
<dim:dim xmlns:dim="http://www.dspace.org/xmlns/dspace/dim">
<dim:field mdschema="dc" element="contributor" qualifier="author">Nguyễn Văn Mẫu</dim:field>
<dim:field mdschema="dc" element="contributor" qualifier="author">Trần Thị Thử</dim:field>
<dim:field mdschema="dc" element="date" qualifier="issued">2019-05</dim:field>
<dim:field mdschema="dc" element="identifier" qualifier="doi">10.5555/tcm.2019.5</dim:field>
<dim:field mdschema="dc" element="title">Chia sẻ siêu dữ liệu : một khảo sát</dim:field></dim:dim>
"""
QDC = """
<qdc:qualifieddc xmlns:qdc="http://dspace.org/qualifieddc/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">
<dc:title>Chia sẻ siêu dữ liệu : một khảo sát</dc:title><dc:creator>Nguyễn Văn Mẫu</dc:creator>
<dc:creator>Trần Thị Thử</dc:creator><dcterms:issued>2019-05</dcterms:issued>
<dcterms:abstract>Tóm tắt</dcterms:abstract><dcterms:audience>SV</dcterms:audience>
<dc:identifier>https://doi.org/10.5555/tcm.2019.5</dc:identifier></qdc:qualifieddc>
"""
MODS = """
<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>Chia sẻ siêu dữ liệu</title>
<subTitle>một khảo sát</subTitle></titleInfo>
<name><namePart>Nguyễn Văn Mẫu</namePart><role><roleTerm>author</roleTerm></role></name>
<name><namePart>Trần Thị Thử</namePart></name>
<originInfo><dateIssued>2019</dateIssued></originInfo>
<identifier type="doi">10.5555/tcm.2019.5</identifier></mods>
"""
FORMS = {
    "marcxml": (MARCXML, "http://www.loc.gov/MARC21/slim"),
    "marcxml of OJS": (OJS, "http://www.loc.gov/MARC21/slim"),
    "dim": (DIM, "http://www.dspace.org/xmlns/dspace/dim"),
    "qualified dc": (QDC, "http://dspace.org/qualifieddc/"),
    "mods": (MODS, "http://www.loc.gov/mods/v3"),
}


def read(form: str) -> BibRecord:
    content, namespace = FORMS[form]
    raw = RawRecord(
        source="a",
        identifier="1",
        prefix="whatever",
        namespace=namespace,
        content=content.strip().encode(),
    )
    return read_record(raw, REGISTRY)


@pytest.mark.parametrize("form", FORMS)
def test_title_authors_year_and_identifier_are_the_same(form: str) -> None:
    record = read(form)

    assert record.title == "Chia sẻ siêu dữ liệu : một khảo sát"
    assert record.creators == ("Nguyễn Văn Mẫu", "Trần Thị Thử")
    assert record.year == 2019
    assert [(one.scheme, one.value) for one in record.identifiers] == [("doi", DOI)]


def test_they_are_compared_by_the_same_fields() -> None:
    compared = [match_fields(read(form)) for form in FORMS]

    assert {(one.title, one.creators, one.year, one.identifiers) for one in compared} == {
        (compared[0].title, compared[0].creators, 2019, frozenset({f"doi:{DOI}"}))
    }


def test_a_term_that_has_no_place_is_named() -> None:
    assert read("qualified dc").unmapped == ("dcterms:audience",)
