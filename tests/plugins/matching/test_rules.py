from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import (
    LIKELY_SCORE,
    MERGE_SCORE,
    BibRecord,
    Evidence,
    MatchRule,
    RecordIdentifier,
    Registry,
    match_fields,
    reason_said,
    weighed_rule,
)

_REGISTRY = Registry()
_BOOK: dict[str, Any] = {
    "titles": ("Giáo trình giải tích",),
    "creators": ("Trần Văn Bình", "Lê Thị Hoa"),
    "year": 2019,
    "publishers": ("Nxb. Giáo dục",),
    "extent": "320 tr.",
}


def _isbn(*values: str) -> tuple[RecordIdentifier, ...]:
    return tuple(RecordIdentifier(scheme="isbn", value=value) for value in values)


def _compared(rule: str = "bibliographic", /, **other: Any) -> Evidence:
    one = BibRecord(source="a", identifier="1", **_BOOK)
    two = BibRecord(source="b", identifier="2", **{**_BOOK, **other})
    found = _REGISTRY.find(MatchRule, rule).compare(match_fields(one), match_fields(two))
    assert found.rule == rule
    return found


def _said(noted: str) -> str:
    return str(reason_said(noted)) if noted else ""


def _merges(found: Evidence) -> bool:
    return not found.veto and found.score >= MERGE_SCORE


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"titles": ("GIÁO TRÌNH GIẢI TÍCH",)},
        {"titles": ("Giao trinh giai tich",), "creators": ("Tran Van Binh",)},
        {"titles": ("Gia\u0301o tri\u0300nh giải tích",)},
        {"creators": ("Lê Thị Hoa", "Bình, Trần Văn")},
        {"creators": ()},
        {"year": None},
        {"publishers": ()},
        {"titles": ("Giáo trình giải tích : dùng cho sinh viên kỹ thuật",)},
        {"titles": ("Giáo trình giải tich",)},
    ],
)
def test_the_same_book_merges(other: dict[str, Any]) -> None:
    assert _merges(_compared(**other))


@pytest.mark.parametrize(
    ("other", "veto"),
    [
        ({"year": 2015, "extent": ""}, "year 2019 and 2015"),
        ({"types": ("Luận văn",), "extent": "320 tr."}, ""),
        ({"titles": ("Giáo trình giải tích 2",)}, ""),
    ],
)
def test_a_guard_says_why_two_records_are_not_one_book(other: dict[str, Any], veto: str) -> None:
    assert _said(_compared(**other).veto) == veto


@pytest.mark.parametrize(
    ("field", "one", "two", "veto"),
    [
        ("volume", "Tập 1", "Tập 2", "volume 1 and 2"),
        ("edition", "Xuất bản lần 1", "Tái bản lần 2, có sửa chữa", "edition 1 and 2"),
        ("edition", "Tái bản lần 1", "Tái bản lần thứ 2", ""),
        ("types", ("Sách",), ("Luận văn",), "kind book and thesis"),
        ("types", ("Sách",), ("Báo cáo",), ""),
        (
            "identifiers",
            _isbn("9786041111110"),
            _isbn("9786042222227"),
            "ISBN 604111111 and 604222222",
        ),
        ("identifiers", _isbn("9780878341016"), _isbn("0878341013"), ""),
        ("titles", ("Toán lớp 10",), ("Toán lớp 11",), "numbers in title 10 and 11"),
    ],
)
def test_what_contradicts_forbids_a_merge(field: str, one: object, two: object, veto: str) -> None:
    records = (
        BibRecord(source=source, identifier="1", **{**_BOOK, field: value})
        for source, value in (("a", one), ("b", two))
    )

    found = _REGISTRY.find(MatchRule, "bibliographic").compare(*map(match_fields, records))

    assert _said(found.veto) == veto


@pytest.mark.parametrize("field", ["titles", "creators"])
def test_names_that_fold_alike_are_candidates_and_not_merged(field: str) -> None:
    rule = _REGISTRY.find(MatchRule, "bibliographic")
    one, two = (
        match_fields(
            BibRecord(source="a", identifier=name, **{**_BOOK, "publishers": (), field: (name,)})
        )
        for name in ("Phạm Việt Hòa", "Phạm Viết Hoa")
    )

    found = rule.compare(one, two)

    assert set(rule.keys(one)) & set(rule.keys(two))
    assert not _merges(found)


