"""Single texts typed in TCVN3 and read as Latin letters: made legible for comparison only.

A source whose records all came so is converted when it is read; this is for the stray record that
was pasted into a catalogue otherwise in Unicode. One title is little evidence, so a text is
touched only if every word of it that is not plain becomes a Vietnamese syllable.
"""

from __future__ import annotations

import re
import unicodedata

_PAIRS = (
    "¸á µà ¶ả ·ã ¹ạ ¨ă ¾ắ »ằ ¼ẳ ½ẵ Æặ ©â Êấ Çầ Èẩ Éẫ Ëậ ®đ Ðé Ìè Îẻ Ïẽ Ñẹ ªê Õế Òề Óể Ôễ Öệ Ýí ×ì"  # noqa: RUF001 - that is the table
    " Øỉ Üĩ Þị ãó ßò áỏ âõ äọ «ô èố åồ æổ çỗ éộ ¬ơ íớ êờ ëở ìỡ îợ óú ïù ñủ òũ ôụ \u00adư øứ õừ öử"
    " ÷ữ ùự ýý úỳ ûỷ üỹ þỵ ¡Ă ¢Â §Đ £Ê ¤Ô ¥Ơ ¦Ư"
)
TCVN3_LETTERS = tuple((pair[0], pair[1]) for pair in _PAIRS.split(" "))
"""Letters of Latin-1 and the Vietnamese letters in their places; TCVN 5712:1993, VN3."""

_LETTERS = {ord(written): meant for written, meant in TCVN3_LETTERS}
_SIGNS = "¡-¹»-¾×÷\u00ad"
_SIGN_SET = frozenset(
    chr(code) for code in _LETTERS if not chr(code).isalpha() or chr(code) in "ªµ"
)
_SIGN_IN_WORD = re.compile(rf"[^\W\d_][{_SIGNS}]|[{_SIGNS}][^\W\d_]")
_WORD = re.compile(rf"[\w{_SIGNS}]+")
_SYLLABLE = re.compile(
    r"(?:b|ch?|d|đ|gh?|gi|h|kh?|l|m|n|ngh?|nh|ph?|qu|r|s|th?|tr|v|x)?"
    r"(?:yêu|uyê|uya|uyu|uôi|uây|ươi|ươu|iêu|oai|oao|oay|oeo"
    r"|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|oo|ôi|ơi|ua|uâ|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|yê"
    r"|[aăâeêioôơuưy])(?:ch?|m|ng?|nh|p|t)?"
)
_TONES = dict.fromkeys((0x300, 0x301, 0x303, 0x309, 0x323))


def legible(text: str, *, is_likely: bool = False) -> str:
    """Return what a text says if it is Vietnamese in TCVN3, and the text itself if it is not.

    Args:
        text: A text.
        is_likely: Whether another text of the same record is; then letters will do that might be
            those of a name, too.

    >>> legible("gi¶i tÝch"), legible("L'été à Málaga, «µm»")
    ('giải tích', "L'été à Málaga, «µm»")
    >>> legible("Vò Hßa"), legible("Vò Hßa", is_likely=True)
    ('Vò Hßa', 'Vũ Hòa')
    """
    if text.isascii():
        return text
    if not is_likely and (_SIGN_SET.isdisjoint(text) or not _SIGN_IN_WORD.search(text)):
        return text
    meant = text.translate(_LETTERS)
    words = (word for word in _WORD.findall(text) if not word.isascii())
    return meant if all(map(_is_syllable, words)) else text


def _is_syllable(word: str) -> bool:
    return is_marked_syllable(word.translate(_LETTERS))


def is_marked_syllable(word: str) -> bool:
    """Say whether a word can be a Vietnamese syllable; where its tone stands is not looked at.

    >>> is_marked_syllable("Việt"), is_marked_syllable("thñ"), is_marked_syllable("Straße")
    (True, False, False)
    """
    marked = unicodedata.normalize("NFD", word.lower())
    return bool(_SYLLABLE.fullmatch(unicodedata.normalize("NFC", marked.translate(_TONES))))
