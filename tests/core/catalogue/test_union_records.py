from __future__ import annotations

from itertools import permutations
from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import (
    UNION_FIELDS,
    BibRecord,
    Preference,
    RecordIdentifier,
    Sourced,
    record_key,
    union_record,
)

_PLAIN = BibRecord(source="a", identifier="1", titles=("Truyen Kieu va thoi dai",), year=1967)
_MARKED = BibRecord(
    source="b", identifier="2", titles=("Truyện Kiều",), year=1968, edition="In lần 2"
)
_THIRD = BibRecord(source="c", identifier="3", creators=("Nguyễn Du",), year=1968)
_ISBN = RecordIdentifier(scheme="isbn", value="9786041000001")


def _of(source: str, **fields: Any) -> BibRecord:
    return BibRecord(source=source, identifier="1", **fields)


def _field(name: str, *records: BibRecord, priority: tuple[str, ...] = ()) -> Sourced:
    return union_record("x", records, priority=priority).fields[name]


def test_a_title_with_diacritics_is_better_than_a_longer_one_without() -> None:
    title = union_record("a\t1", [_PLAIN, _MARKED]).fields["titles"]

    assert (title.value, title.record) == (("Truyện Kiều",), record_key("b", "2"))
    assert title.why is Preference.DIACRITICS


def test_what_was_not_taken_is_kept_with_its_records() -> None:
    title = union_record("a\t1", [_PLAIN, _MARKED]).fields["titles"]

    assert [(one.value, one.records) for one in title.others] == [(_PLAIN.titles, ("a\t1",))]


def test_the_year_is_the_one_that_most_records_give() -> None:
    year = union_record("a\t1", [_PLAIN, _MARKED, _THIRD]).fields["year"]

    assert (year.value, year.why) == (1968, Preference.AGREEMENT)
    assert year.records == ("b\t2", "c\t3")


def test_a_field_that_no_record_has_is_left_out() -> None:
    union = union_record("a\t1", [_PLAIN, _MARKED])

    assert "creators" not in union.fields
    assert union.fields["edition"].value == "In lần 2"
    assert union.fields["edition"].why is Preference.ALONE


def test_the_order_of_records_does_not_matter() -> None:
    unions = {
        str(union_record("a\t1", several)) for several in permutations([_PLAIN, _MARKED, _THIRD])
    }

    assert len(unions) == 1


def test_a_legible_title_is_better_than_a_damaged_one() -> None:
    damaged = _of("a", titles=("gi¶i tÝch häc cao cÊp",))
    lost = _of("b", titles=("Gi\N{REPLACEMENT CHARACTER}i tích toán học cao cấp nhất",))
    whole = _of("c", titles=("Giải tích",))

    title = _field("titles", damaged, lost, whole)

    assert (title.value, title.why) == (("Giải tích",), Preference.SOUND)


def test_the_member_that_goes_first_is_heard_before_length() -> None:
    short, long = _of("a", titles=("Đê biển",)), _of("b", titles=("Đê biển miền Bắc",))

    assert _field("titles", short, long).value == ("Đê biển miền Bắc",)
    first = _field("titles", short, long, priority=("a",))
    assert (first.value, first.why) == (("Đê biển",), Preference.PRIORITY)


def test_a_title_in_capitals_is_not_as_good() -> None:
    shouted, said = _of("a", titles=("ĐÊ BIỂN MIỀN BẮC",)), _of("b", titles=("Đê biển",))

    title = _field("titles", shouted, said, priority=("a",))

    assert (title.value, title.why) == (("Đê biển",), Preference.MIXED_CASE)


def test_a_list_that_names_more_is_better() -> None:
    one, both = _of("a", creators=("Trần Văn Bình",)), _of("b", creators=("An Lê", "Bảo Vũ"))

    assert _field("creators", one, both).why is Preference.COMPLETENESS


def test_two_titles_in_one_are_not_the_longest() -> None:
    one, other = _of("a", titles=("Đê biển",)), _of("b", titles=("Thủy văn học",))
    both = _of("c", titles=("Đê biển; Thủy văn học",))

    assert _field("titles", one, other, both).value == ("Thủy văn học",)


def test_a_list_of_two_names_is_no_merge() -> None:
    one, other = _of("a", creators=("An Lê",)), _of("b", creators=("Bảo Vũ Thị",))
    both = _of("c", creators=("An Lê", "Bảo Vũ Thị"))

    assert _field("creators", one, other, both).record == "c\t1"