def test_names_that_only_diacritics_tell_apart_are_never_one_whatever_else_is_equal() -> None:
    one, two = ({**_BOOK, "creators": (name,)} for name in ("Phạm Việt Hòa", "Phạm Viết Hoa"))
    rule = _REGISTRY.find(MatchRule, "bibliographic")

    def compared(**more: Any) -> Evidence:
        records = (
            BibRecord(source=source, identifier="1", **{**book, **more})
            for source, book in (("a", one), ("b", two))
        )
        return rule.compare(*map(match_fields, records))

    assert _said(compared().veto) == "only diacritics tell the creators apart"
    assert not compared(identifiers=_isbn("9786041111110")).veto


@pytest.mark.parametrize(
    "name", ["Pham Viet Hoa", "Phạm Việt Hoà", "Hòa, Phạm Việt", "Phạm V. Hòa"]
)
def test_a_name_typed_otherwise_is_no_objection(name: str) -> None:
    one, two = (
        match_fields(BibRecord(source="a", identifier=each, **{**_BOOK, "creators": (each,)}))
        for each in ("Phạm Việt Hòa", name)
    )

    assert not _REGISTRY.find(MatchRule, "bibliographic").compare(one, two).veto


def test_a_title_alone_does_not_merge() -> None:
    found = _compared(creators=(), year=None, publishers=(), extent="")

    assert not _merges(found)


def test_other_authors_do_not_merge() -> None:
    assert not _merges(_compared(creators=("Vũ Minh Đức",)))


def test_a_shared_surname_counts_for_nothing() -> None:
    reasons = _compared(creators=("Trần Thị Mai",)).reasons

    assert "no creator shared" in map(_said, reasons)


def test_a_shared_isbn_needs_a_title_that_is_alike() -> None:
    shared: dict[str, Any] = {"identifiers": _isbn("9780306406157"), "year": None, "creators": ()}
    rule = _REGISTRY.find(MatchRule, "identifiers")
    one, like, unlike = (
        match_fields(BibRecord(source="a", identifier=title, titles=(title,), **shared))
        for title in ("Giải tích", "Giải tích : hàm", "Tuyển tập thơ tình")
    )

    assert _merges(rule.compare(one, like))
    assert not _merges(rule.compare(one, unlike))


def test_the_isbn_of_a_set_does_not_make_a_volume_the_set() -> None:
    shared: dict[str, Any] = {"identifiers": _isbn("9780306406157"), "year": None, "creators": ()}
    rule = _REGISTRY.find(MatchRule, "identifiers")
    records = (
        match_fields(BibRecord(source="a", identifier=title, titles=(title,), **shared))
        for title in ("Giải tích", "Giải tích. T1")
    )

    assert not _merges(rule.compare(*records))


def _two(one: Mapping[str, Any], two: Mapping[str, Any], rule: str = "bibliographic") -> Evidence:
    records = (
        BibRecord(source=source, identifier="1", **{**_BOOK, **fields})
        for source, fields in (("a", one), ("b", two))
    )
    return _REGISTRY.find(MatchRule, rule).compare(*map(match_fields, records))


def test_a_reprint_of_another_year_is_the_same_publication() -> None:
    found = _two({}, {"year": 2024, "edition": "Tái bản lần thứ 3"})

    assert not found.veto
    assert found.score >= LIKELY_SCORE


@pytest.mark.parametrize(
    "contradiction",
    [{"extent": "410 tr."}, {"publishers": ("Nxb. Trẻ",)}, {"edition": "In lần 2, có bổ sung"}],
)
def test_a_reprint_that_differs_otherwise_is_another(contradiction: dict[str, Any]) -> None:
    reprint = {"year": 2024, "edition": "Tái bản lần thứ 3", **contradiction}

    assert _two({}, reprint).veto


def test_a_reprint_whose_record_says_little_is_not_forbidden() -> None:
    reprint = {"year": 2024, "edition": "Tái bản", "extent": "", "publishers": ()}

    assert not _two({}, reprint).veto


def test_another_year_without_pages_to_compare_forbids() -> None:
    assert _two({}, {"year": 2024, "extent": ""}).veto
    assert _two({"publishers": ()}, {"year": 2024}).veto


@pytest.mark.parametrize(
    ("one", "two", "veto"),
    [
        ("Giải tích. Tập 1", "Giải tích 2", "volume 1 and 2"),
        ("Giải tích 2", "Giải tích. Tập 2 : chuỗi", ""),
        ("Giải tích II", "Giải tích. Quyển 2", ""),
    ],
)
def test_a_bare_number_beside_a_volume_is_one(one: str, two: str, veto: str) -> None:
    found = _two({"titles": (one,)}, {"titles": (two,)})

    assert _said(found.veto) == veto
    assert veto or _merges(found)


