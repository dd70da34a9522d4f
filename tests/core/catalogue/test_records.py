from datetime import UTC, datetime

import pytest

from libconsortium import BibRecord, HarvestPage, RawRecord, is_same_content, year_in


def test_the_same_content_has_the_same_hash() -> None:
    one = RawRecord(source="a", identifier="1", content=b"<dc/>")
    other = RawRecord(source="b", identifier="2", content=b"<dc/>")

    assert one.content_hash == other.content_hash


@pytest.mark.parametrize(
    ("content", "other", "same"),
    [
        (b"<a b='1'/>", b'<a b="1"></a>', True),
        (b"<a/>", b"<b/>", False),
        (b"title=a", b"<a/>", False),
        (b"<a/>", b"title=a", False),
        (b"title=a", b"title=a", True),
    ],
)
def test_content_is_compared_as_xml_where_it_is_xml(
    *, content: bytes, other: bytes, same: bool
) -> None:
    assert is_same_content(content, other) is same


def test_a_pages_hash_is_that_of_its_bytes() -> None:
    received = datetime(2025, 1, 1, tzinfo=UTC)
    pages = [
        HarvestPage(number=1, url="http://x", body=body, received=received)
        for body in (b"a", b"a", b"b")
    ]

    assert pages[0].body_hash == pages[1].body_hash != pages[2].body_hash


def test_the_main_title_is_the_first() -> None:
    assert BibRecord(source="a", identifier="1", titles=("Kiều", "Kim Vân Kiều")).title == "Kiều"


def test_a_record_without_title_has_an_empty_one() -> None:
    assert BibRecord(source="a", identifier="1").title == ""


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2019-05-01", 2019),
        ("c1998", 1998),
        ("[2004?]", 2004),
        ("3025", None),
        ("31/12/2020", 2020),
        ("1399", None),
        ("20190501", None),
        ("\uff12\uff10\uff11\uff19", None),
        ("", None),
        ("Hà Nội, 1958, in lại 2001", 1958),
        ("[19--?]", None),
        ("Nhâm Tuất", None),
        ("Nhâm Tuất [1922]", 1922),
        ("Minh Mạng 12 [1831]", 1831),
        ("MCMXCVIII", 1998),
        ("MMXIX", 2019),
        ("MDCCCXLII", 1842),
        ("M. Gorki", None),
    ],
)
def test_a_year_is_four_digits_that_make_sense(text: str, year: int | None) -> None:
    assert year_in(text, latest=2027) == year
