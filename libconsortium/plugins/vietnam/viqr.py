r"""Converts VIQR, which writes Vietnamese in plain ASCII: ``Vie^.t Nam``.

Source: RFC 1456, section "VIQR"; ``*`` for the horn as many programs have it.
"""

from __future__ import annotations

import re
import unicodedata

from libconsortium import LegacyEvidence, Message, RepairedText
from libconsortium.plugins.vietnam.syllables import WORD, is_syllable

_MARKS = {"^": "\u0302", "(": "\u0306", "+": "\u031b", "*": "\u031b"}
_TONES = {"'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
_VOWEL = re.compile(
    r"\\(?P<kept>.)|(?P<vowel>[aAeEoO]\^|[aA]\(|[oOuU][+*]|[aAeEiIoOuUyY])(?P<tone>['`?~.])?"
    r"|(?P<bar>[dD][dD])"
)
_RUN = re.compile(r"(?:[A-Za-z][\^(+*]?['`?~.]?|\\.)+")
_CERTAIN = re.compile(r"[aAeEoO]\^|[aA]\(|[oOuU][+*]|\bdd|\bD[dD]|[aeiouyAEIOUY]['`?~.][A-Za-z]")
_AT_END = re.compile(r"[.?](?=\s*$|\s+[A-Z])")


def repaired_from_viqr(text: str) -> RepairedText:
    """Convert a text from VIQR, word by word; what would be no Vietnamese word stays.

    A full stop or question mark behind a vowel at the end of the text, or before a capital, may be
    either. It stays, and that is said; before a capital a word that is surely VIQR has its tone.

    >>> repaired_from_viqr("Thu+ vie^.n Quo^'c gia").text
    'Thư viện Quốc gia'
    >>> repaired_from_viqr("What? No.").text
    'What? No.'
    """
    if not concerns(text):
        return RepairedText(text=text)
    unsure: list[str] = []

    def convert(run: re.Match[str]) -> str:
        written = run.group()
        sign = ""
        if written[-2:-1] != "\\" and _AT_END.match(text, run.end() - 1):
            is_last = not text[run.end() :].strip()
            if is_last or not _CERTAIN.search(written):
                unsure.append(written)
                written, sign = written[:-1], written[-1]
            elif written[-1] == ".":
                unsure.append(written)  # «Nghệ An», more often than the end of a sentence
        decoded = _decoded(written)
        words = WORD.findall(decoded)
        return (decoded if words and all(map(is_syllable, words)) else written) + sign

    whole = _RUN.sub(convert, text)
    if not unsure:
        return RepairedText(text=whole)
    loss = Message(
        "the sign at the end may be a tone or the end of a sentence: {words}",
        words=", ".join(unsure),
    )
    return RepairedText(text=whole, loss=loss)


def evidence_for_viqr(text: str) -> LegacyEvidence:
    """Say how well a text fits VIQR; only signs that mean nothing else count for it.

    >>> evidence_for_viqr("Thu+ vie^.n"), evidence_for_viqr("Is it? Yes.")
    (LegacyEvidence(fits=2, misfits=0), LegacyEvidence(fits=0, misfits=0))
    """
    if not text.isascii():
        return LegacyEvidence()
    fits = misfits = 0
    for run in _RUN.findall(text):
        if _CERTAIN.search(run):
            words = WORD.findall(_decoded(run))
            is_fit = bool(words) and all(map(is_syllable, words))
            fits, misfits = fits + is_fit, misfits + (not is_fit)
    return LegacyEvidence(fits=fits, misfits=misfits)


def concerns(text: str) -> bool:
    """Say whether a text has signs of VIQR that mean nothing else.

    >>> concerns("Vie^.t Nam"), concerns("Viet Nam?")
    (True, False)
    """
    return _CERTAIN.search(text) is not None


def _decoded(run: str) -> str:
    return _VOWEL.sub(_letter, run)


def _letter(found: re.Match[str]) -> str:
    if kept := found["kept"]:
        return kept
    if bar := found["bar"]:
        return "đ" if bar[0] == "d" else "Đ"
    vowel = found["vowel"]
    parts = vowel[0] + "".join(_MARKS[sign] for sign in vowel[1:])
    return unicodedata.normalize("NFC", parts + _TONES.get(found["tone"] or "", ""))
