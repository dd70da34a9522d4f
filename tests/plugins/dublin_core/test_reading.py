from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from libconsortium import (
    BibRecord,
    Crosswalk,
    CrosswalkError,
    RawRecord,
    RecordIdentifier,
    Registry,
    read_record,
)

REGISTRY = Registry()
CROSSWALK = REGISTRY.find(Crosswalk, "dublin-core")
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
START = f'<oai_dc:dc xmlns:oai_dc="{OAI_DC}" xmlns:dc="http://purl.org/dc/elements/1.1/">'


def raw(inside: str, *, datestamp: str = "2026-01-31") -> RawRecord:
    return RawRecord(
        source="dh-a",
        identifier="oai:a.example:1",
        datestamp=datestamp,
        namespace=OAI_DC,
        content=f"{START}{inside}</oai_dc:dc>".encode(),
    )


def read(inside: str, *, datestamp: str = "2026-01-31") -> BibRecord:
    return CROSSWALK.read(raw(inside, datestamp=datestamp))


def codes(record: BibRecord) -> list[str]:
    return [problem.code for problem in record.problems]


@pytest.mark.parametrize(
    ("element", "field"),
    [
        ("title", "titles"),
        ("creator", "creators"),
        ("contributor", "contributors"),
        ("publisher", "publishers"),
        ("date", "dates"),
        ("language", "languages"),
        ("type", "types"),
        ("subject", "subjects"),
        ("coverage", "coverage"),
        ("description", "descriptions"),
    ],
)
def test_every_value_of_an_element_is_kept_in_order(element: str, field: str) -> None:
    record = read(f"<dc:{element}>một</dc:{element}><dc:{element}>hai</dc:{element}>")

    assert getattr(record, field) == ("một", "hai")


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn"))))
def test_a_text_stays_as_written_apart_from_the_blanks_around_it(text: str) -> None:
    record = read(f"<dc:title>{escape(text)}</dc:title>")

    assert record.title == text.strip()


def test_the_language_of_a_text_is_kept_out() -> None:
    assert read('<dc:title xml:lang="vi">Kiều</dc:title>').titles == ("Kiều",)


def test_empty_elements_say_nothing() -> None:
    assert read("<dc:title/><dc:title> </dc:title><dc:title>A</dc:title>").titles == ("A",)


def test_comments_say_nothing() -> None:
    assert read("<!-- x --><dc:title>A<!-- y -->B</dc:title>").titles == ("AB",)


@pytest.mark.parametrize("root", ["<dc>", '<dc xmlns="http://purl.org/dc/elements/1.1/">'])
def test_dublin_core_without_its_container_is_read(root: str) -> None:
    content = f"{root}<title>A</title></dc>".encode()
    namespace = etree.QName(etree.fromstring(content)).namespace or ""
    record = RawRecord(source="a", identifier="1", namespace=namespace, content=content)

    assert read_record(record, REGISTRY).titles == ("A",)


@pytest.mark.parametrize(
    "namespace",
    [
        "https://purl.org/dc/elements/1.1/",
        "http://purl.org/dc/elements/1.1",
        "http://purl.org/dc/elements/1.0/",
        "http://www.openarchives.org/OAI/2.0/",
    ],
)
def test_elements_in_a_namespace_written_by_mistake_are_read(namespace: str) -> None:
    around = "http://www.openarchives.org/OAI/2.0/oai_dc/"
    content = f'<a:dc xmlns:a="{around}"><title xmlns="{namespace}">A</title></a:dc>'.encode()
    record = RawRecord(source="a", identifier="1", namespace=around, content=content)

    assert read_record(record, REGISTRY).titles == ("A",)


# ---------------------------------------------------------------- years


@pytest.mark.parametrize(
    ("dates", "year"),
    [
        ("<dc:date>2019-05-01</dc:date>", 2019),
        ("<dc:date>c1998</dc:date>", 1998),
        ("<dc:date>ngày 5 tháng 6</dc:date><dc:date>2004</dc:date>", 2004),
        ("<dc:date>2027</dc:date>", 2027),
        ("<dc:date>2028</dc:date>", None),
        ("<dc:date>3025</dc:date>", None),
        ("", None),
    ],
)
def test_the_year_is_the_first_that_makes_sense(dates: str, year: int | None) -> None:
    assert read(dates).year == year


