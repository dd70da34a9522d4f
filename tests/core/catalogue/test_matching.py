from __future__ import annotations

from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import BibRecord, MatchFields, RecordIdentifier, match_fields, record_key
from libconsortium.core.catalogue.matching import kind_of, packed, pages_in, unpacked


def _fields(title: str = "Giải tích", **more: Any) -> MatchFields:
    return match_fields(BibRecord(source="a", identifier="1", titles=(title,), **more))


def test_the_record_stays_as_it_was_and_is_named_by_source_and_identifier() -> None:
    assert _fields().record == record_key("a", "1")


@pytest.mark.parametrize(
    ("title", "folded", "main"),
    [
        ("Giải tích : hàm một biến / Trần Văn A", "giai tich ham mot bien", "giai tich"),
        ("Giải tích [tài liệu điện tử]", "giai tich", "giai tich"),
        ("[Không nhan đề]", "khong nhan de", "khong nhan de"),
        (": phụ đề", "phu de", "phu de"),
        ("TCP/IP", "tcp ip", "tcp ip"),
    ],
)
def test_a_title_is_folded_and_has_a_main_part(title: str, folded: str, main: str) -> None:
    assert (_fields(title).title, _fields(title).main_title) == (folded, main)


def test_a_record_without_title_has_empty_fields() -> None:
    assert match_fields(BibRecord(source="a", identifier="1")).title == ""


def test_a_volume_in_its_own_field_comes_before_that_of_the_title() -> None:
    assert _fields("Giải tích. Tập 1", volume="2").volume == "2"
    assert _fields("Giải tích. Tập 1").volume == "1"


def test_creators_have_no_order_and_empty_names_are_left_out() -> None:
    one = _fields(creators=("Trần Văn Bình", "Lê Thị Hoa", "(dịch)"))
    two = _fields(creators=("Hoa, Lê Thị", "TS. Trần Văn Bình"))

    assert one.creators == two.creators == ("binh tran van", "hoa le thi")


def test_only_valid_identifiers_are_compared() -> None:
    found = _fields(
        identifiers=(
            RecordIdentifier(scheme="isbn", value="9780306406157"),
            RecordIdentifier(scheme="isbn", value="800", is_valid=False),
        )
    )

    assert found.identifiers == {"isbn:9780306406157"}


def test_publisher_and_kind_are_the_first_that_say_something() -> None:
    found = _fields(publishers=("Nxb.", "Nxb. Giáo dục"), types=("text", "Sách"), extent="1 DVD")

    assert (found.publisher, found.type) == ("giao duc", "book")


def test_the_carrier_tells_the_kind_when_the_type_does_not() -> None:
    assert _fields(types=("text",), extent="1 DVD-Video (82 Min.)").type == "video"


@pytest.mark.parametrize(
    ("written", "kind"),
    [("Bài báo khoa học", "article"), ("Báo cáo", "report"), ("Báo", "serial"), ("", "")],
)
def test_the_words_of_a_type_tell_the_kind(written: str, kind: str) -> None:
    assert kind_of(written) == kind


@pytest.mark.parametrize(
    ("extent", "pages"),
    [("320", 320), ("xi, 284 tr.", 284), ("tr. 5-12", 5), ("nhiều tập", None), ("", None)],
)
def test_the_first_number_of_an_extent_is_its_pages(extent: str, pages: int | None) -> None:
    assert pages_in(extent) == pages


_names = st.lists(st.text(max_size=5), max_size=3).map(tuple)


@given(
    st.builds(
        MatchFields,
        record=st.text(),
        title=st.text(),
        creators=_names,
        creators_written=_names,
        year=st.none() | st.integers(1400, 2100),
        identifiers=st.frozensets(st.text(max_size=5)),
    )
)
def test_packing_loses_nothing(fields: MatchFields) -> None:
    assert unpacked(packed(fields)) == fields


def test_half_a_character_is_packed_as_ascii() -> None:
    fields = MatchFields(record="a", title="\ud800")

    assert packed(fields).encode()
    assert unpacked(packed(fields)) == fields


@pytest.mark.parametrize("title", ["UNKNOWN", "[Không có nhan đề]", "n/a"])
def test_a_title_that_says_there_is_none_is_none(title: str) -> None:
    fields = match_fields(BibRecord(source="a", identifier="1", titles=(title.strip("[]"),)))

    assert (fields.title, fields.title_written, fields.main_title) == ("", "", "")


