from __future__ import annotations

from xml.sax.saxutils import escape

import pytest

from libconsortium import BibRecord, Crosswalk, RawRecord, Registry, read_record
from libconsortium.testing import check_crosswalk

REGISTRY = Registry()
CROSSWALK = REGISTRY.find(Crosswalk, "marc")
SLIM = "http://www.loc.gov/MARC21/slim"
LEADER = "00000nam a2200000 a 4500"


def field(tag: str, *subfields: str, indicators: str = "  ") -> str:
    inside = "".join(f'<subfield code="{one[0]}">{escape(one[1:])}</subfield>' for one in subfields)
    marks = f'ind1="{indicators[0]}" ind2="{indicators[1]}"'
    return f'<datafield tag="{tag}" {marks}>{inside}</datafield>'


def raw(*fields: str, leader: str = LEADER, fixed: str = "", datestamp: str = "") -> RawRecord:
    control = f'<controlfield tag="008">{fixed}</controlfield>' if fixed else ""
    inside = f"<leader>{leader}</leader>{control}{''.join(fields)}"
    content = f'<record xmlns="{SLIM}">{inside}</record>'
    return RawRecord(
        source="tlu",
        identifier="1",
        prefix="anything",
        namespace=SLIM,
        datestamp=datestamp,
        content=content.encode(),
    )


def read(*fields: str, leader: str = LEADER, fixed: str = "", datestamp: str = "") -> BibRecord:
    return CROSSWALK.read(raw(*fields, leader=leader, fixed=fixed, datestamp=datestamp))


# ---------------------------------------------------------------- titles and names


@pytest.mark.parametrize(
    ("subfields", "title", "volume"),
    [
        (("aGiải tích /", "cNguyễn Văn A"), "Giải tích", ""),
        (("aGiải tích :", "bgiáo trình /"), "Giải tích : giáo trình", ""),
        (("aGiải tích", "bgiáo trình"), "Giải tích : giáo trình", ""),
        (("aGiải tích.", "nTập 2 :", "pHàm nhiều biến /"), "Giải tích. Hàm nhiều biến", "Tập 2"),
        (("aGiải tích.", "nT.2,", "nPhần 1"), "Giải tích", "T.2. Phần 1"),
        (("aTổng luận ...",), "Tổng luận ...", ""),
        (("aCái gì?", "bHỏi"), "Cái gì? Hỏi", ""),
        (("bphụ đề",), "phụ đề", ""),
    ],
)
def test_the_title_is_joined_and_the_volume_taken_apart(
    subfields: tuple[str, ...], title: str, volume: str
) -> None:
    record = read(field("245", *subfields))

    assert (record.title, record.volume) == (title, volume)


def test_other_titles_follow() -> None:
    record = read(field("246", "aCalculus"), field("245", "aGiải tích"))

    assert record.titles == ("Giải tích", "Calculus")


def test_a_title_in_another_script_is_kept() -> None:
    record = read(field("880", "6245-01/$1", "a漢字源"), field("245", "6880-01", "aKanjigen"))

    assert record.titles == ("Kanjigen", "漢字源")
    assert record.unmapped == ()


def test_a_field_880_that_links_to_nothing_is_not_lost() -> None:
    assert read(field("245", "aA"), field("880", "aB")).unmapped == ("marc 880$a",)


@pytest.mark.parametrize(
    ("fields", "creators", "contributors"),
    [
        ((field("100", "aNguyễn Văn A,", "etác giả"),), ("Nguyễn Văn A",), ()),
        ((field("100", "aNguyễn, Văn A."),), ("Nguyễn, Văn A.",), ()),
        ((field("100", "aNguyễn Du."),), ("Nguyễn Du",), ()),
        ((field("110", "aViệt Nam.", "bBộ Văn hóa."),), ("Việt Nam. Bộ Văn hóa",), ()),
        ((field("111", "aHội nghị Mẫu"),), ("Hội nghị Mẫu",), ()),
        ((field("700", "aTrần B"),), ("Trần B",), ()),
        ((field("700", "aTrần B,", "ehướng dẫn"),), (), ("Trần B",)),
        ((field("700", "aTrần B", "4aut"),), ("Trần B",), ()),
        ((field("700", "aTrần B", "4edt"),), (), ("Trần B",)),
        ((field("720", "aTrần B", "eauthor"),), ("Trần B",), ()),
        ((field("100", "aA B"), field("700", "aA B", "eeditor")), ("A B",), ()),
    ],
)
def test_names_stay_as_written_without_their_roles(
    fields: tuple[str, ...], creators: tuple[str, ...], contributors: tuple[str, ...]
) -> None:
    record = read(field("245", "aX"), *fields)

    assert (record.creators, record.contributors) == (creators, contributors)


