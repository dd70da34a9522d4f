from __future__ import annotations

import pytest

from libconsortium import (
    BibRecord,
    Crosswalk,
    RawRecord,
    RecordIdentifier,
    Registry,
    read_record,
)
from libconsortium.testing import check_crosswalk

REGISTRY = Registry()
CROSSWALK = REGISTRY.find(Crosswalk, "mods")
MODS = "http://www.loc.gov/mods/v3"

BOOK = """
<titleInfo><nonSort>The</nonSort><title>Sea</title><subTitle>a book</subTitle>
  <partNumber>Tập 2</partNumber></titleInfo>
<titleInfo type="alternative"><title>Biển</title></titleInfo>
<name type="personal"><namePart>Nguyễn Văn A</namePart>
  <role><roleTerm type="code">aut</roleTerm></role></name>
<name><namePart type="given">Anna</namePart><namePart type="family">Beispiel</namePart></name>
<name><namePart>Trần B</namePart><role><roleTerm>edt</roleTerm></role></name>
<originInfo><place><placeTerm>H.</placeTerm></place><publisher>Giáo dục</publisher>
  <dateIssued>2019</dateIssued><edition>Tái bản lần 2</edition></originInfo>
<language><languageTerm type="code">vie</languageTerm></language>
<typeOfResource>text</typeOfResource><genre>article</genre>
<physicalDescription><extent>284 tr.</extent></physicalDescription>
<abstract>Tóm tắt</abstract>
<subject><topic>Toán</topic><geographic>Việt Nam</geographic></subject>
<identifier type="isbn">9786900000012</identifier>
<identifier type="isbn" invalid="yes">1</identifier>
<identifier type="doi">10.5555/x</identifier><identifier type="hdl">20.500.99999/7</identifier>
<identifier type="uri">https://a.example/1</identifier>
<location><url>https://a.example/2</url><shelfLocator>515 NG-A</shelfLocator></location>
<relatedItem type="host"><titleInfo><title>Tạp chí Mẫu</title></titleInfo>
  <identifier type="issn">9999-9994</identifier>
  <part><extent unit="pages"><start>1</start><end>9</end></extent></part></relatedItem>
<relatedItem type="series"><titleInfo><title>Tủ sách</title></titleInfo></relatedItem>
<recordInfo><recordIdentifier>7</recordIdentifier></recordInfo>
"""


def raw(inside: str = BOOK) -> RawRecord:
    content = f'<mods xmlns="{MODS}">{inside}</mods>'.encode()
    return RawRecord(source="a", identifier="1", namespace=MODS, content=content)


def read(inside: str = BOOK) -> BibRecord:
    return CROSSWALK.read(raw(inside))


def test_a_whole_record_is_read() -> None:
    record = read()

    assert record.titles == ("The Sea : a book", "Biển")
    assert record.volume == "Tập 2"
    assert (record.creators, record.contributors) == (
        ("Nguyễn Văn A", "Beispiel, Anna"),
        ("Trần B",),
    )
    assert (record.publishers, record.year, record.edition) == (
        ("Giáo dục",),
        2019,
        "Tái bản lần 2",
    )
    assert (record.languages, record.types) == (("vie",), ("article", "text"))
    assert (record.extent, record.journal, record.series) == (
        "284 tr.",
        "Tạp chí Mẫu",
        ("Tủ sách",),
    )
    assert record.subjects == ("Toán -- Việt Nam",)
    assert record.coverage == ("Việt Nam",)
    assert record.descriptions == ("Tóm tắt",)
    assert record.call_numbers == ("515 NG-A",)
    assert record.links == ("https://a.example/2", "https://a.example/1")
    assert [(one.scheme, one.value) for one in record.identifiers] == [
        ("isbn", "9786900000012"),
        ("doi", "10.5555/x"),
        ("handle", "20.500.99999/7"),
        ("issn", "99999994"),
    ]
    assert (record.unmapped, record.problems) == (("mods originInfo/place",), ())


def test_an_article_gives_its_pages() -> None:
    assert read(BOOK.replace("<extent>284 tr.</extent>", "")).extent == "1-9"


def test_a_collection_gives_its_first_record() -> None:
    content = raw().content.decode().join((f'<modsCollection xmlns="{MODS}">', "</modsCollection>"))
    record = RawRecord(source="a", identifier="1", namespace=MODS, content=content.encode())

    assert read_record(record, REGISTRY).title == "The Sea : a book"


@pytest.mark.parametrize(
    ("content", "reason"), [(b"<modsCollection/>", "empty"), (b"<dc/>", "is not MODS")]
)
def test_what_is_no_record_is_refused_with_a_reason(content: bytes, reason: str) -> None:
    record = RawRecord(source="a", identifier="1", namespace=MODS, content=content)

    assert reason in str(read_record(record, REGISTRY).problems[0])


def test_every_field_is_said_for_mapping_tables() -> None:
    assert CROSSWALK.fields is not None
    assert ("mods originInfo/place", "H.") in list(CROSSWALK.fields(raw()))


def test_the_crosswalk_keeps_its_promises() -> None:
    check_crosswalk(CROSSWALK, [raw(), raw("<extension><x>1</x></extension>")])


def test_places_are_read_level_by_level() -> None:
    levels = "<country>Việt Nam</country><province>Hòa Bình</province>"
    nested = f"<hierarchicalGeographic>{levels}</hierarchicalGeographic>"

    record = read(f"<subject>{nested}</subject><subject><temporal>1945-1954</temporal></subject>")

    assert record.coverage == ("1945-1954", "Việt Nam -- Hòa Bình")


@pytest.mark.parametrize(
    "written", ["20.500.99999/7", "hdl:20.500.99999/7", "https://hdl.handle.net/20.500.99999/7"]
)
def test_a_handle_is_the_same_however_it_is_written(written: str) -> None:
    record = CROSSWALK.read(raw(f'<identifier type="hdl">{written}</identifier>'))

    assert record.identifiers == (RecordIdentifier(scheme="handle", value="20.500.99999/7"),)


def test_what_identifies_the_journal_is_no_identifier_of_the_article() -> None:
    host = (
        '<relatedItem type="host"><identifier type="hdl">20.500.99999/1</identifier>'
        '<identifier type="isbn">9786041000001</identifier></relatedItem>'
    )

    assert CROSSWALK.read(raw(host)).identifiers == ()


def test_an_identifier_that_nothing_reads_is_listed() -> None:
    inside = (
        '<identifier type="local">MS 7</identifier><identifier type="doi">10.5555/x</identifier>'
        '<identifier type="uri">https://a.example/1</identifier>'
    )

    assert CROSSWALK.read(raw(inside)).unmapped == ("mods identifier",)
    assert CROSSWALK.read(raw(inside.partition("</identifier>")[2])).unmapped == ()


def test_a_name_may_have_only_the_form_that_is_shown() -> None:
    record = CROSSWALK.read(raw("<name><displayForm>Trần B</displayForm></name>"))

    assert record.creators == ("Trần B",)
