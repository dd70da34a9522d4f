from __future__ import annotations

import subprocess
import unicodedata
from collections.abc import Callable
from shutil import which

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from libconsortium import LegacyEvidence, Registry, RepairedText, TextRepair
from libconsortium.plugins.vietnam.encodings import legacy_encoding
from libconsortium.plugins.vietnam.syllables import is_surely_vietnamese, is_syllable

REPAIRS = Registry().all(TextRepair)
SAFE = [name for name, repair in REPAIRS.items() if repair.is_safe]
LEGACY = ["tcvn3", "vni", "viscii", "vps"]

VIETNAMESE = (
    "Cộng hoà xã hội chủ nghĩa Việt Nam",
    "Những nguyên tắc cần tuân thủ",
    "Thư viện Quốc gia Việt Nam",
    "Giáo trình giải tích hàm nhiều biến",
    "Nghiên cứu ứng dụng công nghệ thông tin trong quản lý",
    "Truyện Kiều khảo chú",
    "Kỹ thuật thuỷ lợi và môi trường đồng bằng sông Cửu Long",
    "Lịch sử Đảng bộ tỉnh Quảng Ngãi",
    "Phương pháp giảng dạy tiếng Việt ở trường tiểu học",
    "Luật sở hữu trí tuệ, quyền tác giả và những điều cần biết",
)
OTHERS = (
    "Études littéraires : l'île mystérieuse, où êtes-vous ? Noël, garçon, cœur",
    "Über die Größe der Wälder – Straßen & Häuser „schön“",
    "¿Qué pasó mañana? El niño comió piñas; «mamá»… Panamá”",
    "Ação e coração: não há pães, IRMÃ MARIA, SÃO JOÃO",
    "Það er gott að Guðrún og Þórður sjá eðlisfræði",
    "Příliš žluťoučký kůň úpěl ďábelské ódy",
    "Zażółć gęślą jaźń",
    "İstanbul'da çığlık, şöyle güneş",  # noqa: RUF001 - Turkish
    "Hwæt! We Gardena ðæt ðe",
    "Война и мир; Θεός; 漢字源; ไทย; עברית; العربية",
    "AT&T; R&D; Q&A; a &lt b; 5 < 6; x^2 + y^2 (a+b)",
    "What? Is it so. Cafe. To be or not to be?",
    "Gödel, Escher, Bach: an Eternal Golden Braid",
    "Ha Noi, Viet Nam; Dai hoc Bach khoa",
    "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ àáâãèéêìíòóôõùúý ß ñ ø å",
    "São Tomé e Príncipe – 30 °C ± 2, § 5, © 2020, 50 µm, ½",
)


def repaired(name: str, text: str) -> RepairedText:
    repair = REPAIRS[name]
    return repair.repair(text) if repair.concerns(text) else RepairedText(text=text)


def lost(name: str, text: str) -> str:
    return str(repaired(name, text).loss)


# ---------------------------------------------------------------- the examples of the field