def test_other_subtitles_speak_against_an_equal_main_title() -> None:
    one = {"titles": ("Truy vấn dữ liệu : dễ như dạo chơi trên mạng",)}
    two = {"titles": ("Truy vấn dữ liệu : bằng ngôn ngữ thường ngày",)}

    assert "subtitle-apart" in _two(one, two).reasons
    assert _two(one, two).score < _two(one, {"titles": ("Truy vấn dữ liệu",)}).score


def test_an_abbreviated_publisher_is_the_same() -> None:
    found = _two({"publishers": ("Khoa học và Kỹ thuật",)}, {"publishers": ("NXB KH&KT",)})

    assert "publisher-equal" in found.reasons


def test_a_body_named_otherwise_counts_less_than_a_person() -> None:
    body = {"creators": ("United States. Department of Agriculture",)}
    person = {"creators": ("Vũ Minh Đức",)}
    other = {"creators": ("Office of Agriculture and Food",)}

    assert _two(body, other).score > _two(_BOOK, person).score


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({"year": 1999, "edition": "Tái bản lần 2, có sửa chữa", "extent": "90 tr."}, True),
        ({"types": ("Luận văn",), "titles": ("Giáo trình giải tích. Tập 2",)}, True),
        ({"creators": ("Vũ Minh Đức",), "year": 1999}, False),
        ({"titles": ("Giáo trình đại số",)}, False),
        ({"creators": (), "year": 1999, "publishers": ("Nxb. Trẻ",), "extent": "90 tr."}, False),
    ],
)
def test_a_work_has_one_title_and_the_same_creators(
    other: dict[str, Any],
    same: bool,  # noqa: FBT001 - a column of the table
) -> None:
    found = _two({}, other, "works")

    assert (not found.veto and found.score >= LIKELY_SCORE) is same


@pytest.mark.parametrize(
    "other", [{"creators": ()}, {"titles": ("Giáo trình giải tích",), "creators": ()}, {}]
)
def test_one_publication_is_one_work(other: dict[str, Any]) -> None:
    assert _two({}, other, "works").score >= _two({}, other).score >= LIKELY_SCORE


def test_a_work_is_found_by_title_and_by_creator() -> None:
    rule = _REGISTRY.find(MatchRule, "works")
    fields = match_fields(BibRecord(source="a", identifier="1", titles=("Kiều",), creators=("Du",)))

    assert {"title kieu", "title-name kieu du"} <= set(rule.keys(fields))
    assert rule.keys(match_fields(BibRecord(source="a", identifier="1"))) == ()


def test_articles_are_weighed_apart() -> None:
    rule = _REGISTRY.find(MatchRule, "bibliographic")
    assert rule.features is not None
    book, article = (
        match_fields(BibRecord(source="a", identifier="1", **{**_BOOK, "journal": journal}))
        for journal in ("", "Tạp chí Toán học")
    )

    assert "article" not in rule.features(book, book)
    assert rule.features(article, book)["article title-equal"] == 1.0


def test_no_shared_identifier_is_no_match_for_the_rule_of_identifiers() -> None:
    assert _compared("identifiers").score < 0.1


def test_a_serials_number_is_a_key_with_its_title_only() -> None:
    rule = _REGISTRY.find(MatchRule, "identifiers")
    issn = (RecordIdentifier(scheme="issn", value="0378-5955"),)
    record = BibRecord(source="a", identifier="1", titles=("Tạp chí Toán",), identifiers=issn)

    assert rule.keys(match_fields(record)) == ("issn:0378-5955:tapchitoan",)


def test_a_record_without_title_has_no_title_key() -> None:
    rule = _REGISTRY.find(MatchRule, "title-author-year")

    assert rule.keys(match_fields(BibRecord(source="a", identifier="1", year=2019))) == ()


_records = st.builds(
    BibRecord,
    source=st.just("a"),
    identifier=st.sampled_from("12"),
    titles=st.sampled_from(
        [
            "Giải tích",
            "Giai tich 2",
            "Giải tích. T1 : hàm",
            "Thơ",
            "Đại số và giải tích",
            "Giãi tịch",
            "",
        ]
    ).map(lambda title: (title,)),
    creators=st.lists(st.sampled_from(["An", "Nguyễn Văn An", "Vũ A.", "Lê"]), max_size=2).map(
        tuple
    ),
    year=st.sampled_from([None, 2018, 2019]),
    publishers=st.sampled_from([(), ("Giáo dục",), ("Trẻ",)]),
    extent=st.sampled_from(["", "100 tr.", "130 tr."]),
    edition=st.sampled_from(["", "1st", "2nd"]),
    journal=st.sampled_from(["", "Tạp chí Toán"]),
)