def test_a_work_within_is_nobody_s_authorship() -> None:
    record = read(field("245", "aX"), field("700", "aShakespeare", "tHamlet", indicators="12"))

    assert record.creators == ()
    assert record.unmapped == ("marc 700$t",)


# ---------------------------------------------------------------- publication


def test_publisher_and_date_are_read() -> None:
    record = read(field("260", "aH. :", "bGiáo dục,", "c2019."), field("250", "aTái bản lần 2 /"))

    assert (record.publishers, record.dates, record.year) == (("Giáo dục",), ("2019",), 2019)
    assert record.edition == "Tái bản lần 2"


def test_the_publisher_goes_before_printer_and_copyright() -> None:
    record = read(
        field("264", "bNhà in", "c2018", indicators=" 3"),
        field("264", "bGiáo dục", "c2019", indicators=" 1"),
        field("264", "c©2017", indicators=" 4"),
    )

    assert (record.publishers, record.dates) == (("Giáo dục",), ("2019",))


def test_a_printer_is_better_than_nobody_and_a_copyright_year_than_none() -> None:
    assert read(field("264", "bNhà in", indicators=" 3")).publishers == ("Nhà in",)
    assert read(field("264", "c©2017", indicators=" 4")).year == 2017


def test_the_year_of_008_stands_in() -> None:
    fixed = "140327s2013    vm            000 0 vie d"

    assert read(fixed=fixed).dates == ("2013",)
    record = read(field("260", "c[khoảng năm ấy]"), fixed=fixed)
    assert (record.dates, record.year) == (("[khoảng năm ấy]",), 2013)


def test_no_year_later_than_the_record_is_believed() -> None:
    record = read(field("245", "aA"), field("260", "c2030"), datestamp="2026-01-31")

    assert record.year is None
    assert [problem.code for problem in record.problems] == ["BAD_YEAR"]


# ---------------------------------------------------------------- description


@pytest.mark.parametrize(
    ("fields", "fixed", "languages"),
    [
        ((), "140327s2013    vm            000 0 vie d", ("vie",)),
        ((field("041", "avieeng"),), "", ("vie", "eng")),
        (
            (field("041", "avie", "aeng"),),
            "140327s2013    vm            000 0 vie d",
            ("vie", "eng"),
        ),
        ((field("546", "aTiếng Việt"),), "", ("Tiếng Việt",)),
        ((), "140327s2013    vm            000 0 und d", ()),
    ],
)
def test_languages_are_read(
    fields: tuple[str, ...], fixed: str, languages: tuple[str, ...]
) -> None:
    assert read(*fields, fixed=fixed).languages == languages


@pytest.mark.parametrize(
    ("leader", "fields", "types"),
    [
        ("00000nam a22", (), ("Book",)),
        ("00000nas a22", (), ("Serial",)),
        ("00000nab a22", (), ("Article",)),
        ("00000nem a22", (), ("Map",)),
        ("00000ngm a22", (), ("Video",)),
        ("00000nam a22", (field("502", "aLuận văn"),), ("Thesis",)),
        ("00000nam a22", (field("655", "aGiáo trình."),), ("Book", "Giáo trình")),
        ("", (), ()),
    ],
)
def test_the_leader_says_the_kind(
    leader: str, fields: tuple[str, ...], types: tuple[str, ...]
) -> None:
    assert read(*fields, leader=leader).types == types


def test_subjects_series_extent_and_notes_are_read() -> None:
    record = read(
        field("300", "a284 tr. :", "bminh họa"),
        field("490", "aTủ sách ;", "v3"),
        field("520", "aTóm tắt"),
        field("500", "aGhi chú"),
        field("650", "aToán học", "xGiáo trình."),
        field("653", "agiải tích", "ahàm số"),
    )

    assert (record.extent, record.series) == ("284 tr.", ("Tủ sách ; 3",))
    assert record.descriptions == ("Tóm tắt", "Ghi chú")
    assert record.subjects == ("Toán học -- Giáo trình", "giải tích", "hàm số")