def test_a_title_that_holds_only_one_other_is_no_merge() -> None:
    one, long = _of("a", titles=("Đê biển",)), _of("b", titles=("Đê biển miền Bắc",))
    third = _of("c", titles=("Đê",))

    assert _field("titles", one, long, third).value == ("Đê biển miền Bắc",)


def test_the_fullest_record_decides_between_equals() -> None:
    lean, full = _of("a", titles=("Sóng",)), _of("b", titles=("Biển",), year=1967)

    assert _field("titles", lean, full).why is Preference.FULLEST


def test_the_record_key_decides_when_nothing_else_does() -> None:
    title = _field("titles", _of("b", titles=("Biển",)), _of("a", titles=("Sóng",)))

    assert (title.value, title.why) == (("Sóng",), Preference.KEY)


def test_identifiers_come_from_all_records_and_invalid_ones_are_kept_aside() -> None:
    doi = RecordIdentifier(scheme="doi", value="10.1000/1")
    bad = RecordIdentifier(scheme="isbn", value="200", is_valid=False)
    one, other = _of("a", identifiers=(_ISBN, bad)), _of("b", identifiers=(_ISBN, doi))

    found = _field("identifiers", one, other)

    assert found.value == (_ISBN, doi)
    assert found.origins == (("a\t1", "b\t1"), ("b\t1",))
    assert [alternative.value for alternative in found.others] == [bad]
    assert found.why is Preference.GATHERED


def test_a_record_with_invalid_identifiers_only_has_none() -> None:
    bad = RecordIdentifier(scheme="isbn", value="200", is_valid=False)
    union = union_record("x", [_of("a", identifiers=(bad,))])

    assert union.identifiers == ()
    assert union.fields["identifiers"].others[0].value == bad


def test_a_publication_without_identifiers_has_none() -> None:
    assert union_record("x", [_PLAIN]).identifiers == ()
    assert union_record("x", [_of("a", identifiers=(_ISBN,))]).identifiers == (_ISBN,)


def test_subjects_written_alike_count_once() -> None:
    found = _field("subjects", _of("a", subjects=("Thủy lợi",)), _of("b", subjects=("THUỶ LỢI",)))

    assert found.value == ("Thủy lợi",)


def test_holdings_are_given_by_member_as_written() -> None:
    one = _of("a", types=("Sách",), call_numbers=("KM 1",), links=("https://a.example/1",))
    copy = attrs.evolve(one, identifier="2", types=("Book",), call_numbers=("KM 1", "KM 2"))
    other = _of("b")

    held = union_record("x", [other, copy, one], members={"a": "A", "b": "B"}).held_by

    assert [by.member for by in held] == ["A", "B"]
    assert held[0].records == ("a\t1", "a\t2")
    assert (held[0].call_numbers, held[0].item_types) == (("KM 1", "KM 2"), ("Sách", "Book"))
    assert held[0].links == ("https://a.example/1",)


def test_the_fields_one_asks_for_most_are_at_hand() -> None:
    union = union_record("x", [_MARKED])

    assert (union.title, union.year) == ("Truyện Kiều", 1968)
    empty = union_record("x", [_of("a")])
    assert (empty.title, empty.year, empty.texts("titles")) == ("", None, ())


_TEXT = st.sampled_from(("", "Đê biển", "De bien", "Sóng", "Đê biển. Sóng", "gi¶i tÝch"))
_RECORDS = st.lists(
    st.builds(
        BibRecord,
        source=st.sampled_from("abc"),
        identifier=st.sampled_from("123"),
        titles=st.lists(_TEXT, max_size=2).map(tuple),
        subjects=st.lists(_TEXT, max_size=3).map(tuple),
        year=st.sampled_from((None, 1967, 1968)),
        edition=_TEXT,
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda one: (one.source, one.identifier),
)


@given(records=_RECORDS, priority=st.permutations("abc"))
def test_every_value_of_every_record_is_kept_somewhere(
    records: list[BibRecord], priority: list[str]
) -> None:
    union = union_record("x", records, priority=priority)

    for name in UNION_FIELDS:
        for record in records:
            value = getattr(record, name)
            if value in {None, "", ()}:
                continue
            found = union.fields[name]
            key = record_key(record.source, record.identifier)
            kept = {*found.records, *(one for other in found.others for one in other.records)}
            assert key in kept
    assert union == union_record("x", records[::-1], priority=priority)