def test_a_date_without_a_year_that_makes_sense_is_a_problem() -> None:
    record = read("<dc:title>A</dc:title><dc:date>3025</dc:date>")

    assert codes(record) == ["BAD_YEAR"]
    assert record.dates == ("3025",)


def test_a_record_without_datestamp_may_be_of_any_year_of_this_century() -> None:
    assert read("<dc:date>2099</dc:date>", datestamp="").year == 2099


# ---------------------------------------------------------------- identifiers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ISBN 978-69-0000001-2", ("isbn", "9786900000012", True)),
        ("urn:isbn:9786900000012", ("isbn", "9786900000012", True)),
        ("9786900000012", ("isbn", "9786900000012", True)),
        ("978-69-00000-01-2 (bìa mềm)", None),
        ("ISBN: 9786900000012 (bìa mềm) : 50.000đ", ("isbn", "9786900000012", True)),
        ("ISBN 978-69-0000001-9", ("isbn", "978-69-0000001-9", False)),
        ("ISSN 9999-9994", ("issn", "99999994", True)),
        ("ISSN 9999-9995", ("issn", "9999-9995", False)),
        ("https://doi.org/10.5555/MAU.2020.1", ("doi", "10.5555/mau.2020.1", True)),
        ("doi:10.5555/mau.2020.1.", ("doi", "10.5555/mau.2020.1", True)),
        ("doi: chưa có", ("doi", "doi: chưa có", False)),
        ("http://hdl.handle.net/20.500.99999/7", ("handle", "20.500.99999/7", True)),
        ("https://a.example/handle/20.500.99999/7?x=1", ("handle", "20.500.99999/7", True)),
        ("http://a.example/handle/123456789/7", None),
        ("TV 1234", None),
        ("2019-2020", None),
    ],
)
def test_standard_identifiers_are_known_and_checked(
    text: str, found: tuple[str, str, bool] | None
) -> None:
    record = read(f"<dc:title>A</dc:title><dc:identifier>{escape(text)}</dc:identifier>")

    kept = tuple((one.scheme, one.value, one.is_valid) for one in record.identifiers)
    assert kept == (() if found is None else (found,))
    assert codes(record) == ([] if found is None or found[2] else ["BAD_IDENTIFIER"])


def test_an_address_is_a_link() -> None:
    record = read("<dc:identifier>http://a.example/handle/123456789/7</dc:identifier>")

    assert record.links == ("http://a.example/handle/123456789/7",)
    assert "dc:identifier" not in record.unmapped


def test_the_issn_of_the_journal_is_found_in_its_name() -> None:
    record = read("<dc:source>Tạp chí Khoa học Mẫu; Số 1; ISSN 9999-9994</dc:source>")

    assert record.identifiers == (RecordIdentifier(scheme="issn", value="99999994"),)


def test_identifiers_of_related_works_are_not_the_record_s() -> None:
    assert read("<dc:relation>https://doi.org/10.5555/other</dc:relation>").identifiers == ()


# ---------------------------------------------------------------- what has no place


def test_fields_without_a_place_are_reported() -> None:
    record = read(
        "<dc:format>pdf</dc:format><dc:rights>CC</dc:rights>"
        "<dc:relation>x</dc:relation><dc:identifier>TV 1</dc:identifier><dc:source>y</dc:source>"
        '<dcterms:audience xmlns:dcterms="http://purl.org/dc/terms/">SV</dcterms:audience>'
    )

    assert sorted(record.unmapped) == [
        "dc:format",
        "dc:identifier",
        "dc:relation",
        "dc:rights",
        "dc:source",
        "dcterms:audience",
    ]


def test_a_record_without_title_is_a_problem() -> None:
    assert codes(read("<dc:creator>A</dc:creator>")) == ["NO_TITLE"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"<dc>", "not well-formed"), (b"<mods/>", "not Dublin Core"), (b"", "not well-formed")],
)
def test_what_is_not_dublin_core_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(CrosswalkError, match=reason):
        CROSSWALK.read(RawRecord(source="a", identifier="oai:1", content=content))


