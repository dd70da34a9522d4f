"""What the table of places that we give makes of titles as catalogues have them (invented)."""

from __future__ import annotations

import tomllib

import pytest

from libconsortium import Doubt, PlaceFinder, PlaceRule, Registry, place_finder
from libconsortium.plugins.vietnam.presets import places_text, provinces_text


@pytest.fixture(scope="module")
def finder() -> PlaceFinder:
    found = place_finder(Registry(), "vn-provinces")
    assert found is not None
    return found


def test_it_has_the_provinces_of_before_and_now() -> None:
    table, merger = tomllib.loads(places_text()), tomllib.loads(provinces_text())
    names = {one["id"]: one["name"] for one in merger["before"]}
    of_2025 = [one for one in table["former"] if "until" not in one]

    assert [one["name"] for one in table["provinces"]] == [one["name"] for one in merger["after"]]
    assert {(one["name"], *one["now"]) for one in of_2025} == {
        (names[former], one["name"]) for one in merger["after"] for former in one["formed_from"]
    }
    assert table["changed"] == merger["date"]


@pytest.mark.parametrize(
    ("text", "year", "now", "before"),
    [
        ("Địa chí tỉnh Hải Dương", 2004, "Hải Phòng", "Hải Dương"),
        ("Nhà máy thủy điện ở Hoà Bình", 1990, "Phú Thọ", "Hòa Bình"),
        ("Lịch sử Đảng bộ tỉnh Hà Bắc", 1995, "Bắc Ninh", "Hà Bắc"),
        ("Lich su dang bo tinh Nghe An", 1999, "Nghệ An", "Nghệ An"),
        ("Nghề cá Bà Rịa - Vũng Tàu", 2001, "Hồ Chí Minh", "Bà Rịa–Vũng Tàu"),
        ("Kinh tế TP.HCM", 2012, "Hồ Chí Minh", "Hồ Chí Minh"),
        ("Cồng chiêng Đăk Lăk", 2012, "Đắk Lắk", "Đắk Lắk"),
        ("Thừa Thiên - Huế xưa và nay", 1998, "Huế", "Huế"),
        ("Tourism in Hanoi", 2012, "Hà Nội", "Hà Nội"),
        ("Quảng Nam - Đà Nẵng 30 năm", 1985, "Đà Nẵng", "Quảng Nam Đà Nẵng"),
        ("Đê biển Nam Định", 2024, "Ninh Bình", "Nam Định"),
        ("Tuyên Quang hôm nay", 2026, "Tuyên Quang", ""),
        ("Cao Bằng hôm nay", 2026, "Cao Bằng", "Cao Bằng"),
        ("Thị xã Hưng Yên thời thuộc Pháp", 1990, "Hưng Yên", "Hưng Yên"),
        ("HƯNG YÊN 30 NĂM", 1990, "Hưng Yên", "Hưng Yên"),
        ("An Giang – đất và người", 2010, "An Giang", "An Giang"),
        ("Vĩnh Long xưa", 1999, "Vĩnh Long", "Vĩnh Long"),
        ("Lễ hội ở Long An", 2003, "Tây Ninh", "Long An"),
        ("Núi và hồ Tây Ninh", 2003, "Tây Ninh", "Tây Ninh"),
        ("Rice farming in Thai Binh", 2003, "Hưng Yên", "Thái Bình"),
        ("Huyện Quảng Ninh xưa và nay", 2003, "Quảng Trị", "Quảng Bình"),
        ("Muối biển huyện Hoà Bình", 2003, "Cà Mau", "Bạc Liêu"),
    ],
)
def test_what_speaks_of_a_province(
    finder: PlaceFinder, text: str, year: int, now: str, before: str
) -> None:
    (tag,) = finder.places({"titles": [text]}, year=year).tags

    assert (tag.now, tag.before) == (now, before)