@given(_records, _records, st.sampled_from(["identifiers", "title-author-year", "bibliographic"]))
def test_comparison_is_the_same_both_ways_round(one: BibRecord, two: BibRecord, name: str) -> None:
    compare = _REGISTRY.find(MatchRule, name).compare
    there, back = (
        compare(match_fields(left), match_fields(right)) for left, right in ((one, two), (two, one))
    )

    assert (there.score, bool(there.veto)) == (back.score, bool(back.veto))
    assert 0 <= there.score <= 1


@given(
    _records,
    _records,
    st.sampled_from(["identifiers", "title-author-year", "bibliographic", "works"]),
    st.data(),
)
def test_a_pair_that_may_not_reach_a_threshold_does_not_whatever_the_weights(
    one: BibRecord, two: BibRecord, name: str, data: st.DataObject
) -> None:
    names = sorted(_REGISTRY.find(MatchRule, "bibliographic").weights)
    weights = data.draw(st.dictionaries(st.sampled_from(names), st.floats(-9, 9)))
    rule = weighed_rule(_REGISTRY, name, weights)
    left, right = match_fields(one), match_fields(two)
    found = rule.compare(left, right)

    threshold = data.draw(st.floats(0, 1) | st.just(found.score))

    assert rule.may_reach is not None
    assert rule.may_reach(left, right, threshold) or found.veto or found.score < threshold


def _doi(value: str) -> tuple[RecordIdentifier, ...]:
    return (RecordIdentifier(scheme="doi", value=value),)


def _articles(one: dict[str, Any], other: dict[str, Any]) -> Evidence:
    given = {"year": 2019, "journal": "Tạp chí Y học", "identifiers": _doi("10.1000/supplement")}
    left, right = (
        match_fields(BibRecord(source="a", identifier=name, **{**given, **values}))
        for name, values in (("1", one), ("2", other))
    )
    return _REGISTRY.find(MatchRule, "bibliographic").compare(left, right)


def test_a_doi_of_a_whole_issue_does_not_join_its_articles() -> None:
    found = _articles(
        {"titles": ("Gan nhiễm mỡ ở trẻ em",), "creators": ("Trần An",), "extent": "S12-S13"},
        {"titles": ("Loãng xương sau mãn kinh",), "creators": ("Lê Bình",), "extent": "S356"},
    )

    assert "doi-of-set" in found.reasons
    assert found.score < LIKELY_SCORE


def test_a_doi_joins_an_article_and_its_translated_title() -> None:
    found = _articles(
        {"titles": ("Gan nhiễm mỡ ở trẻ em",), "creators": ("Trần An",), "extent": "12-13"},
        {"titles": ("Fatty liver in children",), "creators": ("Tran An",), "extent": "12-13"},
    )

    assert "doi-shared" in found.reasons
    assert found.score >= LIKELY_SCORE


def test_a_title_with_another_word_is_another_book() -> None:
    found = _compared(titles=("Giáo trình vi phân",))

    assert "title-words-of-both" in found.reasons
    assert found.score < MERGE_SCORE  # though everything else is equal


def test_a_year_put_short_is_the_whole_one() -> None:
    rule = _REGISTRY.find(MatchRule, "bibliographic")
    one, two = (
        match_fields(BibRecord(source="a", identifier=title, titles=(title,)))
        for title in ("Hồi ký 1914-18", "Hồi ký 1914-1918")
    )

    assert not rule.compare(one, two).veto


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("The land is mine", "Land is mine, from tenancy to ownership"),
        ("Belle Scott; or, Liberty overthrown", "Belle Scott : or, Liberty overthrown"),
        ("A theory of everything explained", "Explained: a theory of everything"),
    ],
)
def test_titles_that_begin_otherwise_meet(left: str, right: str) -> None:
    keys = _REGISTRY.find(MatchRule, "bibliographic").keys
    one, two = (
        keys(
            match_fields(
                BibRecord(
                    source="a", identifier=title, titles=(title,), creators=("Abercrombie, John",)
                )
            )
        )
        for title in (left, right)
    )

    assert set(one) & set(two)


