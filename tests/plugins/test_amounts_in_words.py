import pytest
from hypothesis import given
from hypothesis import strategies as st

from libconsortium import Money, Registry, SettingsError, UnknownNameError, amount_in_words
from libconsortium.contributions import Language
from libconsortium.plugins.english.numerals import number_in_words as english
from libconsortium.plugins.vietnam.numerals import number_in_words as vietnamese

REGISTRY = Registry()
LANGUAGES = REGISTRY.all(Language)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (55, "năm mươi lăm"),
        (100, "một trăm"),
        (105, "một trăm lẻ năm"),
        (110, "một trăm mười"),
        (1_000, "một nghìn"),
        (1_001, "một nghìn không trăm lẻ một"),
        (10_015, "mười nghìn không trăm mười lăm"),
        (1_000_000, "một triệu"),
        (101_250_000, "một trăm lẻ một triệu hai trăm năm mươi nghìn"),
        (1_000_000_005, "một tỷ không trăm lẻ năm"),
        (
            2_138_947_369,
            "hai tỷ một trăm ba mươi tám triệu chín trăm bốn mươi bảy nghìn ba trăm sáu mươi chín",
        ),
        (5_000_000_000_000, "năm nghìn tỷ"),
    ],
)
def test_a_number_is_said_in_vietnamese(number: int, words: str) -> None:
    assert vietnamese(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (21, "twenty-one"),
        (105, "one hundred and five"),
        (1_001, "one thousand and one"),
        (
            2_138_947,
            "two million one hundred and thirty-eight thousand nine hundred and forty-seven",
        ),
    ],
)
def test_a_number_is_said_in_english(number: int, words: str) -> None:
    assert english(number) == words


@given(
    st.integers(0, 10**18),
    st.sampled_from([{}, {"zero-ten": "linh", "thousand": "ngàn"}, {"four": "bốn"}]),
)
def test_vietnamese_words_are_read_back(number: int, choices: dict[str, str]) -> None:
    assert LANGUAGES["vi"].from_words(vietnamese(number, choices)) == number


@given(st.integers(0, 10**20))
def test_english_words_are_read_back(number: int) -> None:
    assert LANGUAGES["en"].from_words(english(number)) == number


@pytest.mark.parametrize(
    ("language", "said", "number"),
    [
        ("vi", "Một trăm linh một triệu hai trăm năm mươi ngàn đồng chẵn./.", 101_250_000),
        ("vi", "hai triệu rưỡi", 2_500_000),
        ("vi", "hai tỉ", 2 * 10**9),
        ("vi", "đồng", None),
        ("vi", "", None),
        ("vi", "một nghìn triệu", None),
        ("vi", "trăm", None),
        ("vi", "hai ba", None),
        ("vi", "hai mười", None),
        ("en", "One hundred and one million dong only", 101_000_000),
        ("en", "one thousand million", None),
        ("en", "hundred", None),
        ("en", "dong", None),
    ],
)
def test_words_are_read_or_refused(language: str, said: str, number: int | None) -> None:
    assert LANGUAGES[language].from_words(said) == number


@pytest.mark.parametrize(
    ("amount", "language", "choices", "words"),
    [
        (Money(101_250_000, "VND"), "vi", {}, "Một trăm lẻ một triệu hai trăm năm mươi nghìn đồng"),
        (
            Money(101_250_000, "VND"),
            "vi",
            {"zero-ten": "linh", "thousand": "ngàn", "ending": "chẵn"},
            "Một trăm linh một triệu hai trăm năm mươi ngàn đồng chẵn",
        ),
        (Money(-5, "VND"), "vi", {}, "Âm năm đồng"),
        (Money(1250, "USD"), "vi", {}, "Mười hai đô la Mỹ năm mươi xu"),
        (Money(1250, "KWD"), "vi", {}, "Một phẩy hai năm KWD"),
        (Money(1, "VND"), "en", {}, "One Vietnamese dong"),
        (Money(101, "USD"), "en", {}, "One US dollar and one cent"),
        (Money(-200, "USD"), "en", {}, "Minus two US dollars"),
        (Money(1250, "KWD"), "en", {}, "One point two five KWD"),
        (Money(105, "JPY"), "en", {"and": ""}, "One hundred five JPY"),
    ],
)
def test_amounts_in_words(
    amount: Money, language: str, choices: dict[str, str], words: str
) -> None:
    assert amount_in_words(amount, language, REGISTRY, choices=choices) == words


@pytest.mark.parametrize(("language", "name"), [("vi", "thousand"), ("en", "thousand")])
def test_a_spelling_that_there_is_not_is_told_with_those_there_are(
    language: str, name: str
) -> None:
    with pytest.raises(SettingsError, match="there are: "):
        amount_in_words(Money(5, "VND"), language, REGISTRY, choices={name: "nghin"})


def test_a_language_that_no_plugin_gives_is_told() -> None:
    with pytest.raises(UnknownNameError, match="no language called 'fr'"):
        amount_in_words(Money(5, "VND"), "fr", REGISTRY)
