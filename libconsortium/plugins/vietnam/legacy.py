"""Converts texts from the old encodings, where a source is said to be in one, and nothing else."""

from __future__ import annotations

import re

import attrs

from libconsortium import LegacyEvidence, Message, RepairedText
from libconsortium.plugins.vietnam.encodings import LegacyEncoding, legacy_encoding
from libconsortium.plugins.vietnam.syllables import BARE_ONSETS, WORD, is_syllable, lacks_u

# What a word may be made of before it is converted: all but blanks, digits and ASCII signs.
_RUN = re.compile(r"(?:[A-Za-z\u0080-\uffff]|[\x02-\x08\x10-\x1e])+")
_NEUTRAL = frozenset("\u00a0“”‘’–—…«»°©®")  # may stand in any text
_BARE = re.compile(
    r"(?<![\w.'’-])(?<!\d )(?:"
    + "|".join(sorted({*BARE_ONSETS.split(), "Th", "Tr", "Ng", "Ngh", "Nh", "Ph", "Kh", "Ch"}))
    + r")(?![\w.'’/-])(?! \d)"
)
_WHOLE_IN_CAPITALS = 4


@attrs.frozen
class _Converted:
    """A text as it would be, and its words that changed: those that fit, those that do not."""

    text: str
    fits: tuple[str, ...]
    misfits: tuple[str, ...]


def repaired_from(name: str, text: str) -> RepairedText:
    """Convert a text from an old encoding, unless it is plainly in another one.

    A text that is not Vietnamese in this encoding stays as it is. What the conversion leaves
    without a vowel, or as only an ư that is gone explains, has lost letters on its way; that is
    said, and nothing is guessed.

    Args:
        name: Name of the encoding.
        text: The text.

    >>> repaired_from("tcvn3", "Céng hoµ x héi").text
    'Cộng hoà x hội'
    >>> str(repaired_from("tcvn3", "Céng hoµ x héi").loss)
    'letters are gone that tcvn3 wrote with signs: x'
    >>> str(repaired_from("tcvn3", "M«i trêng").loss)
    'letters are gone that tcvn3 wrote with signs: trờng'
    >>> repaired_from("tcvn3", "Études littéraires").text
    'Études littéraires'
    """
    encoding = legacy_encoding(name)
    done = _converted(encoding, text)
    if done is None or len(done.fits) < 2 * len(done.misfits) or not done.fits:
        return RepairedText(text=text)
    maimed = (word for word in WORD.findall(" ".join(done.fits)) if _is_maimed(name, word))
    gone = [*done.misfits, *maimed, *_BARE.findall(done.text)]
    if not gone:
        return RepairedText(text=done.text)
    loss = Message(
        "letters are gone that {encoding} wrote with signs: {words}",
        encoding=name,
        words=", ".join(dict.fromkeys(gone)),
    )
    return RepairedText(text=done.text, loss=loss)


def evidence_for(name: str, text: str) -> LegacyEvidence:
    """Say how well a text fits an old encoding.

    >>> evidence_for("tcvn3", "Nh÷ng nguyªn t¾c cÇn tu©n thñ")
    LegacyEvidence(fits=6, misfits=0)
    """
    done = _converted(legacy_encoding(name), text)
    if done is None:
        return LegacyEvidence()
    return LegacyEvidence(fits=len(done.fits), misfits=len(done.misfits))


def is_word_in(name: str, word: str) -> bool:
    """Say whether a word can be Vietnamese that was written in an old encoding.

    >>> is_word_in("tcvn3", "đợc"), is_word_in("vni", "đợc")
    (True, False)
    """
    return is_syllable(word) or _is_maimed(name, word)


def _is_maimed(name: str, word: str) -> bool:
    """Say whether a word lost the soft hyphen that was ư in TCVN3, as many programs drop it."""
    return name == "tcvn3" and lacks_u(word)


def concerns(name: str, text: str) -> bool:
    """Say whether a text has signs of an old encoding.

    >>> concerns("vni", "Vieät Nam"), concerns("vni", "Viet Nam")
    (True, False)
    """
    return legacy_encoding(name).signs.search(text) is not None


def _converted(encoding: LegacyEncoding, text: str) -> _Converted | None:
    """Convert a text and judge its words; ``None`` if letters show that it is in another one."""
    fits: list[str] = []
    misfits: list[str] = []
    is_foreign = False
    is_shouted = _is_shouted(text, _WHOLE_IN_CAPITALS)

    def convert(run: re.Match[str]) -> str:
        nonlocal is_foreign
        written = run.group()
        left = encoding.signs.sub("", written)
        is_foreign = is_foreign or not all(c.isascii() or c in _NEUTRAL for c in left)
        decoded = encoding.decoded(written)
        is_written_so = decoded != written
        if (is_written_so or is_shouted) and _is_shouted(written, 0 if is_shouted else 2):
            decoded = decoded.upper()  # in fonts of capitals the letters with signs are small
        if is_written_so:
            words = WORD.findall(decoded)
            is_fit = bool(words) and all(is_word_in(encoding.name, word) for word in words)
            if not is_fit and is_syllable(written):
                return written  # one word of the text is in Unicode already
            if len(decoded) > 1:  # «½» or «ở»: one sign alone proves nothing
                (fits if is_fit else misfits).append(decoded)
        return decoded

    whole = _RUN.sub(convert, text)
    return None if is_foreign else _Converted(whole, tuple(fits), tuple(misfits))


def _is_shouted(written: str, least: int) -> bool:
    """Say whether the plain letters are capitals: the fonts of TCVN3 had no other capitals."""
    plain = [char for char in written if char.isascii() and char.isalpha()]
    return len(plain) >= least and all(char.isupper() for char in plain)
