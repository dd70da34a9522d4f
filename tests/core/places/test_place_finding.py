from __future__ import annotations

import unicodedata
from datetime import date
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import (
    Doubt,
    FormerProvince,
    PlaceFinder,
    PlaceRule,
    Places,
    PlaceTable,
    ProvinceName,
    SettingsError,
)

_TABLE = PlaceTable(
    changed=date(2025, 7, 1),
    provinces=(
        ProvinceName(name="Hải Phòng", also=("Haiphong",)),
        ProvinceName(name="Hưng Yên"),
        ProvinceName(name="Huế", also=("Thừa Thiên Huế",)),
    ),
    former=(
        FormerProvince(
            name="Hải Dương", now=("Hải Phòng",), is_common=True, unless_before=("học",)
        ),
        FormerProvince(name="Hải Phòng", now=("Hải Phòng",), also=("Haiphong",)),
        FormerProvince(name="Hải Hưng", now=("Hải Phòng", "Hưng Yên"), until=1996),
        FormerProvince(name="Hưng Yên", now=("Hưng Yên",)),
        FormerProvince(name="Huế", now=("Huế",), also=("Thừa Thiên Huế",)),
        FormerProvince(name="Cửu Long", now=("Huế",), only_with_sign=True, until=1991),
        FormerProvince(name="Cừu Lòng", now=("Huế",), until=1991),
    ),
    fields=("titles", "subjects", "coverage"),
    signs=("tỉnh", "thành phố"),
    signs_behind=("province",),
    unless_after=("phố",),
    smaller=("huyện",),
    hints=("ở",),
    people=("ông",),
    surnames=("Nguyễn",),
)
_FINDER = PlaceFinder(_TABLE)


def _found(text: str, year: int | None = None) -> Places:
    return _FINDER.places({"titles": [text]}, year=year)


def _tags(text: str, year: int | None = None) -> list[tuple[str, str, PlaceRule]]:
    return [(tag.now, tag.before, tag.rule) for tag in _found(text, year).tags]


def _doubts(text: str, year: int | None = None) -> list[Doubt]:
    return [doubt.why for doubt in _found(text, year).doubts]


def test_a_province_that_is_no_more_is_found_under_both_names() -> None:
    found = _found("Địa chí tỉnh Hải Dương", 2004)

    assert found.facets() == {"place": ("Hải Phòng",), "place-before": ("Hải Dương",)}
    assert found.tags[0].words == "Hải Dương"
    assert found.tags[0].field == "titles"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_the_words_are_given_as_written(form: Literal["NFC", "NFD"]) -> None:
    text = unicodedata.normalize(form, "Tỉnh HẢI DƯƠNG xưa")

    (tag,) = _found(text).tags

    assert tag.words in text
    assert unicodedata.normalize("NFC", tag.words) == "HẢI DƯƠNG"


def test_an_ordinary_word_is_no_place() -> None:
    for text in ("Hải dương học", "HẢI DƯƠNG HỌC", "tỉnh Hải Dương học", "hải dương sâu, Thụy"):
        assert _found(text) == Places()


def test_a_common_name_without_a_sign_is_reported() -> None:
    found = _found("Hải Dương và tôi")

    assert found.tags == ()
    assert [(one.words, one.meant) for one in found.doubts] == [("Hải Dương", ("Hải Dương",))]
    assert _doubts("hải dương") == _doubts("HẢI DƯƠNG") == [Doubt.COMMON]


def test_a_name_behind_a_family_name_is_perhaps_somebodys() -> None:
    assert _doubts("Nguyễn Huế") == [Doubt.PERSON]
    assert _tags("Tỉnh Huế") == [("Huế", "Huế", PlaceRule.SIGN)]


def test_a_street_is_no_province_and_a_city_is() -> None:
    assert _found("Phố Huế") == Places()
    assert _tags("Thành phố Huế") == [("Huế", "Huế", PlaceRule.SIGN)]


def test_a_smaller_place_of_the_same_name_is_reported() -> None:
    assert _doubts("huyện Huế") == [Doubt.SMALLER]


def test_behind_a_title_a_name_is_somebodys() -> None:
    assert _doubts("ông Huế") == [Doubt.PERSON]


def test_a_hint_makes_a_place_of_what_is_written_as_a_name() -> None:
    assert _tags("ở Hải Dương", 2004) == [("Hải Phòng", "Hải Dương", PlaceRule.SIGN)]
    assert _found("Sóng ở hải dương") == Places()
    assert _doubts("SÓNG Ở HẢI DƯƠNG") == [Doubt.COMMON]


