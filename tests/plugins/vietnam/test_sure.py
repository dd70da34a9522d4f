"""Old encodings are converted by themselves where nothing else can be meant, and never else."""

from __future__ import annotations

import pytest

from libconsortium import BibRecord, Registry, reading_rules, repaired

REGISTRY = Registry()
RULES = reading_rules(REGISTRY)


def read(title: str) -> BibRecord:
    """Return a record as it is read when nobody says anything of its source."""
    return repaired(BibRecord(source="a", identifier="1", titles=(title,)), RULES.repairs)


@pytest.mark.parametrize(
    ("came", "is_"),
    [
        ("Nh÷ng nguyªn t¾c cÇn tu©n thñ", "Những nguyên tắc cần tuân thủ"),
        ("§¹i häc Quèc gia Hµ Néi", "Đại học Quốc gia Hà Nội"),
        ("Lµm thÕ nµo ®Ó häc tèt", "Làm thế nào để học tốt"),
        ("Nhöõng nguyeân taéc caàn tuaân thuû", "Những nguyên tắc cần tuân thủ"),
        (
            "Nh\u00e6ng nguy\u00ean t\u00a1c c\u00a5n tu\u00e2n th\u00fc",
            "Những nguyên tắc cần tuân thủ",
        ),
        ("nguye^n ta('c thu+ vie^.n dda.i ho.c", "nguyên tắc thư viện đại học"),
        ("CHÕ ®é T\u00adíI N\u00adíC Vµ ®ÊT ë N«NG TH«N", "CHẾ ĐỘ TƯỚI NƯỚC VÀ ĐẤT Ở NÔNG THÔN"),
        ("QU¶N Lý TµI NGUYªN N\u00adíC", "QUẢN LÝ TÀI NGUYÊN NƯỚC"),
        ("HéI NGHÞ KHOA HäC", "HỘI NGHỊ KHOA HỌC"),
        ("Th½ H° Xuân H\u00df½ng", "Thơ Hồ Xuân Hương"),
    ],
)
def test_a_text_that_can_be_nothing_else_is_converted(came: str, is_: str) -> None:
    record = read(came)

    assert record.title == is_
    assert "TEXT_REPAIRED" in [problem.code for problem in record.problems]


def test_what_is_lost_is_said_and_not_guessed() -> None:
    record = read("Céng hoµ x héi")

    assert record.title == "Cộng hoà x hội"
    assert "LOSS_SUSPECTED" in [problem.code for problem in record.problems]


@pytest.mark.parametrize(
    ("came", "is_", "maimed"),
    [
        ("M«i trêng vµ ph\u00b8t triÓn", "Môi trờng và phát triển", "trờng"),
        ("§Ò tµi ®îc nghiªn cøu", "Đề tài đợc nghiên cứu", "đợc"),
        ("Nghiªn cøu níc ngÇm", "Nghiên cứu nớc ngầm", "nớc"),
        ("Kü thuËt s¶n xuÊt rîu", "Kỹ thuật sản xuất rợu", "rợu"),
    ],
)
def test_a_text_in_tcvn3_that_lost_its_soft_hyphens_is_said_to_have(
    came: str, is_: str, maimed: str
) -> None:
    record = read(came)

    assert record.title == is_
    assert [problem.code for problem in record.problems] == ["TEXT_REPAIRED", "LOSS_SUSPECTED"]
    assert str(record.problems[1].what).endswith(f": {maimed}")


def test_a_short_text_that_lost_a_soft_hyphen_stays_and_is_told() -> None:
    record = read("®Êt níc")

    assert record.title == "®Êt níc"
    assert "'đất nớc' (tcvn3)" in str(record.problems[0])


@pytest.mark.parametrize(
    "title",
    [
        "El Niño y la corrección del año según São José",
        "Österreichische Bücher über Köln",
        "Kõik eestikeelsed öökullid ja jäääär",
        "Työväenliikkeen hyöty ja näyttö",
        "A 5 µm thick ½ page © 2020 §12",
        "Mª José Nº 5 1ª edición",
        "Être où ? Là-bas, à côté de l’été",
        "Haïti : Noël, maïs, naïf ; Saül, Moïse",
        "Příliš žluťoučký kůň úpěl ďábelské ódy",
        "Köy köylü öğretmen: Türk dili",
        "De bello Gallico liber primus",
        "Why? Who. So. No? Me. (a) C++ and dd+a",
        "Cô gái Hà Lan",
        "Thông tin và thư viện?",
        "https://a.example/x?id=1",
        "Hoà Bình xoá án, khoá toà",
        "Hoà Bình",
        "Thuý Kiều",
        "TP. Hoà Bình",
        "Loïc Dupont",
        "Größe² × 3 µm ± 5 °C",
        "12 N·m",
        "Microsoft® Office",
        "MaÎtre LaÎs",
        "Theorie f(x) = x^2 + a^n",
        "A^n",
        "Go+",
        "O+ blood",
        "CAO ĐẲNG À LA CARTE",
        "TÊTE-À-TÊTE",
        "AÇÃO SOCIAL",
        "PINGÜINOS",
        "ÜBUNGEN ZUR GRAMMATIK",
        "Guðmundur og Ðórður",
    ],
)
def test_a_sound_text_of_any_language_stays_and_is_not_suspected(title: str) -> None:
    assert read(title) == BibRecord(source="a", identifier="1", titles=(title,))


