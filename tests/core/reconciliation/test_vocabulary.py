import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from libconsortium import Vocabulary, levelled
from libconsortium.core.reconciliation.vocabulary import any_of


@given(st.text())
def test_levelling_keeps_every_place(text: str) -> None:
    assert len(levelled(text)) == len(unicodedata.normalize("NFC", text))


def test_both_places_of_the_tone_mark_are_one() -> None:
    assert levelled("HOÀ khoẻ thuỷ") == levelled("Hòa khỏe thủy")


def test_no_words_are_found_nowhere() -> None:
    assert re.search(any_of([]), "anything") is None


def test_the_longest_word_is_found_first_and_only_alone() -> None:
    pattern = re.compile(any_of(["tổng", "tổng  cộng", "đ", "%"]))

    assert [one[0] for one in pattern.finditer("tổng\ncộng 5đ đi 7%")] == ["tổng\ncộng", "đ", "%"]


def test_words_are_listed_by_meaning() -> None:
    words = Vocabulary.of(
        {
            "language": "xx",
            "decimal": ".",
            "units": {"people": {"members": ["Member"]}},
            "before": {">": ["over"]},
            "roles": {"total": ["Total"]},
            "patterns": {"year": [r"y\d{4}"]},
        }
    )

    assert words.units == {"member": "members"}
    assert words.families == {"members": "people"}
    assert re.search(words.role("total"), "total") is not None