def test_the_places_it_is_about_are_read_from_every_field_that_holds_them() -> None:
    record = read(
        field("043", "aa-vt---", "cvn-22"),
        field("522", "aMiền núi phía Bắc"),
        field("650", "aLễ hội", "zHòa Bình."),
        field("651", "aHải Dương (tỉnh)", "xLịch sử"),
        field("662", "aViệt Nam", "bNghệ An", "dVinh"),
    )

    assert record.coverage == (
        "Hòa Bình",
        "Hải Dương (tỉnh)",
        "Việt Nam -- Nghệ An -- Vinh",
        "Miền núi phía Bắc",
        "vn-22",
    )
    assert record.subjects == ("Lễ hội -- Hòa Bình", "Hải Dương (tỉnh) -- Lịch sử")
    assert record.unmapped == ("marc 043$a",)


# ---------------------------------------------------------------- numbers and places


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (
            field("020", "a978-69-0000001-2 (bìa mềm) :", "c50.000đ"),
            [("isbn", "9786900000012", True)],
        ),
        (field("020", "a200"), [("isbn", "200", False)]),
        (field("022", "a9999-9994"), [("issn", "99999994", True)]),
        (field("024", "a10.5555/X.1", "2doi", indicators="7 "), [("doi", "10.5555/x.1", True)]),
        (
            field("024", "a20.500.99999/7", "2hdl", indicators="7 "),
            [("handle", "20.500.99999/7", True)],
        ),
        (field("024", "a9786900000012", indicators="3 "), [("isbn", "9786900000012", True)]),
        (field("024", "a5901234123457", indicators="3 "), []),
        (field("024", "a99999994", "2issn", indicators="7 "), [("issn", "99999994", True)]),
        (field("773", "tTạp chí", "x9999-9994"), [("issn", "99999994", True)]),
        (field("856", "uhttps://doi.org/10.5555/x", indicators="40"), [("doi", "10.5555/x", True)]),
        (field("856", "uhttps://doi.org/10.5555/x", indicators="42"), []),
    ],
)
def test_identifiers_are_checked(one: str, found: list[tuple[str, str, bool]]) -> None:
    record = read(one)

    assert [(got.scheme, got.value, got.is_valid) for got in record.identifiers] == found


def test_addresses_and_shelf_marks_are_read() -> None:
    record = read(
        field("856", "uhttps://a.example/1", "ubiên mục"),
        field("852", "aTLU", "h515", "iNG-A"),
        field("952", "o515 NG-A", "pVN.1"),
        field("952", "o515 NG-B"),
    )

    assert record.links == ("https://a.example/1",)
    assert record.call_numbers == ("515 NG-A", "515 NG-B")


@pytest.mark.parametrize(
    ("one", "journal"),
    [
        (field("773", "tTạp chí Mẫu.", "gSố 5"), "Tạp chí Mẫu"),
        (field("786", "nTạp chí Mẫu; Số 5 (2019); 1-9"), "Tạp chí Mẫu"),
        (field("773", "gSố 5"), ""),
    ],
)
def test_an_article_says_its_journal(one: str, journal: str) -> None:
    assert read(one).journal == journal


def test_fields_that_nothing_reads_are_named_once_each() -> None:
    record = read(field("245", "aA", "cB", "6880-01"), field("900", "aX"), field("900", "aY", "bZ"))

    assert record.unmapped == ("marc 245$c", "marc 900$a", "marc 900$b")


def test_every_field_is_said_for_mapping_tables() -> None:
    assert CROSSWALK.fields is not None
    said = list(CROSSWALK.fields(raw(field("900", "aX"), fixed="1")))

    assert said == [("marc leader", LEADER), ("marc 008", "1"), ("marc 900$a", "X")]


# ---------------------------------------------------------------- wrappings


@pytest.mark.parametrize(
    ("content", "namespace", "prefix"),
    [
        ("<record>{0}</record>", "", "marc21"),
        ("<collection><record>{0}</record></collection>", "", "marcxml"),
        (f'<record xmlns="{SLIM}">{{0}}</record>', SLIM, "unheard_of"),
        (f'<collection xmlns="{SLIM}"><record>{{0}}</record></collection>', SLIM, ""),
        ("<collection>{0}</collection>", "", "marcxml"),
    ],
)
def test_every_wrapping_is_opened(content: str, namespace: str, prefix: str) -> None:
    inside = field("245", "aGiải tích")
    record = RawRecord(
        source="a",
        identifier="1",
        namespace=namespace,
        prefix=prefix,
        content=content.format(inside).encode(),
    )

    assert read_record(record, REGISTRY).title == "Giải tích"