@pytest.mark.parametrize(
    ("title", "meant"),
    [
        ("To\u00b8n häc", "'Toán học' (tcvn3)"),
        ("VËt lý", "'Vật lý' (tcvn3)"),
        ("Kinh tÕ", "'Kinh tế' (tcvn3)"),
        ("Hµ Néi", "'Hà Nội' (tcvn3)"),
        ("Sè ®á", "'Số đỏ' (tcvn3)"),
        ("NXB Gi\u00b8o dôc", "'NXB Giáo dục' (tcvn3)"),
        ("Haø Noäi", "'Hà Nội' (vni)"),
        ("Nguyeãn Du", "'Nguyễn Du' (vni)"),
        ("To\u00e1n h\u00f7c", "'Toán học' (viscii)"),
        ("Nxb. Gi\u00b8o dôc", "'Nxb. Giáo dục' (tcvn3)"),
        ("Qu\u00e8c H\u00e9I", "'Quốc HỘI' (tcvn3)"),
        ("Nguye^~n Du", "'Nguyễn Du' (viqr)"),
        ("§\u00adêng", "'Đường' (tcvn3)"),
        ("§Êt n\u00adíc", "'Đất nước' (tcvn3)"),
        ("Nguy\u00adn Du", "'Nguyễn Du' (viscii)"),
    ],
)
def test_a_short_text_that_may_be_in_an_old_encoding_stays_and_is_told(
    title: str, meant: str
) -> None:
    record = read(title)

    assert record.title == title
    assert [problem.code for problem in record.problems] == ["LOSS_SUSPECTED"]
    assert meant in str(record.problems[0])


def test_a_text_is_converted_beside_others_in_unicode() -> None:
    before = ("Thư viện số", "Nh÷ng nguyªn t¾c cÇn tu©n thñ")
    record = repaired(BibRecord(source="a", identifier="1", titles=before), RULES.repairs)

    assert record.titles == ("Thư viện số", "Những nguyên tắc cần tuân thủ")


@pytest.mark.parametrize("title", ["Nh?ng nguyên t?c", "Nh\ufffdng nguyên t\ufffdc"])
def test_letters_that_became_signs_are_said_to_be_lost(title: str) -> None:
    record = read(title)

    assert record.title == title
    assert [problem.code for problem in record.problems] == ["LOSS_SUSPECTED"]


def test_a_part_encoded_twice_is_decoded_beside_a_part_that_is_sound() -> None:
    assert read("Lá»\u2039ch sá»\xad – Việt Nam").title == "Lịch sử – Việt Nam"


def test_what_cannot_be_decoded_again_stays_and_is_said_to_be_lost() -> None:
    record = read("viá»‡n Ä‘áº¡i há»c")

    assert record.title == "viá»‡n Ä‘áº¡i há»c"
    assert [problem.code for problem in record.problems] == ["LOSS_SUSPECTED"]


def test_a_word_in_an_old_encoding_is_not_taken_for_rare_letters_encoded_twice() -> None:
    assert "\u01c9" not in read("cûa ch\u0089 Ç¶ Ç\u0089n n\u0103m").title


@pytest.mark.parametrize(
    ("came", "is_", "sign"),
    [
        ("Nguye^n ta('c ca^`n tua^n thu?", "Nguyên tắc cần tuân thu?", "thu?"),
        ("O^ nhie^~m kho^ng khi' ddo^.", "Ô nhiễm không khí đô.", "ddo^."),
        ("U?y ban nha^n da^n ti?nh Nghe^. An", "Ủy ban nhân dân tỉnh Nghệ An", "Nghe^."),
    ],
)
def test_a_sign_that_may_end_a_sentence_is_told(came: str, is_: str, sign: str) -> None:
    record = read(came)

    assert record.title == is_
    assert any(f"sentence: {sign}" in str(one) for one in record.problems)


def test_soft_hyphens_go_where_they_can_be_no_letter() -> None:
    assert read("Stadt\u00adplan, th\u00adư vi\u00adện").title == "Stadtplan, thư viện"
    assert read("Stadt\u00adplan Köln").title == "Stadtplan Köln"