def test_a_word_counts_where_capitals_tell() -> None:
    name = ProvinceName(name="Bình Định", is_word=True, unless_after=("thời",))
    finder = PlaceFinder(PlaceTable(changed=date(2025, 7, 1), provinces=(name,)))

    def found(text: str) -> Places:
        return finder.places({"titles": [text]})

    assert [tag.now for tag in found("Nhớ Bình Định").tags] == ["Bình Định"]
    assert [one.why for one in found("NHỚ BÌNH ĐỊNH").doubts] == [Doubt.COMMON]
    assert found("Thời Bình Định") == Places()


def test_the_longest_name_is_meant() -> None:
    assert _tags("Thừa Thiên - Huế", 1999) == [("Huế", "Huế", PlaceRule.ALSO)]


def test_diacritics_matter() -> None:
    assert _found("Hái Dưỡng, Huệ") == Places()


def test_a_text_without_diacritics_needs_a_sign() -> None:
    assert _doubts("Hue xua") == [Doubt.NO_DIACRITICS]
    assert _tags("Tinh Hue") == [("Huế", "Huế", PlaceRule.SIGN)]
    assert _tags("Rice in Hue province") == [("Huế", "Huế", PlaceRule.SIGN)]
    assert _tags("Rice in Haiphong", 1990) == [("Hải Phòng", "Hải Phòng", PlaceRule.ALSO)]


def test_a_writing_of_several_provinces_is_reported() -> None:
    found = _found("tinh Cuu Long")

    assert found.tags == ()
    assert [(one.meant, one.why) for one in found.doubts] == [
        (("Cửu Long", "Cừu Lòng"), Doubt.SEVERAL)
    ]


def test_what_is_nearly_always_something_else_needs_a_sign() -> None:
    assert _found("Cửu Long") == Places()
    assert _tags("tỉnh Cửu Long", 1985) == [("Huế", "Cửu Long", PlaceRule.SIGN)]


def test_a_divided_province_has_no_single_one_today() -> None:
    found = _found("Hải Hưng", 1990)

    assert found.facets() == {"place-before": ("Hải Hưng",)}
    assert [(one.why, one.meant) for one in found.doubts] == [
        (Doubt.DIVIDED, ("Hải Phòng", "Hưng Yên"))
    ]


@pytest.mark.parametrize("year", [None, 2025, 2026])
def test_a_name_that_stayed_on_a_larger_province_means_that_one(year: int | None) -> None:
    assert _tags("Hải Phòng", year) == [("Hải Phòng", "", PlaceRule.NAME)]
    assert _doubts("Hải Phòng", year) == [Doubt.SAME_NAME]


def test_before_the_change_it_means_the_one_of_before() -> None:
    assert _tags("Hải Phòng", 2024) == [("Hải Phòng", "Hải Phòng", PlaceRule.NAME)]
    assert _doubts("Hải Phòng", 2024) == []


def test_a_province_of_now_alone_has_no_name_of_before() -> None:
    table = PlaceTable(changed=date(2025, 7, 1), provinces=(ProvinceName(name="Huế"),))

    (tag,) = PlaceFinder(table).places({"titles": ["Huế"]}).tags

    assert (tag.now, tag.before) == ("Huế", "")


def test_only_the_fields_of_the_table_are_looked_at() -> None:
    found = _FINDER.places({"publishers": ["Huế"], "subjects": ["Huế", "Huế"]})

    assert [tag.field for tag in found.tags] == ["subjects"]


def test_a_province_that_belongs_to_none_is_refused() -> None:
    with pytest.raises(SettingsError) as caught:
        PlaceTable(
            changed=date(2025, 7, 1),
            provinces=(ProvinceName(name="Huế"),),
            former=(FormerProvince(name="Hà Tây", now=("Hà Nội",)),),
        )

    assert "Hà Nội" in str(caught.value)


@given(st.text() | st.text("HảiDươngPhòuế ỉtnh-"))
def test_every_tag_quotes_its_text(text: str) -> None:
    found = _found(text)

    assert all(tag.words in text for tag in found.tags)
    assert all(doubt.words in text for doubt in found.doubts)


def test_a_field_of_places_needs_no_sign_and_settles_the_doubt_of_a_title() -> None:
    texts = {"titles": ["Hải Dương và tôi"], "coverage": ["hải dương"]}

    found = _FINDER.places(texts, year=2004)

    assert [(tag.field, tag.before, tag.rule) for tag in found.tags] == [
        ("coverage", "Hải Dương", PlaceRule.FIELD)
    ]
    assert found.doubts == ()
    assert [one.why for one in _FINDER.places({"coverage": ["huyện Huế"]}).doubts] == [
        Doubt.SMALLER
    ]