def test_a_title_without_its_diacritics_is_not_enough_by_itself() -> None:
    rule = _REGISTRY.find(MatchRule, "bibliographic")

    def veto(**more: Any) -> str:
        one, two = (
            match_fields(BibRecord(source="a", identifier=title, titles=(title,), **more))
            for title in ("Cơ sở văn hóa Việt Nam", "Co so van hoa Viet Nam")
        )
        return _said(rule.compare(one, two).veto)

    assert veto() == "only the title agrees, and one has no diacritics"
    assert veto(creators=("Trần Thị A", "Lê B")) == ""
    assert veto(year=2019) == ""
    assert veto(publishers=("Nxb. Giáo dục",)) == ""


def test_accents_of_other_languages_may_lack() -> None:
    one, two = (
        match_fields(BibRecord(source="a", identifier=title, titles=(title,)))
        for title in ("Über die Gärten von Köln", "Uber die Garten von Koln")
    )

    assert not _REGISTRY.find(MatchRule, "bibliographic").compare(one, two).veto


_EXAMS = {"creators": ("Nhóm Ôn Thi",), "publishers": ("Nxb. Trẻ",), "extent": ""}


def test_titles_of_one_pattern_are_told_apart_before_their_subtitles_too() -> None:
    one = {"titles": ("Cracking the World History Exam, Third Step: Proven Ways (Test Series)",)}
    two = {"titles": ("Cracking the European History Exam, Third Step: Proven Ways",)}

    assert "title-words-swapped" in _two({**_EXAMS, **one}, {**_EXAMS, **two}).reasons


def test_a_subtitle_that_goes_on_is_hardly_another() -> None:
    one = {"titles": ("Luyện thi lịch sử: những cách làm bài đã được kiểm nghiệm",)}
    two = {"titles": (f"{one['titles'][0]} (Tủ sách ôn thi đại học)",)}
    three = {"titles": ("Luyện thi lịch sử: hỏi đáp cùng các thầy cô nhiều kinh nghiệm",)}

    goes_on, differs = (
        _two({**_EXAMS, **one}, {**_EXAMS, **other}).score for other in (two, three)
    )
    assert goes_on > differs


@pytest.mark.parametrize(
    ("one", "two", "veto"),
    [
        (
            "Niên giám thống kê tỉnh Đồng Bằng",
            "Niên giám thống kê tỉnh Đồng Bằng",
            "year 2018 and 2019",
        ),
        ("Báo cáo thường niên", "Báo cáo thường niên", "year 2018 and 2019"),
        ("Niên giám thống kê 2018", "Niên giám thống kê 2018", ""),
        ("Thống kê kinh tế", "Thống kê kinh tế", ""),
    ],
)
def test_yearbooks_of_two_years_are_two_unless_the_title_says_of_which(
    one: str, two: str, veto: str
) -> None:
    found = _two({"titles": (one,), "year": 2018}, {"titles": (two,), "year": 2019})

    assert _said(found.veto) == veto


def test_a_disc_is_counted_however_it_is_called() -> None:
    said = {"titles": ("Tuyển tập dân ca CD1",)}

    assert _merges(_two(said, {"titles": ("Tuyển tập dân ca - đĩa 1",)}))
    assert _two(said, {"titles": ("Tuyển tập dân ca. CD 2",)}).veto


@given(st.data())
def test_what_meets_as_one_publication_meets_as_one_work(data: st.DataObject) -> None:
    words = st.sampled_from(("giải", "tích", "hàm", "cơ", "sở", "1", "T.2", ":", "history"))
    fields = match_fields(
        BibRecord(
            source="a",
            identifier="1",
            titles=(" ".join(data.draw(st.lists(words, min_size=1, max_size=6))),),
            creators=data.draw(st.sampled_from(((), ("Trần An",), ("Smith, John",)))),
            year=data.draw(st.sampled_from((None, 2019))),
            extent="210 tr.",
            identifiers=_isbn("9786041234562"),
        )
    )
    publications, works = (_REGISTRY.find(MatchRule, one) for one in ("bibliographic", "works"))

    assert set(publications.keys(fields)) <= set(works.keys(fields))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Ngữ pháp tiếng Pháp", "Phương pháp tính toán"),
        ("Bài tập thủy lực", "Vở bài tập toán lớp bốn"),
        ("Tiếng Hàn trung cấp", "Giáo trình hệ trung cấp nghề hàn"),
    ],
)
def test_titles_that_share_syllables_by_chance_are_two_though_all_else_is_equal(
    one: str, two: str
) -> None:
    assert _two({"titles": (one,)}, {"titles": (two,)}).score < LIKELY_SCORE
