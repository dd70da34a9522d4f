from __future__ import annotations

import csv
import gzip
import secrets
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pymarc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from libconsortium import (
    BibRecord,
    Crosswalk,
    Harvester,
    HarvestError,
    HarvestPage,
    HarvestRequest,
    RawRecord,
    Registry,
    TokenRefusedError,
    read_record,
)
from libconsortium.testing import check_crosswalk, check_harvester

REGISTRY = Registry()
HARVESTER = REGISTRY.find(Harvester, "files")
SLIM = "http://www.loc.gov/MARC21/slim"


def request(path: Path, **more: Any) -> HarvestRequest:
    return HarvestRequest(source="tlu", url=str(path), **more)


def pages(path: Path, **more: Any) -> list[HarvestPage]:
    """Give the pages, be the files whole or not."""
    found: list[HarvestPage] = []
    try:
        found.extend(HARVESTER.harvest(request(path, **more)))
    except HarvestError as error:
        if "break off" not in str(error):
            raise
    return found


def records(path: Path, **more: Any) -> list[RawRecord]:
    return [record for page in pages(path, **more) for record in page.records]


def read(path: Path, **more: Any) -> list[BibRecord]:
    return [read_record(record, REGISTRY) for record in records(path, **more)]


def codes(path: Path) -> list[str]:
    return [problem.code for page in pages(path) for problem in page.problems]


def reasons(path: Path) -> list[str]:
    return [str(one.reason) for page in pages(path) for one in page.quarantined]


def body(path: Path) -> bytes:
    return b"".join(page.body for page in pages(path))


def slim(number: str, title: str = "Giải tích", more: str = "") -> str:
    return (
        f'<record><controlfield tag="001">{number}</controlfield>{more}<datafield tag="245">'
        f'<subfield code="a">{title}</subfield></datafield></record>'
    )


def collection(*inside: str) -> str:
    return f'<?xml version="1.0"?>\n<collection xmlns="{SLIM}">{"".join(inside)}</collection>'


def bare(inside: str) -> str:
    """Give a collection without an XML declaration."""
    return collection(inside).partition("\n")[2]


def iso(number: str = "1", title: str = "Giải tích") -> bytes:
    subfields = [pymarc.Subfield(code="a", value=title)]
    fields = [
        pymarc.Field(tag="001", data=number),
        pymarc.Field(tag="245", indicators=pymarc.Indicators("1", "0"), subfields=subfields),
    ]
    return bytes(pymarc.Record(leader="00000nam a2200000 a 4500", fields=fields).as_marc())


OAI = """<?xml version="1.0"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<responseDate>2026-01-31T00:00:00Z</responseDate>
<request verb="ListRecords" metadataPrefix="marcxml">https://a.example/oai</request>
<ListRecords>
<record><header><identifier>oai:a:1</identifier><datestamp>2026-01-30</datestamp>
  <setSpec>s</setSpec></header>
  <metadata><record xmlns="http://www.loc.gov/MARC21/slim"><datafield tag="245">
    <subfield code="a">Giải tích</subfield></datafield></record></metadata></record>
<record><header status="deleted"><identifier>oai:a:2</identifier></header></record>
<record><header><datestamp>2026-01-30</datestamp></header></record>
<resumptionToken>x</resumptionToken>
</ListRecords></OAI-PMH>
"""


# ---------------------------------------------------------------- MARCXML and OAI-PMH


