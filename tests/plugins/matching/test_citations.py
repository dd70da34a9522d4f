"""Citations and shops' lists: the same publication, written in ways that catalogues do not."""

from __future__ import annotations

from typing import Any

import pytest

from libconsortium import (
    LIKELY_SCORE,
    MERGE_SCORE,
    BibRecord,
    Evidence,
    MatchFields,
    MatchRule,
    RecordIdentifier,
    Registry,
    match_fields,
    reason_said,
)

_RULE = Registry().find(MatchRule, "bibliographic")
_ARTICLE = {
    "titles": ("Learning boolean queries from counted examples",),
    "creators": ("A. Brandt", "M. Okafor"),
    "year": 1993,
    "journal": "Information and Counting",
    "volume": "103",
    "extent": "299-347",
}


def _read(identifier: str, **said: Any) -> MatchFields:
    return match_fields(BibRecord(source="a", identifier=identifier, **said))


def _cited(**other: Any) -> Evidence:
    return _RULE.compare(_read("1", **_ARTICLE), _read("2", **{**_ARTICLE, **other}))


def _joined(found: Evidence, threshold: float = LIKELY_SCORE) -> bool:
    return not found.veto and found.score >= threshold


@pytest.mark.parametrize(
    "other",
    [
        {"volume": "103(2)"},
        {"volume": "103(2"},
        {"volume": "103, 2"},
        {"volume": "103.2"},
        {"year": 1997},
        {"year": 1997, "extent": ""},
        {"volume": "130"},
        {"titles": ("1993. Learning boolean queries from counted examples",)},
        {"creators": ("A. Brandtandm", "Okafor")},
    ],
)
def test_one_figure_misprinted_leaves_an_article_the_same(other: dict[str, Any]) -> None:
    assert _joined(_cited(**other))


@pytest.mark.parametrize(
    "other",
    [
        {"year": 1997, "volume": "107"},
        {"volume": "104", "extent": ""},
        {"volume": "104", "extent": "12-30"},
        {"year": 1997, "volume": ""},
        {"titles": ("Learning boolean queries from counted examples II",), "volume": "104"},
        {"volume": "130", "creators": ("C. Nowak",)},
        {"volume": "130", "creators": ()},
    ],
)
def test_two_figures_that_differ_make_another_article(other: dict[str, Any]) -> None:
    assert not _joined(_cited(**other))


def test_a_year_in_a_title_counts_where_the_other_has_one_too() -> None:
    one, two = (
        _read(str(year), titles=(f"Proceedings of counting {year}",), types=("proceedings",))
        for year in (1998, 1999)
    )

    assert _RULE.compare(one, two).veto


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Harbour lights: a novel (Ada Voss Novels)", "Harbour lights (Ada Voss Series #4)"),
        ("Male gardens, Vol. 1: plots (History of plots, Vol. 22) (Volume 1)", "Male gardens v. 1"),
    ],
)
def test_series_in_brackets_are_no_title_and_no_volume(one: str, two: str) -> None:
    said = {"creators": ("Ida Lund",), "year": 2007, "publishers": ("Lantern",), "extent": "330"}

    assert _joined(
        _RULE.compare(_read("1", titles=(one,), **said), _read("2", titles=(two,), **said))
    )


def test_a_volume_in_brackets_alone_is_a_volume() -> None:
    assert _read("1", titles=("Giải tích (Tập 2)",)).volume == "2"
    assert _read("1", titles=("Black book 2017",)).volume == ""


@pytest.mark.parametrize(
    ("one", "two", "is_joined"),
    [
        ("Sông dài trọn bộ 7 tập", "Sông dài (trọn bộ)", True),
        ("Sông dài trọn bộ 7 tập", "Sông dài (7 tập)", True),
        ("Sông dài trọn bộ 7 tập", "Sông dài. Tập 1", False),
        ("Sông dài (trọn bộ)", "Sông dài. Tập 1", False),
        ("Sông dài trọn bộ 7 tập", "Sông dài trọn bộ 3 tập", False),
    ],
)
def test_a_whole_set_is_none_of_its_volumes_and_one_work(
    one: str, two: str, *, is_joined: bool
) -> None:
    said = {"creators": ("Lê Văn Khải",), "year": 2010, "publishers": ("Nxb. Trẻ",)}
    read = [_read(title, titles=(title,), **said) for title in (one, two)]

    assert _joined(_RULE.compare(*read)) is is_joined
    assert _joined(Registry().find(MatchRule, "works").compare(*read))


def test_an_amended_law_is_another() -> None:
    one, two = (
        _read(title, titles=(title,), year=2014)
        for title in ("Luật đất đai", "Luật đất đai (sửa đổi)")
    )

    assert str(reason_said(_RULE.compare(one, two).veto)) == "one only is amended"


@pytest.mark.parametrize(
    ("title", "is_joined"),
    [
        ("Kinh tế nông thôn vùng ven biển", True),
        ("Giải tích", False),
        ("Lời nói đầu", False),
        ("Báo cáo tổng kết", False),
    ],
)
def test_where_a_file_has_titles_only_long_ones_decide(title: str, *, is_joined: bool) -> None:
    found = _RULE.compare(_read("1", titles=(title,)), _read("2", titles=(title.upper(),)))

    assert _joined(found) is is_joined
    assert not _joined(found, MERGE_SCORE)


def test_an_editorial_is_known_by_its_pages() -> None:
    one = _read("1", titles=("Editorial",), creators=("A. Brandt",), year=2001)
    paged = {"titles": ("Editorial",), "creators": ("A. Brandt",), "year": 2001, "extent": "1-3"}

    assert not _joined(_RULE.compare(one, one))
    assert _joined(_RULE.compare(_read("1", **paged), _read("2", **paged)))


def test_a_surname_shared_counts_less_against() -> None:
    glued, others = (
        _cited(creators=(name,)).reasons for name in ("A Brandtandmokafor", "C. Nowak")
    )

    assert "creators-near" in glued
    assert "creators-apart" in others


_DOI = (RecordIdentifier(scheme="doi", value="10.5555/ic.103"),)
_OTHER_DOI = (RecordIdentifier(scheme="doi", value="10.5555/ic.301"),)


def test_a_shared_doi_outranks_a_volume_that_is_the_year() -> None:
    one = _read("1", **_ARTICLE, identifiers=_DOI)
    other = _read("2", **{**_ARTICLE, "volume": "1993", "extent": ""}, identifiers=_DOI)

    assert _joined(_RULE.compare(one, other), MERGE_SCORE)


def test_two_doi_of_one_place_are_one_misprinted() -> None:
    one = _read("1", **_ARTICLE, identifiers=_DOI)

    assert _joined(_RULE.compare(one, _read("2", **_ARTICLE, identifiers=_OTHER_DOI)))


@pytest.mark.parametrize(
    "other", [{"extent": "411-420"}, {"journal": "Letters in Botany"}, {"volume": ""}]
)
def test_two_doi_of_other_places_are_two_articles(other: dict[str, str]) -> None:
    one = _read("1", **_ARTICLE, identifiers=_DOI)
    two = _read("2", **{**_ARTICLE, **other}, identifiers=_OTHER_DOI)

    assert _RULE.compare(one, two).veto


def test_a_doi_of_a_supplement_is_that_of_many_abstracts() -> None:
    said = {**_ARTICLE, "extent": "", "identifiers": _DOI}
    two = _read(
        "2",
        **{
            **said,
            "titles": ("Noisy counters in small networks of switches",),
            "creators": ("A. Brandt", "M. Okafor", "L. Saar"),
        },
    )

    assert not _joined(_RULE.compare(_read("1", **said), two))