@pytest.mark.parametrize(
    ("name", "damaged", "text"),
    [
        ("html-entities", "Th&#432; Vi&#7879;n", "Thư Viện"),
        ("html-entities", "Th&amp;#x1B0; Vi&amp;amp;#7879;n", "Thư Viện"),
        ("html-entities", "&quot;S&oacute;ng&quot; &ndash; th&#417;", '"Sóng" – thơ'),
        ("html-entities", "&#150;", "–"),
        ("double-utf8", "ThÆ° viá»‡n Quá»‘c gia", "Thư viện Quốc gia"),
        ("double-utf8", "cafÃ© crÃ¨me", "café crème"),
        ("double-utf8", "â€œSÃ³ngâ€\x9d", "“Sóng”"),
        ("nfc", unicodedata.normalize("NFD", "Việt"), "Việt"),
        ("invisible", "th\u00adư\u200b vi\ufeffện", "thư viện"),
        ("d-stroke", "Ðại học Ðà Nẵng, ðồng chí", "Đại học Đà Nẵng, đồng chí"),
        ("tcvn3", "Nh÷ng nguyªn t¾c cÇn tu©n thñ", "Những nguyên tắc cần tuân thủ"),
        ("tcvn3", "Nh÷ng nguyªn t¾c cÇn tuân thñ", "Những nguyên tắc cần tuân thủ"),
        ("tcvn3", "Th\u00ad viÖn, th\u2212 viÖn", "Thư viện, thư viện"),
        ("tcvn3", "VIÖT NAM", "VIỆT NAM"),
        ("tcvn3", "Céng hoµ X· héi", "Cộng hoà Xã hội"),
        ("tcvn3", "CéNG HOµ X· HéI", "CỘNG HOÀ XÃ HỘI"),
        ("d-stroke", "\u0189ại học, \u0256iện tử", "Đại học, điện tử"),
        ("d-stroke", "D\u0335ại học, d\u0335iện tử", "Đại học, điện tử"),
        ("vni", "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("vni", "TRÖÔØNG ÑAÏI HOÏC", "TRƯỜNG ĐẠI HỌC"),
        ("viqr", "Thu+ vie^.n Quo^'c gia Vie^.t Nam", "Thư viện Quốc gia Việt Nam"),
        ("viqr", "DDu+o+`ng dda`i", "Đường đài"),
        ("viqr", "Vie^.t Nam\\.", "Việt Nam."),
        ("tones-old", "Hoà Bình, khoẻ, thuỷ, quý, hoàn", "Hòa Bình, khỏe, thủy, quý, hoàn"),
        ("tones-new", "Hòa Bình, khỏe, thủy, quý, của", "Hoà Bình, khoẻ, thuỷ, quý, của"),
    ],
)
def test_a_damaged_text_is_repaired(name: str, damaged: str, text: str) -> None:
    done = repaired(name, damaged)

    assert done.text == text
    assert str(done.loss) == ""


def test_letters_that_are_gone_are_told_and_not_guessed() -> None:
    done = repaired("tcvn3", "Céng hoµ x héi")

    assert done.text == "Cộng hoà x hội"
    assert str(done.loss) == "letters are gone that tcvn3 wrote with signs: x"


@pytest.mark.parametrize("text", ["TËp 2, tr. 5", "TËp 2 x 3", "TËp s. 5", "Ph.D. TËp"])
def test_abbreviations_and_measures_have_lost_nothing(text: str) -> None:
    assert lost("tcvn3", text) == ""


def test_utf8_that_cannot_be_decoded_again_is_told() -> None:
    damaged = "lÃ  ThÆ° viá»‡n"  # the no-break space of «à» became a plain one

    assert repaired("double-utf8", damaged).text == damaged
    assert "cannot be decoded" in lost("double-utf8", damaged)


def test_a_stop_behind_a_plain_vowel_may_be_either() -> None:
    done = repaired("viqr", "Vie^.t Nam ta.")

    assert done.text == "Việt Nam ta."
    assert "ta." in str(done.loss)


def test_many_layers_are_taken_off_in_time() -> None:
    damaged = "Metsätalous"
    for _ in range(10):
        damaged = damaged.encode().decode("latin-1")

    assert repaired("double-utf8", damaged).text == "Metsätalous"


# ---------------------------------------------------------------- nothing sound is damaged


@pytest.mark.parametrize("text", [*VIETNAMESE, *OTHERS])
@pytest.mark.parametrize("name", SAFE)
def test_a_safe_repair_changes_no_sound_text(name: str, text: str) -> None:
    assert repaired(name, text).text == text


@pytest.mark.parametrize("text", OTHERS)
@pytest.mark.parametrize("name", ["tcvn3", "vni", "viscii", "vps", "viqr"])
def test_other_languages_in_a_source_of_an_old_encoding_stay(name: str, text: str) -> None:
    assert repaired(name, text).text == text


@pytest.mark.parametrize("text", VIETNAMESE)
@pytest.mark.parametrize("name", ["tcvn3", "vni", "viscii", "vps", "viqr"])
def test_vietnamese_in_unicode_in_a_source_of_an_old_encoding_stays(name: str, text: str) -> None:
    assert repaired(name, text).text == text


@pytest.mark.parametrize("name", ["Noé", "Chloé", "Zoé et Noë", "Loué à Saint-Malo"])
@pytest.mark.parametrize("repair", ["tones-old", "tones-new"])
def test_foreign_names_keep_their_accents(repair: str, name: str) -> None:
    assert repaired(repair, name).text == name


VOWELS = "aăâeêioôơuưy"
TONES = st.sampled_from(["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"])
ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
RIMES = (
    "a ac ai an ang anh ao at au ay ăn ăng ăt âm ân âng âu ây e em en eo êch ên ênh i ia iên iêu"
    " im in inh o oa oan oang oi on ông ôi ơi ơn u ua uôn uy uyên ui un ung ư ưa ưng ươi ương ưu y"
)


@st.composite
def syllables(draw: st.DrawFn) -> str:
    """Make a well-formed syllable."""
    onset, rime = draw(st.sampled_from(ONSETS.split())), draw(st.sampled_from(RIMES.split()))
    tone = draw(TONES)
    place = max((index for index, char in enumerate(rime) if char in "ăâêôơư"), default=-1)
    if place < 0:
        vowels = [index for index, char in enumerate(rime) if char in VOWELS]
        place = vowels[0]
    word = unicodedata.normalize("NFC", onset + rime[: place + 1] + tone + rime[place + 1 :])
    assume(is_syllable(word))
    return word


SENTENCES = st.lists(syllables(), min_size=1, max_size=8).map(" ".join)


@given(SENTENCES)
def test_vietnamese_in_normal_form_c_is_never_changed_by_the_safe_repairs(text: str) -> None:
    for name in SAFE:
        assert repaired(name, text) == RepairedText(text=text)


@given(st.text(max_size=40))
def test_a_safe_repair_made_twice_changes_nothing_more(text: str) -> None:
    for name in SAFE:
        once = repaired(name, text).text
        assert repaired(name, once).text == once


@given(st.text(st.characters(max_codepoint=0x17F), max_size=40))
def test_no_repair_breaks_on_any_text(text: str) -> None:
    for repair in REPAIRS.values():
        repair.concerns(text)
        repair.repair(text)
        if repair.evidence is not None:
            repair.evidence(text)


# ---------------------------------------------------------------- there and back


def in_encoding(name: str, text: str) -> str:
    """Write a text in an old encoding, as it looks when it is taken for Latin-1."""
    signs: dict[str, str] = {}
    for sign, letter in legacy_encoding(name).letters.items():
        if letter not in signs or ord(sign[-1]) < ord(signs[letter][-1]):
            signs[letter] = sign
    return "".join(signs.get(char, char) for char in text)


@given(SENTENCES)
@pytest.mark.parametrize("name", LEGACY)
def test_what_is_written_in_an_old_encoding_comes_back(name: str, text: str) -> None:
    damaged = in_encoding(name, text)

    assert repaired(name, damaged).text == text


@given(SENTENCES)
@pytest.mark.parametrize("name", ["vni", "viscii", "vps"])
def test_capitals_come_back_too(name: str, text: str) -> None:
    shouted = text.upper()

    assert repaired(name, in_encoding(name, shouted)).text == shouted


_VIQR = {
    "\u0300": "`", "\u0301": "'", "\u0303": "~", "\u0309": "?", "\u0323": ".",
    "\u0302": "^", "\u0306": "(", "\u031b": "+",
}  # fmt: skip


def in_viqr(text: str) -> str:
    words = []
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        base = parts[:1]
        ordered = sorted(parts[1:], key=lambda mark: mark in "\u0300\u0301\u0303\u0309\u0323")
        words.append(
            {"đ": "dd", "Đ": "DD"}.get(base, base) + "".join(map(_VIQR.__getitem__, ordered))
        )
    return "".join(words)


@given(SENTENCES)
def test_what_is_written_in_viqr_comes_back(text: str) -> None:
    done = repaired("viqr", in_viqr(f"Việt {text} đường"))

    assert done.text == f"Việt {text} đường"


@given(SENTENCES, st.integers(1, 4))
def test_what_is_encoded_several_times_comes_back(text: str, times: int) -> None:
    assume(is_surely_vietnamese(text) or not text.isascii())
    damaged = text
    for _ in range(times):
        damaged = damaged.encode().decode("latin-1")

    assert repaired("double-utf8", damaged).text == text


@given(SENTENCES)
def test_what_is_decomposed_or_escaped_comes_back(text: str) -> None:
    escaped = "".join(char if char.isascii() else f"&#{ord(char)};" for char in text)

    assert repaired("html-entities", escaped).text == text
    assert repaired("nfc", unicodedata.normalize("NFD", text)).text == text


@given(SENTENCES)
def test_both_customs_of_tone_marks_lead_back_to_each_other(text: str) -> None:
    new = repaired("tones-new", text).text

    assert repaired("tones-new", repaired("tones-old", text).text).text == new


# ---------------------------------------------------------------- which encoding is it


@pytest.mark.parametrize("name", LEGACY)
def test_the_right_encoding_fits_best_over_a_whole_source(name: str) -> None:
    sums = {}
    for other in LEGACY:
        evidence = REPAIRS[other].evidence
        assert evidence is not None
        texts = [in_encoding(name, text) for text in VIETNAMESE]
        sums[other] = sum(map(evidence, texts), LegacyEvidence())

    assert sums[name].is_convincing
    assert max(sums, key=lambda other: sums[other].fits - sums[other].misfits) == name


@pytest.mark.parametrize("name", [*LEGACY, "viqr"])
@pytest.mark.parametrize("texts", [VIETNAMESE, OTHERS], ids=["vietnamese", "others"])
def test_a_source_in_unicode_is_in_no_old_encoding(name: str, texts: tuple[str, ...]) -> None:
    evidence: Callable[[str], LegacyEvidence] | None = REPAIRS[name].evidence
    assert evidence is not None

    assert not sum((evidence(text) for text in texts * 20), LegacyEvidence()).is_convincing


@pytest.mark.parametrize(("name", "theirs"), [("tcvn3", "TCVN5712-1"), ("viscii", "VISCII")])
def test_our_tables_agree_with_those_of_the_system(name: str, theirs: str) -> None:
    if which("iconv") is None:
        pytest.skip("this system has no iconv")
    letters = legacy_encoding(name).letters
    for sign, letter in letters.items():
        if ord(sign) >= 0x100:
            continue
        done = subprocess.run(
            ["iconv", "-f", theirs, "-t", "UTF-8"],  # noqa: S607 - the system's own
            input=sign.encode("latin-1"),
            capture_output=True,
            check=False,
        )
        if done.returncode:
            pytest.skip(f"this system's iconv does not know {theirs}")
        assert unicodedata.normalize("NFC", done.stdout.decode()) == letter


# ---------------------------------------------------------------- syllables


@pytest.mark.parametrize(
    "word", ["nguyên", "Quốc", "gì", "giếng", "khuỷu", "ngoằn", "yếu", "quyển", "ưu", "kỹ", "HỌC"]
)
def test_syllables_are_known(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["thñ", "x", "héi", "café", "càt", "Größe", "q", "ngh", "à́"])
def test_accidents_are_no_syllables(word: str) -> None:
    assert not is_syllable(word)