def test_a_collection_gives_its_records_under_their_numbers(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    agency = '<controlfield tag="003">VN-X</controlfield>'
    file.write_text(collection(slim("1"), slim("2", "Đại số"), slim("3", more=agency)), "utf-8")

    assert [record.identifier for record in records(file)] == ["1", "2", "(VN-X)3"]
    assert [record.title for record in read(file)] == ["Giải tích", "Đại số", "Giải tích"]


def test_the_bytes_of_the_pages_are_those_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_text(collection(*(slim(str(number)) for number in range(1201))), "utf-8")

    found = pages(file)

    assert [len(page.records) for page in found] == [500, 500, 201]
    assert [page.cursor for page in found] == [0, 500, 1000]
    assert [page.complete_list_size for page in found] == [None, None, 1201]
    assert body(file) == file.read_bytes()


@pytest.mark.parametrize("prefix", ["", "marc:"])
def test_prefixes_and_comments_do_not_matter(tmp_path: Path, prefix: str) -> None:
    file = tmp_path / "a.xml"
    inside = slim("1").replace("<", f"<{prefix}").replace(f"<{prefix}/", f"</{prefix}")
    name = prefix.rstrip(":")
    namespace = f'xmlns:{name}="{SLIM}"' if name else f'xmlns="{SLIM}"'
    text = f"<!-- {'x' * 50} --><{prefix}collection {namespace}><!-- y -->{inside}<!-- z -->"
    file.write_text(f"\n {text}</{prefix}collection>\n", "utf-8")

    (record,) = records(file)

    assert record.namespace == SLIM
    assert read(file)[0].title == "Giải tích"
    assert body(file) == file.read_bytes()


def test_a_response_gives_records_and_tombstones(tmp_path: Path) -> None:
    file = tmp_path / "page.xml"
    file.write_text(OAI, "utf-8")

    live, gone = records(file)

    assert (live.identifier, live.datestamp, live.sets) == ("oai:a:1", "2026-01-30", ("s",))
    assert (live.prefix, live.namespace) == ("marcxml", SLIM)
    assert (gone.identifier, gone.is_deleted, gone.content) == ("oai:a:2", True, b"")
    assert reasons(file) == ["the record has no identifier"]


def test_one_record_a_file_is_named_by_its_place(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    dc = '<dc xmlns="http://purl.org/dc/elements/1.1/"><title>A</title></dc>'
    (tmp_path / "b" / "1.xml").write_text(dc, "utf-8")
    (tmp_path / "2.xml").write_text(slim("", "B").replace("<record", f'<record xmlns="{SLIM}"'))

    assert [record.identifier for record in records(tmp_path)] == ["2.xml#1", "b/1.xml#1"]
    assert [record.title for record in read(tmp_path)] == ["B", "A"]


@pytest.mark.parametrize("root", ["records", "collection"])
def test_a_plain_list_of_dublin_core_gives_its_records(tmp_path: Path, root: str) -> None:
    one = "<oai_dc:dc><dc:title>Sóng {0}</dc:title><dc:identifier>b{0}</dc:identifier></oai_dc:dc>"
    spaces = (
        'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    text = f"<{root} {spaces}>{one.format(1)}{one.format(2)}</{root}>"
    (tmp_path / "a.xml").write_text(text, "utf-8")

    assert [(book.identifier, book.title) for book in read(tmp_path)] == [
        ("b1", "Sóng 1"), ("b2", "Sóng 2"),
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["GB2312", "Big5", "Shift_JIS"])
def test_xml_in_an_encoding_of_several_bytes_is_read(tmp_path: Path, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{bare(slim("1", "中文"))}'
    (tmp_path / "a.xml").write_bytes(text.encode(encoding))

    assert [record.title for record in read(tmp_path / "a.xml")] == ["中文"]


@pytest.mark.parametrize("encoding", ["TCVN", "UTF-8-VN", "base64"])
def test_xml_that_names_an_encoding_nobody_knows_is_read_if_it_is_utf8(
    tmp_path: Path, encoding: str
) -> None:
    declared = f'\n<?xml version="1.0" encoding="{encoding}"?>'.encode()
    (tmp_path / "a.xml").write_bytes(declared + bare(slim("1", "Sóng")).encode())

    assert [record.title for record in read(tmp_path / "a.xml")] == ["Sóng"]

    (tmp_path / "a.xml").write_bytes(declared + bare(slim("1", "Toán")).encode("cp1258"))

    (reason,) = reasons(tmp_path / "a.xml")
    assert f"says that it is in {encoding}, which is not known" in reason


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_xml_in_utf_16_is_read(tmp_path: Path, encoding: str, mark: str) -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?>' + collection(slim("1", "Sóng 😀"), slim("2"))
    (tmp_path / "a.xml").write_bytes(f"{mark}{text}".encode(encoding))

    assert [book.title for book in read(tmp_path)] == ["Sóng 😀", "Giải tích"]


def test_xml_in_utf_16_cut_short_gives_what_came_before_the_break(tmp_path: Path) -> None:
    text = collection(*(slim(str(number)) for number in range(9)))
    (tmp_path / "a.xml").write_bytes(text.encode("utf-16")[:-61])

    assert len(records(tmp_path)) == 8
    assert "FILE_CUT" in codes(tmp_path)


def test_a_packed_file_is_unpacked(tmp_path: Path) -> None:
    (tmp_path / "a.xml.gz").write_bytes(gzip.compress(collection(slim("1")).encode()))

    assert [record.identifier for record in records(tmp_path)] == ["1"]


def zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return path


def test_the_files_in_a_zip_file_are_read(tmp_path: Path) -> None:
    slims = {f"in/{name}.xml": collection(slim(name)).encode() for name in "ba"}
    hidden = {"__MACOSX/a.xml": b"junk", "in/.hidden": b"junk"}
    path = zipped(tmp_path / "all.ZIP", {**slims, **hidden, "x.csv": b"id,title\nc,A\n"})

    for where in (tmp_path, path):
        assert [record.identifier for record in records(where)] == ["a", "b", "c"]
        assert pages(where)[0].url.endswith("all.ZIP/in/a.xml")
        assert pages(where)[0].body == slims["in/a.xml"]


def test_a_harvest_of_a_zip_file_goes_on_where_it_was(tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", {f"{name}.xml": collection(slim(name)).encode() for name in "abc"})
    first = pages(tmp_path)[0]

    rest = pages(tmp_path, token=first.token, page_number=2)

    assert [one.identifier for page in rest for one in page.records] == ["b", "c"]


@pytest.mark.parametrize("name", ["a.zip", "a.rar", "a.7z"])
def test_an_archive_that_cannot_be_unpacked_is_set_aside_with_its_name(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04 broken")

    assert [one.identifier for page in pages(tmp_path) for one in page.quarantined] == [f"#{name}"]
    assert "unpack it" in reasons(tmp_path)[0]


def test_a_zip_file_that_unpacks_to_too_much_is_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("libconsortium.plugins.files.walking._LARGEST_UNPACKED", 100)
    zipped(tmp_path / "a.zip", {"a.xml": b" " * 101})

    assert [one.identifier for page in pages(tmp_path) for one in page.quarantined] == ["#a.zip"]


def test_a_damaged_record_costs_itself_only(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    parts = [slim(str(number)) for number in range(20)]
    parts[7] = slim("7", "a <b")
    parts[8] = slim("8").replace("</subfield>", "")
    file.write_text(collection(*parts), "utf-8")

    kept = [record.identifier for record in records(file)]

    assert kept == [str(number) for number in range(20) if number not in (7, 8)]
    assert ["not well-formed" in reasons(file)[0], "mismatched tag" in reasons(file)[1]] == [
        True
    ] * 2
    assert body(file) == file.read_bytes()


def test_a_damaged_record_of_a_response_costs_itself_only(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_text(OAI.replace("Giải tích", "a <b"), "utf-8")

    assert [record.identifier for record in records(file)] == ["oai:a:2"]
    assert len(reasons(file)) >= 2


@pytest.mark.parametrize(
    ("text", "read", "code"),
    [
        ("R&D", "R&D", "REPAIRED_BARE_AMPERSAND"),
        ("a&nbsp;b", "a\xa0b", "REPAIRED_NAMED_CHARACTER"),
        ("a\x0bb", "a\ufffdb", "REPAIRED_CONTROL_CHARACTER"),
        ("a<xsi:b/>c", "ac", "REPAIRED_UNDECLARED_PREFIX"),
    ],
)
def test_a_record_is_repaired_as_over_oai_and_shown_before_and_after(
    tmp_path: Path, text: str, read: str, code: str
) -> None:
    file = tmp_path / "a.xml"
    parts = [slim("1"), slim("2", text), slim("3")]
    file.write_text(collection(*parts), "utf-8")

    (page,) = pages(file)

    assert [record.identifier for record in page.records] == ["1", "2", "3"]
    assert read in etree.tostring(
        etree.fromstring(page.records[1].content), encoding=str, method="text"
    )
    assert (page.repaired, page.quarantined) == (1, ())
    (repair,) = (one for one in page.problems if one.code == code)
    assert (repair.where.source, repair.where.record) == ("a.xml", "2")
    assert " became " in str(repair.what)
    assert body(file) == file.read_bytes()


def test_a_response_that_declares_no_xsi_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    plain = OAI.replace('xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"', "")
    file.write_text(plain.replace("<OAI-PMH ", '<OAI-PMH xsi:schemaLocation="a b" ', 1), "utf-8")

    assert [record.identifier for record in records(file)] == ["oai:a:1", "oai:a:2"]


def test_of_several_files_the_damaged_one_is_named_and_of_one_it_is_not(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(collection(slim("1"), slim("2", "a <b")), "utf-8")
    (alone,) = reasons(tmp_path / "a.xml")
    (tmp_path / "b.xml").write_text(collection(slim("3")), "utf-8")

    (among_others,) = reasons(tmp_path)

    assert alone.startswith("not well-formed XML: ")
    assert among_others == f"a.xml: {alone}"


@pytest.mark.parametrize("cut", [1, 2, 13, 14, 50, 200, 333, 450])
def test_a_file_cut_short_is_not_whole(tmp_path: Path, cut: int) -> None:
    file = tmp_path / "a.xml"
    text = collection(*(slim(str(number)) for number in range(5)))
    file.write_text(text[:-cut], "utf-8")

    assert reasons(file)
    assert codes(file) == ["FILE_CUT"]
    assert body(file) == file.read_bytes()
    with pytest.raises(HarvestError, match=r"a\.xml; .* export them again"):
        list(HARVESTER.harvest(request(file)))


def test_a_packed_file_cut_short_gives_what_came_before_the_break(tmp_path: Path) -> None:
    file = tmp_path / "a.xml.gz"
    text = collection(*(slim(str(number), secrets.token_hex(2000)) for number in range(50)))
    file.write_bytes(gzip.compress(text.encode())[:-5000])

    assert 40 < len(records(file)) < 50
    assert "FILE_CUT" in codes(file)


def test_the_last_record_of_iso2709_cut_short_is_not_kept(tmp_path: Path) -> None:
    file = tmp_path / "a.mrc"
    file.write_bytes((iso("1") + iso("2"))[:-5])

    assert [record.identifier for record in records(file)] == ["1"]
    assert codes(file) == ["FILE_CUT"]


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_text('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "utf-8")

    assert records(file) == []
    assert "document type" in reasons(file)[0]


def test_a_record_that_is_too_large_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_text(collection(slim("1"), slim("2", "x" * 5000)), "utf-8")

    found = pages(file, max_page_bytes=1000)

    assert [record.identifier for page in found for record in page.records] == ["1"]
    assert "larger than 1000" in str(found[0].quarantined[0].reason)


# ---------------------------------------------------------------- ISO 2709


@pytest.mark.parametrize(
    "leader",
    [
        b"nam0 2200049 i 4500",
        b"     22000490  4500",
        b"     2200049   4500",
        b"0000000000490229004",
    ],
    ids=["unimarc", "blank", "bare", "zeros"],
)
def test_odd_leaders_do_not_hide_iso2709(tmp_path: Path, leader: bytes) -> None:
    content = iso("1")
    odd = content[:5] + leader[:7] + content[12:17] + leader[12:19].ljust(7)[:7]
    file = tmp_path / "a.mrc"
    file.write_bytes(odd + content[24:])

    assert [record.identifier for record in records(file)] == ["1"]


def test_a_number_that_is_none_names_no_record(tmp_path: Path) -> None:
    content = iso("1234567").replace(b"1234567", b"12\x1f4567")
    file = tmp_path / "a.mrc"
    file.write_bytes(content)

    assert [record.identifier for record in records(file)] == ["a.mrc#1"]


def test_the_answer_of_a_search_server_gives_its_records(tmp_path: Path) -> None:
    inside = "".join(
        f"<z:record><z:recordSchema>marcxml</z:recordSchema><z:recordData>"
        f'{slim(number).replace("<record>", f"""<record xmlns="{SLIM}">""")}'
        f"</z:recordData></z:record>"
        for number in "12"
    )
    file = tmp_path / "a.xml"
    file.write_text(
        f'<z:searchRetrieveResponse xmlns:z="http://www.loc.gov/zing/srw/"><z:records>{inside}'
        "</z:records></z:searchRetrieveResponse>",
        "utf-8",
    )

    assert [record.identifier for record in records(file)] == ["1", "2"]
    assert [record.title for record in read(file)] == ["Giải tích", "Giải tích"]


def test_iso2709_gives_its_records(tmp_path: Path) -> None:
    file = tmp_path / "a.mrc"
    file.write_bytes(iso("1") + iso("2", "Đại số"))

    assert [record.title for record in read(file)] == ["Giải tích", "Đại số"]
    assert [record.identifier for record in records(file)] == ["1", "2"]
    assert body(file) == file.read_bytes()


@pytest.mark.parametrize("lie", [b"00010", b"99999", b"xxxxx", b"00000"])
def test_a_leader_that_lies_costs_nothing(tmp_path: Path, lie: bytes) -> None:
    file = tmp_path / "a.mrc"
    file.write_bytes(iso("1") + lie + iso("2")[5:] + iso("3"))

    assert [record.identifier for record in records(file)] == ["1", "2", "3"]
    assert [record.title for record in read(file)] == ["Giải tích"] * 3


def test_line_ends_between_records_do_not_matter(tmp_path: Path) -> None:
    file = tmp_path / "a.mrc"
    file.write_bytes(b"\r\n".join([iso("1"), iso("2"), b""]))

    assert len(records(file)) == 2
    assert reasons(file) == []


def test_junk_costs_itself_only(tmp_path: Path) -> None:
    file = tmp_path / "a.mrc"
    file.write_bytes(iso("1") + b"junk\x1d" + iso("2") + iso("3")[:40])

    assert [record.identifier for record in records(file)] == ["1", "2"]
    assert len(reasons(file)) == 2


@pytest.mark.parametrize("junk", [b"j", b"junk", b"GARBAGE"])
def test_junk_before_a_record_does_not_take_its_number(tmp_path: Path, junk: bytes) -> None:
    file = tmp_path / "a.mrc"
    file.write_bytes(iso("1") + junk + iso("2"))

    assert [record.identifier for record in records(file)] == ["1", "2"]


def test_the_format_of_8_bit_texts_is_handed_on(tmp_path: Path) -> None:
    (tmp_path / "a.mrc").write_bytes(iso("1"))

    assert records(tmp_path, prefix="iso2709-latin1")[0].prefix == "iso2709-latin1"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_happens_to_a_byte_nothing_is_lost_without_a_word(
    tmp_path: Path, data: st.DataObject
) -> None:
    whole = b"".join(iso(str(number)) for number in range(4))
    at = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.binary(min_size=0, max_size=2))
    file = tmp_path / "a.mrc"
    file.write_bytes(whole[:at] + byte + whole[at + 1 :])

    found = pages(file)
    stored = b"".join(record.content for page in found for record in page.records)
    refused = b"".join(one.content for page in found for one in page.quarantined)

    assert body(file) == file.read_bytes() or not found[0].records
    untouched = 3 - sum(iso(str(number)) in stored + refused for number in range(4))
    assert untouched <= 0 or any(page.problems for page in found)


# ---------------------------------------------------------------- title lists


def table(path: Path, *rows: tuple[str, ...]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def test_a_list_typed_in_an_old_font_is_read_by_its_headings(tmp_path: Path) -> None:
    text = "Nhan ®Ò;T\u00b8c gi\u00b6;Kho\nNh\u00f7ng nguy\u00aan t\u00bec;V\u00a8n A;2\n"
    (tmp_path / "x.csv").write_bytes(text.encode("cp1252"))

    (record,) = read(tmp_path)

    assert (record.title, record.creators) == ("Nh\u00f7ng nguy\u00aan t\u00bec", ("V\u00a8n A",))
    assert record.unmapped == ("table Kho",)


def test_a_list_is_read_by_its_headings(tmp_path: Path) -> None:
    file = table(
        tmp_path / "a.csv",
        ("Mã", "Nhan đề", "Tác giả", "Năm XB", "NXB", "ISBN", "Kho"),
        ("b1", "Giải tích", "Nguyễn Văn A; Trần B", "2019", "Giáo dục", "978-69-0000001-2", "2"),
    )

    (record,) = read(file)

    assert (record.identifier, record.title, record.year) == ("b1", "Giải tích", 2019)
    assert record.creators == ("Nguyễn Văn A", "Trần B")
    assert record.identifiers[0].value == "9786900000012"
    assert record.unmapped == ("table Kho",)


def test_a_list_whose_headings_nobody_knows_is_kept_and_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id#title\na1#Sóng\n", "utf-8")

    (page,) = pages(path)

    (problem,) = page.problems[:1]
    assert (problem.code, len(page.records)) == ("HEADINGS_NOT_KNOWN", 1)
    assert str(problem.what).endswith("among these: id#title")


def test_a_title_list_of_a_supplier_is_read_by_its_headings(tmp_path: Path) -> None:
    file = table(
        tmp_path / "kbart.csv",
        ("publication_title", "print_identifier", "online_identifier", "first_author",
         "publisher_name", "publication_type", "date_monograph_published_print", "title_url"),
        ("Sông", "9786900000012", "", "Trần B", "Nước", "monograph", "2019", "https://x.example/1"),
        ("Annals", "0317-8471", "2434-561X", "", "Nước", "serial", "", ""),
    )  # fmt: skip

    book, serial = read(file)

    assert (book.title, book.creators, book.publishers) == ("Sông", ("Trần B",), ("Nước",))
    assert (book.year, book.types, book.links) == (2019, ("monograph",), ("https://x.example/1",))
    assert [one.scheme for one in book.identifiers] == ["isbn"]
    assert [one.value for one in serial.identifiers] == ["03178471", "2434561X"]


def test_a_title_of_a_supplier_goes_by_the_suppliers_own_id(tmp_path: Path) -> None:
    rows = (("Annals", "t7"), ("Annals since", "t7"), ("Cahiers", ""))
    file = table(tmp_path / "kbart.csv", ("publication_title", "title_id"), *rows)

    assert [one.identifier for one in records(file)] == ["t7", "t7#2", "kbart.csv#3"]
    assert read(file)[0].unmapped == ()


def test_a_row_without_number_is_named_by_its_place(tmp_path: Path) -> None:
    file = table(tmp_path / "a.csv", ("title",), ("A",), ("B",))

    assert [record.identifier for record in records(file)] == ["a.csv#1", "a.csv#2"]


def test_a_workbook_is_read(tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("Sách")
        sheet.write_row(0, 0, ["id", "title", "year"])
        sheet.write_row(1, 0, ["b1", "Giải tích", 2019])

    (record,) = read(tmp_path)

    assert (record.identifier, record.title, record.year) == ("b1", "Giải tích", 2019)


def test_what_is_no_row_is_refused_with_a_reason() -> None:
    for content in (b"x", b"[]"):
        raw = RawRecord(source="a", identifier="1", prefix="table", content=content)
        assert "no row" in str(read_record(raw, REGISTRY).problems[0])


def test_the_crosswalk_keeps_its_promises() -> None:
    content = b'{"title": "A", "url": "https://doi.org/10.5555/x", "doi": "10.5555/x"}'
    raw = RawRecord(source="a", identifier="1", prefix="table", content=content)

    check_crosswalk(REGISTRY.find(Crosswalk, "table"), [raw])
    assert [one.value for one in read_record(raw, REGISTRY).identifiers] == ["10.5555/x"]


# ---------------------------------------------------------------- folders


def test_numbers_that_come_twice_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(collection(slim("1"), slim("1", "B"), slim("1", "C")), "utf-8")
    (tmp_path / "b.xml").write_text(collection(slim("1", "B"), slim("1")), "utf-8")

    assert [record.identifier for record in records(tmp_path)] == ["1", "1#2", "1#3"]
    assert codes(tmp_path) == ["NUMBER_TWICE", "NUMBER_TWICE", "RECORD_TWICE", "RECORD_TWICE"]
    assert pages(tmp_path)[-1].complete_list_size == 3


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text(collection(slim("1")), "utf-8")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xml").symlink_to(secret)

    assert records(tmp_path / "in") == []
    assert codes(tmp_path / "in") == ["FILE_NOT_READ"]


@pytest.mark.parametrize("name", ["a.pdf", "b.txt"])
def test_files_of_other_kinds_are_told_and_left_out(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"%PDF-1.4")

    assert codes(tmp_path) == ["FILE_NOT_READ"]
    assert reasons(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xml", b"broken"), ("a.mrc", b""), ("a.xml.gz", b"\x1f\x8bbroken"), ("a.xlsx", b"broken")],
)
def test_a_file_that_should_be_read_and_cannot_is_missing(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "z.xml").write_text(collection(slim("1")), "utf-8")

    assert [record.identifier for record in records(tmp_path)] == ["1"]
    assert [one.identifier for page in pages(tmp_path) for one in page.quarantined] == [f"#{name}"]


def test_hidden_files_are_nobody_s(tmp_path: Path) -> None:
    (tmp_path / ".a.xml").write_text(collection(slim("1")), "utf-8")

    assert [page.records for page in pages(tmp_path)] == [()]


@pytest.mark.parametrize("address", ["none", "https://a.example/oai", "a\x00b"])
def test_an_address_that_is_no_file_is_refused(tmp_path: Path, address: str) -> None:
    url = str(tmp_path / address) if address == "none" else address

    with pytest.raises(HarvestError):
        list(HARVESTER.harvest(HarvestRequest(source="a", url=url)))


def test_it_goes_on_where_it_was(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_text(collection(*(slim(str(number)) for number in range(1100))), "utf-8")
    first, second, third = pages(file)

    rest = pages(file, token=first.token, page_number=2)

    assert [(page.number, page.records) for page in rest] == [
        (2, second.records),
        (3, third.records),
    ]


def test_files_that_changed_begin_again(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_text(collection(*(slim(str(number)) for number in range(600))), "utf-8")
    token = pages(file)[0].token
    file.write_text(collection(slim("1")), "utf-8")

    with pytest.raises(TokenRefusedError):
        pages(file, token=token, page_number=2)


def test_headers_alone_have_no_content(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(collection(slim("1")), "utf-8")

    assert [(one.identifier, one.content) for one in records(tmp_path, headers_only=True)] == [
        ("1", b"")
    ]


def test_single_records_are_found_by_their_identifiers(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(collection(slim("1"), slim("2")), "utf-8")

    found = pages(tmp_path, identifiers=("2", "9"))

    assert [[one.identifier for one in page.records] for page in found] == [["2"], []]


def test_the_harvester_keeps_its_promises(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(collection(slim("1"), slim("2")), "utf-8")
    (tmp_path / "b.mrc").write_bytes(iso("3"))

    check_harvester(HARVESTER, request(tmp_path))


def test_an_answer_may_wrap_its_records_more_than_once(tmp_path: Path) -> None:
    wrapped = "".join(
        "<z:record><z:recordSchema>marcxml</z:recordSchema><z:recordData><metadata><collection>"
        f'{slim(number).replace("<record>", f"""<record xmlns="{SLIM}">""")}'
        "</collection></metadata></z:recordData></z:record>"
        for number in "12"
    )
    file = tmp_path / "a.xml"
    file.write_text(search_answer(wrapped), "utf-8")

    assert [record.title for record in read(file)] == ["Giải tích", "Giải tích"]
    assert [record.identifier for record in records(file)] == ["1", "2"]


def test_an_answer_may_hold_other_formats_than_marc(tmp_path: Path) -> None:
    mods = (
        '<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>Sóng</title></titleInfo>'
        "<recordInfo><recordIdentifier>7</recordIdentifier></recordInfo></mods>"
    )
    dublin_core = (
        '<d:dc xmlns:d="info:srw/schema/1/dc-schema" xmlns="http://purl.org/dc/elements/1.1/">'
        "<title>Biển</title><identifier>bien-1</identifier></d:dc>"
    )
    file = tmp_path / "a.xml"
    inside = "".join(
        f"<z:record><z:recordData>{one}</z:recordData></z:record>" for one in (mods, dublin_core)
    )
    file.write_text(search_answer(inside), "utf-8")

    assert [(book.identifier, book.title) for book in read(file)] == [
        ("7", "Sóng"),
        ("bien-1", "Biển"),
    ]


def search_answer(inside: str) -> str:
    return (
        f'<z:searchRetrieveResponse xmlns:z="http://www.loc.gov/zing/srw/"><z:records>{inside}'
        "</z:records></z:searchRetrieveResponse>"
    )


def test_iso2709_may_have_nothing_but_control_fields(tmp_path: Path) -> None:
    bare = pymarc.Record(force_utf8=True)
    bare.add_field(pymarc.Field(tag="001", data="7"))  # type: ignore[no-untyped-call] # not typed by pymarc
    file = tmp_path / "a.mrc"
    file.write_bytes(bare.as_marc())

    assert [record.identifier for record in records(file)] == ["7"]


@pytest.mark.parametrize("name", ["a.csv.gz", "a.TSV.GZ"])
def test_a_packed_list_of_titles_is_read(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    mark = "\t" if "TSV" in name else ","
    file.write_bytes(gzip.compress(f"id{mark}title\n1{mark}Sóng\n".encode()))

    assert [record.title for record in read(file)] == ["Sóng"]
    assert body(file) == file.read_bytes()


@pytest.mark.parametrize(
    "content", [b"hello", gzip.compress(b"id,title\n1,A\n")[:20]], ids=["no gzip", "cut"]
)
def test_a_packed_list_that_is_damaged_is_refused_with_the_reason(
    tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "a.csv.gz"
    file.write_bytes(content)

    (reason,) = reasons(file)

    assert "the file cannot be read" in reason


def test_a_file_that_breaks_off_is_named_once(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_text(f'<collection xmlns="{SLIM}">{slim("1")}{slim("2")}'[:-30], "utf-8")

    told = [str(one) for page in pages(file) for one in page.problems if one.code == "FILE_CUT"]

    assert [one.count("a.xml") for one in told] == [1]
