"""UNIMARC is told from MARC 21 by what it has, and read by its own fields."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from libconsortium import (
    BibRecord,
    Crosswalk,
    RawRecord,
    RecordIdentifier,
    Registry,
    read_mapping,
    read_record,
    reading_rules,
)
from libconsortium.plugins.marc.records import MarcField
from libconsortium.plugins.marc.unimarc.links import embedded
from libconsortium.testing import check_crosswalk

REGISTRY = Registry()
CROSSWALK = REGISTRY.find(Crosswalk, "marc")
SLIM = "http://www.loc.gov/MARC21/slim"
EXCHANGE = "info:lc/xmlns/marcxchange-v2"
BOOK, ARTICLE = "00000nam0 2200000   450 ", "00000naa0 2200000   450 "
CODED = "20190101d2018    m  y0viey50      ba"


def field(tag: str, *subfields: str, indicators: str = "  ") -> str:
    inside = "".join(f'<subfield code="{one[0]}">{escape(one[1:])}</subfield>' for one in subfields)
    marks = f'ind1="{indicators[0]}" ind2="{indicators[1]}"'
    return f'<datafield tag="{tag}" {marks}>{inside}</datafield>'


TITLE = field("200", "aGiải tích", "fNguyễn Văn A", indicators="1 ")


def raw(
    *fields: str,
    leader: str = BOOK,
    prefix: str = "marcxml",
    namespace: str = SLIM,
    attributes: str = "",
) -> RawRecord:
    inside = f"<leader>{leader}</leader>{''.join(fields)}"
    content = f'<record xmlns="{namespace}"{attributes}>{inside}</record>'
    return RawRecord(
        source="tlu",
        identifier="1",
        prefix=prefix,
        namespace=namespace,
        datestamp="2026-01-31",
        content=content.encode(),
    )


def read(*fields: str, leader: str = BOOK) -> BibRecord:
    return CROSSWALK.read(raw(field("100", f"a{CODED}"), *fields, leader=leader))


# ---------------------------------------------------------------- told apart


@pytest.mark.parametrize(
    "record",
    [
        raw(TITLE, field("100", f"a{CODED}")),
        raw(TITLE),
        raw(TITLE, prefix="unimarc"),
        raw(TITLE, field("260", "bX"), namespace=EXCHANGE, attributes=' format="UNIMARC"'),
        raw(TITLE, "<!-- x -->", namespace=EXCHANGE, attributes=' format="Unimarc"'),
    ],
    ids=["coded data", "title alone", "prefix", "attribute", "attribute, parsed"],
)
def test_a_record_of_unimarc_is_read_as_one(record: RawRecord) -> None:
    book = CROSSWALK.read(record)

    assert book.title == "Giải tích"
    assert "unimarc 200$f" in book.unmapped


@pytest.mark.parametrize(
    "fields",
    [
        (TITLE, field("245", "aSóng")),
        (TITLE, field("100", "aNguyễn Văn A")),
        (TITLE, field("260", "bGiáo dục")),
        (field("245", "aSóng"),),
        (field("200", "bX"),),
    ],
)
def test_any_other_record_is_marc_21(fields: tuple[str, ...]) -> None:
    book = CROSSWALK.read(raw(*fields))

    assert not any(name.startswith("unimarc") for name in book.unmapped)


def test_the_title_of_marc_21_counts_for_more_than_the_name_of_the_format() -> None:
    book = CROSSWALK.read(raw(field("245", "aSóng"), prefix="unimarc"))

    assert book.title == "Sóng"


def test_an_authority_record_describes_no_document() -> None:
    record = read_record(raw(TITLE, leader="00000nx  a2200000   45  "), REGISTRY)

    assert [problem.code for problem in record.problems] == ["UNREADABLE"]
    assert "authority record of UNIMARC" in str(record.problems[0])


# ---------------------------------------------------------------- fields


@pytest.mark.parametrize(
    ("subfields", "titles", "volume"),
    [
        (("aGiải tích", "egiáo trình"), ("Giải tích : giáo trình",), ""),
        (("aGiải tích :", "egiáo trình /"), ("Giải tích : giáo trình",), ""),
        (("aGiải tích", "hTập 2", "iHàm nhiều biến"), ("Giải tích. Hàm nhiều biến",), "Tập 2"),
        (("aGiải tích", "vTập 3"), ("Giải tích",), "Tập 3"),
        (("aSóng", "aThơ tình", "cNgười mẹ"), ("Sóng", "Thơ tình", "Người mẹ"), ""),
        (("aGiải tích", "dCalculus", "ea course"), ("Giải tích", "Calculus : a course"), ""),
        (("ephụ đề",), ("phụ đề",), ""),
        (("a\x98Le \x9ctemps",), ("Le temps",), ""),
        (("aGiải tích", "bTài liệu điện tử", "zeng"), ("Giải tích",), ""),
    ],
)
def test_titles_and_volume(
    subfields: tuple[str, ...], titles: tuple[str, ...], volume: str
) -> None:
    book = read(field("200", *subfields))

    assert (book.titles, book.volume) == (titles, volume)


def test_further_titles_come_behind_the_title_proper() -> None:
    book = read(
        field("500", "aTruyện Kiều"), TITLE, field("517", "aToán 2"), field("510", "aCalculus")
    )

    assert book.titles == ("Giải tích", "Calculus", "Toán 2", "Truyện Kiều")


def test_primary_and_alternative_responsibility_are_creators() -> None:
    book = read(
        TITLE,
        field("700", "aNguyễn", "bVăn A", "f1950-", "4070", indicators=" 1"),
        field("701", "aTrần B", indicators=" 0"),
        field("702", "aLê", "b, C", "4730", indicators=" 1"),
        field("702", "aPhạm", "bD", "4070", indicators=" 0"),
        field("702", "aNguyễn", "bVăn A", "4340", indicators=" 1"),
        field("712", "aTrường Đại học Mẫu", "bKhoa Toán", "4295"),
    )

    assert book.creators == ("Nguyễn, Văn A", "Trần B", "Phạm D")
    assert book.contributors == ("Lê, C", "Trường Đại học Mẫu. Khoa Toán")


@pytest.mark.parametrize(
    ("fields", "publishers", "dates", "year"),
    [
        ((field("210", "aH.", "cGiáo dục", "d2019"),), ("Giáo dục",), ("2019",), 2019),
        ((field("210", "cA", "dDL 2018, cop. 2017"),), ("A",), ("DL 2018, cop. 2017",), 2018),
        (
            (
                field("214", "cIn", "d2020", indicators=" 3"),
                field("214", "cNhà A", "d2019", indicators=" 0"),
            ),
            ("Nhà A",),
            ("2019",),
            2019,
        ),
        ((field("214", "cIn", "d2020", indicators=" 3"),), ("In",), ("2020",), 2020),
        ((field("219", "cNhà B", "d2021"),), ("Nhà B",), ("2021",), 2021),
        ((), (), ("2018",), 2018),
    ],
)
def test_publisher_and_date(
    fields: tuple[str, ...], publishers: tuple[str, ...], dates: tuple[str, ...], year: int
) -> None:
    book = read(TITLE, *fields)

    assert (book.publishers, book.dates, book.year) == (publishers, dates, year)


def test_what_it_is_and_is_about() -> None:
    book = read(
        TITLE,
        field("101", "avie", "afre", "ceng", indicators="1 "),
        field("205", "aTái bản lần thứ 2"),
        field("215", "a284 tr.", "d24 cm"),
        field("225", "aTủ sách", "v3"),
        field("330", "aTóm tắt"),
        field("300", "aGhi chú"),
        field("600", "aNguyễn", "bDu", "xTiểu sử"),
        field("601", "aTrường", "bKhoa"),
        field("606", "aLễ hội", "yHòa Bình", "zTk. 20"),
        field("607", "aHà Nội"),
        field("608", "aGiáo trình"),
        field("610", "atoán", "agiải tích"),
    )

    assert book.languages == ("vie", "fre")
    assert (book.edition, book.extent) == ("Tái bản lần thứ 2", "284 tr.")
    assert book.series == ("Tủ sách ; 3",)
    assert book.descriptions == ("Tóm tắt", "Ghi chú")
    assert book.subjects == (
        *("Nguyễn, Du -- Tiểu sử", "Trường. Khoa", "Lễ hội -- Hòa Bình -- Tk. 20", "Hà Nội"),
        *("toán", "giải tích"),
    )
    assert book.coverage == ("Hà Nội", "Hòa Bình")
    assert book.types == ("Book", "Giáo trình")


@pytest.mark.parametrize(
    ("leader", "fields", "types"),
    [
        (BOOK, (field("328", "bLuận án tiến sĩ"),), ("Thesis",)),
        (BOOK, (field("105", "aa   m   000yy"),), ("Thesis",)),
        (ARTICLE, (), ("Article",)),
        ("00000nas0 2200000   450 ", (), ("Serial",)),
        ("00000nem0 2200000   450 ", (), ("Map",)),
        ("", (), ()),
    ],
)
def test_kinds_of_document(leader: str, fields: tuple[str, ...], types: tuple[str, ...]) -> None:
    assert read(TITLE, *fields, leader=leader).types == types


def test_numbers_addresses_and_shelf_marks() -> None:
    book = read(
        TITLE,
        field("010", "a0-306-40615-2", "bbìa mềm", "z12"),
        field("011", "a0317-8471"),
        field("073", "a9780306406157", "a4006381333931"),
        field("017", "a10.1000/mau", "2doi"),
        field("014", "aXYZ", "2sici"),
        field("856", "uhttps://a.example/1", "ukhông"),
        field("930", "aVN 1", "bRCR"),
        field("995", "bTV", "k515 NG-A"),
        field("852", "j515", "kVV", "mA"),
    )

    assert book.identifiers == (
        RecordIdentifier(scheme="isbn", value="9780306406157"),
        RecordIdentifier(scheme="isbn", value="12", is_valid=False),
        RecordIdentifier(scheme="issn", value="03178471"),
        RecordIdentifier(scheme="doi", value="10.1000/mau"),
    )
    assert book.links == ("https://a.example/1",)
    assert book.call_numbers == ("515 NG-A", "VN 1", "515 VV A")
    assert {"unimarc 930$b", "unimarc 995$b"} <= set(book.unmapped)


@pytest.mark.parametrize(
    "link",
    [
        field("461", "tTạp chí Mẫu", "x0317-8471", "v3"),
        field("461", "12001 ", "aTạp chí Mẫu", "v3", "1011  ", "a0317-8471"),
        field("463", "tTạp chí Mẫu", "x0317-8471", "v3"),
    ],
)
def test_an_article_stands_in_a_journal(link: str) -> None:
    article, book = read(TITLE, link, leader=ARTICLE), read(TITLE, link)

    assert article.journal == "Tạp chí Mẫu"
    assert [one.value for one in article.identifiers] == ["03178471"]
    assert (book.journal, book.identifiers) == ("", ())


def test_a_part_of_a_set_has_its_number_and_a_series_its_link() -> None:
    book = read(TITLE, field("461", "tToán học", "v2"), field("410", "tTủ sách", "v7"))

    assert (book.volume, book.series) == ("2", ("Tủ sách ; 7",))


def test_a_linking_field_without_embedded_ones_has_none() -> None:
    assert embedded(MarcField("461", "  ", (("t", "A"),))) == ()


# ---------------------------------------------------------------- nothing is lost


def test_what_is_not_read_is_told_and_may_be_mapped(tmp_path: Path) -> None:
    table = tmp_path / "unimarc.toml"
    table.write_text(
        '[[map]]\nfrom = "unimarc 200$f"\nto = "creators"\n'
        '[[map]]\nfrom = "unimarc 955$r"\nto = "ignore"\n',
        "utf-8",
    )
    record = raw(TITLE, field("955", "r2001-2010", "4x"), field("676", "a515"))
    mapping = read_mapping(table, REGISTRY)

    book = read_record(record, REGISTRY, reading_rules(REGISTRY, mapping=mapping))

    assert book.creators == ("Nguyễn Văn A",)
    assert book.unmapped == ("unimarc 955$4", "unimarc 676$a")


def test_every_field_has_a_name() -> None:
    record = raw('<controlfield tag="001">1</controlfield>', TITLE)

    assert CROSSWALK.fields is not None
    assert list(CROSSWALK.fields(record)) == [
        ("unimarc leader", BOOK),
        ("unimarc 001", "1"),
        ("unimarc 200$a", "Giải tích"),
        ("unimarc 200$f", "Nguyễn Văn A"),
    ]


def test_it_keeps_the_contract_of_a_crosswalk() -> None:
    check_crosswalk(CROSSWALK, [raw(TITLE, field("100", f"a{CODED}"))])


# ---------------------------------------------------------------- ISO 2709


def iso(title: bytes, coded: str = CODED) -> RawRecord:
    fields = [(b"100", b"  \x1fa" + coded.encode()), (b"200", b"1 \x1fa" + title)]
    body, directory = b"", b""
    for tag, content in fields:
        directory += tag + b"%04d%05d" % (len(content) + 1, len(body))
        body += content + b"\x1e"
    base = 24 + len(directory) + 1
    leader = b"%05dnam0 22%05d   450 " % (base + len(body) + 1, base)
    content = leader + directory + b"\x1e" + body + b"\x1d"
    return RawRecord(source="tlu", identifier="1", prefix="iso2709", content=content)


@pytest.mark.parametrize(
    ("title", "coded", "codes"),
    [
        ("Truyện Kiều".encode(), CODED, []),
        (b"Truy\xd6\xc3en Ki\xc3\xc1eu", CODED.replace("50", "0103", 1), []),
        (b"Truy\xd6\xc3en Ki\xc3\xc1eu", CODED.replace("50", "03", 1), []),
        ("Études".encode("cp1252"), CODED, ["NOT_UTF8"]),
        (b"Etudes", CODED, []),
    ],
    ids=["UTF-8", "two sets", "ISO 5426", "Windows", "ASCII"],
)
def test_field_100_says_how_the_texts_are_encoded(
    title: bytes, coded: str, codes: list[str]
) -> None:
    book = read_record(iso(title, coded), REGISTRY)

    assert book.title in {"Truyện Kiều", "Études", "Etudes"}
    assert [problem.code for problem in book.problems] == codes
