"""Knows what can be a Vietnamese syllable, so that a repair can tell a word from an accident.

Source: the onsets and rimes of standard orthography, as school grammars list them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"[^\W\d_]+")
"""A run of letters in NFC."""

BARE_ONSETS = "b c ch d đ g gh h k kh l m n ng ngh nh p ph q qu r s t th tr v x"

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_ONSETS = (*sorted(f"{BARE_ONSETS} gi".split(), key=len, reverse=True), "")
_RIMES_IN_ORDER = """
    a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu
    i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet
    oi om on ong ooc oong op ot
    ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơng ơp ơt
    u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt uơ up ut
    uy uya uych uyên uyêt uyn uynh uyp uyt uyu
    ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y
"""
_RIMES = frozenset(_RIMES_IN_ORDER.split())
_RIMES_ALONE = frozenset({"yêm", "yên", "yêng", "yêt", "yêu"})
_RIMES_AFTER_QU = _RIMES | {"yên", "yêt", "ynh", "ych", "yt", "yp", "yu", "yn"}
_AFTER_U = ("ơng", "ơc", "ơu")  # the first is in lists of rimes, and in no word
_STOPS = ("c", "ch", "p", "t")
_STOP_TONES = ("\u0301", "\u0323")  # sắc and nặng
_ONLY_VIETNAMESE = re.compile(
    # Letters no other language has: ơ ư with tones, a second sign on â ê ô ă, the hook above.
    "[ơưƠƯảẢẻẺỉỈỏỎủỦỷỶằẳẵắặầẩẫấậềểễếệồổỗốộờởỡớợừửữứựẰẲẴẮẶẦẨẪẤẬỀỂỄẾỆỒỔỖỐỘỜỞỠỚỢỪỬỮỨỰ]"
)


@lru_cache(maxsize=200_000)
def is_syllable(word: str) -> bool:
    """Say whether a word can be a Vietnamese syllable; case does not count.

    >>> is_syllable("nguyên"), is_syllable("Quốc"), is_syllable("gì"), is_syllable("thñ")
    (True, True, True, False)
    >>> is_syllable("cát"), is_syllable("càt")
    (True, False)
    """
    parts = unicodedata.normalize("NFD", word.lower())
    tones = [char for char in parts if char in _TONES]
    if len(tones) > 1:
        return False
    plain = unicodedata.normalize("NFC", "".join(char for char in parts if char not in _TONES))
    rimes = [
        (onset, plain[len(onset) :])
        for onset in _ONSETS
        if plain.startswith(onset) and _fits(onset, plain[len(onset) :])
    ]
    return any(not rime.endswith(_STOPS) or set(tones) & set(_STOP_TONES) for _, rime in rimes)


def lacks_u(word: str) -> bool:
    """Say whether an ư is surely gone from a word in NFC: no rime begins so without it.

    >>> lacks_u("đợc"), lacks_u("Trờng"), lacks_u("trường"), lacks_u("bơ")
    (True, True, False, False)
    """
    parts = unicodedata.normalize("NFD", word.lower())
    plain = unicodedata.normalize("NFC", "".join(char for char in parts if char not in _TONES))
    onset = next((plain.removesuffix(rime) for rime in _AFTER_U if plain.endswith(rime)), "-")
    return onset in _ONSETS


def is_surely_vietnamese(text: str) -> bool:
    """Say whether a text in NFC has a letter that only Vietnamese has.

    >>> is_surely_vietnamese("Truyện Kiều"), is_surely_vietnamese("Noël, café, naïveté")
    (True, False)
    """
    return _ONLY_VIETNAMESE.search(text) is not None


def _fits(onset: str, rime: str) -> bool:
    if onset == "qu":
        return rime in _RIMES_AFTER_QU
    if onset == "gi" and rime == "":
        return True
    if onset == "q":
        return False
    return rime in _RIMES or (onset == "" and rime in _RIMES_ALONE)