def test_a_record_that_cannot_be_read_comes_back_with_the_reason() -> None:
    broken = RawRecord(source="a", identifier="oai:1", namespace=OAI_DC, content=b"<dc>")

    record = read_record(broken, REGISTRY)

    assert codes(record) == ["UNREADABLE"]
    assert "oai:1" in str(record.problems[0])


# ---------------------------------------------------------------- real data


def test_every_real_dublin_core_record_is_read_or_refused_with_a_reason(corpora: Path) -> None:
    read_all = [record for file in _files(corpora) for record in _records(file)]

    assert len(read_all) > 100
    assert all(record.titles or record.problems for record in read_all)


def _files(corpora: Path) -> Iterator[Path]:
    yield from sorted((corpora / "oai").rglob("*.xml"))


def _records(file: Path) -> Iterator[BibRecord]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=False)
    try:
        tree = etree.parse(file, parser)
    except etree.XMLSyntaxError:
        return  # the harvester refuses such a page before anything is read
    for number, root in enumerate(tree.iter(f"{{{OAI_DC}}}dc")):
        content = etree.tostring(root, method="c14n")
        raw_record = RawRecord(
            source=file.name, identifier=str(number), namespace=OAI_DC, content=content
        )
        yield read_record(raw_record, REGISTRY)


def test_elements_in_the_namespace_of_their_container_are_the_same_elements() -> None:
    record = read("<oai_dc:title>Sóng</oai_dc:title><oai_dc:rights>CC BY</oai_dc:rights>")

    assert record.titles == ("Sóng",)
    assert record.unmapped == ("dc:rights",)


def test_a_container_of_terms_may_have_a_namespace_of_its_own() -> None:
    around = "http://www.openarchives.org/OAI/2.0/oai_dcterms/"
    content = (
        f'<o:dcterms xmlns:o="{around}" xmlns:dcterms="http://purl.org/dc/terms/">'
        "<dcterms:title>Sóng</dcterms:title></o:dcterms>"
    )
    stored = RawRecord(source="a", identifier="1", namespace=around, content=content.encode())

    assert read_record(stored, REGISTRY).titles == ("Sóng",)


@pytest.mark.parametrize("version", ["1.0/", "1.0", "1-0/", "1.1/", "1-1/"])
def test_a_thesis_is_read_by_its_namespace_and_its_degree_is_reported(version: str) -> None:
    namespace = f"http://www.ndltd.org/standards/metadata/etdms/{version}"
    thesis = RawRecord(
        source="dh-a",
        identifier="1",
        namespace=namespace,
        content=(
            f'<thesis xmlns="{namespace}"><title>Cây lúa</title>'
            "<alternativeTitle>Rice</alternativeTitle><creator>Trần Thị B</creator>"
            '<contributor role="advisor">Lê Văn C</contributor><date>2019</date>'
            "<identifier>https://a.example/1</identifier><rights>mở</rights>"
            "<degree><name>Thạc sĩ</name><grantor>Đại học A</grantor></degree></thesis>"
        ).encode(),
    )

    book = read_record(thesis, REGISTRY)

    assert book.titles == ("Cây lúa", "Rice")
    assert (book.creators, book.contributors, book.year) == (("Trần Thị B",), ("Lê Văn C",), 2019)
    assert book.links == ("https://a.example/1",)
    assert book.unmapped == ("dc:rights", "degree")


def test_rioxx_is_read_by_its_own_terms_and_those_of_dublin_core() -> None:
    start = "http://www.rioxx.net/schema/v2.0"
    article = RawRecord(
        source="dh-a",
        identifier="1",
        namespace=f"{start}/rioxx/",
        content=(
            f'<rioxx xmlns="{start}/rioxx/" xmlns:r="{start}/rioxxterms/"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Cây lúa</dc:title>'
            "<r:author>Trần Thị B</r:author><r:publication_date>2019-05-01</r:publication_date>"
            "<r:version_of_record>https://doi.org/10.1234/abc</r:version_of_record>"
            "<r:project>X</r:project></rioxx>"
        ).encode(),
    )

    book = read_record(article, REGISTRY)

    assert (book.title, book.creators, book.year) == ("Cây lúa", ("Trần Thị B",), 2019)
    assert [(one.scheme, one.value) for one in book.identifiers] == [("doi", "10.1234/abc")]
    assert book.unmapped == ("r:project",)