@pytest.mark.parametrize(
    "text",
    [
        "Hải dương học đại cương",
        "Hòa bình và chiến tranh",
        "Khu vực châu Á – Thái Bình Dương",
        "Tư tưởng Hồ Chí Minh",
        "Chiến dịch Điện Biên Phủ",
        "Rừng ngập nước Đồng Tháp Mười",
        "Đồng bằng sông Cửu Long",
        "Nhà số 5 đường Thái Nguyên",
        "Giá lại tăng, cao bằng năm trước",
        "hòa bình thế giới",
        "Hoà Bình Thế Giới",
        "HÒA BÌNH THẾ GIỚI",
        "Chiến Tranh Và Hòa Bình",
        "Chống diễn biến Hòa Bình",
        "Thái bình thịnh trị",
        "Đời sống ở hải dương",
        "Chính sách bình định nông thôn",
        "Bình Định Vương Lê Lợi",
        "Kỹ thuật thanh hóa không khí",
        "Hà Nam (Trung Quốc) thời Tống",
        "Tập đoàn Hòa Bình",
        "Sông Hậu Giang",
    ],
)
def test_what_does_not(finder: PlaceFinder, text: str) -> None:
    found = finder.places({"titles": [text]}, year=2000)

    assert (found.tags, found.doubts) == ((), ())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Hòa Bình trong trái tim", Doubt.COMMON),
        ("HẢI DƯƠNG 1945–1975", Doubt.COMMON),
        ("SINH VẬT Ở HẢI DƯƠNG", Doubt.COMMON),
        ("CHÍNH SÁCH BÌNH ĐỊNH CỦA MỸ", Doubt.COMMON),
        ("Thơ Trần Vĩnh Long", Doubt.PERSON),
        ("Lê Thị Tây Ninh", Doubt.PERSON),
        ("Nhà văn Thái Bình", Doubt.PERSON),
        ("Tuyển tập GS. Hưng Yên", Doubt.PERSON),
        ("Xã Hòa Bình anh hùng", Doubt.SMALLER),
        ("Phường Long An", Doubt.SMALLER),
        ("Huyện An Giang", Doubt.SMALLER),
        ("Nguyễn Thái Bình: một đời người", Doubt.PERSON),
        ("Nghe An xua", Doubt.NO_DIACRITICS),
        ("Kinh tế Hải Hưng", Doubt.DIVIDED),
    ],
)
def test_what_nobody_can_tell(finder: PlaceFinder, text: str, why: Doubt) -> None:
    assert [one.why for one in finder.places({"titles": [text]}, year=1990).doubts] == [why]


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("Hòa Bình", "Hòa Bình"),
        ("Hoa Binh", "Hòa Bình"),
        ("Việt Nam -- Hoà Bình -- Mai Châu", "Hòa Bình"),
        ("Hồ Chí Minh", "Hồ Chí Minh"),
        ("VN-14", "Hòa Bình"),
        ("vn-44", "An Giang"),
        ("Huyện Hòa Bình", "Bạc Liêu"),
    ],
)
def test_a_field_of_places_needs_no_sign(finder: PlaceFinder, text: str, before: str) -> None:
    (tag,) = finder.places({"coverage": [text]}, year=2004).tags

    assert (tag.before, tag.field, tag.rule) == (before, "coverage", PlaceRule.FIELD)


@pytest.mark.parametrize("text", ["Thái Bình Dương", "1945-1975", "Đông Nam Á", "Xã Hòa Bình"])
def test_not_every_place_is_a_province(finder: PlaceFinder, text: str) -> None:
    assert finder.places({"coverage": [text]}, year=2004).tags == ()


def test_the_field_of_places_settles_the_doubt_of_a_title(finder: PlaceFinder) -> None:
    titles = ["Hòa Bình trong trái tim"]

    found = finder.places({"titles": titles, "coverage": ["Hòa Bình (tỉnh)"]}, year=2004)
    other = finder.places({"titles": titles, "coverage": ["Nghệ An"]}, year=2004)

    assert found.doubts == ()
    assert [one.why for one in other.doubts] == [Doubt.COMMON]


def test_who_published_it_where_says_nothing(finder: PlaceFinder) -> None:
    assert not finder.places({"publishers": ["NXB Nghệ An"]}).facets()