def test_prefixed_elements_are_read() -> None:
    content = (
        f'<marc:record xmlns:marc="{SLIM}"><marc:datafield tag="245">'
        "<!-- x --><marc:subfield code='a'>A</marc:subfield></marc:datafield></marc:record>"
    )
    record = RawRecord(source="a", identifier="1", namespace=SLIM, content=content.encode())

    assert read_record(record, REGISTRY).title == "A"


def test_the_older_oai_marc_is_read() -> None:
    namespace = "http://www.openarchives.org/OAI/1.1/oai_marc"
    content = (
        f'<oai_marc xmlns="{namespace}" status="n" type="a" level="m">'
        '<fixfield id="8">"140327s2013    vm            000 0 vie d"</fixfield>'
        '<varfield id="245" i1="1" i2="0"><subfield label="a">Giải tích</subfield></varfield>'
        "</oai_marc>"
    )
    record = RawRecord(source="a", identifier="1", namespace=namespace, content=content.encode())

    found = read_record(record, REGISTRY)

    assert (found.title, found.year, found.types) == ("Giải tích", 2013, ("Book",))


def test_of_several_records_the_first_is_read_and_the_rest_told() -> None:
    one = f"<record>{field('245', 'aA')}</record>"
    content = f"<collection>{one}{one}</collection>".encode()

    found = CROSSWALK.read(RawRecord(source="a", identifier="1", content=content))

    assert found.title == "A"
    assert [problem.code for problem in found.problems] == ["SEVERAL_RECORDS"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<record>", "not well-formed"),
        (b"<dc/>", "is not MARC"),
        (b"<collection/>", "collection is empty"),
        (b'<!DOCTYPE record [<!ENTITY a "b">]><record/>', "document type"),
    ],
)
def test_what_is_no_record_is_refused_with_a_reason(content: bytes, reason: str) -> None:
    record = RawRecord(source="a", identifier="1", namespace=SLIM, content=content)

    assert reason in str(read_record(record, REGISTRY).problems[0])


def test_the_crosswalk_keeps_its_promises() -> None:
    check_crosswalk(CROSSWALK, [raw(field("245", "aA")), raw(field("020", "a1"), fixed="x")])


@pytest.mark.parametrize(
    "namespace", ["info:lc/xmlns/marcxchange-v1", "info:lc/xmlns/marcxchange-v2"]
)
def test_marcxchange_is_read_like_marcxml(namespace: str) -> None:
    title = '<datafield tag="245" ind1="0" ind2="0"><subfield code="a">Sóng</subfield></datafield>'
    content = f'<record xmlns="{namespace}" format="MARC21">{title}</record>'.encode()
    raw = RawRecord(source="a", identifier="1", namespace=namespace, content=content)

    assert read_record(raw, REGISTRY).title == "Sóng"


@pytest.mark.parametrize(
    ("form", "title"), [("c", "Sóng."), ("n", "Sóng."), ("a", "Sóng"), ("i", "Sóng")]
)
def test_a_leader_that_says_there_is_no_isbd_is_taken_at_its_word(form: str, title: str) -> None:
    record = read(field("245", "aSóng."), leader=f"00000nam a2200000 {form} 4500")

    assert record.title == title


def test_what_has_no_known_kind_of_content_gets_none_from_the_leader() -> None:
    assert read(field("336", "aunspecified", "bzzz", "2rdacontent")).types == ()


# ---------------------------------------------------------------- damaged and local fields


def test_a_subfield_without_a_code_is_no_part_of_another() -> None:
    title = '<datafield tag="245"><subfield code="a">A</subfield><subfield>B</subfield></datafield>'

    record = read(title)

    assert record.titles == ("A",)
    assert record.unmapped == ("marc 245$?",)


def test_a_code_of_several_signs_is_none() -> None:
    record = read('<datafield tag="245"><subfield code="ab">A</subfield></datafield>')

    assert (record.titles, record.unmapped) == ((), ("marc 245$?",))


def test_of_an_indicator_that_holds_more_the_first_sign_counts() -> None:
    address = '<subfield code="u">https://doi.org/10.1000/1</subfield>'
    written = f'<datafield tag="856" ind1="40" ind2="2 ">{address}</datafield>'

    assert read(written) == read(field("856", "uhttps://doi.org/10.1000/1", indicators="42"))
    assert read(written).identifiers == ()


def test_in_fields_of_a_librarys_own_a_number_is_any_subfield() -> None:
    record = read(field("952", "oVN 1", "8CRTEC"), field("245", "aA", "6880-01"))

    assert record.unmapped == ("marc 952$8",)