@pytest.mark.parametrize("creator", ["Unknown", "Khuyết danh", "Nhiều tác giả"])
def test_nobody_named_is_no_creator(creator: str) -> None:
    assert not match_fields(BibRecord(source="a", identifier="1", creators=(creator,))).creators


def test_contributors_are_compared_with_creators() -> None:
    record = BibRecord(source="a", identifier="1", creators=("An",), contributors=("Bình", "An"))

    assert match_fields(record).creators == ("an", "binh")


@pytest.mark.parametrize(
    ("extent", "pages"),
    [
        ("xi, [1], 128, [1] p.", 128), ("3 p. l., [5]-199 p.", 199), ("147, [1] p. :", 147),
        ("[73] p.", 73), ("2 v. (xii, 1107 p.)", None), ("320 tr. : minh hoạ ; 24 cm", 320),
        ("320", 320), ("p. 5-63 ;", 5), ("284 tr. + 1 CD-ROM (20 p.)", 284), ("trang", None),
    ],
)  # fmt: skip
def test_pages_as_catalogues_write_them(extent: str, pages: int | None) -> None:
    assert pages_in(extent) == pages


def test_the_title_of_a_journal_is_folded() -> None:
    record = BibRecord(source="a", identifier="1", journal="Tạp chí Toán học")

    assert match_fields(record).journal == "tap chi toan hoc"


def test_entities_of_web_pages_are_read() -> None:
    fields = match_fields(
        BibRecord(source="a", identifier="1", titles=("R&amp;D",), creators=("&#216;ystein B.",))
    )

    assert fields.title == "r d"
    assert fields.creators_written == ("b oystein",)


@pytest.mark.parametrize(
    ("extent", "pages"),
    [("3-213 pages", 213), ("p. [105]-128", 105), ("253-262 p.", 253), ("3+158 p.", 158)],
)
def test_a_book_whose_numbering_begins_late_is_no_article(extent: str, pages: int) -> None:
    assert pages_in(extent) == pages


@pytest.mark.parametrize("name", ["[s.n.]", "S.n", "sn"])
def test_a_publisher_nobody_knows_is_none(name: str) -> None:
    record = BibRecord(source="a", identifier="1", titles=("x",), publishers=(name,))

    assert not match_fields(record).publisher


@pytest.mark.parametrize(
    "title",
    ["[Sóng biển miền Trung]", '"[Sóng biển miền Trung]"', "[Sóng biển miền Trung]. [Japanese]"],
)
def test_a_title_in_brackets_is_a_title(title: str) -> None:
    fields = match_fields(BibRecord(source="a", identifier="1", titles=(title,)))

    assert fields.title == "song bien mien trung"


def test_brackets_behind_a_title_name_the_material() -> None:
    titles = ("Sóng [tài nguyên điện tử] [âm thanh]",)

    assert match_fields(BibRecord(source="a", identifier="1", titles=titles)).title == "song"


@pytest.mark.parametrize("title", ["Lập trình C++", "Lập trình C ++", "Lập trình C + +"])
def test_a_language_of_programmers_is_known_by_its_signs(title: str) -> None:
    one, other = (
        match_fields(BibRecord(source="a", identifier="1", titles=(text,)))
        for text in (title, "Lập trình C")
    )

    assert (one.title, other.title) == ("lap trinh cplusplus", "lap trinh c")


@pytest.mark.parametrize(
    ("extent", "page"),
    [("S356", 356), ("A134-A135", 134), ("e133‐9", 133), ("697‐701", 697), ("A4", None)],
)
def test_an_article_s_first_page_may_have_a_letter(extent: str, page: int | None) -> None:
    assert pages_in(extent) == page


@pytest.mark.parametrize(
    "field", ["volume", "extent", "edition", "title", "journal"], ids=lambda field: f"in {field}"
)
@pytest.mark.parametrize(
    "text", ["Giải tích. Tập 1 đến 3", "Quyển 1 và 2", "Bộ 3 tập", "Năm thứ 12, số 3", "1 tờ"]
)
def test_letters_and_their_marks_apart_give_the_same_fields(field: str, text: str) -> None:
    apart = normalize("NFD", text)

    assert _fields(**{field: apart}) == _fields(**{field: text})
